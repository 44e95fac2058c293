package main

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a phone's midnight must not depend on the host's zone files

	"github.com/caarlos0/env/v11"
	"github.com/robfig/cron/v3"

	"liuhen/flows/text"
)

// Config is the environment (design 6). Secrets can also be given as a file, NAME_FILE.
type Config struct {
	Token         string `env:"TELEGRAM_TOKEN"`
	APIURL        string `env:"TELEGRAM_API_URL" envDefault:"https://api.telegram.org"`
	Mode          string `env:"LIUHEN_MODE" envDefault:"polling"`
	Listen        string `env:"LIUHEN_LISTEN" envDefault:"127.0.0.1:8443"`
	PublicURL     string `env:"LIUHEN_PUBLIC_URL"`
	WebhookSecret string `env:"LIUHEN_WEBHOOK_SECRET"`
	DatabaseURL   string `env:"DATABASE_URL"`
	RedisURL      string `env:"REDIS_URL"`
	Data          string `env:"LIUHEN_DATA" envDefault:"./data"`
	Keys          string `env:"LIUHEN_KEYS"`
	Policy        string `env:"LIUHEN_POLICY" envDefault:"mohj-2020"`
	Reminders     string `env:"LIUHEN_REMINDERS" envDefault:"0 9 * * *"`
	Locale        string `env:"LIUHEN_LOCALE" envDefault:"zh-Hans"`
	TZ            string `env:"TZ" envDefault:"Asia/Shanghai"`

	Zone *time.Location `env:"-"`
}

// secrets may be read from a file instead, so that they stay out of process listings.
var secrets = []string{"TELEGRAM_TOKEN", "LIUHEN_WEBHOOK_SECRET", "DATABASE_URL", "REDIS_URL"}

// readConfig reads the environment given as NAME=value lines and reports all its faults at once.
func readConfig(environ []string) (Config, error) {
	vars := env.ToMap(environ)
	var faults []error
	for _, name := range secrets {
		faults = append(faults, fromFile(vars, name))
	}
	faults = append(faults, unknown(vars))
	for name, v := range vars {
		if strings.TrimSpace(v) == "" {
			delete(vars, name) // an empty setting is an unset one
		}
	}
	var c Config
	if err := env.ParseWithOptions(&c, env.Options{Environment: vars}); err != nil {
		faults = append(faults, err)
	}
	faults = append(faults, c.complete()...)
	return c, errors.Join(faults...)
}

func fromFile(vars map[string]string, name string) error {
	path, ok := vars[name+"_FILE"]
	if !ok || path == "" {
		return nil
	}
	if vars[name] != "" {
		return fmt.Errorf("both %s and %s_FILE are set: keep one of them", name, name)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("%s_FILE cannot be read: %w", name, err)
	}
	vars[name] = strings.TrimSpace(string(b))
	return nil
}

// unknown refuses misspelt names: a setting that silently does nothing is worse than none.
func unknown(vars map[string]string) error {
	known := []string{
		"LIUHEN_MODE", "LIUHEN_LISTEN", "LIUHEN_PUBLIC_URL", "LIUHEN_WEBHOOK_SECRET", "LIUHEN_WEBHOOK_SECRET_FILE",
		"LIUHEN_DATA", "LIUHEN_KEYS", "LIUHEN_POLICY", "LIUHEN_REMINDERS", "LIUHEN_LOCALE", "LIUHEN_TEST_LONG",
	}
	var odd []string
	for name := range vars {
		if strings.HasPrefix(name, "LIUHEN_") && !slices.Contains(known, name) {
			odd = append(odd, name)
		}
	}
	if len(odd) == 0 {
		return nil
	}
	slices.Sort(odd)
	return fmt.Errorf("unknown setting %s: correct the name or remove it (known: %s)", strings.Join(odd, ", "), strings.Join(known[:len(known)-1], ", "))
}

// complete checks the settings and fills in those that depend on others.
func (c *Config) complete() []error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if c.Mode != "polling" && c.Mode != "webhook" {
		fault("LIUHEN_MODE is %q: set it to polling or webhook", c.Mode)
	}
	if c.Mode == "webhook" && (!strings.HasPrefix(c.PublicURL, "https://") || len(c.WebhookSecret) < 16) {
		fault("LIUHEN_MODE=webhook needs LIUHEN_PUBLIC_URL (https://…) and LIUHEN_WEBHOOK_SECRET (16 characters or more)")
	}
	if c.Locale != text.ZhHans && c.Locale != text.En {
		fault("LIUHEN_LOCALE is %q: set it to zh-Hans or en", c.Locale)
	}
	if u, err := url.Parse(c.APIURL); err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		fault("TELEGRAM_API_URL is not an http(s) address")
	}
	if _, err := cron.ParseStandard(c.Reminders); err != nil {
		fault("LIUHEN_REMINDERS is not a cron expression (for example \"0 9 * * *\" or \"@every 2s\"): %w", err)
	}
	zone, err := time.LoadLocation(c.TZ)
	if err != nil {
		fault("TZ is %q: set it to a zone such as Asia/Shanghai", c.TZ)
		zone = time.UTC
	}
	c.Zone = zone
	if c.Keys == "" {
		c.Keys = filepath.Join(c.Data, "keys")
	}
	if c.DatabaseURL == "" {
		c.DatabaseURL = "sqlite:" + filepath.Join(c.Data, "liuhen.db")
	}
	return faults
}

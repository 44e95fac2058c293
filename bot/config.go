package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a phone's midnight must not depend on the host's zone files

	"github.com/caarlos0/env/v11"

	"liuhen/bot/backup"
	"liuhen/bot/telegram"
	"liuhen/flows/text"
	"liuhen/reminders"
	"liuhen/storage/dialogs"
	"liuhen/storage/vault"
)

// Config is the environment (design 6). Secrets can also be given as a file, NAME_FILE.
type Config struct {
	Token         string      `env:"TELEGRAM_TOKEN"`
	APIURL        string      `env:"TELEGRAM_API_URL" envDefault:"https://api.telegram.org"`
	Mode          string      `env:"LIUHEN_MODE" envDefault:"polling"`
	Listen        string      `env:"LIUHEN_LISTEN" envDefault:"127.0.0.1:8443"`
	PublicURL     string      `env:"LIUHEN_PUBLIC_URL"`
	WebhookSecret string      `env:"LIUHEN_WEBHOOK_SECRET"`
	DatabaseURL   string      `env:"DATABASE_URL"`
	RedisURL      string      `env:"REDIS_URL"`
	Data          string      `env:"LIUHEN_DATA" envDefault:"./data"`
	Keys          string      `env:"LIUHEN_KEYS"`
	Evidence      string      `env:"LIUHEN_EVIDENCE"`
	Backup        string      `env:"LIUHEN_BACKUP_RECIPIENT"`
	ArchiveKeys   string      `env:"LIUHEN_ARCHIVE_KEYS"`
	Policy        string      `env:"LIUHEN_POLICY" envDefault:"mohj-2020"`
	Reminders     string      `env:"LIUHEN_REMINDERS" envDefault:"0 9 * * *"`
	Locale        string      `env:"LIUHEN_LOCALE" envDefault:"zh-Hans"`
	Suite         vault.Suite `env:"LIUHEN_SUITE" envDefault:"standard"`
	TZ            string      `env:"TZ" envDefault:"Asia/Shanghai"`

	Zone *time.Location `env:"-"`
}

// secrets may be read from a file instead, so that they stay out of process listings.
var secrets = []string{"TELEGRAM_TOKEN", "LIUHEN_EVIDENCE", "LIUHEN_WEBHOOK_SECRET", "DATABASE_URL", "REDIS_URL"}

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

// secretLimit bounds a file that holds one secret, in bytes.
const secretLimit = 64 << 10

func fromFile(vars map[string]string, name string) error {
	path := vars[name+"_FILE"]
	if strings.TrimSpace(path) == "" {
		return nil
	}
	if strings.TrimSpace(vars[name]) != "" {
		return fmt.Errorf("both %s and %s_FILE are set: keep one of them", name, name)
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("%s_FILE cannot be read (%w): correct the path or its permissions", name, err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, secretLimit+1))
	value := strings.TrimSpace(strings.TrimPrefix(string(b), "\ufeff"))
	switch {
	case err != nil:
		return fmt.Errorf("%s_FILE cannot be read (%w): correct the path or its permissions", name, err)
	case len(b) > secretLimit:
		return fmt.Errorf("%s_FILE: %s holds more than one secret could: correct the path", name, path)
	case value == "":
		return fmt.Errorf("%s_FILE: %s is empty: put the secret into it", name, path)
	}
	vars[name] = value
	return nil
}

// settings are the names beginning with LIUHEN_ that mean something.
var settings = []string{
	"LIUHEN_MODE", "LIUHEN_LISTEN", "LIUHEN_PUBLIC_URL", "LIUHEN_WEBHOOK_SECRET", "LIUHEN_WEBHOOK_SECRET_FILE",
	"LIUHEN_DATA", "LIUHEN_KEYS", "LIUHEN_ARCHIVE_KEYS", "LIUHEN_POLICY", "LIUHEN_REMINDERS", "LIUHEN_LOCALE", "LIUHEN_SUITE", "LIUHEN_BACKUP_RECIPIENT", "LIUHEN_EVIDENCE", "LIUHEN_EVIDENCE_FILE",
}

// testSettings choose among the tests of this repository.
var testSettings = []string{"LIUHEN_TEST_LONG"}

// unknown refuses misspelt names: a setting that silently does nothing is worse than none.
func unknown(vars map[string]string) error {
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		if !strings.HasPrefix(name, "LIUHEN_") || slices.Contains(settings, name) || slices.Contains(testSettings, name) {
			continue
		}
		near := slices.MinFunc(settings, func(a, b string) int { return cmp.Compare(distance(name, a), distance(name, b)) })
		if distance(name, near) <= 4 {
			faults = append(faults, fmt.Errorf("%s is not a setting: did you mean %s?", name, near))
			continue
		}
		faults = append(faults, fmt.Errorf("%s is not a setting: remove it (the settings are %s)", name, strings.Join(settings, ", ")))
	}
	return errors.Join(faults...)
}

// distance is the number of letters to change, add or leave out that make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// complete checks the settings and fills in those that depend on others. No fault quotes a secret.
func (c *Config) complete() []error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if c.Locale != text.ZhHans && c.Locale != text.En {
		fault("LIUHEN_LOCALE is %q: set it to zh-Hans or en", c.Locale)
	}
	if _, err := reminders.Parse(c.Reminders); err != nil {
		fault("LIUHEN_REMINDERS is not a cron expression (for example \"0 9 * * *\" or \"@every 2s\"): %w", err)
	}
	zone, err := time.LoadLocation(c.TZ)
	if err != nil {
		fault("TZ is %q: set it to a zone such as Asia/Shanghai", c.TZ)
		zone = time.UTC
	}
	c.Zone = zone
	if c.Backup != "" {
		if _, err := backup.Recipients(c.Backup); err != nil {
			fault("LIUHEN_BACKUP_RECIPIENT: %w", err)
		}
	}
	if c.Suite, err = vault.ParseSuite(string(c.Suite)); err != nil {
		fault("LIUHEN_SUITE: %w", err)
	}
	if c.Keys == "" {
		c.Keys = filepath.Join(c.Data, "keys")
	}
	if c.ArchiveKeys == "" {
		c.ArchiveKeys = filepath.Join(c.Data, "archive.toml")
	}
	if c.DatabaseURL == "" {
		c.DatabaseURL = "sqlite:" + filepath.Join(c.Data, "liuhen.db")
	}
	if _, err := readPolicy(c.Policy); err != nil {
		faults = append(faults, err)
	}
	return append(append(faults, c.telegramFaults()...), c.storeFaults()...)
}

func (c *Config) telegramFaults() []error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if u, err := url.Parse(c.APIURL); err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		fault("TELEGRAM_API_URL is not an address: write it like https://api.telegram.org")
	} else if c.Token != "" {
		if _, err := telegram.New(telegram.Options{Token: c.Token, URL: c.APIURL}); err != nil {
			faults = append(faults, err)
		}
	}
	if c.Mode != "polling" && c.Mode != "webhook" {
		fault("LIUHEN_MODE is %q: set it to polling or webhook", c.Mode)
	}
	if c.Mode != "webhook" {
		return faults
	}
	if !strings.HasPrefix(c.PublicURL, "https://") {
		fault("LIUHEN_MODE=webhook needs LIUHEN_PUBLIC_URL: the https://… address at which Telegram reaches LIUHEN_LISTEN")
	}
	if len(c.WebhookSecret) < 16 || len(c.WebhookSecret) > 256 || strings.Trim(c.WebhookSecret, secretLetters) != "" {
		fault("LIUHEN_MODE=webhook needs LIUHEN_WEBHOOK_SECRET: 16 to 256 characters out of A-Z, a-z, 0-9, _ and -")
	}
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		fault("LIUHEN_LISTEN is %q: write it like 127.0.0.1:8443", c.Listen)
	}
	return faults
}

// secretLetters are those that Telegram takes in a webhook's secret.
const secretLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

// storeFaults looks at the addresses only; nothing is connected to.
func (c *Config) storeFaults() []error {
	var faults []error
	file, isFile := strings.CutPrefix(c.DatabaseURL, "sqlite:")
	_, err := url.Parse(c.DatabaseURL)
	isServer := strings.HasPrefix(c.DatabaseURL, "postgres://") || strings.HasPrefix(c.DatabaseURL, "postgresql://")
	if isFile && file == "" || !isFile && (!isServer || err != nil) {
		faults = append(faults, errors.New("DATABASE_URL cannot be read: write sqlite:PATH or postgres://user:password@host:5432/database, and special characters in the password as %XX"))
	}
	if strings.HasPrefix(c.Evidence, "s3:") {
		if _, err := vault.OpenBucket(c.Evidence, nil); err != nil {
			faults = append(faults, fmt.Errorf("LIUHEN_EVIDENCE: %w", err))
		}
	}
	if c.RedisURL != "" {
		redis, err := dialogs.NewRedis(c.RedisURL, time.Now)
		if err != nil {
			return append(faults, err)
		}
		_ = redis.Close() // it was never connected
	}
	return faults
}

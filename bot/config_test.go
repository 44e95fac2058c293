package main

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestConfigDefaults(t *testing.T) {
	c, err := readConfig([]string{"TELEGRAM_TOKEN=7:abc", "REDIS_URL=  ", "PATH=/bin"})
	if err != nil {
		t.Fatal(err)
	}
	zone := c.Zone
	c.Zone = nil
	want := Config{
		Token: "7:abc", APIURL: "https://api.telegram.org", Mode: "polling", Listen: "127.0.0.1:8443", DatabaseURL: "sqlite:data/liuhen.db",
		Data: "./data", Keys: "data/keys", ArchiveKeys: "data/archive.toml", Policy: "mohj-2020", Reminders: "0 9 * * *", Locale: "zh-Hans", TZ: "Asia/Shanghai", Suite: "standard",
	}
	if c != want || time.Date(2026, 1, 1, 0, 0, 0, 0, zone).UTC().Hour() != 16 {
		t.Errorf("got %+v\nwant %+v", c, want)
	}
}

// secretsOf are what no output may ever hold.
var secretsOf = []string{"SECRET-token", "SECRETtoken", "SECRET-pass", "SECRET_hook"}

func TestConfigFaults(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct {
		environ string // settings separated by |
		want    string // parts separated by |; "" is well
	}{
		{"LIUHEN_MOD=polling", "LIUHEN_MOD is not a setting: did you mean LIUHEN_MODE?"},
		{"LIUHEN_WEBHOKSECRET=x", "did you mean LIUHEN_WEBHOOK_SECRET?"},
		{"LIUHEN_REDIS_CONNECTION=x", "LIUHEN_REDIS_CONNECTION is not a setting: remove it|LIUHEN_DATA"},
		{"LIUHEN_MODE=push", `LIUHEN_MODE is "push": set it to polling or webhook`},
		{"LIUHEN_MODE=webhook", "needs LIUHEN_PUBLIC_URL|needs LIUHEN_WEBHOOK_SECRET: 16"},
		{"LIUHEN_MODE=webhook|LIUHEN_PUBLIC_URL=http://x|LIUHEN_WEBHOOK_SECRET=SECRET_hook_123456!", "needs LIUHEN_PUBLIC_URL|needs LIUHEN_WEBHOOK_SECRET"},
		{"LIUHEN_MODE=webhook|LIUHEN_PUBLIC_URL=https://x|LIUHEN_WEBHOOK_SECRET=SECRET_hook_123456|LIUHEN_LISTEN=8443", `LIUHEN_LISTEN is "8443"`},
		{"LIUHEN_MODE=webhook|LIUHEN_PUBLIC_URL=https://x|LIUHEN_WEBHOOK_SECRET=SECRET_hook_123456", ""},
		{"LIUHEN_LOCALE=zh", `LIUHEN_LOCALE is "zh": set it to zh-Hans or en`},
		{"LIUHEN_SUITE=sm", `LIUHEN_SUITE: "sm" is not a suite: write standard or guomi`},
		{"LIUHEN_REMINDERS=nine", "LIUHEN_REMINDERS is not a cron expression"},
		{"LIUHEN_REMINDERS=TZ=Asia/Tokyo", "LIUHEN_REMINDERS is not a cron expression"},
		{"LIUHEN_REMINDERS=@every 2s", ""},
		{"TZ=Peking", `TZ is "Peking": set it to a zone such as Asia/Shanghai`},
		{"TELEGRAM_TOKEN=SECRET-token", "TELEGRAM_TOKEN does not look like a token|BotFather"},
		{"TELEGRAM_API_URL=api.telegram.org", "TELEGRAM_API_URL is not an address"},
		{"DATABASE_URL=mysql://u:SECRET-pass@h/d", "DATABASE_URL cannot be read: write sqlite:PATH or postgres://"},
		{"DATABASE_URL=postgres://u:SECRET-pass%zz@h/d", "DATABASE_URL cannot be read"},
		{"DATABASE_URL=sqlite:", "DATABASE_URL cannot be read"},
		{"REDIS_URL=127.0.0.1:6379", "REDIS_URL cannot be read: write redis://"},
		{"REDIS_URL=redis://u:SECRET-pass%zz@h", "REDIS_URL cannot be read"},
		{"LIUHEN_POLICY=guangdong", `LIUHEN_POLICY is "guangdong": set it to one of guangdong-2022, mohj-2020`},
		{"LIUHEN_POLICY=guangdong-2022", ""},
		{"LIUHEN_POLICY=" + dir + "/none.toml", "LIUHEN_POLICY cannot be read|none.toml|correct the path"},
		{"LIUHEN_POLICY=" + file("broken.toml", "base = "), "broken.toml is not valid TOML|line 1"},
		{
			"LIUHEN_POLICY=" + file("odd.toml", "base = \"mohj-1949\"\ncolour = 1\n[deadlines]\nzero_due = 3\nnever = 1\n"),
			`base is "mohj-1949": set it to one of|unknown key colour|deadline "never" is not known`,
		},
		{"LIUHEN_POLICY=" + file("order.toml", "base = \"mohj-2020\"\n[deadlines]\nzero_remind_1 = 9\n"), "order.toml|zero_remind_1 = 9"},
		{"LIUHEN_POLICY=" + file("good.toml", "base = \"mohj-2020\"\n[deadlines]\nzero_authority = 20\n"), ""},
		{"TELEGRAM_TOKEN=7:SECRETtoken|TELEGRAM_TOKEN_FILE=" + file("token", "7:SECRETtoken\n"), "both TELEGRAM_TOKEN and TELEGRAM_TOKEN_FILE are set: keep one"},
		{"TELEGRAM_TOKEN_FILE=" + dir + "/none", "TELEGRAM_TOKEN_FILE cannot be read|no such file|correct the path"},
		{"REDIS_URL_FILE=" + dir, "REDIS_URL_FILE cannot be read|is a directory"},
		{"REDIS_URL_FILE=" + file("empty", " \n"), "REDIS_URL_FILE|empty is empty: put the secret into it"},
		{"REDIS_URL_FILE=/dev/zero", "REDIS_URL_FILE: /dev/zero holds more than one secret could"},
		{"LIUHEN_LOCALE=zh|TZ=Peking|LIUHEN_MOD=x|REDIS_URL=x|LIUHEN_POLICY=y", "LIUHEN_LOCALE|TZ is|LIUHEN_MODE?|REDIS_URL cannot|LIUHEN_POLICY is"},
	} {
		_, err := readConfig(strings.Split(c.environ, "|"))
		said := ""
		if err != nil {
			said = err.Error()
		}
		if (c.want == "") != (err == nil) {
			t.Errorf("%s: %v", c.environ, err)
		}
		for part := range strings.SplitSeq(c.want, "|") {
			if !strings.Contains(said, part) {
				t.Errorf("%s\nsays %s\nnot  %s", c.environ, said, part)
			}
		}
		if i := slices.IndexFunc(secretsOf, func(s string) bool { return strings.Contains(said, s) }); i >= 0 {
			t.Errorf("%s: a secret is told: %s", c.environ, said)
		}
	}
}

func TestSecretsFromFiles(t *testing.T) {
	dir := t.TempDir()
	environ := []string{"LIUHEN_MODE=webhook", "LIUHEN_PUBLIC_URL=https://x"}
	for name, value := range map[string]string{
		"TELEGRAM_TOKEN": "7:abc", "LIUHEN_WEBHOOK_SECRET": "abcdefghijklmnop", "DATABASE_URL": "sqlite:x.db", "REDIS_URL": "redis://h",
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("\ufeff"+value+"\r\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		environ = append(environ, name+"_FILE="+path, name+"= ")
	}
	c, err := readConfig(environ)
	if err != nil || c.Token != "7:abc" || c.WebhookSecret != "abcdefghijklmnop" || c.DatabaseURL != "sqlite:x.db" || c.RedisURL != "redis://h" {
		t.Errorf("%+v, %v", c, err)
	}
}

// Every setting stands in the README, and the README has none that is not one: what the program reads and what is documented are the same.
func TestSettingsAreDocumented(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var known []string
	fields := reflect.TypeFor[Config]()
	for i := range fields.NumField() {
		name, _, _ := strings.Cut(fields.Field(i).Tag.Get("env"), ",")
		if name == "-" {
			continue
		}
		known = append(known, name)
		if strings.HasPrefix(name, "LIUHEN_") && !slices.Contains(settings, name) {
			t.Errorf("%s is read and yet refused", name)
		}
		if !regexp.MustCompile(`(?m)^\| .*` + "`" + name + "`").Match(readme) {
			t.Errorf("%s does not stand in the README's table", name)
		}
	}
	for _, name := range settings {
		if bare := strings.TrimSuffix(name, "_FILE"); !slices.Contains(known, bare) || bare != name && !slices.Contains(secrets, bare) {
			t.Errorf("%s is accepted and never read", name)
		}
	}
	for _, name := range secrets {
		if !slices.Contains(known, name) || strings.HasPrefix(name, "LIUHEN_") && !slices.Contains(settings, name+"_FILE") {
			t.Errorf("%s cannot be given as a file", name)
		}
	}
	for _, doc := range []string{"../README.md", "docs/operations.md", "docs/security.md", "docs/receipt.md", "docs/architecture.md"} {
		b, err := os.ReadFile(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range regexp.MustCompile(`LIUHEN_[A-Z_]+`).FindAllString(string(b), -1) {
			if !slices.Contains(settings, name) {
				t.Errorf("%s speaks of %s, which is no setting", doc, name)
			}
		}
	}
}

// Every command the documents name is one, with these flags.
func TestCommandsAreDocumented(t *testing.T) {
	var said strings.Builder
	for _, doc := range []string{"../README.md", "docs/operations.md", "docs/security.md", "docs/receipt.md", "docs/architecture.md"} {
		b, err := os.ReadFile(doc)
		if err != nil {
			t.Fatal(err)
		}
		said.Write(b)
		for _, m := range regexp.MustCompile(`go run \./bot ([a-z]+)`).FindAllStringSubmatch(string(b), -1) {
			if !slices.ContainsFunc(commands(), func(c command) bool { return c.name == m[1] }) {
				t.Errorf("%s speaks of the command %s, which is none", doc, m[1])
			}
		}
	}
	for _, c := range commands() {
		if !regexp.MustCompile("(`|bot )" + c.name + `\b`).MatchString(said.String()) {
			t.Errorf("the command %s is not documented", c.name)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"abc", "abc", 0}, {"abc", "", 3}, {"", "ab", 2}, {"kitten", "sitting", 3}, {"MODE", "MOD", 1}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("%q to %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"liuhen/storage/db/dbtest"
	"liuhen/storage/dialogs/dialogstest"
)

// TestOperatorFaults: whatever is set up wrongly, every command that needs it says in one line what failed and what to do,
// ends with 1, and changes nothing.
func TestOperatorFaults(t *testing.T) {
	_, telegram := emulator(t)
	redis := dialogstest.StartRedis(t)
	if _, err := redis.Do("CONFIG", "SET", "requirepass", "good"); err != nil {
		t.Fatal(err)
	}
	closed := closedPort(t)
	file := func(dir, name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	keysOf := func(dir string) string {
		b, err := os.ReadFile(filepath.Join(dir, "keys"))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	redisURL := func(password, host string) string { return "REDIS_URL=redis://:" + password + "@" + host + "/0" }
	redisHost := strings.TrimSuffix(strings.TrimPrefix(redis.URL, "redis://"), "/0")
	for _, c := range []struct {
		name     string
		commands string // that must refuse
		spoil    func(t *testing.T, dir string) []string
		want     string
	}{
		{"token missing", "run check", func(*testing.T, string) []string { return []string{"TELEGRAM_TOKEN="} }, "TELEGRAM_TOKEN is not set|BotFather"},
		{"token malformed", "run load check verify explain", func(*testing.T, string) []string { return []string{"TELEGRAM_TOKEN=SECRET-token"} }, "TELEGRAM_TOKEN does not look like a token"},
		{"token wrong", "run check", func(*testing.T, string) []string { return []string{"TELEGRAM_TOKEN=7000000002:SECRETtoken"} }, "telegram does not know this token: check TELEGRAM_TOKEN"},
		{"Telegram unreachable", "check", func(*testing.T, string) []string { return []string{"TELEGRAM_API_URL=http://" + closed} }, "✗ Telegram: telegram getMe: network: dial failed|run keeps trying"},
		{"Redis unreachable", "run check", func(*testing.T, string) []string { return []string{redisURL("SECRET-pass", closed)} }, "REDIS_URL: Redis cannot be used (dial tcp " + closed + "|start it, or correct the address"},
		{"Redis password wrong", "run check", func(*testing.T, string) []string { return []string{redisURL("SECRET-pass", redisHost)} }, "REDIS_URL: Redis refuses the user or password: correct them"},
		{"Redis password missing", "run check", func(*testing.T, string) []string { return []string{"REDIS_URL=" + redis.URL} }, "REDIS_URL: Redis refuses the user or password"},
		{"Redis malformed", "run load check verify explain", func(*testing.T, string) []string { return []string{"REDIS_URL=SECRET-pass@h"} }, "REDIS_URL cannot be read"},
		{"PostgreSQL unreachable", "run load check verify", func(*testing.T, string) []string {
			return []string{"DATABASE_URL=postgres://u:SECRET-pass@" + closed + "/d"}
		}, "DATABASE_URL: PostgreSQL cannot be reached (dial tcp " + closed + "|start it, or correct the address"},
		{"PostgreSQL unheard of", "run load check verify", func(*testing.T, string) []string {
			return []string{"DATABASE_URL=postgres://u:SECRET-pass@nowhere.invalid/d"}
		}, "DATABASE_URL: PostgreSQL cannot be reached (there is no host nowhere.invalid)"},
		{"database address", "run load check verify explain", func(*testing.T, string) []string { return []string{"DATABASE_URL=mysql://u:SECRET-pass@h/d"} }, "DATABASE_URL cannot be read: write sqlite:PATH"},
		{"database in no folder", "run load", func(_ *testing.T, dir string) []string { return []string{"DATABASE_URL=sqlite:" + dir + "/no/x.db"} }, "DATABASE_URL: |no such file or directory|correct the path, or the permissions of its folder"},
		{"database is a folder", "run load check verify", func(_ *testing.T, dir string) []string { return []string{"DATABASE_URL=sqlite:" + dir} }, "is not a file"},
		{"database missing", "verify", func(_ *testing.T, dir string) []string { return []string{"DATABASE_URL=sqlite:" + dir + "/x.db"} }, "not created yet: run or load makes it"},
		{"data folder is a file", "run load check", func(t *testing.T, dir string) []string {
			return []string{"LIUHEN_DATA=" + file(dir, "file", "") + "/data"}
		}, "LIUHEN_DATA|not a|correct the path"},
		{"newer schema", "run load check verify", func(t *testing.T, dir string) []string {
			spoilDatabase(t, dir, "INSERT INTO schema_version (version, made_ms) VALUES (99, 0)")
			return nil
		}, "the database was made by a newer release|99|run the newer release"},
		{"database damaged", "run load check verify", func(t *testing.T, dir string) []string {
			file(dir, "liuhen.db", strings.Repeat("no database at all ", 1000))
			return nil
		}, "DATABASE_URL: |the file is damaged or no database: keep a copy, put back the last backup"},
		{"keys missing", "run load check verify", func(t *testing.T, dir string) []string {
			if err := os.Remove(filepath.Join(dir, "keys")); err != nil {
				t.Fatal(err)
			}
			return nil
		}, "LIUHEN_KEYS: key file is missing|Put the file back from your safe copy|it is lost what entries, reports, acts and evidence say; the register, who filed for which case on which day, and the log of access are not"},
		{"keys cut off", "run load check verify", func(t *testing.T, dir string) []string {
			file(dir, "keys", keysOf(dir)[:700])
			return nil
		}, "LIUHEN_KEYS: key file|damaged|safe copy"},
		{"keys altered", "run load check verify", func(t *testing.T, dir string) []string {
			file(dir, "keys", strings.Replace(keysOf(dir), "checksum ", "checksum 0", 1))
			return nil
		}, "the checksum does not match the keys"},
		{"keys readable by all", "run load check verify", func(t *testing.T, dir string) []string {
			if err := os.Chmod(filepath.Join(dir, "keys"), 0o644); err != nil {
				t.Fatal(err)
			}
			return nil
		}, "may be used by others (mode 0644): run chmod 600"},
		{"keys of another database", "run load check verify", func(t *testing.T, dir string) []string {
			_, other, _ := installation(t, "")
			file(dir, "keys", keysOf(other))
			return nil
		}, "LIUHEN_KEYS: the database was made with another key file: put that file back, or correct LIUHEN_KEYS or DATABASE_URL"},
		{"name misspelt, both forms, two more faults", "run load check verify explain", func(*testing.T, string) []string {
			return []string{"LIUHEN_POLCY=x", "TELEGRAM_TOKEN_FILE=/x", "LIUHEN_REMINDERS=x", "TZ=Peking"}
		}, "did you mean LIUHEN_POLICY?|both TELEGRAM_TOKEN and TELEGRAM_TOKEN_FILE|LIUHEN_REMINDERS|TZ is"},
		{"calendar broken", "run load check verify explain", func(t *testing.T, dir string) []string {
			if err := os.MkdirAll(filepath.Join(dir, "calendar"), 0o700); err != nil {
				t.Fatal(err)
			}
			file(dir, "calendar/2027.json", "{}")
			return nil
		}, "LIUHEN_DATA: calendar/2027.json: read the holiday file: it lists no days: get the file again"},
	} {
		t.Run(c.name, func(t *testing.T) {
			environ, dir, _ := installation(t, "")
			environ = with(environ, "TELEGRAM_API_URL="+telegram)
			environ = with(environ, c.spoil(t, dir)...)
			list := file(t.TempDir(), "people.csv", "主管机关,机构,姓名,角色\n示例市司法局,示例鉴定所,张三,鉴定人\n")
			for name := range strings.SplitSeq("run load check verify explain", " ") {
				args := []string{name}
				if name == "load" {
					args = append(args, list)
				}
				if !slices.Contains(strings.Fields(c.commands), name) {
					continue
				}
				before := tree(t, dir)
				got := invoke(t, environ, args...)
				got.says(t, 1, c.want)
				if after := tree(t, dir); after != before && c.name != "token wrong" {
					t.Errorf("%s changed something", name)
				}
				if name != "check" && strings.Count("\n"+got.err, "\n"+name+": ") > 1+strings.Count(c.want, "|") {
					t.Errorf("%s says more than it should:\n%s", name, got.err)
				}
			}
		})
	}
}

// spoilDatabase runs a statement past the store.
func spoilDatabase(t testing.TB, dir, statement string) {
	t.Helper()
	c, err := readConfig([]string{"LIUHEN_DATA=" + dir})
	if err != nil {
		t.Fatal(err)
	}
	s, err := openRegister(t.Context(), c, dbtest.At(dbtest.Start).Now, false)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.db.SQL().ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

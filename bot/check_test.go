package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"liuhen/bot/telegram"
	"liuhen/flows"
	"liuhen/flows/record"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
	"liuhen/storage/dialogs/dialogstest"
)

var room = regexp.MustCompile(`(?m)^[✓!] disk: .*\n`)

// lines is what check said, without the disk of this machine and with the folder's name replaced.
func lines(got invoked, dir string) string {
	return strings.ReplaceAll(room.ReplaceAllString(got.out, ""), dir, "DATA")
}

// TestCheckSaysThatAllIsWell, beside a running bot, and changes nothing.
func TestCheckSaysThatAllIsWell(t *testing.T) {
	box, api := emulator(t)
	environ, dir, _ := installation(t, "")
	environ = with(environ, "TELEGRAM_API_URL="+api)
	for account := int64(7001); account <= 7011; account++ { // those of dbtest: the bot asks once a day who can be reached
		box.Phone(account, "somebody").Start("")
	}
	c, err := readConfig(environ)
	must(t, err)
	must(t, os.MkdirAll(filepath.Join(dir, "calendar"), 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "calendar/2027.json"), []byte(`{"days":[{"date":"2027-10-01","isOffDay":true}]}`), 0o600))
	a, err := newApp(t.Context(), c, dbtest.At(dbtest.Start).Now, (&program{err: &lockedBuffer{}}).log(), tuning{poll: telegram.Polling{Wait: time.Second}})
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	defer func() {
		cancel()
		must(t, <-done)
		must(t, a.Close())
	}()
	idle, stop := context.WithTimeout(ctx, 20*time.Second)
	defer stop()
	must(t, box.WaitIdle(idle))
	got := invoke(t, environ, "check")
	got.says(t, 0, "disk: ")
	want := `✓ configuration: polling, zh-Hans, policy mohj-2020, reminders "0 9 * * *", Asia/Shanghai
✓ data folder: DATA
✓ key file: DATA/keys opens and is this database's; there should be a copy off this machine
✓ database: opens, schema 2, whole
✓ durability: what was acknowledged survives a power cut
✓ dialogs: in the database
✓ Telegram: the bot is @liuhen_sandbox_bot
✓ calendar: working days are known up to 2027
✓ routes: 3 units, each with people who can be reached
✓ people: everybody can be reached
✓ reports waiting: 0
✓ proceedings stalled: 0
`
	said := lines(got, dir)
	if said != want {
		t.Errorf("got\n%s\nwant\n%s", said, want)
	}
}

// TestCheckMakesNothing: before the first start it says what is to come.
func TestCheckMakesNothing(t *testing.T) {
	_, api := emulator(t)
	dir := filepath.Join(t.TempDir(), "data")
	environ := []string{"TELEGRAM_TOKEN=" + goodToken, "TELEGRAM_API_URL=" + api, "LIUHEN_DATA=" + dir}
	invoke(t, environ, "check").says(t, 0, "! data folder|! key file|! database: not created yet: run or load makes it|! calendar: the working days of 2027 are not known")
	if _, err := os.Stat(dir); err == nil {
		t.Error("check made the data folder")
	}
	environ, dir, _ = installation(t, "")
	before := tree(t, dir)
	invoke(t, environ, "check")
	if tree(t, dir) != before {
		t.Error("check changed something")
	}
}

// spoiled runs check on an installation after something was done to it. It must name none of its people.
func spoiled(t *testing.T, address string, spoil func(s *stores, w *dbtest.World), settings ...string) invoked {
	t.Helper()
	environ, _, w := installation(t, address)
	environ = with(environ, settings...)
	c, err := readConfig(environ)
	must(t, err)
	s, err := openRegister(t.Context(), c, dbtest.At(dbtest.Start).Now, false)
	must(t, err)
	defer s.Close()
	spoil(s, w)
	got := invoke(t, environ, "check")
	dir, err := s.db.Directory(t.Context())
	must(t, err)
	for _, m := range dir.Members {
		if strings.Contains(got.out+got.err, m.Name) {
			t.Errorf("check names %s:\n%s", m.Name, got.out)
		}
	}
	return got
}

func TestCheckFindsHolesInRoutes(t *testing.T) {
	_, api := emulator(t)
	exec := func(q string, args ...any) func(s *stores, w *dbtest.World) {
		return func(s *stores, _ *dbtest.World) {
			_, err := s.db.SQL().ExecContext(t.Context(), q, args...)
			must(t, err)
		}
	}
	for name, c := range map[string]struct {
		spoil func(s *stores, w *dbtest.World)
		code  int
		want  string
	}{
		"receiver out of reach": {func(s *stores, w *dbtest.World) {
			exec("UPDATE accounts SET unreachable_ms = 1 WHERE person = $1", w.Receiver.ID)(s, w)
		}, 1, "nobody who can be reached may receive its reports, they go to the authority: load somebody as 报告接收人|! people: 1 cannot be reached"},
		"receiver gone, the head stands in": {func(s *stores, w *dbtest.World) { must(t, s.db.Leave(t.Context(), w.Receiver.ID)) }, 0, "✓ people"},
		"receiver and head gone": {func(s *stores, w *dbtest.World) {
			must(t, s.db.Leave(t.Context(), w.Receiver.ID))
			must(t, s.db.Leave(t.Context(), w.Head.ID))
		}, 1, "nobody who can be reached may receive its reports"},
		"one officer left": {func(s *stores, w *dbtest.World) {
			must(t, s.db.Leave(t.Context(), w.CityOfficer.ID))
			must(t, s.db.Leave(t.Context(), w.CityLead.ID))
		}, 0, "! routes: |one officer only can be reached"},
		"no officer": {func(s *stores, w *dbtest.World) { exec("DELETE FROM accounts")(s, w) }, 1, "no officer can be reached: load two as 机关经办人|nobody who can be reached may receive"},
		"no authority": {func(s *stores, w *dbtest.World) {
			exec("UPDATE units SET parent = NULL WHERE id = $1", w.Institution)(s, w)
		}, 1, "has no authority above it: fill in 主管机关"},
		"report waiting": {exec("INSERT INTO reports (id, arrived_ms, body) VALUES ('r', 1, 'x')"), 0, "! reports waiting: 1: nobody who may receive them can be reached"},
		"nobody at all":  {exec("DELETE FROM roles"), 1, "no officer can be reached"},
	} {
		t.Run(name, func(t *testing.T) {
			spoiled(t, "", c.spoil, "TELEGRAM_API_URL="+api).says(t, c.code, c.want)
		})
	}
	environ := []string{"TELEGRAM_TOKEN=" + goodToken, "TELEGRAM_API_URL=" + api, "LIUHEN_DATA=" + t.TempDir()}
	c, err := readConfig(environ)
	must(t, err)
	s, err := openRegister(t.Context(), c, dbtest.At(dbtest.Start).Now, true)
	must(t, err)
	must(t, s.Close())
	invoke(t, environ, "check").says(t, 0, "! routes: nobody is registered yet: load the lists")
}

func TestCheckLooksAtRedis(t *testing.T) {
	redis := dialogstest.StartRedis(t)
	environ, _, _ := installation(t, "")
	environ = with(environ, "REDIS_URL="+redis.URL)
	invoke(t, environ, "check").says(t, 1, "✓ dialogs: Redis answers and keeps everything")
	for _, c := range []struct{ set, want string }{
		{"appendfsync everysec", "! dialogs: Redis has appendfsync everysec|set appendfsync always"},
		{"maxmemory-policy allkeys-lru", "! dialogs: Redis has appendfsync everysec"},
		{"appendfsync always", "! dialogs: Redis may drop drafts when it is full (maxmemory-policy allkeys-lru)"},
		{"appendonly no", "! dialogs: Redis keeps no append-only file"},
	} {
		words := strings.Fields(c.set)
		_, err := redis.Do("CONFIG", "SET", words[0], words[1])
		must(t, err)
		invoke(t, environ, "check").says(t, 1, c.want)
	}
	_, err := redis.Do("ACL", "SETUSER", "bot", "on", ">SECRET-pass", "~*", "+@all", "-config")
	must(t, err)
	host := strings.TrimPrefix(redis.URL, "redis://")
	invoke(t, with(environ, "REDIS_URL=redis://bot:SECRET-pass@"+host), "check").says(t, 1, "! dialogs: Redis answers but does not tell its configuration")
}

func TestCheckLooksAtTheDatabase(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, _ dbtest.Open) {
		address := dbtest.Address(t)
		want := "✓ database: opens, schema 2, whole|✓ durability|✓ dialogs: in the database"
		if strings.HasPrefix(address, "postgres") { // this test's server runs with fsync off
			want = "✓ database: opens, schema 2, whole|✗ durability: fsync is off instead of on: a power cut can lose signed entries: set it in postgresql.conf"
		}
		spoiled(t, address, func(*stores, *dbtest.World) {}).says(t, 1, want)
	})
	t.Run("damaged", func(t *testing.T) {
		environ, dir, _ := installation(t, "")
		path := filepath.Join(dir, "liuhen.db")
		b, err := os.ReadFile(path)
		must(t, err)
		for i := len(b) / 2; i < len(b)/2+3*4096; i++ {
			b[i] = 0xee
		}
		must(t, os.WriteFile(path, b, 0o600))
		invoke(t, environ, "check").says(t, 1, "✗ database: |last backup|Telegram")
	})
	t.Run("older schema", func(t *testing.T) {
		environ, dir, _ := installation(t, "")
		spoilDatabase(t, dir, "DELETE FROM schema_version")
		invoke(t, environ, "check").says(t, 1, "! database: not created yet")
	})
	t.Run("folder open to others", func(t *testing.T) {
		environ, dir, _ := installation(t, "")
		must(t, os.Chmod(dir, 0o755))
		invoke(t, environ, "check").says(t, 1, "! data folder: |mode 0755): run chmod 700 ")
	})
}

// TestVerify: what was altered past the store is named by its number, without content.
func TestVerify(t *testing.T) {
	const story = "私下要求修改意见"
	dbtest.Each(t, func(t *testing.T, _ dbtest.Open) {
		environ, dir, w := installation(t, dbtest.Address(t))
		c, err := readConfig(environ)
		must(t, err)
		s, err := openRegister(t.Context(), c, dbtest.At(dbtest.Start).Now, false)
		must(t, err)
		defer s.Close()
		blob, err := s.blobs.Put(t.Context(), strings.NewReader("photo"), 100)
		must(t, err)
		zero, report := w.Zero(w.Appraisers[1], w.Cases[0]), w.Direct(w.Appraisers[0], w.Cases[1], story)
		for item, a := range report.Answers {
			for i := range a.Files {
				a.Files[i].SHA256, a.Files[i].Blob, a.Files[i].Size = blob.SHA256, blob.Name, blob.Size
			}
			report.Answers[item] = a
		}
		for _, x := range []struct {
			r  record.Record
			by dbtest.Somebody
		}{{zero, w.Appraisers[1]}, {report, w.Appraisers[0]}} {
			must(t, s.db.Commit(t.Context(), x.by.Caller(), w.Event(), x.r.Signed, []flows.Durable{flows.File{Record: x.r}}))
		}
		verify := func(code int, want string) {
			t.Helper()
			got := invoke(t, environ, "verify")
			got.says(t, code, want)
			if strings.Contains(got.out+got.err, report.ID) || strings.Contains(got.out+got.err, story) || strings.Contains(got.out, w.Appraisers[0].Name) {
				t.Errorf("verify tells what was written:\n%s", got.out)
			}
		}
		verify(0, "2 records and 1 pieces of evidence checked, 0 faults")
		path := filepath.Join(dir, "evidence", blob.Name[:2], blob.Name)
		content, err := os.ReadFile(path)
		must(t, err)
		content[len(content)-1] ^= 1
		must(t, os.WriteFile(path, content, 0o600))
		verify(1, blob.Name+" evidence: |2 records and 1 pieces of evidence checked, 1 faults|keep the database as it is, make a copy")
		must(t, os.Remove(path))
		verify(1, blob.Name+" evidence: |no such file")
		alter(t, s.db, "UPDATE records SET signed_ms = signed_ms + 1 WHERE id = '"+zero.ID+"'")
		verify(1, zero.ID+" |2 faults")
		alter(t, s.db, "UPDATE evidence SET body = '"+story+"'") // does not open any more
		verify(1, zero.ID+" |evidence: not all of it could be looked at")
	})
}

// alter changes a table that only grows, as somebody with access to the database could.
func alter(t *testing.T, d *db.DB, statement string) {
	t.Helper()
	drop := []string{"DROP TRIGGER records_no_update", "DROP TRIGGER evidence_no_update"}
	if strings.HasPrefix(dbtest.Address(t), "postgres") {
		drop = []string{"DROP TRIGGER records_append_only ON records", "DROP TRIGGER evidence_append_only ON evidence"}
		statement = strings.ReplaceAll(statement, "'私下要求修改意见'", "convert_to('私下要求修改意见', 'UTF8')")
	}
	for _, q := range drop {
		_, _ = d.SQL().ExecContext(t.Context(), q) // the second time they are gone
	}
	_, err := d.SQL().ExecContext(t.Context(), statement)
	must(t, err)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"liuhen/bot/telegram"
	"liuhen/flows/law"
	"liuhen/reminders"
	"liuhen/storage/db"
	"liuhen/storage/dialogs"
	"liuhen/storage/vault"
)

// checkup is one going-through. It changes and makes nothing, so that it can be done at any time beside a running bot, and
// before the first start.
type checkup struct {
	p     *program
	c     Config
	state db.State
	keys  *vault.Keys // nil if they cannot be had
	db    *db.DB      // nil if it cannot be opened
	bad   int
}

// check goes through everything and says of each thing whether it is well, and what to do if not. It tells no names but those of units:
// whoever installs the program belongs to none of them.
func (p *program) check(ctx context.Context, _ []string) error {
	c, err := readConfig(p.environ)
	k := &checkup{p: p, c: c}
	k.configuration(err)
	k.folder()
	k.disk()
	k.look(ctx)
	defer k.close()
	k.keyFile()
	k.database(ctx)
	k.evidence(ctx)
	k.dialogs(ctx)
	k.telegram(ctx)
	k.calendar()
	k.fonts(ctx)
	k.register(ctx)
	if k.bad > 0 {
		return fmt.Errorf("✗ %d: mend what is marked so and check again", k.bad)
	}
	return nil
}

func (k *checkup) good(what, format string, args ...any) { k.tell("✓", what, format, args...) }

func (k *checkup) warn(what, format string, args ...any) { k.tell("!", what, format, args...) }

func (k *checkup) fault(what, format string, args ...any) {
	k.bad++
	k.tell("✗", what, format, args...)
}

func (k *checkup) tell(sign, what, format string, args ...any) {
	fmt.Fprintf(k.p.out, "%s %s: %s\n", sign, what, strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " "))
}

func (k *checkup) close() {
	if k.db != nil {
		_ = k.db.Close() // nothing was written
	}
}

func (k *checkup) configuration(err error) {
	if err == nil {
		k.good("configuration", "%s, %s, policy %s, reminders %q, %s", k.c.Mode, k.c.Locale, k.c.Policy, k.c.Reminders, k.c.TZ)
		return
	}
	for line := range strings.Lines(err.Error()) {
		k.fault("configuration", "%s", line)
	}
}

// folder looks at the data folder, or at the one in which the first start would make it.
func (k *checkup) folder() {
	const what = "data folder"
	path, info, err := nearest(k.c.Data)
	switch made := path == filepath.Clean(k.c.Data); {
	case err != nil:
		k.fault(what, "LIUHEN_DATA %s cannot be looked at (%v): correct the path or its permissions", k.c.Data, err)
	case !info.IsDir():
		k.fault(what, "LIUHEN_DATA %s: %s is not a folder: correct the path", k.c.Data, path)
	case !writable(path):
		k.fault(what, "LIUHEN_DATA %s: %s is not writable for this user: correct its owner or permissions", k.c.Data, path)
	case !made:
		k.warn(what, "%s is %v", k.c.Data, errNotCreated)
	case info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows":
		k.warn(what, "%s may be entered by others (mode %04o): run chmod 700 %s", path, info.Mode().Perm(), path)
	default:
		k.good(what, "%s", path)
	}
}

// nearest is path, or the nearest folder above it that exists.
func nearest(path string) (string, os.FileInfo, error) {
	path = filepath.Clean(path)
	for {
		info, err := os.Stat(path)
		if up := filepath.Dir(path); errors.Is(err, fs.ErrNotExist) && up != path {
			path = up
			continue
		}
		return path, info, err
	}
}

// leastRoom is the free part of the disk in percent below which somebody should know.
const leastRoom = 20

func (k *checkup) disk() {
	path, _, _ := nearest(k.c.Data)
	free, size, ok := diskRoom(path)
	if !ok {
		return
	}
	if left := free * 100 / size; left < leastRoom {
		k.warn("disk", "%d%% free (%d MB): make room before it is full, or nothing more can be filed", left, free>>20)
	} else {
		k.good("disk", "%d%% free", left)
	}
}

// look is first, because what a missing key file means depends on whether there is a database.
func (k *checkup) look(ctx context.Context) {
	var err error
	if k.state, err = look(ctx, k.c); err != nil {
		k.state.Version = -1
		k.fault("database", "%v", err)
	}
}

func (k *checkup) keyFile() {
	const what = "key file"
	_, err := os.Stat(k.c.Keys)
	if errors.Is(err, fs.ErrNotExist) && k.state.Version == 0 && !hasEvidence(k.c) {
		k.warn(what, "%s is %v; copy it to a safe place then", k.c.Keys, errNotCreated)
		return
	}
	if k.keys, _, err = vault.Load(k.c.Keys, true); err != nil {
		k.fault(what, "LIUHEN_KEYS: %v", err)
		return
	}
	if k.state.Mark != "" && k.state.Mark != db.Mark(k.keys) {
		k.keys = nil
		k.fault(what, "%v", databaseFault(db.ErrOtherKeys))
		return
	}
	if now := k.keys.CurrentSuite(); now != k.c.Suite {
		k.warn(what, "LIUHEN_SUITE is %s and the key that wraps is of the suite %s: run keys rotate", k.c.Suite, now)
	}
	k.good(what, "%s opens%s; there should be a copy off this machine", k.c.Keys, map[bool]string{true: " and is this database's"}[k.state.Mark != ""])
}

func (k *checkup) database(ctx context.Context) {
	const what = "database"
	switch s := k.state; {
	case s.Version < 0:
		return // told
	case s.Version == 0:
		k.warn(what, "%v", errNotCreated)
		return
	case s.Version > s.Newest:
		k.fault(what, "%v (schema %d, this release knows %d): run the newer release, or put back a backup made before the upgrade",
			db.ErrNewerSchema, s.Version, s.Newest)
		return
	case s.Version < s.Newest:
		k.warn(what, "schema %d, this release's is %d: make a backup, then run brings it up to date", s.Version, s.Newest)
		return
	case k.keys == nil:
		k.warn(what, "not looked into: that needs its key file")
		return
	}
	policy, _ := readPolicy(k.c.Policy)   // told with the configuration
	calendar, _ := readCalendar(k.c.Data) // told with the calendar
	s := &stores{keys: k.keys, policy: policy, calendar: calendar}
	opened, err := openDatabase(ctx, k.c, s, k.p.clock)
	if err != nil {
		k.fault(what, "%v", databaseFault(err))
		return
	}
	k.db = opened
	k.quarantine(ctx)
	k.integrity(ctx)
	k.durability(ctx)
}

// quarantine is a fault as long as it lasts: nothing is delivered.
func (k *checkup) quarantine(ctx context.Context) {
	if since, _, err := k.db.Quarantine(ctx); err == nil && !since.IsZero() {
		k.fault("restore", "the database was restored on %s and nothing is delivered: two people compare the roles with today's, then restore --release NAME --release NAME --old resend|close",
			since.Format("2006-01-02 15:04"))
	}
}

// evidence asks the store for a sign of life; whether each piece is whole is for verify.
func (k *checkup) evidence(ctx context.Context) {
	if k.db == nil || !strings.HasPrefix(k.c.Evidence, "s3:") {
		return // the data folder was looked at
	}
	b, err := vault.OpenBucket(k.c.Evidence, nil)
	if err != nil {
		return // told with the configuration
	}
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	if err := b.Ping(ctx); err != nil {
		k.fault("evidence", "%v", err)
		return
	}
	k.good("evidence", "the bucket answers")
}

func (k *checkup) isFile() bool { return strings.HasPrefix(k.c.DatabaseURL, "sqlite:") }

// integrity asks the engine whether its own structures are whole; whether the records are is for verify.
func (k *checkup) integrity(ctx context.Context) {
	q := "SELECT 'ok' WHERE (SELECT COUNT(*) FROM cases) >= 0"
	if k.isFile() {
		q = "PRAGMA quick_check(1)"
	}
	var said string
	switch err := k.db.SQL().QueryRowContext(ctx, q).Scan(&said); {
	case err != nil:
		k.fault("database", "%v", databaseFault(err))
	case said != "ok":
		k.fault("database", "the file is damaged (%s): stop the bot, keep a copy, put back the last backup", said)
	default:
		k.good("database", "opens, schema %d, whole", k.state.Version)
	}
}

// durability asks for what the engine really does, which a server or a file system may have decided otherwise.
func (k *checkup) durability(ctx context.Context) {
	want := [][2]string{{"SHOW synchronous_commit", "on"}, {"SHOW fsync", "on"}, {"SHOW full_page_writes", "on"}}
	if k.isFile() {
		want = [][2]string{{"PRAGMA journal_mode", "wal"}, {"PRAGMA synchronous", "2"}}
	}
	var off []string
	for _, w := range want {
		var is string
		if err := k.db.SQL().QueryRowContext(ctx, w[0]).Scan(&is); err != nil {
			k.fault("durability", "%v", databaseFault(err))
			return
		}
		if is != w[1] {
			_, name, _ := strings.Cut(w[0], " ")
			off = append(off, fmt.Sprintf("%s is %s instead of %s", name, is, w[1]))
		}
	}
	if len(off) == 0 {
		k.good("durability", "what was acknowledged survives a power cut")
		return
	}
	next := "set it in postgresql.conf and reload"
	if k.isFile() {
		next = "put the file on a local disk"
	}
	k.fault("durability", "%s: a power cut can lose signed entries: %s", strings.Join(off, ", "), next)
}

func (k *checkup) dialogs(ctx context.Context) {
	const what = "dialogs"
	if k.c.RedisURL == "" {
		if k.db == nil {
			return
		}
		if err := dialogs.NewTable(k.db.SQL(), k.p.clock).Ping(ctx); err != nil {
			k.fault(what, "%v", databaseFault(err))
			return
		}
		k.good(what, "in the database")
		return
	}
	redis, err := dialogs.NewRedis(k.c.RedisURL, k.p.clock)
	if err != nil {
		return // told with the configuration
	}
	defer redis.Close() //nolint:errcheck // nothing was written
	if err := redis.Ping(ctx); err != nil {
		k.fault(what, "%v", redisFault(err))
		return
	}
	k.redisKeeps(ctx, redis)
}

// redisKeeps only warns: what Redis loses are unsigned drafts, and how much of that is bearable is the operator's to say.
func (k *checkup) redisKeeps(ctx context.Context, redis *dialogs.Redis) {
	const what = "dialogs"
	switch d, err := redis.Durability(ctx); {
	case err != nil:
		k.warn(what, "Redis answers but does not tell its configuration: see yourself that appendonly is yes and appendfsync always")
	case !d.AppendOnly:
		k.warn(what, "Redis keeps no append-only file: a crash loses drafts: set appendonly yes and appendfsync always")
	case d.Fsync != "always":
		k.warn(what, "Redis has appendfsync %s: a power cut loses the last drafts: set appendfsync always", d.Fsync)
	case d.Evicts != "noeviction":
		k.warn(what, "Redis may drop drafts when it is full (maxmemory-policy %s): set maxmemory-policy noeviction", d.Evicts)
	default:
		k.good(what, "Redis answers and keeps everything")
	}
}

func (k *checkup) telegram(ctx context.Context) {
	const what = "Telegram"
	if k.c.Token == "" {
		k.fault(what, "TELEGRAM_TOKEN is not set: copy it from BotFather")
		return
	}
	api, err := telegram.New(telegram.Options{Token: k.c.Token, URL: k.c.APIURL, Clock: k.p.clock})
	if err != nil {
		return // told with the configuration
	}
	defer api.Close()
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	name, err := api.Me(ctx)
	var e *telegram.Error
	switch {
	case err == nil:
		k.good(what, "the bot is @%s", name)
	case errors.As(err, &e) && (e.Code == http.StatusUnauthorized || e.Code == http.StatusNotFound):
		k.fault(what, "%v", telegram.ErrToken)
	default:
		k.fault(what, "%v: see whether this machine reaches TELEGRAM_API_URL, or needs HTTPS_PROXY; run keeps trying", err)
	}
}

func (k *checkup) calendar() {
	const what = "calendar"
	today := law.DateOf(k.p.clock().In(k.c.Zone))
	switch cal, err := readCalendar(k.c.Data); {
	case err != nil:
		k.fault(what, "%v", err)
	case reminders.Missing(cal, today):
		year := today.Y
		if cal.Known(year) {
			year++
		}
		k.warn(what, "the working days of %d are not known: put the year's holiday-cn file into the data folder as calendar/%d.json; until then Monday to Friday count", year, year)
	default:
		years := cal.Years()
		k.good(what, "working days are known up to %d", years[len(years)-1])
	}
}

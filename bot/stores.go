package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"liuhen/bot/intake"
	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/reminders"
	"liuhen/storage/db"
	"liuhen/storage/dialogs"
	"liuhen/storage/vault"
)

// fileLimit is the largest piece of evidence: what the cloud Bot API hands over.
const fileLimit = 20 << 20

// stores are all places where something lasts.
type stores struct {
	cfg      Config
	clock    func() time.Time
	keys     *vault.Keys
	db       *db.DB
	dialogs  *dialogs.Sealed
	table    *dialogs.Table // set when dialogs live in the database
	blobs    *vault.Blobs
	started  time.Time
	signing  sync.Mutex // the day's checkpoint
	policy   law.Policy
	calendar law.Calendar
}

// openStores opens everything that lasts, making the data folder, the key file and the database on the first start. A Redis that
// does not answer now is most likely a wrong address: it refuses to start. One that goes away later is waited for.
func openStores(ctx context.Context, c Config, clock func() time.Time) (*stores, error) {
	var redis *dialogs.Redis
	if c.RedisURL != "" {
		var err error
		if redis, err = reachRedis(ctx, c, clock); err != nil {
			return nil, err
		}
	}
	s, err := openRegister(ctx, c, clock, true)
	if err != nil {
		if redis != nil {
			err = errors.Join(err, redis.Close())
		}
		return nil, err
	}
	if err := s.openDialogs(ctx, redis); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// openDialogs uses a Redis for dialogs, or the database when there is none. The Redis is closed with the stores, or at once if that fails.
func (s *stores) openDialogs(ctx context.Context, redis *dialogs.Redis) error {
	box, err := s.db.Box(ctx, "dialogs")
	if err != nil {
		err = databaseFault(err)
		if redis != nil {
			err = errors.Join(err, redis.Close())
		}
		return err
	}
	if redis != nil {
		s.dialogs = dialogs.Encrypted(redis, box)
		return nil
	}
	s.table = dialogs.NewTable(s.db.SQL(), s.clock)
	s.dialogs = dialogs.Encrypted(s.table, box)
	return nil
}

// redisTries is how often a Redis is asked at the start, half a second apart: it may be starting itself.
const redisTries = 3

func reachRedis(ctx context.Context, c Config, clock func() time.Time) (*dialogs.Redis, error) {
	redis, err := dialogs.NewRedis(c.RedisURL, clock)
	if err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		err := redis.Ping(ctx)
		if err == nil {
			return redis, nil
		}
		if try == redisTries || ctx.Err() != nil {
			return nil, errors.Join(redisFault(err), redis.Close())
		}
		select {
		case <-time.After(500 * time.Millisecond):
		case <-ctx.Done():
		}
	}
}

// errNotCreated is what commands say that never start afresh.
var errNotCreated = errors.New("not created yet: run or load makes it")

// lookLimit bounds looking at a database whose server does not answer.
const lookLimit = 10 * time.Second

// openRegister opens all but the dialogs. Unless it may start afresh, a database that is not there is [errNotCreated]. Nothing is
// made before all that is there has been found sound.
func openRegister(ctx context.Context, c Config, clock func() time.Time, fresh bool) (_ *stores, err error) {
	s := &stores{cfg: c, clock: clock, started: time.Now()} // the file system's clock, not the product's
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if s.policy, err = readPolicy(c.Policy); err != nil {
		return nil, err
	}
	if s.calendar, err = readCalendar(c.Data); err != nil {
		return nil, err
	}
	if path, info, err := nearest(c.Data); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("LIUHEN_DATA %s: %s is not a folder that can be used: correct the path or its permissions", c.Data, path)
	}
	state, err := look(ctx, c)
	if err != nil {
		return nil, err
	}
	if state.Version == 0 && !fresh {
		return nil, fmt.Errorf("DATABASE_URL: the database is %w", errNotCreated)
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("LIUHEN_DATA: the folder cannot be made (%w): correct the path or its permissions", err)
	}
	if s.keys, _, err = vault.Load(c.Keys, state.Version > 0 || hasEvidence(c), c.Suite); err != nil {
		return nil, fmt.Errorf("LIUHEN_KEYS: %w", err)
	}
	if state.Mark != "" && state.Mark != db.Mark(s.keys) {
		return nil, databaseFault(db.ErrOtherKeys)
	}
	if s.db, err = openDatabase(ctx, c, s, clock); err != nil {
		return nil, databaseFault(err)
	}
	if err := s.db.MarkKeys(ctx); err != nil {
		return nil, databaseFault(err)
	}
	if s.blobs, err = c.evidence(s.keys, s.db); err != nil {
		return nil, err
	}
	return s, nil
}

// opened reads the configuration and opens what there is; it starts nothing afresh.
func (p *program) opened(ctx context.Context) (Config, *stores, error) {
	c, err := readConfig(p.environ)
	if err != nil {
		return c, nil, err
	}
	s, err := openRegister(ctx, c, p.clock, false)
	return c, s, err
}

// evidence is where evidence is kept.
func (c Config) evidence(keys *vault.Keys, heads vault.Heads) (*vault.Blobs, error) {
	dir := c.evidenceFolder()
	var shelf vault.Shelf = vault.Folder(dir)
	if strings.HasPrefix(c.Evidence, "s3:") {
		bucket, err := vault.OpenBucket(c.Evidence, nil)
		if err != nil {
			return nil, fmt.Errorf("LIUHEN_EVIDENCE: %w", err)
		}
		shelf = bucket
	}
	b, err := vault.NewBlobs(dir, shelf, keys, heads, c.Suite)
	if err != nil {
		return nil, fmt.Errorf("LIUHEN_DATA or LIUHEN_EVIDENCE: %w: correct the path or its permissions", err)
	}
	return b, nil
}

// evidenceFolder holds evidence, or with a bucket what is on its way there.
func (c Config) evidenceFolder() string {
	if c.Evidence == "" || strings.HasPrefix(c.Evidence, "s3:") {
		return filepath.Join(c.Data, "evidence")
	}
	return c.Evidence
}

func look(ctx context.Context, c Config) (db.State, error) {
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	state, err := db.Look(ctx, c.DatabaseURL)
	if err != nil {
		return state, databaseFault(err)
	}
	return state, nil
}

// openDatabase brings the schema up to date.
func openDatabase(ctx context.Context, c Config, s *stores, clock func() time.Time) (*db.DB, error) {
	return db.Open(ctx, c.DatabaseURL, db.Options{
		Keys: s.keys, Clock: clock, Zone: c.Zone, Calendar: s.calendar, Policy: s.policy, MatchKey: intake.MatchKey,
		FileLimit: fileLimit, Locale: c.Locale, Suite: c.Suite,
	})
}

// sweep removes dialogs past their time and half-written evidence of earlier crashes.
func (s *stores) sweep(ctx context.Context) error {
	if s.table != nil {
		if _, err := s.table.Sweep(ctx); err != nil {
			return err
		}
	}
	_, err := s.blobs.Sweep(s.started)
	return err
}

// readCalendar is the built-in calendar of working days, with the year files an administrator has put into the data folder
// (calendar/2027.json, in the form of NateScarlet/holiday-cn) over it.
func readCalendar(data string) (law.Calendar, error) {
	files, err := filepath.Glob(filepath.Join(data, "calendar", "*.json"))
	if err != nil {
		return law.Calendar{}, fmt.Errorf("LIUHEN_DATA: %w", err)
	}
	var uploads [][]law.Day
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			return law.Calendar{}, fmt.Errorf("LIUHEN_DATA: calendar/%s cannot be read (%w): correct its permissions", filepath.Base(f), err)
		}
		days, err := reminders.ParseHolidayCN(b)
		if err != nil {
			return law.Calendar{}, fmt.Errorf("LIUHEN_DATA: calendar/%s: %w: get the file again", filepath.Base(f), err)
		}
		uploads = append(uploads, days)
	}
	return reminders.Workdays(uploads...)
}

// verifyEvidence reads every piece of evidence and compares its hash; bad ones are told by the name of their file, which says
// nothing of the entry.
func (s *stores) verifyEvidence(ctx context.Context, tell func(file string, err error)) (checked, bad int, err error) {
	err = s.db.Exhibits(ctx, func(f form.File) error {
		checked++
		if err := s.blobs.Check(ctx, f.Blob); err != nil {
			bad++
			tell(f.Blob, err)
		}
		return ctx.Err()
	})
	return checked, bad, err
}

// hasEvidence reports whether evidence was sealed here before: then a missing key file is a loss to be said, not a first start.
func hasEvidence(c Config) bool {
	_, err := os.Stat(c.evidenceFolder())
	return err == nil
}

// Close closes what was opened.
func (s *stores) Close() error {
	var errs []error
	if s.dialogs != nil {
		errs = append(errs, s.dialogs.Close())
	}
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	return errors.Join(errs...)
}

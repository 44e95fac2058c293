package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
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
	keys     *vault.Keys
	db       *db.DB
	dialogs  *dialogs.Sealed
	table    *dialogs.Table // set when dialogs live in the database
	blobs    *vault.Blobs
	started  time.Time
	policy   law.Policy
	calendar law.Calendar
}

// openStores opens everything that lasts, making the data folder and the key file on the first start.
func openStores(ctx context.Context, c Config, clock func() time.Time) (_ *stores, err error) {
	s := &stores{started: time.Now()} // the file system's clock, not the product's
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	if s.policy, err = readPolicy(c.Policy); err != nil {
		return nil, err
	}
	if s.calendar, err = readCalendar(c.Data); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("LIUHEN_DATA: %w", err)
	}
	if s.keys, _, err = vault.Load(c.Keys, hasData(c)); err != nil {
		return nil, fmt.Errorf("LIUHEN_KEYS: %w", err)
	}
	s.db, err = db.Open(ctx, c.DatabaseURL, db.Options{
		Keys: s.keys, Clock: clock, Zone: c.Zone, Calendar: s.calendar, Policy: s.policy, MatchKey: intake.MatchKey,
		FileLimit: fileLimit, Locale: c.Locale,
	})
	if err != nil {
		return nil, fmt.Errorf("DATABASE_URL: %w", err)
	}
	if s.blobs, err = vault.NewBlobs(filepath.Join(c.Data, "evidence"), s.keys); err != nil {
		return nil, fmt.Errorf("LIUHEN_DATA: %w", err)
	}
	if c.RedisURL == "" {
		s.table = dialogs.NewTable(s.db.SQL(), clock)
		s.dialogs = dialogs.Encrypted(s.table, s.keys)
		return s, nil
	}
	redis, err := dialogs.NewRedis(c.RedisURL, clock)
	if err != nil {
		return nil, fmt.Errorf("REDIS_URL: %w", err)
	}
	s.dialogs = dialogs.Encrypted(redis, s.keys)
	return s, nil
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
			return law.Calendar{}, fmt.Errorf("calendar: %w", err)
		}
		days, err := reminders.ParseHolidayCN(b)
		if err != nil {
			return law.Calendar{}, fmt.Errorf("calendar %s: %w", filepath.Base(f), err)
		}
		uploads = append(uploads, days)
	}
	return reminders.Workdays(uploads...)
}

// verifyEvidence reads every piece of evidence of every record and compares its hash; bad ones are told.
func (s *stores) verifyEvidence(ctx context.Context, tell func(record string, err error)) (checked, bad int, err error) {
	err = s.db.Exhibits(ctx, func(record string, f form.File) error {
		checked++
		if err := s.blobs.Check(ctx, f.Blob); err != nil {
			bad++
			tell(record, err)
		}
		return ctx.Err()
	})
	return checked, bad, err
}

// hasData reports whether something was sealed here before: then a missing key file is a loss to be said, not a first start.
func hasData(c Config) bool {
	paths := []string{filepath.Join(c.Data, "evidence")}
	if file, ok := strings.CutPrefix(c.DatabaseURL, "sqlite:"); ok {
		paths = append(paths, file)
	}
	for _, p := range paths {
		if _, err := os.Stat(p); err == nil {
			return true
		}
	}
	return false
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

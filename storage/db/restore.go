package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

var (
	// ErrNotEmpty says that there is something already where a backup was to be read in.
	ErrNotEmpty = errors.New("there is a database already")
	// ErrNoSuchUnit says that a backup has no institution of that name.
	ErrNoSuchUnit = errors.New("the backup has no institution of that name")
	// ErrQuarantine says that a restored database was not released yet.
	ErrQuarantine = errors.New("the database was restored and is not released yet")
)

// Backup is where the rows of a backup come from.
type Backup struct {
	Version int                  // of the schema
	Mark    string               // of the keys, see [Mark]
	Next    func() (Part, error) // a Part without a table is the end
	// Evidence is called then, and stores the evidence that is wanted; only when it returns without an error does the restore stand.
	Evidence func(wanted func(name string) bool) error
}

// Restore reads a backup into the empty database at url, all of it or nothing, and leaves it in quarantine: see [DB.Release].
// With an institution's name it takes what belongs to that one, and the units and people above it.
func Restore(ctx context.Context, url string, o Options, b Backup, institution string) error {
	if b.Version > newest() {
		return fmt.Errorf("%w: the backup's schema is version %d, this release knows versions up to %d", ErrNewerSchema, b.Version, newest())
	}
	if b.Mark != Mark(o.Keys) {
		return ErrOtherKeys
	}
	state, err := Look(ctx, url)
	if err != nil {
		return err
	}
	if state.Version > 0 {
		return ErrNotEmpty
	}
	d, err := open(url, o)
	if err != nil {
		return err
	}
	// Once only: the backup is read as it comes.
	err = d.once(ctx, &sql.TxOptions{}, func(t *tx) error { return t.restore(b, institution) })
	if err != nil {
		err = fmt.Errorf("restore: %w", err)
	}
	return errors.Join(err, d.Close())
}

func (t *tx) restore(b Backup, institution string) error {
	if err := t.lockSchema(); err != nil {
		return err
	}
	var have int
	if _, err := t.one([]any{&have}, "SELECT COALESCE(MAX(version), 0) FROM schema_version"); err != nil || have > 0 {
		return errors.Join(err, ErrNotEmpty)
	}
	if err := t.raise(0, b.Version); err != nil {
		return err
	}
	if _, err := t.exec(keyMarkTable); err != nil {
		return err
	}
	if err := t.deferReferences(true); err != nil {
		return err
	}
	in := &intaking{tx: t, only: institution, kept: map[string]map[string]bool{}}
	if err := in.all(b.Next); err != nil {
		return err
	}
	if err := t.deferReferences(false); err != nil {
		return err
	}
	if err := b.Evidence(func(name string) bool { return institution == "" || in.kept["blobs"][name] }); err != nil {
		return err
	}
	if err := t.raise(b.Version, newest()); err != nil {
		return err
	}
	if institution != "" && b.Version >= logVersion { // what is left gets a log of its own
		if err := t.makeUpFor(); err != nil {
			return err
		}
	}
	return t.quarantine()
}

// quarantine holds back what a restored past would do (T18): messages that were due may have been sent since, and invitations
// used. What is filed from now on waits for the release as well.
func (t *tx) quarantine() error {
	for _, q := range []string{
		"UPDATE outbox SET state = 'old', lease_ms = 0 WHERE state = 'due'",
		"UPDATE invitations SET expires_ms = 0 WHERE used_ms IS NULL",
	} {
		if _, err := t.exec(q); err != nil {
			return err
		}
	}
	if _, err := t.exec("INSERT INTO restores (at_ms, by_whom) VALUES ($1, '')", t.d.now()); err != nil {
		return err
	}
	if _, err := t.exec("INSERT INTO wrapping_keys (id, made_ms) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING", t.d.wrapper().Current(), t.d.now()); err != nil {
		return err
	}
	if err := t.audit(key("restore", number(t.d.now())), t.d.Clock(), "", "restore", "", true, ""); err != nil {
		return err
	}
	return t.matchKeys()
}

// deferReferences lets rows come in any order until all are in, and then sees that all references are good.
func (t *tx) deferReferences(on bool) error {
	if t.d.engine == sqliteEngine {
		if on {
			_, err := t.exec("PRAGMA defer_foreign_keys = 1")
			return err
		}
		type bad struct{ table, parent string }
		found, err := rows(t, func(b *bad) []any { return []any{&b.table, &b.parent} }, `SELECT "table", "parent" FROM pragma_foreign_key_check`)
		if err == nil && len(found) > 0 {
			err = fmt.Errorf("a row of %s refers to one of %s that the backup does not have", found[0].table, found[0].parent)
		}
		return err
	}
	if !on {
		if _, err := t.exec("SET CONSTRAINTS ALL IMMEDIATE"); err != nil {
			return err
		}
	}
	kind := map[bool]string{true: "DEFERRABLE INITIALLY DEFERRED", false: "NOT DEFERRABLE"}[on]
	changes, err := texts(t, `SELECT format('ALTER TABLE %I ALTER CONSTRAINT %I `+kind+`', c.relname, k.conname) FROM pg_constraint k
		JOIN pg_class c ON c.oid = k.conrelid WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace`)
	for _, q := range changes {
		if err == nil {
			_, err = t.exec(q)
		}
	}
	return err
}

// intaking takes rows in, those of one institution or all.
type intaking struct {
	*tx
	only  string
	kept  map[string]map[string]bool // ids taken, by table; only with one institution
	keys  []Part                     // data keys, held back until it is known which are needed
	units Part                       // units, held back until all of them are there
}

func (in *intaking) all(next func() (Part, error)) error {
	for {
		p, err := next()
		if err != nil {
			return err
		}
		if err := in.settleUnits(p.Table); err != nil {
			return err
		}
		if p.Table == "" {
			break
		}
		if in.only != "" {
			if p, err = in.choose(p); err != nil {
				return err
			}
		}
		if err := in.insert(p); err != nil {
			return fmt.Errorf("table %s: %w", p.Table, err)
		}
	}
	for _, p := range in.keys {
		p.Rows = slices.DeleteFunc(p.Rows, func(r []any) bool { return !in.needsKey(r[0].(string), r[1].(string)) })
		if err := in.insert(p); err != nil {
			return err
		}
	}
	return nil
}

func (in *intaking) insert(p Part) error {
	if slices.Contains(notDumped, p.Table) || strings.Trim(p.Table+strings.Join(p.Columns, ""), "abcdefghijklmnopqrstuvwxyz_0123456789") != "" {
		return errors.New("it does not belong into a backup")
	}
	q := fmt.Sprintf("INSERT INTO %s (%s) VALUES %s", p.Table, strings.Join(p.Columns, ", "), list(1, len(p.Columns)))
	for _, r := range p.Rows {
		if len(r) != len(p.Columns) {
			return errors.New("a row has another length")
		}
		if _, err := in.exec(q, r...); err != nil {
			return err
		}
	}
	return nil
}

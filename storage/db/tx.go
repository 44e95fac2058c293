package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
)

// attempts is how often a transaction is begun again after the database itself broke it off for another one's sake.
const attempts = 6

// tx is one transaction.
type tx struct {
	*sql.Tx
	d     *DB
	ctx   context.Context
	reads bool                // and does nothing else
	bars  map[string][]string // who is barred from which report, once read
	notes *[]note             // what is read, when it is written down after the transaction

	leaves []leaf // of the log, appended at the end

	fetched map[[2]string]wrappedKey // data keys that were read for a list
}

// write runs f in a transaction. f may run more than once and must change nothing but the database until it succeeds.
func (d *DB) write(ctx context.Context, doing string, f func(*tx) error) error {
	return d.transact(ctx, doing, &sql.TxOptions{}, f)
}

// snapshot runs f, which only reads, in a transaction that sees the database as it is at one moment.
func (d *DB) snapshot(ctx context.Context, doing string, f func(*tx) error) error {
	return d.transact(ctx, doing, &sql.TxOptions{ReadOnly: true, Isolation: d.oneMoment()}, f)
}

// noted is a snapshot in which reading is written down. The notes are written, and become leaves of the log, right after it and
// before anything is given out: were they part of it, two readers at once would come to stand at one place of the log.
func (d *DB) noted(ctx context.Context, doing string, f func(*tx) error) error {
	var notes []note
	err := d.snapshot(ctx, doing, func(t *tx) error {
		notes = nil
		t.notes = &notes
		return f(t)
	})
	if err != nil || len(notes) == 0 {
		return err
	}
	return d.write(ctx, doing+": note what was read", func(t *tx) error {
		for _, n := range notes {
			if err := t.note(n); err != nil {
				return err
			}
		}
		return nil
	})
}

// oneMoment is the isolation in which all statements see the same state; SQLite knows no other.
func (d *DB) oneMoment() sql.IsolationLevel {
	if d.engine == postgresEngine {
		return sql.LevelRepeatableRead
	}
	return sql.LevelDefault
}

func (d *DB) transact(ctx context.Context, doing string, o *sql.TxOptions, f func(*tx) error) error {
	for i := 1; ; i++ {
		err := d.once(ctx, o, f)
		if err == nil {
			return nil
		}
		if i == attempts || !passing(err) {
			return fmt.Errorf("%s: %w", doing, err)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", doing, ctx.Err())
		case <-time.After(time.Duration(i) * 5 * time.Millisecond):
		}
	}
}

func (d *DB) once(ctx context.Context, o *sql.TxOptions, f func(*tx) error) error {
	if d.writer != nil && !o.ReadOnly {
		select {
		case d.writer <- struct{}{}:
			defer func() { <-d.writer }()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	t, err := d.sql.BeginTx(ctx, o)
	if err != nil {
		return err
	}
	defer t.Rollback() //nolint:errcheck // after Commit it does nothing; before, the error that led here says more
	x := &tx{Tx: t, d: d, ctx: ctx, reads: o.ReadOnly}
	if err := f(x); err != nil {
		return err
	}
	if err := d.finish(x); err != nil {
		return err
	}
	return t.Commit()
}

// passing reports whether the database broke a transaction off only because of another one.
func passing(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "40001" || pg.Code == "40P01"
	}
	var lite *sqlite.Error
	const busy, locked = 5, 6
	return errors.As(err, &lite) && (lite.Code()&0xff == busy || lite.Code()&0xff == locked)
}

// exec runs one statement and says how many rows it touched.
func (t *tx) exec(statement string, args ...any) (int, error) {
	res, err := t.ExecContext(t.ctx, statement, args...)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// one reads one row into dest; found is false without a row.
func (t *tx) one(dest []any, q string, args ...any) (found bool, err error) {
	err = t.QueryRowContext(t.ctx, q, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// rows reads all rows; fields says where the columns of a row go.
func rows[T any](t *tx, fields func(*T) []any, q string, args ...any) ([]T, error) {
	rs, err := t.QueryContext(t.ctx, q, args...)
	if err != nil {
		return nil, err
	}
	defer rs.Close() //nolint:errcheck // Err says what went wrong
	var out []T
	for rs.Next() {
		var v T
		if err := rs.Scan(fields(&v)...); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rs.Err()
}

// texts reads a column of texts.
func texts(t *tx, q string, args ...any) ([]string, error) {
	return rows(t, func(s *string) []any { return []any{s} }, q, args...)
}

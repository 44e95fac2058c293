package dialogs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// TableDDL makes the table of [Table]; SQLite and PostgreSQL take the same text. expires_ms is in
// milliseconds since 1970, UTC. The database's migrations run it.
const TableDDL = `CREATE TABLE dialogs (
	key        TEXT   NOT NULL PRIMARY KEY,
	rev        BIGINT NOT NULL,
	value      BYTEA  NOT NULL,
	expires_ms BIGINT NOT NULL
)`

// Each statement compares and sets by itself, so that no transaction is needed. A row that has
// expired counts as absent wherever it is met.
const (
	tableLoad   = `SELECT rev, value FROM dialogs WHERE key = $1 AND expires_ms > $2`
	tableInsert = `INSERT INTO dialogs (key, rev, value, expires_ms) VALUES ($1, $2, $3, $4)
		ON CONFLICT (key) DO UPDATE SET rev = excluded.rev, value = excluded.value, expires_ms = excluded.expires_ms
		WHERE dialogs.expires_ms <= $5`
	tableUpdate = `UPDATE dialogs SET rev = $1, value = $2, expires_ms = $3 WHERE key = $4 AND rev = $5 AND expires_ms > $6`
	tableDelete = `DELETE FROM dialogs WHERE key = $1 AND rev = $2 AND expires_ms > $3`
	tableSweep  = `DELETE FROM dialogs WHERE expires_ms <= $1`
)

// Table is a [Store] in the SQL database: the default, which needs no other server.
type Table struct {
	db    *sql.DB
	clock func() time.Time
}

// NewTable uses the table of [TableDDL] in db, which stays the caller's to close. Expiry goes by clock.
func NewTable(db *sql.DB, clock func() time.Time) *Table { return &Table{db: db, clock: clock} }

// Load implements [Store].
func (t *Table) Load(ctx context.Context, key string) ([]byte, uint64, error) {
	var value []byte
	var rev int64
	err := t.db.QueryRowContext(ctx, tableLoad, key, t.now()).Scan(&rev, &value)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("loading a dialog from the database: %w", err)
	}
	return value, uint64(rev), nil
}

// Save implements [Store].
func (t *Table) Save(ctx context.Context, key string, value []byte, rev uint64, ttl time.Duration) (uint64, error) {
	if err := checkTTL(value, ttl); err != nil {
		return 0, err
	}
	if len(value) == 0 {
		return 0, t.remove(ctx, key, rev)
	}
	now, next := t.now(), newRevision()
	expires := now + ttl.Milliseconds()
	if rev == 0 {
		return t.changed(ctx, next, tableInsert, key, int64(next), value, expires, now)
	}
	return t.changed(ctx, next, tableUpdate, int64(next), value, expires, key, int64(rev), now)
}

func (t *Table) remove(ctx context.Context, key string, rev uint64) error {
	if rev != 0 {
		_, err := t.changed(ctx, 0, tableDelete, key, int64(rev), t.now())
		return err
	}
	_, there, err := t.Load(ctx, key)
	if err == nil && there != 0 {
		return ErrConflict
	}
	return err
}

// changed runs a statement that must touch one row and passes next on if it did.
func (t *Table) changed(ctx context.Context, next uint64, statement string, args ...any) (uint64, error) {
	res, err := t.db.ExecContext(ctx, statement, args...)
	if err != nil {
		return 0, fmt.Errorf("saving a dialog in the database: %w", err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("saving a dialog in the database: %w", err)
	}
	if n == 0 {
		return 0, ErrConflict
	}
	return next, nil
}

// Sweep deletes what has expired and says how many dialogs that were. Nothing depends on it but the
// space used and the house's promise not to keep drafts longer than said; call it now and then.
func (t *Table) Sweep(ctx context.Context) (int64, error) {
	res, err := t.db.ExecContext(ctx, tableSweep, t.now())
	if err != nil {
		return 0, fmt.Errorf("sweeping expired dialogs: %w", err)
	}
	return res.RowsAffected()
}

func (t *Table) each(ctx context.Context, see func(value []byte) error) error {
	rows, err := t.db.QueryContext(ctx, "SELECT value FROM dialogs WHERE expires_ms > $1 ORDER BY key", t.now())
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var value []byte
		if err := rows.Scan(&value); err != nil {
			return err
		}
		if err := see(value); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Ping implements [Store]; it fails as well if the table is missing.
func (t *Table) Ping(ctx context.Context) error {
	if _, _, err := t.Load(ctx, ""); err != nil {
		return fmt.Errorf("dialog table: %w", err)
	}
	return nil
}

// Close implements [Store] and does nothing: the database is the caller's.
func (t *Table) Close() error { return nil }

func (t *Table) now() int64 { return t.clock().UnixMilli() }

package db

import (
	"context"
	"slices"
)

// WithoutLine lets SQLite alone sort out its writers, for the benchmark.
func WithoutLine(d *DB) { d.writer = nil }

// Opened is the text of a sealed column.
func Opened(ctx context.Context, d *DB, sealed []byte, table, id, column string) (plain []byte, err error) {
	err = d.snapshot(ctx, "open", func(t *tx) error {
		plain, err = t.openBytes(sealed, table, id, column)
		return err
	})
	return plain, err
}

// SealedColumns are all columns with something sealed, as table and column.
var SealedColumns = sealedColumns

// HasRestoreRule reports whether it is decided whose the rows of a table are.
func HasRestoreRule(table string) bool {
	_, ok := parents[table]
	return ok || slices.Contains(whole, table) || slices.Contains([]string{"units", "data_keys", "reports", "evidence", "bars", "measures", "audit"}, table)
}

package db

import "context"

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

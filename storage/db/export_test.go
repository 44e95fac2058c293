package db

import (
	"context"
	"slices"
	"time"

	"liuhen/flows"
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
	return ok || slices.Contains(whole, table) || slices.Contains(anew, table) || slices.Contains([]string{"units", "data_keys", "reports", "evidence", "bars", "measures", "deeds", "checkins", "told", "gone", "audit"}, table)
}

// Tellings are the messages about reports that somebody was to get, under way or put away, as kind and what they are about.
func Tellings(ctx context.Context, d *DB, person string) (out []string) {
	_ = d.snapshot(ctx, "look", func(t *tx) error {
		all, err := t.tellings(person)
		for _, x := range all {
			out = append(out, string(x.Kind)+" "+x.Ref)
		}
		return err
	})
	return out
}

// WithoutLog leaves leaves out, for the benchmark.
func WithoutLog(d *DB, without bool) {
	d.finish = (*tx).appendLeaves
	if without {
		d.finish = func(*tx) error { return nil }
	}
}

// LeavesOf are the positions of things in the log.
func LeavesOf(ctx context.Context, d *DB, kind string, ids []string) (out []int64) {
	_ = d.snapshot(ctx, "look", func(t *tx) error {
		for _, id := range ids {
			if n, ok, _ := t.leafOf(kind, id); ok {
				out = append(out, n)
			}
		}
		return nil
	})
	return out
}

// PutAbsence stores something about a 缺签说明 past every decision, as somebody with all keys could.
func PutAbsence(ctx context.Context, d *DB, e flows.NoteAbsence, at time.Time) error {
	return d.write(ctx, "put", func(t *tx) error {
		return (&work{tx: t, at: at}).insertAbsence(e.Deed, absenceBody{Deed: e.Deed, At: at.UnixMilli(), Words: e.Words})
	})
}

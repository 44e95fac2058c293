package db_test

import (
	"errors"
	"testing"
	"time"

	"liuhen/flows"
	"liuhen/flows/record"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// file signs an entry as its signer.
func file(t *testing.T, d *db.DB, w *dbtest.World, p dbtest.Somebody, r record.Record) {
	t.Helper()
	if err := d.Commit(t.Context(), p.Caller(), w.Event(), r.Signed, []flows.Durable{flows.File{Record: r}}); err != nil {
		t.Fatalf("file: %v", err)
	}
}

func desk(t *testing.T, d *db.DB, p dbtest.Somebody, where ...db.Where) flows.Desk {
	t.Helper()
	var w db.Where
	if len(where) > 0 {
		w = where[0]
	}
	got, err := d.Desk(t.Context(), p.Caller(), w)
	if err != nil {
		t.Fatalf("desk: %v", err)
	}
	return got
}

func denied(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, db.ErrDenied) {
		t.Fatalf("got %v, want ErrDenied", err)
	}
}

func claim(t *testing.T, d *db.DB) []db.Message {
	t.Helper()
	out, err := d.Claim(t.Context(), 100, time.Minute)
	if err != nil {
		t.Fatalf("claim: %v", err)
	}
	return out
}

func count(t *testing.T, d *db.DB, q string, args ...any) int {
	t.Helper()
	var n int
	if err := d.SQL().QueryRowContext(t.Context(), q, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	return n
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

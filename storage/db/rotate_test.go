package db_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
	"liuhen/storage/vault"
)

// sealedRows passes every sealed column of every row to each.
func sealedRows(t *testing.T, d *db.DB, each func(table, column, id string, sealed []byte)) {
	t.Helper()
	type row struct {
		id     string
		sealed []byte
	}
	for _, c := range db.SealedColumns {
		rs, err := d.SQL().QueryContext(t.Context(), fmt.Sprintf("SELECT id, %s FROM %s ORDER BY id", c[1], c[0]))
		must(t, err)
		var all []row
		for rs.Next() {
			var r row
			must(t, rs.Scan(&r.id, &r.sealed))
			all = append(all, r)
		}
		must(t, rs.Err())
		must(t, rs.Close())
		for _, r := range all {
			each(c[0], c[1], r.id, r.sealed)
		}
	}
}

// asFirstRelease seals everything as the first release did: under the key file directly.
func asFirstRelease(t *testing.T, d *db.DB) {
	t.Helper()
	n := 0
	for _, c := range db.SealedColumns {
		if n++; isPostgres(d) {
			exec(t, d, "ALTER TABLE "+c[0]+" DISABLE TRIGGER ALL")
			continue
		}
		exec(t, d, "DROP TRIGGER IF EXISTS "+c[0]+"_no_update")
	}
	sealedRows(t, d, func(table, column, id string, sealed []byte) {
		plain, err := db.Opened(t.Context(), d, sealed, table, id, column)
		must(t, err)
		exec(t, d, fmt.Sprintf("UPDATE %s SET %s = $1 WHERE id = $2", table, column), d.Keys.Seal(plain, table, id, column, "1"), id)
	})
	for _, c := range db.SealedColumns {
		if isPostgres(d) {
			exec(t, d, "ALTER TABLE "+c[0]+" ENABLE TRIGGER ALL")
		} else {
			exec(t, d, fmt.Sprintf("CREATE TRIGGER IF NOT EXISTS %s_no_update BEFORE UPDATE ON %[1]s BEGIN SELECT RAISE(ABORT, '%[1]s is append-only'); END", c[0]))
		}
	}
}

// a world with an entry of every kind, evidence, a report, acts and a recusal, a leak, a measure.
func sealedWorld(t *testing.T, d *db.DB) *dbtest.World {
	t.Helper()
	w := dbtest.Seed(t, d)
	file(t, d, w, w.Appraisers[0], w.Zero(w.Appraisers[0], w.Cases[1]))
	file(t, d, w, w.Appraisers[1], w.Direct(w.Appraisers[1], w.Cases[0], "经过"))
	accept(t, d, w)
	must(t, w.Take(d, w.CityOfficer, w.Order(w.CityOfficer, w.Appraisers[0], dbtest.Start))())
	must(t, d.Commit(t.Context(), w.CityLead.Caller(), w.Event(), dbtest.Start, []flows.Durable{deed(w, w.CityLead, law.Hold, "", w.Cases[0].ID)}))
	by := w.OtherOfficer
	must(t, w.Handle(d, by, w.Act(by, desk(t, d, by).Inbox[0].ID, w.City, law.Recuse, dbtest.Start))())
	must(t, w.Leak(d, w.Confidant, "线索"))
	mine := desk(t, d, w.Appraisers[0]).Records[0].ID
	must(t, d.Commit(t.Context(), w.Appraisers[0].Caller(), w.Event(), dbtest.Start, []flows.Durable{flows.CheckIn{ID: "watched", Record: mine, Want: true}}))
	must(t, d.Commit(t.Context(), w.Head.Caller(), w.Event(), dbtest.Start, []flows.Durable{absent(w, w.Head, law.ProposeAbsence, "", w.Cases[0].ID, w.Appraisers[0].ID)}))
	for _, m := range claim(t, d) { // words that arrived are put away
		must(t, d.Sent(t.Context(), m.ID))
	}
	return w
}

// Every column that holds bytes is either sealed by a data key of its row or known to hold something else.
func TestEverySealedColumnHasADataKey(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		sealedWorld(t, d)
		known := []string{"dialogs.value", "data_keys.wrapped", "log.ref", "log_hashes.hash"} // the log has one data key for all of it
		for _, c := range db.SealedColumns {
			known = append(known, c[0]+"."+c[1])
		}
		q := "SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.type = 'BYTEA'"
		if isPostgres(d) {
			q = "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'bytea'"
		}
		for _, c := range column(t, d, q) {
			if !slices.Contains(known, c) {
				t.Errorf("%s is not among the sealed columns of rotate.go", c)
			}
		}
		seen := map[string]int{}
		sealedRows(t, d, func(table, column, id string, sealed []byte) {
			seen[table+"."+column]++
			if !vault.Enveloped(sealed) {
				t.Errorf("%s.%s is sealed under the key file itself", table, column)
			}
			if n := count(t, d, "SELECT COUNT(*) FROM data_keys WHERE of_table = $1 AND of_row = $2", table, id); n != 1 {
				t.Errorf("%s.%s has %d data keys", table, column, n)
			}
		})
		if len(seen) != len(db.SealedColumns) {
			t.Errorf("the world has only %v", seen)
		}
		if n, m := count(t, d, "SELECT COUNT(*) FROM data_keys"), count(t, d,
			"SELECT (SELECT COUNT(*) FROM records) + (SELECT COUNT(*) FROM evidence) + (SELECT COUNT(*) FROM reports) + (SELECT COUNT(*) FROM acts) + (SELECT COUNT(*) FROM measures) + (SELECT COUNT(*) FROM bars) + (SELECT COUNT(*) FROM leaks) + (SELECT COUNT(*) FROM deeds) + (SELECT COUNT(*) FROM checkins) + (SELECT COUNT(*) FROM told) + (SELECT COUNT(*) FROM absences) + 1"); n != m { // and the log
			t.Errorf("%d data keys for %d rows", n, m)
		}
		if _, err := d.SQL().ExecContext(t.Context(), "DELETE FROM data_keys"); err == nil {
			t.Error("data keys can be deleted")
		}
		exec(t, d, "UPDATE data_keys SET wrapped = (SELECT k.wrapped FROM data_keys k WHERE k.of_table <> data_keys.of_table LIMIT 1)")
		d = open() // which has unwrapped nothing yet
		found := 0
		_, err := d.Verify(t.Context(), func(db.Finding) { found++ })
		if must(t, err); found < 4 {
			t.Errorf("data keys were exchanged, and %d findings", found)
		}
	})
}

func column(t *testing.T, d *db.DB, q string) (out []string) {
	t.Helper()
	rs, err := d.SQL().QueryContext(t.Context(), q)
	must(t, err)
	defer rs.Close()
	for rs.Next() {
		var s string
		must(t, rs.Scan(&s))
		out = append(out, s)
	}
	must(t, rs.Err())
	return out
}

func verified(t *testing.T, d *db.DB) int {
	t.Helper()
	n, err := d.Verify(t.Context(), func(f db.Finding) { t.Errorf("finding %+v", f) })
	must(t, err)
	return n
}

// zero files one more entry.
func zero(d *db.DB, w *dbtest.World) error {
	s := w.Appraisers[2]
	r := w.Zero(s, w.Cases[1])
	return d.Commit(context.Background(), s.Caller(), w.Event(), r.Signed, []flows.Durable{flows.File{Record: r}})
}

func rotate(ctx context.Context, d *db.DB, s vault.Suite) error {
	if _, err := d.NextKey(ctx, s); err != nil {
		return err
	}
	_, err := d.Rewrap(ctx, func(int, int) {})
	return err
}

// Keys are changed beside a bot that files; signed rows stay byte for byte; the old key can go when it holds nothing any more.
func TestKeysAreChangedWhileTheBotRuns(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		bot := open(func(o *db.Options) { o.Keys = again(t, o.Keys) }) // another process: its own idea of the key file
		w := sealedWorld(t, d)
		must(t, d.MarkKeys(t.Context()))
		first := d.Keys.Current()
		before := dump(t, d, "records", "reports", "evidence", "acts")
		var stop atomic.Bool
		var filed atomic.Int64
		var all sync.WaitGroup
		all.Go(func() {
			for !stop.Load() {
				if err := zero(bot, w); err != nil {
					t.Error(err)
					return
				}
				filed.Add(1)
			}
		})
		for _, s := range []vault.Suite{vault.Guomi, vault.Standard, vault.Guomi} {
			was := filed.Load()
			must(t, rotate(t.Context(), d, s))
			for filed.Load() < was+3 && !t.Failed() {
				time.Sleep(time.Millisecond)
			}
		}
		stop.Store(true)
		all.Wait()
		must(t, rotate(t.Context(), d, vault.Guomi)) // goes on, or makes one more
		if now := dump(t, d, "records", "reports", "evidence", "acts"); !strings.Contains(now, before) && !sameRows(before, now) {
			t.Error("changing keys changed signed rows")
		}
		if n := count(t, d, "SELECT COUNT(*) FROM data_keys WHERE wrapped_by <> $1", d.Keys.Current()); n != 0 {
			t.Errorf("%d data keys are wrapped by an old key", n)
		}
		uses, err := d.KeyUses(t.Context())
		must(t, err)
		for _, u := range uses {
			err := d.Retire(t.Context(), u.ID)
			if u.Current != errors.Is(err, db.ErrKeyInUse) || !u.Current && err != nil {
				t.Errorf("retire %+v: %v", u, err)
			}
		}
		if d.Keys.Holds(first) || count(t, d, "SELECT COUNT(*) FROM wrapping_keys") != 1 {
			t.Error("the first key is still there")
		}
		fresh := open(func(o *db.Options) { o.Keys = again(t, o.Keys) })
		must(t, fresh.MarkKeys(t.Context()))
		if n := verified(t, fresh); n != 2+int(filed.Load()) {
			t.Errorf("%d entries verified, %d filed", n, filed.Load())
		}
		if err := zero(bot, w); err != nil {
			t.Errorf("the bot that ran all the time: %v", err)
		}
	})
}

// sameRows reports whether every line of before is in now.
func sameRows(before, now string) bool {
	lines := strings.Split(now, "\n")
	for _, l := range strings.Split(before, "\n") {
		if !slices.Contains(lines, l) {
			return false
		}
	}
	return true
}

// again is the key file as another process reads it.
func again(t *testing.T, k *vault.Keys) *vault.Keys {
	t.Helper()
	other, _, err := vault.Load(k.Path(), true)
	must(t, err)
	return other
}

// Broken off at any statement, changing keys loses nothing, and the next call goes on with the same key.
func TestChangingKeysIsGoneOnWithAfterAnyBreak(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		c := &cutter{}
		c.left.Store(-1)
		broken, d := open(counting(c)), open()
		w := sealedWorld(t, d)
		must(t, d.MarkKeys(t.Context()))
		for _, late := range []bool{false, true} {
			cuts, keys := 0, count(t, d, "SELECT COUNT(*) FROM wrapping_keys")
			for n := 0; ; n++ {
				c.arm(n, late)
				err := rotate(t.Context(), broken, vault.Standard)
				c.left.Store(-1)
				verified(t, d)
				if !c.cut.Load() {
					must(t, err)
					break
				}
				cuts++
				must(t, rotate(t.Context(), d, vault.Standard))
			}
			if err := zero(d, w); err != nil {
				t.Fatalf("after the breaks: %v", err)
			}
			if made := count(t, d, "SELECT COUNT(*) FROM wrapping_keys") - keys; cuts < 8 || made < 1 {
				t.Errorf("cut %d times, %d keys made", cuts, made)
			}
		}
		must(t, open(func(o *db.Options) { o.Keys = again(t, o.Keys) }).MarkKeys(t.Context()))
	})
}

// An old copy of the key file is refused before anything is written with it.
func TestAnOldKeyFileIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		sealedWorld(t, d)
		must(t, d.MarkKeys(t.Context()))
		old, err := os.ReadFile(d.Keys.Path())
		must(t, err)
		must(t, rotate(t.Context(), d, vault.Standard))
		path := filepath.Join(t.TempDir(), "keys")
		must(t, os.WriteFile(path, old, 0o600))
		k, _, err := vault.Load(path, true)
		must(t, err)
		if err := open(func(o *db.Options) { o.Keys = k }).MarkKeys(t.Context()); !errors.Is(err, db.ErrOldKeys) {
			t.Errorf("an old key file: %v", err)
		}
	})
}

// What the first release sealed stays readable, its key cannot be retired, and what is new has data keys.
func TestRowsOfTheFirstReleaseKeepTheirKey(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := sealedWorld(t, d)
		asFirstRelease(t, d)
		first := d.Keys.Current()
		must(t, rotate(t.Context(), d, vault.Guomi))
		file(t, d, w, w.Appraisers[0], w.Zero(w.Appraisers[0], w.Cases[1]))
		if n := verified(t, d); n != 3 {
			t.Errorf("%d entries verified", n)
		}
		if err := d.Retire(t.Context(), first); !errors.Is(err, db.ErrKeyInUse) || !strings.Contains(err.Error(), "opens 16 columns") {
			t.Errorf("retire the first key: %v", err)
		}
	})
}

// What one suite sealed is read when the other one has been chosen.
func TestSuitesReadEachOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		chosen := func(s vault.Suite) *db.DB { return open(func(o *db.Options) { o.Suite = s }) }
		w := sealedWorld(t, chosen(vault.Guomi))
		d := chosen(vault.Standard)
		before := 0
		sealedRows(t, d, func(_, _, _ string, _ []byte) { before++ })
		file(t, d, w, w.Appraisers[0], w.Zero(w.Appraisers[0], w.Cases[1]))
		codes := map[byte]int{}
		sealedRows(t, d, func(_, _, _ string, sealed []byte) { codes[sealed[1]]++ })
		if before < 13 || codes[2] != before || codes[1] != 2 {
			t.Errorf("of %d columns, by suite: %v", before, codes)
		}
		for _, s := range []vault.Suite{vault.Standard, vault.Guomi} {
			if n := verified(t, chosen(s)); n != 3 {
				t.Errorf("%s verifies %d entries", s, n)
			}
		}
	})
}

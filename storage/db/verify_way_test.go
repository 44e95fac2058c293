package db_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// findings are those of a store, each in one line.
func findings(t *testing.T, d *db.DB) (all []string) {
	t.Helper()
	_, err := d.Verify(t.Context(), func(f db.Finding) { all = append(all, f.Row+" "+f.What+": "+f.Why) })
	must(t, err)
	return all
}

// Where a report went is compared with what was signed, and nothing lies about that belongs to nothing.
func TestVerifyComparesWhereReportsWent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := dbtest.Seed(t, d)
		file(t, d, w, w.Appraisers[0], w.Direct(w.Appraisers[0], w.Cases[1], "经过"))
		openReport(t, d, w)
		id := reportIn(t, d, w.CityOfficer)
		whole(t, d, 1)
		unlock(t, d, "reports")
		if !isPostgres(d) {
			exec(t, d, "PRAGMA foreign_keys = 0")
		} else {
			exec(t, d, "ALTER TABLE stops DISABLE TRIGGER ALL")
			exec(t, d, "ALTER TABLE deliveries DISABLE TRIGGER ALL")
		}
		for _, c := range []struct{ table, change, want string }{
			{"deliveries", "DELETE FROM deliveries WHERE person = '" + w.CityOfficer.ID + "'", id + " deliveries: one to a recipient who was signed for is gone"},
			{"deliveries", "UPDATE deliveries SET person = '" + w.Archivist.ID + "' WHERE person = '" + w.CityOfficer.ID + "'", id + " deliveries: one to a recipient"},
			{"deliveries", fmt.Sprintf("INSERT INTO deliveries (report, unit, person, made_ms) VALUES ('%s', '%s', '%s', 1)", id, w.City, w.Head.ID), id + " deliveries: one to somebody whom the report excludes"},
			{"deliveries", fmt.Sprintf("INSERT INTO deliveries (report, unit, person, made_ms) VALUES ('%s', '%s', '%s', 1)", id, w.City, w.Appraisers[0].ID), id + " deliveries: one to somebody whom the report excludes"},
			{"deliveries", "UPDATE deliveries SET report = 'none'", "none deliveries: it belongs to nothing"},
			{"stops", "DELETE FROM stops", id + " stops: a stop that was signed for is missing"},
			{"stops", "UPDATE stops SET unit = '" + w.Province + "'", id + " stops: a stop"},
			{"stops", "UPDATE stops SET article = 'x'", id + " stops: a stop"},
			{"stops", "UPDATE stops SET climbed = NOT climbed", id + " stops: a stop"},
			{"stops", fmt.Sprintf("INSERT INTO stops (report, unit, level, article, climbed, made_ms) VALUES ('none', '%s', '', '', TRUE, 1)", w.City), "none stops: it belongs to nothing"},
			{"data_keys", "UPDATE data_keys SET wrapped_by = 'another' WHERE of_row = '" + id + "'", "reports/" + id + " data_keys: it is wrapped by another key than it says"},
		} {
			if c.table == "data_keys" {
				exec(t, d, "INSERT INTO wrapping_keys (id, made_ms) VALUES ('another', 1)")
			}
			exec(t, d, "CREATE TABLE saved AS SELECT * FROM "+c.table)
			exec(t, d, c.change)
			found := findings(t, d)
			if !slices.ContainsFunc(found, func(s string) bool { return strings.HasPrefix(s, c.want) }) {
				t.Errorf("%s: found\n%s\nand not %s", c.change, strings.Join(found, "\n"), c.want)
			}
			if c.table == "data_keys" { // what it still wraps keeps a key from being retired
				old := d.Keys.Current()
				exec(t, d, "UPDATE data_keys SET wrapped_by = $1", old)
				_, err := d.NextKey(t.Context(), d.Suite)
				must(t, err)
				exec(t, d, "UPDATE data_keys SET wrapped_by = $1", d.Keys.Current())
				if err := d.Retire(t.Context(), old); !errors.Is(err, db.ErrKeyInUse) {
					t.Errorf("a key in use was retired: %v", err)
				}
				continue
			}
			exec(t, d, "DELETE FROM "+c.table)
			exec(t, d, "INSERT INTO "+c.table+" SELECT * FROM saved")
			exec(t, d, "DROP TABLE saved")
		}
	})
}

// SQLite takes any value in any column. Verify names each that is not of its column's kind and comes to an end; some of them would otherwise
// stop it, or make it endless.
func TestVerifyNamesValuesOfAnotherKind(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		clock := dbtest.At(dbtest.Start)
		d := open(dbtest.WithClock(clock))
		if isPostgres(d) {
			return // it takes none
		}
		w := dbtest.Seed(t, d)
		everything(t, d, w, clock)
		whole(t, d, 1)
		for _, table := range appendOnly(t) {
			unlock(t, d, table)
		}
		exec(t, d, "UPDATE acts SET id = X'FF00' WHERE rowid = 1") // it stands behind every text
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		one := 0
		if _, err := d.Verify(ctx, func(db.Finding) { one++ }); err != nil || one != 2 {
			t.Errorf("an ID of bytes: %d findings, %v", one, err)
		}
		want := 0
		for _, table := range append(appendOnly(t), "stops", "deliveries", "signers", "cases", "persons") {
			columns, n := shape(t, d, table)
			for _, c := range columns {
				var kind string
				must(t, d.SQL().QueryRow("SELECT TYPEOF("+c+") FROM "+table+" LIMIT 1").Scan(&kind))
				other := map[string]string{"text": "X'FF00'", "integer": "'one'", "blob": "'text'", "null": "1.5"}[kind]
				if table == "acts" && c == "id" {
					kind, other = "", "X'FF00'"
				}
				if _, err := d.SQL().Exec("UPDATE " + table + " SET " + c + " = " + other + " WHERE rowid = (SELECT MIN(rowid) FROM " + table + ")"); err != nil {
					t.Fatalf("%s.%s of %d rows: %v", table, c, n, err)
				}
				want++
			}
		}
		exec(t, d, "UPDATE audit SET allowed = 2 WHERE rowid = (SELECT MAX(rowid) FROM audit)")
		found := findings(t, d)
		if len(found) != want+2 || !strings.HasPrefix(found[len(found)-1], " verify: nothing else was compared") {
			t.Errorf("%d values and one more are of another kind, and these are found:\n%s", want, strings.Join(found, "\n"))
		}
		for _, s := range found[:len(found)-1] {
			if !strings.HasSuffix(s, ": it is of another kind than anything the program writes: it was altered") {
				t.Error(s)
			}
		}
	})
}

// One data key that does not open is one row's loss, which verify names, and no reason to call the key file an old one.
func TestOneDamagedDataKeyStopsNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := dbtest.Seed(t, d)
		r := w.Zero(w.Appraisers[0], w.Cases[0])
		file(t, d, w, w.Appraisers[0], r)
		must(t, d.MarkKeys(t.Context()))
		_, err := d.Box(t.Context(), "dialogs") // its key is the first that is looked at
		must(t, err)
		exec(t, d, "UPDATE data_keys SET wrapped = (SELECT wrapped FROM data_keys WHERE of_table = 'log') WHERE of_table <> 'log'")
		again := open()
		must(t, again.MarkKeys(t.Context()))
		found := findings(t, again)
		if !slices.Contains(found, r.ID+" body: it does not open") {
			t.Errorf("found %q", found)
		}
	})
}

package db_test

import (
	"strings"
	"testing"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// A signer marked as having filed who has not, or the reverse, is found.
func TestVerifyComparesWhatIsOwed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := dbtest.Seed(t, d)
		file(t, d, w, w.Appraisers[0], w.Zero(w.Appraisers[0], w.Cases[1]))
		for _, q := range []string{"UPDATE signers SET filed_ms = NULL", "UPDATE signers SET filed_ms = 1"} {
			exec(t, d, q)
			n := 0
			_, err := d.Verify(t.Context(), func(db.Finding) { n++ })
			must(t, err)
			if n == 0 {
				t.Errorf("%s: not found", q)
			}
		}
	})
}

// alterable is every column in which something signed or witnessed stands.
var alterable = map[string][]string{
	"records":  {"id", "institution", "signer", "signed_ms", "supersedes", "head", "body"},
	"links":    {"record", "case_id"},
	"evidence": {"id", "blob", "size", "body"},
	"reports":  {"id", "arrived_ms", "body"},
	"acts":     {"id", "report", "at_ms", "body"},
	"measures": {"id", "proceeding", "unit", "nth", "subject", "at_ms", "body"},
	"audit":    {"id", "at_ms", "caller", "action", "subject", "allowed", "why"},
	"logged":   {"id", "unit", "at_ms"},
	"log":      {"n", "name", "ref"},

	"log_hashes": {"i", "hash"},
}

func TestSignedTablesAreAppendOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := dbtest.Seed(t, d)
		file(t, d, w, w.Appraisers[0], w.Direct(w.Appraisers[0], w.Cases[1], "经过"))
		accept(t, d, w)
		must(t, w.Take(d, w.CityOfficer, w.Order(w.CityOfficer, w.Appraisers[0], dbtest.Start))())
		openReport(t, d, w)
		refused := func(q string) {
			t.Helper()
			if _, err := d.SQL().ExecContext(t.Context(), q); err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("%s: %v", q, err)
			}
		}
		for table, columns := range alterable {
			for _, c := range columns {
				refused("UPDATE " + table + " SET " + c + " = " + c)
			}
			refused("DELETE FROM " + table)
		}
	})
}

func TestVerifyFindsEveryAlteration(t *testing.T) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		prepare := func() *db.DB {
			d := twin()
			other := w.Zero(w.Appraisers[1], w.Cases[0])
			file(t, d, w, w.Appraisers[1], other)
			file(t, d, w, w.Appraisers[0], w.Direct(w.Appraisers[0], w.Cases[1], "经过"))
			accept(t, d, w)
			o := w.Order(w.CityOfficer, w.Appraisers[0], dbtest.Start)
			must(t, w.Take(d, w.CityOfficer, o)())
			must(t, w.Take(d, w.Appraisers[0], w.Next(o, w.Appraisers[0], law.StateDefence, dbtest.Start))())
			openReport(t, d, w)
			return d
		}
		findings := func(d *db.DB) (n int) {
			checked, err := d.Verify(t.Context(), func(f db.Finding) { n++ })
			must(t, err)
			if checked == 0 {
				t.Fatal("nothing was checked")
			}
			return n
		}
		if n := findings(prepare()); n != 0 {
			t.Fatalf("%d findings in a store that nobody touched", n)
		}
		for table, columns := range alterable {
			for _, c := range columns {
				d := prepare()
				unlock(t, d, table)
				if !alter(t, d, table, c) {
					t.Fatalf("%s.%s was not altered", table, c)
				}
				if findings(d) == 0 {
					t.Errorf("%s.%s altered, and not found", table, c)
				}
			}
			d := prepare()
			unlock(t, d, table)
			exec(t, d, "DELETE FROM "+table)
			if n := 0; table == "records" {
				checked, err := d.Verify(t.Context(), func(db.Finding) { n++ })
				if err != nil || checked != 0 || n == 0 {
					t.Errorf("all records gone: %d findings, %v", n, err)
				}
			} else if findings(d) == 0 {
				t.Errorf("%s emptied, and not found", table)
			}
		}
	})
}

func exec(t *testing.T, d *db.DB, q string, args ...any) {
	t.Helper()
	if _, err := d.SQL().ExecContext(t.Context(), q, args...); err != nil {
		t.Fatalf("%s: %v", q, err)
	}
}

func isPostgres(d *db.DB) bool {
	_, err := d.SQL().Exec("SELECT pg_backend_pid()")
	return err == nil
}

// unlock takes a table's protection away, as somebody with all rights on the server could.
func unlock(t *testing.T, d *db.DB, table string) {
	t.Helper()
	if isPostgres(d) {
		for x := range alterable {
			exec(t, d, "ALTER TABLE "+x+" DISABLE TRIGGER ALL")
		}
		return
	}
	exec(t, d, "DROP TRIGGER "+table+"_no_update")
	exec(t, d, "DROP TRIGGER "+table+"_no_delete")
	d.SQL().SetMaxOpenConns(1) // the next setting is the connection's
	exec(t, d, "PRAGMA foreign_keys = 0")
}

// alter changes one column of all rows.
func alter(t *testing.T, d *db.DB, table, column string) bool {
	t.Helper()
	value := map[string]string{
		"signed_ms": "signed_ms + 1", "at_ms": "at_ms + 1", "arrived_ms": "arrived_ms + 1", "size": "size + 1",
		"allowed": "NOT allowed", "n": "n + 1000", "i": "i + 1000",
		"case_id": "(SELECT MIN(id) FROM cases c WHERE c.id <> links.case_id)",
		"signer":  "(SELECT MIN(id) FROM persons p WHERE p.id <> records.signer)",
	}[column]
	if value == "" {
		value = column + " || 'x'"
	}
	if column == "head" || column == "body" || column == "ref" || column == "hash" {
		value = "CAST(" + column + " || CAST('x' AS BYTEA) AS BYTEA)"
		if !isPostgres(d) {
			value = "CAST(" + column + " || 'x' AS BLOB)"
		}
	}
	if column == "nth" {
		value = "nth + 7"
	}
	if column == "institution" || column == "unit" {
		value = "(SELECT MIN(id) FROM units u WHERE u.id <> " + table + "." + column + ")"
	}
	res, err := d.SQL().ExecContext(t.Context(), "UPDATE "+table+" SET "+column+" = "+value)
	if err != nil {
		t.Fatalf("alter %s.%s: %v", table, column, err)
	}
	n, err := res.RowsAffected()
	return err == nil && n > 0
}

// Two entries' sealed bodies exchanged do not open: they are bound to their rows.
func TestSealedColumnsAreBoundToTheirRows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := dbtest.Seed(t, d)
		a, b := w.Zero(w.Appraisers[0], w.Cases[0]), w.Zero(w.Appraisers[0], w.Cases[0])
		file(t, d, w, w.Appraisers[0], a)
		file(t, d, w, w.Appraisers[0], b)
		unlock(t, d, "records")
		exec(t, d, "UPDATE records SET body = (SELECT body FROM records WHERE id = $1) WHERE id = $2", a.ID, b.ID)
		n := 0
		_, err := d.Verify(t.Context(), func(db.Finding) { n++ })
		must(t, err)
		if n == 0 {
			t.Fatal("an exchanged body was not found")
		}
	})
}

// accept lets the city take the only report up.
func accept(t *testing.T, d *db.DB, w *dbtest.World) {
	t.Helper()
	must(t, w.Handle(d, w.CityOfficer, w.Act(w.CityOfficer, desk(t, d, w.CityOfficer).Inbox[0].ID, w.City, law.Accept, dbtest.Start))())
}

// openReport lets the city's officer read the only report, which stands in the city's log of access.
func openReport(t *testing.T, d *db.DB, w *dbtest.World) {
	t.Helper()
	desk(t, d, w.CityOfficer, db.Where{Event: w.Event(), Place: flows.AtReport, Subject: desk(t, d, w.CityOfficer).Inbox[0].ID})
}

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

func TestSignedTablesAreAppendOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		clock := dbtest.At(dbtest.Start)
		d := open(dbtest.WithClock(clock))
		w := dbtest.Seed(t, d)
		everything(t, d, w, clock)
		refused := func(q string) {
			t.Helper()
			if _, err := d.SQL().ExecContext(t.Context(), q); err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("%s: %v", q, err)
			}
		}
		for _, table := range appendOnly(t) {
			columns, _ := shape(t, d, table)
			for _, c := range columns {
				refused("UPDATE " + table + " SET " + c + " = " + c)
			}
			refused("DELETE FROM " + table)
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
		for _, x := range appendOnly(t) {
			exec(t, d, "ALTER TABLE "+x+" DISABLE TRIGGER ALL")
		}
		return
	}
	exec(t, d, "DROP TRIGGER "+table+"_no_update")
	exec(t, d, "DROP TRIGGER "+table+"_no_delete")
	d.SQL().SetMaxOpenConns(1) // the next setting is the connection's
	exec(t, d, "PRAGMA foreign_keys = 0")
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

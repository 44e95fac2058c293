package db_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// appendOnly are the tables that a migration protects from change.
func appendOnly(t *testing.T) (tables []string) {
	t.Helper()
	files, err := filepath.Glob("migrations/*.sqlite.sql")
	must(t, err)
	for _, f := range files {
		text, err := os.ReadFile(f)
		must(t, err)
		for _, m := range regexp.MustCompile(`CREATE TRIGGER (\w+)_no_update BEFORE UPDATE`).FindAllStringSubmatch(string(text), -1) {
			tables = append(tables, m[1])
		}
	}
	slices.Sort(tables)
	if len(tables) < 19 {
		t.Fatalf("only %v are append-only", tables)
	}
	return tables
}

// everything is a store with something in every append-only table.
func everything(t *testing.T, d *db.DB, w *dbtest.World, clock *dbtest.Clock) {
	t.Helper()
	a, c := w.Appraisers[0], w.Cases[1]
	file(t, d, w, w.Appraisers[1], w.Zero(w.Appraisers[1], w.Cases[0]))
	direct := w.Direct(a, c, "经过")
	file(t, d, w, a, direct)
	accept(t, d, w)
	do := func(by dbtest.Somebody, e flows.Durable) {
		t.Helper()
		must(t, d.Commit(t.Context(), by.Caller(), w.Event(), clock.Now(), []flows.Durable{e}))
	}
	report := reportIn(t, d, w.CityOfficer)
	do(w.OtherOfficer, flows.Handle{Act: w.Act(w.OtherOfficer, report, w.City, law.Recuse, clock.Now(), dbtest.Words("话"))})
	do(a, flows.Handle{Act: w.Act(a, report, "", law.Reply, clock.Now(), dbtest.Words("话"), dbtest.Files("added"))})
	o := w.Order(w.CityOfficer, w.Appraisers[1], clock.Now())
	must(t, w.Take(d, w.CityOfficer, o)())
	must(t, w.Take(d, w.Appraisers[1], w.Next(o, w.Appraisers[1], law.StateDefence, clock.Now()))())
	must(t, w.Leak(d, w.Confidant, "线索"))
	do(a, flows.CheckIn{ID: "checkin000000001", Record: direct.ID, Want: true})
	day := law.DateOf(clock.Now())
	s := law.Substitute{
		ID: "deputy", Unit: law.UnitID(w.Institution), Principal: law.PersonID(w.Receiver.ID), Deputy: law.PersonID(w.Archivist.ID), From: day, Until: day,
	}
	do(w.Receiver, flows.Appoint{Substitute: s})
	do(w.Receiver, flows.Dismiss{ID: s.ID})
	do(w.Receiver, flows.Confirm{Unit: w.Institution, Still: true})
	do(w.CityOfficer, flows.Confirm{Unit: w.City})
	away := absent(w, w.Head, law.ProposeAbsence, "", w.Cases[0].ID, a.ID)
	do(w.Head, away)
	do(w.Archivist, absent(w, w.Archivist, law.AgreeAbsence, away.Deed.ID))
	clock.Set(later)
	p := deed(w, w.Archivist, law.Propose, "", w.Cases[0].ID)
	must(t, keep(t, d, w, w.Archivist, p))
	must(t, keep(t, d, w, w.CityLead, deed(w, w.CityLead, law.Agree, p.Deed.ID)))
	must(t, keep(t, d, w, w.CityLead, deed(w, w.CityLead, law.Hold, "", c.ID)))
}

// Every row of every append-only table, altered in any column or deleted by somebody with all rights on the server, is found and named.
func TestVerifyFindsEveryAlteration(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		clock := dbtest.At(dbtest.Start)
		d := open(dbtest.WithClock(clock))
		everything(t, d, dbtest.Seed(t, d), clock)
		whole(t, d, 1)
		tables := appendOnly(t)
		for _, table := range tables {
			unlock(t, d, table)
		}
		gone := map[string]bool{}
		for _, g := range column(t, d, "SELECT of_table || ' ' || of_row FROM gone") {
			gone[g] = true
		}
		tried, missed := 0, 0
		for _, table := range tables {
			columns, n := shape(t, d, table)
			if n == 0 {
				t.Fatalf("nothing is in %s", table)
			}
			for i := 0; i < n; i += 1 + n/12 { // of the audit and the log every few rows
				id := column(t, d, fmt.Sprintf("SELECT %s FROM %s ORDER BY 1, %s", columns[0], table, columns[1]))[i]
				second := column(t, d, fmt.Sprintf("SELECT %s FROM %s ORDER BY %s, 1", columns[1], table, columns[0]))[i]
				for _, c := range append(columns, "deleted") {
					exec(t, d, "CREATE TABLE saved AS SELECT * FROM "+table)
					if c == "deleted" {
						exec(t, d, "DELETE FROM "+table+" WHERE "+rowName(d)+" = $1", rowAt(t, d, table, i))
					} else {
						change(t, d, table, c, rowAt(t, d, table, i))
					}
					found, named := 0, false
					_, err := d.Verify(t.Context(), func(f db.Finding) {
						found++
						named = named || strings.HasPrefix(f.Row, "leaf ") || strings.Contains(f.Row, id) || table == "gone" && f.Row == second
					})
					if err != nil {
						t.Fatalf("%s.%s: %v", table, c, err)
					}
					exec(t, d, "DELETE FROM "+table)
					exec(t, d, "INSERT INTO "+table+" SELECT * FROM saved")
					exec(t, d, "DROP TABLE saved")
					tried++
					if named {
						continue
					}
					if gone[table+" "+id] { // the keys of its content are destroyed: nothing tells any more what it said
						missed++
						continue
					}
					t.Errorf("row %d of %s: %s altered, %d findings, and it is not named", i, table, c, found)
				}
			}
		}
		whole(t, d, 1)
		t.Logf("%d alterations tried in %d tables; %d of what was disposed of were not found", tried, len(tables), missed)
	})
}

func rowName(d *db.DB) string {
	if isPostgres(d) {
		return "CAST(ctid AS TEXT)"
	}
	return "CAST(rowid AS TEXT)"
}

// shape is a table's columns and the number of its rows.
func shape(t *testing.T, d *db.DB, table string) (columns []string, n int) {
	t.Helper()
	rs, err := d.SQL().QueryContext(t.Context(), "SELECT * FROM "+table)
	must(t, err)
	defer rs.Close()
	columns, err = rs.Columns()
	must(t, err)
	for rs.Next() {
		n++
	}
	must(t, rs.Err())
	return columns, n
}

// rowAt is where the i-th row of a table lies, in the order of its first two columns.
func rowAt(t *testing.T, d *db.DB, table string, i int) string {
	t.Helper()
	columns, _ := shape(t, d, table)
	return column(t, d, fmt.Sprintf("SELECT %s FROM %s ORDER BY %s", rowName(d), table, strings.Join(columns[:2], ", ")))[i]
}

// change makes one column of one row another.
func change(t *testing.T, d *db.DB, table, column, row string) {
	t.Helper()
	var v any
	must(t, d.SQL().QueryRowContext(t.Context(), "SELECT "+column+" FROM "+table+" WHERE "+rowName(d)+" = $1", row).Scan(&v))
	switch x := v.(type) {
	case int64:
		v = x + 1009
	case bool:
		v = !x
	case []byte:
		v = append(slices.Clone(x), 'x')
	case string:
		v = x + "x"
	default:
		t.Fatalf("%s.%s is a %T", table, column, v)
	}
	if column == "allowed" || column == "still" {
		_, err := d.SQL().ExecContext(t.Context(), "UPDATE "+table+" SET "+column+" = NOT "+column+" WHERE "+rowName(d)+" = $1", row)
		must(t, err)
		return
	}
	res, err := d.SQL().ExecContext(t.Context(), "UPDATE "+table+" SET "+column+" = $1 WHERE "+rowName(d)+" = $2", v, row)
	must(t, err)
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		t.Fatalf("%s.%s was not altered: %d rows, %v", table, column, n, err)
	}
}

package db_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// inTheClear is what a dump shows without the keys: every value of every row that is not sealed, by table and column.
func inTheClear(t *testing.T, d *db.DB, see func(table, column string, value any)) {
	t.Helper()
	_, parts := dumped(t, d)
	for _, p := range parts {
		for _, row := range p.Rows {
			for i, v := range row {
				if _, sealed := v.([]byte); !sealed {
					see(p.Table, p.Columns[i], v)
				}
			}
		}
	}
}

// TestADumpTiesNoSignerToAReport: of two colleagues one files 无此类情况 and one a report; both read their entries; the report is
// handled, handed on, and its signer told of it. Whoever has a dump without the keys finds the two in the same places equally often, and nothing
// that came with the report tells its moment, by which it could be tied to its entry.
func TestADumpTiesNoSignerToAReport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		clock := dbtest.At(dbtest.Start.Add(17*time.Minute + 33*time.Second + 123*time.Millisecond))
		d := open(dbtest.WithClock(clock))
		w := dbtest.Seed(t, d)
		reporter, other := w.Appraisers[0], w.Appraisers[1]
		filed := map[string]record.Record{}
		for _, r := range []record.Record{w.Direct(reporter, w.Cases[0], "经过"), w.Zero(other, w.Cases[0])} {
			clock.Move(7 * time.Minute)
			r.Signed = clock.Now()
			filed[r.Signer.ID] = r
			by := map[string]dbtest.Somebody{reporter.ID: reporter, other.ID: other}[r.Signer.ID]
			must(t, d.Commit(t.Context(), by.Caller(), w.Event(), clock.Now(), []flows.Durable{flows.File{Record: r}}))
		}
		s := &scene{w, t, d, clock, filed[reporter.ID], desk(t, d, w.CityOfficer).Inbox[0].ID}
		moments(t, d, filed)
		clock.Move(26 * time.Hour)
		s.told(db.Report)
		s.do(w.CityOfficer, w.City, law.Accept)
		if got := s.told(db.Word); len(got) != 1 {
			t.Fatalf("told: %v", got)
		}
		if moved := desk(t, d, reporter).Moved; !slices.Equal(moved, []string{filed[reporter.ID].ID}) {
			t.Errorf("the signer's own page lacks the news: %v", moved)
		}
		for _, p := range []dbtest.Somebody{reporter, other} {
			desk(t, d, p)
			desk(t, d, p, db.Where{Event: w.Event(), Place: flows.AtRecord, Subject: filed[p.ID].ID})
		}
		count := map[string]map[string]int{reporter.ID: {}, other.ID: {}}
		inTheClear(t, d, func(table, column string, v any) {
			for who := range count {
				text := fmt.Sprint(v)
				if table != "roles" && table != "signers" && (strings.Contains(text, who) || strings.Contains(text, filed[who].ID)) {
					count[who][table+"."+column]++
				}
			}
		})
		if len(count[other.ID]) < 5 {
			t.Fatalf("found nowhere: %v", count)
		}
		if fmt.Sprint(count[reporter.ID]) != fmt.Sprint(count[other.ID]) {
			t.Errorf("who reported is found at %v\nwho did not at %v", count[reporter.ID], count[other.ID])
		}
		if f := told(t, d); len(f) != 0 {
			t.Errorf("%v", f)
		}
		// The same again is still nothing: what was put away counts.
		s.told(db.Word)
		_, err := d.TellOverdue(t.Context(), law.DateOf(clock.Now().In(dbtest.Zone)))
		must(t, err)
		if got := s.told(db.Word); len(got) != 0 {
			t.Errorf("told twice: %v", got)
		}
	})
}

// moments makes sure that nothing in the clear but the entry itself, its filing and that its signer has filed, has a time within the hour.
func moments(t *testing.T, d *db.DB, filed map[string]record.Record) {
	t.Helper()
	openly := []string{"records.signed_ms", "signers.filed_ms", "audit.at_ms", "logged.at_ms", "schema_version.made_ms", "wrapping_keys.made_ms", "roles.since_ms", "invitations.made_ms", "accounts.bound_ms"}
	inTheClear(t, d, func(table, column string, v any) {
		ms, ok := v.(int64)
		if !ok || !strings.HasSuffix(column, "_ms") || slices.Contains(openly, table+"."+column) {
			return
		}
		for _, r := range filed {
			if away := time.UnixMilli(ms).Sub(r.Signed).Abs(); away < time.Hour {
				t.Errorf("%s.%s is %v away from an entry", table, column, away)
			}
		}
	})
	for _, q := range []string{"SELECT arrived_ms FROM reports", "SELECT made_ms FROM stops", "SELECT made_ms FROM deliveries", "SELECT due_ms FROM outbox"} {
		for _, ms := range momentsIn(t, d, q) {
			if at := time.UnixMilli(ms).In(dbtest.Zone); at.Hour() != 0 || at.Minute() != 0 || at.Second() != 0 {
				t.Errorf("%s: %v", q, at)
			}
		}
	}
}

func momentsIn(t *testing.T, d *db.DB, q string) (out []int64) {
	t.Helper()
	rs, err := d.SQL().Query(q)
	must(t, err)
	defer rs.Close()
	for rs.Next() {
		var n int64
		must(t, rs.Scan(&n))
		out = append(out, n)
	}
	if len(out) == 0 {
		t.Fatalf("%s: nothing", q)
	}
	return out
}

// TestKeysHaveNoOrder: in SQLite the keys of an entry and of its report do not stand side by side.
func TestKeysHaveNoOrder(t *testing.T) {
	d := dbtest.SQLite(t, t.TempDir()+"/a.db")()
	var n int64
	if err := d.SQL().QueryRow("SELECT rowid FROM data_keys LIMIT 1").Scan(&n); err == nil || !strings.Contains(err.Error(), "rowid") {
		t.Errorf("data_keys has row numbers: %v", err)
	}
}

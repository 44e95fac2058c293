package db_test

import (
	"slices"
	"strings"
	"testing"

	"liuhen/flows"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// relist loads case 0 again with these signers.
func relist(t *testing.T, d *db.DB, w *dbtest.World, signers ...dbtest.Somebody) db.Loaded {
	t.Helper()
	return load(t, d, db.Batch{Cases: []db.Case{listed(d, w, signers...)}})
}

func listed(d *db.DB, w *dbtest.World, signers ...dbtest.Somebody) db.Case {
	c := db.Case{Institution: "示例司法鉴定中心", Number: w.Cases[0].Number, MatchKey: d.MatchKey(w.Cases[0].Number)}
	for _, s := range signers {
		c.Signers = append(c.Signers, db.Signer{Name: s.Name})
	}
	return c
}

func turnover(t *testing.T, d *db.DB, p dbtest.Somebody) []string {
	t.Helper()
	x := desk(t, d, p, db.Where{Place: flows.AtSigners}).Turnover
	if x == nil {
		return []string{"none of theirs"}
	}
	var out []string
	for _, c := range x.Changes {
		out = append(out, c.Name+map[bool]string{true: "+", false: "-"}[c.In]+map[bool]string{true: "!"}[c.Closed])
	}
	return out
}

// Whom a later list takes off a case, or puts on it, stays written down for those who oversee it; who has filed is not taken off, and
// what somebody files afterwards is theirs to read (Art. 4).
func TestNobodyIsTakenOffACaseSilently(t *testing.T) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		d := twin(dbtest.WithClock(dbtest.At(dbtest.Start)))
		a := w.Appraisers
		if got := turnover(t, d, w.Head); len(got) != 0 {
			t.Fatalf("before any change: %v", got)
		}
		file(t, d, w, a[0], w.Zero(a[0], w.Cases[0]))
		relist(t, d, w, a[2]) // a[0] has filed, a[1] has not
		want := []string{a[1].Name + "-!", a[2].Name + "+!"}
		slices.Sort(want)
		for _, p := range []dbtest.Somebody{w.Head, w.Archivist, w.CityOfficer, w.CityLead} {
			got := turnover(t, d, p)
			if slices.Sort(got); !slices.Equal(got, want) {
				t.Errorf("%s sees %v, want %v", p.Name, got, want)
			}
		}
		for _, p := range []dbtest.Somebody{w.ProvinceOfficer, w.ProvinceLead} {
			if got := turnover(t, d, p); len(got) != 0 {
				t.Errorf("%s sees %v", p.Name, got)
			}
		}
		for _, p := range []dbtest.Somebody{a[0], a[1], w.Receiver, w.Confidant} {
			if got := turnover(t, d, p); !slices.Equal(got, []string{"none of theirs"}) {
				t.Errorf("%s sees %v", p.Name, got)
			}
		}
		before := contents(t, d)
		if got := relist(t, d, w, a[2]); got.ChangedCases != 0 || contents(t, d) != before {
			t.Error("the same list again changed something")
		}
		if _, err := d.SQL().ExecContext(t.Context(), "DELETE FROM audit WHERE action = 'signer_out'"); err == nil {
			t.Error("the trace can be deleted")
		}
		f, err := d.CaseFile(t.Context(), w.Cases[0].ID, "test")
		if must(t, err); len(f.Changes) != 2 {
			t.Errorf("the file of the case has %+v", f.Changes)
		}
		r := w.Zero(a[1], w.Cases[0])
		file(t, d, w, a[1], r)
		if x := desk(t, d, a[1], db.Where{Event: w.Event(), Place: flows.AtRecord, Subject: r.ID}); x.Entry == nil || len(desk(t, d, w.Head).Overdue) > 0 && strings.Contains(strings.Join(desk(t, d, w.Head).Overdue[0].Missing, ""), a[1].Name) {
			t.Error("who was taken off cannot read what they filed")
		}
		_, err = d.Verify(t.Context(), func(f db.Finding) { t.Errorf("finding %+v", f) })
		must(t, err)
	})
}

// What one load changes twice keeps its order.
func TestOneLoadChangesTwice(t *testing.T) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		d := twin(dbtest.WithClock(dbtest.At(dbtest.Start)))
		a := w.Appraisers
		load(t, d, db.Batch{Cases: []db.Case{listed(d, w, a[1]), listed(d, w, a[0], a[1]), listed(d, w, a[1])}})
		if got := turnover(t, d, w.Head); !slices.Equal(got, []string{a[0].Name + "-!", a[0].Name + "+!", a[0].Name + "-!"}) {
			t.Errorf("changes %v", got)
		}
		_, err := d.Verify(t.Context(), func(f db.Finding) { t.Errorf("finding %+v", f) })
		must(t, err)
	})
}

// Somebody with all rights who takes a signer off a case, puts one on it, or removes the trace, is found out.
func TestVerifyFindsAChangeOfSigners(t *testing.T) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		for name, change := range map[string]func(*db.DB){
			"nothing":         func(*db.DB) {},
			"taken off again": func(d *db.DB) { exec(t, d, "DELETE FROM signers WHERE person = $1", w.Appraisers[2].ID) },
			"put on silently": func(d *db.DB) {
				exec(t, d, "INSERT INTO signers (case_id, person) VALUES ($1, $2)", w.Cases[0].ID, w.Appraisers[1].ID)
			},
			"the trace is gone": func(d *db.DB) {
				unlock(t, d, "audit")
				exec(t, d, "DELETE FROM audit WHERE action = 'signer_out'")
			},
		} {
			d := twin(dbtest.WithClock(dbtest.At(dbtest.Start)))
			relist(t, d, w, w.Appraisers[0], w.Appraisers[2])
			change(d)
			n := 0
			_, err := d.Verify(t.Context(), func(db.Finding) { n++ })
			must(t, err)
			if (n == 0) != (name == "nothing") {
				t.Errorf("%s: %d findings", name, n)
			}
		}
	})
}

// The trace tells no more than filed or not filed: two worlds that differ in what somebody filed have the same one.
func TestTheTraceIsNeutral(t *testing.T) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		var seen []string
		for _, direct := range []bool{false, true} {
			d := twin(dbtest.WithClock(dbtest.At(dbtest.Start)))
			r := w.Zero(w.Appraisers[0], w.Cases[0])
			if direct {
				r = w.Direct(w.Appraisers[0], w.Cases[0], "经过")
			}
			r.ID = "record-of-the-twins"
			file(t, d, w, w.Appraisers[0], r)
			relist(t, d, w, w.Appraisers[2])
			seen = append(seen, strings.Join(turnover(t, d, w.Head), " "))
		}
		if seen[0] != seen[1] || seen[0] == "" {
			t.Errorf("the head can tell: %v", seen)
		}
	})
}

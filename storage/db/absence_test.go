package db_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"liuhen/flows"
	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// absent is something done about a 缺签说明: a proposal for a signer of a case, or an answer to the one of that ID.
func absent(w *dbtest.World, by dbtest.Somebody, kind law.AbsenceKind, about string, of ...string) flows.NoteAbsence {
	d := law.AbsenceDeed{ID: fmt.Sprintf("absence%06d", w.Event()), Kind: kind, Unit: law.UnitID(by.Unit), By: law.PersonID(by.ID), About: about, Reason: law.ReasonAway}
	if len(of) > 0 {
		d.Case, d.Signer = of[0], law.PersonID(of[1])
	}
	return flows.NoteAbsence{Deed: d, Words: "依据" + string(kind)}
}

// missed are the people whose entries are demanded for a case.
func missed(t *testing.T, d *db.DB, caseID string) (out []string) {
	t.Helper()
	owing, err := d.Owing(t.Context())
	must(t, err)
	for _, o := range owing {
		if o.Case == caseID {
			out = append(out, o.Missing...)
		}
	}
	return out
}

func absences(t *testing.T, d *db.DB, p dbtest.Somebody) *flows.Absences {
	t.Helper()
	return desk(t, d, p, db.Where{Place: flows.AtAbsences}).Absences
}

func lacks(a *flows.Absences) (out []string) {
	for _, l := range a.Lacks {
		out = append(out, l.Name)
	}
	return out
}

// TestAbsenceTakesTwo: head and archivist together; nobody else, nobody alone, nobody about what is not missing. Until both have
// spoken the entry is demanded as before; then nobody is asked any more, the signer knows of it and signs whenever they want.
func TestAbsenceTakesTwo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		clock := dbtest.At(dbtest.Start)
		d := open(dbtest.WithClock(clock))
		w := dbtest.Seed(t, d)
		a, b, c := w.Appraisers[0], w.Appraisers[1], w.Cases[0].ID
		do := func(by dbtest.Somebody, e flows.NoteAbsence) error {
			return d.Commit(t.Context(), by.Caller(), w.Event(), clock.Now(), []flows.Durable{e})
		}
		for _, p := range []dbtest.Somebody{a, b, w.Receiver, w.Confidant, w.CityOfficer, w.CityLead, w.ProvinceLead} {
			denied(t, do(p, absent(w, p, law.ProposeAbsence, "", c, a.ID)))
			if x := absences(t, d, p); x != nil && len(x.Lacks) > 0 {
				t.Errorf("%s may propose for %v", p.Name, lacks(x))
			}
		}
		left := absent(w, w.Head, law.ProposeAbsence, "", c, a.ID)
		for _, r := range []law.AbsenceReason{law.ReasonLeft, law.ReasonDead, ""} { // the register says that they are still there
			left.Deed.Reason = r
			denied(t, do(w.Head, left))
		}
		for _, of := range [][]string{{w.Cases[1].ID, a.ID}, {w.Cases[2].ID, b.ID}, {w.Cases[3].ID, a.ID}, {c, w.Appraisers[2].ID}, {"none", a.ID}} {
			denied(t, do(w.Head, absent(w, w.Head, law.ProposeAbsence, "", of...))) // not due, not closed, not in force, not theirs to sign
		}
		if got := lacks(absences(t, d, w.Head)); !slices.Equal(got, []string{a.Name, b.Name}) {
			t.Fatalf("the head may propose for %v", got)
		}
		p := absent(w, w.Head, law.ProposeAbsence, "", c, a.ID)
		must(t, do(w.Head, p))
		must(t, do(w.Head, p)) // again is nothing
		denied(t, do(w.Archivist, absent(w, w.Archivist, law.ProposeAbsence, "", c, a.ID)))
		if got := missed(t, d, c); len(got) != 2 || desk(t, d, a).Cases[0].Absent != "" || !desk(t, d, a).Cases[0].Owed {
			t.Fatalf("a proposal alone changed something: %v", got)
		}
		for _, x := range []dbtest.Somebody{a, b, w.Head, w.Receiver, w.CityOfficer, w.CityLead, w.ProvinceOfficer} {
			denied(t, do(x, absent(w, x, law.AgreeAbsence, p.Deed.ID)))
		}
		if x := absences(t, d, w.Archivist); len(x.Open) != 1 || x.Open[0].Words != p.Words || !slices.Contains(x.Open[0].May, law.AgreeAbsence) || slices.Contains(lacks(x), a.Name) {
			t.Fatalf("the archivist sees %+v", x)
		}
		if to := toldOfAbsence(t, d); !slices.Equal(to, []string{w.Archivist.ID}) {
			t.Errorf("told %v", to)
		}
		agree := absent(w, w.Archivist, law.AgreeAbsence, p.Deed.ID)
		agree.Words = "" // the reasons stand in the proposal
		must(t, do(w.Archivist, agree))
		must(t, do(w.Archivist, agree))
		if got := missed(t, d, c); !slices.Equal(got, []string{b.ID}) {
			t.Errorf("demanded of %v", got)
		}
		for _, o := range desk(t, d, w.CityOfficer).Overdue {
			if slices.Contains(o.Missing, a.Name) {
				t.Errorf("the authority is shown %+v", o)
			}
		}
		mine := desk(t, d, a).Cases
		if i := slices.IndexFunc(mine, func(x flows.Case) bool { return x.ID == c }); mine[i].Absent != law.ReasonAway || mine[i].Owed || mine[i].Filed {
			t.Errorf("the signer sees %+v", mine[i])
		}
		if to := toldOfAbsence(t, d); !slices.Equal(to, []string{a.ID}) {
			t.Errorf("told %v", to)
		}
		must(t, d.Undeliverable(t.Context(), "none", ""))
		for _, x := range []dbtest.Somebody{w.Head, w.Archivist, w.CityOfficer, w.CityLead} {
			if n := absences(t, d, x).Noted; len(n) != 1 || n[0].Second != w.Archivist.Name || !slices.Contains(n[0].May, law.WithdrawAbsence) {
				t.Errorf("%s sees %+v", x.Name, n)
			}
		}
		file(t, d, w, a, w.Zero(a, w.Cases[0])) // after all
		if n := absences(t, d, w.Head); len(n.Noted)+len(n.Open) != 0 || slices.Contains(lacks(n), a.Name) {
			t.Errorf("after signing %+v", n)
		}
		for _, x := range desk(t, d, a).Cases {
			if x.ID == c && (x.Absent != "" || !x.Filed) {
				t.Errorf("after signing %+v", x)
			}
		}
		denied(t, do(w.Head, absent(w, w.Head, law.ProposeAbsence, "", c, a.ID)))
		whole(t, d, 1)
	})
}

// toldOfAbsence are those who get a word about a 缺签说明 now. It is sent once.
func toldOfAbsence(t *testing.T, d *db.DB) (out []string) {
	t.Helper()
	for _, m := range claim(t, d) {
		if m.Kind == db.Absent {
			out = append(out, m.Person)
		}
		must(t, d.Sent(t.Context(), m.ID))
	}
	slices.Sort(out)
	return out
}

// TestAbsenceEnds: refused or withdrawn, by either side or the authority, the entry is demanded again; nothing is answered twice.
func TestAbsenceEnds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open(dbtest.WithClock(dbtest.At(dbtest.Start)))
		w := dbtest.Seed(t, d)
		a, c := w.Appraisers[0], w.Cases[0].ID
		do := func(by dbtest.Somebody, e flows.NoteAbsence) error {
			return d.Commit(t.Context(), by.Caller(), w.Event(), dbtest.Start, []flows.Durable{e})
		}
		first := absent(w, w.Archivist, law.ProposeAbsence, "", c, a.ID)
		must(t, do(w.Archivist, first))
		silent := absent(w, w.Head, law.RefuseAbsence, first.Deed.ID)
		silent.Words = ""
		denied(t, do(w.Head, silent))
		must(t, do(w.Head, absent(w, w.Head, law.RefuseAbsence, first.Deed.ID)))
		denied(t, do(w.Head, absent(w, w.Head, law.AgreeAbsence, first.Deed.ID)))
		for _, ends := range []dbtest.Somebody{w.Head, w.Archivist, w.CityOfficer, w.CityLead} {
			p := absent(w, w.Archivist, law.ProposeAbsence, "", c, a.ID)
			must(t, do(w.Archivist, p))
			must(t, do(w.Head, absent(w, w.Head, law.AgreeAbsence, p.Deed.ID)))
			if got := missed(t, d, c); slices.Contains(got, a.ID) {
				t.Fatalf("demanded of %v", got)
			}
			for _, x := range []dbtest.Somebody{a, w.Receiver, w.ProvinceOfficer} {
				denied(t, do(x, absent(w, x, law.WithdrawAbsence, p.Deed.ID)))
			}
			must(t, do(ends, absent(w, ends, law.WithdrawAbsence, p.Deed.ID)))
			denied(t, do(w.Head, absent(w, w.Head, law.WithdrawAbsence, p.Deed.ID)))
			if got := missed(t, d, c); !slices.Contains(got, a.ID) || !desk(t, d, a).Cases[0].Owed {
				t.Fatalf("withdrawn by %s, and not demanded: %v", ends.Name, got)
			}
		}
		whole(t, d, 0)
	})
}

// TestAbsenceOfTheHead: a head who signs for a case and does not is explained by the authority and the archivist, never by people
// under the head; a signer who has left is explained at once, and the new head may do it.
func TestAbsenceOfTheHead(t *testing.T) {
	clock := dbtest.At(dbtest.Start)
	d := dbtest.SQLite(t, t.TempDir()+"/liuhen.db")(dbtest.WithClock(clock))
	w := dbtest.Seed(t, d)
	b := dbtest.Batch(t)
	c := b.Cases[0]
	c.Number, c.MatchKey, c.Signers = c.Number+"之一", c.MatchKey+"之一", []db.Signer{{Name: w.Head.Name}}
	done, err := d.Load(t.Context(), db.Batch{Cases: []db.Case{c}})
	if err != nil || len(done.Faults) > 0 {
		t.Fatalf("load: %v %+v", err, done.Faults)
	}
	id := column(t, d, "SELECT case_id FROM signers WHERE person = '"+w.Head.ID+"'")[0]
	do := func(by dbtest.Somebody, e flows.NoteAbsence) error {
		return d.Commit(t.Context(), by.Caller(), w.Event(), clock.Now(), []flows.Durable{e})
	}
	if got := lacks(absences(t, d, w.CityOfficer)); !slices.Equal(got, []string{w.Head.Name}) {
		t.Errorf("the officer may propose for %v", got)
	}
	for _, p := range []dbtest.Somebody{w.Head, w.Receiver} {
		denied(t, do(p, absent(w, p, law.ProposeAbsence, "", id, w.Head.ID)))
	}
	p := absent(w, w.Archivist, law.ProposeAbsence, "", id, w.Head.ID)
	must(t, do(w.Archivist, p))
	denied(t, do(w.Head, absent(w, w.Head, law.AgreeAbsence, p.Deed.ID)))
	denied(t, do(w.ProvinceLead, absent(w, w.ProvinceLead, law.AgreeAbsence, p.Deed.ID)))
	must(t, do(w.CityLead, absent(w, w.CityLead, law.AgreeAbsence, p.Deed.ID)))
	if got := missed(t, d, id); len(got) != 0 {
		t.Errorf("demanded of %v", got)
	}
	must(t, d.Leave(t.Context(), w.Appraisers[2].ID)) // whose entry for Cases[1] is not overdue yet
	gone := absent(w, w.Head, law.ProposeAbsence, "", w.Cases[1].ID, w.Appraisers[2].ID)
	denied(t, do(w.Head, gone)) // away is not left
	gone.Deed.Reason = law.ReasonLeft
	must(t, do(w.Head, gone))
	must(t, do(w.Archivist, absent(w, w.Archivist, law.AgreeAbsence, gone.Deed.ID)))
	if to := toldOfAbsence(t, d); slices.Contains(to, w.Appraisers[2].ID) {
		t.Error("somebody who has left is told")
	}
	whole(t, d, 0)
}

// TestAbsenceInTheFile: the case is complete with a 缺签说明 and its file says whose, in neutral words; the sheet of the other signer
// has it under the remarks; the authority's hint names it instead of letting it pass as silence.
func TestAbsenceInTheFile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		clock := dbtest.At(dbtest.Start)
		d := open(dbtest.WithClock(clock))
		w := dbtest.Seed(t, d)
		a, b, c := w.Appraisers[0], w.Appraisers[1], w.Cases[0]
		r := w.Zero(b, c)
		file(t, d, w, b, r)
		missing := func() (n int) {
			list, err := d.ClosedCases(t.Context(), "", law.Effective, law.DateOf(clock.Now()))
			must(t, err)
			for _, x := range list {
				if x.ID == c.ID {
					n = x.Missing
				}
			}
			return n
		}
		if missing() != 1 {
			t.Fatal("the case is complete")
		}
		p := absent(w, w.Head, law.ProposeAbsence, "", c.ID, a.ID)
		p.Words = "canary7391"
		must(t, d.Commit(t.Context(), w.Head.Caller(), w.Event(), clock.Now(), []flows.Durable{p}))
		if x, _, err := d.Entry(t.Context(), b.Caller(), w.Event(), r.ID); err != nil || x.ID != r.ID {
			t.Fatal(err)
		}
		must(t, d.Commit(t.Context(), w.Archivist.Caller(), w.Event(), clock.Now(), []flows.Durable{absent(w, w.Archivist, law.AgreeAbsence, p.Deed.ID)}))
		want := flows.Explained{Person: a.ID, Signer: a.Name, Reason: law.ReasonAway, By: w.Head.Name, Second: w.Archivist.Name, On: law.DateOf(dbtest.Start.In(dbtest.Zone))}
		f, err := d.CaseFile(t.Context(), c.ID, "test")
		must(t, err)
		for _, s := range f.Signers {
			if (s.Person.ID == a.ID) != (s.Absent != nil) || s.Absent != nil && *s.Absent != want {
				t.Errorf("the file has %+v", s)
			}
		}
		if missing() != 0 {
			t.Error("the case is not complete")
		}
		_, beside, err := d.Entry(t.Context(), b.Caller(), w.Event(), r.ID)
		if err != nil || len(beside) != 1 || beside[0] != want || strings.Contains(want.Remark()+want.Index(), p.Words) {
			t.Errorf("the sheet has %+v, %v", beside, err)
		}
		if dumped := contents(t, d); strings.Contains(dumped, p.Words) {
			t.Error("the words stand in the clear")
		}
		clock.Set(dbtest.Start.AddDate(0, 0, 40))
		hints := desk(t, d, w.CityOfficer, db.Where{Event: w.Event(), Place: flows.AtIntegrity}).Integrity.Hints
		if len(hints) == 0 || hints[0].Who.ID != a.ID || hints[0].Absent == nil || *hints[0].Absent != want {
			t.Errorf("the authority's hint is %+v", hints)
		}
	})
}

// TestAbsenceTellsNothing: whatever a colleague filed, 无此类情况 or a report past the institution, everybody sees the same of the
// 缺签说明 about another signer, and of the one about the colleague before they filed.
func TestAbsenceTellsNothing(t *testing.T) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		a, b, c := w.Appraisers[0], w.Appraisers[1], w.Cases[0]
		zero, direct := w.Zero(b, c), w.Direct(b, c, "经过")
		direct.ID, direct.Signed = zero.ID, zero.Signed
		var deeds []flows.NoteAbsence
		for _, of := range []dbtest.Somebody{a, b} {
			p := absent(w, w.Head, law.ProposeAbsence, "", c.ID, of.ID)
			deeds = append(deeds, p, absent(w, w.Archivist, law.AgreeAbsence, p.Deed.ID))
		}
		event := w.Event()
		look := func(r record.Record) string {
			d := twin(dbtest.WithClock(dbtest.At(dbtest.Start)))
			for i, e := range deeds {
				by := []dbtest.Somebody{w.Head, w.Archivist}[i%2]
				must(t, d.Commit(t.Context(), by.Caller(), event+int64(i), dbtest.Start, []flows.Durable{e}))
			}
			must(t, d.Commit(t.Context(), b.Caller(), event+10, r.Signed, []flows.Durable{flows.File{Record: r}}))
			var out strings.Builder
			for _, p := range []dbtest.Somebody{w.Head, w.Archivist, w.Receiver, w.Confidant, a, w.Appraisers[2], w.ProvinceOfficer} {
				for _, place := range []flows.Place{flows.AtMenu, flows.AtAbsences, flows.AtOverdue, flows.AtCases} {
					x, err := json.Marshal(desk(t, d, p, db.Where{Event: event + 20, Place: place}))
					must(t, err)
					out.Write(x)
				}
			}
			f, err := d.CaseFile(t.Context(), c.ID, "test")
			must(t, err)
			for _, s := range f.Signers {
				fmt.Fprintln(&out, s.Person, s.Filed, s.Absent)
			}
			for _, m := range claim(t, d) {
				if m.Kind == db.Absent {
					fmt.Fprintln(&out, m)
				}
			}
			return out.String()
		}
		x, y := look(zero), look(direct)
		if x != y || !strings.Contains(x, a.Name) || strings.Count(x, `"away"`) < 4 {
			t.Errorf("they can tell: %s", firstDifference(x, y))
		}
		if direct.Answers[form.Outcome].Boxes[0] == zero.Answers[form.Outcome].Boxes[0] {
			t.Fatal("both entries say the same")
		}
	})
}

// TestAbsenceOfOneIsFound: verify finds one that two people did not give, though whoever put it there had all keys.
func TestAbsenceOfOneIsFound(t *testing.T) {
	d := dbtest.SQLite(t, t.TempDir()+"/liuhen.db")(dbtest.WithClock(dbtest.At(dbtest.Start)))
	w := dbtest.Seed(t, d)
	p := absent(w, w.Head, law.ProposeAbsence, "", w.Cases[0].ID, w.Appraisers[0].ID)
	must(t, d.Commit(t.Context(), w.Head.Caller(), w.Event(), dbtest.Start, []flows.Durable{p}))
	whole(t, d, 0)
	forged := absent(w, w.Head, law.AgreeAbsence, p.Deed.ID, w.Cases[0].ID, w.Appraisers[0].ID)
	must(t, db.PutAbsence(t.Context(), d, forged, dbtest.Start))
	var found []db.Finding
	_, err := d.Verify(t.Context(), func(f db.Finding) { found = append(found, f) })
	must(t, err)
	if !slices.ContainsFunc(found, func(f db.Finding) bool { return strings.Contains(f.Why, "not by two people") }) {
		t.Errorf("found %+v", found)
	}
}

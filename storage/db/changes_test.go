package db_test

import (
	"fmt"
	"testing"

	"liuhen/flows/law"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// What the register says happened to the reporter, and that they are given no cases any more, is for the organs that protect them (R9.3):
// the Party's own track shows affiliation and nothing of that (R7.3).
func TestTheTrackShowsNoChanges(t *testing.T) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		s, p, secretary := member(t, w, twin)
		before, after := caseOf(t, "2026-11-20", w.Appraisers[0]), []db.Case(nil)
		for range 3 {
			after = append(after, caseOf(t, "2026-11-24", w.Appraisers[1]))
		}
		for i := range after {
			after[i].Number += fmt.Sprint(i)
			after[i].MatchKey = after[i].Number
		}
		load(t, s.d, db.Batch{Cases: append(after, before)})
		s.clock.Set(monday.AddDate(0, 0, 20)) // decided by nobody: the ladder brings the report to the authority
		s.reroute()
		if r := s.reads(w.CityOfficer); r == nil || r.Share == nil {
			t.Fatalf("the city reads %+v: the test is blind", r)
		}
		if r := p.reads(secretary); r == nil || !r.Party || r.Share != nil {
			t.Errorf("the track shows what cases the reporter was given: %+v", r)
		}
		must(t, s.d.Revoke(t.Context(), w.Appraisers[0].ID, w.Institution, law.Appraiser))
		if r := s.reads(w.CityOfficer); len(r.Changes) == 0 {
			t.Fatal("nothing has changed: the test is blind")
		}
		if r := p.reads(secretary); r == nil || len(r.Changes) != 0 {
			t.Errorf("the track shows changes in the register: %+v", r)
		}
	})
}

func caseOf(t *testing.T, accepted string, of dbtest.Somebody) db.Case {
	t.Helper()
	d, err := law.ParseDate(accepted)
	must(t, err)
	n := of.Name + accepted
	return db.Case{Institution: house, Number: n, MatchKey: n, Matter: "某事", Accepted: d, Signers: []db.Signer{{Name: of.Name}}}
}

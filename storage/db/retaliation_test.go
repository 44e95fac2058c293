package db_test

import (
	"testing"
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// Retaliation breaks Art. 9: on a complaint the authority orders on Art. 11 (三) alone, which counts towards nothing; never of whoever
// complained. The officers know that it rests on a complaint, the person does not; what others filed is no matter of it.
func TestAnOrderOnAComplaint(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		s := direct()
		signer := s.Appraisers[0]
		file(t, s.d, s.World, s.Appraisers[2], s.Zero(s.Appraisers[2], s.Cases[1]))
		must(t, s.commit(signer.Caller(), s.grievance(signer, s.record.ID)))
		plaint := s.protection(signer, s.record.ID).Plaints[0].ID
		if r := s.at(s.CityOfficer, plaint); len(r.Others) != 0 {
			t.Errorf("a complaint points at %+v", r.Others)
		}
		if r := s.reads(s.CityOfficer); len(r.Others) != 1 {
			t.Errorf("its report points at %+v: the test is blind", r.Others)
		}
		order := func(of dbtest.Somebody, ground law.Ground, change ...func(*record.Measure)) record.Measure {
			return s.Order(s.CityOfficer, of, s.clock.Now(), append([]func(*record.Measure){func(m *record.Measure) {
				m.Report, m.Ground = plaint, ground.String()
			}}, change...)...)
		}
		for _, m := range []record.Measure{
			order(s.Head, law.ToldNotTo), order(s.Appraisers[1], law.NotTruthful), order(signer, law.OtherBreach),
			order(s.Head, law.OtherBreach, func(m *record.Measure) { m.Counts = true }),
		} {
			denied(t, s.Take(s.d, s.CityOfficer, m)())
		}
		o := order(s.Head, law.OtherBreach)
		must(t, s.Take(s.d, s.CityOfficer, o)())
		for _, x := range []struct {
			by   dbtest.Somebody
			sees bool
			rest bool
		}{{s.CityOfficer, true, true}, {s.OtherOfficer, true, true}, {s.Head, true, false}, {s.CityLead, false, false}, {s.ProvinceOfficer, false, false}, {signer, false, false}} {
			p := desk(t, s.d, x.by, db.Where{Event: s.Event(), Place: flows.AtProceeding, Subject: o.ID}).Acting
			if (p != nil) != x.sees || p != nil && (p.OnPlaint != x.rest || p.OnReport != x.rest) {
				t.Errorf("%s: %+v", x.by.Name, p)
			}
		}
	})
}

// Cases that an institution took in, and none of them for whoever reported, are shown to the organ alone (R9.3).
func TestNoCasesAnyMore(t *testing.T) {
	onStage(t, func(t *testing.T, direct, external func() *scene) {
		took := func(s *scene, day string, who dbtest.Somebody, number string) {
			t.Helper()
			d, err := law.ParseDate(day)
			must(t, err)
			load(t, s.d, db.Batch{Cases: []db.Case{{
				Institution: house, Number: number, MatchKey: number, Matter: "某事", Accepted: d, Signers: []db.Signer{{Name: who.Name}},
			}}})
		}
		s := direct()
		signer, other := s.Appraisers[0], s.Appraisers[1]
		took(s, "2026-08-26", signer, "旧1") // the first day that counts
		took(s, "2026-11-23", signer, "旧2")
		took(s, "2026-08-25", other, "更旧")
		s.clock.Move(20 * 24 * time.Hour)
		shown := func(want law.Share) {
			t.Helper()
			if r := s.reads(s.CityOfficer); want == (law.Share{}) && r.Share != nil || want != (law.Share{}) && (r.Share == nil || *r.Share != want) {
				t.Fatalf("shown %+v, want %+v", r.Share, want)
			}
		}
		shown(law.Share{})
		took(s, "2026-11-24", other, "新1")
		took(s, "2026-11-24", other, "新2")
		shown(law.Share{}) // at 4 of 5 that is less than two of the reporter's
		took(s, "2026-12-01", other, "新3")
		start, _ := law.ParseDate("2026-11-24")
		shown(law.Share{Since: start, Before: 5, OwnBefore: 4, After: 3}) // three of them are the world's
		must(t, s.d.Revoke(t.Context(), signer.ID, s.Institution, law.Appraiser))
		shown(law.Share{})
		s = external()
		took(s, "2026-08-26", signer, "旧1")
		took(s, "2026-11-24", other, "新1")
		took(s, "2026-11-24", other, "新2")
		took(s, "2026-11-24", other, "新3")
		if r := s.reads(s.Receiver); r == nil || r.Share != nil {
			t.Fatalf("the institution's receiver is shown %+v", r)
		}
		must(t, s.commit(signer.Caller(), s.grievance(signer, s.record.ID)))
		if r := s.at(s.CityOfficer, s.protection(signer, s.record.ID).Plaints[0].ID); r == nil || r.Share == nil {
			t.Fatalf("the handler of the complaint is shown %+v", r)
		}
	})
}

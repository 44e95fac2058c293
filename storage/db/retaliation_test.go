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

// A complaint passes by whom any report of the same matter excludes: of the entry that it corrects or is corrected by, however long
// the chain, and of the signer's other entries about the case; not by those of other matters (Arts. 9, 10).
func TestAComplaintLooksAtTheWholeMatter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		clock := dbtest.At(dbtest.Start)
		d := open(dbtest.WithClock(clock))
		w := dbtest.Seed(t, d)
		s := &scene{w, t, d, clock, record.Record{}, ""}
		signer := w.Appraisers[0]
		first := w.Report(signer, w.Cases[1], "经过", []dbtest.Somebody{w.OtherOfficer})
		first.Report.Excluded = append(first.Report.Excluded, dbtest.Exclude(w.CityOfficer, law.Implicated))
		middle, last := w.Zero(signer, w.Cases[3]), w.Zero(signer, w.Cases[3])
		middle.Supersedes, last.Supersedes = first.ID, middle.ID
		beside, apart := w.Zero(signer, w.Cases[1]), w.Zero(signer, w.Cases[0])
		for _, r := range []record.Record{first, middle, last, beside, apart} {
			file(t, d, w, signer, r)
		}
		for _, x := range []struct {
			of   record.Record
			both bool
		}{{first, false}, {last, false}, {beside, false}, {apart, true}} {
			must(t, s.commit(signer.Caller(), s.grievance(signer, x.of.ID)))
			id := s.protection(signer, x.of.ID).Plaints[0].ID
			if got := s.at(w.CityOfficer, id) != nil; got != x.both || s.at(w.OtherOfficer, id) == nil {
				t.Errorf("%s: the implicated officer has it: %v", x.of.ID, got)
			}
		}
	})
}

// Who is not on the register is remembered: as long as somebody of the organ retaliates, a new leader's organ has no further complaint
// of the matter. An officer who has come to have a place in the institution has it no more.
func TestAComplaintKeepsItsWay(t *testing.T) {
	onStage(t, func(t *testing.T, direct, external func() *scene) {
		s := direct()
		signer := s.Appraisers[0]
		e := s.grievance(signer, s.record.ID)
		e.Unlisted = true
		must(t, s.commit(signer.Caller(), e))
		must(t, s.d.Leave(t.Context(), s.CityLead.ID))
		load(t, s.d, db.Batch{People: []db.Person{
			{Authority: city, Superior: "示例省司法厅", Name: s.CityOfficer.Name, Role: law.OfficerLead},
		}})
		must(t, s.commit(signer.Caller(), s.grievance(signer, s.record.ID)))
		for _, p := range s.protection(signer, s.record.ID).Plaints {
			if s.at(s.CityOfficer, p.ID) != nil || s.at(s.OtherOfficer, p.ID) != nil || s.at(s.ProvinceOfficer, p.ID) == nil {
				t.Errorf("%+v went astray", p)
			}
		}
		s = external()
		must(t, s.commit(signer.Caller(), s.grievance(signer, s.record.ID)))
		id := s.protection(signer, s.record.ID).Plaints[0].ID
		if s.at(s.OtherOfficer, id) == nil {
			t.Fatal("the officer does not have it: the test is blind")
		}
		seize(t, s, "INSERT INTO roles (person, unit, role, since_ms) VALUES ($1, $2, $3, 0)", s.OtherOfficer.ID, s.Institution, law.Staff.String())
		if s.at(s.OtherOfficer, id) != nil || s.at(s.CityOfficer, id) == nil {
			t.Error("somebody of the institution has a complaint about it")
		}
	})
}

// seize changes the register past the lists, as no list can.
func seize(t *testing.T, s *scene, q string, args ...any) {
	t.Helper()
	_, err := s.d.SQL().ExecContext(t.Context(), q, args...)
	must(t, err)
}

// Only what happened in the institution after the entry is shown of its signer.
func TestOnlyLaterChangesThere(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		s := direct()
		signer := s.Appraisers[0]
		ended := func(unit string, role law.Role, days int) {
			at := dbtest.Start.AddDate(0, 0, days).UnixMilli()
			seize(t, s, "INSERT INTO roles (person, unit, role, since_ms, until_ms) VALUES ($1, $2, $3, 0, $4)", signer.ID, unit, role.String(), at)
		}
		ended(s.Institution, law.Staff, -1)
		ended(s.City, law.Officer, 1)
		if r := s.reads(s.CityOfficer); len(r.Changes) != 0 {
			t.Fatalf("%+v", r.Changes)
		}
		ended(s.Institution, law.Archivist, 1)
		if r := s.reads(s.CityOfficer); len(r.Changes) != 1 || r.Changes[0].Role != law.Archivist {
			t.Fatalf("%+v", r.Changes)
		}
	})
}

// A question that was answered before it could be sent is not sent; whoever asks anew is asked from that day on.
func TestAskedAnew(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		s := direct()
		signer := s.Appraisers[0]
		say := func(id string, want, fine bool) {
			t.Helper()
			must(t, s.commit(signer.Caller(), flows.CheckIn{ID: id, Record: s.record.ID, Want: want, Fine: fine}))
		}
		say("on", true, false)
		list, err := s.d.Watches(t.Context())
		must(t, err)
		s.clock.Move(31 * 24 * time.Hour)
		_, err = s.d.Ask(t.Context(), []db.Asking{{Watch: list[0].ID, Person: signer.ID, Day: law.DateOf(dbtest.Start.AddDate(0, 0, 30))}})
		must(t, err)
		if !s.protection(signer, s.record.ID).Watch.Asking {
			t.Fatal("no question")
		}
		say("fine", true, true)
		if got := s.told(db.CheckIn); len(got) != 0 {
			t.Errorf("asked after the answer: %v", got)
		}
		say("off", false, false)
		s.clock.Move(24 * time.Hour)
		say("again", true, false)
		if w := s.protection(signer, s.record.ID).Watch; w.Asking || w.Next != law.DateOf(dbtest.Start.AddDate(0, 0, 62)) {
			t.Errorf("%+v", w)
		}
	})
}

// An officer looks up people below the organ, and nobody of an institution in which they have a place themselves.
func TestWhomAnOfficerLooksUp(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		s := direct()
		found := func(by dbtest.Somebody, name string) int {
			return len(desk(t, s.d, by, db.Where{Event: s.Event(), Place: flows.AtAccuse, Subject: name}).Found)
		}
		if found(s.CityOfficer, s.Head.Name) != 1 || found(s.ProvinceOfficer, s.Head.Name) != 0 || found(s.Head, s.Appraisers[0].Name) != 0 {
			t.Error("somebody looks up whom they may not, or cannot look up whom they may")
		}
		seize(t, s, "INSERT INTO roles (person, unit, role, since_ms) VALUES ($1, $2, $3, 0)", s.CityOfficer.ID, s.Institution, law.Staff.String())
		if found(s.CityOfficer, s.Head.Name) != 0 {
			t.Error("an officer looks up a colleague of the institution")
		}
	})
}

// Somebody is pointed to what the authority did about them for some days, and not for ever; an order waits until it is decided.
func TestNewsOfTheOwnFileEnds(t *testing.T) {
	inCourt(t, func(t *testing.T, open func() *court) {
		c := open()
		o := c.order(c.Appraisers[0])
		c.take(c.CityOfficer, c.next(o, c.CityOfficer, law.LiftOrder))
		for _, news := range []bool{true, false} {
			if own := desk(t, c.d, c.Appraisers[0]).Own; len(own) != 1 || own[0].News != news {
				t.Fatalf("%+v, want news %v", own, news)
			}
			c.days(flows.NewsDays + 1)
		}
	})
}

// Whoever has a report no more is not among those who can be made to step aside.
func TestOnlyHandlersStepAside(t *testing.T) {
	onStage(t, func(t *testing.T, _, external func() *scene) {
		s := external()
		s.do(s.Receiver, s.Institution, law.Accept)
		s.do(s.Receiver, s.Institution, law.Pass)
		names := func() (out []string) {
			for _, h := range s.reads(s.CityOfficer).Handlers {
				out = append(out, h.Name)
			}
			return out
		}
		if got := names(); len(got) != 1 || got[0] != s.Receiver.Name {
			t.Fatalf("%v", got)
		}
		must(t, s.d.Leave(t.Context(), s.Receiver.ID))
		if got := names(); len(got) != 0 {
			t.Errorf("%v can still be excluded", got)
		}
	})
}

// Whoever leaves before they have opened their invitation cannot open it any more (E30).
func TestTheInvitationOfWhoLeft(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		s := direct()
		p := db.Person{Authority: city, Institution: house, Name: "新人", Role: law.Staff}
		v := load(t, s.d, db.Batch{People: []db.Person{p}}).Invitations[0]
		must(t, s.d.Leave(t.Context(), v.Person))
		c := db.Caller{Account: 4711, Link: v.Token}
		if err := s.commit(c, flows.Bind{Person: v.Person}); err == nil {
			t.Error("it was opened")
		}
		if n := count(t, s.d, "SELECT COUNT(*) FROM accounts WHERE account = 4711"); n != 0 {
			t.Error("the account is bound")
		}
	})
}

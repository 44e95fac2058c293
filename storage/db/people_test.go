package db_test

import (
	"errors"
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

// appoints lets somebody have a deputy from today on, for days more.
func (s *scene) appoints(principal, deputy dbtest.Somebody, days int) (id string, err error) {
	s.t.Helper()
	today := law.DateOf(s.clock.Now().In(dbtest.Zone))
	sub := law.Substitute{
		ID: "sub" + principal.ID + deputy.ID, Unit: law.UnitID(principal.Unit), Principal: law.PersonID(principal.ID),
		Deputy: law.PersonID(deputy.ID), From: today, Until: today.AddDays(days),
	}
	return sub.ID, s.d.Commit(s.t.Context(), principal.Caller(), s.Event(), s.clock.Now(), []flows.Durable{flows.Appoint{Substitute: sub}})
}

func (s *scene) has(p dbtest.Somebody) bool {
	s.t.Helper()
	listed := slices.ContainsFunc(desk(s.t, s.d, p).Inbox, func(c flows.Card) bool { return c.ID == s.report })
	if read := s.reads(p) != nil; read != listed {
		s.t.Fatalf("%s: listed %v, readable %v", p.Name, listed, read)
	}
	return listed
}

func whom(p dbtest.Somebody) func(*record.Act) {
	return func(a *record.Act) { a.Whom, a.Text = &record.Person{ID: p.ID, Name: p.Name}, "理由" }
}

// A deputy has what the principal holds and has not closed, and what comes in those days; afterwards nothing (R6.4, E19).
func TestADeputyActsInHisDays(t *testing.T) {
	onStage(t, func(t *testing.T, _, external func() *scene) {
		s := external()
		deputy := s.Archivist
		if s.has(deputy) {
			t.Fatal("the archivist has it before")
		}
		id, err := s.appoints(s.Receiver, deputy, 2)
		must(t, err)
		if !s.has(deputy) || !s.has(s.Receiver) || s.has(s.Head) {
			t.Fatal("not both of them have it, or somebody else has")
		}
		if !slices.Contains(s.told(db.Report), deputy.ID+" "+s.report) {
			t.Fatal("the deputy is not told")
		}
		s.do(deputy, s.Institution, law.Accept)
		s.clock.Move(3 * 24 * time.Hour)
		if s.has(deputy) || !s.has(s.Receiver) {
			t.Fatal("it did not end by itself")
		}
		if err := s.try(deputy, s.Institution, law.Ask, dbtest.Words("问")); !errors.Is(err, db.ErrDenied) {
			t.Fatalf("acts after the last day: %v", err)
		}
		if n := count(t, s.d, "SELECT COUNT(*) FROM substitutes WHERE id = $1", id); n != 1 {
			t.Fatal("the appointment is not kept")
		}
		id, err = s.appoints(s.Receiver, s.Appraisers[2], 5)
		must(t, err)
		must(t, s.d.Commit(t.Context(), s.Head.Caller(), s.Event(), s.clock.Now(), []flows.Durable{flows.Dismiss{ID: id}}))
		if !s.has(s.Appraisers[2]) {
			t.Fatal("somebody else ended it")
		}
		must(t, s.d.Commit(t.Context(), s.Receiver.Caller(), s.Event(), s.clock.Now(), []flows.Durable{flows.Dismiss{ID: id}}))
		if s.has(s.Appraisers[2]) {
			t.Fatal("it was ended and goes on")
		}
	})
}

// By an appointment nobody gets what the one who made it may not have, nor what they themselves may not have (R5.4).
func TestADeputyOfOneWhoMayNot(t *testing.T) {
	onStage(t, func(t *testing.T, _, external func() *scene) {
		s := external()
		_, err := s.appoints(s.Receiver, s.Appraisers[0], 5) // the reporter
		must(t, err)
		if s.has(s.Appraisers[0]) {
			t.Fatal("the reporter handles the own report")
		}
		s.do(s.Receiver, s.Institution, law.Recuse)
		_, err = s.appoints(s.Receiver, s.Archivist, 5)
		if !errors.Is(err, db.ErrDenied) {
			t.Fatalf("two deputies on one day: %v", err)
		}
		must(t, s.d.Commit(t.Context(), s.Receiver.Caller(), s.Event(), s.clock.Now(), []flows.Durable{flows.Dismiss{ID: "sub" + s.Receiver.ID + s.Appraisers[0].ID}}))
		_, err = s.appoints(s.Receiver, s.Archivist, 5)
		must(t, err)
		exec(t, s.d, "INSERT INTO deliveries (report, unit, person, made_ms) VALUES ($1, $2, $3, 1)", s.report, s.Institution, s.Archivist.ID)
		if s.has(s.Archivist) || s.has(s.Receiver) || !s.has(s.CityOfficer) {
			t.Fatal("the deputy of one who recused themselves has it, or nobody has")
		}
	})
}

// Who recuses themselves sees nothing more; a colleague has it with everything done; with nobody left it climbs, the reporter is
// told, and with nobody anywhere the top is told that one waits (R5.5).
func TestRecusal(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		s := direct()
		s.do(s.CityOfficer, s.City, law.Accept)
		s.do(s.CityOfficer, s.City, law.Recuse, dbtest.Words("认识当事人"))
		if s.has(s.CityOfficer) || !s.has(s.OtherOfficer) || s.has(s.CityLead) {
			t.Fatal("a colleague does not take over alone")
		}
		if acts := s.reads(s.OtherOfficer).Acts; len(acts) != 2 || acts[1].Kind != law.Recuse || acts[1].Text != "认识当事人" {
			t.Fatalf("the history %+v", acts)
		}
		if f := s.follows(); f.Standing != law.Accepted || len(f.Acts) != 1 {
			t.Fatalf("the reporter reads %+v", f)
		}
		for _, m := range claim(t, s.d) {
			if m.Person == s.CityOfficer.ID {
				t.Fatalf("the one who recused themselves is sent %+v", m)
			}
		}
		s.do(s.OtherOfficer, s.City, law.Recuse)
		if !s.has(s.CityLead) {
			t.Fatal("the lead does not take over")
		}
		s.do(s.CityLead, s.City, law.Recuse)
		if !s.has(s.ProvinceOfficer) || !slices.Contains(s.told(db.Moved), s.Appraisers[0].ID+" "+s.record.ID) {
			t.Fatal("it does not climb, or the reporter is not told")
		}
		way := desk(t, s.d, s.Appraisers[0], db.Where{Event: s.Event(), Place: flows.AtRecord, Subject: s.record.ID}).Way
		if len(way) != 1 || way[0].Unit != s.Province {
			t.Fatalf("the reporter is told that it is at %+v", way)
		}
		s.do(s.ProvinceOfficer, s.Province, law.Recuse)
		s.do(s.ProvinceLead, s.Province, law.Recuse)
		if n := s.waiting(); n != 1 {
			t.Fatalf("%d reports wait", n)
		}
		if s.reroute(); s.waiting() != 1 || s.has(s.CityOfficer) {
			t.Fatal("it went back to one who may not have it")
		}
	})
}

// The unit's lead, and an organ above, can exclude a handler, with a reason; nobody else can, and nobody buries a report so.
func TestExclusion(t *testing.T) {
	onStage(t, func(t *testing.T, direct, external func() *scene) {
		s := direct()
		refuse := func(by, out dbtest.Somebody, unit string) {
			t.Helper()
			if err := s.try(by, unit, law.Exclude, whom(out)); !errors.Is(err, db.ErrDenied) {
				t.Fatalf("%s excludes %s: %v", by.Name, out.Name, err)
			}
		}
		refuse(s.CityOfficer, s.OtherOfficer, s.City)
		refuse(s.CityLead, s.OtherOfficer, s.City) // does not hold it
		s.do(s.CityOfficer, s.City, law.Recuse)
		must(t, s.d.Revoke(t.Context(), s.OtherOfficer.ID, s.City, law.Officer))
		s.reroute()
		if !s.has(s.CityLead) {
			t.Fatal("the lead does not have it")
		}
		exec(t, s.d, "UPDATE roles SET until_ms = NULL WHERE person = $1", s.OtherOfficer.ID)
		refuse(s.CityLead, s.CityLead, s.City)
		if err := s.try(s.CityLead, s.City, law.Exclude, whom(s.OtherOfficer), dbtest.Words("")); !errors.Is(err, db.ErrDenied) {
			t.Fatalf("without a reason: %v", err)
		}
		if s.has(s.ProvinceOfficer) {
			t.Fatal("the province has it too early")
		}
		s.do(s.CityLead, s.City, law.Exclude, whom(s.OtherOfficer))
		if s.has(s.OtherOfficer) || !s.has(s.CityLead) {
			t.Fatal("the wrong one is excluded")
		}
		if !s.has(s.ProvinceOfficer) {
			t.Fatal("one who excluded everybody else keeps it to themselves")
		}
		refuse(s.CityLead, s.ProvinceOfficer, s.City) // nobody excludes upwards
		s.do(s.ProvinceOfficer, s.Province, law.Exclude, whom(s.CityLead))
		if s.has(s.CityLead) || !s.has(s.ProvinceOfficer) {
			t.Fatal("the organ above cannot exclude")
		}
		e := external()
		e.do(e.Receiver, e.Institution, law.Accept)
		e.do(e.Receiver, e.Institution, law.Pass)
		e.do(e.CityOfficer, e.City, law.Exclude, whom(e.Receiver))
		if e.has(e.Receiver) || e.has(e.Head) || !e.has(e.CityOfficer) {
			t.Fatal("the organ cannot exclude at the institution")
		}
	})
}

// Neither who is barred from which report, nor that anybody is barred from this one, stands in the clear.
func TestBarsAreSealed(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		s := direct()
		before := count(t, s.d, "SELECT COUNT(*) FROM audit")
		s.do(s.CityOfficer, s.City, law.Recuse, dbtest.Words("认识当事人"))
		if n := count(t, s.d, "SELECT COUNT(*) FROM bars WHERE id LIKE $1 OR id LIKE $2", "%"+s.report+"%", "%"+s.CityOfficer.ID+"%"); n != 0 {
			t.Error("a bar names the report or the person")
		}
		if n := count(t, s.d, "SELECT COUNT(*) FROM bars"); n != 1 {
			t.Errorf("%d bars", n)
		}
		if n := count(t, s.d, "SELECT COUNT(*) FROM audit WHERE caller <> '' AND action = 'act'"); n != 0 || count(t, s.d, "SELECT COUNT(*) FROM audit") != before+1 {
			t.Error("the audit says who recused themselves")
		}
		id, err := s.appoints(s.CityOfficer, s.OtherOfficer, 1)
		must(t, err)
		must(t, s.d.Commit(t.Context(), s.CityOfficer.Caller(), s.Event(), s.clock.Now(), []flows.Durable{flows.Dismiss{ID: id}}))
		must(t, s.d.Commit(t.Context(), s.CityOfficer.Caller(), s.Event(), s.clock.Now(), []flows.Durable{flows.Confirm{Unit: s.City, Still: true}}))
		for _, table := range []string{"bars", "substitutes", "substitute_ends", "confirmations"} {
			for _, q := range []string{"DELETE FROM " + table, "UPDATE " + table + " SET id = 'x'"} {
				if _, err := s.d.SQL().ExecContext(t.Context(), q); err == nil || !strings.Contains(err.Error(), "append-only") {
					t.Errorf("%s: %v", q, err)
				}
			}
		}
	})
}

package db_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// grievance is a complaint of retaliation that somebody makes of an entry.
func (s *scene) grievance(by dbtest.Somebody, entry string, named ...dbtest.Somebody) flows.Complain {
	e := flows.Complain{Record: entry, Act: s.Act(by, "", "", law.Complain, s.clock.Now(), dbtest.Words("谁：某人"), dbtest.Files("roster"))}
	for _, p := range named {
		e.Named = append(e.Named, p.ID)
	}
	return e
}

func (s *scene) commit(c db.Caller, e ...flows.Durable) error {
	return s.d.Commit(context.Background(), c, s.Event(), s.clock.Now(), e)
}

func (s *scene) protection(by dbtest.Somebody, entry string) *flows.Protect {
	s.t.Helper()
	return desk(s.t, s.d, by, db.Where{Event: s.Event(), Place: flows.AtProtect, Subject: entry}).Protect
}

// at is what somebody has of a report or complaint.
func (s *scene) at(p dbtest.Somebody, report string) *flows.Report {
	s.t.Helper()
	return desk(s.t, s.d, p, db.Where{Event: s.Event(), Place: flows.AtReport, Subject: report}).Report
}

func (s *scene) everybodyElse(signer dbtest.Somebody) []dbtest.Somebody {
	all := []dbtest.Somebody{
		s.ProvinceLead, s.ProvinceOfficer, s.CityLead, s.CityOfficer, s.OtherOfficer, s.Head, s.Receiver, s.Archivist,
		s.Appraisers[0], s.Appraisers[1], s.Appraisers[2],
	}
	return slices.DeleteFunc(all, func(p dbtest.Somebody) bool { return p.ID == signer.ID })
}

// A complaint goes to the authority, whoever handles it reads it with the entry, and nobody else has anything of it: not the
// institution, not those who handle the entry's own report there (Arts. 9, 10).
func TestAComplaintIsForTheAuthorityAlone(t *testing.T) {
	onStage(t, func(t *testing.T, _, external func() *scene) {
		s := external() // the entry's report is with the institution's receiver
		signer := s.Appraisers[0]
		s.told(db.Report)
		e := s.grievance(signer, s.record.ID)
		must(t, s.commit(signer.Caller(), e))
		must(t, s.commit(signer.Caller(), e)) // a repeat under another event
		p := s.protection(signer, s.record.ID)
		if len(p.Plaints) != 1 || p.Plaints[0].Standing != law.Delivered {
			t.Fatalf("%+v", p.Plaints)
		}
		id := p.Plaints[0].ID
		want := []string{s.CityOfficer.ID + " " + id, s.OtherOfficer.ID + " " + id}
		slices.Sort(want)
		if got := s.told(db.Report); !slices.Equal(got, want) {
			t.Fatalf("told %v", got)
		}
		for _, x := range s.everybodyElse(signer) {
			r := s.at(x, id)
			officer := x.ID == s.CityOfficer.ID || x.ID == s.OtherOfficer.ID
			_, err := s.d.Evidence(t.Context(), x.Caller(), s.Event(), id, "roster")
			if officer != (r != nil) || officer != (err == nil) || !officer && !errors.Is(err, db.ErrDenied) {
				t.Errorf("%s: %v, %v", x.Name, r, err)
			}
			if officer && (!r.Complaint || r.Record.ID != s.record.ID || len(r.Acts) != 1 || len(r.Tasks) != 3 || len(r.Propose) != 0 || r.Acts[0].Files[0].ID != "roster") {
				t.Errorf("%s reads %+v", x.Name, r)
			}
			for _, of := range []string{s.record.ID, s.report} {
				if f, err := s.d.Evidence(t.Context(), x.Caller(), s.Event(), of, "roster"); err == nil {
					t.Errorf("%s has %s by way of the entry's own report", x.Name, f.ID)
				}
			}
			if mine := desk(t, s.d, x, db.Where{Event: s.Event(), Place: flows.AtPlaint, Subject: id}).Complaint; mine != nil {
				t.Errorf("%s has it as their own", x.Name)
			}
			if !officer {
				if err := s.commit(x.Caller(), s.grievance(x, s.record.ID)); !errors.Is(err, db.ErrDenied) {
					t.Errorf("%s complains of another's entry: %v", x.Name, err)
				}
			}
		}
		if len(s.at(s.Receiver, s.report).Acts) != 0 || s.at(s.CityOfficer, s.report) != nil {
			t.Error("a report and a complaint of the same entry mix")
		}
		own := desk(t, s.d, signer, db.Where{Event: s.Event(), Place: flows.AtPlaint, Subject: id}).Complaint
		if own == nil || own.Entry != s.record.ID || len(own.Acts) != 1 || !slices.Equal(own.May, []law.ActKind{law.Reply}) || len(own.Way) != 1 {
			t.Fatalf("%+v", own)
		}
		if _, err := s.d.Evidence(t.Context(), signer.Caller(), s.Event(), id, "roster"); err != nil {
			t.Error(err)
		}
		s.report = id
		s.do(s.CityOfficer, s.City, law.Accept)
		if got := s.told(db.Word); !slices.Equal(got, []string{signer.ID + " " + id}) {
			t.Fatalf("told %v", got)
		}
		if x := desk(t, s.d, signer); !slices.Equal(x.News, []string{id}) || len(x.Moved) != 0 {
			t.Fatalf("news %v, %v", x.News, x.Moved)
		}
		s.do(signer, "", law.Reply, dbtest.Words("补充"))
		s.do(s.OtherOfficer, s.City, law.Decide, dbtest.Words("属实"))
		s.do(s.CityOfficer, s.City, law.Close)
		if own := desk(t, s.d, signer, db.Where{Event: s.Event(), Place: flows.AtPlaint, Subject: id}).Complaint; own.Standing != law.Closed || len(own.Acts) != 4 {
			t.Fatalf("%+v", own)
		}
		_, err := s.d.Verify(t.Context(), func(f db.Finding) { t.Errorf("finding %+v", f) })
		must(t, err)
	})
}

// Whoever a report of the matter excludes, whoever is named, and whoever an earlier complaint names, never has a complaint; with
// nobody left at the authority it goes higher; unlisted people of an organ count as its leader.
func TestAComplaintPassesByWhoeverIsInvolved(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		s := direct()
		signer := s.Appraisers[0]
		reach := func(e flows.Complain) []string {
			t.Helper()
			before := map[string]bool{}
			for _, x := range s.protection(signer, e.Record).Plaints {
				before[x.ID] = true
			}
			must(t, s.commit(signer.Caller(), e))
			for _, x := range s.protection(signer, e.Record).Plaints {
				if !before[x.ID] {
					return column(t, s.d, "SELECT p.name FROM deliveries d JOIN persons p ON p.id = d.person WHERE d.report = '"+x.ID+"' ORDER BY p.name")
				}
			}
			t.Fatal("no complaint")
			return nil
		}
		sorted := func(people ...dbtest.Somebody) []string {
			var out []string
			for _, p := range people {
				out = append(out, p.Name)
			}
			slices.Sort(out)
			return out
		}
		if got := reach(s.grievance(signer, s.record.ID, s.CityOfficer)); !slices.Equal(got, sorted(s.OtherOfficer)) {
			t.Errorf("with one officer named: %v", got)
		}
		if got := reach(s.grievance(signer, s.record.ID)); !slices.Equal(got, sorted(s.OtherOfficer)) {
			t.Errorf("after an earlier one named him: %v", got)
		}
		if got := reach(s.grievance(signer, s.record.ID, s.OtherOfficer)); !slices.Contains(got, s.CityLead.Name) && !slices.Contains(got, s.ProvinceOfficer.Name) ||
			slices.Contains(got, s.CityOfficer.Name) || slices.Contains(got, s.OtherOfficer.Name) {
			t.Errorf("with both named: %v", got)
		}
		e := s.grievance(signer, s.record.ID)
		e.Unlisted = true
		if got := reach(e); !slices.Equal(got, sorted(s.ProvinceOfficer)) {
			t.Errorf("with somebody unlisted: %v", got)
		}
		if got := reach(s.grievance(signer, s.record.ID)); !slices.Equal(got, sorted(s.ProvinceOfficer)) {
			t.Errorf("after somebody unlisted: %v", got)
		}
		for range 4 {
			must(t, s.commit(signer.Caller(), s.grievance(signer, s.record.ID)))
		}
		if err := s.commit(signer.Caller(), s.grievance(signer, s.record.ID)); !errors.Is(err, db.ErrDenied) {
			t.Errorf("the tenth: %v", err)
		}
		stranger := s.grievance(signer, s.record.ID)
		stranger.Named = []string{"nobody"}
		empty := s.grievance(signer, s.record.ID)
		empty.Act.Text = ""
		other := s.grievance(signer, s.record.ID)
		other.Act.Kind = law.Reply
		long := s.grievance(signer, s.record.ID)
		long.Act.Text = strings.Repeat("长", 12_001)
		for name, e := range map[string]flows.Complain{"a stranger": stranger, "empty": empty, "no complaint": other, "too long": long} {
			if err := s.commit(signer.Caller(), e); !errors.Is(err, db.ErrDenied) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// Nothing in the clear ties a complaint, or the wish to be asked, to whoever made it, or tells that it is none of the reports.
func TestNothingTellsWhoComplained(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		s := direct()
		signer := s.Appraisers[0]
		zero := s.Zero(signer, s.Cases[0])
		must(t, s.commit(signer.Caller(), flows.File{Record: zero}))
		before := count(t, s.d, "SELECT COUNT(*) FROM audit WHERE caller = $1", signer.ID)
		must(t, s.commit(signer.Caller(), s.grievance(signer, zero.ID)))
		if n := count(t, s.d, "SELECT COUNT(*) FROM audit WHERE caller = $1", signer.ID); n != before {
			t.Errorf("%d more audit rows name the complainant", n-before)
		}
		id := s.protection(signer, zero.ID).Plaints[0].ID
		desk(t, s.d, signer, db.Where{Event: s.Event(), Place: flows.AtPlaint, Subject: id})
		_, err := s.d.Evidence(t.Context(), signer.Caller(), s.Event(), id, "roster")
		must(t, err)
		desk(t, s.d, s.Head, db.Where{Event: s.Event(), Place: flows.AtPlaint, Subject: id})
		if n := count(t, s.d, "SELECT COUNT(*) FROM audit WHERE caller = $1 AND (subject LIKE $2 OR action LIKE '%plaint%' OR action LIKE '%complain%')", signer.ID, "%"+id+"%"); n != 0 {
			t.Errorf("%d audit rows tell that the complaint is the signer's", n)
		}
		must(t, s.commit(signer.Caller(), flows.CheckIn{ID: "w1", Record: zero.ID, Want: true}))
		raw := dump(t, s.d, "reports", "acts", "evidence", "checkins", "stops", "deliveries")
		for _, secret := range []string{signer.ID, zero.ID, "某人"} {
			if strings.Contains(raw, secret) {
				t.Errorf("%q stands in the clear", secret)
			}
		}
		sizes := column(t, s.d, "SELECT DISTINCT CAST(LENGTH(body) AS TEXT) FROM reports")
		if len(sizes) != 1 {
			t.Errorf("a complaint's letter is told by its size: %v", sizes)
		}
	})
}

// A report's handlers at an organ are shown what the register says happened to the reporter since; the institution's never (R9.3).
func TestChangesInTheRegister(t *testing.T) {
	onStage(t, func(t *testing.T, direct, external func() *scene) {
		s := direct()
		if r := s.reads(s.CityOfficer); len(r.Changes) != 0 {
			t.Fatalf("%+v", r.Changes)
		}
		signer := s.Appraisers[0]
		role := column(t, s.d, "SELECT role FROM roles WHERE person = '"+signer.ID+"'")[0]
		x, _ := law.ParseRole(role)
		s.clock.Move(24 * time.Hour)
		must(t, s.d.Revoke(t.Context(), signer.ID, s.Institution, x))
		s.clock.Move(24 * time.Hour)
		must(t, s.d.Leave(t.Context(), signer.ID))
		want := []law.Change{{On: law.DateOf(dbtest.Start.AddDate(0, 0, 1)), Role: x}, {On: law.DateOf(dbtest.Start.AddDate(0, 0, 2))}}
		if r := s.reads(s.CityOfficer); !slices.Equal(r.Changes, want) {
			t.Fatalf("%+v", r.Changes)
		}
		s = external()
		s.clock.Move(24 * time.Hour)
		must(t, s.d.Leave(t.Context(), signer.ID))
		if r := s.reads(s.Receiver); r == nil || len(r.Changes) != 0 {
			t.Fatalf("the institution's receiver is shown %+v", r)
		}
	})
}

// Somebody who has left keeps their own entries, what becomes of them, complaints and questions; every other effect and every
// other place is refused or empty from that moment on (R9.1, E30).
func TestAfterLeaving(t *testing.T) {
	onStage(t, func(t *testing.T, direct, external func() *scene) {
		s := direct()
		signer := s.Appraisers[0]
		must(t, s.commit(signer.Caller(), s.grievance(signer, s.record.ID)))
		s.told(db.Report)
		must(t, s.d.Leave(t.Context(), signer.ID))
		if err := s.commit(signer.Caller(), flows.CheckIn{ID: "stale", Record: s.record.ID, Want: true}); !errors.Is(err, db.ErrDenied) {
			t.Errorf("as the person they were: %v", err)
		}
		c, err := s.d.Caller(t.Context(), signer.Account)
		must(t, err)
		if c.Person != "" || c.Former != signer.ID {
			t.Fatalf("%+v", c)
		}
		for name, e := range map[string]flows.Durable{
			"file":    flows.File{Record: s.Zero(signer, s.Cases[2])},
			"read":    flows.Read{Report: s.report},
			"snooze":  flows.Snooze{},
			"bind":    flows.Bind{Person: signer.ID},
			"guess":   flows.Guess{Person: signer.ID},
			"appoint": flows.Appoint{},
			"dismiss": flows.Dismiss{ID: "x"},
			"handle":  flows.Handle{Act: s.Act(signer, s.report, s.City, law.Accept, s.clock.Now())},
			"another": flows.Handle{Act: s.Act(s.Appraisers[1], s.report, "", law.Reply, s.clock.Now(), dbtest.Words("答"))},
			"foreign": s.grievance(signer, "none"),
		} {
			if err := s.commit(c, e); !errors.Is(err, db.ErrDenied) {
				t.Errorf("%s: %v", name, err)
			}
		}
		must(t, s.commit(c, flows.Handle{Act: s.Act(signer, s.report, "", law.Reply, s.clock.Now(), dbtest.Words("答"))}))
		must(t, s.commit(c, s.grievance(signer, s.record.ID)))
		must(t, s.commit(c, flows.CheckIn{ID: "w", Record: s.record.ID, Want: true}))
		for _, place := range []flows.Place{flows.AtMenu, flows.AtCases, flows.AtTodo, flows.AtReport, flows.AtOverdue, flows.AtLost, flows.AtRecords, flows.AtRecord, flows.AtProtect} {
			subject := s.record.ID
			if place == flows.AtReport {
				subject = s.report
			}
			x := desk(t, s.d, signer, db.Where{Event: s.Event(), Place: place, Subject: subject})
			if !x.Me.Left || len(x.Records) == 0 || x.Report != nil || len(x.Me.Roles)+len(x.Cases)+len(x.Inbox)+len(x.Overdue)+len(x.Lost)+len(x.Tasks)+
				len(x.Directory.Units)+len(x.Directory.Members)+len(x.Substitutes) != 0 {
				t.Errorf("%s: %+v", place, x)
			}
			if (x.Entry != nil) != (place == flows.AtRecord) || (x.Protect != nil) != (place == flows.AtProtect) {
				t.Errorf("%s: own entry %v, protection %v", place, x.Entry, x.Protect)
			}
			if x.Protect != nil {
				for _, m := range x.Protect.Directory.Members {
					if string(m.Unit) == s.Institution && string(m.ID) != s.Head.ID {
						t.Errorf("%s of the institution is shown", m.Name)
					}
				}
			}
		}
		s.do(s.CityOfficer, s.City, law.Accept)
		if got := s.told(db.Word); !slices.Contains(got, signer.ID+" "+s.record.ID) {
			t.Errorf("told %v", got)
		}
		s = external()
		must(t, s.d.Leave(t.Context(), s.Receiver.ID))
		c, err = s.d.Caller(t.Context(), s.Receiver.Account)
		must(t, err)
		if x := desk(t, s.d, s.Receiver, db.Where{Event: s.Event(), Place: flows.AtReport, Subject: s.report}); x.Report != nil || len(x.Inbox) != 0 {
			t.Error("a receiver who left still reads")
		}
		if _, err := s.d.Evidence(t.Context(), c, s.Event(), s.report, "file1"); !errors.Is(err, db.ErrDenied) {
			t.Errorf("evidence: %v", err)
		}
		s.clock.Move(time.Minute)
		must(t, s.commit(s.Appraisers[0].Caller(), flows.Handle{Act: s.Act(s.Appraisers[0], s.report, "", law.Reply, s.clock.Now(), dbtest.Words("答"))}))
		for _, m := range claim(t, s.d) {
			if m.Person == s.Receiver.ID {
				t.Errorf("a receiver who left is told %+v", m)
			}
		}
	})
}

// Whoever wants to be asked is asked on each of the days once, also after an outage and after leaving, until they want it no more;
// an answer ends the question (R9.3).
func TestBeingAsked(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		s := direct()
		signer := s.Appraisers[0]
		zero := s.Zero(signer, s.Cases[0])
		must(t, s.commit(signer.Caller(), flows.File{Record: zero}))
		s.told(db.Report)
		say := func(c db.Caller, id string, want, fine bool) {
			t.Helper()
			must(t, s.commit(c, flows.CheckIn{ID: id, Record: zero.ID, Want: want, Fine: fine}))
		}
		say(signer.Caller(), "on", true, false)
		say(signer.Caller(), "on", true, false)
		ask := func(days int, want bool) {
			t.Helper()
			s.clock.Set(dbtest.Start.AddDate(0, 0, days))
			today := law.DateOf(s.clock.Now().In(dbtest.Zone))
			for range 2 {
				list, err := s.d.Watches(t.Context())
				must(t, err)
				var due []db.Asking
				for _, w := range list {
					for _, day := range law.CheckIns(law.Policy{}, law.Calendar{}, w.Since) {
						if !today.Before(day) {
							due = []db.Asking{{Watch: w.ID, Person: w.Person, Day: day}}
						}
					}
				}
				_, err = s.d.Ask(t.Context(), due)
				must(t, err)
			}
			got := s.told(db.CheckIn)
			if want != (len(got) == 1) || want != slices.Equal(desk(t, s.d, signer).Asked, []string{zero.ID}) {
				t.Fatalf("after %d days: told %v, asked %v", days, got, desk(t, s.d, signer).Asked)
			}
			if want != s.protection(signer, zero.ID).Watch.Asking {
				t.Fatalf("after %d days: %+v", days, s.protection(signer, zero.ID).Watch)
			}
		}
		ask(29, false)
		if w := s.protection(signer, zero.ID).Watch; !w.Wanted || w.Next.String() != "2026-12-24" {
			t.Fatalf("%+v", w)
		}
		for _, p := range s.everybodyElse(signer) {
			if err := s.commit(p.Caller(), flows.CheckIn{ID: "x" + p.ID, Record: zero.ID, Want: true}); !errors.Is(err, db.ErrDenied) {
				t.Errorf("%s: %v", p.Name, err)
			}
		}
		ask(30, true)
		say(signer.Caller(), "fine", true, true)
		ask(31, false)
		must(t, s.d.Leave(t.Context(), signer.ID))
		c, err := s.d.Caller(t.Context(), signer.Account)
		must(t, err)
		ask(200, true) // nothing ran at 90 and at 180 days
		say(c, "off", false, false)
		ask(201, false)
		if w := s.protection(signer, zero.ID).Watch; w != (flows.Watch{}) {
			t.Fatalf("%+v", w)
		}
		say(c, "again", true, false)
		ask(202, false)
		say(c, "no", false, false)
		ask(400, false)
	})
}

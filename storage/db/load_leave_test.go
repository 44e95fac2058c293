package db_test

import (
	"testing"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

var gone = law.Date{Y: 2026, M: 11, D: 20}

// leaves is a list that says that somebody no longer holds a role.
func leaves(p dbtest.Somebody, role law.Role, institution string) db.Batch {
	return db.Batch{People: []db.Person{{Authority: city, Institution: institution, Name: p.Name, Role: role, Left: gone}}}
}

// Who holds no role any more has left at once: no access, no message; their report goes to a colleague or climbs; their name and
// what they did stay; what they still owed is seen by those who see to it (E30, AM-21).
func TestLeavingByList(t *testing.T) {
	onStage(t, func(t *testing.T, direct, external func() *scene) {
		s := external()
		s.do(s.Receiver, s.Institution, law.Accept)
		got := load(t, s.d, leaves(s.Receiver, law.Receiver, house))
		if len(got.Left) != 1 || !got.Left[0].Gone || len(got.Unknown)+len(got.Faults)+len(got.Invitations) != 0 {
			t.Fatalf("%+v", got)
		}
		if again := load(t, s.d, leaves(s.Receiver, law.Receiver, house)); !nothing(again) || len(again.Left)+len(again.Unknown) != 0 {
			t.Fatalf("the same list again: %+v", again)
		}
		if x, err := s.d.Desk(t.Context(), s.Receiver.Caller(), db.Where{}); err != nil || !x.Me.Left || len(x.Me.Roles)+len(x.Inbox)+len(x.Tasks)+len(x.Cases)+len(x.Overdue) != 0 {
			t.Fatalf("they still get in: %+v, %v", x.Me, err) // all that is left are their own entries (R9.1)
		}
		if s.reroute() != 1 || !s.has(s.Head) {
			t.Fatal("nobody takes over")
		}
		if acts := s.reads(s.Head).Acts; len(acts) != 1 || acts[0].By.Name != s.Receiver.Name {
			t.Fatalf("the history %+v", acts)
		}
		for _, m := range claim(t, s.d) {
			if m.Person == s.Receiver.ID {
				t.Fatalf("they are sent %+v", m)
			}
		}
		load(t, s.d, leaves(s.Appraisers[1], law.Appraiser, house))
		over := desk(t, s.d, s.Archivist).Overdue
		if len(over) != 1 || len(over[0].Gone) != 1 || over[0].Gone[0] != s.Appraisers[1].Name || len(over[0].Missing) != 2 {
			t.Fatalf("overdue %+v", over)
		}
		d := direct()
		load(t, d.d, db.Batch{People: append(leaves(d.CityOfficer, law.Officer, "").People, leaves(d.OtherOfficer, law.Officer, "").People...)})
		if d.reroute(); !d.has(d.CityLead) || d.has(d.Head) {
			t.Fatal("the lead does not take over from those who left")
		}
	})
}

// One role of several ends without the others; an unknown name is said and refuses nothing; a transfer in one list is no fault.
func TestOneRoleEnds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := dbtest.Seed(t, d)
		load(t, d, db.Batch{People: []db.Person{{Authority: city, Institution: house, Name: w.Head.Name, Role: law.Appraiser}}})
		got := load(t, d, leaves(w.Head, law.Head, house))
		if len(got.Left) != 1 || got.Left[0].Gone {
			t.Fatalf("%+v", got)
		}
		if me := desk(t, d, w.Head).Me; len(me.Roles) != 1 || me.Roles[0] != law.Appraiser {
			t.Fatalf("%+v", me)
		}
		stranger := leaves(dbtest.Somebody{Name: "查无此人"}, law.Head, house)
		stranger.People = append(stranger.People, leaves(w.Archivist, law.Head, house).People...)
		stranger.People = append(stranger.People, leaves(w.Archivist, law.Head, "没有的机构").People...)
		if got := load(t, d, stranger); len(got.Unknown) != 3 || len(got.Faults) != 0 || !nothing(got) {
			t.Fatalf("%+v", got)
		}
		p := db.Person{Authority: city, Institution: house, Name: w.Appraisers[0].Name, Role: law.Appraiser, Licence: "990000001001"}
		left := p
		left.Left, p.Institution = gone, "另一鉴定中心"
		if got := load(t, d, db.Batch{People: []db.Person{left, p}}); len(got.Faults)+len(got.Left)+len(got.Unknown) != 0 || got.ChangedPeople != 1 {
			t.Fatalf("a transfer: %+v", got)
		}
		if me := desk(t, d, w.Appraisers[0]).Me; me.UnitName != "另一鉴定中心" {
			t.Fatalf("after the transfer: %+v", me)
		}
	})
}

// An institution comes under another authority with all its people and cases; what is sent from then on goes the new way, what was
// there stays (R5.5). Without a word on where it was, the same name under another authority is another institution.
func TestAnInstitutionMoves(t *testing.T) {
	onStage(t, func(t *testing.T, direct, external func() *scene) {
		s := external()
		other := "另一市司法局"
		rows := []db.Person{
			{Authority: other, Superior: "示例省司法厅", Name: "新经办", Role: law.Officer},
			{Authority: other, Institution: house, Name: s.Head.Name, Role: law.Head, Former: city},
		}
		b := db.Batch{People: rows}
		got := load(t, s.d, b)
		if got.NewUnits != 1 || got.NewPeople != 1 || len(got.Invitations) != 1 {
			t.Fatalf("%+v", got)
		}
		if again := load(t, s.d, b); !nothing(again) {
			t.Fatalf("again: %+v", again)
		}
		v := got.Invitations[0]
		c := db.Caller{Account: 9001, Link: v.Token}
		must(t, s.d.Commit(t.Context(), c, s.Event(), s.clock.Now(), []flows.Durable{flows.Bind{Person: v.Person}}))
		s.do(s.Receiver, s.Institution, law.Accept)
		s.do(s.Receiver, s.Institution, law.Pass)
		fresh := dbtest.Somebody{ID: v.Person, Name: v.Name, Account: 9001}
		if !s.has(fresh) || s.has(s.CityOfficer) || !s.has(s.Receiver) {
			t.Fatal("it does not go the new way")
		}
		d := direct()
		load(t, d.d, b)
		if !d.has(d.CityOfficer) || !d.has(d.OtherOfficer) {
			t.Fatal("what the former authority had is lost")
		}
		rows[1].Former = ""
		e := direct()
		if got := load(t, e.d, db.Batch{People: rows}); got.NewUnits != 2 {
			t.Fatalf("the same name elsewhere: %+v", got)
		}
	})
}

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

func TestMessagesAreLeasedRetriedAndClosed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		clock := dbtest.At(dbtest.Start)
		d := open(dbtest.WithClock(clock))
		w := dbtest.Seed(t, d)
		file(t, d, w, w.Appraisers[0], w.Direct(w.Appraisers[0], w.Cases[1], "经过"))
		first := claim(t, d)
		if len(first) != 2 || first[0].Kind != db.Report || first[0].Attempts != 1 || first[0].Account == 0 {
			t.Fatalf("claimed %+v", first)
		}
		if len(claim(t, d)) != 0 {
			t.Fatal("leased messages were claimed again")
		}
		clock.Move(2 * time.Minute)
		second := claim(t, d)
		if len(second) != 2 || second[0].Attempts != 2 {
			t.Fatalf("after the lease: %+v", second)
		}
		must(t, d.Sent(t.Context(), second[0].ID))
		must(t, d.Retry(t.Context(), second[1].ID, clock.Now().Add(time.Hour), "429"))
		if len(claim(t, d)) != 0 {
			t.Fatal("claimed before its time")
		}
		clock.Move(time.Hour)
		third := claim(t, d)
		if len(third) != 1 || third[0].ID != second[1].ID {
			t.Fatalf("after the pause: %+v", third)
		}
		must(t, d.Undeliverable(t.Context(), third[0].ID, "blocked"))
		must(t, d.Retry(t.Context(), second[0].ID, clock.Now(), "late")) // already sent: nothing
		clock.Move(time.Hour)
		if len(claim(t, d)) != 0 {
			t.Fatal("a closed message was claimed")
		}
		must(t, d.Reach(t.Context(), third[0].Account, true))
		if again := claim(t, d); len(again) != 1 || again[0].ID != third[0].ID {
			t.Fatalf("who comes back is not told: %+v", again)
		}
	})
}

func TestAnOpenedReportNeedsNoMessage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := dbtest.Seed(t, d)
		file(t, d, w, w.Appraisers[0], w.Report(w.Appraisers[0], w.Cases[1], "经过", []dbtest.Somebody{w.Receiver}))
		id := desk(t, d, w.Receiver).Inbox[0].ID
		must(t, d.Commit(t.Context(), w.Receiver.Caller(), 1, dbtest.Start, []flows.Durable{flows.Read{Report: id}}))
		if got := claim(t, d); len(got) != 0 {
			t.Fatalf("claimed %+v", got)
		}
	})
}

func TestDigestIsMootWhenNothingIsOwed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		clock := dbtest.At(dbtest.Start)
		d := open(dbtest.WithClock(clock))
		w := dbtest.Seed(t, d)
		today := law.Date{Y: 2026, M: 11, D: 24}
		nudge := func(people ...dbtest.Somebody) (fresh int) {
			var ns []db.Nudge
			for _, p := range people {
				ns = append(ns, db.Nudge{Person: p.ID, Day: today, Kind: db.Digest})
			}
			n, err := d.Enqueue(t.Context(), ns)
			must(t, err)
			return n
		}
		everybody := []dbtest.Somebody{w.Appraisers[0], w.Appraisers[1], w.Appraisers[2], w.Archivist, w.Receiver, w.CityLead, w.ProvinceLead}
		if n := nudge(everybody...); n != 7 {
			t.Fatalf("%d new", n)
		}
		if n := nudge(everybody...); n != 0 {
			t.Fatalf("%d new on the repeat", n)
		}
		file(t, d, w, w.Appraisers[1], w.Zero(w.Appraisers[1], w.Cases[0]))
		must(t, d.Commit(t.Context(), w.Appraisers[2].Caller(), 1, clock.Now(), []flows.Durable{flows.Snooze{}}))
		told := map[string]bool{}
		for _, m := range claim(t, d) {
			told[m.Person] = true
		}
		want := map[string]bool{w.Appraisers[0].ID: true, w.Archivist.ID: true, w.CityLead.ID: true}
		for _, p := range everybody {
			if told[p.ID] != want[p.ID] {
				t.Errorf("%s told: %v", p.Name, told[p.ID])
			}
		}
		if n := count(t, d, "SELECT COUNT(*) FROM outbox WHERE state = 'closed' AND why IN ('nothing_owed', 'snoozed')"); n != 4 {
			t.Errorf("%d closed with a reason", n)
		}
		clock.Move(24 * time.Hour)
		if got := claim(t, d); len(got) != 0 {
			t.Errorf("yesterday's reminder is still sent: %+v", got)
		}
	})
}

func TestLostPeopleAreToldOfInTheMorning(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		friday := time.Date(2026, 11, 27, 18, 0, 0, 0, dbtest.Zone)
		clock := dbtest.At(friday)
		d := open(dbtest.WithClock(clock))
		w := dbtest.Seed(t, d)
		must(t, d.Reach(t.Context(), w.Receiver.Account, false))
		must(t, d.Reach(t.Context(), w.Receiver.Account, false))
		if got := desk(t, d, w.Head).Lost; len(got) != 1 || !got[0].Bound || got[0].Name != w.Receiver.Name {
			t.Fatalf("lost %+v", got)
		}
		if got := desk(t, d, w.CityLead).Lost; len(got) != 0 {
			t.Fatalf("the authority sees %+v", got)
		}
		if got := claim(t, d); len(got) != 0 {
			t.Fatalf("told on Friday evening: %+v", got)
		}
		clock.Set(time.Date(2026, 11, 30, 8, 59, 0, 0, dbtest.Zone))
		if got := claim(t, d); len(got) != 0 {
			t.Fatalf("told before nine: %+v", got)
		}
		clock.Set(time.Date(2026, 11, 30, 9, 0, 0, 0, dbtest.Zone))
		if got := claim(t, d); len(got) != 2 || got[0].Kind != db.Lost || got[0].Ref != w.Receiver.ID {
			t.Fatalf("told on Monday: %+v", got)
		}
		must(t, d.Reach(t.Context(), w.Receiver.Account, true))
		clock.Move(time.Hour)
		if got := claim(t, d); len(got) != 0 {
			t.Fatalf("told of somebody who is back: %+v", got)
		}
	})
}

func TestRerouting(t *testing.T) {
	reroute := func(t *testing.T, d *db.DB) int {
		t.Helper()
		n, err := d.Reroute(t.Context())
		must(t, err)
		return n
	}
	has := func(t *testing.T, d *db.DB, p dbtest.Somebody) bool { return len(desk(t, d, p).Inbox) > 0 }
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		house := func(d *db.DB) {
			file(t, d, w, w.Appraisers[0], w.Report(w.Appraisers[0], w.Cases[1], "经过", []dbtest.Somebody{w.Receiver}))
		}
		t.Run("nothing to do", func(t *testing.T) {
			d := twin()
			house(d)
			if reroute(t, d) != 0 {
				t.Fatal("a report was moved")
			}
		})
		t.Run("head stands in for the receiver who left", func(t *testing.T) {
			d := twin()
			house(d)
			must(t, d.Leave(t.Context(), w.Receiver.ID))
			if reroute(t, d) != 1 || !has(t, d, w.Head) || has(t, d, w.CityOfficer) || reroute(t, d) != 0 {
				t.Fatal("the head did not get the report, once")
			}
		})
		t.Run("receiver who blocked the bot: one level up, and the reporter is told", func(t *testing.T) {
			d := twin()
			house(d)
			must(t, d.Reach(t.Context(), w.Receiver.Account, false))
			if reroute(t, d) != 1 || !has(t, d, w.CityOfficer) || has(t, d, w.Head) {
				t.Fatal("the report did not climb to the city")
			}
			told := false
			for _, m := range claim(t, d) {
				told = told || m.Kind == db.Moved && m.Person == w.Appraisers[0].ID
			}
			if !told {
				t.Fatal("the reporter is not told")
			}
		})
		t.Run("the reporter sees where it is now", func(t *testing.T) {
			d := twin()
			r := w.Report(w.Appraisers[0], w.Cases[1], "经过", []dbtest.Somebody{w.Receiver})
			file(t, d, w, w.Appraisers[0], r)
			look := func() flows.Desk {
				where := db.Where{Event: w.Event(), Place: flows.AtRecord, Subject: r.ID}
				got, err := d.Desk(t.Context(), w.Appraisers[0].Caller(), where)
				must(t, err)
				return got
			}
			if got := look(); len(got.Moved) != 0 || len(got.Way) != 1 || got.Way[0].Recipients[0].Name != w.Receiver.Name {
				t.Fatalf("before: %+v %+v", got.Moved, got.Way)
			}
			must(t, d.Reach(t.Context(), w.Receiver.Account, false))
			reroute(t, d)
			got := look()
			if len(got.Moved) != 1 || got.Moved[0] != r.ID || len(got.Way) != 2 || len(got.Way[1].Recipients) == 0 {
				t.Fatalf("after: %+v %+v", got.Moved, got.Way)
			}
			if other := desk(t, d, w.Appraisers[1]); len(other.Moved) != 0 {
				t.Fatal("a colleague sees it")
			}
		})
		t.Run("nobody can be reached: it waits where it is", func(t *testing.T) {
			d := twin()
			house(d)
			for _, p := range []dbtest.Somebody{w.Receiver, w.Head, w.CityOfficer, w.OtherOfficer, w.CityLead, w.ProvinceOfficer, w.ProvinceLead} {
				must(t, d.Reach(t.Context(), p.Account, false))
			}
			before := contents(t, d)
			if reroute(t, d) != 0 || contents(t, d) != before {
				t.Fatal("something changed")
			}
			if n, _ := d.Waiting(t.Context()); n != 1 {
				t.Fatalf("%d reports wait", n)
			}
			must(t, d.Reach(t.Context(), w.ProvinceLead.Account, true))
			if reroute(t, d) != 1 || !has(t, d, w.ProvinceLead) {
				t.Fatal("the first who can be reached has not got it")
			}
		})
		t.Run("direct report never comes down", func(t *testing.T) {
			d := twin()
			file(t, d, w, w.Appraisers[0], w.Direct(w.Appraisers[0], w.Cases[1], "经过"))
			for _, p := range []dbtest.Somebody{w.CityOfficer, w.OtherOfficer, w.CityLead, w.ProvinceOfficer, w.ProvinceLead} {
				if !has(t, d, p) {
					t.Fatalf("%s has not got it", p.Name)
				}
				must(t, d.Leave(t.Context(), p.ID))
				if p != w.CityOfficer && p != w.ProvinceLead && reroute(t, d) != 1 {
					t.Fatalf("not moved after %s left", p.Name)
				}
			}
			if reroute(t, d) != 0 {
				t.Fatal("moved although nobody is left")
			}
			for _, p := range []dbtest.Somebody{w.Head, w.Receiver, w.Archivist} {
				if has(t, d, p) {
					t.Fatalf("%s has got it", p.Name)
				}
			}
			if n, err := d.Waiting(t.Context()); err != nil || n != 1 {
				t.Fatalf("%d reports wait, %v", n, err)
			}
		})
		t.Run("an implicated leader's whole organ is passed over", func(t *testing.T) {
			d := twin()
			r := w.Report(w.Appraisers[0], w.Cases[1], "经过", []dbtest.Somebody{w.ProvinceOfficer})
			r.Report.Excluded = []record.Excluded{
				dbtest.Exclude(w.CityLead, law.ImplicatedLead),
				dbtest.Exclude(w.CityOfficer, law.LedByImplicated), dbtest.Exclude(w.OtherOfficer, law.LedByImplicated),
			}
			file(t, d, w, w.Appraisers[0], r)
			_, err := d.Load(t.Context(), db.Batch{People: []db.Person{{Authority: "示例市司法局", Name: "新人", Role: law.Officer}}})
			must(t, err)
			exec(t, d, "INSERT INTO roles (person, unit, role, since_ms) VALUES ($1, $2, 'officer', 0)", w.CityOfficer.ID, w.Province)
			must(t, d.Revoke(t.Context(), w.CityOfficer.ID, w.City, law.Officer))
			must(t, d.Leave(t.Context(), w.ProvinceOfficer.ID))
			if reroute(t, d) != 1 || !has(t, d, w.ProvinceLead) || has(t, d, w.CityOfficer) {
				t.Fatal("the province's leader has not got it")
			}
			if n := count(t, d, "SELECT COUNT(*) FROM deliveries WHERE unit = $1", w.City); n != 0 {
				t.Fatal("somebody led by the implicated leader has got it")
			}
		})
		t.Run("held until somebody may have it", func(t *testing.T) {
			d := twin()
			r := w.Report(w.Appraisers[0], w.Cases[1], "经过")
			for _, p := range []dbtest.Somebody{w.CityLead, w.CityOfficer, w.OtherOfficer, w.ProvinceOfficer} {
				r.Report.Excluded = append(r.Report.Excluded, dbtest.Exclude(p, law.Implicated))
			}
			file(t, d, w, w.Appraisers[0], r)
			if got := claim(t, d); len(got) != 1 || got[0].Kind != db.Held || got[0].Person != w.ProvinceLead.ID {
				t.Fatalf("told: %+v", got)
			}
			if n, _ := d.Waiting(t.Context()); n != 1 {
				t.Fatalf("%d reports wait", n)
			}
			if reroute(t, d) != 1 || !has(t, d, w.ProvinceLead) {
				t.Fatal("whoever may have it has not got it")
			}
		})
	})
}

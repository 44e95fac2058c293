package db_test

import (
	"slices"
	"testing"
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// A day passes on which the signer was to hear of their report: they are told, once, and again at the policy's distance as long
// as nothing moves; an outage ends in one word; nobody else is told (E10).
func TestOverdueNews(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		s := direct()
		s.told(db.Report)
		tell := func(want int) {
			t.Helper()
			today := law.DateOf(s.clock.Now().In(dbtest.Zone))
			n, err := s.d.TellOverdue(t.Context(), today)
			must(t, err)
			if n != want {
				t.Fatalf("%s: %d told, want %d", today, n, want)
			}
			if n, err = s.d.TellOverdue(t.Context(), today); err != nil || n != 0 {
				t.Fatalf("%s: told twice (%d, %v)", today, n, err)
			}
			signer := []string{s.Appraisers[0].ID + " " + s.record.ID}
			if got := s.told(db.Word); want == 1 && !slices.Equal(got, signer) || want == 0 && len(got) > 0 {
				t.Fatalf("%s: %v", today, got)
			}
		}
		day := func(date string) {
			d, err := time.ParseInLocation("2006-01-02 15:04", date+" 10:00", dbtest.Zone)
			must(t, err)
			s.clock.Set(d)
		}
		tell(0)
		if f := s.follows(); f.Next.String() != "2026-11-27" || !f.Again.IsZero() {
			t.Fatalf("%+v", f)
		}
		day("2026-11-27")
		tell(0)
		day("2026-11-30")
		tell(1)
		if f := s.follows(); f.Next.String() != "2026-11-27" || f.Again.String() != "2026-12-07" || !slices.Contains(f.May, law.Urge) {
			t.Fatalf("%+v", f)
		}
		day("2026-12-04")
		tell(0)
		day("2026-12-30") // nothing ran for weeks
		tell(1)
		s.do(s.CityOfficer, s.City, law.Accept)
		s.do(s.CityOfficer, s.City, law.Categorise, dbtest.Categories(law.InternalDirect))
		ask := string(law.AskClient) + "/" + s.City + "/" + law.InternalDirect.String() // the kind of client is not known
		s.do(s.CityOfficer, s.City, law.Waive, dbtest.Words("不告知"), dbtest.Task(ask))
		s.told(db.Word)
		if f := s.follows(); f.Next.String() != "2027-01-23" || !f.Again.IsZero() {
			t.Fatalf("%+v", f)
		}
		tell(0)
		day("2027-01-25")
		tell(1)
		for _, k := range s.reads(s.CityOfficer).Tasks {
			if k.Open() && k.Duty != law.Handling {
				s.do(s.CityOfficer, s.City, law.Waive, dbtest.Words("免"), dbtest.Task(k.Key))
			}
		}
		s.do(s.CityOfficer, s.City, law.Close)
		s.told(db.Word)
		day("2027-06-30")
		tell(0)
	})
}

// What nobody may receive has an expected day too: its signer is told when it passes, and again at the policy's distance, of a
// report, of a complaint, and of what reached somebody and is with nobody any more; nobody else is told (E10).
func TestWaitingIsNotSilent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		clock := dbtest.At(dbtest.Start)
		d := open(dbtest.WithClock(clock))
		w := dbtest.Seed(t, d)
		signer := w.Appraisers[0]
		s := &scene{w, t, d, clock, w.Report(signer, w.Cases[1], "经过"), ""}
		file(t, d, w, signer, s.record) // held from the beginning
		sent := w.Report(w.Appraisers[1], w.Cases[0], "经过", []dbtest.Somebody{w.Receiver})
		file(t, d, w, w.Appraisers[1], sent)
		zero := w.Zero(w.Appraisers[2], w.Cases[2])
		file(t, d, w, w.Appraisers[2], zero)
		for _, p := range []dbtest.Somebody{w.Receiver, w.Head, w.CityOfficer, w.OtherOfficer, w.CityLead, w.ProvinceOfficer, w.ProvinceLead} {
			must(t, d.Leave(t.Context(), p.ID))
		}
		must(t, s.commit(w.Appraisers[2].Caller(), s.grievance(w.Appraisers[2], zero.ID)))
		plaint := s.protection(w.Appraisers[2], zero.ID).Plaints[0]
		if plaint.Standing != law.Waiting {
			t.Fatalf("%+v", plaint)
		}
		own := func() []*flows.Follow {
			var out []*flows.Follow
			for i, e := range []string{s.record.ID, sent.ID} {
				out = append(out, desk(t, d, w.Appraisers[i], db.Where{Event: w.Event(), Place: flows.AtRecord, Subject: e}).Follow)
			}
			c := desk(t, d, w.Appraisers[2], db.Where{Event: w.Event(), Place: flows.AtPlaint, Subject: plaint.ID}).Complaint
			return append(out, &c.Follow)
		}
		for _, x := range []struct {
			date, again string
			told        int
		}{{"2026-11-27", "", 0}, {"2026-11-30", "2026-12-07", 3}, {"2026-12-04", "2026-12-07", 0}, {"2026-12-30", "2027-01-04", 3}} {
			day, err := time.ParseInLocation("2006-01-02 15:04", x.date+" 10:00", dbtest.Zone)
			must(t, err)
			clock.Set(day)
			s.told(db.Word)
			for range 2 {
				_, err = d.TellOverdue(t.Context(), law.DateOf(day))
				must(t, err)
			}
			var want []string
			if x.told > 0 {
				want = []string{signer.ID + " " + s.record.ID, w.Appraisers[1].ID + " " + sent.ID, w.Appraisers[2].ID + " " + plaint.ID}
				slices.Sort(want)
			}
			if got := s.told(db.Word); !slices.Equal(got, want) {
				t.Fatalf("%s: told %v", x.date, got)
			}
			for i, f := range own() {
				again := ""
				if !f.Again.IsZero() {
					again = f.Again.String()
				}
				if f.Standing != law.Waiting || f.Next.String() != "2026-11-27" || again != x.again {
					t.Fatalf("%s: %d: %+v", x.date, i, f)
				}
			}
		}
	})
}

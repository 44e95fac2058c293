package db_test

import (
	"slices"
	"testing"
	"time"

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

package db_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"liuhen/flows/law"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// Officers of every authority are told of the checkpoint once on each working day, from nine on; an authority without one tells its
// lead. It depends on nothing that was filed.
func TestCheckpointsAreTold(t *testing.T) {
	day := time.Date(2026, 11, 24, 8, 30, 0, 0, dbtest.Zone) // a Tuesday
	var first []string
	for name, prepare := range map[string]func(t *testing.T, d *db.DB, w *dbtest.World){
		"nothing filed": func(*testing.T, *db.DB, *dbtest.World) {},
		"a report": func(t *testing.T, d *db.DB, w *dbtest.World) {
			file(t, d, w, w.Appraisers[0], w.Direct(w.Appraisers[0], w.Cases[0], "x"))
		},
	} {
		clock := dbtest.At(day)
		d := dbtest.SQLite(t, t.TempDir()+"/a.db")(dbtest.WithClock(clock))
		w := dbtest.Seed(t, d)
		prepare(t, d, w)
		must(t, d.Revoke(t.Context(), w.ProvinceOfficer.ID, w.Province, law.Officer))
		var log []string
		heard := func(at time.Time) {
			clock.Set(at)
			for range 2 {
				_, err := d.TellCheckpoint(t.Context())
				must(t, err)
			}
			var told []string
			for _, m := range claim(t, d) {
				if m.Kind == db.Checkpoint {
					told = append(told, m.Person+" "+m.Ref)
				}
				must(t, d.Sent(t.Context(), m.ID))
			}
			slices.Sort(told)
			log = append(log, at.Format(time.DateTime), "told")
			for _, x := range told {
				for who, id := range map[string]string{"officer": w.CityOfficer.ID, "other": w.OtherOfficer.ID, "lead above": w.ProvinceLead.ID} {
					if x == id+" "+law.DateOf(at).String() {
						log = append(log, who)
					}
				}
			}
			if want := map[bool]int{true: 3}[at.Equal(day.Add(time.Hour))]; len(told) != want {
				t.Errorf("%s, %v: told %v", name, at, told)
			}
		}
		heard(day)
		heard(day.Add(time.Hour))
		heard(day.Add(4 * time.Hour))              // once a day
		heard(day.AddDate(0, 0, 4).Add(time.Hour)) // a Saturday
		slices.Sort(log)
		if first == nil {
			first = log
		}
		if !slices.Equal(first, log) {
			t.Errorf("%v\n%v", first, log)
		}
		// One that did not arrive on its day is not told any more.
		clock.Set(day.AddDate(0, 0, 1))
		_, err := d.TellCheckpoint(t.Context())
		must(t, err)
		clock.Set(day.AddDate(0, 0, 2).Add(time.Hour))
		for _, m := range claim(t, d) {
			if m.Kind == db.Checkpoint {
				t.Errorf("told of a past day: %+v", m)
			}
		}
		if err := d.MayHaveCheckpoint(t.Context(), w.Head.Caller(), w.Event()); !errors.Is(err, db.ErrDenied) {
			t.Errorf("a head gets it: %v", err)
		}
		must(t, d.MayHaveCheckpoint(t.Context(), w.CityOfficer.Caller(), w.Event()))
	}
}

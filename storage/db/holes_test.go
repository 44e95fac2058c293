package db_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// Those who receive are asked at each interval; who does not answer, or says no, is shown to whoever can mend it and loses nothing;
// an answer counts until the next interval (R5.5).
func TestReceiversAreAsked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		clock := dbtest.At(dbtest.Start)
		d := open(dbtest.WithClock(clock))
		w := dbtest.Seed(t, d)
		announce := func() (told []string) {
			t.Helper()
			_, err := d.Announce(t.Context())
			must(t, err)
			again, err := d.Announce(t.Context())
			if err != nil || again != 0 {
				t.Fatalf("again %d, %v", again, err)
			}
			clock.Move(4 * 24 * time.Hour)
			for _, m := range claim(t, d) {
				if m.Kind == db.Confirm || m.Kind == db.Routes {
					told = append(told, string(m.Kind)+" "+m.Person)
					must(t, d.Sent(t.Context(), m.ID))
				}
			}
			slices.Sort(told)
			return told
		}
		says := func(p dbtest.Somebody, still bool) error {
			return d.Commit(t.Context(), p.Caller(), w.Event(), clock.Now(), []flows.Durable{flows.Confirm{Unit: p.Unit, Still: still}})
		}
		if got := announce(); len(got) != 0 || desk(t, d, w.Receiver).Ask != nil {
			t.Fatalf("asked at once: %v", got)
		}
		clock.Set(dbtest.Start.AddDate(0, 3, 1))
		if got := announce(); len(got) != 7 { // head, receiver, and five of the organs
			t.Fatalf("told %v", got)
		}
		if x := desk(t, d, w.Receiver); x.Ask == nil || x.Ask.Denied || len(x.Holes) != 0 {
			t.Fatalf("the receiver is not asked: %+v", x.Ask)
		}
		if desk(t, d, w.Archivist).Ask != nil {
			t.Fatal("the archivist is asked")
		}
		must(t, says(w.Head, true))
		must(t, says(w.CityOfficer, true))
		if err := says(w.Archivist, true); !errors.Is(err, db.ErrDenied) {
			t.Fatalf("the archivist answers: %v", err)
		}
		must(t, says(w.Receiver, false))
		holes := desk(t, d, w.Head).Holes
		if want := []law.Hole{{Kind: law.HoleDisowned, Unit: law.UnitID(w.Institution), Person: law.PersonID(w.Receiver.ID)}}; !slices.Equal(holes, want) {
			t.Fatalf("the head sees %v", holes)
		}
		if desk(t, d, w.Receiver).Ask == nil {
			t.Fatal("who said no cannot take it back")
		}
		r := w.Report(w.Appraisers[0], w.Cases[1], "经过", []dbtest.Somebody{w.Receiver})
		file(t, d, w, w.Appraisers[0], r)
		if len(desk(t, d, w.Receiver).Inbox) != 1 {
			t.Fatal("saying no made a hole of its own")
		}
		if got := announce(); !slices.Equal(got, []string{"routes " + w.Head.ID}) {
			t.Fatalf("told %v", got)
		}
		clock.Move(30 * 24 * time.Hour)
		if holes := desk(t, d, w.CityLead).Holes; len(holes) != 2 || holes[0].Kind != law.HoleUnconfirmed {
			t.Fatalf("the lead sees %v", holes)
		}
		must(t, says(w.Receiver, true))
		if x := desk(t, d, w.Receiver); x.Ask != nil || len(desk(t, d, w.Head).Holes) != 0 {
			t.Fatalf("still asked: %+v", x.Ask)
		}
	})
}

// The announcement is the same whatever was reported, and a report gets its way whatever the holes.
func TestHolesAndReportsDoNotTouch(t *testing.T) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		look := func(report bool) string {
			clock := dbtest.At(dbtest.Start)
			d := twin(dbtest.WithClock(clock))
			must(t, d.Leave(t.Context(), w.OtherOfficer.ID))
			must(t, d.Leave(t.Context(), w.Receiver.ID))
			must(t, d.Leave(t.Context(), w.CityOfficer.ID))
			r := w.Zero(w.Appraisers[0], w.Cases[1])
			if report {
				id := r.ID
				r = w.Report(w.Appraisers[0], w.Cases[1], "经过", []dbtest.Somebody{w.Head})
				r.ID = id
			}
			file(t, d, w, w.Appraisers[0], r)
			if report {
				must(t, d.Leave(t.Context(), w.Head.ID))
				_, err := d.Reroute(t.Context())
				must(t, err)
				if n, err := d.Waiting(t.Context()); err != nil || n != 0 || len(desk(t, d, w.CityLead).Inbox) != 1 {
					t.Fatalf("the report is lost: %d, %v", n, err)
				}
			} else {
				must(t, d.Leave(t.Context(), w.Head.ID))
			}
			_, err := d.Announce(t.Context())
			must(t, err)
			_, holes, err := d.Holes(t.Context())
			must(t, err)
			if len(holes) < 3 {
				t.Fatalf("holes %v", holes)
			}
			return dump(t, d, "roles") + dumpOf(t, d, "SELECT id, person, due_ms FROM outbox WHERE kind IN ('routes', 'confirm') ORDER BY id")
		}
		if a, b := look(false), look(true); a != b {
			t.Fatalf("a report shows in the holes:\n%s\n%s", a, b)
		}
	})
}

func dumpOf(t *testing.T, d *db.DB, q string) string {
	t.Helper()
	var out string
	rs, err := d.SQL().QueryContext(t.Context(), q)
	must(t, err)
	for rs.Next() {
		var id, person, due string
		must(t, rs.Scan(&id, &person, &due))
		out += id + " " + person + " " + due + "\n"
	}
	must(t, rs.Err())
	must(t, rs.Close())
	return out
}

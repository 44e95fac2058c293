package db_test

import (
	"database/sql/driver"
	"fmt"
	"strings"
	"testing"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// later is a day on which the retention of all closed cases of the world is over.
var later = dbtest.Start.AddDate(31, 0, 0)

func deed(w *dbtest.World, by dbtest.Somebody, kind law.DeedKind, about string, cases ...string) flows.Keep {
	return flows.Keep{Words: "依据" + string(kind), Deed: law.Deed{
		ID: fmt.Sprintf("deed%06d", w.Event()), Kind: kind, Unit: law.UnitID(by.Unit), By: law.PersonID(by.ID), About: about, Cases: cases,
	}}
}

func keep(t *testing.T, d *db.DB, w *dbtest.World, by dbtest.Somebody, k flows.Keep) error {
	t.Helper()
	return d.Commit(t.Context(), by.Caller(), w.Event(), later, []flows.Durable{k})
}

func room(t *testing.T, d *db.DB, p dbtest.Somebody, number string) *flows.Keeping {
	t.Helper()
	return desk(t, d, p, db.Where{Place: flows.AtKeeping, Subject: number}).Keeping
}

// TestDisposalTakesTwo: the archivist proposes, the leader of the authority agrees; nobody alone, nobody else, nothing that is
// held or too young. Afterwards nothing opens what was filed, its evidence is needed no more, and the store is whole.
func TestDisposalTakesTwo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		clock := dbtest.At(dbtest.Start)
		d := open(dbtest.WithClock(clock))
		w := dbtest.Seed(t, d)
		a, b := w.Appraisers[0], w.Appraisers[1]
		secret := w.Direct(a, w.Cases[0], "canary")
		file(t, d, w, a, secret)
		file(t, d, w, b, w.Zero(b, w.Cases[0]))
		other := w.Zero(a, w.Cases[1])
		file(t, d, w, a, other)
		report := reportIn(t, d, w.CityOfficer)
		must(t, w.Handle(d, w.CityOfficer, w.Act(w.CityOfficer, report, w.City, law.Accept, dbtest.Start))())
		openReport(t, d, w)
		ask := w.Act(w.CityOfficer, report, w.City, law.Ask, dbtest.Start, dbtest.Words("问"))
		must(t, w.Handle(d, w.CityOfficer, ask)())
		tellAll(t, d) // what its signer and its handlers were told is put away
		reply := w.Act(a, report, "", law.Reply, dbtest.Start, dbtest.Words("答"))
		must(t, w.Handle(d, a, reply)())
		tellAll(t, d)
		must(t, w.Handle(d, w.CityOfficer, w.Act(w.CityOfficer, report, w.City, law.Ask, dbtest.Start, dbtest.Words("再问")))())
		if n := count(t, d, "SELECT COUNT(*) FROM told"); n < 3 {
			t.Fatalf("%d messages are put away", n)
		}
		c := w.Cases[0].ID
		denied(t, keep(t, d, w, w.Archivist, deed(w, w.Archivist, law.Propose, "", c)))
		clock.Set(later)
		for _, p := range []dbtest.Somebody{a, w.Head, w.Receiver, w.CityOfficer, w.CityLead, w.ProvinceLead} {
			denied(t, keep(t, d, w, p, deed(w, p, law.Propose, "", c)))
		}
		if got := room(t, d, w.Archivist, "").Due; len(got) < 2 || got[0].ID != c && got[1].ID != c {
			t.Fatalf("due are %+v", got)
		}
		p := deed(w, w.Archivist, law.Propose, "", c)
		must(t, keep(t, d, w, w.Archivist, p))
		must(t, keep(t, d, w, w.Archivist, p)) // again is nothing
		for _, x := range []dbtest.Somebody{w.Archivist, w.Head, w.CityOfficer, w.ProvinceLead, a} {
			denied(t, keep(t, d, w, x, deed(w, x, law.Agree, p.Deed.ID)))
		}
		if got := room(t, d, w.CityLead, "").Open; len(got) != 1 || got[0].Mine || len(got[0].Cases) != 1 || got[0].Words != p.Words {
			t.Fatalf("the leader sees %+v", got)
		}
		agree := deed(w, w.CityLead, law.Agree, p.Deed.ID)
		must(t, keep(t, d, w, w.CityLead, agree))
		must(t, keep(t, d, w, w.CityLead, agree))
		denied(t, keep(t, d, w, w.CityLead, deed(w, w.CityLead, law.Refuse, p.Deed.ID)))
		if n := count(t, d, "SELECT COUNT(*) FROM data_keys k JOIN gone g ON g.of_table = k.of_table AND g.of_row = k.of_row"); n != 0 {
			t.Errorf("%d keys of what is gone are there", n)
		}
		if n, m := count(t, d, "SELECT COUNT(*) FROM told"), count(t, d, "SELECT COUNT(*) FROM outbox WHERE ref = $1 AND kind <> 'report'", secret.ID); n+m != 0 {
			t.Errorf("%d messages about what is gone are put away, %d under way", n, m)
		}
		if n := count(t, d, "SELECT COUNT(*) FROM data_keys WHERE of_table = 'told'"); n != 0 {
			t.Errorf("%d keys of messages are there", n)
		}
		if got := desk(t, d, a).Records; len(got) != 1 || got[0].ID != other.ID {
			t.Errorf("the signer sees %+v", got)
		}
		if got := desk(t, d, w.CityOfficer); len(got.Inbox)+len(got.Tasks) != 0 {
			t.Errorf("the officer sees %+v", got.Inbox)
		}
		x := desk(t, d, a, db.Where{Event: w.Event(), Place: flows.AtRecord, Subject: secret.ID})
		if x.Entry != nil {
			t.Error("the entry can be read")
		}
		for _, p := range []dbtest.Somebody{w.Confidant, w.CityConfidant} { // who read the report stood in the city's log
			if x := desk(t, d, p, db.Where{Event: w.Event(), Place: flows.AtLog}); x.Log == nil || strings.Contains(fmt.Sprint(x.Log.Lines), string(law.ReadReport)) {
				t.Errorf("%s reads %+v", p.Name, x.Log)
			}
		}
		whole(t, d, 1)
		must(t, d.BlobNames(t.Context(), func(name string) error { return fmt.Errorf("%s is still needed", name) }))
		f, err := d.CaseFile(t.Context(), c, "test")
		if err != nil || len(f.Signers[0].Entries)+len(f.Signers[1].Entries) != 0 {
			t.Errorf("the case file has %+v %v", f, err)
		}
		if n, err := d.Waiting(t.Context()); n != 0 || err != nil {
			t.Errorf("%d reports wait, %v", n, err)
		}
		if _, err := d.Reroute(t.Context()); err != nil {
			t.Error(err)
		}
		if got := room(t, d, w.Archivist, ""); len(got.Done) != 1 || got.Done[0].Answer != agree.Words || strings.Contains(fmt.Sprint(got.Due), c) {
			t.Errorf("afterwards %+v", got)
		}
	})
}

// tellAll sends what is under way.
func tellAll(t *testing.T, d *db.DB) {
	t.Helper()
	for _, m := range claim(t, d) {
		must(t, d.Sent(t.Context(), m.ID))
	}
}

// whole fails the test when verifying finds anything, or another number of entries.
func whole(t *testing.T, d *db.DB, records int) {
	t.Helper()
	n, err := d.Verify(t.Context(), func(f db.Finding) { t.Errorf("verify: %+v", f) })
	if err != nil || n != records {
		t.Errorf("%d records verified, not %d: %v", n, records, err)
	}
}

func reportIn(t *testing.T, d *db.DB, p dbtest.Somebody) string {
	t.Helper()
	in := desk(t, d, p).Inbox
	if len(in) == 0 {
		t.Fatal("no report")
	}
	return in[0].ID
}

// TestHolds: a hold stops disposal until its own unit releases it. An institution is never told of the authority's: that could
// betray a report.
func TestHolds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		clock := dbtest.At(later)
		d := open(dbtest.WithClock(clock))
		w := dbtest.Seed(t, d)
		c := w.Cases[0]
		if got := room(t, d, w.CityOfficer, c.Number).Found; len(got) != 1 || got[0].ID != c.ID {
			t.Fatalf("found %+v", got)
		}
		if got := room(t, d, w.ProvinceOfficer, c.Number).Found; len(got) != 0 {
			t.Errorf("the province finds %+v", got)
		}
		inside, above := deed(w, w.Head, law.Hold, "", c.ID), deed(w, w.CityOfficer, law.Hold, "", c.ID)
		denied(t, keep(t, d, w, w.ProvinceOfficer, deed(w, w.ProvinceOfficer, law.Hold, "", c.ID)))
		denied(t, keep(t, d, w, w.Appraisers[0], deed(w, w.Appraisers[0], law.Hold, "", c.ID)))
		before := fmt.Sprintf("%+v", *room(t, d, w.Archivist, ""))
		must(t, keep(t, d, w, w.CityOfficer, above))
		if got := fmt.Sprintf("%+v", *room(t, d, w.Archivist, "")); got != before {
			t.Errorf("the archivist sees the authority's hold: %s, before %s", got, before)
		}
		must(t, keep(t, d, w, w.Head, inside))
		if got := room(t, d, w.Archivist, ""); len(got.Held) != 1 || !got.Held[0].Mine || strings.Contains(fmt.Sprint(got.Due), c.ID) {
			t.Errorf("the archivist sees %+v", got)
		}
		if got := room(t, d, w.CityLead, "").Held; len(got) != 2 {
			t.Errorf("the leader sees %+v", got)
		}
		denied(t, keep(t, d, w, w.CityLead, deed(w, w.CityLead, law.Release, inside.Deed.ID)))
		denied(t, keep(t, d, w, w.Archivist, deed(w, w.Archivist, law.Release, above.Deed.ID)))
		denied(t, keep(t, d, w, w.Archivist, deed(w, w.Archivist, law.Propose, "", c.ID)))
		must(t, keep(t, d, w, w.Archivist, deed(w, w.Archivist, law.Release, inside.Deed.ID)))
		p := deed(w, w.Archivist, law.Propose, "", c.ID)
		must(t, keep(t, d, w, w.Archivist, p))
		denied(t, keep(t, d, w, w.CityLead, deed(w, w.CityLead, law.Agree, p.Deed.ID)))
		must(t, keep(t, d, w, w.CityLead, deed(w, w.CityLead, law.Release, above.Deed.ID)))
		must(t, keep(t, d, w, w.CityLead, deed(w, w.CityLead, law.Agree, p.Deed.ID)))
		whole(t, d, 0)
	})
}

// TestDisposalInOneGo: a disposal that is broken off at any statement has done nothing, and the repeat does it.
func TestDisposalInOneGo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		clock, c := dbtest.At(dbtest.Start), &cutter{}
		c.left.Store(-1)
		broken := open(dbtest.WithClock(clock), func(o *db.Options) {
			o.Wrap = func(k driver.Connector) driver.Connector { return cutConnector{k, c} }
		})
		d := open(dbtest.WithClock(clock))
		w := dbtest.Seed(t, d)
		file(t, d, w, w.Appraisers[0], w.Direct(w.Appraisers[0], w.Cases[0], "canary"))
		clock.Set(later)
		p := deed(w, w.Archivist, law.Propose, "", w.Cases[0].ID)
		must(t, keep(t, d, w, w.Archivist, p))
		agree, event := deed(w, w.CityLead, law.Agree, p.Deed.ID), w.Event()
		do := func(d *db.DB) error {
			return d.Commit(t.Context(), w.CityLead.Caller(), event, later, []flows.Durable{agree})
		}
		state := func() string {
			return contents(t, d) + fmt.Sprint(count(t, d, "SELECT COUNT(*) FROM gone"), count(t, d, "SELECT COUNT(*) FROM deeds"), count(t, d, "SELECT COUNT(*) FROM data_keys"))
		}
		before := state()
		for n := 0; ; n++ {
			c.arm(n, false)
			err := do(broken)
			c.left.Store(-1)
			if !c.cut.Load() {
				must(t, err)
				break
			}
			if now := state(); err == nil || now != before {
				t.Fatalf("cut at statement %d left something behind (%v)", n, err)
			}
		}
		done := state()
		must(t, do(d))
		if done == before || state() != done {
			t.Fatal("it did nothing, or the repeat changed something")
		}
		whole(t, d, 0)
	})
}

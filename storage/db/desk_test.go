package db_test

import (
	"strings"
	"testing"
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
	"liuhen/storage/ledger"
)

func TestDeskOfASigner(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := dbtest.Seed(t, d)
		signer := w.Appraisers[0]
		before := desk(t, d, signer)
		if len(before.Cases) != 3 || before.Cases[1].ID != w.Cases[1].ID || !before.Cases[1].Owed || before.Cases[1].Due.String() != "2026-11-25" {
			t.Fatalf("cases %+v", before.Cases)
		}
		if old := before.Cases[2]; old.Owed || old.Closed.String() != "2020-06-30" {
			t.Fatalf("a case closed before the rule came into force is owed: %+v", old)
		}
		first := w.Zero(signer, w.Cases[1])
		file(t, d, w, signer, first)
		second := w.Zero(signer, w.Cases[1])
		second.Supersedes = first.ID
		file(t, d, w, signer, second)
		after := desk(t, d, signer, db.Where{Event: 900, Place: flows.AtRecord, Subject: first.ID})
		if last := after.Cases[1]; last.ID != w.Cases[1].ID || !last.Filed || last.Owed {
			t.Fatalf("filed case %+v", last)
		}
		got := after.Records
		if len(got) != 2 || got[0].ID != second.ID || got[0].Supersedes != first.ID || got[1].Superseded != second.ID ||
			got[0].CaseID != w.Cases[1].ID || got[0].Number != w.Cases[1].Number || got[0].Matter != w.Cases[1].Matter {
			t.Fatalf("receipts %+v", got)
		}
		canonical, _ := first.Canonical()
		signed, err := d.Receipt(t.Context(), signer.Caller(), 900, first.ID)
		must(t, err)
		receipt, err := ledger.OpenReceipt(signed, d.Keys.Verifiers()...)
		if err != nil || got[1].Digest != receipt.Digest || strings.Contains(got[1].Digest, record.Digest(canonical)) || !got[1].Signed.Equal(first.Signed) {
			t.Fatalf("receipt %+v, on the desk %+v, %v", receipt, got[1], err)
		}
		if after.Entry == nil || after.Entry.ID != first.ID {
			t.Fatal("the own entry is not on the desk")
		}
		if other := desk(t, d, w.Appraisers[2], db.Where{Event: 901, Place: flows.AtRecord, Subject: first.ID}); other.Entry != nil || len(other.Records) != 0 {
			t.Fatal("a co-signer sees another's entry")
		}
		if n := count(t, d, "SELECT COUNT(*) FROM audit WHERE action = 'read_entry' AND allowed"); n != 1 {
			t.Fatalf("%d allowed reads are written down", n)
		}
		if n := count(t, d, "SELECT COUNT(*) FROM audit WHERE action = 'read_entry' AND NOT allowed"); n != 1 {
			t.Fatalf("%d refused reads are written down", n)
		}
	})
}

func TestDeskHoldsTheCallersLine(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := dbtest.Seed(t, d)
		dir := desk(t, d, w.Appraisers[0]).Directory
		if len(dir.Units) != 3 || len(dir.Members) != 13 {
			t.Fatalf("the line of an appraiser has %d units and %d people", len(dir.Units), len(dir.Members))
		}
		if got := desk(t, d, w.CityLead).Directory; len(got.Units) != 2 || len(got.In(law.UnitID(w.Institution))) != 0 {
			t.Fatalf("the line of the city's lead: %+v", got)
		}
		whole, err := d.Directory(t.Context())
		must(t, err)
		if len(whole.Units) != 3 || len(whole.Members) != 13 || !whole.Members[0].Bound {
			t.Fatalf("register %+v", whole)
		}
		way := whole.Way(law.UnitID(w.Institution))
		if len(way) != 3 || way[1].Unit != law.UnitID(w.City) || way[2].Unit != law.UnitID(w.Province) {
			t.Fatalf("way %+v", way)
		}
	})
}

func TestReportIsForItsRecipientsOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := dbtest.Seed(t, d)
		r := w.Direct(w.Appraisers[0], w.Cases[1], "经过")
		file(t, d, w, w.Appraisers[0], r)
		inbox := desk(t, d, w.CityOfficer).Inbox
		if len(inbox) != 1 || inbox[0].Opened {
			t.Fatalf("inbox %+v", inbox)
		}
		at := db.Where{Event: 50, Place: flows.AtReport, Subject: inbox[0].ID}
		got := desk(t, d, w.CityOfficer, at).Report
		if got == nil || got.Record.ID != r.ID || got.Level != law.Authority || got.Digest == "" {
			t.Fatalf("report %+v", got)
		}
		must(t, d.Commit(t.Context(), w.CityOfficer.Caller(), 50, dbtest.Start, []flows.Durable{flows.Read{Report: inbox[0].ID}}))
		if again := desk(t, d, w.CityOfficer).Inbox; !again[0].Opened {
			t.Fatal("the report is not marked as opened")
		}
		if other := desk(t, d, w.OtherOfficer).Inbox; len(other) != 1 || other[0].Opened {
			t.Fatalf("the colleague's inbox %+v", other)
		}
		if n := count(t, d, "SELECT COUNT(*) FROM audit WHERE action = 'read_report' AND allowed"); n != 1 {
			t.Fatalf("one event that reads is written down %d times", n)
		}
		for i, p := range []dbtest.Somebody{w.Head, w.Receiver, w.Archivist, w.Appraisers[0], w.Appraisers[1], w.CityLead, w.ProvinceLead} {
			at.Event = int64(100 + i)
			if x := desk(t, d, p, at); x.Report != nil || len(x.Inbox) != 0 {
				t.Errorf("%s sees the report", p.Name)
			}
			_, err := d.Evidence(t.Context(), p.Caller(), int64(200+i), r.ID, "file1")
			if p == w.Appraisers[0] {
				must(t, err)
				continue
			}
			denied(t, err)
		}
		if n := count(t, d, "SELECT COUNT(*) FROM audit WHERE action = 'read_report' AND NOT allowed"); n != 7 {
			t.Errorf("%d refused reads are written down, want 7", n)
		}
		f, err := d.Evidence(t.Context(), w.OtherOfficer.Caller(), 300, r.ID, "file1")
		if err != nil || f.Caption != "经过" {
			t.Fatalf("evidence for a recipient: %+v, %v", f, err)
		}
	})
}

// Whoever could receive a report when it was filed, and cannot any more, neither reads it nor is told of it (I7).
func TestEligibilityCountsWhenItIsUsed(t *testing.T) {
	changes := map[string]func(t *testing.T, d *db.DB, w *dbtest.World) (lost, kept dbtest.Somebody){
		"officer left": func(t *testing.T, d *db.DB, w *dbtest.World) (dbtest.Somebody, dbtest.Somebody) {
			must(t, d.Leave(t.Context(), w.CityOfficer.ID))
			return w.CityOfficer, w.OtherOfficer
		},
		"officer no longer officer": func(t *testing.T, d *db.DB, w *dbtest.World) (dbtest.Somebody, dbtest.Somebody) {
			must(t, d.Revoke(t.Context(), w.CityOfficer.ID, w.City, law.Officer))
			return w.CityOfficer, w.OtherOfficer
		},
		"officer moved to the institution": func(t *testing.T, d *db.DB, w *dbtest.World) (dbtest.Somebody, dbtest.Somebody) {
			_, err := d.SQL().ExecContext(t.Context(), "INSERT INTO roles (person, unit, role, since_ms) VALUES ($1, $2, 'staff', 0)", w.CityOfficer.ID, w.Institution)
			must(t, err)
			return w.CityOfficer, w.OtherOfficer
		},
	}
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		for name, change := range changes {
			t.Run(name, func(t *testing.T) {
				d := twin()
				r := w.Direct(w.Appraisers[0], w.Cases[1], "经过")
				file(t, d, w, w.Appraisers[0], r)
				id := desk(t, d, w.CityOfficer).Inbox[0].ID
				lost, kept := change(t, d, w)
				at := db.Where{Event: 77, Place: flows.AtReport, Subject: id}
				if x := desk(t, d, lost, at); x.Report != nil || len(x.Inbox) != 0 {
					t.Error("the report can still be read")
				}
				if x := desk(t, d, kept, at); x.Report == nil {
					t.Error("the other recipient has lost it")
				}
				for _, m := range claim(t, d) {
					if m.Person == lost.ID {
						t.Error("a message goes to somebody who may not have the report")
					}
				}
				if n := count(t, d, "SELECT COUNT(*) FROM outbox WHERE person = $1 AND state = 'closed' AND why <> ''", lost.ID); n != 1 {
					t.Error("the message was not closed with a reason")
				}
			})
		}
	})
}

// A delivery that somebody with access to the database plants does not let an excluded person in.
func TestAPlantedDeliveryOpensNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := dbtest.Seed(t, d)
		r := w.Direct(w.Appraisers[0], w.Cases[1], "经过")
		r.Report.Excluded = append(r.Report.Excluded, dbtest.Exclude(w.CityLead, law.Implicated))
		file(t, d, w, w.Appraisers[0], r)
		id := desk(t, d, w.CityOfficer).Inbox[0].ID
		exec(t, d, "INSERT INTO stops (report, unit, level, article, climbed, made_ms) VALUES ($1, $2, 'institution', '', $3, 0)", id, w.Institution, false)
		for _, p := range []dbtest.Somebody{w.Head, w.Receiver, w.CityLead, w.Appraisers[0]} {
			exec(t, d, "INSERT INTO deliveries (report, unit, person, made_ms) VALUES ($1, $2, $3, 0)", id, p.Unit, p.ID)
			if x := desk(t, d, p, db.Where{Event: 7, Place: flows.AtReport, Subject: id}); x.Report != nil || len(x.Inbox) != 0 {
				t.Errorf("%s reads the report", p.Name)
			}
		}
	})
}

func TestThoseWhoLeftAreMarked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := dbtest.Seed(t, d)
		must(t, d.Leave(t.Context(), w.Archivist.ID))
		must(t, d.Revoke(t.Context(), w.Receiver.ID, w.Institution, law.Receiver))
		dir := desk(t, d, w.Head).Directory
		for _, m := range dir.Members {
			gone := string(m.ID) == w.Archivist.ID || string(m.ID) == w.Receiver.ID
			if m.Left != gone || gone && len(m.Roles) != 0 {
				t.Errorf("member %+v", m)
			}
		}
		if c, err := d.Caller(t.Context(), w.Archivist.Account); err != nil || c.Person != "" {
			t.Errorf("whoever left still has access: %+v, %v", c, err)
		}
		x := desk(t, d, dbtest.Somebody{Account: w.Archivist.Account, ID: w.Archivist.ID})
		if !x.Me.Left || len(x.Me.Roles)+len(x.Cases)+len(x.Inbox)+len(x.Overdue)+len(x.Lost)+len(x.Tasks)+len(x.Directory.Units)+len(x.Directory.Members) != 0 {
			t.Error("whoever left still has a desk")
		}
	})
}

func TestOverdueComesStepByStep(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		clock := dbtest.At(dbtest.Start)
		d := open(dbtest.WithClock(clock))
		w := dbtest.Seed(t, d)
		// Cases[1] was closed on Friday 20 November: +5 is the 27th, +7 1 December, +10 4 December.
		day := func(m time.Month, n int) { clock.Set(time.Date(2026, m, n, 0, 30, 0, 0, dbtest.Zone)) }
		sees := func(p dbtest.Somebody) bool {
			for _, o := range desk(t, d, p).Overdue {
				if o.CaseID == w.Cases[1].ID {
					return true
				}
			}
			return false
		}
		for _, step := range []struct {
			month time.Month
			day   int
			who   string
		}{{11, 26, ""}, {11, 27, "archivist"}, {11, 30, "archivist"}, {12, 1, "archivist head"}, {12, 3, "archivist head"}, {12, 4, "archivist head officer lead"}} {
			day(step.month, step.day)
			got := ""
			for _, p := range []struct {
				who  dbtest.Somebody
				name string
			}{{w.Archivist, "archivist"}, {w.Head, "head"}, {w.CityOfficer, "officer"}, {w.CityLead, "lead"}, {w.ProvinceLead, "province"}, {w.Receiver, "receiver"}, {w.Appraisers[1], "appraiser"}} {
				if sees(p.who) {
					if got != "" {
						got += " "
					}
					got += p.name
				}
			}
			if got != step.who {
				t.Errorf("on %d-%d: seen by %q, want %q", step.month, step.day, got, step.who)
			}
		}
		o := desk(t, d, w.Archivist).Overdue
		if len(o) != 2 || o[0].CaseID != w.Cases[0].ID || len(o[0].Missing) != 2 || o[1].Late != 7 || o[1].Due.String() != "2026-11-25" {
			t.Fatalf("overdue %+v", o)
		}
		file(t, d, w, w.Appraisers[0], w.Zero(w.Appraisers[0], w.Cases[0]))
		if o := desk(t, d, w.Archivist).Overdue; len(o[0].Missing) != 1 || o[0].Missing[0] != w.Appraisers[1].Name {
			t.Fatalf("overdue after one filed %+v", o)
		}
		owing, err := d.Owing(t.Context())
		must(t, err)
		if len(owing) != 2 || owing[0].Missing[0] != w.Appraisers[1].ID || len(owing[1].Missing) != 2 {
			t.Fatalf("owing %+v", owing)
		}
	})
}

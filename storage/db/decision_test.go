package db_test

import (
	"slices"
	"testing"
	"time"

	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// everybody are the people of the world.
func (c *court) everybody() []dbtest.Somebody {
	return append(c.Appraisers[:], c.Head, c.Receiver, c.Archivist, c.Confidant, c.CityConfidant,
		c.CityOfficer, c.OtherOfficer, c.CityLead, c.ProvinceOfficer, c.ProvinceLead)
}

// decides lists who has something to decide under Art. 11, or learns that it is overdue, with what they are told: "own" or the organ's
// name. The reminder is owed to the same people.
func (c *court) decides() map[string]string {
	c.t.Helper()
	out := map[string]string{}
	for _, p := range c.everybody() {
		for _, x := range desk(c.t, c.d, p).Decisions {
			out[p.ID] = "own"
			if x.Proceeding == "" {
				out[p.ID] = x.UnitName
			}
			if x.Proceeding != "" && c.acting(p, record.Measure{ID: x.Proceeding}) == nil {
				c.t.Errorf("%s is to decide what they cannot read", p.Name)
			}
		}
	}
	due, err := c.d.OpenTasks(c.t.Context())
	must(c.t, err)
	reminded := map[string]bool{}
	for _, k := range due {
		if reminded[k.Person] = !k.Since.IsZero(); reminded[k.Person] && out[k.Person] == "" {
			c.t.Errorf("somebody is reminded of what they do not see: %+v", k)
		}
	}
	for id := range out {
		if !reminded[id] {
			c.t.Errorf("%s is not reminded", id)
		}
	}
	return out
}

func (c *court) want(when string, who map[string]string) {
	c.t.Helper()
	got := c.decides()
	for _, p := range c.everybody() {
		if got[p.ID] != who[p.ID] {
			c.t.Errorf("%s: %s has %q, want %q", when, p.Name, got[p.ID], who[p.ID])
		}
	}
}

func (c *court) at(month time.Month, day int) {
	c.clock.Set(time.Date(2026, month, day, 10, 0, 0, 0, dbtest.Zone))
}

// What is ripe is the officers', then the lead's, then the organ above learns that there is something; nobody of the institution, nor the
// person, is told anything, and it ends with the decision (Art. 11).
func TestWhatIsRipeIsSomebodysDuty(t *testing.T) {
	inCourt(t, func(t *testing.T, open func() *court) {
		c := open()
		o := c.order(c.Appraisers[0])
		officers := map[string]string{c.CityOfficer.ID: "own", c.OtherOfficer.ID: "own"}
		c.at(time.December, 8)
		c.want("on the last day for correcting", nil)
		c.at(time.December, 9)
		c.want("ripe", officers)
		if x := desk(t, c.d, c.CityOfficer).Decisions[0]; x.Proceeding != o.ID || x.Duty != law.DecideEntry || x.Due.String() != "2026-12-23" || x.Late != 0 {
			t.Errorf("%+v", x)
		}
		c.at(time.December, 23)
		c.want("on its last day", officers)
		c.at(time.December, 24)
		officers[c.CityLead.ID] = "own"
		c.want("overdue", officers)
		c.at(time.December, 30)
		officers[c.ProvinceOfficer.ID], officers[c.ProvinceLead.ID] = "示例市司法局", "示例市司法局"
		c.want("long overdue", officers)
		if p := desk(t, c.d, c.ProvinceLead, db.Where{Event: c.Event(), Place: "proceeding", Subject: o.ID}).Acting; p != nil {
			t.Error("the organ above reads it")
		}
		c.take(c.CityOfficer, c.next(o, c.CityOfficer, law.DoNotEnter))
		c.want("decided", nil)
		must(t, c.d.Revoke(t.Context(), c.CityOfficer.ID, c.City, law.Officer))
		must(t, c.d.Revoke(t.Context(), c.OtherOfficer.ID, c.City, law.Officer))
		c.take(c.CityLead, c.Order(c.CityLead, c.Appraisers[1], c.clock.Now()))
		c.days(20)
		c.want("without an officer", map[string]string{c.CityLead.ID: "own"})
	})
}

// A second counted entry is owed 训诫、通报批评, once; the first is not, nor what counts no more.
func TestTheSecondEntryIsADuty(t *testing.T) {
	inCourt(t, func(t *testing.T, open func() *court) {
		c := open()
		first := c.enter(c.Appraisers[0])
		c.want("one entry", nil)
		second := c.enter(c.Appraisers[0])
		officers := map[string]string{c.CityOfficer.ID: "own", c.OtherOfficer.ID: "own"}
		c.want("two entries", officers)
		if x := desk(t, c.d, c.CityOfficer).Decisions; len(x) != 1 || x[0].Duty != law.AdmonishDue || x[0].Proceeding != second.ID {
			t.Fatalf("%+v", x)
		}
		c.take(c.CityOfficer, c.next(first, c.CityOfficer, law.WithdrawEntry))
		c.want("the first withdrawn", nil)
		third := c.enter(c.Appraisers[0])
		c.want("two again", officers)
		c.take(c.CityOfficer, c.next(third, c.CityOfficer, law.Admonish))
		c.want("admonished", nil)
	})
}

// What rests on a report is nobody's who may not read that report, at any rung; whoever else sees the same as where there is nothing.
func TestWhatRestsOnAReportClimbsToItsReaders(t *testing.T) {
	inCourt(t, func(t *testing.T, open func() *court) {
		c := open()
		r := c.Report(c.Appraisers[2], c.Cases[1], "负责人授意不报", []dbtest.Somebody{c.CityOfficer})
		r.Report.Excluded = []record.Excluded{dbtest.Exclude(c.Head, law.ImplicatedHead), dbtest.Exclude(c.OtherOfficer, law.Implicated)}
		file(t, c.d, c.World, c.Appraisers[2], r)
		report := desk(t, c.d, c.CityOfficer).Inbox[0].ID
		accept := c.Act(c.CityOfficer, report, c.City, law.Accept, c.clock.Now())
		must(t, c.Handle(c.d, c.CityOfficer, accept)())
		o := c.order(c.Head, func(m *record.Measure) { m.Ground, m.Report = law.ToldNotTo.String(), report })
		c.at(time.December, 30)
		c.want("the report is the officer's alone", map[string]string{c.CityOfficer.ID: "own"})
		_, err := c.d.Reroute(t.Context()) // the report's own duties are overdue: the lead and the province have it now
		must(t, err)
		c.want("the report has climbed", map[string]string{c.CityOfficer.ID: "own", c.CityLead.ID: "own", c.ProvinceOfficer.ID: "示例市司法局"})
		c.take(c.CityOfficer, c.next(o, c.CityOfficer, law.DoNotEnter))
		c.want("decided", nil)
	})
}

// A digest tells of what became ripe as long as it is undecided, and is not sent any more after that.
func TestADigestOfWhatIsRipe(t *testing.T) {
	inCourt(t, func(t *testing.T, open func() *court) {
		c := open()
		for i, signers := range [][]int{{0, 1}, {0, 2}} { // nothing else to be reminded of
			for _, n := range signers {
				file(t, c.d, c.World, c.Appraisers[n], c.Zero(c.Appraisers[n], c.Cases[i]))
			}
		}
		o := c.order(c.Appraisers[0])
		c.told()
		c.at(time.December, 9)
		digests := func() (names []string) {
			var nudges []db.Nudge
			for _, p := range []dbtest.Somebody{c.CityOfficer, c.CityLead} {
				nudges = append(nudges, db.Nudge{Person: p.ID, Day: law.DateOf(c.clock.Now()), Kind: db.Digest})
			}
			_, err := c.d.Enqueue(t.Context(), nudges)
			must(t, err)
			for _, m := range claim(t, c.d) {
				if m.Kind == db.Digest {
					names = append(names, m.Person)
				}
				must(t, c.d.Sent(t.Context(), m.ID))
			}
			return names
		}
		if got := digests(); !slices.Equal(got, []string{c.CityOfficer.ID}) {
			t.Errorf("reminded %v", got)
		}
		c.at(time.December, 10)
		c.take(c.CityOfficer, c.next(o, c.CityOfficer, law.DoNotEnter))
		if got := digests(); len(got) != 0 {
			t.Errorf("reminded of what is decided: %v", got)
		}
	})
}

package db_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// court is a world in which the authority acts under Art. 11.
type court struct {
	*dbtest.World
	t     *testing.T
	d     *db.DB
	clock *dbtest.Clock
}

func inCourt(t *testing.T, test func(t *testing.T, open func() *court)) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		test(t, func() *court {
			clock := dbtest.At(dbtest.Start)
			return &court{w, t, twin(dbtest.WithClock(clock)), clock}
		})
	})
}

func (c *court) days(n int) { c.clock.Move(time.Duration(n) * 24 * time.Hour) }

func (c *court) try(by dbtest.Somebody, m record.Measure) error { return c.Take(c.d, by, m)() }

func (c *court) take(by dbtest.Somebody, m record.Measure) {
	c.t.Helper()
	if err := c.try(by, m); err != nil {
		c.t.Fatalf("%s: %v", m.Kind, err)
	}
}

func (c *court) order(of dbtest.Somebody, change ...func(*record.Measure)) record.Measure {
	c.t.Helper()
	o := c.Order(c.CityOfficer, of, c.clock.Now(), change...)
	c.take(c.CityOfficer, o)
	return o
}

func (c *court) next(o record.Measure, by dbtest.Somebody, kind law.MeasureKind, change ...func(*record.Measure)) record.Measure {
	return c.Next(o, by, kind, c.clock.Now(), change...)
}

// enter brings a new proceeding to an entry, within 15 days.
func (c *court) enter(of dbtest.Somebody, change ...func(*record.Measure)) record.Measure {
	c.t.Helper()
	o := c.order(of, change...)
	c.days(15)
	c.take(c.CityOfficer, c.next(o, c.CityOfficer, law.EnterFile))
	return o
}

func (c *court) acting(p dbtest.Somebody, o record.Measure) *flows.Proceeding {
	c.t.Helper()
	return desk(c.t, c.d, p, db.Where{Event: c.Event(), Place: flows.AtProceeding, Subject: o.ID}).Acting
}

func (c *court) room(p dbtest.Somebody) *flows.Integrity {
	c.t.Helper()
	return desk(c.t, c.d, p, db.Where{Event: c.Event(), Place: flows.AtIntegrity}).Integrity
}

func (c *court) told() (names []string) {
	c.t.Helper()
	for _, m := range claim(c.t, c.d) {
		if m.Kind == db.Word {
			names = append(names, m.Person)
		}
		must(c.t, c.d.Sent(c.t.Context(), m.ID))
	}
	slices.Sort(names)
	return names
}

func idsOf(people ...dbtest.Somebody) (ids []string) {
	for _, p := range people {
		ids = append(ids, p.ID)
	}
	slices.Sort(ids)
	return ids
}

func has(p *flows.Proceeding, k law.MeasureKind) bool { return slices.Contains(p.May, k) }

// A proceeding from the order to the withdrawn entry: what each side may do, sees and hears (Art. 11, R11.1–R11.4).
func TestTheCourseOfAProceeding(t *testing.T) {
	inCourt(t, func(t *testing.T, open func() *court) {
		c := open()
		who, officer := c.Appraisers[0], c.CityOfficer
		o := c.order(who)
		if got := c.told(); !slices.Equal(got, idsOf(who)) {
			t.Fatalf("told of the order: %v", got)
		}
		if own := desk(t, c.d, who).Own; len(own) != 1 || own[0].ID != o.ID || own[0].Stage != law.Ordered || own[0].Due.String() != "2026-12-08" || own[0].Who != "" {
			t.Fatalf("own %+v", own)
		}
		p := c.acting(who, o)
		if !p.Own || !slices.Equal(p.May, []law.MeasureKind{law.StateDefence, law.NoteCorrection}) || p.Order().By != (record.Person{}) || p.UnitName != "示例市司法局" {
			t.Fatalf("the person sees %+v", p)
		}
		if p := c.acting(officer, o); has(p, law.EnterFile) || has(p, law.DoNotEnter) || !has(p, law.LiftOrder) || p.Order().By.ID != officer.ID {
			t.Fatalf("the officer sees %+v", p)
		}
		denied(t, c.try(officer, c.next(o, officer, law.EnterFile)))
		c.take(who, c.next(o, who, law.StateDefence))
		if got := c.told(); !slices.Equal(got, idsOf(c.CityOfficer, c.OtherOfficer, c.CityLead)) {
			t.Fatalf("told of the defence: %v", got)
		}
		c.days(14) // 8 December, the last day for correcting
		denied(t, c.try(officer, c.next(o, officer, law.EnterFile)))
		denied(t, c.try(officer, c.next(o, officer, law.DoNotEnter)))
		c.days(1)
		c.take(c.CityLead, c.next(o, c.CityLead, law.EnterFile))
		if got := c.told(); !slices.Equal(got, idsOf(who)) {
			t.Fatalf("told of the entry: %v", got)
		}
		if p := c.acting(officer, o); p.State.Stage != law.Entered || p.Nth != 1 || has(p, law.Admonish) {
			t.Fatalf("entered: %+v", p)
		}
		denied(t, c.try(officer, c.next(o, officer, law.Admonish)))
		c.take(who, c.next(o, who, law.NoteCorrection))
		c.take(officer, c.next(o, officer, law.WithdrawEntry))
		if p := c.acting(who, o); p.State.Stage != law.Withdrawn || len(p.May) != 0 || len(p.Measures) != 5 || p.Nth != 0 {
			t.Fatalf("withdrawn: %+v", p)
		}
		if _, err := c.d.Verify(t.Context(), func(f db.Finding) { t.Errorf("finding %+v", f) }); err != nil {
			t.Fatal(err)
		}
	})
}

// The second entry that counts asks for 训诫、通报批评, the first does not; other breaches count only when marked, withdrawn
// entries never (R11.3, AM-16).
func TestTheSecondEntryCounts(t *testing.T) {
	inCourt(t, func(t *testing.T, open func() *court) {
		other := func(m *record.Measure) { m.Ground = law.OtherBreach.String() }
		marked := func(m *record.Measure) { m.Ground, m.Counts = law.OtherBreach.String(), true }
		for name, x := range map[string]struct {
			first, second []func(*record.Measure)
			want          int
		}{
			"twice":        {nil, nil, 2},
			"other first":  {[]func(*record.Measure){other}, nil, 1},
			"other second": {nil, []func(*record.Measure){other}, 0},
			"marked":       {[]func(*record.Measure){marked}, nil, 2},
		} {
			c := open()
			who := c.Appraisers[0]
			first := c.enter(who, x.first...)
			second := c.enter(who, x.second...)
			p := c.acting(c.CityOfficer, second)
			if p.Nth != x.want || has(p, law.Admonish) != (x.want == 2) {
				t.Errorf("%s: %d, %v", name, p.Nth, p.May)
			}
			if p := c.acting(c.CityOfficer, first); has(p, law.Admonish) {
				t.Errorf("%s: asked for at the first", name)
			}
			if x.want != 2 {
				denied(t, c.try(c.CityOfficer, c.next(second, c.CityOfficer, law.Admonish)))
				continue
			}
			again := c.next(second, c.CityOfficer, law.Admonish)
			c.take(c.CityOfficer, again)
			c.take(c.CityOfficer, again)
			denied(t, c.try(c.CityOfficer, c.next(second, c.CityOfficer, law.Admonish)))
			third := c.enter(who)
			c.take(c.CityOfficer, c.next(first, c.CityOfficer, law.WithdrawEntry))
			if p := c.acting(c.CityOfficer, third); p.Nth != 2 {
				t.Errorf("%s: the third is number %d after the first was withdrawn", name, p.Nth)
			}
			c.take(c.CityOfficer, c.next(second, c.CityOfficer, law.WithdrawEntry))
			if p := c.acting(c.CityOfficer, third); p.Nth != 1 || has(p, law.Admonish) {
				t.Errorf("%s: the third is number %d after both were withdrawn", name, p.Nth)
			}
		}
	})
}

// Nobody but an officer of the authority, and the person for themselves, takes any measure, whatever they send; every try is
// written down, none changes anything (R11.2).
func TestOnlyTheAuthorityActs(t *testing.T) {
	inCourt(t, func(t *testing.T, open func() *court) {
		c := open()
		who := c.Appraisers[0]
		o := c.order(who)
		c.days(20)
		refuse := func(name string, by dbtest.Somebody, m record.Measure) {
			t.Helper()
			before, no := contents(t, c.d), count(t, c.d, "SELECT COUNT(*) FROM audit WHERE NOT allowed")
			if err := c.try(by, m); !errors.Is(err, db.ErrDenied) {
				t.Errorf("%s: %v", name, err)
			}
			if count(t, c.d, "SELECT COUNT(*) FROM audit WHERE NOT allowed") != no+1 {
				t.Errorf("%s: not written down", name)
			}
			if after := contents(t, c.d); strings.Count(after, "\n") != strings.Count(before, "\n")+2 { // the note, and its leaf
				t.Errorf("%s changed something", name)
			}
		}
		kinds := []law.MeasureKind{law.StateDefence, law.NoteCorrection, law.EnterFile, law.DoNotEnter, law.LiftOrder, law.WithdrawEntry, law.Admonish}
		for _, p := range []dbtest.Somebody{c.Head, c.Receiver, c.Archivist, c.Appraisers[1], c.ProvinceLead, c.ProvinceOfficer} {
			for _, k := range kinds {
				refuse(p.Name+" "+string(k), p, c.next(o, p, k))
			}
			x := c.Order(c.CityOfficer, c.Appraisers[2], c.clock.Now(), func(m *record.Measure) { m.By = record.Person{ID: p.ID, Name: p.Name} })
			refuse(p.Name+" orders", p, x)
			x.Unit = p.Unit
			refuse(p.Name+" orders for their unit", p, x)
		}
		for _, k := range kinds[2:] {
			refuse("the person: "+string(k), who, c.next(o, who, k))
		}
		refuse("the person against themselves", who, c.Order(c.CityOfficer, who, c.clock.Now(), func(m *record.Measure) { m.By = m.Subject }))
		refuse("an officer speaks for the person", c.CityOfficer, c.next(o, c.CityOfficer, law.StateDefence))
		refuse("in another's name", c.CityOfficer, c.next(o, c.OtherOfficer, law.EnterFile))
		refuse("another's measure", c.OtherOfficer, c.next(o, c.OtherOfficer, law.LiftOrder, func(m *record.Measure) { m.ID = o.ID }))
		refuse("nobody's proceeding", c.CityOfficer, c.next(o, c.CityOfficer, law.LiftOrder, func(m *record.Measure) { m.Proceeding = "none" }))
		refuse("of another person", c.CityOfficer, c.next(o, c.CityOfficer, law.EnterFile, func(m *record.Measure) { m.Subject = record.Person{ID: c.Head.ID} }))
		for _, p := range []dbtest.Somebody{c.Head, c.Receiver, c.Archivist, c.Appraisers[1], c.ProvinceLead, c.ProvinceOfficer} {
			x := desk(t, c.d, p, db.Where{Event: c.Event(), Place: flows.AtProceeding, Subject: o.ID})
			if x.Acting != nil || len(x.Own) != 0 {
				t.Errorf("%s sees it", p.Name)
			}
			if r := c.room(p); r != nil && len(r.Matters) != 0 {
				t.Errorf("%s sees it in the list", p.Name)
			}
			if p.Unit == c.Institution && c.room(p) != nil {
				t.Errorf("%s has the authority's room", p.Name)
			}
		}
		// An officer who is also of the institution has no say in its matters.
		exec(t, c.d, "INSERT INTO roles (person, unit, role, since_ms) VALUES ($1, $2, 'staff', 0)", c.OtherOfficer.ID, c.Institution)
		refuse("an officer of the same institution", c.OtherOfficer, c.next(o, c.OtherOfficer, law.EnterFile))
		must(t, c.d.Revoke(t.Context(), c.CityOfficer.ID, c.City, law.Officer))
		refuse("no longer an officer", c.CityOfficer, c.next(o, c.CityOfficer, law.EnterFile))
		if n := count(t, c.d, "SELECT COUNT(*) FROM measures"); n != 1 {
			t.Fatalf("%d measures", n)
		}
	})
}

// A measure that lacks what belongs to it, or has what does not, is refused (R11.1).
func TestMeasuresAreWhole(t *testing.T) {
	inCourt(t, func(t *testing.T, open func() *court) {
		c := open()
		who, by := c.Appraisers[0], c.CityOfficer
		refuse := func(name string, m record.Measure) {
			t.Helper()
			if err := c.try(by, m); !errors.Is(err, db.ErrDenied) {
				t.Errorf("%s: %v", name, err)
			}
		}
		order := func(name string, of dbtest.Somebody, change func(*record.Measure)) {
			t.Helper()
			refuse(name, c.Order(by, of, c.clock.Now(), change))
		}
		order("without facts", who, func(m *record.Measure) { m.Text = "" })
		order("without evidence", who, func(m *record.Measure) { m.Evidence = "" })
		order("without a ground", who, func(m *record.Measure) { m.Ground = "" })
		order("a ground that cannot apply", who, func(m *record.Measure) { m.Ground = law.ToldNotTo.String() })
		order("marked where it counts anyway", who, func(m *record.Measure) { m.Counts = true })
		order("without a date", who, func(m *record.Measure) { m.Due = "" })
		order("a date that is over", who, func(m *record.Measure) { m.Due = "2026-11-24" })
		order("a defence cut short", who, func(m *record.Measure) { m.Defence = "2026-11-25" })
		order("with a number", who, func(m *record.Measure) { m.Number = "1" })
		order("too long", who, func(m *record.Measure) { m.Text = strings.Repeat("长", 4001) })
		order("in another proceeding", who, func(m *record.Measure) { m.Proceeding = "x" })
		order("of an officer", c.OtherOfficer, func(*record.Measure) {})
		order("of somebody of another institution", who, func(m *record.Measure) { m.Institution.ID = c.City })
		order("under another name", who, func(m *record.Measure) { m.Subject.Name = "x" })
		order("a case of others", who, func(m *record.Measure) { m.Case = record.Case{ID: c.Cases[2].ID, Number: c.Cases[2].Number} })
		order("the number of another case", who, func(m *record.Measure) { m.Case = record.Case{ID: c.Cases[0].ID, Number: c.Cases[2].Number} })
		order("a report that is not there", who, func(m *record.Measure) { m.Report = "none" })
		o := c.order(who, func(m *record.Measure) { m.Case = record.Case{ID: c.Cases[0].ID, Number: c.Cases[0].Number} })
		order("the same case again", who, func(m *record.Measure) { m.Case = record.Case{ID: c.Cases[0].ID, Number: c.Cases[0].Number} })
		c.days(15)
		refuse("without a number", c.next(o, by, law.EnterFile, func(m *record.Measure) { m.Number = "" }))
		refuse("without a date", c.next(o, by, law.EnterFile, func(m *record.Measure) { m.Date = "" }))
		refuse("without reasons", c.next(o, by, law.EnterFile, func(m *record.Measure) { m.Text = "" }))
		refuse("no entry without a reason", c.next(o, by, law.DoNotEnter, func(m *record.Measure) { m.Text = "" }))
		refuse("another ground", c.next(o, by, law.EnterFile, func(m *record.Measure) { m.Ground = law.OtherBreach.String() }))
		c.take(by, c.next(o, by, law.DoNotEnter))
		c.order(who, func(m *record.Measure) { m.Case = record.Case{ID: c.Cases[0].ID, Number: c.Cases[0].Number} })
	})
}

// A proceeding that rests on a report is for the officers who may read that report and for nobody else of the authority; the
// person sees nothing of the report, and those excluded from it stay excluded.
func TestAProceedingOnAReport(t *testing.T) {
	inCourt(t, func(t *testing.T, open func() *court) {
		play := func(linked bool) (*court, record.Measure) {
			c := open()
			r := c.Direct(c.Appraisers[0], c.Cases[1], "经过")
			r.ID = "record-of-the-twins"
			r.Report.Excluded = append(r.Report.Excluded, dbtest.Exclude(c.CityLead, law.Implicated))
			file(t, c.d, c.World, c.Appraisers[0], r)
			report := desk(t, c.d, c.CityOfficer).Inbox[0].ID
			o := c.Order(c.CityOfficer, c.Head, c.clock.Now(), func(m *record.Measure) {
				m.ID, m.Proceeding, m.Ground = "measure-of-the-twins", "measure-of-the-twins", law.ToldNotTo.String()
				if linked {
					m.Report = report
				}
			})
			c.take(c.CityOfficer, o)
			return c, o
		}
		c, o := play(true)
		if p := c.acting(c.OtherOfficer, o); p == nil || !p.OnReport {
			t.Fatal("another recipient does not see it")
		}
		denied(t, c.try(c.CityLead, c.next(o, c.CityLead, law.LiftOrder)))
		if c.acting(c.CityLead, o) != nil || len(c.room(c.CityLead).Matters) != 0 {
			t.Error("an officer who is excluded from the report sees the proceeding")
		}
		c.take(c.Head, c.next(o, c.Head, law.StateDefence, func(m *record.Measure) { m.ID = "defence-of-the-twins" }))
		if got := c.told(); slices.Contains(got, c.CityLead.ID) {
			t.Error("an officer who is excluded from the report hears of the defence")
		}
		if n := count(t, c.d, "SELECT COUNT(*) FROM outbox WHERE kind = 'word' AND person = $1", c.CityLead.ID); n != 0 {
			t.Error("a word of the defence waits for an officer who is excluded from the report")
		}
		u, v := play(false)
		u.take(u.Head, u.next(v, u.Head, law.StateDefence, func(m *record.Measure) { m.ID = "defence-of-the-twins" }))
		for _, x := range []*court{c, u} {
			x.told()
			x.days(15)
		}
		a, _ := json.Marshal([]any{c.acting(c.Head, o), desk(t, c.d, c.Head)})
		b, _ := json.Marshal([]any{u.acting(u.Head, v), desk(t, u.d, u.Head)})
		if string(a) != string(b) || len(a) < 1000 {
			t.Errorf("the person can tell that there is a report:\n%s\n%s", a, b)
		}
		refused := u.Order(u.CityOfficer, u.Appraisers[0], u.clock.Now(), func(m *record.Measure) { m.Report = desk(t, u.d, u.CityOfficer).Inbox[0].ID })
		denied(t, u.try(u.CityOfficer, refused)) // Art. 9: nobody's own report is turned against them
	})
}

// An entry that counts and rests on a report is not even counted before officers who may not read the report.
func TestAHiddenEntryIsNotCounted(t *testing.T) {
	inCourt(t, func(t *testing.T, open func() *court) {
		c := open()
		r := c.Direct(c.Appraisers[0], c.Cases[1], "经过")
		file(t, c.d, c.World, c.Appraisers[0], r)
		report := desk(t, c.d, c.CityOfficer).Inbox[0].ID
		told := func(m *record.Measure) { m.Ground = law.ToldNotTo.String() }
		c.enter(c.Head, told, func(m *record.Measure) { m.Report = report })
		second := c.enter(c.Head, told)
		if p := c.acting(c.CityOfficer, second); p.Nth != 2 || !has(p, law.Admonish) {
			t.Errorf("one who may read it: %d %v", p.Nth, p.May)
		}
		if p := c.acting(c.CityLead, second); p.Nth != 1 || has(p, law.Admonish) {
			t.Errorf("one who may not read it: %d %v", p.Nth, p.May)
		}
		if p := c.acting(c.Head, second); p.Nth != 2 {
			t.Errorf("the person themselves: %d", p.Nth)
		}
	})
}

// What is missing for long is hinted at, what was filed never, however late (R11.2, R11.5).
func TestSuspicions(t *testing.T) {
	inCourt(t, func(t *testing.T, open func() *court) {
		c := open()
		hints := func(p dbtest.Somebody) (out []string) {
			for _, h := range c.room(p).Hints {
				out = append(out, h.Who.Name+" "+h.Case.ID)
			}
			slices.Sort(out)
			return out
		}
		none := hints(c.CityOfficer)
		c.clock.Set(time.Date(2026, 12, 14, 9, 0, 0, 0, dbtest.Zone)) // Cases[0] was closed on 2 November: +30 is the 14th
		want := []string{c.Appraisers[0].Name + " " + c.Cases[0].ID, c.Appraisers[1].Name + " " + c.Cases[0].ID}
		slices.Sort(want)
		if got := hints(c.CityOfficer); len(none) != 0 || !slices.Equal(got, want) {
			t.Fatalf("hints %v, then %v", none, got)
		}
		if got := hints(c.ProvinceOfficer); len(got) != 0 {
			t.Errorf("the province is asked about another's institution: %v", got)
		}
		late := c.Zero(c.Appraisers[0], c.Cases[0])
		late.Signed = c.clock.Now()
		file(t, c.d, c.World, c.Appraisers[0], late)
		if got := hints(c.CityOfficer); len(got) != 1 || strings.Contains(got[0], c.Appraisers[0].Name) {
			t.Errorf("somebody who has filed late is hinted at: %v", got)
		}
		o := c.order(c.Appraisers[1], func(m *record.Measure) { m.Case = record.Case{ID: c.Cases[0].ID, Number: c.Cases[0].Number} })
		if got := hints(c.CityOfficer); len(got) != 0 {
			t.Errorf("hinted at again: %v", got)
		}
		if c.acting(c.CityOfficer, o).Filed {
			t.Error("the case says filed")
		}
		file(t, c.d, c.World, c.Appraisers[1], c.Zero(c.Appraisers[1], c.Cases[0]))
		if !c.acting(c.CityOfficer, o).Filed || !c.acting(c.Appraisers[1], o).Filed {
			t.Error("the correction does not show")
		}
		c.days(60)
		must(t, c.d.Leave(t.Context(), c.Appraisers[0].ID))
		for _, h := range hints(c.CityOfficer) {
			if strings.HasPrefix(h, c.Appraisers[0].Name) {
				t.Error("somebody who has left is hinted at")
			}
		}
	})
}

// Whether a co-signer said 无此类情况 or reported past the reader makes no difference to what the reader of another's report is
// shown: they are named as having filed, of whom no report has reached the reader. Once one has, they are not named (AM-4).
func TestOthersAreNamedByWhatTheReaderKnows(t *testing.T) {
	inCourt(t, func(t *testing.T, open func() *court) {
		var seen []string
		var first record.Record
		see := func(other func(c *court) record.Record) []flows.Candidate {
			c := open()
			if first.ID == "" {
				first = c.Direct(c.Appraisers[0], c.Cases[1], "经过")
			}
			file(t, c.d, c.World, c.Appraisers[0], first)
			report := desk(t, c.d, c.CityOfficer).Inbox[0].ID
			if other != nil {
				r := other(c)
				r.ID, r.Signed = "other-of-the-twins", dbtest.Start
				file(t, c.d, c.World, c.Appraisers[2], r)
			}
			x := desk(t, c.d, c.CityOfficer, db.Where{Event: 7777, Place: flows.AtReport, Subject: report})
			b, err := json.Marshal(x)
			must(t, err)
			seen = append(seen, string(b))
			for _, p := range []dbtest.Somebody{c.Head, c.Receiver, c.Appraisers[0], c.Appraisers[2], c.CityLead} {
				if desk(t, c.d, p, db.Where{Event: c.Event(), Place: flows.AtReport, Subject: report}).Report != nil {
					t.Fatalf("%s reads the report", p.Name)
				}
			}
			return x.Report.Others
		}
		if got := see(nil); len(got) != 0 {
			t.Errorf("somebody who has not filed is named: %+v", got)
		}
		zero := see(func(c *court) record.Record { return c.Zero(c.Appraisers[2], c.Cases[1]) })
		see(func(c *court) record.Record {
			r := c.Report(c.Appraisers[2], c.Cases[1], "对市局人员", []dbtest.Somebody{c.ProvinceLead})
			r.Report.Excluded = []record.Excluded{dbtest.Exclude(c.CityOfficer, law.Implicated)}
			return r
		})
		house := see(func(c *court) record.Record {
			r := c.Report(c.Appraisers[2], c.Cases[1], "内部", []dbtest.Somebody{c.Receiver})
			return r
		})
		if len(zero) != 1 || len(house) != 1 || seen[1] != seen[2] || seen[1] != seen[3] {
			t.Errorf("the reader can tell what the other filed: %d, %d", len(zero), len(house))
		}
		if got := see(func(c *court) record.Record { return c.Direct(c.Appraisers[2], c.Cases[1], "也有") }); len(got) != 0 {
			t.Errorf("somebody whose report has reached the reader is named: %+v", got)
		}
	})
}

// Nobody of the institution, and no other authority, can tell that there is a proceeding about somebody.
func TestNobodyElseCanTellOfAProceeding(t *testing.T) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		people := []dbtest.Somebody{w.Head, w.Receiver, w.Archivist, w.Appraisers[1], w.Appraisers[2], w.ProvinceLead, w.ProvinceOfficer}
		look := func(more func(*db.DB)) map[string]string {
			clock := dbtest.At(dbtest.Start)
			d := twin(dbtest.WithClock(clock))
			more(d)
			return view(t, d, clock, people)
		}
		want := look(func(*db.DB) {})
		got := look(func(d *db.DB) {
			o := w.Order(w.CityOfficer, w.Appraisers[0], dbtest.Start)
			must(t, w.Take(d, w.CityOfficer, o)())
			must(t, w.Take(d, w.Appraisers[0], w.Next(o, w.Appraisers[0], law.StateDefence, dbtest.Start))())
			must(t, w.Take(d, w.CityOfficer, w.Next(o, w.CityOfficer, law.EnterFile, dbtest.Start.AddDate(0, 0, 15)))())
		})
		for _, p := range people {
			if want[p.Name] != got[p.Name] || len(want[p.Name]) < 1000 {
				t.Errorf("%s can tell", p.Name)
			}
		}
	})
}

// The database without its keys tells neither of whom a proceeding is, nor what was done, nor who read it as its person.
func TestMeasuresAreSealed(t *testing.T) {
	const canary = "金丝雀canary7391"
	inCourt(t, func(t *testing.T, open func() *court) {
		c := open()
		words := func(m *record.Measure) {
			m.Text = canary
			if m.Kind == law.OrderCorrection {
				m.Evidence = canary
			}
			if m.Number != "" {
				m.Number = canary
			}
		}
		o := c.order(c.Appraisers[0], words)
		c.take(c.Appraisers[0], c.next(o, c.Appraisers[0], law.StateDefence, words))
		c.acting(c.Appraisers[0], o)
		c.days(15)
		c.take(c.CityOfficer, c.next(o, c.CityOfficer, law.EnterFile, words))
		all, rows := dump(t, c.d, tables...), dump(t, c.d, "measures")
		if strings.Contains(all, canary) || strings.Contains(rows, c.Appraisers[0].ID) || strings.Contains(rows, c.CityOfficer.ID) {
			t.Error("a measure can be read")
		}
		if n := count(t, c.d, "SELECT COUNT(DISTINCT length(body)) FROM measures"); n != 1 {
			t.Error("the length of a measure tells its kind")
		}
		if n := count(t, c.d, "SELECT COUNT(*) FROM audit WHERE subject = $1 AND action <> 'measure'", o.ID); n != 0 {
			t.Error("the audit table ties readers to a proceeding")
		}
		if n := count(t, c.d, "SELECT COUNT(*) FROM audit WHERE caller = $1 AND action NOT IN ('read_entry', 'bind', 'open_desk')", c.Appraisers[0].ID); n != 0 {
			t.Error("the audit table tells of whom there is a proceeding")
		}
		if n := count(t, c.d, "SELECT COUNT(*) FROM outbox o JOIN measures m ON o.ref = m.proceeding OR o.id LIKE '%' || m.id || '%'"); n != 0 {
			t.Error("the outbox ties people to a proceeding")
		}
	})
}

// A word about a proceeding goes to nobody whom it does not concern when it is sent.
func TestAWordOfAProceedingIsJudgedAtSending(t *testing.T) {
	inCourt(t, func(t *testing.T, open func() *court) {
		c := open()
		o := c.order(c.Appraisers[0])
		c.told()
		c.take(c.Appraisers[0], c.next(o, c.Appraisers[0], law.StateDefence))
		must(t, c.d.Revoke(t.Context(), c.CityOfficer.ID, c.City, law.Officer))
		if got := c.told(); !slices.Equal(got, idsOf(c.OtherOfficer, c.CityLead)) {
			t.Errorf("told %v", got)
		}
	})
}

// What is altered in the order of a proceeding by somebody with all rights and the keys, so that nobody was heard, is found.
func TestVerifyFindsAnEntryThatWasNotPossible(t *testing.T) {
	inCourt(t, func(t *testing.T, open func() *court) {
		c := open()
		o := c.enter(c.Appraisers[0])
		unlock(t, c.d, "measures")
		exec(t, c.d, "DELETE FROM measures WHERE id <> $1 AND proceeding = $1", o.ID)
		n := 0
		_, err := c.d.Verify(t.Context(), func(db.Finding) { n++ })
		must(t, err)
		if n == 0 {
			t.Error("a measure is gone, and not found")
		}
	})
}

// Of two officers who order the same correction at once one does, whatever process they are at.
func TestTwoOfficersOrderAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		a, b := open(), open()
		w := dbtest.Seed(t, a)
		one := func(m *record.Measure) { m.Case = record.Case{ID: w.Cases[0].ID, Number: w.Cases[0].Number} }
		x, y := w.Take(a, w.CityOfficer, w.Order(w.CityOfficer, w.Appraisers[0], dbtest.Start, one)), w.Take(b, w.OtherOfficer, w.Order(w.OtherOfficer, w.Appraisers[0], dbtest.Start, one))
		errs := make(chan error, 2)
		go func() { errs <- x() }()
		go func() { errs <- y() }()
		e, f := <-errs, <-errs
		if (e == nil) == (f == nil) || !errors.Is(errors.Join(e, f), db.ErrDenied) {
			t.Fatalf("both ordered, or neither: %v, %v", e, f)
		}
	})
}

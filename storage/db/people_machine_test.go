package db_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// machine is a world whose people change while a report is on its way, beside what a second statement of the rules knows of it.
type machine struct {
	t      failer
	w      *dbtest.World
	d      *db.DB
	clock  *dbtest.Clock
	record record.Record
	report string // its ID, "" before it is filed
	direct bool
	accused, barred,
	left map[string]bool
	bypassed  map[string]bool // everybody who was of the institution when a direct report was filed, or came to it later
	home      string          // the authority of the institution today
	deputies  []law.Substitute
	everybody []dbtest.Somebody
	trace     []string
}

var bg = context.Background()

type failer interface {
	Fatalf(string, ...any)
	Helper()
}

func (m *machine) must(err error) {
	m.t.Helper()
	if err != nil && !errors.Is(err, db.ErrDenied) {
		m.t.Fatalf("%v: %v", m.trace, err)
	}
}

func newMachine(t *testing.T, f failer, w *dbtest.World, twin dbtest.Open, direct bool) *machine {
	clock := dbtest.At(dbtest.Start)
	m := &machine{
		t: f, w: w, d: twin(dbtest.WithClock(clock)), clock: clock, direct: direct, accused: map[string]bool{}, barred: map[string]bool{},
		left: map[string]bool{}, bypassed: map[string]bool{}, home: city,
		everybody: []dbtest.Somebody{
			w.ProvinceLead, w.ProvinceOfficer, w.CityLead, w.CityOfficer, w.OtherOfficer, w.Head, w.Receiver, w.Archivist,
			w.Appraisers[0], w.Appraisers[1], w.Appraisers[2],
		},
	}
	m.record = w.External(w.Appraisers[0], w.Cases[1], "经过")
	if direct {
		m.record = w.Direct(w.Appraisers[0], w.Cases[1], "经过")
		m.accused[w.Head.ID] = true
		for _, p := range m.everybody {
			m.bypassed[p.ID] = p.Unit == w.Institution
		}
	}
	return m
}

func (m *machine) commit(p dbtest.Somebody, e flows.Durable) {
	m.t.Helper()
	m.must(m.d.Commit(bg, p.Caller(), m.w.Event(), m.clock.Now(), []flows.Durable{e}))
}

// never are those who may never see the report, whatever happens to the register.
func (m *machine) never(id string) string {
	switch {
	case id == m.w.Appraisers[0].ID:
		return "the reporter"
	case m.accused[id]:
		return "implicated"
	case m.barred[id]:
		return "recused or excluded"
	case m.left[id]:
		return "left"
	case m.direct && m.bypassed[id]:
		return "of the institution that it passes by"
	}
	return ""
}

// own reports whether somebody holds a recipient's role today, told by the roles table and nothing else.
func (m *machine) own(id string) bool {
	var n int
	err := m.d.SQL().QueryRowContext(bg, "SELECT COUNT(*) FROM roles WHERE person = $1 AND until_ms IS NULL AND role IN ('head', 'receiver', 'officer', 'officer_lead')", id).Scan(&n)
	m.must(err)
	return n > 0
}

// may reports whether somebody may see the report now: a role of their own, or of somebody who may and whose deputy they are today.
func (m *machine) may(id string) bool {
	if m.never(id) != "" {
		return false
	}
	today := law.DateOf(m.clock.Now().In(dbtest.Zone))
	return m.own(id) || slices.ContainsFunc(m.deputies, func(s law.Substitute) bool {
		return string(s.Deputy) == id && s.On(today) && m.never(string(s.Principal)) == "" && m.own(string(s.Principal))
	})
}

// check compares the store with the rules: nobody is sent or shown what they may not have, and nothing is lost.
func (m *machine) check() {
	m.t.Helper()
	if m.report == "" {
		return
	}
	_, err := m.d.Reroute(bg)
	m.must(err)
	readers := 0
	for _, p := range m.everybody {
		x, err := m.d.Desk(bg, p.Caller(), db.Where{Event: m.w.Event(), Place: flows.AtReport, Subject: m.report})
		m.must(err)
		listed := slices.ContainsFunc(x.Inbox, func(c flows.Card) bool { return c.ID == m.report })
		tasks := slices.ContainsFunc(x.Tasks, func(k flows.Task) bool { return k.Report == m.report })
		if (listed || tasks || x.Report != nil) && !m.may(p.ID) {
			m.t.Fatalf("%v: %s sees it (%s)", m.trace, p.Name, m.never(p.ID))
		}
		if x.Report != nil {
			readers++
		}
	}
	waiting, err := m.d.Waiting(bg)
	m.must(err)
	if readers == 0 && waiting == 0 {
		m.t.Fatalf("%v: nobody can read it and it is not counted as waiting", m.trace)
	}
	m.clock.Move(time.Hour)
	for range 3 {
		sent, err := m.d.Claim(bg, 50, time.Minute)
		m.must(err)
		for _, x := range sent {
			signer := x.Person == m.w.Appraisers[0].ID && x.Kind == db.Word // after leaving too (R9.1)
			if (x.Kind == db.Report || x.Kind == db.Word) && !signer && !m.may(x.Person) {
				m.t.Fatalf("%v: %s is sent %s (%s)", m.trace, x.Person, x.Kind, m.never(x.Person))
			}
			if x.Kind == db.Held && m.never(x.Person) != "" {
				m.t.Fatalf("%v: %s hears that one waits", m.trace, x.Person)
			}
			m.must(m.d.Sent(bg, x.ID))
		}
	}
}

// verbs are the changes of people, by name. What cannot be done at the moment changes nothing.
func (m *machine) verbs() map[string]func() {
	w := m.w
	left := func(p dbtest.Somebody, role law.Role, institution string) db.Person {
		return db.Person{Authority: m.home, Institution: institution, Name: p.Name, Role: role, Left: gone}
	}
	load := func(rows ...db.Person) {
		_, err := m.d.Load(bg, db.Batch{People: rows})
		m.must(err)
	}
	leave := func(p dbtest.Somebody) func() {
		return func() { m.must(m.d.Leave(bg, p.ID)); m.left[p.ID] = true }
	}
	return map[string]func(){
		"the receiver leaves":     leave(w.Receiver),
		"the head leaves":         leave(w.Head),
		"an officer leaves":       leave(w.CityOfficer),
		"the lead leaves":         leave(w.CityLead),
		"the reporter leaves":     leave(w.Appraisers[0]),
		"the officer's role ends": func() { m.must(m.d.Revoke(bg, w.OtherOfficer.ID, w.City, law.Officer)) },
		"a receiver is added": func() {
			if !m.left[w.Archivist.ID] {
				load(db.Person{Authority: m.home, Institution: house, Name: w.Archivist.Name, Role: law.Receiver})
			}
		},
		"the head is replaced": func() {
			load(left(w.Head, law.Head, house), db.Person{Authority: m.home, Institution: house, Name: w.Appraisers[1].Name, Role: law.Head, Licence: "990000001002"})
			m.left[w.Head.ID] = true
		},
		"the institution moves": func() {
			load(db.Person{Authority: "另一市司法局", Superior: "示例省司法厅", Institution: house, Name: w.Appraisers[2].Name, Role: law.Staff, Licence: "990000001003", Former: city})
			m.home = "另一市司法局"
		},
		"an officer joins the institution": func() {
			_, err := m.d.SQL().ExecContext(bg, "INSERT INTO roles (person, unit, role, since_ms) SELECT $1, $2, 'staff', 1 WHERE NOT EXISTS (SELECT 1 FROM roles WHERE person = $1 AND unit = $2)",
				w.OtherOfficer.ID, w.Institution)
			m.must(err)
			m.bypassed[w.OtherOfficer.ID] = true
		},
		"the receiver has a deputy":  func() { m.appoint(w.Receiver, w.Archivist) },
		"the head has a deputy":      func() { m.appoint(w.Head, w.Appraisers[2]) },
		"the officer has a deputy":   func() { m.appoint(w.CityOfficer, w.OtherOfficer) },
		"the lead has a deputy":      func() { m.appoint(w.CityLead, w.OtherOfficer) },
		"deputies are dismissed":     m.dismiss,
		"a handler steps aside":      func() { m.stepAside(law.Recuse) },
		"a handler is excluded":      func() { m.stepAside(law.Exclude) },
		"the receiver cannot be met": func() { m.must(m.d.Reach(bg, w.Receiver.Account, false)) },
		"the officer cannot be met":  func() { m.must(m.d.Reach(bg, w.CityOfficer.Account, false)) },
		"three days pass":            func() { m.clock.Move(72 * time.Hour) },
	}
}

func (m *machine) appoint(p, deputy dbtest.Somebody) {
	m.t.Helper()
	today := law.DateOf(m.clock.Now().In(dbtest.Zone))
	s := law.Substitute{
		ID: fmt.Sprint("s", len(m.deputies)), Unit: law.UnitID(p.Unit), Principal: law.PersonID(p.ID), Deputy: law.PersonID(deputy.ID),
		From: today, Until: today.AddDays(1),
	}
	err := m.d.Commit(bg, p.Caller(), m.w.Event(), m.clock.Now(), []flows.Durable{flows.Appoint{Substitute: s}})
	if m.must(err); err == nil {
		m.deputies = append(m.deputies, s)
	}
}

func (m *machine) dismiss() {
	for _, s := range m.deputies {
		for _, p := range m.everybody {
			if p.ID == string(s.Principal) && !m.left[p.ID] {
				m.commit(p, flows.Dismiss{ID: s.ID})
			}
		}
	}
	m.deputies = slices.DeleteFunc(m.deputies, func(s law.Substitute) bool { return !m.left[string(s.Principal)] })
}

// reader is the first who can read the report now, and what they read.
func (m *machine) reader() (dbtest.Somebody, *flows.Report) {
	for _, p := range m.everybody {
		x, err := m.d.Desk(bg, p.Caller(), db.Where{Event: m.w.Event(), Place: flows.AtReport, Subject: m.report})
		m.must(err)
		if x.Report != nil {
			return p, x.Report
		}
	}
	return dbtest.Somebody{}, nil
}

func (m *machine) stepAside(k law.ActKind) {
	for _, p := range m.everybody {
		x, err := m.d.Desk(bg, p.Caller(), db.Where{Event: m.w.Event(), Place: flows.AtReport, Subject: m.report})
		m.must(err)
		if m.report == "" || x.Report == nil || k == law.Exclude && len(x.Report.Handlers) == 0 {
			continue
		}
		a, out := m.w.Act(p, m.report, x.Report.Unit, k, m.clock.Now()), p.ID
		if k == law.Exclude {
			a.Whom, a.Text = &x.Report.Handlers[0].Person, "理由"
			out = a.Whom.ID
		}
		err = m.w.Handle(m.d, p, a)()
		if m.must(err); err == nil {
			m.barred[out] = true
		}
		return
	}
}

// steps are those of the pipeline.
func (m *machine) steps() map[string]func() {
	return map[string]func(){
		"deliver": func() {
			list, err := m.d.Claim(bg, 50, time.Minute)
			m.must(err)
			for _, x := range list {
				if x.Kind == db.Report && !m.may(x.Person) {
					m.t.Fatalf("%v: delivered to %s", m.trace, x.Person)
				}
				m.must(m.d.Sent(bg, x.ID))
			}
		},
		"read": func() {
			if p, r := m.reader(); r != nil {
				m.commit(p, flows.Read{Report: m.report})
			}
		},
		"act": func() {
			if p, r := m.reader(); r != nil && len(r.May) > 0 {
				m.must(m.w.Handle(m.d, p, m.w.Act(p, m.report, r.Unit, r.May[0], m.clock.Now(), dbtest.Words("话")))())
			}
		},
		"reroute": func() { _, err := m.d.Reroute(bg); m.must(err) },
	}
}

// file signs the report as it was prepared before whatever happened since: its recipients may be stale, its filing may not fail.
func (m *machine) file() {
	m.t.Helper()
	if m.left[m.w.Appraisers[0].ID] {
		return
	}
	err := m.d.Commit(bg, m.w.Appraisers[0].Caller(), m.w.Event(), m.clock.Now(), []flows.Durable{flows.File{Record: m.record}})
	if err != nil {
		m.t.Fatalf("%v: filing failed: %v", m.trace, err)
	}
	if err := m.d.SQL().QueryRowContext(bg, "SELECT id FROM reports").Scan(&m.report); err != nil {
		m.t.Fatalf("%v: %v", m.trace, err)
	}
}

func (m *machine) do(name string, f func()) {
	m.trace = append(m.trace, name)
	f()
}

// Every change of people meets every step of a report's way, before it and after it: nobody is sent or shown what they may not
// have at that moment, no filing fails, and nothing is lost (I1, I7, I13).
func TestEveryChangeMeetsEveryStep(t *testing.T) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		probe := &machine{w: w}
		n, pairs := 0, 0
		for _, verb := range sorted(probe.verbs()) {
			for _, step := range append(sorted(probe.steps()), "file") {
				for _, direct := range []bool{false, true} {
					if n++; w == nil || twinsOfPostgres(t) && n%41 != 0 || testing.Short() && n%7 != 0 {
						continue
					}
					pairs++
					m := newMachine(t, t, w, twin, direct)
					change := func() { m.do(verb, m.verbs()[verb]) }
					if step == "file" {
						change()
						m.do("file", m.file)
						m.check()
						continue
					}
					m.do("file", m.file)
					change()
					m.do(step, m.steps()[step])
					m.check()
					change()
					m.check()
				}
			}
		}
		t.Logf("%d pairs", pairs)
	})
}

func twinsOfPostgres(t *testing.T) bool { return t.Name() == "TestEveryChangeMeetsEveryStep/postgres" }

func sorted(all map[string]func()) []string {
	var out []string
	for name := range all {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// TestPeopleMachine plays many changes of people in any order around one report.
func TestPeopleMachine(t *testing.T) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		if t.Name() == "TestPeopleMachine/postgres" { // a copy of it costs seconds: everything once, in order
			m := newMachine(t, t, w, twin, true)
			m.do("file", m.file)
			for _, name := range sorted(m.verbs()) {
				m.do(name, m.verbs()[name])
				m.check()
			}
			return
		}
		rapid.Check(t, func(r *rapid.T) {
			m := newMachine(t, r, w, twin, rapid.Bool().Draw(r, "direct"))
			verbs, steps := m.verbs(), m.steps()
			names := append(sorted(verbs), sorted(steps)...)
			for range rapid.IntRange(0, 3).Draw(r, "before") {
				name := rapid.SampledFrom(sorted(verbs)).Draw(r, "verb")
				m.do(name, verbs[name])
			}
			m.do("file", m.file)
			for range rapid.IntRange(1, 7).Draw(r, "after") {
				name := rapid.SampledFrom(names).Draw(r, "then")
				if f := verbs[name]; f != nil {
					m.do(name, f)
				} else {
					m.do(name, steps[name])
				}
				m.check()
			}
			m.must(m.d.Close())
		})
	})
}

package flowstest

import (
	"slices"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

// date is the day it is.
func (w *World) date() law.Date { return law.DateOf(w.now) }

func has(p *player, roles ...law.Role) bool {
	return slices.ContainsFunc(roles, func(r law.Role) bool { return slices.Contains(p.me.Roles, r) })
}

func (w *World) byID(id string) *player {
	for _, p := range w.people {
		if p.me.ID == id {
			return p
		}
	}
	return nil
}

// candidate is somebody of an institution below a unit.
func (w *World) candidate(p *player, unit string) (flows.Candidate, bool) {
	u, _ := w.dir.Unit(law.UnitID(p.me.Institution))
	c := flows.Candidate{
		Who: record.Person{ID: p.me.ID, Name: p.me.Name}, Institution: record.Person{ID: p.me.Institution, Name: p.me.UnitName},
		Unit: unit, Grounds: law.Grounds(p.me.Roles), Reachable: p.bound,
	}
	return c, string(u.Parent) == unit && u.Kind == law.InstitutionUnit && len(c.Grounds) > 0
}

// proceeding are the measures of one, with what is derived from them.
type proceeding []record.Measure

func (ms proceeding) state() law.Proceeding {
	var out []law.Taken
	for _, m := range ms {
		out = append(out, m.Taken())
	}
	return law.Proceed(out)
}

func (ms proceeding) counts() bool {
	g, _ := law.ParseGround(ms[0].Ground)
	return ms.state().Counts(g, ms[0].Counts)
}

// proceedings are all, the latest begun first.
func (w *World) proceedings() (out []proceeding) {
	for _, m := range w.measures {
		if m.ID == m.Proceeding {
			out = append([]proceeding{{m}}, out...)
			continue
		}
		i := slices.IndexFunc(out, func(p proceeding) bool { return p[0].ID == m.Proceeding })
		out[i] = append(out[i], m)
	}
	return out
}

// oversees: an officer of the authority who may read the report it rests on.
func (w *World) oversees(p *player, o record.Measure) bool {
	if !has(p, law.Officer, law.OfficerLead) || p.me.Institution != o.Unit {
		return false
	}
	f := w.matterOf(o.Report)
	return o.Report == "" || f != nil && f.has(p)
}

func (f filed) has(p *player) bool {
	return slices.ContainsFunc(f.stops, func(s record.Stop) bool {
		return slices.ContainsFunc(s.Recipients, func(r record.Person) bool { return r.ID == p.me.ID })
	})
}

// integrity fills in what somebody may know of Art. 11.
func (w *World) integrity(d *flows.Desk, p *player) {
	if has(p, law.Officer, law.OfficerLead) {
		d.Dates.Due, d.Dates.Defence = law.OrderDates(d.Policy, calendar, w.date())
		w.room(d, p)
	}
	for _, x := range w.proceedings() {
		own := x[0].Subject.ID == p.me.ID
		if m := matterOf(x); own {
			m.Who, m.Institution = "", ""
			m.News = slices.ContainsFunc(x, func(m record.Measure) bool {
				return m.By.ID != p.me.ID && !law.DateOf(m.At).AddDays(flows.NewsDays).Before(w.date())
			})
			d.Own = append(d.Own, m)
		}
		if p.state.Place == flows.AtProceeding && p.state.Subject == x[0].ID && (own || w.oversees(p, x[0])) {
			d.Acting = w.acting(x, p, own)
		}
	}
}

func matterOf(x proceeding) flows.Matter {
	s := x.state()
	return flows.Matter{ID: x[0].ID, Who: x[0].Subject.Name, Institution: x[0].Institution.Name, On: law.DateOf(x[0].At), Stage: s.Stage, Due: s.Due, Ripe: s.Ripe()}
}

// room is what stands in the rooms of an officer.
func (w *World) room(d *flows.Desk, p *player) {
	switch p.state.Place {
	case flows.AtAccuse:
		if x, ok := w.people[p.state.Subject]; ok {
			if c, ok := w.candidate(x, p.me.Institution); ok {
				d.Found = append(d.Found, c)
			}
		}
	case flows.AtIntegrity:
		d.Integrity = &flows.Integrity{Hints: w.suspicions(p)}
		for _, x := range w.proceedings() {
			if w.oversees(p, x[0]) {
				d.Integrity.Matters = append(d.Integrity.Matters, matterOf(x))
			}
		}
	default:
	}
}

// suspicions are entries missing for long, the longest closed first.
func (w *World) suspicions(p *player) (out []flows.Suspicion) {
	for _, o := range w.lacking() {
		c, ok := w.candidate(o.signer, p.me.Institution)
		about := slices.ContainsFunc(w.proceedings(), func(x proceeding) bool {
			return x[0].Subject.ID == c.Who.ID && x[0].Case.ID == o.ID && w.oversees(p, x[0])
		})
		if ok && !about && law.Suspect(law.Policy{}, calendar, o.Closed, w.date(), false) {
			out = append(out, flows.Suspicion{Candidate: c, Case: record.Case{ID: o.ID, Number: o.Number}, Closed: o.Closed, Absent: w.explained(o.ID, c.Who.ID)})
		}
	}
	return out
}

// lack is one signer's entry that a closed case lacks.
type lack struct {
	flows.Case
	signer *player
}

// lacking are all of them, explained or not, the longest closed first.
func (w *World) lacking() (out []lack) {
	for _, c := range w.cases {
		for _, name := range c.signers {
			if p, x := w.people[name], w.standing(c, w.people[name].me.ID); x.Owed || x.Absent != "" {
				out = append(out, lack{c.Case, p})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b lack) int { return a.Closed.Compare(b.Closed) })
	return out
}

// overdue are the closed cases without their entries that somebody oversees.
func (w *World) overdue(p *player) (out []flows.Overdue) {
	for _, r := range []struct {
		roles []law.Role
		duty  law.Duty
	}{{[]law.Role{law.Archivist}, law.ZeroClerk}, {[]law.Role{law.Head}, law.ZeroHead}, {[]law.Role{law.Officer, law.OfficerLead}, law.ZeroAuthority}} {
		if !has(p, r.roles...) {
			continue
		}
		for _, o := range w.lacking() {
			if w.explained(o.ID, o.signer.me.ID) != nil {
				continue
			}
			u, _ := w.dir.Unit(law.UnitID(o.signer.me.Institution))
			from, _ := law.Policy{}.Deadline(r.duty).Due(calendar, o.Closed)
			if p.me.Institution != string(u.ID) && p.me.Institution != string(u.Parent) || w.date().Before(from) {
				continue
			}
			if n := len(out); n == 0 || out[n-1].CaseID != o.ID {
				x := flows.Overdue{CaseID: o.ID, Number: o.Number, Institution: u.Name, Closed: o.Closed}
				x.Due, _ = law.Policy{}.Deadline(law.ZeroDue).Due(calendar, o.Closed)
				x.Late, _ = calendar.WorkdaysBetween(x.Due, w.date())
				out = append(out, x)
			}
			last := &out[len(out)-1]
			last.Missing = append(last.Missing, o.signer.me.Name)
			if !o.signer.left.IsZero() {
				last.Gone = append(last.Gone, o.signer.me.Name)
			}
		}
	}
	return out
}

// acting is a proceeding as its reader may know it.
func (w *World) acting(x proceeding, p *player, own bool) *flows.Proceeding {
	o, by := x[0], law.Organ
	u, _ := w.dir.Unit(law.UnitID(o.Unit))
	out := &flows.Proceeding{ID: o.ID, Own: own, UnitName: u.Name, Measures: slices.Clone(x), State: x.state(), Nth: w.nth(x, p), OnReport: o.Report != "" && !own}
	if own {
		by = law.Subject
		for i := range out.Measures {
			out.Measures[i].Report = ""
			if out.Measures[i].By.ID != p.me.ID {
				out.Measures[i].By = record.Person{}
			}
		}
	}
	out.OnPlaint = out.OnReport && w.matterOf(o.Report).plaint
	out.May = out.State.MayTake(by, w.date(), out.Nth)
	subject := w.byID(o.Subject.ID)
	out.Reachable = subject.bound
	for _, c := range w.cases {
		if c.ID == o.Case.ID {
			out.Filed = w.standing(c, o.Subject.ID).Filed
		}
	}
	return out
}

// nth is the place of an entry among the person's that count, as far as the reader may know them.
func (w *World) nth(x proceeding, p *player) int {
	if !x.counts() {
		return 0
	}
	n := 0
	for _, m := range w.measures {
		if m.Kind != law.EnterFile || m.Subject.ID != x[0].Subject.ID {
			continue
		}
		all := w.proceedings()
		y := all[slices.IndexFunc(all, func(y proceeding) bool { return y[0].ID == m.Proceeding })]
		if y.counts() && (y[0].Report == "" || p.me.ID == y[0].Subject.ID || w.oversees(p, y[0])) {
			n++
		}
		if y[0].ID == x[0].ID {
			break
		}
	}
	return n
}

// others are the signers of a report's case who have filed, of whom no report has reached the reader.
func (w *World) others(f filed, p *player) (out []flows.Candidate) {
	for _, c := range w.cases {
		if c.ID != f.record.Case.ID {
			continue
		}
		for _, name := range c.signers {
			x := w.people[name]
			reached := slices.ContainsFunc(w.filed, func(g filed) bool {
				return g.record.Case.ID == c.ID && g.record.Signer.ID == x.me.ID && g.has(p)
			})
			if y, ok := w.candidate(x, p.me.Institution); ok && x.me.ID != f.record.Signer.ID && w.standing(c, x.me.ID).Filed && !reached {
				out = append(out, y)
			}
		}
	}
	return out
}

// take keeps a measure and tells whom it concerns.
func (w *World) take(m record.Measure) {
	if slices.ContainsFunc(w.measures, func(x record.Measure) bool { return x.ID == m.ID }) {
		return
	}
	w.measures = append(w.measures, m)
	o := w.measures[slices.IndexFunc(w.measures, func(x record.Measure) bool { return x.ID == m.Proceeding })]
	for _, name := range w.Names() {
		p := w.people[name]
		if p.me.ID != m.By.ID && p.me.ID == m.Subject.ID || m.By.ID == m.Subject.ID && w.oversees(p, o) {
			w.heard = append(w.heard, Heard{name, text.Say(text.ZhHans, text.NoticeWord)})
		}
	}
}

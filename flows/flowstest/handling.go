package flowstest

import (
	"slices"
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

// calendar is the pure world's: Monday to Friday.
var calendar = law.NewCalendar(nil)

// matter is a report under way as the law sees it.
func (w *World) matter(f filed) law.Matter {
	m := law.Matter{Facts: flows.RecordFacts(f.record), ClientKind: f.record.Case.ClientType, Complaint: f.plaint}
	for _, s := range f.stops {
		m.Arrivals = append(m.Arrivals, law.Arrival{Unit: law.UnitID(s.Unit), Level: w.level(f, s.Unit), On: law.DateOf(f.arrived[s.Unit])})
	}
	for _, a := range f.acts {
		if a.Kind.StepsAside() {
			continue
		}
		step := law.Step{Kind: a.Kind, Unit: law.UnitID(a.Unit), On: law.DateOf(a.At), Task: a.Task}
		for _, c := range a.Categories {
			if x, ok := law.ParseCategory(c); ok {
				step.Categories = append(step.Categories, x)
			}
		}
		m.Steps = append(m.Steps, step)
	}
	return m
}

func (w *World) level(f filed, unit string) law.Level {
	for _, p := range w.dir.Way(law.UnitID(f.record.Institution.ID)) {
		if string(p.Unit) == unit {
			return p.Level
		}
	}
	return 0
}

// handled fills in what a recipient may know and do about a report.
func (w *World) handled(r *flows.Report, f filed, unit string) {
	m := w.matter(f)
	r.Unit, r.Acts, r.Level = unit, flows.ActsFor(unit, f.acts), w.level(f, unit)
	for _, t := range law.Tasks(law.Policy{}, calendar, m) {
		if string(t.Unit) == unit {
			r.Tasks = append(r.Tasks, t)
		}
	}
	r.May = law.May(law.Policy{}, calendar, m, law.UnitID(unit))
	if r.Complaint = f.plaint; !f.plaint {
		r.Propose = law.Categories(m.Facts, m.ClientKind)
	}
	if p := w.people[f.record.Signer.Name]; !p.left.IsZero() && r.Level != law.Institution {
		r.Changes = []law.Change{{On: law.DateOf(p.left)}}
	}
	r.Unsent = law.Unsent(law.Policy{}, calendar, m, law.UnitID(unit))
	r.Letters = law.DraftLetters(law.Policy{}, calendar, m, law.UnitID(unit))
	r.Team, r.Unsaid = w.team(f), []string{f.record.Signer.Name, f.record.Signer.ID, w.people[f.record.Signer.Name].licence}
}

// team are the names of those who sign for a report's case.
func (w *World) team(f filed) []string {
	for _, c := range w.cases {
		if c.ID == f.record.Case.ID {
			return slices.Sorted(slices.Values(c.signers))
		}
	}
	return nil
}

// tasks are the open duties of a recipient.
func (w *World) tasks(f filed, unit string) []flows.Task {
	var out []flows.Task
	for _, t := range law.Tasks(law.Policy{}, calendar, w.matter(f)) {
		if string(t.Unit) == unit && t.Open() {
			late, _ := calendar.WorkdaysBetween(t.Due, law.DateOf(w.now))
			out = append(out, flows.Task{Report: f.report, Duty: t.Duty, Due: t.Due, Late: max(late, 0)})
		}
	}
	return out
}

// follow is what the signer may know of what became of the report.
func (w *World) follow(f filed) *flows.Follow {
	m := w.matter(f)
	out := &flows.Follow{Report: f.report, May: law.MayReporter(law.Policy{}, calendar, m, law.DateOf(w.now))}
	out.Standing, out.Next = law.Stands(law.Policy{}, calendar, m)
	if _, again := law.Silence(law.Policy{}, calendar, m, law.DateOf(w.now)); again != out.Next {
		out.Again = again
	}
	for _, a := range f.acts {
		switch a.Kind {
		case law.Accept, law.Ask, law.Close:
			a.By = record.Person{}
			out.Acts = append(out.Acts, a)
		case law.Reply, law.Urge, law.Appeal, law.Complain:
			out.Acts = append(out.Acts, a)
		default:
		}
	}
	return out
}

// handle carries out an act and tells whom it concerns.
func (w *World) handle(a record.Act) {
	f := w.matterOf(a.Report)
	if f == nil || slices.ContainsFunc(f.acts, func(x record.Act) bool { return x.ID == a.ID }) {
		return
	}
	f.acts = append(f.acts, a)
	switch a.Kind {
	case law.Recuse, law.Exclude:
		w.stepAside(f, a)
	case law.Pass, law.Appeal:
		w.pass(f)
	case law.Accept, law.Ask, law.Close:
		w.heard = append(w.heard, Heard{f.record.Signer.Name, text.Say(text.ZhHans, text.NoticeWord)})
	case law.Reply, law.Urge:
		for _, s := range w.way(*f) {
			for _, p := range s.Recipients {
				w.heard = append(w.heard, Heard{p.Name, text.Say(text.ZhHans, text.NoticeWord)})
			}
		}
	default:
	}
}

// pass brings a report from the institution to its authority (Art. 6).
func (w *World) pass(f *filed) {
	var named []law.PersonID
	for _, e := range f.record.Report.Excluded {
		named = append(named, law.PersonID(e.ID))
	}
	way := law.Route(law.Policy{}, w.today(), law.UnitID(f.record.Institution.ID), law.Facts{}, named, law.PersonID(f.record.Signer.ID), law.ToAuthority)
	for i := range way.Stops {
		if s := &way.Stops[i]; s.Why == 0 {
			s.Cite = law.Cite{Source: law.Rule, Article: 6}
		}
	}
	w.send(f, way)
}

// send brings a report or a complaint where the law says.
func (w *World) send(f *filed, way law.Routing) {
	if f.arrived == nil {
		f.arrived = map[string]time.Time{}
	}
	for _, s := range way.Stops {
		s.Cite.Reading = ""
		u, _ := w.dir.Unit(s.Unit)
		stop := record.Stop{Unit: string(s.Unit), UnitName: u.Name, Article: s.Cite.String()}
		for _, p := range s.Recipients {
			for _, m := range w.dir.Members {
				if m.ID == p {
					stop.Recipients = append(stop.Recipients, record.Person{ID: string(p), Name: m.Name})
					w.heard = append(w.heard, Heard{m.Name, text.Say(text.ZhHans, text.NoticeReport)})
				}
			}
		}
		f.stops = append(f.stops, stop)
		f.arrived[stop.Unit] = w.now
	}
}

package flowstest

import (
	"cmp"
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
	m := law.Matter{Facts: flows.RecordFacts(f.record), ClientKind: f.record.Case.ClientType, Complaint: f.plaint, Party: f.party, Made: law.DateOf(w.handedIn(f))}
	for _, s := range f.stops {
		m.Arrivals = append(m.Arrivals, law.Arrival{Unit: law.UnitID(s.Unit), Level: w.level(f, s.Unit), On: law.DateOf(f.arrived[s.Unit])})
	}
	for _, a := range f.acts {
		if a.Kind.StepsAside() {
			continue
		}
		step := law.Step{Kind: a.Kind, Unit: law.UnitID(a.Unit), By: law.PersonID(a.By.ID), On: law.DateOf(a.At), Task: a.Task}
		for _, c := range a.Categories {
			if x, ok := law.ParseCategory(c); ok {
				step.Categories = append(step.Categories, x)
			}
		}
		m.Steps = append(m.Steps, step)
	}
	return m
}

// handedIn is when somebody signed a report, or made a complaint.
func (w *World) handedIn(f filed) time.Time {
	if f.plaint {
		return f.acts[0].At
	}
	return f.record.Signed
}

func (w *World) level(f filed, unit string) law.Level {
	if f.party && unit == f.record.Institution.ID {
		return law.PartyOrganisation
	}
	for _, p := range w.dir.Way(law.UnitID(f.record.Institution.ID)) {
		if string(p.Unit) == unit {
			return p.Level
		}
	}
	return law.Authority // an organ elsewhere
}

// handled fills in what a recipient may know and do about a report.
func (w *World) handled(r *flows.Report, f filed, unit, me string) {
	m := w.matter(f)
	r.Unit, r.Acts, r.Level, r.Party = unit, flows.ActsFor(m, unit, w.unitNames(), f.acts), w.level(f, unit), f.party
	for _, t := range law.Tasks(law.Policy{}, calendar, m) {
		if string(t.Unit) == unit {
			r.Tasks = append(r.Tasks, t)
		} else if r.Level.Above(w.level(f, string(t.Unit))) && t.Open() && t.Due.Before(law.DateOf(w.now)) {
			u, _ := w.dir.Unit(t.Unit)
			r.Late = append(r.Late, flows.Late{UnitName: u.Name, Duty: t.Duty, Category: t.Category, Due: t.Due})
		}
	}
	owner := law.Owner(m, law.UnitID(unit))
	r.Owner, r.Mine = w.called(string(owner)), string(owner) == me
	r.Orphan = owner != "" && !w.eligible(f, string(owner), unit)
	r.May = law.MayNow(law.Policy{}, calendar, m, law.UnitID(unit), law.PersonID(me), law.DateOf(w.now))
	if !f.party {
		facts := m.Facts
		facts.Party = law.NotAsked
		r.Propose = law.Categories(facts, m.ClientKind)
	}
	if law.OwnStaff(w.dir, named(f), law.UnitID(unit), flows.Unlisted(f.record)) {
		r.May = slices.DeleteFunc(r.May, func(k law.ActKind) bool { return k == law.Transfer })
	}
	if slices.Contains(r.May, law.Transfer) {
		r.Organs = w.organs(f, unit)
	}
	if r.Complaint = f.plaint; f.plaint {
		r.Propose = nil
	}
	if r.Level != law.Institution && r.Level != law.PartyOrganisation {
		w.happened(r, f)
	}
	r.Unsent = law.Unsent(law.Policy{}, calendar, m, law.UnitID(unit))
	r.Letters = law.DraftLetters(law.Policy{}, calendar, m, law.UnitID(unit))
	r.Team, r.Unsaid = w.team(f), []string{f.record.Signer.Name, f.record.Signer.ID, w.people[f.record.Signer.Name].licence}
}

// unitNames are the names of units by ID.
func (w *World) unitNames() map[string]string {
	out := map[string]string{}
	for _, u := range w.dir.Units {
		out[string(u.ID)] = u.Name
	}
	return out
}

// called is the name of a person.
func (w *World) called(id string) string {
	for name, p := range w.people {
		if p.me.ID == id {
			return name
		}
	}
	return ""
}

// named are those whom a report is about.
func named(f filed) []law.PersonID {
	if f.plaint {
		return f.named
	}
	var out []law.PersonID
	for _, e := range f.record.Report.Excluded {
		if e.Why != law.LedByImplicated.String() && e.Why != law.Bypassed.String() {
			out = append(out, law.PersonID(e.ID))
		}
	}
	return out
}

func (w *World) channel(f filed) law.Channel {
	if slices.ContainsFunc(f.record.Report.Stops, func(s record.Stop) bool { return s.Unit == f.record.Institution.ID }) {
		return law.ToInstitution
	}
	return law.ToAuthority
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
func (w *World) tasks(f filed, unit, me string) []flows.Task {
	var out []flows.Task
	m := w.matter(f)
	for _, t := range law.Tasks(law.Policy{}, calendar, m) {
		if string(t.Unit) == unit && t.Open() {
			late, _ := calendar.WorkdaysBetween(t.Due, law.DateOf(w.now))
			task := flows.Task{Report: f.report, Duty: t.Duty, Category: t.Category, Due: t.Due, Late: max(late, 0)}
			if t.Duty == law.CategoriseDuty {
				task.Propose = law.Categories(m.Facts, m.ClientKind)
			}
			if o := string(law.Owner(m, t.Unit)); o != me {
				task.Owner, task.Orphan = w.called(o), o != "" && !w.eligible(f, o, unit)
			}
			out = append(out, task)
		}
	}
	return out
}

// follow is what the signer may know of what became of the report.
func (w *World) follow(f filed) *flows.Follow {
	m := w.matter(f)
	m.Nobody = len(m.Arrivals) > 0 && !slices.ContainsFunc(f.stops, func(s record.Stop) bool {
		return slices.ContainsFunc(s.Recipients, func(p record.Person) bool { return w.eligible(f, p.ID, s.Unit) })
	})
	out := &flows.Follow{Report: f.report, May: law.MayReporter(law.Policy{}, calendar, m, law.DateOf(w.now))}
	out.Standing, out.Next = law.Stands(law.Policy{}, calendar, m)
	if _, again := law.Silence(law.Policy{}, calendar, m, law.DateOf(w.now)); again != out.Next {
		out.Again = again
	}
	for _, a := range f.acts {
		switch a.Kind {
		case law.Accept, law.Ask, law.Close, law.Extend, law.Transfer:
			if a.By, a.Number, a.Date = (record.Person{}), "", ""; a.To != nil && a.To.ID != "" {
				a.To = nil
			}
			if a.Kind == law.Extend || a.Kind == law.Transfer {
				a.Text = ""
			}
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
	word := func(to string) { w.heard = append(w.heard, Heard{to, text.Say(text.ZhHans, text.NoticeWord)}) }
	f.acts = append(f.acts, a)
	switch a.Kind {
	case law.Recuse, law.Exclude:
		w.stepAside(f, a)
	case law.Pass, law.Appeal:
		w.pass(f)
	case law.Accept, law.Ask, law.Close, law.Extend:
		f.news = true
		word(f.record.Signer.Name)
	case law.Take:
		for _, s := range f.stops {
			for _, p := range s.Recipients {
				if s.Unit == a.Unit {
					word(p.Name)
				}
			}
		}
	case law.Transfer:
		w.handOver(f, a, word)
	case law.Reply, law.Urge:
		for _, s := range w.way(*f) {
			for _, p := range s.Recipients {
				if flows.Reads(w.matter(*f), s.Unit, f.acts) {
					word(p.Name)
				}
			}
		}
	default:
	}
}

// moved tells the signer that their report went further.
func (w *World) moved(f *filed) {
	f.news = true
	w.heard = append(w.heard, Heard{f.record.Signer.Name, text.Say(text.ZhHans, text.NoticeReport)})
}

// stop is a stop of the law as an entry has it.
func (w *World) stop(s law.Stop) record.Stop {
	u, _ := w.dir.Unit(s.Unit)
	out := record.Stop{Unit: string(s.Unit), UnitName: u.Name, Article: s.Cite.String(), Climbed: s.Climbed}
	for _, p := range s.Recipients {
		out.Recipients = append(out.Recipients, record.Person{ID: string(p), Name: w.called(string(p))})
	}
	slices.SortFunc(out.Recipients, func(a, b record.Person) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// climb takes the rungs of the ladder that have come.
func (w *World) climb() {
	for i := range w.filed {
		f := &w.filed[i]
		if f.record.Report == nil {
			continue
		}
		for _, r := range law.Rungs(law.Policy{}, calendar, w.matter(*f), law.DateOf(w.now)) {
			s, ok := law.Raise(w.asFor(f), law.UnitID(f.record.Institution.ID), law.Facts{}, named(*f), law.PersonID(f.record.Signer.ID), w.channel(*f), r)
			_, there := f.arrived[string(s.Unit)]
			fresh := slices.DeleteFunc(slices.Clone(s.Recipients), func(p law.PersonID) bool { _, has := f.came[string(p)]; return has })
			name := string(r.Unit) + string(r.Step)
			if !ok || len(fresh) == 0 || r.To == law.NextOrgan && there || slices.Contains(f.rungs, name) {
				continue
			}
			f.rungs, s.Cite.Reading = append(f.rungs, name), ""
			w.reach(f, w.stop(s))
			w.moved(f)
		}
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
	w.route(f, way)
}

// route brings a report or a complaint where the law says.
func (w *World) route(f *filed, way law.Routing) {
	if f.arrived == nil {
		f.arrived, f.came = map[string]time.Time{}, map[string]time.Time{}
	}
	for _, s := range way.Stops {
		s.Cite.Reading = ""
		w.reach(f, w.stop(s))
	}
}

package flowstest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

// today is the register with those who act for somebody today.
func (w *World) today() law.Directory {
	members := law.Deputise(w.dir.Members, w.dir.Members, w.subs, law.DateOf(w.now))
	return law.Directory{Units: w.dir.Units, Members: members}
}

// line are a unit and those above it, with their people.
func (w *World) line(unit string) (out law.Directory) {
	all := w.today()
	for u, ok := all.Unit(law.UnitID(unit)); ok; u, ok = all.Unit(u.Parent) {
		out.Units = append(out.Units, u)
	}
	for _, m := range all.Members {
		if _, there := out.Unit(m.Unit); there {
			out.Members = append(out.Members, m)
		}
	}
	return out
}

// substitutes are the appointments not over yet that concern somebody.
func (w *World) substitutes(id string) []law.Substitute {
	var out []law.Substitute
	for _, s := range w.subs {
		if (string(s.Principal) == id || string(s.Deputy) == id) && !s.Until.Before(law.DateOf(w.now)) {
			out = append(out, s)
		}
	}
	return out
}

// eligible reports whether somebody may have a report at a unit today.
func (w *World) eligible(f filed, id, unit string) bool {
	denied := law.NewSet(law.PersonID(f.record.Signer.ID))
	for _, e := range f.excluded() {
		denied[law.PersonID(e.ID)] = struct{}{}
	}
	for _, p := range f.barred {
		denied[law.PersonID(p)] = struct{}{}
	}
	return slices.ContainsFunc(w.today().In(law.UnitID(unit)), func(m law.Member) bool {
		return string(m.ID) == id && law.Eligible(m, denied, w.level(f, unit))
	})
}

// asFor is the register as it matters for one report.
func (w *World) asFor(f *filed) law.Directory {
	dir := w.today()
	dir.Members = slices.Clone(dir.Members)
	for i := range dir.Members {
		dir.Members[i].Barred = slices.Contains(f.barred, string(dir.Members[i].ID))
	}
	return dir
}

// way is where a report is, for its signer: those barred from it are not there any more.
func (w *World) way(f filed) []record.Stop {
	var out []record.Stop
	for _, s := range f.stops {
		s.Recipients = slices.DeleteFunc(slices.Clone(s.Recipients), func(p record.Person) bool { return slices.Contains(f.barred, p.ID) })
		if len(s.Recipients) > 0 {
			out = append(out, s)
		}
	}
	return out
}

// excludable are those whom a handler may exclude.
func (w *World) excludable(f filed, id, unit string) []flows.Handler {
	var out []flows.Handler
	for _, by := range w.today().In(law.UnitID(unit)) {
		for _, s := range f.stops {
			for _, p := range s.Recipients {
				may := string(by.ID) == id && p.ID != id && law.MayExclude(by, w.level(f, unit), law.UnitID(s.Unit), w.level(f, s.Unit))
				if may && w.eligible(f, p.ID, s.Unit) {
					out = append(out, flows.Handler{Person: p, Unit: s.UnitName})
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b flows.Handler) int {
		return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// appoint makes a deputy, who gets what the principal holds if the first day has come.
func (w *World) appoint(s law.Substitute) {
	w.subs = append(w.subs, s)
	for i := range w.filed {
		f := &w.filed[i]
		for j := range f.stops {
			stop := &f.stops[j]
			has := func(id law.PersonID) bool {
				return slices.ContainsFunc(stop.Recipients, func(p record.Person) bool { return p.ID == string(id) })
			}
			if stop.Unit == string(s.Unit) && has(s.Principal) && !has(s.Deputy) && w.eligible(*f, string(s.Deputy), stop.Unit) {
				w.tell(f, stop, s.Deputy)
			}
		}
	}
}

// tell lets somebody have a report at a stop.
func (w *World) tell(f *filed, s *record.Stop, id law.PersonID) {
	for _, m := range w.dir.Members {
		if m.ID == id {
			s.Recipients = append(slices.Clone(s.Recipients), record.Person{ID: string(id), Name: m.Name})
			slices.SortFunc(s.Recipients, func(a, b record.Person) int { return strings.Compare(a.Name, b.Name) })
			f.came[string(id)] = w.now
			w.heard = append(w.heard, Heard{m.Name, text.Say(text.ZhHans, text.NoticeReport)})
			return
		}
	}
}

// stepAside bars somebody from a report, and lets others have it where nobody, or only the one who excluded, is left.
func (w *World) stepAside(f *filed, a record.Act) {
	whom := a.By.ID
	if a.Whom != nil {
		whom = a.Whom.ID
	}
	f.barred = append(f.barred, whom)
	for _, s := range f.stops {
		left := slices.DeleteFunc(slices.Clone(s.Recipients), func(p record.Person) bool { return !w.eligible(*f, p.ID, s.Unit) })
		alone := a.Kind == law.Exclude && s.Unit == a.Unit && len(left) == 1
		if len(left) == 0 || alone {
			w.redirect(f, s.Unit, alone)
		}
	}
}

// redirect sends a report from a stop to whom the law names today.
func (w *World) redirect(f *filed, unit string, upwards bool) {
	dir, named := w.today(), []law.PersonID{}
	dir.Members = slices.Clone(dir.Members)
	for i := range dir.Members {
		m := &dir.Members[i]
		m.Barred = slices.Contains(f.barred, string(m.ID)) || upwards && string(m.Unit) == unit
	}
	for _, e := range f.excluded() {
		named = append(named, law.PersonID(e.ID))
	}
	channel := law.ToAuthority
	if w.level(*f, unit) == law.Institution {
		channel = law.ToInstitution
	}
	way := law.Route(law.Policy{}, dir, law.UnitID(f.record.Institution.ID), law.Facts{}, named, law.PersonID(f.record.Signer.ID), channel)
	for _, s := range way.Stops {
		u, _ := dir.Unit(s.Unit)
		i := slices.IndexFunc(f.stops, func(x record.Stop) bool { return x.Unit == string(s.Unit) })
		if i < 0 {
			s.Cite.Reading, f.news = "", true
			f.stops = append(f.stops, record.Stop{Unit: string(s.Unit), UnitName: u.Name, Article: s.Cite.String(), Climbed: s.Why != 0})
			f.arrived[string(s.Unit)] = w.now
			i = len(f.stops) - 1
			w.heard = append(w.heard, Heard{f.record.Signer.Name, text.Say(text.ZhHans, text.NoticeReport)})
		}
		for _, p := range s.Recipients {
			if !slices.ContainsFunc(f.stops[i].Recipients, func(x record.Person) bool { return x.ID == string(p) }) {
				w.tell(f, &f.stops[i], p)
			}
		}
	}
}

// routes are what somebody is asked about their own role, and the holes that they can mend.
func (w *World) routes(id string) (ask *law.Tenure, holes []law.Hole) {
	dir, today := w.today(), law.DateOf(w.now)
	var tenures []law.Tenure
	for _, m := range dir.Members {
		if !m.Receives() {
			continue
		}
		t := law.Tenure{Person: m.ID, Unit: m.Unit, Since: law.DateOf(Start)}
		if said, there := w.said[m.ID]; there {
			t.Denied = said.Denied
			if !said.Denied {
				t.Since = said.Since
			}
		}
		tenures = append(tenures, t)
		if string(m.ID) == id && (t.Denied || t.Asked(law.Policy{}, calendar, today)) {
			ask = &t
		}
	}
	for _, h := range law.Holes(law.Policy{}, calendar, dir, tenures, today) {
		if slices.ContainsFunc(dir.Members, func(m law.Member) bool { return string(m.ID) == id && h.MendedBy(m) }) {
			holes = append(holes, h)
		}
	}
	return ask, holes
}

// Join implements Stage.
func (w *World) Join(person string, row []string) error {
	if _, ok := w.people[person]; ok {
		return fmt.Errorf("somebody is called %s already", person)
	}
	w.person([]string{row[0], row[1], row[2], person, row[3], ""})
	w.bind(w.people[person], false)
	return nil
}

// bind notes whether somebody can be reached.
func (w *World) bind(p *player, bound bool) {
	p.bound = bound
	for i := range w.dir.Members {
		if m := &w.dir.Members[i]; string(m.ID) == p.me.ID {
			m.Bound = bound
		}
	}
}

// Leave implements Stage: access ends, and what was in their hands alone goes on.
func (w *World) Leave(person string) error {
	p, ok := w.people[person]
	if !ok {
		return fmt.Errorf("nobody is called %s", person)
	}
	p.left, p.held, p.me.Left, p.me.Roles = w.now, p.me.Roles, true, nil
	for i := range w.dir.Members {
		if m := &w.dir.Members[i]; string(m.ID) == p.me.ID {
			m.Left, m.Bound, m.Roles = true, false, nil
		}
	}
	for i := range w.filed {
		f := &w.filed[i]
		for _, s := range f.stops {
			if !slices.ContainsFunc(s.Recipients, func(x record.Person) bool { return w.eligible(*f, x.ID, s.Unit) }) {
				w.redirect(f, s.Unit, false)
			}
		}
	}
	return nil
}

package flowstest

import (
	"slices"

	"liuhen/flows"
	"liuhen/flows/law"
)

// decisions are what somebody is to see of matters under Art. 11 that are ripe, at their authority and at those below.
func (w *World) decisions(p *player) (out []flows.Decision) {
	if !has(p, law.Officer, law.OfficerLead) {
		return nil
	}
	for _, x := range w.proceedings() {
		o, s := x[0], x.state()
		k, owed := s.Owed(law.Policy{}, calendar, w.nth(x, p), w.date())
		if !owed || p.me.ID == o.Subject.ID {
			continue
		}
		d := flows.Decision{Proceeding: o.ID, Ordered: law.DateOf(o.At), Duty: k.Duty, Due: k.Due}
		late, _ := calendar.WorkdaysBetween(k.Due, w.date())
		d.Late = max(late, 0)
		u, _ := w.dir.Unit(law.UnitID(o.Unit))
		f := w.matterOf(o.Report)
		switch {
		case w.oversees(p, o):
			officers := slices.ContainsFunc(w.Names(), func(n string) bool {
				q := w.people[n]
				return has(q, law.Officer) && w.oversees(q, o)
			})
			if has(p, law.Officer) || !officers || k.Climbed(law.Policy{}, calendar, law.UnitLead, w.date()) {
				out = append(out, d)
			}
		case string(u.Parent) == p.me.Institution && (o.Report == "" || f != nil && f.has(p)) && k.Climbed(law.Policy{}, calendar, law.NextOrgan, w.date()):
			d.Proceeding, d.UnitName = "", u.Name
			out = append(out, d)
		}
	}
	flows.SortDecisions(out)
	return out
}

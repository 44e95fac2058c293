package db

import (
	"slices"

	"liuhen/flows"
	"liuhen/flows/law"
)

// docket is what authorities owe under Art. 11 today. It is derived from the proceedings, and for many people read once.
type docket struct {
	*tx
	as       pass
	units    map[string][]*proceeding
	below    map[string][]string // the organs below each
	officers map[string][]string // who is an officer of each today
	repeated map[string]bool     // marks of people about whom there is more than one proceeding
}

func (t *tx) docket(as pass) *docket {
	return &docket{tx: t, as: as, units: map[string][]*proceeding{}, below: map[string][]string{}, officers: map[string][]string{}}
}

// owing is one of its decisions for one person.
type owing struct {
	flows.Decision
	since law.Date
}

// open are the proceedings of an organ in which something may be owed today: those who may have them are not asked about yet.
func (k *docket) open(unit string) ([]*proceeding, error) {
	if was, read := k.units[unit]; read {
		return was, nil
	}
	all, err := k.proceedings(k.as, "unit = $1", unit)
	if err != nil {
		return nil, err
	}
	if k.repeated == nil && len(all) > 0 {
		marks, err := texts(k.tx, "SELECT subject FROM measures GROUP BY subject HAVING COUNT(DISTINCT proceeding) > 1")
		if err != nil {
			return nil, err
		}
		k.repeated = map[string]bool{}
		for _, m := range marks {
			k.repeated[m] = true
		}
	}
	all = slices.DeleteFunc(all, func(p *proceeding) bool {
		nth := 0
		if p.counts() && k.repeated[k.d.mark(p.order().Subject.ID)] {
			nth = law.Repeated // perhaps; whether it is depends on who asks
		}
		_, owed := p.Owed(k.d.Policy, k.d.Calendar, nth, k.d.today())
		return !owed
	})
	k.units[unit] = all
	return all, nil
}

// of is what somebody is to see of it: their own authority's, as an officer who may lead the proceeding, or as the lead where no
// officer may or the rung of the lead has come; of the organs below what has come to the rung of the organ above.
func (k *docket) of(person string, places []law.Member) (out []owing, err error) {
	for _, unit := range organs(places) {
		all, err := k.open(unit)
		if err != nil {
			return nil, err
		}
		for _, p := range all {
			if yes, err := k.oversees(person, places, p.order()); err != nil {
				return nil, err
			} else if !yes {
				continue
			}
			x, due, err := k.owed(person, places, p)
			if err != nil {
				return nil, err
			}
			if x == nil {
				continue
			}
			if turn, err := k.turn(places, unit, p, due); err != nil {
				return nil, err
			} else if turn {
				out = append(out, *x)
			}
		}
		above, err := k.above(person, places, unit)
		if err != nil {
			return nil, err
		}
		out = append(out, above...)
	}
	return out, nil
}

// owed is what is owed in a proceeding as far as somebody may know, nil for nothing.
func (k *docket) owed(person string, places []law.Member, p *proceeding) (*owing, law.Decision, error) {
	nth, err := k.nthFor(person, places, p)
	if err != nil {
		return nil, law.Decision{}, err
	}
	o := p.order()
	due, owed := p.Owed(k.d.Policy, k.d.Calendar, nth, k.d.today())
	if !owed {
		return nil, due, nil
	}
	late, _ := k.d.Calendar.WorkdaysBetween(due.Due, k.d.today())
	x := flows.Decision{Proceeding: o.ID, Ordered: law.DateOf(o.At), Duty: due.Duty, Due: due.Due, Late: max(late, 0)}
	return &owing{x, due.Since}, due, nil
}

// turn reports whether it is somebody's turn who may lead a proceeding of their unit: the officers' first.
func (k *docket) turn(places []law.Member, unit string, p *proceeding, due law.Decision) (bool, error) {
	if slices.Contains(holdsAt(places, law.Officer), unit) || due.Climbed(k.d.Policy, k.d.Calendar, law.UnitLead, k.d.today()) {
		return true, nil
	}
	who, read := k.officers[unit]
	if !read {
		var err error
		if who, err = texts(k.tx, "SELECT DISTINCT person FROM roles WHERE unit = $1 AND role = $2 AND until_ms IS NULL ORDER BY person",
			unit, law.Officer.String()); err != nil {
			return false, err
		}
		k.officers[unit] = who
	}
	for _, x := range who {
		places, err := k.places(x)
		if err != nil {
			return false, err
		}
		if may, err := k.oversees(x, places, p.order()); err != nil || may {
			return false, err
		}
	}
	return true, nil
}

// above is what an organ is to see of those below it: that there is something, of which organ and since when, and not about whom.
// What rests on a report is for those alone who may read that report here.
func (k *docket) above(person string, places []law.Member, unit string) (out []owing, err error) {
	below, read := k.below[unit]
	if !read {
		if below, err = texts(k.tx, "SELECT id FROM units WHERE parent = $1 AND kind = 'authority' ORDER BY id", unit); err != nil {
			return nil, err
		}
		k.below[unit] = below
	}
	for _, b := range below {
		all, err := k.open(b)
		if err != nil {
			return nil, err
		}
		for _, p := range all {
			x, due, err := k.owed(person, places, p)
			if err != nil {
				return nil, err
			}
			o := p.order()
			if x == nil || person == o.Subject.ID || !officerOf(places, unit, o.Institution.ID) || !due.Climbed(k.d.Policy, k.d.Calendar, law.NextOrgan, k.d.today()) {
				continue
			}
			if o.Report != "" {
				if has, err := k.inHandAt(person, o.Report, unit); err != nil {
					return nil, err
				} else if has == nil {
					continue
				}
			}
			x.Proceeding = ""
			if _, err := k.one([]any{&x.UnitName}, "SELECT name FROM units WHERE id = $1", b); err != nil {
				return nil, err
			}
			out = append(out, *x)
		}
	}
	return out, nil
}

// decisions puts what is owed under Art. 11 onto a desk.
func (t *tx) decisions(g *grant, desk *flows.Desk) error {
	all, err := t.docket(toDecide).of(g.person, g.places)
	for _, x := range all {
		desk.Decisions = append(desk.Decisions, x.Decision)
	}
	flows.SortDecisions(desk.Decisions)
	desk.Decisions = desk.Decisions[:min(len(desk.Decisions), maxTasks)]
	return err
}

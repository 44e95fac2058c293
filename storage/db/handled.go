package db

import (
	"maps"
	"slices"

	"liuhen/flows"
	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/record"
)

// handled puts onto the desk what was done about the report being read, and what the caller's unit may and must do.
func (t *tx) handled(g *grant, r *flows.Report) error {
	x, me := *g.delivery, g.person
	m, err := t.matter(g, r.ID, g.letter)
	if err != nil {
		return err
	}
	r.Unit, r.Tasks, r.May = x.unit, t.d.tasks(m, x.unit), t.d.may(m, x.unit, me)
	if r.Acts, err = t.actsFor(m, x.unit); err != nil {
		return err
	}
	r.Propose, r.Party, r.Complaint = proposes(m), x.letter.Party, m.Complaint
	if x.level != law.Institution && x.level != law.PartyOrganisation { // of the organs alone (R9.3)
		if r.Changes, err = t.changesOf(m.record); err != nil {
			return err
		}
		if r.Share, err = t.shareOf(m.record); err != nil {
			return err
		}
	}
	if !r.Party {
		r.Record = withoutParty(r.Record)
	}
	owners, err := t.owners([]delivery{x}, map[string]*matter{r.ID: m})
	if err != nil {
		return err
	}
	o := owners[x.report+x.unit]
	r.Owner, r.Mine, r.Orphan = o.Name, o.ID == me, o.orphan
	if r.Late, err = t.late(m, x); err != nil {
		return err
	}
	if r.Handlers, err = t.excludable(g); err != nil {
		return err
	}
	if err := t.forLetters(r, m); err != nil {
		return err
	}
	return t.organs(r, x, m)
}

// actsFor are the acts about a report as the handlers of a unit read them.
func (t *tx) actsFor(m *matter, unit string) ([]record.Act, error) {
	type row struct{ id, name string }
	var ids []string
	for _, a := range m.Arrivals {
		ids = append(ids, string(a.Unit))
	}
	found, err := rows(t, func(r *row) []any { return []any{&r.id, &r.name} }, "SELECT id, name FROM units WHERE id IN "+list(1, len(ids)), anys(ids)...)
	names := map[string]string{}
	for _, r := range found {
		names[r.id] = r.name
	}
	return flows.ActsFor(m.Matter, unit, names, m.acts), err
}

// withoutParty is an entry as those read it who have not got the Party's track: affiliation is not among what they are given
// (R7.3).
func withoutParty(r record.Record) record.Record {
	r.Answers = r.Answers.Clone()
	delete(r.Answers, form.Party)
	if r.Report != nil {
		way := *r.Report
		way.Party = nil
		r.Report = &way
	}
	return r
}

// proposes are the categories that the facts propose to whoever has the report itself; that somebody is a Party member is not for
// them to know.
func proposes(m *matter) []law.Category {
	if m.Party || m.Complaint {
		return nil
	}
	f := m.Facts
	f.Party = law.NotAsked
	return law.Categories(f, m.ClientKind)
}

// owner is who took a report up at a unit, or took it over since.
type owner struct {
	record.Person
	orphan bool // they may not have it any more
}

// owners are the owners of reports at the units where they were delivered, by report and unit.
func (t *tx) owners(found []delivery, all map[string]*matter) (map[string]owner, error) {
	out, places := map[string]owner{}, map[string][]law.Member{}
	for _, x := range found {
		id := string(law.Owner(all[x.report].Matter, law.UnitID(x.unit)))
		if id == "" {
			continue
		}
		if _, known := places[id]; !known {
			places[id] = nil
		}
		o := owner{Person: record.Person{ID: id}}
		for _, a := range all[x.report].acts {
			if a.By.ID == id {
				o.Name = a.By.Name
			}
		}
		out[x.report+x.unit] = o
	}
	if len(places) == 0 {
		return out, nil
	}
	ids := slices.Sorted(maps.Keys(places))
	members, err := t.members("WHERE r.person IN "+list(1, len(ids)), anys(ids)...)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		places[string(m.ID)] = append(places[string(m.ID)], m)
	}
	for _, x := range found {
		if o, there := out[x.report+x.unit]; there {
			o.orphan = !eligible(places[o.ID], x)
			out[x.report+x.unit] = o
		}
	}
	return out, nil
}

// late are the duties that units below left undone, for whoever reads the report at an organ.
func (t *tx) late(m *matter, x delivery) ([]flows.Late, error) {
	var out []flows.Late
	at := map[law.UnitID]law.Level{}
	for _, a := range m.Arrivals {
		at[a.Unit] = a.Level
	}
	for _, k := range law.Tasks(t.d.Policy, t.d.Calendar, m.Matter) {
		if !k.Open() || !k.Due.Before(t.d.today()) || string(k.Unit) == x.unit || !x.level.Above(at[k.Unit]) {
			continue
		}
		var name string
		if _, err := t.one([]any{&name}, "SELECT name FROM units WHERE id = $1", string(k.Unit)); err != nil {
			return nil, err
		}
		out = append(out, flows.Late{UnitName: name, Duty: k.Duty, Category: k.Category, Due: k.Due})
	}
	return out, nil
}

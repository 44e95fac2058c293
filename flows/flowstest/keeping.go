package flowstest

import (
	"slices"

	"liuhen/flows"
	"liuhen/flows/law"
)

// worldDeed is one thing done about the keeping of files.
type worldDeed struct {
	law.Deed
	words string
	on    law.Date
}

// keep takes a deed down.
func (w *World) keep(e flows.Keep) {
	w.deeds = append(w.deeds, worldDeed{e.Deed, e.Words, law.DateOf(w.now)})
}

// keeping is the room of those who keep files; nil for everybody else. Retention is never over here.
func (w *World) keeping(p *player) *flows.Keeping {
	var may []law.DeedKind
	inside := false
	unit := law.UnitID(p.me.Institution)
	for _, m := range w.today().In(unit) {
		if string(m.ID) != p.me.ID {
			continue
		}
		inside = inside || m.Has(law.Archivist) || m.Has(law.Head)
		may = append(may, append(law.KeepsFiles(m, unit, ""), law.KeepsFiles(m, "", unit)...)...)
	}
	if len(may) == 0 {
		return nil
	}
	k := &flows.Keeping{May: may}
	var plain []law.Deed
	for _, d := range w.deeds {
		plain = append(plain, d.Deed)
	}
	for _, d := range slices.Backward(w.deeds) {
		if d.Kind != law.Hold || inside && d.Unit != unit || !slices.ContainsFunc(law.Held(plain, d.Cases[0]), func(h law.Deed) bool { return h.ID == d.ID }) {
			continue
		}
		holder, _ := w.dir.Unit(d.Unit)
		h := flows.Held{ID: d.ID, Unit: holder.Name, On: d.on, Words: d.words, Mine: d.Unit == unit}
		for _, c := range w.cases {
			if c.ID == d.Cases[0] {
				h.Case = w.kept(c)
			}
		}
		for name, x := range w.people {
			if x.me.ID == string(d.By) {
				h.By = name
			}
		}
		k.Held = append(k.Held, h)
	}
	if p.state.Place == flows.AtKeeping && p.state.Subject != "" {
		k.Searched = true
		for _, c := range w.cases {
			if c.Number == p.state.Subject {
				k.Found = append(k.Found, w.kept(c))
			}
		}
	}
	return k
}

func (w *World) kept(c worldCase) flows.KeptCase {
	out := flows.KeptCase{ID: c.ID, Number: c.Number, Closed: c.Closed, Until: law.KeptUntil(law.Policy{}, calendar, c.Closed)}
	for _, u := range w.dir.Units {
		if u.Kind == law.InstitutionUnit {
			out.Institution = u.Name
		}
	}
	return out
}

package flowstest

import (
	"cmp"
	"slices"

	"liuhen/flows"
	"liuhen/flows/law"
)

// resign gives a case the signers of a later list: whoever has filed stays.
func (w *World) resign(c *worldCase, signers []string) {
	was := c.signers
	note := func(name string, in bool) {
		u, _ := w.dir.Unit(law.UnitID(w.people[was[0]].me.Institution))
		w.turned = append(w.turned, flows.SignerChange{
			Number: c.Number, Institution: u.Name, Name: name, In: in, At: w.now, Closed: !c.Closed.IsZero() && !w.date().Before(c.Closed),
		})
	}
	for _, name := range signers {
		if !slices.Contains(was, name) {
			note(name, true)
		}
	}
	for _, name := range was {
		switch {
		case slices.Contains(signers, name):
		case w.standing(*c, w.people[name].me.ID).Filed:
			signers = append(signers, name)
		default:
			note(name, false)
		}
	}
	c.signers = signers
}

// turnover is what those see who oversee the signers of cases.
func (w *World) turnover(p *player) *flows.Turnover {
	above := has(p, law.Officer, law.OfficerLead)
	if !above && !has(p, law.Head, law.Archivist) {
		return nil
	}
	out := &flows.Turnover{}
	if p.state.Place != flows.AtSigners {
		return out
	}
	for _, c := range w.turned {
		for _, u := range w.dir.Units {
			if u.Name == c.Institution && (above && string(u.Parent) == p.me.Institution || !above && string(u.ID) == p.me.Institution) {
				out.Changes = append(out.Changes, c)
			}
		}
	}
	slices.SortStableFunc(out.Changes, func(a, b flows.SignerChange) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Number, b.Number), cmp.Compare(a.Name, b.Name))
	})
	return out
}

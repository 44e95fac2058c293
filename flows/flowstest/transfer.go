package flowstest

import (
	"slices"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
)

// organs are those to which a unit may hand a report.
func (w *World) organs(f filed, unit string) (out []flows.Organ) {
	dir, r := w.asFor(&f), f.record
	for _, o := range law.Offers(dir, law.UnitID(r.Institution.ID), named(f), law.PersonID(r.Signer.ID), w.channel(f), law.UnitID(unit), flows.Unlisted(r)) {
		_, here := f.arrived[string(o.Organ)]
		_, there := f.arrived[string(o.To)]
		if here || o.Evident && there {
			continue
		}
		to := flows.Organ{ID: string(o.Organ), Name: o.Name, Evident: o.Evident, Empty: o.To == "" || there}
		if u, _ := dir.Unit(o.To); !to.Empty && o.To != o.Organ {
			to.At = u.Name
		}
		for _, m := range dir.Members {
			if slices.Contains(o.Out, m.ID) {
				to.Out = append(to.Out, m.Name)
			}
		}
		slices.Sort(to.Out)
		out = append(out, to)
	}
	return out
}

// handOver lets the other organ have the report, or notes that it went on paper.
func (w *World) handOver(f *filed, a record.Act, word func(string)) {
	r := f.record
	if a.To.ID == "" {
		f.news = true
		word(r.Signer.Name)
		return
	}
	s, out, _ := law.Handed(w.asFor(f), law.UnitID(r.Institution.ID), named(*f), law.PersonID(r.Signer.ID), w.channel(*f), law.UnitID(a.To.ID), flows.Unlisted(r))
	for _, p := range out {
		f.barred = append(f.barred, string(p))
	}
	w.reach(f, w.stop(s))
	w.moved(f)
}

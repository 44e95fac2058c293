package db

import (
	"slices"

	"liuhen/flows/law"
	"liuhen/flows/record"
)

// target is an organ where somebody named in a report works, and who gets the report when it is handed there (Art. 8 (二)).
type target struct {
	organ string
	halt
}

// targets are the organs to which a unit may hand a report today: where people named in it work, or the organ above when its
// leader is implicated; not the unit itself, and none that has the report already.
func (t *tx) targets(report, unit string, l letter, m *matter) ([]target, error) {
	dir, err := t.directory()
	if err != nil {
		return nil, err
	}
	if dir, err = t.asFor(dir, report, l); err != nil {
		return nil, err
	}
	var out []target
	for _, organ := range law.Workplaces(dir, persons(l.Implicated)) {
		h, ok := t.handedTo(dir, report, l, organ)
		there := slices.ContainsFunc(m.Arrivals, func(a law.Arrival) bool { return string(a.Unit) == h.Unit })
		if ok && string(organ) != unit && !there {
			out = append(out, target{string(organ), h})
		}
	}
	return out, nil
}

// handedTo is where a report goes that is handed to an organ, for those who may have it.
func (t *tx) handedTo(dir law.Directory, report string, l letter, organ law.UnitID) (halt, bool) {
	s, ok := law.Transferred(dir, law.UnitID(l.Institution), law.Facts{}, persons(l.Implicated), law.PersonID(l.Signer), l.channel(), organ)
	if !ok {
		return halt{}, false
	}
	s.Cite.Reading = ""
	h := halt{stop: stop{string(s.Unit), s.Level, s.Cite.String(), s.Climbed}}
	at := delivery{report: report, unit: h.Unit, level: h.Level, letter: l}
	for _, p := range s.Recipients {
		if eligible(placesIn(dir, p), at) {
			h.people = append(h.people, string(p))
		}
	}
	return h, len(h.people) > 0
}

// target is the one an act names.
func (w *work) target(g *grant, a record.Act, m *matter) (target, error) {
	all, err := w.targets(a.Report, a.Unit, g.letter, m)
	if err != nil {
		return target{}, err
	}
	i := slices.IndexFunc(all, func(x target) bool { return x.organ == a.To.ID })
	if i < 0 {
		return target{}, w.refuse(g, a, "not handed there")
	}
	return all[i], nil
}

// handOver lets the other organ have the report, and tells its signer that it moved.
func (w *work) handOver(a record.Act, l letter, to target) error {
	if _, err := w.deliver(a.Report, to.stop, to.people, w.at.UnixMilli()); err != nil {
		return err
	}
	return w.post(key(string(Moved), l.Record, to.Unit, a.ID), l.Signer, Moved, l.Record, w.at.UnixMilli())
}

package db

import (
	"slices"
	"unicode/utf8"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
)

// paperWords is the length of the name of an organ, and of the number of a paper, in characters.
const paperWords = 200

// offers are the organs to which a unit may hand a report today: not the unit itself, and none where it would arrive with those who
// have it already.
func (t *tx) offers(dir law.Directory, unit string, l letter, m *matter) []law.Offer {
	all := law.Offers(dir, law.UnitID(l.Institution), persons(l.Implicated), law.PersonID(l.Signer), l.channel(), law.UnitID(unit), flows.Unlisted(m.record))
	arrived := func(u law.UnitID) bool {
		return slices.ContainsFunc(m.Arrivals, func(a law.Arrival) bool { return a.Unit == u })
	}
	all = slices.DeleteFunc(all, func(o law.Offer) bool { return arrived(o.Organ) || o.Evident && arrived(o.To) })
	for i := range all {
		if arrived(all[i].To) {
			all[i].To = ""
		}
	}
	return all
}

// organs are those to which the caller may hand the report.
func (t *tx) organs(r *flows.Report, x delivery, m *matter) error {
	if !slices.Contains(r.May, law.Transfer) {
		return nil
	}
	dir, err := t.directory()
	if err != nil {
		return err
	}
	if dir, err = t.asFor(dir, x.report, x.letter); err != nil {
		return err
	}
	if law.OwnStaff(dir, persons(x.letter.Implicated), law.UnitID(x.unit), flows.Unlisted(m.record)) {
		r.May = slices.DeleteFunc(r.May, func(k law.ActKind) bool { return k == law.Transfer })
	}
	for _, o := range t.offers(dir, x.unit, x.letter, m) {
		to := flows.Organ{ID: string(o.Organ), Name: o.Name, Evident: o.Evident, Empty: o.To == ""}
		if u, there := dir.Unit(o.To); there && o.To != o.Organ {
			to.At = u.Name
		}
		for _, member := range dir.Members {
			if slices.Contains(o.Out, member.ID) && !slices.Contains(to.Out, member.Name) {
				to.Out = append(to.Out, member.Name)
			}
		}
		slices.Sort(to.Out)
		r.Organs = append(r.Organs, to)
	}
	return nil
}

// target is who gets a report when it is handed to an organ, and who does not because the report may mean them.
type target struct {
	halt
	out []law.PersonID
}

// handedTo is where a report goes that is handed to the organ of x, for those who may have it.
func (t *tx) handedTo(dir law.Directory, x delivery, who law.Stranger) (target, bool) {
	l := x.letter
	s, out, ok := law.Handed(dir, law.UnitID(l.Institution), persons(l.Implicated), law.PersonID(l.Signer), l.channel(), law.UnitID(x.unit), who)
	if !ok {
		return target{}, false
	}
	s.Cite.Reading = ""
	to := target{halt{stop: stop{string(s.Unit), s.Level, s.Cite.String(), s.Climbed}}, out}
	at := x
	at.unit, at.level = to.Unit, to.Level
	for _, p := range s.Recipients {
		if eligible(placesIn(dir, p), at) {
			to.people = append(to.people, string(p))
		}
	}
	return to, len(to.people) > 0
}

// target is where an act hands a report; without an organ's ID it went on paper to one that cannot receive here.
func (w *work) target(g *grant, a record.Act, m *matter) (target, error) {
	dir, err := w.directory()
	if err != nil {
		return target{}, err
	}
	if dir, err = w.asFor(dir, a.Report, g.letter); err != nil {
		return target{}, err
	}
	offers := w.offers(dir, a.Unit, g.letter, m)
	if a.To.ID == "" {
		own := law.OwnStaff(dir, persons(g.letter.Implicated), law.UnitID(a.Unit), flows.Unlisted(m.record))
		if own || slices.ContainsFunc(offers, func(o law.Offer) bool { return o.Name == a.To.Name && o.To != "" }) {
			return target{}, w.refuse(g, a, "it is the unit's own, or that organ can receive it here")
		}
		return target{}, nil
	}
	to, ok := w.handedTo(dir, delivery{report: a.Report, unit: a.To.ID, letter: g.letter}, flows.Unlisted(m.record))
	if !ok || !slices.ContainsFunc(offers, func(o law.Offer) bool { return string(o.Organ) == a.To.ID && o.To != "" }) {
		return target{}, w.refuse(g, a, "not handed there")
	}
	return to, nil
}

// paperFlaw is what a transfer lacks, or has too much of: one outside this system has the number and the day of its paper.
func (d *DB) paperFlaw(a record.Act) string {
	day, err := law.ParseDate(a.Date)
	outside := a.Kind == law.Transfer && a.To != nil && a.To.ID == ""
	switch {
	case !outside && a.Number+a.Date == "":
		return ""
	case !outside:
		return "more than belongs to it"
	case a.To.Name == "" || a.Number == "" || err != nil:
		return "without the organ, the number and the day of the paper"
	case utf8.RuneCountInString(a.To.Name) > paperWords || utf8.RuneCountInString(a.Number) > paperWords:
		return "too many words"
	case d.day(a.At).Before(day):
		return "a paper of a day to come"
	}
	return ""
}

// handOver lets the other organ have the report, bars those there whom it may mean, and tells its signer that it moved.
func (w *work) handOver(a record.Act, l letter, to target) error {
	if a.To.ID == "" {
		return w.post(key(string(Word), a.ID, l.Signer), l.Signer, Word, l.newsRef(a.Report), w.at.UnixMilli())
	}
	for _, p := range to.out {
		if err := w.keepBar(a.Report, string(p)); err != nil {
			return err
		}
	}
	if _, err := w.deliver(a.Report, to.stop, to.people, w.at.UnixMilli()); err != nil {
		return err
	}
	return w.post(key(string(Moved), l.Record, to.Unit, a.ID), l.Signer, Moved, l.Record, w.at.UnixMilli())
}

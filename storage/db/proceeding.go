package db

import (
	"slices"

	"liuhen/flows/law"
	"liuhen/flows/record"
)

// proceeding is one under Art. 11, with what is derived from its measures.
type proceeding struct {
	law.Proceeding
	measures []record.Measure // the order first
}

func (p *proceeding) order() record.Measure { return p.measures[0] }

// entered is the measure by which it was entered, if it was.
func (p *proceeding) entered() (record.Measure, bool) {
	i := slices.IndexFunc(p.measures, func(m record.Measure) bool { return m.Kind == law.EnterFile })
	if i < 0 {
		return record.Measure{}, false
	}
	return p.measures[i], true
}

// counts reports whether its entry is one of 两次以上 (R11.3).
func (p *proceeding) counts() bool {
	g, _ := law.ParseGround(p.order().Ground)
	return p.Counts(g, p.order().Counts)
}

// mark is the name under which a person's proceedings are kept: without the keys nobody can tell whose they are.
func (d *DB) mark(person string) string { return d.derivedID("subject", person) }

// noticeRef is what messages and the audit table call a proceeding: without the keys nobody can tell which it is.
func (d *DB) noticeRef(proceeding string) string { return d.derivedID("notice", proceeding) }

type measureRow struct {
	id, proceeding, unit, subject string
	nth                           int
	at                            int64
	body                          []byte
}

const measureColumns = "id, proceeding, unit, subject, nth, at_ms, body"

func (r *measureRow) fields() []any {
	return []any{&r.id, &r.proceeding, &r.unit, &r.subject, &r.nth, &r.at, &r.body}
}

// proceedings are those of which any measure is such, the latest begun first.
func (t *tx) proceedings(as pass, such string, args ...any) ([]*proceeding, error) {
	found, err := rows(t, (*measureRow).fields, "SELECT "+measureColumns+` FROM measures
		WHERE proceeding IN (SELECT proceeding FROM measures WHERE `+such+`) ORDER BY proceeding, nth`, args...)
	if err != nil {
		return nil, err
	}
	if err := fetchKeys(t, "measures", found, func(r measureRow) string { return r.id }); err != nil {
		return nil, err
	}
	var out []*proceeding
	for _, r := range found {
		m, err := t.openMeasure(as, r)
		if err != nil {
			return nil, err
		}
		if n := len(out); n == 0 || out[n-1].order().ID != m.Proceeding {
			out = append(out, &proceeding{})
		}
		p := out[len(out)-1]
		p.measures = append(p.measures, m)
	}
	for _, p := range out {
		p.Proceeding = law.Proceed(taken(p.measures))
	}
	slices.SortStableFunc(out, func(a, b *proceeding) int { return b.order().At.Compare(a.order().At) })
	return out, nil
}

func taken(ms []record.Measure) []law.Taken {
	out := make([]law.Taken, len(ms))
	for i, m := range ms {
		out[i] = m.Taken()
	}
	return out
}

// aboutWhich is the proceeding that is asked for; of an order it is the one it would open.
func (t *tx) aboutWhich(a ask) (*proceeding, error) {
	if m := a.measure; m != nil && m.Kind == law.OrderCorrection {
		return &proceeding{measures: []record.Measure{*m}}, nil
	}
	all, err := t.proceedings(toDecide, "proceeding = $1", a.subject)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}

// officerOf reports whether somebody is an officer of an organ today and has no place in the institution it is about.
func officerOf(places []law.Member, unit, institution string) bool {
	officer := false
	for _, m := range places {
		if string(m.Unit) == institution && !m.Left {
			return false
		}
		officer = officer || string(m.Unit) == unit && (m.Has(law.Officer) || m.Has(law.OfficerLead))
	}
	return officer
}

// oversees decides whether somebody may see and lead a proceeding as an officer: one of the authority, not the person, not of
// the person's institution, and where it rests on a report only one who may read that report there today.
func (t *tx) oversees(person string, places []law.Member, o record.Measure) (bool, error) {
	if person == o.Subject.ID || !officerOf(places, o.Unit, o.Institution.ID) {
		return false, nil
	}
	if o.Report == "" {
		return true, nil
	}
	x, err := t.inHandAt(person, o.Report, o.Unit)
	return x != nil, err
}

// overseen are the proceedings that the caller may see as an officer: whether they may is decided for each, and the grant then
// opens it.
func (t *tx) overseen(g *grant, such string, args ...any) (out []*proceeding, err error) {
	all, err := t.proceedings(toDecide, such, args...)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		yes, err := t.oversees(g.person, g.places, p.order())
		if err != nil {
			return nil, err
		}
		if yes && g.with(p.order().ID).opens(p.order().ID) {
			out = append(out, p)
		}
	}
	return out, nil
}

// nth is the place of a proceeding's entry among the person's that count (R11.3), as far as the caller may know them: every
// authority's, but of those that rest on a report only those the caller may see.
func (t *tx) nth(g *grant, p *proceeding) (int, error) { return t.nthFor(g.person, g.places, p) }

func (t *tx) nthFor(person string, places []law.Member, p *proceeding) (int, error) {
	mine, ok := p.entered()
	if !ok || !p.counts() {
		return 0, nil
	}
	all, err := t.proceedings(toDecide, "subject = $1", t.d.mark(p.order().Subject.ID))
	if err != nil {
		return 0, err
	}
	n := 1
	for _, q := range all {
		e, ok := q.entered()
		if !ok || !q.counts() || q.order().ID == p.order().ID || !before(e, mine) {
			continue
		}
		known := q.order().Report == "" || person == q.order().Subject.ID
		if !known {
			if known, err = t.oversees(person, places, q.order()); err != nil {
				return 0, err
			}
		}
		if known {
			n++
		}
	}
	return n, nil
}

func before(a, b record.Measure) bool {
	if c := a.At.Compare(b.At); c != 0 {
		return c < 0
	}
	return a.ID < b.ID
}

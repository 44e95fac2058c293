package db

import (
	"errors"
	"slices"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
)

// maxFound is how many people of a name are listed.
const maxFound = 20

// organs are the units in which somebody is an officer today.
func organs(places []law.Member) (out []string) {
	for _, m := range places {
		if m.Has(law.Officer) || m.Has(law.OfficerLead) {
			out = append(out, string(m.Unit))
		}
	}
	return out
}

// candidates are people of the institutions that an authority supervises, with the grounds that can apply to the roles they
// hold or held there.
func (t *tx) candidates(unit, such string, args ...any) ([]flows.Candidate, error) {
	type row struct {
		flows.Candidate
		role string
	}
	found, err := rows(t, func(r *row) []any {
		return []any{&r.Who.ID, &r.Who.Name, &r.Institution.ID, &r.Institution.Name, &r.role, &r.Reachable}
	}, `SELECT p.id, p.name, u.id, u.name, r.role, p.left_ms IS NULL AND a.person IS NOT NULL AND a.unreachable_ms IS NULL
		FROM roles r JOIN persons p ON p.id = r.person JOIN units u ON u.id = r.unit LEFT JOIN accounts a ON a.person = p.id
		WHERE u.parent = $1 AND u.kind = 'institution' AND `+such+" ORDER BY u.name, u.id, p.name, p.id, r.role", append([]any{unit}, args...)...)
	if err != nil {
		return nil, err
	}
	var out []flows.Candidate
	var roles []law.Role
	for _, r := range found {
		if n := len(out); n == 0 || out[n-1].Who.ID != r.Who.ID || out[n-1].Institution.ID != r.Institution.ID {
			out, roles = append(out, r.Candidate), nil
		}
		if role, ok := law.ParseRole(r.role); ok {
			roles = append(roles, role)
		}
		out[len(out)-1].Grounds, out[len(out)-1].Unit = law.Grounds(roles), unit
	}
	return slices.DeleteFunc(out, func(c flows.Candidate) bool { return len(c.Grounds) == 0 }), nil
}

// ownFile are the proceedings about the caller.
func (t *tx) ownFile(g *grant, desk *flows.Desk) error {
	all, err := t.proceedings(toDecide, "subject = $1", t.d.mark(g.person))
	for _, p := range all {
		g.with(p.order().ID)
		x := matterOf(p)
		x.Who, x.Institution, x.News = "", "", t.d.news(p)
		desk.Own = append(desk.Own, x)
	}
	return err
}

// news reports whether the authority did something in a proceeding of late.
func (d *DB) news(p *proceeding) bool {
	return slices.ContainsFunc(p.measures, func(m record.Measure) bool {
		return m.By.ID != m.Subject.ID && !law.DateOf(m.At).AddDays(flows.NewsDays).Before(d.today())
	})
}

func matterOf(p *proceeding) flows.Matter {
	o := p.order()
	return flows.Matter{
		ID: o.ID, Who: o.Subject.Name, Institution: o.Institution.Name, On: law.DateOf(o.At), Stage: p.Stage, Due: p.Due, Ripe: p.Ripe(),
	}
}

// file11 is an authority's room for Art. 11: what it may be asked to look at, and its proceedings that the caller may see.
func (t *tx) file11(g *grant, desk *flows.Desk) error {
	out := &flows.Integrity{}
	for _, unit := range organs(g.places) {
		all, err := t.overseen(g, "unit = $1", unit)
		if err != nil {
			return err
		}
		for _, p := range all {
			out.Matters = append(out.Matters, matterOf(p))
		}
		hints, err := t.suspicions(g, unit, g.places, all)
		if err != nil {
			return err
		}
		out.Hints = append(out.Hints, hints...)
	}
	desk.Integrity = out
	return nil
}

// suspicions are entries that have been missing for long, of people who are still there to file them, unless there is a
// proceeding about it already. They follow from filed or not filed alone.
func (t *tx) suspicions(g *grant, unit string, places []law.Member, known []*proceeding) ([]flows.Suspicion, error) {
	found, err := t.missingAny("AND u.parent = $2", unit)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(m missing) bool {
		about := slices.ContainsFunc(known, func(p *proceeding) bool {
			return p.order().Subject.ID == m.person && p.order().Case.ID == m.caseID
		})
		return about || !officerOf(places, unit, m.institution) || !law.Suspect(t.d.Policy, t.d.Calendar, m.closed, t.d.today(), false)
	})
	if len(found) == 0 {
		return nil, nil
	}
	people, err := t.candidates(unit, "p.left_ms IS NULL AND r.until_ms IS NULL")
	if err != nil {
		return nil, err
	}
	var out []flows.Suspicion
	for _, m := range found {
		i := slices.IndexFunc(people, func(c flows.Candidate) bool { return c.Who.ID == m.person && c.Institution.ID == m.institution })
		if i < 0 || len(out) == maxOverdue {
			continue
		}
		x := flows.Suspicion{Candidate: people[i], Case: record.Case{ID: m.caseID, Number: m.number}, Closed: m.closed}
		if x.Absent, err = t.explainedFor(g, m); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

// lookUp finds people of a name below the caller's organs.
func (t *tx) lookUp(g *grant, desk *flows.Desk, name string) error {
	for _, unit := range organs(g.places) {
		found, err := t.candidates(unit, "p.name = $2", name)
		if err != nil {
			return err
		}
		for _, c := range found {
			if officerOf(g.places, unit, c.Institution.ID) && c.Who.ID != g.person && len(desk.Found) < maxFound {
				desk.Found = append(desk.Found, c)
			}
		}
	}
	return nil
}

// others are the signers of a report's case who have filed an entry and of whom no report has reached the reader: what they
// filed is not looked at, so that it makes no difference whether it says 无此类情况 or reports something past the reader.
func (t *tx) others(g *grant, r *flows.Report) error {
	x := g.delivery
	if x.letter.Complaint { // what others filed says nothing about retaliation
		return nil
	}
	places, err := t.places(g.person)
	if err != nil || x.level != law.Authority || !officerOf(places, x.unit, r.Record.Institution.ID) {
		return err
	}
	var caseID string
	if _, err := t.one([]any{&caseID}, "SELECT case_id FROM links WHERE record = $1", r.Record.ID); err != nil || caseID == "" {
		return err
	}
	found, err := t.candidates(x.unit, "u.id = $2 AND p.id IN (SELECT person FROM signers WHERE case_id = $3 AND person <> $4 AND filed_ms IS NOT NULL)",
		r.Record.Institution.ID, caseID, r.Record.Signer.ID)
	if err != nil {
		return err
	}
	for _, c := range found {
		entries, err := texts(t, "SELECT r.id FROM links l JOIN records r ON r.id = l.record WHERE l.case_id = $1 AND r.signer = $2 ORDER BY r.id", caseID, c.Who.ID)
		if err != nil {
			return err
		}
		reached := false
		for _, e := range entries {
			y, err := t.inHand(g.person, t.d.reportID(e))
			if err != nil {
				return err
			}
			reached = reached || y != nil
		}
		if !reached {
			r.Others = append(r.Others, c)
		}
	}
	return nil
}

// acting puts the proceeding being read onto the desk.
func (t *tx) acting(g *grant, desk *flows.Desk) (err error) {
	p, own := g.about, g.by == law.AsSubject
	o := p.order()
	out := &flows.Proceeding{ID: o.ID, Own: own, Measures: p.measures, State: p.Proceeding, OnReport: o.Report != "" && !own}
	by := law.Organ
	if own {
		by, out.Measures = law.Subject, forThePerson(p.measures)
	}
	if out.Nth, err = t.nth(g, p); err != nil {
		return err
	}
	if out.OnReport {
		l, _, err := t.letterOf(toDecide, o.Report)
		if err != nil {
			return err
		}
		out.OnPlaint = l.Complaint
	}
	out.May = p.MayTake(by, t.d.today(), out.Nth)
	if _, err := t.one([]any{&out.UnitName}, "SELECT name FROM units WHERE id = $1", o.Unit); err != nil {
		return err
	}
	if _, err := t.one([]any{&out.Reachable}, `SELECT a.unreachable_ms IS NULL FROM accounts a JOIN persons p ON p.id = a.person
		WHERE p.id = $1 AND p.left_ms IS NULL`, o.Subject.ID); err != nil {
		return err
	}
	if o.Case.ID != "" {
		if _, err := t.one([]any{&out.Filed}, "SELECT filed_ms IS NOT NULL FROM signers WHERE case_id = $1 AND person = $2", o.Case.ID, o.Subject.ID); err != nil {
			return err
		}
	}
	desk.Acting = out
	return nil
}

// forThePerson takes out of a proceeding what the person must not learn: which officer acted, and that there is a report.
func forThePerson(ms []record.Measure) []record.Measure {
	out := slices.Clone(ms)
	for i := range out {
		out[i].Report = ""
		if out[i].By.ID != out[i].Subject.ID {
			out[i].By = record.Person{}
		}
	}
	return out
}

// integrityRooms fills what stands in the rooms of Art. 11, if the caller may have it.
func (t *tx) integrityRooms(desk *flows.Desk, c Caller, w Where) error {
	a := ask{action: law.ReadIntegrity, event: w.Event, at: desk.Now}
	switch w.Place {
	case flows.AtProceeding:
		a.action, a.subject = law.ReadMeasures, w.Subject
	case flows.AtAccuse:
		a.action = law.LookUp
	default:
	}
	g, err := t.authorize(c, a)
	switch {
	case errors.Is(err, ErrDenied):
		return nil
	case err != nil:
		return err
	case a.action == law.ReadMeasures:
		return t.acting(g, desk)
	case a.action == law.LookUp:
		return t.lookUp(g, desk, w.Subject)
	}
	return t.file11(g, desk)
}

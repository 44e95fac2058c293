package db

import (
	"cmp"
	"slices"

	"liuhen/flows"
	"liuhen/flows/law"
)

// Limits of the room of 缺签说明.
const (
	maxAbsences = 200 // that are open or stand
	maxLacks    = 200 // missing signatures that can be explained
)

// absenceRow is a proposal that is open or stands, with its answer if there is one.
type absenceRow struct {
	id, caseID, number, institution, name, parent string
	signer, signerName                            string
	by, byName                                    string
	at                                            int64
	second, secondName                            string
	secondAt                                      int64
}

// absenceRows are the proposals that are open or stand about entries still missing, the newest first.
func (t *tx) absenceRows(where string, args ...any) ([]absenceRow, error) {
	return rows(t, func(r *absenceRow) []any {
		return []any{
			&r.id, &r.caseID, &r.number, &r.institution, &r.name, &r.parent, &r.signer, &r.signerName, &r.by, &r.byName, &r.at,
			&r.second, &r.secondName, &r.secondAt,
		}
	}, `SELECT a.id, a.case_id, c.number, c.institution, u.name, COALESCE(u.parent, ''), a.signer, p.name, a.person, b.name, a.at_ms,
		COALESCE(g.person, ''), COALESCE(h.name, ''), COALESCE(g.at_ms, 0)
		FROM absences a JOIN cases c ON c.id = a.case_id JOIN units u ON u.id = c.institution
		JOIN signers s ON s.case_id = a.case_id AND s.person = a.signer JOIN persons p ON p.id = a.signer JOIN persons b ON b.id = a.person
		LEFT JOIN absences g ON g.about = a.id AND g.kind = 'agree' LEFT JOIN persons h ON h.id = g.person
		WHERE a.kind = 'propose' AND s.filed_ms IS NULL
		AND NOT EXISTS (SELECT 1 FROM gone WHERE gone.of_table = 'absences' AND gone.of_row = a.id)
		AND NOT EXISTS (SELECT 1 FROM absences e WHERE e.about = a.id AND e.kind IN ('refuse', 'withdraw')) `+where+`
		ORDER BY a.at_ms DESC, a.id`, args...)
}

// explained are the 缺签说明 that stand about a case, as paper and the index of its file say them.
func (t *tx) explained(p pass, caseID string) ([]flows.Explained, error) {
	found, err := t.absenceRows("AND a.case_id = $1 AND g.id IS NOT NULL", caseID)
	if err != nil {
		return nil, err
	}
	var out []flows.Explained
	for _, r := range found {
		x, err := t.explain(p, r)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	slices.SortFunc(out, func(a, b flows.Explained) int {
		return cmp.Or(cmp.Compare(a.Signer, b.Signer), cmp.Compare(a.Person, b.Person))
	})
	return out, nil
}

func (t *tx) explain(p pass, r absenceRow) (flows.Explained, error) {
	b, err := t.absenceBody(p, r.id)
	return flows.Explained{Person: r.signer, Signer: r.signerName, Reason: b.Deed.Reason, By: r.byName, Second: r.secondName, On: t.d.day(t.d.local(r.secondAt))}, err
}

// oversight is whose entries somebody oversees: those of institutions of their own, and of those below their organs.
type oversight struct{ own, above []string }

func overseenBy(places []law.Member) (o oversight) {
	for _, m := range places {
		if m.Has(law.Head) || m.Has(law.Archivist) {
			o.own = append(o.own, string(m.Unit))
		}
		if m.Has(law.Officer) || m.Has(law.OfficerLead) {
			o.above = append(o.above, string(m.Unit))
		}
	}
	return o
}

func (o oversight) none() bool { return len(o.own)+len(o.above) == 0 }

// at reports whether somebody oversees anything from that unit.
func (o oversight) at(unit string) bool {
	return slices.Contains(o.own, unit) || slices.Contains(o.above, unit)
}

// of is the unit from which somebody oversees an institution, "" when they do not.
func (o oversight) of(institution, parent string) string {
	switch {
	case slices.Contains(o.own, institution):
		return institution
	case slices.Contains(o.above, parent):
		return parent
	}
	return ""
}

// where is the condition on an institution and its parent, with its parameters from $from on.
func (o oversight) where(from int, institution, parent string) (string, []any) {
	own, above := append([]string{""}, o.own...), append([]string{""}, o.above...) // no unit has no ID
	return "(" + institution + " IN " + list(from, len(own)) + " OR " + parent + " IN " + list(from+len(own), len(above)) + ")", anys(append(own, above...))
}

// absences lays the room of those who speak in a 缺签说明. What is missing and what stands is asked for in the room alone.
func (t *tx) absences(g *grant, desk *flows.Desk) error {
	o := overseenBy(g.places)
	if o.none() {
		return nil
	}
	desk.Absences = &flows.Absences{}
	r := &absenceRoom{tx: t, g: g, desk: desk, oversight: o}
	where, args := o.where(1, "c.institution", "u.parent")
	where = "AND " + where
	if g.where.Place != flows.AtAbsences {
		where += " AND g.id IS NULL"
	}
	found, err := t.absenceRows(where, args...)
	if err != nil {
		return err
	}
	for _, x := range found[:min(len(found), maxAbsences)] {
		if err := r.show(x); err != nil {
			return err
		}
	}
	slices.Reverse(desk.Absences.Open)
	if g.where.Place != flows.AtAbsences {
		return nil
	}
	return r.lacking()
}

// absenceRoom is the room under way.
type absenceRoom struct {
	*tx
	g    *grant
	desk *flows.Desk
	oversight
}

// may reports whether the caller may do something from one of their places at home.
func (r *absenceRoom) may(yes func(law.Member) bool) bool {
	return slices.ContainsFunc(r.g.places, func(m law.Member) bool { return string(m.Unit) == r.desk.Me.Institution && yes(m) })
}

// show puts a proposal into the room, with what the caller may do about it.
func (r *absenceRoom) show(x absenceRow) error {
	a, _, err := r.absentee(x.caseID, x.signer)
	if err != nil {
		return err
	}
	b, err := r.absenceBody(r.g.with(x.id), x.id)
	if err != nil {
		return err
	}
	out := flows.Absence{
		ID: x.id, CaseID: x.caseID, Number: x.number, Institution: x.name, Signer: x.signerName, Reason: b.Deed.Reason, Words: b.Words,
		By: x.byName, On: r.d.day(r.d.local(x.at)), Second: x.secondName,
	}
	if r.may(func(m law.Member) bool { return x.second == "" && a.Answers(m, b.Deed) != "" }) {
		if slices.Contains(a.Reasons(r.d.Policy, r.d.Calendar, r.d.today()), b.Deed.Reason) {
			out.May = append(out.May, law.AgreeAbsence)
		}
		out.May = append(out.May, law.RefuseAbsence)
	}
	if len(out.May) == 0 && r.may(a.Withdraws) { // whoever can answer an open one refuses it
		out.May = append(out.May, law.WithdrawAbsence)
	}
	if x.second == "" {
		r.desk.Absences.Open = append(r.desk.Absences.Open, out)
		return nil
	}
	out.SecondOn = r.d.day(r.d.local(x.secondAt))
	r.desk.Absences.Noted = append(r.desk.Absences.Noted, out)
	return nil
}

// lacking lists the missing signatures for which the caller may propose a 缺签说明: of the caller's institution, or of one below the
// caller's organ where the organ stands in.
func (r *absenceRoom) lacking() error {
	where, args := r.where(2, "c.institution", "u.parent")
	found, err := r.missing("AND "+where+" AND NOT EXISTS "+openProposal, args...)
	if err != nil {
		return err
	}
	colleagues := map[string][]law.Member{}
	for _, m := range found {
		if len(r.desk.Absences.Lacks) == maxLacks {
			break
		}
		a := law.Absentee{Person: law.PersonID(m.person), Institution: law.UnitID(m.institution), Authority: law.UnitID(m.parent), Head: m.head, Gone: m.left, Closed: m.closed}
		reasons := a.Reasons(r.d.Policy, r.d.Calendar, r.d.today())
		if len(reasons) == 0 {
			continue
		}
		if _, known := colleagues[m.institution]; !known {
			if colleagues[m.institution], err = r.members("WHERE r.unit = $1", m.institution); err != nil {
				return err
			}
		}
		a.Colleagues = colleagues[m.institution]
		if r.may(func(p law.Member) bool { return a.Proposes(p) != "" }) {
			r.desk.Absences.Lacks = append(r.desk.Absences.Lacks, flows.Lack{
				CaseID: m.caseID, Number: m.number, Institution: m.name, Signer: m.person, Name: m.signer, Gone: m.left, Closed: m.closed, Reasons: reasons,
			})
		}
	}
	return nil
}

// openProposal is a proposal about a signer that nobody has answered.
const openProposal = "(SELECT 1 FROM absences a WHERE a.case_id = s.case_id AND a.signer = s.person AND a.kind = 'propose' AND NOT EXISTS (SELECT 1 FROM absences e WHERE e.about = a.id))"

// explainedFor is the 缺签说明 that stands about a missing entry, nil when there is none.
func (t *tx) explainedFor(g *grant, m missing) (*flows.Explained, error) {
	found, err := t.absenceRows("AND a.case_id = $1 AND a.signer = $2 AND g.id IS NOT NULL", m.caseID, m.person)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	x, err := t.explain(g.with(found[0].id), found[0])
	return &x, err
}

// ownAbsences are the reasons that others gave for the caller's own missing signatures, by case: whom it concerns must know (AM-21).
func (t *tx) ownAbsences(g *grant) (map[string]law.AbsenceReason, error) {
	found, err := t.absenceRows("AND a.signer = $1 AND g.id IS NOT NULL", g.person)
	out := map[string]law.AbsenceReason{}
	for _, r := range found {
		b, err := t.absenceBody(g.with(r.id), r.id)
		if err != nil {
			return nil, err
		}
		out[r.caseID] = b.Deed.Reason
	}
	return out, err
}

// explainedBeside are the 缺签说明 that stand about the case of an own entry that is put on paper.
func (t *tx) explainedBeside(g *grant) ([]flows.Explained, error) {
	var caseID string
	if found, err := t.one([]any{&caseID}, "SELECT case_id FROM links WHERE record = $1", g.record.ID); err != nil || !found {
		return nil, err
	}
	ids, err := texts(t, "SELECT id FROM absences WHERE case_id = $1 AND kind = 'propose'", caseID)
	if err != nil {
		return nil, err
	}
	return t.explained(g.with(ids...), caseID)
}

// explainedIn are the 缺签说明 that stand in an institution, by case and signer.
func (t *tx) explainedIn(g *grant, institution string) (map[[2]string]*flows.Explained, error) {
	found, err := t.absenceRows("AND c.institution = $1 AND g.id IS NOT NULL", institution)
	out := map[[2]string]*flows.Explained{}
	for _, r := range found {
		x, err := t.explain(g.with(r.id), r)
		if err != nil {
			return nil, err
		}
		out[[2]string{r.caseID, r.signer}] = &x
	}
	return out, err
}

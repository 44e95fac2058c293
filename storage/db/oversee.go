package db

import (
	"slices"

	"liuhen/flows"
	"liuhen/flows/law"
)

// watch is one row of the table of overseers: holders of a role see closed cases without their entries once the duty's day
// has come. All they learn is filed or not filed.
type watch struct {
	roles []law.Role
	duty  law.Duty
	above bool // of the institutions below the unit rather than of the unit itself
}

var watches = []watch{
	{[]law.Role{law.Archivist}, law.ZeroClerk, false},
	{[]law.Role{law.Head}, law.ZeroHead, false},
	{[]law.Role{law.Officer, law.OfficerLead}, law.ZeroAuthority, true},
}

// scope is what somebody oversees: units, and the last closing day from which on cases are theirs to see.
type scope struct {
	unit  string
	above bool
	until law.Date
}

func (d *DB) scopes(places []law.Member) []scope {
	var out []scope
	for _, m := range places {
		for _, w := range watches {
			if slices.ContainsFunc(w.roles, m.Has) {
				out = append(out, scope{string(m.Unit), w.above, d.closedBy(w.duty)})
			}
		}
	}
	return out
}

// closedBy is the last closing day for which the duty's day has come.
func (d *DB) closedBy(duty law.Duty) law.Date {
	today := d.today()
	for day := today; ; day = day.AddDays(-1) {
		if due, _ := d.due(duty, day); !today.Before(due) {
			return day
		}
	}
}

func (s scope) sees(m missing) bool {
	return !s.until.Before(m.closed) && (s.above && m.parent == s.unit || !s.above && m.institution == s.unit)
}

// missing is one signer's entry that a closed case lacks.
type missing struct {
	caseID, number, institution, name, parent string
	closed                                    law.Date
	person, signer                            string
	left                                      bool
	head                                      bool // is, or was, a head of the institution
}

const missingEntries = `SELECT c.id, c.number, c.institution, u.name, COALESCE(u.parent, ''), c.closed, p.id, p.name, p.left_ms IS NOT NULL, ` + everHead + `
	FROM signers s CROSS JOIN cases c CROSS JOIN units u CROSS JOIN persons p
	WHERE s.filed_ms IS NULL AND c.id = s.case_id AND u.id = c.institution AND p.id = s.person AND c.closed >= $1 `

// missing lists what is missing and nobody has explained (AM-21), the longest closed first.
func (t *tx) missing(where string, args ...any) ([]missing, error) {
	return t.missingAny(unexplained+where, args...)
}

// missingAny is missing, explained or not.
func (t *tx) missingAny(where string, args ...any) ([]missing, error) {
	type row struct {
		missing
		day string
	}
	found, err := rows(t, func(r *row) []any {
		return []any{&r.caseID, &r.number, &r.institution, &r.name, &r.parent, &r.day, &r.person, &r.signer, &r.left, &r.head}
	}, missingEntries+where+" ORDER BY c.closed, c.number, c.id, p.name, p.id", append([]any{law.Effective.String()}, args...)...)
	out := make([]missing, len(found))
	for i, r := range found {
		out[i] = r.missing
		out[i].closed = date(r.day)
	}
	return out, err
}

// overdue are the cases without their entries that the caller oversees.
func (t *tx) overdue(g *grant, desk *flows.Desk) error {
	scopes := t.d.scopes(g.places)
	if len(scopes) == 0 {
		return nil
	}
	latest := slices.MaxFunc(scopes, func(a, b scope) int { return a.until.Compare(b.until) }).until
	units := make([]string, len(scopes))
	for i, s := range scopes {
		units[i] = s.unit
	}
	in := list(3, len(units))
	found, err := t.missing("AND c.closed <= $2 AND (c.institution IN "+in+" OR u.parent IN "+in+")",
		append([]any{latest.String()}, anys(units)...)...)
	if err != nil {
		return err
	}
	desk.Overdue = t.d.byCase(found, scopes)
	return nil
}

// byCase joins what is missing of each case that one of the scopes covers.
func (d *DB) byCase(found []missing, scopes []scope) []flows.Overdue {
	var out []flows.Overdue
	today := d.today()
	for _, m := range found {
		if !slices.ContainsFunc(scopes, func(s scope) bool { return s.sees(m) }) {
			continue
		}
		if n := len(out); n == 0 || out[n-1].CaseID != m.caseID {
			if n == maxOverdue {
				break
			}
			o := flows.Overdue{CaseID: m.caseID, Number: m.number, Institution: m.name, Closed: m.closed}
			o.Due, _ = d.due(law.ZeroDue, m.closed)
			o.Late, _ = d.Calendar.WorkdaysBetween(o.Due, today)
			out = append(out, o)
		}
		last := &out[len(out)-1]
		last.Missing = append(last.Missing, m.signer)
		if m.left {
			last.Gone = append(last.Gone, m.signer)
		}
	}
	return out
}

// keepers are those who must know that people of their unit cannot be reached.
var keepers = []law.Role{law.Archivist, law.Head, law.OfficerLead}

// lost are the people of the caller's unit who cannot be reached. Only what everybody could notice makes somebody lost,
// never a report that did not arrive.
func (t *tx) lost(g *grant, desk *flows.Desk) error {
	var units []string
	for _, m := range g.places {
		if slices.ContainsFunc(keepers, m.Has) && !slices.Contains(units, string(m.Unit)) {
			units = append(units, string(m.Unit))
		}
	}
	if len(units) == 0 {
		return nil
	}
	found, err := rows(t, func(l *flows.Lost) []any { return []any{&l.Name, &l.UnitName, &l.Bound} },
		`SELECT p.name, u.name, a.person IS NOT NULL FROM persons p JOIN units u ON u.id = p.unit LEFT JOIN accounts a ON a.person = p.id
		WHERE p.unit IN `+list(1, len(units))+` AND p.left_ms IS NULL AND (a.person IS NULL OR a.unreachable_ms IS NOT NULL)
		AND EXISTS (SELECT 1 FROM roles r WHERE r.person = p.id AND r.unit = p.unit AND r.until_ms IS NULL)
		ORDER BY p.name, p.id LIMIT 200`, anys(units)...)
	desk.Lost = found
	return err
}

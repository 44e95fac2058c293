package db

import (
	"cmp"
	"slices"

	"liuhen/flows/law"
)

// delivery is a report in somebody's hands.
type delivery struct {
	report, unit string
	level        law.Level
	letter       letter
	arrived      int64
	opened       bool
	barred       []string // who recused themselves from it or was excluded by others
}

// eligible decides with today's roles and the exclusions signed with the report whether somebody may have it (I7): not when
// excluded, recused, not the reporter, not somebody of the institution it passes by, and not without a recipient's role at that
// unit, held for themselves or for somebody who might have it.
func eligible(places []law.Member, x delivery) bool {
	denied := law.NewSet(law.PersonID(x.letter.Signer))
	for _, p := range slices.Concat(x.letter.Excluded, x.barred) {
		denied[law.PersonID(p)] = struct{}{}
	}
	allowed := false
	for _, m := range places {
		if x.letter.Bypasses && string(m.Unit) == x.letter.Institution && !m.Left {
			return false
		}
		allowed = allowed || string(m.Unit) == x.unit && law.Eligible(m, denied, x.level)
	}
	return allowed
}

// deliveries are reports that were delivered to somebody, newest first; where narrows them, its parameters from $2 on.
func (t *tx) deliveries(person, where string, args ...any) ([]delivery, error) {
	type row struct {
		report, unit, level string
		body                []byte
		arrived             int64
		opened              bool
	}
	found, err := rows(t, func(r *row) []any { return []any{&r.report, &r.unit, &r.level, &r.body, &r.arrived, &r.opened} },
		`SELECT d.report, d.unit, s.level, r.body, d.made_ms, d.opened_ms IS NOT NULL FROM deliveries d
		JOIN stops s ON s.report = d.report AND s.unit = d.unit JOIN reports r ON r.id = d.report
		WHERE d.person = $1 AND NOT `+notReleased+` `+where+` ORDER BY d.made_ms DESC, d.report LIMIT 200`, append([]any{person}, args...)...)
	if err != nil {
		return nil, err
	}
	if err := fetchKeys(t, "reports", found, func(r row) string { return r.report }); err != nil {
		return nil, err
	}
	var out []delivery
	for _, r := range found {
		x := delivery{report: r.report, unit: r.unit, arrived: r.arrived, opened: r.opened}
		x.level, _ = law.ParseLevel(r.level)
		if err := t.unseal(toDecide, r.body, &x.letter, "reports", r.report, "body"); err != nil {
			return nil, err
		}
		if isDayOf(x.arrived, x.letter.Arrived) { // it came with the entry
			x.arrived = x.letter.Arrived
		}
		if x.barred, err = t.barred(r.report); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(a, b delivery) int { return cmp.Compare(b.arrived, a.arrived) })
	return out, err
}

// inHand is the delivery by which somebody may read a report today, nil when they may not.
func (t *tx) inHand(person, report string) (*delivery, error) {
	return t.firstEligible(person, "AND d.report = $2", report)
}

// inHandAt is the same at one unit.
func (t *tx) inHandAt(person, report, unit string) (*delivery, error) {
	return t.firstEligible(person, "AND d.report = $2 AND d.unit = $3", report, unit)
}

func (t *tx) firstEligible(person, where string, args ...any) (*delivery, error) {
	found, err := t.deliveries(person, where, args...)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	places, err := t.places(person)
	if err != nil {
		return nil, err
	}
	for _, x := range found {
		if eligible(places, x) {
			return &x, nil
		}
	}
	return nil, nil
}

package db

import (
	"slices"
	"time"

	"liuhen/flows"
	"liuhen/flows/record"
)

// movedFor is how long a signer is shown that a report went to another level.
const movedFor = 14 * 24 * time.Hour

// wayNow tells the signer where the report of the entry being read is now (R5.5). It names the units and people it was
// delivered to, which the signer knew or is entitled to know, never whether they have read it.
func (t *tx) wayNow(_ *grant, desk *flows.Desk) error {
	type row struct {
		record.Stop
		record.Person
	}
	found, err := rows(t, func(r *row) []any {
		return []any{&r.Unit, &r.UnitName, &r.Article, &r.Climbed, &r.Person.ID, &r.Name}
	}, `SELECT s.unit, u.name, s.article, s.climbed, p.id, p.name FROM stops s JOIN units u ON u.id = s.unit
		JOIN deliveries d ON d.report = s.report AND d.unit = s.unit JOIN persons p ON p.id = d.person
		WHERE s.report = $1 ORDER BY s.made_ms, s.unit, p.name, p.id`, t.d.reportID(desk.Entry.ID))
	if err != nil {
		return err
	}
	barred, err := t.barred(t.d.reportID(desk.Entry.ID))
	for _, r := range found {
		if slices.Contains(barred, r.Person.ID) { // it is not with them any more
			continue
		}
		if n := len(desk.Way); n == 0 || desk.Way[n-1].Unit != r.Unit {
			desk.Way = append(desk.Way, r.Stop)
		}
		last := &desk.Way[len(desk.Way)-1]
		last.Recipients = append(last.Recipients, r.Person)
	}
	return err
}

// moved lists the caller's own entries about whose report there is news: it went to another level, or something was done
// about it that its signer is told of.
func (t *tx) moved(g *grant, desk *flows.Desk) (err error) {
	desk.Moved, err = texts(t, `SELECT o.ref FROM outbox o JOIN records r ON r.id = o.ref AND r.signer = o.person
		WHERE o.person = $1 AND o.kind IN ($2, $3) AND o.due_ms > $4 GROUP BY o.ref ORDER BY MAX(o.due_ms) DESC, o.ref`,
		g.person, string(Moved), string(Word), t.d.now()-movedFor.Milliseconds())
	return err
}

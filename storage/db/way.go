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
func (t *tx) wayNow(g *grant, desk *flows.Desk) (err error) {
	desk.Way, err = t.whereabouts(g, t.d.reportID(desk.Entry.ID))
	return err
}

// whereabouts are the units and people a report is with.
func (t *tx) whereabouts(_ *grant, report string) (way []record.Stop, err error) {
	type row struct {
		record.Stop
		record.Person
	}
	found, err := rows(t, func(r *row) []any {
		return []any{&r.Unit, &r.UnitName, &r.Article, &r.Climbed, &r.Person.ID, &r.Name}
	}, `SELECT s.unit, u.name, s.article, s.climbed, p.id, p.name FROM stops s JOIN units u ON u.id = s.unit
		JOIN deliveries d ON d.report = s.report AND d.unit = s.unit JOIN persons p ON p.id = d.person
		WHERE s.report = $1 ORDER BY s.made_ms, s.climbed, s.unit, p.name, p.id`, report)
	if err != nil {
		return nil, err
	}
	barred, err := t.barred(report)
	for _, r := range found {
		if slices.Contains(barred, r.Person.ID) { // it is not with them any more
			continue
		}
		if n := len(way); n == 0 || way[n-1].Unit != r.Unit {
			way = append(way, r.Stop)
		}
		last := &way[len(way)-1]
		last.Recipients = append(last.Recipients, r.Person)
	}
	return way, err
}

// news is what a signer is told of: own entries and complaints about which something was done, and questions they wanted.
func (t *tx) news(g *grant, desk *flows.Desk) error {
	for _, fill := range []func(*grant, *flows.Desk) error{t.moved, t.plaintNews, t.asked} {
		if err := fill(g, desk); err != nil {
			return err
		}
	}
	return nil
}

// moved lists the caller's own entries about whose report there is news: it went to another level, or something was done
// about it that its signer is told of.
func (t *tx) moved(g *grant, desk *flows.Desk) error {
	refs, err := t.lately(g.person, t.d.now()-movedFor.Milliseconds(), Moved, Word)
	if err != nil || len(refs) == 0 {
		return err
	}
	own, err := texts(t, "SELECT id FROM records WHERE signer = $1 AND id IN "+list(2, len(refs)), append([]any{g.person}, anys(refs)...)...)
	desk.Moved = slices.DeleteFunc(refs, func(id string) bool { return !slices.Contains(own, id) })
	if len(desk.Moved) == 0 {
		desk.Moved = nil
	}
	return err
}

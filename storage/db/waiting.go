package db

import (
	"context"
	"slices"

	"liuhen/flows/law"
)

// Waiting counts the reports that nobody can be told of now: nobody may receive them, or none of those who may can be
// reached; and those that were to go to the authority where nobody may receive them. It is for whoever keeps the bot running,
// who learns nothing else.
func (d *DB) Waiting(ctx context.Context) (n int, err error) {
	err = d.snapshot(ctx, "count waiting reports", func(t *tx) error {
		waiting, err := t.waiting()
		n = len(waiting)
		return err
	})
	return n, err
}

// waiting are the reports that [DB.Waiting] counts. What the tables alone show to be in somebody's hands is not opened for it.
func (t *tx) waiting() ([]string, error) {
	or, args, err := t.withBars("r.id")
	if err != nil {
		return nil, err
	}
	doubtful, err := texts(t, `SELECT r.id FROM reports r WHERE `+notGoneReport+` AND (NOT EXISTS (SELECT 1 FROM deliveries d`+sure+`LEFT JOIN accounts a ON a.person = d.person
		WHERE d.report = r.id AND (d.opened_ms IS NOT NULL OR a.unreachable_ms IS NULL AND a.person IS NOT NULL))`+or+") ORDER BY r.id", args...)
	if err != nil {
		return nil, err
	}
	out, err := texts(t, `SELECT r.id FROM reports r WHERE EXISTS (SELECT 1 FROM stops s WHERE s.report = r.id AND s.level NOT IN ($1, $2)) AND NOT EXISTS (
		SELECT 1 FROM stops s JOIN deliveries d ON d.report = s.report AND d.unit = s.unit WHERE s.report = r.id AND s.level NOT IN ($1, $2))`,
		law.Institution.String(), law.PartyOrganisation.String())
	if err != nil || len(doubtful) == 0 {
		return out, err
	}
	dir, err := t.directory()
	if err != nil {
		return nil, err
	}
	for _, id := range doubtful {
		if slices.Contains(out, id) {
			continue
		}
		held, err := t.inHands(dir, id)
		if err != nil {
			return nil, err
		}
		if !held {
			out = append(out, id)
		}
	}
	return out, nil
}

// inHands reports whether somebody has a report who may, and who has opened it or can be reached. What cannot be opened is in
// nobody's hands.
func (t *tx) inHands(dir law.Directory, report string) (bool, error) {
	type row struct{ unit, level string }
	stops, err := rows(t, func(r *row) []any { return []any{&r.unit, &r.level} }, "SELECT unit, level FROM stops WHERE report = $1", report)
	if err != nil {
		return false, err
	}
	l, _, err := t.letterOf(toRoute, report)
	if err != nil {
		return false, nil //nolint:nilerr // a letter nobody can open is what this counts
	}
	for _, s := range stops {
		x := delivery{report: report, unit: s.unit, letter: l}
		x.level, _ = law.ParseLevel(s.level)
		if x.barred, err = t.barred(report); err != nil {
			return false, err
		}
		if held, err := t.canReceive(dir, x); err != nil || held {
			return held, err
		}
	}
	return false, nil
}

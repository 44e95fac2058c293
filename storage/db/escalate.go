package db

import (
	"maps"
	"slices"

	"liuhen/flows/law"
)

// unsent are the reports that an institution has had for longer than it may take to pass them on (R6.2), has not closed, and
// that no organ has.
func (t *tx) unsent() (map[string]letter, error) {
	type row struct {
		id   string
		body []byte
	}
	found, err := rows(t, func(r *row) []any { return []any{&r.id, &r.body} },
		`SELECT r.id, r.body FROM reports r JOIN stops s ON s.report = r.id AND s.level = $1 AND s.made_ms < $2
		WHERE NOT EXISTS (SELECT 1 FROM stops o WHERE o.report = r.id AND o.level <> $1)
		AND NOT EXISTS (SELECT 1 FROM closings c WHERE c.report = s.report AND c.unit = s.unit) ORDER BY r.id`,
		law.Institution.String(), t.d.now()-t.d.shortest())
	if err != nil {
		return nil, err
	}
	if err := fetchKeys(t, "reports", found, func(r row) string { return r.id }); err != nil {
		return nil, err
	}
	out := map[string]letter{}
	for _, r := range found {
		var l letter
		if err := t.unseal(toRoute, r.body, &l, "reports", r.id, "body"); err != nil {
			return nil, err
		}
		out[r.id] = l
	}
	return out, nil
}

// shortest is how many milliseconds pass at least before a report can be overdue for passing on: what is younger need not be
// opened to know.
func (d *DB) shortest() int64 {
	const day = 24 * 60 * 60 * 1000
	return int64(d.Policy.Deadline(law.ForwardAuthority).N) * day
}

// escalate lets the authority have what the institution did not pass on in time, once.
func (t *tx) escalate(dir law.Directory, unsent map[string]letter) (moved int, err error) {
	all, err := t.matters(toRoute, unsent)
	if err != nil {
		return 0, err
	}
	for _, id := range slices.Sorted(maps.Keys(unsent)) {
		if !t.d.late(all[id], law.ForwardAuthority) {
			continue
		}
		if err := t.inLine(id); err != nil {
			return 0, err
		}
		var organs int // somebody may have passed it on meanwhile
		if _, err := t.one([]any{&organs}, "SELECT COUNT(*) FROM stops WHERE report = $1 AND level <> $2", id, law.Institution.String()); err != nil {
			return 0, err
		}
		if organs > 0 {
			continue
		}
		x := delivery{report: id, unit: unsent[id].Institution, letter: unsent[id]}
		units, err := t.toAuthority(dir, id, x.letter, t.d.now())
		if err != nil {
			return 0, err
		}
		for _, u := range units {
			if err := t.noteMove("escalate", x, u); err != nil {
				return 0, err
			}
		}
		moved += min(len(units), 1)
	}
	return moved, nil
}

// late reports whether a duty of a matter is overdue.
func (d *DB) late(m *matter, duty law.Duty) bool {
	today := d.today()
	return slices.ContainsFunc(law.Tasks(d.Policy, d.Calendar, m.Matter), func(k law.Task) bool {
		return k.Duty == duty && k.Open() && k.Due.Before(today)
	})
}

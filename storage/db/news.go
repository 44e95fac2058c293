package db

import (
	"context"
	"maps"
	"slices"
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
)

// standing says how far a report has come, and by when its signer hears next (E10).
func (d *DB) standing(f *flows.Follow, m *matter) {
	f.Standing, f.Next = law.Stands(d.Policy, d.Calendar, m.Matter)
	if _, again := law.Silence(d.Policy, d.Calendar, m.Matter, d.today()); again != f.Next {
		f.Again = again
	}
}

// word is a message to the signer of a report that nothing else than a day that passed gave rise to.
type word struct{ id, person, ref string }

// TellOverdue tells signers that the day has passed by which they were to hear of their report; the report's page says what they
// may do and when they hear again (E10). It says how many were told anew.
func (d *DB) TellOverdue(ctx context.Context, today law.Date) (fresh int, err error) {
	var owed []word
	if err = d.snapshot(ctx, "find overdue news", func(t *tx) error {
		owed, err = t.overdueNews(today)
		return err
	}); err != nil || len(owed) == 0 {
		return 0, err
	}
	err = d.write(ctx, "tell of overdue news", func(t *tx) error {
		fresh = 0
		for _, x := range owed {
			n, err := t.posted(x.id, x.person, Word, x.ref, d.now())
			if err != nil {
				return err
			}
			fresh += n
		}
		return nil
	})
	return fresh, err
}

// overdueNews are the words owed today that are not in the outbox.
func (t *tx) overdueNews(today law.Date) ([]word, error) {
	open, err := t.openReports(toRemind, t.d.midnight())
	if err != nil {
		return nil, err
	}
	all, err := t.matters(toRemind, open)
	if err != nil {
		return nil, err
	}
	var out []word
	for _, id := range slices.Sorted(maps.Keys(all)) {
		told, _ := law.Silence(t.d.Policy, t.d.Calendar, all[id].Matter, today)
		if told.IsZero() {
			continue
		}
		l := open[id]
		x := word{key(string(Word), "overdue", id, told.String()), l.Signer, l.newsRef(id)}
		var n int
		if _, err := t.one([]any{&n}, "SELECT COUNT(*) FROM outbox WHERE id = $1", x.id); err != nil {
			return nil, err
		}
		if n == 0 {
			out = append(out, x)
		}
	}
	return out, nil
}

// openReports are those that a unit has had since before a moment and has not done with.
func (t *tx) openReports(p pass, before int64) (map[string]letter, error) {
	type row struct {
		id   string
		body []byte
	}
	found, err := rows(t, func(r *row) []any { return []any{&r.id, &r.body} },
		`SELECT r.id, r.body FROM reports r WHERE EXISTS (SELECT 1 FROM stops s WHERE s.report = r.id AND s.made_ms < $1
		AND NOT EXISTS (SELECT 1 FROM closings c WHERE c.report = s.report AND c.unit = s.unit)) ORDER BY r.id`, before)
	if err != nil {
		return nil, err
	}
	if err := fetchKeys(t, "reports", found, func(r row) string { return r.id }); err != nil {
		return nil, err
	}
	out := map[string]letter{}
	for _, r := range found {
		var l letter
		if err := t.unseal(p, r.body, &l, "reports", r.id, "body"); err != nil {
			return nil, err
		}
		out[r.id] = l
	}
	return out, err
}

// midnight is the moment today began.
func (d *DB) midnight() int64 {
	day := d.today()
	return time.Date(day.Y, day.M, day.D, 0, 0, 0, 0, d.Zone).UnixMilli()
}

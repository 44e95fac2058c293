package db

import (
	"context"
	"maps"
	"slices"

	"liuhen/flows"
	"liuhen/flows/law"
)

// followed is what the signer of a report, or of a complaint, may know of it: how far it has come and by when they hear next (E10),
// what was said, and what they may do.
func (t *tx) followed(g *grant, report string, l letter) (*flows.Follow, error) {
	m, err := t.matter(g, report, l)
	if err != nil {
		return nil, err
	}
	if m.Nobody, err = t.nobodyHas(report, l, m); err != nil {
		return nil, err
	}
	f := &flows.Follow{Report: report, Acts: toldOf(m.acts), May: t.d.may(m, "", "")}
	f.Standing, f.Next = law.Stands(t.d.Policy, t.d.Calendar, m.Matter)
	if _, again := law.Silence(t.d.Policy, t.d.Calendar, m.Matter, t.d.today()); again != f.Next {
		f.Again = again
	}
	return f, nil
}

// nobodyHas reports whether a report that somebody got is with nobody today who may have it.
func (t *tx) nobodyHas(report string, l letter, m *matter) (bool, error) {
	if len(m.Arrivals) == 0 {
		return false, nil
	}
	dir, err := t.directory()
	if err != nil {
		return false, err
	}
	readable, err := t.readable(dir, report, l)
	return !readable, err
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
	open, err := t.openReports(toRemind, t.d.dayOf(t.d.now()))
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
		was, err := t.wasPosted(x.id)
		if err != nil {
			return nil, err
		}
		if !was {
			out = append(out, x)
		}
	}
	return out, nil
}

// openReports are those that a unit has had since before a moment and has not done with, and those that nobody has had since.
func (t *tx) openReports(p pass, before int64) (map[string]letter, error) {
	return t.letters(p, `EXISTS (SELECT 1 FROM stops s WHERE s.report = r.id AND s.made_ms < $1
		AND NOT EXISTS (SELECT 1 FROM closings c WHERE c.report = s.report AND c.unit = s.unit))
		OR r.arrived_ms < $1 AND NOT EXISTS (SELECT 1 FROM stops s WHERE s.report = r.id) AND `+notGoneReport, before)
}

package db

import (
	"context"
	"slices"

	"liuhen/flows"
	"liuhen/flows/law"
)

// tenures are how long people have been known to receive reports for their units; what they last said counts from their role's
// beginning on.
func (t *tx) tenures(where string, args ...any) ([]law.Tenure, error) {
	type row struct {
		person, unit string
		since, said  int64
		still        bool
	}
	n := len(args)
	found, err := rows(t, func(r *row) []any { return []any{&r.person, &r.unit, &r.since, &r.said, &r.still} },
		`SELECT h.person, h.unit, h.since, COALESCE(c.at_ms, 0), COALESCE(c.still, 1 = 1) FROM (
			SELECT r.person, r.unit, MIN(r.since_ms) AS since FROM roles r JOIN persons p ON p.id = r.person AND p.left_ms IS NULL
			WHERE r.until_ms IS NULL `+where+` AND r.role IN `+list(n+1, len(recipientRoles))+` GROUP BY r.person, r.unit) h
		LEFT JOIN confirmations c ON c.person = h.person AND c.unit = h.unit AND c.at_ms >= h.since AND NOT EXISTS (
			SELECT 1 FROM confirmations l WHERE l.person = c.person AND l.unit = c.unit AND (l.at_ms > c.at_ms OR l.at_ms = c.at_ms AND l.id > c.id))
		ORDER BY h.unit, h.person`, append(args, anys(recipientRoles)...)...)
	out := make([]law.Tenure, 0, len(found))
	for _, r := range found {
		since := r.since
		if r.still && r.said > since {
			since = r.said
		}
		out = append(out, law.Tenure{Person: law.PersonID(r.person), Unit: law.UnitID(r.unit), Since: t.d.day(t.d.local(since)), Denied: !r.still})
	}
	return out, err
}

// Holes are what is missing on the way of reports today, in the whole register: never anything about a report.
func (d *DB) Holes(ctx context.Context) (dir law.Directory, holes []law.Hole, err error) {
	err = d.snapshot(ctx, "look for holes in the routes", func(t *tx) error {
		if dir, err = t.directory(); err != nil {
			return err
		}
		tenures, err := t.tenures("")
		holes = law.Holes(d.Policy, d.Calendar, dir, tenures, d.today())
		return err
	})
	return dir, holes, err
}

// Announce asks those whose turn it is whether they still receive reports, and tells those who can mend a hole in the routes that
// there is one: constant words, on the next working morning, once for each state of things and month. It depends on no report
// and says how many messages were new.
func (d *DB) Announce(ctx context.Context) (fresh int, err error) {
	err = d.write(ctx, "announce holes in the routes", func(t *tx) error {
		fresh = 0
		dir, err := t.directory()
		if err != nil {
			return err
		}
		tenures, err := t.tenures("")
		if err != nil {
			return err
		}
		today := d.today()
		holes := law.Holes(d.Policy, d.Calendar, dir, tenures, today)
		for _, m := range dir.Members {
			if mine := mendedBy(holes, m); len(mine) > 0 {
				id := key(string(Routes), string(m.ID), string(m.Unit), today.String()[:len("2026-01")], t.d.derivedID("holes", mine...))
				if err := t.announce(&fresh, id, m.ID, Routes, today); err != nil {
					return err
				}
			}
		}
		for _, x := range tenures {
			if x.Asked(d.Policy, d.Calendar, today) {
				id := key(string(Confirm), string(x.Person), string(x.Unit), x.Since.String())
				if err := t.announce(&fresh, id, x.Person, Confirm, today); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return fresh, err
}

func mendedBy(holes []law.Hole, m law.Member) (out []string) {
	for _, h := range holes {
		if h.MendedBy(m) {
			out = append(out, key(string(h.Kind), string(h.Unit), string(h.Person)))
		}
	}
	return out
}

func (t *tx) announce(fresh *int, id string, to law.PersonID, kind Kind, today law.Date) error {
	var one int
	there, err := t.one([]any{&one}, "SELECT 1 FROM outbox WHERE id = $1", id)
	if err != nil || there {
		return err
	}
	*fresh++
	return t.post(id, string(to), kind, today.String(), t.d.nextMorning().UnixMilli())
}

// mootRoutes: there must still be something to mend for its reader, or to answer.
func (j *judge) mootRoutes(m Message) (string, error) {
	places, err := j.places(m.Person)
	if err != nil {
		return "", err
	}
	ask, holes, err := j.ownRoutes(m.Person, places)
	return when(len(holes) == 0 && m.Kind == Routes || ask == nil && m.Kind == Confirm, "mended"), err
}

// ownRoutes are what somebody is asked about their own role, and the holes that they can see to.
func (t *tx) ownRoutes(person string, places []law.Member) (ask *law.Tenure, holes []law.Hole, err error) {
	today := t.d.today()
	for _, m := range places {
		if !slices.ContainsFunc(law.Conferred, m.Has) {
			continue
		}
		tenures, err := t.tenures("AND r.unit = $1", string(m.Unit))
		if err != nil {
			return nil, nil, err
		}
		for _, x := range tenures {
			if string(x.Person) == person && (x.Denied || x.Asked(t.d.Policy, t.d.Calendar, today)) && ask == nil {
				ask = &x
			}
		}
		if !m.Has(law.Head) && !m.Has(law.OfficerLead) {
			continue
		}
		dir, err := t.line(string(m.Unit))
		if err != nil {
			return nil, nil, err
		}
		for _, h := range law.Holes(t.d.Policy, t.d.Calendar, dir, tenures, today) {
			if h.MendedBy(m) {
				holes = append(holes, h)
			}
		}
	}
	return ask, holes, nil
}

// confirm keeps what somebody says about their own role. The key is the event.
func (w *work) confirm(e flows.Confirm) error {
	places, err := w.places(w.c.Person)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(places, func(m law.Member) bool { return string(m.Unit) == e.Unit && m.Receives() }) {
		return &denial{action: "confirm", subject: e.Unit, why: "holds no such role there"}
	}
	id := key("confirm", number(w.event), w.c.Person)
	r := confirmationRow{id, w.c.Person, e.Unit, e.Still, w.at.UnixMilli()}
	n, err := w.exec("INSERT INTO confirmations (id, person, unit, still, at_ms) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING",
		r.id, r.person, r.unit, r.still, r.at)
	if err != nil || n == 0 {
		return err
	}
	w.witness(leafConfirm, id, r.bytes())
	return w.audit(id, w.at, w.c.Person, "confirm", e.Unit, e.Still, "")
}

package db

import (
	"fmt"

	"liuhen/flows"
	"liuhen/flows/law"
)

const allSubstitutes = `SELECT s.id, s.unit, s.principal, s.deputy, s.from_day, s.until_day FROM substitutes s
	WHERE NOT EXISTS (SELECT 1 FROM substitute_ends e WHERE e.id = s.id) `

// substitutes are appointments that were not ended early, by first day.
func (t *tx) substitutes(where string, args ...any) ([]law.Substitute, error) {
	type row struct{ id, unit, principal, deputy, from, until string }
	found, err := rows(t, func(r *row) []any { return []any{&r.id, &r.unit, &r.principal, &r.deputy, &r.from, &r.until} },
		allSubstitutes+where+" ORDER BY s.from_day, s.id", args...)
	out := make([]law.Substitute, 0, len(found))
	for _, r := range found {
		out = append(out, law.Substitute{
			ID: r.id, Unit: law.UnitID(r.unit), Principal: law.PersonID(r.principal), Deputy: law.PersonID(r.deputy),
			From: date(r.from), Until: date(r.until),
		})
	}
	return out, err
}

// inForce are today's appointments; the institution's zone says what today is.
func (t *tx) inForce() ([]law.Substitute, error) {
	today := t.d.today().String()
	return t.substitutes("AND s.from_day <= $1 AND s.until_day >= $1", today)
}

// deputise gives members what they hold today in others' places.
func (t *tx) deputise(members []law.Member) ([]law.Member, error) {
	today, err := t.inForce()
	if err != nil || len(today) == 0 {
		return members, err
	}
	ids := make([]string, len(today))
	for i, s := range today {
		ids[i] = string(s.Principal)
	}
	principals, err := t.ownRoles("WHERE r.person IN "+list(1, len(ids)), anys(ids)...)
	if err != nil {
		return nil, err
	}
	return law.Deputise(members, principals, today, t.d.today()), nil
}

// appoint makes a deputy. An appointment of that ID that is there already stands.
func (w *work) appoint(s law.Substitute) error {
	no := func(why string) error { return &denial{action: "appoint", subject: s.ID, why: why} }
	if w.c.Person == "" || string(s.Principal) != w.c.Person || s.ID == "" {
		return no("not for oneself")
	}
	var mine string
	if there, err := w.one([]any{&mine}, "SELECT principal FROM substitutes WHERE id = $1", s.ID); err != nil || there {
		if err == nil && mine != w.c.Person {
			err = no("the appointment is another's")
		}
		return err
	}
	dir, err := w.line(string(s.Unit))
	if err != nil {
		return err
	}
	present, err := w.substitutes("AND s.principal = $1", w.c.Person)
	if err != nil {
		return err
	}
	if why := law.MayAppoint(dir, s, present, w.d.today()); why != 0 {
		return no(fmt.Sprintf("refused by the law, reason %d", why))
	}
	r := substituteRow{s.ID, string(s.Unit), string(s.Principal), string(s.Deputy), s.From.String(), s.Until.String(), w.at.UnixMilli()}
	if _, err := w.exec("INSERT INTO substitutes (id, unit, principal, deputy, from_day, until_day, made_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		r.id, r.unit, r.principal, r.deputy, r.from, r.until, r.made); err != nil {
		return err
	}
	w.witness(leafSubst, r.id, r.bytes())
	if err := w.audit(key("appoint", s.ID), w.at, w.c.Person, "appoint", string(s.Deputy), true, s.From.String()+" "+s.Until.String()); err != nil {
		return err
	}
	return w.lendReports()
}

// dismiss ends an appointment at once.
func (w *work) dismiss(id string) error {
	n, err := w.exec(`INSERT INTO substitute_ends (id, at_ms) SELECT s.id, $1 FROM substitutes s WHERE s.id = $2 AND s.principal = $3
		ON CONFLICT (id) DO NOTHING`, w.at.UnixMilli(), id, w.c.Person)
	if err != nil || n == 0 {
		return err
	}
	w.witness(leafEnd, id, endRow{id, w.at.UnixMilli()}.bytes())
	return w.audit(key("dismiss", id), w.at, w.c.Person, "dismiss", id, true, "")
}

// lendReports lets those who act for somebody today have what that one holds and has not done with, as far as they may.
func (t *tx) lendReports() error {
	today, err := t.inForce()
	if err != nil {
		return err
	}
	for _, s := range today {
		held, err := t.deliveries(string(s.Principal), `AND d.unit = $2 `+notDone+` AND NOT EXISTS (SELECT 1 FROM deliveries e
			WHERE e.report = d.report AND e.unit = d.unit AND e.person = $3)`, string(s.Unit), string(s.Deputy))
		if err != nil {
			return err
		}
		places, err := t.places(string(s.Deputy))
		if err != nil {
			return err
		}
		for _, x := range held {
			if !eligible(places, x) {
				continue
			}
			if _, err := t.deliver(x.report, stop{Unit: x.unit, Level: x.level}, []string{string(s.Deputy)}, t.d.now()); err != nil {
				return err
			}
		}
	}
	return nil
}

// people puts onto the desk whom the caller has appointed and for whom the caller acts, what the caller is asked about their own
// role, and the holes in the routes that they can mend.
func (t *tx) people(g *grant, desk *flows.Desk) (err error) {
	if desk.Ask, desk.Holes, err = t.ownRoutes(g.person, g.places); err != nil {
		return err
	}
	desk.Substitutes, err = t.substitutes("AND s.until_day >= $1 AND (s.principal = $2 OR s.deputy = $2)", t.d.today().String(), g.person)
	return err
}

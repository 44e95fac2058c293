package db

import (
	"errors"
	"slices"
	"unicode/utf8"

	"liuhen/flows"
	"liuhen/flows/law"
)

const (
	maxLeaks  = 100
	leakWords = 4000 // characters
)

// leaked is the sealed part of a leak that was written down.
type leaked struct {
	By    string `json:"by"`
	Name  string `json:"name"`
	Words string `json:"words"`
}

// noteLeak writes a leak down, for the lead of the organ that the unit is or that supervises it (R10.6). One of that ID that is
// there already stands.
func (w *work) noteLeak(e flows.NoteLeak) error {
	g, err := w.authorize(w.c, ask{action: law.NoteLeak, subject: e.ID, unit: e.Unit, event: w.event, at: w.at})
	if err != nil {
		return err
	}
	if n := utf8.RuneCountInString(e.Words); n == 0 || n > leakWords || e.ID == "" {
		return &denial{action: string(law.NoteLeak), subject: e.ID, why: "without words, or with too many"}
	}
	var name string
	if _, err := w.one([]any{&name}, "SELECT name FROM persons WHERE id = $1", g.person); err != nil {
		return err
	}
	body, err := w.seal(leaked{By: g.person, Name: name, Words: e.Words}, "leaks", e.ID, "body")
	if err != nil {
		return err
	}
	n, err := w.exec("INSERT INTO leaks (id, unit, at_ms, body) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING", e.ID, e.Unit, w.at.UnixMilli(), body)
	if err != nil || n == 0 {
		return err
	}
	content, err := w.open(toVerify, e.ID, body, "leaks", e.ID, "body")
	if err != nil {
		return err
	}
	w.witness(leafLeak, e.ID, beside(e.ID, w.at.UnixMilli(), e.Unit, content))
	leads, err := w.leadsOver(e.Unit)
	for _, p := range leads {
		if err := w.post(key(string(Leak), e.ID, p), p, Leak, e.ID, w.at.UnixMilli()); err != nil {
			return err
		}
	}
	return err
}

// leadsOver are the leads of the organ that a unit is, or that supervises it.
func (t *tx) leadsOver(unit string) ([]string, error) {
	return texts(t, `SELECT r.person FROM roles r JOIN persons p ON p.id = r.person JOIN units u ON u.id = $1
		WHERE r.unit = CASE WHEN u.kind = $2 THEN u.id ELSE u.parent END AND r.role = $3 AND r.until_ms IS NULL AND p.left_ms IS NULL
		ORDER BY r.person`, unit, law.AuthorityUnit.String(), law.OfficerLead.String())
}

// leaks are those written down in the caller's units, and for a lead in the units they have to do with, newest first: not what
// they say.
func (t *tx) leaks(g *grant, desk *flows.Desk) error {
	own, led := holdsAt(g.places, law.Confidant), holdsAt(g.places, law.OfficerLead)
	units := append(slices.Clone(own), led...)
	if len(units) == 0 {
		return nil
	}
	type row struct {
		flows.Leak
		at           int64
		unit, parent string
		kind         string
	}
	in := list(1, len(units))
	found, err := rows(t, func(r *row) []any { return []any{&r.ID, &r.at, &r.UnitName, &r.unit, &r.parent, &r.kind} },
		`SELECT l.id, l.at_ms, u.name, u.id, COALESCE(u.parent, ''), u.kind FROM leaks l JOIN units u ON u.id = l.unit
		WHERE u.id IN `+in+` OR u.parent IN `+in+` ORDER BY l.at_ms DESC, l.id LIMIT `+list(len(units)+1, 1), append(anys(units), maxLeaks)...)
	for _, r := range found {
		organ := r.unit
		if r.kind == law.InstitutionUnit.String() {
			organ = r.parent
		}
		if slices.Contains(own, r.unit) || slices.Contains(led, organ) {
			r.At = t.d.local(r.at)
			desk.Leaks = append(desk.Leaks, r.Leak)
		}
	}
	return err
}

// openLeak puts the words of one leak onto the desk: the one of that page.
func (t *tx) openLeak(desk *flows.Desk, c Caller, w Where) error {
	if len(desk.Leaks) == 0 {
		return nil
	}
	at := min(max(w.Page, 0), len(desk.Leaks)-1)
	id := desk.Leaks[at].ID
	g, err := t.authorize(c, ask{action: law.ReadLeaks, subject: id, event: w.Event, at: desk.Now})
	if errors.Is(err, ErrDenied) {
		return nil
	}
	if err != nil {
		return err
	}
	var body []byte
	if _, err := t.one([]any{&body}, "SELECT body FROM leaks WHERE id = $1", id); err != nil {
		return err
	}
	var x leaked
	if err := t.unseal(g, body, &x, "leaks", id, "body"); err != nil {
		return err
	}
	desk.Leaks[at].By, desk.Leaks[at].Words = x.Name, x.Words
	return nil
}

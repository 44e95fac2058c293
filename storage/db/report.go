package db

import (
	"slices"
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
)

// stop is one level a report goes to.
type stop struct {
	Unit    string
	Level   law.Level
	Article string
	Climbed bool
}

// report makes the report of an entry, and the Party's own track of it if an interferer is a Party member (Arts. 5, 6, 7 ¶2).
func (w *work) report(r record.Record) error {
	if r.Report == nil {
		return nil
	}
	l := newLetter(r, w.at.UnixMilli())
	if err := w.send(w.d.reportID(r.ID), l, r.Report.Stops); err != nil || flows.RecordFacts(r).Party != law.Yes {
		return err
	}
	l.Party = true
	return w.send(w.d.partyID(r.ID), l, r.Report.Party)
}

// send makes a report: its stops, those it is delivered to, and the messages that tell them.
func (w *work) send(id string, l letter, stops []record.Stop) error {
	body, err := w.seal(l, "reports", id, "body")
	if err != nil {
		return err
	}
	arrived := w.d.dayOf(l.Arrived)
	if _, err := w.exec("INSERT INTO reports (id, arrived_ms, body) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING", id, arrived, body); err != nil {
		return err
	}
	var halts []halt
	for _, s := range stops {
		level, err := w.levelOf(s.Unit, l)
		if err != nil {
			return err
		}
		h := halt{stop: stop{s.Unit, level, s.Article, s.Climbed}}
		for _, p := range s.Recipients {
			h.people = append(h.people, p.ID)
		}
		halts = append(halts, h)
	}
	return w.dispatch(id, l, halts)
}

// dispatch delivers a report, or a complaint, to whom it goes, or holds it.
func (w *work) dispatch(id string, l letter, halts []halt) error {
	arrived, delivered := w.d.dayOf(l.Arrived), 0
	for _, h := range halts {
		n, err := w.deliver(id, h.stop, h.people, arrived)
		if err != nil {
			return err
		}
		delivered += n
	}
	if delivered > 0 {
		return nil
	}
	return w.hold(id, l, arrived)
}

// dayOf is when the day of a moment began. Nothing that comes into being together with an entry says more of its time in the clear:
// by the millisecond a report could be tied to its entry, and so to its signer. The moment itself is sealed.
func (d *DB) dayOf(ms int64) int64 {
	day := d.day(d.local(ms))
	return time.Date(day.Y, day.M, day.D, 0, 0, 0, 0, d.Zone).UnixMilli()
}

// isDayOf reports whether one moment is when the day of another began, in whatever zone the system was then.
func isDayOf(began, ms int64) bool {
	const quarter, day = 15 * 60 * 1000, 25 * 60 * 60 * 1000 // zones differ by quarters of an hour, days by an hour
	return began <= ms && ms-began < day && began%quarter == 0
}

func newLetter(r record.Record, arrived int64) letter {
	l := letter{Record: r.ID, Institution: r.Institution.ID, Signer: r.Signer.ID, Policy: r.Report.Policy, Arrived: arrived}
	for _, e := range r.Report.Excluded {
		l.Excluded = append(l.Excluded, e.ID)
		if e.Why != law.LedByImplicated.String() && e.Why != law.Bypassed.String() {
			l.Implicated = append(l.Implicated, e.ID)
		}
	}
	l.Bypasses = !slices.ContainsFunc(r.Report.Stops, func(s record.Stop) bool { return s.Unit == r.Institution.ID })
	return l
}

// levelOf is how high a unit stands above the institution of a report; on the Party's track the institution's place is that of its
// Party organisation.
func (t *tx) levelOf(unit string, l letter) (law.Level, error) {
	switch {
	case unit == l.Institution && l.Party:
		return law.PartyOrganisation, nil
	case unit == l.Institution:
		return law.Institution, nil
	}
	var parent string
	if _, err := t.one([]any{&parent}, "SELECT COALESCE(parent, '') FROM units WHERE id = $1", l.Institution); err != nil {
		return 0, err
	}
	if unit == parent {
		return law.Authority, nil
	}
	return law.SuperiorAuthority, nil
}

// deliver lets people at a stop have the report and tells them. It says for how many that was new.
func (t *tx) deliver(report string, s stop, people []string, at int64) (fresh int, err error) {
	if _, err := t.exec(`INSERT INTO stops (report, unit, level, article, climbed, made_ms) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (report, unit) DO NOTHING`, report, s.Unit, s.Level.String(), s.Article, s.Climbed, at); err != nil {
		return 0, err
	}
	for _, p := range people {
		n, err := t.exec(`INSERT INTO deliveries (report, unit, person, made_ms) VALUES ($1, $2, $3, $4)
			ON CONFLICT (report, unit, person) DO NOTHING`, report, s.Unit, p, at)
		if err != nil {
			return 0, err
		}
		fresh += n
		if err := t.post(key(string(Report), report, p), p, Report, report, at); err != nil {
			return 0, err
		}
	}
	return fresh, nil
}

// hold tells the leaders of the top-most organ who are not excluded that a report waits which nobody may receive. They are
// not told more than that; where there is no such leader, [DB.Waiting] is the only sign.
func (t *tx) hold(report string, l letter, at int64) error {
	var top string
	if _, err := t.one([]any{&top}, upwards+" SELECT id FROM line WHERE parent IS NULL ORDER BY depth DESC LIMIT 1", l.Institution); err != nil {
		return err
	}
	if top == "" || top == l.Institution {
		return nil
	}
	leads, err := texts(t, `SELECT r.person FROM roles r JOIN persons p ON p.id = r.person
		WHERE r.unit = $1 AND r.role = $2 AND r.until_ms IS NULL AND p.left_ms IS NULL ORDER BY r.person`, top, law.OfficerLead.String())
	if err != nil {
		return err
	}
	barred, err := t.barred(report)
	if err != nil {
		return err
	}
	for _, p := range leads {
		if slices.Contains(l.Excluded, p) || slices.Contains(barred, p) || p == l.Signer {
			continue
		}
		if err := t.post(key(string(Held), report, p), p, Held, report, at); err != nil {
			return err
		}
	}
	return nil
}

// post puts a message into the outbox. A message of that key that is there already stays as it is.
func (t *tx) post(id, person string, kind Kind, ref string, due int64) error {
	_, err := t.posted(id, person, kind, ref, due)
	return err
}

// posted is post that says for how many messages, 0 or 1, that was new.
func (t *tx) posted(id, person string, kind Kind, ref string, due int64) (int, error) {
	if slices.Contains(about, string(kind)) {
		if was, err := t.wasPosted(id); was || err != nil {
			return 0, err
		}
	}
	return t.exec(`INSERT INTO outbox (id, person, kind, ref, due_ms, lease_ms, attempts, state, why)
		VALUES ($1, $2, $3, $4, $5, 0, 0, 'due', '') ON CONFLICT (id) DO NOTHING`, id, person, string(kind), ref, due)
}

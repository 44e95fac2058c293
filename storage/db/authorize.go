package db

import (
	"context"
	"time"

	"liuhen/flows"
	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/record"
)

// What can be read.
const (
	readReport   = "read_report"
	readEntry    = "read_entry"
	readEvidence = "read_evidence"
)

// delivery is a report in somebody's hands.
type delivery struct {
	report, unit string
	level        law.Level
	letter       letter
	arrived      int64
	opened       bool
}

// eligible decides with today's roles and the exclusions signed with the report whether somebody may have it (I7): not when
// excluded, not the reporter, not somebody of the institution it passes by, and not without a recipient's role at that unit.
func eligible(places []law.Member, x delivery) bool {
	denied := law.NewSet(law.PersonID(x.letter.Signer))
	for _, p := range x.letter.Excluded {
		denied[law.PersonID(p)] = struct{}{}
	}
	allowed := false
	for _, m := range places {
		if x.letter.Bypasses && string(m.Unit) == x.letter.Institution && !m.Left {
			return false
		}
		allowed = allowed || string(m.Unit) == x.unit && law.Eligible(m, denied, x.level)
	}
	return allowed
}

// deliveries are reports that were delivered to somebody, newest first; where narrows them, its parameters from $2 on.
func (t *tx) deliveries(person, where string, args ...any) ([]delivery, error) {
	type row struct {
		report, unit, level string
		body                []byte
		arrived             int64
		opened              bool
	}
	found, err := rows(t, func(r *row) []any { return []any{&r.report, &r.unit, &r.level, &r.body, &r.arrived, &r.opened} },
		`SELECT d.report, d.unit, s.level, r.body, d.made_ms, d.opened_ms IS NOT NULL FROM deliveries d
		JOIN stops s ON s.report = d.report AND s.unit = d.unit JOIN reports r ON r.id = d.report
		WHERE d.person = $1 `+where+` ORDER BY d.made_ms DESC, d.report LIMIT 200`, append([]any{person}, args...)...)
	var out []delivery
	for _, r := range found {
		x := delivery{report: r.report, unit: r.unit, arrived: r.arrived, opened: r.opened}
		x.level, _ = law.ParseLevel(r.level)
		if err := t.d.unseal(r.body, &x.letter, "reports", r.report, "body"); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, err
}

// inHand is the delivery by which somebody may read a report today, nil when they may not.
func (t *tx) inHand(person, report string) (*delivery, error) {
	return t.firstEligible(person, "AND d.report = $2", report)
}

// inHandAt is the same at one unit.
func (t *tx) inHandAt(person, report, unit string) (*delivery, error) {
	return t.firstEligible(person, "AND d.report = $2 AND d.unit = $3", report, unit)
}

func (t *tx) firstEligible(person, where string, args ...any) (*delivery, error) {
	found, err := t.deliveries(person, where, args...)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	places, err := t.places(person)
	if err != nil {
		return nil, err
	}
	for _, x := range found {
		if eligible(places, x) {
			return &x, nil
		}
	}
	return nil, nil
}

// grant is what a caller was allowed to read.
type grant struct {
	record   record.Record
	digest   string
	delivery *delivery // nil for one's own entry
}

// authorize decides whether the caller may read something and writes the decision down, allowed or not. All content is read
// through it (R10.4). part is the piece of evidence, if it is one. nil means no.
func (t *tx) authorize(c Caller, event int64, at time.Time, action, subject string, part ...string) (*grant, error) {
	g, why, err := t.decide(c.Person, action, subject)
	if err != nil {
		return nil, err
	}
	subject = key(append([]string{subject}, part...)...)
	id := key(action, number(event), c.Person, subject)
	if g == nil {
		id = key(id, "denied")
	}
	return g, t.audit(id, at, c.Person, action, subject, g != nil, why)
}

func (t *tx) decide(person, action, subject string) (g *grant, why string, err error) {
	if person == "" {
		return nil, "not bound", nil
	}
	report := subject
	if action != readReport {
		g, err := t.own(person, subject)
		if err != nil || g != nil {
			return g, "own entry", err
		}
		if action == readEntry {
			return nil, "not the signer", nil
		}
		if report, err = t.reportOf(subject); err != nil {
			return nil, "", err
		}
	}
	x, err := t.inHand(person, report)
	if err != nil || x == nil {
		return nil, "not a recipient", err
	}
	g, err = t.recordOf(x.letter.Record)
	if g != nil {
		g.delivery = x
	}
	return g, "recipient", err
}

// own is somebody's own entry, nil when it is not theirs.
func (t *tx) own(person, id string) (*grant, error) {
	var signer string
	if _, err := t.one([]any{&signer}, "SELECT signer FROM records WHERE id = $1", id); err != nil || signer != person {
		return nil, err
	}
	return t.recordOf(id)
}

func (t *tx) recordOf(id string) (*grant, error) {
	var body []byte
	found, err := t.one([]any{&body}, "SELECT body FROM records WHERE id = $1", id)
	if err != nil || !found {
		return nil, err
	}
	canonical, err := t.d.openRecord(id, body)
	if err != nil {
		return nil, err
	}
	r, err := record.Parse(canonical)
	return &grant{record: r, digest: record.Digest(canonical)}, err
}

// Evidence finds one piece of evidence for whoever may read what it belongs to: of is an own entry, for its signer, or a report,
// for its recipients; what its reporter added to the report is among it. Anybody else gets ErrDenied. Either way it is written
// down.
func (d *DB) Evidence(ctx context.Context, c Caller, event int64, of, file string) (form.File, error) {
	var files []form.File
	err := d.write(ctx, "find evidence", func(t *tx) error {
		if err := (&work{tx: t, c: c}).stillCaller(); err != nil {
			return err
		}
		g, err := t.authorize(c, event, d.Clock(), readEvidence, of, file)
		if files = nil; err == nil && g != nil {
			files, err = t.exhibits(g)
		}
		return err
	})
	if err != nil {
		return form.File{}, err
	}
	for _, f := range files {
		if f.ID == file {
			return f, nil
		}
	}
	return form.File{}, &denial{readEvidence, of, "no such evidence for this caller"}
}

// read notes that the caller opens a report. Somebody who may not sees, and changes, nothing; the try is written down.
func (w *work) read(report string) error {
	g, err := w.authorize(w.c, w.event, w.at, readReport, report)
	if err != nil || g == nil {
		return err
	}
	_, err = w.exec("UPDATE deliveries SET opened_ms = $1 WHERE report = $2 AND person = $3 AND opened_ms IS NULL",
		w.at.UnixMilli(), report, w.c.Person)
	return err
}

// reading puts what is open onto the desk, if the caller may have it.
func (t *tx) reading(desk *flows.Desk, c Caller, w Where) error {
	action := readEntry
	if w.Place == flows.AtReport {
		action = readReport
	}
	g, err := t.authorize(c, w.Event, desk.Now, action, w.Subject)
	if err != nil || g == nil {
		return err
	}
	if w.Place == flows.AtRecord {
		desk.Entry = &g.record
		if desk.Entry.Report == nil {
			return nil
		}
		if err := t.wayNow(desk); err != nil {
			return err
		}
		return t.follow(desk)
	}
	desk.Report = &flows.Report{
		ID: w.Subject, Record: g.record, Arrived: t.d.local(g.delivery.arrived),
		Level: g.delivery.level, Digest: g.digest,
	}
	return t.handled(desk.Report, *g.delivery)
}

// local is a stored moment in the institution's zone.
func (d *DB) local(ms int64) time.Time { return time.UnixMilli(ms).In(d.Zone) }

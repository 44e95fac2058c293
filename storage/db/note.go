package db

import (
	"errors"
	"strings"
	"time"

	"liuhen/flows/law"
)

// note is one row of the audit table: an act or a decision. id is its natural key.
type note struct {
	id              string
	at              time.Time
	caller          string
	action, subject string
	allowed         bool
	why             string
	unit            string // in whose log of access it stands, "" in none
}

// errUnnoted says that a decision is not written down yet and cannot be in a transaction that only reads: it must be begun
// again as one that writes.
var errUnnoted = errors.New("the decision is not written down")

// note writes one row down. The same row again is nothing.
func (t *tx) note(n note) error {
	if t.notes != nil {
		*t.notes = append(*t.notes, n)
		return nil
	}
	if t.reads {
		var one int
		there, err := t.one([]any{&one}, "SELECT 1 FROM audit WHERE id = $1", n.id)
		if err == nil && !there {
			err = errUnnoted
		}
		return err
	}
	made, err := t.exec(`INSERT INTO audit (id, at_ms, caller, action, subject, allowed, why) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO NOTHING`, n.id, n.at.UnixMilli(), n.caller, n.action, n.subject, n.allowed, n.why)
	if err != nil || made == 0 {
		return err
	}
	row := auditRow{id: n.id, at: n.at.UnixMilli(), caller: n.caller, action: n.action, subject: n.subject, why: n.why, allowed: n.allowed, unit: n.unit}
	if n.unit != "" {
		row.logged = row.at
		if _, err := t.exec("INSERT INTO logged (id, unit, at_ms) VALUES ($1, $2, $3)", n.id, n.unit, row.at); err != nil {
			return err
		}
	}
	t.witness(leafAudit, n.id, row.bytes())
	return nil
}

// audit writes down one act that stands in no log of access.
func (t *tx) audit(id string, at time.Time, caller, action, subject string, allowed bool, why string) error {
	return t.note(note{id: id, at: at, caller: caller, action: action, subject: subject, allowed: allowed, why: why})
}

// refused writes a refusal down, in the log of the unit in which the caller is at home, whatever it was that they tried.
func (t *tx) refused(c Caller, event int64, at time.Time, no *denial) error {
	n := note{
		id: key(no.action, number(event), c.Person, no.subject, "denied"), at: at,
		caller: c.Person, action: no.action, subject: no.subject, why: no.why,
	}
	if !no.own {
		var err error
		if n.unit, err = t.home(c.Person); err != nil {
			return err
		}
	}
	return t.note(n)
}

// allowed writes a decision in the caller's favour down. A desk is noted once for a person, a day and the lists on it;
// everything else each time. Reading one's own evidence or complaint is reading one's own entry, and who acted is sealed with the act: in
// the clear neither may tell 无此类情况 from a report.
func (t *tx) allowed(c Caller, a ask, g *grant) error {
	n := note{
		id: key(string(a.action), number(a.event), c.Person, a.subject), at: a.at,
		caller: c.Person, action: string(a.action), subject: a.subject, allowed: true, why: g.by.String(), unit: g.unit,
	}
	switch {
	case a.action == law.OpenDesk:
		n.why = strings.Join(g.onDesk(), " ")
		n.id = key(n.action, c.Person, t.d.day(a.at).String(), n.why)
	case a.action == law.ReadLetter:
		n.id = key(n.id, a.part)
	case a.action == law.FileEntry:
		n.id, n.why = key(n.action, a.subject), ""
	case a.action == law.ActOn:
		n.id, n.subject, n.caller, n.why, n.unit = key(n.action, a.part), a.part, "", "", ""
	case a.action == law.TakeMeasure:
		n.id, n.subject, n.caller, n.why, n.unit = key(n.action, a.part), a.part, "", "", ""
	case a.action == law.ReadMeasures && g.by == law.AsSubject: // nor of whom there is a proceeding
		n.action, n.why, n.subject = string(law.ReadEntry), law.AsSigner.String(), t.d.noticeRef(a.subject)
		n.id = key(n.action, number(a.event), c.Person, n.subject)
	case a.action == law.ReadMeasures:
		n.subject = t.d.noticeRef(a.subject)
		n.id = key(n.action, number(a.event), c.Person, n.subject)
	case a.action == law.ComplainOf:
		n.action, n.subject, n.caller, n.why = string(law.ActOn), a.part, "", ""
		n.id = key(n.action, a.part)
	case a.action == law.ReadPlaint, a.action == law.ReadEvidence && g.by == law.AsSigner:
		n.action, n.subject = string(law.ReadEntry), g.record.ID
		n.id = key(n.action, number(a.event), c.Person, n.subject)
	case a.action == law.ReadEvidence:
		n.subject = key(g.delivery.report, t.d.evidenceID(a.subject, a.part))
		n.id = key(n.action, number(a.event), c.Person, n.subject)
	}
	return t.note(n)
}

// onDesk are the lists on a desk, in the table's order.
func (g *grant) onDesk() []string {
	var out []string
	for _, list := range law.Lists() {
		if g.lists[list] {
			out = append(out, string(list))
		}
	}
	return out
}

// refusal is how a refusal is written down. It never ties the signer to their report or evidence to its entry in the clear.
func (t *tx) refusal(person string, a ask, why string) (*denial, error) {
	no := &denial{action: string(a.action), subject: a.subject, why: why}
	switch {
	case a.action == law.ReadEvidence:
		report, err := t.reportOf(a.subject)
		if err != nil {
			return nil, err
		}
		had, err := t.everHad(person, report)
		if no.subject = t.d.evidenceID(a.subject, a.part); had {
			no.subject = key(report, no.subject)
		}
		return no, err
	case a.action == law.ReadMeasures:
		no.subject = t.d.noticeRef(a.subject)
	case a.action == law.TakeMeasure:
		no.action, no.subject, no.why, no.own = string(law.ActOn), a.part, notTheirs, true
	case a.action == law.ReadPlaint:
		no.subject, no.own = t.d.derivedID("refused", a.subject), true
	case a.action == law.ComplainOf, a.action == law.ActOn && a.unit == "":
		no.subject, no.why, no.own = a.part, notTheirs, true
	}
	return no, nil
}

package db

import (
	"errors"
	"time"
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

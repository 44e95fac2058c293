package db

import (
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
)

// Who signs for a case stands in its list. What a later list changes of it stays written down in the audit table, which is append-only
// and in the log: nobody is taken off a case silently (Art. 4). Neither says more than filed or not filed, for who has filed stays.
const (
	signerIn  = "signer_in"
	signerOut = "signer_out"
)

// signerActions narrows the audit table a to them, in the words of its index.
const signerActions = "a.action IN ('signer_in', 'signer_out')"

// noteSigner writes one change down: subject is the case, why the person, and the load is known by its moment. What one load changes
// twice about somebody keeps its order.
func (l *loader) noteSigner(action, caseID, person string) error {
	at := l.now
	if _, err := l.one([]any{&at}, "SELECT COALESCE(MAX(a.at_ms) + 1, $1) FROM audit a WHERE "+signerActions+" AND a.subject = $2 AND a.why = $3 AND a.at_ms >= $1",
		l.now, caseID, person); err != nil {
		return err
	}
	return l.audit(key(action, caseID, person, number(at)), time.UnixMilli(at), "", action, caseID, true, person)
}

// maxChanges is how many changes of signers are listed, the latest.
const maxChanges = 200

// signerChanges are the changes of the signers of cases c in units u, the latest first.
func (t *tx) signerChanges(_ pass, where string, args ...any) ([]flows.SignerChange, error) {
	type row struct {
		flows.SignerChange
		action, closed string
		at             int64
	}
	found, err := rows(t, func(r *row) []any { return []any{&r.Number, &r.Institution, &r.Name, &r.action, &r.at, &r.closed} },
		`SELECT c.number, u.name, p.name, a.action, a.at_ms, c.closed FROM audit a JOIN cases c ON c.id = a.subject JOIN units u ON u.id = c.institution
		JOIN persons p ON p.id = a.why WHERE `+signerActions+" AND "+where+" ORDER BY a.at_ms DESC, c.number, c.id, p.name, p.id LIMIT "+number(maxChanges), args...)
	var out []flows.SignerChange
	for _, r := range found {
		r.At, r.In = t.d.local(r.at), r.action == signerIn
		closed := date(r.closed)
		r.Closed = !closed.IsZero() && !law.DateOf(r.At).Before(closed)
		out = append(out, r.SignerChange)
	}
	return out, err
}

// turnover lays the room of those who oversee the signers of cases; what changed is asked for in the room alone.
func (t *tx) turnover(g *grant, desk *flows.Desk) (err error) {
	o := overseenBy(g.places)
	if o.none() {
		return nil
	}
	desk.Turnover = &flows.Turnover{}
	if g.where.Place != flows.AtSigners {
		return nil
	}
	where, args := o.where(1, "u.id", "u.parent")
	desk.Turnover.Changes, err = t.signerChanges(g, where, args...)
	return err
}

// verifySigners finds cases whose signers are not those that the last change left.
func (t *tx) verifySigners(tell func(Finding)) error {
	wrong, err := texts(t, `SELECT a.subject || '/' || a.why FROM audit a WHERE `+signerActions+` AND (a.action = 'signer_in') <>
		EXISTS (SELECT 1 FROM signers s WHERE s.case_id = a.subject AND s.person = a.why)
		AND NOT EXISTS (SELECT 1 FROM audit b WHERE b.action IN ('signer_in', 'signer_out') AND b.subject = a.subject AND b.why = a.why AND b.at_ms > a.at_ms)`)
	for _, id := range wrong {
		tell(Finding{id, "signers", "somebody signs for a case, or does not, against the last list that said so"})
	}
	return err
}

package db

import (
	"context"
	"errors"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/ledger"
)

// Filings is the list of who filed for the cases that an institution closed in a quarter (E20), for whoever oversees them; for anybody
// else it is ErrDenied. Either way it is written down. Of entries it reads their IDs and times alone and opens none.
func (d *DB) Filings(ctx context.Context, c Caller, event int64, institution string, q law.Quarter) (out flows.FilingList, err error) {
	var no error
	err = d.write(ctx, "list filings", func(t *tx) error {
		out, no = flows.FilingList{}, nil
		if err := (&work{tx: t, c: c}).stillCaller(); err != nil {
			return err
		}
		g, err := t.authorize(c, ask{action: law.PrintFilings, subject: institution, event: event, at: d.Clock()})
		if errors.Is(err, ErrDenied) {
			no = err // and what was noted stays
			return nil
		}
		if err != nil {
			return err
		}
		out = flows.FilingList{Quarter: q, Made: d.today()}
		if _, err := t.one([]any{&out.Institution}, "SELECT name FROM units WHERE id = $1", institution); err != nil {
			return err
		}
		if _, err := t.one([]any{&out.By}, "SELECT name FROM persons WHERE id = $1", g.person); err != nil {
			return err
		}
		out.Lines, err = t.filings(g, institution, q)
		return err
	})
	return out, errors.Join(err, no)
}

// filings are the lines of a list. Of several entries of one signer for a case the first counts: how many followed, and why, is
// nobody's to know.
func (t *tx) filings(g *grant, institution string, q law.Quarter) ([]flows.Filing, error) {
	type row struct {
		flows.Filing
		caseID, closed, first string
		filed                 int64
	}
	found, err := rows(t, func(r *row) []any {
		return []any{&r.caseID, &r.Number, &r.closed, &r.Person, &r.Signer, &r.filed, &r.first}
	}, `SELECT c.id, c.number, c.closed, p.id, p.name, COALESCE(s.filed_ms, 0), COALESCE((SELECT r.id FROM links l JOIN records r ON r.id = l.record
		WHERE l.case_id = c.id AND r.signer = p.id ORDER BY r.signed_ms, r.id LIMIT 1), '')
		FROM cases c JOIN signers s ON s.case_id = c.id JOIN persons p ON p.id = s.person
		WHERE c.institution = $1 AND c.closed >= $2 AND c.closed <= $3 AND c.closed >= $4 ORDER BY p.name, p.id, c.closed, c.number, c.id`,
		institution, q.From().String(), q.Until().String(), law.Effective.String())
	if err != nil {
		return nil, err
	}
	absent, err := t.explainedIn(g, institution)
	if err != nil {
		return nil, err
	}
	out := make([]flows.Filing, 0, len(found))
	for _, r := range found {
		r.Closed = date(r.closed)
		if r.filed > 0 {
			r.Filing.Filed, r.Code = t.d.day(t.d.local(r.filed)), ledger.Code(r.first)
		} else {
			r.Absent = absent[[2]string{r.caseID, r.Person}]
		}
		out = append(out, r.Filing)
	}
	return out, nil
}

// filingLists lays the institutions of which the caller may have lists printed: their own, and those below their organ.
func (t *tx) filingLists(g *grant, desk *flows.Desk) error {
	o := overseenBy(g.places)
	if o.none() {
		return nil
	}
	where, args := o.where(1, "id", "parent")
	found, err := rows(t, func(p *record.Person) []any { return []any{&p.ID, &p.Name} },
		"SELECT id, name FROM units WHERE kind = 'institution' AND "+where+" ORDER BY name, id", args...)
	desk.Filings = &flows.Filings{Institutions: found}
	return err
}

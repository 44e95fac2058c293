package db

import (
	"context"
	"errors"
	"fmt"

	"liuhen/flows/law"
	"liuhen/flows/record"
	catalog "liuhen/flows/text"
	"liuhen/storage/ledger"
)

// Receipt is the caller's signed receipt of an own entry (E9), the same text whenever it is asked for. It carries no place in the
// log and no size of it: those would count what others file. Another's entry is ErrDenied. Either way it is written down.
func (d *DB) Receipt(ctx context.Context, c Caller, event int64, id string) (signed []byte, err error) {
	var no error
	err = d.noted(ctx, "make a receipt", func(t *tx) error {
		if err := (&work{tx: t, c: c}).stillCaller(); err != nil {
			return err
		}
		g, err := t.authorize(c, ask{action: law.ReadEntry, subject: id, event: event, at: d.Clock()})
		if no = nil; errors.Is(err, ErrDenied) {
			no = err // and what was noted stays
			return nil
		}
		if err != nil {
			return err
		}
		r, err := t.receiptOf(g)
		if err != nil {
			return err
		}
		signed, err = r.Sign(d.Keys.Signer(d.Suite))
		return err
	})
	if err = errors.Join(err, no); err != nil {
		return nil, err
	}
	return signed, nil
}

func (t *tx) receiptOf(g *grant) (ledger.Receipt, error) {
	r := ledger.Receipt{
		Record: g.record.ID, Signer: g.record.Signer.Name, Institution: g.record.Institution.Name, Case: g.record.Case.Number,
		Signed: g.record.Signed.In(t.d.Zone), Level: signedAt(g.record), Digest: g.sums.Name(t.d.Suite),
	}
	if r.Case == "" {
		r.Case = catalog.Say(t.d.Locale, catalog.NoNumber)
	}
	n, found, err := t.leafOf(leafEntry, g.record.ID)
	if err != nil {
		return r, err
	}
	if !found {
		return r, fmt.Errorf("entry %s is not in the log: run verify", g.record.ID)
	}
	r.State, err = t.state(n + 1)
	return r, err
}

// signedAt is how an entry was signed: all are, so far, by the button of a registered account.
func signedAt(record.Record) ledger.Level { return ledger.Confirmed }

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
		signed, err = t.receiptOf(g.record, g.sums)
		return err
	})
	if err = errors.Join(err, no); err != nil {
		return nil, err
	}
	return signed, nil
}

// receiptOf is the signed receipt of an entry.
func (t *tx) receiptOf(x record.Record, sums ledger.Sums) ([]byte, error) {
	r := ledger.Receipt{
		Record: x.ID, Signer: x.Signer.Name, Institution: x.Institution.Name, Case: x.Case.Number,
		Signed: x.Signed.In(t.d.Zone), Level: signedAt(x), Digest: sums.Name(t.d.Suite),
	}
	if r.Case == "" {
		r.Case = catalog.Say(t.d.Locale, catalog.NoNumber)
	}
	n, found, err := t.leafOf(leafEntry, x.ID)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fmt.Errorf("entry %s is not in the log: run verify", x.ID)
	}
	if r.State, err = t.state(n + 1); err != nil {
		return nil, err
	}
	return r.Sign(t.d.Keys.Signer(t.d.Suite))
}

// signedAt is how an entry was signed: all are, so far, by the button of a registered account.
func signedAt(record.Record) ledger.Level { return ledger.Confirmed }

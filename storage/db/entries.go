package db

import (
	"context"
	"errors"
	"slices"

	"liuhen/flows"
	"liuhen/flows/law"
)

// Entries are all entries of the caller's authorities that the caller may see, in force or withdrawn, the earliest first
// (R11.6). Somebody who is no officer gets ErrDenied. Either way it is written down.
func (d *DB) Entries(ctx context.Context, c Caller, event int64) (out []flows.Entry, err error) {
	var no error
	err = d.write(ctx, "list entries", func(t *tx) error {
		out = nil
		if err := (&work{tx: t, c: c}).stillCaller(); err != nil {
			return err
		}
		g, err := t.authorize(c, ask{action: law.ExportEntries, event: event, at: d.Clock()})
		if no = nil; errors.Is(err, ErrDenied) {
			no = err // and what was noted stays
			return nil
		}
		if err != nil {
			return err
		}
		for _, unit := range organs(g.places) {
			all, err := t.overseen(g, "unit = $1", unit)
			if err != nil {
				return err
			}
			for _, p := range slices.Backward(all) {
				if p.Stage == law.Entered || p.Stage == law.Withdrawn {
					out = append(out, flows.Entry{Measures: p.measures, Withdrawn: p.Stage == law.Withdrawn, Counts: p.counts()})
				}
			}
		}
		return nil
	})
	return out, errors.Join(err, no)
}

package main

import (
	"context"
	"fmt"

	"liuhen/storage/db"
)

// verify recomputes every record's digest and every piece of evidence's hash, and says which were altered.
func (p *program) verify(ctx context.Context, _ []string) error {
	c, err := readConfig(p.environ)
	if err != nil {
		return err
	}
	s, err := openRegister(ctx, c, p.clock, false)
	if err != nil {
		return err
	}
	defer s.Close()
	altered := 0
	n, err := s.db.Verify(ctx, func(f db.Finding) {
		altered++
		fmt.Fprintf(p.out, "%s %s: %s\n", f.Record, f.What, f.Why)
	})
	if err != nil {
		return databaseFault(err)
	}
	blobs, bad, err := s.verifyEvidence(ctx, func(record string, err error) {
		fmt.Fprintf(p.out, "%s evidence: %s\n", record, oneLine(err))
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil { // the list of evidence does not open: that is a fault like any other
		bad++
		fmt.Fprintf(p.out, "evidence: not all of it could be looked at: %s\n", oneLine(err))
	}
	altered += bad
	fmt.Fprintf(p.out, "%d records and %d pieces of evidence checked, %d faults\n", n, blobs, altered)
	if altered > 0 {
		return fmt.Errorf("%d faults: keep the database as it is, make a copy, and compare it with the last backup", altered)
	}
	return nil
}

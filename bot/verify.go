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
	s, err := openStores(ctx, c, p.clock)
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
		return fmt.Errorf("verify: %w", err)
	}
	blobs, bad, err := s.verifyEvidence(ctx, func(record string, err error) {
		fmt.Fprintf(p.out, "%s evidence: %v\n", record, err)
	})
	if err != nil {
		return fmt.Errorf("verify evidence: %w", err)
	}
	altered += bad
	fmt.Fprintf(p.out, "%d records and %d pieces of evidence checked, %d faults\n", n, blobs, altered)
	if altered > 0 {
		return fmt.Errorf("%d faults: keep the database as it is, make a copy, and compare it with the last backup", altered)
	}
	return nil
}

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"liuhen/storage/db"
	witness "liuhen/storage/ledger"
)

const verifyUsage = "verify [--checkpoint FILE]…, verify RECEIPT|CHECKPOINT|PACKAGE [--key PUBLICKEY], or verify --public-key"

// verifying are the flags of verify.
type verifying struct {
	key       string
	public    bool
	witnesses []string // receipts and checkpoints kept elsewhere
}

// verify recomputes every record's digest, the log over everything and every piece of evidence's hash, and says which were
// altered. With a receipt, a checkpoint, or the folder of a package or of an unsealed part, it verifies that instead, and needs nothing but
// the public key.
func (p *program) verify(ctx context.Context, args []string) error {
	var v verifying
	flags := flag.NewFlagSet("verify", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&v.key, "key", "", "")
	flags.BoolVar(&v.public, "public-key", false, "")
	flags.Func("checkpoint", "", func(s string) error { v.witnesses = append(v.witnesses, s); return nil })
	err := flags.Parse(args)
	receipt := flags.Arg(0)
	if err == nil && flags.NArg() > 1 { // flags may stand behind the receipt as well
		err = flags.Parse(flags.Args()[1:])
	}
	offline := receipt != "" || v.key != ""
	if err != nil || receipt != "" && flags.NArg() > 0 && flags.Arg(0) != receipt || offline && (v.public || len(v.witnesses) > 0) {
		return errors.New("usage: " + verifyUsage)
	}
	switch {
	case offline:
		return p.verifyReceipt(receipt, v.key)
	case v.public:
		return p.publicKey()
	}
	c, s, err := p.opened(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	kept, err := filepath.Glob(filepath.Join(c.Data, checkpointFolder, "*.txt"))
	if err != nil {
		return fmt.Errorf("LIUHEN_DATA: %w", err)
	}
	slices.Sort(kept)
	return p.verifyAll(ctx, s, append(kept, v.witnesses...))
}

func (p *program) verifyAll(ctx context.Context, s *stores, witnesses []string) error {
	altered, foreign := 0, 0
	tell := func(f db.Finding) {
		altered++
		fmt.Fprintf(p.out, "%s: %s\n", strings.TrimSpace(f.Row+" "+f.What), f.Why)
	}
	n, err := s.db.Verify(ctx, tell)
	if err != nil {
		return databaseFault(err)
	}
	for _, path := range witnesses {
		signed, err := readSmall(path)
		if err == nil {
			err = s.db.Contradicts(ctx, signed, tell)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			foreign++
			fmt.Fprintf(p.out, "%s: it could not be compared: %s\n", path, comparing(err))
		}
	}
	blobs, bad, err := s.verifyEvidence(ctx, func(file string, err error) {
		fmt.Fprintf(p.out, "%s evidence: %s\n", file, oneLine(err))
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil { // the list of evidence does not open: that is a fault like any other
		bad++
		fmt.Fprintf(p.out, "evidence: not all of it could be looked at: %s\n", oneLine(err))
	}
	altered += bad
	fmt.Fprintf(p.out, "%d records and %d pieces of evidence checked, %d faults; %d checkpoints and receipts compared\n", n, blobs, altered, len(witnesses)-foreign)
	var all []error
	if foreign > 0 {
		all = append(all, fmt.Errorf("%d checkpoints or receipts could not be compared: give those that this system signed, as they were received", foreign))
	}
	if altered > 0 {
		all = append(all, fmt.Errorf("%d faults: keep the database as it is, make a copy, and compare it with the last backup", altered))
	}
	return errors.Join(all...)
}

// comparing is why something signed could not be compared with the store.
func comparing(err error) string {
	if errors.Is(err, witness.ErrOtherSystem) {
		return "another system signed it, or this one with another key"
	}
	return oneLine(err)
}

// smallLimit bounds a receipt, a checkpoint or a public key that is read, in bytes.
const smallLimit = 64 << 10

func readSmall(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w: correct the path or its permissions", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, smallLimit))
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", path, err)
	}
	return b, nil
}

// publicKey prints the key to publish, so that anybody can verify receipts.
func (p *program) publicKey() error {
	keys, c, err := p.ownKeys()
	if err != nil {
		return err
	}
	fmt.Fprintln(p.out, strings.TrimSpace(keys.PublicKey(c.Suite)))
	return nil
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"filippo.io/age"
	"golang.org/x/mod/sumdb/note"

	"liuhen/bot/archive"
	"liuhen/flows/text"
)

// unseal opens a package with the key of an authority, or those of two authorised people, and writes down that it was done.
func (p *program) unseal(ctx context.Context, s *stores, x exporting) error {
	if strings.TrimSpace(x.reason) == "" {
		return errors.New("--reason is missing: say why the package is unsealed, for example the number of the decision; it is written down")
	}
	var ids []*age.X25519Identity
	for _, path := range x.identities {
		id, err := readIdentity(path)
		if err != nil {
			return err
		}
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return errors.New("--identity is missing: name the key file of the authority, or those of two authorised people")
	}
	keys := s.keys.Verifiers()
	if x.key != "" { // of another installation, or of an earlier one
		var err error
		if keys, err = p.verifiers(x.key); err != nil {
			return err
		}
	}
	pkg, parts, checked, err := openParts(x.unseal, ids, keys)
	if err != nil {
		return fmt.Errorf("%s: %w", x.unseal, err)
	}
	var by []string
	for _, id := range ids {
		by = append(by, id.Recipient().String())
	}
	// It is written down before anything can be read: an unsealing that nobody knows of must not happen.
	if err := s.db.NoteUnsealing(ctx, pkg.Case, strings.Join(by, " "), x.reason); err != nil {
		return databaseFault(err)
	}
	if err := archive.Put(x.to, parts); err != nil {
		return fmt.Errorf("--to: %w", err)
	}
	fmt.Fprintf(p.out, text.ArchiveUnsealed+"\n", len(parts), x.to)
	if !pkg.Proved {
		p.bilingual(text.VerifyNoProof)
		return nil
	}
	p.bilingual(text.VerifyGoodFiles, checked.System, checked.Made.Format(momentShown))
	p.bilingual(text.VerifyGoodProof, checked.Entries, checked.At.Format(momentShown))
	return nil
}

// openParts gives the parts of a package that these keys open. They and the package are as the system made them, or it is an error: what was
// altered is not given out.
func openParts(path string, ids []*age.X25519Identity, keys []note.Verifier) (*archive.Package, []archive.Opened, archive.Checked, error) {
	var all archive.Checked
	pkg, err := archive.Read(path)
	if err != nil {
		return nil, nil, all, err
	}
	if pkg.Proved {
		if err := pkg.Check(keys...); err != nil {
			return nil, nil, all, worded(err)
		}
	}
	parts, err := pkg.Open(ids)
	if err != nil || !pkg.Proved {
		return pkg, parts, all, err
	}
	for _, o := range parts {
		c, err := archive.Check(o.Files, keys...)
		if err != nil {
			return nil, nil, all, fmt.Errorf("%s: %w", o.Part, worded(err))
		}
		c.Entries += all.Entries
		all = c
	}
	return pkg, parts, all, nil
}

// readIdentity reads a key file as age-keygen writes it. No error quotes it.
func readIdentity(path string) (*age.X25519Identity, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("--identity: %w", err)
	}
	defer f.Close()
	list, err := age.ParseIdentities(io.LimitReader(f, secretLimit))
	if err == nil && len(list) == 1 {
		if id, ok := list[0].(*age.X25519Identity); ok {
			return id, nil
		}
	}
	return nil, fmt.Errorf("--identity %s: it does not hold one key of age (AGE-SECRET-KEY-1…): name the file that age-keygen wrote", path)
}

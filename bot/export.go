package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"

	"liuhen/bot/archive"
	"liuhen/bot/paper"
	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
	"liuhen/storage/db"
)

const exportUsage = "export --to FOLDER [--institution NAME] [--from DATE] [--until DATE], or export --unseal PACKAGE --identity FILE [--identity FILE] --reason WORDS --to FOLDER [--key PUBLICKEY], or export --checkpoint FILE"

// exporting are the flags of export.
type exporting struct {
	to, institution, from, until string
	unseal, reason, key          string
	checkpoint                   string
	identities                   []string
}

// export writes the sealed files of closed cases (AM-12), or opens one.
func (p *program) export(ctx context.Context, args []string) error {
	var x exporting
	flags := flag.NewFlagSet("export", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&x.to, "to", "", "")
	flags.StringVar(&x.institution, "institution", "", "")
	flags.StringVar(&x.from, "from", "", "")
	flags.StringVar(&x.until, "until", "", "")
	flags.StringVar(&x.unseal, "unseal", "", "")
	flags.StringVar(&x.reason, "reason", "", "")
	flags.StringVar(&x.key, "key", "", "")
	flags.StringVar(&x.checkpoint, "checkpoint", "", "")
	flags.Func("identity", "", func(s string) error { x.identities = append(x.identities, s); return nil })
	if err := flags.Parse(args); err != nil || flags.NArg() > 0 {
		return errors.New("usage: " + exportUsage)
	}
	if x.to == "" && x.checkpoint == "" {
		return errors.New("--to is missing: name the folder to write to; usage: " + exportUsage)
	}
	c, s, err := p.opened(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	if x.checkpoint != "" {
		return p.exportCheckpoint(ctx, s, x.checkpoint)
	}
	if x.unseal != "" {
		return p.unseal(ctx, s, x)
	}
	e := &exporter{program: p, c: c, s: s, exporting: x, paper: newPrinter(c, p.log())}
	return e.all(ctx)
}

// exporter makes the packages of many cases.
type exporter struct {
	*program
	exporting
	c      Config
	s      *stores
	paper  *printer
	dir    law.Directory
	organs map[law.UnitID]*archive.Organ
	roll   *db.Roll
}

// manual describes receipts, checkpoints and proofs. It goes into every package: it is to be understood when nobody has this program.
//
//go:embed docs/receipt.md
var manual []byte

// all makes a package for each closed case that everybody has signed for. Whether one holds anything but 无此类情况 shows in nothing
// it prints.
func (e *exporter) all(ctx context.Context) error {
	from, until, err := e.days()
	if err != nil {
		return err
	}
	if e.dir, err = e.s.db.Directory(ctx); err != nil {
		return databaseFault(err)
	}
	if err := e.readOrgans(); err != nil {
		return err
	}
	cases, err := e.s.db.ClosedCases(ctx, e.institution, from, until)
	if err != nil {
		return databaseFault(err)
	}
	missing := slices.DeleteFunc(slices.Clone(cases), func(c db.ClosedCase) bool { return c.Missing == 0 })
	if e.roll, err = e.s.db.Roll(ctx); err != nil {
		return databaseFault(err)
	}
	done := 0
	for _, c := range cases {
		if c.Missing > 0 {
			continue
		}
		if err := e.one(ctx, c.ID); err != nil {
			return err
		}
		done++
	}
	if len(cases) == 0 {
		fmt.Fprintln(e.out, text.ArchiveNone)
		return nil
	}
	fmt.Fprintf(e.out, text.ArchiveExported+"\n", done, e.to)
	if len(missing) > 0 {
		fmt.Fprintf(e.out, text.ArchiveIncomplete+"\n", len(missing))
		for _, c := range missing {
			fmt.Fprintf(e.out, text.ArchiveIncompleteN+"\n", c.Institution, c.Number, c.Missing)
		}
	}
	return nil
}

// days are the first and the last closing day; without them all from the day the rule is in force (Art. 12).
func (e *exporter) days() (from, until law.Date, err error) {
	from, until = law.Effective, law.DateOf(e.clock().In(e.c.Zone))
	for _, f := range []struct {
		name, value string
		to          *law.Date
	}{{"--from", e.from, &from}, {"--until", e.until, &until}} {
		if f.value == "" {
			continue
		}
		if *f.to, err = law.ParseDate(f.value); err != nil {
			return from, until, fmt.Errorf("%s %q is not a day: write it like 2026-11-30", f.name, f.value)
		}
	}
	return from, until, nil
}

// readOrgans reads the archive keys and makes sure that every organ of the register has its own: if that depended on what was
// filed, a missing key would betray it.
func (e *exporter) readOrgans() error {
	path := e.c.ArchiveKeys
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("LIUHEN_ARCHIVE_KEYS: %s cannot be read (%w): write the public keys of the authorities into it, see bot/docs/operations.md", path, err)
	}
	defer f.Close()
	list, err := archive.ReadOrgans(f)
	if err != nil {
		return fmt.Errorf("LIUHEN_ARCHIVE_KEYS %s: %w", path, err)
	}
	e.organs = map[law.UnitID]*archive.Organ{}
	var faults []error
	for i := range list {
		u := slices.IndexFunc(e.dir.Units, func(u law.Unit) bool { return u.Kind == law.AuthorityUnit && u.Name == list[i].Name })
		if u < 0 {
			faults = append(faults, fmt.Errorf("LIUHEN_ARCHIVE_KEYS %s: %s is no authority of the register: write the name as in the people list", path, list[i].Name))
			continue
		}
		e.organs[e.dir.Units[u].ID] = &list[i]
		for _, a := range list[i].Authorised {
			if !slices.ContainsFunc(e.dir.In(e.dir.Units[u].ID), func(m law.Member) bool { return m.Name == a.Name && !m.Left }) {
				faults = append(faults, fmt.Errorf("LIUHEN_ARCHIVE_KEYS %s: %s is nobody of %s: take the name out, or load the person first", path, a.Name, list[i].Name))
			}
		}
	}
	for _, u := range e.dir.Units {
		if u.Kind == law.AuthorityUnit && e.organs[u.ID] == nil {
			faults = append(faults, fmt.Errorf("LIUHEN_ARCHIVE_KEYS %s: the key of %s is missing: add its [[organ]]", path, u.Name))
		}
	}
	return errors.Join(faults...)
}

// one makes the package of one case.
func (e *exporter) one(ctx context.Context, id string) error {
	f, err := e.s.db.CaseFile(ctx, id, "export")
	if err != nil {
		return databaseFault(err)
	}
	c := archive.Case{
		ID: id, Number: f.Case.Number, Matter: f.Case.Matter, Institution: f.Institution.Name, Closed: f.Closed.String(), Made: e.clock().In(e.c.Zone),
		Checkpoint: e.roll.Checkpoint, Key: e.s.keys.Signer(e.c.Suite), Manual: manual,
	}
	var absent []flows.Explained
	for _, s := range f.Signers {
		if s.Absent != nil {
			absent = append(absent, *s.Absent)
		}
	}
	for _, s := range f.Signers {
		part, err := e.part(f, s.Entries, absent)
		if err != nil {
			return err
		}
		signer := archive.Signer{Name: s.Person.Name, Part: part}
		if !s.Filed.IsZero() {
			signer.Filed = law.DateOf(s.Filed).String()
		} else if s.Absent != nil {
			signer.Note = s.Absent.Index()
		}
		c.Signers = append(c.Signers, signer)
	}
	for _, x := range f.Changes {
		c.Changes = append(c.Changes, archive.Change{Day: law.DateOf(x.At).String(), Name: x.Name, What: x.Words(text.ZhHans)})
	}
	if c.Others, err = e.part(f, f.Others, absent); err != nil {
		return err
	}
	_, err = archive.Write(e.to, c, e.index)
	return err
}

// entry is one entry with its receipt and the proof that it was in the log at the checkpoint.
func (e *exporter) entry(x db.FileEntry) (archive.Entry, error) {
	out := archive.Entry{Record: x.Record, Text: flows.Words(e.c.Locale, x.Record), Receipt: x.Receipt}
	canonical, err := x.Record.Canonical()
	if err != nil {
		return out, err
	}
	proof, there := e.roll.Prove(x.Record.ID, canonical)
	if !there {
		return out, fmt.Errorf("entry %s is not in the log: run verify", x.Record.ID)
	}
	out.Proof = proof
	return out, nil
}

// part is what one signer filed, with those who may open it: nobody whom one of the entries excludes (Arts. 5, 10).
func (e *exporter) part(f db.CaseFile, entries []db.FileEntry, absent []flows.Explained) (archive.Part, error) {
	excluded, lead := law.Set{}, false
	var p archive.Part
	for _, x := range entries {
		entry, err := e.entry(x)
		if err != nil {
			return p, err
		}
		p.Entries = append(p.Entries, entry)
		if x.Record.Report == nil {
			continue
		}
		lead = lead || x.Record.Report.Lead
		for _, y := range x.Record.Report.Excluded {
			excluded[law.PersonID(y.ID)] = struct{}{}
		}
	}
	organ, found := law.Opener(e.dir, law.UnitID(f.Institution.ID), excluded, lead)
	if found {
		p.Organ = e.organs[organ]
		for _, m := range e.dir.In(organ) {
			if excluded.Has(m.ID) {
				p.Without = append(p.Without, m.Name)
			}
		}
	}
	if len(entries) == 0 {
		return p, nil
	}
	var err error
	p.PDF, err = e.sheets(entries, absent)
	return p, err
}

// sheets prints all entries of one signer, those replaced included.
func (e *exporter) sheets(entries []db.FileEntry, absent []flows.Explained) ([]byte, error) {
	var records []record.Record
	for _, x := range entries {
		records = append(records, x.Record)
	}
	d, err := e.paper.entries(records, absent, true)
	if err != nil {
		return nil, fmt.Errorf("print an entry: %w", err)
	}
	return d.PDF, nil
}

// index prints the neutral part of a package.
func (e *exporter) index(c archive.Case) ([]byte, error) {
	lines := []paper.Line{
		{Name: text.Say(text.ZhHans, text.LineNumber), Says: c.Number},
		{Name: text.Say(text.ZhHans, text.LineMatter), Says: c.Matter},
		{Name: text.ArchiveInstitution, Says: c.Institution},
		{Name: text.ArchiveClosed, Says: c.Closed},
		{Name: text.ArchiveState, Says: fmt.Sprintf(text.ArchiveSays, c.Filed())},
	}
	for i, s := range c.Signers {
		says := fmt.Sprintf(text.ArchiveFiled, s.Name, s.Filed, i+1)
		if s.Filed == "" {
			says = fmt.Sprintf(text.ArchiveMissing, s.Name, s.Note, i+1)
		}
		lines = append(lines, paper.Line{Name: text.ArchiveSigner, Says: says})
	}
	for _, x := range c.Changes {
		lines = append(lines, paper.Line{Name: text.Say(text.ZhHans, text.BtnSigners), Says: fmt.Sprintf(text.ArchiveChange, x.Name, x.Day, x.What)})
	}
	lines = append(lines, paper.Line{Name: text.ArchiveOthers, Says: fmt.Sprintf(text.ArchiveOthersPart, len(c.Signers)+1)})
	d, err := e.paper.table(text.ArchiveTitle, lines, text.ArchiveNote)
	return d.PDF, err
}

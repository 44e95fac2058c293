package db

import (
	"context"
	"fmt"
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
)

// archiveCase is the action under which the making of a sealed file is written down.
const archiveCase = "archive_case"

// ClosedCase is a closed case as it stands in the list of those to be archived: nothing of what was filed.
type ClosedCase struct {
	ID, Number, Institution string
	Missing                 int // signers who have not filed, and whose signature nobody has explained (AM-21)
}

// ClosedCases lists the cases closed from one day to another, both included, by institution and number; institution "" for all.
func (d *DB) ClosedCases(ctx context.Context, institution string, from, until law.Date) (out []ClosedCase, err error) {
	err = d.snapshot(ctx, "list closed cases", func(t *tx) error {
		out, err = rows(t, func(c *ClosedCase) []any { return []any{&c.ID, &c.Number, &c.Institution, &c.Missing} },
			`SELECT c.id, c.number, u.name, (SELECT COUNT(*) FROM signers s WHERE s.case_id = c.id AND s.filed_ms IS NULL`+unexplained+`)
			FROM cases c JOIN units u ON u.id = c.institution
			WHERE c.closed >= $1 AND c.closed <= $2 AND ($3 = '' OR u.name = $3) ORDER BY u.name, c.number`,
			from.String(), until.String(), institution)
		return err
	})
	return out, err
}

// CaseFile is everything filed for a case, for its sealed file (AM-12).
type CaseFile struct {
	Case        record.Case
	Institution record.Person // unit ID and name
	Closed      law.Date
	Signers     []FileSigner         // by name
	Others      []FileEntry          // of people who do not sign for the case (AM-27), by the time of signing
	Changes     []flows.SignerChange // of its signers by later lists, the latest first
}

// FileSigner is one who signs for a case with all their entries, in the order of signing.
type FileSigner struct {
	Person  record.Person
	Filed   time.Time        // zero: not filed
	Absent  *flows.Explained // the 缺签说明 that stands instead (AM-21)
	Entries []FileEntry
}

// FileEntry is a signed entry with its receipt.
type FileEntry struct {
	Record  record.Record
	Receipt []byte
}

// CaseFile reads everything filed for a closed case, to be sealed. It is written down for each case, whatever is in it. by says
// who had it made.
func (d *DB) CaseFile(ctx context.Context, id, by string) (f CaseFile, err error) {
	err = d.noted(ctx, "read the file of a case", func(t *tx) error {
		f, err = t.caseFile(id)
		if err != nil {
			return err
		}
		now := d.Clock()
		return t.audit(key(archiveCase, id, number(now.UnixMilli())), now, by, archiveCase, id, true, "")
	})
	return f, err
}

func (t *tx) caseFile(id string) (f CaseFile, err error) {
	var closed string
	c := &f.Case
	found, err := t.one([]any{&c.ID, &c.Number, &c.Matter, &c.Client, &c.ClientType, &closed, &f.Institution.ID, &f.Institution.Name},
		`SELECT c.id, c.number, c.matter, c.client, c.client_type, c.closed, u.id, u.name FROM cases c JOIN units u ON u.id = c.institution
		WHERE c.id = $1`, id)
	if err != nil || !found {
		return f, err
	}
	f.Closed = date(closed)
	type signer struct {
		record.Person
		filed int64
	}
	signers, err := rows(t, func(s *signer) []any { return []any{&s.ID, &s.Name, &s.filed} },
		`SELECT p.id, p.name, COALESCE(s.filed_ms, 0) FROM signers s JOIN persons p ON p.id = s.person WHERE s.case_id = $1 ORDER BY p.name, p.id`, id)
	if err != nil {
		return f, err
	}
	at := map[string]int{}
	for i, s := range signers {
		x := FileSigner{Person: s.Person}
		if s.filed > 0 {
			x.Filed = t.d.local(s.filed)
		}
		f.Signers, at[s.ID] = append(f.Signers, x), i
	}
	absent, err := t.explained(toArchive, id)
	if err != nil {
		return f, err
	}
	for _, e := range absent {
		f.Signers[at[e.Person]].Absent = &e
	}
	if f.Changes, err = t.signerChanges(toArchive, "c.id = $1", id); err != nil {
		return f, err
	}
	entries, err := t.filedFor(id)
	for _, e := range entries {
		if i, signs := at[e.Record.Signer.ID]; signs {
			f.Signers[i].Entries = append(f.Signers[i].Entries, e)
		} else {
			f.Others = append(f.Others, e)
		}
	}
	return f, err
}

// filedFor opens all entries of a case.
func (t *tx) filedFor(caseID string) (out []FileEntry, err error) {
	type row struct {
		id   string
		body []byte
	}
	found, err := rows(t, func(r *row) []any { return []any{&r.id, &r.body} },
		"SELECT r.id, r.body FROM links l JOIN records r ON r.id = l.record WHERE l.case_id = $1 AND "+notGone+" ORDER BY r.signed_ms, r.id", caseID)
	if err != nil {
		return nil, err
	}
	for _, r := range found {
		canonical, err := t.openRecord(toArchive, r.id, r.body)
		if err != nil {
			return nil, err
		}
		x, err := record.Parse(canonical)
		if err != nil {
			return nil, fmt.Errorf("record %s: %w", r.id, err)
		}
		receipt, err := t.receiptOf(x, t.d.sums(leafEntry, r.id, canonical))
		if err != nil {
			return nil, err
		}
		out = append(out, FileEntry{x, receipt})
	}
	return out, nil
}

// NoteUnsealing writes down that a sealed file was opened, by whose keys and why. by and why are what the person at the machine says.
func (d *DB) NoteUnsealing(ctx context.Context, caseID, by, why string) error {
	return d.write(ctx, "note an unsealing", func(t *tx) error {
		now := d.Clock()
		return t.audit(key("unseal", caseID, number(now.UnixMilli())), now, by, "unseal", caseID, true, why)
	})
}

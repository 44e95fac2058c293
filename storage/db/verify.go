package db

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"liuhen/flows/form"
	"liuhen/flows/record"
)

// Finding is something in the store that is not as it was signed. Row is the ID of the entry, act or other row: for what
// only a report has never the entry's, so that no finding tells which entry is one. What names the column or table; none of the
// three holds any content.
type Finding struct{ Row, What, Why string }

// verifyBatch is how many records are in memory at a time.
const verifyBatch = 200

// Verify recomputes the digest of every entry and compares every column with what was signed, and tells what is not right.
// Entries that are gone are found by the audit table.
func (d *DB) Verify(ctx context.Context, tell func(Finding)) (checked int, err error) {
	var parts []Finding
	stop := false
	err = d.snapshot(ctx, "verify", func(t *tx) error {
		checked, parts = 0, nil
		if stop, err = t.verifyKinds(tell); stop || err != nil {
			return err
		}
		for after := ""; ; {
			found, err := t.stored(after)
			if err != nil || len(found) == 0 {
				return err
			}
			if err := fetchKeys(t, "records", found, func(r stored) string { return r.id }); err != nil {
				return err
			}
			for _, r := range found {
				if err := t.verifyRecord(r, tell, func(f Finding) { parts = append(parts, f) }); err != nil {
					return err
				}
				checked++
				after = r.id
			}
		}
	})
	if err != nil || stop {
		return checked, err
	}
	slices.SortFunc(parts, func(a, b Finding) int { return cmp.Or(cmp.Compare(a.What, b.What), cmp.Compare(a.Row, b.Row)) })
	for _, f := range parts { // not beside their entries
		tell(f)
	}
	return checked, d.snapshot(ctx, "verify", func(t *tx) error {
		if err := t.verifyRest(tell); err != nil {
			return err
		}
		return t.verifyLog(tell)
	})
}

type stored struct {
	id, institution, signer, supersedes, caseID string
	signed                                      int64
	head, body                                  []byte
}

func (t *tx) stored(after string) ([]stored, error) {
	return rows(t, func(r *stored) []any {
		return []any{&r.id, &r.institution, &r.signer, &r.signed, &r.supersedes, &r.head, &r.body, &r.caseID}
	}, `SELECT r.id, r.institution, r.signer, r.signed_ms, r.supersedes, r.head, r.body, COALESCE(l.case_id, '')
		FROM records r LEFT JOIN links l ON l.record = r.id WHERE r.id > $1 AND `+notGone+` ORDER BY r.id LIMIT $2`, after, verifyBatch)
}

// verifyRecord tells of an entry, and with part of what belongs to it and may not be told beside it.
func (t *tx) verifyRecord(s stored, tell, part func(Finding)) error {
	bad := func(what, why string) { tell(Finding{s.id, what, why}) }
	canonical, err := t.openRecord(toVerify, s.id, s.body)
	if errors.Is(err, ErrWrapper) {
		return err
	}
	if err != nil {
		bad("body", "it does not open")
		return nil
	}
	r, err := record.Parse(canonical)
	if err != nil {
		bad("body", "it is not canonical")
		return nil
	}
	var h head
	if err := t.unseal(toVerify, s.head, &h, "records", s.id, "head"); err != nil {
		bad("head", "it does not open")
	} else if h != (head{Digest: record.Digest(canonical), Number: r.Case.Number, Matter: r.Case.Matter}) {
		bad("head", "it differs from the body")
	}
	for _, c := range []struct {
		what string
		same bool
	}{
		{"id", s.id == r.ID},
		{"institution", s.institution == r.Institution.ID},
		{"signer", s.signer == r.Signer.ID},
		{"signed_ms", s.signed == r.Signed.UnixMilli()},
		{"supersedes", s.supersedes == r.Supersedes},
	} {
		if !c.same {
			bad(c.what, "it differs from what was signed")
		}
	}
	if err := t.verifyLink(s, r, bad); err != nil {
		return err
	}
	return t.verifyParts(r, bad, part)
}

// verifyLink: a chosen case is the linked one; a typed number may be linked to the case of that number only.
func (t *tx) verifyLink(s stored, r record.Record, bad func(what, why string)) error {
	if r.Case.ID != "" || s.caseID == "" {
		if s.caseID != r.Case.ID {
			bad("links", "it is not the case that was signed for")
		}
		return nil
	}
	var institution, matchKey string
	if _, err := t.one([]any{&institution, &matchKey}, "SELECT institution, match_key FROM cases WHERE id = $1", s.caseID); err != nil {
		return err
	}
	if institution != r.Institution.ID || matchKey != t.d.MatchKey(r.Case.Number) {
		bad("links", "the case has another number")
	}
	return nil
}

// verifyParts: an entry's evidence, report and audit row came with it in one transaction and must all be there.
func (t *tx) verifyParts(r record.Record, bad func(what, why string), part func(Finding)) error {
	var n int
	for _, f := range r.Answers[form.Evidence].Files {
		id := t.d.evidenceID(r.ID, f.ID)
		x, same, err := t.stillThere(id, f)
		if err != nil {
			return err
		}
		if !same || x.Record != r.ID {
			part(Finding{id, "evidence", "it is missing or differs"})
		}
	}
	var filed int64
	reports := map[string][]record.Stop{}
	if r.Report != nil {
		reports[t.d.reportID(r.ID)] = r.Report.Stops
		if len(r.Report.Party) > 0 {
			reports[t.d.partyID(r.ID)] = r.Report.Party
		}
	}
	for id, stops := range reports {
		var arrived int64
		var body []byte
		found, err := t.one([]any{&arrived, &body}, "SELECT arrived_ms, body FROM reports WHERE id = $1", id)
		if err != nil {
			return err
		}
		if _, err := t.one([]any{&filed}, "SELECT at_ms FROM audit WHERE id = $1", key("file", r.ID)); err != nil {
			return err
		}
		var l letter
		if !found || t.unseal(toVerify, body, &l, "reports", id, "body") != nil || arrived != filed && !isDayOf(arrived, filed) || !l.of(r, filed) || l.Party != (id == t.d.partyID(r.ID)) {
			part(Finding{id, "reports", "it is missing or differs"})
		}
		if err := t.verifyWay(id, r, stops, part); err != nil {
			return err
		}
	}
	if _, err := t.one([]any{&n}, "SELECT COUNT(*) FROM audit WHERE id = $1 AND caller = $2 AND allowed", key("file", r.ID), r.Signer.ID); err != nil {
		return err
	}
	if n != 1 {
		bad("audit", "the filing is missing or differs")
	}
	return nil
}

// sameFile compares all that was signed about a piece of evidence.
func sameFile(a, b form.File) bool {
	for _, f := range []*form.File{&a, &b} {
		for _, at := range []*time.Time{&f.Received, &f.Sent} {
			*at = at.UTC().Truncate(time.Millisecond) // as canonical bytes have them
		}
	}
	return a == b
}

// of reports whether a letter is that of an entry that arrived then: those excluded above all.
func (l letter) of(r record.Record, arrived int64) bool {
	want := newLetter(r, arrived)
	return l.Record == want.Record && l.Institution == want.Institution && l.Signer == want.Signer && l.Policy == want.Policy &&
		l.Arrived == want.Arrived && slices.Equal(l.Excluded, want.Excluded)
}

// verifyRest finds entries, evidence and reports by what should have stayed with them.
func (t *tx) verifyRest(tell func(Finding)) error {
	gone, err := texts(t, "SELECT subject FROM audit a WHERE action = 'file' AND allowed AND NOT EXISTS (SELECT 1 FROM records r WHERE r.id = a.subject)")
	if err != nil {
		return err
	}
	for _, id := range gone {
		tell(Finding{id, "records", "the entry is gone"})
	}
	wrong, err := texts(t, `SELECT case_id || '/' || person FROM signers s WHERE (filed_ms IS NOT NULL) <>
		EXISTS (SELECT 1 FROM links l JOIN records r ON r.id = l.record WHERE l.case_id = s.case_id AND r.signer = s.person)`)
	if err != nil {
		return err
	}
	for _, id := range wrong {
		tell(Finding{id, "signers", "a case says filed without an entry, or not filed with one"})
	}
	for table, recordOf := range map[string]func(id string, body []byte) (string, error){
		"evidence": func(id string, body []byte) (string, error) {
			var x exhibit
			err := t.unseal(toVerify, body, &x, "evidence", id, "body")
			if x.Act != "" {
				return "", err // verifyAct looks for it
			}
			return x.Record, err
		},
		"reports": func(id string, body []byte) (string, error) {
			var l letter
			err := t.unseal(toVerify, body, &l, "reports", id, "body")
			return l.Record, err
		},
	} {
		if err := t.verifyOwners(table, recordOf, tell); err != nil {
			return err
		}
	}
	if err := t.verifySigners(tell); err != nil {
		return err
	}
	if err := t.verifyStrays(tell); err != nil {
		return err
	}
	if err := t.verifyDeeds(tell); err != nil {
		return err
	}
	if err := t.verifyAbsences(tell); err != nil {
		return err
	}
	if err := t.verifyActs(tell); err != nil {
		return err
	}
	return t.verifyMeasures(tell)
}

// verifyOwners finds sealed rows that do not open or whose entry is not there.
func (t *tx) verifyOwners(table string, recordOf func(string, []byte) (string, error), tell func(Finding)) error {
	type row struct {
		id   string
		body []byte
	}
	found, err := rows(t, func(r *row) []any { return []any{&r.id, &r.body} }, fmt.Sprintf("SELECT id, body FROM %s WHERE NOT EXISTS (SELECT 1 FROM gone WHERE of_table = '%[1]s' AND of_row = id) ORDER BY id", table))
	if err != nil {
		return err
	}
	if err := fetchKeys(t, table, found, func(r row) string { return r.id }); err != nil {
		return err
	}
	for _, r := range found {
		id, err := recordOf(r.id, r.body)
		if errors.Is(err, ErrWrapper) {
			return err
		}
		if err != nil {
			tell(Finding{r.id, table, "it does not open"})
			continue
		}
		if id == "" {
			continue
		}
		var n int
		// Of an entry whose filing is noted it is told already that it is gone; told here again, it would be known as a report.
		if _, err := t.one([]any{&n}, "SELECT COUNT(*) FROM audit WHERE action = 'file' AND subject = $1 AND allowed", id); err != nil {
			return err
		}
		if n == 0 {
			tell(Finding{r.id, table, "it belongs to no entry"})
		}
	}
	return nil
}

// Exhibits passes every piece of evidence to each, in the order of their own IDs: for checking and keeping the vault. What they
// belong to is nobody's to know.
func (d *DB) Exhibits(ctx context.Context, each func(f form.File) error) error {
	var all []exhibit
	err := d.snapshot(ctx, "list evidence", func(t *tx) error {
		type row struct {
			id   string
			body []byte
		}
		found, err := rows(t, func(r *row) []any { return []any{&r.id, &r.body} }, "SELECT id, body FROM evidence WHERE NOT EXISTS (SELECT 1 FROM gone WHERE of_table = 'evidence' AND of_row = id) ORDER BY id")
		if err != nil {
			return err
		}
		if err := fetchKeys(t, "evidence", found, func(r row) string { return r.id }); err != nil {
			return err
		}
		all = nil
		for _, r := range found {
			var x exhibit
			if err := t.unseal(toKeep, r.body, &x, "evidence", r.id, "body"); err != nil {
				return err
			}
			all = append(all, x)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, x := range all {
		if err := each(x.File); err != nil {
			return err
		}
	}
	return nil
}

// BlobNames passes the name of every piece of content that is evidence to each, once.
func (d *DB) BlobNames(ctx context.Context, each func(name string) error) error {
	var all []string
	err := d.snapshot(ctx, "list evidence", func(t *tx) (err error) {
		all, err = texts(t, "SELECT DISTINCT blob FROM evidence WHERE NOT EXISTS (SELECT 1 FROM gone WHERE of_table = 'evidence' AND of_row = id) ORDER BY blob")
		return err
	})
	for _, name := range all {
		if err == nil {
			err = each(name)
		}
	}
	return err
}

package db

import (
	"errors"
	"fmt"
	"slices"

	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/record"
)

// Sizes in bytes that sealed columns are padded to.
const (
	bodyBlock = 4096 // an ordinary report is as long as 无此类情况
	headBlock = 256
)

// head is what lists show of an entry, sealed apart so that its body need not be opened for them.
type head struct {
	Digest string `json:"digest"`
	Number string `json:"number"`
	Matter string `json:"matter"`
}

// letter is a report's sealed part.
type letter struct {
	Record      string   `json:"record"`
	Institution string   `json:"institution"`
	Signer      string   `json:"signer"`
	Policy      string   `json:"policy"`
	Arrived     int64    `json:"arrived"`              // milliseconds
	Excluded    []string `json:"excluded,omitempty"`   // everybody who never sees it
	Implicated  []string `json:"implicated,omitempty"` // those of them who interfered, or may be the ones meant
	Complaint   bool     `json:"complaint,omitempty"`  // of retaliation, of the entry (Art. 9)
	Lead        bool     `json:"lead,omitempty"`       // of a complaint: the leader of the authority is or may be implicated
	Bypasses    bool     `json:"bypasses,omitempty"`   // it does not go to the signer's institution (Art. 5 ¶2, ¶3)
	Party       bool     `json:"party,omitempty"`      // it is the Party's own track of a report (Art. 7 ¶2)
}

// exhibit is the sealed part of a piece of evidence.
type exhibit struct {
	Record string    `json:"record,omitempty"`
	Act    string    `json:"act,omitempty"` // it came with an act about a report, not with the entry
	File   form.File `json:"file"`
}

// file keeps a signed entry and sends its report on its way (Arts. 4, 5). An entry of that ID that is there already stands.
func (w *work) file(r record.Record) error {
	if err := w.mayFile(r); err != nil {
		return err
	}
	fresh, err := w.insertRecord(r)
	if err != nil || !fresh {
		return err
	}
	for _, step := range []func(record.Record) error{w.link, w.keepEvidence, w.report} {
		if err := step(r); err != nil {
			return fmt.Errorf("record %s: %w", r.ID, err)
		}
	}
	return nil
}

// mayFile: nobody signs for another (R4.10), for another institution, or over another's entry; no report goes to anybody
// excluded from it (R5.4).
func (w *work) mayFile(r record.Record) error {
	if _, err := w.authorize(w.c, ask{
		action: law.FileEntry, subject: r.ID, unit: r.Institution.ID, whose: r.Signer.ID, event: w.event, at: w.at,
	}); err != nil {
		return err
	}
	if r.ID == "" || r.Zero() != (r.Report == nil) {
		return fmt.Errorf("record %q is not whole", r.ID)
	}
	if r.Report != nil {
		for _, s := range slices.Concat(r.Report.Stops, r.Report.Party) {
			for _, p := range s.Recipients {
				if slices.ContainsFunc(r.Report.Excluded, func(e record.Excluded) bool { return e.ID == p.ID }) {
					return fmt.Errorf("record %s: a recipient is excluded", r.ID)
				}
			}
		}
	}
	if r.Supersedes == "" {
		return nil
	}
	var signer string
	if _, err := w.one([]any{&signer}, "SELECT signer FROM records WHERE id = $1", r.Supersedes); err != nil {
		return err
	}
	if signer != w.c.Person {
		return refuseFiling(r)
	}
	return nil
}

func refuseFiling(r record.Record) error {
	return &denial{action: string(law.FileEntry), subject: r.ID, why: notTheirs}
}

func (w *work) insertRecord(r record.Record) (fresh bool, err error) {
	canonical, err := r.Canonical()
	if err != nil {
		return false, err
	}
	if _, err := record.Parse(canonical); err != nil {
		return false, fmt.Errorf("record %s would not be readable: %w", r.ID, err)
	}
	h, err := w.seal(head{Digest: record.Digest(canonical), Number: r.Case.Number, Matter: r.Case.Matter}, "records", r.ID, "head")
	if err != nil {
		return false, err
	}
	body, err := w.sealBytes(pad(canonical, bodyBlock), "records", r.ID, "body")
	if err != nil {
		return false, err
	}
	n, err := w.exec(`INSERT INTO records (id, institution, signer, signed_ms, supersedes, head, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING`,
		r.ID, r.Institution.ID, r.Signer.ID, r.Signed.UnixMilli(), r.Supersedes, h, body)
	if err == nil && n == 1 {
		w.witness(leafEntry, r.ID, canonical)
	}
	if err != nil || n == 1 {
		return n == 1, err
	}
	var signer string
	if _, err := w.one([]any{&signer}, "SELECT signer FROM records WHERE id = $1", r.ID); err != nil {
		return false, err
	}
	if signer != w.c.Person {
		return false, refuseFiling(r)
	}
	return false, nil
}

// link ties an entry to its registered case: the one chosen, or the one whose number was typed.
func (w *work) link(r record.Record) error {
	var id string
	var err error
	switch {
	case r.Case.ID != "":
		var found bool
		found, err = w.one([]any{&id}, "SELECT id FROM cases WHERE id = $1 AND institution = $2", r.Case.ID, r.Institution.ID)
		if err == nil && !found {
			return refuseFiling(r)
		}
	case r.Case.Number != "":
		_, err = w.one([]any{&id}, "SELECT id FROM cases WHERE institution = $1 AND match_key = $2",
			r.Institution.ID, w.d.MatchKey(r.Case.Number))
	}
	if err != nil || id == "" {
		return err
	}
	return w.tie(r.ID, id)
}

// tie links one entry to one case and settles what its signer owed.
func (t *tx) tie(recordID, caseID string) error {
	n, err := t.exec("INSERT INTO links (record, case_id) VALUES ($1, $2) ON CONFLICT (record) DO NOTHING", recordID, caseID)
	if err != nil {
		return err
	}
	if n == 1 {
		t.witness(leafLink, recordID, joined(recordID, caseID))
	}
	return t.settle(caseID)
}

// settle notes for the signers of a case when they first filed. Filed is all that is noted.
func (t *tx) settle(caseID string) error {
	_, err := t.exec(`UPDATE signers SET filed_ms = (SELECT MIN(r.signed_ms) FROM links l JOIN records r ON r.id = l.record
		WHERE l.case_id = signers.case_id AND r.signer = signers.person) WHERE case_id = $1 AND filed_ms IS NULL`, caseID)
	return err
}

// keepEvidence notes where the evidence lies (Art. 4). The content is in the vault before this.
func (w *work) keepEvidence(r record.Record) error {
	for _, f := range r.Answers[form.Evidence].Files {
		if err := w.keepExhibit(w.d.evidenceID(r.ID, f.ID), exhibit{Record: r.ID, File: f}); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) keepExhibit(id string, x exhibit) error {
	if x.File.ID == "" || x.File.Blob == "" {
		return errors.New("a piece of evidence has no name or no content")
	}
	body, err := t.seal(x, "evidence", id, "body")
	if err != nil {
		return err
	}
	_, err = t.exec("INSERT INTO evidence (id, blob, size, body) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING",
		id, x.File.Blob, x.File.Size, body)
	return err
}

package db

import (
	"slices"

	"liuhen/flows"
	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/record"
)

// statementWords is the length of what a reporter may say at a time, in characters, as the store takes it.
const statementWords = 12_000

func limitOf(k law.ActKind) int {
	if k == law.Reply || k == law.Complain {
		return statementWords
	}
	return actWords
}

// keepExhibits notes where the evidence lies that a reporter adds to a report, as an entry's is noted (Art. 4).
func (w *work) keepExhibits(a record.Act) error {
	for _, f := range a.Files {
		if err := w.keepExhibit(w.d.actEvidenceID(a.ID, f.ID), exhibit{Act: a.ID, File: f}); err != nil {
			return err
		}
	}
	return nil
}

func (d *DB) actEvidenceID(act, file string) string { return d.derivedID("evidence-of-act", act, file) }

// reportOf is the report that evidence is asked for by: the ID may be an entry's or a report's.
func (t *tx) reportOf(subject string) (string, error) {
	var n int
	_, err := t.one([]any{&n}, "SELECT COUNT(*) FROM records WHERE id = $1", subject)
	if n > 0 {
		subject = t.d.reportID(subject)
	}
	return subject, err
}

// exhibits are the pieces of evidence of what a caller was allowed to read: the entry's, and what was added to its report, as far as
// the acts that brought it are shown to them.
func (t *tx) exhibits(g *grant) ([]form.File, error) {
	report := t.d.reportID(g.record.ID)
	own := g.record.Answers[form.Evidence].Files
	switch {
	case g.delivery != nil:
		report = g.delivery.report
	case g.plaint != "":
		report, own = g.plaint, nil
	}
	m, ids := &matter{}, []string{report}
	of := map[string]*matter{report: m}
	if err := t.actsOf(g, ids, nil, of); err != nil {
		return nil, err
	}
	acts := m.acts
	if g.delivery != nil {
		if err := t.arrivalsOf(g, ids, nil, of); err != nil {
			return nil, err
		}
		acts = flows.ActsFor(m.Matter, g.delivery.unit, nil, m.acts)
	}
	out := slices.Clone(own)
	for _, a := range acts {
		out = append(out, a.Files...)
	}
	return out, nil
}

// verifyExhibits finds evidence that was added and is not as it was.
func (t *tx) verifyExhibits(a record.Act, tell func(Finding)) error {
	for _, f := range a.Files {
		id := t.d.actEvidenceID(a.ID, f.ID)
		x, same, err := t.stillThere(id, f)
		if err != nil {
			return err
		}
		if !same || x.Act != a.ID {
			tell(Finding{id, "evidence", "what was added to a report is missing or differs"})
		}
	}
	return nil
}

// stillThere is the row of a piece of evidence, and whether it still holds the file that was signed.
func (t *tx) stillThere(id string, f form.File) (x exhibit, same bool, err error) {
	var size int64
	var blob string
	var body []byte
	found, err := t.one([]any{&blob, &size, &body}, "SELECT blob, size, body FROM evidence WHERE id = $1", id)
	if err != nil || !found || t.unseal(toVerify, body, &x, "evidence", id, "body") != nil {
		return exhibit{}, false, err
	}
	return x, blob == f.Blob && size == f.Size && sameFile(x.File, f), nil
}

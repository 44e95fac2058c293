package db

import (
	"context"
	"errors"
	"slices"
	"unicode/utf8"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
)

// forLetters completes a report with what letters need: what may be drafted, the names of the case's signers, and what may
// stand in no letter (R8.8).
func (t *tx) forLetters(r *flows.Report, m *matter) (err error) {
	r.Unsent = law.Unsent(t.d.Policy, t.d.Calendar, m.Matter, law.UnitID(r.Unit))
	if r.Letters = law.DraftLetters(t.d.Policy, t.d.Calendar, m.Matter, law.UnitID(r.Unit)); len(r.Letters) == 0 {
		return nil
	}
	signer := m.record.Signer
	var licence string
	if _, err := t.one([]any{&licence}, "SELECT licence FROM persons WHERE id = $1", signer.ID); err != nil {
		return err
	}
	r.Unsaid = []string{signer.Name, signer.ID, licence}
	if m.record.Case.ID != "" {
		r.Team, err = texts(t, `SELECT DISTINCT p.name FROM signers s JOIN persons p ON p.id = s.person WHERE s.case_id = $1 ORDER BY p.name`,
			m.record.Case.ID)
		slices.Sort(r.Team) // engines sort Chinese differently
	}
	return err
}

// draftFlaw is why a letter is not taken, "" when it is: it must be one that may be drafted now, word by word as the rule's
// tables write it with these facts, so that nothing else of the report can be in it.
func (w *work) draftFlaw(a record.Act, m *matter) (string, error) {
	r := flows.Report{Record: m.record, Unit: a.Unit}
	if err := w.forLetters(&r, m); err != nil {
		return "", err
	}
	i := slices.IndexFunc(r.Letters, func(l law.Letter) bool { return l.Key == a.Task })
	switch {
	case i < 0:
		return "not now: no such letter", nil
	case a.Letter == nil || len(a.Categories)+len(a.Files) > 0 || a.Whom != nil:
		return "a draft is a letter and nothing else", nil
	case len(a.Letter.Facts) == 0:
		return "without facts", nil
	case !flows.Compose(r.Letters[i], r, a.Letter.Facts, a.Text).Same(*a.Letter):
		return "the letter is not the one of these facts", nil
	case slices.Contains(a.Letter.Facts, flows.DiscloseFact) == (a.Text == ""):
		return "the paragraph does not fit its box", nil
	case flows.Unsaid(r, a.Letter.Facts, a.Text):
		return "the paragraph names the reporter or the case's signers", nil
	}
	return "", nil
}

// sendFlaw is why a letter is not noted as sent.
func (d *DB) sendFlaw(a record.Act, m *matter) string {
	switch {
	case !slices.Contains(law.Unsent(d.Policy, d.Calendar, m.Matter, law.UnitID(a.Unit)), a.Task):
		return "not now: no such draft"
	case a.Text == "" || utf8.RuneCountInString(a.Text) > actWords:
		return "without words, or with too many"
	case a.Letter != nil || len(a.Categories)+len(a.Files) > 0 || a.Whom != nil:
		return "more than belongs to it"
	}
	return ""
}

// Letter finds a drafted letter for somebody who handles its report at the unit that drafted it; anybody else gets ErrDenied.
// Either way it is written down (R10.4).
func (d *DB) Letter(ctx context.Context, c Caller, event int64, report, act string) (letter record.Letter, err error) {
	var no error
	err = d.write(ctx, "find a letter", func(t *tx) error {
		a := ask{action: law.ReadLetter, subject: report, part: act, event: event, at: d.Clock()}
		letter, no = record.Letter{}, nil
		if err := (&work{tx: t, c: c}).stillCaller(); err != nil {
			return err
		}
		g, err := t.authorize(c, a)
		if errors.Is(err, ErrDenied) {
			no = err // and what was noted stays
			return nil
		}
		if err != nil {
			return err
		}
		letter = *g.draft
		return nil
	})
	return letter, errors.Join(err, no)
}

// withDraft is the grant with the letter that an act of its unit drafted, nil when there is none.
func (t *tx) withDraft(g *grant, a ask) (*grant, error) {
	m, err := t.matter(g, a.subject, g.letter)
	if err != nil {
		return nil, err
	}
	for _, x := range m.acts {
		if x.ID == a.part && x.Kind == law.Draft && x.Unit == g.unit && x.Letter != nil {
			g.draft = x.Letter
			return g, nil
		}
	}
	return nil, nil
}

package flows

import (
	"strings"

	"liuhen/flows/record"
	"liuhen/flows/text"
)

// sign files the entry. The press carries the digest of the summary it stood under: if the content or its recipients have
// changed since, nothing is signed and the summary is shown again.
func (t *step) sign(a Tap) {
	x := t.Sheet
	for _, r := range t.desk.Records {
		if r.ID == x.Draft { // filed before the dialog was stored: a crash in between, healed here
			t.signed(x.Draft)
			return
		}
	}
	if _, open := t.edition().Next(x.Answers); open || t.Ask != "" {
		t.hint(text.HintUnfinished)
		return
	}
	digest := shown(x, t.desk)
	if a.Arg == "" || !strings.HasPrefix(digest, a.Arg) || len(a.Arg) < 16 {
		t.alert(text.HintChanged)
		t.Page = 0
		return
	}
	t.do(File{Record: t.entry(digest)})
	t.signed(x.Draft)
}

func (t *step) signed(id string) {
	t.Sheet = nil
	t.Place, t.Subject, t.Page, t.Ask = AtRecord, id, 0, ""
	t.Turn++
	t.hint(text.HintFiled)
}

// entry is the record as it is signed now.
func (t *step) entry(digest string) record.Record {
	x, d := t.Sheet, t.desk
	r := record.Record{
		Version:     record.Version,
		ID:          x.Draft,
		Edition:     x.Edition,
		Institution: record.Person{ID: d.Me.Institution, Name: d.Me.UnitName},
		Case:        x.Case,
		Signer:      record.Person{ID: d.Me.ID, Name: d.Me.Name},
		Signed:      t.event.At,
		Shown:       digest,
		Answers:     final(x, d),
		Supersedes:  x.Supersedes,
		Supplements: x.Supplements,
	}
	if !r.Zero() {
		way := routing(x, d)
		r.Report = &way
	}
	return r
}

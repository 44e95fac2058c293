package flows

import (
	"slices"
	"strings"
	"unicode/utf8"

	"liuhen/flows/form"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

const (
	numberLimit = 100 // characters of a case number
	matterLimit = 500 // characters of a matter
	shelfLimit  = 10  // drafts put aside
)

// argNone is the argument of DoCase for a case without a number, argOther for one not on the list.
const (
	argNone  = "none"
	argOther = "other"
)

// choose opens a sheet: for a registered case, for one that is not on the list, for a draft on the shelf, as a further
// entry (AM-17) or as a correction (AM-25).
func (t *step) choose(a Tap) {
	switch a.Verb {
	case DoDraft:
		t.resume(a.Arg)
	case DoCorrect:
		t.correct(a.Arg)
	case DoAdd:
		t.add(a.Arg)
	default:
		t.pick(a)
	}
}

func (t *step) pick(a Tap) {
	switch a.Arg {
	case argOther:
		t.walk(AtNumber)
	case argNone:
		t.unnumbered(a)
	default:
		c, ok := t.caseByID(a.Arg)
		switch {
		case !ok:
			t.alert(text.HintNotThere)
		case c.Filed:
			t.add(c.ID)
		default:
			t.open(Sheet{Case: c.ref()})
		}
	}
}

// unnumbered goes on without a number or without a matter (AM-18).
func (t *step) unnumbered(a Tap) {
	switch {
	case t.stale(a):
	case t.Place == AtNumber:
		t.Number, t.Place = "", AtMatter
		t.Turn++
	case t.Place == AtMatter:
		t.open(Sheet{Case: record.Case{Number: t.Number}})
	}
}

func (t *step) number(words string) {
	words = oneLine(words)
	if utf8.RuneCountInString(words) > numberLimit {
		t.tooLong(words, text.HintTooLong, numberLimit)
		return
	}
	for _, c := range t.desk.Cases {
		if c.Number == words {
			t.pick(Tap{Verb: DoCase, Arg: c.ID})
			return
		}
	}
	t.Number, t.Place = words, AtMatter
	t.Turn++
}

func (t *step) matter(words string) {
	words = oneLine(words)
	if utf8.RuneCountInString(words) > matterLimit {
		t.tooLong(words, text.HintTooLong, matterLimit)
		return
	}
	t.open(Sheet{Case: record.Case{Number: t.Number, Matter: words}})
}

func (t *step) add(id string) {
	c, ok := t.caseByID(id)
	if !ok {
		t.alert(text.HintNotThere)
		return
	}
	t.open(Sheet{Case: c.ref(), Supplements: true})
}

func (t *step) correct(id string) {
	e := t.desk.Entry
	if e == nil || e.ID != id {
		t.hint(text.HintOldButton)
		return
	}
	if i := slices.IndexFunc(t.desk.Records, func(r Receipt) bool { return r.ID == id }); i < 0 || t.desk.Records[i].Superseded != "" {
		t.alert(text.HintSuperseded)
		return
	}
	answers := e.Answers.Clone()
	for k, v := range answers {
		v.Confirmed = k != form.Outcome && k != form.Channel
		answers[k] = v
	}
	answers[form.Reason] = form.Answer{}
	t.open(Sheet{Case: e.Case, Answers: answers, Supersedes: id, Supplements: e.Supplements})
}

func (t *step) resume(draft string) {
	for _, x := range t.Shelf {
		if short(x.Draft) == draft {
			t.take(x)
			return
		}
	}
	t.hint(text.HintOldButton)
}

// take moves a draft from the shelf to the table.
func (t *step) take(x Sheet) {
	t.shelve()
	t.Shelf = slices.DeleteFunc(t.Shelf, func(y Sheet) bool { return y.Draft == x.Draft })
	t.Place, t.Sheet, t.Page, t.Ask, t.Subject, t.Act = AtSheet, &x, 0, "", "", nil
	t.Measure, t.Basis, t.Plaint = nil, "", false
	t.Turn++
}

// open lays a fresh sheet on the table, or the draft already begun for the same purpose.
func (t *step) open(x Sheet) {
	if !t.desk.Me.Files() {
		t.hint(text.HintNotYours)
		return
	}
	t.shelve()
	for _, old := range t.Shelf {
		if old.Case == x.Case && old.Supersedes == x.Supersedes && old.Supplements == x.Supplements && x.Case.ID != "" {
			t.take(old)
			t.hint(text.HintResumed)
			return
		}
	}
	if len(t.Shelf) >= shelfLimit {
		t.Place = AtFile
		t.alert(text.HintShelfFull, shelfLimit)
		return
	}
	x.Draft, x.Edition = t.event.Fresh, form.Edition2020.ID
	if x.Answers == nil {
		x.Answers = form.Answers{}
	}
	if x.Supplements && x.Supersedes == "" {
		x.Answers[form.Outcome] = form.Answer{Boxes: []form.OptionID{form.Event}, Confirmed: true}
	}
	t.Number = ""
	t.Place, t.Sheet, t.Page, t.Ask, t.Subject, t.Act = AtSheet, &x, 0, "", "", nil
	t.Measure, t.Basis, t.Plaint = nil, "", false
	t.Turn++
}

// shelve puts the open sheet aside. A sheet in which nothing was chosen is not worth keeping.
func (t *step) shelve() {
	if t.Sheet == nil {
		return
	}
	if x := *t.Sheet; begun(x) {
		t.Shelf = append(t.Shelf, x)
	}
	t.Sheet = nil
}

func begun(x Sheet) bool {
	for id, v := range x.Answers {
		if id == form.Channel || id == form.Outcome && x.Supplements {
			continue
		}
		if x.Supersedes != "" && id != form.Reason {
			continue
		}
		if len(v.Boxes)+len(v.Parts)+len(v.Files)+len(v.Text) > 0 {
			return true
		}
	}
	return false
}

func (t *step) caseByID(id string) (Case, bool) {
	for _, c := range t.desk.Cases {
		if c.ID == id {
			return c, true
		}
	}
	return Case{}, false
}

func (c Case) ref() record.Case {
	return record.Case{ID: c.ID, Number: c.Number, Matter: c.Matter, Client: c.Client, ClientType: c.ClientType}
}

// short is the part of a draft's ID that buttons carry.
func short(draft string) string {
	if len(draft) > 8 {
		return draft[:8]
	}
	return draft
}

// oneLine folds line breaks and runs of spaces.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

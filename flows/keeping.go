package flows

import (
	"slices"
	"strings"
	"unicode/utf8"

	"liuhen/flows/law"
	"liuhen/flows/text"
)

// disposalBatch is how many cases one proposal takes at most, so that both people can read the list.
const disposalBatch = 50

// Keeping is what somebody who keeps the files of cases may know (Art. 4): which cases nothing may be disposed of, whose
// retention is over, and what was proposed. What is in the files is not among it.
type Keeping struct {
	May      []law.DeedKind // what the caller may do
	Held     []Held         // the holds that stand, newest first
	Due      []KeptCase     // retention over, held by nobody, not proposed: for those who may propose
	Open     []Disposal     // proposals without an answer
	Done     []Disposal     // disposals agreed to, newest first
	Found    []KeptCase     // the cases of the number that was written
	Searched bool           // a number was written
}

// KeptCase is a case as its keepers see it.
type KeptCase struct {
	ID          string
	Number      string
	Institution string // name
	Closed      law.Date
	Until       law.Date // the last day of its retention, zero while it is open
}

// Held is a hold on a case.
type Held struct {
	ID    string
	Case  KeptCase
	By    string // name
	Unit  string // name of the unit that holds it
	On    law.Date
	Words string
	Mine  bool // the caller may release it
}

// Disposal is a proposal to dispose of cases, with its answer.
type Disposal struct {
	ID       string
	Cases    []KeptCase
	By       string
	On       law.Date
	Words    string
	Mine     bool // made by the caller, who cannot answer it
	Answered string
	AnswerOn law.Date
	Answer   string
}

// Kept is what is being prepared at AtKeeping.
type Kept struct {
	Kind  law.DeedKind `json:"kind"`
	About string       `json:"about,omitempty"` // the hold or the proposal
	Case  string       `json:"case,omitempty"`
	Words string       `json:"words,omitempty"`
}

// keeps reports whether the caller may do something about the keeping of files.
func (d Desk) keeps(k law.DeedKind) bool {
	return d.Keeping != nil && slices.Contains(d.Keeping.May, k)
}

// keep prepares something: Arg is the kind and, after a dot, the hold, the proposal or the case.
func (t *step) keep(a Tap) {
	kind, about, _ := strings.Cut(a.Arg, ".")
	k := &Kept{Kind: law.DeedKind(kind)}
	switch {
	case t.Place != AtKeeping || t.stale(a):
		return
	case !t.desk.keeps(k.Kind):
		t.alert(text.HintNotNow)
		return
	case k.Kind == law.Hold:
		k.Case = about
	default:
		k.About = about
	}
	if !t.keepable(*k) {
		t.alert(text.HintNotNow)
		return
	}
	t.Keep = k
	t.Turn++
}

// keepable reports whether what is prepared can be done as things stand.
func (t *step) keepable(k Kept) bool {
	d := t.desk.Keeping
	switch k.Kind {
	case law.Hold:
		return k.Case == "" || slices.ContainsFunc(d.Found, func(c KeptCase) bool { return c.ID == k.Case })
	case law.Release:
		return slices.ContainsFunc(d.Held, func(h Held) bool { return h.ID == k.About && h.Mine })
	case law.Propose:
		return len(d.Due) > 0
	case law.Agree, law.Refuse:
		return slices.ContainsFunc(d.Open, func(p Disposal) bool { return p.ID == k.About && !p.Mine })
	}
	return false
}

// keeping takes words at AtKeeping: first the number of the case to hold, then the reason.
func (t *step) keeping(words string) {
	switch {
	case t.Keep.Kind == law.Hold && t.Keep.Case == "":
		if n := utf8.RuneCountInString(words); n > numberLimit {
			t.tooLong(words, text.HintTooLongBy, n, numberLimit)
			return
		}
		t.Subject = words
	default:
		if n := utf8.RuneCountInString(words); n > wordsLimit {
			t.tooLong(words, text.HintTooLongBy, n, wordsLimit)
			return
		}
		t.replace(&t.Keep.Words, words)
	}
}

// carryKeep does what was prepared.
func (t *step) carryKeep(a Tap) {
	if t.stale(a) {
		return
	}
	k := *t.Keep
	switch {
	case !t.desk.keeps(k.Kind) || !t.keepable(k) || k.Kind == law.Hold && k.Case == "":
		t.Keep = nil
		t.alert(text.HintNotNow)
		return
	case k.Words == "":
		t.alert(text.HintWriteFirst)
		return
	}
	deed := law.Deed{ID: t.event.Fresh, Kind: k.Kind, By: law.PersonID(t.desk.Me.ID), Unit: law.UnitID(t.desk.Me.Institution), About: k.About}
	switch k.Kind {
	case law.Hold:
		deed.Cases = []string{k.Case}
	case law.Propose:
		for _, c := range t.proposing() {
			deed.Cases = append(deed.Cases, c.ID)
		}
	default:
	}
	t.do(Keep{Deed: deed, Words: k.Words})
	t.walk(AtKeeping)
	t.hint(text.HintDone)
}

// proposing are the cases that the next proposal takes: those whose retention ended first.
func (t *step) proposing() []KeptCase {
	return t.desk.Keeping.Due[:min(len(t.desk.Keeping.Due), disposalBatch)]
}

// protocol sends the protocol of a disposal that was agreed to.
func (t *step) protocol(id string) {
	if t.Place == AtKeeping && t.desk.Keeping != nil {
		for _, d := range t.desk.Keeping.Done {
			if d.ID == id {
				t.do(HandProtocol{Disposal: d})
				t.alert(text.HintPrinted)
				return
			}
		}
	}
	t.hint(text.HintOldButton)
}

package flows

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"liuhen/flows/law"
	"liuhen/flows/text"
)

// Absences is what those who speak for an institution in a 缺签说明 may know (AM-21): who has not signed, and what was said about
// it. It follows from filed or not filed alone.
type Absences struct {
	Open  []Absence // proposals without an answer, oldest first
	Noted []Absence // those that stand, newest first
	Lacks []Lack    // for which the caller may propose one, the longest closed first
}

// Absence is a 缺签说明 or a proposal of one.
type Absence struct {
	ID          string
	CaseID      string
	Number      string
	Institution string // name
	Signer      string // name
	Reason      law.AbsenceReason
	Words       string
	By          string // name of the first of the two
	On          law.Date
	Second      string // name of the second, "" for an open proposal
	SecondOn    law.Date
	May         []law.AbsenceKind // what the caller may do about it
}

// Explained is a 缺签说明 that stands, in neutral words: all that paper, the index of the file and the authority's hints show of it.
type Explained struct {
	Person     string // ID of the signer
	Signer     string // name
	Reason     law.AbsenceReason
	By, Second string // names of the two
	On         law.Date
}

// Remark is what the sheet says of it under 备注, always in Chinese and never in the words of the two (AM-21, R10).
func (e Explained) Remark() string {
	return fmt.Sprintf(text.AbsenceRemark, e.Signer, e.reason(), e.two(), e.day())
}

// Index is what the index of the sealed file says of it behind the signer's name.
func (e Explained) Index() string {
	return fmt.Sprintf(text.AbsenceIndex, e.reason(), e.two(), e.day())
}

func (e Explained) reason() string { return text.Say(text.ZhHans, reasonKey(e.Reason)) }

func (e Explained) two() string { return fmt.Sprintf(text.AbsenceTwo, e.By, e.Second) }

func (e Explained) day() string {
	return text.Say(text.ZhHans, text.DateFormat, e.On.Y, int(e.On.M), e.On.D)
}

// Lack is an entry that is missing and for which a reason can be given.
type Lack struct {
	CaseID      string
	Number      string
	Institution string // name
	Signer      string // person ID
	Name        string
	Gone        bool // the register says that they have left
	Closed      law.Date
	Reasons     []law.AbsenceReason
}

// Absenting is what is being prepared at AtAbsences.
type Absenting struct {
	Kind   law.AbsenceKind   `json:"kind"`
	About  string            `json:"about,omitempty"` // the proposal that is answered or withdrawn
	Case   string            `json:"case,omitempty"`
	Signer string            `json:"signer,omitempty"`
	Reason law.AbsenceReason `json:"reason,omitempty"`
	Words  string            `json:"words,omitempty"`
}

// absence takes a press in the room of 缺签说明.
func (t *step) absence(a Tap) {
	switch {
	case t.Place != AtAbsences || t.stale(a):
	case t.desk.Absences == nil:
		t.alert(text.HintNotNow)
	case a.Verb == DoReason:
		t.reason(law.AbsenceReason(a.Arg))
	default:
		t.absent(a)
	}
}

// absent prepares something: Arg is its kind, a dot, and the proposal, or the case and its signer with another dot between.
func (t *step) absent(a Tap) {
	kind, about, _ := strings.Cut(a.Arg, ".")
	x := &Absenting{Kind: law.AbsenceKind(kind), About: about}
	if x.Kind == law.ProposeAbsence {
		x.About = ""
		x.Case, x.Signer, _ = strings.Cut(about, ".")
	}
	if !t.desk.Absences.can(*x) {
		t.alert(text.HintNotNow)
		return
	}
	t.Absent = x
	t.Turn++
}

// reason chooses why somebody has not signed.
func (t *step) reason(r law.AbsenceReason) {
	x := t.Absent
	l, ok := Lack{}, false
	if x != nil {
		l, ok = t.desk.Absences.lack(x.Case, x.Signer)
	}
	if !ok || !slices.Contains(l.Reasons, r) {
		t.alert(text.HintNotNow)
		return
	}
	x.Reason = r
	t.Turn++
}

// can reports whether what is prepared can be done as things stand.
func (d *Absences) can(x Absenting) bool {
	if x.Kind == law.ProposeAbsence {
		l, ok := d.lack(x.Case, x.Signer)
		return ok && (x.Reason == "" || slices.Contains(l.Reasons, x.Reason))
	}
	a, ok := d.find(x.About)
	return ok && slices.Contains(a.May, x.Kind)
}

func (d *Absences) lack(caseID, signer string) (Lack, bool) {
	i := slices.IndexFunc(d.Lacks, func(l Lack) bool { return l.CaseID == caseID && l.Signer == signer })
	if i < 0 {
		return Lack{}, false
	}
	return d.Lacks[i], true
}

func (d *Absences) find(id string) (Absence, bool) {
	for _, list := range [][]Absence{d.Open, d.Noted} {
		if i := slices.IndexFunc(list, func(a Absence) bool { return a.ID == id }); i >= 0 {
			return list[i], true
		}
	}
	return Absence{}, false
}

// waiting counts the proposals that the caller can answer.
func (d *Absences) waiting() int {
	n := 0
	if d != nil {
		for _, a := range d.Open {
			if slices.Contains(a.May, law.AgreeAbsence) {
				n++
			}
		}
	}
	return n
}

// absenceWords takes words at AtAbsences.
func (t *step) absenceWords(words string) {
	switch n := utf8.RuneCountInString(words); {
	case t.Absent.Kind == law.ProposeAbsence && t.Absent.Reason == "":
		t.hint(text.HintUseButtons)
	case n > wordsLimit:
		t.tooLong(words, text.HintTooLongBy, n, wordsLimit)
	default:
		t.replace(&t.Absent.Words, words)
	}
}

// carryAbsence does what was prepared. Agreeing needs no words: they stand in the proposal.
func (t *step) carryAbsence(a Tap) {
	if t.stale(a) {
		return
	}
	x := *t.Absent
	switch {
	case t.desk.Absences == nil || !t.desk.Absences.can(x) || x.Kind == law.ProposeAbsence && x.Reason == "":
		t.Absent = nil
		t.Turn++
		t.alert(text.HintNotNow)
		return
	case x.Words == "" && x.Kind != law.AgreeAbsence:
		t.alert(text.HintWriteFirst)
		return
	}
	t.do(NoteAbsence{Words: x.Words, Deed: law.AbsenceDeed{
		ID: t.event.Fresh, Kind: x.Kind, Unit: law.UnitID(t.desk.Me.Institution), By: law.PersonID(t.desk.Me.ID),
		About: x.About, Case: x.Case, Signer: law.PersonID(x.Signer), Reason: x.Reason,
	}})
	t.walk(AtAbsences)
	t.hint(text.HintDone)
}

package flows

import (
	"slices"
	"strings"
	"unicode"

	"liuhen/flows/text"
)

// seenLimit is how many past events a dialog remembers to know a redelivery from a new act.
const seenLimit = 64

// Step is the whole conversation: one event meets the dialog and what the caller may know. It never panics on any input,
// never changes its arguments, and a repeated event changes nothing.
func Step(s State, d Desk, e Event) (State, []Effect) {
	if slices.Contains(s.Seen, e.ID) {
		return s, nil
	}
	s = s.clone()
	s.Version = StateVersion
	s.Seen = append(s.Seen, e.ID)
	if n := len(s.Seen); n > seenLimit {
		s.Seen = s.Seen[n-seenLimit:]
	}
	t := &step{State: s, desk: d, event: e}
	switch {
	case d.Me.ID == "":
		t.door()
	case d.Me.Left:
		t.former()
	default:
		t.house()
	}
	return t.State, t.effects
}

// step is one step under way: the state it changes and the effects it collects.
type step struct {
	State
	desk    Desk
	event   Event
	effects []Effect
}

func (t *step) do(e Effect) { t.effects = append(t.effects, e) }

func (t *step) hint(k text.Key, args ...any) { t.do(Hint{Say: k, Args: args}) }

func (t *step) alert(k text.Key, args ...any) { t.do(Hint{Say: k, Args: args, Alert: true}) }

// house is the conversation of somebody who is bound.
func (t *step) house() {
	if t.Place == AtDoor {
		t.Place, t.Link = AtMenu, ""
	}
	switch a := t.event.Do.(type) {
	case Open:
		t.walk(AtMenu)
	case Command:
		t.walk(a.Name)
	case Say:
		t.say(strings.TrimSpace(strings.ToValidUTF8(a.Text, "\ufffd")))
	case Tap:
		t.tap(a)
	case Attach:
		t.attach(a)
	case Odd:
		t.odd(a)
	}
}

// walk goes to another room. An open sheet is put on the shelf, never thrown away.
func (t *step) walk(to Place) {
	if !slices.Contains(rooms, to) {
		t.hint(text.HintOldButton)
		return
	}
	t.shelve()
	t.Place, t.Subject, t.Page, t.Ask, t.Act, t.Deputy, t.Keep = to, "", 0, "", nil, nil, nil
	t.Measure, t.Basis, t.Plaint, t.Absent = nil, "", false, nil
	t.Turn++
}

// rooms are the places a person can walk to directly.
var rooms = []Place{AtMenu, AtFile, AtNumber, AtCases, AtRecords, AtTodo, AtOverdue, AtLost, AtLog, AtLeaks, AtLeak, AtNotice, AtPeople, AtDeputy, AtKeeping, AtAbsences, AtFilings, AtSigners, AtHelp, AtRule, AtIntegrity, AtAccuse, AtOwnFile, AtCheckpoint}

func (t *step) say(words string) {
	switch {
	case strings.IndexFunc(words, legible) < 0: // nothing a reader would see: it fills no line of the sheet (R4.6)
		t.hint(text.HintKind)
	case t.restOfCut():
		t.hint(text.HintRest)
	case t.Place == AtNumber:
		t.number(words)
	case t.Place == AtMatter:
		t.matter(words)
	case t.Place == AtSheet && t.Sheet != nil:
		t.write(words)
	case t.Act != nil:
		t.compose(words)
	case t.Measure != nil:
		t.give(words)
	case t.Place == AtAccuse && t.desk.Me.officer():
		t.seek(words)
	case t.Place == AtDeputy && t.Deputy != nil:
		t.days(words)
	case t.Place == AtLeak:
		t.leak(words)
	case t.Place == AtKeeping && t.Keep != nil:
		t.keeping(words)
	case t.Place == AtAbsences && t.Absent != nil:
		t.absenceWords(words)
	default:
		t.hint(text.HintUseButtons)
	}
}

func legible(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }

func (t *step) tap(a Tap) {
	switch a.Verb {
	case DoGo:
		t.walk(Place(a.Arg))
	case DoPage:
		t.page(a)
	case DoCase, DoDraft, DoAdd, DoCorrect:
		t.choose(a)
	case DoRecord:
		t.own(a)
	case DoRead:
		t.read(a.Arg)
	case DoEvidence:
		t.evidence(a.Arg)
	case DoPrint:
		t.print()
	case DoReceipt:
		t.attest()
	case DoCheckpoint:
		t.checkpoint()
	case DoAct, DoOrgan:
		t.begin(a)
	case DoRemove, DoNext, DoBack:
		t.within(a)
	case DoProtect, DoPlaint, DoAskMe, DoFine:
		t.protect(a)
	case DoTick:
		t.tick(a)
	case DoLetter, DoFact, DoFetch:
		t.letterTap(a)
	case DoCarry:
		t.carry(a)
	case DoDeputy, DoDays:
		t.deputise(a)
	case DoProtocol:
		t.protocol(a.Arg)
	case DoKeep:
		t.keep(a)
	case DoInstitution, DoQuarter:
		t.filings(a)
	case DoAbsence, DoReason:
		t.absence(a)
	case DoDismiss:
		t.dismiss(a.Arg)
	case DoStill:
		t.confirm(a)
	case DoDrop:
		t.drop(a)
	case DoLog:
		t.log(a.Arg)
	case DoSnooze:
		t.snooze()
	case DoYes, DoNo:
		t.answer(a)
	default:
		if !t.integrityTap(a) {
			t.sheetTap(a)
		}
	}
}

// snooze puts reminders off until the next working day.
func (t *step) snooze() {
	t.do(Snooze{})
	t.alert(text.HintSnoozed)
}

// within takes back or turns over what belongs to an act being prepared, or else to the sheet.
func (t *step) within(a Tap) {
	switch {
	case t.Act == nil || a.Draft != "":
		t.sheetTap(a)
	case a.Verb == DoRemove:
		t.takeBack(a)
	default:
		t.turnTo(a)
	}
}

// drop leaves what was being prepared.
func (t *step) drop(a Tap) {
	if t.stale(a) {
		return
	}
	if t.Act != nil && t.undecide() {
		t.Turn++
		return
	}
	if t.Act, t.Deputy, t.Keep, t.Absent = nil, nil, nil, nil; t.Place == AtKeeping {
		t.Subject = "" // the number that was written
	}
	t.Turn++
}

// own opens an own entry at its receipt, or at its progress.
func (t *step) own(a Tap) {
	if t.show(AtRecord, a.Arg); a.On {
		t.Page = lastPage
	}
}

// lastPage is beyond every page: views clamp it to the last one, where an own entry shows how far its report has come.
const lastPage = 1000

// page turns to another page of what is shown; views clamp it to what there is.
func (t *step) page(a Tap) {
	n := 0
	for _, r := range a.Arg {
		if r < '0' || r > '9' || n > lastPage {
			t.hint(text.HintOldButton)
			return
		}
		n = n*10 + int(r-'0')
	}
	t.Page = n
}

func (t *step) show(p Place, id string) {
	t.shelve()
	t.Place, t.Subject, t.Page, t.Ask, t.Act = p, id, 0, "", nil
	t.Measure, t.Basis, t.Plaint = nil, "", false
	t.Turn++
}

// read opens a report. Whether the caller may is decided, and written down, where the report is loaded.
func (t *step) read(id string) {
	if !slices.ContainsFunc(t.desk.Inbox, func(c Card) bool { return c.ID == id }) {
		t.alert(text.HintNotThere)
		return
	}
	t.do(Read{Report: id})
	t.show(AtReport, id)
}

// evidence hands one piece of the report or own entry being read.
func (t *step) evidence(id string) {
	of, files := t.exhibits()
	for _, f := range files {
		if f.ID == id {
			t.do(Hand{Of: of, File: f})
			return
		}
	}
	t.hint(text.HintOldButton)
}

// print sends the own entry that is open as the official sheet (R4.7).
func (t *step) print() {
	if t.Place != AtRecord || t.desk.Entry == nil || t.desk.Entry.ID != t.Subject {
		t.hint(text.HintOldButton)
		return
	}
	t.do(Print{Record: *t.desk.Entry})
	t.alert(text.HintPrinted)
}

// attest sends the receipt of the own entry that is open.
func (t *step) attest() {
	if _, own := (view{d: t.desk}).receipt(t.Subject); !own || t.Place != AtRecord {
		t.hint(text.HintOldButton)
		return
	}
	t.do(Attest{Record: t.Subject})
	t.alert(text.HintReceipt)
}

func (t *step) odd(a Odd) {
	switch a.Why {
	case OddTooBig:
		t.alert(text.HintTooBig, megabytes(t.desk.Limits.FileBytes))
	case OddFetch:
		t.hint(text.HintFetch)
	case OddButton:
		t.hint(text.HintOldButton)
	case OddEdited:
		t.hint(text.HintEdited)
	default:
		t.hint(text.HintKind)
	}
}

// stale reports whether a move was drawn before the last one; such a press changes nothing.
func (t *step) stale(a Tap) bool {
	switch {
	case a.Turn == t.Turn:
		return false
	case a.Turn != t.Turn-1: // the second press of a double tap needs no words
		t.hint(text.HintOldButton)
	}
	return true
}

func (s State) clone() State {
	s.Seen = slices.Clone(s.Seen)
	if s.Act != nil {
		act := *s.Act
		act.Categories, act.Facts, act.Given = slices.Clone(act.Categories), slices.Clone(act.Facts), slices.Clone(act.Given)
		act.Statement = act.Statement.clone()
		act.Grievance = act.Grievance.clone()
		if act.Outside != nil {
			outside := *act.Outside
			act.Outside = &outside
		}
		s.Act = &act
	}
	if s.Keep != nil {
		keep := *s.Keep
		s.Keep = &keep
	}
	if s.Absent != nil {
		absent := *s.Absent
		s.Absent = &absent
	}
	if s.Deputy != nil {
		deputy := *s.Deputy
		s.Deputy = &deputy
	}
	s.Measure = s.Measure.clone()
	if s.Sheet != nil {
		sheet := s.Sheet.clone()
		s.Sheet = &sheet
	}
	shelf := make([]Sheet, 0, len(s.Shelf))
	for _, x := range s.Shelf {
		shelf = append(shelf, x.clone())
	}
	if s.Shelf = shelf; len(shelf) == 0 {
		s.Shelf = nil
	}
	return s
}

func (x Sheet) clone() Sheet {
	x.Answers = x.Answers.Clone()
	return x
}

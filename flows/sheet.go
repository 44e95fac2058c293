package flows

import (
	"slices"
	"time"
	"unicode/utf8"

	"liuhen/flows/form"
	"liuhen/flows/text"
)

// evidenceLimit is how many pieces of evidence one entry takes.
const evidenceLimit = 20

func (t *step) edition() *form.Edition {
	e, _ := form.ByID(t.Sheet.Edition)
	return e
}

// known reports whether this release knows the draft's edition; a draft of a later one is left alone.
func (t *step) known() bool {
	_, ok := form.ByID(t.Sheet.Edition)
	if !ok {
		t.hint(text.HintUseButtons)
	}
	return ok
}

// sheetTap is a button of the sheet. Boxes and choices count only for the draft they were drawn for.
func (t *step) sheetTap(a Tap) {
	if t.Place != AtSheet || t.Sheet == nil || a.Draft != short(t.Sheet.Draft) {
		t.foreign(a)
		return
	}
	if !t.known() {
		return
	}
	before := facts(t.Sheet, t.desk)
	switch a.Verb {
	case DoBox:
		t.box(a)
	case DoSign:
		t.sign(a)
		return
	case DoPick, DoNext, DoBack, DoLeave, DoCancel, DoEdit, DoRemove:
		if t.stale(a) {
			return
		}
		t.move(a)
	default:
		t.hint(text.HintOldButton)
		return
	}
	t.offer(before)
}

// foreign is a button of a sheet that is not on the table: signed (show its receipt), on the shelf, or gone.
func (t *step) foreign(a Tap) {
	if a.Draft != "" {
		for _, r := range t.desk.Records {
			if short(r.ID) == a.Draft {
				t.show(AtRecord, r.ID)
				return
			}
		}
	}
	t.hint(text.HintOldButton)
}

func (t *step) move(a Tap) {
	switch a.Verb {
	case DoPick:
		t.pickOption(a)
	case DoNext:
		t.next()
	case DoBack:
		t.back()
	case DoLeave:
		t.walk(AtMenu)
		t.hint(text.HintSaved)
	case DoCancel:
		t.Ask = AskCancel
		t.Turn++
	case DoEdit:
		t.edit(a.Item)
	case DoRemove:
		t.remove(a)
	}
}

// box states the outcome of one box. A press that comes after the item was left opens the item again, so that no press is
// lost unseen.
func (t *step) box(a Tap) {
	it, ok := t.item(a.Item)
	if !ok || it.Kind != form.Boxes || !offered(t.Sheet, t.desk, it, form.OptionID(a.Arg)) {
		t.hint(text.HintOldButton)
		return
	}
	v := t.Sheet.Answers[it.ID]
	if slices.Contains(v.Boxes, form.OptionID(a.Arg)) == a.On {
		return
	}
	v = v.WithBox(form.OptionID(a.Arg), a.On)
	t.set(it.ID, v)
	if t.Ask == AskEdit {
		t.Ask = ""
	}
	if a.On && form.NeedsText(it, form.OptionID(a.Arg)) && v.Beside[form.OptionID(a.Arg)] == "" {
		t.hint(text.HintWriteBeside)
	}
}

func (t *step) pickOption(a Tap) {
	it, ok := t.item(a.Item)
	o := form.OptionID(a.Arg)
	if !ok || it.Kind == form.Boxes || (it.Kind == form.Choice && !offered(t.Sheet, t.desk, it, o)) {
		t.hint(text.HintOldButton)
		return
	}
	switch {
	case it.Kind == form.Day:
		t.day(it, a.Arg)
		return
	case it.Kind != form.Choice:
		t.hint(text.HintOldButton)
		return
	case it.ID == form.Outcome && o == form.None && filled(t.Sheet.Answers):
		t.Ask = AskZero
	default:
		t.set(it.ID, form.Answer{Boxes: []form.OptionID{o}, Confirmed: true})
	}
	t.Turn++
}

// filled reports whether 无此类情况 would clear something (R4.5).
func filled(a form.Answers) bool {
	for id, v := range a {
		if id != form.Outcome && id != form.Reason && id != form.Channel && len(v.Boxes)+len(v.Parts)+len(v.Files)+len(v.Text) > 0 {
			return true
		}
	}
	return false
}

// answer takes the answer to what was asked before something that cannot be undone.
func (t *step) answer(a Tap) {
	if t.Ask == "" || t.Sheet == nil || t.stale(a) {
		if t.Ask == "" && a.Turn == t.Turn {
			t.hint(text.HintOldButton)
		}
		return
	}
	asked := t.Ask
	t.Ask = ""
	t.Turn++
	if a.Verb == DoNo {
		return
	}
	switch asked {
	case AskCancel:
		t.Sheet = nil
		t.Place = AtMenu
		t.hint(text.HintCancelled)
	case AskZero:
		kept := form.Answers{form.Outcome: {Boxes: []form.OptionID{form.None}, Confirmed: true}}
		if r, ok := t.Sheet.Answers[form.Reason]; ok {
			kept[form.Reason] = r
		}
		t.Sheet.Answers = kept
	}
}

// next confirms the item on the table.
func (t *step) next() {
	it, ok := t.edition().Next(t.Sheet.Answers)
	if !ok {
		return
	}
	v := t.Sheet.Answers[it.ID]
	if f := form.Check(it, v); f != form.Fine {
		t.fault(it, f)
		return
	}
	v.Confirmed = true
	t.set(it.ID, v)
	if c, ok := t.Sheet.Answers[form.Content]; it.ID == form.Article3 && (!ok || !c.Confirmed) {
		t.set(form.Content, form.Proposed(t.Sheet.Answers))
	}
	t.Turn++
	t.Page = 0
}

func (t *step) fault(it form.Item, f form.Fault) {
	switch {
	case f == form.NoBeside:
		t.alert(text.HintWriteBeside)
	case f == form.TooLong:
		t.alert(text.HintTooLong, it.Limit)
	case it.Kind == form.Boxes:
		t.alert(text.HintTickOne)
	case it.Kind == form.Choice:
		t.hint(text.HintUseButtons)
	default:
		t.alert(text.HintWriteFirst)
	}
}

// back opens the item before the one on the table; before the first there is the choice of the case.
func (t *step) back() {
	t.Ask, t.Page = "", 0
	var here form.ItemID
	if it, ok := t.edition().Next(t.Sheet.Answers); ok {
		here = it.ID
	}
	prev, ok := t.edition().Previous(t.Sheet.Answers, here)
	if !ok || (t.Sheet.Supplements && prev.ID == form.Outcome) {
		t.walk(AtFile)
		return
	}
	t.unconfirm(prev.ID)
	t.Turn++
}

func (t *step) edit(id form.ItemID) {
	if id == "" {
		t.Ask = AskEdit
		t.Turn++
		return
	}
	if _, ok := t.item(id); !ok || (t.Sheet.Supplements && id == form.Outcome) {
		t.hint(text.HintOldButton)
		return
	}
	t.unconfirm(id)
	t.Ask, t.Page = "", 0
	t.Turn++
}

// remove takes away one piece of evidence, or the last message of the story.
func (t *step) remove(a Tap) {
	it, ok := t.item(a.Item)
	v := t.Sheet.Answers[a.Item]
	switch {
	case ok && it.Kind == form.Story && len(v.Parts) > 0:
		v.Parts = v.Parts[:len(v.Parts)-1]
	case ok && it.Kind == form.Files:
		v.Files = slices.DeleteFunc(v.Files, func(f form.File) bool { return f.ID == a.Arg })
	default:
		t.hint(text.HintOldButton)
		return
	}
	t.set(it.ID, v)
	t.Turn++
}

func (t *step) unconfirm(id form.ItemID) {
	v := t.Sheet.Answers[id]
	v.Confirmed = false
	t.set(id, v)
}

// write takes a text for the item on the table.
func (t *step) write(words string) {
	if !t.known() {
		return
	}
	before := facts(t.Sheet, t.desk)
	it, ok := t.edition().Next(t.Sheet.Answers)
	if !ok || t.Ask != "" {
		t.hint(text.HintUseButtons)
		return
	}
	switch it.Kind {
	case form.Boxes:
		t.beside(it, words)
	case form.Day:
		t.day(it, words)
	case form.Line:
		t.line(it, words)
	case form.Story:
		t.story(it, words)
	case form.Files:
		t.hint(text.HintFilesOnly)
	default:
		t.hint(text.HintUseButtons)
	}
	t.offer(before)
}

// beside is the text of the box that needs one; writing it ticks the box.
func (t *step) beside(it form.Item, words string) {
	words = oneLine(words)
	if utf8.RuneCountInString(words) > it.Limit {
		t.tooLong(words, text.HintTooLong, it.Limit)
		return
	}
	for _, o := range options(t.Sheet, t.desk, it) {
		if form.NeedsText(it, o.ID) {
			v := t.Sheet.Answers[it.ID].WithBox(o.ID, true)
			beside := map[form.OptionID]string{o.ID: words}
			v.Beside = beside
			t.set(it.ID, v)
			return
		}
	}
	t.hint(text.HintUseButtons)
}

func (t *step) line(it form.Item, words string) {
	words = oneLine(words)
	if n := utf8.RuneCountInString(words); n > it.Limit {
		t.tooLong(words, text.HintTooLongBy, n, it.Limit)
		return
	}
	t.set(it.ID, form.Answer{Text: words, Confirmed: true})
	t.Turn++
}

func (t *step) day(it form.Item, words string) {
	day, ok := parseDay(words, t.desk.Now)
	switch {
	case !ok:
		t.hint(text.HintDay)
	case day.After(t.desk.Now):
		t.hint(text.HintFuture)
	default:
		t.set(it.ID, form.Answer{Text: day.Format(time.DateOnly), Confirmed: true})
		t.Turn++
	}
}

func (t *step) story(it form.Item, words string) {
	v := t.Sheet.Answers[it.ID]
	v.Parts = append(v.Parts, words)
	if v.Length() > it.Limit {
		v.Parts = v.Parts[:len(v.Parts)-1]
		t.tooLong(words, text.HintStoryFull, utf8.RuneCountInString(words), it.Limit-v.Length())
		return
	}
	t.set(it.ID, v)
}

// attach keeps a piece of evidence with the sheet, whichever item is on the table: people send pictures when they have them.
func (t *step) attach(a Attach) {
	if t.Act != nil && t.Act.Statement != nil {
		t.exhibit(a.File)
		return
	}
	if t.Place != AtSheet || t.Sheet == nil {
		t.hint(text.HintNoSheet)
		return
	}
	if !t.known() {
		return
	}
	if t.Sheet.Answers.One(form.Outcome) != form.Event {
		t.hint(text.HintNoEventYet)
		return
	}
	v := t.Sheet.Answers[form.Evidence]
	switch {
	case slices.ContainsFunc(v.Files, func(f form.File) bool { return f.SHA256 == a.File.SHA256 && f.Kind == a.File.Kind }):
		t.hint(text.HintSameFile)
	case len(v.Files) >= evidenceLimit:
		t.hint(text.HintTooMany, evidenceLimit)
	default:
		v.Files = append(v.Files, a.File)
		t.set(form.Evidence, v)
		t.hint(text.HintKept, len(v.Files))
	}
}

func (t *step) set(id form.ItemID, v form.Answer) { t.Sheet.Answers[id] = v }

// item is the item named id if the answers so far ask for it.
func (t *step) item(id form.ItemID) (form.Item, bool) {
	for _, it := range t.edition().Visible(t.Sheet.Answers) {
		if it.ID == id {
			return it, true
		}
	}
	return form.Item{}, false
}

package flows

import (
	"slices"
	"strings"

	"liuhen/flows/text"
)

// formerRooms are where somebody who has left may walk.
var formerRooms = []Place{AtMenu, AtRecords, AtHelp, AtRule}

// formerVerbs are the buttons that still do something for somebody who has left.
var formerVerbs = []Verb{
	DoGo, DoPage, DoRecord, DoEvidence, DoAct, DoTick, DoCarry, DoDrop, DoRemove, DoNext, DoBack, DoProtect, DoPlaint, DoAskMe, DoFine,
}

// former is the conversation of somebody who has left: their own entries, what became of them, and their protection, which
// does not end with the employment (R9.1). Everything else ended at once.
func (t *step) former() {
	t.Sheet, t.Shelf, t.Number, t.Ask = nil, nil, "", ""
	if !slices.Contains(formerPlaces, t.Place) {
		t.Place, t.Subject, t.Page, t.Act = AtMenu, "", 0, nil
	}
	switch a := t.event.Do.(type) {
	case Open:
		t.Place, t.Subject, t.Page, t.Act, t.Link = AtMenu, "", 0, nil, a.Link
		if a.Link != "" {
			t.Place = AtDoor
		}
		t.Turn++
	case Command:
		t.formerWalk(a.Name)
	case Say:
		t.formerSay(strings.TrimSpace(strings.ToValidUTF8(a.Text, "\ufffd")))
	case Tap:
		switch {
		case a.Verb == DoGo:
			t.formerWalk(Place(a.Arg))
		case slices.Contains(formerVerbs, a.Verb) && a.Draft == "":
			t.tap(a)
		default:
			t.alert(text.HintLeft)
		}
	case Attach:
		if t.Act != nil && t.Act.Statement != nil {
			t.exhibit(a.File)
			return
		}
		t.hint(text.HintUseButtons)
	case Odd:
		t.odd(a)
	}
}

// formerPlaces are where somebody who has left can be.
var formerPlaces = append([]Place{AtRecord, AtProtect, AtPlaint}, formerRooms...)

func (t *step) formerWalk(to Place) {
	if to == AtTodo { // the button of a notice
		to = AtMenu
	}
	if !slices.Contains(formerRooms, to) {
		t.alert(text.HintLeft)
		return
	}
	t.walk(to)
}

func (t *step) formerSay(words string) {
	switch {
	case strings.IndexFunc(words, legible) < 0:
		t.hint(text.HintKind)
	case t.Act != nil:
		t.compose(words)
	default:
		t.hint(text.HintUseButtons)
	}
}

// former draws the rooms of somebody who has left.
func (v view) former() Screen {
	switch v.s.Place {
	case AtRecords:
		return v.records()
	case AtRecord:
		return v.record()
	case AtProtect:
		return v.protect()
	case AtPlaint:
		return v.plaint()
	case AtHelp:
		return v.help()
	case AtRule:
		return v.rule()
	}
	var rows [][]Button
	lines, more := v.todoProtect()
	for _, id := range v.d.Moved {
		if r, ok := v.receipt(id); ok {
			rows = append(rows, []Button{{Label: v.say(text.BtnMoved, v.caseTag(r.Number)), Tap: Tap{Verb: DoRecord, Arg: id, On: true}}})
		}
	}
	rows = append(append(rows, more...), []Button{v.goTo(text.BtnRecords, AtRecords), v.goTo(text.BtnHelp, AtHelp)})
	return Screen{Text: v.say(text.FormerMenu, v.d.Me.Name, v.d.Me.UnitName) + lines, Rows: rows}
}

package flows_test

import (
	"slices"
	"strings"
	"testing"

	"liuhen/flows"
	"liuhen/flows/flowstest"
	"liuhen/flows/form"
)

// fataler is a test of either kind.
type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

func newWorld(t fataler) *flowstest.World {
	t.Helper()
	w, err := flowstest.NewWorld("testdata/world")
	if err != nil {
		t.Fatalf("%v", err)
	}
	return w
}

// played lets somebody press the buttons with these labels, in their order; a label that begins with 说 is said instead.
func played(t fataler, w *flowstest.World, who string, labels ...string) {
	t.Helper()
	for _, l := range labels {
		if words, ok := strings.CutPrefix(l, "说"); ok {
			_ = w.Say(who, words)
		} else if err := w.Tap(who, l); err != nil {
			t.Fatalf("%s: %v on\n%s", who, err, w.View(who).Text)
		}
	}
}

// rooms are all places.
var rooms = []flows.Place{
	flows.AtDoor, flows.AtMenu, flows.AtFile, flows.AtNumber, flows.AtMatter, flows.AtSheet, flows.AtCases, flows.AtRecords, flows.AtRecord,
	flows.AtTodo, flows.AtReport, flows.AtOverdue, flows.AtLost, flows.AtLog, flows.AtLeaks, flows.AtLeak, flows.AtNotice, flows.AtPeople, flows.AtDeputy, flows.AtKeeping, flows.AtProtect, flows.AtPlaint, flows.AtHelp, flows.AtRule,
}

// hand is one person's hand on their phone. It finds buttons by what they do, so that it works in every language, and
// presses only what is on the screen.
type hand struct {
	t    fataler
	w    *flowstest.World
	who  string
	taps *int // counts presses
}

func handOf(t fataler, w *flowstest.World, who string) hand { return hand{t, w, who, new(int)} }

func (h hand) find(what string, match func(flows.Tap) bool) flows.Tap {
	h.t.Helper()
	screen := h.w.View(h.who)
	for _, row := range screen.Rows {
		for _, b := range row {
			if match(b.Tap) {
				return b.Tap
			}
		}
	}
	h.t.Fatalf("%s has no button for %s on\n%s\n%v", h.who, what, screen.Text, screen.Rows)
	return flows.Tap{}
}

// press presses a button of the screen as it was drawn, now or earlier.
func (h hand) press(tap flows.Tap) []flows.Effect {
	*h.taps++
	return h.w.Do(h.who, tap)
}

func (h hand) do(v flows.Verb) []flows.Effect {
	h.t.Helper()
	return h.press(h.find(string(v), func(t flows.Tap) bool { return t.Verb == v }))
}

func (h hand) arg(v flows.Verb, arg string) []flows.Effect {
	h.t.Helper()
	return h.press(h.find(string(v)+" "+arg, func(t flows.Tap) bool { return t.Verb == v && t.Arg == arg }))
}

func (h hand) to(p flows.Place) { h.t.Helper(); h.arg(flows.DoGo, string(p)) }

func (h hand) say(words string) { h.w.Do(h.who, flows.Say{Text: words}) }

func (h hand) sheet() *flows.Sheet { return h.w.State(h.who).Sheet }

// begin opens the sheet of a case from wherever one is: its ID, or "" for one without a number.
func (h hand) begin(caseID string) {
	h.t.Helper()
	h.w.Do(h.who, flows.Command{Name: flows.AtFile})
	if caseID != "" {
		h.arg(flows.DoCase, caseID)
		return
	}
	h.arg(flows.DoCase, "other")
	h.arg(flows.DoCase, "none")
	h.arg(flows.DoCase, "none")
}

// story says which boxes to tick for the items that matter; everything else gets some answer.
type story map[form.ItemID][]form.OptionID

// plain is interference by a litigant.
func plain() story {
	return story{
		form.Outcome: {form.Event}, form.Article3: {form.Art3Favour}, form.Interferers: {form.Litigant},
		form.Means: {"express", "inperson"},
	}
}

// naming is interference by a colleague.
func naming(colleague form.OptionID) story {
	s := plain()
	s[form.Interferers], s[form.Insiders] = []form.OptionID{form.Insider}, []form.OptionID{colleague}
	return s
}

// fill answers what is asked until the summary, or until the item named.
func (h hand) fill(s story, until form.ItemID) {
	h.t.Helper()
	for range 60 {
		it, open := form.Edition2020.Next(h.sheet().Answers)
		if !open || it.ID == until {
			return
		}
		h.give(it, s[it.ID])
	}
	h.t.Fatalf("the sheet does not end")
}

func (h hand) give(it form.Item, boxes []form.OptionID) {
	h.t.Helper()
	switch it.Kind {
	case form.Boxes:
		for _, o := range boxes {
			if !h.sheet().Answers.Has(it.ID, o) {
				h.arg(flows.DoBox, string(o))
			}
			if form.NeedsText(it, o) {
				h.say("某某")
			}
		}
		h.do(flows.DoNext)
	case form.Choice:
		o := form.No
		switch {
		case len(boxes) == 1:
			o = boxes[0]
		case it.ID == form.Channel: // as preselected
			o = h.sheet().Answers.One(form.Channel)
		}
		h.arg(flows.DoPick, string(o))
	case form.Day:
		h.say("2026-11-20")
	case form.Line:
		h.say("本所二楼办公室")
	case form.Story:
		h.say("对方到办公室，要求把伤残等级评高一级，我当场拒绝。")
		h.do(flows.DoNext)
	case form.Files:
		h.do(flows.DoNext)
	}
}

// file opens, fills and signs.
func (h hand) file(caseID string, s story) []flows.Effect {
	h.t.Helper()
	h.begin(caseID)
	h.fill(s, "")
	return h.sign()
}

// sign leafs to the end of the summary and signs.
func (h hand) sign() []flows.Effect {
	h.t.Helper()
	for {
		screen := h.w.View(h.who)
		var turn *flows.Tap
		for _, row := range screen.Rows {
			for _, b := range row {
				if b.Tap.Verb == flows.DoSign {
					return h.press(b.Tap)
				}
				if b.Tap.Verb == flows.DoPage {
					turn = &b.Tap
				}
			}
		}
		if turn == nil {
			h.t.Fatalf("nothing to sign on\n%s", screen.Text)
		}
		h.press(*turn)
	}
}

var zero = story{form.Outcome: {form.None}}

// hints are the keys of the hints among effects.
func hints(es []flows.Effect) string {
	var out []string
	for _, e := range es {
		if x, ok := e.(flows.Hint); ok {
			out = append(out, string(x.Say))
		}
	}
	return strings.Join(out, " ")
}

// entries are the entries among effects.
func entries(es []flows.Effect) int {
	n := 0
	for _, e := range es {
		if _, ok := e.(flows.File); ok {
			n++
		}
	}
	return n
}

// TestHand: what the tests press with files what it says.
func TestHand(t *testing.T) {
	w := newWorld(t)
	if n := entries(handOf(t, w, "张三").file("c1", zero)); n != 1 {
		t.Fatalf("%d entries", n)
	}
	everything := naming("p8")
	everything[form.Article3] = []form.OptionID{form.Art3Favour, form.Art3Other}
	everything[form.Interferers] = []form.OptionID{form.Client, form.Insider, form.Official, form.Other}
	everything[form.Insiders] = []form.OptionID{"p8", form.OptionUnlisted}
	everything[form.Officers] = []form.OptionID{"p2", form.OptionUnlisted}
	if n := entries(handOf(t, w, "李四").file("c3", everything)); n != 1 {
		t.Fatalf("%d entries", n)
	}
	rs := w.Records()
	if !rs[0].Zero() || rs[1].Zero() || rs[1].Signer.Name != "李四" || rs[1].Case.ID != "c3" {
		t.Fatalf("%+v", rs)
	}
	if !slices.Equal(rs[1].Answers[form.Interferers].Boxes, []form.OptionID{form.Client, form.Insider, form.Official, form.Other}) {
		t.Fatalf("%+v", rs[1].Answers)
	}
}

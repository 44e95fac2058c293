package flows_test

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"pgregory.net/rapid"

	"liuhen/flows"
	"liuhen/flows/flowstest"
	"liuhen/flows/form"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

// walk is one random life of the institution: people press, write, send, press old buttons, and some of it arrives twice.
type walk struct {
	t     *rapid.T
	w     *flowstest.World
	old   []flows.Tap // every button ever shown to anybody
	last  map[string]delivery
	files int
	filed map[string]record.Record
	id    int64
}

type delivery struct {
	id int64
	do flows.Action
}

func newWalk(t *rapid.T) *walk {
	w := newWorld(t)
	k := &walk{t: t, w: w, last: map[string]delivery{}, filed: map[string]record.Record{}}
	w.Effects = k.effect
	return k
}

// effect checks what a step wants done.
func (k *walk) effect(person string, e flows.Effect) {
	f, ok := e.(flows.File)
	if !ok {
		return
	}
	r := f.Record
	if _, twice := k.filed[r.ID]; twice {
		k.t.Fatalf("entry %s is filed twice", r.ID)
	}
	k.filed[r.ID] = r
	if r.Signer.ID != k.w.ID(person) {
		k.t.Fatalf("%s signs as %s", person, r.Signer.Name)
	}
	canonical, err := r.Canonical()
	if err != nil {
		k.t.Fatal(err)
	}
	if _, err := record.Parse(canonical); err != nil {
		k.t.Fatalf("a signed entry does not read back: %v", err)
	}
	k.complete(r)
	k.secret(r)
}

// complete checks R4.5 and R4.6.
func (k *walk) complete(r record.Record) {
	ed, _ := form.ByID(r.Edition)
	if r.Zero() {
		for id := range r.Answers {
			if id != form.Outcome && id != form.Reason {
				k.t.Fatalf("a zero entry says something about %s", id)
			}
		}
		if r.Report != nil {
			k.t.Fatal("a zero entry is reported")
		}
		return
	}
	for _, it := range ed.Visible(r.Answers) {
		if f := form.Check(it, r.Answers[it.ID]); f != form.Fine {
			k.t.Fatalf("%s is signed with fault %d", it.ID, f)
		}
	}
	if r.Report == nil {
		k.t.Fatal("an entry on interference is not reported")
	}
}

// secret checks that nobody named, and not the reporter, receives the report.
func (k *walk) secret(r record.Record) {
	if r.Report == nil {
		return
	}
	for _, s := range r.Report.Stops {
		for _, p := range s.Recipients {
			named := slices.Contains(r.Answers[form.Insiders].Boxes, form.OptionID(p.ID)) ||
				slices.Contains(r.Answers[form.Officers].Boxes, form.OptionID(p.ID))
			if named || p.ID == r.Signer.ID {
				k.t.Fatalf("%s receives a report that names them, or their own", p.Name)
			}
		}
	}
	if r.Answers.One(form.Channel) == form.Direct {
		for _, s := range r.Report.Stops {
			if s.Unit == r.Institution.ID {
				k.t.Fatal("a direct report reaches the institution")
			}
		}
	}
}

// busy are those who act more often than the others, so that sheets get finished.
var busy = strings.Split("张三 张三 张三 张三 张三 张三 张三 张三 李四 李四 李四 李四 周九 周九 周九", " ")

// act is one random act of one random person.
func (k *walk) act() {
	person := rapid.SampledFrom(append(k.w.Names(), busy...)).Draw(k.t, "who")
	if do := k.choose(person); do == nil {
		k.redeliver(person)
	} else {
		k.id++
		k.w.Deliver(person, k.id, do)
		k.last[person] = delivery{k.id, do}
	}
	k.check(person)
}

func (k *walk) choose(person string) flows.Action {
	screen := k.w.View(person)
	var now []flows.Tap
	for _, row := range screen.Rows {
		for _, b := range row {
			now = append(now, b.Tap)
		}
	}
	k.old = append(k.old, now...)
	switch rapid.IntRange(0, 79).Draw(k.t, "act") {
	case 0:
		return nil
	case 1:
		return rapid.SampledFrom(k.old).Draw(k.t, "old")
	case 2:
		return flows.Say{Text: rapid.StringN(0, 60, -1).Draw(k.t, "text")}
	case 3:
		return flows.Say{Text: rapid.SampledFrom([]string{"昨天", "2026-11-20", "本所", "１１月２０日", "\u202e反", "\u200b", strings.Repeat("长", 4000)}).Draw(k.t, "words")}
	case 4:
		k.files++
		return flows.Attach{File: form.File{ID: fmt.Sprint("f", k.files), Kind: "photo", SHA256: fmt.Sprintf("%064d", k.files%7), Blob: "b", Size: 1}}
	case 5:
		return flows.Odd{Why: rapid.SampledFrom([]flows.Oddity{flows.OddKind, flows.OddTooBig, flows.OddFetch, flows.OddButton, flows.OddEdited}).Draw(k.t, "odd")}
	case 6:
		return rapid.SampledFrom([]flows.Action{flows.Open{}, flows.Open{Link: "x"}, flows.Command{Name: "menu"}, flows.Command{Name: "sheet"}, flows.Command{Name: "cases"}, flows.Command{Name: "zzz"}}).Draw(k.t, "command")
	case 7:
		return k.forged()
	case 8:
		_ = k.w.Clock((time.Duration(rapid.IntRange(-48, 96).Draw(k.t, "hours")) * time.Hour).String())
	}
	if x := k.w.State(person).Sheet; x != nil && rapid.IntRange(0, 9).Draw(k.t, "forward") > 0 {
		return k.forward(x, now)
	}
	if rapid.IntRange(0, 3).Draw(k.t, "begin") > 0 {
		for _, tap := range append([]flows.Tap{{Verb: flows.DoGo, Arg: string(flows.AtFile)}}, now...) {
			if tap.Verb == flows.DoCase || tap.Verb == flows.DoDraft || tap.Arg == string(flows.AtFile) && len(now) < 6 {
				return tap
			}
		}
	}
	return rapid.SampledFrom(now).Draw(k.t, "tap")
}

// forward is what somebody does who wants to get the sheet done.
func (k *walk) forward(x *flows.Sheet, now []flows.Tap) flows.Action {
	var boxes, on []flows.Tap
	for _, tap := range now {
		switch tap.Verb {
		case flows.DoSign, flows.DoYes:
			return tap
		case flows.DoBox, flows.DoPick:
			boxes = append(boxes, tap)
		case flows.DoNext:
			on = append(on, tap)
		}
	}
	it, _ := form.Edition2020.Next(x.Answers)
	a := x.Answers[it.ID]
	switch fault := form.Check(it, a); {
	case fault == form.NoBeside, it.Kind == form.Line, it.Kind == form.Story && fault != form.Fine:
		return flows.Say{Text: "某某"}
	case it.ID == form.Outcome: // mostly interference, for that is where things happen
		return boxes[min(len(boxes)-1, rapid.IntRange(0, 3).Draw(k.t, "outcome"))]
	case len(boxes) > 0 && (fault != form.Fine || rapid.IntRange(0, 5).Draw(k.t, "more") == 0):
		return rapid.SampledFrom(boxes).Draw(k.t, "box")
	case len(on) > 0:
		return on[0]
	}
	return rapid.SampledFrom(now).Draw(k.t, "tap")
}

// forged is a button nobody was ever shown.
func (k *walk) forged() flows.Action {
	tap := flows.Tap{
		Verb:  rapid.SampledFrom([]flows.Verb{flows.DoGo, flows.DoCase, flows.DoDraft, flows.DoBox, flows.DoPick, flows.DoNext, flows.DoBack, flows.DoSign, flows.DoYes, flows.DoRecord, flows.DoRead, flows.DoEvidence, flows.DoCorrect, flows.DoAdd, flows.DoRemove, flows.DoEdit, flows.DoPage, flows.DoAct, flows.DoTick, flows.DoCarry, flows.DoDrop, "??"}).Draw(k.t, "verb"),
		Draft: rapid.StringMatching("[a-f0-9]{0,8}").Draw(k.t, "draft"),
		Turn:  rapid.IntRange(-2, 30).Draw(k.t, "turn"),
		Item:  rapid.SampledFrom([]form.ItemID{"", form.Outcome, form.Insiders, form.Channel, form.Particulars, "nothing"}).Draw(k.t, "item"),
		Arg:   rapid.SampledFrom([]string{"", "none", "p1", "p8", "direct", "event", "999999999999", "x", "menu"}).Draw(k.t, "arg"),
		On:    rapid.Bool().Draw(k.t, "on"),
	}
	if len(k.old) > 0 && rapid.Bool().Draw(k.t, "bend") {
		old := rapid.SampledFrom(k.old).Draw(k.t, "bent")
		tap.Draft, tap.Turn = old.Draft, old.Turn
	}
	return tap
}

// redeliver brings the person's last event again: nothing may change, nothing may happen.
func (k *walk) redeliver(person string) {
	d, ok := k.last[person]
	if !ok {
		return
	}
	before, _ := k.w.State(person).Bytes()
	if effects := k.w.Deliver(person, d.id, d.do); len(effects) > 0 {
		k.t.Fatalf("a redelivered event has effects: %v", effects)
	}
	if after, _ := k.w.State(person).Bytes(); !bytes.Equal(before, after) {
		k.t.Fatal("a redelivered event changes the dialog")
	}
}

// check looks at the person's screen and at what arrived by itself.
func (k *walk) check(person string) {
	s := k.w.State(person)
	b, err := s.Bytes()
	if err != nil {
		k.t.Fatal(err)
	}
	again, err := flows.ParseState(b)
	if err != nil {
		k.t.Fatal(err)
	}
	screen := k.w.View(person)
	k.w.SetState(person, again)
	if got := k.w.View(person); !reflect.DeepEqual(got, screen) {
		k.t.Fatalf("a stored dialog looks different:\n%v\n%v", screen, got)
	}
	if len(screen.Rows) == 0 {
		k.t.Fatalf("no way on from %q", screen.Text)
	}
	if n := len(utf16.Encode([]rune(screen.Text))); n == 0 || n > 4096 {
		k.t.Fatalf("a screen of %d characters", n)
	}
	for _, row := range screen.Rows {
		for _, b := range row {
			if b.Label == "" || len(row) > 8 {
				k.t.Fatalf("button %v", b)
			}
		}
	}
	for _, h := range k.w.Heard() {
		if h.Text != text.Say(text.ZhHans, text.NoticeReport) && h.Text != text.Say(text.ZhHans, text.NoticeWord) && !strings.HasPrefix(h.Text, "〔") {
			k.t.Fatalf("a notice says %q", h.Text)
		}
	}
}

// TestRandomLives plays random lives.
func TestRandomLives(t *testing.T) {
	var zero, events, direct int
	rapid.Check(t, func(t *rapid.T) {
		k := newWalk(t)
		for range rapid.IntRange(500, 700).Draw(t, "acts") {
			k.act()
		}
		for _, r := range k.filed {
			switch {
			case r.Zero():
				zero++
			case r.Answers.One(form.Channel) == form.Direct:
				direct++
			default:
				events++
			}
		}
	})
	t.Logf("signed: %d zero entries, %d reports, %d direct reports", zero, events, direct)
	if zero < 20 || events+direct < 20 || direct < 3 {
		t.Fatal("the random lives hardly ever sign anything: the property says nothing")
	}
}

// TestStepKeepsItsArguments: a step never changes the state it was given, so that a turn can be tried again.
func TestStepKeepsItsArguments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := newWalk(t)
		for range 60 {
			person := rapid.SampledFrom([]string{"张三", "李四"}).Draw(t, "who")
			s := k.w.State(person)
			before, _ := s.Bytes()
			do := k.choose(person)
			if do == nil {
				continue
			}
			k.id++
			flows.Step(s, k.w.Desk(person), flows.Event{ID: k.id, At: flowstest.Start, Fresh: "0123456789abcdef", Do: do})
			if after, _ := s.Bytes(); !bytes.Equal(before, after) {
				t.Fatalf("%#v changes the state it was given", do)
			}
			k.w.Deliver(person, k.id, do)
		}
	})
}

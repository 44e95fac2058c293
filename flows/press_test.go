package flows_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"liuhen/flows"
	"liuhen/flows/form"
)

// TestZeroEntryTakesSixTaps counts presses from a notice to the filed entry (E1), by both ways, with one case owed and with
// several; the four items of Art. 3 and the summary are seen on the way (R3.1, E7).
func TestZeroEntryTakesSixTaps(t *testing.T) {
	for _, c := range []struct {
		who, caseID string
		way         flows.Place
	}{
		{"张三", "c1", flows.AtFile},
		{"张三", "c1", flows.AtTodo},
		{"张三", "c1", flows.AtCases},
		{"李四", "c3", flows.AtFile},
		{"李四", "c1", flows.AtTodo},
		{"王五", "c3", flows.AtFile},
	} {
		t.Run(fmt.Sprint(c.who, c.caseID, c.way), func(t *testing.T) {
			w := newWorld(t)
			h := handOf(t, w, c.who)
			*h.taps++ // the button of the notice
			w.Do(c.who, flows.Open{})
			h.to(c.way)
			h.arg(flows.DoCase, c.caseID)
			h.arg(flows.DoPick, string(form.None))
			if n := entries(h.do(flows.DoSign)); n != 1 {
				t.Fatalf("%d entries", n)
			}
			if *h.taps > 6 {
				t.Errorf("%d taps", *h.taps)
			}
			if r := w.Records()[0]; !r.Zero() || r.Report != nil || len(r.Answers) != 1 {
				t.Errorf("%+v", r)
			}
		})
	}
}

// buttons are all taps of a screen.
func buttons(s flows.Screen) []flows.Tap {
	var out []flows.Tap
	for _, row := range s.Rows {
		for _, b := range row {
			out = append(out, b.Tap)
		}
	}
	return out
}

func one(t *testing.T, taps []flows.Tap, v flows.Verb) flows.Tap {
	t.Helper()
	i := slices.IndexFunc(taps, func(x flows.Tap) bool { return x.Verb == v })
	if i < 0 {
		t.Fatalf("no button %s among %v", v, taps)
	}
	return taps[i]
}

// TestBurst: an impatient user presses every box of one drawn screen, then 下一步 twice, on every screen of boxes, and in the
// end 签名存档 twice. All boxes are ticked, no question is skipped, one entry is filed.
func TestBurst(t *testing.T) {
	w := newWorld(t)
	h := handOf(t, w, "张三")
	h.begin("c1")
	for _, id := range []form.ItemID{form.Article3, form.Means} {
		h.fill(plain(), id)
		drawn := buttons(w.View("张三"))
		var want []form.OptionID
		for _, x := range drawn {
			if x.Verb == flows.DoBox {
				h.press(x)
				want = append(want, form.OptionID(x.Arg))
			}
		}
		slices.Sort(want)
		h.say("某某")
		next := one(t, drawn, flows.DoNext)
		h.press(next)
		after, _ := form.Edition2020.Next(h.sheet().Answers)
		if es := h.press(next); len(es) != 0 {
			t.Errorf("the second press of a double tap speaks: %v", es)
		}
		if now, _ := form.Edition2020.Next(h.sheet().Answers); now.ID != after.ID {
			t.Fatalf("the second press skips %s", after.ID)
		}
		if got := h.sheet().Answers[id]; !slices.Equal(got.Boxes, want) || !got.Confirmed {
			t.Fatalf("%s: %v, pressed %v", id, got, want)
		}
	}
	h.fill(plain(), "")
	sign := one(t, buttons(w.View("张三")), flows.DoSign)
	if n := entries(h.press(sign)) + entries(h.press(sign)) + entries(h.press(sign)); n != 1 || len(w.Records()) != 1 {
		t.Fatalf("filed %d times", n)
	}
	if s := w.State("张三"); s.Place != flows.AtRecord || s.Subject != w.Records()[0].ID {
		t.Errorf("after signing twice one sees %s %s", s.Place, s.Subject)
	}
	for _, stale := range []flows.Verb{flows.DoBox, flows.DoNext} {
		if es := h.press(flows.Tap{Verb: stale, Draft: sign.Draft, Item: form.Means, Arg: "phone", On: true}); entries(es) != 0 || h.sheet() != nil {
			t.Errorf("%s of a signed sheet does something: %v", stale, es)
		}
	}
}

// TestTwoPhones: the same screen on two phones, used by turns. A move counts on the phone that is up to date; the other is
// told so and nothing is skipped. Boxes count from both.
func TestTwoPhones(t *testing.T) {
	w := newWorld(t)
	h := handOf(t, w, "张三")
	h.begin("c1")
	h.fill(plain(), form.Article3)
	a := buttons(w.View("张三"))
	b := slices.Clone(a)
	boxes := slices.DeleteFunc(slices.Clone(a), func(x flows.Tap) bool { return x.Verb != flows.DoBox })
	h.press(boxes[0])
	h.press(boxes[1])
	h.press(boxes[0])
	if got := h.sheet().Answers[form.Article3].Boxes; len(got) != 2 {
		t.Fatalf("ticked %v", got)
	}
	h.press(one(t, a, flows.DoNext)) // phone A goes on to 干预人
	h.fill(plain(), form.Party)      // and further
	before, _ := w.State("张三").Bytes()
	for _, v := range []flows.Verb{flows.DoNext, flows.DoBack, flows.DoLeave, flows.DoCancel} {
		if got := hints(h.press(one(t, b, v))); got != "hint.oldbutton" {
			t.Errorf("%s on phone B says %q", v, got)
		}
	}
	after, _ := w.State("张三").Bytes()
	if strip(before) != strip(after) {
		t.Fatalf("an old move changes the dialog:\n%s\n%s", before, after)
	}
	h.press(boxes[2]) // a box on phone B opens its item again, so that the press is not lost unseen
	if it, _ := form.Edition2020.Next(h.sheet().Answers); it.ID != form.Article3 || !h.sheet().Answers.Has(form.Article3, form.OptionID(boxes[2].Arg)) {
		t.Fatalf("a box pressed on the other phone is lost: at %s", it.ID)
	}
	h.fill(plain(), "")
	stale := one(t, buttons(w.View("张三")), flows.DoSign)
	h.press(boxes[3])
	h.fill(plain(), "")
	if es := h.press(stale); entries(es) != 0 || hints(es) != "hint.changed" {
		t.Fatalf("the summary of phone B signs what phone A changed: %v", es)
	}
	if entries(h.sign()) != 1 {
		t.Fatal("not filed")
	}
}

// strip leaves out the list of events seen.
func strip(state []byte) string {
	s, err := flows.ParseState(state)
	if err != nil {
		return err.Error()
	}
	s.Seen = nil
	b, _ := s.Bytes()
	return string(b)
}

// TestTwoPhonesAtRandom: whatever two phones press of screens they drew earlier, the dialog is the same as with the presses
// that counted alone, and signing files at most once.
func TestTwoPhonesAtRandom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t)
		h := handOf(t, w, "张三")
		h.begin("c1")
		phones := [2][]flows.Tap{buttons(w.View("张三")), buttons(w.View("张三"))}
		filed := 0
		for range 60 {
			i := rapid.IntRange(0, 1).Draw(t, "phone")
			if rapid.Bool().Draw(t, "look") || len(phones[i]) == 0 {
				phones[i] = buttons(w.View("张三"))
			}
			tap := rapid.SampledFrom(phones[i]).Draw(t, "tap")
			old := w.State("张三")
			filed += entries(h.press(tap))
			now := w.State("张三")
			moves := tap.Turn != 0 && tap.Verb != flows.DoSign
			if moves && tap.Turn != old.Turn && old.Sheet != nil && tap.Draft != "" && tap.Draft == old.Sheet.Draft[:8] {
				a, _ := old.Bytes()
				b, _ := now.Bytes()
				if strip(a) != strip(b) {
					t.Fatalf("an old move %v counts", tap)
				}
			}
			if rapid.IntRange(0, 3).Draw(t, "words") == 0 {
				h.say("昨天")
			}
		}
		ids := map[string]bool{}
		for _, r := range w.Records() {
			ids[r.ID] = true
		}
		if filed != len(ids) || filed != len(w.Records()) {
			t.Fatalf("%d signatures, %d entries", filed, len(ids))
		}
	})
}

// TestOldBoxDuringEdit: a box pressed on another phone while the list of lines is shown opens its item, and what is written
// then is taken.
func TestOldBoxDuringEdit(t *testing.T) {
	w := newWorld(t)
	h := handOf(t, w, "张三")
	h.begin("c1")
	h.fill(plain(), form.Article3)
	drawn := buttons(w.View("张三"))
	h.fill(plain(), "")
	h.press(h.find("the list of lines", func(x flows.Tap) bool { return x.Verb == flows.DoEdit && x.Item == "" }))
	other := drawn[slices.IndexFunc(drawn, func(x flows.Tap) bool { return x.Arg == string(form.Art3Other) })]
	h.press(other)
	h.say("反复打听进度")
	if got := h.sheet().Answers[form.Article3].Beside[form.Art3Other]; got != "反复打听进度" {
		t.Fatalf("written beside the box: %q", got)
	}
	h.do(flows.DoNext)
	if entries(h.sign()) != 1 {
		t.Fatal("not filed")
	}
}

// TestRedelivery: every event of a conversation that comes again, at once or later, changes nothing and does nothing.
func TestRedelivery(t *testing.T) {
	w := newWorld(t)
	h := handOf(t, w, "张三")
	s := naming("p8")
	var id int64
	again := func(do flows.Action) {
		t.Helper()
		id++
		w.Deliver("张三", id, do)
		before, _ := w.State("张三").Bytes()
		for _, old := range []int64{id, max(1, id-5)} {
			if es := w.Deliver("张三", old, do); len(es) != 0 {
				t.Fatalf("%+v again: %v", do, es)
			}
		}
		if after, _ := w.State("张三").Bytes(); string(after) != string(before) {
			t.Fatalf("%+v again changes\n%s\nto\n%s", do, before, after)
		}
	}
	again(flows.Open{})
	again(flows.Command{Name: flows.AtFile})
	again(h.find("case", func(x flows.Tap) bool { return x.Arg == "c1" }))
	for range 60 {
		it, open := form.Edition2020.Next(h.sheet().Answers)
		if !open {
			break
		}
		switch {
		case form.Check(it, h.sheet().Answers[it.ID]) == form.Fine && it.Kind != form.Choice:
			again(h.find("next", func(x flows.Tap) bool { return x.Verb == flows.DoNext }))
		case it.Kind == form.Boxes:
			again(h.find("box", func(x flows.Tap) bool { return x.Item == it.ID && x.Arg == string(s[it.ID][0]) }))
		case it.Kind == form.Choice:
			o := string(append(slices.Clone(s[it.ID]), form.No)[0])
			if it.ID == form.Channel {
				o = string(form.Direct)
			}
			again(h.find("choice", func(x flows.Tap) bool { return x.Item == it.ID && x.Arg == o }))
		default:
			again(flows.Say{Text: "昨天"})
		}
	}
	again(one(t, buttons(w.View("张三")), flows.DoSign))
	if len(w.Records()) != 1 {
		t.Fatalf("%d entries", len(w.Records()))
	}
}

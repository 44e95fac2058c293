package form_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"liuhen/flows/form"
)

var ed = form.Edition2020

// optionsOf are the options an item can have, people of the register included.
func optionsOf(it form.Item) []form.OptionID {
	if it.From != form.Fixed {
		return []form.OptionID{"p1", "p2", form.OptionUnlisted}
	}
	var out []form.OptionID
	for _, o := range it.Options {
		out = append(out, o.ID)
	}
	return out
}

func subset(t *rapid.T, it form.Item) []form.OptionID {
	var out []form.OptionID
	for _, o := range optionsOf(it) {
		if rapid.Bool().Draw(t, string(it.ID)+"."+string(o)) {
			out = append(out, o)
		}
	}
	slices.Sort(out)
	return out
}

// anyAnswer is an answer to an item, right or wrong.
func anyAnswer(t *rapid.T, it form.Item) form.Answer {
	v := form.Answer{Confirmed: rapid.Bool().Draw(t, "confirmed")}
	switch it.Kind {
	case form.Choice:
		if o := rapid.SampledFrom(append(optionsOf(it), "")).Draw(t, string(it.ID)); o != "" {
			v.Boxes = []form.OptionID{o}
		}
	case form.Boxes:
		v.Boxes = subset(t, it)
		if rapid.Bool().Draw(t, "beside") {
			v.Beside = map[form.OptionID]string{rapid.SampledFrom(optionsOf(it)).Draw(t, "box"): "某某"}
		}
	case form.Story:
		v.Parts = rapid.SliceOfN(rapid.StringN(0, 30, -1), 0, 3).Draw(t, "parts")
	case form.Files:
		v.Files = []form.File{{ID: "f"}}
	default:
		v.Text = rapid.StringN(0, 30, -1).Draw(t, "text")
	}
	return v
}

func anyAnswers(t *rapid.T) form.Answers {
	a := form.Answers{}
	for _, it := range ed.Items {
		if rapid.IntRange(0, 3).Draw(t, "has "+string(it.ID)) > 0 {
			a[it.ID] = anyAnswer(t, it)
		}
	}
	if rapid.IntRange(0, 4).Draw(t, "event") > 0 { // mostly the long way
		a[form.Outcome] = form.Answer{Boxes: []form.OptionID{form.Event}, Confirmed: true}
	}
	return a
}

func ids(items []form.Item) []form.ItemID {
	var out []form.ItemID
	for _, it := range items {
		out = append(out, it.ID)
	}
	return out
}

// TestNextIsTheFirstOpenItem: the position is derived, never stored.
func TestNextIsTheFirstOpenItem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyAnswers(t)
		visible := ed.Visible(a)
		open := slices.IndexFunc(visible, func(it form.Item) bool { return !a[it.ID].Confirmed })
		it, ok := ed.Next(a)
		if ok != (open >= 0) || ok && it.ID != visible[open].ID {
			t.Fatalf("next is %s, %v of %v", it.ID, ok, ids(visible))
		}
		for i, x := range visible {
			prev, ok := ed.Previous(a, x.ID)
			if ok != (i > 0) || ok && prev.ID != visible[i-1].ID {
				t.Fatalf("before %s stands %s", x.ID, prev.ID)
			}
		}
		if last, ok := ed.Previous(a, ""); !ok || last.ID != visible[len(visible)-1].ID {
			t.Fatalf("before the summary stands %s", last.ID)
		}
		if p, ok := ed.Previous(a, "nothing"); ok {
			t.Fatalf("before nothing stands %s", p.ID)
		}
	})
}

// TestAnsweringMakesProgress: whoever answers what is asked comes to the summary, after at most one answer per item.
func TestAnsweringMakesProgress(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyAnswers(t)
		for id, v := range a {
			if id != form.Outcome {
				v.Confirmed = false
				a[id] = v
			}
		}
		seen := map[form.ItemID]bool{}
		for range len(ed.Items) + 1 {
			it, ok := ed.Next(a)
			if !ok {
				return
			}
			if seen[it.ID] {
				t.Fatalf("%s is asked twice", it.ID)
			}
			seen[it.ID] = true
			v := anyAnswer(t, it)
			v.Confirmed = true
			a[it.ID] = v
		}
		t.Fatal("the questions do not end")
	})
}

// TestPruned: exactly the confirmed answers of visible items are signed, and 无此类情况 excludes everything else (R4.5).
func TestPruned(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyAnswers(t)
		before, _ := json.Marshal(a)
		pruned := ed.Pruned(a)
		visible := ids(ed.Visible(a))
		for id, v := range a {
			got, kept := pruned[id]
			if want := v.Confirmed && slices.Contains(visible, id); kept != want || kept && !reflect.DeepEqual(got, v) {
				t.Fatalf("%s kept: %v", id, kept)
			}
		}
		if len(pruned) > len(a) {
			t.Fatal("something was added")
		}
		if a.One(form.Outcome) == form.None {
			delete(pruned, form.Reason)
			delete(pruned, form.Outcome)
			if len(pruned) > 0 {
				t.Fatalf("无此类情况 beside %v", pruned)
			}
		}
		spoil(pruned)
		if after, _ := json.Marshal(a); string(after) != string(before) {
			t.Fatal("what is signed shares memory with the draft")
		}
	})
}

// spoil changes everything that answers hold.
func spoil(a form.Answers) {
	for id, v := range a {
		for i := range v.Boxes {
			v.Boxes[i] = "spoilt"
		}
		for i := range v.Parts {
			v.Parts[i] = "spoilt"
		}
		for i := range v.Files {
			v.Files[i].Name = "spoilt"
		}
		for o := range v.Beside {
			v.Beside[o] = "spoilt"
		}
		delete(a, id)
	}
}

func TestCloneIsIndependent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyAnswers(t)
		before, _ := json.Marshal(a)
		c := a.Clone()
		if !reflect.DeepEqual(a, c) {
			t.Fatal("a copy differs")
		}
		spoil(c)
		if after, _ := json.Marshal(a); string(after) != string(before) {
			t.Fatal("a copy shares memory")
		}
	})
	if c := form.Answers(nil).Clone(); c == nil {
		t.Error("a copy of nothing cannot be written to")
	}
}

// TestWithBoxStatesTheOutcome: repeating a press changes nothing, boxes stay sorted and single, the argument is left alone.
func TestWithBoxStatesTheOutcome(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		it, _ := ed.Item(rapid.SampledFrom([]form.ItemID{form.Article3, form.Content, form.Insiders}).Draw(t, "item"))
		v := anyAnswer(t, it)
		before := slices.Clone(v.Boxes)
		o, on := rapid.SampledFrom(optionsOf(it)).Draw(t, "box"), rapid.Bool().Draw(t, "on")
		once := v.WithBox(o, on)
		if twice := once.WithBox(o, on); !slices.Equal(once.Boxes, twice.Boxes) {
			t.Fatalf("a repeated press: %v, %v", once.Boxes, twice.Boxes)
		}
		if slices.Contains(once.Boxes, o) != on || once.Confirmed {
			t.Fatalf("%s on=%v gives %v", o, on, once)
		}
		if !slices.IsSorted(once.Boxes) || len(slices.Compact(slices.Clone(once.Boxes))) != len(once.Boxes) {
			t.Fatalf("boxes %v", once.Boxes)
		}
		for _, x := range optionsOf(it) {
			if x != o && slices.Contains(once.Boxes, x) != slices.Contains(before, x) {
				t.Fatalf("pressing %s changes %s", o, x)
			}
		}
		if !slices.Equal(v.Boxes, before) {
			t.Fatal("the argument was changed")
		}
	})
}

// TestCheckAllBoxes goes through every combination of boxes of every item, with and without the texts beside them (R3.3, R4.6).
func TestCheckAllBoxes(t *testing.T) {
	for _, it := range ed.Items {
		if it.Kind != form.Boxes && it.Kind != form.Choice {
			continue
		}
		all := optionsOf(it)
		for mask := range 1 << len(all) {
			for _, beside := range []string{"", "某某"} {
				v, lacks := form.Answer{Beside: map[form.OptionID]string{}}, false
				for i, o := range all {
					if mask>>i&1 == 1 {
						v.Boxes = append(v.Boxes, o)
						v.Beside[o] = beside
						lacks = lacks || beside == "" && (o == form.Other && it.ID != form.Superior || o == form.Art3Other || o == form.OptionUnlisted)
					}
				}
				want := form.Fine
				switch {
				case mask == 0:
					want = form.Empty
				case lacks:
					want = form.NoBeside
				}
				if got := form.Check(it, v); got != want {
					t.Fatalf("%s with %v beside %q: fault %d, want %d", it.ID, v.Boxes, beside, got, want)
				}
			}
		}
	}
}

// TestCheckTexts: what must be written must be there and not too long; characters are counted, not bytes.
func TestCheckTexts(t *testing.T) {
	item := func(id form.ItemID) form.Item { it, _ := ed.Item(id); return it }
	long := func(n int) string { return strings.Repeat("𠮷", n) }
	for i, c := range []struct {
		id   form.ItemID
		v    form.Answer
		want form.Fault
	}{
		{form.Where, form.Answer{}, form.Empty},
		{form.Where, form.Answer{Text: "本所"}, form.Fine},
		{form.Where, form.Answer{Text: long(200)}, form.Fine},
		{form.Where, form.Answer{Text: long(201)}, form.TooLong},
		{form.Reason, form.Answer{}, form.Empty},
		{form.When, form.Answer{}, form.Empty},
		{form.When, form.Answer{Text: "2026-11-20"}, form.Fine},
		{form.Particulars, form.Answer{}, form.Empty},
		{form.Particulars, form.Answer{Parts: []string{""}}, form.Empty},
		{form.Particulars, form.Answer{Parts: []string{long(4000), long(4000), long(1998)}}, form.Fine}, // and two line breaks
		{form.Particulars, form.Answer{Parts: []string{long(4000), long(4000), long(1999)}}, form.TooLong},
		{form.Evidence, form.Answer{}, form.Fine}, // nobody need collect any
		{form.Evidence, form.Answer{Files: []form.File{{}}}, form.Fine},
	} {
		if got := form.Check(item(c.id), c.v); got != c.want {
			t.Errorf("%d: %s: fault %d, want %d", i, c.id, got, c.want)
		}
	}
	if form.Check(form.Item{Kind: 99}, form.Answer{}) == form.Fine {
		t.Error("an item of an unknown kind can be confirmed")
	}
}

// TestProposed follows the table of domain 3.2; the signer confirms or changes it.
func TestProposed(t *testing.T) {
	for _, c := range []struct{ art3, beside, want, text string }{
		{"a31", "", "favour", ""},
		{"a32", "", "other", "邀请私下会见"},
		{"a33a", "", "procedure", ""},
		{"a33b", "", "opinion", ""},
		{"a33c", "", "procedure", ""},
		{"a33a a33c", "", "procedure", ""},
		{"a34", "反复打听进度", "other", "反复打听进度"},
		{"a34", "", "", ""},
		{"a32 a34", "反复打听进度", "other", "邀请私下会见；反复打听进度"},
		{"a31 a32 a33a a33b a33c a34", "某某", "favour opinion other procedure", "邀请私下会见；某某"},
		{"", "某某", "", ""}, // a text beside a box that is not ticked says nothing
	} {
		a := form.Answers{form.Article3: {Beside: map[form.OptionID]string{form.Art3Other: c.beside}}}
		v := a[form.Article3]
		for _, o := range strings.Fields(c.art3) {
			v = v.WithBox(form.OptionID(o), true)
		}
		a[form.Article3] = v
		got := form.Proposed(a)
		boxes := strings.Trim(fmt.Sprint(got.Boxes), "[]")
		if boxes != c.want || got.Beside[form.Other] != c.text || got.Confirmed {
			t.Errorf("%s proposes %s %q (confirmed %v)", c.art3, boxes, got.Beside[form.Other], got.Confirmed)
		}
	}
}

// TestFollowUps: who is named decides what is asked next.
func TestFollowUps(t *testing.T) {
	base := "outcome article3 interferers"
	tail := " party content when where means particulars evidence"
	for _, c := range []struct {
		boxes, people string
		want          string
	}{
		{"client", "", base + tail},
		{"litigant", "", base + tail},
		{"other", "", base + " superior" + tail},
		{"insider", "p1", base + " insiders serious" + tail},
		{"insider", "unlisted", base + " insiders head serious" + tail},
		{"official", "p1", base + " officers" + tail},
		{"official", "unlisted", base + " officers lead" + tail},
		{"client", "unlisted", base + tail}, // a list filled in earlier and no longer asked for
		{"insider official other", "unlisted", base + " insiders head serious officers lead superior" + tail},
	} {
		a := form.Answers{form.Outcome: {Boxes: []form.OptionID{form.Event}}}
		for id, list := range map[form.ItemID]string{form.Interferers: c.boxes, form.Insiders: c.people, form.Officers: c.people} {
			v := form.Answer{}
			for _, o := range strings.Fields(list) {
				v = v.WithBox(form.OptionID(o), true)
			}
			a[id] = v
		}
		if got := strings.Trim(fmt.Sprint(ids(ed.Visible(a))), "[]"); got != c.want {
			t.Errorf("%s: asked\n%s\nwant\n%s", c.boxes, got, c.want)
		}
	}
	zero := form.Answers{form.Outcome: {Boxes: []form.OptionID{form.None}}, form.Channel: {}, form.Reason: {}}
	if got := fmt.Sprint(ids(ed.Visible(zero))); got != "[reason outcome]" {
		t.Errorf("无此类情况 asks %s", got)
	}
}

func TestLength(t *testing.T) {
	for _, c := range []struct {
		parts []string
		want  int
	}{{nil, 0}, {[]string{"一二"}, 2}, {[]string{"一", "𠮷", "三"}, 5}, {[]string{"", ""}, 1}} {
		if got := (form.Answer{Parts: c.parts}).Length(); got != c.want || got != len([]rune(strings.Join(c.parts, "\n"))) {
			t.Errorf("%q has %d characters", c.parts, got)
		}
	}
}

// TestOne: one choice is one, two are none.
func TestOne(t *testing.T) {
	a := form.Answers{"a": {Boxes: []form.OptionID{"x"}}, "b": {Boxes: []form.OptionID{"x", "y"}}}
	if a.One("a") != "x" || a.One("b") != "" || a.One("c") != "" {
		t.Error(a.One("a"), a.One("b"), a.One("c"))
	}
}

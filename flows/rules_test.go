package flows_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"liuhen/flows"
	"liuhen/flows/flowstest"
	"liuhen/flows/form"
	"liuhen/flows/record"
)

// TestUnknownEdition: a draft of an edition that a later release knows is left alone until that release is back.
func TestUnknownEdition(t *testing.T) {
	w := newWorld(t)
	h := handOf(t, w, "张三")
	h.begin("c1")
	h.fill(plain(), "")
	sign := one(t, buttons(w.View("张三")), flows.DoSign)
	s := w.State("张三")
	s.Sheet.Edition = "2050"
	before, _ := s.Bytes()
	for _, do := range []flows.Action{
		sign,
		flows.Tap{Verb: flows.DoNext, Draft: sign.Draft, Turn: s.Turn},
		flows.Tap{Verb: flows.DoBack, Draft: sign.Draft, Turn: s.Turn},
		flows.Tap{Verb: flows.DoBox, Draft: sign.Draft, Item: form.Means, Arg: "phone", On: true},
		flows.Say{Text: "某某"},
		flows.Attach{File: form.File{ID: "f", Kind: "photo"}},
	} {
		next, es := flows.Step(s, w.Desk("张三"), flows.Event{ID: 999, At: flowstest.Start, Fresh: "0123456789", Do: do})
		if after, _ := next.Bytes(); strip(after) != strip(before) || entries(es) != 0 || hints(es) == "" {
			t.Errorf("%#v: %v\n%s", do, es, after)
		}
	}
	next, _ := flows.Step(s, w.Desk("张三"), flows.Event{ID: 999, Do: flows.Command{Name: flows.AtMenu}})
	if len(next.Shelf) != 1 || next.Shelf[0].Edition != "2050" || len(next.Shelf[0].Answers) != len(s.Sheet.Answers) {
		t.Errorf("after leaving: %+v", next.Shelf)
	}
}

// TestNothingVisibleIsNoText: spaces of any kind and characters nobody sees fill no line of the sheet (R4.6).
func TestNothingVisibleIsNoText(t *testing.T) {
	w := newWorld(t)
	h := handOf(t, w, "张三")
	h.begin("c1")
	h.fill(plain(), form.Particulars)
	for _, words := range []string{"", " ", "\n\t", "　", "\u200b\u200d\ufeff", "\u202e", "\x00", "\u00ad"} {
		h.say(words)
		if n := h.sheet().Answers[form.Particulars].Length(); n != 0 {
			t.Errorf("%q counts as %d characters", words, n)
		}
	}
	for _, words := range []string{"事", "😀", "\u200b事", "？"} {
		h.say(words)
	}
	if n := len(h.sheet().Answers[form.Particulars].Parts); n != 4 {
		t.Errorf("%d parts", n)
	}
	h.say("\xff坏\xfe")
	s := w.State("张三")
	b, _ := s.Bytes()
	if again, _ := flows.ParseState(b); fmt.Sprint(again.Sheet.Answers) != fmt.Sprint(s.Sheet.Answers) {
		t.Error("bytes that are no character make a stored dialog another one")
	}
}

// TestStoryLimit: 10,000 characters and not one more; what does not fit is refused whole and said, what was kept stays.
func TestStoryLimit(t *testing.T) {
	w := newWorld(t)
	h := handOf(t, w, "张三")
	h.begin("c1")
	h.fill(plain(), form.Particulars)
	for _, n := range []int{4000, 4000, 1997} { // with the line breaks 9,999
		h.say(strings.Repeat("事", n))
	}
	es := w.Do("张三", flows.Say{Text: "事"}) // and a line break: 10,001
	if got := h.sheet().Answers[form.Particulars].Length(); got != 9999 || hints(es) != "hint.storyfull" {
		t.Fatalf("%d characters kept, %q", got, hints(es))
	}
	h.do(flows.DoRemove)
	h.say(strings.Repeat("事", 1998))
	if got := h.sheet().Answers[form.Particulars].Length(); got != form.StoryLimit {
		t.Fatalf("%d characters kept", got)
	}
	h.do(flows.DoNext)
	h.fill(plain(), "")
	h.sign()
	if got := w.Records()[0].Answers[form.Particulars].Length(); got != form.StoryLimit {
		t.Fatalf("%d characters signed", got)
	}
}

// TestEvidence: the same file twice is one, twenty are the most, and one taken away stays away.
func TestEvidence(t *testing.T) {
	w := newWorld(t)
	h := handOf(t, w, "张三")
	send := func(n int, kind string) string {
		return hints(w.Do("张三", flows.Attach{File: form.File{ID: fmt.Sprint("f", n, kind), Kind: kind, SHA256: fmt.Sprintf("%064d", n), Blob: "b"}}))
	}
	if got := send(0, "photo"); got != "hint.nosheet" {
		t.Errorf("without a sheet: %q", got)
	}
	h.begin("c1")
	if got := send(0, "photo"); got != "hint.noeventyet" {
		t.Errorf("before anything happened: %q", got)
	}
	h.fill(plain(), form.Where)
	for i, c := range []struct {
		n    int
		kind string
		want string
	}{{1, "photo", "hint.kept"}, {1, "photo", "hint.samefile"}, {1, "document", "hint.kept"}, {2, "photo", "hint.kept"}} {
		if got := send(c.n, c.kind); got != c.want {
			t.Errorf("%d: %q", i, got)
		}
	}
	for n := 3; n <= 19; n++ {
		send(n, "photo")
	}
	if got := send(20, "photo"); got != "hint.toomany" || len(h.sheet().Answers[form.Evidence].Files) != 20 {
		t.Errorf("the 21st: %q, %d kept", got, len(h.sheet().Answers[form.Evidence].Files))
	}
	h.fill(plain(), form.Evidence)
	h.arg(flows.DoRemove, "f1photo")
	if len(h.sheet().Answers[form.Evidence].Files) != 19 {
		t.Error("nothing was taken away")
	}
	h.fill(plain(), "")
	h.sign()
	if fs := w.Records()[0].Answers[form.Evidence].Files; len(fs) != 19 || slices.ContainsFunc(fs, func(f form.File) bool { return f.ID == "f1photo" }) {
		t.Errorf("%d signed", len(fs))
	}
}

// TestUnlistedNeedsWords: a box with a line beside it counts only with the words (R3.3, R4.6).
func TestUnlistedNeedsWords(t *testing.T) {
	w := newWorld(t)
	h := handOf(t, w, "张三")
	h.begin("c1")
	h.fill(naming("p8"), form.Insiders)
	if got := hints(h.arg(flows.DoBox, string(form.OptionUnlisted))); got != "hint.writebeside" {
		t.Errorf("ticking says %q", got)
	}
	if got := hints(h.do(flows.DoNext)); got != "hint.writebeside" {
		t.Errorf("going on says %q", got)
	}
	if it, _ := form.Edition2020.Next(h.sheet().Answers); it.ID != form.Insiders {
		t.Fatalf("went on to %s", it.ID)
	}
	h.say("某某")
	h.do(flows.DoNext)
	if it, _ := form.Edition2020.Next(h.sheet().Answers); it.ID != form.IsHead {
		t.Fatalf("went on to %s", it.ID)
	}
}

// TestUnsureIsTheWorseCase: an unlisted colleague who may be the head, an unlisted officer who may lead, are treated as if
// they were: the head, or the whole organ, sees nothing (AM-15).
func TestUnsureIsTheWorseCase(t *testing.T) {
	for _, c := range []struct {
		box    form.OptionID
		list   form.ItemID
		asks   form.ItemID
		answer form.OptionID
		never  []string
		may    string
	}{
		{form.Insider, form.Insiders, form.IsHead, form.Unsure, []string{"赵六", "钱七"}, "吴十"},
		{form.Insider, form.Insiders, form.IsHead, form.Yes, []string{"赵六", "钱七"}, "吴十"},
		{form.Insider, form.Insiders, form.IsHead, form.No, []string{"赵六"}, "钱七"},
		{form.Other, "", form.Superior, form.Unsure, []string{"钱七"}, "吴十"},
		{form.Other, "", form.Superior, form.No, nil, "钱七"},
	} {
		w := newWorld(t)
		s := plain()
		s[form.Interferers] = []form.OptionID{c.box}
		s[c.list], s[c.asks] = []form.OptionID{form.OptionUnlisted}, []form.OptionID{c.answer}
		handOf(t, w, "张三").file("c1", s)
		got := recipients(w)
		if !got[c.may] {
			t.Errorf("%s %s: %s does not receive it: %v", c.asks, c.answer, c.may, got)
		}
		for _, n := range c.never {
			if got[n] {
				t.Errorf("%s %s: %s receives it", c.asks, c.answer, n)
			}
		}
	}
	w := newWorld(t)
	s := naming("p8")
	s[form.Interferers] = []form.OptionID{form.Insider, form.Official}
	s[form.Officers], s[form.IsLead] = []form.OptionID{form.OptionUnlisted}, []form.OptionID{form.Unsure}
	handOf(t, w, "张三").file("c1", s)
	if got := recipients(w); got["吴十"] || got["郑一"] || got["冯二"] || !got["陈大"] {
		t.Errorf("an officer who may lead the authority: %v", got)
	}
}

// TestChannelIsAskedAnew: the choice of the channel belongs to the facts it was made on (Art. 5, AM-9).
func TestChannelIsAskedAnew(t *testing.T) {
	w := newWorld(t)
	h := handOf(t, w, "张三")
	s := naming("p8")
	s[form.Channel] = []form.OptionID{form.Institution}
	h.begin("c1")
	h.fill(s, "")
	if got := h.sheet().Answers[form.Channel]; !got.Confirmed || !slices.Equal(got.Boxes, []form.OptionID{form.Institution}) {
		t.Fatalf("chosen %v", got)
	}
	h.press(h.find("the list of lines", func(x flows.Tap) bool { return x.Verb == flows.DoEdit && x.Item == "" }))
	h.press(h.find("serious", func(x flows.Tap) bool { return x.Verb == flows.DoEdit && x.Item == form.Serious }))
	h.arg(flows.DoPick, string(form.Yes))
	if got := h.sheet().Answers[form.Channel]; got.Confirmed || !slices.Equal(got.Boxes, []form.OptionID{form.Direct}) {
		t.Errorf("after the facts changed: %v", got)
	}
	h.press(flows.Tap{Verb: flows.DoBox, Draft: h.sheet().Draft[:8], Item: form.Interferers, Arg: string(form.Insider)})
	if _, asked := h.sheet().Answers[form.Channel]; asked {
		t.Error("a channel is still chosen where there is nothing to choose")
	}
	h.fill(plain(), "")
	h.sign()
	if got := recipients(w); len(got) != 1 || !got["钱七"] {
		t.Errorf("received by %v", got)
	}
	if r := w.Records()[0]; r.Answers.Has(form.Insiders, "p8") || strings.Contains(fmt.Sprint(r.Report), "赵六") {
		t.Errorf("what is no longer asked for is signed: %+v", r.Answers)
	}
}

// TestSignedIsWhatWasShown: a press signs the summary it stood under, and nothing else.
func TestSignedIsWhatWasShown(t *testing.T) {
	w := newWorld(t)
	h := handOf(t, w, "张三")
	h.begin("c1")
	h.fill(plain(), "")
	sign := one(t, buttons(w.View("张三")), flows.DoSign)
	for _, arg := range []string{"", sign.Arg[:8], strings.Repeat("0", 16), "0" + sign.Arg, sign.Arg + "0"} {
		forged := sign
		forged.Arg = arg
		if es := h.press(forged); entries(es) != 0 {
			t.Errorf("signed with digest %q", arg)
		}
	}
	_ = w.Send("张三", "photo", "名片.jpg") // sent while the summary stood there
	if es := h.press(sign); entries(es) != 0 || hints(es) != "hint.changed" {
		t.Errorf("signed what was not shown: %v", es)
	}
	late := one(t, buttons(w.View("张三")), flows.DoSign)
	if err := w.Clock("24h"); err != nil {
		t.Fatal(err)
	}
	if es := h.press(late); entries(es) != 0 || hints(es) != "hint.changed" {
		t.Errorf("signed with yesterday's date: %v", es)
	}
	if entries(h.sign()) != 1 || len(w.Records()[0].Answers[form.Evidence].Files) != 1 {
		t.Error("not filed")
	}
	r := w.Records()[0]
	if !r.Signed.Equal(flowstest.Start.Add(24*time.Hour)) || len(r.Shown) != 64 {
		t.Errorf("signed %v, shown %q", r.Signed, r.Shown)
	}
}

// TestZeroClearsOnlyWhenAsked: 无此类情况 after something was filled in asks first, and clears all of it (R4.5).
func TestZeroClearsOnlyWhenAsked(t *testing.T) {
	w := newWorld(t)
	h := handOf(t, w, "张三")
	h.begin("c1")
	h.fill(plain(), form.Content)
	for _, answer := range []flows.Verb{flows.DoNo, flows.DoYes} {
		h.press(flows.Tap{Verb: flows.DoEdit, Draft: h.sheet().Draft[:8], Turn: w.State("张三").Turn, Item: form.Outcome})
		h.arg(flows.DoPick, string(form.None))
		if got := w.State("张三").Ask; got != flows.AskZero || len(h.sheet().Answers) < 4 {
			t.Fatalf("asked %q", got)
		}
		h.do(answer)
		if kept := len(h.sheet().Answers) > 1; kept != (answer == flows.DoNo) {
			t.Fatalf("after %s: %v", answer, h.sheet().Answers)
		}
		h.fill(plain(), form.Content)
	}
	h.sign()
	if r := w.Records()[0]; !r.Zero() || len(r.Answers) != 1 {
		t.Errorf("%+v", r)
	}
}

// TestSupplementAndCorrection: a further entry is about an event (AM-17); a correction is of one's own latest entry, with a
// reason, and both stay (R4.9, AM-25).
func TestSupplementAndCorrection(t *testing.T) {
	w := newWorld(t)
	h := handOf(t, w, "张三")
	h.file("c1", zero)
	h.do(flows.DoAdd)
	if got := h.sheet(); !got.Supplements || got.Answers.One(form.Outcome) != form.Event || got.Supersedes != "" {
		t.Fatalf("a further entry begins as %+v", got)
	}
	es := h.press(flows.Tap{Verb: flows.DoEdit, Draft: h.sheet().Draft[:8], Turn: w.State("张三").Turn, Item: form.Outcome})
	if hints(es) != "hint.oldbutton" {
		t.Errorf("a further entry can be made 无此类情况: %v", es)
	}
	h.fill(plain(), "")
	h.sign()
	first, second := w.Records()[0], w.Records()[1]
	if second.Zero() || !second.Supplements || second.Supersedes != "" || second.Case.ID != "c1" {
		t.Errorf("%+v", second)
	}
	h.to(flows.AtRecords)
	h.arg(flows.DoRecord, first.ID)
	h.do(flows.DoCorrect)
	h.fill(zero, "")
	h.sign()
	third := w.Records()[2]
	if third.Supersedes != first.ID || third.Answers[form.Reason].Text == "" || !third.Zero() || third.Supplements {
		t.Errorf("%+v", third)
	}
	h.to(flows.AtRecords)
	h.arg(flows.DoRecord, first.ID)
	if es := h.press(flows.Tap{Verb: flows.DoCorrect, Arg: first.ID}); hints(es) != "hint.superseded" || h.sheet() != nil {
		t.Errorf("a corrected entry is corrected again: %v", es)
	}
}

// TestOthersEntriesAreNotMine: nobody corrects, adds to or reads what is not theirs, whatever buttons they make up and
// whatever stands on the desk by mistake.
func TestOthersEntriesAreNotMine(t *testing.T) {
	w := newWorld(t)
	handOf(t, w, "张三").file("c1", plain())
	r := w.Records()[0]
	report := "r" + r.ID[:12]
	for _, who := range []string{"李四", "赵六", "周九", "钱七"} {
		for _, withEntry := range []bool{false, true} {
			d := w.Desk(who)
			if withEntry {
				d.Entry = &record.Record{ID: r.ID, Answers: r.Answers}
			}
			for _, tap := range []flows.Tap{
				{Verb: flows.DoCorrect, Arg: r.ID},
				{Verb: flows.DoSign, Draft: r.ID[:8], Arg: r.Shown},
				{Verb: flows.DoDraft, Arg: r.ID[:8]},
				{Verb: flows.DoAdd, Arg: "c2"},
			} {
				s, es := flows.Step(w.State(who), d, flows.Event{ID: 999, At: flowstest.Start, Fresh: "0123456789", Do: tap})
				if s.Sheet != nil || entries(es) != 0 || hints(es) == "" {
					t.Errorf("%s: %+v opens %+v, %v", who, tap, s.Sheet, es)
				}
			}
			s := flows.State{Place: flows.AtRecord, Subject: r.ID, Page: 1}
			if screen := fmt.Sprint(flows.View(s, d)); strings.Contains(screen, "伤残等级评高") {
				t.Errorf("%s reads another's entry:\n%s", who, screen)
			}
		}
		s, es := flows.Step(w.State(who), w.Desk(who), flows.Event{ID: 999, At: flowstest.Start, Do: flows.Tap{Verb: flows.DoRead, Arg: report}})
		read := slices.ContainsFunc(es, func(e flows.Effect) bool { _, ok := e.(flows.Read); return ok })
		if may := who == "钱七"; read != may || (s.Place == flows.AtReport) != may {
			t.Errorf("%s opens the report: %v", who, es)
		}
		d := w.Desk(who)
		d.Report = &flows.Report{ID: "another", Record: r}
		if screen := flows.View(flows.State{Place: flows.AtReport, Subject: report}, d); strings.Contains(screen.Text, "伤残等级") {
			t.Errorf("another report is shown:\n%s", screen.Text)
		}
	}
}

// TestFutureDay: what has not come yet cannot have happened.
func TestFutureDay(t *testing.T) {
	w := newWorld(t)
	h := handOf(t, w, "张三")
	h.begin("c1")
	h.fill(plain(), form.When)
	for words, want := range map[string]string{"2026-11-25": "hint.future", "2027-01-01": "hint.future", "不记得": "hint.day"} {
		if got := hints(w.Do("张三", flows.Say{Text: words})); got != want || h.sheet().Answers[form.When].Confirmed {
			t.Errorf("%q says %q", words, got)
		}
	}
	if got := hints(h.arg(flows.DoPick, "0")); got != "" || h.sheet().Answers[form.When].Text != "2026-11-24" {
		t.Errorf("today: %q, %+v", got, h.sheet().Answers[form.When])
	}
}

// TestFiledBeforeStored: a crash after the entry was filed and before the dialog was stored shows the receipt, and files
// nothing again.
func TestFiledBeforeStored(t *testing.T) {
	w := newWorld(t)
	h := handOf(t, w, "张三")
	h.begin("c1")
	h.fill(plain(), "")
	s, sign := w.State("张三"), one(t, buttons(w.View("张三")), flows.DoSign)
	h.press(sign)
	w.SetState("张三", s)
	if es := h.press(sign); entries(es) != 0 || hints(es) != "hint.filed" || w.State("张三").Place != flows.AtRecord {
		t.Errorf("signed again: %v", es)
	}
}

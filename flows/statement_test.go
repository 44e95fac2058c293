package flows_test

import (
	"bytes"
	"strings"
	"testing"

	"liuhen/flows"
	"liuhen/flows/form"
	"liuhen/flows/record"
)

// answering is a world in which 张三 is about to add to their report, and the button that confirms it.
func answering(t *testing.T) (hand, func() flows.Tap) {
	t.Helper()
	w := reported(t)
	h := handOf(t, w, "张三")
	h.do(flows.DoPage)
	h.arg(flows.DoAct, "reply")
	return h, func() flows.Tap { return one(t, buttons(w.View("张三")), flows.DoCarry) }
}

// TestAStatementIsWhole: several messages and files go into one act in their order; what is too much is refused and loses nothing.
func TestAStatementIsWhole(t *testing.T) {
	h, confirm := answering(t)
	if n := len(acts(h.press(confirm()))); n != 0 {
		t.Fatal("an empty answer was given")
	}
	h.say("第一段")
	h.say(strings.Repeat("长", 9_996)) // with the line feed, the last character there is room for
	h.say("太")
	if x := h.w.State("张三").Act.Statement; len(x.Parts) != 2 {
		t.Fatalf("%d parts", len(x.Parts))
	}
	h.press(flows.Tap{Verb: flows.DoRemove, Turn: h.w.State("张三").Turn})
	h.say("第二段")
	for i := range 22 {
		h.w.Do("张三", flows.Attach{File: form.File{ID: strings.Repeat("f", i+1), Kind: "photo", SHA256: strings.Repeat("a", i+1)}})
	}
	h.w.Do("张三", flows.Attach{File: form.File{ID: "again", Kind: "photo", SHA256: "a"}})
	h.press(flows.Tap{Verb: flows.DoRemove, Turn: h.w.State("张三").Turn, Arg: "f"})
	old := flows.Tap{Verb: flows.DoRemove, Turn: h.w.State("张三").Turn - 1, Arg: "ff"}
	h.press(old)
	tap := confirm()
	got := acts(h.press(tap))
	if len(got) != 1 || got[0].Act.Text != "第一段\n第二段" || len(got[0].Act.Files) != 19 {
		t.Fatalf("%+v", got)
	}
	if n := len(acts(h.press(tap))); n != 0 {
		t.Fatal("it was given twice")
	}
	canonical, err := got[0].Act.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	again, err := record.ParseAct(canonical)
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := again.Canonical(); !bytes.Equal(b, canonical) {
		t.Error("it does not read back")
	}
}

// TestAStatementStays: a restart, a step that changes nothing, and leaving the room.
func TestAStatementStays(t *testing.T) {
	h, _ := answering(t)
	h.say("话")
	before := h.w.State("张三")
	h.w.Do("张三", flows.Say{Text: "又一段"})
	if len(before.Act.Statement.Parts) != 1 {
		t.Fatal("a step changed its argument")
	}
	b, err := h.w.State("张三").Bytes()
	if err != nil {
		t.Fatal(err)
	}
	s, err := flows.ParseState(b)
	if err != nil || len(s.Act.Statement.Parts) != 2 || !s.TakesFiles() {
		t.Fatalf("%+v: %v", s, err)
	}
	h.w.Do("张三", flows.Command{Name: flows.AtMenu})
	if s := h.w.State("张三"); s.TakesFiles() {
		t.Error("the menu takes files")
	}
}

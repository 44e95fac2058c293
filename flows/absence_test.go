package flows_test

import (
	"strings"
	"testing"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/text"
)

// TestAbsenceWords: each kind and each reason has words in both languages, and what paper shows is constant.
func TestAbsenceWords(t *testing.T) {
	for _, k := range []law.AbsenceKind{law.ProposeAbsence, law.AgreeAbsence, law.RefuseAbsence, law.WithdrawAbsence} {
		for _, l := range []string{text.ZhHans, text.En} {
			if text.Say(l, text.Key("absence."+string(k))) == "" || text.Say(l, text.Key("absence.ask."+string(k))) == "" {
				t.Errorf("%s has no words in %s", k, l)
			}
		}
	}
	for r, want := range map[law.AbsenceReason]string{law.ReasonLeft: "离职", law.ReasonDead: "死亡", law.ReasonAway: "长期离岗", law.ReasonOther: "其他"} {
		e := flows.Explained{Signer: "张三", Reason: r, By: "赵六", Second: "孙八", On: law.Date{Y: 2026, M: 11, D: 24}}
		if got := e.Remark(); got != "缺签说明：张三未签名，原因："+want+"。由赵六、孙八于2026年11月24日共同说明，依据存档备查。" {
			t.Error(got)
		}
		if got := e.Index(); got != "（缺签说明："+want+"；赵六、孙八，2026年11月24日）" {
			t.Error(got)
		}
	}
}

// TestAbsenceByButtonsAlone: whatever a button says that nobody was shown, nothing is done: for oneself, of no case, of no kind, with a
// reason that does not apply, or without one.
func TestAbsenceByButtonsAlone(t *testing.T) {
	w := newWorld(t)
	done := 0
	w.Effects = func(_ string, e flows.Effect) {
		if _, ok := e.(flows.NoteAbsence); ok {
			done++
		}
	}
	if err := w.Days(20); err != nil {
		t.Fatal(err)
	}
	id := w.ID("张三")
	for _, who := range []string{"张三", "钱七", "赵六", "吴十"} {
		for _, about := range []string{"propose.", "propose.c1", "propose.c2." + id, "propose.c4." + id, "agree.", "agree.x", "withdraw.x", "sign.c1." + id, "."} {
			for _, reason := range []string{"", "left", "dead", "forged"} {
				w.Do(who, flows.Command{Name: flows.AtAbsences})
				w.Do(who, flows.Tap{Verb: flows.DoAbsence, Turn: w.State(who).Turn, Arg: about})
				w.Do(who, flows.Tap{Verb: flows.DoReason, Turn: w.State(who).Turn, Arg: reason})
				w.Do(who, flows.Say{Text: "话"})
				w.Do(who, flows.Tap{Verb: flows.DoCarry, Turn: w.State(who).Turn})
			}
		}
	}
	if done != 0 {
		t.Fatalf("%d were done", done)
	}
	w.Do("赵六", flows.Command{Name: flows.AtAbsences})
	w.Do("赵六", flows.Tap{Verb: flows.DoAbsence, Turn: w.State("赵六").Turn, Arg: "propose.c1." + id})
	w.Do("赵六", flows.Tap{Verb: flows.DoReason, Turn: w.State("赵六").Turn, Arg: "left"}) // still there
	w.Do("赵六", flows.Say{Text: strings.Repeat("话", 10)})
	w.Do("赵六", flows.Tap{Verb: flows.DoCarry, Turn: w.State("赵六").Turn})
	if done != 0 || w.State("赵六").Absent != nil {
		t.Fatalf("done %d, %+v", done, w.State("赵六").Absent)
	}
}

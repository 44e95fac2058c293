package flows_test

import (
	"strings"
	"testing"

	"liuhen/flows"
	"liuhen/flows/flowstest"
	"liuhen/flows/law"
)

// toDecide is a world in which 钱七 has taken up a report about 李四 and begins the decision under the charter.
func toDecide(t *testing.T) *flowstest.World {
	t.Helper()
	w := newWorld(t)
	for _, who := range []string{"张三", "钱七"} {
		_ = w.Open(who, "")
	}
	playing(t, w, "张三", "填报记录", "● 正明司鉴所〔2026〕临鉴字第101号", "☐ 有上述情形", "☐ （一）为当事人请托说情", "下一步", "☐ 鉴定机构内部人员", "下一步",
		"☐ 李四", "下一步", "否", "否", "下一步", "昨天", "说本所", "☐ 明示", "下一步", "说来说情。", "下一步", "下一步", "签名存档")
	playing(t, w, "钱七", "待办", "✉ 未读 · 2026年11月24日 10:00", "受理", "确定", "作出处理决定")
	return w
}

// TestDecisionSaysAllFour: a decision under the charter is not on record before measure, basis, decider and date are given, in whatever
// way a button comes about (Art. 6, R6.1).
func TestDecisionSaysAllFour(t *testing.T) {
	w := toDecide(t)
	for i, words := range []string{"内部警告", "本所章程第十二条", "所务会", "2027年1月1日", "11月20日"} {
		if n := len(acts(w.Do("钱七", flows.Tap{Verb: flows.DoCarry, Turn: w.State("钱七").Turn}))); n != 0 {
			t.Fatalf("decided with %d answers", i)
		}
		if got := hints(w.Do("钱七", flows.Say{Text: words})); (got == "hint.future") != (words == "2027年1月1日") {
			t.Fatalf("%q says %q", words, got)
		}
	}
	if got := hints(w.Do("钱七", flows.Say{Text: "还有"})); got != "hint.usebuttons" {
		t.Fatalf("a fifth answer says %q", got)
	}
	done := acts(w.Do("钱七", confirm(w, "钱七")))
	want := "处理措施：内部警告\n依据：本所章程第十二条\n决定人：所务会\n决定日期：2026年11月20日"
	if len(done) != 1 || done[0].Act.Kind != law.Decide || done[0].Act.Text != want {
		t.Fatalf("%+v", done)
	}
}

// TestDecisionUnfounded: a decision that the report is unfounded says why; 上一步 takes back one answer after the other.
func TestDecisionUnfounded(t *testing.T) {
	w := toDecide(t)
	playing(t, w, "钱七", "不成立", "说看了当天的监控，没有这件事；所务会2026年11月24日认定。", "上一步", "上一步", "说内部警告", "上一步", "不成立", "说查无此事。", "确定")
	if s := w.View("钱七").Text; !strings.Contains(s, "不成立：查无此事。") || strings.Contains(s, "内部警告") || strings.Contains(s, "监控") {
		t.Fatal(s)
	}
	w = toDecide(t)
	playing(t, w, "钱七", "上一步")
	if w.State("钱七").Act != nil {
		t.Fatal("上一步 does not leave a decision without answers")
	}
}

// TestDecisionBegunBefore: what an earlier release kept in one piece is the first answer.
func TestDecisionBegunBefore(t *testing.T) {
	w := toDecide(t)
	s := w.State("钱七")
	s.Act.Words = "内部警告"
	w.SetState("钱七", s)
	playing(t, w, "钱七", "说本所章程第十二条", "说所务会", "今天", "确定")
	if s := w.View("钱七").Text; !strings.Contains(s, "处理措施：内部警告") {
		t.Fatal(s)
	}
}

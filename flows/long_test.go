package flows_test

import (
	"strings"
	"testing"
	"unicode/utf16"

	"liuhen/flows"
	"liuhen/flows/flowstest"
)

// cut is how a channel sends a long text: in messages of at most 4,096 UTF-16 units.
func cut(words string) (out []string) {
	units := utf16.Encode([]rune(words))
	for ; len(units) > 4096; units = units[4096:] {
		out = append(out, string(utf16.Decode(units[:4096])))
	}
	return append(out, string(utf16.Decode(units)))
}

// TestHalfATextIsNotTaken: of a text that is too long and so came in pieces nothing is taken; a moment later a shorter one is.
func TestHalfATextIsNotTaken(t *testing.T) {
	long := strings.Repeat("长", 4096) + strings.Repeat("尾", 100) // a text of which the rest alone would fit
	for name, c := range map[string]struct {
		who  string
		to   func(t *testing.T, w *flowstest.World)
		fits string
	}{
		"a question": {"钱七", func(t *testing.T, w *flowstest.World) {
			playing(t, w, "钱七", "受理", "确定", "向报告人提问")
		}, "什么时候？"},
		"a decision not to": {"钱七", func(t *testing.T, w *flowstest.World) {
			playing(t, w, "钱七", "受理", "确定", "不适用：转报主管司法行政机关")
		}, "不属于干预。"},
		"a leak": {"周九", func(t *testing.T, w *flowstest.World) { playing(t, w, "周九", "泄密线索", "记录泄密线索") }, "打印室发现复印件。"},
		"a line of the sheet": {"李四", func(t *testing.T, w *flowstest.World) {
			playing(t, w, "李四", "填报记录", "● 正明司鉴所〔2026〕临鉴字第101号", "☐ 有上述情形", "☐ （一）为当事人请托说情", "下一步", "☐ 委托人", "下一步", "否", "下一步", "昨天")
		}, "电话中"},
	} {
		t.Run(name, func(t *testing.T) {
			w := reported(t)
			for _, who := range []string{"周九", "李四"} {
				_ = w.Open(who, "")
			}
			c.to(t, w)
			before := w.View(c.who).Text
			for _, piece := range cut(long) {
				for _, e := range w.Do(c.who, flows.Say{Text: piece}) {
					if _, ok := e.(flows.Hint); !ok {
						t.Fatalf("a piece has the effect %T", e)
					}
				}
			}
			if after := w.View(c.who).Text; after != before {
				t.Fatalf("something was taken:\n%s", after)
			}
			if err := w.Clock("3s"); err != nil {
				t.Fatal(err)
			}
			if es := w.Do(c.who, flows.Say{Text: c.fits}); hints(es) == "hint.rest" || w.View(c.who).Text == before {
				t.Fatalf("a shorter text is refused: %s", hints(es))
			}
		})
	}
}

// TestSecondMessageReplacesAloud: a second message takes the place of the first, and says so.
func TestSecondMessageReplacesAloud(t *testing.T) {
	w := reported(t)
	playing(t, w, "钱七", "受理", "确定", "向报告人提问")
	if got := hints(w.Do("钱七", flows.Say{Text: "第一条"})); got != "" {
		t.Fatalf("the first message says %s", got)
	}
	if got := hints(w.Do("钱七", flows.Say{Text: "第二条"})); got != "hint.replaced" {
		t.Fatalf("the second message says %q", got)
	}
	if s := w.View("钱七").Text; strings.Contains(s, "第一条") || !strings.Contains(s, "第二条") {
		t.Fatal(s)
	}
}

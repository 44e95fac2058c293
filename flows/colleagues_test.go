package flows_test

import (
	"strings"
	"testing"

	"liuhen/flows"
	"liuhen/flows/flowstest"
)

// playing presses labels and says what begins with 说.
func playing(t *testing.T, w *flowstest.World, who string, labels ...string) {
	t.Helper()
	for _, l := range labels {
		if words, ok := strings.CutPrefix(l, "说"); ok {
			_ = w.Say(who, words)
		} else if err := w.Tap(who, l); err != nil {
			t.Fatalf("%s: %v on\n%s", who, err, w.View(who).Text)
		}
	}
}

// atAuthority is a world in which 张三 has reported the head and somebody else to the authority, where 吴十 has decided (一) and (四);
// 吴十 and 郑一 both have the report on their phones.
func atAuthority(t *testing.T) *flowstest.World {
	t.Helper()
	w := newWorld(t)
	for _, who := range []string{"张三", "吴十", "郑一"} {
		_ = w.Open(who, "")
	}
	playing(t, w, "张三", "填报记录", "● 正明司鉴所〔2026〕临鉴字第101号", "☐ 有上述情形", "☐ （三）出具特定鉴定意见", "下一步", "☐ 鉴定机构内部人员", "☐ 其他",
		"说某局工作人员", "下一步", "☐ 赵六（鉴定机构负责人）", "下一步", "否", "否", "否", "下一步", "昨天", "说所长办公室", "☐ 明示", "下一步", "说要求改变鉴定意见。",
		"下一步", "下一步", "同时报告所在机构和主管司法行政机关", "签名存档")
	playing(t, w, "吴十", "待办", "✉ 未读 · 2026年11月24日 10:00", "受理", "确定", "确定第八条情形", "☑ （三）委托人及其工作人员",
		"☑ （五）其他个人", "说干预人是其他机关工作人员。", "确定")
	playing(t, w, "郑一", "待办", "✉ 未读 · 2026年11月24日 10:00")
	return w
}

// TestOldButtonIsAboutWhatItSays: a colleague discharges a duty, drafts a letter, excludes somebody; every button drawn before that
// still begins what its label says, or nothing.
func TestOldButtonIsAboutWhatItSays(t *testing.T) {
	w := atAuthority(t)
	drawn, before := w.View("郑一"), w.State("郑一")
	first := ""
	for _, row := range drawn.Rows {
		if strings.HasPrefix(row[0].Label, "办理：") && first == "" {
			first = row[0].Label
		}
	}
	playing(t, w, "吴十", first, "说云司函〔2026〕1号。", "确定")
	began := 0
	for _, row := range drawn.Rows {
		b := row[0]
		if b.Tap.Verb != flows.DoAct || !strings.Contains(b.Label, "：") {
			continue
		}
		w.SetState("郑一", before)
		es := w.Do("郑一", b.Tap)
		title, _, _ := strings.Cut(w.View("郑一").Text, "\n")
		switch {
		case w.State("郑一").Act == nil && hints(es) == "hint.notnow":
		case title == b.Label:
			began++
		default:
			t.Errorf("the button %q begins %q (%s)", b.Label, title, hints(es))
		}
	}
	if began < 4 {
		t.Fatalf("%d buttons of duties and people", began)
	}
}

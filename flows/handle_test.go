package flows_test

import (
	"strings"
	"testing"

	"liuhen/flows"
	"liuhen/flows/flowstest"
	"liuhen/flows/law"
	"liuhen/flows/text"
)

// TestHandlingIsWorded: every act, duty, category and standing can be said.
func TestHandlingIsWorded(t *testing.T) {
	var keys []string
	for _, k := range []law.ActKind{law.Accept, law.Ask, law.Pass, law.Decide, law.Categorise, law.Perform, law.Waive, law.Close, law.Reply, law.Urge, law.Appeal} {
		keys = append(keys, "act."+string(k))
		if k != law.Decide { // which asks for each of its parts
			keys = append(keys, "act.ask."+string(k))
		}
	}
	for _, part := range []string{"measure", "basis", "by", "on", "unfounded"} {
		keys = append(keys, "decide."+part, "said."+part)
	}
	for _, d := range []law.Duty{law.Acknowledge, law.ForwardAuthority, law.InstitutionDecide, law.CategoriseDuty, law.TellClient, law.AskClient, law.PartyDuty, law.Handling} {
		keys = append(keys, "duty."+string(d))
	}
	for _, c := range []law.Category{law.ClientOrgan, law.OtherOrgan, law.Individual} {
		keys = append(keys, "duty."+string(law.Letters)+"."+c.String())
	}
	for _, c := range []law.Category{law.InternalDirect, law.JudicialOfficer} {
		keys = append(keys, "duty."+string(law.Investigate)+"."+c.String())
	}
	for _, c := range []law.Category{law.InternalDirect, law.JudicialOfficer, law.ClientOrgan, law.OtherOrgan, law.Individual} {
		keys = append(keys, "category."+c.String(), "case."+c.String())
	}
	for _, s := range []law.Standing{law.Delivered, law.Accepted, law.UnderWay, law.Closed} {
		keys = append(keys, "standing."+s.String())
	}
	for _, k := range keys {
		for _, locale := range []string{text.ZhHans, text.En} {
			if text.Say(locale, text.Key(k)) == "" {
				t.Errorf("%s has no words for %s", locale, k)
			}
		}
	}
}

// reported is a world in which 张三 has reported to 钱七, who has opened the report.
func reported(t *testing.T) *flowstest.World {
	t.Helper()
	w := newWorld(t)
	_ = w.Open("张三", "")
	played(t, w, "张三", "填报记录", "● 正明司鉴所〔2026〕临鉴字第101号", "☐ 有上述情形", "☐ （一）为当事人请托说情", "下一步", "☐ 案件当事人或其代理人",
		"下一步", "否", "下一步", "昨天", "说电话中", "☐ 明示", "下一步", "说来电说情。", "下一步", "下一步", "签名存档")
	_ = w.Open("钱七", "")
	played(t, w, "钱七", "待办", "✉ 未读 · 2026年11月24日 10:00")
	return w
}

func acts(effects []flows.Effect) (out []flows.Handle) {
	for _, e := range effects {
		if h, ok := e.(flows.Handle); ok {
			out = append(out, h)
		}
	}
	return out
}

// TestActIsDoneOnce: a confirmation pressed twice, or delivered again, acts once.
func TestActIsDoneOnce(t *testing.T) {
	w := reported(t)
	if err := w.Tap("钱七", "受理"); err != nil {
		t.Fatal(err)
	}
	confirm := w.View("钱七").Rows[0][0].Tap
	if n := len(acts(w.Deliver("钱七", 900, confirm))); n != 1 {
		t.Fatalf("%d acts", n)
	}
	if n := len(acts(w.Deliver("钱七", 900, confirm))) + len(acts(w.Deliver("钱七", 901, confirm))); n != 0 {
		t.Fatalf("%d more acts on the repeat", n)
	}
}

// TestActsNeedWordsAndLeave: what says nothing without words waits for them, and 上一步 leaves it undone.
func TestActsNeedWordsAndLeave(t *testing.T) {
	w := reported(t)
	for _, l := range []string{"受理", "确定", "向报告人提问"} {
		if err := w.Tap("钱七", l); err != nil {
			t.Fatal(err)
		}
	}
	confirm := w.View("钱七").Rows[0][0].Tap
	if n := len(acts(w.Do("钱七", confirm))); n != 0 {
		t.Fatal("a question without words was asked")
	}
	_ = w.Say("钱七", strings.Repeat("长", 2001))
	if strings.Contains(w.View("钱七").Text, "长长") {
		t.Fatal("a question of 2,001 characters was taken")
	}
	_ = w.Say("钱七", "什么时候？")
	if err := w.Tap("钱七", "上一步"); err != nil {
		t.Fatal(err)
	}
	if n := len(acts(w.Do("钱七", confirm))); n != 0 {
		t.Fatal("a question left was asked by the old button")
	}
}

// TestNobodyElseActs: who does not hold the report has no way to act on it, whatever button they press.
func TestNobodyElseActs(t *testing.T) {
	w := reported(t)
	if err := w.Tap("钱七", "受理"); err != nil {
		t.Fatal(err)
	}
	forged := []flows.Tap{w.View("钱七").Rows[0][0].Tap, {Verb: flows.DoAct, Arg: "accept"}, {Verb: flows.DoAct, Arg: "waive.forward_authority"}, {Verb: flows.DoTick, Arg: "individual", On: true}}
	for _, who := range []string{"赵六", "李四", "孙八", "吴十", "张三"} {
		_ = w.Open(who, "")
		s := w.State(who)
		s.Place, s.Subject = w.State("钱七").Place, w.State("钱七").Subject
		s.Act = w.State("钱七").Act
		w.SetState(who, s)
		for _, tap := range forged {
			tap.Turn = w.State(who).Turn
			if n := len(acts(w.Do(who, tap))); n != 0 {
				t.Fatalf("%s acted on a report by %v", who, tap)
			}
		}
	}
}

// TestProgressIsOnePressAway: 查看进展 opens the page with the progress, however long the entry is.
func TestProgressIsOnePressAway(t *testing.T) {
	w := newWorld(t)
	for _, who := range []string{"张三", "钱七"} {
		_ = w.Open(who, "")
	}
	long := "说" + strings.Repeat("来电说情，我没有同意。", 180)
	playing(t, w, "张三", "填报记录", "● 正明司鉴所〔2026〕临鉴字第101号", "☐ 有上述情形", "☐ （一）为当事人请托说情", "下一步", "☐ 案件当事人或其代理人",
		"下一步", "否", "下一步", "昨天", "说电话中", "☐ 明示", "下一步", long, long, long, "下一步", "下一步")
	for w.Tap("张三", "下一页 ›") == nil { // the summary has several pages
	}
	playing(t, w, "张三", "签名存档")
	playing(t, w, "钱七", "待办", "✉ 未读 · 2026年11月24日 10:00", "受理", "确定")
	_ = w.Open("张三", "")
	h := handOf(t, w, "张三")
	h.to(flows.AtTodo)
	h.do(flows.DoRecord)
	if s := w.View("张三"); !strings.Contains(s.Text, "【进展】已受理") || strings.Contains(s.Text, "记录号") {
		t.Fatalf("查看进展 shows\n%s", s.Text)
	}
}

// TestButtonsAreToldApartOnAPhone: beside other words a case number is cut to what tells it from others, and comes before what may be cut.
func TestButtonsAreToldApartOnAPhone(t *testing.T) {
	for number, want := range map[string]string{
		"": "（尚无案件编号）",
		"正明司鉴所〔2026〕临鉴字第801号": "〔2026〕临鉴字第801号",
		"网神洞鉴[2022]数鉴字第001号":  "[2022]数鉴字第001号",
		"陕宝中园司鉴所2016临鉴字第229号": "…2016临鉴字第229号",
		"甲（补）": "甲（补）",
	} {
		w := newWorld(t)
		_ = w.Open("张三", "")
		playing(t, w, "张三", "填报记录", "不在名单上 / 尚无编号")
		if number == "" {
			playing(t, w, "张三", "尚无编号")
		} else {
			playing(t, w, "张三", "说"+number)
		}
		playing(t, w, "张三", "跳过", "☐ 无此类情况", "签名存档", "我的记录")
		if got := w.View("张三").Rows[0][0].Label; got != want+" · 2026-11-24" {
			t.Errorf("%q is listed as %q", number, got)
		}
	}
}

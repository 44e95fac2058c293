package flows_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"liuhen/flows"
	"liuhen/flows/flowstest"
	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

var letterFacts = []string{flows.DiscloseNumber, flows.DiscloseMatter, flows.DiscloseAbout, flows.DiscloseTeam, flows.DiscloseFact}

var letterKeys = []string{
	"letters/u/client_organ", "letters/u/other_organ", "letters/u/individual", "tell_client/u/internal_direct",
	"tell_client/u/judicial_officer", "tell_client/u/other_organ", "rectify/u/1", "rectify/u/2", "rectify/u/3",
}

// genReport is a report whose every field may hold the reporter's name, ID or licence.
func genReport(t *rapid.T) (flows.Report, []string) {
	who := rapid.SampledFrom([]string{"张三", "欧阳娜娜", "𠮷田某", "Li Ming"}).Draw(t, "reporter")
	id, licence := "p"+rapid.StringMatching(`[a-z0-9]{8}`).Draw(t, "id"), rapid.StringMatching(`[0-9]{12}`).Draw(t, "licence")
	words := func(what string) string {
		piece := rapid.SampledFrom([]string{"案件", who, id, licence, "张", "三", " ", "\n", "（2026）临鉴字第", "1", "王五", strings.ToUpper(id)})
		return strings.Join(rapid.SliceOfN(piece, 0, 6).Draw(t, what), "")
	}
	r := flows.Report{
		ID: "r1", Unit: "u", Unsaid: []string{who, id, licence}, Team: []string{"王五", who},
		Record: record.Record{
			Signer: record.Person{ID: id, Name: who}, Institution: record.Person{ID: "u3", Name: "某所"},
			Case: record.Case{Number: words("number"), Matter: words("matter"), Client: words("client"), ClientType: "司法机关"},
			Answers: form.Answers{
				form.Outcome:     {Boxes: []form.OptionID{form.Event}, Confirmed: true},
				form.Where:       {Text: "地点 " + words("where"), Confirmed: true},
				form.Particulars: {Parts: []string{"当事人经过甲乙丙丁", words("story")}, Confirmed: true},
			},
		},
	}
	return r, []string{who, id, licence}
}

func bare(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), "")) }

// TestNoLetterNamesTheReporter: no letter of any report holds the reporter's name, ID or licence, whatever stands in the
// case's fields or is written (R8.8, R9.2); the case's signers are named only when that was chosen; and nothing the reporter wrote is in it.
func TestNoLetterNamesTheReporter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, secret := genReport(t)
		l, _ := law.LetterOf(rapid.SampledFrom(letterKeys).Draw(t, "letter"))
		facts := rapid.SliceOfDistinct(rapid.SampledFrom(letterFacts), rapid.ID).Draw(t, "facts")
		fact := rapid.SampledFrom([]string{"", "某人要求改变意见。", "某人找到" + secret[0], "王五在场", "证号" + secret[2], secret[1]}).Draw(t, "fact")
		letter := flows.Compose(l, r, facts, fact)
		b, err := json.Marshal(letter)
		if err != nil {
			t.Fatal(err)
		}
		whole := bare(string(b))
		if slices.Contains(facts, flows.DiscloseTeam) {
			names := "本案鉴定人：王五、" + secret[0]
			if strings.Count(whole, bare(names)) != 1 {
				t.Fatalf("the team is not in\n%s", whole)
			}
			whole = strings.Replace(whole, bare(names), "", 1)
		} else if strings.Contains(whole, "王五") {
			t.Fatalf("a signer is named in\n%s", whole)
		}
		for _, s := range append(secret, "地点", "甲乙丙丁") {
			if strings.Contains(whole, bare(s)) {
				t.Fatalf("%q stands in\n%s", s, whole)
			}
		}
	})
}

// TestLetterIsBlindToTheReporter: whichever of the case's signers reported, the letter is the same.
func TestLetterIsBlindToTheReporter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, _ := genReport(t)
		r.Record.Case = record.Case{Number: "甲字第1号", Matter: "笔迹鉴定", Client: "某法院"}
		other := r
		other.Record.Signer = record.Person{ID: "other", Name: "王五"}
		other.Unsaid = []string{"王五", "other", "555"}
		l, _ := law.LetterOf(rapid.SampledFrom(letterKeys).Draw(t, "letter"))
		facts := rapid.SliceOfDistinct(rapid.SampledFrom(letterFacts), rapid.ID).Draw(t, "facts")
		if a, b := flows.Compose(l, r, facts, "某事。"), flows.Compose(l, other, facts, "某事。"); !a.Same(b) {
			t.Fatalf("%+v\nbut %+v", a, b)
		}
	})
}

// atLetter is a world in which 吴十 drafts the notice to the client about 张三's report against the head.
func atLetter(t *testing.T) *flowstest.World {
	t.Helper()
	w := newWorld(t)
	_ = w.Open("张三", "")
	played(t, w, "张三", "填报记录", "● 正明司鉴所〔2026〕临鉴字第101号", "☐ 有上述情形", "☐ （三）出具特定鉴定意见", "下一步", "☐ 鉴定机构内部人员",
		"下一步", "☐ 赵六（鉴定机构负责人）", "下一步", "否", "否", "下一步", "昨天", "说办公室", "☐ 明示", "下一步", "说要求改意见。", "下一步", "下一步", "下一步", "签名存档")
	_ = w.Open("吴十", "")
	played(t, w, "吴十", "待办", "✉ 未读 · 2026年11月24日 10:00", "受理", "确定", "确定第八条情形", "确定", "起草文书", "告知 · 第（一）项")
	return w
}

func drafted(effects []flows.Effect) (out []record.Act, handed int) {
	for _, e := range effects {
		if h, ok := e.(flows.Handle); ok {
			out = append(out, h.Act)
		}
		if _, ok := e.(flows.HandLetter); ok {
			handed++
		}
	}
	return out, handed
}

// confirm is what pressing 确定 would do.
func confirm(w *flowstest.World, who string) flows.Tap {
	rows := w.View(who).Rows
	return rows[len(rows)-2][0].Tap
}

// TestLetterIsDraftedOnce: one draft and one hand-out, however often the button is pressed or the press arrives.
func TestLetterIsDraftedOnce(t *testing.T) {
	w := atLetter(t)
	_ = w.Say("吴十", "负责人要求改变鉴定意见。")
	tap := confirm(w, "吴十")
	made, handed := drafted(w.Deliver("吴十", 900, tap))
	if len(made) != 1 || handed != 1 || made[0].Kind != law.Draft || made[0].Letter == nil || made[0].Text != "负责人要求改变鉴定意见。" {
		t.Fatalf("%d handed out, %+v", handed, made)
	}
	again, handed := drafted(append(w.Deliver("吴十", 900, tap), w.Deliver("吴十", 901, tap)...))
	if len(again)+handed != 0 {
		t.Fatalf("again: %d handed out, %+v", handed, again)
	}
	if _, handed := drafted(w.Do("吴十", flows.Tap{Verb: flows.DoFetch, Arg: made[0].ID})); handed != 1 {
		t.Fatal("the draft cannot be had again")
	}
}

// TestLetterRefusals: what a letter lacks, or must not have, is said in one sentence, and nothing is lost.
func TestLetterRefusals(t *testing.T) {
	w := atLetter(t)
	none := func(why string) {
		t.Helper()
		if made, handed := drafted(w.Do("吴十", confirm(w, "吴十"))); len(made)+handed > 0 {
			t.Fatalf("%s: drafted %+v", why, made)
		}
	}
	none("without the fact")
	_ = w.Say("吴十", "先写的一段。")
	for _, words := range []string{"张三说的。", "张 三说的。", "证号320100201001。"} {
		if _ = w.Say("吴十", words); !strings.Contains(w.Screen("吴十").Text, "不能有报告人的姓名、证号") {
			t.Fatalf("%q: no word of the reporter in\n%s", words, w.Screen("吴十").Text)
		}
	}
	for _, words := range []string{"张三说的。", "张 三说的。", "证号320100201001。", strings.Repeat("长", 801), "李四在场。"} {
		if _ = w.Say("吴十", words); !strings.Contains(w.View("吴十").Text, "先写的一段。") || strings.Contains(w.View("吴十").Text, "事实："+words) {
			t.Fatalf("%q was taken, or what stood there was lost:\n%s", words, w.View("吴十").Text)
		}
	}
	if err := w.Tap("吴十", "☐ 本案鉴定人姓名"); err != nil {
		t.Fatal(err)
	}
	_ = w.Say("吴十", "李四在场。")
	if err := w.Tap("吴十", "☑ 本案鉴定人姓名"); err != nil {
		t.Fatal(err)
	}
	none("a signer named without the box")
	for _, box := range []string{"☑ 案件编号", "☑ 鉴定事项", "☑ 人员类别", "☑ 事实"} {
		if err := w.Tap("吴十", box); err != nil {
			t.Fatal(err)
		}
	}
	none("without any fact")
}

// TestNobodyElseDrafts: whoever does not hold the report drafts nothing and gets no letter, whatever they press.
func TestNobodyElseDrafts(t *testing.T) {
	w := atLetter(t)
	_ = w.Say("吴十", "负责人要求改变鉴定意见。")
	tap := confirm(w, "吴十")
	held := w.State("吴十")
	made, _ := drafted(w.Do("吴十", tap))
	forged := []flows.Tap{tap, {Verb: flows.DoAct, Arg: "draft"}, {Verb: flows.DoLetter, Arg: "tell_client/internal_direct"}, {Verb: flows.DoFact, Arg: "team", On: true}, {Verb: flows.DoFetch, Arg: made[0].ID}}
	for _, who := range []string{"赵六", "李四", "钱七", "孙八", "冯二", "陈大", "张三"} {
		_ = w.Open(who, "")
		s := w.State(who)
		s.Place, s.Subject, s.Act = held.Place, held.Subject, held.Act
		w.SetState(who, s)
		for _, tap := range forged {
			tap.Turn = w.State(who).Turn
			if acts, handed := drafted(w.Do(who, tap)); len(acts)+handed > 0 {
				t.Fatalf("%s drafted a letter by %v", who, tap)
			}
		}
		if strings.Contains(w.View(who).Text, "披露登记") {
			t.Fatalf("%s sees the register", who)
		}
	}
}

// TestLettersAreWorded: every letter, fact and ground can be said.
func TestLettersAreWorded(t *testing.T) {
	keys := []string{"act.draft", "act.send", "act.ask.send", "ground.1", "ground.2", "ground.3"}
	for _, f := range letterFacts {
		keys = append(keys, "disclose."+f)
	}
	for _, k := range []law.LetterKind{law.Circular, law.Notice, law.Rectify} {
		keys = append(keys, "document."+string(k))
	}
	for _, k := range keys {
		for _, locale := range []string{text.ZhHans, text.En} {
			if text.Say(locale, text.Key(k)) == "" {
				t.Errorf("%s has no words for %s", locale, k)
			}
		}
	}
}

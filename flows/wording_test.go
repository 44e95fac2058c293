package flows_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"liuhen/flows"
	"liuhen/flows/flowstest"
	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/text"
)

// kinds are the kinds of evidence.
var kinds = []string{"photo", "document", "video", "voice", "video_note", "audio", "animation", "location", "forwarded"}

// everywhere shows a person every place there is, with something to show in each.
func everywhere(w *flowstest.World, who string, r *reader) {
	kept := w.State(who)
	states := []flows.State{{Place: flows.AtSheet, Ask: flows.AskCancel}, {Place: flows.AtSheet, Ask: flows.AskZero}}
	for _, p := range rooms {
		states = append(states, flows.State{Place: p})
	}
	for _, x := range w.Records() {
		states = append(states, flows.State{Place: flows.AtReport, Subject: "r" + x.ID[:12]}, flows.State{Place: flows.AtRecord, Subject: x.ID},
			flows.State{Place: flows.AtProtect, Subject: x.ID}, flows.State{Place: flows.AtPlaint, Subject: "c" + x.ID[:12]})
	}
	for _, s := range states {
		s.Sheet, s.Shelf = kept.Sheet, kept.Shelf
		w.SetState(who, s)
		d := w.Desk(who)
		r.look(flows.View(s, d))
		d.Overdue = []flows.Overdue{{CaseID: "c1", Number: "c1", Missing: []string{"李四"}, Closed: law.Effective, Due: law.Effective, Late: 3}}
		d.Lost = []flows.Lost{{Name: "李四"}, {Name: "王五", Bound: true}}
		r.look(flows.View(s, d))
		for _, licensed := range []bool{true, false} {
			d.Me, d.Invite = flows.Me{}, &flows.Invite{Name: "李四", RoleNames: []law.Role{law.Appraiser, law.OfficerLead}, Licensed: licensed}
			r.look(flows.View(s, d))
		}
		d.Invite = nil
		r.look(flows.View(s, d))
		s.Link = "x"
		r.look(flows.View(s, d))
	}
	w.SetState(who, kept)
}

// TestEverythingHasWords: each item, box, role and kind of evidence has its words in both languages.
func TestEverythingHasWords(t *testing.T) {
	need := func(k text.Key) {
		t.Helper()
		for _, l := range []string{text.ZhHans, text.En} {
			if text.Say(l, k) == "" {
				t.Errorf("%s says nothing in %s", k, l)
			}
		}
	}
	for _, it := range form.Edition2020.Items {
		need(text.Key("item." + it.ID))
		need(text.Key("ask." + it.ID))
		for _, o := range it.Options {
			own, shared := text.Key("opt."+string(it.ID)+"."+string(o.ID)), text.Key("opt."+o.ID)
			if text.Say(text.En, own) == "" && text.Say(text.En, shared) == "" {
				t.Errorf("%s of %s has no English words", o.ID, it.ID)
			}
			if o.Label == "" && text.Say(text.ZhHans, own) == "" && text.Say(text.ZhHans, shared) == "" {
				t.Errorf("%s of %s has no words", o.ID, it.ID)
			}
		}
	}
	need("opt.unlisted")
	for _, k := range kinds {
		need(text.Key("file." + k))
	}
	for r := law.Role(1); r.String() != ""; r++ {
		need(text.Key("role." + r.String()))
	}
}

// TestNoBrokenFormat: nothing that anybody can see shows a verb that was not filled, or an argument without a verb.
func TestNoBrokenFormat(t *testing.T) {
	broken := regexp.MustCompile(`%!|%[sd]|%%`)
	for _, locale := range []string{text.ZhHans, text.En} {
		w := newWorld(t)
		w.Locale = locale
		r := &reader{t: t, wrong: broken.FindString}
		w.Effects = func(_ string, e flows.Effect) {
			if h, ok := e.(flows.Hint); ok {
				r.read("a hint", text.Say(locale, h.Say, h.Args...))
			}
		}
		h := handOf(t, w, "张三")
		s := naming("p8")
		s[form.Means] = []form.OptionID{form.Other}
		h.file("c1", s)
		h.begin("c2")
		h.fill(s, form.Particulars)
		for _, who := range []string{"张三", "吴十"} {
			everywhere(w, who, r)
		}
	}
}

// TestContractWording: what stands on the form's boxes is the form's wording, with the form's own box before it (design 6).
func TestContractWording(t *testing.T) {
	w := newWorld(t)
	h := handOf(t, w, "张三")
	h.begin("c1")
	var labels []string
	for {
		for _, row := range w.View("张三").Rows {
			for _, b := range row {
				labels = append(labels, b.Label)
			}
		}
		it, open := form.Edition2020.Next(h.sheet().Answers)
		if !open {
			break
		}
		h.give(it, naming("p8")[it.ID])
	}
	for _, want := range []string{
		"☐ 无此类情况", "☐ 委托人", "☐ 案件当事人或其代理人", "☐ 鉴定机构内部人员", "☐ 司法行政机关工作人员", "☐ 其他",
		"☑ 请托说情", "☐ 干预鉴定程序", "☐ 干预鉴定意见", "上一步", "下一步", "保存退出", "签名存档", "是", "否", "不清楚",
		"直接报告主管司法行政机关", "报告所在机构",
	} {
		if !slices.Contains(labels, want) {
			t.Errorf("no button %q among\n%s", want, strings.Join(labels, "\n"))
		}
	}
}

package flows_test

import (
	"regexp"
	"strings"
	"testing"

	"liuhen/flows"
	"liuhen/flows/flowstest"
	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/text"
)

var han = regexp.MustCompile(`[\p{Han}〔〕《》（）、，。；：]+`)

// reader reads what people see and finds in it what is wrong.
type reader struct {
	t       *testing.T
	wrong   func(string) string
	screens int
}

// chinese finds Chinese. It allows the official wording, which stays in Chinese beside the translation, and what is data: names, units,
// cases, and what the signer wrote. Articles are cited as the signed entry cites them.
func chinese(w *flowstest.World, written ...string) func(string) string {
	words := append([]string{}, written...)
	words = append(words, law.Art3Items()...)
	words = append(words, law.Articles()...)
	words = append(words, "《"+form.Edition2020.Title+"》", form.Edition2020.Title, "司办通〔2020〕56号", "无此类情况", "委托人", "案件当事人或其代理人", "鉴定机构内部人员",
		"司法行政机关工作人员", "其他", "请托说情", "干预鉴定程序", "干预鉴定意见")
	d := w.Desk("张三")
	for _, u := range d.Directory.Units {
		words = append(words, u.Name)
	}
	for _, m := range d.Directory.Members {
		words = append(words, m.Name)
	}
	for _, c := range append(d.Cases, w.Desk("李四").Cases...) {
		_, tag, _ := strings.Cut(c.Number, "〔")
		words = append(words, c.Number, "〔"+tag, c.Matter, c.Client)
	}
	var pairs []string
	for _, w := range words {
		if w != "" {
			pairs = append(pairs, w, "")
		}
	}
	allowed := strings.NewReplacer(pairs...)
	cited := regexp.MustCompile(`第[一二三四五六七八九十]+条(第[一二三四五六七八九十]+款)?`)
	return func(s string) string { return han.FindString(cited.ReplaceAllString(allowed.Replace(s), "")) }
}

func (r *reader) read(what, s string) {
	r.t.Helper()
	if w := r.wrong(s); w != "" {
		r.t.Errorf("%s says %q in\n%s", what, w, s)
	}
}

func (r *reader) look(s flows.Screen) {
	r.t.Helper()
	r.screens++
	r.read("a screen", s.Text)
	for _, row := range s.Rows {
		for _, b := range row {
			if b.Label == "" {
				r.t.Errorf("a button without a label on\n%s", s.Text)
			}
			r.read("a button", b.Label)
		}
	}
}

// TestEnglish goes through a whole event conversation, the recipient's reading and every other place in English: nothing
// but official wording and data is Chinese, and no sentence lacks its arguments.
func TestEnglish(t *testing.T) {
	w := newWorld(t)
	w.Locale = text.En
	r := &reader{t: t, wrong: chinese(w, "某某", "本所二楼办公室", "对方到办公室，要求把伤残等级评高一级，我当场拒绝。", "勾选有误")}
	w.Effects = func(_ string, e flows.Effect) {
		if h, ok := e.(flows.Hint); ok {
			r.read("a hint", text.Say(text.En, h.Say, h.Args...))
		}
	}
	h := handOf(t, w, "张三")
	s := naming("p8")
	s[form.Article3] = []form.OptionID{form.Art3Favour, form.Art3Other}
	s[form.Interferers] = []form.OptionID{form.Client, form.Litigant, form.Insider, form.Official, form.Other}
	s[form.Insiders] = []form.OptionID{"p8", form.OptionUnlisted}
	s[form.Officers] = []form.OptionID{"p2", form.OptionUnlisted}
	s[form.Means] = []form.OptionID{"express", "implied", "forced", "inperson", "phone", "online", "letter", "through", form.Other}
	w.Do("张三", flows.Open{})
	h.begin("c1")
	for {
		r.look(w.View("张三"))
		it, open := form.Edition2020.Next(h.sheet().Answers)
		if !open {
			break
		}
		if it.ID == form.Evidence {
			for _, kind := range kinds {
				_ = w.Send("张三", kind, "file.bin")
			}
			r.look(w.View("张三"))
		}
		h.give(it, s[it.ID])
	}
	h.press(h.find("the list of lines", func(x flows.Tap) bool { return x.Verb == flows.DoEdit && x.Item == "" }))
	r.look(w.View("张三"))
	h.do(flows.DoNo)
	h.sign()
	r.look(w.View("张三"))
	h.arg(flows.DoPage, "1")
	r.look(w.View("张三"))
	h.arg(flows.DoPage, "0")
	h.do(flows.DoCorrect)
	r.look(w.View("张三"))
	for _, who := range []string{"张三", "李四", "钱七", "吴十", "郑一", "陈大"} {
		everywhere(w, who, r)
	}
	for _, x := range w.Heard() {
		r.read("a notice", x.Text)
	}
	if r.screens < 80 {
		t.Errorf("only %d screens seen", r.screens)
	}
}

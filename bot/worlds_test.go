package main

import (
	"slices"
	"strings"

	"pgregory.net/rapid"

	"liuhen/flows"
)

// setting is what all worlds of a comparison share.
type setting struct {
	reporter string
	listed   bool // the case is on the list
	late     bool // it happens at eleven at night
	others   []string
	also     bool // somebody else reports, in all worlds the same
	blocked  map[string]int
	told     bool
	back     int
	steps    []step
	work     []work // what those who hold reports do about them, in turn; in each world with what they hold there
}

// work is a turn of somebody who may hold reports: which of them, which of the acts that are offered, and which category.
type work struct {
	name                  string
	report, act, category int
}

// step is some days on which nobody does anything, and then one on which people may look.
type step struct {
	days int
	look bool
}

func drawSetting(t *rapid.T) setting {
	s := setting{
		listed: rapid.IntRange(0, 3).Draw(t, "listed") > 0, late: rapid.IntRange(0, 4).Draw(t, "late") == 0,
		others: rapid.SliceOfN(rapid.SampledFrom([]string{"李四", "王五", "张三", "孙八"}), 0, 4).Draw(t, "others"),
		also:   rapid.IntRange(0, 3).Draw(t, "also") == 0, blocked: map[string]int{},
		told: rapid.Bool().Draw(t, "told"), back: rapid.IntRange(1, 7).Draw(t, "back"),
	}
	reporters := []string{"张三", "李四"}
	if !s.listed {
		reporters = []string{"张三", "李四", "周九"}
	}
	s.reporter = rapid.SampledFrom(reporters).Draw(t, "reporter")
	s.others = slices.DeleteFunc(s.others, func(n string) bool { return n == s.reporter })
	for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"钱七", "赵六", "孙八", "吴十", "郑一", "冯二", "陈大", "王五"}), 0, 3, rapid.ID).Draw(t, "blocked") {
		s.blocked[name] = rapid.IntRange(-1, 4).Draw(t, "blocks on")
	}
	most := 16
	if s.also { // what a handler does first about two reports would tell their reporters of each other
		most = 0
	}
	for range rapid.IntRange(min(4, most), most).Draw(t, "work") {
		s.work = append(s.work, work{
			rapid.SampledFrom([]string{"钱七", "赵六", "吴十", "郑一", "冯二", "陈大", "孙八"}).Draw(t, "handler"),
			rapid.IntRange(0, 2).Draw(t, "report"), rapid.IntRange(0, 6).Draw(t, "act"), rapid.IntRange(0, 4).Draw(t, "category"),
		})
	}
	n := rapid.IntRange(2, 5).Draw(t, "steps")
	look := rapid.IntRange(0, n-1).Draw(t, "look") // once on the way, and at the end
	for i := range n {
		s.steps = append(s.steps, step{rapid.IntRange(1, 5).Draw(t, "days"), i == look || i == n-1})
	}
	return s
}

// variants are how many worlds are compared with the harmless one.
const variants = 5

// drawDeeds are what the reporter does in each world; the first is the harmless one.
func drawDeeds(t *rapid.T, s setting) []deed {
	out := []deed{{zero: s.listed}}
	for range variants {
		d := deed{report: drawSecret.Draw(t, "secret")}
		if s.listed && rapid.IntRange(0, 3).Draw(t, "redo") == 0 {
			d.zero, d.redo = true, true
		}
		out = append(out, d)
	}
	return out
}

// world plays one life: the reporter does the deed, others go on, days pass, people block the bot, everybody looks.
func (s setting) world(t fataler, x *scratch, d deed) *life {
	l := openLife(t, x.dir, x.keys, x.wrap)
	defer l.db.Close()
	l.at(0, 10)
	s.blocks(l, -1)
	if s.late {
		l.at(0, 23)
	}
	d.do(l, s.reporter, s.listed)
	l.deliver()
	for day, step := range s.steps {
		s.blocks(l, day)
		if day < len(s.others) {
			l.zeroBy(s.others[day])
		}
		if s.also && day == 1 {
			other := map[string]string{"张三": "王五"}[s.reporter]
			if other == "" {
				other = "张三"
			}
			deed{report: &secret{insiders: []string{"赵六（鉴定机构负责人）"}, serious: "是", channel: "同时报告所在机构和主管司法行政机关"}}.do(l, other, false)
		}
		for i, w := range s.work {
			if i%len(s.steps) == day {
				w.do(l)
			}
		}
		l.deliver()
		if step.look {
			s.look(l)
		}
		l.at(step.days, 9+day%2*6)
	}
	l.settle()
	return l
}

// settle notes who was given which report, and of which report that nobody may have they know.
func (l *life) settle() {
	l.given, l.logs = map[string]bool{}, map[string]bool{}
	l.list(l.given, "SELECT person, report FROM deliveries UNION SELECT person, ref FROM outbox WHERE kind = 'held'")
	l.list(l.logs, "SELECT r.person, d.report FROM deliveries d JOIN roles r ON r.unit = d.unit WHERE r.role = 'confidant'")
}

func (l *life) list(into map[string]bool, q string) {
	rows, err := l.db.SQL().Query(q)
	if err != nil {
		l.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var person, report string
		if err := rows.Scan(&person, &report); err != nil {
			l.t.Fatal(err)
		}
		into[l.names[person]+" "+report] = true
	}
}

// do lets somebody open a report they hold and do what is offered, as the draw has it; who holds none only goes to their menu.
func (w work) do(l *life) {
	l.do(w.name, flows.Command{Name: flows.AtMenu})
	inbox := l.desk(w.name).Inbox
	if len(inbox) == 0 {
		return
	}
	l.do(w.name, flows.Tap{Verb: flows.DoRead, Arg: inbox[w.report%len(inbox)].ID})
	if acts := l.buttons(w.name, flows.DoAct); len(acts) > 0 {
		l.do(w.name, acts[w.act%len(acts)])
		l.worked++
	}
	if ticks := l.buttons(w.name, flows.DoTick); len(ticks) > 0 {
		l.do(w.name, ticks[w.category%len(ticks)])
	}
	if l.states[w.name].Act != nil {
		l.do(w.name, flows.Say{Text: "依据章程第七条，云司调〔2026〕7号。"})
	}
	for _, b := range l.buttons(w.name, flows.DoCarry) {
		l.do(w.name, b)
	}
	l.do(w.name, flows.Command{Name: flows.AtMenu})
}

// buttons are the presses of a verb on somebody's screen.
func (l *life) buttons(name string, verb flows.Verb) (out []flows.Tap) {
	for _, row := range l.view(name).Rows {
		for _, b := range row {
			if b.Tap.Verb == verb {
				out = append(out, b.Tap)
			}
		}
	}
	return out
}

func (s setting) look(l *life) {
	for _, name := range cast {
		if name != s.reporter {
			l.look(name)
		}
	}
}

func (s setting) blocks(l *life, day int) {
	for _, name := range cast {
		if on, blocks := s.blocked[name]; blocks && on == day {
			l.block(name, s.told)
		}
		if l.blocked[name] && day == s.back {
			l.unblock(name)
		}
	}
}

// zeroBy lets somebody sign the first entry they owe, if any.
func (l *life) zeroBy(name string) {
	l.do(name, flows.Command{Name: flows.AtFile})
	for _, row := range l.view(name).Rows {
		if strings.HasPrefix(row[0].Label, "● ") {
			l.do(name, row[0].Tap)
			l.press(name, "☐ 无此类情况", "签名存档")
			return
		}
	}
}

package main

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"liuhen/flows"
	"liuhen/flows/law"
)

// setting is what all worlds of a comparison share.
type setting struct {
	reporter string
	other    string // also reports, in all worlds the same; "" nobody
	listed   bool   // the case is on the list
	late     bool   // it happens at eleven at night
	others   []string
	blocked  map[string]int
	told     bool
	back     int
	steps    []step
	work     []work // what those who hold reports do about them, in turn; in each world with what they hold there
	bent     bent   // what they would rather do than anything else
	accused  string // whom the other report is about
	moves    []move
	visitors []string // who goes through all rooms at the end
	packs    bool     // the institution's packages are made at the end
}

// work is a turn of somebody who may hold reports: which of them, and what they choose to do.
type work struct {
	name                  string
	on                    lane
	report, act, category int
}

// step is some days on which nobody does anything, and then one on which people may look.
type step struct {
	days int
	look bool
}

var handlers = []string{"钱七", "赵六", "吴十", "郑一", "冯二", "陈大", "孙八"}

func drawSetting(t *rapid.T) setting {
	s := setting{
		listed: rapid.IntRange(0, 3).Draw(t, "listed") > 0, late: rapid.IntRange(0, 4).Draw(t, "late") == 0,
		others:  rapid.SliceOfN(rapid.SampledFrom([]string{"李四", "王五", "张三", "孙八"}), 0, 4).Draw(t, "others"),
		blocked: map[string]int{}, told: rapid.Bool().Draw(t, "told"), back: rapid.IntRange(1, 7).Draw(t, "back"),
		packs: rapid.IntRange(0, 9).Draw(t, "packs") == 0,
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
	s.bent = rapid.SampledFrom(bents).Draw(t, "bent")
	matters := []lane{onReport, onReport, onReport, onComplaint}
	if rapid.IntRange(0, 3).Draw(t, "also") == 0 {
		if s.other = "张三"; s.reporter == "张三" {
			s.other = "王五"
		}
		s.accused = rapid.SampledFrom([]string{head6, chen}).Draw(t, "accused by the other")
		matters = append(matters, onOther, onOther)
	}
	for range rapid.IntRange(4+len(s.bent.acts), 16).Draw(t, "work") {
		s.work = append(s.work, work{
			rapid.SampledFrom(s.bent.handlers()).Draw(t, "handler"), rapid.SampledFrom(matters).Draw(t, "matter"),
			rapid.IntRange(0, 2).Draw(t, "report"), rapid.IntRange(0, 1000).Draw(t, "act"), rapid.IntRange(0, 4).Draw(t, "category"),
		})
	}
	n := rapid.IntRange(2, 5).Draw(t, "steps")
	look := rapid.IntRange(0, n-1).Draw(t, "look") // once on the way, and at the end
	for i := range n {
		days := rapid.IntRange(1, 5).Draw(t, "days")
		if rapid.IntRange(0, 9).Draw(t, "long") == 0 {
			days = 30
		}
		s.steps = append(s.steps, step{days, i == look || i == n-1})
	}
	s.moves = drawMoves(t, s.reporter, n)
	s.visitors = []string{rapid.SampledFrom(everybody).Draw(t, "visitor")}
	return s
}

// variants are how many worlds are compared with another one: two with a report, each of the three with something besides.
const variants = 5

// drawDeeds are what is done in each world; the first is the harmless one.
func drawDeeds(t *rapid.T, s setting) []deed {
	out := []deed{{zero: s.listed}}
	for range 2 {
		d := deed{report: drawSecret.Draw(t, "secret")}
		if slices.Contains(s.bent.acts, law.Transfer) && rapid.IntRange(0, 3).Draw(t, "elsewhere") > 0 {
			d.report.official = []string{chen}
		}
		if s.listed && rapid.IntRange(0, 3).Draw(t, "redo") == 0 {
			d.zero, d.redo = true, true
		}
		out = append(out, d)
	}
	for i := range 3 {
		d := out[i]
		d.than, d.extra = i, drawExtra(t, s)
		out = append(out, d)
	}
	return out
}

// world plays one life: the deed is done, others go on, days pass, people come and go and block the bot, everybody looks.
func (s setting) world(t fataler, x *scratch, d deed) *life {
	l := openLife(t, x.dir, x.keys, x.wrap)
	defer l.db.Close()
	l.organ = slices.Clone(ofOrgan)
	for _, m := range s.moves {
		switch {
		case (m.kind == "deputy" || m.kind == "dismiss") && slices.Contains(ofOrgan, m.who):
			l.organ = append(l.organ, "卫二")
		case m.kind == "new authority":
			l.organ = append(l.organ, "沈四")
		}
	}
	l.at(0, 10)
	s.blocks(l, -1)
	if s.late {
		l.at(0, 23)
	}
	d.do(l, s.reporter, s.listed)
	l.reportsOf(s.reporter, onReport)
	l.deliver()
	for day, step := range s.steps {
		s.blocks(l, day)
		if day < len(s.others) {
			l.zeroBy(s.others[day])
		}
		if s.other != "" && day == 1 {
			other := &secret{serious: "是", party: "否", channel: "同时报告所在机构和主管司法行政机关"}
			if other.insiders = []string{head6}; s.accused == chen {
				other.insiders, other.official = nil, []string{chen}
			}
			deed{report: other}.do(l, s.other, false)
			l.reportsOf(s.other, onOther)
		}
		for _, m := range s.moves {
			if m.day == day {
				m.do(l)
			}
		}
		if d.extra != nil && day >= d.extra.day {
			d.extra.do(l, s.reporter, day)
		}
		for i, w := range s.work {
			if i%len(s.steps) == day {
				w.do(l, s.bent)
			}
		}
		for _, who := range []string{s.reporter, s.other} {
			l.followUp(who)
		}
		l.deliver()
		if step.look {
			s.look(l)
		}
		l.at(step.days, 9+day%2*6)
	}
	for _, name := range s.visitors {
		l.visit(name)
	}
	if s.packs {
		l.pack()
	}
	l.settle()
	return l
}

// settle notes who was given which report and when, and of which report somebody's log of access may have something.
func (l *life) settle() {
	l.given, l.logs = map[string]int64{}, map[string]int64{}
	l.list(l.given, "SELECT person, report || ' ' || unit, made_ms FROM deliveries UNION SELECT person, ref, due_ms FROM outbox WHERE kind = 'held'")
	l.list(l.logs, "SELECT r.person, d.report, MIN(d.made_ms) FROM deliveries d JOIN roles r ON r.unit = d.unit WHERE r.role = 'confidant' GROUP BY 1, 2")
	for given, at := range l.given { // who holds the report that an order rests on may see what comes of the order
		if f := strings.Fields(given); l.basis != "" && f[1] == l.basis {
			since(l.told, f[0], time.UnixMilli(max(at, l.since)))
		}
	}
}

func (l *life) list(into map[string]int64, q string) {
	rows, err := l.db.SQL().Query(q)
	if err != nil {
		l.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var person, report string
		var at int64
		if err := rows.Scan(&person, &report, &at); err != nil {
			l.t.Fatal(err)
		}
		into[l.names[person]+" "+report] = at
	}
}

// do lets somebody open a report they hold and do what is offered, as the draw has it; who holds none only goes to their menu.
func (w work) do(l *life, b bent) {
	l.doIn(w.on, w.name, flows.Command{Name: flows.AtMenu})
	inbox := slices.DeleteFunc(slices.Clone(l.desk(w.name).Inbox), func(c flows.Card) bool { return !l.reports[w.on][c.ID] })
	if len(inbox) == 0 {
		return
	}
	id := inbox[w.report%len(inbox)].ID
	l.doIn(w.on, w.name, flows.Tap{Verb: flows.DoRead, Arg: id})
	acts := l.buttons(w.name, flows.DoAct)
	act := b.choose(acts, l.turned[id])
	if act == nil {
		act = choose(w.act, acts)
	}
	if act != nil {
		kind, _, _ := strings.Cut(act.Arg, ".")
		l.turned[id] = append(l.turned[id], law.ActKind(kind))
		l.doIn(w.on, w.name, *act)
	}
	for _, verb := range []flows.Verb{flows.DoLetter, flows.DoTick} {
		if list := l.buttons(w.name, verb); len(list) > 0 {
			l.doIn(w.on, w.name, list[w.category%len(list)])
		}
	}
	if l.states[w.name].Act != nil {
		l.doIn(w.on, w.name, flows.Say{Text: "依据章程第七条，云司调〔2026〕7号。"})
	}
	for _, b := range l.buttons(w.name, flows.DoCarry) {
		l.doIn(w.on, w.name, b)
	}
	l.doIn(w.on, w.name, flows.Command{Name: flows.AtMenu})
}

// choose takes the act that somebody prefers, whatever else is offered.
func choose(taste int, acts []flows.Tap) *flows.Tap {
	var best *flows.Tap
	var least uint32
	for i, a := range acts {
		h := fnv.New32a()
		fmt.Fprint(h, taste, a.Arg)
		n := h.Sum32()
		if kind, _, _ := strings.Cut(a.Arg, "."); taste%8 != 0 && (kind == string(law.Recuse) || kind == string(law.Exclude)) {
			n |= 1 << 31 // seldom: it is the last thing somebody does
		} else {
			n >>= 1
		}
		if best == nil || n < least {
			best, least = &acts[i], n
		}
	}
	return best
}

// followUp lets somebody answer, add to, remind about or carry further the report of their latest entry, if they may.
func (l *life) followUp(who string) {
	if who == "" || len(l.desk(who).Records) == 0 {
		return
	}
	l.doIn(followUp, who, flows.Tap{Verb: flows.DoRecord, Arg: l.desk(who).Records[0].ID})
	l.doIn(followUp, who, flows.Tap{Verb: flows.DoPage, Arg: "1"})
	if act := choose(int(l.events[fmt.Sprint(who, followUp)]), l.buttons(who, flows.DoAct)); act != nil {
		l.doIn(followUp, who, *act)
		l.doIn(followUp, who, flows.Say{Text: "补充：对方昨日又来电话。"})
		for _, b := range l.buttons(who, flows.DoCarry) {
			l.doIn(followUp, who, b)
		}
	}
	l.doIn(followUp, who, flows.Command{Name: flows.AtMenu})
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
	l.probe()
	for _, name := range everybody {
		if name != s.reporter {
			l.look(name)
		}
	}
}

func (s setting) blocks(l *life, day int) {
	for _, name := range everybody {
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

package main

import (
	"context"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/storage/db"
)

// bent is what those who hold a report in a setting do, as soon as they can and have not done it yet.
type bent struct {
	acts []law.ActKind
	who  []string
}

// bents are none, and the long ways that nobody would go by chance.
var bents = []bent{
	{},
	{},
	{},
	{[]law.ActKind{law.Accept, law.Categorise, law.Transfer, law.Take}, []string{"吴十", "郑一", "郑一", "陈大", "何三"}},
	{[]law.ActKind{law.Accept, law.Categorise, law.Transfer}, []string{"吴十", "郑一"}},
	{[]law.ActKind{law.Accept, law.Categorise, law.Draft, law.Send, law.Perform}, []string{"吴十", "郑一", "冯二"}},
	{[]law.ActKind{law.Accept, law.Exclude}, []string{"吴十", "郑一", "钱七", "陈大"}},
}

// handlers are from whom the turns are drawn.
func (b bent) handlers() []string {
	return append(slices.Clone(handlers), slices.Concat(b.who, b.who, b.who)...)
}

// choose takes the first act it is bent on that is offered and that nobody has turned to yet.
func (b bent) choose(acts []flows.Tap, turned []law.ActKind) *flows.Tap {
	for _, k := range b.acts {
		for i, a := range acts {
			if kind, _, _ := strings.Cut(a.Arg, "."); law.ActKind(kind) == k && !slices.Contains(turned, k) {
				return &acts[i]
			}
		}
	}
	return nil
}

// move is a change of people, or of what they say of themselves or of a missing signature, on a day, in all worlds.
type move struct {
	day, n int
	kind   string
	who    string
	in     lane // of its own: who holds a report does more besides
}

// The institution, its authority, and the one it may come to.
const (
	ourHouse = "云州正明司法鉴定所"
	ourCity  = "云州市司法局"
	newCity  = "江北市司法局"
	province = "江南省司法厅"
)

func drawMoves(t *rapid.T, reporter string, days int) (out []move) {
	kinds := []string{"deputy", "deputy", "dismiss", "leaves", "still", "no more", "new head", "new receiver", "new authority", "leak", "snooze"}
	for range rapid.IntRange(0, 3).Draw(t, "moves") {
		m := move{kind: rapid.SampledFrom(kinds).Draw(t, "move"), n: rapid.IntRange(0, 5).Draw(t, "n")}
		m.day, m.who = rapid.IntRange(0, days-1).Draw(t, "moves on"), rapid.SampledFrom(handlers).Draw(t, "who")
		switch m.kind {
		case "leaves":
			m.day, m.who = max(m.day, 1), rapid.SampledFrom(append(handlers, reporter, "王五")).Draw(t, "leaves")
		case "new head", "new authority":
			m.day = max(m.day, 1)
		case "leak":
			m.who = rapid.SampledFrom(confidants).Draw(t, "confidant")
		case "snooze":
			m.who = rapid.SampledFrom([]string{"李四", "王五"}).Draw(t, "owes")
		}
		out = append(out, m)
	}
	if rapid.Bool().Draw(t, "missing signatures") {
		for range rapid.IntRange(2, 4).Draw(t, "said") {
			out = append(out, move{
				kind: "absence", day: rapid.IntRange(1, days-1).Draw(t, "said on"), n: rapid.IntRange(0, 5).Draw(t, "n"),
				who: rapid.SampledFrom([]string{"赵六", "孙八", "赵六", "孙八", "吴十"}).Draw(t, "says"),
			})
		}
	}
	for i := range out {
		out[i].in = moving + lane(i)
	}
	return out
}

// do makes the move, if it can be made.
func (m move) do(l *life) {
	switch m.kind {
	case "leaves":
		for id, name := range l.names {
			if name == m.who {
				if err := l.db.Leave(context.Background(), id); err != nil {
					l.t.Fatal(err)
				}
			}
		}
		l.did["Leave"]++
		delete(l.callers, m.who)
		l.changed()
	case "deputy", "dismiss":
		l.doIn(m.in, m.who, flows.Command{Name: flows.AtDeputy})
		m.press(l, flows.DoDeputy, flows.DoDays, flows.DoCarry)
		if m.kind == "deputy" {
			return
		}
		l.doIn(m.in, m.who, flows.Command{Name: flows.AtPeople}) // who has reports by then has them no more
		m.press(l, flows.DoDismiss)
	case "leak":
		l.doIn(m.in, m.who, flows.Command{Name: flows.AtLeak})
		l.doIn(m.in, m.who, flows.Say{Text: "有人在走廊谈起一件报告。"})
		m.press(l)
	case "snooze":
		l.doIn(m.in, m.who, flows.Command{Name: flows.AtTodo})
		m.press(l, flows.DoSnooze)
	case "absence":
		m.explain(l)
	case "still", "no more":
		l.doIn(m.in, m.who, flows.Command{Name: flows.AtPeople})
		if list := l.buttons(m.who, flows.DoStill); len(list) > 0 {
			l.doIn(m.in, m.who, list[map[string]int{"still": 0, "no more": len(list) - 1}[m.kind]])
		}
		l.doIn(m.in, m.who, flows.Command{Name: flows.AtMenu})
	default:
		m.register(l)
	}
}

// press presses a button of each verb, as the draw has it, and goes back to the menu.
func (m move) press(l *life, verbs ...flows.Verb) {
	for _, verb := range verbs {
		if list := l.buttons(m.who, verb); len(list) > 0 {
			l.doIn(m.in, m.who, list[m.n%len(list)])
		}
	}
	l.doIn(m.in, m.who, flows.Command{Name: flows.AtMenu})
}

// explain lets somebody propose a 缺签说明, agree to it, refuse it or withdraw it, whatever they are offered.
func (m move) explain(l *life) {
	l.doIn(m.in, m.who, flows.Command{Name: flows.AtAbsences})
	for _, verb := range []flows.Verb{flows.DoAbsence, flows.DoReason} {
		if list := l.buttons(m.who, verb); len(list) > 0 {
			l.doIn(m.in, m.who, list[m.n%len(list)])
		}
	}
	if l.states[m.who].Absent != nil {
		l.doIn(m.in, m.who, flows.Say{Text: "多日未到岗，无法签名。"})
	}
	m.press(l, flows.DoCarry)
}

// register lets the lists of people say something new: the head is replaced, somebody is to receive reports as well, the institution
// comes to another authority.
func (m move) register(l *life) {
	row := func(name string, role law.Role) db.Person {
		return db.Person{Authority: l.home, Institution: ourHouse, Name: name, Role: role, Licence: map[string]string{"李四": "320100201002", "王五": "320100201003", "赵六": "320100201004"}[name]}
	}
	var rows []db.Person
	switch m.kind {
	case "new head":
		old := row("赵六", law.Head)
		old.Left = law.DateOf(l.now)
		rows = append(rows, old, row("王五", law.Head))
	case "new receiver":
		rows = append(rows, row("孙八", law.Receiver))
	case "new authority":
		p := row("李四", law.Appraiser)
		p.Authority, p.Superior, p.Former = newCity, province, l.home
		rows = append(rows, p)
	}
	done, err := l.db.Load(context.Background(), db.Batch{People: rows})
	if err != nil {
		l.t.Fatal(err)
	}
	if len(done.Faults) > 0 { // who has left is not listed again
		return
	}
	if m.kind == "new authority" {
		l.home = newCity
	}
	l.did[m.kind]++
	clear(l.callers)
	l.changed()
}

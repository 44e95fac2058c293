package main

import (
	"slices"

	"pgregory.net/rapid"

	"liuhen/flows"
	"liuhen/flows/law"
)

// extra is what is done in one world besides what is done in the one it is compared with, from a day on.
type extra struct {
	kind string
	day  int
	by   string // officer
	whom string // of whom a correction is ordered
	n    int    // which of what is offered
}

// toTheEnd is an order on the first day after which something is entered and then withdrawn, or not entered, as far as the days
// reach: by chance that is too rare.
const toTheEnd = "order to the end"

func drawExtra(t *rapid.T, s setting) *extra {
	x := &extra{
		kind: rapid.SampledFrom([]string{"complaint", "complaint", "check-in", "order", "order on a report", toTheEnd, "hold"}).Draw(t, "extra"),
		day:  rapid.IntRange(0, len(s.steps)-1).Draw(t, "from day"), by: rapid.SampledFrom(ofOrgan).Draw(t, "officer"), n: rapid.IntRange(0, 5).Draw(t, "n"),
	}
	if x.kind == toTheEnd {
		x.day = 0
	}
	x.whom = rapid.SampledFrom(slices.DeleteFunc(slices.Clone(ofHouse), func(n string) bool { return n == s.reporter })).Draw(t, "whom")
	return x
}

func (x extra) do(l *life, reporter string, day int) {
	switch x.kind {
	case "complaint":
		if day == x.day {
			x.complain(l, reporter)
		}
	case "check-in":
		x.checkIn(l, reporter, day)
	case "hold":
		x.hold(l, day)
	default:
		if day == x.day {
			x.order(l)
		} else {
			x.defend(l)
			x.goOn(l)
			if x.kind == toTheEnd {
				x.goOn(l)
			}
		}
	}
}

// protection opens the room of Art. 9 behind the latest entry; false without one.
func (x extra) protection(l *life, who string) bool {
	list := l.desk(who).Records
	if len(list) == 0 {
		return false
	}
	l.doIn(complaining, who, flows.Tap{Verb: flows.DoProtect, Arg: list[0].ID})
	return true
}

// complain makes a complaint of retaliation (Art. 9).
func (x extra) complain(l *life, who string) {
	if !x.protection(l, who) {
		return
	}
	press := func(verb flows.Verb, n int) {
		if list := l.buttons(who, verb); len(list) > 0 {
			l.doIn(complaining, who, list[n%len(list)])
		}
	}
	press(flows.DoAct, 0)
	l.doIn(complaining, who, flows.Say{Text: "负责人赵六"})
	if x.n > 2 {
		press(flows.DoTick, x.n)
	}
	press(flows.DoNext, 0)
	l.doIn(complaining, who, flows.Say{Text: "上周"})
	l.doIn(complaining, who, flows.Say{Text: "因为我的记录扣发奖金。"})
	press(flows.DoNext, 0)
	press(flows.DoCarry, 0)
	l.doIn(complaining, who, flows.Command{Name: flows.AtMenu})
	l.reportsOf(who, onReport)
	if len(l.reports[onComplaint]) == 0 {
		l.t.Fatalf("%s has not complained: %s", who, l.view(who).Text)
	}
}

// checkIn lets the reporter be asked whether they suffer, and answer that they do not.
func (x extra) checkIn(l *life, who string, day int) {
	if !x.protection(l, who) {
		return
	}
	for _, verb := range []flows.Verb{flows.DoAskMe, flows.DoFine} {
		if list := l.buttons(who, verb); len(list) > 0 && (verb == flows.DoFine || day == x.day) {
			l.doIn(complaining, who, list[0])
		}
	}
	l.doIn(complaining, who, flows.Command{Name: flows.AtMenu})
}

// order lets an officer order a correction (Art. 11), because of a report they hold or by themselves.
func (x extra) order(l *life) {
	l.heard(x.by)
	l.doIn(measuring, x.by, flows.Command{Name: flows.AtAccuse})
	because := ""
	if x.kind == "order on a report" {
		l.doIn(measuring, x.by, flows.Command{Name: flows.AtMenu})
		for _, c := range l.desk(x.by).Inbox {
			if l.reports[onReport][c.ID] {
				because = c.ID
			}
		}
		if because == "" {
			return
		}
		l.doIn(measuring, x.by, flows.Tap{Verb: flows.DoRead, Arg: because})
		if list := l.buttons(x.by, flows.DoBasis); len(list) > 0 {
			l.doIn(measuring, x.by, list[0])
		}
	}
	l.doIn(measuring, x.by, flows.Say{Text: x.whom})
	if list := l.buttons(x.by, flows.DoAccuse); len(list) > 0 {
		l.doIn(measuring, x.by, list[x.n%len(list)])
	}
	if l.ordered = x.take(l, x.by); !l.ordered {
		return
	}
	if l.basis, l.since = because, l.now.UnixMilli(); because == "" {
		l.heard(l.organ...)
		for _, above := range []string{"陈大", "何三"} { // what nobody decides has climbed to the organ above by then, but not before
			since(l.told, above, l.now.AddDate(0, 0, 20))
		}
	}
}

// goOn lets the officer take the next measure that is possible.
func (x extra) goOn(l *life) {
	if !l.ordered {
		return
	}
	l.doIn(measuring, x.by, flows.Command{Name: flows.AtIntegrity})
	x.next(l, x.by)
}

// defend lets the person speak for themselves.
func (x extra) defend(l *life) {
	if !l.ordered {
		return
	}
	l.doIn(measuring, x.whom, flows.Command{Name: flows.AtOwnFile})
	x.next(l, x.whom)
}

func (x extra) next(l *life, who string) {
	if list := l.buttons(who, flows.DoProceeding); len(list) > 0 {
		l.doIn(measuring, who, list[0])
		if may := l.buttons(who, flows.DoMeasure); len(may) > 0 {
			next := may[x.n%len(may)]
			if x.kind == toTheEnd && who == x.by {
				ends := []law.MeasureKind{law.EnterFile, law.WithdrawEntry}
				if x.n > 3 {
					ends = []law.MeasureKind{law.DoNotEnter}
				}
				n := slices.IndexFunc(may, func(b flows.Tap) bool { return slices.Contains(ends, law.MeasureKind(b.Arg)) })
				if n < 0 {
					return
				}
				next = may[n]
			}
			l.doIn(measuring, who, next)
			x.take(l, who)
		}
	}
	l.doIn(measuring, who, flows.Command{Name: flows.AtMenu})
}

// take answers the questions of a measure and takes it; the person whom it is about then knows.
func (x extra) take(l *life, who string) (taken bool) {
	for n := 0; l.states[who].Measure != nil && n < 10; n++ {
		if list := l.buttons(who, flows.DoGive); len(list) > 0 {
			l.doIn(measuring, who, list[x.n%len(list)])
			continue
		}
		if list := l.buttons(who, flows.DoTake); len(list) > 0 {
			l.doIn(measuring, who, list[0])
			l.heard(x.whom)
			taken = true
			continue
		}
		l.doIn(measuring, who, flows.Say{Text: "检查笔录第2页，云司责〔2026〕3号"})
	}
	l.doIn(measuring, who, flows.Command{Name: flows.AtMenu})
	return taken
}

// hold lets the organ stop the disposal of a case, and on a later day release it: the institution knows of neither.
func (x extra) hold(l *life, day int) {
	l.heard(l.organ...)
	l.doIn(holding, x.by, flows.Command{Name: flows.AtKeeping})
	kind := law.Hold
	if day > x.day {
		kind = law.Release
	}
	press := func() {
		for _, b := range l.buttons(x.by, flows.DoKeep) {
			if len(b.Arg) > len(kind) && b.Arg[:len(kind)] == string(kind) {
				l.doIn(holding, x.by, b)
				return
			}
		}
	}
	press()
	if kind == law.Hold {
		l.doIn(holding, x.by, flows.Say{Text: "正明司鉴所〔2026〕临鉴字第101号"})
		press()
	}
	l.doIn(holding, x.by, flows.Say{Text: "当事人提起诉讼"})
	for _, b := range l.buttons(x.by, flows.DoCarry) {
		l.doIn(holding, x.by, b)
	}
	l.doIn(holding, x.by, flows.Command{Name: flows.AtMenu})
}

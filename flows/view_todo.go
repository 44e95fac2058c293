package flows

import (
	"strings"

	"liuhen/flows/text"
)

// The pages of 待办: what is to be done, cases with entries overdue, people who cannot be reached.

func (v view) todo() Screen {
	var rows [][]Button
	var b strings.Builder
	b.WriteString(v.say(text.TodoTitle))
	for _, c := range v.d.Cases {
		if c.Owed && len(rows) < pageSize {
			b.WriteString("\n\n" + v.say(text.TodoCase, c.Number, v.date(c.Due)))
			rows = append(rows, []Button{v.caseButton(c)})
		}
	}
	if n := v.owed(); n > pageSize {
		b.WriteString("\n" + v.say(text.TodoMore, n-pageSize))
	}
	if n := len(v.d.Inbox); n > 0 {
		b.WriteString("\n\n" + v.say(text.TodoReports, n))
		page, from, to := v.page(n, pageSize)
		cards, open := v.queue()
		for _, c := range cards[from:to] {
			if due := open[c.ID]; len(due) > 0 {
				b.WriteString("\n" + v.dutyLine(due, v.moment(c.Arrived)))
			}
			k := cardLabel[c.Party][c.Opened]
			rows = append(rows, []Button{{Label: v.say(k, v.moment(c.Arrived)), Tap: Tap{Verb: DoRead, Arg: c.ID}}})
		}
		rows = append(rows, v.pager(page, n, pageSize)...)
	}
	lines, more := v.todoDecisions()
	b.WriteString(lines)
	rows = append(rows, more...)
	for _, id := range v.d.Moved {
		if r, ok := v.receipt(id); ok {
			b.WriteString("\n\n" + v.say(text.TodoMoved, v.caseName(r.Number)))
			rows = append(rows, []Button{{Label: v.say(text.BtnMoved, v.caseTag(r.Number)), Tap: Tap{Verb: DoRecord, Arg: id, On: true}}})
		}
	}
	if n := v.d.wantsLook(); n > 0 {
		b.WriteString("\n\n" + v.say(text.TodoOwnFile, n))
		rows = append(rows, []Button{v.goTo(text.BtnOwnFile, AtOwnFile)})
	}
	lines, more = v.todoOwn()
	b.WriteString(lines)
	rows = append(rows, more...)
	if n := len(v.d.Overdue); n > 0 {
		b.WriteString("\n\n" + v.say(text.TodoOverdue, n))
		rows = append(rows, []Button{v.goTo(text.BtnOverdue, AtOverdue)})
	}
	if n := len(v.d.Lost); n > 0 {
		b.WriteString("\n\n" + v.say(text.TodoLost, n))
		rows = append(rows, []Button{v.goTo(text.BtnLost, AtLost)})
	}
	if v.routes() > 0 {
		b.WriteString("\n\n" + v.say(text.TodoRoutes))
		rows = append(rows, []Button{v.goTo(text.BtnPeople, AtPeople)})
	}
	if len(rows) == 0 && len(v.d.Decisions) == 0 {
		return Screen{Text: v.say(text.TodoNone), Rows: [][]Button{v.home()}}
	}
	if v.owed() > 0 {
		rows = append(rows, []Button{v.button(text.BtnSnooze, Tap{Verb: DoSnooze})})
	}
	return Screen{Text: clip(b.String(), screenLimit), Rows: append(rows, v.home())}
}

// todoDecisions are the matters of Art. 11 that wait for the caller's authority, each with its last day, and how many organs below
// have let that day pass. Nobody is named: who it is about stands in the matter, which is opened and logged.
func (v view) todoDecisions() (string, [][]Button) {
	var b strings.Builder
	var rows [][]Button
	below, first := map[string]int{}, []Decision(nil)
	for _, d := range v.d.Decisions {
		switch {
		case d.Proceeding == "":
			if below[d.UnitName]++; below[d.UnitName] == 1 {
				first = append(first, d)
			}
		case len(rows) < pageSize:
			b.WriteString("\n\n" + v.say(text.TodoDecision, v.date(d.Ordered), v.duty(d.Duty, 0), v.date(d.Due)))
			if d.Late > 0 {
				b.WriteString(v.say(text.TodoLate, d.Late))
			}
			rows = append(rows, []Button{{Label: v.say(text.BtnDecision, v.date(d.Ordered)), Tap: Tap{Verb: DoProceeding, Arg: d.Proceeding}}})
		default:
			below[""]++
		}
	}
	if n := below[""]; n > 0 {
		b.WriteString("\n\n" + v.say(text.TodoDecisionRest, n))
		rows = append(rows, []Button{v.goTo(text.BtnIntegrity, AtIntegrity)})
	}
	for _, d := range first {
		b.WriteString("\n\n" + v.say(text.TodoBelow, d.UnitName, below[d.UnitName], v.date(d.Due)))
	}
	return b.String(), rows
}

// cardLabel is the button of a report in the list: on the Party's own track or not, opened or not.
var cardLabel = map[bool]map[bool]text.Key{
	false: {false: text.BtnReport, true: text.BtnReportRead},
	true:  {false: text.BtnPartyNew, true: text.BtnPartyRead},
}

func (v view) overdue() Screen {
	n := len(v.d.Overdue)
	page, from, to := v.page(n, pageSize)
	var b strings.Builder
	b.WriteString(v.say(text.OverdueTitle, n))
	for _, o := range v.d.Overdue[from:to] {
		b.WriteString("\n\n" + v.say(text.OverdueLine, o.Number, o.Institution, v.missing(o), v.date(o.Due), o.Late))
	}
	rows := v.pager(page, n, pageSize)
	if v.d.Absences != nil {
		rows = append(rows, []Button{v.goTo(text.BtnAbsences, AtAbsences)})
	}
	return Screen{Text: clip(b.String(), screenLimit), Rows: append(rows, []Button{v.goTo(text.BtnBack, AtTodo)})}
}

func (v view) lost() Screen {
	n := len(v.d.Lost)
	page, from, to := v.page(n, 20)
	var b strings.Builder
	b.WriteString(v.say(text.LostTitle, n))
	for _, l := range v.d.Lost[from:to] {
		k := text.LostBlocked
		if !l.Bound {
			k = text.LostUnbound
		}
		b.WriteString("\n" + v.say(k, l.Name, l.UnitName))
	}
	rows := v.pager(page, n, 20)
	return Screen{Text: clip(b.String(), screenLimit), Rows: append(rows, []Button{v.goTo(text.BtnBack, AtTodo)})}
}

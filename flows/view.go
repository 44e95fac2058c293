package flows

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"liuhen/flows/law"
	"liuhen/flows/text"
)

// pageSize is how many entries of a list one screen shows.
const pageSize = 8

// View draws the dialog. It is a function of its arguments: a lost screen is simply drawn again.
func View(s State, d Desk) Screen {
	v := view{s: s, d: d}
	if d.Me.ID == "" {
		return v.door()
	}
	if d.Me.Left {
		return v.former()
	}
	if draw, known := drawers[s.Place]; known && (s.Place != AtSheet || s.Sheet != nil) {
		return draw(v)
	}
	return v.menu()
}

// drawers draw the places; whatever is not among them is the menu.
var drawers = map[Place]func(view) Screen{
	AtFile:       view.file,
	AtNumber:     view.number,
	AtMatter:     view.matter,
	AtSheet:      view.sheet,
	AtCases:      view.cases,
	AtRecords:    view.records,
	AtRecord:     view.record,
	AtTodo:       view.todo,
	AtReport:     view.report,
	AtOverdue:    view.overdue,
	AtLost:       view.lost,
	AtPeople:     view.people,
	AtDeputy:     view.deputy,
	AtLog:        view.log,
	AtLeaks:      view.leaks,
	AtLeak:       view.leak,
	AtNotice:     view.notice,
	AtKeeping:    view.keeping,
	AtAbsences:   view.absences,
	AtFilings:    view.filings,
	AtSigners:    view.signers,
	AtProtect:    view.protect,
	AtPlaint:     view.plaint,
	AtHelp:       view.help,
	AtRule:       view.rule,
	AtCheckpoint: view.checkpoint,
	AtIntegrity:  view.integrity,
	AtAccuse:     view.accuse,
	AtProceeding: view.proceeding,
	AtOwnFile:    view.ownFile,
}

// view is one drawing under way.
type view struct {
	s State
	d Desk
}

func (v view) say(k text.Key, args ...any) string { return text.Say(v.d.Locale, k, args...) }

func (v view) button(k text.Key, t Tap, args ...any) Button {
	return Button{Label: v.say(k, args...), Tap: t}
}

func (v view) goTo(k text.Key, p Place) Button {
	return v.button(k, Tap{Verb: DoGo, Arg: string(p)})
}

func (v view) home() []Button { return []Button{v.goTo(text.BtnHome, AtMenu)} }

func (v view) door() Screen {
	i := v.d.Invite
	switch {
	case i == nil && v.s.Link == "":
		return Screen{Text: v.say(text.DoorStranger)}
	case i == nil:
		return Screen{Text: v.say(text.DoorInvalid)}
	case i.Licensed:
		return Screen{Text: v.say(text.DoorLicence, i.Name, i.UnitName, v.roles(i.RoleNames))}
	}
	return Screen{Text: v.say(text.DoorName, i.UnitName, v.roles(i.RoleNames))}
}

func (v view) roles(rs []law.Role) string {
	var names []string
	for _, r := range rs {
		names = append(names, v.say(roleKey(r)))
	}
	return strings.Join(names, v.say(text.ListComma))
}

func roleKey(r law.Role) text.Key { return text.Key("role." + r.String()) }

func (v view) menu() Screen {
	lines := []string{v.say(text.MenuTitle, v.d.Me.Name, v.d.Me.UnitName)}
	for _, x := range []struct {
		say text.Key
		n   int
	}{
		{text.MenuOwed, v.owed()},
		{text.MenuAbsent, len(v.explained())},
		{text.MenuShelf, len(v.s.Shelf)},
		{text.MenuReports, v.unopened()},
		{text.MenuTasks, len(v.d.Tasks)},
		{text.MenuDecisions, v.d.undecided(true)},
		{text.MenuBelow, v.d.undecided(false)},
		{text.MenuNews, v.news()},
		{text.MenuIntegrity, v.d.wantsLook()},
		{text.MenuOverdue, len(v.d.Overdue)},
		{text.MenuAbsences, v.d.Absences.waiting()},
		{text.MenuLost, len(v.d.Lost)},
		{text.MenuRoutes, v.routes()},
	} {
		if x.n > 0 {
			lines = append(lines, v.say(x.say, x.n))
		}
	}
	if len(lines) == 1 {
		lines = append(lines, v.say(text.MenuNothing))
	}
	rows := [][]Button{{v.goTo(text.BtnTodo, AtTodo), v.goTo(text.BtnHelp, AtHelp)}}
	if v.d.Me.officer() {
		rows = append([][]Button{{v.goTo(text.BtnIntegrity, AtIntegrity)}}, rows...)
	}
	if v.d.Me.Files() {
		rows = append([][]Button{
			{v.goTo(text.BtnFile, AtFile)},
			{v.goTo(text.BtnCases, AtCases), v.goTo(text.BtnRecords, AtRecords)},
		}, rows...)
	}
	switch {
	case v.d.Me.confides():
		rows = append(rows, []Button{v.goTo(text.BtnLog, AtLog), v.goTo(text.BtnLeaks, AtLeaks)})
	case len(v.d.Leaks) > 0:
		rows = append(rows, []Button{v.goTo(text.BtnLeaks, AtLeaks)})
	}
	return Screen{Text: strings.Join(lines, "\n"), Rows: rows}
}

func (v view) owed() int {
	n := 0
	for _, c := range v.d.Cases {
		if c.Owed {
			n++
		}
	}
	return n
}

func (v view) unopened() int {
	n := 0
	for _, c := range v.d.Inbox {
		if !c.Opened {
			n++
		}
	}
	return n
}

// news counts what there is to look at about own entries and complaints. The menu says no more of it than that: who looks over a
// shoulder learns nothing.
func (v view) news() int { return len(v.d.Moved) + len(v.d.Asked) + len(v.d.News) }

// page clamps the page and gives the bounds of its entries.
func (v view) page(n, size int) (page, from, to int) {
	last := max(0, (n-1)/size)
	page = min(max(v.s.Page, 0), last)
	return page, page * size, min(n, (page+1)*size)
}

// pager is the row that turns pages, none when there is only one.
func (v view) pager(page, n, size int) [][]Button {
	last := max(0, (n-1)/size)
	if last == 0 {
		return nil
	}
	var row []Button
	if page > 0 {
		row = append(row, v.button(text.BtnEarlier, Tap{Verb: DoPage, Arg: fmt.Sprint(page - 1)}))
	}
	if page < last {
		row = append(row, v.button(text.BtnLater, Tap{Verb: DoPage, Arg: fmt.Sprint(page + 1)}))
	}
	return [][]Button{row}
}

func (v view) file() Screen {
	var rows [][]Button
	for _, x := range v.s.Shelf {
		rows = append(rows, []Button{{
			Label: v.say(text.BtnDraft, v.caseTag(x.Case.Number)),
			Tap:   Tap{Verb: DoDraft, Arg: short(x.Draft)},
		}})
	}
	var open []Case
	for _, c := range v.d.Cases {
		if !c.Filed && (c.Owed || c.Absent != "" || c.Closed.IsZero()) {
			open = append(open, c)
		}
	}
	page, from, to := v.page(len(open), pageSize)
	for _, c := range open[from:to] {
		rows = append(rows, []Button{v.caseButton(c)})
	}
	rows = append(rows, v.pager(page, len(open), pageSize)...)
	rows = append(rows, []Button{v.button(text.BtnOtherCase, Tap{Verb: DoCase, Arg: argOther})}, v.home())
	if len(open) == 0 {
		return Screen{Text: v.say(text.FileNone), Rows: rows}
	}
	which := v.say(text.FileWhich)
	if slices.ContainsFunc(open, func(c Case) bool { return c.Absent != "" }) {
		which += v.say(text.FileAbsent)
	}
	return Screen{Text: which, Rows: rows}
}

func (v view) caseButton(c Case) Button {
	return Button{Label: v.caseMark(c) + v.caseName(c.Number), Tap: Tap{Verb: DoCase, Arg: c.ID}}
}

func (v view) caseMark(c Case) string {
	switch {
	case c.Filed:
		return "✓ "
	case c.Owed:
		return "● "
	case c.Absent != "":
		return "◇ "
	}
	return "○ "
}

// caseName is a case number as it is shown, or "not yet a case" (AM-18).
func (v view) caseName(number string) string {
	if number == "" {
		return v.say(text.NoNumber)
	}
	return number
}

// How many characters of a case number a button has room for beside other words: from the year on, or the end of one without brackets.
const (
	tagLength = 17
	tagEnd    = 12
)

// caseTag is what tells a case number from others of the same institution: from its year on, or its end. Phones cut long buttons, and
// what is cut must not be what tells them apart.
func (v view) caseTag(number string) string {
	all := []rune(number)
	if len(all) <= tagLength {
		return v.caseName(number)
	}
	if i := slices.IndexFunc(all, func(r rune) bool { return strings.ContainsRune("〔[【（(", r) }); i > 0 && len(all)-i > tagEnd && len(all)-i <= tagLength {
		return string(all[i:])
	}
	return "…" + string(all[len(all)-tagEnd:])
}

func (v view) number() Screen {
	return Screen{Text: v.say(text.NumberAsk), Rows: [][]Button{
		{v.button(text.BtnNoNumber, Tap{Verb: DoCase, Arg: argNone, Turn: v.s.Turn})},
		{v.goTo(text.BtnBack, AtFile)},
	}}
}

func (v view) matter() Screen {
	return Screen{Text: v.say(text.MatterAsk, v.caseName(v.s.Number)), Rows: [][]Button{
		{v.button(text.BtnSkip, Tap{Verb: DoCase, Arg: argNone, Turn: v.s.Turn})},
		{v.goTo(text.BtnBack, AtNumber)},
	}}
}

func (v view) cases() Screen {
	n := len(v.d.Cases)
	if n == 0 {
		return Screen{Text: v.say(text.CasesNone), Rows: [][]Button{v.home()}}
	}
	page, from, to := v.page(n, pageSize)
	var b strings.Builder
	b.WriteString(v.say(text.CasesTitle, n))
	var rows [][]Button
	for _, c := range v.d.Cases[from:to] {
		b.WriteString("\n\n" + v.caseMark(c) + c.Number + "\n" + v.caseStanding(c))
		if c.Matter != "" {
			b.WriteString("\n" + c.Matter)
		}
		rows = append(rows, []Button{v.caseButton(c)})
	}
	rows = append(rows, v.pager(page, n, pageSize)...)
	return Screen{Text: clip(b.String(), screenLimit), Rows: append(rows, v.home())}
}

func (v view) caseStanding(c Case) string {
	switch {
	case c.Filed:
		return v.say(text.CaseFiled)
	case c.Owed:
		return v.say(text.CaseOwed, v.date(c.Closed), v.date(c.Due))
	case c.Absent != "":
		return v.say(text.CaseAbsent, v.say(reasonKey(c.Absent)))
	case c.Closed.IsZero():
		return v.say(text.CaseOpen)
	}
	return v.say(text.CaseFree)
}

func (v view) date(d law.Date) string { return v.say(text.DateFormat, d.Y, int(d.M), d.D) }

func (v view) day(t time.Time) string {
	return v.say(text.DateFormat, t.Year(), int(t.Month()), t.Day())
}

func (v view) moment(t time.Time) string {
	t = t.In(v.d.Now.Location())
	return v.day(t) + t.Format(" 15:04")
}

// megabytes is a size in whole megabytes as limits are told.
func megabytes(n int64) int64 { return n >> 20 }

package flows

import (
	"strings"

	"liuhen/flows/law"
	"liuhen/flows/text"
)

// help says how to use the bot, and leads to the rooms that are seldom needed.
func (v view) help() Screen {
	rows := [][]Button{{v.goTo(text.BtnRule, AtRule)}}
	if v.receives() {
		rows = append(rows, []Button{v.goTo(text.BtnPeople, AtPeople)})
	}
	if v.d.Keeping != nil {
		rows = append(rows, []Button{v.goTo(text.BtnKeeping, AtKeeping)})
	}
	if v.d.Absences != nil {
		rows = append(rows, []Button{v.goTo(text.BtnAbsences, AtAbsences)})
	}
	if v.d.Filings != nil {
		rows = append(rows, []Button{v.goTo(text.BtnFilings, AtFilings)})
	}
	if v.d.Turnover != nil {
		rows = append(rows, []Button{v.goTo(text.BtnSigners, AtSigners)})
	}
	if v.d.Me.officer() {
		rows = append(rows, []Button{v.goTo(text.BtnCheckpoint, AtCheckpoint)})
	}
	return Screen{Text: v.say(text.HelpText, megabytes(v.d.Limits.FileBytes)), Rows: append(rows, v.home())}
}

// rule shows the rule's text article by article, effective date included (R2.2).
func (v view) rule() Screen {
	articles := law.Articles()
	pages := paginate(strings.Join(articles, "\n\n"))
	page, _, _ := v.page(len(pages), 1)
	return Screen{
		Text: v.say(text.RuleTitle) + "\n\n" + pages[page],
		Rows: append(v.pager(page, len(pages), 1), []Button{v.goTo(text.BtnBack, AtHelp)}),
	}
}

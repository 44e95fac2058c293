package flows

import (
	"slices"
	"strings"
	"unicode/utf8"

	"liuhen/flows/law"
	"liuhen/flows/text"
)

// confides reports whether the caller is a confidant (Art. 10).
func (m Me) confides() bool { return slices.Contains(m.Roles, law.Confidant) }

// log shows the log of access, all of it or the refusals alone. Whether the caller may is decided, and written down, where it is
// loaded.
func (t *step) log(subject string) {
	if subject != "" && subject != LogRefused {
		t.hint(text.HintOldButton)
		return
	}
	t.show(AtLog, subject)
}

// leak writes down what a confidant found (R10.6): sent is filed.
func (t *step) leak(words string) {
	if !t.desk.Me.confides() {
		t.hint(text.HintUseButtons)
		return
	}
	if n := utf8.RuneCountInString(words); n > wordsLimit {
		t.tooLong(words, text.HintTooLongBy, n, wordsLimit)
		return
	}
	t.do(NoteLeak{ID: t.event.Fresh, Unit: t.desk.Me.Institution, Words: words})
	t.walk(AtLeaks)
	t.hint(text.HintLeakNoted)
}

func (v view) log() Screen {
	l := v.d.Log
	if l == nil {
		return Screen{Text: v.say(text.LogClosed), Rows: [][]Button{v.home()}}
	}
	title, other := text.LogTitle, v.button(text.BtnLogRefused, Tap{Verb: DoLog, Arg: LogRefused})
	if l.Refused {
		title, other = text.LogTitleNo, v.button(text.BtnLogAll, Tap{Verb: DoLog})
	}
	var b strings.Builder
	b.WriteString(v.say(title) + "\n")
	for _, x := range l.Lines {
		b.WriteString("\n" + v.logLine(x))
	}
	if len(l.Lines) == 0 {
		b.WriteString("\n" + v.say(text.LogNone))
	}
	n := l.Page*LogPageSize + len(l.Lines)
	if l.More {
		n++
	}
	rows := v.pager(l.Page, n, LogPageSize)
	rows = append(rows, []Button{other}, []Button{v.goTo(text.BtnLeaks, AtLeaks)}, v.home())
	return Screen{Text: clip(b.String(), screenLimit), Rows: rows, Protect: true}
}

func (v view) logLine(x LogLine) string {
	what := v.say(text.Key("access." + string(x.Action)))
	if what == "" {
		what = v.say(text.AccessOfOthers)
	}
	if !x.Allowed {
		return v.say(text.LogRefusal, v.moment(x.At), x.Name, what)
	}
	return v.say(text.LogAllowed, v.moment(x.At), x.Name, what, v.say(text.Key("relation."+x.By.String())))
}

// leaks shows one leak after the other to confidants and to the organ's lead.
func (v view) leaks() Screen {
	n := len(v.d.Leaks)
	page, _, _ := v.page(n, 1)
	say := v.say(text.LeaksNone)
	rows := v.pager(page, n, 1)
	if n > 0 {
		x := v.d.Leaks[page]
		say = v.say(text.LeaksTitle, page+1, n) + "\n\n" + v.say(text.LeakHead, v.moment(x.At), x.UnitName, x.By) + "\n\n" + x.Words
		rows = append(rows, []Button{v.goTo(text.BtnLeakNotice, AtNotice)})
	}
	if v.d.Me.confides() {
		rows = append(rows, []Button{v.goTo(text.BtnLeakNew, AtLeak)}, []Button{v.goTo(text.BtnLog, AtLog)})
	}
	return Screen{Text: clip(say, screenLimit), Rows: append(rows, v.home()), Protect: true}
}

func (v view) leak() Screen {
	if !v.d.Me.confides() {
		return v.menu()
	}
	return Screen{Text: v.say(text.LeakAsk), Rows: [][]Button{{v.goTo(text.BtnBack, AtLeaks)}}}
}

// notice is the draft of a notice under the Personal Information Protection Law, Art. 57.
func (v view) notice() Screen {
	if len(v.d.Leaks) == 0 && !v.d.Me.confides() {
		return v.menu()
	}
	unit := v.d.Me.UnitName
	return Screen{
		Text: v.say(text.LeakNotice, unit, unit, v.day(v.d.Now)),
		Rows: [][]Button{{v.goTo(text.BtnBack, AtLeaks)}},
	}
}

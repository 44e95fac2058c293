package flows

import (
	"fmt"
	"slices"
	"strings"

	"liuhen/flows/law"
	"liuhen/flows/text"
)

// receives reports whether the room of deputies and routes is for the caller: who receives reports, or acts for somebody.
func (v view) receives() bool {
	return v.d.mayDeputise() || len(v.d.Substitutes) > 0 || len(v.d.Holes) > 0
}

// routes is how much there is to do about routes: holes, and a question about one's own role.
func (v view) routes() int {
	n := len(v.d.Holes)
	if v.d.Ask != nil && !v.d.Ask.Denied {
		n++
	}
	return n
}

// asked is the question whether the caller still receives reports, with its buttons.
func (v view) asked() (string, [][]Button) {
	a := v.d.Ask
	if a == nil {
		return "", nil
	}
	unit := unitName(v.d, a.Unit)
	still := v.button(text.BtnStill, Tap{Verb: DoStill, Arg: string(a.Unit), On: true})
	if a.Denied {
		return v.say(text.RoleDenied, unit), [][]Button{{still}}
	}
	return v.say(text.RoleAsk, unit), [][]Button{{still, v.button(text.BtnNoMore, Tap{Verb: DoStill, Arg: string(a.Unit)})}}
}

// holes are what is missing in the routes, for whoever can mend it.
func (v view) holes() string {
	if len(v.d.Holes) == 0 {
		return v.say(text.RoutesFine)
	}
	var lines []string
	for _, h := range v.d.Holes {
		lines = append(lines, "· "+HoleText(v.d.Locale, h, unitName(v.d, h.Unit), personName(v.d, h.Person)))
	}
	return strings.Join(lines, "\n")
}

// HoleText says what is missing in which unit, and what to do; who is the person that a hole of these kinds is about.
func HoleText(locale string, h law.Hole, unit, who string) string {
	k := text.Key("hole." + string(h.Kind))
	if h.Person == "" {
		return text.Say(locale, k, unit)
	}
	return text.Say(locale, k, unit, who)
}

// mends reports whether the caller sees to the routes of their unit: its head or lead.
func (v view) mends() bool {
	return slices.ContainsFunc(v.d.Directory.Members, func(m law.Member) bool {
		return string(m.ID) == v.d.Me.ID && (m.Has(law.Head) || m.Has(law.OfficerLead))
	})
}

// people is the room of those who receive reports: their deputies.
func (v view) people() Screen {
	if !v.receives() {
		return Screen{Text: v.say(text.PeopleNotYours), Rows: [][]Button{v.home()}}
	}
	var b strings.Builder
	question, rows := v.asked()
	b.WriteString(v.say(text.PeopleTitle) + after(question) + "\n\n" + v.say(text.DeputyTitle))
	for _, s := range v.d.Substitutes {
		if string(s.Principal) == v.d.Me.ID {
			b.WriteString("\n" + v.say(text.DeputyMine, personName(v.d, s.Deputy), v.date(s.From), v.date(s.Until)))
			rows = append(rows, []Button{{
				Label: v.say(text.BtnDismiss, personName(v.d, s.Deputy)), Tap: Tap{Verb: DoDismiss, Arg: s.ID},
			}})
		} else {
			b.WriteString("\n" + v.say(text.DeputyFor, personName(v.d, s.Principal), v.date(s.From), v.date(s.Until)))
		}
	}
	if len(v.d.Substitutes) == 0 {
		b.WriteString("\n" + v.say(text.DeputyNone))
	}
	b.WriteString("\n" + v.say(text.DeputyAbout))
	if v.mends() {
		b.WriteString("\n\n" + v.say(text.RoutesTitle) + "\n" + v.holes())
	}
	if v.d.mayDeputise() {
		rows = append(rows, []Button{v.goTo(text.BtnDeputy, AtDeputy)})
	}
	return Screen{Text: clip(b.String(), screenLimit), Rows: append(rows, v.home())}
}

// deputy leads through an appointment.
func (v view) deputy() Screen {
	back := []Button{v.goTo(text.BtnBack, AtPeople)}
	d := v.s.Deputy
	switch {
	case !v.d.mayDeputise():
		return Screen{Text: v.say(text.PeopleNotYours), Rows: [][]Button{v.home()}}
	case d == nil:
		return v.whoDeputises(back)
	case d.From.IsZero():
		var row []Button
		for _, n := range []int{2, 6, 14} {
			row = append(row, Button{Label: v.say(text.BtnDays, n+1), Tap: Tap{Verb: DoDays, Turn: v.s.Turn, Arg: fmt.Sprint(n)}})
		}
		return Screen{Text: v.say(text.DeputyDays, personName(v.d, law.PersonID(d.Person))), Rows: [][]Button{row, back}}
	}
	return Screen{
		Text: v.say(text.DeputySure, personName(v.d, law.PersonID(d.Person)), v.date(d.From), v.date(d.Until)),
		Rows: [][]Button{{v.button(text.BtnDo, Tap{Verb: DoCarry, Turn: v.s.Turn})}, back},
	}
}

func (v view) whoDeputises(back []Button) Screen {
	all := v.d.colleagues()
	if len(all) == 0 {
		return Screen{Text: v.say(text.HintDeputyNobody), Rows: [][]Button{back}}
	}
	page, from, to := v.page(len(all), pageSize)
	var rows [][]Button
	for _, m := range all[from:to] {
		label := m.Name
		if len(m.Roles) > 0 {
			label += v.say(text.InBrackets, v.roles(m.Roles))
		}
		rows = append(rows, []Button{{Label: label, Tap: Tap{Verb: DoDeputy, Turn: v.s.Turn, Arg: string(m.ID)}}})
	}
	rows = append(rows, v.pager(page, len(all), pageSize)...)
	return Screen{Text: v.say(text.DeputyWho), Rows: append(rows, back)}
}

// missing are the signers whose entries a case lacks, those who have left marked so.
func (v view) missing(o Overdue) string {
	names := slices.Clone(o.Missing)
	for i, n := range names {
		if slices.Contains(o.Gone, n) {
			names[i] = n + v.say(text.HasLeft)
		}
	}
	return strings.Join(names, v.say(text.ListComma))
}

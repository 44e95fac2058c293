package flows

import (
	"slices"
	"strings"

	"liuhen/flows/law"
	"liuhen/flows/text"
)

func absenceKey(k law.AbsenceKind) text.Key { return text.Key("absence." + string(k)) }

func reasonKey(r law.AbsenceReason) text.Key { return text.Key("absence.reason." + string(r)) }

func (v view) absenceTap(k law.AbsenceKind, about string) Tap {
	return Tap{Verb: DoAbsence, Turn: v.s.Turn, Arg: string(k) + "." + about}
}

// absences is the room of those who speak for an institution in a 缺签说明.
func (v view) absences() Screen {
	d := v.d.Absences
	switch {
	case d == nil:
		return Screen{Text: v.say(text.AbsenceNotYours), Rows: [][]Button{v.home()}}
	case v.s.Absent != nil:
		return v.absenting(*v.s.Absent)
	}
	n := len(d.Open) + len(d.Noted) + len(d.Lacks)
	page, from, to := v.page(n, pageSize)
	lines := []string{v.say(text.AbsenceTitle), v.say(text.AbsenceAbout)}
	var rows [][]Button
	for i := from; i < to; i++ {
		if l := i - len(d.Open) - len(d.Noted); l >= 0 {
			x := d.Lacks[l]
			lines = append(lines, v.part(i == max(from, len(d.Open)+len(d.Noted)), text.AbsenceLacks)+v.lack(x))
			rows = append(rows, []Button{{Label: v.say(text.BtnAbsent, x.Name, v.caseTag(x.Number)), Tap: v.absenceTap(law.ProposeAbsence, x.CaseID+"."+x.Signer)}})
			continue
		}
		x, head := Absence{}, text.AbsenceOpen
		if i < len(d.Open) {
			x = d.Open[i]
		} else {
			x, head = d.Noted[i-len(d.Open)], text.AbsenceNoted
		}
		lines = append(lines, v.part(i == from || i == len(d.Open), head)+v.absence(x))
		for _, k := range x.May {
			rows = append(rows, []Button{{Label: v.say(text.BtnAbout, v.say(absenceKey(k)), x.Signer, v.caseTag(x.Number)), Tap: v.absenceTap(k, x.ID)}})
		}
	}
	if n == 0 {
		lines = append(lines, v.say(text.AbsenceNone))
	}
	rows = append(rows, v.pager(page, n, pageSize)...)
	return Screen{Text: clip(strings.Join(lines, "\n\n"), screenLimit), Rows: append(rows, v.home()), Protect: true}
}

// part is the line above the first entry of a part.
func (v view) part(first bool, k text.Key) string {
	if !first {
		return ""
	}
	return v.say(k) + "\n"
}

func (v view) lack(x Lack) string {
	name := x.Name
	if x.Gone {
		name += v.say(text.HasLeft)
	}
	return v.say(text.AbsenceLack, x.Number, x.Institution, name, v.date(x.Closed))
}

// absence is a 缺签说明 in words: who did not sign, why, and who says so.
func (v view) absence(x Absence) string {
	out := v.say(text.AbsenceLine, x.Number, x.Institution, x.Signer, v.say(reasonKey(x.Reason)), x.By, v.date(x.On), x.Words)
	if x.Second != "" {
		return out + "\n" + v.say(text.AbsenceSecond, x.Second, v.date(x.SecondOn))
	}
	if !slices.Contains(x.May, law.AgreeAbsence) {
		out += "\n" + v.say(text.AbsenceWaits)
	}
	return out
}

// absenting draws what is being prepared: the reason first, then the words.
func (v view) absenting(x Absenting) Screen {
	drop := []Button{v.button(text.BtnBack, Tap{Verb: DoDrop, Turn: v.s.Turn})}
	body := v.say(absenceKey(x.Kind))
	var rows [][]Button
	switch l, ok := v.d.Absences.lack(x.Case, x.Signer); {
	case x.Kind != law.ProposeAbsence:
		if a, found := v.d.Absences.find(x.About); found {
			body += "\n\n" + v.absence(a)
		}
	case ok && x.Reason == "":
		for _, r := range l.Reasons {
			rows = append(rows, []Button{{Label: v.say(reasonKey(r)), Tap: Tap{Verb: DoReason, Turn: v.s.Turn, Arg: string(r)}}})
		}
		return Screen{Text: body + "\n\n" + v.lack(l) + "\n\n" + v.say(text.AbsenceWhy), Rows: append(rows, drop), Protect: true}
	case ok:
		body += "\n\n" + v.lack(l) + "\n" + v.say(text.AbsenceReason, v.say(reasonKey(x.Reason)))
	}
	body += "\n\n" + v.say(text.Key("absence.ask."+string(x.Kind)))
	if x.Words != "" {
		body += "\n\n" + v.say(text.GivenText, "\n"+x.Words)
	}
	rows = append(rows, []Button{v.button(text.BtnDo, Tap{Verb: DoCarry, Turn: v.s.Turn})}, drop)
	return Screen{Text: clip(body, screenLimit), Rows: rows, Protect: true}
}

// explained are the caller's own cases about which others have said that the caller cannot sign.
func (v view) explained() []Case {
	return slices.DeleteFunc(slices.Clone(v.d.Cases), func(c Case) bool { return c.Absent == "" })
}

// todoOwn are the lines and buttons of 待办 for what concerns the caller's own entries and signature, and for the missing signatures
// of others that the caller can speak about.
func (v view) todoOwn() (lines string, rows [][]Button) {
	lines, rows = v.todoProtect()
	for i, c := range v.explained() {
		if i < pageSize {
			lines += "\n\n" + v.say(text.TodoAbsent, c.Number, v.say(reasonKey(c.Absent)))
			rows = append(rows, []Button{v.caseButton(c)})
		}
	}
	if n := v.d.Absences.waiting(); n > 0 {
		lines += "\n\n" + v.say(text.TodoAbsences, n)
		rows = append(rows, []Button{v.goTo(text.BtnAbsences, AtAbsences)})
	}
	return lines, rows
}

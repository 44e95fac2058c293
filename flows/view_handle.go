package flows

import (
	"fmt"
	"slices"
	"strings"

	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

func actKey(k law.ActKind) text.Key { return text.Key("act." + string(k)) }

// duty is a task in words: the duty, and for Art. 8 the category that demands it.
func (v view) duty(d law.Duty, c law.Category) string {
	s := v.say(text.Key("duty." + string(d)))
	if c != 0 {
		s += " · " + v.say(text.Key("case."+c.String()))
	}
	return s
}

// actions are the buttons of what may be done now.
func (v view) actions(may []law.ActKind, r *Report) [][]Button {
	var bs []Button
	for _, k := range may {
		if (k == law.Perform || k == law.Waive) && r != nil {
			for i, t := range openTasks(r, k) {
				label := v.say(actKey(k)) + v.say(text.Colon) + v.duty(t.Duty, t.Category)
				bs = append(bs, Button{Label: label, Tap: Tap{Verb: DoAct, Turn: v.s.Turn, Arg: fmt.Sprintf("%s.%d", k, i)}})
			}
			continue
		}
		if k == law.Send && r != nil {
			for i, key := range r.Unsent {
				label := v.say(actKey(k)) + v.say(text.Colon) + v.letterKey(key)
				bs = append(bs, Button{Label: label, Tap: Tap{Verb: DoAct, Turn: v.s.Turn, Arg: fmt.Sprintf("%s.%d", k, i)}})
			}
			continue
		}
		if k == law.Exclude && r != nil {
			for i, h := range r.Handlers {
				label := v.say(actKey(k)) + v.say(text.Colon) + h.Name + v.say(text.InBrackets, h.Unit)
				bs = append(bs, Button{Label: label, Tap: Tap{Verb: DoAct, Turn: v.s.Turn, Arg: fmt.Sprintf("%s.%d", k, i)}})
			}
			continue
		}
		bs = append(bs, Button{Label: v.say(actKey(k)), Tap: Tap{Verb: DoAct, Turn: v.s.Turn, Arg: string(k)}})
	}
	var rows [][]Button
	for _, b := range bs {
		rows = append(rows, []Button{b})
	}
	return rows
}

// drafted draws the act being prepared.
func (v view) drafted() Screen {
	d := v.s.Act
	if d.grieving() && v.d.Protect != nil {
		return v.grievance(d)
	}
	var b strings.Builder
	b.WriteString(v.say(actKey(d.Kind)))
	if d.Kind == law.Send {
		b.WriteString(v.say(text.Colon) + v.letterKey(d.Task))
	} else if d.Task != "" && v.d.Report != nil {
		for _, t := range v.d.Report.Tasks {
			if t.Key == d.Task {
				b.WriteString(v.say(text.Colon) + v.duty(t.Duty, t.Category))
			}
		}
	}
	if d.Kind == law.Exclude && v.d.Report != nil {
		for _, h := range v.d.Report.Handlers {
			if h.ID == d.Whom {
				b.WriteString(v.say(text.Colon) + h.Name + v.say(text.InBrackets, h.Unit))
			}
		}
	}
	b.WriteString("\n\n" + v.say(v.askKey(d.Kind)))
	var rows [][]Button
	if d.Kind == law.Categorise {
		rows = v.categories(d)
	}
	if d.Statement != nil {
		b.WriteString(v.stated(*d.Statement))
		rows = v.takeBacks(*d.Statement)
	}
	if d.Words != "" {
		b.WriteString("\n\n" + v.say(text.GivenText, "\n"+d.Words))
	}
	rows = append(rows,
		[]Button{v.button(text.BtnDo, Tap{Verb: DoCarry, Turn: v.s.Turn})},
		[]Button{v.button(text.BtnBack, Tap{Verb: DoDrop, Turn: v.s.Turn})})
	return Screen{Text: clip(b.String(), screenLimit), Rows: rows, Protect: true}
}

func (v view) categories(d *Drafted) [][]Button {
	var rows [][]Button
	for _, c := range article8 {
		on := slices.Contains(d.Categories, c.String())
		mark := "☐ "
		if on {
			mark = "☑ "
		}
		label := mark + v.say(text.Key("category."+c.String()))
		rows = append(rows, []Button{{Label: label, Tap: Tap{Verb: DoTick, Arg: c.String(), On: !on}}})
	}
	return rows
}

// course is what was done about a report, and what is still to be done by the reader's unit. Evidence that was added is
// numbered after the entry's own, of which there are so many.
func (v view) course(acts []record.Act, tasks []law.Task, shown int) string {
	var lines []string
	for _, a := range acts {
		who := a.By.Name
		if who != "" {
			who = "　" + who
		}
		line := v.say(text.CourseLine, v.moment(a.At), v.say(actKey(a.Kind)), who)
		if a.Whom != nil {
			line += v.say(text.Colon) + a.Whom.Name
		}
		if len(a.Categories) > 0 {
			var names []string
			for _, c := range a.Categories {
				names = append(names, v.say(text.Key("category."+c)))
			}
			line += v.say(text.Colon) + strings.Join(names, v.say(text.ListComma))
		}
		if a.Kind == law.Draft || a.Kind == law.Send {
			line += v.say(text.Colon) + v.letterKey(a.Task)
		}
		for _, t := range tasks {
			if a.Task != "" && t.Key == a.Task && a.Kind != law.Draft {
				line += v.say(text.Colon) + v.duty(t.Duty, t.Category)
			}
		}
		if a.Text != "" {
			line += "\n" + a.Text
		}
		for _, f := range a.Files {
			line += "\n" + v.say(text.StatementFile, v.fileLine(shown, f))
			shown++
		}
		lines = append(lines, line)
	}
	if len(lines) > 0 {
		lines = append([]string{v.say(text.CourseTitle)}, lines...)
	}
	var open []string
	for _, t := range tasks {
		if t.Open() {
			open = append(open, v.say(text.CourseTask, v.duty(t.Duty, t.Category), v.date(t.Due)))
		}
	}
	if len(open) > 0 {
		lines = append(append(lines, v.say(text.CourseOpen)), open...)
	}
	return strings.Join(lines, "\n")
}

// follow tells the signer how far their report has come (E10).
func (v view) follow() string {
	if v.d.Follow == nil {
		return ""
	}
	return v.progress(v.d.Follow, v.ownExhibits())
}

// progress tells how far a report or complaint has come, and what was said about it.
func (v view) progress(f *Follow, shown int) string {
	s := v.say(text.FollowStanding, v.standing(f.Standing))
	switch {
	case !f.Again.IsZero():
		s += v.say(text.FollowLate, v.date(f.Next), v.date(f.Again), v.mayDo(f.May))
	case !f.Next.IsZero():
		s += v.say(text.FollowNext, v.date(f.Next))
	}
	if c := v.course(f.Acts, nil, shown); c != "" {
		s += "\n\n" + c
	}
	return s
}

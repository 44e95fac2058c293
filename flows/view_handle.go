package flows

import (
	"slices"
	"strings"

	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

func actKey(k law.ActKind) text.Key { return text.Key("act." + string(k)) }

// byCategory are the duties that each category words its own way: 通报 or 告知, 调查处理 or 依法处理.
var byCategory = []law.Duty{law.Letters, law.Investigate}

// duty is a task in words: the duty, and for Art. 8 the category that demands it.
func (v view) duty(d law.Duty, c law.Category) string {
	if c == 0 {
		return v.say(text.Key("duty." + string(d)))
	}
	key := "duty." + string(d)
	if slices.Contains(byCategory, d) {
		key += "." + c.String()
	}
	return v.say(text.Key(key)) + " · " + v.say(text.Key("case."+c.String()))
}

// actions are the buttons of what may be done now, each with what it is about.
func (v view) actions(may []law.ActKind, r *Report) [][]Button {
	var rows [][]Button
	add := func(k law.ActKind, about, label string) {
		if about != "" {
			about = "." + about
		}
		rows = append(rows, []Button{{Label: label, Tap: Tap{Verb: DoAct, Turn: v.s.Turn, Arg: string(k) + about}}})
	}
	for _, k := range may {
		name := v.say(actKey(k))
		switch {
		case r != nil && (k == law.Perform || k == law.Waive):
			for _, t := range openTasks(r, k) {
				add(k, taskName(t.Key), v.taskLabel(k, t))
			}
		case r != nil && k == law.Send:
			for _, key := range r.Unsent {
				add(k, taskName(key), name+v.say(text.Colon)+v.letterKey(key))
			}
		case r != nil && k == law.Exclude:
			for _, h := range r.Handlers {
				add(k, h.ID, name+v.say(text.Colon)+h.Name+v.say(text.InBrackets, h.Unit))
			}
		case r != nil && k == law.Transfer:
			for _, o := range r.Organs {
				if o.Evident {
					add(k, o.ID, v.say(text.BtnTransferTo, o.Name))
				}
			}
			add(k, "", v.say(text.BtnTransferElse))
		case k == law.Take:
			add(k, "", v.say(text.BtnTake))
		default:
			add(k, "", name)
		}
	}
	return rows
}

// taskLabel is the button that performs or waives a task. Whether a client is told that need not be is asked in plain words
// (R8.10).
func (v view) taskLabel(k law.ActKind, t law.Task) string {
	if t.Duty != law.AskClient {
		return v.say(actKey(k)) + v.say(text.Colon) + v.duty(t.Duty, t.Category)
	}
	say := text.BtnTellClient
	if k == law.Waive {
		say = text.BtnLeaveClient
	}
	return v.say(say, v.say(text.Key("case."+t.Category.String())))
}

// discharged is the task that an act performed or waived, of whatever unit: its key says which.
func discharged(a record.Act, own []law.Task) (law.Task, bool) {
	if t, ok := taskOf(own, a.Task); ok || a.Kind != law.Perform && a.Kind != law.Waive {
		return t, ok
	}
	parts := strings.Split(a.Task, "/")
	t := law.Task{Key: a.Task, Duty: law.Duty(parts[0])}
	if len(parts) == 3 {
		t.Category, _ = law.ParseCategory(parts[2])
	}
	return t, len(parts) > 1
}

func taskOf(tasks []law.Task, key string) (law.Task, bool) {
	i := slices.IndexFunc(tasks, func(t law.Task) bool { return key != "" && t.Key == key })
	if i < 0 {
		return law.Task{}, false
	}
	return tasks[i], true
}

// actName is an act in words, with the task it is about.
func (v view) actName(k law.ActKind, key string, tasks []law.Task) string {
	if t, ok := taskOf(tasks, key); ok && k != law.Send {
		return v.taskLabel(k, t)
	}
	return v.say(actKey(k))
}

// drafted draws the act being prepared.
func (v view) drafted() Screen {
	d := v.s.Act
	if d.grieving() && v.d.Protect != nil {
		return v.grievance(d)
	}
	if d.Kind == law.Transfer && v.d.Report != nil {
		return v.transfer(d, v.d.Report)
	}
	if deciding(d, v.d.Report) {
		return v.deciding(d)
	}
	var b strings.Builder
	var tasks []law.Task
	if v.d.Report != nil {
		tasks = v.d.Report.Tasks
	}
	b.WriteString(v.actName(d.Kind, d.Task, tasks))
	if d.Kind == law.Send {
		b.WriteString(v.say(text.Colon) + v.letterKey(d.Task))
	}
	if d.Kind == law.Exclude && v.d.Report != nil {
		for _, h := range v.d.Report.Handlers {
			if h.ID == d.Whom {
				b.WriteString(v.say(text.Colon) + h.Name + v.say(text.InBrackets, h.Unit))
			}
		}
	}
	b.WriteString("\n\n" + v.say(v.askKey(d)))
	var rows [][]Button
	if d.Kind == law.Categorise {
		b.WriteString("\n\n" + law.Article(8))
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

// categories are the boxes of the five cases; what each demands is in the article above them.
func (v view) categories(d *Drafted) [][]Button {
	var rows [][]Button
	for _, c := range article8 {
		on := slices.Contains(d.Categories, c.String())
		mark := "☐ "
		if on {
			mark = "☑ "
		}
		label := mark + v.say(text.Key("tick."+c.String()))
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
		if who == "" {
			who = v.unitOf(a)
		}
		if who != "" {
			who = "　" + who
		}
		line := v.say(text.CourseLine, v.moment(a.At), v.say(actKey(a.Kind)), who)
		if task, ok := discharged(a, tasks); ok && a.Kind != law.Draft {
			if line += v.say(text.Colon) + v.duty(task.Duty, task.Category); task.Duty == law.AskClient {
				line = v.say(text.CourseLine, v.moment(a.At), v.taskLabel(a.Kind, task), who)
			}
		}
		if a.Whom != nil {
			line += v.say(text.Colon) + a.Whom.Name
		}
		if len(a.Categories) > 0 {
			var names []string
			for _, c := range article8 {
				if slices.Contains(a.Categories, c.String()) {
					names = append(names, v.say(text.Key("category."+c.String())))
				}
			}
			line += v.say(text.Colon) + strings.Join(names, v.say(text.ListComma))
		}
		if a.Kind == law.Draft || a.Kind == law.Send {
			line += v.say(text.Colon) + v.letterKey(a.Task)
		}
		line += v.handedTo(a)
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

// unitOf is the unit that did something about the own report, as far as the signer knows where it is: who answers a question knows
// who will read it.
func (v view) unitOf(a record.Act) string {
	for _, s := range v.d.Way {
		if a.Unit != "" && s.Unit == a.Unit {
			return s.UnitName
		}
	}
	return ""
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
	if !f.Again.IsZero() && f.Standing != law.Waiting {
		s += v.say(text.FollowLate, v.date(f.Next), v.date(f.Again), v.mayDo(f.May))
	} else {
		s += v.expects(f)
		if slices.Contains(f.May, law.Appeal) {
			s += v.say(text.FollowWithheld)
		}
	}
	if t := v.d.Track; t != nil && shown == v.ownExhibits() {
		s += "\n" + v.say(text.FollowParty, v.standing(t.Standing)) + v.expects(t)
	}
	if c := v.course(f.Acts, nil, shown); c != "" {
		s += "\n\n" + c
	}
	return s
}

// expects says by when the reporter hears next, "" once everything is closed.
func (v view) expects(f *Follow) string {
	next := f.Next
	if !f.Again.IsZero() {
		next = f.Again
	}
	switch {
	case next.IsZero():
		return ""
	case f.Standing == law.Waiting:
		return v.say(text.FollowWaiting, v.date(next))
	}
	return v.say(text.FollowNext, v.date(next))
}

// hands says who has the report in hand at the reader's unit, when that is somebody else, and what units below left undone.
func (v view) hands(r *Report) string {
	var lines []string
	switch {
	case r.Orphan:
		lines = append(lines, v.say(text.OwnerNone, r.Owner))
	case r.Owner != "" && !r.Mine:
		lines = append(lines, v.say(text.OwnerLine, r.Owner))
	}
	for _, l := range r.Late {
		lines = append(lines, v.say(text.LateLine, l.UnitName, v.duty(l.Duty, l.Category), v.date(l.Due)))
	}
	return strings.Join(lines, "\n")
}

// dutyLine is what is to be done first about one report, by when, how much besides, and which category is proposed as long as none
// is decided (E24).
func (v view) dutyLine(open []Task, arrived string) string {
	first := open[0]
	line := v.say(text.TodoFirst, arrived, v.duty(first.Duty, first.Category), v.date(first.Due))
	if first.Late > 0 {
		line += v.say(text.TodoLate, first.Late)
	}
	if len(open) > 1 {
		line += v.say(text.TodoRest, len(open)-1)
	}
	switch {
	case first.Orphan:
		line += v.say(text.TodoOrphan)
	case first.Owner != "":
		line += v.say(text.TodoOwner, first.Owner)
	}
	var items []string
	for _, t := range open {
		for _, c := range t.Propose {
			if slices.Contains(article8, c) {
				items = append(items, v.say(text.Key("case."+c.String())))
			}
		}
	}
	if len(items) > 0 {
		line += v.say(text.TodoPropose, strings.Join(items, v.say(text.ListComma)))
	}
	return line
}

// queue is the inbox in the order of what is due: reports with something to be done first, the most urgent first, then the
// rest as they came; with each the duties that are open.
func (v view) queue() (cards []Card, open map[string][]Task) {
	open = map[string][]Task{}
	rank := map[string]int{}
	for i, t := range v.d.Tasks {
		if _, seen := rank[t.Report]; !seen {
			rank[t.Report] = i
		}
		open[t.Report] = append(open[t.Report], t)
	}
	place := func(c Card) int {
		if i, due := rank[c.ID]; due {
			return i
		}
		return len(v.d.Tasks)
	}
	cards = slices.Clone(v.d.Inbox)
	slices.SortStableFunc(cards, func(a, b Card) int { return place(a) - place(b) })
	return cards, open
}

package law

import (
	"cmp"
	"slices"
)

// ActKind is one kind of thing done about a report. Acts are stored for decades: never rename one.
type ActKind string

// The acts of those who handle a report, and of its reporter.
const (
	Accept     ActKind = "accept"     // 受理: taken up, and the reporter hears of it (R5.7)
	Ask        ActKind = "ask"        // a question to the reporter
	Pass       ActKind = "pass"       // the institution reports to its authority (Art. 6)
	Decide     ActKind = "decide"     // the institution's decision under its charter (Art. 6)
	Categorise ActKind = "categorise" // which of (一)–(五) of Art. 8 applies
	Perform    ActKind = "perform"    // one thing that a category demands is done
	Waive      ActKind = "waive"      // a duty does not apply, with the reason
	Close      ActKind = "close"      // 办结
	Reply      ActKind = "reply"      // the reporter answers or adds
	Urge       ActKind = "urge"       // the reporter reminds (R5.8)
	Appeal     ActKind = "appeal"     // the reporter goes to the authority because the institution does not act (R5.8)
)

// Arrival is a unit that a report has reached.
type Arrival struct {
	Unit  UnitID
	Level Level
	On    Date
}

// Step is an act as far as the law asks.
type Step struct {
	Kind       ActKind
	Unit       UnitID // of the handler; "" for the reporter
	On         Date
	Categories []Category // Categorise
	Task       string     // Perform, Waive: the key of the task
}

// Matter is a report under way: what was reported, whom it reached, what was done. Duties, status and what may be done next are
// derived from it and never stored.
type Matter struct {
	Facts      Facts
	ClientKind string // as the case list writes it, "" when not known
	Complaint  bool   // of retaliation (Art. 9): no report about interference
	Arrivals   []Arrival
	Steps      []Step
}

// Task is one duty of one unit with its last day.
type Task struct {
	Key      string // duty/unit, or duty/unit/category
	Duty     Duty
	Unit     UnitID
	Category Category // of Art. 8, for what a category demands
	Due      Date
	Done     Date // zero while open
	Waived   bool
	Cite     Cite
}

// Open reports whether the task is still to be done.
func (t Task) Open() bool { return t.Done.IsZero() }

// TellClient is the duty to inform the client besides (Art. 8 ¶2).
const TellClient Duty = "tell_client"

// dutyRow is one row of the table of duties: what a unit owes once a report has reached it, or once it has decided a category.
type dutyRow struct {
	inside bool // at the institution; otherwise at an organ of whatever level
	when   []condition
	of     Category // arises when the unit has decided it; 0: when the report has arrived
	duty   Duty
	tells  bool    // it informs the client: see telling
	act    ActKind // discharges it
	waive  bool    // so does Waive, with a reason
	cite   Cite
}

var (
	ifInside  = condition{"干预人是鉴定机构内部人员（含负责人）", Facts.inside}
	ifOutside = condition{"干预人是鉴定机构外部人员", Facts.outside}
)

// dutyTable follows Art. 6 and Art. 8. Every row that matches counts: a report that names people inside and outside brings
// both duties of Art. 6 (R6.3), several categories bring the duties of each (R8.6).
var dutyTable = []dutyRow{
	{inside: true, duty: Acknowledge, act: Accept, cite: reading(6, 0, "R5.7")},
	{inside: true, when: []condition{ifInside}, duty: InstitutionDecide, act: Decide, waive: true, cite: art(6, 0)},
	{inside: true, when: []condition{ifOutside}, duty: ForwardAuthority, act: Pass, waive: true, cite: art(6, 0)},
	{duty: Acknowledge, act: Accept, cite: reading(8, 0, "R5.7")},
	{duty: CategoriseDuty, act: Categorise, waive: true, cite: art(8, 1)},
	{duty: Handling, act: Close, cite: art(8, 1)},
	{of: InternalDirect, duty: TellClient, tells: true, act: Perform, waive: true, cite: art(8, 2)},
	{of: JudicialOfficer, duty: TellClient, tells: true, act: Perform, waive: true, cite: art(8, 2)},
	{of: ClientOrgan, duty: Letters, act: Perform, waive: true, cite: item8(3)},
	{of: OtherOrgan, duty: Letters, act: Perform, waive: true, cite: item8(4)},
	{of: OtherOrgan, duty: TellClient, tells: true, act: Perform, waive: true, cite: art(8, 2)},
	{of: Individual, duty: Letters, tells: true, act: Perform, waive: true, cite: item8(5)},
}

// passRow lets an institution report to its authority what it need not: everything else stays its own (Art. 6).
type passRow struct {
	when []condition
	cite Cite
}

var passTable = []passRow{
	{[]condition{ifInternal, ifSerious}, art(5, 3)},
	{[]condition{ifHead}, reading(6, 0, "R6.4")},
}

// inside and outside: Art. 6 tells the institution's own people from everybody else; a report may name both (R6.3). Whoever
// is not known to be one of its own is from outside.
func (f Facts) inside() bool { return f.InternalImplicated || f.HeadImplicated }

func (f Facts) outside() bool {
	return !f.inside() || f.Client || f.Litigant || f.Other || f.Superior || f.OfficerImplicated || f.LeadImplicated
}

func matches(when []condition, f Facts) bool { return channelRow{when: when}.matches(f) }

// counted are the duties that have another's number of days.
var counted = map[Duty]Duty{TellClient: Letters}

func (p Policy) deadlineOf(r dutyRow) Deadline { return p.Deadline(cmp.Or(counted[r.duty], r.duty)) }

// Tasks are all duties of a matter, by due date. What a unit left undone when it closed is no longer owed, nor is telling a
// client who turns out to be implicated; what was done stays.
func Tasks(p Policy, cal Calendar, m Matter) []Task {
	var out []Task
	for _, a := range m.reached() {
		done := m.by(a.Unit)
		since := decided(done)
		for _, r := range m.table() {
			if r.inside != (a.Level == Institution) || !matches(r.when, m.Facts) {
				continue
			}
			from, on := -1, a.On
			if i, ok := since[r.of]; ok {
				from, on = i, done[i].On
			} else if r.of != 0 {
				continue
			}
			t := r.task(a.Unit)
			t.Due, _ = p.deadlineOf(r).Due(cal, on)
			r.settle(&t, done, from)
			if owed := !has(done, Close) && (!r.tells || m.telling(since) == mustTell); owed || !t.Open() {
				out = append(out, t)
			}
		}
	}
	slices.SortFunc(out, func(a, b Task) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Key, b.Key)) })
	return out
}

func (r dutyRow) task(u UnitID) Task {
	t := Task{Key: string(r.duty) + "/" + string(u), Duty: r.duty, Unit: u, Category: r.of, Cite: r.cite}
	if r.of != 0 {
		t.Key += "/" + r.of.String()
	}
	return t
}

// settle notes what was done about a task. What was performed stays performed even if its category was dropped and decided
// again meanwhile; a waiver was about the decision then in force and counts only after from, the step the duty rests on.
func (r dutyRow) settle(t *Task, done []Step, from int) {
	for i, s := range done {
		waived := s.Kind == Waive && r.waive && s.Task == t.Key && i > from
		if waived || s.Kind == r.act && (r.act != Perform || s.Task == t.Key) {
			t.Done, t.Waived = s.On, waived
			return
		}
	}
}

// decided are the categories in force, each with the step since which it has stood without interruption: deciding it again
// gives no new time (R8.9).
func decided(done []Step) map[Category]int {
	var since map[Category]int
	for i, s := range done {
		if s.Kind != Categorise {
			continue
		}
		next := map[Category]int{}
		for _, c := range s.Categories {
			next[c] = i
			if old, ok := since[c]; ok {
				next[c] = old
			}
		}
		since = next
	}
	return since
}

// telling says whether the client is to be informed.
type telling uint8

const (
	mustTell  telling = iota + 1 // Art. 8: 司法机关、行政执法机关
	mayTell                      // any other client, or one whose kind is not known: the officer decides (R8.10)
	neverTell                    // the client is implicated, by the report or by the officer's category (三) (R8.7)
)

func (m Matter) telling(since map[Category]int) telling {
	_, organ := since[ClientOrgan]
	switch {
	case m.Facts.Client || organ:
		return neverTell
	case slices.Contains(organs, m.ClientKind):
		return mustTell
	}
	return mayTell
}

// MayTell are the categories decided by a unit of which it decides itself whether the client is told, because the client is no
// 司法机关 or 行政执法机关, or its kind is not known: no task arises, the officer is asked (R8.10). Sorted, each once.
func MayTell(m Matter, u UnitID) []Category {
	since := decided(m.by(u))
	if m.telling(since) != mayTell {
		return nil
	}
	var out []Category
	for _, r := range dutyTable {
		if _, ok := since[r.of]; ok && r.tells {
			out = append(out, r.of)
		}
	}
	return out
}

// reached are the units that have the report, each once, from the first day it was there.
func (m Matter) reached() []Arrival {
	out := slices.SortedFunc(slices.Values(m.Arrivals), func(a, b Arrival) int {
		return cmp.Or(cmp.Compare(a.Unit, b.Unit), a.On.Compare(b.On), cmp.Compare(b.Level, a.Level))
	})
	return slices.CompactFunc(out, func(a, b Arrival) bool { return a.Unit == b.Unit })
}

// by are the steps of a unit, "" for the reporter's. Nothing counts after its Close.
func (m Matter) by(u UnitID) []Step {
	var out []Step
	for _, s := range m.Steps {
		if s.Unit == u {
			if out = append(out, s); s.Kind == Close {
				break
			}
		}
	}
	return out
}

func has(done []Step, k ActKind) bool {
	return slices.ContainsFunc(done, func(s Step) bool { return s.Kind == k })
}

// atOrgan reports whether any organ has the report.
func (m Matter) atOrgan() bool {
	return slices.ContainsFunc(m.Arrivals, func(a Arrival) bool { return a.Level != Institution })
}

// May lists what the handlers of a unit may do now, in the order it is offered: first what is owed, by due date. Nothing before
// it is accepted, nothing after it is closed; it is closed when all else is done or waived (R8.11).
func May(p Policy, cal Calendar, m Matter, u UnitID) []ActKind {
	reached, done := m.reached(), m.by(u)
	i := slices.IndexFunc(reached, func(a Arrival) bool { return a.Unit == u })
	switch {
	case i < 0 || has(done, Close):
		return nil
	case !has(done, Accept):
		return []ActKind{Accept}
	}
	var out []ActKind
	for _, t := range Tasks(p, cal, m) {
		if k := discharges(t); t.Unit == u && t.Open() && k != Close && !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	last := Close
	if len(out) > 0 {
		last = Waive
	}
	if reached[i].Level == Institution && m.mayPass(done) && !slices.Contains(out, Pass) {
		out = append(out, Pass)
	}
	if has(done, Categorise) {
		out = append(out, Categorise) // it may be changed, with a reason (R8.9)
	}
	return append(out, Ask, last)
}

func discharges(t Task) ActKind {
	rows := slices.Concat(dutyTable, complaintTable)
	i := slices.IndexFunc(rows, func(r dutyRow) bool { return r.duty == t.Duty && r.of == t.Category })
	return rows[i].act
}

// mayPass reports whether the institution may report to the authority what it need not, as long as the authority has not got it.
func (m Matter) mayPass(done []Step) bool {
	return !m.atOrgan() && !has(done, Pass) && slices.ContainsFunc(passTable, func(r passRow) bool { return matches(r.when, m.Facts) })
}

// Standing is how far a report has come, in the reporter's words (R8.12, E10).
type Standing uint8

// The standings.
const (
	Delivered Standing = iota + 1 // 已送达
	Accepted                      // 已受理
	UnderWay                      // 处理中
	Closed                        // 已办结
)

var standingNames = []string{"", "delivered", "accepted", "under_way", "closed"}

// String is the standing's stable identifier.
func (s Standing) String() string { return name(standingNames, s) }

// Stands says how far a matter has come, and by when the next news is due; the day is zero once it is closed. It is closed
// when every unit has closed; an institution that has done all it owes need not, once an organ has the report.
func Stands(p Policy, cal Calendar, m Matter) (Standing, Date) {
	waits := m.waits(p, cal)
	if len(waits) == 0 && len(m.Arrivals) > 0 {
		return Closed, Date{}
	}
	at, next := Delivered, Date{}
	for _, w := range waits {
		if next.IsZero() || w.due.Before(next) {
			next = w.due
		}
	}
	for _, a := range m.reached() {
		for _, s := range m.by(a.Unit) {
			if s.Kind == Accept {
				at = max(at, Accepted)
			} else {
				at = UnderWay
			}
		}
	}
	return at, next
}

// wait is a unit that is not through with a report: by when it should move, and whether it owes anything but closing.
type wait struct {
	level Level
	due   Date // of its first open task; of its last task when none is open
	open  bool
}

func (m Matter) waits(p Policy, cal Calendar) []wait {
	tasks := Tasks(p, cal, m)
	var out []wait
	for _, a := range m.reached() {
		w := wait{level: a.Level}
		for _, t := range tasks {
			if t.Unit == a.Unit && !w.open {
				w.due, w.open = t.Due, t.Open()
			}
		}
		if through := !w.open && a.Level == Institution && m.atOrgan(); !through && !has(m.by(a.Unit), Close) {
			out = append(out, w)
		}
	}
	return out
}

// MayReporter lists what the reporter may do: always add; remind when something is overdue and no reminder was made in the last
// working days, as many as an acknowledgement may take; go to the authority, once, when the institution is overdue and no organ
// has the report (R5.8).
func MayReporter(p Policy, cal Calendar, m Matter, today Date) []ActKind {
	out, late, lateInside := []ActKind{Reply}, false, false
	for _, w := range m.waits(p, cal) {
		if w.due.Before(today) {
			late = true
			lateInside = lateInside || w.open && w.level == Institution
		}
	}
	mine := m.by("")
	if late && !today.Before(again(p, cal, mine)) {
		out = append(out, Urge)
	}
	if lateInside && !m.atOrgan() && !has(mine, Appeal) {
		out = append(out, Appeal)
	}
	return out
}

// again is the first day of the next reminder; the zero date before the first one.
func again(p Policy, cal Calendar, mine []Step) Date {
	for _, s := range slices.Backward(mine) {
		if s.Kind == Urge {
			day, _ := cal.AddWorkdays(s.On, max(p.Deadline(Acknowledge).N, 1))
			return day
		}
	}
	return Date{}
}

package law

import (
	"cmp"
	"slices"
)

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

// Duties that have another's number of days.
const (
	Investigate Duty = "investigate" // 调查处理, 依法处理, with its result (Art. 8 (一), (二))
	TellClient  Duty = "tell_client" // to inform the client besides (Art. 8 ¶2)
	AskClient   Duty = "ask_client"  // to decide whether to inform it, and to do so or say why not (R8.10)
)

// dutyRow is one row of the table of duties: what a unit owes once a report has reached it, or once it has decided a category.
type dutyRow struct {
	party  bool // on the Party's track, whoever has it
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
	{of: InternalDirect, duty: Investigate, act: Perform, waive: true, cite: item8(1)},
	{of: JudicialOfficer, duty: Investigate, act: Perform, waive: true, cite: item8(2)},
	{of: InternalDirect, duty: TellClient, tells: true, act: Perform, waive: true, cite: art(8, 2)},
	{of: JudicialOfficer, duty: TellClient, tells: true, act: Perform, waive: true, cite: art(8, 2)},
	{of: ClientOrgan, duty: Letters, act: Perform, waive: true, cite: item8(3)},
	{of: OtherOrgan, duty: Letters, act: Perform, waive: true, cite: item8(4)},
	{of: OtherOrgan, duty: TellClient, tells: true, act: Perform, waive: true, cite: art(8, 2)},
	{of: Individual, duty: Letters, tells: true, act: Perform, waive: true, cite: item8(5)},
	{party: true, duty: Acknowledge, act: Accept, cite: reading(7, 2, "R5.7")},
	{party: true, duty: PartyDuty, act: Discipline, waive: true, cite: art(7, 2)},
}

// at reports whether the row is about units of that level.
func (r dutyRow) at(l Level, party bool) bool {
	return r.party == party && (party || r.inside == (l == Institution))
}

// asks is the duty that takes the place of one to tell the client where the officer decides whether it is told (R8.10).
func (r dutyRow) asks() Duty {
	if r.tells {
		return AskClient
	}
	return r.duty
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
var counted = map[Duty]Duty{TellClient: Letters, AskClient: Letters, Investigate: Handling}

// counts is the duty whose number of days a row has.
func (r dutyRow) counts() Duty { return cmp.Or(counted[r.duty], r.duty) }

func (p Policy) deadlineOf(r dutyRow) Deadline { return p.Deadline(r.counts()) }

// Tasks are all duties of a matter, by due date, those of one day in the order of Art. 8, closing last. What a unit left undone
// when it closed is no longer owed, nor is telling a client who turns out to be implicated; what was done stays.
func Tasks(p Policy, cal Calendar, m Matter) []Task {
	var out []Task
	for _, a := range m.reached() {
		done := m.by(a.Unit)
		since := decided(done)
		for _, r := range m.table() {
			if !r.at(a.Level, m.Party) || !matches(r.when, m.Facts) {
				continue
			}
			from, on := -1, a.On
			if i, ok := since[r.of]; ok {
				from, on = i, done[i].On
			} else if r.of != 0 {
				continue
			}
			if r.counts() == Handling { // runs from the arrival, whatever is decided when
				on = a.On
			}
			due, _ := p.deadlineOf(r).Due(cal, on)
			for _, d := range r.shapes() {
				t := r.task(d, a.Unit)
				t.Due = due
				if n := m.settle(r, &t, done, from); r.counts() == Handling {
					t.Due = p.extended(cal, done[:n], due)
				}
				if m.owes(r, d, since) && !m.over(a.Unit) || !t.Open() {
					out = append(out, t)
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b Task) int {
		return cmp.Or(a.Due.Compare(b.Due), last(a)-last(b), cmp.Compare(a.Category, b.Category), cmp.Compare(a.Key, b.Key))
	})
	return out
}

// last is 1 for closing, which comes after all else of its day.
func last(t Task) int {
	if t.Duty == Handling {
		return 1
	}
	return 0
}

// shapes are the forms that a row's duty may take: to tell the client, and to decide whether to.
func (r dutyRow) shapes() []Duty {
	if r.tells {
		return []Duty{r.duty, AskClient}
	}
	return []Duty{r.duty}
}

// owes reports whether a row is owed in that shape.
func (m Matter) owes(r dutyRow, d Duty, since map[Category]int) bool {
	switch {
	case !r.tells:
		return true
	case d == AskClient:
		return m.telling(since) == mayTell
	}
	return m.telling(since) == mustTell
}

// extended is the last day of a period that was extended while it ran; it is extended once.
func (p Policy) extended(cal Calendar, done []Step, due Date) Date {
	for _, s := range done {
		if s.Kind == Extend && !due.Before(s.On) {
			due, _ = p.Deadline(Extension).Due(cal, due)
			break
		}
	}
	return due
}

func (r dutyRow) task(d Duty, u UnitID) Task {
	t := Task{Key: string(d) + "/" + string(u), Duty: d, Unit: u, Category: r.of, Cite: r.cite}
	if r.of != 0 {
		t.Key += "/" + r.of.String()
	}
	return t
}

// settle notes what was done about a task. What was performed stays performed even if its category was dropped and decided
// again meanwhile; a waiver was about the decision then in force and counts only after from, the step the duty rests on; so does
// handing over, of what was owed at that moment. It returns how many steps there were by then.
func (m Matter) settle(r dutyRow, t *Task, done []Step, from int) int {
	for i, s := range done {
		waived := s.Kind == Waive && r.waive && s.Task == t.Key && i > from
		handed := s.Kind == Transfer && m.owes(r, t.Duty, decided(done[:i])) && (r.of == JudicialOfficer && i > from || r.duty == Handling && ended(done[:i+1]))
		if waived || handed || s.Kind == r.act && (r.act != Perform || s.Task == t.Key) {
			t.Done, t.Waived = s.On, waived
			return i
		}
	}
	return len(done)
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

// MayTell are the categories decided by a unit of which it still has to decide whether the client is told, because the client is no
// 司法机关 or 行政执法机关, or its kind is not known (R8.10). Sorted, each once.
func MayTell(m Matter, u UnitID) []Category {
	var out []Category
	for _, t := range Tasks(Policy{}, Calendar{}, m) {
		if t.Unit == u && t.Duty == AskClient && t.Open() {
			out = append(out, t.Category)
		}
	}
	slices.Sort(out)
	return out
}

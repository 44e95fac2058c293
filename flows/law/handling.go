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

// Tasks are all duties of a matter, by due date.
func Tasks(p Policy, cal Calendar, m Matter) []Task {
	var out []Task
	for _, a := range m.Arrivals {
		add := func(d Duty, from Date, c Category, cite Cite) {
			due, _ := p.Deadline(basis(d)).Due(cal, from)
			key := string(d) + "/" + string(a.Unit)
			if c != 0 {
				key += "/" + c.String()
			}
			t := Task{Key: key, Duty: d, Unit: a.Unit, Category: c, Due: due, Cite: cite}
			m.settle(&t)
			out = append(out, t)
		}
		row := func(d Duty) { add(d, a.On, 0, p.Deadline(d).Cite) }
		row(Acknowledge)
		if a.Level == Institution {
			if m.external() {
				row(ForwardAuthority)
			}
			if m.internal() {
				row(InstitutionDecide)
			}
			continue
		}
		row(CategoriseDuty)
		row(Handling)
		m.demanded(a, add)
	}
	slices.SortStableFunc(out, func(a, b Task) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Key, b.Key))
	})
	return out
}

// Categorise and Perform count their days as the table of deadlines has them.
func basis(d Duty) Duty {
	if d == TellClient {
		return Letters
	}
	return d
}

// demanded are the tasks that the categories decided by a unit bring: what Art. 8 says is done, and telling the client in (一),
// (二) and (四). A client who is implicated is never told (R8.7): no task arises.
func (m Matter) demanded(a Arrival, add func(Duty, Date, Category, Cite)) {
	s, ok := m.last(Categorise, a.Unit)
	if !ok {
		return
	}
	for _, c := range s.Categories {
		if c == ClientOrgan || c == OtherOrgan || c == Individual {
			add(Letters, s.On, c, c.Cite())
		}
		if c.TellsClient() && !m.Facts.Client {
			add(TellClient, s.On, c, art(8, 2))
		}
	}
}

// settle notes what was done about a task.
func (m Matter) settle(t *Task) {
	for _, s := range m.Steps {
		if s.Unit != t.Unit || !t.Open() {
			continue
		}
		switch {
		case s.Kind == Waive && s.Task == t.Key:
			t.Done, t.Waived = s.On, true
		case s.Kind == Perform && s.Task == t.Key, s.Kind == doneBy[t.Duty]:
			t.Done = s.On
		}
	}
}

// doneBy says which act discharges a duty; what a category demands is discharged by Perform with the task's key.
var doneBy = map[Duty]ActKind{
	Acknowledge: Accept, ForwardAuthority: Pass, InstitutionDecide: Decide, CategoriseDuty: Categorise, Handling: Close,
}

// external and internal: Art. 6 tells the institution's own people from everybody else; a report may name both (R6.3).
func (m Matter) external() bool {
	f := m.Facts
	return f.Client || f.Litigant || f.Other || f.Superior || f.OfficerImplicated || f.LeadImplicated
}

func (m Matter) internal() bool { return m.Facts.InternalImplicated || m.Facts.HeadImplicated }

func (m Matter) last(k ActKind, u UnitID) (Step, bool) {
	for _, s := range slices.Backward(m.Steps) {
		if s.Kind == k && s.Unit == u {
			return s, true
		}
	}
	return Step{}, false
}

func (m Matter) did(k ActKind, u UnitID) bool {
	_, ok := m.last(k, u)
	return ok
}

// May lists what the handlers of a unit may do now, in the order it is offered.
func May(p Policy, cal Calendar, m Matter, u UnitID) []ActKind {
	i := slices.IndexFunc(m.Arrivals, func(a Arrival) bool { return a.Unit == u })
	if i < 0 || m.did(Close, u) {
		return nil
	}
	if !m.did(Accept, u) {
		return []ActKind{Accept}
	}
	var out []ActKind
	open := 0
	for _, t := range Tasks(p, cal, m) {
		if t.Unit != u || !t.Open() || t.Duty == Handling {
			continue
		}
		open++
		switch k, ok := doneBy[t.Duty]; {
		case !ok && !slices.Contains(out, Perform):
			out = append(out, Perform)
		case ok:
			out = append(out, k)
		}
	}
	if m.did(Categorise, u) {
		out = append(out, Categorise) // it may be changed, with a reason (R8.9)
	}
	out = append(out, Ask)
	if open > 0 {
		return append(out, Waive)
	}
	return append(out, Close)
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

// Stands says how far a matter has come, and by when the next news is due; the day is zero once it is closed.
func Stands(p Policy, cal Calendar, m Matter) (Standing, Date) {
	closed, accepted, under := len(m.Arrivals) > 0, false, false
	for _, a := range m.Arrivals {
		closed = closed && m.did(Close, a.Unit)
	}
	for _, s := range m.Steps {
		accepted = accepted || s.Kind == Accept
		under = under || s.Unit != "" && s.Kind != Accept
	}
	if closed {
		return Closed, Date{}
	}
	var next Date
	for _, t := range Tasks(p, cal, m) {
		if t.Open() && (next.IsZero() || t.Due.Before(next)) {
			next = t.Due
		}
	}
	switch {
	case under:
		return UnderWay, next
	case accepted:
		return Accepted, next
	}
	return Delivered, next
}

// MayReporter lists what the reporter may do: always add; remind when something is overdue and no reminder was made in the last
// working days; go to the authority when the institution is overdue and the authority has not got it (R5.8).
func MayReporter(p Policy, cal Calendar, m Matter, today Date) []ActKind {
	out := []ActKind{Reply}
	late, lateInside := false, false
	for _, t := range Tasks(p, cal, m) {
		if t.Open() && t.Due.Before(today) {
			late = true
			lateInside = lateInside || m.level(t.Unit) == Institution
		}
	}
	if s, ok := m.last(Urge, ""); late && (!ok || !today.Before(m.again(p, cal, s.On))) {
		out = append(out, Urge)
	}
	if lateInside && !slices.ContainsFunc(m.Arrivals, func(a Arrival) bool { return a.Level != Institution }) {
		out = append(out, Appeal)
	}
	return out
}

func (m Matter) again(p Policy, cal Calendar, from Date) Date {
	day, _ := cal.AddWorkdays(from, p.Deadline(Acknowledge).N)
	return day
}

func (m Matter) level(u UnitID) Level {
	for _, a := range m.Arrivals {
		if a.Unit == u {
			return a.Level
		}
	}
	return 0
}

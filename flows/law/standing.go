package law

import "slices"

// Standing is how far a report has come, in the reporter's words (R8.12, E10).
type Standing uint8

// The standings.
const (
	Delivered Standing = iota + 1 // 已送达
	Accepted                      // 已受理
	UnderWay                      // 处理中
	Closed                        // 已办结
	Waiting                       // 暂存: nobody may have it today
)

var standingNames = []string{"", "delivered", "accepted", "under_way", "closed", "waiting"}

// String is the standing's stable identifier.
func (s Standing) String() string { return name(standingNames, s) }

// Stands says how far a matter has come, and by when the next news is due; the day is zero once it is closed. It is closed
// when every unit has closed; an institution that has done all it owes need not, once an organ has the report. Of what nobody has
// got the next news is due when it would have had to be taken up.
func Stands(p Policy, cal Calendar, m Matter) (Standing, Date) {
	waits := m.waits(p, cal)
	switch {
	case len(m.Arrivals) == 0:
		next, _ := p.Deadline(Acknowledge).Due(cal, m.Made)
		return Waiting, next
	case len(waits) == 0:
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
	if m.Nobody {
		at = Waiting
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
		if through := !w.open && a.Level == Institution && m.atOrgan(); !through && !m.over(a.Unit) {
			out = append(out, w)
		}
	}
	return out
}

// MayReporter lists what the reporter may do: always add; remind when something is overdue and no reminder was made in the last
// working days, as many as an acknowledgement may take; go to the authority, once, when the institution is overdue and no organ
// has the report (R5.8), or when it has given reasons for not reporting to the authority what Art. 6 has it report. On the Party's own track there is nothing for them to do: they speak to those who have the report itself.
func MayReporter(p Policy, cal Calendar, m Matter, today Date) []ActKind {
	if m.Party {
		return nil
	}
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
	if (lateInside || m.withheld(p, cal)) && !m.atOrgan() && !has(mine, Appeal) {
		out = append(out, Appeal)
	}
	return out
}

// withheld reports whether the institution has waived reporting to its authority: nobody above it would ever hear of the report.
func (m Matter) withheld(p Policy, cal Calendar) bool {
	return slices.ContainsFunc(Tasks(p, cal, m), func(t Task) bool { return t.Duty == ForwardAuthority && t.Waived })
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

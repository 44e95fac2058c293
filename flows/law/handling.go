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
	Take       ActKind = "take"       // 由我接办: another handler becomes the owner
	Extend     ActKind = "extend"     // 延长办理期限, once, with the reason
	Transfer   ActKind = "transfer"   // 移送 to the organ where the person works (Art. 8 (二))
	Discipline ActKind = "discipline" // 依规依纪处理, on the Party's own track (Art. 7 ¶2)
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
	By         PersonID
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
	Party      bool   // the Party's own track beside the report, with its own duties and its own end (Art. 7 ¶2, R7.2)
	Made       Date   // the day on which it was handed in
	Nobody     bool   // it reached somebody, and nobody may have it today
	Arrivals   []Arrival
	Steps      []Step
}

// reached are the units that have the report, each once, from the first day it was there.
func (m Matter) reached() []Arrival {
	out := slices.SortedFunc(slices.Values(m.Arrivals), func(a, b Arrival) int {
		return cmp.Or(cmp.Compare(a.Unit, b.Unit), a.On.Compare(b.On), cmp.Compare(b.Level, a.Level))
	})
	return slices.CompactFunc(out, func(a, b Arrival) bool { return a.Unit == b.Unit })
}

// by are the steps of a unit, "" for the reporter's. Nothing counts after the one that ends its work; on the Party's track nothing
// after the one that ends it for all.
func (m Matter) by(u UnitID) []Step {
	var out []Step
	others := map[UnitID][]Step{}
	for _, s := range m.Steps {
		switch {
		case s.Unit == u:
			out = append(out, s)
			if ended(out) {
				return out
			}
		case m.Party:
			others[s.Unit] = append(others[s.Unit], s)
			if ended(others[s.Unit]) {
				return out
			}
		}
	}
	return out
}

// ended reports whether the last of a unit's steps ends its work: it closes, or hands a report to the organ where the only
// people concerned work, so that nothing is left to it (Art. 8 (二)).
func ended(done []Step) bool {
	if len(done) == 0 {
		return false
	}
	switch done[len(done)-1].Kind {
	case Close:
		return true
	case Transfer:
		since := decided(done)
		_, theirs := since[JudicialOfficer]
		return theirs && len(since) == 1
	default:
		return false
	}
}

// over reports whether nothing is owed by a unit any more. The Party's track is over for all as soon as one has dealt with it: the
// Party organisation, or the organ in its place.
func (m Matter) over(u UnitID) bool {
	return ended(m.by(u)) || m.Party && slices.ContainsFunc(m.Arrivals, func(a Arrival) bool { return ended(m.by(a.Unit)) })
}

// Ended reports whether a unit has done with a matter.
func Ended(m Matter, u UnitID) bool { return ended(m.by(u)) }

// Owner is the handler of a unit who took a matter up, or took it over since (承办人); "" before.
func Owner(m Matter, u UnitID) (owner PersonID) {
	for _, s := range m.by(u) {
		if s.Kind == Accept || s.Kind == Take {
			owner = s.By
		}
	}
	return owner
}

func has(done []Step, k ActKind) bool {
	return slices.ContainsFunc(done, func(s Step) bool { return s.Kind == k })
}

// atOrgan reports whether any organ has the report.
func (m Matter) atOrgan() bool {
	return slices.ContainsFunc(m.Arrivals, func(a Arrival) bool { return a.Level.organ() })
}

// May lists what the handlers of a unit may do, in the order it is offered: first what is owed, by due date. Nothing before it is
// accepted, nothing after it is closed; it is closed when all else is done or waived (R8.11). [MayNow] is what one of them may
// do on a day.
func May(p Policy, cal Calendar, m Matter, u UnitID) []ActKind {
	reached, done := m.reached(), m.by(u)
	i := slices.IndexFunc(reached, func(a Arrival) bool { return a.Unit == u })
	switch {
	case i < 0 || m.over(u):
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
	return append(append(out, m.rights(reached[i].Level, done, out)...), last)
}

// rights are what a unit may do that it need not, as far as it is not owed already.
func (m Matter) rights(at Level, done []Step, owed []ActKind) []ActKind {
	var out []ActKind
	if at == Institution && m.mayPass(done) && !slices.Contains(owed, Pass) {
		out = append(out, Pass)
	}
	if m.mayTransfer(done) {
		out = append(out, Transfer)
	}
	if has(done, Categorise) {
		out = append(out, Categorise) // it may be changed, with a reason (R8.9)
	}
	if !m.Party {
		out = append(out, Ask)
	}
	out = append(out, Take)
	if at.organ() && !m.Party && !m.Complaint && !has(done, Extend) {
		out = append(out, Extend)
	}
	return out
}

// MayNow is what one handler of a unit may do on a day: nobody takes over what is theirs, and a period that is over is not
// extended.
func MayNow(p Policy, cal Calendar, m Matter, u UnitID, who PersonID, today Date) []ActKind {
	over := slices.ContainsFunc(Tasks(p, cal, m), func(t Task) bool {
		return t.Unit == u && t.Duty == Handling && t.Due.Before(today)
	})
	return slices.DeleteFunc(May(p, cal, m, u), func(k ActKind) bool {
		return k == Take && Owner(m, u) == who || k == Extend && over
	})
}

func discharges(t Task) ActKind {
	rows := slices.Concat(dutyTable, complaintTable)
	i := slices.IndexFunc(rows, func(r dutyRow) bool { return (r.duty == t.Duty || r.asks() == t.Duty) && r.of == t.Category })
	return rows[i].act
}

// mayPass reports whether the institution may report to the authority what it need not, as long as the authority has not got it.
func (m Matter) mayPass(done []Step) bool {
	return !m.Party && !m.atOrgan() && !has(done, Pass) && slices.ContainsFunc(passTable, func(r passRow) bool { return matches(r.when, m.Facts) })
}

// mayTransfer reports whether category (二) is in force and was not handed over since: whoever works at another organ is dealt
// with there (Art. 8 (二), R8.2).
func (m Matter) mayTransfer(done []Step) bool {
	from, theirs := decided(done)[JudicialOfficer]
	return theirs && !slices.ContainsFunc(done[from:], func(s Step) bool { return s.Kind == Transfer })
}

package law

import "slices"

// Ground is one of the three grounds of Art. 11.
type Ground uint8

// The grounds.
const (
	NotTruthful Ground = iota + 1 // （一）鉴定人未如实记录、报告
	ToldNotTo                     // （二）负责人授意不记录、报告或者不如实记录、报告
	OtherBreach                   // （三）其他违反本规定的情形
)

var groundNames = []string{"", "not_truthful", "told_not_to", "other_breach"}

// String is the ground's stable identifier.
func (g Ground) String() string { return name(groundNames, g) }

// ParseGround is the ground with that identifier.
func ParseGround(s string) (Ground, bool) { return parse[Ground](groundNames, s) }

// groundRow says to whom a ground applies, and whether an entry on it is one of 不记录或者不如实记录、报告.
type groundRow struct {
	ground     Ground
	roles      []Role
	counts     bool // false: only where the officer marks it as such (R11.3)
	retaliates bool // retaliation can be it: it breaks Art. 9, and is neither of the others
	cite       Cite
}

var groundTable = []groundRow{
	{ground: NotTruthful, roles: []Role{Appraiser}, counts: true, cite: item11(1)},
	{ground: ToldNotTo, roles: []Role{Head}, counts: true, cite: item11(2)},
	{ground: OtherBreach, roles: []Role{Appraiser, Staff, Head, Receiver, Archivist}, retaliates: true, cite: item11(3)},
}

// Grounds are those that can apply to somebody who holds, or held, these roles in an institution, in the order of Art. 11.
func Grounds(roles []Role) []Ground {
	var out []Ground
	for _, r := range groundTable {
		if slices.ContainsFunc(r.roles, func(x Role) bool { return slices.Contains(roles, x) }) {
			out = append(out, r.ground)
		}
	}
	return out
}

// Cite is the item of Art. 11.
func (g Ground) Cite() Cite { return g.row().cite }

// Marked reports whether the officer has to say if an entry on this ground is one of 不记录或者不如实记录、报告.
func (g Ground) Marked() bool { return g == OtherBreach }

// Retaliates reports whether the ground can be that somebody retaliated against whoever recorded or reported, as a complaint says
// (Arts. 9, 11). It is none of 不记录或者不如实记录、报告 then.
func (g Ground) Retaliates() bool { return g.row().retaliates }

func (g Ground) row() groundRow {
	for _, r := range groundTable {
		if r.ground == g {
			return r
		}
	}
	return groundRow{}
}

// MeasureKind is one thing done in a proceeding under Art. 11. Measures are stored for decades: never rename one.
type MeasureKind string

// The measures.
const (
	OrderCorrection MeasureKind = "order"    // 责令改正, with a date
	StateDefence    MeasureKind = "defence"  // 陈述申辩, by the person
	NoteCorrection  MeasureKind = "correct"  // 改正情况, by the person
	EnterFile       MeasureKind = "enter"    // 记入诚信档案
	DoNotEnter      MeasureKind = "no_entry" // 不予记入
	LiftOrder       MeasureKind = "lift"     // 撤销责令改正: it should not have been made
	WithdrawEntry   MeasureKind = "withdraw" // 撤销记入: the entry stays visible and counts no more
	Admonish        MeasureKind = "admonish" // 训诫、通报批评
)

// Party is who takes a measure.
type Party uint8

// The parties.
const (
	Organ   Party = iota + 1 // an officer of the supervising authority
	Subject                  // the person whom it is about
)

// Stage is how far a proceeding has come.
type Stage uint8

// The stages. The zero value is that nothing was ordered.
const (
	NotOrdered Stage = iota
	Ordered          // 已责令改正
	Entered          // 已记入诚信档案
	NotEntered       // 不予记入
	Lifted           // 已撤销责令改正
	Withdrawn        // 已撤销记入
)

var stageNames = []string{"none", "ordered", "entered", "not_entered", "lifted", "withdrawn"}

// String is the stage's stable identifier.
func (s Stage) String() string { return stageNames[s] }

// Taken is a measure as far as the law asks. The dates of an order are fixed in it, so that numbers changed later change
// nothing of what was lawful then.
type Taken struct {
	Kind    MeasureKind
	On      Date
	Due     Date // OrderCorrection: the last day for correcting
	Defence Date // OrderCorrection: the last day for stating a defence
}

// measureRow is one row of the table of measures: who may take it, at which stage, and where it leads.
type measureRow struct {
	kind  MeasureKind
	by    Party
	from  []Stage
	to    Stage
	ripe  bool // only once the correction date is over and the person was heard or had time to be
	again bool // only for a second counted entry, once
	cite  Cite
}

// measureTable follows Art. 11: nothing is entered that was not ordered to be corrected before (R11.2), and nobody is entered
// unheard (R11.4).
var measureTable = []measureRow{
	{kind: OrderCorrection, by: Organ, from: []Stage{NotOrdered}, to: Ordered, cite: art(11, 0)},
	{kind: StateDefence, by: Subject, from: []Stage{Ordered}, to: Ordered, cite: reading(11, 0, "R11.4")},
	{kind: NoteCorrection, by: Subject, from: []Stage{Ordered, Entered}, cite: reading(11, 0, "R11.4")},
	{kind: EnterFile, by: Organ, from: []Stage{Ordered}, to: Entered, ripe: true, cite: art(11, 0)},
	{kind: DoNotEnter, by: Organ, from: []Stage{Ordered}, to: NotEntered, ripe: true, cite: reading(11, 0, "R11.4")},
	{kind: LiftOrder, by: Organ, from: []Stage{Ordered}, to: Lifted, cite: reading(11, 0, "R11.4")},
	{kind: Admonish, by: Organ, from: []Stage{Entered}, again: true, cite: reading(11, 0, "AM-16")},
	{kind: WithdrawEntry, by: Organ, from: []Stage{Entered}, to: Withdrawn, cite: reading(11, 0, "R11.4")},
}

// Proceeding is one case under Art. 11 as the law sees it: derived from its measures, never stored.
type Proceeding struct {
	Stage     Stage
	Due       Date // of the correction
	Defence   Date // the last day of the defence
	Heard     bool // the person has stated a defence
	Corrected bool // the person has stated a correction
	Admonished,
	Decided Date // zero until then
}

// Proceed derives a proceeding. A measure that could not be taken when it was taken counts for nothing.
func Proceed(measures []Taken) Proceeding {
	var p Proceeding
	for _, m := range measures {
		for _, r := range measureTable {
			if r.kind != m.Kind || !r.allowed(p, m.On, Repeated) || m.Kind == OrderCorrection && !m.dated() {
				continue
			}
			p.take(r, m)
		}
	}
	return p
}

func (p *Proceeding) take(r measureRow, m Taken) {
	switch m.Kind {
	case OrderCorrection:
		p.Due, p.Defence = m.Due, m.Defence
	case StateDefence:
		p.Heard = true
	case NoteCorrection:
		p.Corrected = true
	case Admonish:
		p.Admonished = m.On
	case EnterFile, DoNotEnter, LiftOrder, WithdrawEntry:
		p.Decided = m.On
	}
	if r.to != NotOrdered {
		p.Stage = r.to
	}
}

// dated: an order leaves at least the next day for correcting and for a defence.
func (m Taken) dated() bool { return m.On.Before(m.Due) && m.On.Before(m.Defence) }

// Ripe is the first day on which it can be decided whether something is entered: after the correction date, and after the
// person was heard or the time for it is over.
func (p Proceeding) Ripe() Date {
	last := p.Due
	if !p.Heard && last.Before(p.Defence) {
		last = p.Defence
	}
	return last.AddDays(1)
}

// Repeated is from which counted entry on a person is admonished: 两次以上 includes two (AM-16).
const Repeated = 2

// allowed: nth is the entry's place among the person's counted ones.
func (r measureRow) allowed(p Proceeding, today Date, nth int) bool {
	switch {
	case !slices.Contains(r.from, p.Stage), r.ripe && today.Before(p.Ripe()):
		return false
	case r.again:
		return nth >= Repeated && p.Admonished.IsZero()
	}
	return true
}

// MayTake lists what a party may do today. nth is the place of this proceeding's entry among the person's entries that count,
// 1 for the first, 0 when it does not count.
func (p Proceeding) MayTake(by Party, today Date, nth int) []MeasureKind {
	var out []MeasureKind
	for _, r := range measureTable {
		if r.by == by && r.allowed(p, today, nth) {
			out = append(out, r.kind)
		}
	}
	return out
}

// Counts reports whether a proceeding is one of 两次以上不记录或者不如实记录、报告: entered, not withdrawn, and on a ground that is
// one, or marked as one (R11.3).
func (p Proceeding) Counts(g Ground, marked bool) bool {
	return p.Stage == Entered && (g.row().counts || g.Marked() && marked)
}

// longestOrder is how many days at most an order leaves.
const longestOrder = 366

// OrderDates are the days that an order made on a day proposes for correcting and sets for the defence.
func OrderDates(p Policy, cal Calendar, on Date) (due, defence Date) {
	due, _ = p.Deadline(CorrectionDue).Due(cal, on)
	defence, _ = p.Deadline(DefenceDue).Due(cal, on)
	next, _ := cal.AddWorkdays(on, 1) // whatever the policy says, nobody is to answer the same day
	if due.Before(next) {
		due = next
	}
	if defence.Before(next) {
		defence = next
	}
	return due, defence
}

// Sets reports whether an order made on a day may set these days: a later one for correcting, within a year, and the policy's
// for the defence.
func Sets(p Policy, cal Calendar, on, due, defence Date) bool {
	_, want := OrderDates(p, cal, on)
	return on.Before(due) && !on.AddDays(longestOrder).Before(due) && defence == want
}

// Suspect reports whether a signer's entry is missing for so long that the authority is asked to look (R11.2). Whoever has
// filed, however late, is not suspected: lateness alone is nothing (R11.5).
func Suspect(p Policy, cal Calendar, closed, today Date, filed bool) bool {
	if filed || !Owes(closed) {
		return false
	}
	day, _ := p.Deadline(MissingHint).Due(cal, closed)
	return !today.Before(day)
}

package law

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Whom is who gets a report at a step of the ladder.
type Whom uint8

// The rungs.
const (
	UnitHead  Whom = iota + 1 // the head of the institution whose duty is overdue
	UnitLead                  // the leader of the organ whose duty is overdue
	NextOrgan                 // those who receive at the next organ above it
)

var (
	whomNames = []string{"", "head", "lead", "organ"}
	whomWords = []string{"", "机构负责人", "机关负责人", "上一级机关的接收人"}
)

// String is the rung's stable identifier.
func (w Whom) String() string { return name(whomNames, w) }

// heads are the roles of those rungs that stay within the unit.
var heads = map[Whom]Role{UnitHead: Head, UnitLead: OfficerLead}

// ladderRow is one row of the ladder: so long after the last day of an undone duty, the report goes to somebody else besides.
type ladderRow struct {
	levels []Level // of the unit whose duty it is
	step   Duty    // the deadline, from the last day of the duty
	to     Whom
	cite   Cite
}

var organLevels = []Level{Authority, SuperiorAuthority}

// ladder follows Arts. 6 and 7: whoever does not report or handle in time does not keep others from doing so. The Party's
// track does not pass the head: it goes from the Party organisation to the authority.
var ladder = []ladderRow{
	{[]Level{Institution}, OverdueHead, UnitHead, art(7, 1)},
	{[]Level{Institution, PartyOrganisation}, OverdueAuthority, NextOrgan, reading(6, 0, "R6.2")},
	{organLevels, OverdueLead, UnitLead, art(8, 0)},
	{organLevels, OverdueSuperior, NextOrgan, reading(8, 0, "R5.5")},
}

// Rung is a step of the ladder that has come for a unit.
type Rung struct {
	Step  Duty // its deadline
	To    Whom
	Unit  UnitID // whose duty is undone
	Level Level  // of that unit
	Since Date   // the last day of the duty longest overdue
	Cite  Cite
}

// Rungs are the steps of the ladder that have come by a day, unit by unit from the lowest rung up. A unit that has nothing
// overdue has none; a report that is at an organ already does not go there again because of the institution.
func Rungs(p Policy, cal Calendar, m Matter, today Date) []Rung {
	var out []Rung
	since := map[UnitID]Date{}
	for _, t := range Tasks(p, cal, m) { // by due date
		if _, have := since[t.Unit]; t.Open() && !have && t.Due.Before(today) {
			since[t.Unit] = t.Due
		}
	}
	for _, a := range m.reached() {
		due, late := since[a.Unit]
		for _, r := range ladder {
			on, _ := p.Deadline(r.step).Due(cal, due)
			if !late || !slices.Contains(r.levels, a.Level) || today.Before(on) || !a.Level.organ() && r.to == NextOrgan && m.atOrgan() {
				continue
			}
			out = append(out, Rung{r.step, r.to, a.Unit, a.Level, due, r.cite})
		}
	}
	return out
}

// Raise is who gets a report at a rung: nobody implicated or excluded, nobody led by them, not the reporter, and never anybody
// of an institution that the report passes by. Whoever stands on the rung and may not have it is passed over; then nobody
// gets it at this rung, and the next one comes on its own day. Facts, implicated and channel are those of [Route].
func Raise(dir Directory, institution UnitID, f Facts, implicated []PersonID, reporter PersonID, c Channel, r Rung) (Stop, bool) {
	x := newRoute(dir, institution, Complete(dir, institution, f, implicated), implicated, reporter, c)
	if c == ToAuthority && r.Unit == institution {
		return Stop{}, false
	}
	if role, within := heads[r.To]; within {
		return x.headOf(r, role)
	}
	if way := dir.Way(r.Unit); len(way) > 1 {
		x.way = way[1:]
		return x.from(Authority, r.Cite)
	}
	return Stop{}, false
}

// headOf is the stop of a unit's own head, if they can be reached and may have it.
func (x route) headOf(r Rung, role Role) (Stop, bool) {
	got := Set{}
	for _, m := range x.dir.In(r.Unit) {
		if eligibleAs(m, x.denied, role) && x.bound.Has(m.ID) {
			got[m.ID] = struct{}{}
		}
	}
	return Stop{Unit: r.Unit, Level: r.Level, Recipients: slices.Sorted(maps.Keys(got)), Cite: r.Cite}, len(got) > 0
}

// RouteParty is who gets the Party's own track of a report about a Party member (Art. 7 ¶2): the Party organisation of the
// institution; where nobody of it may have it, and where the report passes the institution by, the organ that the report may
// go to, which handles the track or says why not. Nobody implicated is among them, the Party's secretary no more than anybody.
func RouteParty(p Policy, dir Directory, institution UnitID, f Facts, implicated []PersonID, reporter PersonID, chosen Channel) (Stop, bool) {
	f = Complete(dir, institution, f, implicated)
	c := channel(p, f, chosen)
	x := newRoute(dir, institution, f, implicated, reporter, c)
	if c == ToAuthority {
		s, ok := x.from(Authority, art(7, 2))
		return s, ok
	}
	if len(x.way) > 0 && x.way[0].Unit == institution {
		x.way[0].Level = PartyOrganisation
	}
	s, ok := x.from(Institution, art(7, 2))
	if s.Climbed {
		s.Cite = art(7, 2)
	}
	return s, ok
}

// Transferred is who gets a report that an organ hands to the one where an officer named in it works (Art. 8 (二)): those who
// receive there, without that officer and whoever they lead; the organ above it when its leader is implicated or nobody there
// may have it (AM-15, R5.5).
func Transferred(dir Directory, institution UnitID, f Facts, implicated []PersonID, reporter PersonID, c Channel, organ UnitID) (Stop, bool) {
	x := newRoute(dir, institution, Complete(dir, institution, f, implicated), implicated, reporter, c)
	if u, ok := dir.Unit(organ); !ok || u.Kind != AuthorityUnit {
		return Stop{}, false
	}
	supervises := x.way
	x.way = dir.Way(organ)
	s, ok := x.from(Authority, item8(2))
	for _, p := range supervises { // where it stands to the institution, not to the organ that it came to
		if p.Unit == s.Unit {
			s.Level = p.Level
		}
	}
	return s, ok
}

// Workplaces are the organs where people named in a report work, sorted.
func Workplaces(dir Directory, implicated []PersonID) []UnitID {
	named, out := NewSet(implicated...), []UnitID{}
	for _, m := range dir.Members {
		if u, _ := dir.Unit(m.Unit); u.Kind == AuthorityUnit && named.Has(m.ID) && !m.Left {
			out = append(out, m.Unit)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func explainLadder(p Policy) string {
	var b strings.Builder
	b.WriteString("五、逾期的阶梯（每一级只送一次；送达的人与此前的接收人一并办理）\n\n")
	for i, r := range ladder {
		var where []string
		for _, l := range r.levels {
			where = append(where, levelWords[l])
		}
		fmt.Fprintf(&b, "%d. %s逾期：送%s\n   期限：%s\n   依据：%s\n", i+1, strings.Join(where, "、"), whomWords[r.to], p.Deadline(r.step).when(), r.cite)
	}
	b.WriteString("被指为干预人的、由其领导的、其他不得接收的，以及报告人本人，在任何一级都不接收，由下一级按期接收。\n")
	b.WriteString("越过机构的报告，逾期也不送回机构。机构逾期时机关已经收到的，不再送。\n")
	return b.String()
}

var levelWords = map[Level]string{Institution: "鉴定机构", Authority: "主管机关", SuperiorAuthority: "上级机关", PartyOrganisation: "机构党组织"}

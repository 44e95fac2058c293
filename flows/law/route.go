package law

import (
	"maps"
	"slices"
)

// Eligible is the one door: whether a member may receive or open a report at a level. denied holds everybody excluded and the
// reporter; a nil set means that nobody looked, and then nobody passes. Reachability is another question.
func Eligible(m Member, denied Set, level Level) bool {
	return slices.ContainsFunc(tiers, func(t tier) bool { return t.at(level) && eligibleAs(m, denied, t.role) })
}

// eligibleAs is the door for one role. Who holds it in somebody's place may not have what that one may not: whoever was appointed
// by an implicated person never receives by that appointment (R5.4).
func eligibleAs(m Member, denied Set, r Role) bool {
	if m.ID == "" || m.Left || m.Barred || denied == nil || denied.Has(m.ID) {
		return false
	}
	return m.holds(r) || slices.ContainsFunc(m.Acting, func(a Acting) bool { return a.Role == r && !denied.Has(a.For) })
}

// tier is one row of the table of recipients: at its levels, holders of the role receive unless an earlier row did.
type tier struct {
	levels []Level
	role   Role
	vacant bool // only when nobody at all holds the role of an earlier row
	says   string
	cites  []Cite
}

var tiers = []tier{
	{[]Level{Institution}, Receiver, false, "机构指定的报告接收人", []Cite{art(5, 1)}},
	{[]Level{Institution}, Head, true, "未指定报告接收人的，机构负责人", []Cite{art(5, 1), art(6, 0)}},
	{[]Level{Authority, SuperiorAuthority}, Officer, false, "机关经办人", []Cite{art(8, 0)}},
	{[]Level{Authority, SuperiorAuthority}, OfficerLead, false, "没有可以接收的经办人的，机关负责人", []Cite{art(8, 0), reading(8, 0, "AM-15")}},
	{[]Level{PartyOrganisation}, PartyLead, false, "机构党组织负责人", []Cite{art(7, 2)}},
}

func (t tier) at(l Level) bool { return slices.Contains(t.levels, l) }

// Climb says why a report went a level higher than it was addressed.
type Climb uint8

// The reasons for climbing. The zero value: it did not.
const (
	NobodyEligible Climb = iota + 1 // nobody there may receive it (R5.5)
	NobodyBound                     // those who may cannot be reached: nobody would read it
	LeaderInvolved                  // the organ's leader is implicated (AM-15)
)

var climbNames = []string{"", "nobody_eligible", "nobody_bound", "leader_involved"}

// String is the reason's stable identifier, "" for none.
func (c Climb) String() string { return name(climbNames, c) }

var climbCites = map[Climb]Cite{
	NobodyEligible: reading(5, 1, "R5.5"),
	NobodyBound:    reading(5, 1, "R5.5"),
	LeaderInvolved: reading(8, 1, "AM-15"),
}

// Stop is one unit that a report goes to.
type Stop struct {
	Unit       UnitID
	Level      Level
	Recipients []PersonID // sorted, at least one
	Unbound    bool       // nobody who may receive it anywhere can be reached: it waits for these
	Cite       Cite       // for a climbed stop, of the climb
	Climbed    bool       // it stands in for a lower one that could not receive (R5.5)
	Why        Climb      // the reason, when Climbed
}

// Routing is where a report goes and whom it must never reach.
type Routing struct {
	Channel  Channel     // the channel taken
	Cites    []Cite      // the articles the channel rests on
	Stops    []Stop      // from the institution upwards, each unit once
	Excluded []Exclusion // sorted by person; to be kept with the report for ever
	Held     bool        // nobody at any level may receive it: kept, never sent downwards
}

// route is one routing under way.
type route struct {
	dir    Directory
	way    []Place
	denied Set
	bound  Set
	led    map[UnitID]bool // organs whose leader is implicated: all their people are denied
	why    map[PersonID]Reason
}

// newRoute excludes whom the facts, as the register completes them, exclude.
func newRoute(dir Directory, institution UnitID, f Facts, implicated []PersonID, reporter PersonID, c Channel) route {
	why, led := exclusions(dir, institution, f, implicated, c)
	return route{
		dir:    dir,
		way:    dir.Way(institution),
		denied: NewSet(append(slices.Collect(maps.Keys(why)), reporter)...),
		bound:  dir.bound(),
		led:    led,
		why:    why,
	}
}

// Route says who receives a report of the institution's people (Arts. 5, 6, 10). Facts are completed from the register.
// chosen may be zero: the preselected channel. Nobody implicated, and not the reporter, is ever a recipient. A level without
// an eligible recipient who can be reached passes the report one level up; only when nobody on the whole way can be
// reached does it wait, at the lowest level, for somebody eligible; and only when nobody is eligible is it held.
func Route(p Policy, dir Directory, institution UnitID, f Facts, implicated []PersonID, reporter PersonID, chosen Channel) Routing {
	f = Complete(dir, institution, f, implicated)
	row, _ := channelRowFor(p, f)
	out := Routing{Channel: channel(p, f, chosen), Cites: slices.Clone(row.cites)}
	x := newRoute(dir, institution, f, implicated, reporter, out.Channel)
	out.Excluded = sorted(x.why)
	if out.Channel != ToAuthority {
		out.add(x.from(Institution, art(5, 1)))
	}
	if out.Channel != ToInstitution {
		out.add(x.from(Authority, row.direct))
	}
	out.Held = len(out.Stops) == 0
	return out
}

// add joins stops at the same unit; that one of them climbed there stays visible.
func (r *Routing) add(s Stop, ok bool) {
	if !ok {
		return
	}
	for i := range r.Stops {
		if r.Stops[i].Unit == s.Unit {
			return
		}
	}
	r.Stops = append(r.Stops, s)
}

// from finds the stop of a report addressed to a level.
func (x route) from(level Level, cite Cite) (Stop, bool) {
	for _, reachable := range []bool{true, false} {
		var why Climb
		for _, at := range x.way {
			if at.Level < level {
				continue
			}
			if got := x.recipients(at, reachable); len(got) > 0 {
				if why != 0 {
					cite = climbCites[why]
				}
				return Stop{at.Unit, at.Level, got, !reachable, cite, why != 0, why}, true
			}
			if why == 0 {
				why = x.obstacle(at)
			}
		}
	}
	return Stop{}, false
}

// recipients are those of a place who receive: the first row of the table that yields anybody.
func (x route) recipients(at Place, reachable bool) []PersonID {
	members, held := x.dir.In(at.Unit), false
	for _, t := range tiers {
		if !t.at(at.Level) || t.vacant && held {
			continue
		}
		got := Set{}
		for _, m := range members {
			held = held || m.Has(t.role)
			if eligibleAs(m, x.denied, t.role) && (!reachable || x.bound.Has(m.ID)) {
				got[m.ID] = struct{}{}
			}
		}
		if len(got) > 0 {
			return slices.Sorted(maps.Keys(got))
		}
	}
	return nil
}

func (x route) obstacle(at Place) Climb {
	switch {
	case x.led[at.Unit]:
		return LeaderInvolved
	case len(x.recipients(at, false)) > 0:
		return NobodyBound
	}
	return NobodyEligible
}

// Package reminders decides who is reminded of what, and when: a pure [Plan] over what the store says is owed, and a cron
// schedule that asks it. Nothing here remembers anything: a tick asks what is due now, so that a missed tick, a restart or a
// long outage ends in one message, never in none and never in a flood.
package reminders

import (
	"slices"

	"liuhen/flows/law"
)

// Owing is a closed case that lacks entries (Art. 4). It says who has not filed, never what anybody filed: whether a
// colleague's entry is a report must not show in anybody's reminders (design.md 5).
type Owing struct {
	Institution law.UnitID
	Closed      law.Date
	Missing     []law.PersonID
}

// TaskDue is the day by which somebody owes their next act about a report they hold, or under Art. 11.
type TaskDue struct {
	Person law.PersonID
	Due    law.Date
	Since  law.Date // the last day on which a duty arose of which nothing else told them; or zero
}

// Situation is all that a plan depends on.
type Situation struct {
	Today     law.Date
	Owing     []Owing
	Tasks     []TaskDue
	Directory law.Directory
	Last      map[law.PersonID]law.Date // the day of the last digest that reached a person, not after Today
	Snoozed   map[law.PersonID]bool     // asked not to be reminded today
}

// repeatAfter is after how many working days somebody is told again of what stays open when no step of the ladder tells them.
const repeatAfter = 5

// Plan lists the people who are to get today's one digest and have not yet, sorted. On days of rest there are none. Somebody
// is told when a step of the ladder has come since they were last told, and a week after that as long as anything stays open.
// Those who handle reports or decide under Art. 11 are told each working day while a duty of theirs is overdue or due by the next
// working day, and once when one has arisen by the day alone.
// Who wants no reminder today, or cannot be reached, is told on the first day on which that is over.
func Plan(s Situation, p law.Policy, cal law.Calendar) []law.PersonID {
	if work, _ := cal.IsWorkday(s.Today); !work {
		return nil
	}
	g := newGathering(s, p, cal)
	for _, o := range s.Owing {
		if law.Owes(o.Closed) {
			g.gather(o)
		}
	}
	for _, k := range s.Tasks {
		last, told := s.Last[k.Person]
		arisen := !k.Since.IsZero() && !s.Today.Before(k.Since) && (!told || last.Before(k.Since))
		if arisen || soon(s.Today, k.Due, cal) && (!told || last.Before(s.Today)) {
			g.due[k.Person] = true
		}
	}
	var out []law.PersonID
	for _, m := range s.Directory.Members {
		if !m.Left && m.Bound && g.due[m.ID] && !s.Snoozed[m.ID] {
			out = append(out, m.ID)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// rung is who is told at which steps of the ladder: those who still owe an entry at each of them, overseers from their own
// on (domain.md 3.6).
type rung struct {
	steps []law.Duty
	above bool       // of the unit above the institution rather than of the institution
	roles []law.Role // none: the signers
}

var ladder = []rung{
	{steps: []law.Duty{law.ZeroPrompt, law.ZeroRemind1, law.ZeroRemind2, law.ZeroDue, law.ZeroClerk, law.ZeroHead, law.ZeroAuthority}},
	{steps: []law.Duty{law.ZeroClerk}, roles: []law.Role{law.Archivist}},
	{steps: []law.Duty{law.ZeroHead}, roles: []law.Role{law.Head}},
	{steps: []law.Duty{law.ZeroAuthority}, above: true, roles: []law.Role{law.Officer, law.OfficerLead}},
}

// gathering is a plan in the making.
type gathering struct {
	Situation
	cal       law.Calendar
	deadlines map[law.Duty]law.Deadline
	parents   map[law.UnitID]law.UnitID
	members   map[law.UnitID][]law.Member // those who can be told
	due       map[law.PersonID]bool
}

func newGathering(s Situation, p law.Policy, cal law.Calendar) *gathering {
	g := &gathering{
		Situation: s, cal: cal, deadlines: map[law.Duty]law.Deadline{}, parents: map[law.UnitID]law.UnitID{},
		members: map[law.UnitID][]law.Member{}, due: map[law.PersonID]bool{},
	}
	for _, d := range law.Deadlines(p) {
		g.deadlines[d.Duty] = d
	}
	for _, u := range s.Directory.Units {
		g.parents[u.ID] = u.Parent
	}
	for _, m := range s.Directory.Members {
		if !m.Left && m.Bound {
			g.members[m.Unit] = append(g.members[m.Unit], m)
		}
	}
	return g
}

// gather adds whom one case calls for.
func (g *gathering) gather(o Owing) {
	for _, r := range ladder {
		step, reached := g.latest(r, o.Closed)
		if !reached {
			continue
		}
		for _, id := range g.people(r, o) {
			g.due[id] = g.due[id] || g.calls(id, step)
		}
	}
}

// latest is the last of the rung's steps that has come.
func (g *gathering) latest(r rung, closed law.Date) (step law.Date, reached bool) {
	for _, d := range r.steps {
		if day, _ := g.deadlines[d].Due(g.cal, closed); !g.Today.Before(day) {
			step, reached = day, true
		}
	}
	return step, reached
}

// people are those on a rung. Whoever oversees their own missing entry is told at the steps of its signer, which are all there are.
func (g *gathering) people(r rung, o Owing) []law.PersonID {
	if r.roles == nil {
		return o.Missing
	}
	unit := o.Institution
	if r.above {
		unit = g.parents[unit]
	}
	var out []law.PersonID
	for _, m := range g.members[unit] {
		if slices.ContainsFunc(r.roles, m.Has) {
			out = append(out, m.ID)
		}
	}
	return out
}

// calls reports whether a step that has come is news to somebody, or is to be repeated.
func (g *gathering) calls(id law.PersonID, step law.Date) bool {
	last, told := g.Last[id]
	if !told || last.Before(step) {
		return true
	}
	again, _ := g.cal.AddWorkdays(last, repeatAfter)
	return !g.Today.Before(again)
}

// soon reports whether a duty falls on today or the next working day, or is overdue.
func soon(today, due law.Date, cal law.Calendar) bool {
	next, _ := cal.AddWorkdays(today, 1)
	return !next.Before(due)
}

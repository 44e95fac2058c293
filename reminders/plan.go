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

// TaskDue is the day by which somebody who handles reports has the first of their open duties to do. Only those who may have a
// report have duties about it, so that nobody else's reminders tell of it.
type TaskDue struct {
	Person law.PersonID
	Due    law.Date
}

// Situation is all that a plan depends on.
type Situation struct {
	Today     law.Date
	Owing     []Owing
	Tasks     []TaskDue
	Directory law.Directory
	Last      map[law.PersonID]law.Date // the day of a person's last digest
	Snoozed   map[law.PersonID]bool     // asked not to be reminded today
}

// repeatAfter is after how many working days an overseer is told again of what is still open.
const repeatAfter = 5

// Plan lists the people who get today's one digest, sorted. Signers are reminded each working day until they have signed;
// archivist, head and authority are told when a case first reaches them (+5, +7, +10 working days by default) and then
// once a week. Those who handle reports are reminded when a duty of theirs is due by the next working day, or overdue. An overseer is never told of a case in which the missing entry is their own: they are reminded as its signer.
func Plan(s Situation, p law.Policy, cal law.Calendar) []law.PersonID {
	if work, _ := cal.IsWorkday(s.Today); !work {
		return nil
	}
	due := map[law.PersonID]bool{}
	for _, o := range s.Owing {
		for _, id := range o.Missing {
			if !s.Snoozed[id] {
				due[id] = true
			}
		}
		for _, id := range overseers(s, o, p, cal) {
			due[id] = true
		}
	}
	for _, k := range s.Tasks {
		if soon(s.Today, k.Due, cal) && !s.Snoozed[k.Person] {
			due[k.Person] = true
		}
	}
	out := make([]law.PersonID, 0, len(due))
	for id := range due {
		if !gone(s.Directory, id) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// rung is one step of the ladder: a role of a unit, told some working days after closing.
type rung struct {
	after law.Duty
	unit  func(law.Directory, law.UnitID) law.UnitID
	roles []law.Role
}

// ladder is the escalation of a missing entry (domain.md 3.6): the archivist, then the head, then the authority's list.
var ladder = []rung{
	{law.ZeroClerk, itself, []law.Role{law.Archivist}},
	{law.ZeroHead, itself, []law.Role{law.Head}},
	{law.ZeroAuthority, above, []law.Role{law.Officer, law.OfficerLead}},
}

func itself(_ law.Directory, u law.UnitID) law.UnitID { return u }

func above(d law.Directory, u law.UnitID) law.UnitID {
	i := slices.IndexFunc(d.Units, func(x law.Unit) bool { return x.ID == u })
	if i < 0 {
		return ""
	}
	return d.Units[i].Parent
}

func overseers(s Situation, o Owing, p law.Policy, cal law.Calendar) []law.PersonID {
	var out []law.PersonID
	for _, r := range ladder {
		reached, _ := cal.AddWorkdays(o.Closed, p.Deadline(r.after).N)
		if s.Today.Before(reached) {
			continue
		}
		unit := r.unit(s.Directory, o.Institution)
		for _, m := range s.Directory.Members {
			if m.Unit != unit || m.Left || !hasAny(m.Roles, r.roles) || onlyOwn(o, m.ID) {
				continue
			}
			if news(s, m.ID, reached, cal) {
				out = append(out, m.ID)
			}
		}
	}
	return out
}

// soon reports whether a duty falls on today or the next working day, or is overdue: its person is reminded each working day.
func soon(today, due law.Date, cal law.Calendar) bool {
	next, _ := cal.AddWorkdays(today, 1)
	return !next.Before(due)
}

// onlyOwn reports whether the only entry missing is the overseer's own.
func onlyOwn(o Owing, id law.PersonID) bool {
	return len(o.Missing) == 1 && o.Missing[0] == id
}

// news reports whether an overseer has not been told since the case reached them, or not for a week.
func news(s Situation, id law.PersonID, reached law.Date, cal law.Calendar) bool {
	last, told := s.Last[id]
	if !told || last.Before(reached) || last == s.Today {
		return true
	}
	again, _ := cal.AddWorkdays(last, repeatAfter)
	return !s.Today.Before(again)
}

func hasAny(have, want []law.Role) bool {
	return slices.ContainsFunc(want, func(r law.Role) bool { return slices.Contains(have, r) })
}

// gone reports whether a person has left everywhere.
func gone(d law.Directory, id law.PersonID) bool {
	seen, left := false, true
	for _, m := range d.Members {
		if m.ID == id {
			seen, left = true, left && m.Left
		}
	}
	return !seen || left
}

package law

import "slices"

// Substitute is a dated appointment: in those days, the first and the last included, the deputy (代理) receives and handles what
// the principal would. It confers the principal's own roles of a recipient and ends with them, with the deputy's place in the
// unit, or with its last day; nobody need do anything for that.
type Substitute struct {
	ID        string
	Unit      UnitID
	Principal PersonID
	Deputy    PersonID
	From      Date
	Until     Date
}

// LongestSubstitute is how many days an appointment may last: a longer absence needs a change of the register.
const LongestSubstitute = 183

// On reports whether the appointment holds on that day.
func (s Substitute) On(day Date) bool { return !day.Before(s.From) && !s.Until.Before(day) }

// overlaps reports whether two appointments of one principal in one unit share a day.
func (s Substitute) overlaps(o Substitute) bool {
	return s.Unit == o.Unit && s.Principal == o.Principal && !s.Until.Before(o.From) && !o.Until.Before(s.From)
}

// Acting is a role that a member holds in somebody else's place.
type Acting struct {
	Role Role
	For  PersonID
}

// Conferred are the roles that an appointment confers: those by which a report is received (Arts. 5, 8). The acting head (代理负责人)
// counts as head, for routing and for exclusion alike (AM-7).
var Conferred = []Role{Head, Receiver, Officer, OfficerLead}

// Receives reports whether the member's own roles are such that they may appoint a deputy.
func (m Member) Receives() bool { return slices.ContainsFunc(Conferred, m.holds) }

// holds reports whether the role is the member's own.
func (m Member) holds(r Role) bool { return !m.Left && slices.Contains(m.Roles, r) }

// Deputise gives the members what they hold in others' places on that day. principals are the people whose appointments count;
// they may be the members themselves. What a deputy holds for somebody cannot be passed on.
func Deputise(members, principals []Member, list []Substitute, day Date) []Member {
	out := slices.Clone(members)
	for _, s := range list {
		if !s.On(day) || s.Principal == s.Deputy {
			continue
		}
		for _, p := range principals {
			if p.ID == s.Principal && p.Unit == s.Unit {
				lend(out, p, s)
			}
		}
	}
	return out
}

func lend(members []Member, principal Member, s Substitute) {
	for i, m := range members {
		if m.ID != s.Deputy || m.Unit != s.Unit || m.Left {
			continue
		}
		for _, r := range Conferred {
			if a := (Acting{r, principal.ID}); principal.holds(r) && !slices.Contains(m.Acting, a) {
				members[i].Acting = append(slices.Clone(members[i].Acting), a)
			}
		}
	}
}

// Refusal says why an appointment cannot be made.
type Refusal uint8

// The refusals. The zero value is none.
const (
	NoRoleToLend   Refusal = iota + 1 // the principal holds no role by which reports are received
	NotOfTheUnit                      // the deputy is not of the unit, has left, cannot be reached, or is the principal
	WrongDays                         // it ends before it begins, before today, or lasts too long
	AppointedTwice                    // the principal has a deputy on one of these days
)

// MayAppoint says why an appointment cannot be made today, or zero. present are the appointments that have not ended.
func MayAppoint(dir Directory, s Substitute, present []Substitute, today Date) Refusal {
	in := func(p PersonID) (Member, bool) {
		i := slices.IndexFunc(dir.Members, func(m Member) bool { return m.ID == p && m.Unit == s.Unit && !m.Left })
		if i < 0 {
			return Member{}, false
		}
		return dir.Members[i], true
	}
	principal, there := in(s.Principal)
	deputy, known := in(s.Deputy)
	switch {
	case !there || !principal.Receives():
		return NoRoleToLend
	case !known || !deputy.Bound || s.Deputy == s.Principal:
		return NotOfTheUnit
	case s.Until.Before(s.From) || s.Until.Before(today) || s.From.AddDays(LongestSubstitute).Before(s.Until):
		return WrongDays
	case slices.ContainsFunc(present, s.overlaps):
		return AppointedTwice
	}
	return 0
}

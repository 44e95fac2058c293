package law

import "slices"

// PersonID names a person, whatever their roles, units and telephones.
type PersonID string

// UnitID names an institution or an organ.
type UnitID string

// Role is what a person does in a unit.
type Role uint8

// The roles. The zero value is none.
const (
	Appraiser   Role = iota + 1 // 鉴定人
	Staff                       // 鉴定机构其他人员
	Head                        // 鉴定机构负责人, an acting one included
	Receiver                    // 报告接收人
	Archivist                   // 档案员
	Officer                     // 机关经办人
	OfficerLead                 // 机关负责人
	PartyLead                   // 党组织负责人
	Confidant                   // 保密员 of an institution or an organ: sees who read what, never what it says
)

var roleNames = []string{"", "appraiser", "staff", "head", "receiver", "archivist", "officer", "officer_lead", "party_lead", "confidant"}

// String is the role's stable identifier.
func (r Role) String() string { return name(roleNames, r) }

// ParseRole is the role with that identifier.
func ParseRole(s string) (Role, bool) { return parse[Role](roleNames, s) }

// Kind says what a unit is.
type Kind uint8

// The kinds of units.
const (
	InstitutionUnit Kind = iota + 1 // 司法鉴定机构
	AuthorityUnit                   // 司法行政机关
)

var kindNames = []string{"", "institution", "authority"}

// String is the kind's stable identifier.
func (k Kind) String() string { return name(kindNames, k) }

// ParseKind is the kind with that identifier.
func ParseKind(s string) (Kind, bool) { return parse[Kind](kindNames, s) }

// Unit is an institution or an organ. Parent is the organ that supervises it: a city's for most institutions, the province's
// for 省直 ones; "" at the top.
type Unit struct {
	ID     UnitID
	Parent UnitID
	Kind   Kind
	Name   string
}

// Member is a person's place in one unit. A person may have several.
type Member struct {
	ID    PersonID
	Unit  UnitID
	Name  string
	Roles []Role
	Bound bool // can be reached through the bot
	Left  bool // no longer belongs to the unit

	Acting []Acting // what they hold today in others' places, see Deputise
	Barred bool     // has recused themselves from the report in question, or was excluded from it by others (R6.4)
}

// Has reports whether the member holds the role today, for themselves or in somebody's place.
func (m Member) Has(r Role) bool {
	return m.holds(r) || !m.Left && slices.ContainsFunc(m.Acting, func(a Acting) bool { return a.Role == r })
}

// Directory is the register of units and people.
type Directory struct {
	Units   []Unit
	Members []Member
}

// Unit finds a unit.
func (d Directory) Unit(id UnitID) (Unit, bool) {
	i := slices.IndexFunc(d.Units, func(u Unit) bool { return u.ID == id })
	if i < 0 {
		return Unit{}, false
	}
	return d.Units[i], true
}

// In lists the members of a unit, those who left included, in the register's order.
func (d Directory) In(id UnitID) []Member {
	var out []Member
	for _, m := range d.Members {
		if m.Unit == id {
			out = append(out, m)
		}
	}
	return out
}

// Place is a unit on a report's way up.
type Place struct {
	Unit  UnitID
	Level Level
}

// Way is the institution, its authority and the organs above, as far as the register knows them. It skips a parent that is
// not an organ (a hospital is not one, AM-7) and ends at a circle.
func (d Directory) Way(institution UnitID) []Place {
	var out []Place
	level, seen := Authority, map[UnitID]bool{}
	for id := institution; id != "" && !seen[id]; {
		seen[id] = true
		u, ok := d.Unit(id)
		switch {
		case !ok:
			return out
		case u.Kind == AuthorityUnit:
			out = append(out, Place{id, level})
			level = SuperiorAuthority
		case id == institution && u.Kind == InstitutionUnit:
			out = append(out, Place{id, Institution})
		}
		id = u.Parent
	}
	return out
}

// authority is the organ that supervises the institution, "" when the register has none.
func (d Directory) authority(institution UnitID) UnitID {
	for _, p := range d.Way(institution) {
		if p.Level == Authority {
			return p.Unit
		}
	}
	return ""
}

// bound are the people who can be reached; a telephone belongs to a person, not to a place.
func (d Directory) bound() Set {
	out := Set{}
	for _, m := range d.Members {
		if m.Bound {
			out[m.ID] = struct{}{}
		}
	}
	return out
}

// Set is a set of people.
type Set map[PersonID]struct{}

// NewSet is the set of these people, never nil.
func NewSet(ids ...PersonID) Set {
	s := make(Set, len(ids))
	for _, id := range ids {
		s[id] = struct{}{}
	}
	return s
}

// Has reports whether the person is in the set.
func (s Set) Has(id PersonID) bool {
	_, ok := s[id]
	return ok
}

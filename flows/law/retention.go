package law

import "slices"

// Retention is how long what was filed for a case is kept after its closing (Art. 4). Nothing expires by itself: after it a
// case may be disposed of, by two people, with a protocol.
const Retention Duty = "retention"

// DeedKind is one kind of thing done about the keeping of a case's entries. Deeds are stored for ever: never rename one.
type DeedKind string

// The deeds.
const (
	Hold    DeedKind = "hold"    // 暂停销毁: nothing of the case is disposed of until it is released
	Release DeedKind = "release" // 解除暂停: of a hold of one's own unit
	Propose DeedKind = "propose" // 提出销毁: the first of the two people, the archivist of the institution
	Agree   DeedKind = "agree"   // 同意销毁: the second, the leader of the authority
	Refuse  DeedKind = "refuse"  // 不同意销毁
)

// Deed is one thing done about the keeping of cases. About is the hold that is released, or the proposal that is answered.
type Deed struct {
	ID    string
	Kind  DeedKind
	Unit  UnitID
	By    PersonID
	About string
	Cases []string
}

// keepRow lets holders of a role do something about the keeping of cases: of their own unit, or of the institutions below.
type keepRow struct {
	kind  DeedKind
	role  Role
	above bool
	cite  Cite
}

var keepTable = []keepRow{
	{Hold, Archivist, false, art(4, 1)},
	{Hold, Head, false, art(4, 1)},
	{Hold, Officer, true, art(4, 1)},
	{Hold, OfficerLead, true, art(4, 1)},
	{Release, Archivist, false, art(4, 1)},
	{Release, Head, false, art(4, 1)},
	{Release, Officer, true, art(4, 1)},
	{Release, OfficerLead, true, art(4, 1)},
	{Propose, Archivist, false, art(4, 1)},
	{Agree, OfficerLead, true, art(4, 1)},
	{Refuse, OfficerLead, true, art(4, 1)},
}

// KeepsFiles lists what a member may do about the keeping of an institution's cases, in the order of the table. A unit above
// keeps those of the institutions directly below it.
func KeepsFiles(m Member, institution, parent UnitID) []DeedKind {
	var out []DeedKind
	for _, r := range keepTable {
		unit := institution
		if r.above {
			unit = parent
		}
		if unit != "" && m.Unit == unit && m.Has(r.role) && !slices.Contains(out, r.kind) {
			out = append(out, r.kind)
		}
	}
	return out
}

// Held are the holds on a case that have not been released.
func Held(deeds []Deed, caseID string) []Deed {
	var out []Deed
	for _, d := range deeds {
		if d.Kind == Hold && slices.Contains(d.Cases, caseID) && !answered(deeds, d.ID) {
			out = append(out, d)
		}
	}
	return out
}

// Proposed are the proposals that nobody has answered.
func Proposed(deeds []Deed) []Deed {
	return slices.DeleteFunc(slices.Clone(deeds), func(d Deed) bool { return d.Kind != Propose || answered(deeds, d.ID) })
}

func answered(deeds []Deed, id string) bool {
	return slices.ContainsFunc(deeds, func(d Deed) bool { return d.About == id })
}

// KeptUntil is the last day of a case's retention, zero for a case that is not closed.
func KeptUntil(p Policy, cal Calendar, closed Date) Date {
	if closed.IsZero() {
		return Date{}
	}
	day, _ := p.Deadline(Retention).Due(cal, closed)
	return day
}

// Disposable reports whether a case may be disposed of on a day: its retention is over, and nobody holds it.
func Disposable(p Policy, cal Calendar, closed Date, deeds []Deed, caseID string, today Date) bool {
	end := KeptUntil(p, cal, closed)
	return !end.IsZero() && end.Before(today) && len(Held(deeds, caseID)) == 0
}

// MayAnswer reports whether a proposal may still be agreed to or refused by somebody: it is open, and it is not their own (a
// person may hold two roles, but two people it takes).
func MayAnswer(deeds []Deed, proposal string, by PersonID) bool {
	return slices.ContainsFunc(Proposed(deeds), func(d Deed) bool { return d.ID == proposal && d.By != by })
}

// MayRelease reports whether a hold may be released for a unit: it stands, and it is the unit's own.
func MayRelease(deeds []Deed, hold string, unit UnitID) bool {
	return slices.ContainsFunc(deeds, func(d Deed) bool {
		return d.ID == hold && d.Kind == Hold && d.Unit == unit && !answered(deeds, hold)
	})
}

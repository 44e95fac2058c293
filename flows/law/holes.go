package law

import "slices"

// HoleKind says what is missing on the way of reports. Kinds stand in messages' keys: never rename one.
type HoleKind string

// The kinds, with who can mend each.
const (
	HoleAuthority   HoleKind = "authority"   // an institution without an authority; the administrator
	HoleNobody      HoleKind = "nobody"      // an institution with neither receiver nor head; the administrator
	HoleReceiver    HoleKind = "receiver"    // no receiver is designated: the head receives; the head
	HoleHeadOnly    HoleKind = "head_only"   // the only receiver is the head; the head
	HoleUnreachable HoleKind = "unreachable" // none of those who receive can be reached; the head, or the lead of an organ
	HoleHeads       HoleKind = "heads"       // several registered heads; the administrator
	HoleOfficer     HoleKind = "officer"     // an organ without officers; its lead
	HoleOneOfficer  HoleKind = "one_officer" // an organ with one person only who can receive; its lead
	HoleLead        HoleKind = "lead"        // an organ without a lead; the administrator
	HoleSuperior    HoleKind = "superior"    // an authority of institutions with no organ above; the administrator
	HoleUnconfirmed HoleKind = "unconfirmed" // somebody has not said whether they still receive; the head or the lead
	HoleDisowned    HoleKind = "disowned"    // somebody says that they receive no more, and is registered; the head or the lead
)

// holeRow says which article a way rests on that a hole of the kind endangers, and whether those of the unit can mend it.
type holeRow struct {
	kind   HoleKind
	cite   Cite
	inside bool // the head, or the lead, is told; otherwise it shows in check alone
}

var holeTable = []holeRow{
	{HoleAuthority, art(5, 2), false},
	{HoleNobody, art(5, 1), false},
	{HoleReceiver, art(5, 1), true},
	{HoleHeadOnly, reading(5, 1, "R5.5"), true},
	{HoleUnreachable, reading(5, 1, "R5.5"), true},
	{HoleHeads, art(5, 2), false},
	{HoleOfficer, art(8, 0), true},
	{HoleOneOfficer, reading(8, 0, "R5.5"), true},
	{HoleLead, reading(8, 0, "AM-15"), false},
	{HoleSuperior, reading(8, 0, "AM-15"), false},
	{HoleUnconfirmed, reading(5, 1, "R5.5"), true},
	{HoleDisowned, reading(5, 1, "R5.5"), true},
}

// Hole is something missing on the way of reports. It follows from the register and from what people said about their own roles,
// never from any report.
type Hole struct {
	Kind   HoleKind
	Unit   UnitID
	Person PersonID // HoleUnconfirmed, HoleDisowned
}

func (h Hole) row() holeRow {
	return holeTable[slices.IndexFunc(holeTable, func(r holeRow) bool { return r.kind == h.Kind })]
}

// Cite is the article that needs what is missing.
func (h Hole) Cite() Cite { return h.row().cite }

// MendedBy reports whether a member can see to it that the hole is mended.
func (h Hole) MendedBy(m Member) bool {
	return h.row().inside && m.Unit == h.Unit && (m.Has(Head) || m.Has(OfficerLead))
}

// Tenure is how long somebody has been known to receive reports for a unit.
type Tenure struct {
	Person PersonID
	Unit   UnitID
	Since  Date // the day their role began or, later, the day they last said that they still have it
	Denied bool // they said after that that they have it no more
}

// Asked reports whether they are to be asked on that day whether they still receive: when the interval is over.
func (t Tenure) Asked(p Policy, cal Calendar, today Date) bool {
	return !t.Denied && !today.Before(t.due(p, cal))
}

// Silent reports whether they were asked and have not answered in time.
func (t Tenure) Silent(p Policy, cal Calendar, today Date) bool {
	last, _ := p.Deadline(ConfirmGrace).Due(cal, t.due(p, cal))
	return !t.Denied && last.Before(today)
}

func (t Tenure) due(p Policy, cal Calendar) Date {
	day, _ := p.Deadline(ConfirmRole).Due(cal, t.Since)
	return day
}

// Holes are what is missing in a register on that day, unit by unit in its order.
func Holes(p Policy, cal Calendar, dir Directory, tenures []Tenure, today Date) []Hole {
	var out []Hole
	for _, u := range dir.Units {
		kinds := dir.organHoles(u)
		if u.Kind == InstitutionUnit {
			kinds = dir.institutionHoles(u)
		}
		for _, k := range kinds {
			out = append(out, Hole{Kind: k, Unit: u.ID})
		}
		for _, t := range tenures {
			switch {
			case t.Unit != u.ID:
			case t.Denied:
				out = append(out, Hole{HoleDisowned, u.ID, t.Person})
			case t.Silent(p, cal, today):
				out = append(out, Hole{HoleUnconfirmed, u.ID, t.Person})
			}
		}
	}
	return out
}

func (d Directory) institutionHoles(u Unit) []HoleKind {
	var out []HoleKind
	heads, receivers, others, atHead, atReceiver := 0, 0, 0, 0, 0
	for _, m := range d.In(u.ID) {
		head, receiver := m.holds(Head), m.holds(Receiver)
		heads, receivers = heads+one(head), receivers+one(receiver)
		others += one(receiver && !head)
		atHead, atReceiver = atHead+one(m.Has(Head) && d.bound().Has(m.ID)), atReceiver+one(m.Has(Receiver) && d.bound().Has(m.ID))
	}
	if d.authority(u.ID) == "" {
		out = append(out, HoleAuthority)
	}
	switch {
	case heads+receivers == 0:
		out = append(out, HoleNobody)
	case receivers == 0:
		out = append(out, HoleReceiver)
	case others == 0:
		out = append(out, HoleHeadOnly)
	}
	if heads > 1 {
		out = append(out, HoleHeads)
	}
	if receivers > 0 && atReceiver == 0 || receivers == 0 && heads > 0 && atHead == 0 { // the head stands in for nobody who is only away
		out = append(out, HoleUnreachable)
	}
	return out
}

func (d Directory) organHoles(u Unit) []HoleKind {
	var out []HoleKind
	officers, leads, reached := 0, 0, 0
	for _, m := range d.In(u.ID) {
		officers, leads = officers+one(m.holds(Officer)), leads+one(m.holds(OfficerLead))
		reached += one((m.Has(Officer) || m.Has(OfficerLead)) && d.bound().Has(m.ID))
	}
	if officers == 0 {
		out = append(out, HoleOfficer)
	}
	switch reached {
	case 0:
		out = append(out, HoleUnreachable)
	case 1:
		out = append(out, HoleOneOfficer)
	}
	if leads == 0 {
		out = append(out, HoleLead)
	}
	supervises := slices.ContainsFunc(d.Units, func(x Unit) bool { return x.Kind == InstitutionUnit && x.Parent == u.ID })
	if above, _ := d.Unit(u.Parent); supervises && above.Kind != AuthorityUnit {
		out = append(out, HoleSuperior)
	}
	return out
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

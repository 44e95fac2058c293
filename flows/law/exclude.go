package law

import (
	"maps"
	"slices"
)

// Reason says why somebody is excluded from a report for ever. A lower one outweighs a higher one.
type Reason uint8

// The reasons.
const (
	Implicated      Reason = iota + 1 // named as interferer (R5.4)
	ImplicatedHead                    // the reporter says the head interfered and this is the registered head
	ImplicatedLead                    // the same of the leader of the institution's authority (AM-15)
	LedByImplicated                   // belongs to an organ whose leader is implicated (AM-15, R8.2)
	Bypassed                          // belongs to the institution that a direct report passes by, and to an organ above (Art. 5 ¶2)
)

var reasonNames = []string{"", "implicated", "implicated_head", "implicated_lead", "led_by_implicated", "bypassed"}

// String is the reason's stable identifier.
func (r Reason) String() string { return name(reasonNames, r) }

// Exclusion is one person who never receives or sees a report.
type Exclusion struct {
	Person PersonID
	Reason Reason
}

// Complete adds to the reporter's facts what the register knows of the people named: that one of them is the head, other
// staff, an officer, or the leader of the institution's authority. It takes nothing away.
func Complete(dir Directory, institution UnitID, f Facts, implicated []PersonID) Facts {
	named, authority := NewSet(implicated...), dir.authority(institution)
	for _, m := range dir.Members {
		if !named.Has(m.ID) || m.Left {
			continue
		}
		u, _ := dir.Unit(m.Unit)
		switch {
		case m.Unit == institution && m.Has(Head):
			f.HeadImplicated = true
		case m.Unit == institution:
			f.InternalImplicated = true
		case u.Kind == AuthorityUnit:
			f.OfficerImplicated = true
			f.LeadImplicated = f.LeadImplicated || (m.Unit == authority && m.Has(OfficerLead))
		}
	}
	return f
}

// exclusions are all whom a report must never reach, by person, one reason each, and the organs whose leader is implicated.
func exclusions(dir Directory, institution UnitID, f Facts, implicated []PersonID, c Channel) (why map[PersonID]Reason, led map[UnitID]bool) {
	why = map[PersonID]Reason{}
	put := func(id PersonID, r Reason) {
		if old, ok := why[id]; !ok || r < old {
			why[id] = r
		}
	}
	for _, id := range implicated {
		put(id, Implicated)
	}
	authority := dir.authority(institution)
	for _, m := range dir.Members {
		switch {
		case f.HeadImplicated && m.Unit == institution && m.Has(Head):
			put(m.ID, ImplicatedHead)
		case f.LeadImplicated && m.Unit == authority && m.Has(OfficerLead):
			put(m.ID, ImplicatedLead)
		}
	}
	led = ledByImplicated(dir, institution, f, why)
	for _, m := range dir.Members {
		if led[m.Unit] && !m.Left {
			put(m.ID, LedByImplicated)
		}
	}
	if c == ToAuthority {
		for _, id := range dir.inBoth(institution) {
			put(id, Bypassed)
		}
	}
	return why, led
}

// ledByImplicated are the organs whose leader is implicated. Those merely led by one are not yet among them: what they
// lead elsewhere is not touched.
func ledByImplicated(dir Directory, institution UnitID, f Facts, implicated map[PersonID]Reason) map[UnitID]bool {
	out := map[UnitID]bool{}
	if a := dir.authority(institution); f.LeadImplicated && a != "" {
		out[a] = true
	}
	for _, m := range dir.Members {
		if _, ok := implicated[m.ID]; !ok || !m.Has(OfficerLead) {
			continue
		}
		if u, _ := dir.Unit(m.Unit); u.Kind == AuthorityUnit {
			out[m.Unit] = true
		}
	}
	return out
}

// inBoth are the people of the institution who also have a place in an organ.
func (d Directory) inBoth(institution UnitID) []PersonID {
	inside := Set{}
	for _, m := range d.In(institution) {
		if !m.Left {
			inside[m.ID] = struct{}{}
		}
	}
	var out []PersonID
	for _, m := range d.Members {
		if !inside.Has(m.ID) || m.Left || m.Unit == institution {
			continue
		}
		if u, _ := d.Unit(m.Unit); u.Kind == AuthorityUnit {
			out = append(out, m.ID)
		}
	}
	return out
}

// sorted lists the exclusions by person.
func sorted(why map[PersonID]Reason) []Exclusion {
	out := make([]Exclusion, 0, len(why))
	for _, id := range slices.Sorted(maps.Keys(why)) {
		out = append(out, Exclusion{id, why[id]})
	}
	return out
}

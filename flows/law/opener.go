package law

import "slices"

// Opener is the organ whose key opens what somebody filed in the sealed file of a case (Art. 4, AM-12): the lowest above the
// institution that no excluded person leads. lead says that the leader of the authority is, or may be, implicated without
// being known (AM-15). Without such an organ nobody may open it, and found is false.
func Opener(dir Directory, institution UnitID, excluded Set, lead bool) (organ UnitID, found bool) {
	for _, p := range dir.Way(institution) {
		if p.Level == Institution || lead && p.Level == Authority {
			continue
		}
		led := slices.ContainsFunc(dir.In(p.Unit), func(m Member) bool { return m.Has(OfficerLead) && excluded.Has(m.ID) })
		if !led {
			return p.Unit, true
		}
	}
	return "", false
}

package law

// The acts by which a handler no longer has a report. They are about who handles it, not about the matter: no duty arises from
// them, none is discharged, and they are possible before it is taken up and after it is closed.
const (
	Recuse  ActKind = "recuse"  // 回避: the handler's own wish
	Exclude ActKind = "exclude" // 令其回避: by the unit's head or lead, or by an organ above, with a reason
)

// StepsAside reports whether the act bars somebody from the report.
func (k ActKind) StepsAside() bool { return k == Recuse || k == Exclude }

// MayExclude reports whether somebody who holds a report by their place in a unit at a level may exclude another handler of it:
// as head or lead one of their own unit, as an organ those below (R6.4). Deputies of a head or lead may, as they would.
func MayExclude(by Member, at Level, unit UnitID, level Level) bool {
	if by.Unit == unit {
		return by.Has(Head) || by.Has(OfficerLead)
	}
	return at.Above(level)
}

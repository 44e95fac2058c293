package law

import "slices"

// Nobody signs for another (Art. 4, R4.10). Where a signer has left, died or is away for long, the case gets a 缺签说明 instead:
// the head and the archivist of the institution give it together, each of their own free will (AM-21). It says why an entry is
// missing, never what it would have said, and ends the moment the signer signs after all.

// AbsenceKind is one thing done about a 缺签说明. They are stored for ever: never rename one.
type AbsenceKind string

// The kinds.
const (
	ProposeAbsence  AbsenceKind = "propose"  // 提出: by the first of the two people
	AgreeAbsence    AbsenceKind = "agree"    // 同意: by the second; from now on it stands
	RefuseAbsence   AbsenceKind = "refuse"   // 不同意
	WithdrawAbsence AbsenceKind = "withdraw" // 撤回: of a proposal, or of one that stands; the entry is demanded again
)

// AbsenceReason is why somebody has not signed. They are stored for ever: never rename one.
type AbsenceReason string

// The reasons.
const (
	ReasonLeft  AbsenceReason = "left"  // 离职
	ReasonDead  AbsenceReason = "dead"  // 死亡
	ReasonAway  AbsenceReason = "away"  // 长期离岗
	ReasonOther AbsenceReason = "other" // 其他
)

// reasonRow says of whom a reason can be given. Whoever is still in the register is neither gone nor dead for anybody who reads it:
// the register is corrected first, by somebody else than the two.
type reasonRow struct {
	reason  AbsenceReason
	gone    bool // of somebody the register says has left
	present bool // of somebody still there, once their entry is overdue
	cite    Cite
}

var reasonTable = []reasonRow{
	{ReasonLeft, true, false, reading(4, 0, "AM-21")},
	{ReasonDead, true, false, reading(4, 0, "AM-21")},
	{ReasonAway, false, true, reading(4, 0, "AM-21")},
	{ReasonOther, true, true, reading(4, 0, "AM-21")},
}

// Side is one of the two for whom somebody speaks in a 缺签说明.
type Side string

// The sides.
const (
	HeadSide  Side = "head"  // 机构负责人
	ClerkSide Side = "clerk" // 档案员
)

// other is the opposite side.
func (s Side) other() Side {
	if s == HeadSide {
		return ClerkSide
	}
	return HeadSide
}

// sideRow lets holders of a role speak for a side.
type sideRow struct {
	side  Side
	role  Role
	above bool // of the authority, when nobody of the institution can
	cite  Cite
}

var sideTable = []sideRow{
	{HeadSide, Head, false, reading(4, 0, "AM-21")},
	{ClerkSide, Archivist, false, reading(4, 0, "AM-21")},
	{HeadSide, OfficerLead, true, reading(4, 0, "AM-21")},
	{HeadSide, Officer, true, reading(4, 0, "AM-21")},
	{ClerkSide, OfficerLead, true, reading(4, 0, "AM-21")},
	{ClerkSide, Officer, true, reading(4, 0, "AM-21")},
}

// withdrawTable says who may end a 缺签说明 alone: it only brings the demand back.
var withdrawTable = []sideRow{
	{HeadSide, Head, false, reading(4, 0, "R4.10")},
	{ClerkSide, Archivist, false, reading(4, 0, "R4.10")},
	{HeadSide, OfficerLead, true, reading(4, 0, "R4.10")},
	{HeadSide, Officer, true, reading(4, 0, "R4.10")},
}

// AbsenceDeed is one thing done about a 缺签说明. About is the proposal that is answered or withdrawn.
type AbsenceDeed struct {
	ID     string
	Kind   AbsenceKind
	Unit   UnitID // of whoever did it
	By     PersonID
	Side   Side // for which they speak; "" when it is withdrawn
	About  string
	Case   string
	Signer PersonID
	Reason AbsenceReason // of the proposal
}

// Absentee is a signer's entry that a case lacks, as far as the law asks.
type Absentee struct {
	Person      PersonID
	Institution UnitID
	Authority   UnitID
	Head        bool // is, or was, a head of the institution
	Gone        bool // the register says that they have left
	Closed      Date // of the case
	Filed       bool
	Colleagues  []Member // of the institution today
}

// Reasons are those that can be given on a day, none when there can be no 缺签说明: the case is closed and owes entries, this one
// is missing, and its signer has left or is overdue with it.
func (a Absentee) Reasons(p Policy, cal Calendar, today Date) []AbsenceReason {
	if a.Filed || !Owes(a.Closed) || today.Before(a.Closed) {
		return nil
	}
	due, _ := p.Deadline(ZeroDue).Due(cal, a.Closed)
	var out []AbsenceReason
	for _, r := range reasonTable {
		if a.Gone && r.gone || !a.Gone && r.present && due.Before(today) {
			out = append(out, r.reason)
		}
	}
	return out
}

// Speaks reports whether a member may speak for a side; taken is who speaks for the other one already, "" for nobody. Nobody speaks
// about themselves or for both; where the head is the one missing, or a side has nobody of the institution left, the authority does.
func (a Absentee) Speaks(m Member, side Side, taken PersonID) bool {
	if m.Left || m.ID == a.Person || m.ID == taken {
		return false
	}
	return slices.ContainsFunc(sideTable, func(r sideRow) bool {
		switch {
		case r.side != side || !m.Has(r.role):
			return false
		case r.above:
			return a.Authority != "" && m.Unit == a.Authority && a.vacant(side, taken)
		}
		return m.Unit == a.Institution && !a.beyond(side)
	})
}

// beyond reports whether nobody of the institution may speak for a side: nobody below a head says why the head has not signed.
func (a Absentee) beyond(side Side) bool { return side == HeadSide && a.Head }

// vacant reports whether nobody of the institution is left to speak for a side.
func (a Absentee) vacant(side Side, taken PersonID) bool {
	return a.beyond(side) || !slices.ContainsFunc(a.Colleagues, func(m Member) bool {
		return m.Unit == a.Institution && m.ID != a.Person && m.ID != taken && slices.ContainsFunc(sideTable, func(r sideRow) bool {
			return r.side == side && !r.above && m.Has(r.role)
		})
	})
}

// Proposes is the side for which a member may propose, "" for none.
func (a Absentee) Proposes(m Member) Side {
	for _, s := range []Side{HeadSide, ClerkSide} {
		if a.Speaks(m, s, "") {
			return s
		}
	}
	return ""
}

// Answers is the side for which a member may agree to a proposal or refuse it, "" for none: the other one, and another person.
func (a Absentee) Answers(m Member, proposal AbsenceDeed) Side {
	if s := proposal.Side.other(); a.Speaks(m, s, proposal.By) {
		return s
	}
	return ""
}

// Withdraws reports whether a member may withdraw a 缺签说明 or its proposal.
func (a Absentee) Withdraws(m Member) bool {
	return !m.Left && m.ID != a.Person && slices.ContainsFunc(withdrawTable, func(r sideRow) bool {
		unit := a.Institution
		if r.above {
			unit = a.Authority
		}
		return unit != "" && m.Unit == unit && m.Has(r.role)
	})
}

// AbsenceStage is how far a 缺签说明 has come.
type AbsenceStage uint8

// The stages. The zero value is that it was refused or withdrawn, or never proposed.
const (
	AbsenceOver     AbsenceStage = iota
	AbsenceProposed              // one of the two has spoken
	AbsenceNoted                 // both have
)

// AbsenceOf derives the stage of a proposal from the deeds in their order. What could not be done when it was done counts for nothing;
// a proposal is there before whatever is about it, also where a clock that was set back says otherwise.
func AbsenceOf(deeds []AbsenceDeed, proposal string) AbsenceStage {
	stage := AbsenceOver
	if slices.ContainsFunc(deeds, func(d AbsenceDeed) bool { return d.ID == proposal && d.Kind == ProposeAbsence }) {
		stage = AbsenceProposed
	}
	for _, d := range deeds {
		switch {
		case d.About != proposal:
		case d.Kind == AgreeAbsence && stage == AbsenceProposed:
			stage = AbsenceNoted
		case d.Kind == RefuseAbsence && stage == AbsenceProposed, d.Kind == WithdrawAbsence:
			stage = AbsenceOver
		}
	}
	return stage
}

// Absent is the proposal for a signer of a case that is open or stands, if there is one.
func Absent(deeds []AbsenceDeed, caseID string, signer PersonID) (proposal AbsenceDeed, stage AbsenceStage) {
	for _, d := range deeds {
		if d.Kind == ProposeAbsence && d.Case == caseID && d.Signer == signer {
			if s := AbsenceOf(deeds, d.ID); s != AbsenceOver {
				return d, s
			}
		}
	}
	return AbsenceDeed{}, AbsenceOver
}

package law

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Stranger is what a report says of an interferer who is on no list that its reporter had: the people of other cities are on none.
type Stranger struct {
	Words string // as the reporter wrote it; "" when there is no such person
	Lead  bool   // an officer who leads their organ, or may
}

// Offer is an organ to which another may hand a report (Art. 8 (二), R8.2).
type Offer struct {
	Organ   UnitID
	Name    string
	Evident bool       // somebody named in the report works there, or the report names it
	Out     []PersonID // who is there or above it, and is not to have it although no box names them; see [Namesakes]
	To      UnitID     // where it would arrive: there or above; "" when nobody may have it
}

// Namesakes are those at an organ, and above it, who are called as the report says, and where a stranger may lead their organ the leads
// of that organ: what is unclear means excluded. Whom a box names is excluded anyway.
func Namesakes(dir Directory, organ UnitID, s Stranger) (out []PersonID) {
	if s.Words == "" {
		return nil
	}
	for _, p := range dir.Way(organ) {
		for _, m := range dir.In(p.Unit) {
			if !m.Left && (s.names(m.Name) || s.Lead && p.Unit == organ && m.Has(OfficerLead)) {
				out = append(out, m.ID)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (s Stranger) names(who string) bool {
	return utf8.RuneCountInString(who) > 1 && strings.Contains(s.Words, who)
}

// Handed is who gets a report that is handed to an organ, as [Transferred] has it, and whom the report names there in words alone.
func Handed(dir Directory, institution UnitID, implicated []PersonID, reporter PersonID, c Channel, organ UnitID, s Stranger) (Stop, []PersonID, bool) {
	out := Namesakes(dir, organ, s)
	stop, ok := Transferred(dir, institution, Facts{}, slices.Concat(implicated, out), reporter, c, organ)
	return stop, out, ok
}

// OwnStaff reports whether all whom a report names among officers work at a unit: then it is for that unit (Art. 8 (二)).
func OwnStaff(dir Directory, implicated []PersonID, unit UnitID, s Stranger) bool {
	at := Workplaces(dir, implicated)
	return len(at) == 1 && at[0] == unit && strings.TrimSpace(s.Words) == ""
}

// Offers are the organs to which a unit may hand a report, all that the register has: the evident ones first, then those above the
// unit, those beside it, and the rest, by name. Where nobody is named and nobody's leader is in
// question, only whether anybody receives there is asked.
func Offers(dir Directory, institution UnitID, implicated []PersonID, reporter PersonID, c Channel, from UnitID, s Stranger) []Offer {
	if OwnStaff(dir, implicated, from, s) {
		return nil
	}
	named := map[UnitID]bool{}
	for _, u := range Workplaces(dir, implicated) {
		named[u] = true
	}
	for _, m := range dir.Members {
		named[m.Unit] = named[m.Unit] || !m.Left && s.names(m.Name)
	}
	receives := dir.receives(NewSet(append(slices.Clone(implicated), reporter)...))
	rank := map[UnitID]int{}
	var out []Offer
	for _, u := range dir.Units {
		if u.Kind != AuthorityUnit || u.ID == from {
			continue
		}
		o := Offer{Organ: u.ID, Name: u.Name, Evident: named[u.ID] || s.names(u.Name)}
		if o.Evident || s.Lead {
			var stop Stop
			stop, o.Out, _ = Handed(dir, institution, implicated, reporter, c, u.ID, s)
			o.To = stop.Unit
		} else {
			o.To = dir.firstOn(u.ID, receives)
		}
		rank[u.ID] = o.rank(dir, from)
		out = append(out, o)
	}
	slices.SortFunc(out, func(a, b Offer) int {
		return cmp.Or(cmp.Compare(rank[a.Organ], rank[b.Organ]), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Organ, b.Organ))
	})
	return out
}

// rank is where an offer stands in the list.
func (o Offer) rank(dir Directory, from UnitID) int {
	there, _ := dir.Unit(o.Organ)
	here, _ := dir.Unit(from)
	switch {
	case o.Evident:
		return 0
	case slices.ContainsFunc(dir.Way(from), func(p Place) bool { return p.Unit == o.Organ }):
		return 1
	case here.Parent != "" && there.Parent == here.Parent:
		return 2
	}
	return 3
}

// receives are the organs at which somebody may receive.
func (d Directory) receives(denied Set) map[UnitID]bool {
	out := map[UnitID]bool{}
	for _, m := range d.Members {
		out[m.Unit] = out[m.Unit] || Eligible(m, denied, Authority)
	}
	return out
}

func (d Directory) firstOn(organ UnitID, receives map[UnitID]bool) UnitID {
	for _, p := range d.Way(organ) {
		if receives[p.Unit] {
			return p.Unit
		}
	}
	return ""
}

func explainOffers() string {
	var b strings.Builder
	b.WriteString("移送（第八条第一款第（二）项）：经办人确定属于该项的，可以移送名册中的任何其他司法行政机关。依次列出：报告写明的人或者单位所在的机关；上级机关；同级机关；其他机关。\n")
	fmt.Fprintf(&b, "接收机关及其上级机关中，与报告用文字写明的人姓名相同的，不接收；写明或者不清楚是否为机关负责人的，该机关负责人及其领导的人不接收，由上一级机关接收（%s）。\n", reading(8, 1, "AM-15"))
	b.WriteString("该机关及其上级机关没有可以接收的人的，或者名册中没有该机关的，在系统外移送，并登记机关名称、文号和日期；登记后本机关的该项义务完成。\n")
	return b.String()
}

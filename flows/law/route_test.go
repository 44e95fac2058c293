package law

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// the people of the small world: an institution, its authority and one above
var (
	units = []Unit{
		{"所", "市", InstitutionUnit, "某某司法鉴定所"},
		{"市", "省", AuthorityUnit, "某某市司法局"},
		{"省", "", AuthorityUnit, "某某省司法厅"},
		{"直", "省", InstitutionUnit, "省直某某司法鉴定中心"},
	}
	head     = Member{ID: "所长", Unit: "所", Roles: []Role{Head, Appraiser}, Bound: true}
	receiver = Member{ID: "接收人", Unit: "所", Roles: []Role{Receiver}, Bound: true}
	deputy   = Member{ID: "副接收人", Unit: "所", Roles: []Role{Receiver, Staff}, Bound: true}
	reporter = Member{ID: "张三", Unit: "所", Roles: []Role{Appraiser}, Bound: true}
	officer  = Member{ID: "经办人", Unit: "市", Roles: []Role{Officer}, Bound: true}
	second   = Member{ID: "另一经办人", Unit: "市", Roles: []Role{Officer}, Bound: true}
	leader   = Member{ID: "局长", Unit: "市", Roles: []Role{OfficerLead}, Bound: true}
	above    = Member{ID: "厅经办人", Unit: "省", Roles: []Role{Officer}, Bound: true}
)

func directory(members ...Member) Directory { return Directory{units, append(members, reporter)} }

func (m Member) left() Member          { m.Left = true; return m }
func (m Member) unbound() Member       { m.Bound = false; return m }
func (m Member) with(r ...Role) Member { m.Roles = append(slices.Clone(m.Roles), r...); return m }
func (m Member) at(u UnitID) Member    { m.Unit = u; return m }

// show writes a routing in one line: unit: recipients [reason]; …
func show(r Routing) string {
	if r.Held {
		return "held"
	}
	var parts []string
	for _, s := range r.Stops {
		var names []string
		for _, id := range s.Recipients {
			names = append(names, string(id))
		}
		line := string(s.Unit) + ":" + strings.Join(names, ",")
		if s.Climbed {
			line += " " + s.Why.String()
		}
		if s.Unbound {
			line += " waits"
		}
		parts = append(parts, line)
	}
	return strings.Join(parts, "; ")
}

func TestRoute(t *testing.T) {
	full := directory(head, receiver, deputy, officer, second, leader, above)
	external, byHead := Facts{Litigant: true}, Facts{HeadImplicated: true}
	serious := Facts{InternalImplicated: true, Serious: Yes}
	for _, c := range []struct {
		name    string
		dir     Directory
		f       Facts
		named   []PersonID
		who     PersonID
		chosen  Channel
		policy  string
		want    string
		article string // of the first stop
	}{
		{"R5.1 external person", full, external, nil, "张三", 0, "", "所:副接收人,接收人", "第五条第一款"},
		{"R5.1 nobody designated: the head", directory(head, officer), external, nil, "张三", 0, "", "所:所长", "第五条第一款"},
		{"R5.1 the receiver left: the head", directory(head, receiver.left(), officer), external, nil, "张三", 0, "", "所:所长", ""},
		{"R5.2 head named", full, Facts{}, []PersonID{"所长"}, "张三", 0, "", "市:另一经办人,经办人", "第五条第二款"},
		{"R5.2 head not on the list", full, byHead, nil, "张三", ToAuthority, "", "市:另一经办人,经办人", "第五条第二款"},
		{"R5.2 head named, institution by choice", full, Facts{}, []PersonID{"所长"}, "张三", ToInstitution, "", "所:副接收人,接收人", "第五条第一款"},
		{"R5.2 head not on the list is the only receiver", directory(head.with(Receiver), officer), byHead, nil, "张三", ToInstitution, "", "市:经办人 nobody_eligible", "第五条第一款（解读 R5.5）"},
		{"R5.3 serious", full, serious, []PersonID{"接收人"}, "张三", 0, "", "市:另一经办人,经办人", "第五条第三款"},
		{"R5.3 serious, both", full, serious, []PersonID{"接收人"}, "张三", ToBoth, "", "所:副接收人; 市:另一经办人,经办人", "第五条第一款"},
		{"R5.4 head and officer", full, Facts{}, []PersonID{"所长", "经办人"}, "张三", 0, "", "市:另一经办人", ""},
		{"R5.4 head and the only officer, no leader", directory(head, officer, above), Facts{}, []PersonID{"所长", "经办人"}, "张三", 0, "", "省:厅经办人 nobody_eligible", "第五条第一款（解读 R5.5）"},
		{"R5.5 the head is the only receiver", directory(head.with(Receiver), officer), Facts{}, []PersonID{"所长"}, "张三", ToInstitution, "", "市:经办人 nobody_eligible", ""},
		{"R5.5 the reporter is the only receiver", directory(head, receiver, officer), external, nil, "接收人", 0, "", "市:经办人 nobody_eligible", ""},
		{"R5.5 the only receiver is unbound", directory(head, receiver.unbound(), officer), external, nil, "张三", 0, "", "市:经办人 nobody_bound", ""},
		{"R5.5 one of two is unbound", directory(receiver, deputy.unbound(), officer), external, nil, "张三", 0, "", "所:接收人", ""},
		{"R5.5 nobody at all is bound", directory(receiver.unbound(), officer.unbound()), external, nil, "张三", 0, "", "所:接收人 waits", "第五条第一款"},
		{"R5.6 Guangdong, external person", full, external, nil, "张三", 0, Guangdong2022, "所:副接收人,接收人; 市:另一经办人,经办人", ""},
		{"R5.6 Guangdong, the institution alone is not enough", full, byHead, nil, "张三", ToInstitution, Guangdong2022, "所:副接收人,接收人; 市:另一经办人,经办人", ""},
		{"R5.6 Guangdong, both meet at the authority", directory(officer), external, nil, "张三", 0, Guangdong2022, "市:经办人 nobody_eligible", ""},
		{"R6.4 one receiver implicated: the other", full, Facts{}, []PersonID{"接收人"}, "张三", 0, "", "所:副接收人", ""},
		{"R6.4 all receivers implicated: the organ", directory(head, receiver, officer), Facts{}, []PersonID{"接收人"}, "张三", 0, "", "市:经办人 nobody_eligible", ""},
		{"AM-7 hospital leader", full, Facts{Superior: true}, nil, "张三", 0, "", "市:另一经办人,经办人", "第五条第二款（解读 AM-7）"},
		{"AM-8 unsure whether serious", full, Facts{InternalImplicated: true, Serious: Unsure}, nil, "张三", 0, "", "所:副接收人,接收人", ""},
		{"AM-15 the organ's officers are gone: its leader", directory(head, officer.left(), leader, above), byHead, nil, "张三", 0, "", "市:局长", "第五条第二款"},
		{"AM-15 leader named", full, byHead, []PersonID{"局长"}, "张三", 0, "", "省:厅经办人 leader_involved", "第八条第一款（解读 AM-15）"},
		{"AM-15 leader not on the list", full, Facts{HeadImplicated: true, LeadImplicated: true}, nil, "张三", 0, "", "省:厅经办人 leader_involved", ""},
		{"AM-15 leader named, external: the institution has it", full, Facts{}, []PersonID{"局长"}, "张三", 0, "", "所:副接收人,接收人", ""},
		{"AM-15 a subordinate with a place above", directory(head, leader, officer, officer.at("省")), byHead, []PersonID{"局长"}, "张三", 0, "", "held", ""},
		{"AM-15 a subordinate leads the organ above: its officers are not led by the implicated", directory(leader, officer, officer.at("省").with(OfficerLead), above), byHead, []PersonID{"局长"}, "张三", 0, "", "省:厅经办人 leader_involved", ""},
		{"AM-15 an officer without colleagues leads above: the reason stays true", Directory{append([]Unit{{"所", "县", InstitutionUnit, ""}, {"县", "市", AuthorityUnit, ""}}, units[1:]...), []Member{officer, leader.at("外"), officer.at("县").with(OfficerLead), above}}, byHead, []PersonID{"经办人"}, "张三", 0, "", "省:厅经办人 leader_involved", ""},
		{"AM-15 the leader above is named: its officers are out, too", directory(receiver, above, leader.at("省")), byHead, []PersonID{"局长"}, "张三", 0, "", "held", ""},
		{"AM-15 leader left before", directory(officer, leader.left()), byHead, []PersonID{"局长"}, "张三", 0, "", "市:经办人", ""},
		{"alias: the head is also an officer", directory(head, head.at("市").with(Officer), above), Facts{}, []PersonID{"所长"}, "张三", 0, "", "省:厅经办人 nobody_eligible", ""},
		{"alias: a direct report passes by whoever is in both", directory(head, receiver, receiver.at("市").with(Officer), second), byHead, nil, "张三", 0, "", "市:另一经办人", ""},
		{"held: never downwards", directory(receiver, officer), byHead, []PersonID{"经办人"}, "张三", 0, "", "held", ""},
		{"an unknown institution", Directory{}, external, nil, "张三", 0, "", "held", ""},
	} {
		p := Policy{Name: c.policy}
		got := Route(p, c.dir, "所", c.f, c.named, c.who, c.chosen)
		if show(got) != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, show(got), c.want)
		}
		if c.article != "" && (len(got.Stops) == 0 || got.Stops[0].Cite.String() != c.article) {
			t.Errorf("%s: cites %v, want %s", c.name, got.Stops, c.article)
		}
	}
}

// TestProvincialInstitution: a 省直 institution stands directly under the province (R13.6).
func TestProvincialInstitution(t *testing.T) {
	dir := directory(head.at("直"), receiver.at("直"), officer, above)
	got := Route(Policy{}, dir, "直", Facts{HeadImplicated: true}, nil, "张三", 0)
	if show(got) != "省:厅经办人" || got.Stops[0].Level != Authority {
		t.Errorf("%s at %v", show(got), got.Stops)
	}
	if got := Route(Policy{}, dir, "直", Facts{Client: true}, nil, "张三", 0); show(got) != "直:接收人" {
		t.Error(show(got))
	}
}

// TestOrganAsInstitution: somebody of an organ reports to the organ itself.
func TestOrganAsInstitution(t *testing.T) {
	got := Route(Policy{}, directory(officer, second, above), "市", Facts{Litigant: true}, nil, "经办人", 0)
	if show(got) != "市:另一经办人" {
		t.Error(show(got))
	}
}

func TestWay(t *testing.T) {
	hospital := []Unit{{"所", "医院", InstitutionUnit, ""}, {"医院", "市", InstitutionUnit, ""}, {"市", "所", AuthorityUnit, ""}}
	for want, c := range map[string]struct {
		dir  Directory
		from UnitID
	}{
		"[{所 institution} {市 authority} {省 superior_authority}]": {directory(), "所"},
		"[{直 institution} {省 authority}]":                        {directory(), "直"},
		"[{所 institution} {市 authority}]":                        {Directory{Units: hospital}, "所"}, // AM-7, and a circle
		"[]":                                                     {directory(), "无"},
	} {
		if got := fmt.Sprint(c.dir.Way(c.from)); got != want {
			t.Errorf("%s: %s, want %s", c.from, got, want)
		}
	}
}

func TestExclusions(t *testing.T) {
	dir := directory(head, receiver, officer, leader, above, receiver.at("省").with(Officer))
	got := Route(Policy{}, dir, "所", Facts{HeadImplicated: true}, []PersonID{"局长", "外人"}, "张三", 0).Excluded
	want := []Exclusion{{"外人", Implicated}, {"局长", Implicated}, {"所长", ImplicatedHead}, {"接收人", Bypassed}, {"经办人", LedByImplicated}}
	slices.SortFunc(want, func(a, b Exclusion) int { return strings.Compare(string(a.Person), string(b.Person)) })
	if !slices.Equal(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
	got = Route(Policy{}, directory(receiver, receiver.at("市").with(Officer).left()), "所", Facts{}, nil, "张三", ToAuthority).Excluded
	if len(got) != 0 {
		t.Errorf("excluded for a place given up: %v", got)
	}
	got = Route(Policy{}, directory(officer, leader), "所", Facts{LeadImplicated: true}, nil, "张三", 0).Excluded
	if len(got) != 2 || got[0].Reason+got[1].Reason != ImplicatedLead+LedByImplicated {
		t.Errorf("leader not on the list: %v", got)
	}
	if slices.ContainsFunc(got, func(e Exclusion) bool { return e.Person == "张三" }) {
		t.Error("the reporter is excluded from their own report")
	}
}

func TestEligible(t *testing.T) {
	for _, c := range []struct {
		name   string
		m      Member
		denied Set
		level  Level
		want   bool
	}{
		{"receiver", receiver, NewSet(), Institution, true},
		{"receiver, but nobody looked at the exclusions", receiver, nil, Institution, false},
		{"implicated", receiver, NewSet("接收人"), Institution, false},
		{"left", receiver.left(), NewSet(), Institution, false},
		{"nobody", Member{Roles: []Role{Receiver}}, NewSet(), Institution, false},
		{"receiver above", receiver, NewSet(), Authority, false},
		{"no level", receiver, NewSet(), 0, false},
		{"an unknown level", officer, NewSet(), 9, false},
		{"officer", officer, NewSet(), Authority, true},
		{"officer above", officer, NewSet(), SuperiorAuthority, true},
		{"officer below", officer, NewSet(), Institution, false},
		{"leader", leader, NewSet(), Authority, true},
		{"head", head, NewSet(), Institution, true},
		{"appraiser", reporter, NewSet(), Institution, false},
		{"staff, archivist, Party", Member{ID: "李四", Roles: []Role{Staff, Archivist, PartyLead}}, NewSet(), Institution, false},
		{"unbound", receiver.unbound(), NewSet(), Institution, true},
	} {
		if got := Eligible(c.m, c.denied, c.level); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestComplete(t *testing.T) {
	dir := directory(head, receiver, officer, leader, above.with(OfficerLead), deputy.left())
	for _, c := range []struct {
		named PersonID
		want  Facts
	}{
		{"所长", Facts{HeadImplicated: true}},
		{"接收人", Facts{InternalImplicated: true}},
		{"经办人", Facts{OfficerImplicated: true}},
		{"局长", Facts{OfficerImplicated: true, LeadImplicated: true}},
		{"厅经办人", Facts{OfficerImplicated: true}},
		{"副接收人", Facts{}},
		{"外人", Facts{}},
	} {
		if got := Complete(dir, "所", Facts{}, []PersonID{c.named}); got != c.want {
			t.Errorf("%s: %+v", c.named, got)
		}
		all := Facts{HeadImplicated: true, Client: true, Serious: Yes}
		if got := Complete(dir, "所", all, []PersonID{c.named}); !got.HeadImplicated || !got.Client || got.Serious != Yes {
			t.Errorf("%s: a fact was taken away: %+v", c.named, got)
		}
	}
}

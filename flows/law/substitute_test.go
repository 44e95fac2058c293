package law

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var (
	day1 = Date{2026, time.December, 1}
	day5 = Date{2026, time.December, 5}
)

// acting is the small register on a day on which somebody of a unit acts for another one.
func acting(unit UnitID, principal, deputy PersonID, day Date) Directory {
	dir := Directory{Units: units, Members: []Member{head, receiver, officer, leader, above}}
	dir.Members = append(dir.Members, Member{ID: deputy, Unit: unit, Name: string(deputy), Roles: []Role{Staff}, Bound: true})
	dir.Members = Deputise(dir.Members, dir.Members, []Substitute{{Unit: unit, Principal: principal, Deputy: deputy, From: day1, Until: day5}}, day)
	return dir
}

// TestDeputyReceivesInHisDays: the first and the last day count, no other does, and both the principal and the deputy receive.
func TestDeputyReceivesInHisDays(t *testing.T) {
	for day, want := range map[Date]bool{
		day1.AddDays(-1): false, day1: true, day1.AddDays(2): true, day5: true, day5.AddDays(1): false,
	} {
		r := Route(Policy{}, acting("所", "接收人", "代理人", day), "所", Facts{}, nil, "张三", ToInstitution)
		if got := recipients(r); got.Has("代理人") != want || !got.Has("接收人") {
			t.Errorf("%v: %v", day, r.Stops)
		}
	}
}

// TestDeputyOfTheImplicated: by an appointment nobody gets what the one who made it may not have: named as interferer, reporting
// themselves, recused or excluded. It climbs instead (R5.4, R5.5).
func TestDeputyOfTheImplicated(t *testing.T) {
	dir := acting("所", "接收人", "代理人", day1)
	barred := dir
	barred.Members = slices.Clone(dir.Members)
	for i, m := range barred.Members {
		for j, a := range m.Acting {
			if a.For == "接收人" {
				barred.Members[i].Acting = slices.Delete(slices.Clone(m.Acting), j, j+1)
			}
		}
		barred.Members[i].Barred = m.ID == "接收人"
	}
	for name, r := range map[string]Routing{
		"implicated": Route(Policy{}, dir, "所", Facts{}, []PersonID{"接收人"}, "张三", ToInstitution),
		"reporting":  Route(Policy{}, dir, "所", Facts{}, nil, "接收人", ToInstitution),
		"barred":     Route(Policy{}, barred, "所", Facts{}, nil, "张三", ToInstitution),
	} {
		if got := recipients(r); got.Has("代理人") || got.Has("接收人") || len(r.Stops) != 1 || r.Stops[0].Unit != "市" {
			t.Errorf("%s: %+v", name, r.Stops)
		}
	}
}

// TestActingHeadIsHead: for routing and for exclusion alike (AM-7).
func TestActingHeadIsHead(t *testing.T) {
	dir := acting("所", "所长", "代所长", day1)
	r := Route(Policy{}, dir, "所", Facts{HeadImplicated: true}, nil, "张三", 0)
	if !slices.Contains(r.Excluded, Exclusion{"代所长", ImplicatedHead}) || r.Channel != ToAuthority {
		t.Errorf("the head interfered: %+v", r)
	}
	r = Route(Policy{}, dir, "所", Facts{}, []PersonID{"代所长"}, "张三", 0)
	if !slices.Contains(r.Excluded, Exclusion{"所长", ImplicatedHead}) || r.Channel != ToAuthority {
		t.Errorf("the acting head interfered: %+v", r)
	}
	alone := dir
	alone.Members = slices.DeleteFunc(slices.Clone(dir.Members), func(m Member) bool { return m.ID == "接收人" })
	if got := recipients(Route(Policy{}, alone, "所", Facts{}, nil, "张三", ToInstitution)); !got.Has("代所长") || !got.Has("所长") {
		t.Errorf("without a receiver: %v", got)
	}
	lead := acting("市", "局长", "代局长", day1)
	r = Route(Policy{}, lead, "所", Facts{}, []PersonID{"代局长"}, "张三", ToAuthority)
	if len(r.Stops) != 1 || r.Stops[0].Unit != "省" || r.Stops[0].Why != LeaderInvolved {
		t.Errorf("the acting lead interfered: %+v", r.Stops)
	}
}

// TestDeputyCannotAppoint: what is held for somebody is not passed on, and nothing outlives the principal's role.
func TestDeputyCannotAppoint(t *testing.T) {
	a := Member{ID: "a", Unit: "u", Roles: []Role{Receiver}}
	b, c := Member{ID: "b", Unit: "u", Roles: []Role{Staff}}, Member{ID: "c", Unit: "u", Roles: []Role{Staff}}
	list := []Substitute{{Unit: "u", Principal: "a", Deputy: "b", From: day1, Until: day5}, {Unit: "u", Principal: "b", Deputy: "c", From: day1, Until: day5}}
	members := []Member{a, b, c}
	if got := Deputise(members, members, list, day1); !got[1].Has(Receiver) || got[2].Has(Receiver) {
		t.Errorf("%+v", got)
	}
	if members[1].Has(Receiver) {
		t.Error("the register itself was changed")
	}
	for _, gone := range []Member{{ID: "a", Unit: "u", Roles: []Role{Receiver}, Left: true}, {ID: "a", Unit: "u", Roles: []Role{Staff}}, {ID: "a", Unit: "v", Roles: []Role{Receiver}}} {
		if got := Deputise(members[1:], []Member{gone}, list, day1); got[0].Has(Receiver) {
			t.Errorf("without %+v: %+v", gone, got[0])
		}
	}
}

func TestMayAppoint(t *testing.T) {
	dir := Directory{Units: units, Members: []Member{head, receiver, officer, {ID: "张三", Unit: "所", Roles: []Role{Appraiser}, Bound: true}, {ID: "李四", Unit: "所", Roles: []Role{Staff}}}}
	for i := range dir.Members[:3] {
		dir.Members[i].Bound = true
	}
	ok := Substitute{Unit: "所", Principal: "接收人", Deputy: "张三", From: day1, Until: day5}
	with := func(change func(*Substitute)) Substitute { s := ok; change(&s); return s }
	for i, c := range []struct {
		s    Substitute
		want Refusal
	}{
		{ok, 0},
		{with(func(s *Substitute) { s.Principal = "张三"; s.Deputy = "所长" }), NoRoleToLend},
		{with(func(s *Substitute) { s.Principal = "经办人" }), NoRoleToLend},
		{with(func(s *Substitute) { s.Deputy = "接收人" }), NotOfTheUnit},
		{with(func(s *Substitute) { s.Deputy = "李四" }), NotOfTheUnit},
		{with(func(s *Substitute) { s.Deputy = "经办人" }), NotOfTheUnit},
		{with(func(s *Substitute) { s.Until = day1.AddDays(-1) }), WrongDays},
		{with(func(s *Substitute) { s.From, s.Until = day1.AddDays(-30), day1.AddDays(-20) }), WrongDays},
		{with(func(s *Substitute) { s.Until = day1.AddDays(LongestSubstitute + 1) }), WrongDays},
	} {
		if got := MayAppoint(dir, c.s, nil, day1.AddDays(-3)); got != c.want {
			t.Errorf("%d: %v, want %v", i, got, c.want)
		}
	}
	later := with(func(s *Substitute) { s.From, s.Until = day5, day5.AddDays(3) })
	if got := MayAppoint(dir, later, []Substitute{ok}, day1); got != AppointedTwice {
		t.Errorf("overlapping: %v", got)
	}
	later.From = day5.AddDays(1)
	if got := MayAppoint(dir, later, []Substitute{ok}, day1); got != 0 {
		t.Errorf("the next one: %v", got)
	}
}

// TestNobodyThroughTheDenied: whatever the register, no recipient passes only by somebody who may not have the report.
func TestNobodyThroughTheDenied(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := genScene(t)
		r := s.route()
		denied := NewSet(s.reporter)
		for _, e := range r.Excluded {
			denied[e.Person] = struct{}{}
		}
		for _, stop := range r.Stops {
			for _, id := range stop.Recipients {
				own := false
				for _, m := range s.dir.In(stop.Unit) {
					own = own || m.ID == id && !m.Barred && (m.Receives() || slices.ContainsFunc(m.Acting, func(a Acting) bool { return !denied.Has(a.For) }))
				}
				if !own {
					t.Fatalf("%s receives at %s by nobody who may have it: %+v", id, stop.Unit, r)
				}
			}
		}
	})
}

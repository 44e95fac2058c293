package law

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// scene is a random register, report and choice.
type scene struct {
	p           Policy
	dir         Directory
	institution UnitID
	f           Facts
	implicated  []PersonID
	reporter    PersonID
	chosen      Channel
}

func (s scene) route() Routing {
	return Route(s.p, s.dir, s.institution, s.f, s.implicated, s.reporter, s.chosen)
}

var (
	ids     = rapid.SampledFrom([]PersonID{"a", "b", "c", "d", "e", "f", "g"})
	unitIDs = []UnitID{"i", "j", "city", "other", "province", "ministry"}
)

func genScene(t *rapid.T) scene {
	s := scene{institution: rapid.SampledFrom(unitIDs).Draw(t, "institution")}
	s.p.Name = rapid.SampledFrom(PolicyNames()).Draw(t, "policy")
	for _, id := range unitIDs {
		kind := AuthorityUnit
		if id == "i" || id == "j" {
			kind = InstitutionUnit
		}
		parent := rapid.SampledFrom(append([]UnitID{""}, unitIDs...)).Draw(t, "parent")
		s.dir.Units = append(s.dir.Units, Unit{ID: id, Parent: parent, Kind: kind})
	}
	s.dir.Members = rapid.SliceOfN(rapid.Custom(genMember), 0, 14).Draw(t, "members")
	s.f = genFacts(t)
	s.implicated = rapid.SliceOfN(ids, 0, 3).Draw(t, "implicated")
	s.reporter = ids.Draw(t, "reporter")
	s.chosen = Channel(rapid.IntRange(0, 3).Draw(t, "chosen"))
	return s
}

func genMember(t *rapid.T) Member {
	role := rapid.Custom(func(t *rapid.T) Role { return Role(rapid.IntRange(1, int(PartyLead)).Draw(t, "role")) })
	return Member{
		ID: ids.Draw(t, "id"), Unit: rapid.SampledFrom(unitIDs).Draw(t, "unit"), Roles: rapid.SliceOfN(role, 1, 3).Draw(t, "roles"),
		Bound: rapid.IntRange(0, 3).Draw(t, "bound") > 0, Left: rapid.IntRange(0, 7).Draw(t, "left") == 0,
		Acting: rapid.SliceOfN(rapid.Custom(genActing), 0, 2).Draw(t, "acting"), Barred: rapid.IntRange(0, 9).Draw(t, "barred") == 0,
	}
}

func genActing(t *rapid.T) Acting {
	return Acting{rapid.SampledFrom(Conferred).Draw(t, "role"), ids.Draw(t, "for")}
}

func genFacts(t *rapid.T) Facts {
	b := func(label string) bool { return rapid.IntRange(0, 3).Draw(t, label) == 0 }
	return Facts{
		HeadImplicated: b("head"), Superior: b("superior"), InternalImplicated: b("internal"), OfficerImplicated: b("officer"),
		LeadImplicated: b("lead"), Client: b("client"), Litigant: b("litigant"), Other: b("other"),
		Serious: rapid.SampledFrom(answers).Draw(t, "serious"), Party: rapid.SampledFrom(answers).Draw(t, "party"),
	}
}

func recipients(r Routing) Set {
	out := Set{}
	for _, s := range r.Stops {
		maps.Copy(out, NewSet(s.Recipients...))
	}
	return out
}

func TestRouteProperties(t *testing.T) {
	for name, property := range map[string]func(*rapid.T, scene){
		"nobody excluded, and not the reporter, receives": neverExcluded,
		"every recipient passes the one door":             throughTheDoor,
		"empty only when held":                            emptyOnlyHeld,
		"held only when nobody is eligible":               heldOnlyIfNobody,
		"a direct report passes the institution by":       directPassesBy,
		"one more implicated never receives":              oneMore,
		"the order of members does not matter":            anyOrder,
		"an eligible and reachable level is not skipped":  noNeedlessClimb,
		"the register's way is kept to":                   onTheWay,
	} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { property(t, genScene(t)) })
		})
	}
}

func neverExcluded(t *rapid.T, s scene) {
	r := s.route()
	got := recipients(r)
	for _, id := range append(slices.Clone(s.implicated), s.reporter) {
		if got.Has(id) {
			t.Fatalf("%s receives: %+v", id, r)
		}
	}
	for _, e := range r.Excluded {
		if got.Has(e.Person) {
			t.Fatalf("%s is excluded (%v) and receives", e.Person, e.Reason)
		}
	}
	for _, id := range s.implicated {
		if !slices.Contains(r.Excluded, Exclusion{id, Implicated}) {
			t.Fatalf("%s is implicated and not among the excluded %v", id, r.Excluded)
		}
	}
	if Complete(s.dir, s.institution, s.f, s.implicated).HeadImplicated {
		for _, m := range s.dir.In(s.institution) {
			if m.Has(Head) && got.Has(m.ID) {
				t.Fatalf("the head %s receives", m.ID)
			}
		}
	}
}

func throughTheDoor(t *rapid.T, s scene) {
	r := s.route()
	denied := NewSet(append(slices.Clone(s.implicated), s.reporter)...)
	for _, stop := range r.Stops {
		for _, id := range stop.Recipients {
			if !slices.ContainsFunc(s.dir.In(stop.Unit), func(m Member) bool { return m.ID == id && Eligible(m, denied, stop.Level) }) {
				t.Fatalf("%s is not eligible at %s", id, stop.Unit)
			}
			if bound := s.dir.bound().Has(id); bound == stop.Unbound {
				t.Fatalf("%s reachable: %v, stop waits: %v", id, bound, stop.Unbound)
			}
		}
	}
}

func emptyOnlyHeld(t *rapid.T, s scene) {
	r := s.route()
	if r.Held != (len(r.Stops) == 0) {
		t.Fatalf("held %v with %d stops", r.Held, len(r.Stops))
	}
	for _, stop := range r.Stops {
		if len(stop.Recipients) == 0 || !slices.IsSorted(stop.Recipients) || stop.Cite.Article == 0 || stop.Climbed != (stop.Why != 0) {
			t.Fatalf("%+v", stop)
		}
	}
}

// open is whether anybody of a place may receive, whatever their telephone, stated without the table of recipients.
func open(s scene, r Routing, at Place, reachable bool) bool {
	excluded, designated := NewSet(s.reporter), false
	for _, e := range r.Excluded {
		excluded[e.Person] = struct{}{}
	}
	f := Complete(s.dir, s.institution, s.f, s.implicated)
	if at.Level == Authority && f.LeadImplicated {
		return false
	}
	for _, m := range s.dir.In(at.Unit) {
		designated = designated || m.Has(Receiver)
		if m.Has(OfficerLead) && slices.Contains(s.implicated, m.ID) && at.Level != Institution {
			return false
		}
	}
	return slices.ContainsFunc(s.dir.In(at.Unit), func(m Member) bool {
		if excluded.Has(m.ID) || m.Left || m.Barred || reachable && !s.dir.bound().Has(m.ID) {
			return false
		}
		as := func(r Role) bool { // for themselves, or for somebody who might have it
			return slices.Contains(m.Roles, r) || slices.ContainsFunc(m.Acting, func(a Acting) bool { return a.Role == r && !excluded.Has(a.For) })
		}
		if at.Level == Institution {
			return as(Receiver) || as(Head) && !designated
		}
		return as(Officer) || as(OfficerLead)
	})
}

func heldOnlyIfNobody(t *rapid.T, s scene) {
	r := s.route()
	for _, at := range s.dir.Way(s.institution) {
		if r.Channel == ToAuthority && at.Level == Institution {
			continue
		}
		if r.Held && open(s, r, at, false) {
			t.Fatalf("held although somebody at %s is eligible", at.Unit)
		}
	}
}

func noNeedlessClimb(t *rapid.T, s scene) {
	r := s.route()
	way := s.dir.Way(s.institution)
	for _, stop := range r.Stops {
		for _, at := range way {
			if at.Unit == stop.Unit {
				break
			}
			passed := slices.ContainsFunc(r.Stops, func(x Stop) bool { return x.Unit == at.Unit })
			bypassed := r.Channel == ToAuthority && at.Level == Institution
			if !bypassed && !passed && open(s, r, at, true) {
				t.Fatalf("%s was skipped on the way to %s", at.Unit, stop.Unit)
			}
		}
	}
}

func directPassesBy(t *rapid.T, s scene) {
	r := s.route()
	if s.chosen == ToAuthority && r.Channel != ToAuthority {
		t.Fatalf("a direct report became %v", r.Channel)
	}
	if r.Channel != ToAuthority {
		return
	}
	got := recipients(r)
	for _, m := range s.dir.In(s.institution) {
		if u, _ := s.dir.Unit(s.institution); u.Kind == InstitutionUnit && !m.Left && got.Has(m.ID) {
			t.Fatalf("%s of the institution receives a direct report", m.ID)
		}
	}
}

func oneMore(t *rapid.T, s scene) {
	before := recipients(s.route())
	id := ids.Draw(t, "one more")
	s.implicated = append(slices.Clone(s.implicated), id)
	r := s.route()
	if recipients(r).Has(id) {
		t.Fatalf("%s was added to the implicated and receives; before: %v", id, before)
	}
}

func anyOrder(t *rapid.T, s scene) {
	want := s.route()
	s.dir.Members = rapid.Permutation(s.dir.Members).Draw(t, "order")
	s.implicated = rapid.Permutation(s.implicated).Draw(t, "order of implicated")
	if got := s.route(); !reflect.DeepEqual(got, want) {
		t.Fatalf("got %+v\nwant %+v", got, want)
	}
}

func onTheWay(t *rapid.T, s scene) {
	way, at := s.dir.Way(s.institution), 0
	for _, stop := range s.route().Stops {
		i := slices.Index(way, Place{stop.Unit, stop.Level})
		if i < at {
			t.Fatalf("%s at level %v is not on the way %v, or out of order", stop.Unit, stop.Level, way)
		}
		at = i + 1
	}
}

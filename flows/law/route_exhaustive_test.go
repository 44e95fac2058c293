package law

import (
	"slices"
	"testing"
)

// status is how somebody of the small world stands.
type status int

const (
	fine status = iota
	noPhone
	gone
)

// world is one case of the enumeration.
type world struct {
	stand      map[PersonID]status
	implicated []PersonID
	reporter   PersonID
	f          Facts
	chosen     Channel
}

func (w world) named(id PersonID) bool { return slices.Contains(w.implicated, id) }

// TestRouteExhaustive compares Route with a second statement of the rules, for every standing of five people, every set of
// implicated ones, every reporter, fact and channel that matter.
func TestRouteExhaustive(t *testing.T) {
	people := []Member{head, receiver, officer, leader, above}
	step := 1
	if testing.Short() {
		step = 7
	}
	for combination := 0; combination < 3*3*3*3*3; combination += step {
		w, dir, rest := world{stand: map[PersonID]status{}}, Directory{Units: units}, combination
		for _, m := range people {
			s := status(rest % 3)
			rest /= 3
			w.stand[m.ID] = s
			m.Bound, m.Left = s != noPhone, s == gone
			dir.Members = append(dir.Members, m)
		}
		for named := range 1 << len(people) {
			w.implicated = nil
			for i, m := range people {
				if named&(1<<i) != 0 {
					w.implicated = append(w.implicated, m.ID)
				}
			}
			for more := range 2 * 4 * 4 {
				w.reporter = []PersonID{"张三", "接收人"}[more%2]
				w.f = Facts{HeadImplicated: more&2 != 0, LeadImplicated: more&4 != 0}
				w.chosen = Channel(more >> 3)
				got := show(Route(Policy{}, dir, "所", w.f, w.implicated, w.reporter, w.chosen))
				if want := w.expected(); got != want {
					t.Fatalf("%+v:\n got %s\nwant %s", w, got, want)
				}
			}
		}
	}
}

// expected is what the rules say of this world, person by person.
func (w world) expected() string {
	headIn := w.f.HeadImplicated || w.named("所长") && w.stand["所长"] != gone
	leaderIn := w.f.LeadImplicated || w.named("局长") && w.stand["局长"] != gone
	may := func(id PersonID) bool { return w.stand[id] != gone && !w.named(id) && w.reporter != id }
	can := map[PersonID]bool{
		"所长":   may("所长") && !headIn && w.stand["接收人"] == gone,
		"接收人":  may("接收人"),
		"经办人":  may("经办人") && !leaderIn,
		"局长":   may("局长") && !leaderIn,
		"厅经办人": may("厅经办人"),
	}
	var stops []Stop
	put := func(s Stop) {
		if s.Unit != "" && !slices.ContainsFunc(stops, func(x Stop) bool { return x.Unit == s.Unit }) {
			stops = append(stops, s)
		}
	}
	house := w.chosen == ToInstitution || w.chosen == ToBoth || w.chosen == 0 && !headIn
	organ := w.chosen == ToAuthority || w.chosen == ToBoth || w.chosen == 0 && headIn
	if house {
		put(w.first(can, leaderIn, "所", "市", "省"))
	}
	if organ {
		put(w.first(can, leaderIn, "市", "省"))
	}
	return show(Routing{Stops: stops, Held: len(stops) == 0})
}

// first is the first of the units where somebody can receive: reachable, or if nobody is, at all.
func (w world) first(can map[PersonID]bool, leaderIn bool, up ...UnitID) Stop {
	ladder := map[UnitID][]PersonID{"所": {"接收人", "所长"}, "市": {"经办人", "局长"}, "省": {"厅经办人"}}
	for _, wait := range []bool{false, true} {
		for i, u := range up {
			for _, id := range ladder[u] {
				if can[id] && (wait || w.stand[id] == fine) {
					s := Stop{Unit: u, Recipients: []PersonID{id}, Unbound: wait, Climbed: i > 0}
					if s.Climbed {
						s.Why = whyNot(can, ladder[up[0]], up[0] == "市" && leaderIn)
					}
					return s
				}
			}
		}
	}
	return Stop{}
}

func whyNot(can map[PersonID]bool, people []PersonID, leaderIn bool) Climb {
	switch {
	case leaderIn:
		return LeaderInvolved
	case slices.ContainsFunc(people, func(id PersonID) bool { return can[id] }):
		return NobodyBound
	}
	return NobodyEligible
}

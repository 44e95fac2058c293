package reminders

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"liuhen/flows/law"
)

// drawn is a random register: two organs, three institutions, people with several places and roles.
func drawn(t *rapid.T, today law.Date) Situation {
	s := Situation{Today: today, Last: map[law.PersonID]law.Date{}, Snoozed: map[law.PersonID]bool{}}
	s.Directory.Units = []law.Unit{
		{ID: "厅", Kind: law.AuthorityUnit},
		{ID: "局", Parent: "厅", Kind: law.AuthorityUnit},
		{ID: "甲", Parent: "局", Kind: law.InstitutionUnit},
		{ID: "乙", Parent: "局", Kind: law.InstitutionUnit},
		{ID: "丙", Parent: "厅", Kind: law.InstitutionUnit},
	}
	units := []law.UnitID{"厅", "局", "甲", "乙", "丙"}
	all := []law.Role{law.Appraiser, law.Staff, law.Head, law.Receiver, law.Archivist, law.Officer, law.OfficerLead, law.PartyLead}
	people := rapid.IntRange(1, 9).Draw(t, "people")
	for i := range people {
		bound := rapid.IntRange(0, 9).Draw(t, "bound") > 0
		for _, u := range rapid.SliceOfNDistinct(rapid.SampledFrom(units), 1, 2, rapid.ID).Draw(t, "units") {
			s.Directory.Members = append(s.Directory.Members, law.Member{
				ID: person(i), Unit: u, Bound: bound, Left: rapid.IntRange(0, 9).Draw(t, "left") == 0,
				Roles: rapid.SliceOfNDistinct(rapid.SampledFrom(all), 1, 3, rapid.ID).Draw(t, "roles"),
			})
		}
	}
	for range rapid.IntRange(0, 6).Draw(t, "cases") {
		o := Owing{Institution: rapid.SampledFrom(units[2:]).Draw(t, "institution"), Closed: today.AddDays(-rapid.IntRange(-3, 40).Draw(t, "closed"))}
		for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(0, people-1), 1, 3, rapid.ID).Draw(t, "missing") {
			o.Missing = append(o.Missing, person(i))
		}
		s.Owing = append(s.Owing, o)
	}
	for i := range people {
		switch rapid.IntRange(0, 5).Draw(t, "told") {
		case 0:
			s.Last[person(i)] = today.AddDays(-rapid.IntRange(0, 20).Draw(t, "last"))
		case 1:
			s.Snoozed[person(i)] = true
		}
	}
	return s
}

func person(i int) law.PersonID { return law.PersonID(fmt.Sprint("p", i)) }

func drawDay(t *rapid.T) law.Date {
	return law.Date{Y: 2025, M: 1, D: 1}.AddDays(rapid.IntRange(0, 800).Draw(t, "day"))
}

// concerned reports whether somebody owes an entry, or oversees in any role a case that lacks one.
func concerned(s Situation, id law.PersonID) bool {
	return slices.ContainsFunc(s.Owing, func(o Owing) bool {
		return law.Owes(o.Closed) && (slices.Contains(o.Missing, id) || slices.ContainsFunc(s.Directory.Members, func(m law.Member) bool {
			u, _ := s.Directory.Unit(o.Institution)
			return m.ID == id && (m.Unit == o.Institution && (m.Has(law.Archivist) || m.Has(law.Head)) ||
				m.Unit == u.Parent && (m.Has(law.Officer) || m.Has(law.OfficerLead)))
		}))
	})
}

func TestPlanProperties(t *testing.T) {
	cal, policy := workdays(t), law.Policy{Name: law.Ministry2020}
	rapid.Check(t, func(t *rapid.T) {
		s := drawn(t, drawDay(t))
		got := Plan(s, policy, cal)
		if work, _ := cal.IsWorkday(s.Today); !work && len(got) > 0 {
			t.Fatalf("%v told on a day of rest", got)
		}
		if !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(got) {
			t.Fatalf("somebody is listed twice: %v", got)
		}
		for _, id := range got {
			if s.Snoozed[id] || s.Last[id] == s.Today || !concerned(s, id) {
				t.Fatalf("%s is told: snoozed %v, last %v, concerned %v", id, s.Snoozed[id], s.Last[id], concerned(s, id))
			}
			if !slices.ContainsFunc(s.Directory.Members, func(m law.Member) bool { return m.ID == id && m.Bound && !m.Left }) {
				t.Fatalf("%s has left or cannot be reached, and is told", id)
			}
		}
	})
}

// TestPlanOrder: the plan does not depend on the order in which the register lists anything.
func TestPlanOrder(t *testing.T) {
	cal := workdays(t)
	rapid.Check(t, func(t *rapid.T) {
		s := drawn(t, drawDay(t))
		mixed := s
		mixed.Owing = rapid.Permutation(s.Owing).Draw(t, "owing")
		for i := range mixed.Owing {
			mixed.Owing[i].Missing = rapid.Permutation(mixed.Owing[i].Missing).Draw(t, "missing")
		}
		mixed.Directory.Members = rapid.Permutation(s.Directory.Members).Draw(t, "members")
		mixed.Directory.Units = rapid.Permutation(s.Directory.Units).Draw(t, "units")
		if a, b := Plan(s, law.Policy{}, cal), Plan(mixed, law.Policy{}, cal); !slices.Equal(a, b) {
			t.Fatalf("%v, in another order %v", a, b)
		}
	})
}

// TestSigningEndsIt: who owes nothing any more, and oversees nothing, is told no more from that moment on; nobody is told
// because somebody else signed.
func TestSigningEndsIt(t *testing.T) {
	cal := workdays(t)
	rapid.Check(t, func(t *rapid.T) {
		s := drawn(t, drawDay(t))
		before := Plan(s, law.Policy{}, cal)
		id := person(rapid.IntRange(0, 8).Draw(t, "signer"))
		var rest []Owing
		for _, o := range s.Owing {
			o.Missing = slices.DeleteFunc(slices.Clone(o.Missing), func(x law.PersonID) bool { return x == id })
			if len(o.Missing) > 0 {
				rest = append(rest, o)
			}
		}
		s.Owing = rest
		after := Plan(s, law.Policy{}, cal)
		if slices.Contains(after, id) && !concerned(s, id) {
			t.Fatalf("%s signed everything and is told", id)
		}
		for _, x := range after {
			// the signer's own entry may have been what kept an overseer's own off the list: of the signer's case nobody new is told
			if !slices.Contains(before, x) && !slices.ContainsFunc(rest, func(o Owing) bool { return slices.Contains(o.Missing, x) }) {
				t.Fatalf("%s is told because %s signed: %v, then %v", x, id, before, after)
			}
		}
	})
}

// TestLadderIsMonotone: of people never told before, whoever is told on one day is told on any later working day, too, as long
// as nothing changes; and longer deadlines tell nobody more.
func TestLadderIsMonotone(t *testing.T) {
	cal := workdays(t)
	rapid.Check(t, func(t *rapid.T) {
		s := drawn(t, drawDay(t))
		s.Last = nil
		now := Plan(s, law.Policy{}, cal)
		slower, err := law.Policy{}.Override(map[string]int{"zero_clerk": 6, "zero_head": 9, "zero_authority": 15})
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range Plan(s, slower, cal) {
			if !slices.Contains(now, id) {
				t.Fatalf("%s is told earlier by longer deadlines", id)
			}
		}
		s.Today, _ = cal.AddWorkdays(s.Today, rapid.IntRange(1, 300).Draw(t, "later"))
		later := Plan(s, law.Policy{}, cal)
		for _, id := range now {
			if !slices.Contains(later, id) {
				t.Fatalf("%s is told now and not later: %v, %v", id, now, later)
			}
		}
	})
}

// TestOutage: after days without a tick the plan holds, once, everybody whom any of those days would have called for.
func TestOutage(t *testing.T) {
	cal := workdays(t)
	rapid.Check(t, func(t *rapid.T) {
		s := drawn(t, drawDay(t))
		s.Snoozed = nil
		back, _ := cal.AddWorkdays(s.Today, rapid.IntRange(1, 250).Draw(t, "outage"))
		missed := map[law.PersonID]bool{}
		for ; s.Today.Before(back); s.Today = s.Today.AddDays(1) {
			for _, id := range Plan(s, law.Policy{}, cal) {
				missed[id] = true
			}
		}
		got := Plan(s, law.Policy{}, cal)
		for id := range missed {
			if !slices.Contains(got, id) {
				t.Fatalf("%s was missed and is not told on %s: %v", id, s.Today, got)
			}
		}
		for _, id := range got {
			s.Last = maps.Clone(s.Last)
			s.Last[id] = s.Today
		}
		if again := Plan(s, law.Policy{}, cal); len(again) > 0 {
			t.Fatalf("told twice: %v", again)
		}
	})
}

// TestSituationIsNarrow: what a plan is made of has no room for what anybody filed. A new field must be thought about here.
func TestSituationIsNarrow(t *testing.T) {
	fields := func(v any) (out []string) {
		for f := range reflect.TypeOf(v).Fields() {
			out = append(out, f.Name+" "+f.Type.String())
		}
		return out
	}
	if got := fields(Owing{}); !slices.Equal(got, []string{"Institution law.UnitID", "Closed law.Date", "Missing []law.PersonID"}) {
		t.Errorf("Owing has %q", got)
	}
	if got := fields(TaskDue{}); !slices.Equal(got, []string{"Person law.PersonID", "Due law.Date", "Since law.Date"}) {
		t.Errorf("TaskDue has %q", got)
	}
	if got := fields(Situation{}); !slices.Equal(got, []string{
		"Today law.Date", "Owing []reminders.Owing", "Tasks []reminders.TaskDue", "Directory law.Directory", "Last map[law.PersonID]law.Date",
		"Snoozed map[law.PersonID]bool",
	}) {
		t.Errorf("Situation has %q", got)
	}
}

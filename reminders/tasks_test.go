package reminders

import (
	"slices"
	"testing"

	"liuhen/flows/law"
)

// Whoever handles a report is reminded on the working day before a duty is due, on its day and as long as it is overdue; nobody
// else's plan changes by it.
func TestPlanOfDuties(t *testing.T) {
	cal := workdays(t)
	everybody := []law.PersonID{"appraiser", "head", "officer", "other"}
	dir := law.Directory{Units: []law.Unit{{ID: "house", Parent: "city", Kind: law.InstitutionUnit}, {ID: "city", Kind: law.AuthorityUnit}}}
	for i, p := range everybody {
		unit, role := law.UnitID("house"), []law.Role{law.Appraiser, law.Head, law.Officer, law.Officer}[i]
		if i > 1 {
			unit = "city"
		}
		dir.Members = append(dir.Members, law.Member{ID: p, Unit: unit, Roles: []law.Role{role}, Bound: true})
	}
	plan := func(day string, tasks []TaskDue, owing []Owing, snoozed ...law.PersonID) []law.PersonID {
		s := Situation{Today: on(t, day), Directory: dir, Tasks: tasks, Owing: owing, Snoozed: map[law.PersonID]bool{}}
		for _, p := range snoozed {
			s.Snoozed[p] = true
		}
		return Plan(s, law.Policy{Name: law.Ministry2020}, cal)
	}
	task := []TaskDue{{"officer", on(t, "2026-11-30")}} // a Monday
	for day, want := range map[string]bool{
		"2026-11-26": false, "2026-11-27": true, "2026-11-28": false, "2026-11-29": false, "2026-11-30": true, "2026-12-01": true, "2026-12-10": true,
	} {
		if got := plan(day, task, nil); slices.Contains(got, "officer") != want || len(got) > 1 {
			t.Errorf("%s: %v", day, got)
		}
	}
	if got := plan("2026-11-30", task, nil, "officer"); len(got) != 0 {
		t.Errorf("put off, and still reminded: %v", got)
	}
	owing := []Owing{{Institution: "house", Closed: on(t, "2026-11-27"), Missing: []law.PersonID{"appraiser"}}}
	without := plan("2026-11-30", nil, owing)
	with := slices.DeleteFunc(plan("2026-11-30", task, owing), func(p law.PersonID) bool { return p == "officer" })
	if len(without) == 0 || !slices.Equal(without, with) {
		t.Errorf("a duty changes others' reminders: %v, %v", without, with)
	}
	if got := plan("2026-11-30", []TaskDue{{"gone", on(t, "2026-11-30")}}, nil); len(got) != 0 {
		t.Errorf("somebody unknown is reminded: %v", got)
	}
}

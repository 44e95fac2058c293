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
	task := []TaskDue{{Person: "officer", Due: on(t, "2026-11-30")}} // a Monday
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
	if got := plan("2026-11-30", []TaskDue{{Person: "gone", Due: on(t, "2026-11-30")}}, nil); len(got) != 0 {
		t.Errorf("somebody unknown is reminded: %v", got)
	}
}

// A duty that arose by the day alone is told once on that day, or on the first one on which somebody can be told; then not before it is due
// soon.
func TestPlanOfWhatArose(t *testing.T) {
	cal := workdays(t)
	dir := law.Directory{
		Units:   []law.Unit{{ID: "city", Kind: law.AuthorityUnit}},
		Members: []law.Member{{ID: "officer", Unit: "city", Roles: []law.Role{law.Officer}, Bound: true}},
	}
	task := []TaskDue{{Person: "officer", Due: on(t, "2026-12-23"), Since: on(t, "2026-12-12")}} // a Saturday
	var told []string
	last := map[law.PersonID]law.Date{"officer": on(t, "2026-12-01")}
	for day := on(t, "2026-12-10"); day.Before(on(t, "2026-12-26")); day = day.AddDays(1) {
		s := Situation{Today: day, Directory: dir, Tasks: task, Last: last, Snoozed: map[law.PersonID]bool{}}
		for range 2 {
			if len(Plan(s, law.Policy{Name: law.Ministry2020}, cal)) > 0 {
				told = append(told, day.String())
				last["officer"] = day
			}
		}
	}
	if want := []string{"2026-12-14", "2026-12-22", "2026-12-23", "2026-12-24", "2026-12-25"}; !slices.Equal(told, want) {
		t.Errorf("told on %v, want %v", told, want)
	}
	if s := (Situation{Today: on(t, "2026-12-14"), Directory: dir, Tasks: task}); len(Plan(s, law.Policy{}, cal)) != 1 {
		t.Error("somebody who was never told is not told")
	}
}

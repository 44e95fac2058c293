package flows

import (
	"liuhen/flows/law"
	"liuhen/flows/record"
)

// ActsFor are the acts about a report as the handlers of a unit read them, by the law's table of what is shown (Art. 10). Of those
// of which only the state is shown, the unit stands where its handler's name would. names are the units' names by ID; acts
// are all acts about the report, oldest first.
func ActsFor(m law.Matter, unit string, names map[string]string, acts []record.Act) []record.Act {
	var out []record.Act
	for i, s := range showings(m, unit, acts) {
		a := acts[i]
		switch s {
		case law.ShowWhole:
			out = append(out, a)
		case law.ShowState:
			by := record.Person{ID: a.Unit, Name: names[a.Unit]}
			out = append(out, record.Act{Version: a.Version, ID: a.ID, Report: a.Report, Kind: a.Kind, Unit: a.Unit, By: by, At: a.At})
		}
	}
	return out
}

// Reads reports whether the handlers of a unit read the last of these acts about a report as it is: whom it is told to.
func Reads(m law.Matter, unit string, acts []record.Act) bool {
	all := showings(m, unit, acts)
	return len(all) > 0 && all[len(all)-1] == law.ShowWhole
}

func showings(m law.Matter, unit string, acts []record.Act) []law.Showing {
	steps := make([]law.Step, len(acts))
	for i, a := range acts {
		steps[i] = law.Step{Kind: a.Kind, Unit: law.UnitID(a.Unit)}
	}
	return law.Shown(m, law.UnitID(unit), steps)
}

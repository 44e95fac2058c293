package main

import (
	"context"
	"slices"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/text"
)

// register looks at what the lists have made: who receives reports, who has not been invited in, what waits.
func (k *checkup) register(ctx context.Context) {
	if k.db == nil {
		return
	}
	dir, holes, err := k.db.Holes(ctx)
	if err != nil {
		k.fault("routes", "%v", databaseFault(err))
		return
	}
	if len(dir.Units) == 0 {
		k.warn("routes", "nobody is registered yet: load the lists of people and cases")
		return
	}
	k.routes(dir, holes)
	unbound := map[law.PersonID]bool{}
	for _, m := range dir.Members {
		if !m.Left && !m.Bound {
			unbound[m.ID] = true
		}
	}
	if len(unbound) > 0 {
		k.warn("people", "%d cannot be reached: they have not taken up their invitation or have blocked the bot; "+
			"load prints new invitations once old ones have expired, load --invite NAME at once", len(unbound))
	} else {
		k.good("people", "everybody can be reached")
	}
	k.waiting(ctx)
	k.stalled(ctx)
}

// told are the holes that routes tells of in words of its own.
var told = []law.HoleKind{law.HoleAuthority, law.HoleNobody, law.HoleUnreachable, law.HoleOneOfficer}

// routes tells of holes, and names nobody.
func (k *checkup) routes(dir law.Directory, found []law.Hole) {
	const what = "routes"
	before, holes := k.bad, 0
	for _, h := range found {
		if !slices.Contains(told, h.Kind) {
			holes++
			u, _ := dir.Unit(h.Unit)
			k.warn(what, "%s", flows.HoleText(text.En, h, u.Name, "somebody"))
		}
	}
	policy, _ := readPolicy(k.c.Policy)
	for _, u := range dir.Units {
		switch n := officers(dir, u.ID); {
		case u.Kind == law.InstitutionUnit && !hasAuthority(dir, u.ID):
			k.fault(what, "%s has no authority above it: fill in %s in the people list and load it again", u.Name, text.ListAuthority)
		case u.Kind == law.InstitutionUnit && !receives(policy, dir, u.ID):
			k.fault(what, "%s: nobody who can be reached may receive its reports, they go to the authority: "+
				"load somebody as %s, or see that they take up their invitation (load --invite NAME)", u.Name, text.ListReceiver)
		case u.Kind == law.AuthorityUnit && n == 0:
			k.fault(what, "%s: no officer can be reached: load two as %s, or see that they take up their invitations (load --invite NAME)",
				u.Name, text.ListOfficer)
		case u.Kind == law.AuthorityUnit && n == 1:
			holes++
			k.warn(what, "%s: one officer only can be reached, and nobody when a report is about that one: load a second as %s, or see that they take up their invitation",
				u.Name, text.ListOfficer)
		}
	}
	if k.bad == before && holes == 0 {
		k.good(what, "%d units, each with people who can be reached", len(dir.Units))
	}
}

func hasAuthority(dir law.Directory, institution law.UnitID) bool {
	return slices.ContainsFunc(dir.Way(institution), func(p law.Place) bool { return p.Level == law.Authority })
}

// receives asks the law itself, for a report without anybody implicated, so that check and practice cannot differ.
func receives(policy law.Policy, dir law.Directory, institution law.UnitID) bool {
	way := law.Route(policy, dir, institution, law.Facts{}, nil, "", law.ToInstitution)
	return slices.ContainsFunc(way.Stops, func(s law.Stop) bool { return s.Unit == institution && !s.Unbound })
}

// officers counts those of an organ who can be reached and may receive reports.
func officers(dir law.Directory, organ law.UnitID) int {
	n := 0
	for _, m := range dir.In(organ) {
		if m.Bound && law.Eligible(m, law.NewSet(), law.Authority) {
			n++
		}
	}
	return n
}

// waiting tells of reports that nobody can be told of now, the count and nothing else. That a report exists is a secret from those it
// passes by (R10.5); the administrator belongs to no unit and cannot open it (R10.1), and without the count nobody at all would
// know that somebody is missing.
func (k *checkup) waiting(ctx context.Context) {
	switch n, err := k.db.Waiting(ctx); {
	case err != nil:
		k.fault("reports waiting", "%v", databaseFault(err))
	case n > 0:
		k.warn("reports waiting", "%d: nobody who may receive them can be reached: mend the routes; they go out by themselves then", n)
	default:
		k.good("reports waiting", "0")
	}
}

// stalled tells of proceedings that nobody at their organ may go on with, the count and nothing else, for the reasons of waiting.
func (k *checkup) stalled(ctx context.Context) {
	switch n, err := k.db.Stalled(ctx); {
	case err != nil:
		k.fault("proceedings stalled", "%v", databaseFault(err))
	case n > 0:
		k.warn("proceedings stalled", "%d: nobody at their organ may go on with them: register another officer there; they go on then", n)
	default:
		k.good("proceedings stalled", "0")
	}
}

package flows

import (
	"cmp"
	"slices"

	"liuhen/flows/law"
)

// Decision is what an authority owes under Art. 11 by a day, as lists show it: no content.
type Decision struct {
	Proceeding string // "" of an organ below: it alone decides
	UnitName   string // of the organ below, "" for the caller's own
	Ordered    law.Date
	Duty       law.Duty
	Due        law.Date
	Late       int // working days past Due
}

// SortDecisions puts them in the order people work through them: the earliest due first.
func SortDecisions(list []Decision) {
	slices.SortFunc(list, func(a, b Decision) int {
		return cmp.Or(a.Due.Compare(b.Due), a.Ordered.Compare(b.Ordered), cmp.Compare(a.UnitName, b.UnitName), cmp.Compare(a.Proceeding, b.Proceeding))
	})
}

// undecided counts those of the caller's own authority, or of those below it.
func (d Desk) undecided(own bool) (n int) {
	for _, x := range d.Decisions {
		if own == (x.Proceeding != "") {
			n++
		}
	}
	return n
}

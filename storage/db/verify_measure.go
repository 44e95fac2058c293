package db

import (
	"slices"

	"liuhen/flows/law"
	"liuhen/flows/record"
)

// verifyMeasures finds measures under Art. 11 that are not as they were written, that are gone, or that the law did not allow
// when they were taken: an entry without its order, before its date, or of somebody unheard was not made through this program.
func (t *tx) verifyMeasures(tell func(Finding)) error {
	found, err := rows(t, (*measureRow).fields, "SELECT "+measureColumns+" FROM measures ORDER BY proceeding, nth")
	if err != nil {
		return err
	}
	if err := fetchKeys(t, "measures", found, func(r measureRow) string { return r.id }); err != nil {
		return err
	}
	var of []record.Measure
	for _, r := range found {
		m, err := t.openMeasure(toVerify, r)
		if err != nil {
			tell(Finding{r.id, "measures", "a row does not open, is not canonical, or differs from what was written"})
			continue
		}
		var noted int
		if _, err := t.one([]any{&noted}, "SELECT COUNT(*) FROM audit WHERE id = $1 AND subject = $2 AND allowed", key("measure", r.id), r.id); err != nil {
			return err
		}
		if noted != 1 {
			tell(Finding{r.id, "audit", "a measure's audit row is missing or differs"})
		}
		if len(of) > 0 && of[0].Proceeding != m.Proceeding {
			verifyProceeding(of, tell)
			of = nil
		}
		of = append(of, m)
	}
	verifyProceeding(of, tell)
	gone, err := texts(t, "SELECT subject FROM audit u WHERE action = 'measure' AND allowed AND NOT EXISTS (SELECT 1 FROM measures m WHERE m.id = u.subject)")
	for _, id := range gone {
		tell(Finding{id, "measures", "a measure is gone"})
	}
	return err
}

// verifyProceeding replays a proceeding: each measure must have been possible when it was taken, by the party that took it.
func verifyProceeding(ms []record.Measure, tell func(Finding)) {
	for i, m := range ms {
		p, by := law.Proceed(taken(ms[:i])), law.Organ
		if m.By.ID == m.Subject.ID {
			by = law.Subject
		}
		switch {
		case m.Nth != i || m.ID != m.Proceeding && i == 0:
			tell(Finding{m.ID, "measures", "a proceeding has a gap"})
		case m.Unit != ms[0].Unit || m.Subject.ID != ms[0].Subject.ID:
			tell(Finding{m.ID, "measures", "a proceeding is about two people, or of two authorities"})
		case !slices.Contains(p.MayTake(by, law.DateOf(m.At), law.Repeated), m.Kind):
			tell(Finding{m.ID, "measures", "a measure was not possible when it was taken"})
		}
	}
}

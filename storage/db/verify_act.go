package db

import (
	"cmp"
	"errors"
	"slices"

	"liuhen/flows/law"
	"liuhen/flows/record"
)

// verifyActs finds acts that are not as they were written, that belong to no report, or that are gone, and closings that no
// act made.
func (t *tx) verifyActs(tell func(Finding)) error {
	closed := map[[2]string][]record.Act{}
	for after := ""; ; {
		found, err := rows(t, func(r *storedAct) []any { return []any{&r.id, &r.report, &r.at, &r.body, &r.reports, &r.noted} },
			`SELECT a.id, a.report, a.at_ms, a.body, (SELECT COUNT(*) FROM reports r WHERE r.id = a.report),
			(SELECT COUNT(*) FROM audit u WHERE u.id = 'act/' || a.id AND u.subject = a.id AND u.allowed)
			FROM acts a WHERE a.id > $1 AND NOT EXISTS (SELECT 1 FROM gone WHERE of_table = 'acts' AND of_row = a.id) ORDER BY a.id LIMIT $2`, after, verifyBatch)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			break
		}
		if err := fetchKeys(t, "acts", found, func(r storedAct) string { return r.id }); err != nil {
			return err
		}
		for _, r := range found {
			if err := t.verifyAct(r, closed, tell); err != nil {
				return err
			}
			after = r.id
		}
	}
	gone, err := texts(t, "SELECT subject FROM audit u WHERE action = 'act' AND allowed AND NOT EXISTS (SELECT 1 FROM acts a WHERE a.id = u.subject)")
	if err != nil {
		return err
	}
	for _, id := range gone {
		tell(Finding{id, "acts", "an act is gone"})
	}
	return t.verifyClosings(closed, tell)
}

type storedAct struct {
	id, report     string
	at             int64
	body           []byte
	reports, noted int
}

func (t *tx) verifyAct(r storedAct, closed map[[2]string][]record.Act, tell func(Finding)) error {
	a, err := t.openAct(toVerify, r.id, r.report, r.body)
	switch {
	case errors.Is(err, ErrWrapper):
		return err
	case err != nil:
		tell(Finding{r.id, "acts", "a row does not open, or is not canonical"})
	case a.At.UnixMilli() != r.at:
		tell(Finding{r.id, "acts", "the time differs from what was written"})
	case r.reports != 1:
		tell(Finding{r.id, "acts", "its report is gone"})
	case r.noted != 1:
		tell(Finding{r.id, "audit", "an act's audit row is missing or differs"})
	}
	if err == nil && slices.Contains(ending, a.Kind) {
		k := [2]string{r.report, a.Unit}
		closed[k] = append(closed[k], a)
	}
	return t.verifyExhibits(a, tell)
}

// ending are the acts by which a unit may have done with a report.
var ending = []law.ActKind{law.Categorise, law.Transfer, law.Close}

func (t *tx) verifyClosings(acts map[[2]string][]record.Act, tell func(Finding)) error {
	closed := map[[2]string]bool{}
	for k, list := range acts {
		slices.SortFunc(list, func(a, b record.Act) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
		var m law.Matter
		for _, a := range list {
			m.Steps = append(m.Steps, t.d.step(a))
		}
		if law.Ended(m, law.UnitID(k[1])) {
			closed[k] = true
		}
	}
	found, err := rows(t, func(k *[2]string) []any { return []any{&k[0], &k[1]} }, "SELECT report, unit FROM closings")
	for _, k := range found {
		if !closed[k] {
			tell(Finding{k[0], "closings", "a unit is said to have done with a report that it has not closed"})
		}
		delete(closed, k)
	}
	for k := range closed {
		tell(Finding{k[0], "closings", "a unit closed a report, and it is not noted"})
	}
	return err
}

package db

import (
	"errors"
	"reflect"

	"liuhen/flows/law"
)

// verifyDeeds finds deeds about the keeping of cases that are not as they were done, or are gone, and rows that are said to be
// disposed of without two people having agreed (R4.9).
func (t *tx) verifyDeeds(tell func(Finding)) error {
	type row struct {
		law.Deed
		at    int64
		noted int
	}
	found, err := rows(t, func(d *row) []any { return []any{&d.ID, &d.Kind, &d.Unit, &d.By, &d.About, &d.at, &d.noted} },
		`SELECT d.id, d.kind, d.unit, d.person, d.about, d.at_ms, (SELECT COUNT(*) FROM audit u WHERE u.action = 'keep_files' AND u.subject = d.id AND u.allowed)
		FROM deeds d ORDER BY d.id`)
	if err != nil {
		return err
	}
	disposed := map[[2]string]bool{}
	for _, d := range found {
		if d.Cases, err = texts(t, "SELECT case_id FROM deed_cases WHERE deed = $1 ORDER BY case_id", d.ID); err != nil {
			return err
		}
		b, err := t.deedBody(toVerify, d.ID)
		switch {
		case errors.Is(err, ErrWrapper):
			return err
		case err != nil:
			tell(Finding{d.ID, "deeds", "a row does not open"})
			continue
		case !sameDeed(b.Deed, d.Deed) || b.At != d.at:
			tell(Finding{d.ID, "deeds", "a row differs from what was done"})
		case d.noted != 1:
			tell(Finding{d.ID, "audit", "the audit row of a deed is missing or differs"})
		}
		for _, g := range b.Gone {
			disposed[g] = true
		}
	}
	lost, err := texts(t, "SELECT subject FROM audit u WHERE action = 'keep_files' AND allowed AND NOT EXISTS (SELECT 1 FROM deeds d WHERE d.id = u.subject)")
	if err != nil {
		return err
	}
	for _, id := range lost {
		tell(Finding{id, "deeds", "a deed is gone"})
	}
	gone, err := rows(t, func(g *[2]string) []any { return []any{&g[0], &g[1]} }, "SELECT of_table, of_row FROM gone")
	for _, g := range gone {
		if !disposed[g] {
			tell(Finding{g[1], g[0], "a row is said to be disposed of, and nobody agreed to it"})
		}
	}
	return err
}

// sameDeed compares deeds whatever the order of their cases.
func sameDeed(a, b law.Deed) bool {
	cases := map[string]int{}
	for _, c := range a.Cases {
		cases[c]++
	}
	for _, c := range b.Cases {
		cases[c]--
	}
	for _, n := range cases {
		if n != 0 {
			return false
		}
	}
	a.Cases, b.Cases = nil, nil
	return reflect.DeepEqual(a, b)
}

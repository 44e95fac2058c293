package db

import (
	"errors"

	"liuhen/flows/law"
)

// verifyAbsences finds what was done about 缺签说明 and is not as it was done, or is gone, and any that stands without two people
// having spoken for the two sides (AM-21, R4.9).
func (t *tx) verifyAbsences(tell func(Finding)) error {
	type row struct {
		law.AbsenceDeed
		at    int64
		noted int
	}
	found, err := rows(t, func(d *row) []any {
		return []any{&d.ID, &d.Kind, &d.Unit, &d.By, &d.About, &d.Case, &d.Signer, &d.at, &d.noted}
	}, `SELECT a.id, a.kind, a.unit, a.person, a.about, a.case_id, a.signer, a.at_ms,
		(SELECT COUNT(*) FROM audit u WHERE u.action = 'note_absence' AND u.subject = a.id AND u.allowed) FROM absences a
		WHERE NOT EXISTS (SELECT 1 FROM gone WHERE gone.of_table = 'absences' AND gone.of_row = a.id) ORDER BY a.id`)
	if err != nil {
		return err
	}
	deeds := map[string]law.AbsenceDeed{}
	for _, d := range found {
		b, err := t.absenceBody(toVerify, d.ID)
		d.Side, d.Reason = b.Deed.Side, b.Deed.Reason // sealed alone
		switch {
		case errors.Is(err, ErrWrapper):
			return err
		case err != nil:
			tell(Finding{d.ID, "absences", "a row does not open"})
			continue
		case b.Deed != d.AbsenceDeed || b.At != d.at:
			tell(Finding{d.ID, "absences", "a row differs from what was done"})
		case d.noted != 1:
			tell(Finding{d.ID, "audit", "the audit row of an explained signature is missing or differs"})
		}
		deeds[d.ID] = b.Deed
	}
	for id, d := range deeds {
		p := deeds[d.About]
		if d.Kind == law.AgreeAbsence && (p.Kind != law.ProposeAbsence || p.By == d.By || p.Side == d.Side || p.Case != d.Case || p.Signer != d.Signer || d.By == d.Signer || p.By == p.Signer) {
			tell(Finding{id, "absences", "a missing signature is explained, and not by two people for the two sides"})
		}
	}
	lost, err := texts(t, "SELECT subject FROM audit u WHERE action = 'note_absence' AND allowed AND NOT EXISTS (SELECT 1 FROM absences a WHERE a.id = u.subject)")
	for _, id := range lost {
		tell(Finding{id, "absences", "what was done about a missing signature is gone"})
	}
	return err
}

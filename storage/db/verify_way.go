package db

import (
	"fmt"
	"slices"

	"liuhen/flows/record"
)

// verifyWay compares where a report went with what was signed: whom the signer sent it to has it, and nobody whom it excludes (Arts. 5, 10).
// Later stops and recipients are the routing's own.
func (t *tx) verifyWay(report string, r record.Record, stops []record.Stop, tell func(Finding)) error {
	type delivery struct{ unit, person string }
	var want []delivery
	for _, s := range stops {
		var n int
		if _, err := t.one([]any{&n}, "SELECT COUNT(*) FROM stops WHERE report = $1 AND unit = $2 AND article = $3 AND climbed = $4", report, s.Unit, s.Article, s.Climbed); err != nil {
			return err
		}
		if n != 1 {
			tell(Finding{report, "stops", "a stop that was signed for is missing or differs"})
		}
		for _, p := range s.Recipients {
			want = append(want, delivery{s.Unit, p.ID})
		}
	}
	made, err := rows(t, func(d *delivery) []any { return []any{&d.unit, &d.person} }, "SELECT unit, person FROM deliveries WHERE report = $1", report)
	if err != nil {
		return err
	}
	for _, d := range want {
		if !slices.Contains(made, d) {
			tell(Finding{report, "deliveries", "one to a recipient who was signed for is gone"})
		}
	}
	for _, d := range made {
		if d.person == r.Signer.ID || slices.ContainsFunc(r.Report.Excluded, func(e record.Excluded) bool { return e.ID == d.person }) {
			tell(Finding{report, "deliveries", "one to somebody whom the report excludes was put in"})
		}
	}
	return nil
}

// verifyStrays finds rows that belong to none, and data keys that say another key-encryption key than the one they are wrapped by:
// that one could be retired, and what they open lost.
func (t *tx) verifyStrays(tell func(Finding)) error {
	for _, s := range []struct{ table, id, belongs string }{
		{"logged", "id", "audit WHERE audit.id = logged.id"},
		{"stops", "report", "reports WHERE reports.id = stops.report"},
		{"deliveries", "report", "reports WHERE reports.id = deliveries.report"},
	} {
		found, err := texts(t, fmt.Sprintf("SELECT %s FROM %s WHERE NOT EXISTS (SELECT 1 FROM %s) ORDER BY 1", s.id, s.table, s.belongs))
		if err != nil {
			return err
		}
		for _, id := range found {
			tell(Finding{id, s.table, "it belongs to nothing that there is: it was put in"})
		}
	}
	if t.d.Wrapper != nil {
		return nil // a service alone knows what its wrapped keys say
	}
	wrong, err := texts(t, fmt.Sprintf("SELECT of_table || '/' || of_row FROM data_keys WHERE wrapped_by <> %s ORDER BY 1", t.wrapping()))
	for _, id := range wrong {
		tell(Finding{id, "data_keys", "it is wrapped by another key than it says"})
	}
	return err
}

// wrapping is, in SQL, the ID of the key-encryption key that a data key says, authenticated, it is wrapped by.
func (t *tx) wrapping() string {
	if t.d.engine == postgresEngine {
		return "encode(substr(wrapped, 2, 4), 'hex')"
	}
	return "LOWER(HEX(SUBSTR(wrapped, 2, 4)))"
}

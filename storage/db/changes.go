package db

import (
	"slices"

	"liuhen/flows/law"
	"liuhen/flows/record"
)

// changesOf are what the register says happened to the signer of an entry since it was signed: roles that ended in the institution,
// and leaving (R9.3).
func (t *tx) changesOf(entry record.Record) ([]law.Change, error) {
	type row struct {
		role string
		at   int64
	}
	var left int64
	since := entry.Signed.UnixMilli()
	if _, err := t.one([]any{&left}, "SELECT COALESCE(left_ms, 0) FROM persons WHERE id = $1", entry.Signer.ID); err != nil {
		return nil, err
	}
	found, err := rows(t, func(r *row) []any { return []any{&r.role, &r.at} },
		"SELECT role, until_ms FROM roles WHERE person = $1 AND unit = $2 AND until_ms >= $3 ORDER BY until_ms, role",
		entry.Signer.ID, entry.Institution.ID, since)
	if err != nil {
		return nil, err
	}
	var out []law.Change
	for _, r := range found {
		role, known := law.ParseRole(r.role)
		if known && r.at != left {
			out = append(out, law.Change{On: t.d.day(t.d.local(r.at)), Role: role})
		}
	}
	if left >= since {
		out = append(out, law.Change{On: t.d.day(t.d.local(left))})
	}
	slices.SortStableFunc(out, law.SortChanges)
	return out, nil
}

// shareOf compares the cases that the signer of an entry was given before it and of late; nil unless they are still an appraiser
// there and were given none (R9.3).
func (t *tx) shareOf(entry record.Record) (*law.Share, error) {
	still, err := texts(t, "SELECT person FROM roles WHERE person = $1 AND unit = $2 AND role = $3 AND until_ms IS NULL",
		entry.Signer.ID, entry.Institution.ID, law.Appraiser.String())
	if err != nil || len(still) == 0 {
		return nil, err
	}
	from, on, since := law.ShareDays(t.d.day(entry.Signed), t.d.today())
	s := law.Share{Since: since}
	for _, x := range []struct {
		such     string
		args     []any
		all, own *int
	}{
		{"c.accepted >= $3 AND c.accepted < $4", []any{from.String(), on.String()}, &s.Before, &s.OwnBefore},
		{"c.accepted >= $3", []any{since.String()}, &s.After, &s.OwnAfter},
	} {
		_, err := t.one([]any{x.all, x.own}, `SELECT COUNT(*), COUNT(s.person) FROM cases c LEFT JOIN signers s ON s.case_id = c.id AND s.person = $1
			WHERE c.institution = $2 AND `+x.such, append([]any{entry.Signer.ID, entry.Institution.ID}, x.args...)...)
		if err != nil {
			return nil, err
		}
	}
	if !s.Fell() {
		return nil, nil
	}
	return &s, nil
}

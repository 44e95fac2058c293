package db

import (
	"context"

	"liuhen/flows/law"
)

// LastDigests says on which day each person last got the daily digest. One of a later day than today, from when the clock was
// wrong, does not count.
func (d *DB) LastDigests(ctx context.Context, today law.Date) (map[string]law.Date, error) {
	type last struct{ person, day string }
	out := map[string]law.Date{}
	err := d.snapshot(ctx, "list last digests", func(t *tx) error {
		found, err := rows(t, func(r *last) []any { return []any{&r.person, &r.day} },
			"SELECT person, MAX(ref) FROM outbox WHERE kind = $1 AND state = 'sent' AND ref <= $2 GROUP BY person", string(Digest), today.String())
		for _, r := range found {
			if day, err := law.ParseDate(r.day); err == nil {
				out[r.person] = day
			}
		}
		return err
	})
	return out, err
}

// Accounts lists the accounts of everybody who has not left.
func (d *DB) Accounts(ctx context.Context) (out []int64, err error) {
	err = d.snapshot(ctx, "list accounts", func(t *tx) error {
		out, err = rows(t, func(a *int64) []any { return []any{a} },
			"SELECT a.account FROM accounts a JOIN persons p ON p.id = a.person WHERE p.left_ms IS NULL ORDER BY a.account")
		return err
	})
	return out, err
}

// Due counts the messages that are to be sent now to people who can be reached.
func (d *DB) Due(ctx context.Context) (n int, err error) {
	if d.quiet() {
		return 0, nil
	}
	err = d.snapshot(ctx, "count due messages", func(t *tx) error {
		_, err := t.one([]any{&n}, `SELECT COUNT(*) FROM outbox o JOIN accounts a ON a.person = o.person
			WHERE o.state = 'due' AND o.due_ms <= $1 AND a.unreachable_ms IS NULL`, d.now())
		return err
	})
	return n, err
}

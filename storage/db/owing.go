package db

import (
	"context"

	"liuhen/flows/law"
)

// Owing is a closed case that lacks entries (Art. 4): whoever decides about reminders learns this and no more.
type Owing struct {
	Case        string // ID
	Number      string
	Institution law.UnitID
	Closed      law.Date
	Missing     []string // person IDs of the signers without any entry
}

// Owing lists the cases closed since the rule came into force that lack entries, the longest closed first.
func (d *DB) Owing(ctx context.Context) (out []Owing, err error) {
	err = d.snapshot(ctx, "list what is owed", func(t *tx) error {
		found, err := t.missing("")
		if err != nil {
			return err
		}
		out = nil
		for _, m := range found {
			if n := len(out); n == 0 || out[n-1].Case != m.caseID {
				out = append(out, Owing{Case: m.caseID, Number: m.number, Institution: law.UnitID(m.institution), Closed: m.closed})
			}
			last := &out[len(out)-1]
			last.Missing = append(last.Missing, m.person)
		}
		return nil
	})
	return out, err
}

// Nudge is a message that somebody is to have on a day, once.
type Nudge struct {
	Person string
	Day    law.Date
	Kind   Kind
}

// Enqueue puts nudges into the outbox and says how many were new. The same nudge again is nothing.
func (d *DB) Enqueue(ctx context.Context, nudges []Nudge) (fresh int, err error) {
	err = d.write(ctx, "enqueue reminders", func(t *tx) error {
		fresh = 0
		for _, n := range nudges {
			day := n.Day.String()
			k, err := t.exec(`INSERT INTO outbox (id, person, kind, ref, due_ms, lease_ms, attempts, state, why)
				VALUES ($1, $2, $3, $4, $5, 0, 0, 'due', '') ON CONFLICT (id) DO NOTHING`,
				key(string(n.Kind), n.Person, day), n.Person, string(n.Kind), day, d.now())
			if err != nil {
				return err
			}
			fresh += k
		}
		return nil
	})
	return fresh, err
}

// Snoozed are the people who want no reminder on that day. Nobody can put one off for longer than one working day: what says
// more was made while the clock was wrong.
func (d *DB) Snoozed(ctx context.Context, day law.Date) (map[string]bool, error) {
	out := map[string]bool{}
	err := d.snapshot(ctx, "list snoozes", func(t *tx) error {
		people, err := texts(t, "SELECT person FROM snoozes WHERE until > $1 AND until <= $2", day.String(), d.resume(day))
		for _, p := range people {
			out[p] = true
		}
		return err
	})
	return out, err
}

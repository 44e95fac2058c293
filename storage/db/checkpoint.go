package db

import (
	"context"
	"errors"
	"slices"
	"time"

	"liuhen/flows/law"
)

// MayHaveCheckpoint makes sure that the caller is an officer of an authority, who keeps checkpoints outside this system (R4.9). Somebody else
// gets ErrDenied. Either way it is written down.
func (d *DB) MayHaveCheckpoint(ctx context.Context, c Caller, event int64) error {
	var no error
	err := d.write(ctx, "hand a checkpoint over", func(t *tx) error {
		if err := (&work{tx: t, c: c}).stillCaller(); err != nil {
			return err
		}
		_, err := t.authorize(c, ask{action: law.ReadCheckpoint, event: event, at: d.Clock()})
		if no = nil; errors.Is(err, ErrDenied) {
			no = err // and what was noted stays
			return nil
		}
		return err
	})
	return errors.Join(err, no)
}

// TellCheckpoint tells the officers of every authority, and where there are none its leads, that the day's checkpoint can be had: once on each working day, from nine in the
// morning on, whatever was filed. It says how many messages were new.
func (d *DB) TellCheckpoint(ctx context.Context) (fresh int, err error) {
	today := d.today()
	if work, _ := d.Calendar.IsWorkday(today); !work {
		return 0, nil
	}
	due := max(d.now(), time.Date(today.Y, today.M, today.D, morning, 0, 0, 0, d.Zone).UnixMilli())
	err = d.write(ctx, "tell of a checkpoint", func(t *tx) error {
		fresh = 0
		dir, err := t.directory()
		if err != nil {
			return err
		}
		for _, p := range keepersOfCheckpoints(dir) {
			n, err := t.posted(key(string(Checkpoint), p, today.String()), p, Checkpoint, today.String(), due)
			if err != nil {
				return err
			}
			fresh += n
		}
		return nil
	})
	return fresh, err
}

// keepersOfCheckpoints are those who are told, each once.
func keepersOfCheckpoints(dir law.Directory) (out []string) {
	for _, u := range dir.Units {
		if u.Kind != law.AuthorityUnit {
			continue
		}
		for _, role := range []law.Role{law.Officer, law.OfficerLead} {
			found := false
			for _, m := range dir.In(u.ID) {
				if m.Left || !m.Has(role) {
					continue
				}
				found = true
				if !slices.Contains(out, string(m.ID)) {
					out = append(out, string(m.ID))
				}
			}
			if found {
				break
			}
		}
	}
	return out
}

// mootCheckpoint: it is for today's officers, on its day.
func (j *judge) mootCheckpoint(m Message) (string, error) {
	if m.Ref < j.d.today().String() {
		return "day_over", nil
	}
	places, err := j.places(m.Person)
	return when(len(organs(places)) == 0, "no_officer"), err
}

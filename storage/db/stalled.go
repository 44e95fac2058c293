package db

import (
	"context"

	"liuhen/flows/law"
)

// Stalled counts the proceedings under Art. 11 in which a correction is ordered and nobody at their organ may go on today: there is
// no officer, or none who may read the report that they rest on. A report goes by itself to whoever may have it at the organ
// ([DB.Reroute]), its lead among them, and its proceeding with it; so an officer more on the register mends this. It is for whoever
// keeps the bot running, who learns nothing else: told at the organ, it would tell those who are excluded that there is a report.
func (d *DB) Stalled(ctx context.Context) (n int, err error) {
	err = d.snapshot(ctx, "count stalled proceedings", func(t *tx) error {
		n = 0
		all, err := t.proceedings(toRoute, "1 = 1")
		if err != nil || len(all) == 0 {
			return err
		}
		dir, err := t.directory()
		if err != nil {
			return err
		}
		for _, p := range all {
			if p.Stage != law.Ordered {
				continue
			}
			led, err := t.led(dir, p)
			if err != nil {
				return err
			}
			if !led {
				n++
			}
		}
		return nil
	})
	return n, err
}

// led reports whether somebody at its organ may see and lead a proceeding today.
func (t *tx) led(dir law.Directory, p *proceeding) (bool, error) {
	for _, m := range dir.In(law.UnitID(p.order().Unit)) {
		yes, err := t.oversees(string(m.ID), placesIn(dir, m.ID), p.order())
		if err != nil || yes {
			return yes, err
		}
	}
	return false, nil
}

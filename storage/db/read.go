package db

import (
	"context"
	"errors"
	"time"

	"liuhen/flows"
	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/record"
)

// Evidence finds one piece of evidence for whoever may read what it belongs to: of is an own entry, for its signer, or a report,
// for its recipients; what its reporter added to the report is among it. Anybody else gets ErrDenied. Either way it is written
// down.
func (d *DB) Evidence(ctx context.Context, c Caller, event int64, of, file string) (f form.File, err error) {
	var no error
	err = d.write(ctx, "find evidence", func(t *tx) error {
		w := &work{tx: t, c: c}
		if err := w.stillCaller(); err != nil {
			return err
		}
		g, err := t.authorize(w.c, ask{action: law.ReadEvidence, subject: of, part: file, event: event, at: d.Clock()})
		if no = nil; errors.Is(err, ErrDenied) {
			no = err // and what was noted stays
			return nil
		}
		if err != nil {
			return err
		}
		f = g.file
		return nil
	})
	return f, errors.Join(err, no)
}

// Entry is the caller's own entry, to be put on paper, with the 缺签说明 that stand about its case, for the remarks of its sheet (AM-21);
// anybody else's is ErrDenied. Either way it is written down (R10.4).
func (d *DB) Entry(ctx context.Context, c Caller, event int64, id string) (r record.Record, absent []flows.Explained, err error) {
	var no error
	err = d.write(ctx, "find an entry to print", func(t *tx) error {
		r, absent, no = record.Record{}, nil, nil
		if err := (&work{tx: t, c: c}).stillCaller(); err != nil {
			return err
		}
		g, err := t.authorize(c, ask{action: law.PrintEntry, subject: id, event: event, at: d.Clock()})
		if errors.Is(err, ErrDenied) {
			no = err // and what was noted stays
			return nil
		}
		if err != nil {
			return err
		}
		r = g.record
		absent, err = t.explainedBeside(g)
		return err
	})
	return r, absent, errors.Join(err, no)
}

// read notes that the caller opens a report. Somebody who may not sees, and changes, nothing; the try is written down.
func (w *work) read(report string) error {
	_, err := w.authorize(w.c, ask{action: law.ReadReport, subject: report, event: w.event, at: w.at})
	if errors.Is(err, ErrDenied) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = w.exec("UPDATE deliveries SET opened_ms = $1 WHERE report = $2 AND person = $3 AND opened_ms IS NULL",
		w.at.UnixMilli(), report, w.c.Person)
	return err
}

// reading puts what is open onto the desk, if the caller may have it.
func (t *tx) reading(desk *flows.Desk, c Caller, w Where) error {
	switch w.Place {
	case flows.AtLog:
		return t.openLog(desk, c, w)
	case flows.AtLeaks:
		return t.openLeak(desk, c, w)
	default:
	}
	action := law.ReadEntry
	switch w.Place {
	case flows.AtReport:
		action = law.ReadReport
	case flows.AtPlaint:
		action = law.ReadPlaint
	default:
	}
	g, err := t.authorize(c, ask{action: action, subject: w.Subject, event: w.Event, at: desk.Now})
	if errors.Is(err, ErrDenied) {
		return nil
	}
	if err != nil {
		return err
	}
	switch w.Place {
	case flows.AtProtect:
		return t.protection(g, desk)
	case flows.AtPlaint:
		return t.complaint(g, desk)
	default:
	}
	if w.Place == flows.AtRecord {
		desk.Entry = &g.record
		t.d.showDigest(desk, g)
		if desk.Entry.Report == nil {
			return nil
		}
		if err := t.wayNow(g, desk); err != nil {
			return err
		}
		return t.follow(g, desk)
	}
	desk.Report = &flows.Report{
		ID: w.Subject, Record: g.record, Arrived: t.d.local(g.delivery.arrived),
		Level: g.delivery.level, Digest: g.digest,
	}
	if err := t.others(g, desk.Report); err != nil {
		return err
	}
	return t.handled(g, desk.Report)
}

// local is a stored moment in the institution's zone.
func (d *DB) local(ms int64) time.Time { return time.UnixMilli(ms).In(d.Zone) }

// showDigest puts the digest of the entry being read onto its receipt. It is the salted one of the log: from a plain digest
// whoever is shown a receipt could find out by trying whether the entry says that nothing happened.
func (d *DB) showDigest(desk *flows.Desk, g *grant) {
	for i, r := range desk.Records {
		if r.ID == g.record.ID {
			desk.Records[i].Digest = g.sums.Name(d.Suite)
		}
	}
}

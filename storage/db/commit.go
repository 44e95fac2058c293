package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
)

// Caller is who is at the other end: an account of the channel, the person it belongs to ("" when not bound) and the
// invitation that is being answered, if any.
type Caller struct {
	Account int64
	Person  string
	Link    string
	Former  string // the person the account belonged to and who has left: they have the rows of the table of access that say so
}

// Caller finds the person an account belongs to. People who have left are nobody, but for what is theirs for ever.
func (d *DB) Caller(ctx context.Context, account int64) (Caller, error) {
	c := Caller{Account: account}
	err := d.snapshot(ctx, "find caller", func(t *tx) (err error) {
		if c.Person, err = t.personOf(account); err == nil && c.Person == "" {
			c.Former, err = t.formerOf(account)
		}
		return err
	})
	return c, err
}

func (t *tx) personOf(account int64) (person string, err error) {
	_, err = t.one([]any{&person},
		"SELECT p.id FROM accounts a JOIN persons p ON p.id = a.person WHERE a.account = $1 AND p.left_ms IS NULL", account)
	return person, err
}

// denial is an ErrDenied that says what was refused and why, in words for the audit table. own keeps it out of the logs of
// access: what a reporter tries about their own report is nobody else's to know.
type denial struct {
	action, subject, why string
	own                  bool
}

func (e *denial) Error() string { return e.action + ": " + e.why }

func (e *denial) Unwrap() error { return ErrDenied }

// work is what one event changes.
type work struct {
	*tx
	c     Caller
	event int64
	at    time.Time
}

// Commit carries out all effects of one event in one transaction: all of them or none. Repeating it changes nothing. What
// the caller may not do is ErrDenied; the attempt is written down.
func (d *DB) Commit(ctx context.Context, c Caller, event int64, at time.Time, effects []flows.Durable) error {
	if len(effects) == 0 {
		return nil
	}
	err := d.write(ctx, "commit", func(t *tx) error {
		w := &work{tx: t, c: c, event: event, at: at}
		if err := w.stillCaller(); err != nil {
			return err
		}
		for _, e := range effects {
			if w.c.Former != "" && !formerMay(e) {
				return &denial{action: "act", subject: w.c.Former, why: notTheirs}
			}
			if err := w.carryOut(e); err != nil {
				return err
			}
		}
		return nil
	})
	return d.noteDenial(ctx, c, event, at, err)
}

func (w *work) carryOut(e flows.Durable) error {
	switch e := e.(type) {
	case flows.File:
		return w.file(e.Record)
	case flows.Bind:
		return w.bind(e.Person)
	case flows.Guess:
		return w.guess()
	case flows.Read:
		return w.read(e.Report)
	case flows.Handle:
		return w.handle(e.Act)
	case flows.Take:
		return w.measure(e.Measure)
	case flows.Complain:
		return w.complain(e)
	case flows.CheckIn:
		return w.checkIn(e)
	case flows.Snooze:
		return w.snooze()
	case flows.Appoint:
		return w.appoint(e.Substitute)
	case flows.Confirm:
		return w.confirm(e)
	case flows.Dismiss:
		return w.dismiss(e.ID)
	case flows.NoteLeak:
		return w.noteLeak(e)
	case flows.Keep:
		return w.keepFiles(e)
	case flows.NoteAbsence:
		return w.noteAbsence(e)
	}
	return fmt.Errorf("effect %T is not known", e)
}

// stillCaller makes sure that the account still belongs to the person it belonged to when the event arrived.
func (w *work) stillCaller() error {
	if w.c.Former != "" {
		former, err := w.formerOf(w.c.Account)
		if err == nil && (former != w.c.Former || w.c.Person != "" && w.c.Person != former) {
			err = &denial{action: "act", subject: w.c.Former, why: "the account is no longer this person's"}
		}
		w.c.Person = former
		return err
	}
	if w.c.Person == "" {
		return nil
	}
	person, err := w.personOf(w.c.Account)
	if err == nil && person != w.c.Person {
		err = &denial{action: "act", subject: w.c.Person, why: "the account is no longer this person's"}
	}
	return err
}

// noteDenial writes a refusal down after its transaction was undone.
func (d *DB) noteDenial(ctx context.Context, c Caller, event int64, at time.Time, err error) error {
	var no *denial
	if !errors.As(err, &no) {
		return err
	}
	if c.Former != "" {
		c.Person = c.Former
	}
	noted := d.write(ctx, "note a refusal", func(t *tx) error { return t.refused(c, event, at, no) })
	return errors.Join(err, noted)
}

// snooze leaves the next working day's reminder out.
func (w *work) snooze() error {
	if w.c.Person == "" {
		return &denial{action: "snooze", why: "not bound"}
	}
	_, err := w.exec(`INSERT INTO snoozes (person, until) VALUES ($1, $2) ON CONFLICT (person) DO UPDATE SET until = excluded.until`,
		w.c.Person, w.d.resume(w.d.day(w.at)))
	return err
}

// resume is the day on which reminders put off on a day come again.
func (d *DB) resume(day law.Date) string {
	next, _ := d.Calendar.AddWorkdays(day, 2)
	return next.String()
}

// day is the civil date of t where the institution is.
func (d *DB) day(t time.Time) law.Date { return law.DateOf(t.In(d.Zone)) }

func (d *DB) today() law.Date { return d.day(d.Clock()) }

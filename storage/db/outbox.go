package db

import (
	"context"
	"time"
)

// Kind says what a message tells. None carries content: the words are the same for everybody (R10.2).
type Kind string

// The kinds of messages, and what their Ref is.
const (
	Report  Kind = "report"  // a report has arrived; the report
	Digest  Kind = "digest"  // the daily reminder; the day
	Routes  Kind = "routes"  // the way of reports has a hole that its reader can mend; the day
	Confirm Kind = "confirm" // asks whether its reader still receives reports; the day
	Lost    Kind = "lost"    // somebody cannot be reached; the first of them that day
	Held    Kind = "held"    // a report waits that nobody may receive; the report
	Moved   Kind = "moved"   // tells the signer that the report went to another level (R5.5); the record
	CheckIn Kind = "checkin" // asks whether somebody suffers retaliation (R9.3); the watch
	Word    Kind = "word"    // something was done about a report; the record for its signer (of a complaint the complaint), the report for those who handle it
	Leak    Kind = "leak"    // a leak was written down; the leak

	Checkpoint Kind = "checkpoint" // the day's checkpoint can be had, for those who keep it outside; the day
	Absent     Kind = "absent"     // something was said about a missing signature (AM-21), for its signer or for who can answer; the proposal
)

// Message is one message to be sent now.
type Message struct {
	ID       string
	Person   string
	Account  int64
	Kind     Kind
	Ref      string
	Attempts int // this one included
}

// Sent notes that a message arrived.
func (d *DB) Sent(ctx context.Context, id string) error {
	return d.write(ctx, "note a sent message", func(t *tx) error {
		// When a report's message had to be tried again, its time is put back to the day: see dayOf.
		_, err := t.exec(`UPDATE outbox SET state = 'sent', lease_ms = 0, why = '',
			due_ms = CASE WHEN kind = $1 THEN due_ms - due_ms % 86400000 ELSE due_ms END WHERE id = $2 AND state = 'due'`, string(Report), id)
		if err != nil {
			return err
		}
		return t.putAway("id = $4", id)
	})
}

// Retry puts a message off until at.
func (d *DB) Retry(ctx context.Context, id string, at time.Time, why string) error {
	return d.write(ctx, "put a message off", func(t *tx) error {
		_, err := t.exec("UPDATE outbox SET due_ms = $1, lease_ms = 0, why = $2 WHERE id = $3 AND state = 'due'", at.UnixMilli(), why, id)
		return err
	})
}

// Undeliverable gives a message up. For a report it means that this recipient cannot be reached, which [DB.Reroute] acts
// upon; it changes nothing that anybody else could see.
func (d *DB) Undeliverable(ctx context.Context, id, why string) error {
	return d.write(ctx, "give a message up", func(t *tx) error {
		_, err := t.exec("UPDATE outbox SET state = 'failed', lease_ms = 0, why = $1 WHERE id = $2 AND state = 'due'", why, id)
		return err
	})
}

// Reach notes whether an account can be reached, as the channel itself told or as asking everybody found out, and tells those
// who must mend it at the next 09:00 of a working day. A message that did not arrive is never a reason to call it: that is
// noted for that message alone, by [DB.Undeliverable], for the institution must not learn that one was on its way.
func (d *DB) Reach(ctx context.Context, account int64, reachable bool) error {
	return d.write(ctx, "note who can be reached", func(t *tx) error {
		person, err := t.personOf(account)
		if err != nil || person == "" {
			return err
		}
		if reachable {
			return t.found(person)
		}
		n, err := t.exec("UPDATE accounts SET unreachable_ms = $1 WHERE person = $2 AND unreachable_ms IS NULL", d.now(), person)
		if err != nil || n == 0 {
			return err
		}
		return t.tellKeepers(person)
	})
}

// found: somebody can be reached again; what did not arrive and is not over is tried once more.
func (t *tx) found(person string) error {
	if _, err := t.exec("UPDATE accounts SET unreachable_ms = NULL WHERE person = $1", person); err != nil {
		return err
	}
	_, err := t.exec("UPDATE outbox SET state = 'due', due_ms = $1 WHERE person = $2 AND kind IN ('report', 'word') AND state = 'failed'", t.d.now(), person)
	return err
}

// tellKeepers puts one message a day into the outbox for each person who must know, however many cannot be reached.
func (t *tx) tellKeepers(person string) error {
	due := t.d.nextMorning()
	day := t.d.day(due).String()
	people, err := t.keepersOf(person)
	for _, to := range people {
		if err := t.post(key(string(Lost), to, day), to, Lost, person, due.UnixMilli()); err != nil {
			return err
		}
	}
	return err
}

// keepersOf are those who must know that this person cannot be reached.
func (t *tx) keepersOf(person string) ([]string, error) {
	return texts(t, `SELECT DISTINCT r.person FROM persons p JOIN roles r ON r.unit = p.unit JOIN persons k ON k.id = r.person
		WHERE p.id = $1 AND p.left_ms IS NULL AND k.left_ms IS NULL AND k.id <> p.id AND r.until_ms IS NULL AND r.role IN ($2, $3, $4)
		ORDER BY r.person`, person, keepers[0].String(), keepers[1].String(), keepers[2].String())
}

// morning is the hour at which people are told what can wait.
const morning = 9

// nextMorning is the next 09:00 of a working day.
func (d *DB) nextMorning() time.Time {
	now := d.Clock().In(d.Zone)
	day := d.today()
	for {
		at := time.Date(day.Y, day.M, day.D, morning, 0, 0, 0, d.Zone)
		if work, _ := d.Calendar.IsWorkday(day); work && at.After(now) {
			return at
		}
		day = day.AddDays(1)
	}
}

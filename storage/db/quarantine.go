package db

import (
	"context"
	"strings"
	"time"
)

// notReleased is true while the database is in quarantine after a restore.
const notReleased = "EXISTS (SELECT 1 FROM restores WHERE released_ms IS NULL)"

// Quarantine says since when the database waits for its release, the zero time if it does not, and how many messages were due
// when the backup was made.
func (d *DB) Quarantine(ctx context.Context) (since time.Time, old int, err error) {
	err = d.snapshot(ctx, "look for a restore", func(t *tx) error {
		var at int64
		if _, err := t.one([]any{&at}, "SELECT COALESCE(MIN(at_ms), 0) FROM restores WHERE released_ms IS NULL"); err != nil || at == 0 {
			return err
		}
		since = d.local(at)
		_, err := t.one([]any{&old}, "SELECT COUNT(*) FROM outbox WHERE state = 'old'")
		return err
	})
	return since, old, err
}

// Recipient is somebody who may be sent reports.
type Recipient struct{ Unit, Person, Role string }

// Recipients lists everybody who holds a role in which reports are received, for those who compare them with today's.
func (d *DB) Recipients(ctx context.Context) (out []Recipient, err error) {
	err = d.snapshot(ctx, "list recipients", func(t *tx) error {
		out, err = rows(t, func(r *Recipient) []any { return []any{&r.Unit, &r.Person, &r.Role} },
			`SELECT u.name, p.name, r.role FROM roles r JOIN units u ON u.id = r.unit JOIN persons p ON p.id = r.person
			WHERE r.until_ms IS NULL AND p.left_ms IS NULL AND r.role IN `+list(1, len(recipientRoles))+` ORDER BY u.name, r.role, p.name`, anys(recipientRoles)...)
		return err
	})
	return out, err
}

// Release ends the quarantine: those who compared the roles with today's stand by it with their names. Messages that were due when the
// backup was made are sent after all, if they still are owed and allowed, or closed: only people know whether they were sent since.
func (d *DB) Release(ctx context.Context, people []string, resend bool) error {
	return d.write(ctx, "release", func(t *tx) error {
		n, err := t.exec("UPDATE restores SET released_ms = $1, by_whom = $2 WHERE released_ms IS NULL", d.now(), strings.Join(people, ", "))
		if err != nil || n == 0 {
			return err
		}
		q := "UPDATE outbox SET state = 'closed', why = 'restored' WHERE state = 'old'"
		if resend {
			q = "UPDATE outbox SET state = 'due', attempts = 0 WHERE state = 'old'"
		}
		if _, err := t.exec(q); err != nil {
			return err
		}
		return t.audit(key("release", number(d.now())), d.Clock(), "", "release", "", true, "")
	})
}

// quarantined reports whether nothing may be delivered now.
func (t *tx) quarantined() (yes bool, err error) {
	_, err = t.one([]any{&yes}, "SELECT "+notReleased)
	return yes, err
}

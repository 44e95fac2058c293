package db

import (
	"context"
	"slices"
	"time"

	"liuhen/flows/law"
)

// Claim takes up to n messages that are due, still owed and still allowed, and keeps others from taking them until the lease
// ends; none in the quiet hours, whatever they tell: what comes at night waits for the morning. Whether somebody may have a report is decided again here, with today's roles and the exclusions signed with it (I7);
// what is no longer owed or allowed is closed with the reason.
func (d *DB) Claim(ctx context.Context, n int, lease time.Duration) (out []Message, err error) {
	err = d.write(ctx, "claim messages", func(t *tx) error {
		out = nil
		if err := t.closeStale(); err != nil || d.quiet() {
			return err
		}
		if held, err := t.quarantined(); err != nil || held {
			return err
		}
		found, err := t.dueNow(n)
		if err != nil {
			return err
		}
		judge := &judge{tx: t}
		for _, m := range found {
			why, err := judge.moot(m)
			if err != nil {
				return err
			}
			mine, err := t.settleMessage(m.ID, why, lease)
			if err != nil {
				return err
			}
			if mine && why == "" {
				out = append(out, m)
			}
		}
		return nil
	})
	return out, err
}

// quiet reports whether nobody is to be disturbed now (domain.md 3.6).
func (d *DB) quiet() bool { return d.Policy.Quiet(d.Clock().In(d.Zone).Hour()) }

// closeStale ends reminders whose day is over and messages to people who have left, bound or not; what their own entries are about
// still reaches them, if their account does.
func (t *tx) closeStale() error {
	if _, err := t.exec("UPDATE outbox SET state = 'closed', why = 'day_over' WHERE state = 'due' AND kind = 'digest' AND ref < $1",
		t.d.today().String()); err != nil {
		return err
	}
	_, err := t.exec(`UPDATE outbox SET state = 'closed', why = 'left' WHERE state = 'due'
		AND person IN (SELECT id FROM persons WHERE left_ms IS NOT NULL)
		AND NOT (kind IN ($1, $2, $3) AND person IN (SELECT person FROM accounts))`, string(Word), string(Moved), string(CheckIn))
	return err
}

// dueNow lists due messages to people who can be reached; the others wait without being in anybody's way.
func (t *tx) dueNow(n int) ([]Message, error) {
	return rows(t, func(m *Message) []any { return []any{&m.ID, &m.Person, &m.Account, &m.Kind, &m.Ref, &m.Attempts} },
		`SELECT o.id, o.person, a.account, o.kind, o.ref, o.attempts + 1 FROM outbox o JOIN accounts a ON a.person = o.person
		WHERE o.state = 'due' AND o.due_ms <= $1 AND o.lease_ms <= $1 AND a.unreachable_ms IS NULL
		ORDER BY o.due_ms, o.id LIMIT $2`, t.d.now(), n)
}

// settleMessage leases a message, or closes it when there is a reason to. It says whether this process was the one to do so:
// the conditions hold again at the moment of writing, so that of two processes one succeeds.
func (t *tx) settleMessage(id, why string, lease time.Duration) (bool, error) {
	now := t.d.now()
	if why != "" {
		n, err := t.exec("UPDATE outbox SET state = 'closed', why = $1 WHERE id = $2 AND state = 'due' AND lease_ms <= $3", why, id, now)
		if err != nil || n == 0 {
			return false, err
		}
		return true, t.putAway("id = $4", id)
	}
	n, err := t.exec("UPDATE outbox SET lease_ms = $1, attempts = attempts + 1 WHERE id = $2 AND state = 'due' AND due_ms <= $3 AND lease_ms <= $3",
		now+lease.Milliseconds(), id, now)
	return n == 1, err
}

// judge decides whether messages are still owed and allowed. What it needs for reminders it reads once.
type judge struct {
	*tx
	owed   []missing
	tasks  map[string]TaskDue // the first open duty of each person
	loaded bool
}

// moot is the reason why a message is not to be sent any more, "" for none.
func (j *judge) moot(m Message) (why string, err error) {
	switch m.Kind {
	case Report:
		return j.mootReport(m)
	case Digest:
		return j.mootDigest(m)
	case Lost:
		return j.mootLost(m)
	case Held:
		return j.mootHeld(m)
	case Routes, Confirm:
		return j.mootRoutes(m)
	case Moved:
		mine, err := j.signedBy(m.Person, m.Ref)
		return when(!mine, "not_the_signer"), err
	case Word:
		return j.mootWord(m)
	case Leak:
		return j.mootLeak(m)
	case CheckIn:
		return j.mootQuestion(m)
	case Checkpoint:
		return j.mootCheckpoint(m)
	case Absent:
		return j.mootAbsent(m)
	}
	return "", nil
}

// mootLeak: a leak is for today's lead.
func (j *judge) mootLeak(m Message) (string, error) {
	g, err := j.asWatcher(m.Person, law.AsOfficeLead, ask{action: law.ReadLeaks, subject: m.Ref})
	return when(g == nil, "not_the_lead"), err
}

// mootWord: a word about a report is for its signer, and for those who may have it today; one about a proceeding under Art. 11
// for its person, and the officers who may see it today.
func (j *judge) mootWord(m Message) (string, error) {
	if mine, err := j.signedBy(m.Person, m.Ref); err != nil || mine {
		return "", err
	}
	x, err := j.inHand(m.Person, m.Ref)
	if err != nil || x != nil {
		return "", err
	}
	hears, err := j.hears(m.Person, m.Ref)
	return when(!hears, "not_eligible"), err
}

// mootHeld: the alarm stands until somebody may read the report.
func (j *judge) mootHeld(m Message) (string, error) {
	l, found, err := j.letterOf(toRoute, m.Ref)
	if err != nil || !found {
		return when(!found, "no_report"), err
	}
	dir, err := j.directory()
	if err != nil {
		return "", err
	}
	readable, err := j.readable(dir, m.Ref, l)
	return when(readable, "received"), err
}

// signedBy reports whether an entry, or a complaint, is somebody's own.
func (t *tx) signedBy(person, ref string) (bool, error) {
	var signer string
	found, err := t.one([]any{&signer}, "SELECT signer FROM records WHERE id = $1", ref)
	if err != nil || found {
		return signer == person, err
	}
	l, found, err := t.letterOf(toRoute, ref)
	return found && l.Complaint && l.Signer == person, err
}

func when(cond bool, why string) string {
	if cond {
		return why
	}
	return ""
}

func (j *judge) mootReport(m Message) (string, error) {
	x, err := j.inHand(m.Person, m.Ref)
	switch {
	case err != nil:
		return "", err
	case x == nil:
		return "not_eligible", nil
	case x.opened:
		return "opened", nil
	}
	return "", nil
}

// mootDigest: a reminder is owed as long as its reader owes an entry, oversees somebody who does, or has a duty to do soon.
func (j *judge) mootDigest(m Message) (string, error) {
	if !j.loaded {
		var err error
		if j.owed, err = j.missing(""); err != nil {
			return "", err
		}
		if j.tasks, err = j.firstDue(); err != nil {
			return "", err
		}
		j.loaded = true
	}
	snoozed, err := texts(j.tx, "SELECT person FROM snoozes WHERE person = $1 AND until > $2 AND until <= $3", m.Person, m.Ref, j.d.resume(date(m.Ref)))
	if err != nil || len(snoozed) > 0 {
		return "snoozed", err
	}
	places, err := j.places(m.Person)
	if err != nil {
		return "", err
	}
	scopes := j.d.scopes(places)
	owed := slices.ContainsFunc(j.owed, func(x missing) bool {
		return x.person == m.Person || slices.ContainsFunc(scopes, func(s scope) bool { return s.sees(x) })
	})
	k, has := j.tasks[m.Person]
	owed = owed || has && (j.d.soon(k.Due, date(m.Ref)) || !k.Since.IsZero())
	return when(!owed, "nothing_owed"), nil
}

// mootLost: one message stands for all whom its reader must reach some other way.
func (j *judge) mootLost(m Message) (string, error) {
	var lost int
	_, err := j.one([]any{&lost}, `SELECT COUNT(*) FROM persons p JOIN roles r ON r.unit = p.unit JOIN accounts a ON a.person = p.id
		WHERE r.person = $1 AND p.id <> $1 AND p.left_ms IS NULL AND a.unreachable_ms IS NOT NULL AND r.until_ms IS NULL AND r.role IN ($2, $3, $4)`,
		m.Person, keepers[0].String(), keepers[1].String(), keepers[2].String())
	return when(lost == 0, "nobody_lost"), err
}

// Package posttest is an outbox in memory for tests of deliveries. It outlives offices, as a database does.
package posttest

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"liuhen/storage/db"
)

// Row is a message and what became of it.
type Row struct {
	db.Message
	State string // due, sent, failed
	Due   time.Time
	Lease time.Time
	Why   string
}

// Outbox implements post.Outbox and post.Watch.
type Outbox struct {
	Clock func() time.Time
	// Fault, when set, is asked before each call, by its name and the row's ID; an error fails the call.
	Fault func(call, id string) error

	mu      sync.Mutex
	order   []string
	rows    map[string]*Row
	reached map[int64]bool
}

// Add puts a message into the outbox.
func (o *Outbox) Add(list ...db.Message) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.rows == nil {
		o.rows = map[string]*Row{}
	}
	for _, m := range list {
		o.rows[m.ID] = &Row{Message: m, State: "due", Due: o.Clock()}
		o.order = append(o.order, m.ID)
	}
}

// Row is a copy of the row with that ID.
func (o *Outbox) Row(id string) Row {
	o.mu.Lock()
	defer o.mu.Unlock()
	return *o.rows[id]
}

// Count is how many rows are in a state.
func (o *Outbox) Count(state string) (n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, r := range o.rows {
		if r.State == state {
			n++
		}
	}
	return n
}

// Reached is what is known of who can be reached.
func (o *Outbox) Reached() map[int64]bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return maps.Clone(o.reached)
}

// Claim implements post.Outbox.
func (o *Outbox) Claim(_ context.Context, n int, lease time.Duration) (out []db.Message, err error) {
	if err := o.fault("claim", ""); err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	now := o.Clock()
	for _, id := range o.order {
		r := o.rows[id]
		if len(out) == n || r.State != "due" || r.Due.After(now) || r.Lease.After(now) {
			continue
		}
		r.Lease = now.Add(lease)
		r.Attempts++
		out = append(out, r.Message)
	}
	return slices.Clip(out), nil
}

// Sent implements post.Outbox.
func (o *Outbox) Sent(_ context.Context, id string) error {
	return o.change("sent", id, func(r *Row) { r.State = "sent" })
}

// Retry implements post.Outbox.
func (o *Outbox) Retry(_ context.Context, id string, at time.Time, why string) error {
	return o.change("retry", id, func(r *Row) { r.Due, r.Lease, r.Why = at, time.Time{}, why })
}

// Undeliverable implements post.Outbox.
func (o *Outbox) Undeliverable(_ context.Context, id, why string) error {
	return o.change("undeliverable", id, func(r *Row) { r.State, r.Why = "failed", why })
}

// Reach implements post.Watch.
func (o *Outbox) Reach(_ context.Context, account int64, reachable bool) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.reached == nil {
		o.reached = map[int64]bool{}
	}
	o.reached[account] = reachable
	return nil
}

func (o *Outbox) change(call, id string, f func(*Row)) error {
	if err := o.fault(call, id); err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	f(o.rows[id])
	return nil
}

func (o *Outbox) fault(call, id string) error {
	if o.Fault == nil {
		return nil
	}
	return o.Fault(call, id)
}

package dialogs

import (
	"context"
	"errors"
	"sync"
	"time"
)

const (
	breakAfter = 3           // failures in a row
	breakPause = time.Second // until the next attempt
)

var errBroken = errors.New("not tried: it has just failed several times in a row")

// breaker keeps every handler from waiting out its own time-out while the store is down: after
// breakAfter failures in a row one attempt per breakPause goes through, the others fail at once.
type breaker struct {
	clock func() time.Time

	mu       sync.Mutex
	failures int
	triedAt  time.Time // when the last attempt was let through
}

// do runs f unless the breaker is open. Only the store's own failures count: a conflict is an
// answer, and a caller who gives up says nothing about the store.
func (b *breaker) do(f func() error) error {
	if !b.allow() {
		return errBroken
	}
	err := f()
	b.note(err)
	return err
}

func (b *breaker) allow() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failures < breakAfter {
		return true
	}
	now := b.clock()
	if since := now.Sub(b.triedAt); since >= 0 && since < breakPause { // a clock set back must not lock us out
		return false
	}
	b.triedAt = now
	return true
}

func (b *breaker) note(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case err == nil || errors.Is(err, ErrConflict):
		b.failures = 0
	case errors.Is(err, context.Canceled):
	default:
		if b.failures++; b.failures == breakAfter {
			b.triedAt = b.clock()
		}
	}
}

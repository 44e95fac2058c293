package telegram

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"
)

const (
	busyGap    = 200 * time.Millisecond // between two polls while turns are under way
	doneGap    = 20 * time.Millisecond  // the same, when one has just ended
	topBackoff = 30 * time.Second
	pollGrace  = 15 * time.Second // for the answer beyond the waiting asked for
)

// ErrToken says that Telegram does not know the token: nothing will get better by itself.
var ErrToken = errors.New("telegram does not know this token: check TELEGRAM_TOKEN, or ask BotFather for a new one")

// Polling says how long to wait.
type Polling struct {
	Wait  time.Duration // for news, in one poll; default 50 s, at least 1 s
	Drain time.Duration // for what is under way at the end; default 10 s
}

// Poll fetches updates and gives them to take until ctx ends or the token turns out to be wrong ([ErrToken]).
//
// An update is confirmed, by asking for those after it, only when it and all before it are done. At the end nothing more is
// fetched; what is under way gets its time, and what is done by then is confirmed.
func (c *Client) Poll(ctx context.Context, o Polling, take Taker) error {
	if o.Wait == 0 {
		o.Wait = 50 * time.Second
	}
	if o.Drain == 0 {
		o.Drain = 10 * time.Second
	}
	p := &poll{c: c, take: take, open: map[int64]bool{}, ended: make(chan struct{}, 1)}
	for ctx.Err() == nil {
		if err := p.round(ctx, max(o.Wait, time.Second)); err != nil {
			return err
		}
	}
	p.drain(context.WithoutCancel(ctx), o.Drain)
	return nil
}

// poll is the window of updates that were fetched and are not confirmed yet.
type poll struct {
	c      *Client
	take   Taker
	offset int64 // the last one asked for
	faults int   // in a row

	mu    sync.Mutex
	open  map[int64]bool // fetched: true while under way, false when done
	ended chan struct{}  // a turn has ended
}

func (p *poll) round(ctx context.Context, wait time.Duration) error {
	busy := p.busy()
	if busy {
		wait = 0
	}
	next := p.next()
	list, err := p.c.getUpdates(ctx, next, 100, wait)
	switch {
	case ctx.Err() != nil:
		return nil
	case err != nil:
		return p.fault(ctx, err)
	}
	p.faults = 0
	p.confirmed(next)
	if fresh := p.dispatch(list); len(list) > 0 && !fresh && !busy {
		pause(ctx, busyGap) // the server repeats itself; so must not we
	}
	p.settle(ctx)
	return nil
}

// settle waits, while turns are under way, until one ends or the gap is over.
func (p *poll) settle(ctx context.Context) {
	if !p.busy() {
		return
	}
	t := time.NewTimer(busyGap)
	defer t.Stop()
	select {
	case <-p.ended:
		if p.busy() {
			pause(ctx, doneGap)
		}
	case <-t.C:
	case <-ctx.Done():
	}
}

// done may be called at any time, even after the end.
func (p *poll) done(id int64) {
	p.mu.Lock()
	p.open[id] = false
	p.mu.Unlock()
	select {
	case p.ended <- struct{}{}:
	default:
	}
}

func (p *poll) busy() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, under := range p.open {
		if under {
			return true
		}
	}
	return false
}

// next is the lowest update under way, or the one after all.
func (p *poll) next() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	var lowest, highest int64
	for id, under := range p.open {
		if under && (lowest == 0 || id < lowest) {
			lowest = id
		}
		highest = max(highest, id)
	}
	switch {
	case lowest != 0:
		return lowest
	case highest != 0:
		return highest + 1
	}
	return p.offset
}

// confirmed forgets what the server has just been told. Numbers may begin anew, lower, after a quiet week, so that nothing
// else is remembered.
func (p *poll) confirmed(next int64) {
	p.offset = next
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, under := range p.open {
		if id < next && !under {
			delete(p.open, id)
		}
	}
}

// dispatch gives the updates not known yet to their turns, in order of their numbers.
func (p *poll) dispatch(list []json.RawMessage) (fresh bool) {
	for _, u := range ordered(list) {
		if u.id == 0 || !p.begin(u.id) {
			continue
		}
		fresh = true
		a, ok, err := p.c.Read(u.raw)
		if err != nil {
			p.c.log.Warn("an update could not be read and was passed over", slog.Int64("update", u.id))
		}
		if !ok {
			p.done(u.id)
			continue
		}
		p.take(a, func() { p.done(u.id) })
	}
	return fresh
}

func (p *poll) begin(id int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, known := p.open[id]; known {
		return false
	}
	p.open[id] = true
	return true
}

type numbered struct {
	id  int64
	raw json.RawMessage
}

// ordered sorts updates by number: the server queues messages and presses of one person apart.
func ordered(list []json.RawMessage) []numbered {
	all := make([]numbered, len(list))
	for i, raw := range list {
		all[i] = numbered{updateID(raw), raw}
	}
	slices.SortStableFunc(all, func(a, b numbered) int { return cmp.Compare(a.id, b.id) })
	return all
}

// fault turns what went wrong with a poll into patience, or the end.
func (p *poll) fault(ctx context.Context, err error) error {
	var e *Error
	_ = errors.As(err, &e)
	p.faults++
	wait := backoff(p.faults)
	switch {
	case e != nil && (e.Code == http.StatusUnauthorized || e.Code == http.StatusNotFound):
		return ErrToken
	case e != nil && e.Code == http.StatusConflict:
		wait = max(wait, 3*time.Second)
		p.c.log.Error("Telegram answers another poller or a webhook instead: stop the other program with this token, or delete the webhook",
			slog.Int("attempt", p.faults))
	case e != nil && e.After > 0:
		wait = e.After
	default:
		p.c.log.Warn("polling failed, trying again", slog.Int("attempt", p.faults), slog.String("why", err.Error()))
	}
	pause(ctx, wait)
	return nil
}

// drain gives what is under way its time and confirms what is done.
func (p *poll) drain(ctx context.Context, limit time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for p.busy() && ctx.Err() == nil {
		select {
		case <-p.ended:
		case <-ctx.Done():
		}
	}
	if next := p.next(); next != p.offset {
		last, stop := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
		defer stop()
		if _, err := p.c.getUpdates(last, next, 1, 0); err != nil {
			p.c.log.Warn("the last confirmation failed: some updates will come again", slog.String("why", err.Error()))
		}
	}
}

// backoff doubles from half a second to thirty, and is spread so that not everybody comes back at once.
func backoff(n int) time.Duration {
	d := min(topBackoff, 250*time.Millisecond<<min(n, 10))
	return d/2 + rand.N(d/2)
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// getUpdates is our own call: the library decodes a whole batch at once and confirms it before it is handled.
func (c *Client) getUpdates(ctx context.Context, offset int64, limit int, wait time.Duration) ([]json.RawMessage, error) {
	const method = "getUpdates"
	ctx, cancel := context.WithTimeout(ctx, wait+pollGrace)
	defer cancel()
	body, err := json.Marshal(map[string]any{
		"offset": offset, "limit": limit, "timeout": int(wait / time.Second), "allowed_updates": allowedUpdates,
	})
	if err != nil {
		return nil, &Error{Class: Permanent, Method: method, Text: "the call could not be written"}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, fmt.Sprintf("%s/bot%s/%s", c.url, c.token, method), bytes.NewReader(body))
	if err != nil {
		return nil, &Error{Class: Permanent, Method: method, Text: "the server's address cannot be used"}
	}
	req.Header.Set("Content-Type", "application/json")
	status, answer, err := c.wire.roundTrip(method, req)
	if err != nil {
		return nil, err
	}
	result, bad := judge(method, status, answer)
	if bad != nil {
		return nil, bad
	}
	var list []json.RawMessage
	if json.Unmarshal(result, &list) != nil {
		return nil, &Error{Class: Retry, Method: method, Code: status, Text: "the answer is no list of updates"}
	}
	return list, nil
}

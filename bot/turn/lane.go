package turn

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"time"

	"liuhen/bot/telegram"
	"liuhen/flows"
)

// job is one arrival on its way.
type job struct {
	a        telegram.Arrival
	at       time.Time
	dones    []func()
	kept     flows.Action  // evidence that is already in the vault
	told     bool          // patience was asked for
	answered chan struct{} // closed when the press is answered; nil before that has begun
}

func (j *job) id() slog.Attr { return slog.Int64("update", j.a.UpdateID) }

func why(err error) slog.Attr { return slog.String("why", err.Error()) }

// lane keeps the turns of one chat in order. All but jobs belongs to the goroutine that serves it.
type lane struct {
	chat int64
	jobs []*job // under Handler.mu, by number
	wake chan struct{}

	canvas  canvas
	undrawn bool
	owed    []*job    // done but for the drawing
	since   time.Time // when the first of them was
	resume  time.Time // no drawing before
	misses  int       // drawings that failed in a row
	last    int64     // the last update that changed the dialog
	told    time.Time // when patience was last asked for
}

// Take is a [telegram.Taker]: turns of one chat run in order of their updates' numbers, chats side by side.
func (h *Handler) Take(a telegram.Arrival, done func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if j := h.known[a.UpdateID]; j != nil {
		j.dones = append(j.dones, done)
		return
	}
	if h.base.Err() != nil {
		return
	}
	j := &job{a: a, at: h.Clock(), dones: []func(){done}}
	h.known[a.UpdateID] = j
	l := h.lanes[a.Chat]
	if l == nil {
		l = &lane{chat: a.Chat, wake: make(chan struct{}, 1)}
		h.lanes[a.Chat] = l
		h.runs.Add(1)
		go h.serve(l)
	}
	at, _ := slices.BinarySearchFunc(l.jobs, j, func(x, y *job) int { return cmp.Compare(x.a.UpdateID, y.a.UpdateID) })
	l.jobs = slices.Insert(l.jobs, at, j)
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// Close waits until nothing is under way, or ctx ends, and then breaks off the rest: it is not acknowledged.
func (h *Handler) Close(ctx context.Context) {
	for ctx.Err() == nil {
		h.mu.Lock()
		n, idle := len(h.lanes), h.idle
		h.mu.Unlock()
		if n == 0 {
			break
		}
		select {
		case <-idle:
		case <-ctx.Done():
		}
	}
	h.mu.Lock()
	h.cancel()
	h.mu.Unlock()
	h.runs.Wait()
}

func (h *Handler) serve(l *lane) {
	defer h.runs.Done()
	for h.base.Err() == nil {
		switch j := h.pop(l); {
		case j != nil:
			h.run(l, j)
		case !l.undrawn:
			if h.retireLane(l) {
				return
			}
		case h.rest(l):
			h.redraw(l)
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.remove(l)
}

func (h *Handler) pop(l *lane) *job {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(l.jobs) == 0 {
		return nil
	}
	j := l.jobs[0]
	l.jobs = l.jobs[1:]
	return j
}

func (h *Handler) more(l *lane) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(l.jobs) > 0
}

// retireLane ends a lane that has nothing to do, unless something has come meanwhile.
func (h *Handler) retireLane(l *lane) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(l.jobs) > 0 {
		return false
	}
	h.remove(l)
	return true
}

func (h *Handler) remove(l *lane) {
	delete(h.lanes, l.chat)
	close(h.idle)
	h.idle = make(chan struct{})
}

// rest waits until the screen may be drawn; false when something came first.
func (h *Handler) rest(l *lane) bool {
	for {
		h.hold(l)
		wait := l.resume.Sub(h.Clock())
		if wait <= 0 {
			return true
		}
		t := time.NewTimer(min(wait, time.Second))
		select {
		case <-t.C:
		case <-l.wake:
			t.Stop()
			if h.more(l) {
				return false
			}
		case <-h.base.Done():
			t.Stop()
			return false
		}
	}
}

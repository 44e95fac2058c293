package turn

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"slices"
	"time"

	"liuhen/bot/telegram"
	"liuhen/flows"
	"liuhen/flows/text"
	"liuhen/storage/db"
)

const (
	poisonAfter = 5                // failures of a turn that are not the store's
	laterEvery  = time.Minute      // between two words of patience in a chat
	holdLimit   = 10 * time.Second // that a finished update waits for its screen before it is acknowledged
	topPatience = 10 * time.Second // between two tries
)

var errClosing = errors.New("the handler is closing")

// job is one arrival on its way.
type job struct {
	a        telegram.Arrival
	at       time.Time
	dones    []func()
	kept     flows.Action  // evidence that is already in the vault
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

// run takes one arrival through its turn.
func (h *Handler) run(l *lane, j *job) {
	s, effects, err := h.persist(l, j)
	switch {
	case errors.Is(err, errClosing):
		return
	case err != nil:
		h.Log.Error("a turn was given up", j.id(), why(err), slog.String("stack", stackOf(err)))
		h.speak(j, text.SaySorry)
		h.finish(j)
		return
	case j.a.Do == nil && j.a.Parcel == nil:
		h.finish(j)
		return
	}
	if !h.slot() {
		return
	}
	defer func() { <-h.slots }()
	ctx, cancel := context.WithTimeout(h.base, h.Limit)
	defer cancel()
	l.canvas.add(j, h.tell(j, s, effects))
	h.hand(ctx, l, j, s, effects)
	if len(l.owed) == 0 {
		l.since = h.Clock()
	}
	l.owed, l.last = append(l.owed, j), j.a.UpdateID
	if l.undrawn = true; h.more(l) || h.Clock().Before(l.resume) {
		h.hold(l)
		return
	}
	h.paint(ctx, l, &s)
}

// persist runs the durable half until it succeeds or there is no hope. What fails because the store cannot be reached is
// tried for ever: nothing a person did may get lost.
func (h *Handler) persist(l *lane, j *job) (s scene, effects []flows.Effect, err error) {
	failures := 0
	for n := 0; ; n++ {
		if !h.slot() {
			return s, nil, errClosing
		}
		s, effects, err = h.once(j)
		<-h.slots
		var p *panicked
		switch {
		case err == nil:
			return s, effects, nil
		case h.base.Err() != nil:
			return s, nil, errClosing
		case errors.As(err, &p), errors.Is(err, db.ErrDenied):
			return s, nil, err
		case h.down(err):
			h.later(l, j)
		default:
			failures++
		}
		if failures == poisonAfter {
			return s, nil, err
		}
		h.Log.Warn("a turn failed and is tried again", j.id(), slog.Int("attempt", n+1), why(err))
		if !h.wait(h.base, patience(n)) {
			return s, nil, errClosing
		}
	}
}

func (h *Handler) once(j *job) (scene, []flows.Effect, error) {
	ctx, cancel := context.WithTimeout(h.base, h.Limit)
	defer cancel()
	switch {
	case j.a.Reachable != nil:
		return scene{}, nil, h.news(ctx, j.a.Chat, *j.a.Reachable)
	case j.a.Leave != nil:
		return scene{}, nil, h.Channel.Leave(ctx, j.a.Chat, j.a.Leave.Say)
	}
	return h.act(ctx, j)
}

// down tells a store that cannot be reached from a turn that fails by itself.
func (h *Handler) down(err error) bool {
	if errors.Is(err, errStore) {
		return true
	}
	ctx, cancel := context.WithTimeout(h.base, 2*time.Second)
	defer cancel()
	return h.Watch.Ping(ctx) != nil
}

// later asks for patience, once a minute in each chat.
func (h *Handler) later(l *lane, j *job) {
	if now := h.Clock(); l.told.IsZero() || now.Sub(l.told) >= laterEvery {
		l.told = now
		h.speak(j, text.SayLater)
	}
}

// paint draws and, when that is done, acknowledges.
func (h *Handler) paint(ctx context.Context, l *lane, s *scene) {
	err := h.draw(ctx, l.chat, s, l.canvas)
	class, after := telegram.ClassOf(err)
	var p *panicked
	switch {
	case err == nil:
	case h.base.Err() != nil:
		return
	case errors.As(err, &p):
		h.Log.Error("a screen could not be drawn", why(err), slog.String("stack", p.stack))
		if len(l.owed) > 0 {
			h.speak(l.owed[len(l.owed)-1], text.SaySorry)
		}
	case channelFailed(err) && class == telegram.Blocked:
		if err := h.Watch.Reach(ctx, l.chat, false, db.News); err != nil {
			h.Log.Warn("who can be reached could not be noted", why(err))
		}
	case channelFailed(err) && class != telegram.Retry:
		h.Log.Error("a screen was refused", why(err))
	default:
		l.resume = h.Clock().Add(max(after, patience(l.misses)))
		l.misses++
		h.hold(l)
		return
	}
	l.canvas, l.undrawn, l.misses, l.resume = canvas{}, false, 0, time.Time{}
	h.pay(l)
}

// redraw draws what a turn had to leave undrawn, as things are now.
func (h *Handler) redraw(l *lane) {
	if !h.slot() {
		return
	}
	defer func() { <-h.slots }()
	ctx, cancel := context.WithTimeout(h.base, h.Limit)
	defer cancel()
	j := &job{a: telegram.Arrival{Chat: l.chat, UpdateID: l.last}}
	s, err := h.load(ctx, j)
	if err == nil {
		_, err = h.look(ctx, j, &s)
	}
	if err != nil {
		h.Log.Warn("a screen has to wait", why(err))
		l.resume = h.Clock().Add(patience(l.misses))
		l.misses++
		return
	}
	h.paint(ctx, l, &s)
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

// hold acknowledges what has waited too long for its screen: everything that lasts is done, and one paused chat must not keep
// all others from being fetched. The screen stays owed.
func (h *Handler) hold(l *lane) {
	if len(l.owed) > 0 && h.Clock().Sub(l.since) >= holdLimit {
		h.pay(l)
	}
}

func (h *Handler) pay(l *lane) {
	for _, j := range l.owed {
		h.finish(j)
	}
	l.owed = nil
}

// finish acknowledges an update, after its press is answered.
func (h *Handler) finish(j *job) {
	if j.answered != nil {
		<-j.answered
	}
	if h.Point("done") != nil {
		return
	}
	h.mu.Lock()
	delete(h.known, j.a.UpdateID)
	dones := j.dones
	j.dones = nil
	h.mu.Unlock()
	for _, done := range dones {
		done()
	}
}

func (h *Handler) slot() bool {
	select {
	case h.slots <- struct{}{}:
		return true
	case <-h.base.Done():
		return false
	}
}

func (h *Handler) wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// patience doubles from a fifth of a second to ten, spread.
func patience(n int) time.Duration {
	d := min(topPatience, 200*time.Millisecond<<min(n, 8))
	return d/2 + rand.N(d/2)
}

func stackOf(err error) string {
	if p := (*panicked)(nil); errors.As(err, &p) {
		return p.stack
	}
	return ""
}

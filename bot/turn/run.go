package turn

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
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
	topPatience = 3 * time.Second  // between two tries
)

var errClosing = errors.New("the handler is closing")

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

// later asks for patience: once for each act, and in each chat once a minute.
func (h *Handler) later(l *lane, j *job) {
	if now := h.Clock(); !j.told && (l.told.IsZero() || now.Sub(l.told) >= laterEvery) {
		j.told, l.told = true, now
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
		if err := h.Watch.Reach(ctx, l.chat, false); err != nil {
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
	if errors.Is(err, errUnreadable) {
		h.Log.Error("a screen was given up", why(err))
		l.canvas, l.undrawn = canvas{}, false
		h.pay(l)
		return
	}
	if err != nil {
		h.Log.Warn("a screen has to wait", why(err))
		l.resume = h.Clock().Add(patience(l.misses))
		l.misses++
		return
	}
	h.paint(ctx, l, &s)
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

// patience doubles from a fifth of a second to three, spread.
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

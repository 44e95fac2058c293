package sandbox

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Telegram keeps an update for a day.
const updateLife = 24 * time.Hour

type update struct {
	id     int64
	kind   string // message, callback_query …
	person int64  // whose doing it is; deliveries of one person's messages keep their order
	raw    json.RawMessage
	at     time.Time
	again  bool // delivered again by Redeliver: not confirmed by an older offset
}

type updateQueue struct {
	next      int64
	queue     []*update // not confirmed, by id
	confirmed []*update // the last of them, for Redeliver
	allowed   []string  // empty: the default
	poll      chan struct{}
	pollEnd   string // why the poll was ended
}

// offByDefault are the updates Telegram sends only when asked to.
var offByDefault = []string{"chat_member", "message_reaction", "message_reaction_count"}

// push queues an update of the given kind. The caller holds mu.
func (s *Server) push(kind string, person int64, body any) int64 {
	q := &s.updates
	if len(q.allowed) > 0 && !slices.Contains(q.allowed, kind) || len(q.allowed) == 0 && slices.Contains(offByDefault, kind) {
		return 0
	}
	id := q.next
	raw, err := json.Marshal(map[string]any{"update_id": id, kind: body})
	if err != nil {
		panic("sandbox: an update does not encode: " + err.Error())
	}
	s.enqueue(&update{id: id, kind: kind, person: person, raw: raw, at: s.opts.Clock()})
	return id
}

func (s *Server) enqueue(u *update) {
	q := &s.updates
	q.next = max(q.next, u.id+1)
	q.queue = append(q.queue, u)
	if n := len(q.queue); n > 1 && q.queue[n-2].id > u.id { // injected or delivered again
		slices.SortStableFunc(q.queue, func(a, b *update) int { return cmp.Compare(a.id, b.id) })
	}
	s.touch()
}

// Inject queues an update exactly as written, even of a kind or form Telegram does
// not have. Where raw is an object without update_id, the next number is put in;
// what is no JSON object is refused.
func (s *Server) Inject(raw string) (updateID int64, err error) {
	var obj map[string]json.RawMessage
	if err := json.Unmarshal([]byte(raw), &obj); err != nil {
		return 0, fmt.Errorf("reading the update to inject: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.updates.next
	if given, ok := obj["update_id"]; !ok || json.Unmarshal(given, &id) != nil {
		id = s.updates.next
		obj["update_id"] = json.RawMessage(fmt.Sprint(id))
		filled, err := json.Marshal(obj)
		if err != nil {
			return 0, fmt.Errorf("numbering the update to inject: %w", err)
		}
		raw = string(filled)
	}
	s.enqueue(&update{id: id, kind: "injected", raw: json.RawMessage(raw), at: s.opts.Clock()})
	return id, nil
}

// Redeliver delivers the last n confirmed updates once more, as when a confirmation
// was lost. It returns how many there were.
func (s *Server) Redeliver(n int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := s.updates.confirmed[max(0, len(s.updates.confirmed)-n):]
	for _, u := range slices.Clone(last) {
		s.enqueue(&update{id: u.id, kind: u.kind, person: u.person, raw: u.raw, at: s.opts.Clock(), again: true})
	}
	return len(last)
}

// Pending is the number of updates the bot has not confirmed.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.updates.queue)
}

// confirm takes away every update below the offset; a negative one leaves the last
// -offset updates. The caller holds mu.
func (s *Server) confirm(offset int64) {
	q := &s.updates
	if offset < 0 {
		if keep := int(-offset); len(q.queue) > keep {
			offset = q.queue[len(q.queue)-keep].id
		}
	}
	var kept []*update
	for _, u := range q.queue {
		if u.id < offset && !u.again {
			s.settle(u)
		} else {
			kept = append(kept, u)
		}
	}
	if len(kept) != len(q.queue) {
		q.queue = kept
		s.touch()
	}
}

func (s *Server) settle(u *update) {
	q := &s.updates
	if len(q.confirmed) == maxLog {
		q.confirmed = slices.Delete(q.confirmed, 0, maxLog/10)
	}
	q.confirmed = append(q.confirmed, u)
}

// expire forgets updates older than a day, as Telegram does. The caller holds mu.
func (s *Server) expire() {
	oldest := s.opts.Clock().Add(-updateLife)
	s.updates.queue = slices.DeleteFunc(s.updates.queue, func(u *update) bool { return u.at.Before(oldest) })
}

func (s *Server) batch(limit int) []json.RawMessage {
	s.expire()
	out := []json.RawMessage{}
	for _, u := range s.updates.queue[:min(limit, len(s.updates.queue))] {
		u.again = false
		out = append(out, u.raw)
	}
	return out
}

// endPoll ends the long poll under way, if any. The caller holds mu.
func (s *Server) endPoll(why string) {
	if s.updates.poll != nil {
		s.updates.pollEnd = why
		close(s.updates.poll)
		s.updates.poll = nil
	}
}

func conflict(text string) *apiError {
	return &apiError{code: http.StatusConflict, text: "Conflict: " + text}
}

func (s *Server) getUpdates(ctx context.Context, p map[string]any) (any, *apiError) {
	limit := intParam(p, "limit")
	if limit < 1 || limit > 100 {
		limit = 100
	}
	s.mu.Lock()
	if s.hook != nil {
		s.mu.Unlock()
		return nil, conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	s.endPoll("terminated by other getUpdates request; make sure that only one bot instance is running")
	mine := make(chan struct{})
	s.updates.poll = mine
	s.allow(p)
	s.confirm(intParam(p, "offset"))
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.updates.poll == mine {
			s.updates.poll = nil
		}
	}()
	return s.await(ctx, mine, int(limit), time.Duration(min(intParam(p, "timeout"), 50))*time.Second)
}

func (s *Server) await(ctx context.Context, mine chan struct{}, limit int, timeout time.Duration) (any, *apiError) {
	t := time.NewTimer(timeout)
	defer t.Stop()
	for {
		s.mu.Lock()
		ended := s.updates.poll != mine
		why, changed := s.updates.pollEnd, s.changed
		var got []json.RawMessage
		if !ended {
			got = s.batch(limit)
		}
		s.mu.Unlock()
		if ended {
			return nil, conflict(why)
		}
		if len(got) > 0 || timeout <= 0 {
			return got, nil
		}
		select {
		case <-changed:
		case <-mine:
		case <-t.C:
			return got, nil
		case <-ctx.Done():
			return got, nil
		case <-s.ctx.Done():
			return got, nil
		}
	}
}

// allow remembers allowed_updates; a call without it leaves the earlier choice.
func (s *Server) allow(p map[string]any) {
	if list, ok := p["allowed_updates"].([]any); ok {
		s.updates.allowed = nil
		for _, x := range list {
			if kind, ok := x.(string); ok {
				s.updates.allowed = append(s.updates.allowed, kind)
			}
		}
	}
}

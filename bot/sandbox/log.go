package sandbox

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

const (
	// defaultQuiet is how long nothing must happen before the bot counts as done.
	defaultQuiet = 15 * time.Millisecond
	// maxLog bounds the memory of a long demonstration.
	maxLog = 10_000
)

// violate records a breach of the API's rules.
func (s *Server) violate(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.violations) < maxLog {
		s.violations = append(s.violations, text)
	}
}

// Violations lists every breach of the API's rules by the bot: unknown methods and
// parameters, wrong types, limits, malformed HTML. A test should find none.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violations)
}

// Requests lists the calls since the last ResetRequests, oldest first, getUpdates
// included where it brought updates or failed. Only the last 10,000 are kept.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// ResetRequests empties the log.
func (s *Server) ResetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

func (s *Server) record(c *call, status int, raw json.RawMessage) {
	if c.method == "getUpdates" && string(raw) == `{"ok":true,"result":[]}` {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.requests) == maxLog {
		s.requests = slices.Delete(s.requests, 0, maxLog/10)
	}
	s.requests = append(s.requests, Request{Method: c.method, Params: c.params, Status: status, Response: raw, Time: s.opts.Clock()})
}

// inFlight counts a request; the function it returns ends the count.
func (s *Server) inFlight() func() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy++
	s.touch()
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.busy--
		s.touch()
	}
}

// Quiet sets how long WaitIdle wants nothing to happen (real time, default 15 ms).
func (s *Server) Quiet(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.quiet = d
}

// WaitIdle waits until the bot has confirmed every update and no request of its has
// been in flight for the quiet time. The error names what was still open when ctx ended.
func (s *Server) WaitIdle(ctx context.Context) error {
	for {
		s.mu.Lock()
		waiting, busy, changed, quiet := len(s.updates.queue), s.busy, s.changed, s.quiet
		s.mu.Unlock()
		var calm <-chan time.Time
		t := time.NewTimer(quiet)
		if waiting == 0 && busy == 0 {
			calm = t.C
		}
		select {
		case <-calm:
			return nil
		case <-changed:
			t.Stop()
		case <-ctx.Done():
			t.Stop()
			return fmt.Errorf("waiting for the bot: %d updates not confirmed, %d requests in flight: %w", waiting, busy, ctx.Err())
		}
	}
}

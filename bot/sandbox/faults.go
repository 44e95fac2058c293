package sandbox

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

// Fault replaces the answer to one call. With Status 0 and Drop false the call is
// only delayed.
type Fault struct {
	Status     int           // 429, 502 …
	Text       string        // description in Telegram's JSON form
	RetryAfter int           // seconds, for 429
	Body       string        // sent as it is instead of JSON, e.g. a proxy's HTML page
	Drop       bool          // cut the connection
	After      bool          // the call takes effect first: the answer alone is lost
	Delay      time.Duration // real time before the call takes effect
}

// Fault installs fn, which is asked about each valid call; nil removes it. File
// downloads are asked about as method "file" with parameter "path".
func (s *Server) Fault(fn func(method string, params map[string]any) *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faultFn = fn
}

func (s *Server) fault(c *call) *Fault {
	s.mu.Lock()
	fn := s.faultFn
	s.mu.Unlock()
	if fn == nil {
		return nil
	}
	f := fn(c.method, c.params)
	if f != nil && f.Status == 0 && !f.Drop {
		f.wait(s.ctx)
		return nil
	}
	return f
}

func (f *Fault) wait(ctx context.Context) {
	if f == nil || f.Delay <= 0 {
		return
	}
	t := time.NewTimer(f.Delay)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

func (f *Fault) answer() (status int, raw json.RawMessage, drop bool) {
	if f.Drop {
		return 0, nil, true
	}
	if f.Body != "" {
		return f.Status, json.RawMessage(f.Body), false
	}
	text := f.Text
	if text == "" {
		text = http.StatusText(f.Status)
	}
	status, raw = envelope(nil, &apiError{code: f.Status, text: text, retryAfter: f.RetryAfter})
	return status, raw, false
}

// Pace limits messages and edits as Telegram advises.
type Pace struct {
	PerChat float64 // a second in one chat, e.g. 1
	Burst   int     // at once in one chat, e.g. 5
	Overall float64 // a second in all chats, e.g. 30
}

type pacer struct {
	pace    *Pace
	overall *rate.Limiter
	chats   map[int64]*rate.Limiter
	until   map[int64]time.Time // from Throttle; 0 is every chat
}

func (p *pacer) set(pace *Pace) {
	p.pace, p.chats, p.until = pace, map[int64]*rate.Limiter{}, map[int64]time.Time{}
	if pace != nil {
		p.overall = rate.NewLimiter(rate.Limit(pace.Overall), int(math.Max(1, pace.Overall)))
	}
}

// Throttle answers 429 to every message and edit in the chat (0: in all chats) for
// the time, which runs in real time whatever Options.Clock says.
func (s *Server) Throttle(chat int64, retryAfter time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pace.until[chat] = wall().Add(retryAfter)
}

// paced refuses a call that comes too soon. The caller holds mu.
func (s *Server) paced(c *call) *apiError {
	if !strings.HasPrefix(c.method, "send") && !strings.HasPrefix(c.method, "edit") && c.method != "copyMessage" ||
		c.method == "sendChatAction" {
		return nil
	}
	p, chatID, now := &s.pace, intParam(c.params, "chat_id"), wall()
	for _, id := range []int64{chatID, 0} {
		if wait := p.until[id].Sub(now); wait > 0 {
			return tooMany(wait)
		}
	}
	if p.pace == nil {
		return nil
	}
	one := p.chats[chatID]
	if one == nil {
		one = rate.NewLimiter(rate.Limit(p.pace.PerChat), max(1, p.pace.Burst))
		p.chats[chatID] = one
	}
	for _, l := range []*rate.Limiter{one, p.overall} {
		r := l.ReserveN(now, 1)
		if wait := r.DelayFrom(now); wait > 0 {
			r.CancelAt(now)
			return tooMany(wait)
		}
	}
	return nil
}

func tooMany(wait time.Duration) *apiError {
	n := int(math.Ceil(wait.Seconds()))
	return &apiError{code: http.StatusTooManyRequests, text: fmt.Sprintf("Too Many Requests: retry after %d", n), retryAfter: n}
}

package sandbox

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// webhook is a set webhook and the state of its deliveries.
type webhook struct {
	url, secret  string
	max          int
	cert         bool
	busy         map[string]bool // queues with a delivery under way
	lastError    string
	lastErrorAt  time.Time
	cancel       context.CancelFunc
	retry, worst time.Duration
}

func loopbackClient() *http.Client {
	return &http.Client{
		Timeout:       60 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{ // no proxy: nothing leaves this machine
			DisableKeepAlives: true,
			TLSClientConfig:   &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // self-signed, loopback only
		},
	}
}

func isLoopback(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

func setWebhook(s *Server, c *call) (any, *apiError) {
	target := stringParam(c.params, "url")
	if target == "" {
		return deleteWebhook(s, c)
	}
	u, err := url.Parse(target)
	_, own := s.opts.WebhookClient.(*http.Client)
	if err != nil || u.Host == "" || own && !isLoopback(u.Host) {
		return nil, badRequest("bad webhook: this emulator delivers to loopback addresses only")
	}
	secret := stringParam(c.params, "secret_token")
	if strings.Trim(secret, linkLetters) != "" {
		return nil, violation("secret token contains unallowed characters")
	}
	s.endPoll("terminated by setWebhook request")
	s.dropHook()
	s.allow(c.params)
	if boolParam(c.params, "drop_pending_updates") {
		s.updates.queue = nil
	}
	h := &webhook{url: target, secret: secret, max: 40, busy: map[string]bool{}, retry: 50 * time.Millisecond, worst: 5 * time.Second}
	if n := intParam(c.params, "max_connections"); n >= 1 && n <= 100 {
		h.max = int(n)
	}
	_, h.cert = c.params["certificate"]
	ctx, cancel := context.WithCancel(s.ctx)
	h.cancel = cancel
	s.hook = h
	s.running.Add(1)
	go s.dispatch(ctx, h)
	return true, nil
}

func deleteWebhook(s *Server, c *call) (any, *apiError) {
	s.dropHook()
	if boolParam(c.params, "drop_pending_updates") {
		s.updates.queue = nil
	}
	return true, nil
}

func (s *Server) dropHook() {
	if s.hook != nil {
		s.hook.cancel()
		s.hook = nil
	}
}

func getWebhookInfo(s *Server, _ *call) (any, *apiError) {
	info := map[string]any{"url": "", "has_custom_certificate": false, "pending_update_count": len(s.updates.queue)}
	if h := s.hook; h != nil {
		info["url"], info["has_custom_certificate"], info["max_connections"] = h.url, h.cert, h.max
		info["ip_address"] = "127.0.0.1"
		if h.lastError != "" {
			info["last_error_date"], info["last_error_message"] = h.lastErrorAt.Unix(), h.lastError
		}
	}
	if len(s.updates.allowed) > 0 {
		info["allowed_updates"] = s.updates.allowed
	}
	return info, nil
}

// dispatch delivers each person's messages in order and presses in order, but the
// two side by side, and people side by side, as Telegram does.
func (s *Server) dispatch(ctx context.Context, h *webhook) {
	defer s.running.Done()
	for {
		s.mu.Lock()
		s.expire()
		for _, u := range s.updates.queue {
			key := fmt.Sprint(u.person, u.kind == "callback_query")
			if h.busy[key] || len(h.busy) >= h.max || ctx.Err() != nil {
				continue
			}
			h.busy[key] = true
			s.running.Add(1)
			go s.deliver(ctx, h, key, u)
		}
		changed := s.changed
		s.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

func (s *Server) deliver(ctx context.Context, h *webhook, key string, u *update) {
	defer s.running.Done()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(h.busy, key)
		s.touch()
	}()
	for wait := h.retry; ; wait = min(2*wait, h.worst) {
		err := s.postUpdate(ctx, h, u)
		s.mu.Lock()
		if err == nil {
			s.remove(u)
			s.mu.Unlock()
			return
		}
		h.lastError, h.lastErrorAt = err.Error(), s.opts.Clock()
		s.mu.Unlock()
		(&Fault{Delay: wait}).wait(ctx)
		if ctx.Err() != nil {
			return
		}
	}
}

func (s *Server) remove(u *update) {
	for i, x := range s.updates.queue {
		if x == u {
			s.updates.queue = append(s.updates.queue[:i:i], s.updates.queue[i+1:]...)
			s.settle(u)
			return
		}
	}
}

// postUpdate delivers one update and carries out the call in the answer's body, if any.
func (s *Server) postUpdate(ctx context.Context, h *webhook, u *update) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url, bytes.NewReader(u.raw))
	if err != nil {
		return fmt.Errorf("preparing a webhook delivery: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	if h.secret != "" {
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", h.secret)
	}
	resp, err := s.opts.WebhookClient.Do(req)
	if err != nil {
		return fmt.Errorf("delivering to the webhook: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil {
		return fmt.Errorf("reading the webhook's answer: %w", err)
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return fmt.Errorf("wrong response from the webhook: %s", resp.Status)
	}
	s.callInAnswer(ctx, body)
	return nil
}

// callInAnswer runs {"method": …} given as the answer to a delivery. The bot never
// learns its result.
func (s *Server) callInAnswer(ctx context.Context, body []byte) {
	v, err := parseJSON(body)
	obj, ok := v.(map[string]any)
	if err != nil || !ok {
		return
	}
	name, ok := obj["method"].(string)
	if !ok {
		return
	}
	delete(obj, "method")
	method := s.schema.byLower[strings.ToLower(name)]
	if method == "" || method == "getUpdates" {
		s.violate("webhook answer: unknown method " + name)
		return
	}
	s.run(ctx, &call{method: method, params: obj})
}

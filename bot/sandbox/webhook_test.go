package sandbox

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// hook is a webhook that answers as told.
type hook struct {
	t      *testing.T
	status []int // for the first deliveries; then 200
	body   string
	got    []json.RawMessage
	secret []string
}

func (h *hook) Do(req *http.Request) (*http.Response, error) {
	var raw json.RawMessage
	if err := json.NewDecoder(req.Body).Decode(&raw); err != nil {
		h.t.Error(err)
	}
	h.got = append(h.got, raw)
	h.secret = append(h.secret, req.Header.Get("X-Telegram-Bot-Api-Secret-Token"))
	w := &http.Response{StatusCode: 200, Status: "200 OK", Body: http.NoBody}
	if len(h.status) > 0 {
		w.StatusCode, w.Status, h.status = h.status[0], http.StatusText(h.status[0]), h.status[1:]
	} else if h.body != "" {
		w.Body = readCloser{strings.NewReader(h.body)}
	}
	return w, nil
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }

func TestWebhook(t *testing.T) {
	h := &hook{t: t, status: []int{500, 302}, body: `{"method": "sendMessage", "chat_id": 1, "text": "在回答里"}`}
	r := newRig(t, func(o *Options) { o.WebhookClient = h })
	r.ok("setWebhook", obj{"url": "http://bot.test/hook", "secret_token": "s-1"}, nil)
	r.refused("getUpdates", obj{}, 409, "can't use getUpdates method while webhook is active")
	p := r.Phone(1, "张三")
	p.Say("你好")
	r.idle()
	if len(h.got) != 3 || h.secret[2] != "s-1" {
		t.Fatalf("%d deliveries, secrets %v", len(h.got), h.secret)
	}
	if got := p.Last().Text; got != "在回答里" {
		t.Errorf("the call in the answer was not carried out: %q", got)
	}
	var info struct {
		URL     string `json:"url"`
		Pending int    `json:"pending_update_count"`
		Error   string `json:"last_error_message"`
	}
	r.ok("getWebhookInfo", obj{}, &info)
	if info.URL == "" || info.Pending != 0 || !strings.Contains(info.Error, "wrong response") {
		t.Errorf("webhook info %+v", info)
	}
	r.ok("deleteWebhook", obj{}, nil)
	p.Say("再见")
	if got := r.updates(0); len(got) != 1 {
		t.Errorf("after deleteWebhook: %v", got)
	}
	r.clean()
}

func TestWebhookStaysOnThisMachine(t *testing.T) {
	r := newRig(t)
	r.refused("setWebhook", obj{"url": "https://example.org/hook"}, 400, "bad webhook")
	r.refused("setWebhook", obj{"url": "http://127.0.0.1:1/", "secret_token": "空 格"}, 400, "unallowed characters")
}

// TestWebhookOrder: one person's messages wait for each other, their presses do not
// wait for their messages, and other people wait for nobody.
func TestWebhookOrder(t *testing.T) {
	h := &orderHook{release: make(chan struct{})}
	r := newRig(t, func(o *Options) { o.WebhookClient = h })
	r.ok("setWebhook", obj{"url": "http://bot.test/hook"}, nil)
	p := r.Phone(1, "张三")
	p.Say("甲") // held back
	p.Say("乙")
	p.TapData(1, "按")
	r.Phone(2, "李四").Say("丙")
	for range 200 {
		if h.arrived("按") && h.arrived("丙") {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	if !h.arrived("按") || !h.arrived("丙") || h.arrived("乙") {
		t.Errorf("while 甲 waits, these arrived: %v", h.seen)
	}
	close(h.release)
	r.idle()
	if got := strings.Join(h.seen, ""); !h.arrived("乙") || strings.Index(got, "甲") > strings.Index(got, "乙") {
		t.Errorf("order %v", h.seen)
	}
}

type orderHook struct {
	mu      sync.Mutex
	seen    []string
	release chan struct{}
}

func (h *orderHook) arrived(text string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Contains(strings.Join(h.seen, " "), text)
}

func (h *orderHook) Do(req *http.Request) (*http.Response, error) {
	var u struct {
		Message struct{ Text string }
		Press   struct{ Data string } `json:"callback_query"`
	}
	if err := json.NewDecoder(req.Body).Decode(&u); err != nil {
		return nil, err
	}
	if u.Message.Text == "甲" {
		select {
		case <-h.release:
		case <-req.Context().Done():
			return nil, req.Context().Err()
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seen = append(h.seen, u.Message.Text+u.Press.Data)
	return &http.Response{StatusCode: 204, Body: http.NoBody}, nil
}

package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"liuhen/bot/sandbox"
	"liuhen/flows"
)

// inbox notes arrivals and lets the test say when each is done.
type inbox struct {
	mu    sync.Mutex
	seen  []Arrival
	dones map[int64]func()
	hold  bool
}

func (i *inbox) take(a Arrival, done func()) {
	i.mu.Lock()
	i.seen = append(i.seen, a)
	held := i.hold
	if held {
		i.dones[a.UpdateID] = done
	}
	i.mu.Unlock()
	if !held {
		done()
	}
}

func (i *inbox) done(n int) {
	i.mu.Lock()
	f := i.dones[i.seen[n].UpdateID]
	i.mu.Unlock()
	f()
}

func (i *inbox) said() (out []string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, a := range i.seen {
		if s, ok := a.Do.(flows.Say); ok {
			out = append(out, s.Text)
		}
	}
	return out
}

func (i *inbox) wait(t *testing.T, n int) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if len(i.said()) >= n {
			return
		}
	}
	t.Fatalf("%d of %d texts came", len(i.said()), n)
}

func newInbox(hold bool) *inbox { return &inbox{dones: map[int64]func(){}, hold: hold} }

// polling runs a poller until stop.
func (r *rig) polling(c *Client, take Taker) (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- c.Poll(ctx, Polling{Wait: time.Second, Drain: 300 * time.Millisecond}, take) }()
	var once sync.Once
	var err error
	stop = func() error {
		once.Do(func() { cancel(); err = <-ended })
		return err
	}
	r.t.Cleanup(func() { _ = stop() })
	return stop
}

func (r *rig) idle() {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	must(r.t, r.WaitIdle(ctx))
}

// TestPollConfirmsWhatIsDone holds three turns and ends them out of order.
func TestPollConfirmsWhatIsDone(t *testing.T) {
	r := newRig(t)
	in := newInbox(true)
	p := r.Phone(5, "张三")
	for _, s := range []string{"1", "2", "3"} {
		p.Say(s)
	}
	stop := r.polling(r.Client, in.take)
	in.wait(t, 3)
	pending := func(want int) {
		t.Helper()
		time.Sleep(350 * time.Millisecond)
		if n := r.Pending(); n != want {
			t.Errorf("%d pending, want %d", n, want)
		}
	}
	pending(3)
	in.done(1)
	pending(3)
	in.done(0)
	pending(1)
	p.Say("4") // still fetched while one is held
	in.wait(t, 4)
	in.done(3)
	pending(2)
	in.done(2)
	r.idle()
	if got := in.said(); !slices.Equal(got, []string{"1", "2", "3", "4"}) {
		t.Errorf("taken %v", got)
	}
	must(t, stop())
}

// TestPollAtTheEnd confirms what is done and leaves the rest to come again.
func TestPollAtTheEnd(t *testing.T) {
	r := newRig(t)
	in := newInbox(true)
	p := r.Phone(5, "张三")
	p.Say("1")
	p.Say("2")
	stop := r.polling(r.Client, in.take)
	in.wait(t, 2)
	time.AfterFunc(100*time.Millisecond, func() { in.done(0) })
	must(t, stop())
	if n := r.Pending(); n != 1 {
		t.Errorf("%d pending at the end, want the one not done", n)
	}
	in.done(1) // too late, and harmless
	again := newInbox(false)
	r.polling(r.Client, again.take)
	r.idle()
	if got := again.said(); !slices.Equal(got, []string{"2"}) {
		t.Errorf("came again: %v", got)
	}
}

// TestPollOddUpdates: what cannot be read is passed over and logged by its number; everything else arrives.
func TestPollOddUpdates(t *testing.T) {
	r := newRig(t)
	in := newInbox(false)
	p := r.Phone(5, "张三")
	p.Say("1")
	bad, err := r.Inject(`{"message":{"message_id":"not a number","text":"SECRET"}}`)
	must(t, err)
	_, err = r.Inject(`{"poll_answer_of_the_future":{"x":[1,{"y":2}]}}`)
	must(t, err)
	_, err = r.Inject(`{"message":{"message_id":9,"date":1,"chat":{"id":5,"type":"private"},"from":{"id":5},"text":"2","photo_of_the_future":7,"forward_origin_v2":[]}}`)
	must(t, err)
	p.Say("3")
	r.polling(r.Client, in.take)
	r.idle()
	if got := in.said(); !slices.Equal(got, []string{"1", "2", "3"}) {
		t.Errorf("taken %v", got)
	}
	if logs := r.logs.String(); !strings.Contains(logs, fmt.Sprint(bad)) || strings.Contains(logs, "SECRET") {
		t.Errorf("log: %s", logs)
	}
}

// TestPollNumbersBeginAnew: after a quiet week numbers may be lower than before.
func TestPollNumbersBeginAnew(t *testing.T) {
	r := newRig(t)
	in := newInbox(false)
	r.polling(r.Client, in.take)
	p := r.Phone(5, "张三")
	p.Say("1")
	r.idle()
	r.Redeliver(1)
	time.Sleep(20 * time.Millisecond)
	r.idle()
	if got := in.said(); !slices.Equal(got, []string{"1", "1"}) {
		t.Errorf("taken %v", got)
	}
}

func TestPollThroughFaults(t *testing.T) {
	r := newRig(t)
	in := newInbox(false)
	faults := []sandbox.Fault{{Status: 404, Body: "<html>"}, {Drop: true}, {Status: 429, RetryAfter: 1}, {Status: 200, Body: `{"ok":true,"result":{}}`}}
	var mu sync.Mutex
	r.Fault(func(m string, _ map[string]any) *sandbox.Fault {
		mu.Lock()
		defer mu.Unlock()
		if m != "getUpdates" || len(faults) == 0 {
			return nil
		}
		f := faults[0]
		faults = faults[1:]
		return &f
	})
	r.Phone(5, "张三").Say("1")
	r.polling(r.Client, in.take)
	r.idle()
	if got := in.said(); !slices.Equal(got, []string{"1"}) {
		t.Errorf("taken %v", got)
	}
}

func TestPollWrongToken(t *testing.T) {
	r := newRig(t)
	wrong := r.connect("7000000001:CANARYwrong")
	defer wrong.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := wrong.Poll(ctx, Polling{Wait: time.Second}, newInbox(false).take); !errors.Is(err, ErrToken) || strings.Contains(err.Error(), "CANARY") {
		t.Errorf("wrong token: %v", err)
	}
}

func TestPollConflict(t *testing.T) {
	r := newRig(t)
	in := newInbox(false)
	var mu sync.Mutex
	n := 1
	r.Fault(func(m string, _ map[string]any) *sandbox.Fault {
		mu.Lock()
		defer mu.Unlock()
		if n--; m != "getUpdates" || n < 0 {
			return nil
		}
		return &sandbox.Fault{Status: 409, Text: "Conflict: terminated by other getUpdates request"}
	})
	r.Phone(5, "张三").Say("1")
	r.polling(r.Client, in.take)
	in.wait(t, 1)
	if !strings.Contains(r.logs.String(), "stop the other program") {
		t.Errorf("log: %s", r.logs)
	}
}

func hook(t *testing.T, h http.Handler, secret, body string) int {
	t.Helper()
	q := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/hook", strings.NewReader(body))
	if secret != "-" {
		q.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, q)
	return w.Code
}

func TestWebhook(t *testing.T) {
	r := newRig(t)
	in := newInbox(false)
	h := r.Webhook("right-secret", in.take)
	good := message5(`"text":"x"`)
	for _, secret := range []string{"-", "", "wrong", "right-secret2", "right-secre", strings.Repeat("x", 100_000)} {
		if code := hook(t, h, secret, good); code != http.StatusForbidden {
			t.Errorf("secret %.20q: %d", secret, code)
		}
	}
	if code := hook(t, r.Webhook("", in.take), "", good); code != http.StatusForbidden {
		t.Errorf("no secret configured: %d", code)
	}
	if n := len(in.said()); n != 0 {
		t.Errorf("%d forged updates taken", n)
	}
	for body, want := range map[string]int{
		good: 200, `{"update_id":8,"unknown":{}}`: 200, `{"update_id":9,"message":5}`: 200, "nonsense": 200,
		`{"x":"` + strings.Repeat("x", hookBody) + `"}`: 413,
	} {
		if code := hook(t, h, "right-secret", body); code != want {
			t.Errorf("%.40s: %d, want %d", body, code, want)
		}
	}
	if got := in.said(); !slices.Equal(got, []string{"x"}) {
		t.Errorf("taken %v", got)
	}
	q := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/hook", nil)
	q.Header.Set("X-Telegram-Bot-Api-Secret-Token", "right-secret")
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, q); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", w.Code)
	}
}

// TestWebhookWaitsForTheTurn: an update whose turn does not end is not acknowledged, and comes again.
func TestWebhookWaitsForTheTurn(t *testing.T) {
	r := newRig(t)
	in := newInbox(true)
	h := r.Webhook("right-secret", in.take)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	q := httptest.NewRequestWithContext(ctx, http.MethodPost, "/hook", strings.NewReader(message5(`"text":"x"`)))
	q.Header.Set("X-Telegram-Bot-Api-Secret-Token", "right-secret")
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, q); w.Code != http.StatusServiceUnavailable {
		t.Errorf("a turn without end: %d", w.Code)
	}
	in.done(0)
}

// TestWebhookDelivery lets the emulator deliver over HTTP, the first try in vain.
func TestWebhookDelivery(t *testing.T) {
	r := newRig(t)
	in := newInbox(false)
	fails := 1
	h := r.Webhook("right-secret", in.take)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if fails--; fails >= 0 {
			_, _ = io.Copy(io.Discard, q.Body)
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		h.ServeHTTP(w, q)
	}))
	defer web.Close()
	must(t, r.SetWebhook(t.Context(), web.URL, "right-secret"))
	p := r.Phone(5, "张三")
	p.Say("1")
	p.Say("2")
	r.idle()
	if got := in.said(); !slices.Equal(got, []string{"1", "2"}) {
		t.Errorf("taken %v", got)
	}
	must(t, r.DeleteWebhook(t.Context()))
}

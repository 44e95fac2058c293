package turn_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"liuhen/bot/sandbox"
	"liuhen/bot/turn"
	"liuhen/bot/turn/turntest"
	"liuhen/flows"
	"liuhen/flows/text"
	"liuhen/storage/dialogs"
	"liuhen/storage/dialogs/dialogstest"
)

// first gives a fault to the first n calls of a method.
func (r *rig) first(n int, method string, f sandbox.Fault) {
	var mu sync.Mutex
	r.Fault(func(m string, _ map[string]any) *sandbox.Fault {
		mu.Lock()
		defer mu.Unlock()
		if m != method || n == 0 {
			return nil
		}
		n--
		return &f
	})
}

// TestTelegramFails lets calls fail in every way: each press is answered, the screen is right in the end, nothing counts twice.
func TestTelegramFails(t *testing.T) {
	page := "<html><body><h1>502 Bad Gateway</h1></body></html>"
	for name, fault := range map[string]sandbox.Fault{
		"429":          {Status: 429, Text: "Too Many Requests: retry after 1", RetryAfter: 1},
		"502 as HTML":  {Status: 502, Body: page},
		"200 as HTML":  {Status: 200, Body: page},
		"500":          {Status: 500},
		"cut":          {Drop: true},
		"lost answer":  {Drop: true, After: true},
		"not modified": {Status: 400, Text: "Bad Request: message is not modified: specified new message content …", After: true},
		"gone":         {Status: 400, Text: "Bad Request: message to edit not found"},
	} {
		for _, method := range []string{"editMessageText", "sendMessage", "answerCallbackQuery", "deleteMessage"} {
			if (name == "gone" || name == "not modified") && method != "editMessageText" {
				continue
			}
			t.Run(method+" "+name, func(t *testing.T) {
				t.Parallel()
				r := newRig(t, nil)
				p := r.open(11)
				n := 2
				if name == "gone" || method == "answerCallbackQuery" {
					n = 1
				}
				r.first(n, method, fault)
				must(t, p.Tap(0, "A"))
				r.idle()
				p.Say("x")
				r.idle()
				must(t, p.Tap(lastScreen(p).ID, "sign"))
				r.idle()
				if got := lastScreen(p).Text; !strings.Contains(got, "trail: open;A;say x;sign;\nrecords: r1") {
					t.Errorf("screen %q", got)
				}
				if s := p.Spinning(); s != 0 {
					t.Errorf("%d presses unanswered", s)
				}
			})
		}
	}
}

// TestPausedChat acts on while Telegram has paused the chat: nothing is sent meanwhile, and the screen comes after it.
func TestPausedChat(t *testing.T) {
	r := newRig(t, nil)
	p := r.open(11)
	m := r.living(p)
	r.Throttle(11, 1500*time.Millisecond)
	r.ResetRequests()
	for _, label := range []string{"A", "B", "C"} {
		must(t, p.Tap(m.ID, label))
		time.Sleep(100 * time.Millisecond)
	}
	for end := time.Now().Add(700 * time.Millisecond); p.Spinning() != 0 && time.Now().Before(end); { // well before the pause is over
		time.Sleep(10 * time.Millisecond)
	}
	if n := p.Spinning(); n != 0 {
		t.Errorf("%d presses wait for the paused screen", n)
	}
	r.idle()
	r.shows(p, "open;A;B;C;")
	refused := 0
	for _, q := range r.Requests() {
		if q.Status == 429 {
			refused++
		}
	}
	if refused != 1 {
		t.Errorf("%d calls into the pause", refused)
	}
}

func TestBlocked(t *testing.T) {
	r := newRig(t, nil)
	p := r.open(11)
	r.first(1, "editMessageText", sandbox.Fault{Status: 403, Text: "Forbidden: bot was blocked by the user"})
	must(t, p.Tap(0, "A"))
	r.idle()
	if got, ok := r.store.Reached()[11]; got || !ok {
		t.Error("a blocked screen is not noted")
	}
	p.Block()
	r.idle()
	p.Unblock()
	r.idle()
	if !r.store.Reached()[11] {
		t.Error("coming back is not noted")
	}
}

// flaky fails saves as told.
type flaky struct {
	dialogs.Store
	save func() error
}

func (f *flaky) Save(ctx context.Context, key string, value []byte, rev uint64, ttl time.Duration) (uint64, error) {
	if err := f.save(); err != nil {
		return 0, err
	}
	return f.Store.Save(ctx, key, value, rev, ttl)
}

func TestConflict(t *testing.T) {
	var conflicts atomic.Int32
	r := newRig(t, func(o *turn.Options) {
		o.Dialogs = &flaky{o.Dialogs.(dialogs.Store), func() error {
			if conflicts.Add(-1) >= 0 {
				return dialogs.ErrConflict
			}
			return nil
		}}
	})
	p := r.open(11)
	conflicts.Store(2)
	must(t, p.Tap(0, "sign"))
	r.idle()
	r.shows(p, "open;sign;")
	conflicts.Store(7)
	must(t, p.Tap(0, "A"))
	r.idle()
	r.shows(p, "open;sign;A;")
	if got := r.store.Records(); len(got) != 1 {
		t.Errorf("records %v", got)
	}
}

// TestStoreDown takes the database away: patience is asked for once, nothing is confirmed, nothing is lost.
func TestStoreDown(t *testing.T) {
	var down atomic.Bool
	r := newRig(t, nil)
	r.stop()
	r.store.Fault = func(string) error {
		if down.Load() {
			return turntest.ErrDown
		}
		return nil
	}
	r.start()
	p := r.open(11)
	down.Store(true)
	must(t, p.Tap(0, "A"))
	p.Say("still there")
	time.Sleep(1500 * time.Millisecond)
	if n := r.Pending(); n != 2 {
		t.Errorf("%d updates pending", n)
	}
	if ts := p.Toasts(); len(ts) != 1 || ts[0].Text != text.Say(text.ZhHans, text.SayLater) || !ts[0].Alert {
		t.Errorf("toasts %v", ts)
	}
	down.Store(false)
	r.idle()
	r.shows(p, "open;A;say still there;")
}

// TestRedis keeps dialogs in a real Redis and kills it in between.
func TestRedis(t *testing.T) {
	server := dialogstest.StartRedis(t, "--appendonly", "yes", "--appendfsync", "always")
	store, err := dialogs.NewRedis(server.URL, time.Now)
	must(t, err)
	t.Cleanup(func() { _ = store.Close() })
	r := newRig(t, func(o *turn.Options) { o.Dialogs = store })
	p := r.open(11)
	must(t, p.Tap(0, "A"))
	r.idle()
	server.Kill()
	must(t, p.Tap(0, "sign"))
	p.Say("x")
	time.Sleep(4 * time.Second) // longer than a turn that fails by itself is tried
	server.Restart()
	r.idle()
	r.shows(p, "open;A;sign;say x;")
	if got := r.store.Records(); len(got) != 1 {
		t.Errorf("records %v", got)
	}
}

// TestPoison gives up a turn that fails by itself, says so, and goes on.
func TestPoison(t *testing.T) {
	r := newRig(t, nil)
	r.stop()
	var tries atomic.Int32
	r.store.Fault = func(call string) error {
		if call == "commit" {
			tries.Add(1)
			return context.DeadlineExceeded
		}
		return nil
	}
	r.start()
	p := r.open(11)
	must(t, p.Tap(0, "sign"))
	must(t, p.Tap(0, "A"))
	r.idle()
	if n := tries.Load(); n != 5 {
		t.Errorf("%d tries", n)
	}
	r.shows(p, "open;A;")
	if ts := p.Toasts(); len(ts) != 1 || ts[0].Text != text.Say(text.ZhHans, text.SaySorry) {
		t.Errorf("toasts %v", ts)
	}
}

// TestPanic: the conversation breaks down on one text. What it held is not logged (the rig looks for it).
func TestPanic(t *testing.T) {
	r := newRig(t, nil)
	p := r.open(11)
	p.Say("panic")
	r.idle()
	if got := p.Last().Text; got != text.Say(text.ZhHans, text.SaySorry) {
		t.Errorf("said %q", got)
	}
	must(t, p.Tap(0, "A"))
	r.idle()
	r.shows(p, "open;A;")
	if !strings.Contains(r.logs.String(), "panic of type string") {
		t.Error("the panic is not in the log")
	}
}

func TestPanicInView(t *testing.T) {
	r := newRig(t, func(o *turn.Options) {
		o.View = func(s flows.State, d flows.Desk) flows.Screen {
			if strings.HasSuffix(s.Number, "B;") {
				panic("canary")
			}
			return turntest.View(s, d)
		}
	})
	p := r.open(11)
	must(t, p.Tap(0, "B"))
	r.idle()
	if got := p.Last().Text; got != text.Say(text.ZhHans, text.SaySorry) {
		t.Errorf("said %q", got)
	}
	must(t, p.Tap(0, "A"))
	r.idle()
	r.shows(p, "open;B;A;")
}

// TestUnreadableDialog: what cannot be read stays as it is until its owner begins anew.
func TestUnreadableDialog(t *testing.T) {
	r := newRig(t, nil)
	p := r.open(11)
	r.stop()
	_, rev, err := r.dialogs.Load(t.Context(), "chat:11")
	must(t, err)
	if rev == 0 {
		t.Fatal("no dialog stored under this key")
	}
	_, err = r.dialogs.Save(t.Context(), "chat:11", []byte(`{"v":99}`), rev, time.Hour)
	must(t, err)
	r.start()
	must(t, p.Tap(0, "A"))
	r.idle()
	if ts := p.Toasts(); len(ts) != 1 || ts[0].Text != text.Say(text.ZhHans, text.SaySorry) {
		t.Errorf("toasts %v", ts)
	}
	if b, _, _ := r.dialogs.Load(t.Context(), "chat:11"); string(b) != `{"v":99}` {
		t.Errorf("the dialog became %s", b)
	}
	p.Start("")
	r.idle()
	if got := lastScreen(p).Text; !strings.Contains(got, "trail: open;\n") {
		t.Errorf("screen %q", got)
	}
}

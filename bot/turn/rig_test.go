package turn_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	_ "modernc.org/sqlite"

	"liuhen/bot/sandbox"
	"liuhen/bot/telegram"
	"liuhen/bot/turn"
	"liuhen/bot/turn/turntest"
	"liuhen/flows"
	"liuhen/storage/dialogs"
	"liuhen/storage/vault"
)

const token = "7000000001:CANARY-token"

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a bot on a loopback Telegram: real HTTP, a real dialog table, a real vault.
type rig struct {
	*sandbox.Server
	t       *testing.T
	url     string
	store   *turntest.Store
	dialogs dialogs.Store
	keys    *vault.Keys
	blobs   *vault.Blobs
	logs    *syncBuffer
	client  *telegram.Client
	change  func(*turn.Options)
	drain   time.Duration

	handler *turn.Handler
	stopped func()
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func newRig(t *testing.T, change func(*turn.Options)) *rig {
	t.Helper()
	r := &rig{t: t, store: &turntest.Store{}, logs: &syncBuffer{}, change: change, drain: 100 * time.Millisecond}
	r.Server = sandbox.New(sandbox.Options{Token: token})
	web := httptest.NewServer(r.Handler())
	r.url = web.URL
	dir := t.TempDir()
	database, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "d.db")+"?_pragma=journal_mode(WAL)&_pragma=busy_timeout(5000)&_txlock=immediate")
	must(t, err)
	_, err = database.Exec(dialogs.TableDDL)
	must(t, err)
	r.keys, _, err = vault.Load(filepath.Join(dir, "keys"), false)
	must(t, err)
	r.blobs, err = vault.NewBlobs(filepath.Join(dir, "blobs"), vault.Folder(filepath.Join(dir, "blobs")), r.keys, vault.Direct{Keys: r.keys}, vault.Standard)
	must(t, err)
	r.dialogs = dialogs.Encrypted(dialogs.NewTable(database, time.Now), r.keys)
	log := slog.New(slog.NewTextHandler(r.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	r.client, err = telegram.New(telegram.Options{
		Token: token, URL: r.url, Clock: time.Now, Log: log, FileLimit: 1 << 20, Group: "再见",
		Labels: map[string]flows.Place{"待办": flows.AtTodo},
	})
	must(t, err)
	t.Cleanup(func() {
		r.stop()
		r.client.Close()
		r.Server.Close()
		web.Close()
		_ = database.Close()
		for _, v := range r.Violations() {
			t.Errorf("violation: %s", v)
		}
		for _, secret := range []string{"CANARY", "canary", "7000000001"} {
			if strings.Contains(r.logs.String(), secret) {
				t.Errorf("%q is in the logs:\n%s", secret, r.logs)
			}
		}
		if t.Failed() {
			t.Logf("logs:\n%s", r.logs)
		}
	})
	r.start()
	return r
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// start runs a handler and a poller; whatever was before is gone, the stores are not.
func (r *rig) start() {
	r.startWith(nil)
}

func (r *rig) startWith(point func(string) error) {
	o := turn.Options{
		Store: r.store, Watch: r.store, Dialogs: r.dialogs, Vault: r.blobs, Keys: r.keys, Paper: r.client, Channel: r.client,
		Clock: time.Now, Log: slog.New(slog.NewTextHandler(r.logs, nil)), FileLimit: 1 << 20,
		Step: turntest.Step, View: turntest.View, Point: point,
	}
	if r.change != nil {
		r.change(&o)
	}
	h := turn.New(o)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.client.Poll(ctx, telegram.Polling{Wait: time.Second, Drain: r.drain}, h.Take) }()
	r.handler = h
	r.stopped = func() {
		cancel()
		closing, stop := context.WithTimeout(context.Background(), 5*time.Second)
		defer stop()
		if err := <-ended; err != nil {
			r.t.Errorf("poll: %v", err)
		}
		h.Close(closing)
		r.stopped = nil
	}
}

func (r *rig) stop() {
	if r.stopped != nil {
		r.stopped()
	}
}

// kill ends the bot without mercy: nothing that is under way is finished or confirmed.
func (r *rig) kill() {
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	r.handler.Close(gone)
	r.stop()
}

// crashAt is a bot that dies at its n-th point.
func (r *rig) crashAt(n int) (crashed chan string, kill func()) {
	crashed = make(chan string, 1)
	release := make(chan struct{})
	var mu sync.Mutex
	seen := 0
	r.startWith(func(name string) error {
		mu.Lock()
		seen++
		dead, first := seen >= n, seen == n
		mu.Unlock()
		if !dead {
			return nil
		}
		if first {
			crashed <- name
		}
		<-release // a dead process does nothing more
		return errCrash
	})
	return crashed, func() {
		time.AfterFunc(20*time.Millisecond, func() { close(release) })
		r.kill()
	}
}

func (r *rig) idle() {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := r.WaitIdle(ctx); err != nil {
		r.t.Fatalf("%v\n%s", err, r.logs)
	}
}

func (r *rig) open(id int64) *sandbox.Phone {
	r.t.Helper()
	p := r.Phone(id, "张三")
	p.Start("")
	r.idle()
	return p
}

// living is the last message with buttons; there must be one only.
func (r *rig) living(p *sandbox.Phone) sandbox.Message {
	r.t.Helper()
	var found []sandbox.Message
	for _, m := range p.Messages() {
		if m.FromBot && len(m.Keyboard) > 0 {
			found = append(found, m)
		}
	}
	if len(found) != 1 {
		r.t.Fatalf("%d living messages: %+v", len(found), found)
	}
	return found[0]
}

func (r *rig) shows(p *sandbox.Phone, trail string) sandbox.Message {
	r.t.Helper()
	m := r.living(p)
	if !strings.Contains(m.Text, "trail: "+trail+"\n") {
		r.t.Fatalf("screen %q, want trail %q", m.Text, trail)
	}
	return m
}

// count is how often a method was called, in vain or not.
func (r *rig) count(method string) (n int) {
	for _, q := range r.Requests() {
		if q.Method == method {
			n++
		}
	}
	return n
}

var errCrash = errors.New("crash")

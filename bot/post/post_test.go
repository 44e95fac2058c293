package post_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"liuhen/bot/post"
	"liuhen/bot/post/posttest"
	"liuhen/bot/sandbox"
	"liuhen/bot/telegram"
	"liuhen/storage/db"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const notice = "您有待办事项，请打开查看。"

type rig struct {
	*sandbox.Server
	t      *testing.T
	outbox *posttest.Outbox
	client *telegram.Client
	office *post.Office
	logs   bytes.Buffer
	opts   post.Options
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, Server: sandbox.New(sandbox.Options{Token: "1:CANARY"}), outbox: &posttest.Outbox{Clock: time.Now}}
	web := httptest.NewServer(r.Handler())
	log := slog.New(slog.NewTextHandler(&r.logs, nil))
	c, err := telegram.New(telegram.Options{Token: "1:CANARY", URL: web.URL, Clock: time.Now, Log: log})
	must(t, err)
	r.client = c
	r.opts = post.Options{
		Outbox: r.outbox, Watch: r.outbox, Channel: c, Clock: time.Now, Log: log, Button: "打开",
		Words:   map[db.Kind]string{db.Digest: notice, db.Report: "您有一件新的事项，请打开查看。"},
		PerChat: 200 * time.Millisecond, Every: 50 * time.Millisecond, Pace: 1000,
	}
	r.office = post.New(r.opts)
	t.Cleanup(func() {
		c.Close()
		r.Server.Close()
		web.Close()
		for _, v := range r.Violations() {
			t.Errorf("violation: %s", v)
		}
		if s := r.logs.String(); strings.Contains(s, "CANARY") || strings.Contains(s, "chat_id") {
			t.Errorf("log: %s", s)
		}
	})
	return r
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func row(id string, account int64) db.Message {
	return db.Message{ID: id, Person: "p", Account: account, Kind: db.Digest}
}

// run works until all rows have left the outbox.
func (r *rig) run(limit time.Duration) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), limit)
	defer cancel()
	var done sync.WaitGroup
	done.Go(func() { r.office.Run(ctx) })
	for r.outbox.Count("due") > 0 && ctx.Err() == nil {
		time.Sleep(5 * time.Millisecond)
	}
	cancel()
	done.Wait()
}

func (r *rig) heard(p *sandbox.Phone) (n int) {
	for _, m := range p.Messages() {
		if m.FromBot {
			n++
		}
	}
	return n
}

func TestNotice(t *testing.T) {
	r := newRig(t)
	p := r.Phone(5, "张三")
	p.Start("")
	r.outbox.Add(row("a", 5))
	r.run(5 * time.Second)
	m := p.Last()
	if m.Text != notice || len(m.Keyboard) != 1 || len(m.Keyboard[0]) != 1 || m.Keyboard[0][0].Text != "打开" {
		t.Errorf("notice %+v", m)
	}
	if tap, ok := telegram.ParseToken(m.Keyboard[0][0].Data); !ok || tap.Verb != "go" || tap.Arg != "todo" {
		t.Errorf("button %+v", tap)
	}
	if r.outbox.Count("sent") != 1 {
		t.Error("not noted")
	}
}

// TestPace: one chat gets its messages one by one, others are not kept waiting for it.
func TestPace(t *testing.T) {
	r := newRig(t)
	var busy, other *sandbox.Phone = r.Phone(5, "张三"), r.Phone(6, "李四")
	busy.Start("")
	other.Start("")
	for n := range 4 {
		r.outbox.Add(row(fmt.Sprint("a", n), 5))
	}
	r.outbox.Add(row("b", 6))
	began := time.Now()
	r.run(10 * time.Second)
	if took := time.Since(began); took < 600*time.Millisecond {
		t.Errorf("four messages to one chat in %v", took)
	}
	var at []time.Time
	for _, q := range r.Requests() {
		if q.Method == "sendMessage" && q.ChatID() == 5 {
			at = append(at, q.Time)
		} else if q.Method == "sendMessage" && q.Time.Sub(began) > 300*time.Millisecond {
			t.Error("the other chat waited")
		}
	}
	for i := 1; i < len(at); i++ {
		if gap := at[i].Sub(at[i-1]); gap < 190*time.Millisecond {
			t.Errorf("gap of %v", gap)
		}
	}
}

func TestPaceOverall(t *testing.T) {
	r := newRig(t)
	r.opts.Pace = 25
	r.office = post.New(r.opts)
	for n := range 40 {
		r.Phone(int64(100+n), "张三").Start("")
		r.outbox.Add(row(fmt.Sprint(n), int64(100+n)))
	}
	began := time.Now()
	r.run(10 * time.Second)
	if took := time.Since(began); took < 1500*time.Millisecond || took > 4*time.Second {
		t.Errorf("40 messages in %v", took)
	}
	if r.outbox.Count("sent") != 40 {
		t.Errorf("%d sent", r.outbox.Count("sent"))
	}
}

// TestPausedChat: what Telegram asks for is stored with the row, so that a restart does not forget it, and holds for the whole
// chat.
func TestPausedChat(t *testing.T) {
	r := newRig(t)
	p := r.Phone(5, "张三")
	p.Start("")
	r.Throttle(5, 1500*time.Millisecond)
	r.outbox.Add(row("a", 5), row("b", 5))
	began := time.Now()
	_, err := r.office.Round(t.Context())
	must(t, err)
	for _, id := range []string{"a", "b"} {
		if due := r.outbox.Row(id).Due.Sub(began); due < time.Second {
			t.Errorf("row %s is due again after %v", id, due)
		}
	}
	r.office = post.New(r.opts) // a restart
	r.run(10 * time.Second)
	refused := 0
	for _, q := range r.Requests() {
		if q.Status == 429 {
			refused++
		}
	}
	if refused != 1 || r.heard(p) != 2 {
		t.Errorf("%d calls refused, %d heard", refused, r.heard(p))
	}
}

// TestOutcomes: whatever happens to one row, the others are delivered.
func TestOutcomes(t *testing.T) {
	r := newRig(t)
	blocked, fine := r.Phone(5, "张三"), r.Phone(6, "李四")
	blocked.Start("")
	blocked.Block()
	fine.Start("")
	poison, unknown := r.Phone(7, "王五"), r.Phone(8, "赵六")
	poison.Start("")
	unknown.Start("")
	r.Fault(func(m string, p map[string]any) *sandbox.Fault {
		if m == "sendMessage" && p["chat_id"] == int64(7) {
			return &sandbox.Fault{Status: 400, Text: "Bad Request: MESSAGE_TOO_LONG"}
		}
		return nil
	})
	secret := row("report", 5)
	secret.Kind = db.Report
	odd := row("odd", 8)
	odd.Kind = "odd"
	r.outbox.Add(secret)
	r.run(5 * time.Second)
	if _, told := r.outbox.Reached()[5]; told {
		t.Error("a report that did not arrive is told")
	}
	r.outbox.Add(row("digest", 5), row("poison", 7), odd, row("fine", 6))
	r.run(5 * time.Second)
	for id, state := range map[string]string{"report": "failed", "digest": "failed", "poison": "failed", "odd": "failed", "fine": "sent"} {
		if got := r.outbox.Row(id).State; got != state {
			t.Errorf("%s is %s, want %s", id, got, state)
		}
	}
	if len(r.outbox.Reached()) != 0 {
		t.Error("a message that did not arrive, or did, says something about its person")
	}
	sum := fmt.Sprintf("%x", sha256.Sum256([]byte("poison")))[:16]
	if _, told := r.outbox.Reached()[7]; told || !strings.Contains(r.logs.String(), "message="+sum) {
		t.Error("a refused notice is taken for a blocked person, or not logged")
	}
	if strings.Contains(r.logs.String(), "message=poison") {
		t.Error("the log holds the key of a notice, which says who is told of which report")
	}
}

// TestServerFails: 5xx, HTML, cut connections and lost answers delay a notice and never end it.
func TestServerFails(t *testing.T) {
	for name, fault := range map[string]sandbox.Fault{
		"500": {Status: 500}, "502": {Status: 502, Body: "<html>"}, "cut": {Drop: true}, "lost": {Drop: true, After: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			p := r.Phone(5, "张三")
			p.Start("")
			var mu sync.Mutex
			n := 1
			r.Fault(func(m string, _ map[string]any) *sandbox.Fault {
				mu.Lock()
				defer mu.Unlock()
				if n--; n < 0 {
					return nil
				}
				return &fault
			})
			r.outbox.Add(row("a", 5))
			r.run(15 * time.Second)
			if got := r.outbox.Row("a"); got.State != "sent" || got.Attempts != 2 {
				t.Errorf("row %+v", got)
			}
			if n := r.heard(p); n < 1 || n > 2 {
				t.Errorf("%d heard", n)
			}
		})
	}
}

// TestStoreFails: a row whose outcome cannot be noted comes again; the round goes on.
func TestStoreFails(t *testing.T) {
	r := newRig(t)
	p, q := r.Phone(5, "张三"), r.Phone(6, "李四")
	p.Start("")
	q.Start("")
	r.outbox.Fault = func(call, id string) error {
		if call == "sent" && id == "a" {
			return errors.New("disk full")
		}
		return nil
	}
	r.outbox.Add(row("a", 5), row("b", 6))
	_, err := r.office.Round(t.Context())
	must(t, err)
	if a, b := r.outbox.Row("a").State, r.outbox.Row("b").State; a != "due" || b != "sent" {
		t.Errorf("a %s, b %s", a, b)
	}
}

func TestWake(t *testing.T) {
	r := newRig(t)
	r.opts.Every = time.Hour
	r.office = post.New(r.opts)
	p := r.Phone(5, "张三")
	p.Start("")
	ctx, cancel := context.WithCancel(t.Context())
	var done sync.WaitGroup
	done.Go(func() { r.office.Run(ctx) })
	time.Sleep(50 * time.Millisecond)
	r.outbox.Add(row("a", 5))
	r.office.Wake()
	for end := time.Now().Add(5 * time.Second); r.heard(p) == 0 && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	cancel()
	done.Wait()
	if r.outbox.Count("sent") != 1 {
		t.Error("not woken")
	}
}

func TestProbe(t *testing.T) {
	r := newRig(t)
	p, q := r.Phone(5, "张三"), r.Phone(6, "李四")
	p.Start("")
	q.Start("")
	q.Block()
	must(t, r.office.Probe(t.Context(), []int64{5, 6, 7}))
	if got := fmt.Sprint(r.outbox.Reached()); got != "map[5:true 6:false 7:false]" {
		t.Errorf("reached %s", got)
	}
	if r.heard(p) != 0 {
		t.Error("a probe is heard")
	}
}

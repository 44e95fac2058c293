package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"liuhen/bot/sandbox"
	"liuhen/bot/telegram"
	"liuhen/flows/flowstest"
	"liuhen/flows/form"
	"liuhen/flows/record"
	"liuhen/storage/dialogs/dialogstest"
)

// mortal is a life of the bot that ends at chosen points of its turns. A dead bot does nothing more: what is under way
// stands still, no request of its goes out or comes back.
type mortal struct {
	http telegram.Doer
	dies func(n int) bool

	mu    sync.Mutex
	n     int // points passed, over all lives
	dead  bool
	names []string      // of the points died at
	died  chan struct{} // closed by death
	over  chan struct{} // closed when the dead bot is cleared away
}

var errDead = errors.New("the bot is dead")

func (m *mortal) point(name string) error {
	m.mu.Lock()
	m.n++
	if !m.dead && m.dies(m.n) {
		m.dead = true
		m.names = append(m.names, fmt.Sprintf("%d %s", m.n, name))
		close(m.died)
	}
	dead, over := m.dead, m.over
	m.mu.Unlock()
	if !dead {
		return nil
	}
	<-over
	return errDead
}

// Do implements [telegram.Doer].
func (m *mortal) Do(r *http.Request) (*http.Response, error) {
	if m.isDead() {
		return nil, errDead
	}
	resp, err := m.http.Do(r)
	if err == nil && m.isDead() {
		_ = resp.Body.Close()
		return nil, errDead
	}
	return resp, err
}

func (m *mortal) isDead() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.dead
}

// crashing is a stage whose bot dies now and then.
type crashing struct {
	*stage
	*mortal
}

func newCrashing(t *testing.T, o staging, dies func(n int) bool) *crashing {
	t.Helper()
	c := &crashing{stage: newStage(t, o)}
	c.mortal = &mortal{http: &http.Client{Transport: c.box.Transport()}, dies: dies}
	c.stop()
	c.live()
	return c
}

func (c *crashing) live() {
	c.mu.Lock()
	c.dead, c.died, c.over = false, make(chan struct{}), make(chan struct{})
	c.mu.Unlock()
	c.start(tuning{point: c.point, http: c.mortal, poll: telegram.Polling{Wait: time.Second, Drain: time.Millisecond}})
}

// bury clears the dead bot away without letting it finish or confirm anything, and starts the next.
func (c *crashing) bury() {
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	over := c.over
	time.AfterFunc(10*time.Millisecond, func() { close(over) })
	c.app.turns.Close(gone)
	c.cancel()
	c.live()
}

// rest waits until the bot, or one of its successors, has dealt with everything.
func (c *crashing) rest() {
	c.t.Helper()
	for {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		idle := make(chan error, 1)
		go func() { idle <- c.box.WaitIdle(ctx) }()
		select {
		case err := <-idle:
			cancel()
			if c.isDead() {
				c.bury()
				continue
			}
			c.must(err)
			return
		case <-c.died:
			cancel()
			<-idle
			c.bury()
		}
	}
}

// each lets somebody do one thing after another, whatever happens to the bot meanwhile.
func (c *crashing) each(who string, acts ...any) {
	c.t.Helper()
	p := c.phones[who]
	for _, a := range acts {
		switch a := a.(type) {
		case string:
			if err := p.Tap(c.living(who).ID, a); err != nil {
				c.t.Fatalf("died at %v: %v on\n%s", c.names, err, c.living(who).Text)
			}
		case func(p *sandbox.Phone):
			a(p)
		}
		c.rest()
	}
}

func typed(words string) func(*sandbox.Phone) {
	return func(p *sandbox.Phone) { p.Say(words) }
}

// outcome is what a run leads to, without what differs from run to run by its nature.
type outcome struct {
	Records []record.Record
	Screens map[string]flowstest.Seen
	Handed  int
}

// script is one entry with evidence, its reading by the recipient, and its correction.
func (c *crashing) script() (o outcome, notices int) {
	c.t.Helper()
	c.each("张三", typed("/file"), case101, "☐ 有上述情形", "☐ （一）为当事人请托说情", "下一步", "☐ 委托人", "下一步", "否", "下一步",
		typed("11月20日"), typed("电话中"), "☐ 电话", "下一步", typed(story), "下一步",
		sends("document", "a.txt", "text/plain", []byte("证据一"), "说明"), sends("voice", "", "audio/ogg", []byte("证据二"), ""),
		"下一步", "签名存档")
	c.delivered()
	c.each("钱七", typed("/start"), "待办")
	c.each("钱七", c.labelWith("钱七", "未读"))
	c.each("钱七", c.labelWith("钱七", "证据 1 · "))
	if o.Handed = c.files("钱七"); o.Handed == 0 { // nothing came: whoever waits for it presses again
		c.each("钱七", c.labelWith("钱七", "证据 1 · "))
		o.Handed = c.files("钱七")
	}
	c.each("张三", typed("/records"))
	c.each("张三", c.labelWith("张三", "101号"))
	c.each("张三", "更正", typed("干预人写漏了"), "☑ 有上述情形", "修改…")
	c.each("张三", c.labelWith("张三", "干预人"))
	c.each("张三", "☐ 其他", typed("某律师"), "下一步", "否")
	c.each("张三", "签名存档")
	c.outbox()
	c.box.Redeliver(3)
	c.rest()
	c.stop()
	c.start(tuning{})
	c.delivered()
	for i, r := range c.records("张三") {
		o.Records = append(o.Records, plain(r, i))
	}
	o.Screens = map[string]flowstest.Seen{"张三": c.seen("张三"), "钱七": c.seen("钱七")}
	o.Handed = min(o.Handed, 1)
	return o, c.notices("钱七")
}

// delivered waits for the outbox, and for what a dead bot had in hand, which is free again after two minutes.
func (c *crashing) delivered() {
	c.outbox()
	c.clock.set(c.clock.Now().Add(3 * time.Minute))
	c.outbox()
	c.rest()
}

// plain is a record without names and times, which come from numbers of updates and the clock.
func plain(r record.Record, i int) record.Record {
	if r.ID = fmt.Sprint(i); r.Supersedes != "" {
		r.Supersedes = "another"
	}
	r.Signed, r.Shown = time.Time{}, ""
	r.Answers = r.Answers.Clone()
	files := r.Answers[form.Evidence].Files
	for n := range files {
		files[n].ID, files[n].Received, files[n].Sent = "", time.Time{}, time.Time{}
	}
	return r
}

var passing = regexp.MustCompile(`\b[0-9a-f]{64}\b|\b[0-9a-f]{16}…|[a-z2-7]{26}|\d\d:\d\d`)

// seen is somebody's screen without what differs from run to run, and without words of the moment.
func (c *crashing) seen(who string) flowstest.Seen {
	c.same(who)
	c.toasts[who] = len(c.phones[who].Toasts())
	s := c.Screen(who)
	s.Text = passing.ReplaceAllString(s.Text, "…")
	for i := range s.Rows {
		for j := range s.Rows[i] {
			s.Rows[i][j] = passing.ReplaceAllString(s.Rows[i][j], "…")
		}
	}
	return s
}

// labelWith is the first button that holds the words, "" if there is none.
func (s *stage) labelWith(who, words string) string {
	for _, row := range s.living(who).Keyboard {
		for _, b := range row {
			if regexp.MustCompile(regexp.QuoteMeta(words)).MatchString(b.Text) {
				return b.Text
			}
		}
	}
	return ""
}

func (s *stage) files(who string) (n int) {
	for _, m := range s.phones[who].Messages() {
		if m.FromBot && m.File != nil {
			n++
		}
	}
	return n
}

// TestCrash lets the bot die at points of its turns, in mid-act, and start again: what comes of it must be what comes of an
// undisturbed life. The short form dies at every k-th point of a run, with another beginning each time; the long one at
// every single point.
func TestCrash(t *testing.T) {
	seed := seedLife(t)
	redis := dialogstest.StartRedis(t)
	for name, url := range map[string]string{"table": "", "redis": redis.URL} {
		t.Run(name, func(t *testing.T) {
			run := func(t *testing.T, dies func(n int) bool) (outcome, int, *crashing) {
				redis.Do("FLUSHALL")
				c := newCrashing(t, staging{seed: seed, redis: url, cast: []string{"张三", "钱七"}}, dies)
				o, notices := c.script()
				return o, notices, c
			}
			want, notices, undisturbed := run(t, func(int) bool { return false })
			if len(want.Records) != 2 || want.Handed != 1 || notices == 0 {
				t.Fatalf("the undisturbed life: %d records, %d notices, %d pieces handed", len(want.Records), notices, want.Handed)
			}
			check := func(t *testing.T, dies func(n int) bool) {
				got, n, c := run(t, dies)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("died at %v:\n%s", c.names, diff)
				}
				if n < notices || n > notices+len(c.names) {
					t.Errorf("died at %v: %d notices, not %d", c.names, n, notices)
				}
				if len(c.names) == 0 {
					t.Error("never died")
				}
			}
			if long {
				for at := 1; at <= undisturbed.n; at++ {
					t.Run(fmt.Sprint(at), func(t *testing.T) { check(t, func(n int) bool { return n == at }) })
				}
				return
			}
			const every, lives = 23, 2
			for i := range lives {
				first := 1 + i*every/lives
				t.Run(fmt.Sprintf("%d and each %dth", first, every), func(t *testing.T) {
					check(t, func(n int) bool { return n%every == first%every })
				})
			}
			t.Logf("%d points", undisturbed.n)
		})
	}
}

package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"liuhen/bot/sandbox"
	"liuhen/flows/form"
	"liuhen/storage/db"
)

// child is the program as it is run: a process of its own that reaches the emulator over HTTP.
type child struct {
	*stage
	binary string
	env    []string
	cmd    *exec.Cmd
	errs   *syncLog
}

// newChild builds the program and starts it on a seeded register.
func newChild(t *testing.T) *child {
	t.Helper()
	dir, seed := t.TempDir(), seedLife(t)
	copySeed(t, seed, dir)
	s := &stage{
		t: t, phones: map[string]*sandbox.Phone{}, toasts: map[string]int{}, seen: map[string]int64{}, logs: &syncLog{},
		cfg: testConfig(t, dir), clock: &movable{base: time.Now, zone: noon()},
	}
	s.cfg.Zone = s.clock.zone
	c := &child{stage: s, binary: filepath.Join(t.TempDir(), "liuhen"), errs: &syncLog{}}
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", c.binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("building the program: %v\n%s", err, out)
	}
	s.box = sandbox.New(sandbox.Options{Token: s.cfg.Token})
	web := httptest.NewServer(s.box.Handler())
	t.Cleanup(func() {
		if c.cmd != nil {
			_ = c.cmd.Process.Kill()
			_ = c.cmd.Wait()
		}
		s.stop()
		s.box.Close()
		web.Close()
	})
	c.env = append(os.Environ(), "TELEGRAM_TOKEN="+s.cfg.Token, "TELEGRAM_API_URL="+web.URL, "LIUHEN_DATA="+dir, "TZ="+s.clock.zone.String())
	for i, name := range cast {
		s.phones[name] = s.box.Phone(int64(1000+i), name)
		s.phones[name].Start("")
	}
	return c
}

// noon is a zone where people are awake now: at night no notices go out.
func noon() *time.Location {
	off := 12 - time.Now().UTC().Hour()
	name := fmt.Sprintf("Etc/GMT%+d", -off)
	if off == 0 {
		name = "Etc/GMT"
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return z
}

// run starts the process and says how long it took to turn to Telegram.
func (c *child) run() (took time.Duration) {
	c.box.ResetRequests()
	c.cmd = exec.Command(c.binary, "run")
	c.cmd.Env, c.cmd.Stderr = c.env, c.errs
	began := time.Now()
	c.must(c.cmd.Start())
	c.until("the bot turns to Telegram", func() bool { return len(c.box.Requests()) > 0 })
	return time.Since(began)
}

// end ends the process with a signal and gives its exit code, -1 when the signal killed it.
func (c *child) end(sig os.Signal) (code int, took time.Duration) {
	began := time.Now()
	_ = c.cmd.Process.Signal(sig)
	_ = c.cmd.Wait()
	code = c.cmd.ProcessState.ExitCode()
	c.cmd = nil
	return code, time.Since(began)
}

// entry files one entry with a piece of evidence, as fast as the screens come.
func (c *child) entry(n int) {
	c.t.Helper()
	for _, a := range []any{
		typed("/file"), "不在名单上 / 尚无编号", "尚无编号", "跳过", "☐ 有上述情形", "☐ （一）为当事人请托说情", "下一步", "☐ 委托人", "下一步",
		"否", "下一步", "昨天", typed("电话中"), "☐ 电话", "下一步", typed(fmt.Sprintf("第%d次", n)), "下一步",
		sends("document", "a.txt", "text/plain", fmt.Appendf(nil, "证据%d", n), ""), "下一步", "签名存档",
	} {
		switch a := a.(type) {
		case string:
			if err := c.phones["张三"].Tap(c.living("张三").ID, a); err != nil {
				c.t.Fatalf("entry %d: %v on\n%s\n%s", n, err, c.living("张三").Text, c.errs)
			}
		case func(*sandbox.Phone):
			a(c.phones["张三"])
		}
		ctx, cancel := context.WithTimeout(context.Background(), 40*time.Second)
		err := c.box.WaitIdle(ctx)
		cancel()
		if err != nil {
			c.t.Fatalf("entry %d: %v\n%s", n, err, c.errs)
		}
	}
	c.shows("张三", "回执 · 已签名存档")
}

// TestKill kills the real process with signal 9 at random moments, now and then ends it in order, and starts it again, while
// somebody files entry after entry: nothing is lost, nothing is double, and each start is quick.
func TestKill(t *testing.T) {
	kills := 20
	if long {
		kills = 500
	}
	c := newChild(t)
	c.run()
	var slowest, slowestEnd time.Duration
	var over sync.WaitGroup
	ended := make(chan struct{})
	over.Go(func() {
		defer close(ended)
		r := rand.New(rand.NewPCG(7, uint64(kills)))
		for n := range kills {
			time.Sleep(time.Duration(10+r.IntN(240)) * time.Millisecond)
			if n%5 == 4 {
				code, took := c.end(syscall.SIGTERM)
				if slowestEnd = max(slowestEnd, took); code != 0 {
					t.Errorf("ended by SIGTERM with code %d", code)
				}
				c.run()
				time.Sleep(time.Duration(r.IntN(50)) * time.Millisecond)
			}
			c.end(syscall.SIGKILL)
			slowest = max(slowest, c.run())
		}
	})
	entries := 0
	for running := true; running; {
		select {
		case <-ended:
			running = false
		default:
		}
		entries++
		c.entry(entries)
	}
	over.Wait()
	code, took := c.end(syscall.SIGTERM)
	if slowestEnd = max(slowestEnd, took); code != 0 {
		t.Errorf("ended by SIGTERM with code %d", code)
	}
	t.Logf("%d entries, %d kills; slowest start %v, slowest end %v", entries, kills, slowest, slowestEnd)
	if slowest > 5*time.Second || slowestEnd > 10*time.Second {
		t.Errorf("slowest start %v, slowest end %v", slowest, slowestEnd)
	}
	c.complete(entries)
	if bytes.Contains([]byte(c.errs.String()), []byte("panic")) {
		t.Errorf("logs:\n%s", c.errs)
	}
}

// complete wants every entry once, with its evidence and its report, and nothing else.
func (c *child) complete(entries int) {
	c.t.Helper()
	c.start(tuning{})
	var stories []string
	for _, r := range c.records("张三") {
		stories = append(stories, r.Answers[form.Particulars].Parts...)
		files := r.Answers[form.Evidence].Files
		if len(files) != 1 || "第"+string(c.vaulted(files[0]))[len("证据"):]+"次" != r.Answers[form.Particulars].Parts[0] {
			c.t.Errorf("evidence of %q: %+v", stories, files)
		}
	}
	var want []string
	for n := max(0, entries-len(stories)); n < entries; n++ { // a desk shows the last hundred
		want = append(want, fmt.Sprintf("第%d次", n+1))
	}
	if !slices.Equal(stories, want) || len(want) < min(entries, 100) {
		c.t.Errorf("recorded %q", stories)
	}
	for what, query := range map[string]string{
		"entries": "SELECT COUNT(*) FROM records", "reports": "SELECT COUNT(*) FROM reports",
		"messages": "SELECT COUNT(*) FROM outbox WHERE kind = 'report'",
	} {
		var n int
		c.must(c.app.stores.db.SQL().QueryRow(query).Scan(&n))
		if n != entries {
			c.t.Errorf("%d %s, not %d", n, what, entries)
		}
	}
	_, err := c.app.stores.db.Verify(context.Background(), func(f db.Finding) { c.t.Errorf("verify: %+v", f) })
	c.must(err)
	_, bad, err := c.app.stores.verifyEvidence(context.Background(), func(id string, err error) { c.t.Errorf("evidence %s: %v", id, err) })
	if err != nil || bad != 0 {
		c.t.Errorf("evidence: %d bad, %v", bad, err)
	}
	c.same("张三")
}

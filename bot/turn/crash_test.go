package turn_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"liuhen/bot/sandbox"
)

// acts is a conversation that passes every point of a turn.
var acts = []struct {
	do    func(*testing.T, *sandbox.Phone)
	leave string // its trace on the screen
}{
	{func(_ *testing.T, p *sandbox.Phone) { p.Start("") }, "open;"},
	{func(t *testing.T, p *sandbox.Phone) { tapAny(t, p, "A") }, "A;"},
	{func(_ *testing.T, p *sandbox.Phone) { p.Say("text") }, "say text;"},
	{func(_ *testing.T, p *sandbox.Phone) {
		p.Send("document", "a.txt", "text/plain", []byte("evidence"), "")
	}, "file document ee8250fb;"},
	{func(t *testing.T, p *sandbox.Phone) { tapAny(t, p, "sign") }, "sign;"},
	{func(t *testing.T, p *sandbox.Phone) { tapAny(t, p, "B") }, "B;"},
}

func tapAny(t *testing.T, p *sandbox.Phone, label string) {
	t.Helper()
	must(t, p.Tap(0, label))
}

// TestCrashAtEveryPoint kills the bot at its first, second, … point and lets a new one go on: every act counts once, the last
// screen shows them all, every press is answered.
func TestCrashAtEveryPoint(t *testing.T) {
	names := map[string]int{}
	for n := 1; ; n++ {
		name := crashRun(t, n)
		if name == "" {
			break
		}
		names[name]++
		if t.Failed() {
			return
		}
	}
	for _, want := range []string{"loaded", "fetched", "stepped", "committed", "saved", "sent", "drawn", "done"} {
		if names[want] == 0 {
			t.Errorf("never crashed at %q: %v", want, names)
		}
	}
}

func crashRun(t *testing.T, n int) (name string) {
	r := newRig(t, nil)
	r.stop()
	crashed, kill := r.crashAt(n)
	p := r.Phone(11, "张三")
	want := ""
	for _, a := range acts {
		a.do(t, p)
		want += a.leave
		if name == "" {
			if name = r.idleOr(crashed); name != "" {
				kill()
				r.start()
				r.idle()
			}
		} else {
			r.idle()
		}
		last := lastScreen(p)
		if !strings.Contains(last.Text, "trail: "+want+"\n") {
			t.Fatalf("crash %d at %q: screen %q, want %q", n, name, last.Text, want)
		}
	}
	if got := fmt.Sprint(r.store.Records()); got != "[r1]" {
		t.Errorf("crash %d at %q: records %s", n, name, got)
	}
	if s := p.Spinning(); s != 0 {
		t.Errorf("crash %d at %q: %d presses never answered", n, name, s)
	}
	if k := keyboards(p); k > 2 {
		t.Errorf("crash %d at %q: %d keyboards left", n, name, k)
	}
	r.stop()
	return name
}

// idleOr waits until nothing is under way, or the bot has crashed.
func (r *rig) idleOr(crashed chan string) string {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	idle := make(chan error, 1)
	go func() { idle <- r.WaitIdle(ctx) }()
	select {
	case name := <-crashed:
		cancel()
		<-idle
		return name
	case err := <-idle:
		must(r.t, err)
		return ""
	}
}

func lastScreen(p *sandbox.Phone) sandbox.Message {
	var last sandbox.Message
	for _, m := range p.Messages() {
		if m.FromBot && len(m.Keyboard) > 0 {
			last = m
		}
	}
	return last
}

func keyboards(p *sandbox.Phone) (n int) {
	for _, m := range p.Messages() {
		if m.FromBot && len(m.Keyboard) > 0 {
			n++
		}
	}
	return n
}

// TestRedelivery delivers everything once more, as after a lost confirmation.
func TestRedelivery(t *testing.T) {
	r := newRig(t, nil)
	p := r.Phone(11, "张三")
	want := ""
	for _, a := range acts {
		a.do(t, p)
		r.idle()
		want += a.leave
	}
	r.Redeliver(len(acts))
	time.Sleep(50 * time.Millisecond)
	r.idle()
	r.shows(p, want)
	r.kill()
	r.start()
	r.Redeliver(len(acts))
	r.idle()
	r.shows(p, want)
	if got := fmt.Sprint(r.store.Records()); got != "[r1]" {
		t.Errorf("records %s", got)
	}
}

// TestCrashInCommit dies inside the one transaction, before it and after it.
func TestCrashInCommit(t *testing.T) {
	for _, after := range []bool{false, true} {
		t.Run(fmt.Sprint("after ", after), func(t *testing.T) {
			r := newRig(t, nil)
			p := r.open(11)
			crashed, release := make(chan struct{}, 1), make(chan struct{})
			die := func(call string) error {
				if call != "commit" {
					return nil
				}
				crashed <- struct{}{}
				<-release
				return errCrash
			}
			r.stop()
			if after {
				r.store.After = die
			} else {
				r.store.Fault = die
			}
			r.start()
			must(t, p.Tap(0, "sign"))
			<-crashed
			time.AfterFunc(20*time.Millisecond, func() { close(release) })
			r.kill()
			r.store.Fault, r.store.After = nil, nil
			r.start()
			r.idle()
			if got := fmt.Sprint(r.store.Records()); got != "[r1]" {
				t.Errorf("records %s", got)
			}
			if got := lastScreen(p).Text; !strings.Contains(got, "trail: open;sign;\nrecords: r1") {
				t.Errorf("screen %q", got)
			}
		})
	}
}

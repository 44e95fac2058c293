package turn_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"liuhen/bot/sandbox"
	"liuhen/bot/turn"
	"liuhen/bot/turn/turntest"
	"liuhen/flows"
)

// TestOrder lets several people act at once: within a chat everything happens in order, and once.
func TestOrder(t *testing.T) {
	r := newRig(t, nil)
	const people, each = 6, 25
	var all sync.WaitGroup
	want := make([]string, people)
	phones := make([]*sandbox.Phone, people)
	for i := range people {
		phones[i] = r.open(int64(100 + i))
		all.Go(func() {
			want[i] = "open;"
			for n := range each {
				if n%5 == 4 {
					phones[i].Say(fmt.Sprint(n))
					want[i] += fmt.Sprintf("say %d;", n)
					continue
				}
				label := string("ABC"[n%3])
				if err := phones[i].Tap(0, label); err != nil {
					t.Error(err)
				}
				want[i] += label + ";"
			}
		})
	}
	all.Wait()
	r.idle()
	for i, p := range phones {
		r.shows(p, want[i])
		if n := p.Spinning(); n != 0 {
			t.Errorf("%d presses unanswered", n)
		}
	}
}

// TestBurst presses all boxes at once while Telegram is slow: most edits are saved, the last screen is right, every press is
// answered exactly once.
func TestBurst(t *testing.T) {
	r := newRig(t, nil)
	p := r.open(11)
	m := r.living(p)
	r.Fault(func(method string, _ map[string]any) *sandbox.Fault {
		if method == "editMessageText" {
			return &sandbox.Fault{Delay: 60 * time.Millisecond}
		}
		return nil
	})
	r.ResetRequests()
	want := "open;"
	for n := range 24 {
		label := string("ABC"[n%3])
		must(t, p.Tap(m.ID, label))
		want += label + ";"
	}
	r.idle()
	if got := r.shows(p, want); got.ID != m.ID {
		t.Error("the living message moved")
	}
	if n := r.count("editMessageText"); n == 0 || n > 8 {
		t.Errorf("%d edits for 24 presses", n)
	}
	if n := r.count("answerCallbackQuery"); n != 24 || p.Spinning() != 0 {
		t.Errorf("%d answers, %d presses unanswered", n, p.Spinning())
	}
}

// TestBurstOfTexts keeps what was to be said above the screens that were never drawn.
func TestBurstOfTexts(t *testing.T) {
	gate := make(chan struct{})
	r := newRig(t, func(o *turn.Options) {
		o.Step = func(s flows.State, d flows.Desk, e flows.Event) (flows.State, []flows.Effect) {
			if say, ok := e.Do.(flows.Say); ok && say.Text == "1" {
				<-gate
			}
			return turntest.Step(s, d, e)
		}
	})
	p := r.open(11)
	for n := range 3 {
		p.Say(fmt.Sprint(n + 1))
	}
	time.Sleep(400 * time.Millisecond) // all three are fetched
	r.ResetRequests()
	close(gate)
	r.idle()
	m := r.shows(p, "open;say 1;say 2;say 3;")
	if n := r.count("sendMessage"); n != 1 {
		t.Errorf("%d screens sent for one burst", n)
	}
	if n := strings.Count(strings.Split(m.Text, "trail")[0], "\n"); n != 4 {
		t.Errorf("hints above the screen: %q", m.Text)
	}
}

// TestOffset holds a turn up: until it is done its update is not confirmed, later ones of other chats notwithstanding.
func TestOffset(t *testing.T) {
	gate := make(chan struct{})
	r := newRig(t, func(o *turn.Options) {
		o.Step = func(s flows.State, d flows.Desk, e flows.Event) (flows.State, []flows.Effect) {
			if say, ok := e.Do.(flows.Say); ok && say.Text == "slow" {
				<-gate
			}
			return turntest.Step(s, d, e)
		}
	})
	p, q := r.open(11), r.open(12)
	p.Say("slow")
	must(t, q.Tap(0, "A"))
	deadline := time.Now().Add(5 * time.Second)
	for !strings.Contains(lastScreen(q).Text, "open;A;") && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	r.shows(q, "open;A;")
	time.Sleep(300 * time.Millisecond)
	if n := r.Pending(); n != 2 {
		t.Errorf("%d updates pending, want both", n)
	}
	close(gate)
	r.idle()
	r.shows(p, "open;say slow;")
}

// TestDoubleTap presses the button that signs a hundred times at once.
func TestDoubleTap(t *testing.T) {
	r := newRig(t, nil)
	p := r.open(11)
	m := r.living(p)
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			if err := p.Tap(m.ID, "sign"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	r.idle()
	if got := r.store.Records(); len(got) != 1 {
		t.Errorf("records %v", got)
	}
	if n := p.Spinning(); n != 0 {
		t.Errorf("%d presses unanswered", n)
	}
}

// TestStop lets a turn end that is under way when the bot is told to stop, and confirms it.
func TestStop(t *testing.T) {
	entered := make(chan struct{})
	r := newRig(t, func(o *turn.Options) {
		o.Step = func(s flows.State, d flows.Desk, e flows.Event) (flows.State, []flows.Effect) {
			if say, ok := e.Do.(flows.Say); ok && say.Text == "slow" {
				close(entered)
				time.Sleep(300 * time.Millisecond)
			}
			return turntest.Step(s, d, e)
		}
	})
	r.stop()
	r.drain = 10 * time.Second
	r.start()
	p := r.open(11)
	p.Say("slow")
	<-entered
	r.stop()
	if n := r.Pending(); n != 0 {
		t.Errorf("%d updates left unconfirmed", n)
	}
	r.shows(p, "open;say slow;")
}

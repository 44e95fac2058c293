package turn_test

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"liuhen/bot/telegram"
	"liuhen/bot/turn"
	"liuhen/bot/turn/turntest"
	"liuhen/flows"
)

// second is another handler over the same stores, as a second process behind one webhook would be.
func (r *rig) second(change func(*turn.Options)) *turn.Handler {
	o := turn.Options{
		Store: r.store, Watch: r.store, Dialogs: r.dialogs, Vault: r.blobs, Keys: r.keys, Paper: r.client, Channel: r.client,
		Clock: time.Now, Log: slog.New(slog.NewTextHandler(r.logs, nil)), Step: turntest.Step, View: turntest.View,
	}
	if change != nil {
		change(&o)
	}
	return turn.New(o)
}

// do takes an arrival and waits until it is done.
func do(t *testing.T, h *turn.Handler, a telegram.Arrival) {
	t.Helper()
	done := make(chan struct{})
	h.Take(a, func() { close(done) })
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatalf("update %d is never done", a.UpdateID)
	}
}

// TestNumbersDecide: arrivals that come out of order are taken in order of their numbers.
func TestNumbersDecide(t *testing.T) {
	r := newRig(t, nil)
	p := r.open(11)
	gate := make(chan struct{})
	var once sync.Once
	var steps atomic.Int32
	h := r.second(func(o *turn.Options) {
		o.Step = func(s flows.State, d flows.Desk, e flows.Event) (flows.State, []flows.Effect) {
			once.Do(func() { <-gate })
			steps.Add(1)
			return turntest.Step(s, d, e)
		}
	})
	var all sync.WaitGroup
	for _, id := range []int64{1, 5, 3, 4, 2, 3} { // 3 comes twice
		all.Add(1)
		h.Take(telegram.Arrival{UpdateID: id, Chat: 11, Do: flows.Say{Text: fmt.Sprint(id)}}, all.Done)
		time.Sleep(5 * time.Millisecond)
	}
	close(gate)
	all.Wait()
	h.Close(t.Context())
	r.shows(p, "open;say 1;say 2;say 3;say 4;say 5;")
	if n := steps.Load(); n != 5 {
		t.Errorf("%d steps for five updates", n)
	}
}

// TestTwoProcesses changes one chat from two handlers in turn: what one of them has drawn says nothing once the other has.
func TestTwoProcesses(t *testing.T) {
	r := newRig(t, nil)
	p := r.open(11)
	m := int(r.living(p).ID)
	r.stop()
	one, two := r.second(nil), r.second(nil)
	defer one.Close(t.Context())
	defer two.Close(t.Context())
	press := func(id int64, v flows.Verb, arg string) telegram.Arrival {
		return telegram.Arrival{UpdateID: id, Chat: 11, Message: m, Do: flows.Tap{Verb: v, Arg: arg}, Press: fmt.Sprint("none", id)}
	}
	do(t, one, press(1, flows.DoBox, "A"))
	do(t, two, press(2, flows.DoBox, "B"))
	do(t, one, press(3, flows.DoPage, "0"))
	r.shows(p, "open;A;B;")
	must(t, r.client.Edit(t.Context(), 11, m, flows.Screen{Text: "drawn by somebody else", Rows: [][]flows.Button{{{Label: "x", Tap: flows.Tap{Verb: flows.DoYes}}}}}))
	do(t, two, press(4, flows.DoPage, "0"))
	r.shows(p, "open;A;B;")
}

// TestBurstEndsWithNews: the last of a burst draws nothing itself, and the chat is drawn all the same.
func TestBurstEndsWithNews(t *testing.T) {
	r := newRig(t, nil)
	p := r.open(11)
	gate := make(chan struct{})
	var once sync.Once
	h := r.second(func(o *turn.Options) {
		o.Step = func(s flows.State, d flows.Desk, e flows.Event) (flows.State, []flows.Effect) {
			once.Do(func() { <-gate })
			return turntest.Step(s, d, e)
		}
	})
	yes := true
	var all sync.WaitGroup
	all.Add(3)
	h.Take(telegram.Arrival{UpdateID: 1, Chat: 11, Do: flows.Say{Text: "1"}}, all.Done)
	time.Sleep(20 * time.Millisecond)
	h.Take(telegram.Arrival{UpdateID: 2, Chat: 11, Do: flows.Say{Text: "panic"}}, all.Done)
	h.Take(telegram.Arrival{UpdateID: 3, Chat: 11, Reachable: &yes}, all.Done)
	close(gate)
	all.Wait()
	h.Close(t.Context())
	r.shows(p, "open;say 1;")
}

// TestPausedChatDoesNotHoldOthersUp: after a while an update is acknowledged without its screen, which stays owed.
func TestPausedChatDoesNotHoldOthersUp(t *testing.T) {
	r := newRig(t, nil)
	p := r.open(11)
	m := int(r.living(p).ID)
	r.stop()
	var later atomic.Int64
	h := r.second(func(o *turn.Options) {
		o.Clock = func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
	})
	defer h.Close(t.Context())
	r.Throttle(11, 2*time.Second)
	began := time.Now()
	done := make(chan struct{})
	h.Take(telegram.Arrival{UpdateID: 1, Chat: 11, Message: m, Do: flows.Tap{Verb: flows.DoBox, Arg: "A"}, Press: "none"}, func() { close(done) })
	time.Sleep(200 * time.Millisecond)
	select {
	case <-done:
		t.Fatal("acknowledged at once")
	default:
	}
	later.Store(int64(holdForTest))
	<-done
	if took := time.Since(began); took > 1900*time.Millisecond {
		t.Errorf("acknowledged after %v", took)
	}
	for end := time.Now().Add(10 * time.Second); !strings.Contains(lastScreen(p).Text, "open;A;") && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	r.shows(p, "open;A;")
}

const holdForTest = 11 * time.Second

// TestFresh: the name a draft is minted from is the same whenever an update comes again, long, and never another's.
func TestFresh(t *testing.T) {
	var mu sync.Mutex
	fresh := map[int64][]string{}
	r := newRig(t, func(o *turn.Options) {
		o.Step = func(s flows.State, d flows.Desk, e flows.Event) (flows.State, []flows.Effect) {
			mu.Lock()
			fresh[e.ID] = append(fresh[e.ID], e.Fresh)
			mu.Unlock()
			return turntest.Step(s, d, e)
		}
	})
	p := r.open(11)
	must(t, p.Tap(0, "A"))
	p.Say("x")
	r.idle()
	r.kill()
	r.start()
	r.Redeliver(3)
	r.idle()
	var all []string
	for id, list := range fresh {
		if len(list) != 2 || list[0] != list[1] || len(list[0]) < 26 {
			t.Errorf("update %d: %v", id, list)
		}
		all = append(all, list[0])
	}
	slices.Sort(all)
	if len(slices.Compact(all)) != 3 {
		t.Errorf("fresh names %v", all)
	}
}

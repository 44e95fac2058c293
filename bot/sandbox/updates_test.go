package sandbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func ids(list []obj) (out []int64) {
	for _, u := range list {
		out = append(out, int64(u["update_id"].(float64)))
	}
	return out
}

func TestUpdatesStayUntilConfirmed(t *testing.T) {
	r := newRig(t, func(o *Options) { o.FirstUpdateID = 500 })
	p := r.Phone(1, "张三")
	for i := range 3 {
		p.Say(fmt.Sprint("第", i))
	}
	for range 2 {
		if got := fmt.Sprint(ids(r.updates(0))); got != "[500 501 502]" {
			t.Fatalf("updates %s", got)
		}
	}
	if got := fmt.Sprint(ids(r.updates(502))); got != "[502]" {
		t.Errorf("after offset 502: %s", got)
	}
	if got := ids(r.updates(503)); len(got) != 0 {
		t.Errorf("all confirmed, yet %v", got)
	}
}

func TestUpdatesLimitAndNegativeOffset(t *testing.T) {
	r := newRig(t, func(o *Options) { o.FirstUpdateID = 1 })
	p := r.Phone(1, "张三")
	for range 130 {
		p.Say("x")
	}
	if n := len(r.updates(0)); n != 100 {
		t.Errorf("%d updates at once, want 100", n)
	}
	var many, two []obj
	r.ok("getUpdates", obj{"limit": 500}, &many)
	if len(many) != 100 {
		t.Errorf("limit 500 gave %d", len(many))
	}
	r.ok("getUpdates", obj{"limit": 2}, &two)
	if len(two) != 2 {
		t.Errorf("limit 2 gave %d", len(two))
	}
	if got := fmt.Sprint(ids(r.updates(-2))); got != "[129 130]" {
		t.Errorf("offset -2: %s", got)
	}
}

func TestUpdatesOfADayAgoAreGone(t *testing.T) {
	r := newRig(t)
	r.Phone(1, "张三").Say("旧")
	r.clock.add(24*time.Hour + time.Second)
	r.Phone(1, "").Say("新")
	got := r.updates(0)
	if len(got) != 1 || got[0]["message"].(obj)["text"] != "新" {
		t.Errorf("updates %v", got)
	}
}

func TestLongPollWakesAndTimesOut(t *testing.T) {
	r := newRig(t)
	time.AfterFunc(50*time.Millisecond, func() { r.Phone(1, "张三").Say("来了") })
	var got []obj
	began := time.Now()
	r.ok("getUpdates", obj{"timeout": 20}, &got)
	if len(got) != 1 || time.Since(began) > 5*time.Second {
		t.Errorf("got %v after %v", got, time.Since(began))
	}
	offset := ids(got)[0] + 1
	began = time.Now()
	r.ok("getUpdates", obj{"timeout": 1, "offset": offset}, &got)
	if len(got) != 0 || time.Since(began) < 900*time.Millisecond {
		t.Errorf("got %v after %v", got, time.Since(began))
	}
}

func TestSecondPollerEndsTheFirst(t *testing.T) {
	r := newRig(t)
	first := make(chan answer)
	go func() { first <- r.call("getUpdates", obj{"timeout": 20}) }()
	for range 100 { // until the first one waits
		time.Sleep(5 * time.Millisecond)
		r.mu.Lock()
		waiting := r.Server.updates.poll != nil
		r.mu.Unlock()
		if waiting {
			break
		}
	}
	r.ok("getUpdates", obj{}, nil)
	if a := <-first; a.Code != 409 || !strings.Contains(a.Description, "terminated by other getUpdates") {
		t.Errorf("first poller got %+v", a)
	}
}

func TestAllowedUpdates(t *testing.T) {
	r := newRig(t)
	p := r.Phone(1, "张三")
	r.ok("getUpdates", obj{"allowed_updates": []string{"callback_query"}}, nil)
	p.Say("不要")
	p.TapData(1, "要")
	got := r.updates(0) // the choice holds for calls that do not name it
	if len(got) != 1 || got[0]["callback_query"] == nil {
		t.Errorf("updates %v", got)
	}
}

func TestRedeliver(t *testing.T) {
	r := newRig(t, func(o *Options) { o.FirstUpdateID = 10 })
	p := r.Phone(1, "张三")
	p.Say("甲")
	p.Say("乙")
	r.updates(12)
	if n := r.Redeliver(1); n != 1 {
		t.Fatalf("redelivered %d", n)
	}
	if got := fmt.Sprint(ids(r.updates(12))); got != "[11]" {
		t.Errorf("second delivery: %s", got)
	}
	if got := ids(r.updates(12)); len(got) != 0 {
		t.Errorf("third delivery: %v", got)
	}
}

func TestInject(t *testing.T) {
	r := newRig(t)
	if _, err := r.Inject(`{"brand_new": {"x": [1, "a"]}}`); err != nil {
		t.Fatal(err)
	}
	id, err := r.Inject(`{"update_id": 7, "message": "no object"}`)
	if err != nil || id != 7 {
		t.Fatalf("id %d, %v", id, err)
	}
	got := r.updates(0)
	if len(got) != 2 || got[0]["message"] != "no object" || got[1]["brand_new"] == nil {
		t.Errorf("updates %v", got)
	}
	if _, err := r.Inject(`nonsense`); err == nil {
		t.Error("text that is no JSON was taken")
	}
}

func TestWaitIdle(t *testing.T) {
	r := newRig(t)
	r.pollFor(func(u obj) {
		time.Sleep(30 * time.Millisecond)
		m, _ := u["message"].(obj)
		r.call("sendMessage", obj{"chat_id": 1, "text": fmt.Sprint("收到:", m["text"])})
	})
	p := r.Phone(1, "张三")
	p.Say("一")
	p.Say("二")
	r.idle()
	if got := p.Last().Text; got != "收到:二" || len(p.Messages()) != 4 {
		t.Errorf("idle with last message %q of %d", got, len(p.Messages()))
	}
}

func TestWaitIdleSaysWhatIsOpen(t *testing.T) {
	r := newRig(t)
	r.Phone(1, "张三").Say("没有人听")
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
	defer cancel()
	err := r.WaitIdle(ctx)
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "1 updates not confirmed") {
		t.Errorf("error %v", err)
	}
}

func TestCloseEndsPolls(t *testing.T) {
	r := newRig(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = r.try("getUpdates", obj{"timeout": 50})
	}()
	time.Sleep(30 * time.Millisecond)
	r.Close()
	select {
	case <-done:
	case <-time.After(2 * time.Second):
		t.Error("a long poll outlived Close")
	}
	if _, err := r.try("getMe", obj{}); err == nil {
		t.Error("an answer after Close")
	}
}

// TestUpdatesFitTheSchema checks what people can do against the published types.
func TestUpdatesFitTheSchema(t *testing.T) {
	r := newRig(t)
	p, g := r.Phone(1, "张三"), r.Group(-5, "群")
	p.Start("inv_1")
	id := r.send(1, "按", keyboard([]obj{button("甲", "a")}))
	if err := p.Tap(0, "甲"); err != nil {
		t.Fatal(err)
	}
	p.TapData(999, "forged")
	for _, kind := range fileKinds {
		p.Send(kind, "文件.bin", "", picture(), "说明")
	}
	p.Send("photo", "", "", []byte("no picture"), "")
	p.SendAlbum(Attachment{Kind: "photo", Data: picture()}, Attachment{Kind: "video", Name: "v.mp4", Data: []byte("v")})
	p.Location(39.9, 116)
	p.Forward("听说", "某人")
	p.Poll()
	p.Contact()
	said := p.Say("改")
	if err := p.Edit(said, "改过"); err != nil {
		t.Fatal(err)
	}
	p.Block()
	p.Unblock()
	g.AddBot(p)
	g.Say(p, "/start@liuhen_sandbox_bot")
	g.RemoveBot(p)
	_ = id
	list := r.updates(0)
	if len(list) < 22 {
		t.Errorf("only %d updates", len(list))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, u := range r.Server.updates.queue {
		v, err := parseJSON(u.raw)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range r.schema.checkValue("Update", v) {
			t.Errorf("%s: %s\n%s", u.kind, fault, u.raw)
		}
	}
}

func TestWaitIdleWaitsForRequests(t *testing.T) {
	r := newRig(t)
	r.Phone(1, "张三").Start("")
	r.updates(1 << 40) // nothing to confirm
	r.Fault(func(string, map[string]any) *Fault { return &Fault{Delay: 120 * time.Millisecond} })
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		_, _ = r.try("sendMessage", obj{"chat_id": 1, "text": "慢"})
	}()
	time.Sleep(40 * time.Millisecond)
	r.idle()
	if got := r.Phone(1, "").Last().Text; got != "慢" {
		t.Errorf("idle while a request was in flight: last message %q", got)
	}
	<-sent
}

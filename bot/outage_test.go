package main

import (
	"sync"
	"testing"
	"time"

	"liuhen/bot/sandbox"
)

// first gives a fault to the first n calls of each of the methods.
func (s *stage) first(n int, f sandbox.Fault, methods ...string) {
	var mu sync.Mutex
	left := map[string]int{}
	for _, m := range methods {
		left[m] = n
	}
	s.box.Fault(func(method string, _ map[string]any) *sandbox.Fault {
		mu.Lock()
		defer mu.Unlock()
		if left[method] == 0 {
			return nil
		}
		left[method]--
		return &f
	})
}

// TestTelegramFails lets every call a dialog makes fail in every way Telegram fails, before each act: what was done counts once,
// the screen is right in the end, every press is answered.
func TestTelegramFails(t *testing.T) {
	for name, f := range map[string]sandbox.Fault{
		"429":         {Status: 429, RetryAfter: 1},
		"502":         {Status: 502, Body: "<html><body>502 Bad Gateway</body></html>"},
		"cut off":     {Drop: true},
		"lost answer": {Drop: true, After: true},
		"late 502":    {Status: 502, Body: "<html></html>", After: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newFew(t)
			p := s.phones["张三"]
			s.toMeans("张三")
			act := func(do func()) {
				t.Helper()
				s.first(1, f, "sendMessage", "editMessageText", "answerCallbackQuery", "deleteMessage", "editMessageReplyMarkup", "getFile", "file", "getUpdates")
				do()
				s.idle()
				s.box.Fault(nil)
				s.same("张三")
			}
			act(func() { s.must(p.Tap(s.living("张三").ID, "☐ 当面")) })
			s.ticked("张三", 1)
			act(func() { s.must(p.Tap(s.living("张三").ID, "下一步")) })
			act(func() { p.Say(story) })
			s.shows("张三", "已收到 1 段")
			act(func() { s.must(p.Tap(s.living("张三").ID, "下一步")) })
			act(func() { p.Send("document", "a.txt", "text/plain", []byte("证据"), "") })
			s.shows("张三", "1. 文件 6 B a.txt")
			act(func() { s.must(p.Tap(s.living("张三").ID, "下一步")) })
			s.first(1, f, "sendMessage", "editMessageText", "answerCallbackQuery")
			s.must(p.Tap(s.living("张三").ID, "签名存档"))
			s.until("the notice", func() bool { return s.notices("钱七") > 0 })
			s.clock.set(s.clock.Now().Add(time.Minute)) // what was put off
			s.outbox()
			s.same("张三")
			s.shows("张三", "回执 · 已签名存档")
			if n := len(s.records("张三")); n != 1 {
				t.Errorf("%d records", n)
			}
			if n := s.notices("钱七"); n != 1 && (!f.After || n != 2) {
				t.Errorf("%d notices", n)
			}
		})
	}
}

// TestFlood: Telegram asks for a long pause of one chat. Nothing is sent there meanwhile but answers, and everything after it.
func TestFlood(t *testing.T) {
	s := newFew(t)
	s.toMeans("张三")
	id := s.phones["张三"].ID()
	s.box.Throttle(id, 2*time.Second)
	s.box.ResetRequests()
	m := s.living("张三")
	for _, l := range []string{"☐ 当面", "☐ 电话", "☐ 书信", "☐ 暗示"} {
		s.must(s.phones["张三"].Tap(m.ID, l))
		time.Sleep(20 * time.Millisecond)
	}
	s.until("the answers", func() bool { return s.phones["张三"].Spinning() == 0 })
	s.idle()
	s.ticked("张三", 4)
	refused := 0
	for _, r := range s.box.Requests() {
		if r.Status == 429 {
			refused++
		}
	}
	if refused > 1 {
		t.Errorf("%d requests into the pause Telegram asked for", refused)
	}
}

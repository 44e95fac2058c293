package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"liuhen/bot/sandbox"
	"liuhen/flows/form"
)

// slow delays every call of a method.
func (s *stage) slow(method string, d time.Duration) {
	s.box.Fault(func(m string, _ map[string]any) *sandbox.Fault {
		if m == method {
			return &sandbox.Fault{Delay: d}
		}
		return nil
	})
}

// answered wants every press since the log was emptied answered, and none of them twice.
func (s *stage) answered(presses int) {
	s.t.Helper()
	ids := map[any]int{}
	for _, r := range s.calls("answerCallbackQuery", 0) {
		if ids[r.Params["callback_query_id"]]++; r.Status != 200 {
			s.t.Errorf("an answer was refused: %s", r.Response)
		}
	}
	if len(ids) != presses {
		s.t.Errorf("%d of %d presses were answered", len(ids), presses)
	}
	for id, n := range ids {
		if n != 1 {
			s.t.Errorf("press %v was answered %d times", id, n)
		}
	}
}

// TestBurst presses all boxes of a screen at once: all count, and the screen is not drawn for each of them.
func TestBurst(t *testing.T) {
	s := newFew(t)
	s.toMeans("张三")
	p, m := s.phones["张三"], s.living("张三")
	s.box.ResetRequests()
	s.slow("editMessageText", 30*time.Millisecond)
	var boxes int
	for _, row := range m.Keyboard {
		for _, b := range row {
			if []rune(b.Text)[0] == '☐' {
				boxes++
				s.must(p.Tap(m.ID, b.Text))
			}
		}
	}
	s.idle()
	s.answered(boxes)
	if n := len(s.calls("editMessageText", 0)); n == 0 || n >= boxes {
		t.Errorf("%d edits for %d presses", n, boxes)
	}
	if n := len(s.calls("sendMessage", 0)); n != 0 {
		t.Errorf("%d new messages for presses", n)
	}
	if got := s.state("张三").Sheet.Answers[form.Means].Boxes; len(got) != boxes || boxes < 8 {
		t.Errorf("%d boxes are ticked of %d", len(got), boxes)
	}
	s.same("张三")
}

// TestDoubleTaps: 下一步 twice is one step, 签名存档 three times one record, in one burst or one after another.
func TestDoubleTaps(t *testing.T) {
	for _, burst := range []bool{true, false} {
		t.Run(fmt.Sprintf("burst %v", burst), func(t *testing.T) {
			s := newFew(t)
			press := func(label string, times int) {
				message, data := s.button("张三", label)
				for range times {
					s.phones["张三"].TapData(message, data)
					if !burst {
						s.idle()
					}
				}
				s.idle()
				s.same("张三")
			}
			s.toMeans("张三")
			s.tap("张三", "☐ 当面")
			s.box.ResetRequests()
			press("下一步", 2)
			s.shows("张三", "请写明具体情况")
			s.says("张三", story)
			press("下一步", 2)
			s.shows("张三", "请发送您手里已有的证据")
			press("下一步", 3)
			s.shows("张三", "请核对")
			press("签名存档", 3)
			s.shows("张三", "回执 · 已签名存档")
			s.answered(10)
			s.outbox()
			if n := len(s.records("张三")); n != 1 {
				t.Errorf("%d records", n)
			}
			if n := s.notices("钱七"); n != 1 {
				t.Errorf("%d notices", n)
			}
		})
	}
}

// TestTwoDevices uses two copies of every keyboard by turns: the one a person sees, and the one another device still shows.
func TestTwoDevices(t *testing.T) {
	s := newFew(t)
	s.toMeans("张三")
	p, m := s.phones["张三"], s.living("张三")
	data := map[string]string{}
	for _, row := range m.Keyboard {
		for _, b := range row {
			data[b.Text] = b.Data
		}
	}
	s.box.ResetRequests()
	s.tap("张三", "☐ 当面")
	p.TapData(m.ID, data["☐ 当面"]) // the other device still shows it empty: ticked is what was meant
	p.TapData(m.ID, data["☐ 电话"])
	s.idle()
	s.tap("张三", "下一步")
	p.TapData(m.ID, data["下一步"])
	s.idle()
	s.shows("张三", "请写明具体情况")
	s.says("张三", story)
	p.TapData(m.ID, data["上一步"]) // of a screen two steps ago
	s.idle()
	s.same("张三")
	a := s.state("张三").Sheet.Answers
	if got := a[form.Means].Boxes; len(got) != 2 || !a[form.Means].Confirmed {
		t.Errorf("means: %+v", a[form.Means])
	}
	if got := a[form.Particulars].Parts; !slices.Equal(got, []string{story}) {
		t.Errorf("story: %q", got)
	}
	s.tap("张三", "下一步", "下一步")
	message, sign := s.button("张三", "签名存档")
	_, back := s.button("张三", "上一步")
	p.TapData(message, sign)
	p.TapData(message, back)
	p.TapData(message, sign)
	s.idle()
	s.shows("张三", "回执 · 已签名存档")
	s.answered(11)
	s.same("张三")
	if n := len(s.records("张三")); n != 1 {
		t.Errorf("%d records", n)
	}
}

// TestManyHands lets a hundred hands press whatever they find on four phones. Whatever comes of it is a valid dialog that its
// owner can go on with.
func TestManyHands(t *testing.T) {
	rounds := 2
	if long {
		rounds = 100
	}
	s := newFew(t, func(o *staging) { o.cast = []string{"张三", "李四", "王五", "钱七"} })
	for _, who := range []string{"张三", "李四"} {
		s.must(s.Command(who, "file"))
	}
	people := []string{"张三", "李四", "王五", "钱七"}
	s.box.ResetRequests()
	var all sync.WaitGroup
	var mu sync.Mutex
	presses := 0
	for hand := range 100 {
		all.Go(func() {
			r := rand.New(rand.NewPCG(1, uint64(hand)))
			for range rounds {
				who := people[r.IntN(len(people))]
				message, data, ok := s.any(who, r)
				if !ok {
					continue
				}
				mu.Lock()
				presses++
				mu.Unlock()
				s.phones[who].TapData(message, data)
				time.Sleep(time.Duration(r.IntN(20)) * time.Millisecond)
			}
		})
	}
	all.Wait()
	s.idle()
	if long {
		presses = 0 // the log does not hold all of them
		for _, who := range people {
			s.same(who)
		}
	} else {
		s.answered(presses)
	}
	for _, who := range people {
		s.same(who)
	}
	s.outbox()
	before := len(s.records("张三"))
	s.must(s.Command("张三", "file"))
	s.tap("张三", "不在名单上 / 尚无编号", "尚无编号", "跳过", "☐ 无此类情况", "签名存档")
	s.shows("张三", "回执 · 已签名存档")
	if n := len(s.records("张三")); n != before+1 {
		t.Errorf("%d records after %d", n, before)
	}
	s.same("张三")
}

// any is some button of the latest screen.
func (s *stage) any(who string, r *rand.Rand) (message int64, data string, ok bool) {
	m := s.living(who)
	var all []string
	for _, row := range m.Keyboard {
		for _, b := range row {
			all = append(all, b.Data)
		}
	}
	if len(all) == 0 {
		return 0, "", false
	}
	return m.ID, all[r.IntN(len(all))], true
}

// TestAnswerBesideEdit: a press is answered while the screen is being drawn, neither waits for the other.
func TestAnswerBesideEdit(t *testing.T) {
	s := newFew(t)
	s.toMeans("张三")
	for slow, first := range map[string]string{"editMessageText": "answerCallbackQuery", "answerCallbackQuery": "editMessageText"} {
		s.box.ResetRequests()
		s.slow(slow, 300*time.Millisecond)
		s.tapWith("张三", "当面")
		s.box.Fault(nil)
		order := []string{}
		for _, r := range s.box.Requests() {
			if r.Method == "editMessageText" || r.Method == "answerCallbackQuery" {
				order = append(order, r.Method)
			}
		}
		if !slices.Equal(order, []string{first, slow}) {
			t.Errorf("with %s slow the calls ended in the order %v", slow, order)
		}
	}
}

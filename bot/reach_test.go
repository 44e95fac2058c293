package main

import (
	"context"
	"testing"
	"time"

	"liuhen/bot/sandbox"
	"liuhen/flows/text"
)

// toSummary leads 张三 to the summary of an entry whose report goes to 钱七, or, with insiders named, to the authority.
func (s *stage) toSummary(insiders ...string) {
	s.t.Helper()
	s.must(s.Command("张三", "file"))
	s.tap("张三", case101, "☐ 有上述情形", "☐ （一）为当事人请托说情", "下一步")
	if len(insiders) == 0 {
		s.tap("张三", "☐ 委托人", "下一步")
	} else {
		s.tap("张三", "☐ 鉴定机构内部人员", "下一步")
		s.tap("张三", insiders...)
		s.tap("张三", "下一步", "否")
	}
	s.tap("张三", "否", "下一步")
	s.says("张三", "昨天", "电话中")
	s.tap("张三", "☐ 电话", "下一步")
	s.says("张三", story)
	s.tap("张三", "下一步", "下一步")
}

// signCutOff signs while the network keeps reports from going out, lets somebody block the bot, and gives the network back:
// blocking before the signature would change the recipients, which must be signed anew.
func (s *stage) signCutOff(blocks string) {
	s.t.Helper()
	me := s.phones["张三"].ID()
	s.box.Fault(func(method string, p map[string]any) *sandbox.Fault {
		if id, _ := p["chat_id"].(int64); id != me && method == "sendMessage" {
			return &sandbox.Fault{Status: 502}
		}
		return nil
	})
	s.tap("张三", "签名存档")
	s.shows("张三", "回执 · 已签名存档")
	s.until("the report is tried", func() bool { return len(s.calls("sendMessage", s.phones[blocks].ID())) > 0 })
	s.phones[blocks].Block()
	s.idle()
	s.box.Fault(nil)
	s.clock.set(s.clock.Now().Add(time.Minute)) // what was put off
	s.outbox()
}

// TestBlockedThenBack: the only recipient has blocked the bot; the report waits and arrives when they are back.
func TestBlockedThenBack(t *testing.T) {
	s := newFew(t)
	s.toSummary()
	s.box.ResetRequests()
	s.signCutOff("钱七")
	waiting, err := s.app.stores.db.Waiting(context.Background())
	s.must(err)
	if n := s.notices("钱七"); n != 0 || waiting != 1 {
		t.Fatalf("%d notices to somebody who blocked the bot, %d reports wait", n, waiting)
	}
	s.phones["钱七"].Unblock()
	s.idle()
	s.outbox()
	if n := s.notices("钱七"); n != 1 {
		t.Fatalf("%d notices", n)
	}
	s.must(s.Open("钱七", ""))
	s.tap("钱七", "待办")
	s.tapWith("钱七", "未读")
	s.shows("钱七", story)
}

// TestGoneWithoutNews: somebody's account is no more and Telegram says so only when the report is sent.
func TestGoneWithoutNews(t *testing.T) {
	s := newFew(t)
	s.toSummary()
	s.phones["钱七"].Deactivate()
	s.tap("张三", "签名存档")
	s.outbox()
	s.app.keep(context.Background())
	s.outbox()
	if s.notices("吴十")+s.notices("郑一") != 2 {
		t.Errorf("the authority heard %d and %d times", s.notices("吴十"), s.notices("郑一"))
	}
}

// TestAnotherRecipient: one of two recipients has blocked the bot, the other gets the report, and it goes no further.
func TestAnotherRecipient(t *testing.T) {
	s := newFew(t)
	s.toSummary("☐ 钱七", "☐ 赵六（鉴定机构负责人）")
	if s.labelWith("张三", "报告所在机构") != "" {
		s.tap("张三", "直接报告主管司法行政机关")
	}
	s.shows("张三", "云州市司法局：吴十、郑一")
	s.box.ResetRequests()
	s.signCutOff("吴十")
	s.app.keep(context.Background())
	s.outbox()
	for who, want := range map[string]int{"吴十": 0, "郑一": 1, "钱七": 0, "赵六": 0, "张三": 0} {
		if n := s.notices(who); n != want {
			t.Errorf("%s was told %d times, not %d", who, n, want)
		}
	}
	s.phones["吴十"].Unblock()
	s.idle()
	s.outbox()
	if n := s.notices("吴十"); n != 1 {
		t.Errorf("%d notices after coming back", n)
	}
}

// TestRecipientsChange: somebody cannot be reached any more while the summary with their name is on the screen. Nothing is
// signed until the signer has seen where the report goes now.
func TestRecipientsChange(t *testing.T) {
	s := newFew(t)
	s.toSummary()
	s.shows("张三", "云州正明司法鉴定所：钱七")
	s.phones["钱七"].Block()
	s.idle()
	s.tap("张三", "签名存档")
	s.shows("张三", text.Say(text.ZhHans, text.HintChanged), "云州市司法局：吴十、郑一")
	if n := len(s.records("张三")); n != 0 {
		t.Fatal("signed unseen")
	}
	s.tap("张三", "签名存档")
	s.outbox()
	if s.notices("钱七") != 0 || s.notices("吴十") != 1 || s.notices("郑一") != 1 {
		t.Errorf("told: %d, %d, %d", s.notices("钱七"), s.notices("吴十"), s.notices("郑一"))
	}
	s.same("张三")
}

// TestReroute: nobody of the institution can be reached, so that the report goes a level up (R5.5), and its signer sees where.
func TestReroute(t *testing.T) {
	s := newFew(t)
	s.toSummary()
	s.shows("张三", "云州正明司法鉴定所：钱七")
	s.box.ResetRequests()
	s.signCutOff("钱七")
	s.app.keep(context.Background())
	s.app.keep(context.Background())
	s.outbox()
	for who, want := range map[string]int{"吴十": 1, "郑一": 1, "钱七": 0, "赵六": 0, "李四": 0, "张三": 1} {
		if n := s.notices(who); n != want {
			t.Errorf("%s was told %d times, not %d", who, n, want)
		}
	}
	s.must(s.Command("张三", "todo"))
	s.tapWith("张三", "查看进展")
	s.shows("张三", "【后来还送达】", "云州市司法局：吴十、郑一")
	s.must(s.Open("吴十", ""))
	s.tap("吴十", "待办")
	s.tapWith("吴十", "未读")
	s.shows("吴十", story)
	s.phones["钱七"].Unblock()
	s.idle()
	s.app.keep(context.Background())
	s.outbox()
	s.same("吴十")
}

package main

import (
	"strings"
	"testing"
	"time"

	"liuhen/bot/sandbox"
	"liuhen/flows"
	"liuhen/flows/form"
	"liuhen/flows/text"
	"liuhen/storage/dialogs/dialogstest"
)

// patience counts how often somebody was told that the store cannot be reached.
func (s *stage) patience(who string) (n int) {
	words := text.Say(text.ZhHans, text.SayLater)
	for _, t := range s.phones[who].Toasts() {
		n += strings.Count(t.Text, words)
	}
	for _, m := range s.phones[who].Messages() {
		n += strings.Count(m.Text, words)
	}
	return n
}

// ticked wants these boxes of the means and no others.
func (s *stage) ticked(who string, n int) {
	s.t.Helper()
	if got := s.state(who).Sheet.Answers[form.Means].Boxes; len(got) != n {
		s.t.Errorf("%d boxes are ticked, not %d: %v", len(got), n, got)
	}
	s.same(who)
}

// finish takes a sheet from the question for the means to its receipt.
func (s *stage) finish(who string) {
	s.t.Helper()
	s.tap(who, "下一步")
	s.says(who, story)
	s.tap(who, "下一步", "下一步", "签名存档")
	s.shows(who, "回执 · 已签名存档")
	s.outbox()
	if n := len(s.records(who)); n != 1 {
		s.t.Errorf("%d records", n)
	}
	if n := s.notices("钱七"); n != 1 {
		s.t.Errorf("%d notices", n)
	}
}

// TestRedisKilled ends Redis with signal 9 in mid-sheet: the person hears one sentence, what they did meanwhile counts as soon
// as Redis is back, and the draft is there.
func TestRedisKilled(t *testing.T) {
	redis := dialogstest.StartRedis(t)
	s := newFew(t, func(o *staging) { o.redis = redis.URL })
	s.toMeans("张三")
	s.tap("张三", "☐ 当面")
	redis.Kill()
	p, m := s.phones["张三"], s.living("张三")
	s.box.ResetRequests()
	for _, box := range []string{"☐ 电话", "☐ 书信", "☐ 暗示"} {
		s.must(p.Tap(m.ID, box))
	}
	s.until("one sentence", func() bool { return s.patience("张三") == 1 })
	time.Sleep(500 * time.Millisecond)
	redis.Restart()
	s.idle()
	s.ticked("张三", 4)
	s.answered(3)
	if n := s.patience("张三"); n != 1 {
		t.Errorf("%d sentences", n)
	}
	s.finish("张三")
}

// TestRedisPaused holds Redis for three seconds: it takes connections and does not answer.
func TestRedisPaused(t *testing.T) {
	redis := dialogstest.StartRedis(t)
	s := newFew(t, func(o *staging) { o.redis = redis.URL })
	s.toMeans("张三")
	s.box.ResetRequests()
	redis.Pause()
	m := s.living("张三")
	s.must(s.phones["张三"].Tap(m.ID, "☐ 电话"))
	s.must(s.phones["张三"].Tap(m.ID, "☐ 书信"))
	time.Sleep(3 * time.Second)
	redis.Resume()
	s.idle()
	s.ticked("张三", 2)
	s.answered(2)
	if n := s.patience("张三"); n > 1 {
		t.Errorf("%d sentences", n)
	}
	s.finish("张三")
}

// TestRedisEmptied takes all dialogs away: that costs the draft, and nothing that was signed. The way on is on the screen.
func TestRedisEmptied(t *testing.T) {
	redis := dialogstest.StartRedis(t)
	s := newFew(t, func(o *staging) { o.redis = redis.URL })
	s.toMeans("张三")
	s.tap("张三", "☐ 当面")
	s.finish("张三")
	s.must(s.Command("张三", "file"))
	s.tap("张三", "不在名单上 / 尚无编号", "尚无编号", "跳过", "☐ 有上述情形")
	before := s.living("张三")
	if _, err := redis.Do("FLUSHALL"); err != nil {
		t.Fatal(err)
	}
	s.tap("张三", "☐ （一）为当事人请托说情")
	s.shows("张三", "张三，您好", text.Say(text.ZhHans, text.HintOldButton))
	s.same("张三")
	for _, m := range s.phones["张三"].Messages() {
		if m.ID == before.ID && m.ID != s.living("张三").ID && m.Keyboard != nil {
			t.Error("the dead keyboard stays")
		}
	}
	s.tap("张三", "填报记录", "不在名单上 / 尚无编号", "尚无编号", "跳过", "☐ 无此类情况", "签名存档")
	if n := len(s.records("张三")); n != 2 {
		t.Errorf("%d records", n)
	}
	s.must(s.Open("钱七", ""))
	s.tap("钱七", "待办")
	s.tapWith("钱七", "未读")
	s.shows("钱七", story)
}

// TestGroups: in groups the bot says one sentence and leaves, and takes nothing from there.
func TestGroups(t *testing.T) {
	s := newFew(t)
	s.toMeans("张三")
	before := s.state("张三")
	g := s.box.Group(-100200300, "工作群")
	g.AddBot(s.phones["张三"])
	g.Say(s.phones["张三"], "/start")
	s.idle()
	var said []string
	for _, m := range g.Messages() {
		if m.FromBot && m.Kind == "text" {
			said = append(said, m.Text)
		}
	}
	if len(said) != 1 || said[0] != text.Say(text.ZhHans, text.SayGroup) || g.HasBot() {
		t.Errorf("said %q, still there: %v", said, g.HasBot())
	}
	if got := s.state("张三"); got.Turn != before.Turn || got.Place != flows.AtSheet {
		t.Errorf("the dialog went to %s", got.Place)
	}
	s.same("张三")
}

// TestStrangeUpdates puts updates of unknown kinds and broken forms between good ones: each good one counts, in order.
func TestStrangeUpdates(t *testing.T) {
	s := newFew(t)
	s.toMeans("张三")
	s.tap("张三", "☐ 当面", "下一步")
	strange := []string{
		`{}`, `{"poll":{"id":"1"}}`, `{"message_reaction":{"chat":{"id":1000,"type":"private"}}}`, `{"unheard_of":[1,2,{"a":null}]}`,
		`{"message":null}`, `{"message":17}`, `{"message":{"message_id":"x","chat":{"id":"y"}}}`, `{"message":{}}`,
		`{"message":{"message_id":1,"date":1,"chat":{"id":1000,"type":"private"}}}`,
		`{"message":{"message_id":1,"date":1,"chat":{"id":1000,"type":"private"},"from":{"id":1001,"is_bot":false},"text":"/file"}}`,
		`{"message":{"message_id":1,"date":1,"chat":{"id":1000,"type":"private"},"from":{"id":1000,"is_bot":true},"text":"/file"}}`,
		`{"message":{"message_id":1,"date":1,"chat":{"id":1000,"type":"sender"},"from":{"id":1000},"text":"/file"}}`,
		`{"message":{"message_id":1,"date":99999999999999,"chat":{"id":0,"type":"private"},"from":{"id":0},"text":"/file"}}`,
		`{"callback_query":"x"}`, `{"callback_query":{"id":"1","from":{"id":1000},"data":"1-nx...."}}`,
		`{"callback_query":{"id":"1","from":{"id":1001},"message":{"message_id":3,"chat":{"id":1000,"type":"private"}},"data":"1-go....menu"}}`,
		`{"edited_message":{"chat":{}}}`, `{"my_chat_member":{}}`, `{"my_chat_member":{"chat":{"id":-5,"type":"channel"},"new_chat_member":{"status":"left"}}}`,
		`{"inline_query":{"id":"1","from":{"id":1000},"query":"x"}}`, `{"business_message":{"text":"/file"}}`,
		`{"message":` + strings.Repeat(`{"reply_to_message":`, 200) + `{}` + strings.Repeat(`}`, 200) + `}`,
	}
	want := []string{}
	for i, raw := range strange {
		_, err := s.box.Inject(raw)
		s.must(err)
		part := "第" + string(rune('甲'+i)) + "段"
		s.phones["张三"].Say(part)
		want = append(want, part)
	}
	s.idle()
	if got := s.state("张三").Sheet.Answers[form.Particulars].Parts; strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("the story is %q", got)
	}
	if got := s.Screen("李四").Text; !strings.Contains(got, "李四，您好") {
		t.Errorf("李四 sees %s", got)
	}
	s.same("张三")
}

// TestSlowChat: one chat that Telegram keeps waiting does not keep others waiting.
func TestSlowChat(t *testing.T) {
	s := newFew(t)
	s.toMeans("张三")
	delay := time.Second
	if long {
		delay = 30 * time.Second // longer than a call may take
	}
	slow := s.phones["张三"].ID()
	s.box.ResetRequests()
	s.box.Fault(func(method string, p map[string]any) *sandbox.Fault {
		if id, _ := p["chat_id"].(int64); id == slow && method == "editMessageText" {
			return &sandbox.Fault{Delay: delay}
		}
		return nil
	})
	s.must(s.phones["张三"].Tap(s.living("张三").ID, "☐ 电话"))
	s.phones["李四"].Say("/file")
	s.until("李四 is answered", func() bool { return strings.Contains(s.Screen("李四").Text, "为哪一件案件") })
	if n := len(s.calls("editMessageText", slow)); n != 0 {
		t.Error("the slow chat was first")
	}
	if long {
		time.Sleep(2 * delay)
	}
	s.box.Fault(nil)
	s.idle()
	s.ticked("张三", 1)
}

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"liuhen/bot/sandbox"
	"liuhen/flows"
	"liuhen/flows/form"
	"liuhen/flows/text"
	"liuhen/storage/db"
)

func say(k text.Key, args ...any) string { return text.Say(text.ZhHans, k, args...) }

// invitation makes a new invitation for somebody of the register.
func (s *stage) invitation(name string) string {
	s.t.Helper()
	dir, err := s.app.stores.db.Directory(context.Background())
	s.must(err)
	for _, m := range dir.Members {
		if m.Name == name {
			i, err := s.app.stores.db.Reinvite(context.Background(), string(m.ID))
			s.must(err)
			return i.Token
		}
	}
	s.t.Fatalf("nobody is called %s", name)
	return ""
}

// stranger is a phone that belongs to nobody of the register; what is seen on it is seen by its name.
func (s *stage) stranger(id int64) string {
	name := fmt.Sprintf("生人%d", id)
	s.phones[name] = s.box.Phone(id, name)
	return name
}

// TestDoor: links that were used, have expired or never were get the same answer, and so does everything else before binding.
func TestDoor(t *testing.T) {
	s := newFew(t)
	used := s.invitation("王五")
	first := s.stranger(5001)
	s.phones[first].Start(used)
	s.idle()
	s.says(first, "1003")
	s.shows(first, "王五，您好", say(text.HintBound))
	expired, second := s.invitation("孙八"), s.invitation("周九")
	s.clock.set(s.clock.Now().AddDate(0, 0, 8))
	replaced := s.invitation("周九")
	_ = s.invitation("周九")

	door := say(text.DoorStranger)
	who := s.stranger(5002)
	for _, words := range []string{"你好", "/file", "/records 1", "/start", "张三", "1001", "/nonsense", "/start@liuhen_sandbox_bot"} {
		s.says(who, words)
		if got := s.Screen(who); got.Text != door || len(got.Rows) != 0 {
			t.Errorf("%q before binding shows\n%s", words, got.Text)
		}
	}
	var answers []sandbox.Message
	for i, link := range []string{used, expired, second, replaced, "garbage", strings.Repeat("A", 64), "AAAAAAAAAAAAAAAAAAAAAA"} {
		who := s.stranger(int64(5010 + i))
		s.phones[who].Start(link)
		s.idle()
		for _, words := range []string{"1003", "孙八", "/file"} { // right proofs do not help
			s.says(who, words)
		}
		m := s.living(who)
		if m.Text != say(text.DoorInvalid) {
			t.Errorf("link %d shows\n%s", i, m.Text)
		}
		m.ID, m.Date = 0, time.Time{}
		if answers = append(answers, m); !reflect.DeepEqual(answers[0], m) {
			t.Errorf("link %d is told from the first: %+v", i, m)
		}
		if c, err := s.app.stores.db.Caller(context.Background(), int64(5010+i)); err != nil || c.Person != "" {
			t.Errorf("link %d let in %+v, %v", i, c, err)
		}
	}
	for _, odd := range []string{"/start " + used + " x", "/start ../../etc/passwd", "/start ' OR 1=1 --"} {
		s.says(who, odd)
		if got := s.Screen(who).Text; got != door && got != say(text.DoorInvalid) {
			t.Errorf("%q shows\n%s", odd, got)
		}
	}
}

// TestWrongProofs: after five wrong answers the right one does not open either, for an hour; nobody learns whether it was right.
func TestWrongProofs(t *testing.T) {
	s := newFew(t)
	link := s.invitation("王五")
	who := s.stranger(5001)
	s.phones[who].Start(link)
	s.idle()
	for i := range 5 {
		s.says(who, fmt.Sprintf("%04d", i))
		want := []string{say(text.HintWrongProof)}
		if i == 4 {
			want = append(want, say(text.DoorInvalid))
		}
		s.shows(who, want...)
	}
	s.says(who, "1003")
	wrong := s.Screen(who).Text
	s.says(who, "9999")
	if got := s.Screen(who).Text; got != wrong || wrong != say(text.DoorInvalid) {
		t.Errorf("while locked: the right proof shows\n%s\na wrong one\n%s", wrong, got)
	}
	s.clock.set(s.clock.Now().Add(61 * time.Minute))
	s.says(who, "1003")
	s.shows(who, "王五，您好")
}

// TestPaste pastes 100,000 characters, which Telegram cuts into 25 messages: what fits is kept, of the rest nothing, and each
// time one sentence says so.
func TestPaste(t *testing.T) {
	s := newFew(t)
	s.toMeans("张三")
	s.tap("张三", "☐ 当面", "下一步")
	s.phones["张三"].Say(strings.Repeat("事", 100_000))
	s.idle()
	v := s.state("张三").Sheet.Answers[form.Particulars]
	const whole = 4096                                // the last message would be short enough again, but is the end of what was refused
	if len(v.Parts) != 2 || v.Length() != 2*whole+1 { // and what joins them
		t.Errorf("%d parts of %d characters are kept", len(v.Parts), v.Length())
	}
	if got := s.Screen("张三").Text; strings.Count(got, say(text.HintStoryFull, whole, 10_000-2*whole-1)) != 1 {
		t.Errorf("the screen says\n%.600s", got)
	}
	s.same("张三")
	s.shows("张三", say(text.HintRest))
	s.clock.set(s.clock.Now().Add(3 * time.Second))
	s.says("张三", "另外一段")
	s.same("张三")
	if v := s.state("张三").Sheet.Answers[form.Particulars]; len(v.Parts) != 3 {
		t.Errorf("what is said afterwards: %d parts are kept", len(v.Parts))
	}
	s.tap("张三", "下一步")
	s.shows("张三", "请发送您手里已有的证据")

	s.must(s.Command("李四", "file"))
	s.tap("李四", "不在名单上 / 尚无编号")
	s.phones["李四"].Say(strings.Repeat("号", 5000))
	s.idle()
	s.same("李四")
}

// TestOddTexts: invisible characters do not count as words and do not turn words round.
func TestOddTexts(t *testing.T) {
	s := newFew(t)
	s.toMeans("张三")
	s.tap("张三", "☐ 当面", "下一步")
	for _, nothing := range []string{"\u200b\u200d\u2060", "\u202e\u202c", "\x01\x02", "\u00ad\ufeff"} {
		if s.phones["张三"].Say(nothing) == 0 {
			continue
		}
		s.idle()
		s.shows("张三", say(text.HintKind))
		if got := s.state("张三").Sheet.Answers[form.Particulars].Parts; len(got) != 0 {
			t.Fatalf("%q is kept of %q", got, nothing)
		}
	}
	s.says("张三", "他说\u202e反过来\u202c写\u200b的\x00话\r\n第二行 <b>&amp;</b> *_`[", "𠮷野家 👨\u200d👩\u200d👧")
	want := []string{"他说反过来写的话\n第二行 <b>&amp;</b> *_`[", "𠮷野家 👨\u200d👩\u200d👧"}
	if got := s.state("张三").Sheet.Answers[form.Particulars].Parts; !reflect.DeepEqual(got, want) {
		t.Errorf("kept: %q", got)
	}
	s.shows("张三", "<b>&amp;</b>")
	for _, words := range []string{"/file 1", "/nonsense", "/menu@other_bot x"} {
		s.says("李四", words)
		s.shows("李四", say(text.HintUseButtons))
		s.same("李四")
	}
	s.same("张三")
}

// TestForgedButtons presses what no keyboard offers, and what other people's keyboards offer.
func TestForgedButtons(t *testing.T) {
	s := newFew(t)
	s.toEvidence("张三")
	s.phones["张三"].Send("document", "a.txt", "text/plain", []byte("证据"), "")
	s.idle()
	var his []string // every button 张三 has seen
	collect := func() {
		for _, row := range s.living("张三").Keyboard {
			for _, b := range row {
				his = append(his, b.Data)
			}
		}
	}
	collect()
	s.tap("张三", "下一步")
	collect()
	old := s.living("张三")
	s.tap("张三", "签名存档")
	collect()
	s.tap("张三", "查看所填内容")
	collect()
	s.outbox()
	report := s.desk("钱七", db.Where{}).Inbox[0].ID
	record := s.records("张三")[0]
	his = append(his, "1-rd...."+report, "1-rc...."+record.ID, "1-ev...."+record.Answers[form.Evidence].Files[0].ID, "1-co...."+record.ID)
	forged := append(his, "", "x", "1-", "1-sg....", "1-nx..1..", "1-nx..zzzzzzzzz..", "2-go....menu", "1-go....sheet", "1-go....report", "1-pg....-1",
		"1-pg....99999999999999999999", "1+bx...O.\x00", "1-rd....", "1-ca....' OR 1=1", strings.Repeat("1-go.", 12), "1-bx.aaaaaaaa.1.C.1", "1-ye..1..", "\u202e1-go....menu")
	for _, who := range []string{"李四", "赵六"} {
		s.must(s.Command(who, "menu"))
		s.toasts[who] = 0
		for _, data := range forged {
			if len(data) == 0 || len(data) > 64 {
				continue // Telegram carries no such
			}
			s.phones[who].TapData(s.living(who).ID, data)
		}
		s.idle()
		s.same(who)
		for _, m := range s.phones[who].Messages() {
			if m.FromBot && (strings.Contains(m.Text, story) || m.Kind != "text") {
				t.Errorf("%s got %s", who, m.Text)
			}
		}
		if n := len(s.records(who)); n != 0 {
			t.Errorf("%s has %d records", who, n)
		}
	}
	for _, row := range old.Keyboard { // the keyboard of the summary, after the signature
		for _, b := range row {
			s.phones["张三"].TapData(old.ID, b.Data)
			s.idle()
			s.same("张三")
		}
	}
	if n := len(s.records("张三")); n != 1 {
		t.Errorf("%d records", n)
	}
	s.elsewhere("张三", old.Keyboard[0][0].Data)
}

// elsewhere: a press that comes from a keyboard in another chat, or from an inline message, is nobody's.
func (s *stage) elsewhere(who, data string) {
	s.t.Helper()
	before := s.state(who)
	s.box.ResetRequests()
	from := map[string]any{"id": s.phones[who].ID(), "is_bot": false, "first_name": who}
	for _, extra := range []map[string]any{
		{"message": map[string]any{"message_id": 3, "date": 1, "chat": map[string]any{"id": -100, "type": "supergroup"}}},
		{"message": map[string]any{"message_id": 3, "date": 1, "chat": map[string]any{"id": 1001, "type": "private"}}},
		{"inline_message_id": "abc"},
		{},
	} {
		q := map[string]any{"id": "77", "from": from, "chat_instance": "1", "data": data}
		for k, v := range extra {
			q[k] = v
		}
		raw, err := json.Marshal(map[string]any{"callback_query": q})
		s.must(err)
		_, err = s.box.Inject(string(raw))
		s.must(err)
	}
	s.idle()
	for _, r := range s.box.Requests() {
		if r.Method != "getUpdates" {
			s.t.Errorf("a press from elsewhere led to %s", r.Method)
		}
	}
	if got := s.state(who); got.Turn != before.Turn || got.Place == flows.AtSheet {
		s.t.Errorf("a press from elsewhere led to %s", got.Place)
	}
}

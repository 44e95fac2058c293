package main

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"liuhen/bot/sandbox"
	"liuhen/flows"
	"liuhen/flows/flowstest"
	"liuhen/flows/record"
	"liuhen/storage/db"
)

const (
	case101 = "● 正明司鉴所〔2026〕临鉴字第101号"
	story   = "11月20日下午，对方到办公室，要求把伤残等级评高一级，我当场拒绝。"
)

// long runs the campaigns.
var long = os.Getenv("LIUHEN_TEST_LONG") != ""

// few are those a report of 张三 concerns: fewer phones, faster stages.
var few = []string{"张三", "李四", "钱七", "赵六", "吴十", "郑一"}

func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("%v\n%s", err, s.logs)
	}
}

// tap presses one button after another, waiting for each.
func (s *stage) tap(who string, labels ...string) {
	s.t.Helper()
	for _, l := range labels {
		if err := s.Tap(who, l); err != nil {
			s.t.Fatalf("%v on\n%s", err, s.Screen(who).Text)
		}
	}
}

// say sends one text after another, waiting for each.
func (s *stage) says(who string, words ...string) {
	s.t.Helper()
	for _, w := range words {
		s.must(s.Say(who, w))
	}
}

// toMeans leads who to the question for the means of a new entry of the case.
func (s *stage) toMeans(who string) {
	s.t.Helper()
	s.must(s.Command(who, "file"))
	s.tap(who, case101, "☐ 有上述情形", "☐ （一）为当事人请托说情", "下一步", "☐ 委托人", "下一步", "否", "下一步")
	s.says(who, "11月20日", "本所二楼办公室")
}

// toEvidence leads who to the question for evidence of a new entry of the case.
func (s *stage) toEvidence(who string) {
	s.t.Helper()
	s.toMeans(who)
	s.tap(who, "☐ 当面", "下一步")
	s.says(who, story)
	s.tap(who, "下一步")
	s.shows(who, "请发送您手里已有的证据")
}

// shows wants the words on the screen.
func (s *stage) shows(who string, words ...string) {
	s.t.Helper()
	for _, w := range words {
		if got := s.Screen(who); !strings.Contains(got.Text+"\n"+got.Hint, w) {
			s.t.Fatalf("%s does not see %q but\n%s\n（%s）", who, w, got.Text, got.Hint)
		}
	}
}

// tapWith presses the first button whose label holds the words.
func (s *stage) tapWith(who, words string) {
	s.t.Helper()
	for _, row := range s.living(who).Keyboard {
		for _, b := range row {
			if strings.Contains(b.Text, words) {
				s.tap(who, b.Text)
				return
			}
		}
	}
	s.t.Fatalf("%s has no button with %q on\n%s", who, words, s.Screen(who).Text)
}

// button is the data of the button with this label on the living message.
func (s *stage) button(who, label string) (message int64, data string) {
	s.t.Helper()
	m := s.living(who)
	for _, row := range m.Keyboard {
		for _, b := range row {
			if b.Text == label {
				return m.ID, b.Data
			}
		}
	}
	s.t.Fatalf("%s has no button %q on\n%s", who, label, m.Text)
	return 0, ""
}

// until waits, without any rest of the bot, until something holds.
func (s *stage) until(what string, holds func() bool) {
	s.t.Helper()
	for end := time.Now().Add(20 * time.Second); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatalf("never: %s\n%s", what, s.logs)
		}
	}
}

// desk is what somebody may know at a place.
func (s *stage) desk(who string, w db.Where) flows.Desk {
	s.t.Helper()
	ctx := context.Background()
	c, err := s.app.stores.db.Caller(ctx, s.phones[who].ID())
	s.must(err)
	s.reads++
	w.Event = 1<<50 + s.reads
	d, err := s.app.stores.db.Desk(ctx, c, w)
	s.must(err)
	return d
}

// records are the entries somebody has signed, the first one first.
func (s *stage) records(who string) (out []record.Record) {
	s.t.Helper()
	for _, r := range slices.Backward(s.desk(who, db.Where{Place: flows.AtRecords}).Records) {
		e := s.desk(who, db.Where{Place: flows.AtRecord, Subject: r.ID}).Entry
		if e == nil {
			s.t.Fatalf("entry %s of %s cannot be read", r.ID, who)
		}
		out = append(out, *e)
	}
	return out
}

// state is the dialog as it is stored.
func (s *stage) state(who string) flows.State {
	s.t.Helper()
	b, _, err := s.app.stores.dialogs.Load(context.Background(), "chat:"+strconv.FormatInt(s.phones[who].ID(), 10))
	s.must(err)
	var d struct {
		State json.RawMessage `json:"state"`
	}
	if len(b) > 0 {
		s.must(json.Unmarshal(b, &d))
	}
	out, err := flows.ParseState(d.State)
	s.must(err)
	return out
}

// same wants the phone to show the stored state and nothing else, with no press unanswered.
func (s *stage) same(who string) {
	s.t.Helper()
	st := s.state(who)
	want, got := flows.View(st, s.desk(who, db.Where{Place: st.Place, Subject: st.Subject, Link: st.Link})), s.Screen(who)
	var rows [][]string
	for _, r := range want.Rows {
		var labels []string
		for _, b := range r {
			labels = append(labels, b.Label)
		}
		rows = append(rows, labels)
	}
	if !strings.HasSuffix(got.Text, want.Text) || !slices.EqualFunc(got.Rows, rows, slices.Equal[[]string]) || got.Protect != want.Protect {
		s.t.Errorf("%s sees\n%s\n%v\nbut the dialog stands at\n%s\n%v", who, got.Text, got.Rows, want.Text, rows)
	}
	if n := s.phones[who].Spinning(); n != 0 {
		s.t.Errorf("%d presses of %s are unanswered", n, who)
	}
}

// calls are the requests of a method in one chat (0: in all) since the log was emptied.
func (s *stage) calls(method string, chat int64) (out []sandbox.Request) {
	for _, r := range s.box.Requests() {
		if r.Method == method && (chat == 0 || r.ChatID() == chat) {
			out = append(out, r)
		}
	}
	return out
}

// notices counts how often somebody was told of a report, which is said in the same words whatever became of it.
func (s *stage) notices(who string) (n int) {
	for _, m := range s.phones[who].Messages() {
		if m.FromBot && m.Text == noticeWords[0] {
			n++
		}
	}
	return n
}

var _ flowstest.Stage = (*stage)(nil)

// newFew is a stage with few phones on, SQLite and the table for dialogs.
func newFew(t *testing.T, change ...func(*staging)) *stage {
	t.Helper()
	o := staging{seed: seedLife(t), cast: few}
	for _, c := range change {
		c(&o)
	}
	return newStage(t, o)
}

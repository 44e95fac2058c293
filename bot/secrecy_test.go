package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"liuhen/bot/intake"
	"liuhen/flows"
	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/text"
	"liuhen/reminders"
	"liuhen/storage/db"
	"liuhen/storage/vault"
)

// life is the whole product without Telegram: core, store, reminders and outbox, at a clock of its own.
type life struct {
	t        fataler
	db       *db.DB
	now      time.Time
	schedule *reminders.Schedule
	account  map[string]int64
	states   map[string]flows.State
	events   map[string]int64
	views    map[string][]string // everything a person saw or was sent, with the minute
	names    map[string]string   // by person ID
}

type fataler interface {
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Helper()
}

var lifeStart = time.Date(2026, 11, 24, 10, 0, 0, 0, time.FixedZone("CST", 8*3600))

// people of the seeded world, in the order of their accounts.
var cast = strings.Split("张三 李四 王五 赵六 钱七 孙八 周九 吴十 郑一 冯二 陈大", " ")

func testKeys(t fataler, dir string) *vault.Keys {
	k, _, err := vault.Load(filepath.Join(dir, "keys"), false)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// openLife opens the database in dir; on the first time it seeds it and binds everybody.
func openLife(t fataler, dir string) *life {
	l := &life{
		t: t, now: lifeStart, account: map[string]int64{}, states: map[string]flows.State{}, events: map[string]int64{},
		views: map[string][]string{}, names: map[string]string{},
	}
	clock := func() time.Time { return l.now }
	calendar, err := reminders.Workdays()
	if err != nil {
		t.Fatal(err)
	}
	l.db, err = db.Open(context.Background(), "sqlite:"+filepath.Join(dir, "liuhen.db"), db.Options{
		Keys: testKeys(t, dir), Clock: clock, Zone: lifeStart.Location(), Calendar: calendar,
		Policy: law.Policy{Name: law.Ministry2020}, MatchKey: intake.MatchKey, FileLimit: fileLimit,
	})
	if err != nil {
		t.Fatal(err)
	}
	l.schedule = &reminders.Schedule{
		Store: reminders.Register{DB: l.db}, Spec: "0 9 * * *", Zone: lifeStart.Location(), Clock: clock,
		Policy: law.Policy{Name: law.Ministry2020}, Calendar: calendar,
	}
	for i, name := range cast {
		l.account[name] = int64(1000 + i)
	}
	dirNow, err := l.db.Directory(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range dirNow.Members {
		l.names[string(m.ID)] = m.Name
	}
	return l
}

// seedLife makes the database all lives of a test begin from.
func seedLife(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	l := openLife(t, dir)
	defer l.db.Close()
	var batch db.Batch
	for _, f := range []string{"people.csv", "cases.csv"} {
		data, err := os.ReadFile(filepath.Join("../flows/testdata/world", f))
		if err != nil {
			t.Fatal(err)
		}
		b, err := intake.Read(f, data, law.DateOf(lifeStart))
		if err != nil || len(b.Faults) > 0 {
			t.Fatalf("%s: %v %v", f, err, b.FaultTexts(text.ZhHans))
		}
		join(&batch, b)
	}
	done, err := l.db.Load(context.Background(), batch)
	if err != nil || len(done.Faults) > 0 || len(done.Invitations) != len(cast) {
		t.Fatalf("load: %v %+v", err, done)
	}
	licences := map[string]string{}
	for _, p := range batch.People {
		licences[p.Name] = p.Licence
	}
	for _, i := range done.Invitations {
		l.do(i.Name, flows.Open{Link: i.Token})
		proof := i.Name
		if n := len(licences[i.Name]); n > 4 {
			proof = licences[i.Name][n-4:]
		}
		l.do(i.Name, flows.Say{Text: proof})
		if got := l.view(i.Name).Text; !strings.Contains(got, i.Name+"，您好") {
			t.Fatalf("%s is not bound: %s", i.Name, got)
		}
	}
	return dir
}

// copyLife opens a copy of a seeded database.
func copyLife(t fataler, from string) (*life, func()) {
	dir, err := os.MkdirTemp("", "liuhen")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{"liuhen.db", "keys"} {
		b, err := os.ReadFile(filepath.Join(from, f))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, f), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l := openLife(t, dir)
	return l, func() { _ = l.db.Close(); _ = os.RemoveAll(dir) }
}

func (l *life) caller(name string) db.Caller {
	c, err := l.db.Caller(context.Background(), l.account[name])
	if err != nil {
		l.t.Fatal(err)
	}
	c.Link = l.states[name].Link
	return c
}

func (l *life) desk(name string) flows.Desk {
	s := l.states[name]
	d, err := l.db.Desk(context.Background(), l.caller(name), db.Where{Event: l.events[name], Place: s.Place, Subject: s.Subject, Link: s.Link})
	if err != nil {
		l.t.Fatal(err)
	}
	return d
}

func (l *life) view(name string) flows.Screen { return flows.View(l.states[name], l.desk(name)) }

// do is a turn without Telegram.
func (l *life) do(name string, a flows.Action) {
	l.t.Helper()
	l.events[name]++
	id := l.account[name]<<20 + l.events[name]
	e := flows.Event{ID: id, At: l.now, Fresh: fmt.Sprintf("%s%024d", name[:0], id), Do: a}
	s := l.states[name]
	if o, ok := a.(flows.Open); ok && o.Link != "" {
		s.Link = o.Link
	}
	l.states[name] = s
	next, effects := flows.Step(s, l.desk(name), e)
	var durable []flows.Durable
	for _, x := range effects {
		if d, ok := x.(flows.Durable); ok {
			durable = append(durable, d)
		}
	}
	if len(durable) > 0 {
		if err := l.db.Commit(context.Background(), l.caller(name), id, l.now, durable); err != nil {
			l.t.Fatalf("%s: %v", name, err)
		}
	}
	l.states[name] = next
}

// tap presses the button with the label.
func (l *life) tap(name, label string) {
	l.t.Helper()
	for _, row := range l.view(name).Rows {
		for _, b := range row {
			if b.Label == label {
				l.do(name, b.Tap)
				return
			}
		}
	}
	l.t.Fatalf("%s has no button %q on\n%s", name, label, l.view(name).Text)
}

// look writes down everything a person can see now: the desk itself, and every place drawn from it.
func (l *life) look(name string) {
	d := l.desk(name)
	desk, err := json.Marshal(d)
	if err != nil {
		l.t.Fatal(err)
	}
	l.see(name, string(desk))
	s := l.states[name]
	s.Sheet = nil
	for _, s.Place = range []flows.Place{flows.AtMenu, flows.AtFile, flows.AtCases, flows.AtRecords, flows.AtTodo, flows.AtOverdue, flows.AtLost} {
		l.see(name, fmt.Sprint(flows.View(s, d)))
	}
}

func (l *life) see(name, what string) {
	l.views[name] = append(l.views[name], l.now.Format("01-02 15:04 ")+what)
}

// day moves the clock to nine the next day, runs reminders, and delivers the outbox.
func (l *life) day() {
	next := l.now.AddDate(0, 0, 1)
	l.now = time.Date(next.Year(), next.Month(), next.Day(), 9, 0, 0, 0, next.Location())
	if _, err := l.schedule.Tick(context.Background()); err != nil {
		l.t.Fatal(err)
	}
	l.deliver()
}

// deliver sends what is due: who gets which words, in the order they are sent to them.
func (l *life) deliver() {
	ctx := context.Background()
	if _, err := l.db.Reroute(ctx); err != nil {
		l.t.Fatal(err)
	}
	for {
		batch, err := l.db.Claim(ctx, 50, time.Minute)
		if err != nil {
			l.t.Fatal(err)
		}
		if len(batch) == 0 {
			return
		}
		for _, m := range batch {
			l.see(l.names[m.Person], "message "+string(m.Kind))
			if err := l.db.Sent(ctx, m.ID); err != nil {
				l.t.Fatal(err)
			}
		}
	}
}

// secret is what one person files in the second world instead of 无此类情况.
type secret struct {
	reporter, caseLabel string
	insiders            []string // labels
	serious             string
	official            []string
	channel             string
}

func (s secret) file(l *life) {
	who := s.reporter
	l.tap(who, "☐ 有上述情形")
	l.tap(who, "☐ （三）出具特定鉴定意见")
	l.tap(who, "下一步")
	if len(s.insiders) > 0 {
		l.tap(who, "☐ 鉴定机构内部人员")
	}
	if len(s.official) > 0 {
		l.tap(who, "☐ 司法行政机关工作人员")
	}
	if len(s.insiders)+len(s.official) == 0 {
		l.tap(who, "☐ 案件当事人或其代理人")
	}
	l.tap(who, "下一步")
	s.people(l, s.insiders)
	if len(s.insiders) > 0 {
		l.tap(who, s.serious)
	}
	s.people(l, s.official)
	l.tap(who, "否")
	l.tap(who, "下一步")
	l.do(who, flows.Say{Text: "昨天"})
	l.do(who, flows.Say{Text: "电话中"})
	l.tap(who, "☐ 明示")
	l.tap(who, "下一步")
	l.do(who, flows.Say{Text: "对方要求改变鉴定意见。"})
	l.tap(who, "下一步")
	l.tap(who, "下一步")
	if it, open := form.Edition2020.Next(l.states[who].Sheet.Answers); open && it.ID == form.Channel {
		l.tap(who, s.channel)
	}
	l.tap(who, "签名存档")
}

func (s secret) people(l *life, labels []string) {
	for _, p := range labels {
		l.tap(s.reporter, "☐ "+p)
	}
	if len(labels) > 0 {
		l.tap(s.reporter, "下一步")
	}
}

// recipients are those who received anything in the second world, by name.
func recipients(l *life) []string {
	var out []string
	for name, seen := range l.views {
		if slices.ContainsFunc(seen, func(s string) bool { return strings.HasSuffix(s, "message report") }) {
			out = append(out, name)
		}
	}
	return out
}

var drawSecret = rapid.Custom(func(t *rapid.T) secret {
	s := secret{
		reporter: rapid.SampledFrom([]string{"张三", "李四"}).Draw(t, "reporter"),
		serious:  rapid.SampledFrom([]string{"是", "否", "不清楚"}).Draw(t, "serious"),
		channel:  rapid.SampledFrom([]string{"直接报告主管司法行政机关", "报告所在机构", "同时报告所在机构和主管司法行政机关"}).Draw(t, "channel"),
	}
	s.insiders = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"赵六（鉴定机构负责人）", "钱七", "王五", "孙八"}), 0, 3, rapid.ID).Draw(t, "insiders")
	s.official = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"吴十（云州市司法局）", "冯二（云州市司法局）", "陈大（江南省司法厅）"}), 0, 2, rapid.ID).Draw(t, "official")
	return s
})

// world plays one life: the reporter files, others go on, days pass, everybody looks.
func world(t fataler, seed string, s secret, zero bool, others []string, days int) *life {
	l, done := copyLife(t, seed)
	defer done()
	l.do(s.reporter, flows.Command{Name: flows.AtFile})
	l.tap(s.reporter, "● 正明司鉴所〔2026〕临鉴字第101号")
	if zero {
		l.tap(s.reporter, "☐ 无此类情况")
		l.tap(s.reporter, "签名存档")
	} else {
		s.file(l)
	}
	for d := range days {
		l.deliver()
		if d < len(others) {
			l.zeroBy(others[d])
		}
		for _, name := range cast {
			if name != s.reporter {
				l.look(name)
			}
		}
		l.day()
	}
	return l
}

// zeroBy lets somebody sign the first entry they owe, if any.
func (l *life) zeroBy(name string) {
	l.do(name, flows.Command{Name: flows.AtFile})
	for _, row := range l.view(name).Rows {
		if strings.HasPrefix(row[0].Label, "● ") {
			l.do(name, row[0].Tap)
			l.tap(name, "☐ 无此类情况")
			l.tap(name, "签名存档")
			return
		}
	}
}

// TestNoninterference plays pairs of worlds that differ only in what one person filed: 无此类情况, or a report. Everybody who
// is not a recipient of that report must see, minute by minute and byte by byte, the same in both (design.md 5).
func TestNoninterference(t *testing.T) {
	seed := seedLife(t)
	checked, reports := 0, map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		s := drawSecret.Draw(t, "secret")
		others := rapid.SliceOfN(rapid.SampledFrom([]string{"李四", "王五", "张三", "孙八"}), 0, 4).Draw(t, "others")
		others = slices.DeleteFunc(others, func(n string) bool { return n == s.reporter })
		days := rapid.IntRange(2, 14).Draw(t, "days")
		a, b := world(t, seed, s, true, others, days), world(t, seed, s, false, others, days)
		got := recipients(b)
		for _, name := range cast {
			if name == s.reporter || slices.Contains(got, name) {
				continue
			}
			checked++
			if diff := firstDifference(a.views[name], b.views[name]); diff != "" {
				t.Fatalf("%s can tell that %s reported %v %v: %s", name, s.reporter, s.insiders, s.official, diff)
			}
		}
		reports[strconv.Itoa(len(got))+" recipients"]++
	})
	t.Logf("views compared: %d; reports by number of recipients: %v", checked, reports)
	if checked < 100 {
		t.Fatal("hardly any view was compared: the property says nothing")
	}
}

func firstDifference(a, b []string) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("\n%s\n%s", a[i], b[i])
		}
	}
	if len(a) != len(b) {
		return fmt.Sprintf("%d things seen in one world, %d in the other", len(a), len(b))
	}
	return ""
}

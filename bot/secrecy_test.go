package main

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"liuhen/bot/intake"
	"liuhen/bot/post"
	"liuhen/bot/telegram"
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
	office   *post.Office
	account  map[string]int64
	states   map[string]flows.State
	events   map[string]int64
	callers  map[string]db.Caller
	desks    map[deskKey]flows.Desk // as of the last change
	blocked  map[string]bool        // who has stopped the bot
	names    map[string]string      // by person ID

	mu    sync.Mutex          // the office has several hands
	views map[string][]string // everything a person saw or was sent, with the minute
	given map[string]bool     // at the end, who was given which report: "name report"
	logs  map[string]bool     // and in whose log of access it may stand, in the same way

	worked int // acts begun by those who hold reports
}

type deskKey struct {
	name, subject, link string
	place               flows.Place
}

type fataler interface {
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Helper()
}

var lifeStart = time.Date(2026, 11, 24, 10, 0, 0, 0, time.FixedZone("CST", 8*3600))

// people of the seeded world, in the order of their accounts.
var cast = strings.Split("张三 李四 王五 赵六 钱七 孙八 周九 吴十 郑一 冯二 陈大 卫二", " ")

func testKeys(t fataler, dir string) *vault.Keys {
	k, _, err := vault.Load(filepath.Join(dir, "keys"), false)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// builtInDays is read once for all lives.
var builtInDays = sync.OnceValues(func() (law.Calendar, error) { return reminders.Workdays() })

// openLife opens the database in dir.
func openLife(t fataler, dir string) *life {
	l := &life{
		t: t, now: lifeStart, account: map[string]int64{}, states: map[string]flows.State{}, events: map[string]int64{},
		callers: map[string]db.Caller{}, desks: map[deskKey]flows.Desk{}, blocked: map[string]bool{}, views: map[string][]string{}, names: map[string]string{},
	}
	clock := func() time.Time { return l.now }
	calendar, err := builtInDays()
	if err != nil {
		t.Fatal(err)
	}
	l.db, err = db.Open(context.Background(), "sqlite:"+filepath.Join(dir, "liuhen.db"), db.Options{
		Keys: testKeys(t, dir), Clock: clock, Zone: lifeStart.Location(), Calendar: calendar,
		Policy: law.Policy{Name: law.Ministry2020}, MatchKey: intake.MatchKey, FileLimit: fileLimit, Wrap: hurry,
	})
	if err != nil {
		t.Fatal(err)
	}
	l.db.SQL().SetMaxOpenConns(1) // so that each statement is read once
	l.schedule = &reminders.Schedule{
		Store: reminders.Register{DB: l.db}, Spec: "0 9 * * *", Zone: lifeStart.Location(), Clock: clock,
		Policy: law.Policy{Name: law.Ministry2020}, Calendar: calendar,
	}
	l.office = post.New(post.Options{
		Outbox: l.db, Watch: l.db, Channel: l, Clock: clock, Log: slog.New(slog.DiscardHandler), Words: notices(text.ZhHans),
		Button: text.Say(text.ZhHans, text.BtnOpen), Pace: 1e6, PerChat: -1,
	})
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
	c, known := l.callers[name]
	if !known || c.Person == "" {
		var err error
		if c, err = l.db.Caller(context.Background(), l.account[name]); err != nil {
			l.t.Fatal(err)
		}
		l.callers[name] = c
	}
	c.Link = l.states[name].Link
	return c
}

// desk is what somebody may know now; it is loaded again after every change.
func (l *life) desk(name string) flows.Desk {
	s := l.states[name]
	k := deskKey{name, s.Subject, s.Link, s.Place}
	if d, ok := l.desks[k]; ok && d.Now.Equal(l.now) {
		return d
	}
	d, err := l.db.Desk(context.Background(), l.caller(name), db.Where{Event: l.events[name], Place: s.Place, Subject: s.Subject, Link: s.Link})
	if err != nil {
		l.t.Fatal(err)
	}
	l.desks[k] = d
	return d
}

// changed forgets the desks that were loaded.
func (l *life) changed() { clear(l.desks) }

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
		l.changed()
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
	for _, s.Place = range []flows.Place{flows.AtMenu, flows.AtFile, flows.AtCases, flows.AtRecords, flows.AtTodo, flows.AtOverdue, flows.AtLost, flows.AtPeople, flows.AtKeeping, flows.AtIntegrity, flows.AtOwnFile} {
		l.see(name, fmt.Sprint(flows.View(s, d)))
	}
	if slices.Contains([]string{"周九", "卫二", "赵六"}, name) { // both confidants, and one who is refused
		l.watch(name)
	}
}

// watch writes down what the log of access and the leaks show somebody: nothing, or a confidant what concerns their unit. It is
// asked for anew each time; what others did meanwhile stands in it.
func (l *life) watch(name string) {
	s := l.states[name]
	for i, w := range []db.Where{{Place: flows.AtLog}, {Place: flows.AtLog, Subject: flows.LogRefused}, {Place: flows.AtLeaks}} {
		w.Event = int64(1_000_000 + i) // noted once
		d, err := l.db.Desk(context.Background(), l.caller(name), w)
		if err != nil {
			l.t.Fatal(err)
		}
		s.Place, s.Subject, s.Sheet = w.Place, w.Subject, nil
		l.see(name, fmt.Sprint(flows.View(s, d)))
	}
}

func (l *life) see(name, what string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.views[name] = append(l.views[name], l.now.Format("01-02 15:04 ")+what)
}

// Send implements post.Channel.
func (l *life) Send(_ context.Context, account int64, s flows.Screen) (int, error) {
	name := cast[account-1000]
	if l.blocked[name] {
		return 0, &telegram.Error{Class: telegram.Blocked}
	}
	l.see(name, fmt.Sprint("message ", s))
	return 1, nil
}

// Reachable implements post.Channel.
func (l *life) Reachable(_ context.Context, account int64) error {
	if l.blocked[cast[account-1000]] {
		return &telegram.Error{Class: telegram.Blocked}
	}
	return nil
}

// block stops the bot on somebody's telephone. Telegram tells of it at once, or not at all.
func (l *life) block(name string, told bool) {
	l.blocked[name] = true
	if told {
		l.reach(name, false)
	}
}

func (l *life) unblock(name string) {
	l.blocked[name] = false
	l.reach(name, true)
}

func (l *life) reach(name string, reachable bool) {
	if err := l.db.Reach(context.Background(), l.account[name], reachable); err != nil {
		l.t.Fatal(err)
	}
	l.changed()
}

// at moves the clock on to an hour of a day, lets reminders run, delivers the outbox.
func (l *life) at(days, hour int) {
	l.now = time.Date(l.now.Year(), l.now.Month(), l.now.Day()+days, hour, 0, 0, 0, l.now.Location())
	from := l.now.Add(-15 * time.Minute)
	due, err := l.schedule.Due(from, l.now)
	if err == nil && due {
		_, err = l.schedule.Tick(context.Background())
	}
	if err != nil {
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
	if _, err := l.office.Round(ctx); err != nil {
		l.t.Fatal(err)
	}
	l.changed()
}

// press presses buttons one after another.
func (l *life) press(name string, labels ...string) {
	l.t.Helper()
	for _, label := range labels {
		l.tap(name, label)
	}
}

// secret is what a report says of whom, and where it is to go.
type secret struct {
	insiders []string // labels
	serious  string
	official []string
	channel  string
	evidence int // pieces
}

// file fills in a sheet, from the first question to the signature.
func (s secret) file(l *life, who string) {
	l.press(who, "☐ 有上述情形", "☐ （三）出具特定鉴定意见", "下一步")
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
	s.people(l, who, s.insiders)
	if len(s.insiders) > 0 {
		l.tap(who, s.serious)
	}
	s.people(l, who, s.official)
	l.press(who, "否", "下一步")
	l.do(who, flows.Say{Text: "昨天"})
	l.do(who, flows.Say{Text: "电话中"})
	l.press(who, "☐ 明示", "下一步")
	l.do(who, flows.Say{Text: "对方要求改变鉴定意见。"})
	l.tap(who, "下一步")
	for n := range s.evidence {
		l.do(who, flows.Attach{File: form.File{
			ID: fmt.Sprint("file", n), Kind: "photo", Size: int64(n + 1), SHA256: strings.Repeat("ab", 32), Blob: strings.Repeat("cd", 32), Received: l.now,
		}})
	}
	l.tap(who, "下一步")
	if it, open := form.Edition2020.Next(l.states[who].Sheet.Answers); open && it.ID == form.Channel {
		l.tap(who, s.channel)
	}
	l.tap(who, "签名存档")
}

func (s secret) people(l *life, who string, labels []string) {
	for _, p := range labels {
		l.tap(who, "☐ "+p)
	}
	if len(labels) > 0 {
		l.tap(who, "下一步")
	}
}

// accused are the names of those the report is about.
func (s secret) accused() (out []string) {
	for _, label := range slices.Concat(s.insiders, s.official) {
		name, _, _ := strings.Cut(label, "（")
		out = append(out, name)
	}
	return out
}

// deed is what the reporter does in one world. On a case they file an entry in any event; without one, there may be nothing.
type deed struct {
	report *secret
	zero   bool // 无此类情况
	redo   bool // then corrects 无此类情况 into the report
}

func (d deed) do(l *life, who string, listed bool) {
	if d.report == nil && !d.zero {
		return
	}
	l.do(who, flows.Command{Name: flows.AtFile})
	if listed {
		l.tap(who, "● 正明司鉴所〔2026〕临鉴字第101号")
	} else {
		l.press(who, "不在名单上 / 尚无编号", "尚无编号")
		l.do(who, flows.Say{Text: "伤残等级鉴定"})
	}
	if d.zero {
		l.press(who, "☐ 无此类情况", "签名存档")
	}
	if d.redo {
		l.tap(who, "更正")
		l.do(who, flows.Say{Text: "签名后想起确有其事"})
	}
	if d.report != nil {
		d.report.file(l, who)
	}
	l.do(who, flows.Command{Name: flows.AtMenu})
}

var drawSecret = rapid.Custom(func(t *rapid.T) *secret {
	s := &secret{
		serious:  rapid.SampledFrom([]string{"是", "否", "不清楚"}).Draw(t, "serious"),
		channel:  rapid.SampledFrom([]string{"直接报告主管司法行政机关", "报告所在机构", "同时报告所在机构和主管司法行政机关"}).Draw(t, "channel"),
		evidence: rapid.IntRange(0, 2).Draw(t, "evidence"),
	}
	s.insiders = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"赵六（鉴定机构负责人）", "钱七", "王五", "孙八"}), 0, 3, rapid.ID).Draw(t, "insiders")
	s.official = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"吴十（云州市司法局）", "冯二（云州市司法局）", "陈大（江南省司法厅）"}), 0, 2, rapid.ID).Draw(t, "official")
	return s
})

// setting is what all worlds of a comparison share.
type setting struct {
	reporter string
	listed   bool // the case is on the list
	late     bool // it happens at eleven at night
	others   []string
	also     bool // somebody else reports, in all worlds the same
	blocked  map[string]int
	told     bool
	back     int
	steps    []step
	work     []work // what those who hold reports do about them, in turn; in each world with what they hold there
}

// work is a turn of somebody who may hold reports: which of them, which of the acts that are offered, and which category.
type work struct {
	name                  string
	report, act, category int
}

// step is some days on which nobody does anything, and then one on which people may look.
type step struct {
	days int
	look bool
}

func drawSetting(t *rapid.T) setting {
	s := setting{
		listed: rapid.IntRange(0, 3).Draw(t, "listed") > 0, late: rapid.IntRange(0, 4).Draw(t, "late") == 0,
		others: rapid.SliceOfN(rapid.SampledFrom([]string{"李四", "王五", "张三", "孙八"}), 0, 4).Draw(t, "others"),
		also:   rapid.IntRange(0, 3).Draw(t, "also") == 0, blocked: map[string]int{},
		told: rapid.Bool().Draw(t, "told"), back: rapid.IntRange(1, 7).Draw(t, "back"),
	}
	reporters := []string{"张三", "李四"}
	if !s.listed {
		reporters = []string{"张三", "李四", "周九"}
	}
	s.reporter = rapid.SampledFrom(reporters).Draw(t, "reporter")
	s.others = slices.DeleteFunc(s.others, func(n string) bool { return n == s.reporter })
	for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"钱七", "赵六", "孙八", "吴十", "郑一", "冯二", "陈大", "王五"}), 0, 3, rapid.ID).Draw(t, "blocked") {
		s.blocked[name] = rapid.IntRange(-1, 4).Draw(t, "blocks on")
	}
	most := 16
	if s.also { // what a handler does first about two reports would tell their reporters of each other
		most = 0
	}
	for range rapid.IntRange(min(4, most), most).Draw(t, "work") {
		s.work = append(s.work, work{
			rapid.SampledFrom([]string{"钱七", "赵六", "吴十", "郑一", "冯二", "陈大", "孙八"}).Draw(t, "handler"),
			rapid.IntRange(0, 2).Draw(t, "report"), rapid.IntRange(0, 6).Draw(t, "act"), rapid.IntRange(0, 4).Draw(t, "category"),
		})
	}
	n := rapid.IntRange(2, 5).Draw(t, "steps")
	look := rapid.IntRange(0, n-1).Draw(t, "look") // once on the way, and at the end
	for i := range n {
		s.steps = append(s.steps, step{rapid.IntRange(1, 5).Draw(t, "days"), i == look || i == n-1})
	}
	return s
}

// drawDeeds are what the reporter does in each world; the first is the harmless one.
func drawDeeds(t *rapid.T, s setting) []deed {
	out := []deed{{zero: s.listed}}
	for range 2 {
		d := deed{report: drawSecret.Draw(t, "secret")}
		if s.listed && rapid.IntRange(0, 3).Draw(t, "redo") == 0 {
			d.zero, d.redo = true, true
		}
		out = append(out, d)
	}
	return out
}

// world plays one life: the reporter does the deed, others go on, days pass, people block the bot, everybody looks.
func (s setting) world(t fataler, seed string, d deed) *life {
	l, done := copyLife(t, seed)
	defer done()
	l.at(0, 10)
	s.blocks(l, -1)
	if s.late {
		l.at(0, 23)
	}
	d.do(l, s.reporter, s.listed)
	l.deliver()
	for day, step := range s.steps {
		s.blocks(l, day)
		if day < len(s.others) {
			l.zeroBy(s.others[day])
		}
		if s.also && day == 1 {
			other := map[string]string{"张三": "王五"}[s.reporter]
			if other == "" {
				other = "张三"
			}
			deed{report: &secret{insiders: []string{"赵六（鉴定机构负责人）"}, serious: "是", channel: "同时报告所在机构和主管司法行政机关"}}.do(l, other, false)
		}
		for i, w := range s.work {
			if i%len(s.steps) == day {
				w.do(l)
			}
		}
		l.deliver()
		if step.look {
			s.look(l)
		}
		l.at(step.days, 9+day%2*6)
	}
	l.settle()
	return l
}

// settle notes who was given which report, and of which report that nobody may have they know.
func (l *life) settle() {
	l.given, l.logs = map[string]bool{}, map[string]bool{}
	l.list(l.given, "SELECT person, report FROM deliveries UNION SELECT person, ref FROM outbox WHERE kind = 'held'")
	l.list(l.logs, "SELECT r.person, d.report FROM deliveries d JOIN roles r ON r.unit = d.unit WHERE r.role = 'confidant'")
}

func (l *life) list(into map[string]bool, q string) {
	rows, err := l.db.SQL().Query(q)
	if err != nil {
		l.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var person, report string
		if err := rows.Scan(&person, &report); err != nil {
			l.t.Fatal(err)
		}
		into[l.names[person]+" "+report] = true
	}
}

// do lets somebody open a report they hold and do what is offered, as the draw has it; who holds none only goes to their menu.
func (w work) do(l *life) {
	l.do(w.name, flows.Command{Name: flows.AtMenu})
	inbox := l.desk(w.name).Inbox
	if len(inbox) == 0 {
		return
	}
	l.do(w.name, flows.Tap{Verb: flows.DoRead, Arg: inbox[w.report%len(inbox)].ID})
	if acts := l.buttons(w.name, flows.DoAct); len(acts) > 0 {
		l.do(w.name, acts[w.act%len(acts)])
		l.worked++
	}
	if ticks := l.buttons(w.name, flows.DoTick); len(ticks) > 0 {
		l.do(w.name, ticks[w.category%len(ticks)])
	}
	if l.states[w.name].Act != nil {
		l.do(w.name, flows.Say{Text: "依据章程第七条，云司调〔2026〕7号。"})
	}
	for _, b := range l.buttons(w.name, flows.DoCarry) {
		l.do(w.name, b)
	}
	l.do(w.name, flows.Command{Name: flows.AtMenu})
}

// buttons are the presses of a verb on somebody's screen.
func (l *life) buttons(name string, verb flows.Verb) (out []flows.Tap) {
	for _, row := range l.view(name).Rows {
		for _, b := range row {
			if b.Tap.Verb == verb {
				out = append(out, b.Tap)
			}
		}
	}
	return out
}

func (s setting) look(l *life) {
	for _, name := range cast {
		if name != s.reporter {
			l.look(name)
		}
	}
}

func (s setting) blocks(l *life, day int) {
	for _, name := range cast {
		if on, blocks := s.blocked[name]; blocks && on == day {
			l.block(name, s.told)
		}
		if l.blocked[name] && day == s.back {
			l.unblock(name)
		}
	}
}

// zeroBy lets somebody sign the first entry they owe, if any.
func (l *life) zeroBy(name string) {
	l.do(name, flows.Command{Name: flows.AtFile})
	for _, row := range l.view(name).Rows {
		if strings.HasPrefix(row[0].Label, "● ") {
			l.do(name, row[0].Tap)
			l.press(name, "☐ 无此类情况", "签名存档")
			return
		}
	}
}

// played is what is left of a world: what everybody saw, and who was given which report.
type played struct {
	views map[string][]string
	given map[string]bool // "name report"
	logs  map[string]bool // "name report"
	acts  int
	err   error
}

// probe is the fataler of a world that is played beside others.
type probe struct{}

type stopped struct{ error }

func (probe) Helper()                   {}
func (probe) Fatal(args ...any)         { panic(stopped{fmt.Errorf("%s", fmt.Sprint(args...))}) }
func (probe) Fatalf(f string, a ...any) { panic(stopped{fmt.Errorf(f, a...)}) }

func (s setting) play(seed string, d deed) (out played) {
	defer func() {
		if r := recover(); r != nil {
			stop, ok := r.(stopped)
			if !ok {
				panic(r)
			}
			out.err = stop
		}
	}()
	l := s.world(probe{}, seed, d)
	return played{views: l.views, given: l.given, logs: l.logs, acts: l.worked}
}

var pairsFlag = flag.Int("pairs", 0, "how many pairs of worlds TestNoninterference plays; by default 2000, or 150 with the race detector")

// manyPairs is how many pairs of worlds are played.
func manyPairs() int {
	switch {
	case *pairsFlag > 0:
		return *pairsFlag
	case raced:
		return 150
	}
	return 2000
}

// TestNoninterference plays worlds that differ only in what one person did: 无此类情况 or nothing, one report or another,
// with evidence or without, at once or as a correction. Everybody who is given the report in neither of two worlds must see,
// minute by minute and byte by byte, the same in both (design.md 5).
func TestNoninterference(t *testing.T) {
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		if err := checks.Value.Set(fmt.Sprint((manyPairs() + 2) / 3)); err != nil { // three pairs of worlds a check
			t.Fatal(err)
		}
	}
	seed := seedLife(t)
	began, worlds, pairs, compared, differ, acts := time.Now(), 0, 0, 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		s := drawSetting(t)
		deeds := drawDeeds(t, s)
		lives := make([]played, len(deeds))
		var all sync.WaitGroup
		for i, d := range deeds {
			all.Go(func() { lives[i] = s.play(seed, d) })
		}
		all.Wait()
		worlds += len(deeds)
		for i, a := range lives {
			if a.err != nil {
				t.Fatal(a.err)
			}
			acts += a.acts
			if r := deeds[i].report; r != nil {
				for _, name := range r.accused() {
					if recipient(name, lives[0], a) {
						t.Fatalf("%s is accused and was given the report", name)
					}
				}
			}
			for j, b := range lives[:i] {
				pairs++
				for _, name := range cast {
					switch {
					case name == s.reporter:
					case recipient(name, lives[0], a, b):
						differ++
					case confides(name, lives[0], a, b) && !accuses(deeds[i], name) && !accuses(deeds[j], name):
						differ++ // their log is of their unit, and the report came to it
					default:
						compared++
						if diff := firstDifference(b.views[name], a.views[name]); diff != "" {
							t.Fatalf("%s can tell world %d from world %d: %s", name, j, i, diff)
						}
					}
				}
			}
		}
	})
	t.Logf("%d worlds, %d pairs, %v a pair; %d views compared, %d of recipients, %d acts of theirs", worlds, pairs, time.Since(began)/time.Duration(max(pairs, 1)), compared, differ, acts)
	if compared < pairs*4 || differ < pairs || acts < worlds/2 {
		t.Fatal("hardly any view was compared, or nobody was given anything: the property says nothing")
	}
}

// confides reports whether a report came to the unit whose log of access somebody looks after.
func confides(name string, harmless played, worlds ...played) bool {
	for i := range worlds {
		worlds[i].given = worlds[i].logs
	}
	return recipient(name, played{given: harmless.logs}, worlds...)
}

func accuses(d deed, name string) bool {
	return d.report != nil && slices.Contains(d.report.accused(), name)
}

// recipient reports whether somebody was given the reporter's report in one of these worlds: one that is not in the harmless one.
func recipient(name string, harmless played, worlds ...played) bool {
	for _, w := range worlds {
		for given := range w.given {
			if strings.HasPrefix(given, name+" ") && !harmless.given[given] {
				return true
			}
		}
	}
	return false
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

// hurry makes a store quick that need not outlive the machine: nothing is flushed to the disk, and statements are read once.
func hurry(c driver.Connector) driver.Connector { return hurried{c} }

type hurried struct{ driver.Connector }

// Connect implements driver.Connector.
func (h hurried) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := h.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	k := &keeping{Conn: c, kept: map[string]driver.Stmt{}}
	_, err = k.ExecContext(ctx, "PRAGMA synchronous=OFF", nil)
	return k, err
}

// keeping is a connection that keeps its prepared statements.
type keeping struct {
	driver.Conn
	kept map[string]driver.Stmt
}

func (k *keeping) stmt(ctx context.Context, query string) (driver.Stmt, error) {
	if s, ok := k.kept[query]; ok {
		return s, nil
	}
	s, err := k.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, query)
	if err == nil {
		k.kept[query] = s
	}
	return s, err
}

func (k *keeping) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := k.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.(driver.StmtQueryContext).QueryContext(ctx, args)
}

func (k *keeping) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if len(args) == 0 { // a script, perhaps
		return k.Conn.(driver.ExecerContext).ExecContext(ctx, query, args)
	}
	s, err := k.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.(driver.StmtExecContext).ExecContext(ctx, args)
}

func (k *keeping) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return k.Conn.(driver.ConnBeginTx).BeginTx(ctx, o)
}

func (k *keeping) Close() error {
	for _, s := range k.kept {
		_ = s.Close()
	}
	return k.Conn.Close()
}

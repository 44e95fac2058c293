package main

import (
	"context"
	"database/sql/driver"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"liuhen/bot/intake"
	"liuhen/bot/post"
	"liuhen/bot/telegram"
	"liuhen/flows"
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

	mu    sync.Mutex        // the office has several hands
	views map[string][]seen // everything a person saw or was sent

	given   map[string]int64         // at the end, who was given which report at which unit, and when: "name report unit"
	logs    map[string]int64         // and in whose log of access it may stand: "name report"
	reports map[lane]map[string]bool // what their reporters know of their reports: the IDs
	told    map[string]int64         // who was told what is no report, and from when on they may know it
	logged  map[string]int64         // in whose log of access that stands
	organ   []string                 // who is an officer there, or may come to act for one
	ordered bool                     // a correction was ordered
	basis   string                   // the report because of which, if one
	since   int64                    // when
	did     map[string]int           // how often what was done
	home    string                   // the authority of the institution
	turned  map[string][]law.ActKind // what those who are bent on something have turned to, by report
}

// lane is one matter of somebody's. What they do in it is numbered apart, so that it is called the same whatever else they do.
type lane int64

const (
	byThemselves lane = iota
	onReport          // the report that is in some of the worlds only
	onOther           // somebody else's report, in all of them
	onComplaint       // of retaliation
	followUp          // of one's own report
	complaining
	visiting
	measuring
	holding
	peeking
	moving // and those after it: each move has its own
)

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

// everybody are those of the worlds that are compared: one more at the province, to whom a report about a colleague can be handed,
// and one at the authority to which the institution may come.
var everybody = append(slices.Clone(cast), "何三", "沈四")

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
func openLife(t fataler, dir string, keys *vault.Keys, wrap func(driver.Connector) driver.Connector) *life {
	l := &life{
		t: t, now: lifeStart, account: map[string]int64{}, states: map[string]flows.State{}, events: map[string]int64{},
		callers: map[string]db.Caller{}, desks: map[deskKey]flows.Desk{}, blocked: map[string]bool{}, views: map[string][]seen{}, names: map[string]string{},
		reports: map[lane]map[string]bool{}, told: map[string]int64{}, logged: map[string]int64{}, did: map[string]int{},
		home: ourCity, turned: map[string][]law.ActKind{},
	}
	clock := func() time.Time { return l.now }
	calendar, err := builtInDays()
	if err != nil {
		t.Fatal(err)
	}
	l.db, err = db.Open(context.Background(), "sqlite:"+filepath.Join(dir, "liuhen.db"), db.Options{
		Keys: keys, Clock: clock, Zone: lifeStart.Location(), Calendar: calendar,
		Policy: law.Policy{Name: law.Ministry2020}, MatchKey: intake.MatchKey, FileLimit: fileLimit, Wrap: wrap,
	})
	if err != nil {
		t.Fatal(err)
	}
	l.db.SQL().SetMaxOpenConns(1) // the reminders, the outbox and the people take turns
	l.schedule = &reminders.Schedule{
		Store: reminders.Register{DB: l.db}, Spec: "0 9 * * *", Zone: lifeStart.Location(), Clock: clock,
		Policy: law.Policy{Name: law.Ministry2020}, Calendar: calendar,
	}
	l.office = post.New(post.Options{
		Outbox: l.db, Watch: l.db, Channel: l, Clock: clock, Log: slog.New(slog.DiscardHandler), Words: notices(text.ZhHans),
		Button: text.Say(text.ZhHans, text.BtnOpen), Pace: 1e6, PerChat: -1,
	})
	for i, name := range everybody {
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
	return seedSince(t, lifeStart)
}

// seedSince makes the same, with people who have been there since then, and more of them.
func seedSince(t *testing.T, since time.Time, more ...db.Person) string {
	t.Helper()
	dir := t.TempDir()
	l := openLife(t, dir, testKeys(t, dir), nil)
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
	l.now = since
	done, err := l.db.Load(context.Background(), db.Batch{People: append(batch.People, more...)})
	if err != nil || len(done.Faults) > 0 || len(done.Invitations) != len(cast)+len(more) {
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
	l.now = lifeStart
	if done, err := l.db.Load(context.Background(), db.Batch{Cases: batch.Cases}); err != nil || len(done.Faults) > 0 {
		t.Fatalf("load cases: %v %+v", err, done)
	}
	return dir
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
	d, err := l.db.Desk(context.Background(), l.caller(name), db.Where{Event: l.account[name]<<24 | l.events[fmt.Sprint(name, byThemselves)], Place: s.Place, Subject: s.Subject, Link: s.Link})
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
	l.doIn(byThemselves, name, a)
}

// event is the next one of somebody's in a lane.
func (l *life) event(in lane, name string, a flows.Action) flows.Event {
	k := fmt.Sprint(name, in)
	l.events[k]++
	id := l.account[name]<<24 | int64(in)<<16 | l.events[k]
	return flows.Event{ID: id, At: l.now, Fresh: fmt.Sprintf("%024d", id), Do: a}
}

// kindOf is what an effect does, in a word or two.
func kindOf(e flows.Durable) string {
	kind := strings.TrimPrefix(fmt.Sprintf("%T", e), "flows.")
	switch e := e.(type) {
	case flows.Handle:
		kind += " " + string(e.Act.Kind)
	case flows.Take:
		kind += " " + string(e.Measure.Kind)
	case flows.Keep:
		kind += " " + string(e.Deed.Kind)
	case flows.CheckIn:
		kind += fmt.Sprint(" ", e.Want, " ", e.Fine)
	case flows.NoteAbsence:
		kind += " " + string(e.Deed.Kind)
	case flows.Confirm:
		kind += fmt.Sprint(" ", e.Still)
	case flows.File:
		kind += fmt.Sprint(" ", e.Record.Report != nil)
	default:
	}
	return kind
}

func (l *life) doIn(in lane, name string, a flows.Action) {
	l.t.Helper()
	e := l.event(in, name, a)
	s := l.states[name]
	if o, ok := a.(flows.Open); ok && o.Link != "" {
		s.Link = o.Link
	}
	if _, ok := a.(flows.Command); ok { // what is left behind need not be loaded once more
		s.Place, s.Subject = flows.AtMenu, ""
	}
	l.states[name] = s
	next, effects := flows.Step(s, l.desk(name), e)
	var durable []flows.Durable
	for _, x := range effects {
		switch x := x.(type) {
		case flows.Durable:
			durable = append(durable, x)
			l.did[kindOf(x)]++
		case flows.Hint:
			l.see(name, "hint", fmt.Sprint(x))
		default:
		}
	}
	if len(durable) > 0 {
		if err := l.db.Commit(context.Background(), l.caller(name), e.ID, l.now, durable); err != nil {
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

// Send implements post.Channel.
func (l *life) Send(_ context.Context, account int64, s flows.Screen) (int, error) {
	name := everybody[account-1000]
	if l.blocked[name] {
		return 0, &telegram.Error{Class: telegram.Blocked}
	}
	l.see(name, "message", fmt.Sprint(s))
	return 1, nil
}

// Reachable implements post.Channel.
func (l *life) Reachable(_ context.Context, account int64) error {
	if l.blocked[everybody[account-1000]] {
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

// probe asks, as the day's housekeeping does, whether everybody can be reached.
func (l *life) probe() {
	accounts, err := l.db.Accounts(context.Background())
	if err == nil {
		err = l.office.Probe(context.Background(), accounts)
	}
	if err != nil {
		l.t.Fatal(err)
	}
	l.changed()
}

// deliver sends what is due: who gets which words, in the order they are sent to them.
func (l *life) deliver() {
	ctx := context.Background()
	if _, err := l.db.Reroute(ctx); err != nil {
		l.t.Fatal(err)
	}
	if _, err := l.db.Announce(ctx); err != nil {
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

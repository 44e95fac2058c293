package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"liuhen/bot/intake"
	"liuhen/bot/sandbox"
	"liuhen/bot/telegram"
	"liuhen/flows/flowstest"
	"liuhen/flows/law"
	"liuhen/flows/text"
	"liuhen/storage/db"
)

// stage is the whole program on the emulator: core, turns, Redis, SQLite, outbox. Golden conversations are played on it.
type stage struct {
	t      testing.TB
	box    *sandbox.Server
	app    *app
	clock  *movable
	cfg    Config
	phones map[string]*sandbox.Phone
	toasts map[string]int   // seen before the last act
	seen   map[string]int64 // last message number counted as heard
	logs   *syncLog
	cancel func()
	reads  int64 // lookups of the test itself, see desk
	deaf   bool  // to reminders, which have conversations of their own
}

// staging is how a stage departs from the usual one.
type staging struct {
	seed  string // folder of a seeded database
	redis string
	tune  tuning
	cfg   func(*Config)
	cast  []string // whose phones are on; default everybody's, who then get the morning's reminders
}

// syncLog is everything the bot logs, at every level.
type syncLog struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *syncLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *syncLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func testConfig(t testing.TB, dir string) Config {
	c, err := readConfig([]string{"TELEGRAM_TOKEN=7000000001:TEST", "TELEGRAM_API_URL=http://127.0.0.1:9", "LIUHEN_DATA=" + dir})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// newStage copies the seeded database and starts the bot on it, with everybody's phone in hand.
func newStage(t testing.TB, o staging) *stage {
	t.Helper()
	dir := t.TempDir()
	copySeed(t, o.seed, dir)
	started := time.Now()
	s := &stage{
		t: t, phones: map[string]*sandbox.Phone{}, toasts: map[string]int{}, seen: map[string]int64{}, logs: &syncLog{},
		clock: &movable{base: func() time.Time { return flowstest.Start.Add(time.Since(started)) }, zone: flowstest.Start.Location()},
	}
	s.cfg = testConfig(t, dir)
	s.cfg.RedisURL = o.redis
	if o.cfg != nil {
		o.cfg(&s.cfg)
	}
	s.box = sandbox.New(sandbox.Options{Token: s.cfg.Token, Clock: s.clock.Now})
	t.Cleanup(s.box.Close)
	for i, name := range cast { // first, for the bot asks at its start who can be reached
		s.phones[name] = s.box.Phone(int64(1000+i), name)
		s.phones[name].Start("")
	}
	s.start(o.tune)
	t.Cleanup(func() { s.stop() })
	s.idle()
	if err := s.Clock("0s"); err != nil { // the morning's digests
		t.Fatal(err)
	}
	s.Heard()
	return s
}

// copySeed copies the files of a seed: its keys and, on SQLite, its database.
func copySeed(t testing.TB, from, to string) {
	t.Helper()
	files, err := os.ReadDir(from)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(from, f.Name()))
		if err == nil {
			err = os.WriteFile(filepath.Join(to, f.Name()), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// start starts the bot; stop ends it as SIGTERM would.
func (s *stage) start(t tuning) {
	s.t.Helper()
	if t.poll.Wait == 0 {
		t.poll = telegram.Polling{Wait: time.Second, Drain: 2 * time.Second}
	}
	t.every = 20 * time.Millisecond
	if t.http == nil {
		t.http = &http.Client{Transport: s.box.Transport()}
	}
	log := slog.New(slog.NewTextHandler(s.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	a, err := newApp(context.Background(), s.cfg, s.clock.Now, log, t)
	if err != nil {
		s.t.Fatal(err)
	}
	s.app = a
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	s.cancel = func() {
		cancel()
		if err := <-done; err != nil {
			s.t.Errorf("the bot ended with %v", err)
		}
		if err := a.Close(); err != nil {
			s.t.Errorf("closing: %v", err)
		}
	}
}

func (s *stage) stop() {
	if s.cancel != nil {
		s.cancel()
		s.cancel = nil
		for _, v := range s.box.Violations() {
			s.t.Errorf("the Bot API was used wrongly: %s", v)
		}
	}
}

func (s *stage) idle() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := s.box.WaitIdle(ctx); err != nil {
		s.t.Fatalf("the bot does not come to rest: %v\n%s", err, s.logs)
	}
}

func (s *stage) phone(person string) (*sandbox.Phone, error) {
	p, ok := s.phones[person]
	if !ok {
		return nil, fmt.Errorf("nobody is called %s", person)
	}
	s.toasts[person] = len(p.Toasts())
	return p, nil
}

// act lets somebody do something and waits until the bot has dealt with it.
func (s *stage) act(person string, do func(p *sandbox.Phone) error) error {
	p, err := s.phone(person)
	if err != nil {
		return err
	}
	if err := do(p); err != nil {
		return err
	}
	s.idle()
	return nil
}

// Open implements flowstest.Stage. Whoever opens an invitation does so on a new phone.
func (s *stage) Open(person, link string) error {
	if link == "" {
		return s.act(person, func(p *sandbox.Phone) error { p.Start(""); return nil })
	}
	ctx := context.Background()
	dir, err := s.app.stores.db.Directory(ctx)
	if err != nil {
		return err
	}
	for _, m := range dir.Members {
		if m.Name != person {
			continue
		}
		i, err := s.app.stores.db.Reinvite(ctx, string(m.ID))
		if err != nil {
			return err
		}
		s.phones[person] = s.box.Phone(s.phones[person].ID()+500, person)
		return s.act(person, func(p *sandbox.Phone) error { p.Start(i.Token); return nil })
	}
	return fmt.Errorf("nobody is called %s", person)
}

// Command implements flowstest.Stage.
func (s *stage) Command(person, name string) error {
	return s.act(person, func(p *sandbox.Phone) error { p.Say("/" + name); return nil })
}

// Say implements flowstest.Stage.
func (s *stage) Say(person, words string) error {
	return s.act(person, func(p *sandbox.Phone) error { p.Say(words); return nil })
}

// Tap implements flowstest.Stage.
func (s *stage) Tap(person, label string) error {
	return s.act(person, func(p *sandbox.Phone) error { return p.Tap(s.living(person).ID, label) })
}

var mimes = map[string]string{"photo": "image/jpeg", "voice": "audio/ogg", "video": "video/mp4", "document": "application/pdf"}

// Send implements flowstest.Stage. The bytes are those the pure world counts.
func (s *stage) Send(person, kind, name string) error {
	return s.act(person, func(p *sandbox.Phone) error {
		p.Send(kind, name, mimes[kind], []byte(kind+" "+name), "")
		return nil
	})
}

var noticeWords = []string{
	text.Say(text.ZhHans, text.NoticeReport), text.Say(text.ZhHans, text.NoticeDigest), text.Say(text.ZhHans, text.NoticeLost),
	text.Say(text.ZhHans, text.NoticeWord),
}

// houseWords are the notices of the bot's own rounds, which come by the machine's clock and not by what somebody does: a conversation does
// not wait for them.
var houseWords = []string{text.Say(text.ZhHans, text.NoticeRoutes), text.Say(text.ZhHans, text.NoticeCheckpoint)}

// living is the message that shows the dialog: the last one of the bot that is neither a notice nor evidence.
func (s *stage) living(person string) sandbox.Message {
	all := s.phones[person].Messages()
	for i := len(all) - 1; i >= 0; i-- {
		if m := all[i]; m.FromBot && m.Kind == "text" && !slices.Contains(noticeWords, m.Text) && !slices.Contains(houseWords, m.Text) {
			return m
		}
	}
	return sandbox.Message{}
}

// Screen implements flowstest.Stage.
func (s *stage) Screen(person string) flowstest.Seen {
	m := s.living(person)
	seen := flowstest.Seen{Text: m.Text, Protect: m.Protected}
	for _, row := range m.Keyboard {
		var labels []string
		for _, b := range row {
			labels = append(labels, b.Text)
		}
		seen.Rows = append(seen.Rows, labels)
	}
	var hints []string
	for _, t := range s.phones[person].Toasts()[s.toasts[person]:] {
		if t.Text != "" {
			hints = append(hints, t.Text)
		}
	}
	seen.Hint = strings.Join(hints, "\n")
	return seen
}

// Heard implements flowstest.Stage: what was signed a moment ago has been sent by now.
func (s *stage) Heard() []flowstest.Heard {
	s.outbox()
	var out []flowstest.Heard
	for person, p := range s.phones {
		for _, m := range p.Messages() {
			switch {
			case !m.FromBot || m.ID <= s.seen[person]:
			case m.Kind != "text":
				out = append(out, flowstest.Heard{Person: person, Text: "〔" + m.Kind + "〕"})
			case s.deaf && m.Text == text.Say(text.ZhHans, text.NoticeDigest):
			case slices.Contains(noticeWords, m.Text):
				out = append(out, flowstest.Heard{Person: person, Text: m.Text})
			}
		}
		for _, m := range p.Messages() {
			s.seen[person] = max(s.seen[person], m.ID)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Person < out[j].Person })
	return out
}

// outbox waits until nothing more is to be sent.
func (s *stage) outbox() {
	s.t.Helper()
	if err := s.app.sent(context.Background()); err != nil {
		s.t.Fatalf("%v\n%s", err, s.logs)
	}
	s.idle()
}

// Clock implements flowstest.Stage.
func (s *stage) Clock(what string) error {
	d, err := time.ParseDuration(what)
	if err != nil {
		return err
	}
	s.clock.set(s.clock.Now().Add(d))
	if _, err := s.app.schedule.Tick(context.Background()); err != nil {
		return err
	}
	s.outbox()
	return nil
}

// Join implements flowstest.Stage.
func (s *stage) Join(person string, row []string) error {
	p := db.Person{Row: 1, Authority: row[0], Superior: row[1], Institution: row[2], Name: person}
	for r := law.Appraiser; text.Say(text.ZhHans, text.Key("role."+r.String())) != ""; r++ {
		if text.Say(text.ZhHans, text.Key("role."+r.String())) == row[3] {
			p.Role = r
		}
	}
	got, err := s.app.stores.db.Load(context.Background(), db.Batch{People: []db.Person{p}})
	if err == nil && len(got.Faults)+len(got.Invitations) != 1 || len(got.Faults) > 0 {
		err = fmt.Errorf("the list was not taken: %+v", got)
	}
	s.phones[person] = s.box.Phone(int64(1400+len(s.phones)), person)
	return err
}

// Leave implements flowstest.Stage.
func (s *stage) Leave(person string) error {
	ctx := context.Background()
	dir, err := s.app.stores.db.Directory(ctx)
	if err != nil {
		return err
	}
	for _, m := range dir.Members {
		if m.Name != person {
			continue
		}
		if err := s.app.stores.db.Leave(ctx, string(m.ID)); err != nil {
			return err
		}
		_, err := s.app.stores.db.Reroute(ctx)
		return err
	}
	return fmt.Errorf("nobody is called %s", person)
}

// Load implements flowstest.Stage.
func (s *stage) Load(list string) error {
	ctx := context.Background()
	b, err := intake.Read("list.csv", []byte(list), law.DateOf(s.clock.Now()))
	if err != nil {
		return err
	}
	var out db.Batch
	join(&out, b)
	done, err := s.app.stores.db.Load(ctx, out)
	if err == nil && len(b.Faults)+len(done.Faults)+len(done.Unknown) > 0 {
		err = fmt.Errorf("the list has faults: %v %v %v", b.Faults, done.Faults, done.Unknown)
	}
	if err == nil {
		_, err = s.app.stores.db.Reroute(ctx)
	}
	return err
}

// Days implements flowstest.Stage.
func (s *stage) Days(n int) error {
	s.clock.set(s.clock.Now().AddDate(0, 0, n))
	if _, err := s.app.stores.db.Reroute(context.Background()); err != nil {
		return err
	}
	s.outbox()
	return nil
}

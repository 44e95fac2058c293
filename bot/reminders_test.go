package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"liuhen/bot/post"
	"liuhen/flows"
	"liuhen/flows/flowstest"
	"liuhen/flows/law"
	"liuhen/flows/text"
	"liuhen/reminders"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
	"liuhen/storage/dialogs/dialogstest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// airwaves is a channel that keeps what was sent.
type airwaves struct {
	sync.Mutex
	clock *dbtest.Clock
	sent  map[int64][]time.Time // by account
	words map[int64][]string
}

func (a *airwaves) Send(_ context.Context, account int64, s flows.Screen) (int, error) {
	a.Lock()
	defer a.Unlock()
	a.sent[account] = append(a.sent[account], a.clock.Now().In(dbtest.Zone))
	a.words[account] = append(a.words[account], s.Text)
	return 1, nil
}

func (a *airwaves) Reachable(context.Context, int64) error { return nil }

func (a *airwaves) forget() {
	a.sent, a.words = map[int64][]time.Time{}, map[int64][]string{}
}

// heard is how often each of these was written to.
func (a *airwaves) heard(people ...dbtest.Somebody) (out []int) {
	for _, p := range people {
		out = append(out, len(a.sent[p.Account]))
	}
	return out
}

// process is one of several bots on the same database.
type process struct {
	db       *db.DB
	schedule *reminders.Schedule
	office   *post.Office
}

// rig is a register with two bots at work on it, and a clock.
type rig struct {
	t     *testing.T
	clock *dbtest.Clock
	air   *airwaves
	world *dbtest.World
	both  [2]process
}

// each runs a test on both engines, at nine of a Tuesday.
func each(t *testing.T, test func(r *rig)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		r := &rig{t: t, clock: dbtest.At(dbtest.Start.Add(-time.Hour))}
		r.air = &airwaves{clock: r.clock}
		r.air.forget()
		for i := range r.both {
			r.both[i] = r.process(open(dbtest.WithClock(r.clock)), nil)
		}
		r.world = dbtest.Seed(t, r.both[0].db)
		test(r)
	})
}

func (r *rig) process(d *db.DB, outbox post.Outbox) process {
	if outbox == nil {
		outbox = d
	}
	return process{
		db: d,
		schedule: &reminders.Schedule{
			Store: reminders.Register{DB: d}, Spec: "0 9 * * *", Zone: dbtest.Zone, Clock: r.clock.Now, Log: slog.New(slog.DiscardHandler),
		},
		office: post.New(post.Options{
			Outbox: outbox, Watch: d, Channel: r.air, Clock: r.clock.Now, Log: slog.New(slog.DiscardHandler), Words: notices(text.ZhHans),
			Button: text.Say(text.ZhHans, text.BtnOpen), Pace: 1e6, PerChat: -1,
		}),
	}
}

// at sets the clock.
func (r *rig) at(s string) {
	r.t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", s, dbtest.Zone)
	if err != nil {
		r.t.Fatal(err)
	}
	r.clock.Set(at)
}

func (r *rig) tick() {
	r.t.Helper()
	if _, err := r.both[0].schedule.Tick(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) deliver() {
	r.t.Helper()
	for _, p := range r.both {
		if _, err := p.office.Round(r.t.Context()); err != nil {
			r.t.Fatal(err)
		}
	}
}

// told are those with something to hear on the first day: the signers of two cases, and the overseers of the older one.
func (r *rig) told() []dbtest.Somebody {
	w := r.world
	return []dbtest.Somebody{w.Appraisers[0], w.Appraisers[1], w.Appraisers[2], w.Archivist, w.Head, w.CityLead, w.CityOfficer, w.OtherOfficer}
}

func (r *rig) expect(what string, people []dbtest.Somebody, n int) {
	r.t.Helper()
	for i, got := range r.air.heard(people...) {
		if got != n {
			r.t.Errorf("%s: %s heard %d times, not %d", what, people[i].Name, got, n)
		}
	}
}

// others are those with nothing to hear.
func (r *rig) others() []dbtest.Somebody {
	return []dbtest.Somebody{r.world.Receiver, r.world.ProvinceLead, r.world.ProvinceOfficer}
}

// TestTwoBots: two bots tick and deliver at the same moment, two hundred times: each person is told exactly once each time.
func TestTwoBots(t *testing.T) {
	each(t, func(r *rig) {
		day := law.DateOf(r.clock.Now().In(dbtest.Zone))
		for range 200 {
			r.clock.Set(time.Date(day.Y, day.M, day.D, 9, 0, 0, 0, dbtest.Zone))
			var all sync.WaitGroup
			start := make(chan struct{})
			for _, p := range r.both {
				all.Go(func() {
					<-start
					_, err := p.schedule.Tick(context.Background())
					for range 2 {
						_, e := p.office.Round(context.Background())
						err = errors.Join(err, e)
					}
					if err != nil {
						t.Error(err)
					}
				})
			}
			close(start)
			all.Wait()
			r.expect(day.String(), r.told(), 1)
			r.expect(day.String(), r.others(), 0)
			if t.Failed() || r.t.Failed() {
				return
			}
			r.air.forget()
			if _, err := r.both[0].db.SQL().Exec("DELETE FROM outbox"); err != nil { // so that everybody is due again tomorrow
				t.Fatal(err)
			}
			day, _ = law.Calendar{}.AddWorkdays(day, 1)
		}
	})
}

// forgetful is an outbox whose bot is killed at a moment: before it sends, or before it notes that it has.
type forgetful struct {
	*db.DB
	killed bool
}

func (f *forgetful) Sent(ctx context.Context, id string) error {
	if f.killed {
		return errors.New("killed")
	}
	return f.DB.Sent(ctx, id)
}

// TestKilledBot: what one bot took and did not finish another sends when the lease has ended, never later, never not.
func TestKilledBot(t *testing.T) {
	each(t, func(r *rig) {
		r.tick()
		taken, err := r.both[0].db.Claim(t.Context(), 100, 2*time.Minute) // and dies
		if err != nil || len(taken) != 8 {
			r.t.Fatalf("%v %v", taken, err)
		}
		r.deliver()
		r.expect("under lease", r.told(), 0)
		r.clock.Move(2 * time.Minute)
		r.deliver()
		r.deliver()
		r.expect("after the lease", r.told(), 1)

		r.air.forget()
		r.at("2026-12-01 09:00")
		dying := r.process(r.both[0].db, &forgetful{r.both[0].db, true})
		r.tick()
		if _, err := dying.office.Round(t.Context()); err != nil {
			r.t.Fatal(err)
		}
		r.deliver()
		r.expect("sent and not noted", r.told(), 1)
		r.clock.Move(3 * time.Minute)
		r.deliver()
		r.deliver()
		r.expect("sent again, once, rather than perhaps never", r.told(), 2)
	})
}

// TestLongOutage: after thirty days without a tick, or with ticks and without Telegram, each person has one digest.
func TestLongOutage(t *testing.T) {
	each(t, func(r *rig) {
		r.tick()
		r.deliver()
		r.expect("first day", r.told(), 1)
		r.air.forget()
		r.at("2026-12-24 09:00")
		r.tick()
		r.deliver()
		r.tick()
		r.deliver()
		r.expect("thirty days without the bot", r.told(), 1)

		r.air.forget()
		for day := r.clock.Now(); day.Before(r.clock.Now().AddDate(0, 0, 30)) && day.Before(dbtest.Start.AddDate(0, 0, 60)); day = day.AddDate(0, 0, 1) {
			r.clock.Set(day)
			r.tick()
		}
		r.at("2027-01-25 09:00")
		r.tick()
		r.deliver()
		r.deliver()
		r.expect("thirty days without Telegram", r.told(), 1)
		r.at("2027-01-26 09:00")
		r.tick()
		r.deliver()
		r.expect("the day after", r.told(), 1)
	})
}

// TestSigningStopsTheDigest: queued at nine, signed before it goes out: it is not sent, to the signer or to overseers.
func TestSigningStopsTheDigest(t *testing.T) {
	each(t, func(r *rig) {
		w := r.world
		r.tick()
		for i, c := range []int{1, 0} { // the older case is signed by both, the other one stays open for the third
			rec := w.Zero(w.Appraisers[i], w.Cases[0])
			if i == 0 {
				rec = w.Direct(w.Appraisers[i], w.Cases[0], "经过")
			}
			if err := r.both[0].db.Commit(t.Context(), w.Appraisers[i].Caller(), w.Event(), rec.Signed, []flows.Durable{flows.File{Record: rec}}); err != nil {
				r.t.Fatal(err, c)
			}
		}
		r.deliver()
		r.expect("owes another entry", []dbtest.Somebody{w.Appraisers[0], w.Appraisers[2]}, 1)
		r.expect("signed", []dbtest.Somebody{w.Appraisers[1], w.Archivist, w.Head, w.CityLead}, 0)
		r.expect("has a report, and nothing more", []dbtest.Somebody{w.CityOfficer, w.OtherOfficer}, 1)
		if got := r.air.words[w.CityOfficer.Account]; !slices.Equal(got, []string{text.Say(text.ZhHans, text.NoticeReport)}) {
			r.t.Errorf("the officer heard %q", got)
		}
	})
}

// TestQuietHours: from nine in the evening to eight in the morning nothing is sent, however late it was queued. What tells of
// a report waits for eight, weekend or not; a reminder whose day is over is not sent at all.
func TestQuietHours(t *testing.T) {
	each(t, func(r *rig) {
		w := r.world
		officers := []dbtest.Somebody{w.CityOfficer, w.OtherOfficer}
		r.at("2026-11-27 20:59")
		r.tick()
		r.at("2026-11-27 21:00") // a Friday
		r.deliver()
		report := func() {
			rec := w.Direct(w.Appraisers[0], w.Cases[0], "经过")
			rec.Signed = r.clock.Now()
			if err := r.both[0].db.Commit(t.Context(), w.Appraisers[0].Caller(), w.Event(), rec.Signed, []flows.Durable{flows.File{Record: rec}}); err != nil {
				r.t.Fatal(err)
			}
		}
		r.at("2026-11-27 23:00")
		report()
		for _, at := range []string{"2026-11-27 23:00", "2026-11-28 00:00", "2026-11-28 07:59"} {
			r.at(at)
			r.tick()
			r.deliver()
			if n, err := r.both[0].db.Due(t.Context()); n != 0 || err != nil {
				r.t.Errorf("%s: %d due, %v", at, n, err)
			}
		}
		r.expect("at night", append(r.told(), r.others()...), 0)
		r.at("2026-11-28 08:00")
		r.deliver()
		r.expect("Saturday at eight: the report", officers, 1)
		r.expect("Saturday at eight: no reminders", r.told()[:6], 0)
		r.at("2026-11-28 20:59")
		report()
		r.deliver()
		r.expect("in the evening: the next report, at once", officers, 2)
		r.at("2026-11-30 08:59")
		r.deliver()
		r.expect("Monday, before nine", r.told()[:6], 0)
		r.at("2026-11-30 09:00")
		r.tick()
		r.deliver()
		r.expect("Monday at nine", r.told()[1:6], 1)
	})
}

// TestWrongClock: what was written while the clock was years ahead silences nobody after it is mended.
func TestWrongClock(t *testing.T) {
	each(t, func(r *rig) {
		w := r.world
		r.at("2036-11-25 09:00")
		r.tick()
		r.deliver()
		if err := r.both[0].db.Commit(t.Context(), w.Appraisers[0].Caller(), w.Event(), r.clock.Now(), []flows.Durable{flows.Snooze{}}); err != nil {
			r.t.Fatal(err)
		}
		r.air.forget()
		r.at("2026-11-24 09:00")
		r.tick()
		r.deliver()
		r.expect("after ten years back", r.told(), 1)
		r.at("2026-11-23 09:00")
		r.tick()
		r.deliver()
		r.at("2026-11-24 09:10")
		r.tick()
		r.deliver()
		for _, p := range r.told() {
			days := map[string]int{}
			for _, at := range r.air.sent[p.Account] {
				if days[at.Format(time.DateOnly)]++; days[at.Format(time.DateOnly)] > 1 {
					r.t.Errorf("%s is told twice on %s", p.Name, at)
				}
			}
		}
	})
}

// TestSnooze: the next working day's reminder is left out, also one that is queued already; what it would have said comes the
// day after.
func TestSnooze(t *testing.T) {
	each(t, func(r *rig) {
		w := r.world
		one := []dbtest.Somebody{w.Appraisers[2]}
		r.tick()
		r.deliver()
		r.expect("Tuesday", one, 1)
		if err := r.both[0].db.Commit(t.Context(), one[0].Caller(), w.Event(), r.clock.Now(), []flows.Durable{flows.Snooze{}}); err != nil {
			r.t.Fatal(err)
		}
		r.at("2026-11-25 09:00") // the due day
		r.tick()
		if _, err := r.both[0].db.Enqueue(t.Context(), []db.Nudge{{Person: one[0].ID, Day: law.Date{Y: 2026, M: 11, D: 25}, Kind: db.Digest}}); err != nil {
			r.t.Fatal(err)
		}
		r.deliver()
		r.expect("left out", one, 1)
		r.expect("who did not ask", []dbtest.Somebody{w.Appraisers[0]}, 2)
		r.at("2026-11-26 09:00")
		r.tick()
		r.deliver()
		r.expect("the day after", one, 2)
	})
}

// patient is a stage on which people can also stop and restart the bot: command NAME, block or unblock.
type patient struct{ *stage }

// Command implements flowstest.Stage.
func (p patient) Command(person, name string) error {
	switch name {
	case "block":
		p.phones[person].Block()
	case "unblock":
		p.phones[person].Unblock()
	default:
		return p.stage.Command(person, name)
	}
	p.idle()
	return nil
}

// Clock implements flowstest.Stage: to a day and hour, 2026-11-25 09:00. Reminders go out when the running bot would send them.
func (p patient) Clock(what string) error {
	to, err := time.ParseInLocation("2006-01-02 15:04", what, p.cfg.Zone)
	if err != nil {
		return err
	}
	from := p.clock.Now()
	p.clock.set(to)
	due, err := p.app.schedule.Due(from, to)
	if err == nil && due {
		_, err = p.app.schedule.Tick(context.Background())
	}
	p.outbox()
	return err
}

// TestReminderTranscripts plays the ladder against the whole program.
func TestReminderTranscripts(t *testing.T) {
	seed := seedLife(t)
	redis := dialogstest.StartRedis(t)
	flowstest.Run(t, "testdata/transcripts/reminders", func(t *testing.T) flowstest.Stage {
		redis.Do("FLUSHALL")
		return patient{newStage(t, staging{seed: seed, redis: redis.URL})}
	})
}

// TestRunningBotTellsTheSameDay: the running bot itself finds a case that another process loads in the afternoon.
func TestRunningBotTellsTheSameDay(t *testing.T) {
	seed := seedLife(t)
	s := newStage(t, staging{seed: seed, cfg: func(c *Config) { c.Reminders = "@every 1s" }})
	at := time.Date(2026, 11, 24, 14, 0, 0, 0, s.cfg.Zone)
	s.clock.set(at)
	day := law.DateOf(at)
	done, err := s.app.stores.db.Load(t.Context(), db.Batch{Cases: []db.Case{{
		Row: 1, Institution: "云州正明司法鉴定所", Number: "正明司鉴所〔2026〕临鉴字第110号", MatchKey: "110", Matter: "伤残等级鉴定",
		Signers: []db.Signer{{Name: "周九"}}, Accepted: day, Closed: day,
	}}})
	if err != nil || len(done.Faults) > 0 {
		t.Fatal(err, done.Faults)
	}
	want := flowstest.Heard{Person: "周九", Text: text.Say(text.ZhHans, text.NoticeDigest)}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if got := s.Heard(); slices.Equal(got, []flowstest.Heard{want}) {
			return
		} else if len(got) > 0 || time.Now().After(deadline) {
			t.Fatal(fmt.Sprint(got))
		}
	}
}

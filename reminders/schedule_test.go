package reminders

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"liuhen/flows/law"
)

// diary is a store in memory: what is owed is a function of the day, and a person has a digest once a day.
type diary struct {
	sync.Mutex
	owing func(today law.Date) []Owing
	dir   law.Directory
	fail  func() error
	clock func() time.Time
	told  map[law.PersonID][]time.Time
	asked int
}

func (d *diary) Situation(_ context.Context, today law.Date) (Situation, error) {
	d.Lock()
	defer d.Unlock()
	d.asked++
	if d.fail != nil {
		if err := d.fail(); err != nil {
			return Situation{}, err
		}
	}
	s := Situation{Today: today, Owing: d.owing(today), Directory: d.dir, Last: map[law.PersonID]law.Date{}}
	for id, times := range d.told {
		for _, at := range times {
			if day := law.DateOf(at); !today.Before(day) && s.Last[id].Before(day) {
				s.Last[id] = day
			}
		}
	}
	return s, nil
}

func (d *diary) Enqueue(_ context.Context, today law.Date, people []law.PersonID) (fresh int, err error) {
	d.Lock()
	defer d.Unlock()
	for _, id := range people {
		if !slices.ContainsFunc(d.told[id], func(at time.Time) bool { return law.DateOf(at) == today }) {
			d.told[id] = append(d.told[id], d.clock())
			fresh++
		}
	}
	return fresh, nil
}

func (d *diary) TellReporters(context.Context, law.Date) (int, error) { return 0, nil }

func newDiary(clock func() time.Time, owing func(today law.Date) []Owing) *diary {
	d := &diary{owing: owing, clock: clock, told: map[law.PersonID][]time.Time{}}
	d.dir.Units = []law.Unit{{ID: "局"}, {ID: "所", Parent: "局"}}
	for id, role := range map[law.PersonID]law.Role{"鉴定人": law.Appraiser, "档案员": law.Archivist, "负责人": law.Head} {
		d.dir.Members = append(d.dir.Members, law.Member{ID: id, Unit: "所", Roles: []law.Role{role}, Bound: true})
	}
	d.dir.Members = append(d.dir.Members, law.Member{ID: "机关", Unit: "局", Roles: []law.Role{law.Officer}, Bound: true})
	return d
}

// one is the case that stays without its entry.
func one(closed law.Date) func(law.Date) []Owing {
	return func(law.Date) []Owing { return []Owing{{"所", closed, []law.PersonID{"鉴定人"}}} }
}

// afresh is a case closed each day and signed in the evening.
func afresh(today law.Date) []Owing { return []Owing{{"所", today, []law.PersonID{"鉴定人"}}} }

var zones = []string{"Asia/Shanghai", "UTC", "America/New_York", "Australia/Lord_Howe"}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// since is a clock that stands at start when the bubble is made.
func since(start time.Time) func() time.Time {
	made := time.Now()
	return func() time.Time { return start.Add(time.Since(made)) }
}

// live runs a schedule in a bubble's time.
func live(t testing.TB, s *Schedule, length time.Duration) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	time.Sleep(length)
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func quietly() *slog.Logger { return slog.New(slog.DiscardHandler) }

// TestYear: in every zone the digests of a year come on the days of the ladder and of each week after it, by nine.
func TestYear(t *testing.T) {
	defer goleak.VerifyNone(t)
	cal := workdays(t)
	closed := law.Date{Y: 2025, M: 12, D: 31}
	want := map[law.PersonID][]law.Date{}
	for day := closed; day.Y < 2027; day = day.AddDays(1) {
		s, _ := (&diary{owing: one(closed), dir: newDiary(nil, nil).dir}).Situation(t.Context(), day)
		for id, days := range want {
			s.Last[id] = days[len(days)-1]
		}
		for _, id := range Plan(s, law.Policy{}, cal) {
			want[id] = append(want[id], day)
		}
	}
	for _, name := range zones {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				z := zone(t, name)
				clock := since(time.Date(2025, 12, 31, 8, 7, 3, 0, z))
				d := newDiary(func() time.Time { return clock().In(z) }, one(closed))
				live(t, &Schedule{Store: d, Spec: "0 9 * * *", Zone: z, Clock: clock, Calendar: cal, Log: quietly()}, 365*24*time.Hour)
				for id, times := range d.told {
					var days []law.Date
					for _, at := range times {
						days = append(days, law.DateOf(at))
						if at.Hour() != 9 || at.Minute() != 0 {
							t.Errorf("%s is told at %s", id, at)
						}
					}
					if !slices.Equal(days, want[id][:len(days)]) || len(days) < len(want[id])-1 || len(days) < 48 {
						t.Errorf("%s: told on %v, not on %v", id, days, want[id])
					}
				}
				if len(d.told) != 4 {
					t.Errorf("%d people told", len(d.told))
				}
			})
		})
	}
}

// TestSummerTime: an expression in the hour that summer time skips and doubles gives one digest on each day of the year.
func TestSummerTime(t *testing.T) {
	var days []law.Day
	for day := (law.Date{Y: 2026, M: 1, D: 1}); day.Y < 2027; day = day.AddDays(1) {
		days = append(days, law.Day{Date: day, Work: true})
	}
	awake, err := law.Policy{}.Override(map[string]int{"quiet_from": 0, "quiet_until": 0})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range zones {
		for _, spec := range []string{"30 1 * * *", "15 2 * * *"} {
			t.Run(name+" "+spec, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					z := zone(t, name)
					clock := since(time.Date(2026, 1, 1, 0, 0, 0, 0, z))
					d := newDiary(func() time.Time { return clock().In(z) }, afresh)
					live(t, &Schedule{Store: d, Spec: spec, Zone: z, Clock: clock, Calendar: law.NewCalendar(days), Policy: awake, Log: quietly()}, 364*24*time.Hour)
					got := d.told["鉴定人"]
					for i, at := range got {
						if law.DateOf(at) != (law.Date{Y: 2026, M: 1, D: 1}).AddDays(i) || at.Hour() > 3 {
							t.Fatalf("digest %d at %s", i, at)
						}
					}
					if len(got) != 364 {
						t.Errorf("%d digests in 364 days", len(got))
					}
				})
			})
		}
	}
}

// TestSameDay: what comes up during the day is told within a quarter of an hour while people work, and otherwise on the next
// working morning; not before the day's first tick, and not on a day the expression leaves out.
func TestSameDay(t *testing.T) {
	cal := workdays(t)
	for _, c := range []struct{ spec, loaded, started, want string }{
		{"0 9 * * *", "2026-11-24 14:00", "2026-11-24 08:03", "2026-11-24 14:0"},
		{"0 9 * * *", "2026-11-24 17:29", "2026-11-24 08:00", "2026-11-24 17:30"},
		{"0 9 * * *", "2026-11-24 17:31", "2026-11-24 08:00", "2026-11-25 09:00"},
		{"0 9 * * *", "2026-11-24 08:10", "2026-11-24 08:09", "2026-11-24 09:00"}, // started before the first tick
		{"0 9 * * *", "2026-11-24 08:10", "2026-11-24 10:41", "2026-11-24 10:41"}, // started after it
		{"0 9 * * *", "2026-11-24 08:10", "2026-11-24 20:00", "2026-11-25 09:00"},
		{"0 9 * * *", "2026-11-28 14:00", "2026-11-24 08:00", "2026-11-30 09:00"}, // on a Saturday
		{"0 14 * * *", "2026-11-24 08:30", "2026-11-24 08:00", "2026-11-24 14:00"},
		{"0 14 * * *", "2026-11-24 16:00", "2026-11-24 08:00", "2026-11-24 16:0"},
		{"30 18 * * *", "2026-11-24 10:00", "2026-11-24 08:00", "2026-11-24 18:30"},
		{"0 9 * * 1", "2026-11-24 10:00", "2026-11-24 08:00", "2026-11-30 09:00"}, // Mondays only
		{"0 3 * * *", "2026-11-23 20:00", "2026-11-23 08:00", "2026-11-24 09:0"},  // in the quiet hours: then when people work
		{"@every 2s", "2026-11-24 18:00", "2026-11-24 17:00", "2026-11-24 18:00"},
		{"@every 2s", "2026-11-24 22:00", "2026-11-24 17:00", "2026-11-25 08:00"},
	} {
		t.Run(c.spec+" "+c.loaded, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				z := zone(t, "Asia/Shanghai")
				moment := func(s string) time.Time {
					at, err := time.ParseInLocation("2006-01-02 15:04", s, z)
					if err != nil {
						t.Fatal(err)
					}
					return at
				}
				loaded := moment(c.loaded)
				clock := since(moment(c.started))
				d := newDiary(func() time.Time { return clock().In(z) }, nil)
				d.owing = func(law.Date) []Owing {
					if clock().Before(loaded) {
						return nil
					}
					return []Owing{{"所", law.DateOf(loaded), []law.PersonID{"鉴定人"}}}
				}
				length := 7 * 24 * time.Hour
				if c.spec == "@every 2s" {
					length = 16 * time.Hour
				}
				live(t, &Schedule{Store: d, Spec: c.spec, Zone: z, Clock: clock, Calendar: cal, Log: quietly()}, length)
				if got := d.told["鉴定人"]; len(got) == 0 || !strings.HasPrefix(got[0].Format("2006-01-02 15:04"), c.want) {
					t.Errorf("told at %v, not at %s", got, c.want)
				}
			})
		})
	}
}

// TestFailedTick: a store that is away at nine is asked again in a quarter of an hour.
func TestFailedTick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		z := zone(t, "Asia/Shanghai")
		clock := since(time.Date(2026, 11, 24, 8, 50, 0, 0, z))
		d := newDiary(func() time.Time { return clock().In(z) }, afresh)
		d.fail = func() error {
			if clock().Before(time.Date(2026, 11, 24, 9, 40, 0, 0, z)) {
				return errors.New("away")
			}
			return nil
		}
		live(t, &Schedule{Store: d, Spec: "0 9 * * *", Zone: z, Clock: clock, Calendar: workdays(t), Log: quietly()}, 9*time.Hour)
		if got := d.told["鉴定人"]; len(got) != 1 || got[0].Hour() != 9 || got[0].Minute() < 40 {
			t.Errorf("told at %v", got)
		}
	})
}

// TestClockJumps: the clock is put forward and back at will; nobody is told twice on a day, and when it goes right again so do
// the digests, however far it had been put.
func TestClockJumps(t *testing.T) {
	cal := workdays(t)
	z := zone(t, "Asia/Shanghai")
	start := time.Date(2026, 3, 2, 9, 0, 0, 0, z)
	steps := []time.Duration{time.Second, time.Minute, 15 * time.Minute, time.Hour, 24 * time.Hour, 30 * 24 * time.Hour, 10 * 365 * 24 * time.Hour}
	rapid.Check(t, func(r *rapid.T) {
		type jump struct{ wait, by time.Duration }
		jumps := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) jump {
			by := rapid.SampledFrom(steps).Draw(r, "by")
			if rapid.Bool().Draw(r, "back") {
				by = -by
			}
			return jump{time.Duration(rapid.IntRange(1, 3000).Draw(r, "minutes")) * time.Minute, by}
		}), 1, 12).Draw(r, "jumps")
		problem := ""
		synctest.Test(t, func(t *testing.T) {
			right := since(start)
			var mu sync.Mutex
			var off time.Duration
			clock := func() time.Time {
				mu.Lock()
				defer mu.Unlock()
				return right().Add(off).In(z)
			}
			d := newDiary(clock, one(law.DateOf(start)))
			s := &Schedule{Store: d, Spec: "0 9 * * *", Zone: z, Clock: clock, Calendar: cal, Log: quietly()}
			ctx, cancel := context.WithCancel(context.Background())
			done := make(chan error, 1)
			go func() { done <- s.Run(ctx) }()
			for _, j := range jumps {
				time.Sleep(j.wait)
				mu.Lock()
				off += j.by
				mu.Unlock()
			}
			mu.Lock()
			off = 0
			mu.Unlock()
			mended := clock()
			time.Sleep(15 * 24 * time.Hour) // longer than a week and any holiday in it
			cancel()
			if err := <-done; err != nil {
				problem = err.Error()
			}
			for id, times := range d.told {
				days := map[law.Date]int{}
				for _, at := range times {
					if days[law.DateOf(at)]++; days[law.DateOf(at)] > 1 || at.Hour() < 8 || at.Hour() >= 21 {
						problem = fmt.Sprintf("%s is told at %s, for the %dth time that day", id, at, days[law.DateOf(at)])
					}
				}
			}
			if times := d.told["鉴定人"]; len(times) == 0 || times[len(times)-1].Before(mended) && !slices.ContainsFunc(times, func(at time.Time) bool {
				return at.After(mended.AddDate(0, 0, -1)) && at.Before(mended.AddDate(0, 0, 15))
			}) {
				problem = fmt.Sprintf("nobody is told after the clock went right at %s: %v", mended, times)
			}
		})
		if problem != "" {
			r.Fatal(problem)
		}
	})
}

func TestParse(t *testing.T) {
	for spec, ok := range map[string]bool{
		"0 9 * * *": true, "@every 2s": true, "@daily": true, "0 0 30 2 *": true, "": false, "9": false, "0 9 * * * *": false,
		"CRON_TZ=UTC 0 9 * * *": false, "TZ=Asia/Shanghai 0 9 * * *": false,
	} {
		_, err := Parse(spec)
		if (err == nil) != ok {
			t.Errorf("%q: %v", spec, err)
		}
		s := &Schedule{Spec: spec, Zone: time.UTC, Clock: time.Now}
		if _, err := s.Due(time.Now(), time.Now()); (err == nil) != ok {
			t.Errorf("%q: Due says %v", spec, err)
		}
		if ctx, cancel := context.WithCancel(t.Context()); !ok {
			cancel()
			if s.Run(ctx) == nil {
				t.Errorf("%q runs", spec)
			}
		} else {
			cancel()
		}
	}
}

// TestNeverComesTrue: an expression without any tick does nothing, and does not keep the machine busy with it.
func TestNeverComesTrue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := since(time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC))
		d := newDiary(clock, afresh)
		live(t, &Schedule{Store: d, Spec: "0 0 30 2 *", Zone: time.UTC, Clock: clock, Calendar: workdays(t), Log: quietly()}, 48*time.Hour)
		if d.asked > 0 || len(d.told) > 0 {
			t.Errorf("asked %d times, told %v", d.asked, d.told)
		}
	})
}

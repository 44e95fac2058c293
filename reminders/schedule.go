package reminders

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"liuhen/flows/law"
)

// Store says what is owed and takes the digests to send. Enqueue has a natural key per person and day, so that two
// processes, or two ticks, never send the same one. TellReporters queues what reporters are told by themselves and is as
// repeatable.
type Store interface {
	Situation(ctx context.Context, today law.Date) (Situation, error)
	Enqueue(ctx context.Context, today law.Date, people []law.PersonID) (int, error)
	TellReporters(ctx context.Context, today law.Date) (int, error)
}

// Schedule asks the store what is due at each tick of a cron expression and, from the day's first tick on, every quarter of
// an hour while people work: who closes a case at two, or was out of reach at nine, is told the same day.
type Schedule struct {
	Store    Store
	Spec     string // see [Parse]
	Zone     *time.Location
	Clock    func() time.Time
	Policy   law.Policy
	Calendar law.Calendar
	Log      *slog.Logger
}

const (
	catchUp   = 15 * time.Minute
	workFrom  = 9 * time.Hour // of the day, as the clock on the wall shows it
	workUntil = 17*time.Hour + 30*time.Minute
)

// Parse reads a cron expression of five fields, or @every 2s. The zone is that of the institution: an expression that names
// another is refused.
func Parse(spec string) (cron.Schedule, error) {
	if strings.Contains(spec, "TZ=") {
		return nil, fmt.Errorf("reminder schedule %q: the zone is set by TZ, not in the expression", spec)
	}
	s, err := cron.ParseStandard(spec)
	if err != nil {
		return nil, fmt.Errorf("reminder schedule %q: %w", spec, err)
	}
	return s, nil
}

// Run ticks until ctx ends. What was due while nothing ran is due now. It goes by Clock and looks at it at least every quarter
// of an hour, so that a clock that is put forward or back delays a tick by no more.
func (s *Schedule) Run(ctx context.Context) error {
	spec, err := Parse(s.Spec)
	if err != nil {
		return err
	}
	t := time.NewTimer(0)
	defer t.Stop()
	for before := s.wall(s.Clock()); ; {
		select {
		case <-t.C:
		case <-ctx.Done():
			return nil
		}
		now := s.wall(s.Clock())
		if passed(spec, before, now) || working(spec, now) {
			s.tick(ctx)
		}
		before = now
		t.Reset(pause(spec, now))
	}
}

// wall is what the clock on the wall shows, as if there were no zones: on it every minute of every day comes, and summer time
// neither skips nor doubles a tick.
func (s *Schedule) wall(t time.Time) time.Time {
	t = t.In(s.Zone)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// passed reports whether the expression has a tick after one moment and not after another. An expression that never comes
// true, such as 30 February, has a zero Next.
func passed(spec cron.Schedule, after, until time.Time) bool {
	next := spec.Next(after)
	return !next.IsZero() && !next.After(until)
}

// pause is how long nothing is to be done.
func pause(spec cron.Schedule, now time.Time) time.Duration {
	if next := spec.Next(now); !next.IsZero() {
		return min(catchUp, next.Sub(now))
	}
	return catchUp
}

// working reports whether people are at work and the day's first tick has come.
func working(spec cron.Schedule, now time.Time) bool {
	midnight := now.Truncate(24 * time.Hour)
	since := now.Sub(midnight)
	return since >= workFrom && since <= workUntil && passed(spec, midnight.Add(-time.Nanosecond), now)
}

// Due reports whether Run would tick when the clock jumps from one moment to another: who moves it asks.
func (s *Schedule) Due(from, to time.Time) (bool, error) {
	spec, err := Parse(s.Spec)
	if err != nil {
		return false, err
	}
	now := s.wall(to)
	return passed(spec, s.wall(from), now) || working(spec, now), nil
}

func (s *Schedule) tick(ctx context.Context) {
	if n, err := s.Tick(ctx); err != nil && ctx.Err() == nil {
		s.Log.Error("reminders: this tick failed, the next one makes up for it", "error", err)
	} else if n > 0 {
		s.Log.Info("reminders: digests queued", "count", n)
	}
}

// Tick queues today's digests and what reporters are told by themselves, if it is a working day and no quiet hour, and says how
// many messages those are. Repeating it adds nothing.
func (s *Schedule) Tick(ctx context.Context) (int, error) {
	now := s.Clock().In(s.Zone)
	today := law.DateOf(now)
	if work, _ := s.Calendar.IsWorkday(today); !work || s.Policy.Quiet(now.Hour()) {
		return 0, nil
	}
	told, err := s.Store.TellReporters(ctx, today)
	if err != nil {
		err = fmt.Errorf("tell reporters: %w", err)
	}
	n, failed := s.digests(ctx, today)
	return told + n, errors.Join(failed, err)
}

// digests queues the day's digests: neither they nor the words to reporters wait for the other's fault to be mended.
func (s *Schedule) digests(ctx context.Context, today law.Date) (int, error) {
	situation, err := s.Store.Situation(ctx, today)
	if err != nil {
		return 0, fmt.Errorf("ask what is owed: %w", err)
	}
	people := Plan(situation, s.Policy, s.Calendar)
	if len(people) == 0 {
		return 0, nil
	}
	n, err := s.Store.Enqueue(ctx, today, people)
	if err != nil {
		return n, fmt.Errorf("queue digests: %w", err)
	}
	return n, nil
}

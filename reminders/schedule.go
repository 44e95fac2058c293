package reminders

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/robfig/cron/v3"

	"liuhen/flows/law"
)

// Store says what is owed and takes the digests to send. Enqueue has a natural key per person and day, so that two
// processes, or two ticks, never send the same one.
type Store interface {
	Situation(ctx context.Context, today law.Date) (Situation, error)
	Enqueue(ctx context.Context, today law.Date, people []law.PersonID) (int, error)
}

// Schedule asks the store at each tick of a cron expression what is due, and once when it starts.
type Schedule struct {
	Store    Store
	Spec     string // cron expression of five fields, or @every 2s
	Zone     *time.Location
	Clock    func() time.Time
	Policy   law.Policy
	Calendar law.Calendar
	Log      *slog.Logger
}

// Run ticks until ctx ends. The first tick comes at once: what was due while nothing ran is due now.
func (s *Schedule) Run(ctx context.Context) error {
	c := cron.New(cron.WithLocation(s.Zone))
	if _, err := c.AddFunc(s.Spec, func() { s.tick(ctx) }); err != nil {
		return fmt.Errorf("reminder schedule %q: %w", s.Spec, err)
	}
	s.tick(ctx)
	c.Start()
	<-ctx.Done()
	<-c.Stop().Done()
	return nil
}

// Due reports whether the schedule has a tick between two moments; a clock that jumps asks it.
func (s *Schedule) Due(from, to time.Time) (bool, error) {
	spec, err := cron.ParseStandard(s.Spec)
	if err != nil {
		return false, fmt.Errorf("reminder schedule %q: %w", s.Spec, err)
	}
	return !spec.Next(from.In(s.Zone)).After(to), nil
}

func (s *Schedule) tick(ctx context.Context) {
	if n, err := s.Tick(ctx); err != nil {
		s.Log.Error("reminders: this tick failed, the next one makes up for it", "error", err)
	} else if n > 0 {
		s.Log.Info("reminders: digests queued", "count", n)
	}
}

// Tick queues today's digests if it is a working day and no quiet hour, and says how many. Repeating it adds nothing.
func (s *Schedule) Tick(ctx context.Context) (int, error) {
	now := s.Clock().In(s.Zone)
	if s.Policy.Quiet(now.Hour()) {
		return 0, nil
	}
	today := law.DateOf(now)
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

package reminders

import (
	"context"

	"liuhen/flows/law"
	"liuhen/storage/db"
)

// Register is the store of the running bot.
type Register struct{ DB *db.DB }

// Situation asks the register what is owed, by whom, and who was told when.
func (r Register) Situation(ctx context.Context, today law.Date) (Situation, error) {
	s := Situation{Today: today, Last: map[law.PersonID]law.Date{}, Snoozed: map[law.PersonID]bool{}}
	owing, err := r.DB.Owing(ctx)
	if err != nil {
		return s, err
	}
	for _, o := range owing {
		x := Owing{Institution: o.Institution, Closed: o.Closed}
		for _, p := range o.Missing {
			x.Missing = append(x.Missing, law.PersonID(p))
		}
		s.Owing = append(s.Owing, x)
	}
	if s.Directory, err = r.DB.Directory(ctx); err != nil {
		return s, err
	}
	last, err := r.DB.LastDigests(ctx, today)
	if err != nil {
		return s, err
	}
	for p, day := range last {
		s.Last[law.PersonID(p)] = day
	}
	tasks, err := r.DB.OpenTasks(ctx)
	if err != nil {
		return s, err
	}
	for _, k := range tasks {
		s.Tasks = append(s.Tasks, TaskDue{Person: law.PersonID(k.Person), Due: k.Due, Since: k.Since})
	}
	snoozed, err := r.DB.Snoozed(ctx, today)
	for p := range snoozed {
		s.Snoozed[law.PersonID(p)] = true
	}
	return s, err
}

// TellReporters queues the word to each reporter whose news is overdue, and the question to each who wants to be asked today.
func (r Register) TellReporters(ctx context.Context, today law.Date) (int, error) {
	told, err := r.DB.TellOverdue(ctx, today)
	if err != nil {
		return told, err
	}
	wanted, err := r.DB.Watches(ctx)
	if err != nil {
		return told, err
	}
	var list []Watch
	for _, w := range wanted {
		list = append(list, Watch{w.ID, law.PersonID(w.Person), w.Since})
	}
	var due []db.Asking
	for _, q := range CheckIns(list, today, r.DB.Policy, r.DB.Calendar) {
		due = append(due, db.Asking{Watch: q.Watch, Person: string(q.Person), Day: q.Day})
	}
	asked, err := r.DB.Ask(ctx, due)
	return told + asked, err
}

// Enqueue queues a digest per person and day.
func (r Register) Enqueue(ctx context.Context, today law.Date, people []law.PersonID) (int, error) {
	var nudges []db.Nudge
	for _, p := range people {
		nudges = append(nudges, db.Nudge{Person: string(p), Day: today, Kind: db.Digest})
	}
	return r.DB.Enqueue(ctx, nudges)
}

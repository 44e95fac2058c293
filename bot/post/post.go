// Package post delivers the outbox: notices of constant words, each a message of its own, that say only "there is something for
// you" (R10.2, threat T8). What they are about stays behind a button.
//
// A row is claimed from the store, sent, and noted as sent; a crash in between sends it twice, which does no harm. Nothing is
// ever given up because Telegram, or the network, is not there.
package post

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"liuhen/bot/telegram"
	"liuhen/flows"
	"liuhen/storage/db"
)

// Outbox is the store's side.
type Outbox interface {
	Claim(ctx context.Context, n int, lease time.Duration) ([]db.Message, error)
	Sent(ctx context.Context, id string) error
	Retry(ctx context.Context, id string, at time.Time, why string) error
	Undeliverable(ctx context.Context, id string, why string) error
}

// Watch notes who can be reached, as [Office.Probe] finds out.
type Watch interface {
	Reach(ctx context.Context, account int64, reachable bool) error
}

// Channel is Telegram's side; [telegram.Client] is one.
type Channel interface {
	Send(ctx context.Context, account int64, s flows.Screen) (message int, err error)
	Reachable(ctx context.Context, account int64) error
}

// Options are what an office needs; all of the first group are required.
type Options struct {
	Outbox  Outbox
	Watch   Watch
	Channel Channel
	Clock   func() time.Time
	Log     *slog.Logger
	Words   map[db.Kind]string // the notice of each kind
	Button  string             // the label of the one button

	Every   time.Duration // between two looks into the outbox; default 1 s
	Pace    float64       // messages a second in all; default 25
	PerChat time.Duration // between two messages of one chat; default 1 s
}

const (
	batch      = 50
	hands      = 8 // messages under way at a time
	lease      = 2 * time.Minute
	sendLimit  = 20 * time.Second
	topBackoff = 10 * time.Minute

	longestWait = 24 * time.Hour // more than Telegram asks for: the clock was put back meanwhile
)

// Office delivers. Its methods may be called from any goroutine.
type Office struct {
	Options
	wake chan struct{}
	pace *rate.Limiter

	mu   sync.Mutex
	free map[int64]time.Time // when each chat may be written to again
}

// New makes an office; Run makes it work.
func New(o Options) *Office {
	if o.Every == 0 {
		o.Every = time.Second
	}
	if o.Pace == 0 {
		o.Pace = 25
	}
	if o.PerChat == 0 {
		o.PerChat = time.Second
	}
	return &Office{Options: o, wake: make(chan struct{}, 1), pace: rate.NewLimiter(rate.Limit(o.Pace), 1), free: map[int64]time.Time{}}
}

// Wake makes the office look into the outbox now.
func (o *Office) Wake() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// Run delivers until ctx ends; what is being sent then is finished.
func (o *Office) Run(ctx context.Context) {
	t := time.NewTicker(o.Every)
	defer t.Stop()
	for ctx.Err() == nil {
		n, err := o.Round(ctx)
		if err != nil && ctx.Err() == nil {
			o.Log.Error("the outbox could not be read", slog.String("why", err.Error()))
		}
		if err == nil && n == batch {
			continue
		}
		select {
		case <-t.C:
		case <-o.wake:
		case <-ctx.Done():
		}
	}
}

// Round claims what is due and deals with it; n is how many rows those were.
func (o *Office) Round(ctx context.Context) (n int, err error) {
	list, err := o.Outbox.Claim(ctx, batch, lease)
	if err != nil {
		return 0, err
	}
	chats := map[int64][]db.Message{}
	for _, m := range list {
		chats[m.Account] = append(chats[m.Account], m)
	}
	var all sync.WaitGroup
	slots := make(chan struct{}, hands)
	for _, rows := range chats {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			for _, m := range rows {
				o.deliver(context.WithoutCancel(ctx), m)
			}
		})
	}
	all.Wait()
	return len(list), nil
}

// deliver deals with one row. Whatever happens to it, the next one is not kept waiting for it.
func (o *Office) deliver(ctx context.Context, m db.Message) {
	ctx, cancel := context.WithTimeout(ctx, sendLimit+lease/4)
	defer cancel()
	words, known := o.Words[m.Kind]
	switch wait := o.turn(ctx, m.Account); {
	case !known:
		o.Log.Error("a notice of an unknown kind was given up", named(m), slog.String("kind", string(m.Kind)))
		o.close(ctx, m, func() error { return o.Outbox.Undeliverable(ctx, m.ID, "unknown kind") })
		return
	case wait > 0:
		o.put(ctx, m, wait, "the chat has its pace")
		return
	}
	if err := o.pace.Wait(ctx); err != nil {
		o.put(ctx, m, o.Every, "busy")
		return
	}
	_, err := o.Channel.Send(ctx, m.Account, flows.Screen{
		Text: words, Rows: [][]flows.Button{{{Label: o.Button, Tap: flows.Tap{Verb: flows.DoGo, Arg: string(flows.AtTodo)}}}},
	})
	o.settle(ctx, m, err)
}

// settle notes what became of a message. That it did not arrive is not told to anybody: it would betray that there was one,
// and what a reminder was about. Who can be reached is found out by [Office.Probe], which asks everybody alike.
func (o *Office) settle(ctx context.Context, m db.Message, err error) {
	class, after := telegram.ClassOf(err)
	id := named(m)
	switch class {
	case 0:
		o.close(ctx, m, func() error { return o.Outbox.Sent(ctx, m.ID) })
	case telegram.Blocked:
		o.Log.Warn("a notice did not reach its person", id)
		o.close(ctx, m, func() error { return o.Outbox.Undeliverable(ctx, m.ID, "cannot be reached") })
	case telegram.Gone, telegram.Permanent:
		o.Log.Error("a notice was refused and given up", id, slog.String("why", err.Error()))
		o.close(ctx, m, func() error { return o.Outbox.Undeliverable(ctx, m.ID, err.Error()) })
	default:
		wait := after
		if wait == 0 {
			wait = backoff(m.Attempts)
		}
		o.occupy(m.Account, wait)
		o.Log.Warn("a notice has to wait", id, slog.Int("attempt", m.Attempts), slog.String("why", err.Error()))
		o.put(ctx, m, wait, err.Error())
	}
}

// named is a message in the log: not by its key, which says who is told of which report, but by a sum of the key, by which whoever
// may look into the outbox finds the row.
func named(m db.Message) slog.Attr {
	sum := sha256.Sum256([]byte(m.ID))
	return slog.String("message", hex.EncodeToString(sum[:8]))
}

// put stores when a message is to be tried again, so that a restart does not forget what Telegram asked for.
func (o *Office) put(ctx context.Context, m db.Message, wait time.Duration, why string) {
	at := o.Clock().Add(wait)
	o.close(ctx, m, func() error { return o.Outbox.Retry(ctx, m.ID, at, why) })
}

// close writes the outcome down. Failing that the row comes again when its lease ends.
func (o *Office) close(ctx context.Context, m db.Message, write func() error) {
	var err error
	for n := range 3 {
		if err = write(); err == nil {
			return
		}
		pause(ctx, 100*time.Millisecond<<n)
	}
	o.Log.Error("what became of a notice could not be noted", named(m), slog.String("why", err.Error()))
}

// turn waits for the chat's pace; what is left is a longer pause, which is not waited for.
func (o *Office) turn(ctx context.Context, account int64) time.Duration {
	wait := o.taken(account)
	if wait > 0 && wait <= 2*o.PerChat {
		pause(ctx, wait)
		wait = o.taken(account)
	}
	return wait
}

// taken says how long the chat must still be left alone, and otherwise takes it for one message.
func (o *Office) taken(account int64) time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := o.Clock()
	if wait := o.free[account].Sub(now); wait > 0 && wait < longestWait {
		return wait
	}
	for chat, until := range o.free {
		if wait := until.Sub(now); wait <= 0 || wait >= longestWait {
			delete(o.free, chat)
		}
	}
	o.free[account] = now.Add(o.PerChat)
	return 0
}

func (o *Office) occupy(account int64, d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.free[account] = o.Clock().Add(d)
}

// Probe asks, without a message, whether the accounts can be reached, and notes it.
func (o *Office) Probe(ctx context.Context, accounts []int64) error {
	var all error
	for _, a := range accounts {
		if err := o.pace.Wait(ctx); err != nil {
			return errors.Join(all, err)
		}
		switch class, _ := telegram.ClassOf(o.Channel.Reachable(ctx, a)); class {
		case 0:
			all = errors.Join(all, o.Watch.Reach(ctx, a, true))
		case telegram.Blocked:
			all = errors.Join(all, o.Watch.Reach(ctx, a, false))
		default: // nothing was learnt
		}
	}
	return all
}

// backoff doubles from two seconds to ten minutes, spread.
func backoff(attempts int) time.Duration {
	d := min(topBackoff, time.Second<<min(max(attempts, 1), 10))
	return d/2 + rand.N(d/2)
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"liuhen/bot/paper"
	"liuhen/bot/post"
	"liuhen/bot/telegram"
	"liuhen/bot/turn"
	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/text"
	"liuhen/reminders"
	"liuhen/storage/db"
)

const (
	housekeeping = time.Minute
	drain        = 10 * time.Second // for turns under way at the end
)

// app is the running bot as a value: run starts it, and so do the demo and the tests.
type app struct {
	cfg      Config
	clock    func() time.Time
	log      *slog.Logger
	stores   *stores
	api      *telegram.Client
	turns    *turn.Handler
	office   *post.Office
	schedule *reminders.Schedule

	poll    telegram.Polling
	keeping time.Time // the last day's work was done at
}

// tuning is what the demo and the tests have differently from run.
type tuning struct {
	poll  telegram.Polling
	every time.Duration           // between two looks into the outbox; default 1 s
	point func(name string) error // see turn.Options
	step  func(flows.State, flows.Desk, flows.Event) (flows.State, []flows.Effect)
	http  telegram.Doer // default a pooled client
}

// newApp opens the stores and puts the rooms together; nothing runs yet.
func newApp(ctx context.Context, c Config, clock func() time.Time, log *slog.Logger, t tuning) (*app, error) {
	if c.Token == "" {
		return nil, errors.New("TELEGRAM_TOKEN is not set: copy it from BotFather (or try go run ./bot demo, which needs none)")
	}
	api, err := telegram.New(telegram.Options{
		Token: c.Token, URL: c.APIURL, HTTP: t.http, Clock: clock, Log: log, Labels: labels(c.Locale),
		FileLimit: fileLimit, Group: text.Say(c.Locale, text.SayGroup),
	})
	if err != nil {
		return nil, err
	}
	s, err := openStores(ctx, c, clock)
	if err != nil {
		return nil, err
	}
	a := &app{cfg: c, clock: clock, log: log, stores: s, api: api, poll: t.poll}
	p := newPrinter(c, log)
	a.turns = turn.New(turn.Options{
		Store: s.db, Watch: s.db, Dialogs: s.dialogs, Vault: s.blobs, Keys: s.keys, Paper: api, Channel: api,
		Clock: clock, Log: log, Locale: c.Locale, FileLimit: fileLimit, Receipt: s.receipts(c.Locale), Checkpoint: s.checkpoints(c.Locale), Ledger: ledger(s.db, c.Zone),
		Print: p.entry, Letter: p.letter, Protocol: p.protocol, Filings: p.filings(s.db), Point: t.point, Step: t.step,
	})
	a.office = post.New(post.Options{
		Outbox: s.db, Watch: s.db, Channel: api, Clock: clock, Log: log, Words: notices(c.Locale),
		Button: text.Say(c.Locale, text.BtnOpen), Every: t.every,
	})
	a.schedule = &reminders.Schedule{
		Store: reminders.Register{DB: s.db}, Spec: c.Reminders, Zone: c.Zone, Clock: clock,
		Policy: s.policy, Calendar: s.calendar, Log: log,
	}
	return a, nil
}

// ledger makes a workbook of the entries that a caller may have.
func ledger(d *db.DB, zone *time.Location) func(context.Context, db.Caller, int64) (string, []byte, error) {
	return func(ctx context.Context, c db.Caller, event int64) (string, []byte, error) {
		list, err := d.Entries(ctx, c, event)
		if err != nil {
			return "", nil, err
		}
		b, err := paper.Ledger(list, zone)
		return paper.LedgerName, b, err
	}
}

// labels are the words of the menu that count as commands when somebody types them.
func labels(locale string) map[string]flows.Place {
	return map[string]flows.Place{
		text.Say(locale, text.BtnFile): flows.AtFile, text.Say(locale, text.BtnCases): flows.AtCases,
		text.Say(locale, text.BtnRecords): flows.AtRecords, text.Say(locale, text.BtnTodo): flows.AtTodo,
		text.Say(locale, text.BtnHelp): flows.AtHelp,
	}
}

// notices are the only words that ever arrive by themselves (R10.2).
func notices(locale string) map[db.Kind]string {
	return map[db.Kind]string{
		db.Report: text.Say(locale, text.NoticeReport), db.Digest: text.Say(locale, text.NoticeDigest),
		db.Lost: text.Say(locale, text.NoticeLost), db.Held: text.Say(locale, text.NoticeReport),
		db.Moved: text.Say(locale, text.NoticeReport), db.Word: text.Say(locale, text.NoticeWord),
		db.Leak:   text.Say(locale, text.NoticeReport),
		db.Absent: text.Say(locale, text.NoticeWord), db.Checkpoint: text.Say(locale, text.NoticeCheckpoint),
		db.Routes: text.Say(locale, text.NoticeRoutes), db.Confirm: text.Say(locale, text.NoticeRoutes),
		db.CheckIn: text.Say(locale, text.NoticeWord), // the same words: nobody over a shoulder learns which it is
	}
}

func menu(locale string) []telegram.Command {
	var out []telegram.Command
	for _, x := range []struct {
		name flows.Place
		say  text.Key
	}{
		{flows.AtMenu, text.BtnHome},
		{flows.AtFile, text.BtnFile},
		{flows.AtCases, text.BtnCases},
		{flows.AtRecords, text.BtnRecords},
		{flows.AtTodo, text.BtnTodo},
		{flows.AtHelp, text.BtnHelp},
		{flows.AtRule, text.BtnRule},
	} {
		out = append(out, telegram.Command{Name: string(x.name), About: text.Say(locale, x.say)})
	}
	return out
}

// Run runs the bot until ctx ends. What is under way then is finished; what is not is handled after the next start.
func (a *app) Run(ctx context.Context) error {
	if _, err := a.api.Me(ctx); unauthorized(err) {
		return telegram.ErrToken
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var all sync.WaitGroup
	all.Go(func() { a.office.Run(ctx) })
	all.Go(func() { a.keepHouse(ctx) })
	all.Go(func() {
		if err := a.schedule.Run(ctx); err != nil {
			a.log.Error("reminders do not run", "error", err)
		}
	})
	all.Go(func() {
		if err := a.api.SetCommands(ctx, menu(a.cfg.Locale)); err != nil && ctx.Err() == nil {
			a.log.Warn("the menu of commands could not be set, the bot works without", "error", err)
		}
	})
	err := a.listen(ctx)
	cancel()
	all.Wait()
	end, stop := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer stop()
	a.turns.Close(end)
	return err
}

// Close lets go of everything. Call it after Run has returned.
func (a *app) Close() error {
	a.api.Close()
	return a.stores.Close()
}

// listen takes updates in the configured mode.
func (a *app) listen(ctx context.Context) error {
	if a.cfg.Mode == "webhook" {
		return a.webhook(ctx)
	}
	if err := a.api.DeleteWebhook(ctx); err != nil && ctx.Err() == nil {
		a.log.Warn("an earlier webhook could not be removed, polling will tell", "error", err)
	}
	return a.api.Poll(ctx, a.poll, a.turns.Take)
}

func (a *app) webhook(ctx context.Context) error {
	l, err := net.Listen("tcp", a.cfg.Listen)
	if err != nil {
		return fmt.Errorf("LIUHEN_LISTEN: %w", err)
	}
	srv := &http.Server{
		Handler: a.api.Webhook(a.cfg.WebhookSecret, a.turns.Take), ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout: 15 * time.Second, MaxHeaderBytes: 16 << 10,
	}
	if err := a.announce(ctx); err != nil {
		return errors.Join(err, l.Close())
	}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	select {
	case err := <-done:
		return fmt.Errorf("webhook: %w", err)
	case <-ctx.Done():
	}
	end, stop := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer stop()
	return srv.Shutdown(end)
}

// announce tells Telegram the webhook's address, as long as Telegram cannot be reached again and again.
func (a *app) announce(ctx context.Context) error {
	for n := 0; ctx.Err() == nil; n++ {
		err := a.api.SetWebhook(ctx, a.cfg.PublicURL, a.cfg.WebhookSecret)
		class, after := telegram.ClassOf(err)
		switch {
		case err == nil:
			return nil
		case unauthorized(err):
			return telegram.ErrToken
		case class != telegram.Retry:
			return fmt.Errorf("LIUHEN_PUBLIC_URL is refused by Telegram: correct it: %w", err)
		}
		a.log.Warn("Telegram cannot be told the webhook's address, tried again shortly", "error", err)
		select {
		case <-time.After(max(after, time.Second<<min(n, 5))):
		case <-ctx.Done():
		}
	}
	return nil
}

// unauthorized reports whether Telegram does not know the token.
func unauthorized(err error) bool {
	var e *telegram.Error
	return errors.As(err, &e) && (e.Code == http.StatusUnauthorized || e.Code == http.StatusNotFound)
}

// keepHouse does each minute what must not wait for a person: reports whose recipients have become ineligible climb; and
// once a day what can: who can be reached, dialogs long past, calendars missing.
func (a *app) keepHouse(ctx context.Context) {
	t := time.NewTicker(housekeeping)
	defer t.Stop()
	for {
		a.keep(ctx)
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
	}
}

func (a *app) keep(ctx context.Context) {
	now := a.clock().In(a.cfg.Zone)
	if since, _, err := a.stores.db.Quarantine(ctx); err == nil && !since.IsZero() {
		a.log.Warn("the database was restored and nothing is delivered until restore --release", "since", since)
	}
	if n, err := a.stores.db.Reroute(ctx); err != nil && ctx.Err() == nil {
		a.log.Error("reports could not be rerouted, tried again in a minute", "error", err)
	} else if n > 0 {
		a.log.Warn("reports went a level up because nobody below may receive them", "count", n)
	}
	if _, err := a.stores.db.Announce(ctx); err != nil && ctx.Err() == nil {
		a.log.Error("the routes of reports could not be looked at, tried again in a minute", "error", err)
	}
	if law.DateOf(now) == law.DateOf(a.keeping) || a.stores.policy.Quiet(now.Hour()) {
		return
	}
	a.keeping = now
	if reminders.Missing(a.stores.calendar, law.DateOf(now)) {
		a.log.Warn("the calendar of working days lacks a year: put its holiday-cn file into the data folder, calendar/YEAR.json; until then Monday to Friday count")
	}
	if err := a.daily(ctx); err != nil && ctx.Err() == nil {
		a.log.Error("the daily housekeeping failed, tried again tomorrow", "error", err)
	}
}

func (a *app) daily(ctx context.Context) error {
	switch _, holes, err := a.stores.db.Holes(ctx); {
	case err != nil:
		return err
	case len(holes) > 0:
		a.log.Warn("the routes of reports have holes: run check, it says which and how to mend them", "count", len(holes))
	}
	accounts, err := a.stores.db.Accounts(ctx)
	if err != nil {
		return err
	}
	checkpoint := a.stores.keepCheckpoint(ctx, a.clock().In(a.cfg.Zone))
	if checkpoint == nil {
		_, checkpoint = a.stores.db.TellCheckpoint(ctx)
	}
	return errors.Join(checkpoint, a.office.Probe(ctx, accounts), a.stores.sweep(ctx))
}

package main

import (
	"context"
	"crypto/rand"
	"embed"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"liuhen/bot/intake"
	"liuhen/bot/sandbox"
	"liuhen/bot/telegram"
	"liuhen/flows/law"
	"liuhen/flows/text"
	"liuhen/storage/db"
)

//go:embed seed/people.csv seed/cases.csv
var seeds embed.FS

// firstPhone is the account of the first person of the demo.
const firstPhone = 10001

// demo runs the same bot as run does, against the local emulator, with a seeded institution and a clock that can be moved.
func (p *program) demo(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.SetOutput(p.err)
	listen := flags.String("listen", "127.0.0.1:0", "loopback address of the page")
	if err := flags.Parse(args); err != nil {
		return errors.New("usage: demo [-listen 127.0.0.1:PORT]")
	}
	d, err := p.startDemo(ctx, *listen, history)
	if err != nil {
		return err
	}
	defer d.Close()
	fmt.Fprintf(p.out, "%s\n", text.Say(d.app.cfg.Locale, text.DemoReady, d.address))
	<-ctx.Done()
	return nil
}

// demonstration is a running demo.
type demonstration struct {
	address string
	box     *sandbox.Server
	app     *app
	clock   *movable
	people  []db.Person

	calendar law.Calendar
	today    law.Date // the working day on which the visitor comes
	halt     func() error
	stop     func() error
}

// Close ends the demo and removes what it kept.
func (d *demonstration) Close() error { return d.stop() }

// movable is a clock that runs with the given one and can be set forward.
type movable struct {
	mu    sync.Mutex
	base  func() time.Time
	zone  *time.Location
	ahead time.Duration
}

func (m *movable) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.base().Add(m.ahead).In(m.zone)
}

func (m *movable) set(t time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ahead = t.Sub(m.base())
}

// startDemo puts up the emulator, the bot and the seed, lets everybody take up their invitation, and plays the script of the days before.
func (p *program) startDemo(ctx context.Context, listen, script string) (_ *demonstration, err error) {
	c, err := p.demoConfig()
	if err != nil {
		return nil, err
	}
	d := &demonstration{clock: &movable{base: p.clock, zone: c.Zone}, halt: func() error { return nil }}
	l, err := loopback(listen)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(c.Data))
	}
	d.address = "http://" + l.Addr().String() + "/"
	c.APIURL = "http://" + l.Addr().String()
	d.box = sandbox.New(sandbox.Options{
		Token: c.Token, BotUsername: "liuhen_demo_bot", BotName: text.Say(c.Locale, text.DemoBot), Clock: d.clock.Now, AdvanceDay: d.advance,
	})
	srv := &http.Server{Handler: d.box.Handler(), ReadHeaderTimeout: 5 * time.Second}
	d.stop = func() error {
		ended := d.halt()
		d.box.Close()
		return errors.Join(ended, srv.Close(), os.RemoveAll(c.Data))
	}
	go func() { _ = srv.Serve(l) }()
	defer func() {
		if err != nil {
			_ = d.stop()
		}
	}()
	if err := d.toWorkday(c.Zone); err != nil {
		return nil, err
	}
	log := slog.New(slog.NewTextHandler(p.err, &slog.HandlerOptions{Level: slog.LevelError})) // gaps of the made-up register and of next year's calendar are no news to a visitor
	return d, d.prepare(ctx, c, log, script)
}

// prepare plays the days before today in Chinese, the language of the script, and leaves a bot that speaks the configured one.
func (d *demonstration) prepare(ctx context.Context, c Config, log *slog.Logger, script string) error {
	past := c
	past.Locale = text.ZhHans
	if err := d.run(ctx, past, log); err != nil {
		return err
	}
	invitations, err := d.seed(ctx, d.workdayAgo(historyDays))
	if err != nil {
		return err
	}
	if err := d.bind(ctx, c.Locale, invitations); err != nil {
		return err
	}
	if err := d.play(ctx, script); err != nil {
		return err
	}
	if c.Locale != past.Locale {
		if err := errors.Join(d.halt(), d.run(ctx, c, log)); err != nil {
			return err
		}
	}
	return d.greet(ctx)
}

// run starts the bot; halt ends it.
func (d *demonstration) run(ctx context.Context, c Config, log *slog.Logger) (err error) {
	d.halt = func() error { return nil }
	d.app, err = newApp(ctx, c, d.clock.Now, log, tuning{poll: telegram.Polling{Wait: 2 * time.Second, Drain: 2 * time.Second}, every: 200 * time.Millisecond})
	if err != nil {
		return err
	}
	running, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	a := d.app
	go func() { done <- a.Run(running) }()
	d.halt = func() error {
		cancel()
		return errors.Join(<-done, a.Close())
	}
	return nil
}

// demoConfig is a configuration of its own, whatever the environment says, in a folder that is thrown away.
func (p *program) demoConfig() (Config, error) {
	data, err := os.MkdirTemp("", "liuhen-demo-")
	if err != nil {
		return Config{}, fmt.Errorf("demo folder: %w", err)
	}
	secret := make([]byte, 16)
	_, _ = io.ReadFull(rand.Reader, secret)
	environ := []string{"TELEGRAM_TOKEN=7000000001:" + hex.EncodeToString(secret), "LIUHEN_DATA=" + data}
	for _, v := range p.environ {
		if strings.HasPrefix(v, "LIUHEN_LOCALE=") || strings.HasPrefix(v, "REDIS_URL=") {
			environ = append(environ, v)
		}
	}
	return readConfig(environ)
}

// loopback refuses any address that others could reach.
func loopback(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("-listen %s: the demo serves this machine only, give a loopback address such as 127.0.0.1:8080", address)
	}
	return net.Listen("tcp", address)
}

// toWorkday finds the day of the demo, this or the next working day, and sets the clock to half past nine of the day the history begins.
func (d *demonstration) toWorkday(zone *time.Location) (err error) {
	if d.calendar, err = readCalendar(""); err != nil {
		return err
	}
	now := d.clock.Now().In(zone)
	d.today = law.DateOf(now)
	if work, _ := d.calendar.IsWorkday(d.today); !work || now.Hour() >= 18 {
		d.today, _ = d.calendar.AddWorkdays(d.today, 1)
	}
	d.clock.set(halfPastNine(d.workdayAgo(historyDays), zone))
	return nil
}

func halfPastNine(day law.Date, zone *time.Location) time.Time {
	return time.Date(day.Y, day.M, day.D, 9, 30, 0, 0, zone)
}

// advance moves the clock to nine of the next working day and lets the reminders of that morning go out.
func (d *demonstration) advance() time.Time {
	zone := d.app.cfg.Zone
	from := d.clock.Now().In(zone)
	day, _ := d.app.stores.calendar.AddWorkdays(law.DateOf(from), 1)
	d.clock.set(time.Date(day.Y, day.M, day.D, 9, 0, 1, 0, zone))
	if due, err := d.app.schedule.Due(from, d.clock.Now()); err == nil && due {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if _, err := d.app.schedule.Tick(ctx); err != nil {
			d.app.log.Error("reminders", "error", err)
		}
	}
	d.app.office.Wake()
	return d.clock.Now().In(zone)
}

// seed loads the demo's lists as they stood on a day, as the load command loads any list. {-3} in a list is the working day three days
// before the day of the demo.
func (d *demonstration) seed(ctx context.Context, day law.Date) ([]db.Invitation, error) {
	var batch db.Batch
	for _, name := range []string{"people.csv", "cases.csv"} {
		data, err := seeds.ReadFile("seed/" + name)
		if err != nil {
			return nil, err
		}
		b, err := intake.Read(name, []byte(d.dates(string(data), day)), day)
		if err != nil {
			return nil, err
		}
		if len(b.Faults) > 0 {
			return nil, fmt.Errorf("the demo's %s: %s", filepath.Base(name), strings.Join(b.FaultTexts(text.ZhHans), "\n"))
		}
		join(&batch, b)
	}
	d.people = batch.People
	done, err := d.app.stores.db.Load(ctx, batch)
	if err != nil || len(done.Faults) > 0 {
		return nil, fmt.Errorf("load the demo's lists: %d faults %w", len(done.Faults), err)
	}
	return done.Invitations, nil
}

// caseDates finds what a row of cases ends with: accepted, closed, how.
var caseDates = regexp.MustCompile(`(?m)^.*,\{-?(\d+)\},(?:\{-?(\d+)\})?,(.*)\n`)

// dates puts the days into a list, and leaves out what had not happened on the given day.
func (d *demonstration) dates(list string, day law.Date) string {
	later := func(n string) bool {
		ago, err := strconv.Atoi(n)
		return err == nil && day.Before(d.workdayAgo(ago))
	}
	list = caseDates.ReplaceAllStringFunc(list, func(row string) string {
		m := caseDates.FindStringSubmatch(row)
		switch {
		case later(m[1]):
			return ""
		case later(m[2]):
			return row[:strings.LastIndex(row, "{")] + ",\n"
		}
		return row
	})
	for n := range 40 {
		list = strings.ReplaceAll(list, fmt.Sprintf("{-%d}", n), d.workdayAgo(n).String())
	}
	return strings.ReplaceAll(list, "{0}", d.today.String())
}

// order is everybody's name once, in the order of the list, and so of the phones.
func (d *demonstration) order() (names []string) {
	for _, x := range d.people {
		if !slices.Contains(names, x.Name) {
			names = append(names, x.Name)
		}
	}
	return names
}

// phone is the phone of somebody on the list, nil for others.
func (d *demonstration) phone(name string) *sandbox.Phone {
	if n := slices.Index(d.order(), name); n >= 0 {
		return d.box.Phone(int64(firstPhone+n), name)
	}
	return nil
}

// bind lets everybody take up their invitation on their phone, as they would.
func (d *demonstration) bind(ctx context.Context, locale string, invitations []db.Invitation) error {
	roles := map[string]string{}
	licence := map[string]string{}
	for _, x := range d.people {
		role := text.Say(locale, text.Key("role."+x.Role.String()))
		if roles[x.Name] != "" {
			role = roles[x.Name] + text.Say(locale, text.ListComma) + role
		}
		roles[x.Name] = role
		licence[x.Name] = x.Licence
	}
	tokens := map[string]string{}
	for _, i := range invitations {
		tokens[i.Name] = i.Token
	}
	for n, name := range d.order() {
		d.box.AddPerson(sandbox.Person{ID: int64(firstPhone + n), Name: name, Role: roles[name], Payload: tokens[name]})
		phone := d.phone(name)
		phone.Start(tokens[name])
		if err := d.settle(ctx); err != nil {
			return err
		}
		proof := name
		if l := licence[name]; len(l) >= 4 {
			proof = l[len(l)-4:]
		}
		phone.Say(proof)
	}
	return d.settle(ctx)
}

// greet clears the phones of what piled up and leaves everybody at the home screen.
func (d *demonstration) greet(ctx context.Context) error {
	d.clock.set(halfPastNine(d.today, d.clock.zone))
	if err := d.app.sent(ctx); err != nil {
		return err
	}
	for _, name := range d.order() {
		phone := d.phone(name)
		phone.Clear()
		phone.Say("/start")
	}
	return d.settle(ctx)
}

// sent waits until no message is due any more.
func (a *app) sent(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for {
		n, err := a.stores.db.Due(ctx)
		if n == 0 || err != nil {
			return err
		}
		a.office.Wake()
		select {
		case <-ctx.Done():
			return fmt.Errorf("%d messages are still waiting: %w", n, ctx.Err())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// settle waits until the bot has dealt with everything that was done on the phones.
func (d *demonstration) settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if err := d.box.WaitIdle(ctx); err != nil {
		return fmt.Errorf("the demo's bot does not answer: %w", err)
	}
	return nil
}

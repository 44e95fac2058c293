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
	"slices"
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
	d, err := p.startDemo(ctx, *listen)
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
	stop    func() error
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

// startDemo puts up the emulator, the bot and the seed, and lets everybody take up their invitation.
func (p *program) startDemo(ctx context.Context, listen string) (_ *demonstration, err error) {
	c, err := p.demoConfig()
	if err != nil {
		return nil, err
	}
	d := &demonstration{clock: &movable{base: p.clock, zone: c.Zone}}
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
	running, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	started := false
	d.stop = func() error {
		cancel()
		var errs []error
		if started {
			errs = append(errs, <-done)
		}
		d.box.Close()
		errs = append(errs, srv.Close())
		if d.app != nil {
			errs = append(errs, d.app.Close())
		}
		return errors.Join(append(errs, os.RemoveAll(c.Data))...)
	}
	go func() { _ = srv.Serve(l) }()
	defer func() {
		if err != nil {
			_ = d.stop()
		}
	}()
	d.toWorkday(c.Zone)
	quiet := slog.New(slog.NewTextHandler(p.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	if d.app, err = newApp(ctx, c, d.clock.Now, quiet, tuning{poll: telegram.Polling{Wait: 2 * time.Second, Drain: 2 * time.Second}, every: 200 * time.Millisecond}); err != nil {
		return nil, err
	}
	invitations, err := d.seed(ctx)
	if err != nil {
		return nil, err
	}
	started = true
	go func() { done <- d.app.Run(running) }()
	return d, d.bind(ctx, invitations)
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

// toWorkday sets the clock to half past nine of this or the next working day, so that the demo begins when people work.
func (d *demonstration) toWorkday(zone *time.Location) {
	cal, err := readCalendar("")
	if err != nil {
		return
	}
	now := d.clock.Now().In(zone)
	day := law.DateOf(now)
	if work, _ := cal.IsWorkday(day); !work || now.Hour() >= 18 {
		day, _ = cal.AddWorkdays(day, 1)
	}
	d.clock.set(time.Date(day.Y, day.M, day.D, 9, 30, 0, 0, zone))
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

// seed loads the demo's lists as the load command loads any list. {-3} in a list is the working day three days ago.
func (d *demonstration) seed(ctx context.Context) ([]db.Invitation, error) {
	today := law.DateOf(d.clock.Now().In(d.app.cfg.Zone))
	var batch db.Batch
	for _, name := range []string{"people.csv", "cases.csv"} {
		data, err := seeds.ReadFile("seed/" + name)
		if err != nil {
			return nil, err
		}
		b, err := intake.Read(name, []byte(d.dates(string(data), today)), today)
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

func (d *demonstration) dates(list string, today law.Date) string {
	for n := range 40 {
		day := today
		for back := 0; back < n; {
			day = day.AddDays(-1)
			if work, _ := d.app.stores.calendar.IsWorkday(day); work {
				back++
			}
		}
		list = strings.ReplaceAll(list, fmt.Sprintf("{-%d}", n), day.String())
	}
	return strings.ReplaceAll(list, "{0}", today.String())
}

// bind lets everybody take up their invitation on their phone, as they would.
func (d *demonstration) bind(ctx context.Context, invitations []db.Invitation) error {
	roles := map[string]string{}
	licence := map[string]string{}
	var order []string
	for _, x := range d.people {
		if roles[x.Name] == "" {
			order = append(order, x.Name)
		}
		roles[x.Name] = text.Say(d.app.cfg.Locale, text.Key("role."+x.Role.String()))
		licence[x.Name] = x.Licence
	}
	tokens := map[string]string{}
	for _, i := range invitations {
		tokens[i.Name] = i.Token
	}
	for n, name := range order {
		d.box.AddPerson(sandbox.Person{ID: int64(firstPhone + n), Name: name, Role: roles[name], Payload: tokens[name]})
	}
	for n, name := range slices.Backward(order) { // the phones shown first come last and greet with the final state
		phone := d.box.Phone(int64(firstPhone+n), name)
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

// settle waits until the bot has dealt with everything.
func (d *demonstration) settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if err := d.box.WaitIdle(ctx); err != nil {
		return fmt.Errorf("the demo's bot does not answer: %w", err)
	}
	return nil
}

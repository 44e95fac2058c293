package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"filippo.io/age"

	"liuhen/bot/archive"
	"liuhen/bot/turn"
	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/storage/db"
	witness "liuhen/storage/ledger"
	"liuhen/storage/vault"
)

// seen is one thing somebody saw or was sent: when, where, and all of it.
type seen struct {
	at   time.Time
	room string
	what string
}

// accessLog is the room of the log of access, which tells a confidant who read something of their unit, not what.
const accessLog = "log"

func (l *life) see(name, room, what string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.views[name] = append(l.views[name], seen{l.now, room, what})
}

// confidants may read a log of access; everybody else who tries is refused, as 赵六 is here.
var confidants = []string{"周九", "卫二"}

// look writes down everything a person can see now: the desk itself, and every place drawn from it.
func (l *life) look(name string) {
	d := l.desk(name)
	desk, err := json.Marshal(d)
	if err != nil {
		l.t.Fatal(err)
	}
	l.see(name, "desk", string(desk))
	s := l.states[name]
	s.Sheet, s.Act, s.Measure, s.Keep, s.Deputy = nil, nil, nil, nil, nil
	for _, s.Place = range []flows.Place{
		flows.AtMenu, flows.AtFile, flows.AtCases, flows.AtRecords, flows.AtTodo, flows.AtOverdue, flows.AtLost, flows.AtPeople, flows.AtDeputy, flows.AtKeeping, flows.AtAbsences, flows.AtOwnFile,
	} {
		l.see(name, string(s.Place), fmt.Sprint(flows.View(s, d)))
	}
	if slices.Contains(confidants, name) || name == "赵六" {
		l.watch(name)
	}
}

// watch writes down what the log of access and the leaks show somebody: nothing, or a confidant what concerns their unit. It is
// asked for anew each time; what others did meanwhile stands in it.
func (l *life) watch(name string) {
	s := l.states[name]
	for i, w := range []db.Where{{Place: flows.AtLog}, {Place: flows.AtLog, Subject: flows.LogRefused}, {Place: flows.AtLeaks}} {
		w.Event = int64(1_000_000 + i) // noted once
		d, err := l.db.Desk(context.Background(), l.caller(name), w)
		if err != nil {
			l.t.Fatal(err)
		}
		room := accessLog
		if w.Place == flows.AtLeaks {
			room = string(w.Place)
		}
		s.Place, s.Subject, s.Sheet = w.Place, w.Subject, nil
		b, err := json.Marshal([]any{d.Log, d.Leaks})
		if err != nil {
			l.t.Fatal(err)
		}
		l.see(name, room, string(b)+fmt.Sprint(flows.View(s, d)))
	}
}

// walks are the buttons that only show something, or hand something out.
var walks = []flows.Verb{
	flows.DoGo, flows.DoRecord, flows.DoProtect, flows.DoPlaint, flows.DoPage, flows.DoPrint, flows.DoReceipt, flows.DoLog,
	flows.DoProceeding, flows.DoLedger, flows.DoProtocol, flows.DoCase, flows.DoAdd, flows.DoCorrect, flows.DoDraft,
}

// longestWalk is how many screens a visit looks at.
const longestWalk = 40

// visit goes through all rooms by their buttons, and takes every file that is offered. Nothing comes of it.
func (l *life) visit(name string) {
	was := l.states[name]
	defer func() { l.states[name] = was }()
	l.states[name] = flows.State{Place: flows.AtMenu}
	rooms, pressed := []flows.State{l.states[name]}, map[string]bool{}
	for n := 0; n < len(rooms) && n < longestWalk; n++ {
		l.states[name] = rooms[n]
		d := l.desk(name)
		screen := flows.View(rooms[n], d)
		room := "visit"
		if rooms[n].Place == flows.AtLog {
			room = accessLog
		}
		l.see(name, room, fmt.Sprint(screen))
		for _, row := range screen.Rows {
			for _, b := range row {
				k := fmt.Sprint(b.Tap.Verb, b.Tap.Item, b.Tap.Arg)
				if b.Tap.Verb == flows.DoPage {
					k = fmt.Sprint(k, rooms[n].Place, rooms[n].Subject)
				}
				if !slices.Contains(walks, b.Tap.Verb) || pressed[k] {
					continue
				}
				pressed[k] = true
				next, effects := flows.Step(rooms[n], d, l.event(visiting, name, b.Tap))
				l.hand(name, effects)
				rooms = append(rooms, next)
			}
		}
	}
}

// ourPrinter prints with the built-in fonts.
var ourPrinter = newPrinter(Config{Zone: lifeStart.Location()}, slog.New(slog.DiscardHandler))

// hand makes the files that a step hands out, as the turn does.
func (l *life) hand(name string, effects []flows.Effect) {
	ctx, c, event := context.Background(), l.caller(name), l.account[name]<<24|int64(visiting)<<16|l.events[fmt.Sprint(name, visiting)]
	paper := ourPrinter
	for _, e := range effects {
		var files []turn.Copy
		var err error
		switch e := e.(type) {
		case flows.Hint:
			l.see(name, "hint", fmt.Sprint(e))
		case flows.Print:
			r, absent, no := l.db.Entry(ctx, c, event, e.Record.ID)
			if err = no; err == nil {
				files, err = paper.entry(r, absent)
			}
		case flows.Ledger:
			var f turn.Copy
			f.Name, f.Content, err = ledger(l.db, lifeStart.Location())(ctx, c, event)
			files = append(files, f)
		case flows.Attest:
			var b []byte
			if b, err = l.db.Receipt(ctx, c, event, e.Record); err == nil {
				l.did["Receipt"]++
				l.see(name, "receipt", l.receipt(b))
			}
		case flows.HandProtocol:
			files, err = paper.protocol(e.Disposal)
		default:
		}
		if err != nil && !errors.Is(err, db.ErrDenied) {
			l.t.Fatal(err)
		}
		l.see(name, "handed", fmt.Sprint(err))
		for _, f := range files {
			l.did["Hand out"]++
			l.see(name, "file", fmt.Sprintf("%s %d %x", f.Name, len(f.Content), sha256.Sum256(f.Content)))
		}
	}
}

// receipt is a receipt without the two numbers that are as good as random: the state of the log, and the signature.
func (l *life) receipt(signed []byte) string {
	r, err := witness.OpenReceipt(signed, l.db.Keys.Verifiers()...)
	if err != nil {
		l.t.Fatal(err)
	}
	size := len(r.State)
	r.State = ""
	return fmt.Sprintf("%d %d %d %+v", len(signed), bytes.Count(signed, []byte("\n")), size, r)
}

// counter is whoever has the reporter show their receipt: it must look the same for 无此类情况 and for a report.
const counter = "窗口"

// showReceipt writes down the screen after signing and the receipt as a file, without what is as good as random.
func (l *life) showReceipt(who string) {
	id := l.desk(who).Records[0].ID
	l.see(counter, "receipt", randomly.ReplaceAllString(strings.ReplaceAll(fmt.Sprint(l.view(who)), id, "ID"), "DIGEST"))
	b, err := l.db.Receipt(context.Background(), l.caller(who), l.event(peeking, who, nil).ID, id)
	if err != nil {
		l.t.Fatal(err)
	}
	l.see(counter, "receipt", randomly.ReplaceAllString(strings.ReplaceAll(l.receipt(b), id, "ID"), "DIGEST"))
}

// cabinet is who keeps the files of the institution: they hold its sealed packages, without any key.
const cabinet = "档案柜"

// archiveKeys are made-up keys of the organs and their people, the same in all worlds.
var archiveKeys = sync.OnceValue(func() map[string]*archive.Organ {
	key := func() *age.X25519Recipient {
		k, err := age.GenerateX25519Identity()
		if err != nil {
			panic(err)
		}
		return k.Recipient()
	}
	out := map[string]*archive.Organ{}
	for name, people := range map[string][]string{"云州市司法局": ofOrgan, "江南省司法厅": {"陈大", "何三"}} {
		out[name] = &archive.Organ{Name: name, Key: key()}
		for _, p := range people {
			out[name].Authorised = append(out[name].Authorised, archive.Authorised{Name: p, Key: key()})
		}
	}
	return out
})

// pack makes the sealed packages of all closed cases, once everybody has signed, and writes down what shows of them without a key.
func (l *life) pack() {
	for range 3 {
		for _, name := range []string{"张三", "李四", "王五"} {
			l.zeroBy(name)
		}
	}
	dir, err := os.MkdirTemp("", "liuhen")
	if err != nil {
		l.t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	p := &program{clock: func() time.Time { return l.now }}
	e := &exporter{
		program: p, exporting: exporting{to: dir}, c: Config{Zone: lifeStart.Location(), Locale: "zh-Hans", Suite: vault.Standard},
		s: &stores{db: l.db, keys: l.db.Keys}, organs: map[law.UnitID]*archive.Organ{}, paper: ourPrinter,
	}
	if e.roll, err = l.db.Roll(ctx); err != nil {
		l.t.Fatal(err)
	}
	if e.dir, err = l.db.Directory(ctx); err != nil {
		l.t.Fatal(err)
	}
	for _, u := range e.dir.Units {
		e.organs[u.ID] = archiveKeys()[u.Name]
	}
	cases, err := l.db.ClosedCases(ctx, "", law.Effective, law.DateOf(l.now))
	if err != nil {
		l.t.Fatal(err)
	}
	for _, c := range cases {
		l.see(cabinet, "export", fmt.Sprint(c))
		if c.Missing > 0 {
			continue
		}
		if err := e.one(ctx, c.ID); err != nil {
			l.t.Fatal(err)
		}
		l.did["Package"]++
	}
	err = filepath.WalkDir(dir, func(path string, f fs.DirEntry, err error) error {
		if err != nil || f.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		shape := fmt.Sprint(name, " ", len(b))
		switch filepath.Ext(path) {
		case ".json":
			shape += " " + randomly.ReplaceAllStringFunc(string(b), func(s string) string { return strings.Repeat("x", len(s)) })
		case ".pdf":
			shape += fmt.Sprintf(" %x", sha256.Sum256(b))
		}
		l.see(cabinet, "package", shape)
		return nil
	})
	if err != nil {
		l.t.Fatal(err)
	}
}

// randomly is what of a package, or a receipt, is as good as random.
var randomly = regexp.MustCompile(`[A-Za-z0-9+/=_-]{40,}`)

// houses says who is of the institution, and who of the organ above it.
var (
	ofHouse = []string{"张三", "李四", "王五", "赵六", "钱七", "孙八", "周九"}
	ofOrgan = []string{"吴十", "郑一", "冯二"}
)

// heard notes that somebody of the organ did what is no report, of which those may know from now on; that something was done stands
// in the organ's log of access.
func (l *life) heard(names ...string) {
	for _, n := range names {
		since(l.told, n, l.now)
	}
	since(l.logged, "卫二", l.now)
}

func since(into map[string]int64, name string, at time.Time) {
	if was, already := into[name]; !already || at.UnixMilli() < was {
		into[name] = at.UnixMilli()
	}
}

// reportsOf learns from somebody's own entries which reports they made, and complaints.
func (l *life) reportsOf(name string, in lane) {
	for _, r := range l.desk(name).Records {
		for _, place := range []flows.Place{flows.AtRecord, flows.AtProtect} {
			d, err := l.db.Desk(context.Background(), l.caller(name), db.Where{Event: l.event(peeking, name, nil).ID, Place: place, Subject: r.ID})
			if err != nil {
				l.t.Fatal(err)
			}
			for _, f := range []*flows.Follow{d.Follow, d.Track} {
				if f != nil {
					l.holds(in, f.Report)
				}
			}
			if d.Protect != nil {
				for _, p := range d.Protect.Plaints {
					l.holds(onComplaint, p.ID)
				}
			}
		}
	}
}

func (l *life) holds(in lane, report string) {
	if l.reports[in] == nil {
		l.reports[in] = map[string]bool{}
	}
	l.reports[in][report] = true
}

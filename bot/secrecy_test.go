package main

import (
	"flag"
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"liuhen/flows/law"
	"liuhen/storage/db"
)

// played is what is left of a world: what everybody saw, and who was given which report, and when.
type played struct {
	views       map[string][]seen
	given, logs map[string]int64
	told        map[string]int64
	logged      map[string]int64
	did         map[string]int
	err         error
}

// probe is the fataler of a world that is played beside others.
type probe struct{}

type stopped struct{ error }

func (probe) Helper()                   {}
func (probe) Fatal(args ...any)         { panic(stopped{fmt.Errorf("%s", fmt.Sprint(args...))}) }
func (probe) Fatalf(f string, a ...any) { panic(stopped{fmt.Errorf(f, a...)}) }

func (s setting) play(in *scratches, d deed) (out played) {
	defer func() {
		if r := recover(); r != nil {
			stop, ok := r.(stopped)
			if !ok {
				panic(r)
			}
			out.err = stop
		}
	}()
	x := in.take(probe{})
	defer in.give(x)
	l := s.world(probe{}, x, d)
	return played{views: l.views, given: l.given, logs: l.logs, told: l.told, logged: l.logged, did: l.did}
}

// worlds plays the deeds, as many at a time as there are processors.
func (s setting) worlds(in *scratches, deeds []deed) []played {
	out := make([]played, len(deeds))
	var all sync.WaitGroup
	at := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, d := range deeds {
		at <- struct{}{}
		all.Go(func() {
			defer func() { <-at }()
			out[i] = s.play(in, d)
		})
	}
	all.Wait()
	return out
}

var pairsFlag = flag.Int("pairs", 0, "how many pairs of worlds TestNoninterference plays; by default 2000, or 40 with the race detector")

// manyPairs is how many pairs of worlds are played.
func manyPairs() int {
	switch {
	case *pairsFlag > 0:
		return *pairsFlag
	case raced:
		return 40
	}
	return 2000
}

// rolesSince is when people came to their roles: by the time of the lives they are asked whether they still hold them.
var rolesSince = lifeStart.AddDate(0, -3, -2)

// tally is what a campaign did.
type tally struct {
	worlds, pairs          int
	compared, partly, seen int
	did                    map[string]happens
}

// TestNoninterference plays pairs of worlds that differ only in what one person did, and compares what everybody else saw, minute
// by minute and byte by byte, until the moment at which they were let in (design.md 5).
//
// What differs: 无此类情况 or nothing against a report of any kind, about anybody, by any channel, with evidence or without, at once
// or as a correction, and "the head told me not to record" (Art. 11(二)); and, on top of each of these, a complaint of retaliation
// (Art. 9), check-ins and their answers, an order under Art. 11 with what follows from it, on a report or not, or a hold on a case.
// In each world handlers and reporters go on with what there is: they take up, ask, answer, remind, decide, draft letters,
// recuse themselves and are excluded, hand reports over to another authority, note letters as sent. In half of the settings they are
// bent on one of the long ways that nobody goes by chance. What is the same in all worlds: entries and reports of others, deputies,
// 缺签说明, whether people still hold their roles, people who leave, a new head, another authority, leaks written down, telephones that
// are blocked, days that pass. How many pairs had each of these is printed, and in a campaign of some length each must have happened.
//
// What is compared, of everybody but the reporter, who knows what they did:
//   - the desk, with all that a screen can be drawn from: lists, counts, their order, IDs, dates, the directory with who is bound;
//   - the screens: menu, cases to sign for, my cases, my records, what is to do, overdue cases, people who cannot be reached, deputies and routes,
//     the keeping of files, the own integrity file; the log of access and the leaks of confidants, and of one who is refused;
//   - all messages: notices, digests, reminders, questions, when and in which order they came, and the words beside each press;
//   - of one person a world, all rooms that their buttons lead to, the sheet, receipts, protection, proceedings and pages among them,
//     and all files they can have: prints, the workbook of Art. 11, protocols, receipts with their length;
//   - the receipt that the reporter may have to show: the screen, the file and its length, but for digest and ID;
//   - in one setting of ten the sealed packages of all closed cases: names, sizes, index, the shape of the keys.
//
// Who is let in is not asked of the screens but of who was delivered what, and the accused, and with a complaint everybody of the
// institution, must never be among them. A confidant's log of access may differ from when a report reached their unit, nothing else.
//
// That two worlds look alike to whoever can tell neither from a third follows from the pairs, and is not counted as one.
func TestNoninterference(t *testing.T) {
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		if err := checks.Value.Set(fmt.Sprint((manyPairs() + variants - 1) / variants)); err != nil {
			t.Fatal(err)
		}
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	in := &scratches{seed: seedSince(t, rolesSince, db.Person{Authority: province, Name: "何三", Role: law.Officer}, db.Person{Authority: newCity, Superior: province, Name: "沈四", Role: law.Officer})}
	defer in.close()
	began, n := time.Now(), tally{did: map[string]happens{}}
	rapid.Check(t, func(t *rapid.T) {
		s := drawSetting(t)
		deeds := drawDeeds(t, s)
		n.compare(t, s, deeds, s.worlds(in, deeds))
	})
	t.Logf("%d worlds, %d pairs, %v a pair; %d views compared, %d of them until somebody was let in, %d things seen in each\n%s",
		n.worlds, n.pairs, time.Since(began)/time.Duration(max(n.pairs, 1)), n.compared, n.partly, n.seen/max(n.compared, 1), &n)
	if n.compared < n.pairs*11 || n.partly < n.pairs || n.partly > n.compared/2 || n.seen < n.compared*15 {
		t.Error("hardly anything was compared, or nobody was given anything: the property says nothing")
	}
	if n.pairs >= 1000 {
		n.all(t)
	}
}

// compare holds each world against the one that differs from it by one thing.
func (n *tally) compare(t fataler, s setting, deeds []deed, lives []played) {
	n.worlds += len(lives)
	for i, x := range lives {
		if x.err != nil {
			t.Fatal(x.err)
		}
		if i == 0 {
			continue
		}
		n.pairs++
		d, ref := deeds[i], lives[deeds[i].than]
		n.note(ref.did, x.did)
		if who := wronglyGiven(d, lives[0], ref, x); who != "" {
			t.Fatalf("%s was given the report in world %d", who, i)
		}
		for _, name := range append(slices.Clone(everybody), cabinet, counter) {
			if name == s.reporter || name == counter && d.redo != deeds[d.than].redo {
				continue
			}
			all := letIn(name, ref.given, x.given, x.told)
			log := letIn(name, ref.logs, x.logs, x.told, x.logged)
			if d.report != nil && slices.Contains(d.report.accused(), name) {
				log = all // of what is about themselves the log shows them nothing
			}
			if n.compared++; all < never {
				n.partly++
			}
			saw := until(x.views[name], all, log)
			n.seen += len(saw)
			if diff := firstDifference(until(ref.views[name], all, log), saw); diff != "" {
				t.Fatalf("%s can tell world %d from world %d (%s): %s", name, d.than, i, d, diff)
			}
		}
	}
}

// never is when nobody lives any more.
const never = math.MaxInt64

// letIn is when somebody was first let into something in one of two worlds that they were not let into in the other, or only later.
func letIn(name string, a, b map[string]int64, told ...map[string]int64) int64 {
	first := int64(never)
	apart(name, a, b, func(at int64, _ bool) { first = min(first, at) })
	for _, x := range told {
		if at, yes := x[name]; yes {
			first = min(first, at)
		}
	}
	return first
}

// givenInOne reports whether somebody was let into something in one of two worlds alone.
func givenInOne(name string, a, b map[string]int64) (one bool) {
	apart(name, a, b, func(_ int64, both bool) { one = one || !both })
	return one
}

// apart goes through what somebody was let into at different moments in two worlds, or in one of them alone.
func apart(name string, a, b map[string]int64, tell func(at int64, both bool)) {
	for _, x := range [][2]map[string]int64{{a, b}, {b, a}} {
		for given, at := range x[0] {
			if there, both := x[1][given]; (!both || there != at) && strings.HasPrefix(given, name+" ") {
				tell(at, both)
			}
		}
	}
}

// wronglyGiven is somebody who was given what they must never have: the accused the report, people of the institution a complaint.
func wronglyGiven(d deed, harmless, ref, x played) string {
	if d.extra != nil && d.extra.kind == "complaint" {
		for _, name := range ofHouse {
			if givenInOne(name, ref.given, x.given) {
				return name
			}
		}
	}
	if d.report != nil {
		for _, name := range d.report.accused() {
			if givenInOne(name, harmless.given, x.given) {
				return name
			}
		}
	}
	return ""
}

// until leaves out what was seen from a moment on, and of the log of access from another.
func until(list []seen, all, log int64) []seen {
	return slices.DeleteFunc(slices.Clone(list), func(v seen) bool {
		at := v.at.UnixMilli()
		return at >= all || v.room == accessLog && at >= log
	})
}

func firstDifference(a, b []seen) string {
	for i := range min(len(a), len(b)) {
		if x, y := a[i], b[i]; !x.at.Equal(y.at) || x.room != y.room || x.what != y.what {
			return fmt.Sprintf("\n%s\n%s", around(x.String(), y.String()), around(y.String(), x.String()))
		}
	}
	if len(a) != len(b) {
		longer := a
		if len(b) > len(a) {
			longer = b
		}
		return fmt.Sprintf("%d things seen in one world, %d in the other; the next: %s", len(a), len(b), longer[min(len(a), len(b))])
	}
	return ""
}

// around is a text with what precedes its first difference from another one left out.
func around(a, b string) string {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	if n < 200 {
		return a
	}
	return strings.ToValidUTF8(a[:40]+" … "+a[n-120:min(len(a), n+400)], "")
}

func (v seen) String() string { return v.at.Format("01-02 15:04 ") + v.room + ": " + v.what }

func (d deed) String() string {
	var b strings.Builder
	if d.zero {
		b.WriteString("zero ")
	}
	if d.report != nil {
		fmt.Fprintf(&b, "report %+v ", *d.report)
	}
	if d.extra != nil {
		fmt.Fprintf(&b, "extra %+v", *d.extra)
	}
	return b.String()
}

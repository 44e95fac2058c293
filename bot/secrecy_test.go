package main

import (
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// played is what is left of a world: what everybody saw, and who was given which report.
type played struct {
	views map[string][]string
	given map[string]bool // "name report"
	logs  map[string]bool // "name report"
	acts  int
	err   error
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
	return played{views: l.views, given: l.given, logs: l.logs, acts: l.worked}
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

// tally is what a campaign did.
type tally struct{ worlds, pairs, compared, differ, acts int }

// TestNoninterference plays worlds that differ only in what one person did: 无此类情况 or nothing, one report or another,
// with evidence or without, at once or as a correction. Whoever is given the report neither in the harmless world nor in
// another one must see, minute by minute and byte by byte, the same in both (design.md 5). That two of the others look alike to
// whoever is given neither's report follows from it, and is not counted.
func TestNoninterference(t *testing.T) {
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		if err := checks.Value.Set(fmt.Sprint((manyPairs() + variants - 1) / variants)); err != nil {
			t.Fatal(err)
		}
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	in := &scratches{seed: seedLife(t)}
	defer in.close()
	began, n := time.Now(), tally{}
	rapid.Check(t, func(t *rapid.T) {
		s := drawSetting(t)
		deeds := drawDeeds(t, s)
		n.compare(t, s, deeds, s.worlds(in, deeds))
	})
	t.Logf("%d worlds, %d pairs, %v a pair; %d views compared, %d of recipients, %d acts of theirs",
		n.worlds, n.pairs, time.Since(began)/time.Duration(max(n.pairs, 1)), n.compared, n.differ, n.acts)
	if n.compared < n.pairs*4 || n.differ < n.pairs || n.acts < n.worlds/2 {
		t.Fatal("hardly any view was compared, or nobody was given anything: the property says nothing")
	}
}

// compare holds each world against the harmless one, which is the first.
func (n *tally) compare(t fataler, s setting, deeds []deed, lives []played) {
	n.worlds += len(lives)
	for i, a := range lives {
		if a.err != nil {
			t.Fatal(a.err)
		}
		n.acts += a.acts
		if i == 0 {
			continue
		}
		n.pairs++
		for _, name := range deeds[i].report.accused() {
			if recipient(name, lives[0], a) {
				t.Fatalf("%s is accused and was given the report", name)
			}
		}
		for _, name := range cast {
			switch {
			case name == s.reporter:
			case recipient(name, lives[0], a):
				n.differ++
			case confides(name, lives[0], a) && !accuses(deeds[i], name):
				n.differ++ // their log is of their unit, and the report came to it
			default:
				n.compared++
				if diff := firstDifference(lives[0].views[name], a.views[name]); diff != "" {
					t.Fatalf("%s can tell world 0 from world %d: %s", name, i, diff)
				}
			}
		}
	}
}

// confides reports whether a report came to the unit whose log of access somebody looks after.
func confides(name string, harmless played, worlds ...played) bool {
	for i := range worlds {
		worlds[i].given = worlds[i].logs
	}
	return recipient(name, played{given: harmless.logs}, worlds...)
}

func accuses(d deed, name string) bool {
	return d.report != nil && slices.Contains(d.report.accused(), name)
}

// recipient reports whether somebody was given the reporter's report in one of these worlds: one that is not in the harmless one.
func recipient(name string, harmless played, worlds ...played) bool {
	for _, w := range worlds {
		for given := range w.given {
			if strings.HasPrefix(given, name+" ") && !harmless.given[given] {
				return true
			}
		}
	}
	return false
}

func firstDifference(a, b []string) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("\n%s\n%s", a[i], b[i])
		}
	}
	if len(a) != len(b) {
		return fmt.Sprintf("%d things seen in one world, %d in the other", len(a), len(b))
	}
	return ""
}

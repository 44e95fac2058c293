// Package dialogstest has the suite that every dialogs.Store must pass, and a real Redis server for
// tests, to be started, killed, stopped and held.
package dialogstest

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"liuhen/storage/dialogs"
)

// day is a time to live that no test outlasts by itself.
const day = 24 * time.Hour

// Conformance runs the whole suite. open gives a store, perhaps one that other tests use as well;
// advance makes time pass for what is stored, by sleeping or by moving the store's clock.
func Conformance(t *testing.T, open func(t *testing.T) dialogs.Store, advance func(d time.Duration)) {
	for _, c := range []struct {
		name string
		run  func(s suite)
	}{
		{"ping", suite.ping},
		{"save and load", suite.saveAndLoad},
		{"conflicts change nothing", suite.conflicts},
		{"deletion", suite.deletion},
		{"expiry", suite.expiry},
		{"saving renews the time to live", suite.renewal},
		{"a revision never comes back", suite.aba},
		{"values of every kind", suite.values},
		{"keys are apart", suite.keysApart},
		{"one winner for each revision", suite.oneWinner},
		{"counter", suite.counter},
		{"first save has one winner", suite.firstSave},
		{"ended context", suite.endedContext},
		{"time to live is checked", suite.badTTL},
		{"against the model", suite.model},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.run(suite{T: t, store: open(t), advance: advance, key: "dialog:" + rand.Text()})
		})
	}
}

type suite struct {
	*testing.T
	store   dialogs.Store
	advance func(time.Duration)
	key     string // this test's own
}

func (s suite) save(value string, rev uint64, ttl time.Duration) uint64 {
	s.Helper()
	next, err := s.store.Save(context.Background(), s.key, []byte(value), rev, ttl)
	if err != nil {
		s.Fatalf("saving %.20q on %d: %v", value, rev, err)
	}
	if (next == 0) != (value == "") || next == rev && rev != 0 {
		s.Fatalf("saving %.20q on %d gave revision %d", value, rev, next)
	}
	return next
}

func (s suite) conflict(value string, rev uint64) {
	s.Helper()
	next, err := s.store.Save(context.Background(), s.key, []byte(value), rev, day)
	if !errors.Is(err, dialogs.ErrConflict) || next != 0 {
		s.Fatalf("saving %.20q on %d: %d, %v; want a conflict", value, rev, next, err)
	}
}

func (s suite) want(value string, rev uint64) {
	s.Helper()
	got, gotRev, err := s.store.Load(context.Background(), s.key)
	if err != nil || string(got) != value || gotRev != rev || (got == nil) != (rev == 0) {
		s.Fatalf("loaded %.20q, %d, %v; want %.20q, %d", got, gotRev, err, value, rev)
	}
}

func (s suite) ping() {
	if err := s.store.Ping(context.Background()); err != nil {
		s.Error(err)
	}
}

func (s suite) saveAndLoad() {
	s.want("", 0)
	one := s.save("one", 0, day)
	s.want("one", one)
	two := s.save("two", one, day)
	s.want("two", two)
	same := s.save("two", two, day)
	s.want("two", same)
}

func (s suite) conflicts() {
	s.conflict("x", 7)
	s.conflict("", 7)
	one := s.save("one", 0, day)
	two := s.save("two", one, day)
	for _, rev := range []uint64{0, 1, one, two + 1, two ^ 1<<62} {
		s.conflict("x", rev)
		s.conflict("", rev)
		s.want("two", two)
	}
}

func (s suite) deletion() {
	s.save("", 0, day) // nothing there, as expected
	rev := s.save("x", 0, day)
	if next, err := s.store.Save(context.Background(), s.key, nil, rev, 0); next != 0 || err != nil {
		s.Fatalf("deleting with nil and no time to live: %d, %v", next, err)
	}
	s.want("", 0)
	s.conflict("", rev)
	rev = s.save("y", 0, day)
	s.save("", rev, day)
	s.want("", 0)
}

func (s suite) expiry() {
	rev := s.save("x", 0, 2*time.Second)
	s.want("x", rev)
	s.advance(3 * time.Second)
	s.want("", 0)
	s.conflict("y", rev)
	s.conflict("", rev)
	s.save("", 0, day)
	s.want("z", s.save("z", 0, day))
}

func (s suite) renewal() {
	rev := s.save("x", 0, 4*time.Second)
	s.advance(2 * time.Second)
	rev = s.save("y", rev, 8*time.Second)
	s.advance(4 * time.Second)
	s.want("y", rev)
	s.advance(5 * time.Second)
	s.want("", 0)
}

// aba has a caller sleep while the dialog ends and another one begins in its place.
func (s suite) aba() {
	seen := map[uint64]bool{}
	fresh := func(rev uint64) uint64 {
		if seen[rev] {
			s.Fatalf("revision %d was given twice", rev)
		}
		seen[rev] = true
		return rev
	}
	for range 20 {
		old := fresh(s.save("same", 0, day))
		s.save("", old, day)
		now := fresh(s.save("same", 0, day))
		s.conflict("late", old)
		s.want("same", now)
		s.save("", now, day)
	}
	old := fresh(s.save("same", 0, 2*time.Second))
	s.advance(3 * time.Second)
	now := fresh(s.save("same", 0, day))
	s.conflict("late", old)
	s.conflict("", old)
	s.want("same", now)
}

func (s suite) values() {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	big := make([]byte, 256<<10)
	rand.Read(big) //nolint:errcheck // never fails
	rev := uint64(0)
	for _, v := range [][]byte{{0}, {0xff}, every, []byte("\u9274\u5b9a \u2611 \U00020bb7\r\n"), bytes.Repeat([]byte{0}, 9), big, []byte("nil"), []byte("0")} {
		rev = s.save(string(v), rev, day)
		s.want(string(v), rev)
	}
	mine := []byte("mine")
	rev, err := s.store.Save(context.Background(), s.key, mine, rev, day)
	if err != nil {
		s.Fatal(err)
	}
	mine[0] = 'x'
	got, _, err := s.store.Load(context.Background(), s.key)
	if err != nil {
		s.Fatal(err)
	}
	got[1] = 'x'
	s.want("mine", rev)
}

func (s suite) keysApart() {
	prefix := s.key
	revs := map[string]uint64{}
	for _, suffix := range []string{"", "1", "11", " ", "\u952e", "%", "_", "*", "{a}", "A", "a"} {
		s.key = prefix + suffix
		revs[s.key] = s.save("of "+s.key, 0, day)
	}
	for key, rev := range revs {
		s.key = key
		s.want("of "+key, rev)
	}
}

func (s suite) oneWinner() {
	rev := s.save("start", 0, day)
	for round := range 10 {
		var winners atomic.Int32
		var won atomic.Uint64
		s.together(32, func(i int) error {
			value := fmt.Appendf(nil, "%d/%d", round, i)
			if i%4 == 3 {
				value = append(value, make([]byte, 10_000)...)
			}
			next, err := s.store.Save(context.Background(), s.key, value, rev, day)
			if err == nil {
				winners.Add(1)
				won.Store(next)
			}
			return err
		})
		if n := winners.Load(); n != 1 {
			s.Fatalf("%d of 32 saved on the same revision", n)
		}
		rev = won.Load()
		if _, got, err := s.store.Load(context.Background(), s.key); err != nil || got != rev {
			s.Fatalf("loaded revision %d, the winner has %d (%v)", got, rev, err)
		}
	}
}

func (s suite) firstSave() {
	for range 10 {
		s.key = "dialog:" + rand.Text()
		var winners atomic.Int32
		s.together(32, func(int) error {
			_, err := s.store.Save(context.Background(), s.key, []byte("x"), 0, day)
			if err == nil {
				winners.Add(1)
			}
			return err
		})
		if n := winners.Load(); n != 1 {
			s.Fatalf("%d of 32 made the same dialog", n)
		}
	}
}

// together runs f 32-fold at once; a conflict is no fault.
func (s suite) together(n int, f func(i int) error) {
	var ready, done sync.WaitGroup
	ready.Add(n)
	for i := range n {
		done.Go(func() {
			ready.Done()
			ready.Wait()
			if err := f(i); err != nil && !errors.Is(err, dialogs.ErrConflict) {
				s.Error(err)
			}
		})
	}
	done.Wait()
	if s.Failed() {
		s.FailNow()
	}
}

// counter lets 32 callers add one at a time: each number must have been reached once, in order.
func (s suite) counter() {
	const callers, each = 32, 4
	var reached [callers*each + 1]atomic.Int32
	s.together(callers, func(int) error {
		for range each {
			n, err := s.addOne()
			if err != nil {
				return err
			}
			reached[n].Add(1)
		}
		return nil
	})
	for n := 1; n < len(reached); n++ {
		if times := reached[n].Load(); times != 1 {
			s.Fatalf("the counter reached %d %d times", n, times)
		}
	}
}

func (s suite) addOne() (n int, err error) {
	for {
		value, rev, err := s.store.Load(context.Background(), s.key)
		if err != nil {
			return 0, err
		}
		n := 0
		if rev != 0 {
			if _, err := fmt.Sscan(string(value), &n); err != nil {
				return 0, err
			}
		}
		n++
		if _, err = s.store.Save(context.Background(), s.key, fmt.Append(nil, n), rev, day); err == nil {
			return n, nil
		}
		if !errors.Is(err, dialogs.ErrConflict) {
			return 0, err
		}
	}
}

func (s suite) endedContext() {
	rev := s.save("x", 0, day)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := s.store.Load(ctx, s.key); !errors.Is(err, context.Canceled) {
		s.Errorf("Load: %v", err)
	}
	if _, err := s.store.Save(ctx, s.key, []byte("y"), rev, day); !errors.Is(err, context.Canceled) {
		s.Errorf("Save: %v", err)
	}
	s.want("x", rev)
}

func (s suite) badTTL() {
	for _, ttl := range []time.Duration{0, -time.Second, time.Microsecond} {
		if _, err := s.store.Save(context.Background(), s.key, []byte("x"), 0, ttl); err == nil || errors.Is(err, dialogs.ErrConflict) {
			s.Errorf("time to live %v: %v", ttl, err)
		}
	}
	s.want("", 0)
}

package dialogstest

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"time"

	"pgregory.net/rapid"

	"liuhen/storage/dialogs"
)

// entry is a dialog of the model: what is stored and how long it still lives.
type entry struct {
	value []byte
	rev   uint64
	left  time.Duration
}

// model lets random calls run against the store and against a map, and compares every answer.
func (s suite) model() {
	rapid.Check(s.T, func(t *rapid.T) {
		run := rand.Text() // fresh dialogs in each run
		stored := map[string]entry{}
		revs := []uint64{0, 42} // every revision ever seen, to try old ones
		drawKey := func(t *rapid.T) string { return run + rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "key") }
		load := func(t *rapid.T) {
			key := drawKey(t)
			value, rev, err := s.store.Load(context.Background(), key)
			if want := stored[key]; err != nil || !bytes.Equal(value, want.value) || rev != want.rev {
				t.Fatalf("loaded %x, %d, %v; want %x, %d", value, rev, err, want.value, want.rev)
			}
		}
		save := func(t *rapid.T, key string, rev uint64) {
			value := rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "value")
			ttl := time.Duration(rapid.IntRange(1, 10).Draw(t, "hours")) * time.Hour
			next, err := s.store.Save(context.Background(), key, value, rev, ttl)
			switch {
			case rev != stored[key].rev:
				if !errors.Is(err, dialogs.ErrConflict) || next != 0 {
					t.Fatalf("saved on %d over %d: %d, %v", rev, stored[key].rev, next, err)
				}
			case err != nil || (next == 0) != (len(value) == 0):
				t.Fatalf("saving %x on %d: %d, %v", value, rev, next, err)
			case next == 0:
				delete(stored, key)
			case slices.Contains(revs, next):
				t.Fatalf("revision %d came back", next)
			default:
				revs = append(revs, next)
				stored[key] = entry{value, next, ttl}
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"load":          load,
			"save":          func(t *rapid.T) { key := drawKey(t); save(t, key, stored[key].rev) },
			"save on other": func(t *rapid.T) { save(t, drawKey(t), rapid.SampledFrom(revs).Draw(t, "rev")) },
			"wait": func(t *rapid.T) {
				d := time.Duration(rapid.IntRange(1, 5).Draw(t, "hours"))*time.Hour - 30*time.Minute
				s.advance(d)
				for key, e := range stored {
					if e.left -= d; e.left <= 0 {
						delete(stored, key)
					} else {
						stored[key] = e
					}
				}
			},
		})
	})
}

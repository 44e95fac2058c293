package vault

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"
)

// ErrNoSuchKey says that the key file has no key of that id.
var ErrNoSuchKey = errors.New("the key file has no such key")

// stamp tells whether a file is still the one that was read.
type stamp struct {
	size int64
	at   time.Time
}

func stampOf(st fs.FileInfo) stamp { return stamp{st.Size(), st.ModTime()} }

// now is the ring as the file has it now: another process may have added a key. A file that has gone, is damaged or belongs to
// another database changes nothing: what was read at the start still opens everything it did.
func (k *Keys) now() *ring {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.path == "" {
		return k.ring
	}
	st, err := os.Stat(k.path)
	if err != nil || stampOf(st) == k.seen {
		return k.ring
	}
	if r, seen, err := readRing(k.path); err == nil && r.macID == k.ring.macID {
		k.ring, k.seen = r, seen
	}
	return k.ring
}

// find looks for a key, and if need be in the file as it is now.
func (k *Keys) find(id keyID) (sealKey, bool) {
	if key, ok := k.ring0().byID(id); ok {
		return key, true
	}
	return k.now().byID(id)
}

// ring0 is the ring as it was read last.
func (k *Keys) ring0() *ring {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.ring
}

// NewKeyID is a fresh name for a key.
func NewKeyID() string { return newID().String() }

// Add puts a fresh key of that suite and id at the end of the key file, where it wraps from now on; one that is there already
// stays. The file is replaced in one step and is on disk when Add returns. The caller sees to it that nobody else changes the
// file meanwhile.
func (k *Keys) Add(id string, s Suite) error {
	raw, err := hex.DecodeString(id)
	if err != nil || len(raw) != idSize {
		return fmt.Errorf("%q is not the id of a key", id)
	}
	return k.change(func(r *ring) error {
		if _, there := r.byID(keyID(raw)); there {
			return nil
		}
		c := s.cipherOf()
		r.seal = append(slices.Clone(r.seal), sealKey{id: keyID(raw), suite: c, secret: randomBytes(c.keySize)})
		return nil
	})
}

// Remove takes a key out of the key file; never the last one.
func (k *Keys) Remove(id string) error {
	return k.change(func(r *ring) error {
		i := slices.IndexFunc(r.seal, func(key sealKey) bool { return key.id.String() == id })
		if i < 0 {
			return fmt.Errorf("%s: %w", id, ErrNoSuchKey)
		}
		if len(r.seal) == 1 {
			return errors.New("it is the only key to seal with")
		}
		r.seal = slices.Delete(slices.Clone(r.seal), i, i+1)
		return nil
	})
}

// change rewrites the file and then reads it back: what counts is what the next start will find.
func (k *Keys) change(f func(*ring) error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	r, _, err := readRing(k.path)
	if err != nil {
		return err
	}
	if r.macID != k.ring.macID {
		return fmt.Errorf("key file %s: it was exchanged for another one: put the right one back", k.path)
	}
	if err := f(r); err != nil {
		return err
	}
	if err := store(k.path, r, os.Rename); err != nil {
		return fmt.Errorf("changing the key file %s: %w; see that its folder is writable and has space", k.path, err)
	}
	r, seen, err := readRing(k.path)
	if err == nil {
		k.ring, k.seen = r, seen
	}
	return err
}

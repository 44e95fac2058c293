// Package dialogs keeps the state of each dialog between two updates: bytes, a revision and a time
// to live, in Redis (or Valkey) or in a table of the SQL database. Both behave the same; the suite in
// dialogstest says how. Nothing here is the only copy of anything that was signed: losing a dialog
// costs its owner the unsigned draft.
//
// Wrap a store in [Encrypted] before use: stores write keys and values as they get them, and an
// expired draft stays readable in Redis' append-only file until that is rewritten.
package dialogs

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// ErrConflict says that the stored revision is not the one the caller had loaded: load again and
// start over.
var ErrConflict = errors.New("the dialog was changed meanwhile")

// Store is what [Table], [Redis] and [Encrypted] offer.
type Store interface {
	// Load gives the value under key and its revision; nil and 0 without error if there is none.
	Load(ctx context.Context, key string) (value []byte, rev uint64, err error)

	// Save replaces the value if its revision still is rev, for the time ttl (at least a millisecond),
	// and gives the new revision; rev 0 means that there must be none. Otherwise: ErrConflict. An empty
	// value deletes, under the same condition, with new revision 0.
	//
	// Revisions are random 63-bit numbers, never 0: none comes back after an expiry or a deletion, so
	// that a caller who slept through either gets a conflict.
	//
	// After any other error the value may have been saved all the same; so it may, rarely, after a
	// conflict, when Redis answered into a broken connection. Loading again tells.
	Save(ctx context.Context, key string, value []byte, rev uint64, ttl time.Duration) (newRev uint64, err error)

	// Ping says whether the store can be used.
	Ping(ctx context.Context) error

	// Close releases what the store itself has opened.
	Close() error
}

var (
	_ Store = (*Table)(nil)
	_ Store = (*Redis)(nil)
	_ Store = (*Sealed)(nil)
)

func newRevision() uint64 {
	for {
		var b [8]byte
		rand.Read(b[:])                                          //nolint:errcheck // never fails: crypto/rand ends the process instead
		if rev := binary.BigEndian.Uint64(b[:]) >> 1; rev != 0 { // 63 bits: BIGINT is signed
			return rev
		}
	}
}

func checkTTL(value []byte, ttl time.Duration) error {
	if len(value) > 0 && ttl < time.Millisecond {
		return fmt.Errorf("saving a dialog: time to live %v is less than a millisecond", ttl)
	}
	return nil
}

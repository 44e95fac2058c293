package dialogs

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"time"
)

// Sealer keeps values and names unreadable: *vault.Box, or *vault.Keys.
type Sealer interface {
	Seal(plaintext []byte, place ...string) []byte
	Open(sealed []byte, place ...string) ([]byte, error)
	MAC(purpose string, parts ...[]byte) []byte
}

// Sealed is a [Store] that sees to it that the store beneath never learns a key or a value.
type Sealed struct {
	store Store
	keys  Sealer
}

// Encrypted wraps store: values are sealed for their key's place and no other, and the store's keys
// are keyed hashes, since the callers' contain chat ids.
func Encrypted(store Store, keys Sealer) *Sealed { return &Sealed{store: store, keys: keys} }

// Load implements [Store]. A value that does not open gives an error wrapping vault.ErrCannotOpen
// together with its revision, with which the caller may delete it.
func (s *Sealed) Load(ctx context.Context, key string) ([]byte, uint64, error) {
	sealed, rev, err := s.store.Load(ctx, s.name(key))
	if err != nil || rev == 0 {
		return nil, 0, err
	}
	value, err := s.keys.Open(sealed, "dialog", key)
	if err != nil {
		return nil, rev, fmt.Errorf("loading a dialog: %w", err)
	}
	return value, rev, nil
}

// Save implements [Store].
func (s *Sealed) Save(ctx context.Context, key string, value []byte, rev uint64, ttl time.Duration) (uint64, error) {
	if len(value) > 0 {
		value = s.keys.Seal(value, "dialog", key)
	}
	return s.store.Save(ctx, s.name(key), value, rev, ttl)
}

// Ping implements [Store].
func (s *Sealed) Ping(ctx context.Context) error { return s.store.Ping(ctx) }

// Close implements [Store] and closes the store beneath.
func (s *Sealed) Close() error { return s.store.Close() }

// Each passes every value to see, sealed as it is stored, until it returns an error. One saved meanwhile may be left out.
func (s *Sealed) Each(ctx context.Context, see func(sealed []byte) error) error {
	list, ok := s.store.(interface {
		each(ctx context.Context, see func(value []byte) error) error
	})
	if !ok {
		return errors.New("this store of dialogs cannot list them")
	}
	if err := list.each(ctx, see); err != nil {
		return fmt.Errorf("listing dialogs: %w", err)
	}
	return nil
}

func (s *Sealed) name(key string) string {
	return base64.RawURLEncoding.EncodeToString(s.keys.MAC("dialog", []byte(key)))
}

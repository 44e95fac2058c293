package db

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"liuhen/storage/vault"
)

// Wrapper locks data keys away. The key file is one ([vault.Keys]); a key service or a hardware module is another.
type Wrapper interface {
	// Current is the id of the key that wraps now.
	Current() string
	// Wrap locks a data key away, bound to place, and says by which key.
	Wrap(ctx context.Context, secret []byte, place ...string) (by string, wrapped []byte, err error)
	// Unwrap gives it back. An error wrapping [vault.ErrCannotOpen] means never, with this wrapper; any other one means not now.
	Unwrap(ctx context.Context, by string, wrapped []byte, place ...string) ([]byte, error)
}

// ErrWrapper says that the key service does not answer: nothing sealed can be read or written now, and nothing is wrong with it.
var ErrWrapper = errors.New("the key service cannot be used now")

// Every row with something sealed has a data key of its own, and that lies wrapped in data_keys, not in the row: what was signed
// is never changed, and another key-encryption key needs only these little rows to be changed ([DB.Rewrap]). Rows of earlier
// releases are sealed under the key file directly, and say so in their first byte.

// sealBytes seals one column of one row.
func (t *tx) sealBytes(plain []byte, table, id, column string) ([]byte, error) {
	k, err := t.rowKey(table, id)
	if err != nil {
		return nil, fmt.Errorf("seal %s.%s: %w", table, column, err)
	}
	return k.Seal(t.d.Suite, plain, table, id, column, "1"), nil
}

// rowKey is a row's data key, made if there is none yet.
func (t *tx) rowKey(table, id string) (vault.DataKey, error) {
	if k, found, err := t.dataKey(table, id); found || err != nil {
		return k, err
	}
	k := vault.NewDataKey()
	by, wrapped, err := t.d.wrapper().Wrap(t.ctx, k.Secret(), "data_keys", table, id)
	if err != nil {
		return k, fmt.Errorf("%w: %w", ErrWrapper, err)
	}
	if err := t.noteService(by); err != nil {
		return k, err
	}
	n, err := t.exec(`INSERT INTO data_keys (of_table, of_row, wrapped_by, wrapped) VALUES ($1, $2, $3, $4)
		ON CONFLICT (of_table, of_row) DO NOTHING`, table, id, by, wrapped)
	if err != nil || n == 1 {
		return k, err
	}
	k, found, err := t.dataKey(table, id) // another process was first
	if err == nil && !found {
		err = errors.New("a data key came and went")
	}
	return k, err
}

func (t *tx) dataKey(table, id string) (k vault.DataKey, found bool, err error) {
	if w, ok := t.fetched[[2]string{table, id}]; ok {
		k, err = t.d.unwrap(t.ctx, w.by, w.wrapped, table, id)
		return k, err == nil, err
	}
	var by string
	var wrapped []byte
	found, err = t.one([]any{&by, &wrapped}, "SELECT wrapped_by, wrapped FROM data_keys WHERE of_table = $1 AND of_row = $2", table, id)
	if err != nil || !found {
		return k, false, err
	}
	k, err = t.d.unwrap(t.ctx, by, wrapped, table, id)
	return k, err == nil, err
}

// fetchKeys reads the data keys of a list of rows at once, for the calls of openBytes that follow.
func fetchKeys[T any](t *tx, table string, of []T, id func(T) string) error {
	if len(of) == 0 {
		return nil
	}
	if t.fetched == nil {
		t.fetched = map[[2]string]wrappedKey{}
	}
	for batch := range slices.Chunk(of, 500) {
		args := []any{table}
		for _, x := range batch {
			args = append(args, id(x))
		}
		found, err := rows(t, (*wrappedKey).fields,
			"SELECT of_table, of_row, wrapped_by, wrapped FROM data_keys WHERE of_table = $1 AND of_row IN "+list(2, len(batch)), args...)
		if err != nil {
			return err
		}
		for _, w := range found {
			t.fetched[[2]string{w.table, w.row}] = w
		}
	}
	return nil
}

// unwrap asks the wrapper once for each wrapped key: it may be a service in another house.
func (d *DB) unwrap(ctx context.Context, by string, wrapped []byte, table, id string) (vault.DataKey, error) {
	place := key(table, id, string(wrapped))
	if k, ok := d.opened.get(place); ok {
		return k, nil
	}
	secret, err := d.wrapper().Unwrap(ctx, by, wrapped, "data_keys", table, id)
	if errors.Is(err, vault.ErrCannotOpen) {
		return vault.DataKey{}, fmt.Errorf("unwrap the data key of %s %s: %w", table, id, err)
	}
	if err != nil {
		return vault.DataKey{}, fmt.Errorf("%w: %w", ErrWrapper, err)
	}
	k, err := vault.DataKeyOf(secret)
	if err == nil {
		d.opened.put(place, k)
	}
	return k, err
}

func (d *DB) wrapper() Wrapper {
	if d.Wrapper != nil {
		return d.Wrapper
	}
	return d.Keys
}

// openedKeys remembers data keys by what they are wrapped as, so that it can never hold a wrong or a discarded one.
type openedKeys struct {
	sync.Mutex
	keys map[string]vault.DataKey
}

// openedLimit bounds the remembered keys; they are forgotten all at once.
const openedLimit = 4096

func (o *openedKeys) get(place string) (vault.DataKey, bool) {
	o.Lock()
	defer o.Unlock()
	k, ok := o.keys[place]
	return k, ok
}

func (o *openedKeys) put(place string, k vault.DataKey) {
	o.Lock()
	defer o.Unlock()
	if o.keys == nil || len(o.keys) >= openedLimit {
		o.keys = map[string]vault.DataKey{}
	}
	o.keys[place] = k
}

// Box is the data key of a store that does not lie in this database, made on the first call.
func (d *DB) Box(ctx context.Context, store string) (*vault.Box, error) {
	b := &vault.Box{Keys: d.Keys, Suite: d.Suite}
	return b, d.write(ctx, "find the key of the "+store, func(t *tx) (err error) {
		b.Key, err = t.rowKey(store, "all")
		return err
	})
}

// SealHead implements vault.Heads: the head of a piece of evidence has a data key like a row, so that the file never changes.
func (d *DB) SealHead(ctx context.Context, plaintext []byte, name string, place ...string) (sealed []byte, err error) {
	err = d.write(ctx, "seal evidence", func(t *tx) error {
		k, err := t.rowKey("blobs", name)
		if err == nil {
			sealed = k.Seal(d.Suite, plaintext, append([]string{"blob", name}, place...)...)
		}
		return err
	})
	return sealed, err
}

// OpenHead implements vault.Heads. It opens heads of earlier releases as well.
func (d *DB) OpenHead(ctx context.Context, sealed []byte, name string, place ...string) (plain []byte, err error) {
	if !vault.Enveloped(sealed) {
		return vault.Direct{Keys: d.Keys}.OpenHead(ctx, sealed, name, place...)
	}
	err = d.snapshot(ctx, "open evidence", func(t *tx) error {
		k, found, err := t.dataKey("blobs", name)
		if err == nil && !found {
			err = fmt.Errorf("%w: its data key is gone", vault.ErrCannotOpen)
		}
		if err == nil {
			plain, err = k.Open(sealed, append([]string{"blob", name}, place...)...)
		}
		return err
	})
	return plain, err
}

// Overhead implements vault.Heads.
func (d *DB) Overhead() int { return vault.Overhead }

package db

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"

	"liuhen/storage/ledger"
	"liuhen/storage/vault"
)

// sizeBlock is what the size in a checkpoint is padded to, in bytes.
const sizeBlock = 24

// Roll is a checkpoint with the proofs that entries were there.
type Roll struct {
	Checkpoint []byte // signed
	db         *DB
	tree       *ledger.Roll
}

// Prove is the proof that an entry was in the log at the checkpoint, as it is kept; false when it was filed after it.
func (r *Roll) Prove(id string, canonical []byte) ([]byte, bool) {
	p, there := r.tree.Prove(r.db.leafName(leafEntry, id), id, r.db.leafSalt(leafEntry, id), r.db.sums(leafEntry, id, canonical))
	return p.Marshal(), there
}

// Checkpoint is the log's state now, signed.
func (d *DB) Checkpoint(ctx context.Context) (signed []byte, err error) {
	r, err := d.Roll(ctx)
	if err != nil {
		return nil, err
	}
	return r.Checkpoint, nil
}

// Roll makes a checkpoint of the log now. It takes some 50 µs for each entry there is.
func (d *DB) Roll(ctx context.Context) (r *Roll, err error) {
	var k vault.DataKey
	err = d.write(ctx, "find the key of the log", func(t *tx) (err error) { // it writes only if nothing was ever logged
		k, err = t.logKey()
		return err
	})
	if err != nil {
		return nil, err
	}
	err = d.snapshot(ctx, "make a checkpoint", func(t *tx) error {
		size, err := ledger.Size(ctx, t)
		if err != nil {
			return err
		}
		r = &Roll{db: d}
		if r.tree, err = t.roll(size); err != nil {
			return err
		}
		sealed := k.Seal(d.Suite, pad([]byte(number(size)), sizeBlock), "log", "checkpoint", "size", "1")
		c := ledger.Checkpoint{At: d.Clock().In(d.Zone), Size: sealed, Roll: r.tree.Root()}
		if c.State, err = t.state(size); err != nil {
			return err
		}
		r.Checkpoint, err = c.Sign(d.Keys.Signer(d.Suite))
		return err
	})
	return r, err
}

// roll is the tree over the entries among the first leaves of the log. Nothing sealed is opened for it.
func (t *tx) roll(size int64) (*ledger.Roll, error) {
	ids, err := texts(t, "SELECT id FROM records ORDER BY id")
	if err != nil {
		return nil, err
	}
	leaves := map[string]tlog.Hash{}
	for some := range slices.Chunk(ids, verifyBatch) {
		if err := t.leavesOf(some, size, leaves); err != nil {
			return nil, err
		}
	}
	return ledger.NewRoll(t.d.Keys.MAC("log roll", binary.BigEndian.AppendUint64(nil, uint64(size))), leaves), nil
}

// leavesOf puts the leaves of entries that are among the first of the log into out, by their names.
func (t *tx) leavesOf(entries []string, size int64, out map[string]tlog.Hash) error {
	args := []any{size}
	for _, id := range entries {
		args = append(args, t.d.leafName(leafEntry, id))
	}
	found, err := rows(t, func(r *logRow) []any { return []any{&r.n, &r.name} },
		"SELECT n, name FROM log WHERE n < $1 AND name IN "+list(2, len(entries)), args...)
	if err != nil || len(found) == 0 {
		return err
	}
	name := map[int64]string{}
	args = nil
	for _, r := range found {
		i := tlog.StoredHashIndex(0, r.n)
		name[i] = r.name
		args = append(args, i)
	}
	hashes, err := rows(t, func(r *hashRow) []any { return []any{&r.i, &r.hash} },
		"SELECT i, hash FROM log_hashes WHERE i IN "+list(1, len(args)), args...)
	for _, r := range hashes {
		if len(r.hash) != tlog.HashSize {
			return fmt.Errorf("hash %d of the log is of %d bytes: run verify", r.i, len(r.hash))
		}
		out[name[r.i]] = tlog.Hash(r.hash)
	}
	return err
}

func openSize(k vault.DataKey, sealed []byte) (int64, error) {
	b, err := k.Open(sealed, "log", "checkpoint", "size", "1")
	if err != nil {
		return 0, fmt.Errorf("open the size of a checkpoint: %w", err)
	}
	return strconv.ParseInt(string(unpad(b)), 10, 64)
}

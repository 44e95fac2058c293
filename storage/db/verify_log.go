package db

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"liuhen/storage/ledger"
	"liuhen/storage/vault"
)

// theLog is the log as it stands in the store, put into memory to be compared.
type theLog struct {
	of     map[ref]int64 // positions; taken out as their things are found
	hashes map[int64]tlog.Hash
	size   int64
}

// verifyLog compares the log with everything it should be of, and itself. Whatever was altered, removed, put in or put elsewhere
// since it was stored is named, unless the end of the log went with it: that only a state of the log kept elsewhere tells
// ([DB.Contradicts]).
func (t *tx) verifyLog(tell func(Finding)) error {
	l, err := t.readLog(tell)
	if err != nil {
		return err
	}
	disposed, err := t.disposed()
	if err != nil {
		return err
	}
	for _, w := range allWitnessed {
		err := w.each(t, func(id string, _ int64, content []byte) {
			n, there := l.of[ref{w.kind, id}]
			delete(l.of, ref{w.kind, id})
			switch h, stored := l.hashes[tlog.StoredHashIndex(0, n)]; {
			case there && content == nil && disposed[[2]string{w.table, id}]: // its leaf stays; verifyDeeds looks whether it was allowed
			case !there:
				tell(Finding{id, w.table, "it is not in the log: it was put in"})
			case content == nil, stored && h != t.d.sums(w.kind, id, content).Leaf():
				tell(Finding{id, w.table, fmt.Sprintf("it differs from leaf %d of the log: it was altered", n)})
			}
		})
		if err != nil {
			return err
		}
	}
	for r, n := range l.of {
		tell(Finding{r.ID, tableOf(r.Kind), fmt.Sprintf("it is gone: leaf %d of the log is of it", n)})
	}
	return nil
}

// disposed are the rows whose data keys a disposal destroyed.
func (t *tx) disposed() (map[[2]string]bool, error) {
	found, err := rows(t, func(g *[2]string) []any { return []any{&g[0], &g[1]} }, "SELECT of_table, of_row FROM gone")
	out := map[[2]string]bool{}
	for _, g := range found {
		out[g] = true
	}
	return out, err
}

func tableOf(kind string) string {
	for _, w := range allWitnessed {
		if w.kind == kind {
			return w.table
		}
	}
	return "log"
}

// readLog reads the log and tells what of it is not as it was made: each position once, each ref its own, each hash above
// the leaves the one that follows from them.
func (t *tx) readLog(tell func(Finding)) (*theLog, error) {
	l := &theLog{of: map[ref]int64{}, hashes: map[int64]tlog.Hash{}}
	bad := func(n int64, why string) { tell(Finding{fmt.Sprintf("leaf %d", n), "log", why}) }
	k, _, err := t.dataKey("log", "all") // without it no ref opens, and that is told
	if err != nil && !errors.Is(err, vault.ErrCannotOpen) {
		return nil, err
	}
	for {
		found, err := rows(t, func(r *logRow) []any { return []any{&r.n, &r.name, &r.ref} },
			"SELECT n, name, ref FROM log WHERE n >= $1 ORDER BY n LIMIT $2", l.size, verifyBatch)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			break
		}
		for _, r := range found {
			for ; l.size < r.n; l.size++ {
				bad(l.size, "it is gone")
			}
			l.size++
			what, err := openRef(k, r.ref, r.n)
			_, twice := l.of[what]
			if err != nil || r.name != t.d.leafName(what.Kind, what.ID) || twice {
				bad(r.n, "it was altered, or put elsewhere")
				continue
			}
			l.of[what] = r.n
		}
	}
	return l, t.readHashes(l, bad)
}

type logRow struct {
	n    int64
	name string
	ref  []byte
}

type hashRow struct {
	i    int64
	hash []byte
}

func (t *tx) readHashes(l *theLog, bad func(n int64, why string)) error {
	want := tlog.StoredHashCount(l.size)
	for after := int64(-1); ; {
		found, err := rows(t, func(r *hashRow) []any { return []any{&r.i, &r.hash} },
			"SELECT i, hash FROM log_hashes WHERE i > $1 ORDER BY i LIMIT $2", after, verifyBatch)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			break
		}
		for _, r := range found {
			after = r.i
			if r.i < 0 || r.i >= want || len(r.hash) != tlog.HashSize {
				bad(leafBelow(r.i), "a hash was put in, or is of another length")
				continue
			}
			l.hashes[r.i] = tlog.Hash(r.hash)
		}
	}
	for i := range want {
		level, n := tlog.SplitStoredHashIndex(i)
		h, there := l.hashes[i]
		if !there {
			bad(n<<level, "a hash over it is gone")
			continue
		}
		if level == 0 {
			continue // compared with what it is of
		}
		left, ok1 := l.hashes[tlog.StoredHashIndex(level-1, 2*n)]
		right, ok2 := l.hashes[tlog.StoredHashIndex(level-1, 2*n+1)]
		if ok1 && ok2 && tlog.NodeHash(left, right) != h {
			bad(n<<level, "a hash over it does not follow from the leaves")
		}
	}
	return nil
}

func leafBelow(i int64) int64 {
	if i < 0 {
		return i
	}
	level, n := tlog.SplitStoredHashIndex(i)
	return n << level
}

// Contradicts compares the log with a receipt or checkpoint that this system issued, and tells how the two contradict each
// other: then the log was rewritten, or its end removed, by whoever has all keys. Run [DB.Verify] as well: what is compared here
// is the tree. The error is one of ledger's when the text is not this system's.
func (d *DB) Contradicts(ctx context.Context, signed []byte, tell func(Finding)) error {
	keys := d.Keys.Verifiers()
	r, err := ledger.OpenReceipt(signed, keys...)
	if err == nil {
		return d.snapshot(ctx, "compare with a receipt", func(t *tx) error { return t.contradictsReceipt(r, tell) })
	}
	c, cerr := ledger.OpenCheckpoint(signed, keys...)
	if cerr != nil {
		return cerr
	}
	return d.snapshot(ctx, "compare with a checkpoint", func(t *tx) error { return t.contradictsCheckpoint(c, tell) })
}

func (t *tx) contradictsReceipt(r ledger.Receipt, tell func(Finding)) error {
	n, found, err := t.leafOf(leafEntry, r.Record)
	if err != nil {
		return err
	}
	if !found {
		tell(Finding{r.Record, "receipt", "the entry it was issued for is not in the log: it was removed"})
		return nil
	}
	disposed, err := t.disposed()
	if err != nil {
		return err
	}
	var body []byte
	if _, err := t.one([]any{&body}, "SELECT body FROM records WHERE id = $1", r.Record); err != nil {
		return err
	}
	canonical, err := t.openRecord(toVerify, r.Record, body)
	sums := t.d.sums(leafEntry, r.Record, canonical)
	switch {
	case err != nil && disposed[[2]string{"records", r.Record}]: // as two people agreed; that it was filed stands in the log
	case err != nil:
		tell(Finding{r.Record, "receipt", "the entry it was issued for is gone or does not open"})
	case r.Digest != sums.Name(vault.Standard) && r.Digest != sums.Name(vault.Guomi):
		tell(Finding{r.Record, "receipt", "the entry is not the one it was issued for: it was altered"})
	}
	return t.sameState(n+1, r.State, Finding{r.Record, "receipt", "the log up to the entry is not what it was when it was issued: it was rewritten"}, tell)
}

func (t *tx) contradictsCheckpoint(c ledger.Checkpoint, tell func(Finding)) error {
	at := c.At.Format("2006-01-02 15:04:05")
	k, found, err := t.dataKey("log", "all")
	if err != nil || !found {
		return fmt.Errorf("the key of the log is gone: %w", err)
	}
	then, err := openSize(k, c.Size)
	if err != nil {
		return err
	}
	now, err := ledger.Size(t.ctx, t)
	if err != nil {
		return err
	}
	if now < then {
		tell(Finding{"checkpoint of " + at, "log", fmt.Sprintf("the log had %d leaves then and has %d now: its end was removed", then, now)})
		return nil
	}
	if err := t.sameState(then, c.State, Finding{"checkpoint of " + at, "log", fmt.Sprintf("the first %d leaves are not what they were then: the log was rewritten", then)}, tell); err != nil || c.Roll == "" {
		return err
	}
	roll, err := t.roll(then)
	if err == nil && roll.Root() != c.Roll {
		tell(Finding{"checkpoint of " + at, "records", "the entries are not those that there were then: some are gone or were put in"})
	}
	return err
}

func (t *tx) sameState(size int64, state string, otherwise Finding, tell func(Finding)) error {
	root, err := ledger.Root(t.ctx, t, size)
	if err != nil { // hashes are missing: that contradicts too
		tell(otherwise)
		return nil //nolint:nilerr // it was told
	}
	if !ledger.SameState(state, t.d.stateSalt(size), size, root) {
		tell(otherwise)
	}
	return nil
}

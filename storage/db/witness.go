package db

import (
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"liuhen/storage/ledger"
	"liuhen/storage/vault"
)

// witnessed is a kind of thing that becomes a leaf of the log when it comes into being (R4.4, R4.9). each passes everything of
// that kind in the store to see, as it is there now: its ID, its time, and all of it that was signed or done, nil when that
// does not open.
type witnessed struct {
	kind, table string
	each        func(t *tx, see func(id string, at int64, content []byte)) error
}

// Kinds of leaves.
const (
	leafEntry = "entry"
	leafLink  = "link"
	leafAct   = "act"
	leafAudit = "audit"
	leafBar   = "bar"
	leafSubst = "substitute"
	leafEnd   = "substitute_end"
	leafLeak  = "leak"

	leafMeasure = "measure"
	leafConfirm = "confirmation"
	leafDeed    = "deed"
	leafCheckIn = "checkin"
	leafAbsence = "absence"
)

// allWitnessed is everything append-only. A new append-only table calls [tx.witness] for each of its rows and gets a line here;
// nothing else is needed for [DB.Verify] to find whatever happens to it. Evidence and reports are compared with their entry.
var allWitnessed = []witnessed{
	{leafEntry, "records", eachEntry},
	{leafLink, "links", eachLink},
	{leafAct, "acts", eachAct},
	{leafAudit, "audit", eachAudit},
	{leafBar, "bars", eachBar},
	{leafSubst, "substitutes", eachSubstitute},
	{leafEnd, "substitute_ends", eachEnd},
	{leafLeak, "leaks", eachLeak},
	{leafMeasure, "measures", eachMeasure},
	{leafConfirm, "confirmations", eachConfirmation},
	{leafDeed, "deeds", eachDeed},
	{leafCheckIn, "checkins", eachCheckIn},
	{leafAbsence, "absences", eachAbsence},
}

// leaf is a thing that waits for its transaction's end to be appended.
type leaf struct {
	kind, id string
	at       int64 // milliseconds; 0: now. Only leaves that are made up for are sorted by it
	sums     ledger.Sums
}

// ref is what a leaf is of, sealed for its position.
type ref struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// refBlock is what a sealed ref is padded to, in bytes, so that all look the same.
const refBlock = 256

// witness makes a thing that was just stored a leaf of the log, in the same transaction. content is all of it that was signed
// or done, in its one byte form, in the clear: what becomes of it is two salted digests. Call it once for each row made; a
// repeat that made no row makes no leaf.
func (t *tx) witness(kind, id string, content []byte) {
	t.leaves = append(t.leaves, leaf{kind: kind, id: id, sums: t.d.sums(kind, id, content)})
}

// sums are the digests of a thing. Their salt is the thing's own, from the key file.
func (d *DB) sums(kind, id string, content []byte) ledger.Sums {
	return ledger.Digest(d.leafSalt(kind, id), kind, id, content)
}

func (d *DB) leafSalt(kind, id string) []byte {
	return d.Keys.MAC("log salt", []byte(kind), []byte(id))
}

// leafName is a leaf's natural key: from it nobody without the keys can tell what it is of.
func (d *DB) leafName(kind, id string) string {
	return hex.EncodeToString(d.Keys.MAC("log name", []byte(kind), []byte(id)))
}

func (d *DB) sealRef(k vault.DataKey, r ref, n int64) []byte {
	b, err := json.Marshal(r)
	if err != nil {
		panic("db: two texts that JSON does not take") // it takes all
	}
	return k.Seal(d.Suite, pad(b, refBlock), "log", number(n), "ref", "1")
}

func openRef(k vault.DataKey, sealed []byte, n int64) (r ref, err error) {
	b, err := k.Open(sealed, "log", number(n), "ref", "1")
	if err != nil {
		return ref{}, fmt.Errorf("open log %d: %w", n, err)
	}
	return r, json.Unmarshal(unpad(b), &r)
}

// logKey is the data key of the log: one for all of it, because refs hold names only.
func (t *tx) logKey() (vault.DataKey, error) { return t.rowKey("log", "all") }

// appendLeaves is the last thing a transaction does: whoever appends waits for nobody but the transaction before it, so that
// no two can wait for each other.
func (t *tx) appendLeaves() error {
	if len(t.leaves) == 0 {
		return nil
	}
	k, err := t.logKey()
	if err != nil {
		return err
	}
	if t.d.engine == postgresEngine { // SQLite has one writer anyway
		if _, err := t.exec("SELECT pg_advisory_xact_lock(7305163)"); err != nil {
			return err
		}
	}
	var all []ledger.Leaf
	for _, l := range t.leaves {
		all = append(all, ledger.Leaf{
			Name: t.d.leafName(l.kind, l.id), Sums: l.sums,
			Ref: func(n int64) []byte { return t.d.sealRef(k, ref{l.kind, l.id}, n) },
		})
	}
	t.leaves = nil
	_, err = ledger.Append(t.ctx, t, all)
	return err
}

// makeUpFor brings what was stored by releases without a log into it, in the order of time. It belongs to the transaction that
// makes the log's tables: broken off anywhere, nothing of it has happened, and the next start does it again. What does not
// open is left out, for [DB.Verify] to name.
func (t *tx) makeUpFor() error {
	if err := t.opensAnEntry(); err != nil { // other keys would leave all of it out
		return err
	}
	for _, w := range allWitnessed {
		err := w.each(t, func(id string, at int64, content []byte) {
			if content != nil {
				t.leaves = append(t.leaves, leaf{w.kind, id, at, t.d.sums(w.kind, id, content)})
			}
		})
		if err != nil {
			return fmt.Errorf("bring %s into the log: %w", w.table, err)
		}
	}
	slices.SortStableFunc(t.leaves, func(a, b leaf) int { return cmp.Compare(a.at, b.at) })
	return nil
}

// state is the log's at a size, as it may leave the system.
func (t *tx) state(size int64) (string, error) {
	root, err := ledger.Root(t.ctx, t, size)
	return ledger.State(t.d.Suite, t.d.stateSalt(size), size, root), err
}

func (d *DB) stateSalt(size int64) []byte {
	return d.Keys.MAC("log state", binary.BigEndian.AppendUint64(nil, uint64(size)))
}

// leafOf is a thing's position in the log.
func (t *tx) leafOf(kind, id string) (n int64, found bool, err error) {
	found, err = t.one([]any{&n}, "SELECT n FROM log WHERE name = $1", t.d.leafName(kind, id))
	return n, found, err
}

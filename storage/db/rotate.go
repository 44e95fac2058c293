package db

import (
	"context"
	"errors"
	"fmt"

	"liuhen/storage/vault"
)

// ErrOldKeys says that the key file is an old copy: data keys are wrapped by a key that it does not hold.
var ErrOldKeys = errors.New("the key file is older than the last change of keys")

// ErrKeyInUse says that a key-encryption key cannot be done without.
var ErrKeyInUse = errors.New("the key is still needed")

// rewrapBatch is how many data keys are wrapped anew in one transaction; filing goes on in between.
const rewrapBatch = 100

// register notes the first key-encryption key; later ones are noted by [DB.NextKey] alone, so that one that was retired stays so.
func (t *tx) register() error {
	_, err := t.exec(`INSERT INTO wrapping_keys (id, made_ms) SELECT $1, $2 WHERE NOT EXISTS (SELECT 1 FROM wrapping_keys)`,
		t.d.wrapper().Current(), t.d.now())
	return err
}

// noteService notes a key of a key service, which changes its keys by itself and knows best which are good.
func (t *tx) noteService(by string) error {
	if t.d.Wrapper == nil {
		return nil
	}
	_, err := t.exec("INSERT INTO wrapping_keys (id, made_ms) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING", by, t.d.now())
	return err
}

// matchKeys finds out whether all data keys can be unwrapped: [ErrOldKeys].
func (t *tx) matchKeys() error {
	var noted int
	if _, err := t.one([]any{&noted}, "SELECT COUNT(*) FROM wrapping_keys WHERE id = $1", t.d.wrapper().Current()); err != nil {
		return err
	}
	if noted == 0 && t.d.Wrapper == nil {
		return ErrOldKeys
	}
	used, err := texts(t, "SELECT DISTINCT wrapped_by FROM data_keys")
	if err != nil {
		return err
	}
	for _, by := range used {
		var w wrappedKey
		found, err := t.one(w.fields(), "SELECT of_table, of_row, wrapped_by, wrapped FROM data_keys WHERE wrapped_by = $1 LIMIT 1", by)
		if err != nil {
			return err
		}
		_, err = t.d.unwrap(t.ctx, w.by, w.wrapped, w.table, w.row)
		switch {
		case !found || errors.Is(err, vault.ErrCannotOpen) && t.d.Wrapper == nil && t.d.Keys.Holds(by): // one damaged row, for verify to name
		case errors.Is(err, vault.ErrCannotOpen):
			return ErrOldKeys
		case err != nil:
			return err
		}
	}
	return nil
}

type wrappedKey struct {
	table, row, by string
	wrapped        []byte
}

func (w *wrappedKey) fields() []any { return []any{&w.table, &w.row, &w.by, &w.wrapped} }

// NextKey adds a key-encryption key to the key file and says whether it did: one that an earlier call broken off has added, and
// that does not wrap everything yet, is gone on with. Two calls at once add one key.
func (d *DB) NextKey(ctx context.Context, s vault.Suite) (added bool, err error) {
	id := vault.NewKeyID()
	err = d.write(ctx, "note a new key", func(t *tx) error {
		_, err := t.exec("INSERT INTO wrapping_keys (id, made_ms) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING", id, d.now())
		return err
	})
	if err != nil {
		return false, err
	}
	// Noted first, because a running bot wraps by the new key as soon as it stands in the file, and a noted key that was never
	// added to it does no harm.
	err = d.write(ctx, "add a key to the key file", func(t *tx) error {
		if added || d.Keys.Current() == id { // begun again, the commit's answer was lost
			return nil
		}
		if err := t.alone(); err != nil {
			return err
		}
		var left int
		if _, err := t.one([]any{&left}, "SELECT COUNT(*) FROM data_keys WHERE wrapped_by <> $1", d.Keys.Current()); err != nil || left > 0 {
			return err
		}
		if err := d.Keys.Add(id, s); err != nil {
			return err
		}
		added = true
		return nil
	})
	return added, err
}

// alone lets one transaction at a time change the key file.
func (t *tx) alone() error {
	if t.d.engine != postgresEngine {
		return nil // it has one writer
	}
	_, err := t.exec("SELECT pg_advisory_xact_lock(7305162)")
	return err
}

// Rewrap wraps by the current key whatever another one wraps, in small transactions beside a running bot, and tells after each
// how many are left. Broken off anywhere, it goes on when called again.
func (d *DB) Rewrap(ctx context.Context, tell func(done, left int)) (done int, err error) {
	for {
		n, left := 0, 0
		err := d.write(ctx, "wrap data keys", func(t *tx) (err error) {
			n, left, err = t.rewrap(d.wrapper().Current())
			return err
		})
		if err != nil {
			return done, err
		}
		done += n
		tell(done, left)
		if left == 0 {
			return done, nil
		}
	}
}

func (t *tx) rewrap(current string) (n, left int, err error) {
	found, err := rows(t, (*wrappedKey).fields,
		"SELECT of_table, of_row, wrapped_by, wrapped FROM data_keys WHERE wrapped_by <> $1 ORDER BY of_table, of_row LIMIT $2", current, rewrapBatch)
	if err != nil {
		return 0, 0, err
	}
	for _, w := range found {
		secret, err := t.d.wrapper().Unwrap(t.ctx, w.by, w.wrapped, "data_keys", w.table, w.row)
		if err != nil {
			return n, 0, fmt.Errorf("unwrap the data key of %s %s: %w", w.table, w.row, err)
		}
		by, wrapped, err := t.d.wrapper().Wrap(t.ctx, secret, "data_keys", w.table, w.row)
		if err == nil {
			err = t.noteService(by)
		}
		if err != nil {
			return n, 0, err
		}
		k, err := t.exec("UPDATE data_keys SET wrapped_by = $1, wrapped = $2 WHERE of_table = $3 AND of_row = $4 AND wrapped_by = $5",
			by, wrapped, w.table, w.row, w.by)
		if err != nil {
			return n, 0, err
		}
		n += k
	}
	_, err = t.one([]any{&left}, "SELECT COUNT(*) FROM data_keys WHERE wrapped_by <> $1", current)
	return n, left, err
}

// KeyUse is one key-encryption key and what it holds.
type KeyUse struct {
	ID      string
	Wraps   int  // data keys
	Rows    int  // sealed columns of earlier releases, which need this key for ever
	Current bool // wraps what comes
	Held    bool // the key file holds it
}

// KeyUses lists all key-encryption keys that anything needs.
func (d *DB) KeyUses(ctx context.Context) (out []KeyUse, err error) {
	err = d.snapshot(ctx, "list keys", func(t *tx) error {
		out, err = rows(t, func(u *KeyUse) []any { return []any{&u.ID, &u.Wraps} },
			`SELECT w.id, COUNT(k.of_row) FROM wrapping_keys w LEFT JOIN data_keys k ON k.wrapped_by = w.id GROUP BY w.id, w.made_ms ORDER BY w.made_ms, w.id`)
		if err != nil {
			return err
		}
		old, err := t.directUses()
		for i := range out {
			u := &out[i]
			u.Rows, u.Current, u.Held = old[u.ID], u.ID == d.wrapper().Current(), d.Keys.Holds(u.ID)
		}
		return err
	})
	return out, err
}

// sealedColumns are all columns with something sealed. A test compares them with the schema.
var sealedColumns = [][2]string{{"records", "head"}, {"records", "body"}, {"evidence", "body"}, {"reports", "body"}, {"acts", "body"}, {"measures", "body"}, {"bars", "head"}, {"leaks", "body"}, {"deeds", "body"}, {"checkins", "body"}, {"absences", "body"}, {"told", "head"}}

// directUses counts what earlier releases sealed under the key file directly, by the key's id, which stands in bytes 2 to 5.
func (t *tx) directUses() (map[string]int, error) {
	out := map[string]int{}
	for _, c := range sealedColumns {
		table, column := c[0], c[1]
		q := fmt.Sprintf("SELECT LOWER(HEX(SUBSTR(%s, 2, 4))), COUNT(*) FROM %s WHERE HEX(SUBSTR(%[1]s, 1, 1)) = '01' GROUP BY 1", column, table)
		if t.d.engine == postgresEngine {
			q = fmt.Sprintf("SELECT encode(substr(%s, 2, 4), 'hex'), COUNT(*) FROM %s WHERE get_byte(%[1]s, 0) = 1 GROUP BY 1", column, table)
		}
		type use struct {
			id string
			n  int
		}
		found, err := rows(t, func(u *use) []any { return []any{&u.id, &u.n} }, q)
		if err != nil {
			return nil, err
		}
		for _, u := range found {
			out[u.id] += u.n
		}
	}
	return out, nil
}

// Retire lets go of a key-encryption key that wraps nothing any more. A process that still wraps by it fails to, and looks into
// the key file: the database itself refuses a data key whose key is not noted.
func (d *DB) Retire(ctx context.Context, id string) error {
	uses, err := d.KeyUses(ctx)
	if err != nil {
		return err
	}
	for _, u := range uses {
		if u.ID == id && (u.Current || u.Wraps > 0 || u.Rows > 0) {
			return fmt.Errorf("%w: %s wraps %d data keys and opens %d columns of an earlier release", ErrKeyInUse, id, u.Wraps, u.Rows)
		}
	}
	n := 0
	err = d.write(ctx, "retire a key", func(t *tx) (err error) {
		if err := t.alone(); err != nil {
			return err
		}
		if err := t.unused(id); err != nil {
			return err
		}
		n, err = t.exec("DELETE FROM wrapping_keys WHERE id = $1", id)
		return err
	})
	if err != nil {
		return err
	}
	if err := d.Keys.Remove(id); n == 0 || !errors.Is(err, vault.ErrNoSuchKey) {
		return err
	}
	return nil // noted by a call that was broken off before it stood in the file, or taken out by one that was broken off after
}

// unused makes sure that no data key is wrapped by a key of the key file, whatever stands beside it.
func (t *tx) unused(id string) error {
	if t.d.Wrapper != nil {
		return nil
	}
	var n int
	if _, err := t.one([]any{&n}, "SELECT COUNT(*) FROM data_keys WHERE "+t.wrapping()+" = $1", id); err != nil || n == 0 {
		return err
	}
	return fmt.Errorf("%w: %s wraps %d data keys that say another one: run verify", ErrKeyInUse, id, n)
}

package db

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"liuhen/storage/vault"
)

// ErrOtherKeys says that the database was made with other keys: with these it would take new entries while the old ones do not open.
var ErrOtherKeys = errors.New("the database was made with another key file")

// Mark is what a database keeps of the keys it was made with; nothing can be learnt of them by it. Keys that are added to a key file
// leave it as it is.
func Mark(k *vault.Keys) string {
	return base64.RawURLEncoding.EncodeToString(k.MAC("key-fingerprint"))
}

const keyMarkTable = "CREATE TABLE IF NOT EXISTS key_mark (one BIGINT NOT NULL PRIMARY KEY, mark TEXT NOT NULL)"

// MarkKeys ties a new database to its keys and compares afterwards: [ErrOtherKeys], [ErrOldKeys].
func (d *DB) MarkKeys(ctx context.Context) error {
	return d.write(ctx, "compare the keys with the database's", func(t *tx) error {
		if d.engine == postgresEngine { // or two first starts could both make the table
			if _, err := t.exec("SELECT pg_advisory_xact_lock(7305161)"); err != nil {
				return err
			}
		}
		if _, err := t.exec(keyMarkTable); err != nil {
			return err
		}
		var mark string
		found, err := t.one([]any{&mark}, "SELECT mark FROM key_mark WHERE one = 1")
		if err != nil {
			return err
		}
		if found {
			if mark != Mark(d.Keys) {
				return ErrOtherKeys
			}
			return t.matchKeys()
		}
		if err := t.opensAnEntry(); err != nil {
			return err
		}
		_, err = t.exec("INSERT INTO key_mark (one, mark) VALUES (1, $1)", Mark(d.Keys))
		return err
	})
}

// opensAnEntry tells the keys of a database without a mark by its latest entry, if it has any.
func (t *tx) opensAnEntry() error {
	var id string
	var sealed []byte
	found, err := t.one([]any{&id, &sealed}, "SELECT id, head FROM records ORDER BY signed_ms DESC LIMIT 1")
	if err != nil || !found {
		return err
	}
	var h head
	if t.unseal(toVerify, sealed, &h, "records", id, "head") != nil {
		return ErrOtherKeys
	}
	return nil
}

// State is what can be told of a database without changing it.
type State struct {
	Version int    // of its schema; 0: nothing was made there yet
	Newest  int    // version this release knows
	Mark    string // see [Mark]; "": none yet
}

// Look reads the state of the database at url and changes nothing: no file is made, no schema brought up to date.
func Look(ctx context.Context, address string) (State, error) {
	s := State{Newest: newest()}
	pool, err := looking(address)
	if err != nil || pool == nil {
		return s, err
	}
	defer pool.Close() //nolint:errcheck // nothing was written
	if there, err := hasTable(ctx, pool, address, "schema_version"); err != nil || !there {
		return s, err
	}
	if err := pool.QueryRowContext(ctx, "SELECT COALESCE(MAX(version), 0) FROM schema_version").Scan(&s.Version); err != nil {
		return s, fmt.Errorf("look at the database: %w", err)
	}
	there, err := hasTable(ctx, pool, address, "key_mark")
	if err != nil || !there {
		return s, err
	}
	err = pool.QueryRowContext(ctx, "SELECT mark FROM key_mark WHERE one = 1").Scan(&s.Mark)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return s, fmt.Errorf("look at the database: %w", err)
	}
	return s, nil
}

// looking opens a database for reading only; nil if there is no file.
func looking(address string) (*sql.DB, error) {
	path, isFile := strings.CutPrefix(address, "sqlite:")
	if !isFile {
		_, connector, err := connect(address)
		if err != nil {
			return nil, err
		}
		return sql.OpenDB(connector), nil
	}
	st, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look at the SQLite database: %w", err)
	}
	if !st.Mode().IsRegular() {
		return nil, fmt.Errorf("look at the SQLite database: %s is not a file", path)
	}
	// mode=rw does not make the file; without leave to write, SQLite could not read beside a running bot either.
	q := url.Values{"mode": {"rw"}, "_pragma": {"busy_timeout(10000)", "query_only(1)"}}
	return sql.Open("sqlite", (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String())
}

func hasTable(ctx context.Context, pool *sql.DB, address, table string) (there bool, err error) {
	q := "SELECT to_regclass($1) IS NOT NULL"
	if strings.HasPrefix(address, "sqlite:") {
		q = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1)"
	}
	if err := pool.QueryRowContext(ctx, q, table).Scan(&there); err != nil {
		return false, fmt.Errorf("look at the database: %w", err)
	}
	return there, nil
}

package db

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

// Each schema version is NNNN.sql, the same for both engines, and NNNN.<engine>.sql for what only one of them understands.
// A version that was released is never edited.
//
//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema up to this release's version, all in one transaction; several processes may start at once.
func (d *DB) migrate(ctx context.Context) error {
	return d.write(ctx, "prepare database", func(t *tx) error {
		if err := t.lockSchema(); err != nil {
			return err
		}
		var have int
		if _, err := t.one([]any{&have}, "SELECT COALESCE(MAX(version), 0) FROM schema_version"); err != nil {
			return err
		}
		if want := newest(); have > want {
			return fmt.Errorf("%w: its schema is version %d, this release knows versions up to %d; run the newer release, or restore a backup made before the upgrade",
				ErrNewerSchema, have, want)
		}
		if err := t.raise(have, newest()); err != nil {
			return err
		}
		return t.register()
	})
}

// lockSchema lets one process at a time change the schema, and makes the table of its version.
func (t *tx) lockSchema() error {
	if t.d.engine == postgresEngine {
		if _, err := t.exec("SELECT pg_advisory_xact_lock(7305161)"); err != nil {
			return err
		}
	}
	_, err := t.exec("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY, made_ms BIGINT NOT NULL)")
	return err
}

// logVersion is the schema version that brought the log.
const logVersion = 2

// raise makes the versions after have, up to want.
func (t *tx) raise(have, want int) error {
	for v := have + 1; v <= want; v++ {
		for _, name := range []string{fmt.Sprintf("%04d.sql", v), fmt.Sprintf("%04d.%s.sql", v, t.d.engine)} {
			text, err := fs.ReadFile(migrations, "migrations/"+name)
			if err != nil {
				return err
			}
			if _, err := t.ExecContext(t.ctx, string(text)); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		if v == logVersion && have > 0 {
			if err := t.makeUpFor(); err != nil {
				return err
			}
		}
		if _, err := t.exec("INSERT INTO schema_version (version, made_ms) VALUES ($1, $2)", v, t.d.now()); err != nil {
			return err
		}
	}
	return nil
}

// newest is the number of schema versions this release knows.
func newest() int {
	n := 0
	list, _ := fs.Glob(migrations, "migrations/????.sql") // the pattern is valid
	for _, name := range list {
		if !strings.Contains(strings.TrimSuffix(name, ".sql"), ".") {
			n++
		}
	}
	return n
}

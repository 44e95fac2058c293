package db

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// Part is some rows of one table, in a form that neither engine owns: values are nil, int64, bool, string or []byte.
type Part struct {
	Table   string
	Columns []string
	Rows    [][]any
}

// partRows and partBytes bound what is in memory of a table.
const (
	partRows  = 500
	partBytes = 1 << 20
)

// notDumped are tables that a backup leaves out: the schema's version stands in its head, dialogs are drafts that live with
// Redis or like it (a backup of them would keep what was never signed), and tries only hold guessing off for an hour.
var notDumped = []string{"schema_version", "dialogs", "tries"}

// Dump passes everything that must last to keep, as it is at one moment, while the bot goes on; and says which version of the
// schema that is. Keys come first, then every table after those it refers to.
func (d *DB) Dump(ctx context.Context, keep func(Part) error) (version int, err error) {
	// Not transact: what keep was given cannot be taken back and given again.
	err = d.once(ctx, &sql.TxOptions{ReadOnly: true, Isolation: d.oneMoment()}, func(t *tx) error {
		if _, err := t.one([]any{&version}, "SELECT MAX(version) FROM schema_version"); err != nil {
			return err
		}
		tables, err := t.tables()
		if err != nil {
			return err
		}
		for _, table := range tables {
			if err := t.dumpTable(table, keep); err != nil {
				return fmt.Errorf("table %s: %w", table, err)
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("dump: %w", err)
	}
	return version, nil
}

// tables lists what is dumped, in the order in which it can be read in again.
func (t *tx) tables() ([]string, error) {
	q := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
	refs := `SELECT m.name, f."table" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'`
	if t.d.engine == postgresEngine {
		q = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name"
		refs = `SELECT c.relname, p.relname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid
			WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace`
	}
	all, err := texts(t, q)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(name string) bool { return slices.Contains(notDumped, name) })
	pairs, err := rows(t, func(p *[2]string) []any { return []any{&p[0], &p[1]} }, refs)
	if err != nil {
		return nil, err
	}
	above := map[string][]string{ // what no column refers to in the clear
		"reports": {"records"}, "evidence": {"records", "acts"}, "bars": {"reports"}, "checkins": {"records"}, "measures": {"persons"},
		"told":  {"records", "reports", "measures", "persons"},
		"audit": {"records", "acts", "measures", "deeds", "absences", "persons", "cases"},
		"deeds": {"cases"}, "gone": {"records", "reports", "acts", "evidence", "absences"}, "outbox": {"absences", "measures"},
	}
	for _, p := range pairs {
		above[p[0]] = append(above[p[0]], p[1])
	}
	var out []string
	var visit func(string)
	visit = func(name string) {
		if slices.Contains(out, name) || !slices.Contains(all, name) {
			return
		}
		slices.Sort(above[name])
		for _, up := range above[name] {
			if up != name {
				visit(up)
			}
		}
		out = append(out, name)
	}
	for _, name := range append([]string{"wrapping_keys", "data_keys"}, all...) {
		visit(name)
	}
	return out, nil
}

// dumpTable orders by the first column, so that a backup says nothing about the order in which rows were made.
func (t *tx) dumpTable(table string, keep func(Part) error) error {
	rs, err := t.QueryContext(t.ctx, fmt.Sprintf("SELECT * FROM %s ORDER BY 1, 2", table))
	if err != nil {
		return err
	}
	defer rs.Close() //nolint:errcheck // Err says what went wrong
	types, err := rs.ColumnTypes()
	if err != nil {
		return err
	}
	p, size := Part{Table: table}, 0
	for _, c := range types {
		p.Columns = append(p.Columns, c.Name())
	}
	for rs.Next() {
		row, dest := make([]any, len(types)), make([]any, len(types))
		for i := range row {
			dest[i] = &row[i]
		}
		if err := rs.Scan(dest...); err != nil {
			return err
		}
		for i, v := range row {
			if row[i], err = neutral(v, types[i].DatabaseTypeName()); err != nil {
				return fmt.Errorf("column %s: %w", types[i].Name(), err)
			}
			switch v := row[i].(type) {
			case string:
				size += len(v)
			case []byte:
				size += len(v)
			}
		}
		if p.Rows = append(p.Rows, row); len(p.Rows) == partRows || size >= partBytes {
			if err := keep(p); err != nil {
				return err
			}
			p.Rows, size = nil, 0
		}
	}
	if err := rs.Err(); err != nil {
		return err
	}
	return keep(p)
}

// neutral is a value without its engine's habits: SQLite keeps truth as a number.
func neutral(v any, kind string) (any, error) {
	truth := strings.HasPrefix(strings.ToUpper(kind), "BOOL")
	switch v := v.(type) {
	case int64:
		if truth {
			return v != 0, nil
		}
		return v, nil
	case []byte:
		if !strings.EqualFold(kind, "BYTEA") {
			return string(v), nil
		}
		return slices.Clone(v), nil
	case nil, bool, string:
		return v, nil
	}
	return nil, fmt.Errorf("a value of type %T cannot be dumped", v)
}

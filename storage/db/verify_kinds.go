package db

import (
	"fmt"
	"strings"
)

// verifyKinds finds values that are not of their column's kind, and reports whether nothing else can be compared because of them. SQLite takes any
// value anywhere: a text where a number should be ends the reading of a table, and bytes for an ID make it endless. PostgreSQL takes none.
func (t *tx) verifyKinds(tell func(Finding)) (stop bool, err error) {
	if t.d.engine == postgresEngine {
		return false, nil
	}
	tables, err := texts(t, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
	if err != nil {
		return false, err
	}
	type found struct {
		row, columns string
		bars         bool
	}
	for _, table := range tables {
		q, err := t.kindsOf(table)
		if err != nil {
			return stop, err
		}
		wrong, err := rows(t, func(f *found) []any { return []any{&f.row, &f.columns, &f.bars} }, q)
		if err != nil {
			return stop, err
		}
		for _, f := range wrong {
			for column := range strings.FieldsSeq(f.columns) {
				tell(Finding{f.row, table + "." + column, "it is of another kind than anything the program writes: it was altered"})
			}
			stop = stop || f.bars
		}
	}
	if stop {
		tell(Finding{"", "verify", "nothing else was compared, because of these values"})
	}
	return stop, nil
}

// kindsOf asks for the rows of a table with a value of another kind: their primary keys, the columns' names, and whether one of them bars the reading.
func (t *tx) kindsOf(table string) (string, error) {
	type column struct {
		name, declared string
		filled, key    int
	}
	columns, err := rows(t, func(c *column) []any { return []any{&c.name, &c.declared, &c.filled, &c.key} },
		`SELECT name, type, "notnull", pk FROM pragma_table_info($1)`, table)
	if err != nil {
		return "", err
	}
	name, wrong, what, bars := []string{}, []string{"FALSE"}, []string{"''"}, []string{"FALSE"}
	for _, c := range columns {
		kind, ours := map[string]string{"BIGINT": "integer", "BOOLEAN": "integer", "BYTEA": "blob", "TEXT": "text"}[c.declared]
		if !ours {
			continue // no table of ours has such a column
		}
		right := fmt.Sprintf("TYPEOF(%s) = '%s'", c.name, kind)
		if c.declared == "BOOLEAN" {
			right += fmt.Sprintf(" AND %s IN (0, 1)", c.name)
		}
		if c.filled == 0 {
			right += fmt.Sprintf(" OR %s IS NULL", c.name)
		}
		if c.key > 0 {
			name = append(name, fmt.Sprintf("CASE TYPEOF(%s) WHEN 'text' THEN %[1]s ELSE QUOTE(%[1]s) END", c.name))
		}
		wrong = append(wrong, "NOT ("+right+")")
		if c.key > 0 || kind == "integer" {
			bars = append(bars, "NOT ("+right+")")
		}
		what = append(what, fmt.Sprintf("CASE WHEN %s THEN '' ELSE '%s ' END", right, c.name))
	}
	if len(name) == 0 {
		name = []string{"''"}
	}
	return fmt.Sprintf("SELECT %s, %s, %s FROM %s WHERE %s ORDER BY 1", strings.Join(name, " || '/' || "), strings.Join(what, " || "),
		strings.Join(bars, " OR "), table, strings.Join(wrong, " OR ")), nil
}

package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Transaction is the transaction in which leaves are appended or read: a [sql.Tx].
type Transaction interface {
	ExecContext(ctx context.Context, q string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error)
}

// Leaf is one thing to append.
type Leaf struct {
	Name string // its natural key: nothing is appended twice
	Sums Sums
	Ref  func(n int64) []byte // what it is a leaf of, sealed for its position
}

// batch is how many rows one statement inserts: 3 values each, and SQLite takes 32,766.
const batch = 400

// Append puts leaves at the end of the log, in their order, and says where the first one is. The caller sees to it that
// nobody else appends until the transaction ends.
func Append(ctx context.Context, t Transaction, leaves []Leaf) (first int64, err error) {
	if first, err = Size(ctx, t); err != nil {
		return 0, err
	}
	made := map[int64]tlog.Hash{}
	read := reader{ctx, t, made}
	var logRows, hashRows [][]any
	for i, l := range leaves {
		n := first + int64(i)
		logRows = append(logRows, []any{n, l.Name, l.Ref(n)})
		hashes, err := tlog.StoredHashesForRecordHash(n, l.Sums.Leaf(), read)
		if err != nil {
			return 0, fmt.Errorf("append to the log: %w", err)
		}
		for j, h := range hashes {
			at := tlog.StoredHashIndex(0, n) + int64(j)
			made[at] = h
			hashRows = append(hashRows, []any{at, h[:]})
		}
	}
	if err := insert(ctx, t, "log (n, name, ref)", logRows); err != nil {
		return 0, err
	}
	return first, insert(ctx, t, "log_hashes (i, hash)", hashRows)
}

// insert puts rows into a table, many with one statement.
func insert(ctx context.Context, t Transaction, into string, all [][]any) error {
	for len(all) > 0 {
		some := all[:min(batch, len(all))]
		all = all[len(some):]
		var args []any
		var values []string
		for _, row := range some {
			var marks []string
			for _, v := range row {
				args = append(args, v)
				marks = append(marks, fmt.Sprintf("$%d", len(args)))
			}
			values = append(values, "("+strings.Join(marks, ", ")+")")
		}
		if _, err := t.ExecContext(ctx, "INSERT INTO "+into+" VALUES "+strings.Join(values, ", "), args...); err != nil {
			return fmt.Errorf("append to the log: %w", err)
		}
	}
	return nil
}

// Size is the number of leaves.
func Size(ctx context.Context, t Transaction) (n int64, err error) {
	rows, err := t.QueryContext(ctx, "SELECT COALESCE(MAX(n) + 1, 0) FROM log")
	if err != nil {
		return 0, fmt.Errorf("size of the log: %w", err)
	}
	defer rows.Close() //nolint:errcheck // Err says what went wrong
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			return 0, fmt.Errorf("size of the log: %w", err)
		}
	}
	return n, rows.Err()
}

// Root is the root of the tree over the first size leaves.
func Root(ctx context.Context, t Transaction, size int64) (tlog.Hash, error) {
	root, err := tlog.TreeHash(size, reader{ctx, t, nil})
	if err != nil {
		return tlog.Hash{}, fmt.Errorf("root of the log at %d: %w", size, err)
	}
	return root, nil
}

// Inclusion proves to whoever knows the root at a size that leaf n is under it: tlog.CheckRecord, RFC 6962 2.1.1.
func Inclusion(ctx context.Context, t Transaction, size, n int64) (tlog.RecordProof, error) {
	p, err := tlog.ProveRecord(size, n, reader{ctx, t, nil})
	if err != nil {
		return nil, fmt.Errorf("prove leaf %d: %w", n, err)
	}
	return p, nil
}

// Consistency proves to whoever knows the roots at two sizes that the later log begins with the earlier one:
// tlog.CheckTree, RFC 6962 2.1.2.
func Consistency(ctx context.Context, t Transaction, size, earlier int64) (tlog.TreeProof, error) {
	p, err := tlog.ProveTree(size, earlier, reader{ctx, t, nil})
	if err != nil {
		return nil, fmt.Errorf("prove that the log of %d began with %d: %w", size, earlier, err)
	}
	return p, nil
}

// reader reads stored hashes, those just made first.
type reader struct {
	ctx  context.Context
	t    Transaction
	made map[int64]tlog.Hash
}

// ReadHashes is that of [tlog.HashReader].
func (r reader) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var marks []string
	var args []any
	for _, i := range indexes {
		if _, ok := r.made[i]; !ok {
			args = append(args, i)
			marks = append(marks, fmt.Sprintf("$%d", len(args)))
		}
	}
	found, err := r.stored("SELECT i, hash FROM log_hashes WHERE i IN ("+strings.Join(marks, ", ")+")", args)
	if err != nil {
		return nil, err
	}
	out := make([]tlog.Hash, len(indexes))
	for j, i := range indexes {
		h, ok := r.made[i]
		if !ok {
			h, ok = found[i]
		}
		if !ok {
			return nil, fmt.Errorf("the log lacks hash %d", i)
		}
		out[j] = h
	}
	return out, nil
}

func (r reader) stored(q string, args []any) (map[int64]tlog.Hash, error) {
	found := map[int64]tlog.Hash{}
	if len(args) == 0 {
		return found, nil
	}
	rows, err := r.t.QueryContext(r.ctx, q, args...)
	if err != nil {
		return nil, fmt.Errorf("read the log: %w", err)
	}
	defer rows.Close() //nolint:errcheck // Err says what went wrong
	for rows.Next() {
		var i int64
		var b []byte
		if err := rows.Scan(&i, &b); err != nil {
			return nil, fmt.Errorf("read the log: %w", err)
		}
		if len(b) != tlog.HashSize {
			return nil, fmt.Errorf("hash %d of the log is of %d bytes", i, len(b))
		}
		found[i] = tlog.Hash(b)
	}
	return found, rows.Err()
}

package db_test

import (
	"fmt"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"liuhen/storage/db/dbtest"
	"liuhen/storage/ledger"
)

// BenchmarkProof proves inclusion in a log of 100,000 leaves, and consistency with one of 60,000, and checks the proofs.
func BenchmarkProof(b *testing.B) {
	d := dbtest.SQLite(b, b.TempDir()+"/a.db")()
	t, err := d.SQL().BeginTx(b.Context(), nil)
	must(b, err)
	defer t.Rollback() //nolint:errcheck // it is thrown away
	var leaves []ledger.Leaf
	for i := range 100_000 {
		sums := ledger.Digest(nil, "x", fmt.Sprint(i), nil)
		leaves = append(leaves, ledger.Leaf{Name: fmt.Sprint(i), Sums: sums, Ref: func(int64) []byte { return []byte{0} }})
	}
	_, err = ledger.Append(b.Context(), t, leaves)
	must(b, err)
	root, err := ledger.Root(b.Context(), t, 100_000)
	must(b, err)
	earlier, err := ledger.Root(b.Context(), t, 60_000)
	must(b, err)
	hashes := 0
	for b.Loop() {
		p, err := ledger.Inclusion(b.Context(), t, 100_000, 77_777)
		must(b, err)
		must(b, tlog.CheckRecord(p, 100_000, root, 77_777, leaves[77_777].Sums.Leaf()))
		q, err := ledger.Consistency(b.Context(), t, 100_000, 60_000)
		must(b, err)
		must(b, tlog.CheckTree(q, 100_000, root, 60_000, earlier))
		hashes = len(p)
	}
	b.ReportMetric(float64(hashes), "hashes/proof")
}

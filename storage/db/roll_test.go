package db_test

import (
	"testing"

	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
	"liuhen/storage/ledger"
)

// A roll proves what was filed before it and nothing else; what is filed later changes neither it nor what a checkpoint says, and
// a checkpoint whose entries are not those of the log is named, though the log itself is as it was.
func TestRoll(t *testing.T) {
	d := dbtest.SQLite(t, t.TempDir()+"/a.db")()
	w := dbtest.Seed(t, d)
	first, second := w.Direct(w.Appraisers[0], w.Cases[0], "x"), w.Zero(w.Appraisers[1], w.Cases[0])
	file(t, d, w, w.Appraisers[0], first)
	r, err := d.Roll(t.Context())
	must(t, err)
	file(t, d, w, w.Appraisers[1], second)
	mark, err := ledger.OpenCheckpoint(r.Checkpoint, d.Keys.Verifiers()...)
	must(t, err)
	canonical, err := first.Canonical()
	must(t, err)
	proof, there := r.Prove(first.ID, canonical)
	signed, err := ledger.OpenReceipt(receipt(t, d, w.Appraisers[0], first.ID), d.Keys.Verifiers()...)
	must(t, err)
	if !there || ledger.Check(canonical, proof, signed, mark) != nil {
		t.Error("an entry is not proved")
	}
	if _, there := r.Prove(second.ID, canonical); there {
		t.Error("a later entry is proved")
	}
	var found []db.Finding
	tell := func(f db.Finding) { found = append(found, f) }
	must(t, d.Contradicts(t.Context(), r.Checkpoint, tell))
	if len(found) != 0 {
		t.Errorf("a later entry contradicts an earlier checkpoint: %v", found)
	}
	other, err := ledger.OpenCheckpoint(checkpoint(t, d), d.Keys.Verifiers()...)
	must(t, err)
	mark.Roll = other.Roll
	forged, err := mark.Sign(d.Keys.Signer(d.Suite))
	must(t, err)
	must(t, d.Contradicts(t.Context(), forged, tell))
	if len(found) != 1 || found[0].What != "records" {
		t.Errorf("entries put into a checkpoint: %v", found)
	}
}

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/storage/db/dbtest"
)

// TestExportSaysWhoseSignatureIsMissing: a case with a 缺签说明 is complete; its index says whose signature is missing and why, in
// constant words, and counts what was filed (AM-21).
func TestExportSaysWhoseSignatureIsMissing(t *testing.T) {
	environ, dir, w := installation(t, "")
	keyring(t, environ, dir, w)
	a, b, c := w.Appraisers[0], w.Appraisers[1], w.Cases[0]
	signed(t, environ, w, w.Zero(b, c))
	to := filepath.Join(t.TempDir(), "out")
	invoke(t, environ, "export", "--to", to).says(t, 0, "已导出 0 件|1 人未签署")
	config, err := readConfig(environ)
	must(t, err)
	s, err := openRegister(t.Context(), config, dbtest.At(dbtest.Start).Now, false)
	must(t, err)
	p := law.AbsenceDeed{ID: "absence000000001", Kind: law.ProposeAbsence, Unit: law.UnitID(w.Institution), By: law.PersonID(w.Head.ID), Case: c.ID, Signer: law.PersonID(a.ID), Reason: law.ReasonAway}
	q := law.AbsenceDeed{ID: "absence000000002", Kind: law.AgreeAbsence, Unit: law.UnitID(w.Institution), By: law.PersonID(w.Archivist.ID), About: p.ID}
	must(t, s.db.Commit(t.Context(), w.Head.Caller(), w.Event(), dbtest.Start, []flows.Durable{flows.NoteAbsence{Deed: p, Words: "canary7391"}}))
	must(t, s.db.Commit(t.Context(), w.Archivist.Caller(), w.Event(), dbtest.Start, []flows.Durable{flows.NoteAbsence{Deed: q}}))
	must(t, s.Close())
	invoke(t, environ, "export", "--to", to).says(t, 0, "已导出 1 件")
	index, err := os.ReadFile(filepath.Join(to, "case-"+c.ID, "index.json"))
	must(t, err)
	pdf, err := os.ReadFile(filepath.Join(to, "case-"+c.ID, "index.pdf"))
	must(t, err)
	note := "（缺签说明：长期离岗；" + w.Head.Name + "、" + w.Archivist.Name + "，2026年11月24日）"
	printed := strings.Join(strings.Fields(printedText(t, pdf)), "")
	for _, want := range []string{note, "干预司法鉴定活动记录表1份"} {
		if !strings.Contains(strings.ReplaceAll(string(index), " ", ""), want) || !strings.Contains(printed, want) {
			t.Errorf("the index does not say %s:\n%s\n%s", want, index, printed)
		}
	}
	if !strings.Contains(printed, a.Name+"未签署"+note) || strings.Contains(string(index)+printed, "canary7391") {
		t.Errorf("the printed index says %s", printed)
	}
	invoke(t, environ, "verify").says(t, 0, "0 faults")
}

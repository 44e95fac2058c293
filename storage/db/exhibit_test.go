package db_test

import (
	"errors"
	"strings"
	"testing"

	"liuhen/flows/law"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// What a reporter adds to a report is handed to those who handle it and to the reporter, to nobody else, and every asking is
// written down (Arts. 9, 10).
func TestEvidenceOfAnAnswer(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		s := direct()
		signer := s.Appraisers[0]
		s.do(signer, "", law.Reply, dbtest.Files("added")) // evidence alone is an answer
		s.do(signer, "", law.Reply, dbtest.Words("两件"), dbtest.Files("second", "third"))
		get := func(by dbtest.Somebody, of, file string) error {
			f, err := s.d.Evidence(t.Context(), by.Caller(), s.Event(), of, file)
			if err == nil && (f.ID != file || f.Blob != "blob-"+file) {
				t.Errorf("%s got %+v", by.Name, f)
			}
			return err
		}
		for _, file := range []string{"added", "second", "third"} {
			must(t, get(signer, s.record.ID, file))
			must(t, get(s.CityOfficer, s.report, file))
			must(t, get(s.OtherOfficer, s.report, file))
		}
		for _, p := range []dbtest.Somebody{s.Head, s.Receiver, s.Archivist, s.Appraisers[1], s.CityLead, s.ProvinceOfficer} {
			before := count(t, s.d, "SELECT COUNT(*) FROM audit WHERE action = 'read_evidence' AND NOT allowed")
			for _, of := range []string{s.record.ID, s.report} {
				if err := get(p, of, "added"); !errors.Is(err, db.ErrDenied) {
					t.Errorf("%s: %v", p.Name, err)
				}
			}
			if n := count(t, s.d, "SELECT COUNT(*) FROM audit WHERE action = 'read_evidence' AND NOT allowed") - before; n < 2 {
				t.Errorf("%s: %d refusals are written down", p.Name, n)
			}
		}
		if err := get(s.CityOfficer, s.report, "none"); !errors.Is(err, db.ErrDenied) {
			t.Errorf("evidence there is not: %v", err)
		}
		f := s.follows()
		if n := len(f.Acts); n != 2 || len(f.Acts[0].Files) != 1 || len(f.Acts[1].Files) != 2 {
			t.Errorf("its signer sees %+v", f.Acts)
		}
		s.do(s.CityOfficer, s.City, law.Accept)
		for name, err := range map[string]error{
			"a handler's":  s.try(s.CityOfficer, s.City, law.Ask, dbtest.Words("问"), dbtest.Files("x")),
			"too many":     s.try(signer, "", law.Reply, dbtest.Files(strings.Split("a b c d e f g h i j k l m n o p q r s t u", " ")...)),
			"nothing":      s.try(signer, "", law.Reply),
			"far too long": s.try(signer, "", law.Reply, dbtest.Words(strings.Repeat("长", 12_001))),
		} {
			if !errors.Is(err, db.ErrDenied) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := s.try(signer, "", law.Reply, dbtest.Files("")); err == nil {
			t.Error("evidence without a name was taken")
		}
		s.do(signer, "", law.Reply, dbtest.Words(strings.Repeat("长", 10_000)))
		_, err := s.d.Verify(t.Context(), func(f db.Finding) { t.Errorf("finding %+v", f) })
		must(t, err)
		raw := dump(t, s.d, "acts", "evidence", "audit", "outbox")
		for _, secret := range []string{"两件", "photo"} {
			if strings.Contains(raw, secret) {
				t.Errorf("%q stands in the clear", secret)
			}
		}
	})
}

// Evidence that was added and is gone, or was exchanged, is found.
func TestVerifyFindsAlteredAdditions(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		for _, q := range []string{
			"DELETE FROM evidence WHERE blob = 'blob-added'",
			"UPDATE evidence SET blob = 'other' WHERE blob = 'blob-added'",
			"UPDATE evidence SET size = 5 WHERE blob = 'blob-added'",
		} {
			s := direct()
			s.do(s.Appraisers[0], "", law.Reply, dbtest.Files("added"))
			unlock(t, s.d, "evidence")
			exec(t, s.d, q)
			var found []db.Finding
			_, err := s.d.Verify(t.Context(), func(f db.Finding) { found = append(found, f) })
			must(t, err)
			if len(found) != 1 || found[0].What != "evidence" {
				t.Errorf("%s: %+v", q, found)
			}
		}
	})
}

package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// wordsOfActs are what is written about a report after it was made: sealed, and printed by no command.
var wordsOfActs = []string{"雀言经过", "雀问何时", "雀诉报复", "雀令事实", "雀证笔录", "雀漏线索", "雀停理由", "雀启理由", "BIRDbytes证据", "雀失经过"}

// spoken is a furnished installation in which everything there is was written about a report.
func spoken(t *testing.T) (environ []string, dir string, w *dbtest.World) {
	t.Helper()
	environ, dir, w = furnished(t, "")
	s := opened(t, environ)
	a, officer := w.Appraisers[0], w.CityOfficer
	inbox, err := s.db.Desk(t.Context(), officer.Caller(), db.Where{})
	must(t, err)
	report := inbox.Inbox[0].ID
	must(t, w.Handle(s.db, officer, w.Act(officer, report, w.City, law.Ask, dbtest.Start, dbtest.Words("雀问何时")))())
	mine, err := s.db.Desk(t.Context(), a.Caller(), db.Where{})
	must(t, err)
	commit := func(by dbtest.Somebody, e flows.Durable) {
		t.Helper()
		must(t, s.db.Commit(t.Context(), by.Caller(), w.Event(), dbtest.Start, []flows.Durable{e}))
	}
	commit(a, flows.Complain{Record: mine.Records[0].ID, Act: w.Act(a, "", "", law.Complain, dbtest.Start, dbtest.Words("雀诉报复"))})
	b := w.Appraisers[1]
	z := w.Zero(b, w.Cases[0])
	must(t, s.db.Commit(t.Context(), b.Caller(), w.Event(), z.Signed, []flows.Durable{flows.File{Record: z}}))
	order := w.Order(officer, w.Appraisers[1], dbtest.Start)
	order.Text, order.Evidence = "雀令事实", "雀证笔录"
	must(t, w.Take(s.db, officer, order)())
	must(t, w.Leak(s.db, w.Confidant, "雀漏线索"))
	commit(officer, flows.Keep{Words: "雀停理由", Deed: law.Deed{ID: "hold000001", Kind: law.Hold, Unit: law.UnitID(officer.Unit), By: law.PersonID(officer.ID), Cases: []string{w.Cases[0].ID}}})
	return environ, dir, w
}

// errand is a command and what of the register it is there to print.
type errand struct {
	args    []string
	names   bool // of people
	numbers bool // of cases
	code    int
	says    string // that it did something
}

// TestCommandsTellNothing: what a command prints, and what it writes where the operator asked it to, holds nothing of what anybody
// reported, did about it, complained of or decided, names neither reporter nor interferer, and prints no case number, but for what
// it is there to print (R10.2, T16).
func TestCommandsTellNothing(t *testing.T) {
	environ, dir, w := spoken(t)
	keys := keyring(t, environ, dir, w)
	box, address := emulator(t)
	_ = box
	environ = with(environ, "TELEGRAM_API_URL="+address)
	public, identity := keyPair(t)
	to := t.TempDir()
	people, faulty := filepath.Join(to, "people.csv"), filepath.Join(to, "faulty.csv")
	must(t, os.WriteFile(people, []byte("主管机关,上级机关,机构,姓名,角色,执业证号,党员\n示例市司法局,示例省司法厅,,新来者,机关经办人,,\n"), 0o600))
	must(t, os.WriteFile(faulty, []byte("机构,案件编号,鉴定事项,委托人,委托人类型,鉴定人,受理日期,办结日期,办结方式\n没有的所,某1号,事项,委托人,其他,没有的人,不是日期,,\n"), 0o600))
	packages, opened := filepath.Join(to, "packages"), filepath.Join(to, "opened")
	for _, x := range []errand{
		{args: []string{"explain"}, says: "第五条"},
		{args: []string{"check"}},
		{args: []string{"verify"}, says: "0 faults"},
		{args: []string{"verify", "--public-key"}},
		{args: []string{"load", people}, says: "新来者"},
		{args: []string{"load", faulty}, code: 1, says: "第 2 行"},
		{args: []string{"load", "--invite", w.Appraisers[2].Name}, names: true},
		{args: []string{"load", "--template", filepath.Join(to, "template.xlsx")}},
		{args: []string{"keys"}},
		{args: []string{"keys", "rotate"}},
		{args: []string{"export", "--checkpoint", filepath.Join(to, "checkpoint")}},
		{args: []string{"export", "--to", packages}, numbers: true},
		{args: []string{"backup", "--to", public, filepath.Join(to, "all.backup")}, says: "entries"},
		{args: []string{"verify", "--checkpoint", filepath.Join(to, "checkpoint")}, says: "0 faults"},
		{args: []string{"export", "--unseal", filepath.Join(packages, "case-"+w.Cases[0].ID), "--identity", keys[w.City], "--reason", "雀启理由", "--to", opened}},
		{args: []string{"run"}, says: "liuhen runs"},
	} {
		t.Run(strings.Join(x.args[:min(len(x.args), 2)], " "), func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			defer cancel()
			if x.args[0] != "run" {
				ctx = t.Context()
			}
			got := invokeUntil(t, ctx, environ, x.args...)
			got.says(t, x.code, x.says)
			x.silent(t, w, "it prints", got.out+got.err)
		})
	}
	_ = identity
	seen := map[string]bool{}
	must(t, filepath.WalkDir(to, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path, opened) {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(to, path)
		seen[strings.SplitN(rel, string(filepath.Separator), 2)[0]] = true
		index := strings.HasPrefix(d.Name(), "index.") // who signs for the case, and its number: what the file of a case says anyway
		errand{names: index, numbers: index}.silent(t, w, rel, string(b)+path)
		return nil
	}))
	for _, f := range []string{"checkpoint", "packages", "all.backup", "template.xlsx"} {
		if !seen[f] {
			t.Errorf("the control failed: there is no %s", f)
		}
	}
	if b := readAll(t, opened); !bytes.Contains(b, []byte("雀言经过")) {
		t.Error("the control failed: what was unsealed does not hold the report")
	}
}

// silent fails the test for each word that must not be there.
func (x errand) silent(t *testing.T, w *dbtest.World, where, text string) {
	t.Helper()
	birds := map[string]bool{}
	for _, word := range wordsOfActs {
		birds[word] = true
	}
	for _, p := range []dbtest.Somebody{w.Appraisers[0], w.Head, w.CityOfficer, w.Confidant, w.Appraisers[1]} {
		birds[p.Name], birds[p.ID] = !x.names, true
	}
	for _, c := range w.Cases {
		birds[c.Number], birds[c.Client] = !x.numbers, c.Client != ""
	}
	for word, must := range birds {
		if must && word != "" && strings.Contains(text, word) {
			t.Errorf("%s: %q in %s", where, word, clipped(text, word))
		}
	}
}

// clipped is where a word stands.
func clipped(text, word string) string {
	at := strings.Index(text, word)
	return fmt.Sprintf("…%.120q…", text[max(0, at-60):])
}

func readAll(t *testing.T, dir string) (all []byte) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		all = slices.Concat(all, b)
		return err
	}))
	return all
}

package intake

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"liuhen/flows/law"
	"liuhen/flows/text"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var today = law.Date{Y: 2026, M: 11, D: 24}

// dump is a batch as a person can check it.
func dump(b *Batch) string {
	var out strings.Builder
	for _, p := range b.People {
		fmt.Fprintf(&out, "person %s!%d | %s < %s | %s | %s | %s | %s | %s\n", p.Sheet, p.Row, p.Authority, p.Superior, p.Institution,
			p.Name, written(p.Role), p.Licence, p.Party)
	}
	for _, c := range b.Cases {
		fmt.Fprintf(&out, "case %s!%d | %s | %s | %s | %s | %s | %s | %s | %s–%s %s\n", c.Sheet, c.Row, c.Institution, c.Number, c.MatchKey,
			c.Matter, c.Client, c.ClientType, strings.Join(c.Appraisers, "+"), c.Accepted, c.Closed, c.ClosingKind)
	}
	for _, s := range b.FaultTexts(text.ZhHans) {
		fmt.Fprintf(&out, "fault %s\n", s)
	}
	for _, s := range b.FaultTexts(text.En) {
		fmt.Fprintf(&out, "fault %s\n", s)
	}
	for _, n := range b.Notes {
		fmt.Fprintf(&out, "note %s\nnote %s\n", n.Text(text.ZhHans), n.Text(text.En))
	}
	return out.String()
}

// TestGolden reads files as offices produce them; what was understood stands beside each.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.csv")
	if err != nil || len(files) < 4 {
		t.Fatalf("test files: %v %v", files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			b, err := Read(file, data, today)
			if err != nil {
				t.Fatal(err)
			}
			checkGolden(t, strings.TrimSuffix(file, ".csv")+".golden", dump(b))
		})
	}
}

func checkGolden(t *testing.T, golden, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Error(d)
	}
}

// TestSentences asks of every code a sentence in both languages that uses its arguments and leaks no placeholder or long content.
func TestSentences(t *testing.T) {
	long := strings.Repeat("壹", 100)
	r := &reader{batch: &Batch{}, bad: map[place]bool{}}
	for _, code := range allCodes {
		r.fault("表", 3, text.ListNumber, code, long, "二")
	}
	for _, f := range r.batch.Faults {
		for _, locale := range []string{text.ZhHans, text.En} {
			s := f.Text(locale)
			switch {
			case strings.HasSuffix(s, ": "+string(f.Code)), strings.HasSuffix(s, "："+string(f.Code)), strings.ContainsAny(s, "{}"), strings.Contains(s, "\n"):
				t.Errorf("%s: no proper sentence: %s", f.Code, s)
			case strings.Count(s, "壹") > maxEcho:
				t.Errorf("%s shows more than %d characters: %s", f.Code, maxEcho, s)
			case !utf8.ValidString(s), !strings.HasSuffix(s, "。") && !strings.HasSuffix(s, "."):
				t.Errorf("%s does not end as a sentence: %s", f.Code, s)
			}
		}
		if zh, en := f.Text(text.ZhHans), f.Text(text.En); strings.Contains(zh, "壹") != strings.Contains(en, "壹") {
			t.Errorf("%s: the languages use different arguments:\n%s\n%s", f.Code, zh, en)
		}
	}
}

var allCodes = []text.ListCode{
	text.ListFileEmpty, text.ListFileTooBig, text.ListFileOldExcel, text.ListFileLocked, text.ListFileForeign, text.ListFileBroken,
	text.ListFileBomb, text.ListFileEncoding, text.ListFileQuote, text.ListFileRows, text.ListFileColumns, text.ListFileNoHeader,
	text.ListMissingColumns, text.ListDoubleColumn, text.ListNoRows, text.ListRequired, text.ListTooLong, text.ListUncalculated,
	text.ListCellError, text.ListScientific, text.ListBadDate, text.ListAmbiguousDate, text.ListFutureDate, text.ListClosedFirst,
	text.ListClosingUndated, text.ListBadRole, text.ListBadAnswer, text.ListBadClosing, text.ListNeedsInstitution,
	text.ListNoInstitution, text.ListLicenceTaken, text.ListNamesake, text.ListTwoAuthorities, text.ListTwoSuperiors,
	text.ListAuthorityLoop, text.ListPartyDiffers, text.ListCaseDiffers, text.ListNumberAlike, text.ListNamesUnclear,
	text.ListTooManyAppraisers, text.ListSheetHidden, text.ListSheetEmpty, text.ListSheetIgnored, text.ListExtraColumns,
	text.ListInvisible, text.ListClientGuess, text.ListRowTwice, text.ListCaseJoined, text.ListFooterRow,
}

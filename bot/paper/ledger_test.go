package paper

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

// TestLedger: an entry and a withdrawn one, each a row of strings; what looks like a formula is none, and nothing is a score.
func TestLedger(t *testing.T) {
	zone := time.FixedZone("CST", 8*3600)
	order := record.Measure{
		Kind: law.OrderCorrection, Subject: record.Person{Name: "=1+1"}, Institution: record.Person{Name: "云州正明司法鉴定所"}, Ground: law.NotTruthful.String(),
		Text: "@SUM(A1)", Evidence: "+1", Due: "2026-12-08", At: time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC), Report: "secret",
	}
	enter := record.Measure{Kind: law.EnterFile, Text: "-1", Number: "=HYPERLINK(\"x\")", Date: "2026-12-09"}
	list := []flows.Entry{
		{Measures: []record.Measure{order, {Kind: law.StateDefence, Text: "一"}, {Kind: law.StateDefence, Text: "二"}, enter, {Kind: law.Admonish, Number: "9"}}, Counts: true},
		{Measures: []record.Measure{order, enter, {Kind: law.WithdrawEntry, Text: "撤销", Number: "2", Date: "2026-12-10"}}, Withdrawn: true},
	}
	content, err := Ledger(list, zone)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(text.LedgerSheet)
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		text.LedgerColumns(),
		{"=1+1", "云州正明司法鉴定所", "（一）未如实记录、报告干预司法鉴定活动情况", "@SUM(A1)", "+1", "2026-11-24", "2026-12-08", "一\n二", "", "-1", "=HYPERLINK(\"x\")", "2026-12-09", "是", "9", "否"},
		{"=1+1", "云州正明司法鉴定所", "（一）未如实记录、报告干预司法鉴定活动情况", "@SUM(A1)", "+1", "2026-11-24", "2026-12-08", "", "", "-1", "=HYPERLINK(\"x\")", "2026-12-09", "否", "", "是", "2", "2026-12-10", "撤销"},
	}
	if !slices.EqualFunc(rows, want, slices.Equal[[]string]) {
		t.Errorf("%q", rows)
	}
	for _, cell := range []string{"A2", "D2", "E2", "J2", "K2"} {
		kind, err := f.GetCellType(text.LedgerSheet, cell)
		formula, _ := f.GetCellFormula(text.LedgerSheet, cell)
		if err != nil || kind != excelize.CellTypeSharedString && kind != excelize.CellTypeInlineString || formula != "" {
			t.Errorf("%s is of type %v, formula %q: %v", cell, kind, formula, err)
		}
	}
}

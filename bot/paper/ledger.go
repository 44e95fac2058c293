package paper

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

// LedgerName is the file name of the workbook: it says what it is, not whose it is (R10.2).
const LedgerName = "integrity.xlsx"

// Ledger is a workbook of what an authority has entered under Art. 11: data, never a score (R11.6). Every cell is a string, so
// that nothing typed by anybody is a formula.
func Ledger(list []flows.Entry, zone *time.Location) (content []byte, err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := f.SetSheetName(f.GetSheetName(0), text.LedgerSheet); err != nil {
		return nil, fmt.Errorf("name the sheet of entries: %w", err)
	}
	rows := [][]string{text.LedgerColumns()}
	for _, e := range list {
		rows = append(rows, ledgerRow(e, zone))
	}
	for i, cells := range rows {
		for j, s := range cells {
			at, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err == nil {
				err = f.SetCellStr(text.LedgerSheet, at, s)
			}
			if err != nil {
				return nil, fmt.Errorf("write row %d of the entries: %w", i+1, err)
			}
		}
	}
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("write the entries: %w", err)
	}
	return b.Bytes(), nil
}

// ledgerRow is one entry in the order of [text.LedgerColumns].
func ledgerRow(e flows.Entry, zone *time.Location) []string {
	o := e.Measures[0]
	words := func(k law.MeasureKind) string {
		var out []string
		for _, m := range e.Measures {
			if m.Kind == k {
				out = append(out, m.Text)
			}
		}
		return strings.Join(out, "\n")
	}
	of := func(k law.MeasureKind) (last record.Measure) {
		for _, m := range e.Measures {
			if m.Kind == k {
				last = m
			}
		}
		return last
	}
	yes := func(b bool) string {
		if b {
			return text.LedgerYes
		}
		return text.LedgerNo
	}
	enter, withdrawn := of(law.EnterFile), of(law.WithdrawEntry)
	return []string{
		o.Subject.Name, o.Institution.Name, text.Say(text.ZhHans, text.Key("ground."+o.Ground)), o.Text, o.Evidence,
		o.At.In(zone).Format(time.DateOnly), o.Due, words(law.StateDefence), words(law.NoteCorrection),
		enter.Text, enter.Number, enter.Date, yes(e.Counts), of(law.Admonish).Number,
		yes(e.Withdrawn), withdrawn.Number, withdrawn.Date, withdrawn.Text,
	}
}

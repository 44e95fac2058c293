package intake

import (
	"errors"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"liuhen/flows/text"
)

// textFormat is Excel's built-in number format "@": what is typed stays as typed, leading zeros included.
const textFormat = 49

// WriteTemplate writes an .xlsx workbook with a sheet for people and one for cases: header, text columns, two fictitious rows.
func WriteTemplate(w io.Writer) (err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := f.SetSheetName(f.GetSheetName(0), text.PeopleSheet); err != nil {
		return fmt.Errorf("name the people sheet: %w", err)
	}
	if _, err := f.NewSheet(text.CaseSheet); err != nil {
		return fmt.Errorf("add the case sheet: %w", err)
	}
	if err := fillSheet(f, text.PeopleSheet, text.PeopleColumns(), text.ExamplePeople()); err != nil {
		return err
	}
	if err := fillSheet(f, text.CaseSheet, text.CaseColumns(), text.ExampleCases()); err != nil {
		return err
	}
	if _, err := f.WriteTo(w); err != nil {
		return fmt.Errorf("write the template: %w", err)
	}
	return nil
}

func fillSheet(f *excelize.File, sheet string, columns []text.ListColumn, examples [][]string) error {
	body, err := f.NewStyle(&excelize.Style{NumFmt: textFormat})
	if err != nil {
		return fmt.Errorf("text style: %w", err)
	}
	head, err := f.NewStyle(&excelize.Style{NumFmt: textFormat, Font: &excelize.Font{Bold: true}})
	if err != nil {
		return fmt.Errorf("header style: %w", err)
	}
	last, err := excelize.ColumnNumberToName(len(columns))
	if err != nil {
		return fmt.Errorf("last column: %w", err)
	}
	err = errors.Join(f.SetColWidth(sheet, "A", last, 22), f.SetColStyle(sheet, "A:"+last, body),
		f.SetSheetRow(sheet, "A1", &columns), f.SetCellStyle(sheet, "A1", last+"1", head))
	for i, cells := range examples {
		err = errors.Join(err, f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+2), &cells),
			f.SetCellStyle(sheet, fmt.Sprintf("A%d", i+2), fmt.Sprintf("%s%d", last, i+2), body))
	}
	err = errors.Join(err, f.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
	if err != nil {
		return fmt.Errorf("fill the template: %w", err)
	}
	return nil
}

package intake

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"liuhen/flows/text"
)

// workbook builds an .xlsx file.
func workbook(t testing.TB, build func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	build(f)
	var buf bytes.Buffer
	if _, err := f.WriteTo(&buf); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func must(t testing.TB, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func rowsInto(t testing.TB, f *excelize.File, sheet string, first int, rows [][]any) {
	t.Helper()
	for i, r := range rows {
		must(t, f.SetSheetRow(sheet, fmt.Sprintf("A%d", first+i), &r))
	}
}

// TestWorkbook reads a month's list as a clerk keeps it: merged titles, a header of two lines, merged cells, date styles, formulas,
// a sheet of people, and sheets that are something else.
func TestWorkbook(t *testing.T) {
	data := workbook(t, func(f *excelize.File) {
		must(t, f.SetSheetName("Sheet1", "七月"))
		must(t, f.MergeCell("七月", "A1", "I1"), f.SetCellStr("七月", "A1", "示例司法鉴定中心2020年7月案件一览表"))
		must(t, f.SetSheetRow("七月", "A2", &[]any{"机构", "案件\n编号", "鉴定事项", "委托方", "委托人类型", "鉴定人", "日期", "", "办结方式"}))
		must(t, f.SetSheetRow("七月", "A3", &[]any{"", "", "", "", "", "", "受 理 日 期", "结案日期", ""}))
		for _, c := range []string{"A", "B", "C", "D", "E", "F", "I"} {
			must(t, f.MergeCell("七月", c+"2", c+"3"))
		}
		must(t, f.MergeCell("七月", "G2", "H2"))
		rowsInto(t, f, "七月", 4, [][]any{
			{"示例司法鉴定中心", "示例司鉴〔2020〕临鉴字第001号", "伤残等级鉴定", "示例区人民法院", "法院", "张三", nil, nil, "办结"},
			{nil, "示例司鉴〔2020〕临鉴字第002号", "伤残等级鉴定", "甲", "自然人", "张三", "2020.7.3", "2020年7月5日", nil},
			{nil, 120, "伤残等级鉴定", "甲", "自然人", "李四", 20200703, nil, nil},
			{nil, "0123", "笔迹鉴定", "甲", nil, "李四", nil, nil, nil},
		})
		must(t, f.MergeCell("七月", "A4", "A7"))
		day, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		must(t, err)
		must(t, f.SetCellValue("七月", "G4", time.Date(2020, 7, 1, 15, 30, 0, 0, time.UTC)), f.SetCellStyle("七月", "G4", "H4", day))
		must(t, f.SetCellInt("七月", "H4", 44020))
		zeros := "00000"
		padded, err := f.NewStyle(&excelize.Style{CustomNumFmt: &zeros})
		must(t, err)
		must(t, f.SetCellStyle("七月", "B6", "B6", padded))
		_, err = f.NewSheet("人员")
		must(t, err)
		rowsInto(t, f, "人员", 1, [][]any{
			{"姓名", "角色", "机构", "主管机关", "执业证号", "党员"},
			{"张三", "鉴定人", "示例司法鉴定中心", "示例市司法局", "000123", true},
		})
		for _, s := range []string{"空表", "旧表", "说明"} {
			_, err = f.NewSheet(s)
			must(t, err)
		}
		must(t, f.SetCellStr("旧表", "A1", "姓名"), f.SetSheetVisible("旧表", false), f.SetCellStr("说明", "A1", "请勿外传"))
	})
	b, err := Read(`C:\导出\七月.xlsx`, data, today)
	if err != nil {
		t.Fatal(err)
	}
	checkGolden(t, "testdata/workbook.golden", dump(b))
}

// TestWorkbookFaults: numbers that lost digits, errors and formulas without results are told, not guessed.
func TestWorkbookFaults(t *testing.T) {
	data := workbook(t, func(f *excelize.File) {
		rowsInto(t, f, "Sheet1", 1, [][]any{
			{"机构", "案件编号", "鉴定事项", "鉴定人", "受理日期"},
			{"示例司法鉴定中心", 140120200001000123, "笔迹鉴定", "张三", nil},
			{"示例司法鉴定中心", 1.4012e+20, "笔迹鉴定", "张三", nil},
			{"示例司法鉴定中心", "9", "笔迹鉴定", "张三", nil},
			{"示例司法鉴定中心", "10", strings.Repeat("长", 32767), "张三", 2020.7},
		})
		must(t, f.SetCellFormula("Sheet1", "E4", "TODAY()"))
	})
	data = editPart(t, data, "xl/worksheets/sheet1.xml", func(s string) string {
		return strings.Replace(s, "</sheetData>", `<row r="9"><c r="A9" t="str"><f>X</f><v>示例司法鉴定中心</v></c><c r="B9" t="e"><v>#REF!</v></c>`+
			`<c r="C9" t="inlineStr"><is><t>笔迹</t></is></c><c r="D9" t="inlineStr"><is><t>张三</t></is></c></row>`+
			`<row r="12"><c r="A12" t="str"><f>X</f><v>示例司法鉴定中心</v></c><c r="B12" t="inlineStr"><is><t>12</t></is></c>`+
			`<c r="C12" t="inlineStr"><is><r><t>笔</t></r><rPh sb="0" eb="1"><t>bi</t></rPh><r><t>迹_x000D_</t></r></is></c>`+
			`<c r="D12" t="inlineStr"><is><t>张三</t></is></c></row></sheetData>`, 1)
	})
	b, err := Read("坏.xlsx", data, today)
	if err != nil {
		t.Fatal(err)
	}
	checkGolden(t, "testdata/workbook_faults.golden", dump(b))
}

// Test1904 reads a workbook that counts days from 1904.
func Test1904(t *testing.T) {
	yes := true
	data := workbook(t, func(f *excelize.File) {
		must(t, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}))
		rowsInto(t, f, "Sheet1", 1, [][]any{
			{"机构", "案件编号", "鉴定事项", "鉴定人", "受理日期"},
			{"示例司法鉴定中心", "1", "笔迹鉴定", "张三", 44013 - 1462},
		})
	})
	b, err := Read("", data, today)
	if err != nil || len(b.Cases) != 1 || b.Cases[0].Accepted.String() != "2020-07-01" {
		t.Errorf("got %+v, %v", b, err)
	}
}

// TestTemplate: what is handed out reads back without a fault, and its cells are text.
func TestTemplate(t *testing.T) {
	var buf bytes.Buffer
	must(t, WriteTemplate(&buf))
	b, err := Read("template.xlsx", buf.Bytes(), today)
	if err != nil || len(b.Faults)+len(b.Notes) != 0 || len(b.People) != 4 || len(b.Cases) != 2 {
		t.Fatalf("%v\n%s", err, dump(b))
	}
	if p := b.People[0]; p.Licence != "000000000001" {
		t.Errorf("licence %q", p.Licence)
	}
	f, err := excelize.OpenReader(bytes.NewReader(buf.Bytes()))
	must(t, err)
	defer func() { must(t, f.Close()) }()
	for _, cell := range []string{"B1", "B2", "B3", "B500"} {
		id, err := f.GetCellStyle(text.CaseSheet, cell)
		must(t, err)
		style, err := f.GetStyle(id)
		must(t, err)
		if style.NumFmt != 49 {
			t.Errorf("%s has format %d", cell, style.NumFmt)
		}
	}
}

// editPart rewrites one part of a workbook.
func editPart(t testing.TB, data []byte, name string, edit func(string) string) []byte {
	t.Helper()
	zr, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	must(t, err)
	var parts []part
	for _, f := range zr.File {
		rc, err := f.Open()
		must(t, err)
		var b bytes.Buffer
		_, err = b.ReadFrom(rc)
		must(t, err, rc.Close())
		s := b.String()
		if f.Name == name {
			s = edit(s)
		}
		parts = append(parts, part{f.Name, s})
	}
	return zipped(t, parts...)
}

type part struct{ name, content string }

func zipped(t testing.TB, parts ...part) []byte {
	t.Helper()
	var buf bytes.Buffer
	zw := zip.NewWriter(&buf)
	for _, p := range parts {
		w, err := zw.Create(p.name)
		must(t, err)
		_, err = w.Write([]byte(p.content))
		must(t, err)
	}
	must(t, zw.Close())
	return buf.Bytes()
}

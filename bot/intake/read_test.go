package intake

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"liuhen/flows/law"
	"liuhen/flows/text"
)

var itoa = strconv.Itoa

// names, units and texts as lists hold them; every one is distinct, so that no two rows contradict each other.
func drawCases(t *rapid.T) []Case {
	n := rapid.IntRange(1, 8).Draw(t, "cases")
	var out []Case
	for i := range n {
		accepted := law.Date{Y: 2020, M: 7, D: 1}.AddDays(rapid.IntRange(0, 2000).Draw(t, "accepted"))
		c := Case{
			Institution: rapid.SampledFrom([]string{"示例司法鉴定中心", "第二司法鉴定所（普通合伙）"}).Draw(t, "institution"),
			Number:      fmt.Sprintf("示例司鉴〔2020〕%s字第%04d号", rapid.SampledFrom([]string{"临鉴", "文鉴"}).Draw(t, "kind"), i+1),
			Matter:      rapid.SampledFrom([]string{"伤残等级鉴定；误工期评定", `"笔迹",印文鉴定`, "毒物鉴定\t（血液）"}).Draw(t, "matter"),
			Client:      rapid.SampledFrom([]string{"", "甲", "示例区人民法院"}).Draw(t, "client"),
			ClientType:  rapid.SampledFrom(append(text.AllListClientKinds(), "")).Draw(t, "type"),
			Appraisers:  rapid.SampledFrom([][]string{{"张三"}, {"张三", "李四"}, {"张三(0001)", "张三(0002)", "买买提·示例"}}).Draw(t, "appraisers"),
			Accepted:    accepted,
		}
		c.Matter = cleanText(c.Matter)
		c.MatchKey = MatchKey(c.Number)
		if rapid.Bool().Draw(t, "closed") {
			c.Closed = accepted.AddDays(rapid.IntRange(0, 90).Draw(t, "days"))
			c.ClosingKind = rapid.SampledFrom(text.AllListClosingKinds()).Draw(t, "closing")
		}
		out = append(out, c)
	}
	return out
}

// writeDate spells a date in any of the accepted ways.
func writeDate(t *rapid.T, d law.Date) string {
	if d.IsZero() {
		return ""
	}
	y, m, day := d.Y, int(d.M), d.D
	serial := int(time.Date(d.Y, d.M, d.D, 0, 0, 0, 0, time.UTC).Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24)
	return rapid.SampledFrom([]string{
		d.String(), fmt.Sprintf("%d.%d.%d", y, m, day), fmt.Sprintf("%d/%d/%d 08:30", y, m, day),
		fmt.Sprintf("%d年%d月%d日", y, m, day), fmt.Sprintf("%04d%02d%02d", y, m, day), itoa(serial),
	}).Draw(t, "date")
}

func (c Case) field(t *rapid.T, col text.ListColumn) string {
	switch col {
	case text.ListInstitution:
		return c.Institution
	case text.ListNumber:
		return c.Number
	case text.ListMatter:
		return c.Matter
	case text.ListClient:
		return c.Client
	case text.ListClientType:
		return string(c.ClientType)
	case text.ListAppraisers:
		return strings.Join(c.Appraisers, rapid.SampledFrom([]string{"、", ";", "；", "，", ",", " / ", "\n", "　"}).Draw(t, "joiner"))
	case text.ListAccepted:
		return writeDate(t, c.Accepted)
	case text.ListClosed:
		return writeDate(t, c.Closed)
	default:
		return string(c.ClosingKind)
	}
}

// TestRoundTrip: what is written in any format, encoding and order of columns reads back the same.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawCases(t)
		columns := rapid.Permutation(append(text.CaseColumns(), "序号")).Draw(t, "columns")
		var table [][]string
		titles := rapid.IntRange(0, 3).Draw(t, "titles")
		for range titles {
			table = append(table, []string{"示例司法鉴定中心案件一览表"})
		}
		var head []string
		for _, c := range columns {
			head = append(head, string(c))
		}
		table = append(table, head)
		for i, c := range want {
			var cells []string
			for _, col := range columns {
				if col == "序号" {
					cells = append(cells, itoa(i+1))
				} else {
					cells = append(cells, c.field(t, col))
				}
			}
			want[i].Row = len(table) + 1
			table = append(table, cells)
		}
		data := encodeTable(t, table)
		b, err := Read("x", data, today)
		if err != nil {
			t.Fatal(err)
		}
		if len(b.Faults) > 0 {
			t.Fatal(b.FaultTexts(""))
		}
		if d := cmp.Diff(want, b.Cases, cmpopts.IgnoreFields(Case{}, "Sheet")); d != "" {
			t.Fatal(d)
		}
		again, err := Read("x", data, today)
		if err != nil || !cmp.Equal(b, again) {
			t.Fatal("a second reading differs")
		}
	})
}

// encodeTable writes a table in one of the accepted formats.
func encodeTable(t *rapid.T, table [][]string) []byte {
	if rapid.IntRange(0, 3).Draw(t, "format") == 0 {
		f := excelize.NewFile()
		for i, r := range table {
			if err := f.SetSheetRow("Sheet1", "A"+itoa(i+1), &r); err != nil {
				t.Fatal(err)
			}
		}
		var buf bytes.Buffer
		if _, err := f.WriteTo(&buf); err != nil {
			t.Fatal(err)
		}
		return buf.Bytes()
	}
	delimiter := rapid.SampledFrom([]string{",", ";", "\t", "，", "|"}).Draw(t, "delimiter")
	end := rapid.SampledFrom([]string{"\n", "\r\n", "\r"}).Draw(t, "line end")
	var s strings.Builder
	for _, r := range table {
		for i, c := range r {
			if i > 0 {
				s.WriteString(delimiter)
			}
			if strings.ContainsAny(c, "\"\r\n") || strings.Contains(c, delimiter) || rapid.Bool().Draw(t, "quoted") {
				c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
			}
			s.WriteString(c)
		}
		s.WriteString(end)
	}
	enc := rapid.SampledFrom([]encoding.Encoding{
		unicode.UTF8, unicode.UTF8BOM, simplifiedchinese.GBK, simplifiedchinese.GB18030,
		unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
		unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	}).Draw(t, "encoding")
	out, err := enc.NewEncoder().Bytes([]byte(s.String()))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestRefused: each kind of unusable file gets its own sentence.
func TestRefused(t *testing.T) {
	xlsx := workbook(t, func(f *excelize.File) { must(t, f.SetCellStr("Sheet1", "A1", "姓名")) })
	header := "机构,案件编号,鉴定事项,鉴定人\n"
	for name, c := range map[string]struct {
		data []byte
		want text.ListCode
	}{
		"empty":             {nil, text.ListFileEmpty},
		"blank":             {[]byte(" \r\n\r\n"), text.ListFileEmpty},
		"too big":           {bytes.Repeat([]byte("a"), MaxFileBytes+1), text.ListFileTooBig},
		"old Excel":         {append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), make([]byte, 600)...), text.ListFileOldExcel},
		"password":          {append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), utf16le("..EncryptedPackage..")...), text.ListFileLocked},
		"picture .xlsx":     {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), text.ListFileForeign},
		"photo .csv":        {[]byte("\xFF\xD8\xFF\xE0\x00\x10JFIF"), text.ListFileForeign},
		"PDF":               {[]byte("%PDF-1.7\n"), text.ListFileForeign},
		"web page as .xls":  {[]byte("\xEF\xBB\xBF\n<html><table>"), text.ListFileForeign},
		"binary":            {[]byte("a\x00\x01b\x00\x00\x00"), text.ListFileForeign},
		"zip of something":  {zipped(t, part{"a.txt", "x"}), text.ListFileForeign},
		"document":          {zipped(t, part{"word/document.xml", "<a/>"}), text.ListFileForeign},
		"half a workbook":   {xlsx[:len(xlsx)/2], text.ListFileBroken},
		"broken sheet":      {editPart(t, xlsx, "xl/worksheets/sheet1.xml", func(s string) string { return s[:len(s)/2] }), text.ListFileBroken},
		"entity":            {editPart(t, xlsx, "xl/workbook.xml", func(s string) string { return `<!DOCTYPE a [<!ENTITY b "c">]>` + s }), text.ListFileBroken},
		"no list in book":   {xlsx, text.ListFileNoHeader},
		"no list":           {[]byte("你好,世界\n1,2\n"), text.ListFileNoHeader},
		"other encoding":    {[]byte("\x81\x30\xFF\xFE\xFF,\xFF\n"), text.ListFileEncoding},
		"open quote":        {[]byte(header + "a,\"b,c,d\ne"), text.ListFileQuote},
		"too many rows":     {[]byte(header + strings.Repeat("a,b,c,d\n", maxRows)), text.ListFileRows},
		"too many columns":  {[]byte(header + strings.Repeat(",", maxColumns) + "x\n"), text.ListFileColumns},
		"header too low":    {[]byte(strings.Repeat("x\n", headerRows) + header + "a,1,c,d\n"), text.ListFileNoHeader},
		"columns in a book": {workbook(t, func(f *excelize.File) { must(t, f.SetCellStr("Sheet1", "ZZ1", "x")) }), text.ListFileColumns},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := Read(name, c.data, today)
			var f Fault
			if b != nil || !errors.As(err, &f) || f.Code != c.want || f.File == "" {
				t.Errorf("got %v, %+v, want %s", b, err, c.want)
			}
		})
	}
}

// TestSheetFaults: what is wrong with a list as a whole is told before its rows are read.
func TestSheetFaults(t *testing.T) {
	for data, want := range map[string][]text.ListCode{
		"机构,案件编号,鉴定人\na,1,b\n":                                 {text.ListMissingColumns},
		"案件编号,受理日期\n1,\n":                                      {text.ListMissingColumns, text.ListMissingColumns, text.ListMissingColumns},
		"机构,案件编号,鉴定事项,鉴定人,委托方,委托单位\na,1,b,c,d,e\n":             {text.ListDoubleColumn},
		"机构,案件编号,鉴定事项,鉴定人\n,,,\n":                              {text.ListNoRows},
		"主管机关,姓名,角色\n甲局,张三,机关经办人\n甲局,张三,经办人；机关负责人\n":           nil,
		"sep=;\n机构;案件编号;鉴定事项;鉴定人\na;1;b;c\n":                   nil,
		"机构,案件编号,鉴定事项,鉴定人\na,1,b,c\n机构,案件编号,鉴定事项,鉴定人\na,2,b,c": nil,
	} {
		b, err := Read("x.csv", []byte(data), today)
		if err != nil {
			t.Errorf("%q: %v", data, err)
			continue
		}
		var got []text.ListCode
		for _, f := range b.Faults {
			got = append(got, f.Code)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", data, got, want)
		}
		if len(want) > 0 && len(b.Cases)+len(b.People) > 0 {
			t.Errorf("%q: something was read nevertheless", data)
		}
	}
}

// TestManyFaults lists the first two hundred in the order of the file and counts the rest.
func TestManyFaults(t *testing.T) {
	b, err := Read("x.csv", []byte("机构,案件编号,鉴定事项,鉴定人\n"+strings.Repeat("a,,c,d\n", 500)), today)
	if err != nil || len(b.Faults) != maxFaults || b.Omitted != 300 {
		t.Fatalf("%v: %d faults, %d omitted", err, len(b.Faults), b.Omitted)
	}
	if !slices.IsSortedFunc(b.Faults, func(a, b Fault) int { return a.Row - b.Row }) || b.Faults[0].Row != 2 {
		t.Error("not in the order of the file")
	}
	if s := b.FaultTexts(text.En); len(s) != maxFaults+1 || !strings.Contains(s[maxFaults], "300") {
		t.Error("the rest is not counted")
	}
}

// TestPartialCases: a case with another row at fault is left out whole, lest it lack an appraiser.
func TestPartialCases(t *testing.T) {
	b, err := Read("x.csv", []byte("机构,案件编号,鉴定事项,鉴定人,受理日期\na,1,c,张三,\na,1,c,李四,昨天\na,2,c,王五,\n"), today)
	if err != nil || len(b.Faults) != 1 || len(b.Cases) != 1 || b.Cases[0].Number != "2" {
		t.Errorf("%v\n%s", err, dump(b))
	}
}

// TestFuture: tomorrow is allowed for clocks and zones, the day after is not.
func TestFuture(t *testing.T) {
	for day, faults := range map[string]int{"2026-11-24": 0, "2026-11-25": 0, "2026-11-26": 1} {
		b, err := Read("x.csv", []byte("机构,案件编号,鉴定事项,鉴定人,办结日期\na,1,c,张三,"+day), today)
		if err != nil || len(b.Faults) != faults {
			t.Errorf("%s: %v, %d faults", day, err, len(b.Faults))
		}
	}
}

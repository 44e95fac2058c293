package intake

import (
	"archive/zip"
	"bytes"
	"errors"
	"hash/crc32"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"liuhen/flows/text"
)

// repeatTo is s over and over, n bytes in all at most.
func repeatTo(s string, n int) string { return strings.Repeat(s, max(n, 0)/len(s)) }

// bombs are files that make careless readers spend memory or time.
func bombs(t testing.TB) map[string][]byte {
	almost := bombPart - 4096 // within the limit of a part
	base := workbook(t, func(f *excelize.File) {
		rowsInto(t, f, "Sheet1", 1, [][]any{{"机构", "案件编号", "鉴定事项", "鉴定人"}, {"a", "1", "c", "张三"}})
	})
	const sheet, strs, styles = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
	const book, rels = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
	insert := func(name, before, what string) []byte {
		return editPart(t, base, name, func(s string) string { return strings.Replace(s, before, what+before, 1) })
	}
	data := "</sheetData>"
	var rows, merges strings.Builder
	for i := range 9000 {
		rows.WriteString(`<row r="` + strconv.Itoa(i+3) + `"><c r="A` + strconv.Itoa(i+3) + `"><v>1</v></c></row>`)
	}
	merges.WriteString("<mergeCells>" + repeatTo(`<mergeCell ref="A1:A9000"/>`, almost-rows.Len()) + "</mergeCells>")
	var sheets strings.Builder
	for range 1000 {
		sheets.WriteString(`<sheet name="s" sheetId="1" r:id="rId1"/>`)
	}
	csvHeader := "机构,案件编号,鉴定事项,鉴定人\n"
	return map[string][]byte{
		"large sheet":        insert(sheet, data, repeatTo(" ", 3*bombPart)),
		"sheet within limit": insert(sheet, data, repeatTo(" ", almost)),
		"rows":               insert(sheet, data, repeatTo(`<row><c t="inlineStr"><is><t>x</t></is></c></row>`, almost)),
		"empty rows":         insert(sheet, data, repeatTo(`<row/>`, almost)),
		"empty cells":        insert(sheet, data, "<row>"+repeatTo(`<c/>`, almost)+"</row>"),
		"far cells":          insert(sheet, data, repeatTo(`<row><c r="XFD3"><v>1</v></c></row>`, almost)),
		"deep nesting":       insert(sheet, data, repeatTo("<a>", almost)),
		"attributes":         insert(sheet, data, "<a "+repeatTo(`a="" `, almost)+"/>"),
		"many attributes":    insert(sheet, data, repeatTo("<a "+repeatTo(`a="" `, maxToken-100)+"/>", almost)),
		"one text":           insert(sheet, data, `<row><c t="inlineStr"><is><t>`+repeatTo("x", almost)+`</t></is></c></row>`),
		"text in pieces":     insert(sheet, data, `<row><c t="inlineStr"><is><t>`+repeatTo("x<!---->", almost)+`</t></is></c></row>`),
		"merged cells": editPart(t, base, sheet, func(s string) string {
			return strings.Replace(s, data, rows.String()+data+merges.String(), 1)
		}),
		"shared strings":      insert(strs, "</sst>", repeatTo("<si/>", almost)),
		"long shared strings": insert(strs, "</sst>", repeatTo("<si><t>"+repeatTo("x", 30000)+"</t></si>", almost)),
		"formats":             insert(styles, "</cellXfs>", repeatTo("<xf/>", almost)),
		"number formats":      insert(styles, "<cellXfs", repeatTo(`<numFmt numFmtId="9" formatCode="0000"/>`, almost)),
		"sheets":              insert(book, "</sheets>", repeatTo(`<sheet name="s" r:id="rId1"/>`, almost)),
		"one sheet often":     insert(book, "</sheets>", sheets.String()),
		"relations":           insert(rels, "</Relationships>", repeatTo(`<Relationship Id="x" Type="t" Target="y"/>`, almost)),
		"billion laughs": editPart(t, base, book, func(s string) string {
			return `<!DOCTYPE l [<!ENTITY a "` + repeatTo("lol", 10000) + `"><!ENTITY b "` + repeatTo("&a;", 10000) + `">]>` + s
		}),
		"many parts":     manyParts(t, 40000),
		"many big parts": bigParts(t, base, 20),
		"lying size":     lyingSize(t),
		"CSV separators": []byte(csvHeader + repeatTo(",", bombText)),
		"CSV lines":      []byte(csvHeader + repeatTo("\n", bombText)),
		"CSV rows":       []byte(csvHeader + repeatTo("a,1\n", bombText)),
		"CSV quotes":     []byte(csvHeader + repeatTo(`""`, bombText)),
		"CSV open quote": []byte(repeatTo(",;\t\"", bombText)),
		"CSV cell":       []byte(csvHeader + "a," + repeatTo("0", bombText) + ",c,d"),
		"CSV names":      []byte(csvHeader + "a,1,c," + repeatTo("张 ", 32000)),
	}
}

func manyParts(t testing.TB, n int) []byte {
	var parts []part
	for i := range n {
		parts = append(parts, part{strconv.Itoa(i), ""})
	}
	return zipped(t, parts...)
}

// bigParts adds n parts that claim 7 MB each.
func bigParts(t testing.TB, base []byte, n int) []byte {
	zr, err := zip.NewReader(bytes.NewReader(base), int64(len(base)))
	must(t, err)
	var buf bytes.Buffer
	zw := zip.NewWriter(&buf)
	for _, f := range zr.File {
		must(t, zw.Copy(f))
	}
	for i := range n {
		_, err := zw.CreateRaw(&zip.FileHeader{Name: "xl/media/" + strconv.Itoa(i), Method: zip.Deflate, UncompressedSize64: 7 << 20})
		must(t, err)
	}
	must(t, zw.Close())
	return buf.Bytes()
}

// lyingSize claims a part of 100 bytes that unpacks to far more.
func lyingSize(t testing.TB) []byte {
	content := []byte("<workbook>" + repeatTo("<sheet/>", 3*bombPart))
	honest := zipped(t, part{"xl/workbook.xml", string(content)})
	zr, err := zip.NewReader(bytes.NewReader(honest), int64(len(honest)))
	must(t, err)
	raw, err := zr.File[0].OpenRaw()
	must(t, err)
	var packed, buf bytes.Buffer
	_, err = packed.ReadFrom(raw)
	must(t, err)
	zw := zip.NewWriter(&buf)
	w, err := zw.CreateRaw(&zip.FileHeader{
		Name: "xl/workbook.xml", Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(content),
		CompressedSize64: uint64(packed.Len()), UncompressedSize64: 100,
	})
	must(t, err)
	_, err = w.Write(packed.Bytes())
	must(t, err, zw.Close())
	return buf.Bytes()
}

// Bounds for the worst file, whatever it is.
const (
	bombHeap = 64 << 20
	bombTime = 10 * time.Second
)

// refused are those that are bombs by what they claim.
var refused = map[string]bool{"many parts": true, "many big parts": true}

// TestBombs bounds memory and time. Not every one of these files must be refused, but none may cost more than an honest one.
func TestBombs(t *testing.T) {
	for name, data := range bombs(t) {
		t.Run(name, func(t *testing.T) {
			if len(data) > MaxFileBytes {
				t.Fatalf("%d bytes are refused unread: no bomb", len(data))
			}
			heap, took := peak(func() {
				b, err := Read(name, data, today)
				var f Fault
				if (err == nil) == (b == nil) || err != nil && !errors.As(err, &f) {
					t.Errorf("got %v, %v", b, err)
				}
				if refused[name] && f.Code != text.ListFileBomb {
					t.Errorf("refused with %q", f.Code)
				}
			})
			t.Logf("%d kB packed, %d MB heap, %v", len(data)>>10, heap>>20, took)
			if heap > bombHeap || took > bombTime {
				t.Errorf("%d MB heap, %v", heap>>20, took)
			}
		})
	}
}

// peak is the largest growth of the live heap while do runs, sampled every 2 ms, and the time it takes.
func peak(do func()) (heap uint64, took time.Duration) {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	base := m.HeapAlloc
	done, result := make(chan struct{}), make(chan uint64)
	go func() {
		var top uint64
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			runtime.ReadMemStats(&m)
			top = max(top, m.HeapAlloc)
			select {
			case <-done:
				result <- top
				return
			case <-tick.C:
			}
		}
	}()
	start := time.Now()
	do()
	took = time.Since(start)
	close(done)
	return max(<-result, base) - base, took
}

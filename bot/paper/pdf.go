package paper

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/signintech/gopdf"
)

// pdf writes the pages. The file has no title, author, program or time in it (R10.2), so the same print has the same bytes.
func (p *printer) pdf() ([]byte, error) {
	var out gopdf.GoPdf
	out.Start(gopdf.Config{PageSize: gopdf.Rect{W: pageWidth, H: pageHeight}})
	for i, f := range p.faces {
		if err := out.AddTTFFontData(family(i), f.data); err != nil {
			return nil, fmt.Errorf("embed font %d: %w", i, err)
		}
	}
	for _, pg := range p.pages {
		out.AddPage()
		for _, m := range pg.marks {
			if err := draw(&out, m); err != nil {
				return nil, err
			}
		}
	}
	b, err := out.GetBytesPdfReturnErr()
	if err != nil {
		return nil, fmt.Errorf("write the PDF: %w", err)
	}
	return readable(b), nil
}

func family(i int) string { return "sheet" + strconv.Itoa(i) }

func draw(out *gopdf.GoPdf, m mark) error {
	if m.red {
		out.SetStrokeColor(255, 0, 0)
		out.SetTextColor(255, 0, 0)
		defer out.SetTextColor(0, 0, 0)
		defer out.SetStrokeColor(0, 0, 0)
	}
	switch m.kind {
	case lineMark:
		out.SetLineWidth(m.size)
		out.Line(m.x, m.y, m.x2, m.y2)
	case frameMark:
		out.SetLineWidth(m.size)
		out.RectFromUpperLeftWithStyle(m.x, m.y, m.x2-m.x, m.y2-m.y, "D")
	case textMark:
		if err := out.SetFont(family(m.face), "", m.size); err != nil {
			return fmt.Errorf("choose font %d: %w", m.face, err)
		}
		out.SetXY(m.x, m.y)
		if err := out.Text(m.text); err != nil {
			return fmt.Errorf("set text: %w", err)
		}
	}
	return nil
}

var (
	mapping = regexp.MustCompile(`(?s)\d+ beginbfrange\n(.*?)endbfrange\n`)
	entry   = regexp.MustCompile(`<([0-9A-F]{4})><[0-9A-F]{4}><([0-9A-F]+)>`)
)

// readable mends the tables by which a reader turns glyphs back into characters. The library writes code points above U+FFFF
// with five digits, where UTF-16 is read: 𠮷 would be copied out as another character. The mended table is shorter and filled
// up with spaces, so that no offset in the file changes.
func readable(pdf []byte) []byte {
	return mapping.ReplaceAllFunc(pdf, func(old []byte) []byte {
		var out strings.Builder
		entries := entry.FindAllSubmatch(old, -1)
		for i := 0; i < len(entries); i += 100 {
			part := entries[i:min(i+100, len(entries))]
			fmt.Fprintf(&out, "%d beginbfchar\n", len(part))
			for _, e := range part {
				fmt.Fprintf(&out, "<%s><%s>\n", e[1], utf16Hex(string(e[2])))
			}
			out.WriteString("endbfchar\n")
		}
		room := len(old) - out.Len()
		if room < 0 { // cannot be: an entry loses six digits and brackets and gains three at most
			return old
		}
		return append([]byte(out.String()), bytes.Repeat([]byte("\n"), room)...)
	})
}

func utf16Hex(code string) string {
	n, err := strconv.ParseUint(code, 16, 32)
	if err != nil {
		return code
	}
	out := ""
	for _, u := range utf16.Encode([]rune{rune(n)}) {
		out += fmt.Sprintf("%04X", u)
	}
	return out
}

package paper

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/signintech/gopdf"
)

// pdf writes the pages. The file has no title, author, program or time in it (R10.2), so the same print has the same bytes.
func (p *printer) pdf() ([]byte, error) {
	var out gopdf.GoPdf
	out.Start(gopdf.Config{PageSize: gopdf.Rect{W: pageWidth, H: pageHeight}})
	lost := false // a character that the layout has found in the font
	for i, f := range p.faces {
		if !p.uses(i) {
			continue
		}
		o := gopdf.TtfOption{OnGlyphNotFound: func(rune) { lost = true }}
		if err := out.AddTTFFontDataWithOption(family(i), f.data, o); err != nil {
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
	if lost {
		err = errors.New("a font lost a character")
	}
	if err != nil {
		return nil, fmt.Errorf("write the PDF: %w", err)
	}
	return readable(b), nil
}

// uses reports whether something is set in a font: what is not, is not embedded.
func (p *printer) uses(face int) bool {
	return slices.ContainsFunc(p.pages, func(pg *page) bool {
		return slices.ContainsFunc(pg.marks, func(m mark) bool { return m.kind == textMark && m.face == face })
	})
}

// family is the name of a font in the file; the letters in front say that it is a part of one.
func family(i int) string { return "SHEET" + string(rune('A'+i)) + "+sheet" }

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

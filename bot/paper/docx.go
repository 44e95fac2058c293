package paper

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/ZeroHawkeye/wordZero/pkg/document"

	"liuhen/flows/text"
)

// The library writes what it does, texts included, to the standard output unless it is told not to (R10.2).
func init() {
	document.SetGlobalLevel(document.LogLevelSilent)
	document.SetGlobalOutput(io.Discard)
}

// word is an editable document being written. As a PDF it has no title, author, program or time in it, and the same input gives the
// same bytes.
type word struct {
	doc  *document.Document
	font string
	size float64 // of type where nothing else is said, in points
}

// styles stand in for the library's own, whose order changes from run to run.
const styles = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="zh-CN" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style></w:styles>`

// newWord is an empty A4 document with margins in millimetres.
func newWord(font string, size, top, right, bottom, left float64) (*word, error) {
	d := document.New()
	page := document.DefaultPageSettings()
	page.MarginTop, page.MarginRight, page.MarginBottom, page.MarginLeft = top, right, bottom, left
	page.DocGridType = ""
	if err := d.SetPageSettings(page); err != nil {
		return nil, fmt.Errorf("set the page: %w", err)
	}
	d.GetParts()["word/styles.xml"] = []byte(styles)
	return &word{doc: d, font: font, size: size}, nil
}

// style is how a paragraph is set. Lengths are in points, 0 leaves them as they are.
type style struct {
	font          string
	size          float64
	align         document.AlignmentType
	red           bool
	leading       float64
	before, after float64
	indent, right float64 // of the first line; from the right margin
	below         bool    // a double line below it
	newPage       bool
	together      bool // with the next paragraph
}

func twips(points float64) string { return strconv.Itoa(int(points*20 + 0.5)) }

// paragraph is one paragraph of text.
func (w *word) paragraph(s string, st style) document.Paragraph {
	if st.font == "" {
		st.font = w.font
	}
	if st.size == 0 {
		st.size = w.size
	}
	rp := &document.RunProperties{
		FontFamily: &document.FontFamily{ASCII: st.font, HAnsi: st.font, EastAsia: st.font, CS: st.font},
		FontSize:   &document.FontSize{Val: strconv.Itoa(int(st.size*2 + 0.5))},
	}
	if st.red {
		rp.Color = &document.Color{Val: "FF0000"}
	}
	p := document.Paragraph{Properties: &document.ParagraphProperties{}}
	if s != "" {
		p.Runs = []document.Run{{Properties: rp, Text: document.Text{Content: s, Space: "preserve"}}}
	}
	st.apply(&p)
	return p
}

func (st style) apply(p *document.Paragraph) {
	q := p.Properties
	if st.align != "" {
		q.Justification = &document.Justification{Val: string(st.align)}
	}
	if st.leading > 0 || st.before > 0 || st.after > 0 {
		q.Spacing = &document.Spacing{Before: twips(st.before), After: twips(st.after)}
		if st.leading > 0 {
			q.Spacing.Line, q.Spacing.LineRule = twips(st.leading), "exact"
		}
	}
	if st.indent > 0 || st.right > 0 {
		q.Indentation = &document.Indentation{FirstLine: twips(st.indent), Right: twips(st.right)}
	}
	if st.below {
		line := &document.ParagraphBorderConfig{Style: document.BorderStyleDouble, Size: 12, Color: "FF0000", Space: 6}
		p.SetBorder(nil, nil, line, nil)
	}
	if st.newPage {
		q.PageBreakBefore = &document.PageBreakBefore{Val: "1"}
	}
	if st.together {
		q.KeepNext = &document.KeepNext{Val: "1"}
	}
}

func (w *word) add(s string, st style) {
	p := w.paragraph(s, st)
	w.doc.Body.AddElement(&p)
}

// bytes is the document as a file.
func (w *word) bytes() ([]byte, error) {
	b, err := w.doc.ToBytes()
	if err != nil {
		return nil, fmt.Errorf("write the DOCX: %w", err)
	}
	return ordered(b)
}

// ordered is a ZIP file with its parts by name and without times: the library writes them in any order.
func ordered(b []byte) ([]byte, error) {
	in, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, fmt.Errorf("order the DOCX: %w", err)
	}
	parts := map[string]*zip.File{}
	for _, f := range in.File {
		parts[f.Name] = f
	}
	var buf bytes.Buffer
	out := zip.NewWriter(&buf)
	for _, name := range slices.Sorted(maps.Keys(parts)) { // [Content_Types].xml comes first
		if err := copyPart(out, parts[name]); err != nil {
			return nil, fmt.Errorf("order the DOCX: %w", err)
		}
	}
	if err := out.Close(); err != nil {
		return nil, fmt.Errorf("order the DOCX: %w", err)
	}
	return buf.Bytes(), nil
}

func copyPart(out *zip.Writer, f *zip.File) error {
	from, err := f.Open()
	if err != nil {
		return err
	}
	to, err := out.Create(f.Name)
	if err == nil {
		_, err = io.Copy(to, from) //nolint:gosec // our own parts
	}
	if again := from.Close(); err == nil {
		err = again
	}
	return err
}

// safe is what somebody wrote as it stands in an editable document: what has no shape, and what would pass for a box of the
// form, is ▢.
func safe(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(text.PaperBoxes, r) || r != '\t' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Variation_Selector) {
			return []rune(text.PaperGap)[0]
		}
		return r
	}, s)
}

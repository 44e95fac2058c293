package paper

import (
	"fmt"
	"strings"

	"github.com/ZeroHawkeye/wordZero/pkg/document"

	"liuhen/flows/form"
	"liuhen/flows/text"
)

// The editable sheet: the page of the printed one, in points and millimetres.
const (
	nameColumn  = tableMiddle - tableLeft
	wideColumn  = tableRight - tableMiddle
	storyHeight = 195.0
)

// docx writes the same sheets as an editable document: the same words in the same order. What is long makes its row higher;
// there are no follow-on pages.
func (p *printer) docx(sheets [][]block, remarks []string) ([]byte, error) {
	w, err := newWord(text.PaperFont, formSize, 22, 20, 15, 25.4)
	if err != nil {
		return nil, err
	}
	for n, blocks := range sheets {
		remark := ""
		if n < len(remarks) {
			remark = remarks[n]
		}
		p.docxSheet(w, n, blocks, remark)
	}
	return w.bytes()
}

func (p *printer) docxSheet(w *word, n int, blocks []block, remark string) {
	if n > 0 {
		w.add(fmt.Sprintf(text.PaperAnnex, n), style{newPage: true})
	}
	w.add(blocks[0].edition.Title, style{size: titleSize, align: document.AlignCenter, after: 8})
	number := p.c.Number
	if strings.TrimSpace(number) == "" {
		number = text.PaperNoNumber
	}
	t := &document.Table{Properties: tableProperties(), Grid: &document.TableGrid{Cols: []document.TableGridCol{{W: twips(nameColumn)}, {W: twips(wideColumn)}}}}
	t.Rows = append(t.Rows,
		w.row(say(text.LineNumber), 30, "", w.texts(number, style{})),
		w.row(say(text.LineMatter), 30, "", w.texts(p.c.Matter, style{})))
	for _, b := range blocks {
		t.Rows = append(t.Rows, p.docxBlock(w, b)...)
	}
	t.Rows = append(t.Rows, w.row(text.PaperRemark, 44, "", w.texts(remarkText(blocks, remark), style{size: bodySize})))
	w.doc.Body.AddElement(t)
	w.add(blocks[0].edition.Footer, style{size: formSize - 1, before: 4})
	for _, b := range blocks {
		for _, s := range b.trace() {
			w.add(s, style{size: footSize})
		}
	}
}

// docxBlock is one 情况记录: the name beside three rows.
func (p *printer) docxBlock(w *word, b block) []document.TableRow {
	outcome, _ := b.edition.Item(form.Outcome)
	interferers, _ := b.edition.Item(form.Interferers)
	content, _ := b.edition.Item(form.Content)
	none := box{label: outcome.Options[0].Label, on: b.record != nil && b.record.Zero()}
	date, moment := signed(b.record, p.zone)
	boxes := style{before: 3, after: 3}
	story := []document.Paragraph{w.paragraph(itemName(form.Particulars)+say(text.Colon), boxes)}
	sign := style{align: document.AlignRight, before: 14, together: true}
	if s := b.story(); s != "" {
		story = append(story, w.texts(s, style{size: bodySize})...)
	} else {
		sign.before = storyHeight - 65
	}
	story = append(story,
		w.paragraph(text.PaperSignature+strings.Repeat("_", 14)+"    "+date, sign),
		w.paragraph(moment, style{size: smallSize, align: document.AlignRight}))
	return []document.TableRow{
		w.row(text.PaperSituation, 0, "restart", []document.Paragraph{
			w.paragraph(none.words(), boxes),
			w.paragraph(docxBoxes(interferers, b), boxes),
		}),
		w.row("", 0, "continue", []document.Paragraph{w.paragraph(docxBoxes(content, b), boxes)}),
		w.row("", storyHeight, "continue", story),
	}
}

// docxBoxes is a line of boxes with its name.
func docxBoxes(it form.Item, b block) string {
	s := itemName(it.ID) + say(text.Colon)
	for _, x := range b.boxes(it) {
		s += x.words() + "  "
	}
	return strings.TrimRight(s, " ")
}

// words are the box with its label and the text beside it.
func (x box) words() string {
	mark := text.PaperBoxes[:len("☐")]
	if x.on {
		mark = text.PaperBoxes[len("☐"):][:len("☑")]
	}
	s := mark + " " + x.label
	switch {
	case x.beside != "":
		s += say(text.Colon) + safe(x.beside)
	case x.blank:
		s += "____"
	}
	return s
}

// texts are the paragraphs of a text, at least one.
func (w *word) texts(s string, st style) []document.Paragraph {
	var out []document.Paragraph
	for _, p := range paragraphs(s) {
		out = append(out, w.paragraph(safe(string(p)), st))
	}
	return out
}

// row is a row of the table: its name on the left, with merge one of several rows that have one name.
func (w *word) row(name string, least float64, merge string, content []document.Paragraph) document.TableRow {
	cell := func(width float64, align string, ps []document.Paragraph) document.TableCell {
		return document.TableCell{Paragraphs: ps, Properties: &document.TableCellProperties{
			TableCellW: &document.TableCellW{W: twips(width), Type: "dxa"}, VAlign: &document.VAlign{Val: align},
		}}
	}
	left := cell(nameColumn, "center", []document.Paragraph{w.paragraph(name, style{align: document.AlignCenter})})
	align := "center"
	if merge != "" {
		left.Properties.VMerge = &document.VMerge{Val: merge}
		align = "top"
	}
	r := document.TableRow{Cells: []document.TableCell{left, cell(wideColumn, align, content)}}
	if least > 0 {
		r.Properties = &document.TableRowProperties{TableRowH: &document.TableRowH{Val: twips(least), HRule: "atLeast"}}
	}
	return r
}

func tableProperties() *document.TableProperties {
	line := func() *document.TableBorder {
		return &document.TableBorder{Val: "single", Sz: "6", Space: "0", Color: "000000"}
	}
	return &document.TableProperties{
		TableW:       &document.TableWidth{W: twips(nameColumn + wideColumn), Type: "dxa"},
		TableLayout:  &document.TableLayoutType{Type: "fixed"},
		TableBorders: &document.TableBorders{Top: line(), Left: line(), Bottom: line(), Right: line(), InsideH: line(), InsideV: line()},
	}
}

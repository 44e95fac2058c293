package paper

import (
	"fmt"

	"github.com/ZeroHawkeye/wordZero/pkg/document"

	"liuhen/flows/record"
	"liuhen/flows/text"
)

// A letter in the letter format (信函格式) of GB/T 9704, in points: A4, 22 lines of 28 characters, body in size three, title in
// size two; the issuer's name 30 mm below the upper edge, below it the red double line of 170 mm and under that, to the right, the
// number; another red line at the foot of the first page, which has no page number.
const (
	mm = 72 / 25.4

	letterLeft   = 28 * mm
	letterWidth  = 156 * mm
	letterRight  = letterLeft + letterWidth
	letterTop    = 37 * mm
	letterLines  = 22
	letterLead   = 225 * mm / letterLines
	letterSize   = letterWidth / 28
	letterTitle  = 22.0
	issuerSize   = 30.0
	issuerTop    = 30 * mm
	redLeft      = 20 * mm
	redRight     = redLeft + 170*mm
	redUpper     = issuerTop + issuerSize + 4*mm
	redLower     = pageHeight - 20*mm
	redThick     = 2.0
	redThin      = 0.75
	redApart     = 2.2
	letterFooter = redLower - 8
)

// Letter prints a drafted letter (Arts. 8, 11). Issuer, number, seal and date are placeholders: they are given outside. It has
// no mark of secrecy. It fails when the embedded font cannot be read.
func Letter(l record.Letter, o Options) (Document, error) {
	return o.printed(func(w writer) (Document, error) {
		p := &letterPrinter{printer: printer{writer: w}}
		p.first(l)
		p.body(l.Lines)
		p.ends()
		for i, pg := range p.pages {
			p.letterFoot(i, pg)
		}
		pdf, err := p.pdf()
		if err != nil {
			return Document{}, err
		}
		docx, err := letterDOCX(l)
		return Document{PDF: pdf, DOCX: docx, Pages: len(p.pages), Missing: p.lacking(), kind: "draft"}, err
	})
}

// letterPrinter sets lines one below the other and begins pages when they are full.
type letterPrinter struct {
	printer
	pg *page
	y  float64 // where the next line begins
}

// first begins the first page: its head, the title, and whom it addresses.
func (p *letterPrinter) first(l record.Letter) {
	p.pg = p.page()
	p.red(func() { p.centred(p.pg, redLeft, redRight, issuerTop+issuerSize*0.88, issuerSize, text.LetterIssuer) })
	p.double(redUpper, redThick, redThin)
	p.y = redUpper + letterSize*7/8 + 4
	p.ending(p.pg, letterRight, p.y+letterSize, letterSize, text.LetterNumber)
	p.y += letterSize + 2*letterLead
	for _, line := range p.set(l.Title, letterTitle, letterWidth) {
		p.centred(p.pg, letterLeft, letterRight, p.y+letterTitle, letterTitle, string(line))
		p.y += letterLead * 1.2
	}
	p.y += letterLead
	for _, line := range p.set(l.To+text.LetterEnd, letterSize, letterWidth) {
		p.line(line)
	}
}

// double is a red double line across the page.
func (p *letterPrinter) double(y, upper, lower float64) {
	p.red(func() {
		p.pg.line(redLeft, y, redRight, y, upper)
		p.pg.line(redLeft, y+redApart+upper/2+lower/2, redRight, y+redApart+upper/2+lower/2, lower)
	})
}

// red makes all marks red that draw makes.
func (p *letterPrinter) red(draw func()) {
	from := len(p.pg.marks)
	draw()
	for i := range p.pg.marks[from:] {
		p.pg.marks[from+i].red = true
	}
}

// body sets the paragraphs. Its last two lines stay with what closes the letter: no page has signature and date alone.
func (p *letterPrinter) body(paragraphs []string) {
	var lines [][]rune
	for _, s := range paragraphs {
		lines = append(lines, p.set("　　"+s, letterSize, letterWidth)...)
	}
	for i, line := range lines {
		if i == len(lines)-2 {
			p.room(2 + closing)
		}
		p.line(line)
	}
}

func (p *letterPrinter) line(line []rune) {
	p.room(1)
	p.put(p.pg, letterLeft, p.y+letterSize, letterSize, line)
	p.y += letterLead
}

// closing is how many lines signature and date take, with the empty one before them.
const closing = 3

// room begins a new page when fewer lines are left.
func (p *letterPrinter) room(lines int) {
	if below := p.y + float64(lines)*letterLead; below > letterTop+letterLines*letterLead {
		p.pg = p.page()
		p.y = letterTop
	}
}

// ends sets the places of signature, seal and date, on one page.
func (p *letterPrinter) ends() {
	p.room(closing)
	p.y += letterLead
	width := p.width([]rune(text.LetterDate), letterSize)
	right := letterRight - 4*letterSize
	p.centred(p.pg, right-width, right, p.y+letterSize, letterSize, text.LetterSeal)
	p.ending(p.pg, right, p.y+letterLead+letterSize, letterSize, text.LetterDate)
	p.y += 2 * letterLead
}

// letterFoot completes a page: the line of the first one, the number of the others, that it is a draft, and what no font has.
func (p *letterPrinter) letterFoot(n int, pg *page) {
	p.pg = pg
	note := text.LetterDraft
	if len(pg.missing) > 0 {
		note += " " + string(text.PaperGap) + fmt.Sprintf(text.PaperMissing, codes(pg.missing))
	}
	p.put(pg, letterLeft, letterFooter, smallSize, []rune(note))
	number := fmt.Sprintf(text.LetterPage, n+1)
	switch {
	case n == 0:
		p.double(redLower, redThin, redThick)
	case n%2 == 1:
		p.put(pg, letterLeft+letterSize, redLower+14, 14, []rune(number))
	default:
		p.ending(pg, letterRight-letterSize, redLower+14, 14, number)
	}
}

// letterDOCX is the letter as an editable document, in the fonts of the standard, which stand in the officer's own program.
func letterDOCX(l record.Letter) ([]byte, error) {
	w, err := newWord(text.LetterBodyFont, 16, 30, 26, 35, 28)
	if err != nil {
		return nil, err
	}
	w.add(text.LetterIssuer, style{font: text.LetterTitleFont, size: issuerSize, align: document.AlignCenter, red: true, below: true})
	w.add(text.LetterNumber, style{align: document.AlignRight, leading: letterLead, before: 6})
	w.add(l.Title, style{font: text.LetterTitleFont, size: letterTitle, align: document.AlignCenter, leading: letterLead * 1.2, before: 2 * letterLead, after: letterLead})
	w.add(safe(l.To)+text.LetterEnd, style{leading: letterLead})
	for i, s := range l.Lines {
		last := i == len(l.Lines)-1 // stays with what closes the letter
		for _, p := range paragraphs(s) {
			w.add(safe(string(p)), style{leading: letterLead, indent: 32, align: document.AlignJustify, together: last})
		}
	}
	w.add(text.LetterSeal, style{align: document.AlignRight, leading: letterLead, before: letterLead, right: 64, together: true})
	w.add(text.LetterDate, style{align: document.AlignRight, leading: letterLead, right: 64})
	w.add(text.LetterDraft, style{size: smallSize, before: letterLead})
	return w.bytes()
}

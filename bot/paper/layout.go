package paper

import (
	"fmt"
	"strings"
	"time"

	"liuhen/flows/form"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

// How many lines the rows above and below the blocks take at most; what is longer goes on to a follow-on page.
const (
	headLines   = 3
	remarkLines = 5
)

const (
	signHeight   = 46.0 // the place for a signature by hand, with the date
	storyHeading = formLeading + 2
	labelWidth   = tableMiddle - tableLeft
	inside       = tableRight - tableMiddle - 2*padding
)

// printer lays the pages of one print out.
type printer struct {
	writer
	zone   *time.Location
	c      record.Case
	filled []block // two for each sheet
	pages  []*page
	more   []overflow // what goes on after the sheet at hand
}

func (p *printer) page() *page {
	pg := &page{}
	p.pages = append(p.pages, pg)
	return pg
}

// row is a row of the table with a name on the left and lines on the right.
type row struct {
	name          string
	lines         [][]rune
	size, leading float64
	least         float64
}

func (r row) height() float64 { return max(r.least, float64(len(r.lines))*r.leading+padding*1.5) }

// sheet draws sheet n (0: the main one) with its two blocks, and then the follow-on pages that it needs.
func (p *printer) sheet(n int, blocks []block, remark string) {
	pg := p.page()
	p.more = nil
	name := text.PaperMain
	if n > 0 {
		name = fmt.Sprintf(text.PaperAnnex, n)
		p.put(pg, tableLeft, 64, formSize, []rune(name))
	}
	from := name + fmt.Sprintf(text.PaperPage, len(p.pages))
	p.centred(pg, tableLeft, tableRight, 84, titleSize, blocks[0].edition.Title)
	number, matter := p.number(n, from), p.matter(n, from)
	last := p.remarks(blocks, remark, from)
	y := p.row(pg, tableTop, number)
	y = p.row(pg, y, matter)
	p.blocks(pg, y, tableBottom-last.height(), blocks, from)
	p.row(pg, tableBottom-last.height(), last)
	pg.frame(tableLeft, tableTop, tableRight, tableBottom, thick)
	p.put(pg, tableLeft, tableBottom+17, formSize-1, []rune(blocks[0].edition.Footer))
	for _, b := range blocks {
		pg.digests = append(pg.digests, b.trace()...)
	}
	p.follow()
}

// row draws a row and the line below it, and returns where the next begins.
func (p *printer) row(pg *page, y float64, r row) float64 {
	below := y + r.height()
	p.name(pg, y, below, r.name)
	p.lines(pg, y+(r.height()-float64(len(r.lines))*r.leading)/2, r.size, r.leading, r.lines)
	pg.line(tableMiddle, y, tableMiddle, below, thin)
	pg.line(tableLeft, below, tableRight, below, thin)
	return below
}

// name sets the name of a row in the middle of its cell.
func (p *printer) name(pg *page, y, below float64, name string) {
	p.centred(pg, tableLeft, tableMiddle, (y+below)/2+formSize*0.36, formSize, name)
}

// lines sets lines one below the other; the first has its upper edge at y.
func (p *printer) lines(pg *page, y, size, leading float64, lines [][]rune) {
	for i, l := range lines {
		p.put(pg, tableMiddle+padding, y+float64(i)*leading+(leading+size*0.72)/2, size, l)
	}
}

func (p *printer) number(n int, from string) row {
	s := p.c.Number
	if strings.TrimSpace(s) == "" {
		s = text.PaperNoNumber
	}
	return p.head(n, from, say(text.LineNumber), s)
}

func (p *printer) matter(n int, from string) row {
	return p.head(n, from, say(text.LineMatter), p.c.Matter)
}

// head is a row above the blocks. What does not fit follows once, after the main sheet.
func (p *printer) head(n int, from, name, s string) row {
	r := row{name: name, size: formSize, leading: formLeading, least: 30, lines: p.set(s, formSize, inside)}
	if len(r.lines) <= headLines {
		return r
	}
	end := text.PaperSeeMain
	if n == 0 {
		end = text.PaperGoesOn
		p.more = append(p.more, overflow{
			name: name, from: fmt.Sprintf(text.PaperFrom, from, name), lines: r.lines[headLines-1:],
			size: r.size, leading: r.leading,
		})
	}
	r.lines = append(r.lines[:headLines-1:headLines-1], []rune(end))
	return r
}

// remarkText is what the filing person wrote, and what was corrected why (AM-24, AM-25).
func remarkText(blocks []block, remark string) string {
	var parts []string
	if remark != "" {
		parts = append(parts, remark)
	}
	for _, b := range blocks {
		if b.record == nil {
			continue
		}
		if b.record.Supersedes != "" {
			reason := oneLine(b.record.Answers[form.Reason].Text)
			parts = append(parts, fmt.Sprintf(text.PaperCorrects, b.place(), b.record.Supersedes, reason))
		}
		if b.superseded != "" {
			parts = append(parts, fmt.Sprintf(text.PaperSuperseded, b.place(), b.superseded))
		}
	}
	return strings.Join(parts, "\n")
}

// remarks is the row 备注.
func (p *printer) remarks(blocks []block, remark, from string) row {
	r := row{name: text.PaperRemark, size: bodySize, leading: bodyLeading, least: 44}
	r.lines = p.set(remarkText(blocks, remark), bodySize, inside)
	if len(r.lines) > remarkLines {
		p.more = append(p.more, overflow{
			name: r.name, from: fmt.Sprintf(text.PaperFrom, from, r.name), lines: r.lines[remarkLines-1:],
			size: r.size, leading: r.leading,
		})
		r.lines = append(r.lines[:remarkLines-1:remarkLines-1], []rune(text.PaperGoesOn))
	}
	return r
}

// place names a block on its sheet.
func (b block) place() string {
	if b.second {
		return text.PaperSecond
	}
	return text.PaperFirst
}

// trace is the line of the foot that ties the paper to the filed record (R4.4).
func (b block) trace() []string {
	if b.record == nil {
		return nil
	}
	return []string{fmt.Sprintf(text.PaperDigest, b.place(), b.record.ID, b.digest)}
}

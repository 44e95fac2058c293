package paper

import (
	"fmt"

	"liuhen/flows/form"
	"liuhen/flows/text"
)

// overflow is the rest of a row that did not fit on its sheet.
type overflow struct {
	name          string // the row
	from          string // where it comes from: sheet, page, block
	lines         [][]rune
	size, leading float64
	block         *block // the block it belongs to; nil for the rows of the whole sheet
}

// follow draws the follow-on pages (续页) of a sheet. Every block has its own, so that they can be kept apart.
func (p *printer) follow() {
	for _, o := range p.more {
		for len(o.lines) > 0 {
			o.lines = p.followPage(o)
		}
	}
}

// followPage draws one page and returns the lines that are still left.
func (p *printer) followPage(o overflow) [][]rune {
	pg := p.page()
	title := form.Edition2020.Title
	if o.block != nil {
		title = o.block.edition.Title
		pg.digests = o.block.trace()
	}
	p.centred(pg, tableLeft, tableRight, 84, titleSize, fmt.Sprintf(text.PaperMoreTitle, title))
	y := p.row(pg, tableTop, p.shortNumber())
	foot := padding
	if o.block != nil {
		foot = signHeight
	}
	p.name(pg, y, tableBottom-6, o.name)
	p.name(pg, y+formLeading, tableBottom-6+formLeading, text.PaperMore)
	pg.line(tableMiddle, y, tableMiddle, tableBottom, thin)
	reference := p.set(o.from, smallSize, inside)
	p.lines(pg, y+padding/2, smallSize, smallSize*1.5, reference)
	y += padding + float64(len(reference))*smallSize*1.5
	room := min(int((tableBottom-foot-y)/o.leading), len(o.lines))
	p.lines(pg, y, o.size, o.leading, o.lines[:room])
	if o.block != nil {
		p.signature(pg, tableBottom, *o.block)
	}
	pg.frame(tableLeft, tableTop, tableRight, tableBottom, thick)
	return o.lines[room:]
}

// shortNumber is the row of the case number on a follow-on page, cut to what the sheet itself shows.
func (p *printer) shortNumber() row {
	kept := p.more
	r := p.number(1, "")
	p.more = kept
	return r
}

// foot completes a page: what the paper belongs to, which characters are missing, and its number.
func (p *printer) foot(n int, pg *page) {
	y := tableBottom + 32
	for _, s := range pg.digests {
		runes := []rune(s)
		size := min(footSize, footSize*(tableRight-tableLeft)/p.width(runes, footSize))
		p.put(pg, tableLeft, y, size, runes)
		y += footSize * 1.5
	}
	if len(pg.missing) > 0 {
		p.put(pg, tableLeft, y, footSize, append([]rune{gap}, []rune(fmt.Sprintf(text.PaperMissing, codes(pg.missing)))...))
	}
	p.centred(pg, tableLeft, tableRight, pageHeight-34, smallSize+1, say(text.PageOf, n+1, len(p.pages)))
}

// codes names characters by their code points, as many as fit on a line.
func codes(missing []rune) string {
	const most = 12
	out := ""
	for i, r := range missing {
		if i == most {
			return out + text.PaperEllipsis
		}
		if i > 0 {
			out += say(text.ListComma)
		}
		out += fmt.Sprintf("%U", r)
	}
	return out
}

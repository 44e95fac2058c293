package paper

// Line is a row of a printed table: its name and what stands beside it.
type Line struct{ Name, Says string }

// Table prints a table of two columns below a title, on as many pages as it needs, with a note below the last row. It is what
// accompanies a sheet, never an entry itself.
//
// It fails when the embedded font cannot be read.
func Table(title string, lines []Line, note string, o Options) (Document, error) {
	if len(lines) == 0 {
		return Document{}, ErrNothing
	}
	return o.printed(func(w writer) (Document, error) {
		p := &printer{writer: w}
		p.table(title, lines, note)
		pdf, err := p.pdf()
		return Document{PDF: pdf, Pages: len(p.pages), Missing: p.lacking()}, err
	})
}

func (p *printer) table(title string, lines []Line, note string) {
	var pg *page
	y := 0.0
	for _, l := range lines {
		r := row{name: l.Name, size: formSize, leading: formLeading, least: 30, lines: p.set(l.Says, formSize, inside)}
		if pg == nil || y+r.height() > tableBottom {
			p.close(pg, y)
			pg = p.page()
			p.centred(pg, tableLeft, tableRight, 84, titleSize, title)
			y = tableTop
		}
		y = p.row(pg, y, r)
	}
	p.close(pg, y)
	for i, l := range p.set(note, bodySize, tableRight-tableLeft) {
		p.put(pg, tableLeft, y+17+float64(i)*bodyLeading, bodySize, l)
	}
	for i, pg := range p.pages {
		p.foot(i, pg)
	}
}

// close frames what stands on a page down to y.
func (p *printer) close(pg *page, y float64) {
	if pg != nil {
		pg.frame(tableLeft, tableTop, tableRight, y, thick)
	}
}

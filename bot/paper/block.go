package paper

import (
	"fmt"

	"liuhen/flows/form"
	"liuhen/flows/text"
)

// drawing is a block made ready: its lines, and the height that all of it would take.
type drawing struct {
	block
	who, what [][]rune // 无此类情况 and 干预人; 干预内容
	story     [][]rune
}

func (p *printer) ready(b block) drawing {
	d := drawing{block: b}
	outcome, _ := b.edition.Item(form.Outcome)
	interferers, _ := b.edition.Item(form.Interferers)
	content, _ := b.edition.Item(form.Content)
	none := box{label: outcome.Options[0].Label, on: b.record != nil && b.record.Zero()}
	d.who = append(p.wrap(none.atoms(), formSize, inside), p.boxLine(interferers, b)...)
	d.what = p.boxLine(content, b)
	if s := b.story(); s != "" {
		d.story = p.set(s, bodySize, inside)
	}
	return d
}

// boxLine is a line of boxes with its name.
func (p *printer) boxLine(it form.Item, b block) [][]rune {
	pieces := [][]rune{[]rune(itemName(it.ID) + say(text.Colon))}
	for _, x := range b.boxes(it) {
		pieces = append(pieces, x.atoms()...)
	}
	return p.wrap(pieces, formSize, inside)
}

// atoms are the box with its label on one line, and the text beside it wherever it fits.
func (x box) atoms() [][]rune {
	head := []rune{boxOff}
	if x.on {
		head[0] = boxOn
	}
	head = append(head, []rune(" "+x.label)...)
	switch {
	case x.beside != "":
		head = append(head, []rune(say(text.Colon))...)
		return append([][]rune{head}, atoms([]rune(x.beside+"  "))...)
	case x.blank:
		head = append(head, toWrite, toWrite, toWrite)
	}
	return [][]rune{append(head, ' ', ' ')}
}

func (d drawing) boxRows() (who, what float64) {
	rows := func(lines [][]rune) float64 { return float64(len(lines))*formLeading + padding }
	return rows(d.who), rows(d.what)
}

// fixed is the height of a block without its story.
func (d drawing) fixed() float64 {
	who, what := d.boxRows()
	return who + what + storyHeading + signHeight
}

func (d drawing) whole() float64 { return d.fixed() + float64(len(d.story))*bodyLeading + padding }

// share divides the height between two blocks: each gets what it needs, the rest in halves; where both need more, half each.
func share(total float64, a, b drawing) float64 {
	na, nb := a.whole(), b.whole()
	switch half := total / 2; {
	case max(na, nb) <= half:
		return half
	case na+nb <= total:
		return na + (total-na-nb)/2
	case na <= half:
		return na
	case nb <= half:
		return total - nb
	default:
		return half
	}
}

// blocks draws both 情况记录 between two heights.
func (p *printer) blocks(pg *page, y, below float64, bs []block, from string) {
	a, b := p.ready(bs[0]), p.ready(bs[1])
	middle := y + share(below-y, a, b)
	p.block(pg, y, middle, a, from)
	p.block(pg, middle, below, b, from)
}

func (p *printer) block(pg *page, y, below float64, d drawing, from string) {
	p.name(pg, y, below, text.PaperSituation)
	pg.line(tableMiddle, y, tableMiddle, below, thin)
	pg.line(tableLeft, below, tableRight, below, thin)
	who, what := d.boxRows()
	p.lines(pg, y+padding/2, formSize, formLeading, d.who)
	y += who
	pg.line(tableMiddle, y, tableRight, y, thin)
	p.lines(pg, y+padding/2, formSize, formLeading, d.what)
	y += what
	pg.line(tableMiddle, y, tableRight, y, thin)
	heading := []rune(itemName(form.Particulars) + say(text.Colon))
	p.lines(pg, y+2, formSize, formLeading, [][]rune{heading})
	p.story(pg, y+storyHeading, below-signHeight, d, from)
	p.signature(pg, below, d.block)
}

// story sets as much of 具体情况 as there is room for; the rest goes on to a follow-on page.
func (p *printer) story(pg *page, y, below float64, d drawing, from string) {
	room := max(int((below-y)/bodyLeading), 0)
	lines := d.story
	if len(lines) > room {
		room = max(room-1, 0) // for the words that say so
		name := itemName(form.Particulars)
		rest := overflow{
			name: name, lines: lines[room:], size: bodySize, leading: bodyLeading, block: &d.block,
			from: fmt.Sprintf(text.PaperFromBlock, from, d.place(), name, d.record.Signer.Name),
		}
		p.more = append(p.more, rest)
		lines = append(lines[:room:room], []rune(text.PaperGoesOn))
	}
	p.lines(pg, y, bodySize, bodyLeading, lines)
}

// signature is the line for a signature by hand, the typed name with the time of signing below it, and the date (AM-6).
func (p *printer) signature(pg *page, below float64, b block) {
	const line = 96.0
	date, moment := signed(b.record, p.zone)
	y := below - 19
	right := tableRight - padding - 2
	left := right - 116 - line
	p.ending(pg, left, y, formSize, text.PaperSignature)
	pg.line(left, y+2, left+line, y+2, thin)
	p.ending(pg, right, y, formSize, date)
	small := []rune(moment)
	x := max(tableMiddle+padding, min(left, right-p.width(small, smallSize)))
	p.put(pg, x, below-6, min(smallSize, smallSize*(right-x)/max(p.width(small, smallSize), 1)), small)
}

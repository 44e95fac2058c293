package paper

// An A4 page and the table on it, in points from the upper left corner. The left margin is wide enough for the binding.
const (
	pageWidth  = 595.28
	pageHeight = 841.89

	tableLeft   = 72.0
	tableMiddle = 146.0 // between the names of the rows and their content
	tableRight  = 539.0
	tableTop    = 104.0
	tableBottom = 736.0

	padding = 6.0
)

// Sizes of type and the distance from line to line, in points.
const (
	titleSize   = 20.0
	formSize    = 10.5
	formLeading = 16.5
	bodySize    = 9.5
	bodyLeading = 13.5
	smallSize   = 8.0
	footSize    = 6.5
)

const (
	hair  = 0.35
	thin  = 0.6
	thick = 1.0
)

// mark is one thing drawn on a page: a piece of text, a line, or the frame of a box.
type mark struct {
	kind   kind
	x, y   float64 // text: start of the base line; line: one end; frame: upper left corner
	x2, y2 float64 // line: the other end; frame: lower right corner
	size   float64 // text: the size of the type; line and frame: the thickness
	face   int
	red    bool // otherwise black
	text   string
}

type kind uint8

const (
	textMark kind = iota + 1
	lineMark
	frameMark
)

// page is what is drawn on one page; the foot is completed when all pages are known.
type page struct {
	marks   []mark
	missing []rune // in the order of their appearance
	digests []string
}

func (p *page) line(x, y, x2, y2, width float64) {
	p.marks = append(p.marks, mark{kind: lineMark, x: x, y: y, x2: x2, y2: y2, size: width})
}

func (p *page) frame(x, y, x2, y2, width float64) {
	p.marks = append(p.marks, mark{kind: frameMark, x: x, y: y, x2: x2, y2: y2, size: width})
}

// rounded is a frame with its corners cut, so that ▢ is not taken for a box of the form.
func (p *page) rounded(x, y, x2, y2, cut float64) {
	corners := [][2]float64{{x + cut, y}, {x2 - cut, y}, {x2, y + cut}, {x2, y2 - cut}, {x2 - cut, y2}, {x + cut, y2}, {x, y2 - cut}, {x, y + cut}}
	for i, c := range corners {
		to := corners[(i+1)%len(corners)]
		p.line(c[0], c[1], to[0], to[1], hair)
	}
}

// put sets one line of text with its base line at y and returns where it ends.
func (w *writer) put(p *page, x, y, size float64, runes []rune) float64 {
	var run []rune
	face, from := -1, x
	flush := func() {
		if len(run) > 0 {
			p.marks = append(p.marks, mark{kind: textMark, x: from, y: y, size: size, face: face, text: string(run)})
		}
		run, face, from = nil, -1, x
	}
	for _, r := range runes {
		at, width := w.find(r)
		switch {
		case at < 0:
			flush()
			w.drawn(p, x, y, size, r)
			x += w.advance(r) * size
			from = x
			continue
		case at != face:
			flush()
			face = at
		}
		run = append(run, r)
		x += width * size
	}
	flush()
	return x
}

// drawn draws what is not set in type: boxes, the line to write on, and ▢ for a character that no font has.
func (w *writer) drawn(p *page, x, y, size float64, r rune) {
	left, right, top, bottom := x+0.06*size, x+0.9*size, y-0.76*size, y+0.08*size
	switch {
	case r == boxOff || r == boxOn:
		p.frame(left, top, right, bottom, thin)
		if r == boxOn {
			p.line(left+0.14*size, y-0.36*size, left+0.36*size, y-0.08*size, 1.3*thick)
			p.line(left+0.36*size, y-0.08*size, right-0.10*size, y-0.66*size, 1.3*thick)
		}
	case r == toWrite:
		p.line(x, y+0.14*size, x+size, y+0.14*size, thin)
	case space(r) || r == '\u00a0':
	default:
		p.rounded(left, top, right, bottom, 0.1*size)
		if r != gap {
			w.lack(p, r)
		}
	}
}

func (w *writer) lack(p *page, r rune) {
	w.missing[r] = true
	for _, x := range p.missing {
		if x == r {
			return
		}
	}
	p.missing = append(p.missing, r)
}

// centred sets a line in the middle between two edges; ending sets it against the right one.
func (w *writer) centred(p *page, left, right, y, size float64, s string) {
	runes := []rune(s)
	w.put(p, left+(right-left-w.width(runes, size))/2, y, size, runes)
}

func (w *writer) ending(p *page, right, y, size float64, s string) {
	runes := []rune(s)
	w.put(p, right-w.width(runes, size), y, size, runes)
}

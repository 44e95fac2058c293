package paper

import (
	"slices"
	"unicode"
)

// Signs that are drawn rather than set in type: the font has no ☐ and no ☑. They are no characters, so that no text of a
// signer can contain one and pass for a box of the form.
const (
	boxOff  rune = -1 - iota // ☐
	boxOn                    // ☑
	toWrite                  // one em of the line to write on: ____
	gap                      // the mark that stands for a character without a glyph: ▢
)

// writer sets type: it knows the fonts and remembers which characters they lack.
type writer struct {
	faces   []*face
	missing map[rune]bool
}

// find is the font that has r, with the width of r as a part of the size; -1 when none has it.
func (w *writer) find(r rune) (at int, width float64) {
	for i, f := range w.faces {
		if g, ok := f.glyphs[r]; ok {
			return i, g.width
		}
	}
	return -1, 0
}

// width is the width of a text set in the given size, in points.
func (w *writer) width(runes []rune, size float64) float64 {
	sum := 0.0
	for _, r := range runes {
		sum += w.advance(r)
	}
	return sum * size
}

// advance is the width of one character as a part of the size.
func (w *writer) advance(r rune) float64 {
	if at, width := w.find(r); at >= 0 {
		return width
	}
	if r >= 0 && unicode.IsSpace(r) {
		return 0.5
	}
	return 1
}

// lacking are the characters that no font has, by code point.
func (w *writer) lacking() []rune {
	var out []rune
	for r := range w.missing {
		out = append(out, r)
	}
	slices.Sort(out)
	return out
}

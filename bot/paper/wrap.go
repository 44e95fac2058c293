package paper

import (
	"strings"
	"unicode"
)

// Chinese line breaking (kinsoku): what may not begin a line and what may not end one.
const (
	noStart = "、。，；：？！）》〉」』】〕〗’”…—～·％‰℃,.;:?!)]}%°"
	noEnd   = "（《〈「『【〔〖‘“([{￥$"
)

// paragraphs cuts a text at its line breaks, whichever way they are written.
func paragraphs(s string) [][]rune {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n").Replace(s)
	var out [][]rune
	for line := range strings.SplitSeq(s, "\n") {
		out = append(out, []rune(line))
	}
	return out
}

// atoms cuts a paragraph into the pieces that stay on one line: a word, or a Chinese character with its punctuation.
func atoms(text []rune) [][]rune {
	var out [][]rune
	from := 0
	for i := 1; i < len(text); i++ {
		if breakable(text[i-1], text[i]) {
			out = append(out, text[from:i])
			from = i
		}
	}
	if from < len(text) {
		out = append(out, text[from:])
	}
	return out
}

func breakable(a, b rune) bool {
	switch {
	case space(b): // hangs over the end of the line it follows
		return false
	case strings.ContainsRune(noStart, b), strings.ContainsRune(noEnd, a):
		return false
	case space(a):
		return true
	}
	if '0' <= a && a <= '9' && unicode.Is(unicode.Han, b) { // a number and its unit
		return false
	}
	return !inWord(a) || !inWord(b)
}

func space(r rune) bool { return r >= 0 && unicode.IsSpace(r) && r != '\u00a0' }

// inWord reports whether r belongs to a word, number or name that is written without spaces between its letters.
func inWord(r rune) bool { return r >= 0 && r < 0x2000 && !space(r) }

// wrap sets atoms into lines of the given width in points. An atom longer than a line is cut where the line ends.
func (w *writer) wrap(pieces [][]rune, size, width float64) [][]rune {
	lines := [][]rune{nil}
	used := 0.0
	for _, piece := range pieces {
		solid := piece[:visible(piece)]
		n := w.width(solid, size)
		if used > 0 && used+n > width {
			lines, used = append(lines, nil), 0
		}
		if n > width {
			lines, used = w.chop(lines, piece, size, width)
			continue
		}
		last := len(lines) - 1
		lines[last] = append(lines[last], piece...)
		used += w.width(piece, size)
	}
	for i, l := range lines {
		lines[i] = l[:visible(l)]
	}
	return lines
}

// visible is the length of a text without the spaces at its end.
func visible(text []rune) int {
	n := len(text)
	for n > 0 && space(text[n-1]) {
		n--
	}
	return n
}

// chop cuts a piece that is longer than a line, and even then not before a closing mark or after an opening one.
func (w *writer) chop(lines [][]rune, piece []rune, size, width float64) ([][]rune, float64) {
	var line []rune
	used := 0.0
	for _, r := range piece {
		n := w.advance(r) * size
		if used+n > width && len(line) > 0 {
			at := cut(line, r)
			lines[len(lines)-1] = line[:at:at]
			lines = append(lines, nil)
			line = line[at:]
			used = w.width(line, size)
		}
		line = append(line, r)
		used += n
	}
	lines[len(lines)-1] = line
	return lines, used
}

// cut is where a line ends that next would overfill.
func cut(line []rune, next rune) int {
	for at := len(line); at > 0; at-- {
		if !strings.ContainsRune(noStart, next) && !strings.ContainsRune(noEnd, line[at-1]) {
			return at
		}
		next = line[at-1]
	}
	return len(line) // nothing but such marks
}

// set wraps a whole text, paragraph by paragraph.
func (w *writer) set(s string, size, width float64) [][]rune {
	var out [][]rune
	for _, p := range paragraphs(s) {
		out = append(out, w.wrap(atoms(p), size, width)...)
	}
	return out
}

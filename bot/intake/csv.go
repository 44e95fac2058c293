package intake

import (
	"strings"
	"unicode/utf8"

	"liuhen/flows/text"
)

// delimiters that lists come with; the full-width comma is what Chinese keyboards type.
var delimiters = []rune{',', ';', '\t', '\uFF0C', '|'}

// headerBytes is where a header is looked for.
const headerBytes = 256 << 10

// parseText reads delimited text with the delimiter under which its header is understood best. A first line "sep=;" decides.
func parseText(s string) (grid, error) {
	if d, skip := declared(s); skip > 0 {
		g, err := parseCSV(s[skip:], d, maxRows)
		for i := range g.rows {
			g.rows[i].num++
		}
		return g, err
	}
	best, score := delimiters[0], 0
	for _, d := range delimiters {
		g, _ := parseCSV(s[:min(len(s), headerBytes)], d, headerRows) // faults of a wrong delimiter say nothing
		if h, ok := findHeader(g); ok && len(h.cols) > score {
			best, score = d, len(h.cols)
		}
	}
	return parseCSV(s, best, maxRows)
}

func declared(s string) (delimiter rune, skip int) {
	if len(s) < 5 || !strings.EqualFold(s[:4], "sep=") {
		return 0, 0
	}
	d, n := utf8.DecodeRuneInString(s[4:])
	skip = 4 + n
	for _, end := range []string{"\r\n", "\n", "\r"} {
		if strings.HasPrefix(s[skip:], end) {
			return d, skip + len(end)
		}
	}
	return 0, 0
}

// parseCSV reads at most limit rows that are not blank; more are an error when limit is maxRows. Blank lines and line breaks within
// quotes are counted as Excel counts rows, which encoding/csv does not.
func parseCSV(s string, delimiter rune, limit int) (grid, error) {
	p := csvParser{rest: s, delimiter: delimiter}
	var g grid
	for num := 1; p.rest != ""; num++ {
		if p.emptyLine() {
			continue
		}
		cells, code := p.record()
		switch code {
		case text.ListFileQuote:
			return g, Fault{Code: code, Row: num}
		case text.ListFileColumns:
			return g, refuse(code, maxColumns)
		}
		if blank(cells) {
			continue
		}
		if len(g.rows) == limit {
			if limit < maxRows {
				return g, nil
			}
			return g, refuse(text.ListFileRows, maxRows)
		}
		g.rows = append(g.rows, row{num: num, cells: cells})
	}
	return g, nil
}

type csvParser struct {
	rest      string
	delimiter rune
}

// emptyLine passes over a line without anything in it.
func (p *csvParser) emptyLine() bool {
	for _, end := range []string{"\r\n", "\n", "\r"} {
		if strings.HasPrefix(p.rest, end) {
			p.rest = p.rest[len(end):]
			return true
		}
	}
	return false
}

// record reads one row and its line end; the code is "" when that went well.
func (p *csvParser) record() ([]cell, text.ListCode) {
	var cells []cell
	for n := 1; ; n++ {
		s, closed := p.field()
		if !closed {
			return nil, text.ListFileQuote
		}
		c := textCell(unwrapped(s))
		switch {
		case n <= maxColumns:
			cells = append(cells, c)
		case !c.blank():
			return nil, text.ListFileColumns
		}
		r, size := utf8.DecodeRuneInString(p.rest)
		p.rest = p.rest[size:]
		switch {
		case size > 0 && r == p.delimiter:
			continue
		case r == '\r':
			p.rest = strings.TrimPrefix(p.rest, "\n")
		}
		return cells, ""
	}
}

// field reads up to the next delimiter or line end. A quote opens a quoted part only at the beginning; what follows the closing quote
// is kept. closed is false when the file ends within quotes.
func (p *csvParser) field() (s string, closed bool) {
	if !strings.HasPrefix(p.rest, `"`) {
		return p.bare(), true
	}
	var b strings.Builder
	p.rest = p.rest[1:]
	for {
		i := strings.IndexByte(p.rest, '"')
		if i < 0 {
			return "", false
		}
		keep(&b, p.rest[:i])
		p.rest = p.rest[i+1:]
		if !strings.HasPrefix(p.rest, `"`) {
			keep(&b, p.bare())
			return b.String(), true
		}
		keep(&b, `"`)
		p.rest = p.rest[1:]
	}
}

func (p *csvParser) bare() string {
	end := strings.IndexFunc(p.rest, func(r rune) bool { return r == p.delimiter || r == '\n' || r == '\r' })
	if end < 0 {
		end = len(p.rest)
	}
	s := p.rest[:end]
	p.rest = p.rest[end:]
	return s
}

// keep adds to a cell until it is too long anyway.
func keep(b *strings.Builder, s string) {
	if b.Len() <= maxCell*utf8.UTFMax {
		b.WriteString(s)
	}
}

// unwrapped undoes what exporters do to keep Excel from reading numbers: ="0012" and '0012.
func unwrapped(s string) string {
	if strings.HasPrefix(s, `="`) && strings.HasSuffix(s, `"`) && len(s) > 2 {
		return s[2 : len(s)-1]
	}
	if strings.HasPrefix(s, "'") {
		return s[1:]
	}
	return s
}

package intake

import (
	"strings"
	"unicode/utf8"

	"liuhen/flows/text"
)

// grid is a sheet as rows that have content.
type grid struct {
	sheet     string
	rows      []row
	epoch1904 bool
}

type row struct {
	num   int // as Excel shows it
	cells []cell
}

func (r row) at(i int) cell {
	if i < len(r.cells) {
		return r.cells[i]
	}
	return cell{}
}

type cell struct {
	text string
	kind cellKind
}

type cellKind uint8

const (
	plainCell        cellKind = iota
	numberCell                // stored as a number
	errorCell                 // #N/A …
	uncalculatedCell          // a formula without a stored result
	longCell                  // longer than Excel allows
)

func textCell(s string) cell {
	if len(s) > maxCell && utf8.RuneCountInString(s) > maxCell {
		return cell{"", longCell}
	}
	return cell{text: s}
}

func (c cell) blank() bool {
	return c.kind != uncalculatedCell && c.kind != longCell && strings.TrimSpace(c.text) == ""
}

func blank(cells []cell) bool {
	for _, c := range cells {
		if !c.blank() {
			return false
		}
	}
	return true
}

// header is what the header row of a grid says.
type header struct {
	index  int // of the row in grid.rows
	people bool
	cols   map[text.ListColumn]int
	double []text.ListColumn
	extra  []string
}

// findHeader is the row among the first that names most columns of either list, at least two.
func findHeader(g grid) (header, bool) {
	var best header
	for i, r := range g.rows[:min(len(g.rows), headerRows)] {
		for _, people := range []bool{true, false} {
			if h := readHeader(r, people); len(h.cols) > len(best.cols) {
				best, best.index = h, i
			}
		}
	}
	return best, len(best.cols) >= 2
}

// readHeader looks the cells of a row up. A column under its own name takes precedence over one under another name for it.
func readHeader(r row, people bool) header {
	h := header{people: people, cols: map[text.ListColumn]int{}}
	exact := map[text.ListColumn]bool{}
	find := text.FindCaseColumn
	if people {
		find = text.FindPeopleColumn
	}
	for i, c := range r.cells {
		name := headerWord(c.text)
		col, ok := find(name)
		_, taken := h.cols[col]
		own := name == string(col)
		switch {
		case name == "":
		case !ok, taken && exact[col] && !own:
			h.extra = append(h.extra, echo(c.text))
		case !taken, own && !exact[col]:
			if taken {
				h.extra = append(h.extra, echo(r.cells[h.cols[col]].text))
			}
			h.cols[col], exact[col] = i, own
		default:
			h.double = append(h.double, col)
		}
	}
	return h
}

func headerWord(s string) string {
	s = word(s)
	for _, m := range text.HeaderMarks() {
		s = strings.ReplaceAll(s, m, "")
	}
	return s
}

// table reads one sheet; false when it is not a list.
func (r *reader) table(g grid) bool {
	h, ok := findHeader(g)
	if !ok {
		r.note(g.sheet, 0, "", text.ListSheetIgnored)
		return false
	}
	num := g.rows[h.index].num
	for _, c := range h.double {
		r.fault(g.sheet, num, "", text.ListDoubleColumn, string(c))
	}
	missing := r.missing(g.sheet, num, h)
	if len(h.extra) > 0 {
		r.note(g.sheet, num, "", text.ListExtraColumns, strings.Join(h.extra[:min(len(h.extra), 10)], text.ListJoiner))
	}
	if missing || len(h.double) > 0 {
		return true
	}
	if !r.rows(g, h) {
		r.fault(g.sheet, num, "", text.ListNoRows)
	}
	return true
}

// missing reports the columns a list cannot do without.
func (r *reader) missing(sheet string, num int, h header) bool {
	need := []text.ListColumn{text.ListInstitution, text.ListNumber, text.ListMatter, text.ListAppraisers}
	if h.people {
		need = []text.ListColumn{text.ListAuthority, text.ListName, text.ListRoles}
	}
	found := false
	for _, c := range need {
		if _, ok := h.cols[c]; !ok {
			r.fault(sheet, num, "", text.ListMissingColumns, string(c))
			found = true
		}
	}
	return found
}

// rows reads what stands below the header; false when nothing does.
func (r *reader) rows(g grid, h header) bool {
	found := false
	heading := headingOf(g.rows[h.index])
	for _, row := range g.rows[h.index+1:] {
		l := line{r: r, sheet: g.sheet, row: row, cols: h.cols, epoch1904: g.epoch1904}
		switch {
		case l.empty(), headingOf(row) == heading:
			// a row numbered in advance, or a header repeated on the next printed page
		case l.footer(h.people):
			r.note(g.sheet, row.num, "", text.ListFooterRow)
		case h.people:
			found = true
			l.person()
		default:
			found = true
			l.kase()
		}
	}
	return found
}

func headingOf(r row) string {
	var b strings.Builder
	for _, c := range r.cells {
		b.WriteString(headerWord(c.text) + "\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

package intake

import (
	"encoding/xml"
	"strconv"
	"strings"
	"unicode/utf8"

	"liuhen/flows/text"
)

// lastRow is the last row a sheet can have.
const lastRow = 1 << 20

// maxFill bounds the work of filling merged cells.
const maxFill = maxRows * maxColumns

// read reads a sheet of at most limit rows that are not blank.
func (b *book) read(s bookSheet, limit int) (grid, error) {
	r := sheetReader{book: b, limit: limit, grid: grid{sheet: s.name, epoch1904: b.epoch1904}}
	if err := b.archive.scan(s.part, r.token); err != nil {
		return grid{}, err
	}
	return r.grid, r.fill()
}

type sheetReader struct {
	book   *book
	limit  int
	grid   grid
	row    row
	col    int // of the cell being read, from 0
	kind   string
	style  int
	value  strings.Builder
	inside itemText
	inV    bool
	hasV   bool
	hasF   bool
	merges []merge
}

// merge is a merged range, rows as Excel counts, columns from 0.
type merge struct{ col, top, bottom int }

func (r *sheetReader) token(t xml.Token) error {
	switch e := t.(type) {
	case xml.StartElement:
		return r.start(e)
	case xml.EndElement:
		return r.end(e.Name.Local, t)
	case xml.CharData:
		if r.inV && r.value.Len() <= maxCell*utf8.UTFMax {
			r.value.Write(e)
		}
		r.inside.token(t)
	}
	return nil
}

func (r *sheetReader) start(e xml.StartElement) error {
	switch e.Name.Local {
	case "row":
		return r.startRow(attr(e, "r"))
	case "c":
		return r.startCell(e)
	case "v":
		r.inV, r.hasV = true, true
	case "f":
		r.hasF = true
	case "mergeCell":
		r.merge(attr(e, "ref"))
	default:
		r.inside.token(e)
	}
	return nil
}

func (r *sheetReader) end(name string, t xml.Token) error {
	switch name {
	case "row":
		return r.endRow()
	case "c":
		return r.endCell()
	case "v":
		r.inV = false
	default:
		r.inside.token(t)
	}
	return nil
}

func (r *sheetReader) startRow(number string) error {
	next := r.row.num + 1
	if number != "" {
		n, err := strconv.Atoi(number)
		if err != nil || n < next {
			return errBroken
		}
		next = n
	}
	if next > lastRow {
		return errBroken
	}
	r.row, r.col = row{num: next}, -1
	return nil
}

func (r *sheetReader) endRow() error {
	if blank(r.row.cells) {
		return nil
	}
	if len(r.grid.rows) >= r.limit {
		return refuse(text.ListFileRows, maxRows)
	}
	r.grid.rows = append(r.grid.rows, r.row)
	return nil
}

func (r *sheetReader) startCell(e xml.StartElement) error {
	r.kind, r.style, r.hasV, r.hasF, r.inV = attr(e, "t"), 0, false, false, false
	r.value.Reset()
	r.inside = itemText{}
	if s := attr(e, "s"); s != "" {
		r.style, _ = strconv.Atoi(s)
	}
	ref := attr(e, "r")
	if ref == "" {
		r.col++
		return nil
	}
	col, num, ok := parseRef(ref)
	if !ok || col <= r.col || num != r.row.num {
		return errBroken
	}
	r.col = col
	return nil
}

func (r *sheetReader) endCell() error {
	c, err := r.cell()
	if err != nil {
		return err
	}
	if c.blank() {
		return nil
	}
	if r.col >= maxColumns {
		return refuse(text.ListFileColumns, maxColumns)
	}
	if r.col < 0 {
		return errBroken
	}
	for len(r.row.cells) <= r.col {
		r.row.cells = append(r.row.cells, cell{})
	}
	r.row.cells[r.col] = c
	return nil
}

// cell is the value as stored: of a formula, its last result.
func (r *sheetReader) cell() (cell, error) {
	v := r.value.String()
	if r.hasF && !r.hasV { // an empty result is stored as an empty <v>
		return cell{kind: uncalculatedCell}, nil
	}
	switch r.kind {
	case "s":
		if v == "" {
			return cell{}, nil
		}
		i, err := strconv.Atoi(v)
		if err != nil || i < 0 || i >= len(r.book.strings) {
			return cell{}, errBroken
		}
		return textCell(r.book.strings[i]), nil
	case "inlineStr":
		return textCell(r.inside.take()), nil
	case "", "n":
		return r.number(v), nil
	case "e":
		return cell{v, errorCell}, nil
	}
	return textCell(unescaped(v)), nil // str, b, d
}

func (r *sheetReader) number(v string) cell {
	if v == "" {
		return cell{}
	}
	c := textCell(v)
	if c.kind == plainCell {
		c.kind = numberCell
	}
	if r.style >= 0 && r.style < len(r.book.pads) && strings.Trim(v, digits) == "" {
		if n := r.book.pads[r.style] - len(v); n > 0 {
			c.text = strings.Repeat("0", n) + v
		}
	}
	return c
}

// merge remembers a range merged downwards; titles merged to the right need nothing.
func (r *sheetReader) merge(ref string) {
	from, to, ok := strings.Cut(ref, ":")
	if !ok || len(r.merges) > maxFill {
		return
	}
	col, top, ok1 := parseRef(from)
	_, bottom, ok2 := parseRef(to)
	if ok1 && ok2 && col < maxColumns && bottom > top {
		r.merges = append(r.merges, merge{col, top, bottom})
	}
}

// fill repeats the value of a range merged downwards in each of its rows: that is what its reader sees.
func (r *sheetReader) fill() error {
	index := make(map[int]int, len(r.grid.rows))
	for i, row := range r.grid.rows {
		index[row.num] = i
	}
	work := 0
	for _, m := range r.merges {
		first, ok := index[m.top]
		if !ok {
			continue
		}
		value := r.grid.rows[first].at(m.col)
		for i := first + 1; i < len(r.grid.rows) && r.grid.rows[i].num <= m.bottom; i++ {
			if work++; work > maxFill {
				return errBomb
			}
			row := &r.grid.rows[i]
			for len(row.cells) <= m.col {
				row.cells = append(row.cells, cell{})
			}
			if row.cells[m.col].blank() {
				row.cells[m.col] = value
			}
		}
	}
	return nil
}

// parseRef reads a cell reference such as C12; the column counts from 0.
func parseRef(ref string) (col, row int, ok bool) {
	i := 0
	for i < len(ref) && i < 4 && 'A' <= ref[i]&^0x20 && ref[i]&^0x20 <= 'Z' {
		col = col*26 + int(ref[i]&^0x20-'A') + 1
		i++
	}
	row, err := strconv.Atoi(ref[i:])
	return col - 1, row, err == nil && i > 0 && i <= 3 && row > 0 && row <= lastRow
}

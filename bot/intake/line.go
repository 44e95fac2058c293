package intake

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"liuhen/flows/law"
	"liuhen/flows/text"
)

// line is one row below a header while it is being read. Every getter reports its own faults.
type line struct {
	r         *reader
	sheet     string
	row       row
	cols      map[text.ListColumn]int
	epoch1904 bool
	remarked  bool // invisible characters
}

func (l *line) at(col text.ListColumn) cell {
	if i, ok := l.cols[col]; ok {
		return l.row.at(i)
	}
	return cell{}
}

// empty reports a row without content in any column of the list.
func (l *line) empty() bool {
	for col := range l.cols {
		if !l.at(col).blank() {
			return false
		}
	}
	return true
}

// footer reports a row of sums or remarks below the table: it names neither a person nor a case.
func (l *line) footer(people bool) bool {
	key := text.ListNumber
	if people {
		key = text.ListName
	}
	if !l.at(key).blank() && l.row.at(0) != l.at(key) {
		return false
	}
	for _, c := range l.row.cells {
		if !c.blank() {
			return text.IsListFooter(word(c.text))
		}
	}
	return false
}

func (l *line) fault(col text.ListColumn, code text.ListCode, args ...string) {
	l.r.fault(l.sheet, l.row.num, col, code, args...)
}

func (l *line) note(col text.ListColumn, code text.ListCode, args ...string) {
	l.r.note(l.sheet, l.row.num, col, code, args...)
}

func (l *line) bad() bool { return l.r.bad[place{l.sheet, l.row.num}] }

// raw is the content of a usable cell.
func (l *line) raw(col text.ListColumn) (string, bool) {
	c := l.at(col)
	switch c.kind {
	case errorCell:
		l.fault(col, text.ListCellError, c.text)
		return "", false
	case uncalculatedCell:
		l.fault(col, text.ListUncalculated)
		return "", false
	case longCell:
		l.fault(col, text.ListTooLong, strconv.Itoa(maxCell))
		return "", false
	case plainCell, numberCell:
	}
	if hasInvisible(c.text) && !l.remarked {
		l.remarked = true
		l.note(col, text.ListInvisible)
	}
	return c.text, true
}

// clean is a cell through clean, at most limit characters long.
func (l *line) clean(col text.ListColumn, clean func(string) string, limit int) string {
	s, ok := l.raw(col)
	if !ok {
		return ""
	}
	if s = clean(s); utf8.RuneCountInString(s) > limit {
		l.fault(col, text.ListTooLong, strconv.Itoa(limit))
	}
	return s
}

// need is clean for a cell that must not be empty.
func (l *line) need(col text.ListColumn, clean func(string) string, limit int) string {
	s := l.clean(col, clean, limit)
	if k := l.at(col).kind; s == "" && (k == plainCell || k == numberCell) {
		l.fault(col, text.ListRequired)
	}
	return s
}

var scientific = regexp.MustCompile(`^-?[0-9](\.[0-9]+)?[eE]\+[0-9]{2,}$`)

// exactDigits is how many digits Excel keeps of a number; the rest become zeros.
const exactDigits = 15

// digitsKept reports a fault when a number that identifies something was stored as a quantity and may have lost digits.
func (l *line) digitsKept(col text.ListColumn) {
	c := l.at(col)
	lost := scientific.MatchString(tight(c.text))
	if c.kind == numberCell {
		lost = lost || len(c.text) > exactDigits || strings.ContainsAny(c.text, "eE")
	}
	if lost {
		l.fault(col, text.ListScientific, c.text)
	}
}

// date is a day; not after tomorrow, as clocks and zones differ.
func (l *line) date(col text.ListColumn) law.Date {
	s, ok := l.raw(col)
	if !ok || strings.TrimSpace(visible(s)) == "" {
		return law.Date{}
	}
	d, code := parseDate(s, l.epoch1904)
	if code == "" && !l.r.today.IsZero() && l.r.today.AddDays(1).Before(d) {
		l.fault(col, text.ListFutureDate, d.String())
		return law.Date{}
	}
	if code != "" {
		l.fault(col, code, s)
	}
	return d
}

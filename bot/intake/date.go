package intake

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"liuhen/flows/law"
	"liuhen/flows/text"
)

var (
	fullDate      = regexp.MustCompile(`^(\d{4})[-./](\d{1,2})[-./](\d{1,2})[.]?(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$`)
	compactDate   = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	ambiguousDate = regexp.MustCompile(`^\d{1,2}[-./]\d{1,2}(?:[-./]\d{1,4})?$`)
	serialDate    = regexp.MustCompile(`^(\d{5})(?:\.\d+)?$`)
)

// Dates outside these years are typing errors.
const (
	firstYear = 1950
	lastYear  = 2100
)

// parseDate reads a day however lists write it: with points, strokes, slashes or Chinese characters, as eight digits, with a time
// of day, or as Excel's number of days (since 1904 in some workbooks). The code is "" when it is one.
func parseDate(s string, epoch1904 bool) (law.Date, text.ListCode) {
	s = plainDate(s)
	if m := serialDate.FindStringSubmatch(s); m != nil {
		return serialDay(m[1], epoch1904)
	}
	m := fullDate.FindStringSubmatch(s)
	if m == nil {
		m = compactDate.FindStringSubmatch(s)
	}
	if m == nil {
		if ambiguousDate.MatchString(s) {
			return law.Date{}, text.ListAmbiguousDate
		}
		return law.Date{}, text.ListBadDate
	}
	return checkedDate(atoi(m[1]), atoi(m[2]), atoi(m[3]))
}

// plainDate gives a typed date ASCII separators.
func plainDate(s string) string {
	s = strings.NewReplacer(text.DateYear, "-", text.DateMonth, "-", text.DateDay, " ", text.DateDayNumber, " ",
		text.FullStop, ".").Replace(oneLine(folded(s)))
	for _, sep := range []string{"-", ".", "/"} {
		s = strings.ReplaceAll(strings.ReplaceAll(s, " "+sep, sep), sep+" ", sep)
	}
	return oneLine(s)
}

func serialDay(digits string, epoch1904 bool) (law.Date, text.ListCode) {
	days := atoi(digits)
	if epoch1904 {
		days += 1462
	}
	d := law.Date{Y: 1899, M: time.December, D: 30}.AddDays(days)
	return checkedDate(d.Y, int(d.M), d.D)
}

func checkedDate(y, m, d int) (law.Date, text.ListCode) {
	date := law.Date{Y: y, M: time.Month(m), D: d}
	if y < firstYear || y > lastYear || date.AddDays(0) != date {
		return law.Date{}, text.ListBadDate
	}
	return date, ""
}

// atoi reads digits that a pattern has checked.
func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

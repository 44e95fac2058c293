package law

import (
	"maps"
	"slices"
	"time"
)

// Day is a day that differs from the week's ordinary course, or is confirmed by the State Council's notice.
type Day struct {
	Date Date
	Work bool // a make-up day (调休) rather than a day off
}

// Calendar knows which days are working days. The zero value knows nothing and counts Monday to Friday.
type Calendar struct {
	special map[Date]bool // true: work
	years   map[int]bool
}

// NewCalendar builds a calendar from special days; of two statements about a day the later counts. A year is known when its
// National Day (1 October) is given as a day off, because the State Council's notice settles a whole year at once: a few
// days at the turn of the year, which belong to the next year's notice, do not make a year known.
func NewCalendar(days []Day) Calendar {
	c := Calendar{special: make(map[Date]bool, len(days)), years: map[int]bool{}}
	for _, d := range days {
		c.special[d.Date] = d.Work
	}
	for d, work := range c.special {
		if d.M == time.October && d.D == 1 && !work {
			c.years[d.Y] = true
		}
	}
	return c
}

// Known reports whether the year's own notice is known.
func (c Calendar) Known(year int) bool { return c.years[year] }

// Years are the known years, sorted.
func (c Calendar) Years() []int { return slices.Sorted(maps.Keys(c.years)) }

// IsWorkday reports whether d is a working day; known is false when it had to be guessed from the weekday.
func (c Calendar) IsWorkday(d Date) (work, known bool) {
	if work, ok := c.special[d]; ok {
		return work, true
	}
	known = c.years[d.Y] && (!TurnOfYear(d) || c.years[d.Y+1])
	return d.Weekday() != time.Saturday && d.Weekday() != time.Sunday, known
}

// TurnOfYear reports whether the next year's notice may still change d: New Year's holidays and their make-up days have
// reached back to 29 December; from the 25th on is on the safe side.
func TurnOfYear(d Date) bool { return d.M == time.December && d.D >= 25 }

// AddWorkdays is the n-th working day after d; d itself when n is not positive. known is false when any day on the way had
// to be guessed.
func (c Calendar) AddWorkdays(d Date, n int) (day Date, known bool) {
	known = true
	for n > 0 {
		d = d.AddDays(1)
		work, k := c.IsWorkday(d)
		known = known && k
		if work {
			n--
		}
	}
	return d, known
}

// WorkdaysBetween counts the working days after a up to and including b, negative when b is before a: the inverse of
// AddWorkdays. known is false when any of them had to be guessed.
func (c Calendar) WorkdaysBetween(a, b Date) (n int, known bool) {
	if b.Before(a) {
		n, known = c.WorkdaysBetween(b, a)
		return -n, known
	}
	known = true
	for a.Before(b) {
		a = a.AddDays(1)
		work, k := c.IsWorkday(a)
		known = known && k
		if work {
			n++
		}
	}
	return n, known
}

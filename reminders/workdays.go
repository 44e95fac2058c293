package reminders

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/6tail/lunar-go/HolidayUtil"

	"liuhen/flows/law"
)

// firstYear is the first year the built-in data holds a whole notice of; earlier days are of no use to a rule of 2020.
const firstYear = 2002

// builtIn reads the library's data once, because its state is global and unlocked. It holds nothing for a year whose notice
// was not out at its release.
var builtIn = sync.OnceValues(func() ([]law.Day, error) {
	var days []law.Day
	for year, empty := firstYear, 0; empty < 3; year++ {
		list := HolidayUtil.GetHolidaysByYear(year)
		if list.Len() == 0 {
			empty++
			continue
		}
		empty = 0
		for e := list.Front(); e != nil; e = e.Next() {
			h := e.Value.(*HolidayUtil.Holiday)
			d, err := law.ParseDate(h.GetDay())
			if err != nil {
				return nil, fmt.Errorf("read the built-in holidays: %w", err)
			}
			days = append(days, law.Day{Date: d, Work: h.IsWork()})
		}
	}
	return days, nil
})

// Workdays is the calendar of Chinese working days: the built-in notices and, over them, uploaded ones as [ParseHolidayCN] reads
// them, the later upload over the earlier. A year that an upload settles is taken from the upload alone, so that a notice
// which was changed (2020's Spring Festival) leaves nothing of the old one behind.
func Workdays(uploads ...[]law.Day) (law.Calendar, error) {
	days, err := builtIn()
	if err != nil {
		return law.Calendar{}, err
	}
	for _, u := range uploads {
		days = over(days, u)
	}
	return law.NewCalendar(days), nil
}

// over lays newer days over older ones. The last days of December belong to the next year's notice and stay.
func over(older, newer []law.Day) []law.Day {
	settled := law.NewCalendar(newer)
	var out []law.Day
	for _, d := range older {
		if law.TurnOfYear(d.Date) || !settled.Known(d.Date.Y) {
			out = append(out, d)
		}
	}
	return append(out, newer...)
}

// Missing reports whether an administrator must supply a calendar: from November on next year's, which the State Council
// announces around then, and at any time the current year's.
func Missing(cal law.Calendar, today law.Date) bool {
	return !cal.Known(today.Y) || today.M >= time.November && !cal.Known(today.Y+1)
}

// ParseHolidayCN reads a year file of NateScarlet/holiday-cn: {"days":[{"name":"国庆节","date":"2027-10-01","isOffDay":true}]}. It
// refuses a file without days, a day without a date or without saying whether it is off, and two statements about one day.
func ParseHolidayCN(b []byte) ([]law.Day, error) {
	var file struct {
		Days []struct {
			Date     string `json:"date"`
			IsOffDay *bool  `json:"isOffDay"`
		} `json:"days"`
	}
	if err := json.Unmarshal(bytes.TrimPrefix(b, []byte("\ufeff")), &file); err != nil {
		return nil, fmt.Errorf("read the holiday file: %w", err)
	}
	if len(file.Days) == 0 {
		return nil, fmt.Errorf("read the holiday file: it lists no days")
	}
	seen := map[law.Date]bool{}
	var out []law.Day
	for i, row := range file.Days {
		d, err := law.ParseDate(row.Date)
		switch {
		case err != nil:
			return nil, fmt.Errorf("read the holiday file: day %d: %w", i+1, err)
		case row.IsOffDay == nil:
			return nil, fmt.Errorf("read the holiday file: day %d (%s): isOffDay is missing", i+1, d)
		case seen[d]:
			return nil, fmt.Errorf("read the holiday file: %s is listed twice", d)
		}
		seen[d] = true
		out = append(out, law.Day{Date: d, Work: !*row.IsOffDay})
	}
	return out, nil
}

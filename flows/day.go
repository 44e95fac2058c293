package flows

import (
	"strings"
	"time"
	"unicode/utf8"

	"liuhen/flows/text"
)

// parseDay reads the words for a day: today, yesterday, 2026-11-20, 2026年11月20日, 20261120, 11月20日, 11.20, with a time
// behind it or not. A day without a year is the last such day. What is not plainly a date is refused, for a wrong day is
// worse than being asked again: 10:15 is a time, 11/20/2025 has its year in a place that is not read.
func parseDay(words string, now time.Time) (time.Time, bool) {
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	words = strings.ToLower(narrow(strings.TrimSpace(words)))
	switch words {
	case "0", text.Today, "today":
		return today, true
	case "1", text.Yesterday, "yesterday":
		return today.AddDate(0, 0, -1), true
	case "2", text.DayBefore:
		return today.AddDate(0, 0, -2), true
	}
	nums, between := numbers(words)
	var y, m, d int
	switch {
	case len(nums) >= 3 && len(nums[0]) == 4 && dateMark(between[0]) && dateMark(between[1]):
		y, m, d = atoi(nums[0]), atoi(nums[1]), atoi(nums[2])
	case len(nums) == 1 && len(nums[0]) == 8:
		y, m, d = atoi(nums[0][:4]), atoi(nums[0][4:6]), atoi(nums[0][6:])
	case len(nums) >= 2 && len(nums[0]) <= 2 && dateMark(between[0]) && !longer(nums, between):
		y, m, d = now.Year(), atoi(nums[0]), atoi(nums[1])
		if time.Date(y, time.Month(m), d, 0, 0, 0, 0, now.Location()).After(now) {
			y--
		}
	default:
		return time.Time{}, false
	}
	day := time.Date(y, time.Month(m), d, 0, 0, 0, 0, now.Location())
	return day, y >= 1990 && day.Month() == time.Month(m) && day.Day() == d
}

// numbers are the numbers in s and what stands between each and the next.
func numbers(s string) (nums, between []string) {
	digit := func(r rune) bool { return r >= '0' && r <= '9' }
	other := func(r rune) bool { return !digit(r) }
	for {
		from := strings.IndexFunc(s, digit)
		if from < 0 {
			return nums, between
		}
		if len(nums) > 0 {
			between = append(between, strings.TrimSpace(s[:from]))
		}
		s = s[from:]
		to := strings.IndexFunc(s, other)
		if to < 0 {
			to = len(s)
		}
		nums, s = append(nums, s[:to]), s[to:]
	}
}

// dateMark reports whether s may stand between the numbers of a date.
func dateMark(s string) bool {
	return s == "" || utf8.RuneCountInString(s) == 1 && strings.Contains(text.DayMarks, s)
}

// longer reports whether month and day are followed by a third number that belongs to the date, not to a time.
func longer(nums, between []string) bool {
	return len(nums) > 2 && (len(nums[2]) > 2 || between[1] != "" && dateMark(between[1]))
}

// atoi is the number written in digits, 0 for one that cannot belong to a date.
func atoi(s string) int {
	n := 0
	for _, r := range s {
		if n > 100_000 {
			return 0
		}
		n = n*10 + int(r-'0')
	}
	return n
}

// narrow turns full-width digits into plain ones.
func narrow(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			return r - '０' + '0'
		}
		return r
	}, s)
}

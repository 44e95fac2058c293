package flows

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var zone = time.FixedZone("CST", 8*3600)

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
	if err != nil {
		panic(err)
	}
	return t
}

// days are words for a day, typed at a moment, and the day they mean, or none.
var days = []struct{ now, words, want string }{
	{"2026-11-24 10:00", "今天", "2026-11-24"},
	{"2026-11-24 10:00", "昨天", "2026-11-23"},
	{"2026-11-24 10:00", "前天", "2026-11-22"},
	{"2026-11-24 10:00", "0", "2026-11-24"},
	{"2026-11-24 10:00", "1", "2026-11-23"},
	{"2026-11-24 10:00", "２", "2026-11-22"},
	{"2026-11-24 10:00", "Today", "2026-11-24"},
	{"2026-11-24 10:00", "yesterday", "2026-11-23"},
	{"2026-03-01 00:00", "昨天", "2026-02-28"},
	{"2024-03-01 23:59", "昨天", "2024-02-29"},
	{"2026-01-01 00:00", "前天", "2025-12-30"},

	{"2026-11-24 10:00", "2026-11-20", "2026-11-20"},
	{"2026-11-24 10:00", "2026年11月20日", "2026-11-20"},
	{"2026-11-24 10:00", "2026 年 11 月 20 日", "2026-11-20"},
	{"2026-11-24 10:00", "２０２６年１１月２０日", "2026-11-20"},
	{"2026-11-24 10:00", "2026/11/20", "2026-11-20"},
	{"2026-11-24 10:00", "2026.7.1", "2026-07-01"},
	{"2026-11-24 10:00", "2026－11－20", "2026-11-20"},
	{"2026-11-24 10:00", "20261120", "2026-11-20"},
	{"2026-11-24 10:00", "2026-11-20 15:00:30", "2026-11-20"},
	{"2026-11-24 10:00", "2026-11-20T15:00", "2026-11-20"},
	{"2026-11-24 10:00", "11月20日15:00", "2026-11-20"},
	{"2026-11-24 10:00", "11月20日下午3点", "2026-11-20"},
	{"2026-11-24 10:00", "上周五（11月20日）", "2026-11-20"},
	{"2026-11-24 10:00", "11月20号", "2026-11-20"},
	{"2026-11-24 10:00", "11-20", "2026-11-20"},
	{"2026-11-24 10:00", "11.20", "2026-11-20"},
	{"2026-11-24 10:00", "11 20", "2026-11-20"},
	{"2026-11-24 10:00", "１１月２０日", "2026-11-20"},
	{"2026-11-24 10:00", "12月1日", "2025-12-01"}, // not yet this year: the last one
	{"2026-01-02 00:00", "12.31", "2025-12-31"},
	{"2026-11-24 10:00", "11月24日", "2026-11-24"},
	{"2026-11-24 10:00", "2026-11-25", "2026-11-25"}, // plainly a date; that it is to come is told apart
	{"2024-11-24 10:00", "2月29日", "2024-02-29"},
	{"2025-01-10 10:00", "2月29日", "2024-02-29"},
	{"2026-11-24 10:00", "2月29日", ""},
	{"2026-11-24 10:00", "2024-02-29", "2024-02-29"},
	{"2026-11-24 10:00", "2025-02-29", ""},
	{"2026-11-24 10:00", "2000-02-29", "2000-02-29"},

	{"2026-11-24 10:00", "", ""},
	{"2026-11-24 10:00", "不记得", ""},
	{"2026-11-24 10:00", "上周五", ""},
	{"2026-11-24 10:00", "3", ""},
	{"2026-11-24 10:00", "20日", ""},
	{"2026-11-24 10:00", "2026年11月", ""},
	{"2026-11-24 10:00", "13月1日", ""},
	{"2026-11-24 10:00", "0月1日", ""},
	{"2026-11-24 10:00", "11月31日", ""},
	{"2026-11-24 10:00", "11月0日", ""},
	{"2026-11-24 10:00", "1989-12-31", ""},
	{"2026-11-24 10:00", "0000-00-00", ""},
	{"2026-11-24 10:00", "20261301", ""},
	{"2026-11-24 10:00", "10:15", ""}, // a time
	{"2026-11-24 10:00", "3点15分", ""},
	{"2026-11-24 10:00", "在11楼20号房间", ""},
	{"2026-11-24 10:00", "11/20/2025", ""}, // the year is not where it is read
	{"2026-11-24 10:00", "10-11-20", ""},   // 2010 or October
	{"2026-11-24 10:00", "11月20日，2025年", ""},
	{"2026-11-24 10:00", "99999999999999999999-11-20", ""},
	{"2026-11-24 10:00", "2026-99999999999999999999-20", ""},
	{"2026-11-24 10:00", "2026-11-99999999999999999999", ""},
	{"2026-11-24 10:00", strings.Repeat("9", 4000), ""},
	{"2026-11-24 10:00", "\xff11\xfe20", ""},
}

// TestParseDay: what is plainly a date is read, with a time behind it or not; what is not is asked again, never guessed.
func TestParseDay(t *testing.T) {
	for _, c := range days {
		got := ""
		if d, ok := parseDay(c.words, at(c.now)); ok {
			got = d.Format(time.DateOnly)
		}
		if got != c.want {
			t.Errorf("%q on %s is %q, want %q", c.words, c.now, got, c.want)
		}
	}
}

// TestParseDayReadsDates: every date since 1990 is read from every way of writing it; without its year, if it is the last such day.
func TestParseDayReadsDates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := at("1991-01-01 00:00").Add(time.Duration(rapid.IntRange(0, 60*365*24).Draw(t, "now")) * time.Hour)
		day := now.AddDate(0, 0, -rapid.IntRange(0, 364).Draw(t, "ago"))
		y, m, d := day.Date()
		f := rapid.SampledFrom([]string{"%d-%02d-%02d", "%d年%d月%d日", "%d/%d/%d", "%d.%d.%d", "%04d%02d%02d", "%d年%d月%d日 9:30"}).Draw(t, "format")
		words := []string{fmt.Sprintf(f, y, int(m), d), fmt.Sprintf("%d月%d日", int(m), d), fmt.Sprintf("%d-%d 15:00", int(m), d)}
		for _, w := range words {
			if got, ok := parseDay(w, now); !ok || got.Format(time.DateOnly) != day.Format(time.DateOnly) {
				t.Fatalf("%q on %s is %v, %v", w, now, got, ok)
			}
		}
	})
}

// TestParseDayIsNeverNonsense: whatever is typed, a day that is read is the midnight of a real day after 1990 whose numbers
// were typed, and a day without its year is never to come.
func TestParseDayIsNeverNonsense(t *testing.T) {
	piece := rapid.SampledFrom(append(strings.Split("年 月 日 号 - / . ： : 点 下午 0 1 2 02 11 12 13 20 29 30 31 1990 2024 2026 2027 ２０ 今天", " "), " ", "\xff", "😀"))
	rapid.Check(t, func(t *rapid.T) {
		now := at("1991-01-01 00:00").Add(time.Duration(rapid.IntRange(0, 60*365*24).Draw(t, "now")) * time.Hour)
		words := strings.Join(rapid.SliceOfN(piece, 0, 9).Draw(t, "words"), "")
		day, ok := parseDay(words, now)
		if !ok {
			return
		}
		if h, m, s := day.Clock(); h+m+s != 0 || day.Year() < 1990 || day.Location() != now.Location() {
			t.Fatalf("%q is %v", words, day)
		}
		year := strings.Contains(narrow(words), fmt.Sprint(day.Year()))
		if !year && (day.After(now) || day.Before(now.AddDate(-4, 0, -1))) {
			t.Fatalf("%q on %v is %v", words, now, day)
		}
		typed := func(n string) bool { return atoi(n) == day.Day() || len(n) == 8 && atoi(n[6:]) == day.Day() }
		if nums, _ := numbers(narrow(words)); len(nums) > 1 && !slices.ContainsFunc(nums, typed) {
			t.Fatalf("%q is %v", words, day)
		}
	})
}

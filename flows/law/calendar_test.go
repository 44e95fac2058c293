package law

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// span lists the days from first to last with the same nature.
func span(t testing.TB, first, last string, work bool) []Day {
	var out []Day
	for d, end := date(t, first), date(t, last); !end.Before(d); d = d.AddDays(1) {
		out = append(out, Day{d, work})
	}
	return out
}

// notices are the State Council's notices around two long holidays.
func notices(t testing.TB) Calendar {
	var days []Day
	for _, s := range []struct {
		first, last string
		work        bool
	}{
		{"2025-09-28", "2025-09-28", true},
		{"2025-10-01", "2025-10-08", false},
		{"2025-10-11", "2025-10-11", true},
		{"2026-01-01", "2026-01-03", false},
		{"2026-01-04", "2026-01-04", true},
		{"2026-02-14", "2026-02-14", true},
		{"2026-02-15", "2026-02-23", false},
		{"2026-02-28", "2026-02-28", true},
		{"2026-10-01", "2026-10-07", false},
	} {
		days = append(days, span(t, s.first, s.last, s.work)...)
	}
	return NewCalendar(days)
}

func TestIsWorkday(t *testing.T) {
	cal := notices(t)
	for _, c := range []struct {
		day         string
		work, known bool
	}{
		{"2025-09-26", true, true},
		{"2025-09-27", false, true},
		{"2025-09-28", true, true}, // a Sunday made up
		{"2025-10-01", false, true},
		{"2025-10-08", false, true},
		{"2025-10-09", true, true},
		{"2025-10-11", true, true},
		{"2025-10-12", false, true}, // a Saturday made up, an ordinary Sunday
		{"2025-12-31", true, true},
		{"2026-01-04", true, true},
		{"2026-02-13", true, true},
		{"2026-02-14", true, true},
		{"2026-02-16", false, true},
		{"2026-02-24", true, true},
		{"2026-02-28", true, true},
		{"2026-12-24", true, true},
		{"2026-12-25", true, false}, // 2027's notice may still reach back
		{"2027-01-01", true, false},
		{"2027-01-02", false, false},
		{"2024-06-03", true, false},
	} {
		if work, known := cal.IsWorkday(date(t, c.day)); work != c.work || known != c.known {
			t.Errorf("%s: work %v known %v", c.day, work, known)
		}
	}
}

func TestAddWorkdays(t *testing.T) {
	cal := notices(t)
	for _, c := range []struct {
		from  string
		n     int
		want  string
		known bool
	}{
		{"2025-09-26", 1, "2025-09-28", true},
		{"2025-09-26", 3, "2025-09-30", true},
		{"2025-09-26", 4, "2025-10-09", true},
		{"2025-09-30", 3, "2025-10-11", true},
		{"2025-10-03", 1, "2025-10-09", true},
		{"2025-10-10", 2, "2025-10-13", true},
		{"2026-02-13", 1, "2026-02-14", true},
		{"2026-02-13", 2, "2026-02-24", true},
		{"2026-02-13", 6, "2026-02-28", true},
		{"2026-11-24", 10, "2026-12-08", true},
		{"2026-12-23", 3, "2026-12-28", false},
		{"2026-12-23", 0, "2026-12-23", true},
		{"2026-12-23", -4, "2026-12-23", true},
	} {
		if got, known := cal.AddWorkdays(date(t, c.from), c.n); got.String() != c.want || known != c.known {
			t.Errorf("%s + %d: %s known %v, want %s", c.from, c.n, got, known, c.want)
		}
	}
}

// TestKnownAllTheWay: one guessed day on the way is enough to say so.
func TestKnownAllTheWay(t *testing.T) {
	cal, from, to := notices(t), date(t, "2024-12-30"), date(t, "2025-01-03") // nothing is known of 2024
	if got, known := cal.AddWorkdays(from, 4); got != to || known {
		t.Errorf("%s known %v", got, known)
	}
	if n, known := cal.WorkdaysBetween(from, to); n != 4 || known {
		t.Errorf("%d known %v", n, known)
	}
}

func TestUnknownCalendar(t *testing.T) {
	var cal Calendar
	if work, known := cal.IsWorkday(date(t, "2025-10-01")); !work || known {
		t.Error("an empty calendar pretends to know")
	}
	if got, known := cal.AddWorkdays(date(t, "2026-11-27"), 1); got.String() != "2026-11-30" || known {
		t.Errorf("%s known %v", got, known)
	}
	early := NewCalendar(span(t, "2026-01-01", "2026-01-03", false))
	if early.Known(2026) {
		t.Error("a few days at the turn of the year made the whole year known")
	}
	if work, known := early.IsWorkday(date(t, "2026-01-02")); work || !known {
		t.Error("a listed day is not known")
	}
	twice := NewCalendar([]Day{{date(t, "2026-10-01"), true}, {date(t, "2026-10-01"), false}})
	if !twice.Known(2026) {
		t.Error("of two statements the later does not count")
	}
}

func genCalendar(t *rapid.T) Calendar {
	var days []Day
	for y := range 5 {
		if rapid.IntRange(0, 4).Draw(t, "known year") > 0 {
			days = append(days, Day{Date{2023 + y, time.October, 1}, false})
		}
	}
	day := rapid.Custom(func(t *rapid.T) Day { return Day{genDate(t), rapid.Bool().Draw(t, "work")} })
	return NewCalendar(append(rapid.SliceOfN(day, 0, 60).Draw(t, "special"), days...))
}

func genDate(t *rapid.T) Date {
	return Date{2023, time.January, 1}.AddDays(rapid.IntRange(0, 4*365).Draw(t, "day"))
}

func TestWorkdayProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cal, d := genCalendar(t), genDate(t)
		a, b := rapid.IntRange(0, 40).Draw(t, "a"), rapid.IntRange(0, 40).Draw(t, "b")
		first, k1 := cal.AddWorkdays(d, a)
		second, k2 := cal.AddWorkdays(first, b)
		if sum, k := cal.AddWorkdays(d, a+b); sum != second || k != (k1 && k2) {
			t.Fatalf("%s + %d + %d is %s, at once %s", d, a, b, second, sum)
		}
		if work, _ := cal.IsWorkday(first); a > 0 && (!work || !d.Before(first)) {
			t.Fatalf("%s + %d is %s, not a later working day", d, a, first)
		}
		if n, k := cal.WorkdaysBetween(d, first); n != a || k != k1 {
			t.Fatalf("%d working days from %s to %s, want %d", n, d, first, a)
		}
		if n, _ := cal.WorkdaysBetween(first, d); n != -a {
			t.Fatalf("%d working days back, want %d", n, -a)
		}
		if _, known := (Calendar{}).AddWorkdays(d, a); known != (a == 0) {
			t.Fatal("a guess counts as known")
		}
	})
}

func TestDate(t *testing.T) {
	shanghai := time.FixedZone("CST", 8*3600)
	moment := time.Date(2026, 1, 31, 17, 30, 0, 0, time.UTC)
	if got := DateOf(moment.In(shanghai)); got.String() != "2026-02-01" {
		t.Errorf("%s", got)
	}
	for s, want := range map[string]string{"2026-01-31+1": "2026-02-28", "2024-01-31+1": "2024-02-29", "2026-11-30+3": "2027-02-28", "2026-12-15+1": "2027-01-15", "2026-03-31-1": "2026-02-28"} {
		n := int(s[11]-'0') * map[byte]int{'+': 1, '-': -1}[s[10]]
		if got := date(t, s[:10]).AddMonths(n); got.String() != want {
			t.Errorf("%s months: %s, want %s", s, got, want)
		}
	}
	for _, bad := range []string{"", "2026-2-1", "2026-02-30", "2026/02/01", "今天", "2026-02-01 "} {
		if d, err := ParseDate(bad); err == nil || !d.IsZero() {
			t.Errorf("%q is taken for %s", bad, d)
		}
	}
	if (Date{}).String() != "" || !(Date{}).Before(Effective) || Effective.Weekday() != time.Wednesday {
		t.Error("zero date, order or weekday")
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := genDate(t), genDate(t)
		if a.Before(b) != a.utc().Before(b.utc()) || a.Compare(b) != -b.Compare(a) {
			t.Fatalf("order of %s and %s", a, b)
		}
		if back, err := ParseDate(a.String()); err != nil || back != a {
			t.Fatalf("%s is read back as %s: %v", a, back, err)
		}
	})
}

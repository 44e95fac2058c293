package reminders

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/6tail/lunar-go/HolidayUtil"

	"liuhen/flows/law"
)

func workdays(t *testing.T, uploads ...[]law.Day) law.Calendar {
	t.Helper()
	cal, err := Workdays(uploads...)
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

func on(t *testing.T, s string) law.Date {
	t.Helper()
	d, err := law.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestWorkdays checks days against the State Council's notices for 2025 and 2026, make-up days included.
func TestWorkdays(t *testing.T) {
	cal := workdays(t)
	for s, want := range map[string]bool{
		"2025-01-26": true, "2025-01-28": false, "2025-02-04": false, "2025-02-08": true, "2025-04-27": true,
		"2025-09-28": true, "2025-10-01": false, "2025-10-08": false, "2025-10-09": true, "2025-10-11": true, "2025-10-12": false,
		"2026-01-02": false, "2026-01-04": true, "2026-02-14": true, "2026-02-23": false, "2026-02-28": true,
		"2026-05-09": true, "2026-09-20": true, "2026-09-25": false, "2026-10-10": true, "2026-11-24": true,
		"2020-01-31": false, "2018-12-29": true, // a changed notice; a make-up day that the next year's notice asked for
	} {
		if work, known := cal.IsWorkday(on(t, s)); work != want || !known {
			t.Errorf("%s: work %v known %v", s, work, known)
		}
	}
	for y := firstYear; y <= 2026; y++ {
		if !cal.Known(y) {
			t.Errorf("%d is not known", y)
		}
	}
	if got, known := cal.AddWorkdays(on(t, "2025-09-26"), 10); got != on(t, "2025-10-16") || !known {
		t.Errorf("ten working days over 国庆: %s", got)
	}
}

// TestYearsAreWhole: a year that is known has a plausible number of working days; a gap in the data would show here.
func TestYearsAreWhole(t *testing.T) {
	cal := workdays(t)
	for _, y := range cal.Years() {
		n, _ := cal.WorkdaysBetween(law.Date{Y: y - 1, M: time.December, D: 31}, law.Date{Y: y, M: time.December, D: 31})
		if n < 245 || n > 256 {
			t.Errorf("%d has %d working days", y, n)
		}
	}
}

// TestTurnOfYear: no notice has ever reached further back into December than the calendar allows for.
func TestTurnOfYear(t *testing.T) {
	days, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	reached := 0
	for _, d := range days {
		if d.Date.M == time.December {
			reached++
			if !law.TurnOfYear(d.Date) {
				t.Errorf("%s belongs to the next year's notice", d.Date)
			}
		}
	}
	if reached == 0 {
		t.Error("no December day in the data: this test proves nothing")
	}
}

// notice is a year file: first is its name, further days may be added.
func notice(year int, more ...string) []byte {
	rows := append([]string{
		fmt.Sprintf(`{"name":"元旦","date":"%d-01-01","isOffDay":true}`, year),
		fmt.Sprintf(`{"name":"国庆节","date":"%d-10-01","isOffDay":true}`, year),
	}, more...)
	return []byte(fmt.Sprintf(`{"$schema":"…","year":%d,"papers":[],"days":[%s]}`, year, strings.Join(rows, ",")))
}

func parsed(t *testing.T, b []byte) []law.Day {
	t.Helper()
	days, err := ParseHolidayCN(b)
	if err != nil {
		t.Fatal(err)
	}
	return days
}

func TestUpload(t *testing.T) {
	plain := workdays(t)
	sunday := on(t, "2027-01-03")
	if work, known := plain.IsWorkday(sunday); plain.Known(2027) != known || work && !known {
		t.Errorf("a year without notice: work %v known %v", work, known)
	}
	next := parsed(t, notice(2099, `{"name":"元旦","date":"2098-12-31","isOffDay":true}`, `{"name":"元旦","date":"2099-01-03","isOffDay":false}`))
	cal := workdays(t, next)
	for s, want := range map[string]bool{"2098-12-31": false, "2099-01-01": false, "2099-01-03": true} {
		if work, known := cal.IsWorkday(on(t, s)); work != want || !known {
			t.Errorf("%s: work %v known %v", s, work, known)
		}
	}
	if !cal.Known(2099) || cal.Known(2098) || !cal.Known(2025) {
		t.Errorf("known years: %v", cal.Years())
	}
}

// TestUploadReplacesYear: a changed notice leaves nothing of the old one, and does not touch the neighbours' days.
func TestUploadReplacesYear(t *testing.T) {
	cal := workdays(t, parsed(t, notice(2025)), parsed(t, notice(2018)))
	for s, want := range map[string]bool{"2025-09-28": false, "2025-10-02": true, "2025-10-01": false, "2024-10-12": true, "2018-12-29": true, "2018-02-11": false} {
		if work, _ := cal.IsWorkday(on(t, s)); work != want {
			t.Errorf("%s: work %v", s, work)
		}
	}
	days := parsed(t, []byte(`{"days":[{"date":"2025-10-02","isOffDay":false}]}`))
	cal = workdays(t, days)
	if work, _ := cal.IsWorkday(on(t, "2025-10-02")); !work {
		t.Error("a single uploaded day does not count")
	}
	if work, _ := cal.IsWorkday(on(t, "2025-09-28")); !work {
		t.Error("a single uploaded day wiped out the year")
	}
}

func TestParseHolidayCNRefuses(t *testing.T) {
	for name, s := range map[string]string{
		"nothing":       ``,
		"no days":       `{"year":2027,"days":[]}`,
		"another shape": `[{"date":"2027-10-01","isOffDay":true}]`,
		"a bad date":    `{"days":[{"date":"2027-02-30","isOffDay":true}]}`,
		"no date":       `{"days":[{"isOffDay":true}]}`,
		"off or not":    `{"days":[{"date":"2027-10-01"}]}`,
		"twice":         `{"days":[{"date":"2027-10-01","isOffDay":true},{"date":"2027-10-01","isOffDay":false}]}`,
		"cut off":       `{"days":[{"date":"2027-10-01","isOffDay":true}`,
	} {
		if days, err := ParseHolidayCN([]byte(s)); err == nil || days != nil {
			t.Errorf("%s: accepted as %v", name, days)
		}
	}
	if days, err := ParseHolidayCN(append([]byte("\ufeff"), notice(2027)...)); err != nil || len(days) != 2 {
		t.Errorf("a file with BOM: %v %v", days, err)
	}
}

func TestMissing(t *testing.T) {
	y := 2090
	cal := workdays(t, parsed(t, notice(y)))
	for s, want := range map[string]bool{
		"2090-10-31": false, "2090-11-01": true, "2090-12-31": true, "2091-01-01": true, "2089-12-01": true, "2090-03-01": false,
	} {
		if Missing(cal, on(t, s)) != want {
			t.Errorf("%s: Missing is not %v", s, want)
		}
	}
	if Missing(workdays(t, parsed(t, notice(y)), parsed(t, notice(y+1))), on(t, "2090-11-01")) {
		t.Error("next year's file is there and still missed")
	}
}

// TestReadOnce: the library's state is global; what others do to it later must not change the calendar, and many may ask at once.
func TestReadOnce(t *testing.T) {
	before := workdays(t)
	defer HolidayUtil.Fix(nil, "202609206020261001")
	HolidayUtil.Fix(nil, "20260920~000000000")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if cal, err := Workdays(); err != nil || len(cal.Years()) != len(before.Years()) {
				t.Errorf("%v %v", cal.Years(), err)
			}
		})
	}
	wg.Wait()
	if work, _ := workdays(t).IsWorkday(on(t, "2026-09-20")); !work {
		t.Error("a change in the library reached the calendar")
	}
}

func FuzzParseHolidayCN(f *testing.F) {
	f.Add(notice(2027))
	f.Add([]byte(`{"days":[{"date":"2027-10-01"}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		days, err := ParseHolidayCN(b)
		if err == nil && len(days) == 0 {
			t.Error("nothing was read and nothing refused")
		}
		law.NewCalendar(days)
	})
}

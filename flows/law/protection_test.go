package law

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestComplaints plays the golden conversations of complaints of retaliation (Art. 9).
func TestComplaints(t *testing.T) { playMatters(t, "testdata/complaints.txt", true) }

func TestProtectionGolden(t *testing.T) {
	golden(t, "protection.txt", explainProtection(Policy{}))
}

// TestNoComplaintOwesCategories: whatever a complaint's facts, no institution owes anything about it, an organ owes three things,
// all of Art. 9, and closing waits for the decision.
func TestNoComplaintOwesCategories(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Matter{Complaint: true, ClientKind: rapid.SampledFrom([]string{"", "司法机关", "律所"}).Draw(t, "client")}
		flags := []*bool{
			&m.Facts.HeadImplicated, &m.Facts.Superior, &m.Facts.InternalImplicated, &m.Facts.OfficerImplicated, &m.Facts.LeadImplicated,
			&m.Facts.Client, &m.Facts.Litigant, &m.Facts.Other,
		}
		for _, f := range flags {
			*f = rapid.Bool().Draw(t, "fact")
		}
		level := Level(rapid.IntRange(1, 3).Draw(t, "level"))
		m.Arrivals = []Arrival{{"u", level, Date{2026, 11, 2}}}
		m.Steps = []Step{{Kind: Complain, On: Date{2026, 11, 2}}, {Kind: Accept, Unit: "u", On: Date{2026, 11, 3}}}
		tasks := Tasks(Policy{}, Calendar{}, m)
		if level == Institution {
			if len(tasks) != 0 {
				t.Fatalf("an institution owes %v", tasks)
			}
			return
		}
		var duties []Duty
		for _, x := range tasks {
			if x.Cite.Article != 9 || x.Category != 0 {
				t.Fatalf("%+v", x)
			}
			duties = append(duties, x.Duty)
		}
		if !slices.Equal(duties, []Duty{Acknowledge, ComplaintDecide, Handling}) {
			t.Fatalf("owed %v", duties)
		}
		if got := May(Policy{}, Calendar{}, m, "u"); !slices.Equal(got, []ActKind{Decide, Ask, Take, Waive}) {
			t.Fatalf("may %v", got)
		}
		if got := MayReporter(Policy{}, Calendar{}, m, Date{2027, 3, 1}); !slices.Equal(got, []ActKind{Reply, Urge}) {
			t.Fatalf("the reporter may %v", got)
		}
	})
}

// TestSilence: told on the working day after the expected one, then at the policy's distance, until something moves; the next day
// is always after today.
func TestSilence(t *testing.T) {
	cal, p := notices(t), Policy{}
	m := Matter{Facts: Facts{Litigant: true}, Arrivals: []Arrival{{"u", Institution, Date{2025, 9, 26}}}} // due on 30 September, then a week's holiday
	for _, c := range []struct{ today, told, next string }{
		{"2025-09-30", "", "2025-09-30"},
		{"2025-10-01", "", "2025-10-09"},
		{"2025-10-09", "2025-10-09", "2025-10-15"},
		{"2025-10-14", "2025-10-09", "2025-10-15"},
		{"2025-10-15", "2025-10-15", "2025-10-22"},
		{"2026-03-02", "2026-02-26", "2026-03-04"},
	} {
		told, next := Silence(p, cal, m, date(t, c.today))
		if c.told == "" && !told.IsZero() || c.told != "" && told.String() != c.told || next.String() != c.next {
			t.Errorf("%s: told %v, next %v; want %s, %s", c.today, told, next, c.told, c.next)
		}
	}
	m.Steps = []Step{{Kind: Accept, Unit: "u", On: Date{2025, 10, 9}}, {Kind: Pass, Unit: "u", On: Date{2025, 10, 9}}, {Kind: Close, Unit: "u", On: Date{2025, 10, 9}}}
	if told, next := Silence(p, cal, m, date(t, "2026-01-01")); !told.IsZero() || !next.IsZero() {
		t.Errorf("closed: %v %v", told, next)
	}
	rapid.Check(t, func(t *rapid.T) {
		today := Date{2025, 9, 26}.AddDays(rapid.IntRange(0, 400).Draw(t, "day"))
		m.Steps = nil
		told, next := Silence(p, cal, m, today)
		if next.Before(today) || today.Before(told) || !told.IsZero() && !told.Before(next) {
			t.Fatalf("%v: told %v, next %v", today, told, next)
		}
		if work, _ := cal.IsWorkday(told); !told.IsZero() && !work {
			t.Fatalf("told on a day of rest %v", told)
		}
	})
}

// Whatever has happened, a reporter has an expected day until everything is closed, and once it has passed a later one (E10): also of
// what nobody has got, and of what is with nobody any more.
func TestNoStateIsSilent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := genPlay(t)
		x.m.Made, x.m.Nobody = Date{2026, 11, 2}, rapid.Bool().Draw(t, "nobody")
		if rapid.IntRange(0, 4).Draw(t, "waits") == 0 {
			x.m.Arrivals = nil
		}
		if rapid.IntRange(0, 4).Draw(t, "closed") == 0 {
			for _, a := range x.m.Arrivals {
				x.m.Steps = append(x.m.Steps, Step{Kind: Close, Unit: a.Unit, On: x.today})
			}
		}
		at, next := x.stands()
		today := x.today.AddDays(rapid.IntRange(0, 200).Draw(t, "later"))
		told, again := Silence(x.p, Calendar{}, x.m, today)
		switch {
		case at == 0 || (at == Closed) != next.IsZero():
			t.Fatalf("%v with the next day %v", at, next)
		case (len(x.m.Arrivals) == 0 || x.m.Nobody && at != Closed) != (at == Waiting):
			t.Fatalf("%v while nobody has it", at)
		case at == Closed && (!told.IsZero() || !again.IsZero()):
			t.Fatalf("closed, and told on %v, %v", told, again)
		case at != Closed && again.Before(today):
			t.Fatalf("%v: on %v nothing is due after %v", at, today, again)
		case at != Closed && next.Before(today.AddDays(-30)) && told.IsZero():
			t.Fatalf("%v since %v: nobody was told by %v", at, next, today)
		}
	})
}

func TestCheckIns(t *testing.T) {
	got := CheckIns(Policy{Numbers: map[Duty]int{CheckIn2: 60}}, notices(t), date(t, "2026-11-24"))
	var days []string
	for _, d := range got {
		days = append(days, d.String())
	}
	if strings.Join(days, " ") != "2026-12-24 2027-01-23 2027-05-23" {
		t.Error(days)
	}
}

// Of the last 90 days, and of those since signing where that is less.
func TestShareDays(t *testing.T) {
	signed := date(t, "2026-11-24")
	for today, since := range map[string]string{"2026-11-24": "2026-11-24", "2027-02-21": "2026-11-24", "2027-02-22": "2026-11-25"} {
		from, on, at := ShareDays(signed, date(t, today))
		if from.String() != "2026-08-26" || on != signed || at.String() != since {
			t.Errorf("%s: %v, %v, %v", today, from, on, at)
		}
	}
	for _, c := range []struct {
		s    Share
		want bool
	}{
		{Share{}, false},
		{Share{After: 10}, false},
		{Share{Before: 4, OwnBefore: 2, After: 3}, false},
		{Share{Before: 4, OwnBefore: 2, After: 4}, true},
		{Share{Before: 4, OwnBefore: 2, After: 40, OwnAfter: 1}, false},
		{Share{Before: 4, After: 40}, false},
	} {
		if c.s.Fell() != c.want {
			t.Errorf("%+v: %v", c.s, !c.want)
		}
	}
}

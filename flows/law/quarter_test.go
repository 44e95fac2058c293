package law

import (
	"slices"
	"testing"
)

// TestQuarters: every day since the rule is in force lies in exactly one quarter of the list, and each can be read back.
func TestQuarters(t *testing.T) {
	today := date(t, "2026-11-24")
	all := Quarters(today)
	if len(all) != 26 || all[0] != (Quarter{2026, 4}) || all[25] != (Quarter{2020, 3}) || all[25].From() != Effective {
		t.Fatalf("%v", all)
	}
	for d := Effective; !today.Before(d); d = d.AddDays(1) {
		in := 0
		for _, q := range all {
			if !d.Before(q.From()) && !q.Until().Before(d) {
				in++
				if QuarterOf(d) != q {
					t.Fatalf("%s is in %s and %s", d, q, QuarterOf(d))
				}
			}
		}
		if in != 1 {
			t.Fatalf("%s is in %d quarters", d, in)
		}
	}
	for _, q := range all {
		if got, ok := ParseQuarter(q.String()); !ok || got != q {
			t.Errorf("%s is read as %v", q, got)
		}
	}
	for _, s := range []string{"", "2026", "2026-0", "2026-5", "2026-4x", "-1-1", "02026-4", "2026-04"} {
		if q, ok := ParseQuarter(s); ok {
			t.Errorf("%q is read as %v", s, q)
		}
	}
	if got := Quarters(date(t, "2020-06-30")); len(got) != 0 || slices.Contains(all, Quarter{2020, 2}) {
		t.Errorf("before the rule: %v", got)
	}
}

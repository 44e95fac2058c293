package law

import (
	"fmt"
	"strings"
	"testing"
)

func TestDeadlineRows(t *testing.T) {
	seen := map[Duty]bool{}
	for _, r := range Deadlines(Policy{}) {
		if seen[r.Duty] || r.says == "" || r.Basis == "" || momentWords[r.From] == "" || r.In < WorkingDays || r.In > Years {
			t.Errorf("%+v is doubled or incomplete", r)
		}
		seen[r.Duty] = true
		if r.In != OClock && (r.Cite.Article == 0 || !r.Cite.InForce(Effective)) {
			t.Errorf("%s cites nothing in force", r.Duty)
		}
		if r.N < r.In.least() || r.N > r.In.most() {
			t.Errorf("%s: the proposed %d is out of range", r.Duty, r.N)
		}
	}
	for _, steps := range escalations {
		for _, d := range steps {
			if !seen[d] {
				t.Errorf("%s has no row", d)
			}
		}
	}
	if got, err := (Policy{}).Override(nil); err != nil || len(got.Numbers) != 0 {
		t.Errorf("the proposed numbers are out of order: %v", err)
	}
	if (Policy{}).Deadline("nothing") != (Deadline{}) {
		t.Error("an unknown duty has a deadline")
	}
}

func TestDue(t *testing.T) {
	cal := notices(t)
	for _, c := range []struct {
		duty  Duty
		from  string
		want  string
		known bool
	}{
		{ZeroPrompt, "2025-09-26", "2025-09-26", true},
		{ZeroRemind1, "2025-09-26", "2025-09-28", true},
		{ZeroDue, "2025-09-26", "2025-09-30", true},
		{ZeroAuthority, "2025-09-26", "2025-10-16", true},
		{Handling, "2025-09-26", "2025-11-25", true},
		{Filing, "2025-11-30", "2026-02-28", true},
		{FilingRemind1, "2026-02-28", "2026-01-29", true},
		{Acknowledge, "2026-12-24", "2026-12-29", false},
		{QuietFrom, "2026-12-24", "2026-12-24", true},
	} {
		if got, known := (Policy{}).Deadline(c.duty).Due(cal, date(t, c.from)); got.String() != c.want || known != c.known {
			t.Errorf("%s from %s: %s known %v, want %s", c.duty, c.from, got, known, c.want)
		}
	}
}

func TestOverride(t *testing.T) {
	base := Policy{Name: Guangdong2022}
	p, err := base.Override(map[string]int{"zero_due": 2, "handling": 30})
	if err != nil || p.Name != Guangdong2022 || p.Deadline(ZeroDue).N != 2 || p.Deadline(Handling).Basis != overridden || p.Deadline(ZeroClerk).Basis != proposed {
		t.Fatalf("%+v: %v", p, err)
	}
	if q, err := p.Override(map[string]int{"zero_clerk": 4}); err != nil || q.Deadline(ZeroDue).N != 2 || p.Deadline(ZeroClerk).N != 5 {
		t.Errorf("an override of an override: %+v %v", q, err)
	}
	_, err = base.Override(map[string]int{"zero_du": 2, "quiet_from": 24, "filing": 0, "zero_due": 6})
	for _, want := range []string{`"zero_du"`, "quiet_from = 24", "filing = 0", "zero_clerk = 5 comes before zero_due = 6"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the fault %s is not reported: %v", want, err)
		}
	}
}

func TestQuiet(t *testing.T) {
	for hour := range 24 {
		if want := hour >= 21 || hour < 8; (Policy{}).Quiet(hour) != want {
			t.Errorf("%d o'clock: quiet is not %v", hour, want)
		}
	}
	p, err := Policy{}.Override(map[string]int{"quiet_from": 0, "quiet_until": 7})
	if err != nil || p.Quiet(23) || !p.Quiet(0) || !p.Quiet(6) || p.Quiet(7) {
		t.Errorf("quiet hours after midnight: %v", err)
	}
	if p, _ = p.Override(map[string]int{"quiet_until": 0}); p.Quiet(0) {
		t.Error("equal hours mean no quiet hours")
	}
}

func TestPolicyByName(t *testing.T) {
	if _, ok := PolicyByName("nowhere"); ok {
		t.Error("an unknown policy is known")
	}
	if got := fmt.Sprint(PolicyNames()); got != "[guangdong-2022 mohj-2020]" {
		t.Error(got)
	}
}

func TestDeadlineGolden(t *testing.T) { golden(t, "deadlines.txt", explainDeadlines(Policy{})) }

func TestExplain(t *testing.T) {
	p, err := Policy{}.Override(map[string]int{"zero_due": 2})
	if err != nil {
		t.Fatal(err)
	}
	got := Explain(p, notices(t))
	for _, want := range []string{"规则表 mohj-2020", "一、", "二、", "三、", "四、", "五、", "零报告到期：案件办结后 2 个工作日（本地设定", "2025–2026"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if !strings.Contains(Explain(Policy{}, Calendar{}), "没有任何年份的放假安排") {
		t.Error("an empty calendar is not told")
	}
	if got := sayYears([]int{2002, 2003, 2004, 2026, 2028, 2029}); got != "2002–2004、2026、2028–2029" {
		t.Error(got)
	}
}

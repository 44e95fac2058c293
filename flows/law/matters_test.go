package law

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
)

// course is a matter that a golden conversation leads through its days.
type course struct {
	m     Matter
	today Date
}

// TestMatters plays the golden conversations of matters. Commands: matter (facts, client), arrive, act, day; after each stands
// what every unit owes and may do, and what the reporter reads. Acts that may not be done are refused, as whoever stores them does.
func TestMatters(t *testing.T) {
	playMatters(t, "testdata/matters.txt", false)
}

// playMatters plays matters, or complaints.
func playMatters(t *testing.T, file string, complaints bool) {
	t.Helper()
	var c course
	datadriven.RunTest(t, file, func(t *testing.T, td *datadriven.TestData) string {
		refused := ""
		switch td.Cmd {
		case "matter":
			c = course{today: date(t, "2026-11-02")}
			c.m.Complaint, c.m.Made = complaints, c.today
			for _, w := range strings.Fields(td.Input) {
				c.state(t, w)
			}
		case "arrive":
			var unit, level string
			td.ScanArgs(t, "unit", &unit)
			td.ScanArgs(t, "level", &level)
			l, ok := ParseLevel(level)
			if !ok {
				t.Fatalf("no level %s", level)
			}
			c.m.Arrivals = append(c.m.Arrivals, Arrival{UnitID(unit), l, c.today})
		case "day":
			c.today = date(t, td.CmdArgs[0].Key)
		case "act":
			refused = c.act(t, td)
		default:
			t.Fatalf("unknown command %s", td.Cmd)
		}
		return refused + c.show()
	})
}

// state sets one fact, or the kind of client after "client-kind:".
func (c *course) state(t *testing.T, word string) {
	f := &c.m.Facts
	flags := map[string]*bool{
		"head": &f.HeadImplicated, "superior": &f.Superior, "internal": &f.InternalImplicated, "officer": &f.OfficerImplicated,
		"lead": &f.LeadImplicated, "client": &f.Client, "litigant": &f.Litigant, "other": &f.Other,
	}
	kind, isKind := strings.CutPrefix(word, "client-kind:")
	switch {
	case isKind:
		c.m.ClientKind = kind
	case word == "serious":
		f.Serious = Yes
	case word == "party-track":
		c.m.Party = true
	case flags[word] != nil:
		*flags[word] = true
	default:
		t.Fatalf("no fact %s", word)
	}
}

// act does one act, if it may be done now.
func (c *course) act(t *testing.T, td *datadriven.TestData) string {
	var unit, task, by string
	td.MaybeScanArgs(t, "by", &by)
	td.MaybeScanArgs(t, "unit", &unit)
	td.MaybeScanArgs(t, "task", &task)
	s := Step{Kind: ActKind(td.CmdArgs[0].Key), Unit: UnitID(unit), By: PersonID(by), On: c.today, Task: task}
	if a, ok := td.Arg("categories"); ok {
		for _, v := range a.Vals {
			x, ok := ParseCategory(v)
			if !ok {
				t.Fatalf("no category %s", v)
			}
			s.Categories = append(s.Categories, x)
		}
	}
	may := MayReporter(Policy{}, Calendar{}, c.m, c.today)
	if s.Unit != "" {
		may = MayNow(Policy{}, Calendar{}, c.m, s.Unit, s.By, c.today)
	}
	if !slices.Contains(may, s.Kind) {
		return "REFUSED: not now\n"
	}
	if s.Task != "" && !slices.ContainsFunc(Tasks(Policy{}, Calendar{}, c.m), func(x Task) bool { return x.Key == s.Task && x.Open() }) {
		return "REFUSED: no such open task\n"
	}
	c.m.Steps = append(c.m.Steps, s)
	return ""
}

func (c *course) show() string {
	var b strings.Builder
	tasks := Tasks(Policy{}, Calendar{}, c.m)
	for _, a := range c.m.reached() {
		fmt.Fprintf(&b, "%s (%s since %s)\n", a.Unit, a.Level, a.On)
		for _, x := range tasks {
			if x.Unit == a.Unit {
				fmt.Fprintf(&b, "  %s by %s: %s [%s]\n", x.Key, x.Due, c.how(x), x.Cite)
			}
		}
		owner := Owner(c.m, a.Unit)
		if owner != "" {
			fmt.Fprintf(&b, "  owner %s\n", owner)
		}
		fmt.Fprintf(&b, "  may %v\n", MayNow(Policy{}, Calendar{}, c.m, a.Unit, owner, c.today))
	}
	for _, r := range Rungs(Policy{}, Calendar{}, c.m, c.today) {
		fmt.Fprintf(&b, "%s: to the %s because %s is late since %s [%s]\n", r.Step, r.To, r.Unit, r.Since, r.Cite)
	}
	standing, next := Stands(Policy{}, Calendar{}, c.m)
	fmt.Fprintf(&b, "%s: %s", c.today, standing)
	if !next.IsZero() {
		fmt.Fprintf(&b, ", next news by %s", next)
	}
	fmt.Fprintf(&b, "; reporter may %v\n", MayReporter(Policy{}, Calendar{}, c.m, c.today))
	return b.String()
}

func (c *course) how(x Task) string {
	switch {
	case x.Waived:
		return "waived " + x.Done.String()
	case !x.Open():
		return "done " + x.Done.String()
	case x.Due.Before(c.today):
		return "OVERDUE"
	}
	return "open"
}

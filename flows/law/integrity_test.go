package law

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var (
	allMeasures = []MeasureKind{OrderCorrection, StateDefence, NoteCorrection, EnterFile, DoNotEnter, LiftOrder, WithdrawEntry, Admonish}
	allStages   = []Stage{NotOrdered, Ordered, Entered, NotEntered, Lifted, Withdrawn}
	allGrounds  = []Ground{NotTruthful, ToldNotTo, OtherBreach}
	ordered     = Date{2026, 11, 24} // a Tuesday
)

// order is an order of that day with the days the rule proposes.
func order(on Date) Taken {
	due, defence := OrderDates(Policy{}, Calendar{}, on)
	return Taken{Kind: OrderCorrection, On: on, Due: due, Defence: defence}
}

// at are measures that lead to a stage, all lawful.
func at(s Stage) []Taken {
	out := []Taken{order(ordered)}
	after := Proceed(out).Ripe()
	switch s {
	case NotOrdered:
		return nil
	case Entered:
		out = append(out, Taken{Kind: EnterFile, On: after})
	case NotEntered:
		out = append(out, Taken{Kind: DoNotEnter, On: after})
	case Lifted:
		out = append(out, Taken{Kind: LiftOrder, On: ordered})
	case Withdrawn:
		out = append(out, Taken{Kind: EnterFile, On: after}, Taken{Kind: WithdrawEntry, On: after})
	case Ordered:
	}
	return out
}

// TestGrounds states Art. 11 (一)–(三) a second time, without the table.
func TestGrounds(t *testing.T) {
	for r := Appraiser; r <= PartyLead; r++ {
		var want []Ground
		if r == Appraiser {
			want = append(want, NotTruthful)
		}
		if r == Head {
			want = append(want, ToldNotTo)
		}
		if r <= Archivist {
			want = append(want, OtherBreach)
		}
		if got := Grounds([]Role{r}); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", r, got, want)
		}
	}
	if Grounds(nil) != nil {
		t.Error("a ground without any role")
	}
	for i, g := range allGrounds {
		back, ok := ParseGround(g.String())
		if !ok || back != g || g.Cite() != item11(i+1) || !g.Cite().InForce(Effective) || !strings.Contains(Article(11), "（"+numeral(i+1)+"）"+groundStart[i]) {
			t.Errorf("%s is not item %d", g, i+1)
		}
	}
}

var groundStart = []string{"鉴定人未如实记录", "鉴定机构负责人授意", "其他违反本规定"}

// TestCounts: 不记录或者不如实记录、报告 count by themselves, other breaches only if marked, and nothing that is not an entry in force.
func TestCounts(t *testing.T) {
	for _, s := range allStages {
		for _, g := range allGrounds {
			for _, marked := range []bool{false, true} {
				want := s == Entered && (g != OtherBreach || marked)
				if got := Proceed(at(s)).Counts(g, marked); got != want {
					t.Errorf("%s, %s, marked %v counts: %v", s, g, marked, got)
				}
			}
		}
	}
}

// TestSecondEntry: 训诫、通报批评 from the second on, once for each entry (R11.3, AM-16).
func TestSecondEntry(t *testing.T) {
	p := Proceed(at(Entered))
	for nth := range 5 {
		if got := slices.Contains(p.MayTake(Organ, ordered, nth), Admonish); got != (nth >= 2) {
			t.Errorf("entry %d: %v", nth, got)
		}
	}
	p = Proceed(append(at(Entered), Taken{Kind: Admonish, On: ordered.AddDays(60)}))
	if slices.Contains(p.MayTake(Organ, ordered, 2), Admonish) || p.Stage != Entered {
		t.Error("admonished twice for one entry")
	}
}

// TestRipeDays goes through all correction and defence days: an entry can be made from the day after both, a defence that was
// stated being as good as its time.
func TestRipeDays(t *testing.T) {
	for due := 1; due < 20; due++ {
		for defence := 1; defence < 20; defence++ {
			for _, heard := range []bool{false, true} {
				ms := []Taken{{Kind: OrderCorrection, On: ordered, Due: ordered.AddDays(due), Defence: ordered.AddDays(defence)}}
				if heard {
					ms = append(ms, Taken{Kind: StateDefence, On: ordered})
				}
				for day := range 25 {
					p := Proceed(ms)
					may := p.MayTake(Organ, ordered.AddDays(day), 1)
					want := day > due && (heard || day > defence)
					if slices.Contains(may, EnterFile) != want || slices.Contains(may, DoNotEnter) != want {
						t.Fatalf("due +%d, defence +%d, heard %v, day +%d: %v", due, defence, heard, day, may)
					}
					done := Proceed(append(slices.Clone(ms), Taken{Kind: EnterFile, On: ordered.AddDays(day)}))
					if (done.Stage == Entered) != want {
						t.Fatalf("due +%d, defence +%d, heard %v, day +%d: entered %v", due, defence, heard, day, done.Stage)
					}
				}
			}
		}
	}
}

// TestSuspect: missing for long, never late (R11.5), never before the rule (R12.1).
func TestSuspect(t *testing.T) {
	closed := Date{2026, 11, 2}
	list, _ := (Policy{}).Deadline(ZeroAuthority).Due(Calendar{}, closed)
	first, _ := (Policy{}).Deadline(MissingHint).Due(Calendar{}, closed)
	if !list.Before(first) {
		t.Fatalf("hinted on %s, on the authority's list on %s", first, list)
	}
	for day := range 400 {
		today := closed.AddDays(day)
		if Suspect(Policy{}, Calendar{}, closed, today, true) {
			t.Fatal("somebody who has filed is suspected")
		}
		if got := Suspect(Policy{}, Calendar{}, closed, today, false); got != !today.Before(first) {
			t.Fatalf("day %d: %v", day, got)
		}
		if Suspect(Policy{}, Calendar{}, Date{}, today, false) || Suspect(Policy{}, Calendar{}, Date{2020, 6, 30}, today, false) {
			t.Fatal("suspected where nothing is owed")
		}
	}
}

// TestOrdersSetTheirDays: a later day within a year, and the policy's for the defence.
func TestOrdersSetTheirDays(t *testing.T) {
	due, defence := OrderDates(Policy{}, Calendar{}, ordered)
	if due.String() != "2026-12-08" || defence.String() != "2026-12-01" {
		t.Errorf("%s, %s", due, defence)
	}
	for _, c := range []struct {
		due, defence Date
		want         bool
	}{
		{due, defence, true},
		{ordered.AddDays(1), defence, true},
		{ordered.AddDays(366), defence, true},
		{ordered, defence, false},
		{ordered.AddDays(-1), defence, false},
		{ordered.AddDays(367), defence, false},
		{due, defence.AddDays(-1), false},
		{due, Date{}, false},
		{Date{}, defence, false},
	} {
		if got := Sets(Policy{}, Calendar{}, ordered, c.due, c.defence); got != c.want {
			t.Errorf("due %s, defence %s: %v", c.due, c.defence, got)
		}
	}
}

// TestNoEntryWithoutItsWay: whatever measures there are, in whatever order, an entry has behind it an order with a date, that
// date over, and a defence or the time for one; what was not lawful when it was done counts for nothing (R11.2, R11.4).
func TestNoEntryWithoutItsWay(t *testing.T) {
	entered := 0
	rapid.Check(t, func(t *rapid.T) {
		day := ordered
		var ms []Taken
		if rapid.IntRange(0, 3).Draw(t, "begun") > 0 {
			ms = append(ms, Taken{OrderCorrection, day, day.AddDays(rapid.IntRange(1, 6).Draw(t, "due")), day.AddDays(rapid.IntRange(1, 6).Draw(t, "defence"))})
		}
		for range rapid.IntRange(0, 12).Draw(t, "n") {
			day = day.AddDays(rapid.IntRange(-1, 5).Draw(t, "days"))
			m := Taken{Kind: rapid.SampledFrom(allMeasures).Draw(t, "kind"), On: day}
			if m.Kind == OrderCorrection && rapid.IntRange(0, 4).Draw(t, "dated") > 0 {
				m.Due, m.Defence = day.AddDays(rapid.IntRange(-1, 15).Draw(t, "due")), day.AddDays(rapid.IntRange(-1, 15).Draw(t, "defence"))
			}
			ms = append(ms, m)
		}
		p := Proceed(ms)
		if p.Stage != Entered && p.Stage != Withdrawn {
			return
		}
		entered++
		i := slices.IndexFunc(ms, func(m Taken) bool { return m.Kind == OrderCorrection && m.On.Before(m.Due) && m.On.Before(m.Defence) })
		if i < 0 {
			t.Fatalf("entered without an order: %+v", ms)
		}
		o, heard, ok := ms[i], false, false
		for _, m := range ms[i+1:] {
			heard = heard || m.Kind == StateDefence
			ok = ok || m.Kind == EnterFile && o.Due.Before(m.On) && (heard || o.Defence.Before(m.On))
		}
		if !ok {
			t.Fatalf("entered too early, or unheard: %+v", ms)
		}
		if p.Stage == Withdrawn && p.Counts(NotTruthful, true) {
			t.Fatal("a withdrawn entry counts")
		}
	})
	if entered == 0 {
		t.Fatal("nothing was ever entered")
	}
}

// TestWhatMayBeTakenLeadsSomewhere: what is offered counts, what is not offered counts for nothing, and what is over stays over.
func TestWhatMayBeTakenLeadsSomewhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ms, day := []Taken{order(ordered)}, ordered
		for range rapid.IntRange(0, 8).Draw(t, "n") {
			day = day.AddDays(rapid.IntRange(0, 12).Draw(t, "days"))
			before := Proceed(ms)
			may := append(before.MayTake(Organ, day, 2), before.MayTake(Subject, day, 2)...)
			k := rapid.SampledFrom(allMeasures).Draw(t, "kind")
			ms = append(ms, Taken{Kind: k, On: day})
			after := Proceed(ms)
			again := k == StateDefence && before.Heard || k == NoteCorrection && before.Corrected // more words, no other state
			if changed := after != before; changed != (slices.Contains(may, k) && !again) {
				t.Fatalf("%s on %s: offered %v, %+v became %+v", k, day, may, before, after)
			}
			over := before.Stage == NotEntered || before.Stage == Lifted || before.Stage == Withdrawn
			if over && len(may) > 0 {
				t.Fatalf("%v is offered after %s", may, before.Stage)
			}
		}
	})
}

// TestOnlyTheOrganDecides: the person can speak and correct, nothing else (R11.2).
func TestOnlyTheOrganDecides(t *testing.T) {
	for _, s := range allStages {
		for day := range 60 {
			for _, k := range Proceed(at(s)).MayTake(Subject, ordered.AddDays(day), 9) {
				if k != StateDefence && k != NoteCorrection {
					t.Errorf("the person may %s", k)
				}
			}
			for _, k := range Proceed(at(s)).MayTake(Organ, ordered.AddDays(day), 9) {
				if k == StateDefence || k == NoteCorrection {
					t.Errorf("an officer may %s for the person", k)
				}
			}
		}
	}
}

// TestMeasureRows: each measure has one row, words, and an article that exists.
func TestMeasureRows(t *testing.T) {
	for _, k := range allMeasures {
		n := 0
		for _, r := range measureTable {
			if r.kind == k {
				n++
				if takenWords[k] == "" || r.cite.Article != 11 || !r.cite.InForce(Effective) || len(r.from) == 0 {
					t.Errorf("%s is not whole", k)
				}
			}
		}
		if n != 1 {
			t.Errorf("%s has %d rows", k, n)
		}
	}
	if len(measureTable) != len(allMeasures) {
		t.Errorf("%d rows", len(measureTable))
	}
}

// TestIntegrityGolden is Art. 11 in words, then who may do what at which stage, then from which day it can be decided.
func TestIntegrityGolden(t *testing.T) {
	var b strings.Builder
	b.WriteString("本文件由测试生成并核对，供法律审核。\n\n" + explainIntegrity(Policy{}))
	b.WriteString("\n逐一列举（阶段｜谁 → 可以作出；期限均已过，第二次计入）\n\n")
	for _, s := range allStages {
		for _, by := range []Party{Organ, Subject} {
			fmt.Fprintf(&b, "%s｜%s → %s\n", stageWords[s], partyWords[by], sayMeasures(Proceed(at(s)).MayTake(by, ordered.AddDays(99), 2)))
		}
	}
	b.WriteString("\n逐一列举（改正期限｜陈述申辩期限｜已陈述申辩 → 最早可以决定的日期；2026-11-24 责令改正）\n\n")
	for _, due := range []int{1, 7, 14} {
		for _, defence := range []int{1, 7, 14} {
			for _, heard := range []bool{false, true} {
				p := Proceeding{Stage: Ordered, Due: ordered.AddDays(due), Defence: ordered.AddDays(defence), Heard: heard}
				fmt.Fprintf(&b, "%s｜%s｜%s → %s\n", p.Due, p.Defence, yesNo(heard), p.Ripe())
			}
		}
	}
	b.WriteString("\n逐一列举（阶段｜情形｜经办人注明 → 是否计入两次以上）\n\n")
	for _, s := range allStages[2:] {
		for _, g := range allGrounds {
			for _, marked := range []bool{false, true} {
				if marked && !g.Marked() {
					continue
				}
				fmt.Fprintf(&b, "%s｜%s｜%s → %s\n", stageWords[s], groundWords[g], yesNo(marked), yesNo(Proceed(at(s)).Counts(g, marked)))
			}
		}
	}
	b.WriteString("\n逐一列举（阶段｜第几次计入｜已训诫、通报批评 → 机关的义务：自、应于；列入机关负责人待办、告知上一级机关的日期；2026-11-24 责令改正）\n\n")
	b.WriteString(everyDecision())
	golden(t, "integrity.txt", b.String())
}

func sayMeasures(list []MeasureKind) string {
	var out []string
	for _, k := range list {
		out = append(out, takenWords[k])
	}
	if len(out) == 0 {
		return "无"
	}
	return strings.Join(out, "；")
}

package law

import (
	"fmt"
	"strings"
	"testing"
)

// firstDay is the first day after the order on which something holds.
func firstDay(holds func(Date) bool) string {
	for n := range 200 {
		if day := ordered.AddDays(n); holds(day) {
			return day.String()
		}
	}
	return "无"
}

func everyDecision() string {
	var b strings.Builder
	for _, s := range allStages {
		for nth := range 3 {
			for _, done := range []bool{false, true} {
				p := Proceed(at(s))
				if done {
					p.Admonished = ordered.AddDays(90)
				}
				k, owed := p.Owed(Policy{}, Calendar{}, nth, ordered.AddDays(199))
				fmt.Fprintf(&b, "%s｜%d｜%s → ", stageWords[s], nth, yesNo(done))
				if !owed {
					b.WriteString("无\n")
					continue
				}
				climbed := func(to Whom) string {
					return firstDay(func(d Date) bool { return k.Climbed(Policy{}, Calendar{}, to, d) })
				}
				since := firstDay(func(d Date) bool { _, yes := p.Owed(Policy{}, Calendar{}, nth, d); return yes })
				fmt.Fprintf(&b, "%s：%s、%s；%s、%s\n", decisionWords[k.Duty], since, k.Due, climbed(UnitLead), climbed(NextOrgan))
			}
		}
	}
	return b.String()
}

// TestWhatIsRipeIsOwed states it a second time without the table: from the first day on which it may be decided until it is decided, and
// from the second counted entry until somebody was admonished, whatever the person did meanwhile; never for anything that is over.
func TestWhatIsRipeIsOwed(t *testing.T) {
	for _, s := range allStages {
		for nth := range 4 {
			for _, heard := range []bool{false, true} {
				ms := at(s)
				if heard && len(ms) > 0 {
					ms = append([]Taken{ms[0], {Kind: StateDefence, On: ordered}, {Kind: NoteCorrection, On: ordered}}, ms[1:]...)
				}
				p := Proceed(ms)
				for n := range 90 {
					today := ordered.AddDays(n)
					k, owed := p.Owed(Policy{}, Calendar{}, nth, today)
					want := s == Ordered && !today.Before(p.Ripe()) || s == Entered && nth >= 2 && !today.Before(p.Decided)
					if owed != want {
						t.Fatalf("%s, entry %d, heard %v, %s: owed %v", s, nth, heard, today, owed)
					}
					if owed && (today.Before(k.Since) || !k.Since.Before(k.Due) || k.Cite.Article != 11 || decisionWords[k.Duty] == "") {
						t.Fatalf("%s: %+v", s, k)
					}
				}
			}
		}
	}
	p := Proceed(append(at(Entered), Taken{Kind: Admonish, On: ordered.AddDays(30)}))
	if _, owed := p.Owed(Policy{}, Calendar{}, 2, ordered.AddDays(60)); owed {
		t.Error("owed after it was done")
	}
}

// TestADecisionClimbs: not on its last day, the lead first, then the organ above, and never down to an institution.
func TestADecisionClimbs(t *testing.T) {
	k, _ := Proceed(at(Ordered)).Owed(Policy{}, Calendar{}, 0, ordered.AddDays(60))
	lead, _ := (Policy{}).Deadline(OverdueLead).Due(Calendar{}, k.Due)
	above, _ := (Policy{}).Deadline(OverdueSuperior).Due(Calendar{}, k.Due)
	for n := range 90 {
		today := ordered.AddDays(n)
		if k.Climbed(Policy{}, Calendar{}, UnitLead, today) == today.Before(lead) || k.Climbed(Policy{}, Calendar{}, NextOrgan, today) == today.Before(above) ||
			k.Climbed(Policy{}, Calendar{}, UnitHead, today) {
			t.Fatalf("due %s: climbed wrongly on %s", k.Due, today)
		}
	}
	now, err := Policy{}.Override(map[string]int{string(OverdueLead): 0, string(OverdueSuperior): 0})
	if err != nil || k.Climbed(now, Calendar{}, UnitLead, k.Due) || k.Climbed(now, Calendar{}, NextOrgan, k.Due) {
		t.Errorf("climbed before it was overdue: %v", err)
	}
}

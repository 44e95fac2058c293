package law

import (
	"fmt"
	"slices"
	"strings"
)

// What an authority owes in a proceeding under Art. 11 that is ripe.
const (
	DecideEntry Duty = "decide_entry" // to decide whether something is entered
	AdmonishDue Duty = "admonish_due" // 训诫、通报批评 at a second counted entry
)

// The moments from which these run.
const (
	MatterRipe Moment = "matter_ripe" // see [Proceeding.Ripe]
	EntryMade  Moment = "entry_made"
)

// decisionRow is one row of the table of what an authority owes at a stage.
type decisionRow struct {
	stage Stage
	again bool // only for a second counted entry that nobody was admonished for
	duty  Duty
	since func(Proceeding) Date
	cite  Cite
}

// decisionTable follows Art. 11: 责令改正，并记入其诚信档案；两次以上的，予以训诫、通报批评. The first is decided either way, not
// left open: whoever was ordered to correct hears the end of it (R11.4).
var decisionTable = []decisionRow{
	{stage: Ordered, duty: DecideEntry, since: Proceeding.Ripe, cite: art(11, 0)},
	{stage: Entered, again: true, duty: AdmonishDue, since: func(p Proceeding) Date { return p.Decided }, cite: reading(11, 0, "AM-16")},
}

// Decision is what an authority owes in one proceeding, from a day on and by a day.
type Decision struct {
	Duty       Duty
	Since, Due Date
	Cite       Cite
}

// Owed is what an authority owes in a proceeding today, if anything. nth is that of [Proceeding.MayTake].
func (p Proceeding) Owed(pol Policy, cal Calendar, nth int, today Date) (Decision, bool) {
	for _, r := range decisionTable {
		if r.stage != p.Stage || r.again && (nth < Repeated || !p.Admonished.IsZero()) || today.Before(r.since(p)) {
			continue
		}
		d := Decision{Duty: r.duty, Since: r.since(p), Cite: r.cite}
		d.Due, _ = pol.Deadline(r.duty).Due(cal, d.Since)
		return d, true
	}
	return Decision{}, false
}

// Climbed reports whether an undecided matter has come to a rung of the ladder of organs. Until it comes to [UnitLead] it is for
// the officers, if there is one who may have it; at [NextOrgan] the organ above learns that there is one, and no more.
func (d Decision) Climbed(p Policy, cal Calendar, to Whom, today Date) bool {
	if !d.Due.Before(today) {
		return false
	}
	return slices.ContainsFunc(ladder, func(r ladderRow) bool {
		on, _ := p.Deadline(r.step).Due(cal, d.Due)
		return r.to == to && slices.Contains(r.levels, Authority) && !today.Before(on)
	})
}

var decisionWords = map[Duty]string{DecideEntry: "决定记入或者不予记入", AdmonishDue: "训诫、通报批评"}

func explainDecisions(p Policy) string {
	var b strings.Builder
	b.WriteString("\n主管机关的决定期限\n\n")
	for i, r := range decisionTable {
		when := stageWords[r.stage]
		if r.again {
			when += "，且是第二次以上计入的记入，尚未训诫、通报批评"
		}
		fmt.Fprintf(&b, "%d. %s：%s\n   期限：%s\n   依据：%s\n", i+1, when, decisionWords[r.duty], p.Deadline(r.duty).when(), r.cite)
	}
	b.WriteString("列入经办人的待办；没有可以经办的经办人的，列入机关负责人的待办。逾期的，按阶梯列入机关负责人的待办，仍未办理的告知上一级机关：只告知有几项、最早应于哪天前办理。\n")
	b.WriteString("依据报告立的，任何一级都只列给可以看该报告的人；本人和在其机构任职的人，任何一级都不列。\n")
	return b.String()
}

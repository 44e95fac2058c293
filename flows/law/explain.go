package law

import (
	"fmt"
	"slices"
	"strings"
)

var channelWords = []string{"", "报告所在机构", "直接报告主管司法行政机关", "同时报告所在机构和主管司法行政机关"}

// Explain is the policy in plain Chinese: channels, recipients, categories, deadlines and working days, each with its
// article, so that a lawyer can read and sign it.
func Explain(p Policy, cal Calendar) string {
	return strings.Join([]string{explainChannels(p), explainRecipients(), explainCategories(), explainDeadlines(p), explainCalendar(cal)}, "\n")
}

func explainChannels(p Policy) string {
	var b strings.Builder
	policy := p.Name
	if policy == "" {
		policy = Ministry2020
	}
	fmt.Fprintf(&b, "一、报告渠道（规则表 %s；自上而下，以第一条符合的为准）\n\n", policy)
	for i, r := range p.channels() {
		fmt.Fprintf(&b, "%d. 情形：%s\n   可选渠道：%s\n   预先选定：%s\n   依据：%s\n",
			i+1, sayWhen(r.when), sayChannels(r.allowed), channelWords[r.allowed[0]], join(r.cites))
	}
	return b.String()
}

func explainRecipients() string {
	var b strings.Builder
	b.WriteString("二、接收人\n\n")
	for _, level := range []Level{Institution, Authority} {
		where := "鉴定机构"
		if level == Authority {
			where = "主管机关及其上级机关"
		}
		for _, t := range tiers {
			if t.at(level) {
				fmt.Fprintf(&b, "%s：%s（%s）\n", where, t.says, join(t.cites))
			}
		}
	}
	fmt.Fprintf(&b, "被指为干预人的，在任何一级都不接收；报告人不接收自己的报告（%s、%s）。\n", reading(5, 1, "R5.4"), art(10, 0))
	fmt.Fprintf(&b, "机关负责人被指为干预人的，越过该机关，报上一级机关（%s）。\n", climbCites[LeaderInvolved])
	fmt.Fprintf(&b, "直接报告的，所在机构的任何人都不接收（%s、%s）。\n", art(5, 2), art(5, 3))
	fmt.Fprintf(&b, "某一级没有可以接收的人，或者可以接收的人都未绑定账号的，报上一级，并告知报告人（%s）。\n", climbCites[NobodyEligible])
	b.WriteString("各级可以接收的人都未绑定账号的，留待最低一级绑定后接收；各级都没有可以接收的人的，暂存，不向下送达。\n")
	return b.String()
}

func explainCategories() string {
	var b strings.Builder
	b.WriteString("三、处理情形（系统只提出建议，由经办人确定；同时符合几条的，一并提出）\n\n")
	for i, r := range categoryTable {
		var does []string
		for _, c := range r.propose {
			tells := ""
			if c.TellsClient() {
				tells = "，并一并告知委托人"
			}
			does = append(does, fmt.Sprintf("%s%s（%s）", categories[c].does, tells, c.Cite()))
		}
		fmt.Fprintf(&b, "%d. %s%s\n   → %s\n", i+1, sayWhen(r.when), sayClients(r.clients), strings.Join(does, "；或者"))
	}
	b.WriteString("委托人被指为干预人，或者不是司法机关、行政执法机关的，是否告知由经办人决定，系统不自动告知。\n")
	return b.String()
}

func explainDeadlines(p Policy) string {
	var b strings.Builder
	b.WriteString("四、期限（规定只要求“及时”，下列数字除注明外均为建议值，可以调整）\n\n")
	for _, r := range Deadlines(p) {
		fmt.Fprintf(&b, "%s：%s（%s；%s；%s）\n", r.says, r.when(), r.Basis, r.Cite, r.Duty)
	}
	fmt.Fprintf(&b, "%s 前办结的案件不要求零报告（%s）。\n", Effective, art(12, 0))
	return b.String()
}

// when is the deadline in words.
func (r Deadline) when() string {
	from := momentWords[r.From]
	switch {
	case r.In == OClock:
		return fmt.Sprintf("%s %d 时", from, r.N)
	case r.In == DaysBefore:
		return fmt.Sprintf("%s %d %s", from, r.N, measureWords[r.In])
	case r.N == 0:
		return from + "当日"
	}
	return fmt.Sprintf("%s后 %d %s", from, r.N, measureWords[r.In])
}

func explainCalendar(cal Calendar) string {
	var b strings.Builder
	b.WriteString("五、工作日历（含调休；元旦前后以下一年的通知为准）\n\n")
	years := cal.Years()
	if len(years) == 0 {
		return b.String() + "没有任何年份的放假安排，按周一至周五推算。\n"
	}
	b.WriteString("已知放假安排的年份：" + sayYears(years) + "。其余年份按周一至周五推算，并提示“放假安排未知”。\n")
	return b.String()
}

// sayYears joins runs of years: 2002–2026, 2028.
func sayYears(years []int) string {
	var runs []string
	for i := 0; i < len(years); {
		j := i
		for j+1 < len(years) && years[j+1] == years[j]+1 {
			j++
		}
		run := fmt.Sprint(years[i])
		if j > i {
			run += fmt.Sprintf("–%d", years[j])
		}
		runs, i = append(runs, run), j+1
	}
	return strings.Join(runs, "、")
}

func sayWhen(when []condition) string {
	if len(when) == 0 {
		return "其他情形"
	}
	var parts []string
	for _, c := range when {
		parts = append(parts, c.says)
	}
	return strings.Join(parts, "，且")
}

func sayChannels(list []Channel) string {
	var parts []string
	for _, c := range list {
		parts = append(parts, channelWords[c])
	}
	return strings.Join(parts, "；")
}

func sayClients(kinds []string) string {
	switch {
	case kinds == nil:
		return ""
	case slices.Equal(kinds, unknown):
		return "，委托人类型不详"
	}
	return "，委托人类型为" + strings.Join(kinds, "、")
}

package law

import (
	"fmt"
	"slices"
	"strings"
)

var channelWords = []string{"", "报告所在机构", "直接报告主管司法行政机关", "同时报告所在机构和主管司法行政机关"}

// Explain is the policy in plain Chinese: channels, recipients, categories, duties of handling, deadlines and working days, each with its
// article, so that a lawyer can read and sign it.
func Explain(p Policy, cal Calendar) string {
	return strings.Join([]string{explainChannels(p), explainRecipients(), explainCategories(), explainDuties(p), explainLadder(p), explainDeadlines(p), explainCalendar(cal), explainProtection(p), explainIntegrity(p), explainShown(), explainAbsence(p)}, "\n")
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
	for _, level := range []Level{Institution, Authority, PartyOrganisation} {
		where := map[Level]string{Institution: "鉴定机构", Authority: "主管机关及其上级机关", PartyOrganisation: "党员干预的"}[level]
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
	fmt.Fprintf(&b, "委托人被指为干预人，或者经办人确定属于第（三）项的，不告知委托人（%s）。\n", reading(8, 2, "R8.7"))
	fmt.Fprintf(&b, "委托人不是司法机关、行政执法机关，或者类型不详的，是否告知由经办人决定，系统不自动列入（%s）。\n", reading(8, 2, "R8.10"))
	return b.String()
}

var actWords = map[ActKind]string{
	Accept: "受理", Ask: "向报告人提问", Pass: "转报主管机关", Decide: "作出处理决定", Categorise: "确定情形", Perform: "办理", Waive: "写明理由，不适用",
	Close: "办结", Take: "由我接办", Extend: "延长办理期限", Transfer: "移送其所在的司法行政机关", Discipline: "依规依纪处理", Complain: "反映打击报复", Reply: "补充、答复", Urge: "催办", Appeal: "直接报主管机关",
	Draft: "起草文书", Send: "登记发出", Recuse: "回避", Exclude: "令其回避",
}

var dutyWords = map[Duty]string{
	Acknowledge: "受理并告知报告人", ForwardAuthority: "转报主管机关", InstitutionDecide: "依据章程等规定作出处理决定", CategoriseDuty: "确定属于哪一项情形",
	Letters: "发出通报、告知", Investigate: "调查处理", TellClient: "一并告知委托人", AskClient: "决定是否告知委托人", Handling: "处理完毕", PartyDuty: "依规依纪处理",
	ComplaintDecide: "对打击报复作出处理，构成犯罪的移送",
}

func explainDuties(p Policy) string {
	var b strings.Builder
	b.WriteString("四、处理义务（每一条各自计算；同时符合几条的，逐条办理）\n\n")
	for i, r := range dutyTable {
		fmt.Fprintf(&b, "%d. %s：%s\n   情形：%s\n   期限：%s\n   完成：%s\n   依据：%s\n",
			i+1, r.who(), r.does(), r.arises(), p.deadlineOf(r).when(), r.ends(), r.cite)
	}
	b.WriteString("情形变更的，不再适用的情形不再要求办理；继续适用的，期限仍从第一次确定之日起算，已办理的仍为已办理。\n")
	b.WriteString("上述各项逐项完成或者写明不适用的理由后，才可以办结；办结后不再办理。\n")
	b.WriteString("机构收到的报告已经到达机关，且机构的义务均已完成的，机构未点“办结”不影响报告人看到“已办结”。\n")
	b.WriteString("委托人不是司法机关、行政执法机关，或者类型不详的，同样期限内由经办人决定是否告知，并记明告知情况或者不告知的理由。\n")
	fmt.Fprintf(&b, "处理期限届满前，可以写明理由延长一次，延长 %d %s（%s）。\n", p.Deadline(Extension).N, measureWords[p.Deadline(Extension).In], Extension)
	fmt.Fprintf(&b, "确定属于第（二）项的，可以移送该工作人员所在的司法行政机关，本机关的该项义务即完成；其负责人被指为干预人的，移送上一级（%s、%s）。\n", item8(2), reading(8, 1, "AM-15"))
	b.WriteString(explainOffers())
	b.WriteString("党员干预的处理单独收送、单独办结，与报告本身的办结互不影响；是否党员只在该处理中显示。受理报告的人为承办人，其他经办人可以接办。\n")
	for _, r := range passTable {
		fmt.Fprintf(&b, "机构可以转报主管机关（不是义务）：%s（%s）。\n", sayWhen(r.when), r.cite)
	}
	fmt.Fprintf(&b, "报告人：随时可以补充；逾期的，可以催办，两次催办至少间隔 %d 个工作日；机构逾期，或者写明理由不转报，且机关尚未收到的，可以直接报主管机关一次（%s）。\n",
		max(p.Deadline(Acknowledge).N, 1), reading(5, 0, "R5.8"))
	return b.String()
}

// does is the duty in words; what a category itself demands is worded as Art. 8 does.
func (r dutyRow) does() string {
	if r.duty == Letters || r.duty == Investigate {
		return categories[r.of].does
	}
	return dutyWords[r.duty]
}

func (r dutyRow) who() string {
	switch {
	case r.party:
		return "机构党组织；没有可以接收的人的，收到的司法行政机关"
	case r.inside:
		return "鉴定机构"
	}
	return "收到报告的司法行政机关"
}

// arises is when the duty arises, in words.
func (r dutyRow) arises() string {
	var parts []string
	switch {
	case r.of != 0:
		parts = append(parts, "经办人确定属于"+r.of.Cite().String())
	case r.party:
		parts = append(parts, ifParty.says)
	case r.when == nil:
		parts = append(parts, "任何报告")
	default:
		parts = append(parts, sayWhen(r.when))
	}
	if r.tells {
		parts = append(parts, "委托人是"+strings.Join(organs, "、"), "委托人未被指为干预人、也未确定属于第（三）项")
	}
	return strings.Join(parts, "，且")
}

// ends is what discharges the duty, in words.
func (r dutyRow) ends() string {
	if r.waive {
		return actWords[r.act] + "；或者" + actWords[Waive]
	}
	return actWords[r.act]
}

func explainDeadlines(p Policy) string {
	var b strings.Builder
	b.WriteString("六、期限（规定只要求“及时”，下列数字除注明外均为建议值，可以调整）\n\n")
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
	b.WriteString("七、工作日历（含调休；元旦前后以下一年的通知为准）\n\n")
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

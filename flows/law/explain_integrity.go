package law

import (
	"fmt"
	"strings"
)

var takenWords = map[MeasureKind]string{
	OrderCorrection: "责令改正", StateDefence: "陈述申辩", NoteCorrection: "说明改正情况", EnterFile: "记入诚信档案", DoNotEnter: "不予记入",
	LiftOrder: "撤销责令改正", WithdrawEntry: "撤销记入", Admonish: "训诫、通报批评",
}

var stageWords = map[Stage]string{
	NotOrdered: "未责令改正", Ordered: "已责令改正", Entered: "已记入", NotEntered: "不予记入", Lifted: "已撤销责令改正", Withdrawn: "已撤销记入",
}

var partyWords = []string{"", "主管机关经办人", "本人"}

var roleWords = []string{"", "鉴定人", "鉴定机构其他人员", "鉴定机构负责人", "报告接收人", "档案员"}

var groundWords = []string{
	"", "未如实记录、报告干预司法鉴定活动情况", "授意不记录、报告或者不如实记录、报告干预司法鉴定活动情况", "其他违反本规定的情形",
}

// explainIntegrity is the table of Art. 11 in words.
func explainIntegrity(p Policy) string {
	var b strings.Builder
	b.WriteString("九、责令改正与诚信档案（第十一条；只有主管机关可以作出，系统只作提示）\n\n")
	for i, r := range groundTable {
		var roles []string
		for _, x := range r.roles {
			roles = append(roles, roleWords[x])
		}
		counts := "计入“两次以上”"
		if r.ground.Marked() {
			counts = "经办人注明属于不记录或者不如实记录、报告的，才计入“两次以上”"
		}
		fmt.Fprintf(&b, "%d. 情形：%s\n   适用：%s\n   次数：%s\n   依据：%s\n", i+1, groundWords[r.ground], strings.Join(roles, "、"), counts, r.cite)
	}
	for _, r := range groundTable {
		if r.retaliates {
			fmt.Fprintf(&b, "依据反映打击报复责令改正的，只可以是“%s”，不计入“两次以上”（第九条、%s）。\n", groundWords[r.ground], r.cite)
		}
	}
	b.WriteString("\n")
	for i, r := range measureTable {
		fmt.Fprintf(&b, "%d. %s：%s\n   何时：%s\n   依据：%s\n", i+1, partyWords[r.by], takenWords[r.kind], r.says(), r.cite)
	}
	fmt.Fprintf(&b, "改正期限由经办人确定，建议值为%s；陈述申辩期限为%s，均写入责令改正，事后调整不影响已作出的责令改正。\n",
		p.Deadline(CorrectionDue).when(), p.Deadline(DefenceDue).when())
	fmt.Fprintf(&b, "两次以上包括两次，不限期间（%s）；撤销记入的不计。\n", reading(11, 0, "AM-16"))
	fmt.Fprintf(&b, "未存档的，%s起提示经办人核实；已存档的，无论多迟都不提示（%s）。\n", p.Deadline(MissingHint).when(), reading(11, 0, "R11.5"))
	return b.String() + explainDecisions(p)
}

// says is when the measure may be taken, in words.
func (r measureRow) says() string {
	var from []string
	for _, s := range r.from {
		from = append(from, stageWords[s])
	}
	out := strings.Join(from, "、")
	if r.ripe {
		out += "，改正期限已过，且本人已陈述申辩或者陈述申辩期限已过"
	}
	if r.again {
		out += "，且是第二次以上计入的记入；每次记入一回"
	}
	return out
}

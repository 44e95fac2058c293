package law

import (
	"fmt"
	"strings"
)

var (
	reasonWords = map[AbsenceReason]string{ReasonLeft: "离职", ReasonDead: "死亡", ReasonAway: "长期离岗", ReasonOther: "其他"}
	sideWords   = map[Side]string{HeadSide: "机构负责人", ClerkSide: "档案员"}
	whoWords    = map[Role]string{Head: "机构负责人", Archivist: "档案员", Officer: "机关经办人", OfficerLead: "机关负责人"}
)

// explainAbsence is when a 缺签说明 can be given, by whom, and what it does.
func explainAbsence(p Policy) string {
	var b strings.Builder
	b.WriteString("十一、缺签说明（任何人不得代签；签名人不能签名的，由两人共同说明）\n\n")
	for i, r := range reasonTable {
		var when []string
		if r.gone {
			when = append(when, "名册已登记离任")
		}
		if r.present {
			when = append(when, fmt.Sprintf("仍在册，办结后 %d 个工作日仍未签名", p.Deadline(ZeroDue).N))
		}
		fmt.Fprintf(&b, "%d. %s：%s（%s）\n", i+1, reasonWords[r.reason], strings.Join(when, "；或者"), r.cite)
	}
	for _, s := range []Side{HeadSide, ClerkSide} {
		var inside, above []string
		for _, r := range sideTable {
			switch {
			case r.side == s && r.above:
				above = append(above, whoWords[r.role])
			case r.side == s:
				inside = append(inside, whoWords[r.role])
			}
		}
		without := "机构没有可以说明的档案员的"
		if s == HeadSide {
			without = "缺签的是负责人本人，或者机构没有可以说明的负责人的"
		}
		fmt.Fprintf(&b, "%s一方：%s；%s，由主管机关的%s代替。\n", sideWords[s], strings.Join(inside, "、"), without, strings.Join(above, "、"))
	}
	b.WriteString("两人不能是同一人，也不能是缺签的人本人；一人提出，另一人同意后成立。成立后不再要求、提醒这一份记录，备注和目录只用固定用语载明原因。\n")
	var who []string
	for _, r := range withdrawTable {
		who = append(who, whoWords[r.role])
	}
	fmt.Fprintf(&b, "%s可以撤回，撤回后重新要求。本人看得到有此说明，随时可以签名；一经签名，说明即失效（%s、%s）。\n",
		strings.Join(who, "、"), reading(4, 0, "AM-21"), reading(4, 0, "R4.10"))
	return b.String()
}

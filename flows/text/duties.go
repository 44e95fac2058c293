package text

// Duties that follow each other, their owners, the Party's own track, transfers (Arts. 6–8).
const (
	BtnTake        Key = "btn.take"
	BtnTransferTo  Key = "btn.transfer"
	BtnTellClient  Key = "btn.tell_client"
	BtnLeaveClient Key = "btn.leave_client"
	BtnPartyNew    Key = "btn.party.new"
	BtnPartyRead   Key = "btn.party.read"
	PartyTitle     Key = "party.title"
	PartyInstead   Key = "party.instead"
	FollowParty    Key = "follow.party"
	OwnerLine      Key = "owner.line"
	OwnerNone      Key = "owner.none"
	LateLine       Key = "late.line"
	TodoFirst      Key = "todo.first"
	TodoRest       Key = "todo.rest"
	TodoPropose    Key = "todo.propose"
	TodoOwner      Key = "todo.owner"
	TodoOrphan     Key = "todo.orphan"
	WayParty       Key = "way.party"
	WayPartyOrgan  Key = "way.party.organ"
	WayPartyHeld   Key = "way.party.held"
	WayAlso        Key = "way.also"
	AskInvestigate Key = "act.ask.investigate"
)

var dutiesZh = map[Key]string{
	BtnTake:                 "由我接办",
	BtnTransferTo:           "移送：%s",
	BtnTellClient:           "告知委托人 · %s",
	BtnLeaveClient:          "不告知委托人 · %s",
	BtnPartyNew:             "✉ 未读 · 依规依纪处理 · %s",
	BtnPartyRead:            "已读 · 依规依纪处理 · %s",
	PartyTitle:              "依规依纪处理（第七条第二款）\n与报告本身的办理分开进行。是否党员只在这里显示，不得另行转告。\n\n",
	PartyInstead:            "机构党组织没有可以接收的人，或者报告越过机构，所以送到这里：请依规依纪处理，或者写明不适用的理由。\n\n",
	FollowParty:             "【依规依纪处理】%s",
	OwnerLine:               "【承办人】%s",
	OwnerNone:               "【承办人】无（%s 已不能承办，请由其他经办人接办）",
	LateLine:                "【逾期未办】%s：%s，应于%s前办理",
	TodoFirst:               "▲ %s的报告：%s，%s前",
	TodoRest:                "，另有 %d 项",
	TodoPropose:             "（建议：%s）",
	TodoOwner:               "，承办人：%s",
	TodoOrphan:              "，无承办人",
	WayParty:                "· 依规依纪处理另送 %s党组织：%s（第七条第二款）",
	WayPartyOrgan:           "· 依规依纪处理另送 %s：%s（第七条第二款；机构党组织不能接收）",
	WayPartyHeld:            "· 依规依纪处理暂时无人可以接收，已留存，不会送给被记录的人（第七条第二款）",
	WayAlso:                 "· %s：%s",
	"act.take":              "接办",
	"act.ask.take":          "接办后，您是本件的承办人，原承办人会收到通知。确定吗？",
	"act.extend":            "延长办理期限",
	"act.ask.extend":        "处理期限可以延长一次。请写明理由；报告人会看到期限已延长，看不到理由。",
	"act.transfer":          "移送",
	"act.ask.transfer":      "干预人是该机关工作人员的，由其所在的司法行政机关依法处理（第八条第一款第（二）项）。确定后，同一份报告连同证据送该机关；被记录的人及其领导的人不接收，负责人被记录的，送上一级机关。可以发送一段说明。",
	"act.discipline":        "依规依纪处理",
	"act.ask.discipline":    "请写明处理结果、依据、决定机关和日期（第七条第二款）。",
	"duty.ask_client":       "决定是否告知委托人",
	"duty.party_discipline": "依规依纪处理",

	"tick.internal_direct":  "（一）机构内部人员",
	"tick.judicial_officer": "（二）司法行政机关工作人员",
	"tick.client_organ":     "（三）委托人及其工作人员",
	"tick.other_organ":      "（四）其他机关或组织的人员",
	"tick.individual":       "（五）其他个人",

	AskInvestigate:                      "请写明查明的情况、处理结果、依据、决定机关和日期；认为不成立的，写明理由（第八条）。",
	"duty.investigate.internal_direct":  "调查处理",
	"duty.investigate.judicial_officer": "依法处理",
	"duty.letters.client_organ":         "通报",
	"duty.letters.other_organ":          "通报",
	"duty.letters.individual":           "告知委托人",
}

var dutiesEn = map[Key]string{
	BtnTake:                 "I take this over",
	BtnTransferTo:           "Transfer: %s",
	BtnTellClient:           "Tell the client · %s",
	BtnLeaveClient:          "Do not tell the client · %s",
	BtnPartyNew:             "✉ Unread · Party discipline · %s",
	BtnPartyRead:            "Read · Party discipline · %s",
	PartyTitle:              "Party discipline (Art. 7 ¶2)\nHandled apart from the report itself. Party membership is shown here only and is not to be passed on.\n\n",
	PartyInstead:            "Nobody of the institution's Party organisation may receive this, or the report passes the institution by, so it came here: deal with it, or write why it does not apply.\n\n",
	FollowParty:             "[Party discipline] %s",
	OwnerLine:               "[Owner] %s",
	OwnerNone:               "[Owner] none (%s cannot go on; somebody else must take it over)",
	LateLine:                "[Overdue] %s: %s, was due by %s",
	TodoFirst:               "▲ Report of %s: %s by %s",
	TodoRest:                ", %d more",
	TodoPropose:             " (proposed: %s)",
	TodoOwner:               ", owner: %s",
	TodoOrphan:              ", no owner",
	WayParty:                "· Party discipline apart: Party organisation of %s: %s (Art. 7 ¶2)",
	WayPartyOrgan:           "· Party discipline apart: %s: %s (Art. 7 ¶2; the institution's Party organisation cannot receive it)",
	WayPartyHeld:            "· Nobody may receive the part for Party discipline now; it is kept and will not go to anybody recorded (Art. 7 ¶2)",
	WayAlso:                 "· %s: %s",
	"act.take":              "Taken over",
	"act.ask.take":          "You will be the owner; whoever was is told. Are you sure?",
	"act.extend":            "Extend the period",
	"act.ask.extend":        "The period for handling may be extended once. Write why; the reporter sees that it was extended, not the reason.",
	"act.transfer":          "Transfer",
	"act.ask.transfer":      "Staff of that organ are dealt with by the organ where they work (Art. 8 (2)). The same report goes there with the evidence; those recorded and those they lead do not receive it, and if its leader is recorded it goes one level up. You may send a word.",
	"act.discipline":        "Party discipline",
	"act.ask.discipline":    "Write the result, its basis, who decided and when (Art. 7 ¶2).",
	"duty.ask_client":       "Decide whether to tell the client",
	"duty.party_discipline": "Party discipline",

	"tick.internal_direct":  "(1) internal people",
	"tick.judicial_officer": "(2) judicial-administrative staff",
	"tick.client_organ":     "(3) the client and its staff",
	"tick.other_organ":      "(4) staff of another organ",
	"tick.individual":       "(5) other individuals",

	AskInvestigate:                      "Write what was found, the result and its basis, which organ decided and when; if unfounded, why (Art. 8).",
	"duty.investigate.internal_direct":  "Investigate and handle",
	"duty.investigate.judicial_officer": "Handle",
	"duty.letters.client_organ":         "Circular",
	"duty.letters.other_organ":          "Circular",
	"duty.letters.individual":           "Tell the client",
}

package text

// What a reporter adds, and their protection (Arts. 9, 10).
const (
	StatementFile      Key = "statement.file"
	FollowLate         Key = "follow.late"
	HintStatementFiles Key = "hint.statement.files"

	BtnProtect         Key = "btn.protect"
	ProtectTitle       Key = "protect.title"
	ProtectLaws        Key = "protect.laws" // behind Art. 9: by name and article, not quoted (R9.4)
	ProtectHow         Key = "protect.how"
	ComplaintHeld      Key = "complaint.held"
	ComplaintNotHouse  Key = "complaint.not.house"
	ComplaintNotNamed  Key = "complaint.not.named"
	BtnComplain        Key = "btn.complain"
	BtnPlaint          Key = "btn.plaint"
	FollowWaiting      Key = "follow.waiting"
	GrieveWho          Key = "grieve.who"
	GrieveNamed        Key = "grieve.named"
	GrieveUnlisted     Key = "grieve.unlisted"
	GrieveWhen         Key = "grieve.when"
	GrieveHow          Key = "grieve.how"
	GrieveReview       Key = "grieve.review"
	ComplaintText      Key = "complaint.text"
	BtnSubmit          Key = "btn.submit"
	HintComplained     Key = "hint.complained"
	PlaintTitle        Key = "plaint.title"
	TodoPlaint         Key = "todo.plaint"
	BtnPlaintNews      Key = "btn.plaint.news"
	ComplaintTitle     Key = "complaint.title"
	AskDecideComplaint Key = "complaint.ask.decide"
	ChangesTitle       Key = "changes.title"
	ChangeLeft         Key = "change.left"
	ChangeRole         Key = "change.role"
	ChangeShare        Key = "change.share"

	FormerMenu Key = "former.menu"
	HintLeft   Key = "hint.left"

	WatchQuestion Key = "watch.question"
	WatchOn       Key = "watch.on"
	BtnWatchOn    Key = "btn.watch.on"
	BtnWatchOff   Key = "btn.watch.off"
	BtnNone       Key = "btn.none"
	BtnSome       Key = "btn.some"
	HintWatched   Key = "hint.watched"
	HintUnwatched Key = "hint.unwatched"
	HintAnswered  Key = "hint.answered"
	TodoAsked     Key = "todo.asked"
	BtnAsked      Key = "btn.asked"
)

var protectZh = map[Key]string{
	StatementFile:      "附证据 %s",
	FollowLate:         "。原定%s前的下一步逾期未完成，最迟%s会再告知您进展。您现在可以：%s",
	HintStatementFiles: "一次最多附 %d 件证据。这件没有收下，可以先确定，再补充一次。",

	BtnProtect:         "反映打击报复",
	ProtectTitle:       "记录和报告，受法律和组织保护",
	ProtectLaws:        "《中华人民共和国宪法》第四十一条：公民的申诉、控告等权利受保护，不得压制和打击报复。\n《中华人民共和国刑法》第二百五十四条：报复陷害罪；第三百零八条：打击报复证人罪。\n《中华人民共和国公职人员政务处分法》第三十二条第三项：对压制、打击报复的政务处分。",
	ProtectHow:         "【反映打击报复】因为记录、报告受到打击报复的，可以在这里反映，离开机构以后也可以。办理人会看到您的姓名、您反映的内容和您签的这份记录，不得泄露（第十条）。",
	ComplaintHeld:      "【暂存】目前没有一级有可以接收的人。提交后暂存，有合适的人时立即送达，不会送给所在机构。",
	ComplaintNotHouse:  "· %s的任何人都不会收到，也看不出您反映过",
	ComplaintNotNamed:  "· %s：与此事有牵连，任何环节都看不到",
	BtnComplain:        "开始反映",
	BtnPlaint:          "已反映 · %s · %s",
	FollowWaiting:      "，目前没有可以接收的人，有合适的人时立即送达；到%s仍没有的，会再告知您",
	GrieveWho:          "谁对您打击报复？请写姓名和职务，不知道姓名的写您知道的情况。不超过 200 字。",
	GrieveNamed:        "其中有没有司法行政机关的人？有的请勾选，勾选的人不会收到；没有的直接点“下一步”。",
	GrieveUnlisted:     "有，但不在名单上",
	GrieveWhen:         "什么时候的事？例如“11月20日起”“上周”。不超过 200 字。",
	GrieveHow:          "怎样打击报复的？可以分几条发送，也可以附照片、文件等证据。不必为此另去收集证据。写完点“下一步”。",
	GrieveReview:       "请核对。提交后不能修改，可以补充。",
	ComplaintText:      "谁：%s\n什么时候：%s\n怎样：%s",
	BtnSubmit:          "提交",
	HintComplained:     "已提交。进展可以在这里查看，有消息时会通知您。",
	PlaintTitle:        "反映打击报复\n提交：%s",
	TodoPlaint:         "您反映的事项有新进展，点开查看。",
	BtnPlaintNews:      "查看反映事项的进展",
	ComplaintTitle:     "反映打击报复（第九条）\n送达：%s\n反映人：%s（%s）\n\n【反映人%s签的记录】\n",
	AskDecideComplaint: "请写明查明的情况、处理措施、依据、决定人和日期；构成犯罪的，写明移送的机关；认为不成立的，写明理由（第九条）。",
	ChangesTitle:       "【登记变动】请留意是否与记录、报告有关（第九条）",
	ChangeLeft:         "· %s　报告人所在机构登记其离任",
	ChangeRole:         "· %s　报告人所在机构登记其角色终止：%s",
	ChangeShare:        "· %s以来，该机构新受理 %d 件，没有一件由报告人鉴定；签记录前 %d 日新受理 %d 件，由报告人鉴定的 %d 件",
	"act.complain":     "反映打击报复",
	"act.ask.complain": "请按提示填写。",

	FormerMenu: "%s，您好\n您已不在%s任职。您签过的记录、它们的进展和第九条的保护，仍可在这里查看和使用。",
	HintLeft:   "您已不在原机构任职，这里只能查看自己的记录和进展、反映打击报复。",

	WatchQuestion:           "【约定的询问】自您签这份记录以来，有没有因此受到打击报复？",
	WatchOn:                 "【约定的询问】下一次：%s。只有您自己看得到。",
	BtnWatchOn:              "在 %d/%d/%d 天后问我是否受到打击报复",
	BtnWatchOff:             "不再询问",
	BtnNone:                 "没有",
	BtnSome:                 "有，反映打击报复",
	HintWatched:             "已约定。到时会收到一条不含内容的通知，只有您自己看得到。",
	HintUnwatched:           "不再询问。",
	HintAnswered:            "已记下：没有。",
	TodoAsked:               "您约定的询问（%s），点开回答。",
	BtnAsked:                "回答询问：%s",
	"duty.complaint_decide": "对打击报复作出处理",
}

var protectEn = map[Key]string{
	StatementFile:      "Evidence %s",
	FollowLate:         ". The step expected by %s is overdue; you will hear again by %s at the latest. You may now: %s",
	HintStatementFiles: "At most %d items at a time. This one was not taken: confirm first, then add once more.",

	BtnProtect:         "Report retaliation",
	ProtectTitle:       "Whoever records and reports is protected by law",
	ProtectLaws:        "Constitution, Art. 41: citizens may complain, accuse and report, and nobody may suppress or retaliate.\nCriminal Law, Art. 254: retaliation and frame-up; Art. 308: retaliation against witnesses.\nLaw on Governmental Sanctions for Public Employees, Art. 32(3): sanctions for suppression or retaliation.",
	ProtectHow:         "[Report retaliation] If you suffer retaliation because of what you recorded or reported, you can say so here, even after leaving the institution. Those who handle it see your name, what you say and this entry, and must not disclose it (Art. 10).",
	ComplaintHeld:      "[Held] At present nobody at any level may receive it. It is held and delivered as soon as somebody may receive it, never to your institution.",
	ComplaintNotHouse:  "· Nobody in %s receives it or can tell that you complained",
	ComplaintNotNamed:  "· %s: involved in this, sees it at no stage",
	BtnComplain:        "Begin",
	BtnPlaint:          "Made %s · %s",
	FollowWaiting:      ": nobody may receive it at present; it is delivered as soon as somebody may. If there is still nobody by %s, you will be told again",
	GrieveWho:          "Who retaliates against you? Name and post, or what you know of them. At most 200 characters.",
	GrieveNamed:        "Is anybody of a judicial-administrative organ among them? Tick them; whoever is ticked does not receive this. If there is none, press Next.",
	GrieveUnlisted:     "Yes, but not on the list",
	GrieveWhen:         "When? For example “since 20 November”, “last week”. At most 200 characters.",
	GrieveHow:          "In what way? You may send several messages, and photos or files. You need not gather evidence for this. Then press Next.",
	GrieveReview:       "Please check. Once sent it cannot be changed, but you can add to it.",
	ComplaintText:      "Who: %s\nWhen: %s\nHow: %s",
	BtnSubmit:          "Send",
	HintComplained:     "Sent. You can follow it here, and will be told when there is news.",
	PlaintTitle:        "Report of retaliation\nMade: %s",
	TodoPlaint:         "There is news about what you reported; open it to see.",
	BtnPlaintNews:      "See what became of it",
	ComplaintTitle:     "Retaliation (Art. 9)\nDelivered: %s\nBy: %s (%s)\n\n[Entry signed by them on %s]\n",
	AskDecideComplaint: "Write what was found, the measure, its basis, who decided and when; if it is a crime, to whom it was transferred; if unfounded, why (Art. 9).",
	ChangesTitle:       "[Changes in the register] Consider whether they have to do with the report (Art. 9)",
	ChangeLeft:         "· %s  the reporter's institution registered that they left",
	ChangeRole:         "· %s  the reporter's institution registered the end of their role: %s",
	ChangeShare:        "· since %s the institution took in %d cases, none of them with the reporter as appraiser; in the %d days before the entry it took in %d, %d of them with the reporter",
	"act.complain":     "Report retaliation",
	"act.ask.complain": "Please answer the questions.",

	FormerMenu: "Hello, %s\nYou are no longer with %s. Your own entries, what became of them, and the protection of Art. 9 remain open to you here.",
	HintLeft:   "You are no longer with the institution: here you can only see your own entries and report retaliation.",

	WatchQuestion:           "[As you asked] Have you suffered retaliation because of this entry since you signed it?",
	WatchOn:                 "[You asked to be asked] Next time: %s. Only you can see this.",
	BtnWatchOn:              "Ask me in %d/%d/%d days whether I suffer retaliation",
	BtnWatchOff:             "Ask no more",
	BtnNone:                 "No",
	BtnSome:                 "Yes, report retaliation",
	HintWatched:             "Agreed. You will get a notice without content; only you can see it.",
	HintUnwatched:           "You will not be asked any more.",
	HintAnswered:            "Noted: none.",
	TodoAsked:               "The question you wanted to be asked (%s): open it to answer.",
	BtnAsked:                "Answer: %s",
	"duty.complaint_decide": "Decide on the retaliation",
}

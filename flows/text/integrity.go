package text

// Correction, defence and the integrity file (Art. 11).
const (
	MenuIntegrity      Key = "menu.integrity"
	BtnIntegrity       Key = "btn.integrity"
	BtnOwnFile         Key = "btn.ownfile"
	TodoOwnFile        Key = "todo.ownfile"
	MenuDecisions      Key = "menu.decisions"
	MenuBelow          Key = "menu.below"
	TodoDecision       Key = "todo.decision"
	TodoDecisionRest   Key = "todo.decision.rest"
	TodoBelow          Key = "todo.below"
	BtnDecision        Key = "btn.decision"
	IntegrityTitle     Key = "integrity.title"
	IntegrityHints     Key = "integrity.hints"
	IntegrityHint      Key = "integrity.hint"
	IntegrityMatters   Key = "integrity.matters"
	IntegrityMatter    Key = "integrity.matter"
	IntegrityNone      Key = "integrity.none"
	BtnHint            Key = "btn.hint"
	BtnAccuse          Key = "btn.accuse"
	BtnOrder           Key = "btn.order"
	BtnBasis           Key = "btn.basis"
	BtnBasisPlaint     Key = "btn.basis.plaint"
	BtnLedger          Key = "btn.ledger"
	BtnCounts          Key = "btn.counts"
	BtnCountsNot       Key = "btn.counts.not"
	BtnDue             Key = "btn.due"
	BtnFileNow         Key = "btn.filenow"
	StageLine          Key = "line.stage"
	StageDue           Key = "line.stage.due"
	StageRipe          Key = "line.stage.ripe"
	AccuseAsk          Key = "accuse.ask"
	AccuseNobody       Key = "accuse.nobody"
	MeasureTold        Key = "note.told"
	MeasureUnreachable Key = "note.unreachable"
	MeasureWarning     Key = "note.warning"
	MeasureOnReport    Key = "note.onreport"
	MeasureOnPlaint    Key = "note.onplaint"
	LineGround         Key = "line.ground"
	LineFacts          Key = "line.facts"
	LineProof          Key = "line.proof"
	LineDue            Key = "line.due"
	LineDefence        Key = "line.defence"
	LinePaper          Key = "line.paper"
	LinePaperDate      Key = "line.paper.date"
	ProceedingTitle    Key = "proceeding.title"
	CaseNowFiled       Key = "note.filed"
	CaseNotFiled       Key = "note.notfiled"
	RipeOfficer        Key = "note.ripe"
	RipeOwn            Key = "note.ripe.own"
	SecondEntry        Key = "note.second"
	OwnFileTitle       Key = "ownfile.title"
	OwnFileNone        Key = "ownfile.none"
	OthersFiled        Key = "others.filed"
	HintDueDay         Key = "hint.dueday"
	HintLedger         Key = "hint.ledger"
)

var integrityZh = map[Key]string{
	MenuIntegrity:      "§ %d 项责令改正、诚信档案事项待您查看",
	BtnIntegrity:       "诚信档案",
	BtnOwnFile:         "我的诚信档案",
	TodoOwnFile:        "责令改正、诚信档案：%d 项有新情况，点开查看",
	MenuDecisions:      "▲ %d 项第十一条事项待决定",
	MenuBelow:          "▲ 下级机关 %d 项第十一条事项逾期未决定",
	TodoDecision:       "▲ 第十一条事项（%s责令改正）：%s，%s前",
	TodoDecisionRest:   "第十一条事项另有 %d 项待决定，在“诚信档案”中查看",
	TodoBelow:          "▲ %s有 %d 项第十一条事项逾期未决定，最早应于%s前决定，请督促。",
	BtnDecision:        "第十一条事项 · %s责令改正",
	IntegrityTitle:     "责令改正与诚信档案（第十一条）\n系统只作提示；责令改正、记入、撤销都由机关决定。本次查阅已记入日志。",
	IntegrityHints:     "【疑似未记录，请核实】只表示办结后很久没有存档，不是结论；出差、患病、离岗等都可能是原因。",
	IntegrityHint:      "· %s（%s）\n　%s，%s办结，至今未存档",
	IntegrityMatters:   "【已立】",
	IntegrityMatter:    "· %s（%s）\n　%s",
	IntegrityNone:      "目前没有提示，也没有已立的事项。",
	BtnHint:            "责令改正：%s · %s",
	BtnAccuse:          "按姓名查找…",
	BtnOrder:           "责令改正：%s（%s）",
	BtnBasis:           "依第十一条责令改正…",
	BtnBasisPlaint:     "依第十一条第（三）项责令改正…",
	BtnLedger:          "导出记入情况（供诚信等级评估）",
	BtnCounts:          "属于不记录或者不如实记录、报告",
	BtnCountsNot:       "不属于",
	BtnDue:             "%s前",
	BtnFileNow:         "现在填报：%s",
	StageLine:          "%s（%s责令改正）",
	StageDue:           "，%s前改正",
	StageRipe:          "，已可以决定",
	AccuseAsk:          "对谁责令改正？请发送姓名。只能查到本机关主管的鉴定机构的人员；本次查找记入日志。",
	AccuseNobody:       "没有找到“%s”，请核对姓名。",
	MeasureTold:        "确定后本人会收到通知，并能看到以上全部内容。",
	MeasureUnreachable: "%s目前收不到本系统的通知，请另行书面送达。",
	MeasureWarning:     "请注意：本人会看到您写的内容。不要写出报告人，也不要让人看出是否有人报告（第十条）。",
	MeasureOnReport:    "请注意：本事项依据一份报告。只有能查阅该报告的经办人看得到本事项；本人看不到报告，但会看到您写的内容：不要写出报告人，也不要写只有报告人才知道的情节（第九条、第十条）。",
	MeasureOnPlaint:    "请注意：本事项依据打击报复的反映。只有能查阅该反映的经办人看得到本事项；本人看不到反映，但会看到您写的内容，可能由此知道有人反映：只写查明的、可以从别处查证的事实，不要写出反映人，也不要写只有反映人才知道的情节（第九条、第十条）。",
	LineGround:         "情形",
	LineFacts:          "内容",
	LineProof:          "证据",
	LineDue:            "改正期限",
	LineDefence:        "陈述申辩期限",
	LinePaper:          "文号",
	LinePaperDate:      "文书日期",
	ProceedingTitle:    "依第十一条处理\n本人：%s（%s）\n机关：%s\n现况：%s",
	CaseNowFiled:       "%s：本人的记录现已存档。",
	CaseNotFiled:       "%s：本人的记录至今未存档。",
	RipeOfficer:        "%s起可以决定是否记入：改正期限已过，并且本人已陈述申辩或者陈述申辩期限已过。",
	RipeOwn:            "您可以陈述申辩，也可以说明改正情况。%s之前，机关不会决定是否记入诚信档案。",
	SecondEntry:        "这是第 %d 次不记录或者不如实记录、报告。两次以上的，应当训诫、通报批评（第十一条）。",
	OwnFileTitle:       "我的诚信档案\n只有您本人和主管司法行政机关经办人看得到。撤销的记入仍保留在这里，不再计算。",
	OwnFileNone:        "没有关于您的责令改正，也没有记入诚信档案。",
	OthersFiled:        "【提示】同案%s已存档，但没有报告送到您这里。这不说明其所填内容：可能没有遇到干预，也可能报给了别处；同案各人所填不同，可以都是真实的。不得要求任何人改口。",
	HintDueDay:         "改正期限应当是以后的日期，最长一年。请写成“2026年12月20日”或“12月20日”。",
	HintLedger:         "导出的文件已发到对话中，只含数据，不含评分。用后请从对话中删除。",

	"measure.order":         "责令改正",
	"measure.defence":       "陈述申辩",
	"measure.correct":       "说明改正情况",
	"measure.enter":         "记入诚信档案",
	"measure.no_entry":      "不予记入",
	"measure.lift":          "撤销责令改正",
	"measure.withdraw":      "撤销记入",
	"measure.admonish":      "训诫、通报批评",
	"measure.ask.ground":    "属于第十一条的哪一项？",
	"measure.ask.counts":    "是否属于不记录或者不如实记录、报告？属于的，计入“两次以上”。",
	"measure.ask.order":     "请写明查明的事实。",
	"measure.ask.evidence":  "请写明证据，例如案卷页码、检查笔录、文书名称；证据本身请在本系统之外保存。",
	"measure.ask.due":       "哪一天前改正？点选建议的日期，或发送其他日期。",
	"measure.ask.defence":   "请写出您的陈述和申辩。决定以前可以多次提出。",
	"measure.ask.correct":   "请写明怎样改正的，例如哪一天补签了哪一件案件的记录。",
	"measure.ask.enter":     "请写明决定的理由，包括对陈述申辩的答复。",
	"measure.ask.no_entry":  "请写明不予记入的理由。",
	"measure.ask.lift":      "请写明撤销责令改正的理由。",
	"measure.ask.withdraw":  "请写明撤销记入的理由。",
	"measure.ask.admonish":  "请写明训诫、通报批评的情况。",
	"measure.ask.number":    "请发送文号。文书的制作、签发、用印在本系统之外办理。",
	"measure.ask.date":      "文书是哪一天的？点选，或发送日期。",
	"access.read_measures":  "查看第十一条事项",
	"access.measure":        "办理第十一条事项",
	"access.read_integrity": "查看诚信档案",
	"access.look_up":        "按姓名查找",
	"access.export_entries": "导出记入情况",
	"duty.decide_entry":     "决定记入或者不予记入",
	"duty.admonish_due":     "训诫、通报批评",
	"relation.officer":      "主管机关经办人",
	"relation.subject":      "本人",
	"ground.not_truthful":   "（一）未如实记录、报告干预司法鉴定活动情况",
	"ground.told_not_to":    "（二）授意不记录、报告或者不如实记录、报告",
	"ground.other_breach":   "（三）其他违反本规定的情形",
	"stage.none":            "未责令改正",
	"stage.ordered":         "已责令改正",
	"stage.entered":         "已记入诚信档案",
	"stage.not_entered":     "不予记入",
	"stage.lifted":          "责令改正已撤销",
	"stage.withdrawn":       "记入已撤销",
}

var integrityEn = map[Key]string{
	MenuIntegrity:      "§ Matters of correction or the integrity file to look at: %d",
	BtnIntegrity:       "Integrity file",
	BtnOwnFile:         "My integrity file",
	TodoOwnFile:        "Correction and integrity file: news in %d matters, open to read",
	MenuDecisions:      "▲ Matters of Art. 11 to decide: %d",
	MenuBelow:          "▲ Matters of Art. 11 overdue at authorities below: %d",
	TodoDecision:       "▲ Matter of Art. 11 (correction ordered on %s): %s, by %s",
	TodoDecisionRest:   "More matters of Art. 11 to decide: %d; see the integrity file",
	TodoBelow:          "▲ %s has left %d matters of Art. 11 undecided past their day; the first was due by %s. Please see to it.",
	BtnDecision:        "Matter of Art. 11 · ordered %s",
	IntegrityTitle:     "Correction and integrity file (Art. 11)\nThe system only hints; the authority decides what is ordered, entered or withdrawn. This reading was logged.",
	IntegrityHints:     "[Perhaps not recorded: please check] It only says that nothing was filed for long after the case was closed. It is no finding: travel, illness or leave may be the reason.",
	IntegrityHint:      "· %s (%s)\n  %s, closed on %s, not filed to this day",
	IntegrityMatters:   "[Under way and decided]",
	IntegrityMatter:    "· %s (%s)\n  %s",
	IntegrityNone:      "There are no hints and no proceedings.",
	BtnHint:            "Order correction: %s · %s",
	BtnAccuse:          "Find by name…",
	BtnOrder:           "Order correction: %s (%s)",
	BtnBasis:           "Order correction under Art. 11…",
	BtnBasisPlaint:     "Order correction under Art. 11(3)…",
	BtnLedger:          "Export entries (for the rating)",
	BtnCounts:          "It is one of not recording, or not recording or reporting truthfully",
	BtnCountsNot:       "It is not",
	BtnDue:             "by %s",
	BtnFileNow:         "Record now: %s",
	StageLine:          "%s (correction ordered on %s)",
	StageDue:           ", to be corrected by %s",
	StageRipe:          ", can be decided now",
	AccuseAsk:          "Of whom? Send the name. Only people of institutions under your authority are found; the search is logged.",
	AccuseNobody:       "Nobody is called “%s”. Please check the name.",
	MeasureTold:        "The person will be told and can read all of the above.",
	MeasureUnreachable: "%s cannot be reached through this system at present: please serve it in writing.",
	MeasureWarning:     "The person will read what you write. Do not name a reporter, and let nobody see whether anyone reported (Art. 10).",
	MeasureOnReport:    "This rests on a report. Only officers who may read that report see this matter. The person does not see the report but reads what you write: name no reporter, and nothing that only the reporter can know (Arts. 9, 10).",
	MeasureOnPlaint:    "This rests on a complaint of retaliation. Only officers who may read that complaint see this matter. The person does not see the complaint but reads what you write, and may conclude from it that somebody complained: write only facts that were found and can be checked elsewhere; do not name whoever complained, and write nothing that only they can know (Arts. 9, 10).",
	LineGround:         "Ground",
	LineFacts:          "Content",
	LineProof:          "Evidence",
	LineDue:            "Correct by",
	LineDefence:        "Defence until",
	LinePaper:          "Decision no.",
	LinePaperDate:      "Date of the paper",
	ProceedingTitle:    "Proceeding under Art. 11\nPerson: %s (%s)\nAuthority: %s\nState: %s",
	CaseNowFiled:       "%s: the person's entry is filed by now.",
	CaseNotFiled:       "%s: the person's entry is not filed to this day.",
	RipeOfficer:        "From %s on it can be decided: the correction date is over, and the person was heard or the time for it is over.",
	RipeOwn:            "You can state a defence, and say how it was corrected. Before %s the authority will not decide whether anything is entered.",
	SecondEntry:        "This is entry no. %d of not recording, or not recording or reporting truthfully. Twice or more brings admonition and a public reprimand (Art. 11).",
	OwnFileTitle:       "My integrity file\nOnly you and the officers of the supervising authority see it. What was withdrawn stays here and counts no more.",
	OwnFileNone:        "No correction was ordered of you, and nothing was entered.",
	OthersFiled:        "[Hint] %s, of the same case, filed too, but no report came to you. That says nothing of what was filed: there may have been no interference, or it went elsewhere. Different entries can all be true. Nobody may be made to change theirs.",
	HintDueDay:         "The date must lie in the future, within a year. Write it as 2026-12-20.",
	HintLedger:         "The file was sent to this chat. It holds data, no rating. Please delete it from the chat after use.",

	"measure.order":         "Order correction",
	"measure.defence":       "State a defence",
	"measure.correct":       "Say how it was corrected",
	"measure.enter":         "Enter in the integrity file",
	"measure.no_entry":      "Do not enter",
	"measure.lift":          "Lift the order",
	"measure.withdraw":      "Withdraw the entry",
	"measure.admonish":      "Admonition and public reprimand",
	"measure.ask.ground":    "Which item of Art. 11?",
	"measure.ask.counts":    "Is it one of not recording, or not recording or reporting truthfully? If so it counts towards “twice or more”.",
	"measure.ask.order":     "Write the facts that were found.",
	"measure.ask.evidence":  "Write what the evidence is: pages of a file, minutes of an inspection, a paper. Keep the evidence itself outside this system.",
	"measure.ask.due":       "By which day? Press the day proposed, or send another.",
	"measure.ask.defence":   "Write your statement and defence. You can add to it until it is decided.",
	"measure.ask.correct":   "Write how it was corrected, for example which entry you signed later, and when.",
	"measure.ask.enter":     "Write the reasons of the decision, with an answer to the defence.",
	"measure.ask.no_entry":  "Write why nothing is entered.",
	"measure.ask.lift":      "Write why the order is lifted.",
	"measure.ask.withdraw":  "Write why the entry is withdrawn.",
	"measure.ask.admonish":  "Write how the admonition and reprimand were given.",
	"measure.ask.number":    "Send the number of the decision. Drafting, signature and seal stay outside this system.",
	"measure.ask.date":      "Of which day is the paper? Press, or send a date.",
	"access.read_measures":  "look at a proceeding under Art. 11",
	"access.measure":        "act under Art. 11",
	"access.read_integrity": "look at the integrity file",
	"access.look_up":        "look for somebody by name",
	"access.export_entries": "export entries",
	"duty.decide_entry":     "decide whether to enter it",
	"duty.admonish_due":     "admonition and public reprimand",
	"relation.officer":      "officer of the authority",
	"relation.subject":      "the person",
	"ground.not_truthful":   "(1) did not record or report truthfully",
	"ground.told_not_to":    "(2) told others not to record or report, or not truthfully",
	"ground.other_breach":   "(3) another breach of the rule",
	"stage.none":            "nothing ordered",
	"stage.ordered":         "correction ordered",
	"stage.entered":         "entered in the integrity file",
	"stage.not_entered":     "not entered",
	"stage.lifted":          "order lifted",
	"stage.withdrawn":       "entry withdrawn",
}

// The workbook of entries (R11.6).
const (
	LedgerSheet = "诚信档案记入情况"
	LedgerYes   = "是"
	LedgerNo    = "否"
)

// LedgerColumns are its columns.
func LedgerColumns() []string {
	return []string{
		"姓名", "鉴定机构", "情形", "查明的事实", "证据", "责令改正日期", "改正期限", "陈述申辩", "改正情况",
		"记入理由", "记入文号", "记入日期", "计入两次以上", "训诫、通报批评文号", "是否撤销", "撤销文号", "撤销日期", "撤销理由",
	}
}

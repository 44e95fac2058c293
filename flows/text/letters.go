package text

// Letters of Arts. 8 and 11 (domain.md 3.7).
const (
	BtnDraftLetter Key = "btn.letter"
	BtnLetterAgain Key = "btn.letter.again"
	LetterWhich    Key = "letter.which"
	LetterAsk      Key = "letter.ask"
	LetterAsked    Key = "letter.asked"
	LetterCareful  Key = "letter.careful"
	LetterPreview  Key = "letter.preview"
	LetterName     Key = "letter.name"
	RegisterTitle  Key = "disclosed.title"
	RegisterLine   Key = "disclosed.line"
	RegisterTo     Key = "disclosed.to"
	RegisterWhat   Key = "disclosed.what"
	RegisterSent   Key = "disclosed.sent"
	RegisterUnsent Key = "disclosed.unsent"
	RegisterOlder  Key = "disclosed.older"
	RegisterBare   Key = "disclosed.bare"
	HintDrafted    Key = "hint.drafted"
	HintHanded     Key = "hint.handed"
	HintUnsaid     Key = "hint.unsaid"
	HintTeam       Key = "hint.team"
)

var lettersZh = map[Key]string{
	BtnDraftLetter:      "起草文书",
	BtnLetterAgain:      "再取文书草稿：%s",
	"act.draft":         "起草文书",
	"act.send":          "登记发出",
	"act.ask.send":      "请写明文号、日期、收文单位和送达方式。",
	LetterWhich:         "起草哪一份？文书只是草稿，文号、签发、印章、日期在本系统之外办理。",
	LetterAsk:           "请勾选写入文书的内容，并发送一段事实。不得写报告人；本案鉴定人的姓名，确有必要才勾选。",
	LetterAsked:         "委托人不是司法机关、行政执法机关，或者类型不详：是否告知由您决定，不告知也不影响办结。",
	LetterCareful:       "报告可能没有经过所在机构：写给机构、个人的文书，不得使其得知有人报告（第十条）。",
	LetterPreview:       "【文书草稿】",
	LetterName:          "%s · %s",
	RegisterTitle:       "【披露登记】",
	RegisterLine:        "· %s　起草　%s：%s",
	RegisterTo:          "收文：%s",
	RegisterWhat:        "内容：%s",
	RegisterSent:        "办理：%s　%s",
	RegisterUnsent:      "尚未登记发出。",
	RegisterOlder:       "已被后来的草稿代替。",
	RegisterBare:        "· %s　办理　%s：%s（未在本系统起草）",
	HintDrafted:         "草稿已生成，打印件、可编辑件各一份，并记入披露登记。",
	HintHanded:          "文书草稿见下方文件。",
	HintUnsaid:          "文书里不能有报告人的姓名、证号（第十条）。请改写后再发送。",
	HintTeam:            "事实里有本案鉴定人的姓名。确有必要的，请勾选“本案鉴定人姓名”；否则请改写后再发送。",
	"disclose.number":   "案件编号",
	"disclose.matter":   "鉴定事项",
	"disclose.about":    "人员类别",
	"disclose.fact":     "事实",
	"disclose.team":     "本案鉴定人姓名",
	"document.circular": "通报",
	"document.notice":   "告知",
	"document.rectify":  "责令改正通知书",
	"ground.1":          "第十一条第（一）项",
	"ground.2":          "第十一条第（二）项",
	"ground.3":          "第十一条第（三）项",
}

var lettersEn = map[Key]string{
	BtnDraftLetter:      "Draft a letter",
	BtnLetterAgain:      "The draft again: %s",
	"act.draft":         "Draft a letter",
	"act.send":          "Note as sent",
	"act.ask.send":      "Write number, date, to whom and how it was delivered.",
	LetterWhich:         "Which letter? It is only a draft: number, signature, seal and date are given outside this system.",
	LetterAsk:           "Tick what goes into the letter and send one paragraph with the fact. Never name the reporter; name the case's appraisers only if it is necessary.",
	LetterAsked:         "The client is no judicial or law-enforcement organ, or its kind is not known: you decide whether it is told; you can close without.",
	LetterCareful:       "The report may have passed the institution by: a letter to it or to a person must not let them know that somebody reported (Art. 10).",
	LetterPreview:       "[Draft]",
	LetterName:          "%s · %s",
	RegisterTitle:       "[Disclosures]",
	RegisterLine:        "· %s  drafted by %s: %s",
	RegisterTo:          "to: %s",
	RegisterWhat:        "what: %s",
	RegisterSent:        "done: %s  %s",
	RegisterUnsent:      "not yet noted as sent.",
	RegisterOlder:       "replaced by a later draft.",
	RegisterBare:        "· %s  done by %s: %s (not drafted here)",
	HintDrafted:         "The draft is made, one copy to print and one to edit, and noted in the register of disclosures.",
	HintHanded:          "The draft is below.",
	HintUnsaid:          "A letter must not hold the reporter's name or licence (Art. 10). Please rewrite it and send it again.",
	HintTeam:            "The fact names an appraiser of the case. If that is necessary, tick “names of the case's appraisers”; otherwise rewrite it and send it again.",
	"disclose.number":   "case number",
	"disclose.matter":   "matter",
	"disclose.about":    "category of person",
	"disclose.fact":     "the fact",
	"disclose.team":     "names of the case's appraisers",
	"document.circular": "circular",
	"document.notice":   "notice",
	"document.rectify":  "order to correct",
	"ground.1":          "Art. 11 (1)",
	"ground.2":          "Art. 11 (2)",
	"ground.3":          "Art. 11 (3)",
}

// The words of the letters themselves. They are written in Chinese whatever the officer's locale.
const (
	LetterCircular = "关于通报干预司法鉴定活动情况的函"
	LetterNotice   = "关于告知干预司法鉴定活动情况的函"
	LetterRectify  = "责令改正通知书"

	LetterOpenCircular = "现将干预司法鉴定活动的有关情况通报如下："
	LetterOpenNotice   = "现将干预司法鉴定活动的有关情况告知如下："
	LetterOpenRectify  = "经查，你（单位）存在下列情形："

	LetterTeam    = "本案鉴定人"
	LetterNoFact  = "（待写）"
	LetterLine    = "%s：%s"
	LetterBasis   = "依据：《司法鉴定机构、鉴定人记录和报告干预司法鉴定活动的有关规定》（司办通〔2020〕56号）%s：“%s”。" // cite, words
	LetterTo      = "（%s）"
	LetterEnd     = "："
	LetterLeftOut = "（此处从略）"

	LetterIssuer = "（发文机关）"
	LetterNumber = "（发文字号：　　〔　　〕　号）"
	LetterSeal   = "（发文机关署名、印章）"
	LetterDate   = "（成文日期：　　年　月　日）"
	LetterPage   = "— %d —"

	LetterBodyFont  = "仿宋"
	LetterTitleFont = "方正小标宋简体"

	LetterDraft = "草稿：文号、签发、印章、日期在发文机关办理。"
)

package text

// The log of access and leaks (Art. 10).
const (
	BtnLog         Key = "btn.log"
	BtnLogRefused  Key = "btn.log_refused"
	BtnLogAll      Key = "btn.log_all"
	BtnLeaks       Key = "btn.leaks"
	BtnLeakNew     Key = "btn.leak_new"
	BtnLeakNotice  Key = "btn.leak_notice"
	LogTitle       Key = "log.title"
	LogTitleNo     Key = "log.title_no"
	LogNone        Key = "log.none"
	LogAllowed     Key = "log.allowed"
	LogRefusal     Key = "log.refusal"
	LogClosed      Key = "log.closed"
	LeaksTitle     Key = "leaks.title"
	LeaksNone      Key = "leaks.none"
	LeakHead       Key = "leak.head"
	LeakAsk        Key = "leak.ask"
	LeakNotice     Key = "leak.notice"
	HintLeakNoted  Key = "hint.leak_noted"
	AccessOfOthers Key = "access.other"
)

var accessZh = map[Key]string{
	BtnLog:        "访问日志",
	BtnLogRefused: "只看未获准许的",
	BtnLogAll:     "查看全部",
	BtnLeaks:      "泄密线索",
	BtnLeakNew:    "记录泄密线索",
	BtnLeakNotice: "个人信息泄露通知（草稿）",
	LogTitle: "访问日志\n\n谁、何时、查看或者处理了哪一类材料，是否获准（第十条）。这里不显示内容、案件和报告人；" +
		"同一人一分钟内的同样操作只列一次，您自己查看本日志不在其中。",
	LogTitleNo:     "访问日志：未获准许的\n\n谁、何时、试图查看或者处理哪一类材料而没有获准（第十条）。",
	LogNone:        "没有记录。",
	LogAllowed:     "%s　%s\n%s（%s）",
	LogRefusal:     "✗ %s　%s\n%s，未获准许",
	LogClosed:      "访问日志由本单位保密员查看。",
	LeaksTitle:     "泄密线索（第 %d 条，共 %d 条）",
	LeaksNone:      "还没有泄密线索。",
	LeakHead:       "%s　%s　%s 记录",
	LeakAsk:        "记录泄密线索\n\n请写明：何时、从哪里发现，哪一类信息可能泄露，已经采取了什么措施。不要写报告的内容、报告人和案件编号。\n\n发送后立即存档，不能修改或者删除，由主管机关负责人查看。",
	HintLeakNoted:  "已存档。",
	AccessOfOthers: "其他操作",
	LeakNotice: "个人信息泄露通知（草稿）\n\n履行个人信息保护职责的部门、有关个人：\n\n" +
		"%s发现发生或者可能发生个人信息泄露，依照《中华人民共和国个人信息保护法》第五十七条通知如下：\n\n" +
		"一、发生或者可能发生泄露的信息种类：＿＿＿＿；原因：＿＿＿＿；可能造成的危害：＿＿＿＿。\n" +
		"二、已采取的补救措施：＿＿＿＿；个人可以采取的减轻危害的措施：＿＿＿＿。\n" +
		"三、联系方式：＿＿＿＿。\n\n%s（印章）\n%s\n\n" +
		"说明：草稿须由单位核定后发出。不得写入报告的内容和报告人；通知个人之前应当核对，不使被反映的人由此得知有人报告（第十条）。" +
		"已采取措施能够有效避免危害的，可以不通知个人，但有关部门要求通知的除外。",
	"access.read_entry":    "查看记录表",
	"access.print_entry":   "打印记录表",
	"access.read_report":   "查看报告",
	"access.read_evidence": "查看证据",
	"access.act":           "处理报告",
	"access.file":          "签名存档",
	"access.read_letter":   "查看文书",
	"access.read_log":      "查看访问日志",
	"access.note_leak":     "记录泄密线索",
	"access.read_leaks":    "查看泄密线索",
	"relation.signer":      "填报人本人",
	"relation.recipient":   "报告经手人",
	"relation.confidant":   "保密员",
	"relation.office_lead": "主管机关负责人",
	"relation.oneself":     "本人",
	"relation.overseer":    "督办人",
	"relation.keeper":      "通讯负责人",
	"relation.archivist":   "档案保管人",
	"access.keep_files":    "办理归档保管",
	"access.complain":      "反映打击报复",
	"access.read_plaint":   "查看本人的反映",
}

var accessEn = map[Key]string{
	BtnLog:        "Log of access",
	BtnLogRefused: "Refusals only",
	BtnLogAll:     "Show all",
	BtnLeaks:      "Leaks",
	BtnLeakNew:    "Write a leak down",
	BtnLeakNotice: "Notice of leaked personal information (draft)",
	LogTitle: "Log of access\n\nWho looked at or handled what kind of thing, when, and whether it was allowed (Art. 10). No content, cases or reporters " +
		"are shown; what one person did several times within a minute is one line, and your own looking at this log is not among it.",
	LogTitleNo:     "Log of access: refusals\n\nWho tried to look at or handle what kind of thing, when, and was refused (Art. 10).",
	LogNone:        "Nothing is written down.",
	LogAllowed:     "%s　%s\n%s (%s)",
	LogRefusal:     "✗ %s　%s\n%s, refused",
	LogClosed:      "The log of access is for the unit's confidentiality officer.",
	LeaksTitle:     "Leaks (%d of %d)",
	LeaksNone:      "No leak has been written down.",
	LeakHead:       "%s　%s　written down by %s",
	LeakAsk:        "Write a leak down\n\nSay when and where it was found, what kind of information may have leaked, and what has been done. Leave out the content of reports, reporters and case numbers.\n\nIt is filed as soon as you send it, cannot be changed or deleted, and is for the head of the authority to see.",
	HintLeakNoted:  "Filed.",
	AccessOfOthers: "something else",
	LeakNotice: "Notice of leaked personal information (draft)\n\nTo the department that protects personal information, and to the individuals concerned:\n\n" +
		"%s has found that personal information has leaked or may have leaked, and gives notice under Article 57 of the Personal Information Protection Law:\n\n" +
		"1. Kind of information that has leaked or may have: ____; cause: ____; harm it may do: ____.\n" +
		"2. Remedies taken: ____; what individuals can do to lessen the harm: ____.\n" +
		"3. Contact: ____.\n\n%s (seal)\n%s\n\n" +
		"Note: the unit must approve the draft before it is sent. Leave out the content of reports and the reporter; before telling individuals, make sure that nobody who was named learns from it that something was reported (Art. 10). " +
		"Where what was done prevents harm, individuals need not be told unless the department demands it.",
	"access.read_entry":    "look at an entry",
	"access.print_entry":   "print an entry",
	"access.read_report":   "look at a report",
	"access.read_evidence": "look at evidence",
	"access.act":           "handle a report",
	"access.file":          "sign and file",
	"access.read_letter":   "look at a letter",
	"access.read_log":      "look at the log of access",
	"access.note_leak":     "write a leak down",
	"access.read_leaks":    "look at leaks",
	"relation.signer":      "its signer",
	"relation.recipient":   "handler of the report",
	"relation.confidant":   "confidentiality officer",
	"relation.office_lead": "head of the authority",
	"relation.oneself":     "oneself",
	"relation.overseer":    "overseer",
	"relation.keeper":      "keeper of contacts",
	"relation.archivist":   "keeper of files",
	"access.keep_files":    "keep files",
	"access.complain":      "complain of retaliation",
	"access.read_plaint":   "look at their own complaint",
}

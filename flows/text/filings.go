package text

// Lists of who filed, for inspection (E20). Nothing here says what anybody filed.
const (
	BtnFilings      Key = "btn.filings"
	BtnQuarter      Key = "btn.quarter"
	FilingsAbout    Key = "filings.about"
	FilingsWhich    Key = "filings.which"
	FilingsQuarter  Key = "filings.quarter"
	FilingsNotYours Key = "filings.notyours"
	HintFilings     Key = "hint.filings"
)

var filingsZh = map[Key]string{
	BtnFilings:      "填报清单",
	BtnQuarter:      "%d年第%d季度",
	FilingsAbout:    "填报清单\n\n供检查使用：按季度、按人列明办结的案件是否已经填报记录、哪一天填报，或者有缺签说明。清单不反映所填内容；每一项的核对码可以用签名人的回执核对。本次打印会记入访问日志。",
	FilingsWhich:    "请选择机构。",
	FilingsQuarter:  "%s：请选择办结案件的季度。",
	FilingsNotYours: "这里供机构负责人、档案员和主管机关人员使用。",
	HintFilings:     "清单已生成，请打印。",

	"access.print_filings": "打印填报清单",
}

var filingsEn = map[Key]string{
	BtnFilings:      "Lists of filings",
	BtnQuarter:      "%d, quarter %d",
	FilingsAbout:    "Lists of filings\n\nFor inspection: by quarter and by person, whether and on which day an entry was filed for each closed case, or that the missing signature is explained. A list says nothing of what was filed; the code of each line can be checked with the signer's receipt. Printing it is noted in the log of access.",
	FilingsWhich:    "Choose an institution.",
	FilingsQuarter:  "%s: choose the quarter in which the cases were closed.",
	FilingsNotYours: "This is for heads, archivists and people of the authority.",
	HintFilings:     "The list is ready to be printed.",

	"access.print_filings": "print a list of filings",
}

// The list on paper.
const (
	FilingsTitle   = "干预司法鉴定活动记录填报清单"
	FilingsOf      = "机构"
	FilingsSpan    = "办结日期"
	FilingsSays    = "%s至%s（%d年第%d季度）"
	FilingsSum     = "合计"
	FilingsCounts  = "应填报 %d 份：已填报 %d 份，缺签说明 %d 份，未填报 %d 份"
	FilingsMade    = "打印"
	FilingsMadeBy  = "%s　%s" // day, name
	FilingsNone    = "本季度没有办结的案件"
	FilingsCase    = "%s　%s办结"       // number, day
	FilingsFiled   = "已填报　%s　核对码 %s" // day, code
	FilingsMissing = "未填报"
	FilingsAbsent  = "未签名%s" // what the index of the file says behind a name
	FilingsNote    = "本清单只反映是否填报、何时填报，不反映所填内容，“无此类情况”与有干预情形的记录在清单上没有区别。核对码由记录号算出（SHA-256 的前 32 位），核验签名人的回执时显示同一核对码的，即为同一份记录。\n\n打印人签名：________________　　　　年　　月　　日"
)

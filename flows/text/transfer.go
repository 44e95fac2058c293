package text

// Handing a report to the judicial-administrative organ where an officer works, here or on paper (Art. 8 (二)).
const (
	BtnTransferElse  Key = "btn.transfer.else"
	BtnTransferPaper Key = "btn.transfer.paper"
	TransferWhere    Key = "transfer.where"
	TransferFound    Key = "transfer.found"
	TransferNone     Key = "transfer.none"
	TransferAt       Key = "transfer.at"
	TransferOut      Key = "transfer.out"
	TransferPaper    Key = "transfer.paper"
	TransferPaperAsk Key = "transfer.paper.ask"
	TransferNumber   Key = "transfer.number"
	TransferDate     Key = "transfer.date"
	TransferOutside  Key = "transfer.outside"
	TransferOnPaper  Key = "transfer.onpaper"
	RegisterHanded   Key = "disclosed.handed"
	HintOrganEmpty   Key = "hint.organ.empty"
)

var transferZh = map[Key]string{
	BtnTransferElse:  "移送其他司法行政机关…",
	BtnTransferPaper: "在系统外移送：%s",
	TransferWhere:    "移送哪一个司法行政机关？点选，或者发送名称查找。名单上没有的，发送该机关全称，再点“在系统外移送”。",
	TransferFound:    "名称中有“%s”的：",
	TransferNone:     "名单上没有“%s”。",
	TransferAt:       "将由上一级机关接收：%s。",
	TransferOut:      "报告用文字写明的人可能就是下列人员，不送达：%s。",
	TransferPaper:    "在系统外移送：%s",
	TransferPaperAsk: "请在本系统之外移送，再在这里登记；文书的编号、签发、用印在本系统之外办理。登记后本机关的该项义务完成，报告人看到已移送该机关。",
	TransferNumber:   "请发送移送文书的文号。",
	TransferDate:     "文书是哪一天的？点选，或发送日期。",
	TransferOutside:  "（在本系统之外移送）",
	TransferOnPaper:  "（在本系统之外移送，%s，%s）",
	RegisterHanded:   "· %s　移送　%s%s",
	HintOrganEmpty:   "该机关及其上级机关没有可以接收的人：请在本系统之外移送并在这里登记，或者请管理员先登记其经办人。",
}

var transferEn = map[Key]string{
	BtnTransferElse:  "Transfer to another authority…",
	BtnTransferPaper: "Transfer outside this system: %s",
	TransferWhere:    "To which judicial-administrative authority? Press it, or send a name to look for. If it is not on the list, send its full name and press “Transfer outside this system”.",
	TransferFound:    "With “%s” in their name:",
	TransferNone:     "“%s” is not on the list.",
	TransferAt:       "The authority above will receive it: %s.",
	TransferOut:      "The report may mean these people, so it is not delivered to them: %s.",
	TransferPaper:    "Transfer outside this system: %s",
	TransferPaperAsk: "Please hand it over outside this system, then write it down here; number, signature and seal stay outside. With that this duty of your authority is done, and the reporter sees that it went to that authority.",
	TransferNumber:   "Send the number of the paper.",
	TransferDate:     "Of which day is the paper? Press, or send a date.",
	TransferOutside:  " (transferred outside this system)",
	TransferOnPaper:  " (transferred outside this system, %s, %s)",
	RegisterHanded:   "· %s  transferred by %s%s",
	HintOrganEmpty:   "Nobody at that authority or above it may receive: please transfer it outside this system and write it down here, or have its officers registered first.",
}

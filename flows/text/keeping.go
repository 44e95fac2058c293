package text

// The keeping of the files of cases: retention, holds, disposal by two people (Art. 4).
const (
	BtnKeeping      Key = "btn.keeping"
	BtnProtocol     Key = "btn.protocol"
	BtnRelease      Key = "btn.release"
	KeepingTitle    Key = "keeping.title"
	KeepingAbout    Key = "keeping.about"
	KeepingNotYours Key = "keeping.notyours"
	KeepingHeld     Key = "keeping.held"
	KeepingHold     Key = "keeping.hold"
	KeepingNone     Key = "keeping.none"
	KeepingDue      Key = "keeping.due"
	KeepingCase     Key = "keeping.case"
	KeepingOpen     Key = "keeping.open"
	KeepingWaits    Key = "keeping.waits"
	KeepingDone     Key = "keeping.done"
	KeepingWhich    Key = "keeping.which"
	KeepingPick     Key = "keeping.pick"
	KeepingUnknown  Key = "keeping.unknown"
	KeepingThis     Key = "keeping.this"
)

var keepingZh = map[Key]string{
	BtnKeeping:      "归档保管",
	BtnProtocol:     "销毁清册：%s，%d 件",
	BtnRelease:      "解除暂停：%s",
	KeepingTitle:    "归档保管",
	KeepingAbout:    "记录自案件办结之日起保管 %d 年，期满不自动销毁。销毁须由两人办理：机构档案员提出，主管机关负责人同意，并留存销毁清册。",
	KeepingNotYours: "这里供档案员、机构负责人和主管机关人员使用。",
	KeepingHeld:     "【暂停销毁】",
	KeepingHold:     "· %s（%s %s，%s起）：%s",
	KeepingNone:     "没有暂停销毁的案件。",
	KeepingDue:      "【保管期满】%d 件案件可以提出销毁。",
	KeepingCase:     "· %s：%s办结，保管至%s",
	KeepingOpen:     "【待答复】%s于%s提出销毁 %d 件：%s",
	KeepingWaits:    "等待主管机关负责人答复。",
	KeepingDone:     "【已销毁】%s，%d 件；%s提出，%s同意：%s",
	KeepingWhich:    "请发送案件编号。",
	KeepingPick:     "是这一件吗？请点选；不是的，请再发送一次编号。",
	KeepingUnknown:  "没有找到“%s”。请核对编号后再发一次；只能查到本单位、所管机构的案件。",
	KeepingThis:     "案件：%s（%s）",
	"deed.hold":     "暂停销毁一件案件",
	"deed.release":  "解除暂停",
	"deed.propose":  "提出销毁",
	"deed.agree":    "同意销毁",
	"deed.refuse":   "不同意销毁",

	"deed.ask.hold":    "暂停后，保管期满也不能销毁，直到解除。请写明理由，例如诉讼、复查的文号。请勿写入干预情形。",
	"deed.ask.release": "请写明解除暂停的理由。",
	"deed.ask.propose": "下列案件保管期满。主管机关负责人同意后，这些案件的记录、报告和证据将无法恢复，只留清册和摘要。请写明依据，例如鉴定委员会意见、文号。",
	"deed.ask.agree":   "同意后，所列案件的记录、报告和证据将无法恢复，只留清册和摘要。请写明文号和日期。",
	"deed.ask.refuse":  "请写明不同意的理由。",
}

var keepingEn = map[Key]string{
	BtnKeeping:      "Retention",
	BtnProtocol:     "Protocol: %s, %d cases",
	BtnRelease:      "Release: %s",
	KeepingTitle:    "Retention",
	KeepingAbout:    "Entries are kept for %d years from the day the case was closed and never expire by themselves. Disposal takes two people: the institution's archivist proposes, the leader of the authority agrees; a protocol is kept.",
	KeepingNotYours: "This is for archivists, heads and people of the authority.",
	KeepingHeld:     "[On hold]",
	KeepingHold:     "· %s (%s %s, since %s): %s",
	KeepingNone:     "No case is on hold.",
	KeepingDue:      "[Retention over] %d cases can be proposed for disposal.",
	KeepingCase:     "· %s: closed %s, kept until %s",
	KeepingOpen:     "[Waiting] %s proposed on %s to dispose of %d cases: %s",
	KeepingWaits:    "Waiting for the leader of the authority.",
	KeepingDone:     "[Disposed of] %s, %d cases; proposed by %s, agreed by %s: %s",
	KeepingWhich:    "Send the case number.",
	KeepingPick:     "Is it this one? Press it; if not, send the number again.",
	KeepingUnknown:  "“%s” was not found. Check the number and send it again; only cases of your unit, or of the institutions below it, are found.",
	KeepingThis:     "Case: %s (%s)",
	"deed.hold":     "Put a case on hold",
	"deed.release":  "Release",
	"deed.propose":  "Propose disposal",
	"deed.agree":    "Agree to disposal",
	"deed.refuse":   "Refuse disposal",

	"deed.ask.hold":    "While on hold nothing of the case can be disposed of, even when its retention is over. Write the reason, for example the number of a lawsuit or review. Do not write about any interference.",
	"deed.ask.release": "Write why the hold is released.",
	"deed.ask.propose": "The retention of these cases is over. When the leader of the authority agrees, their entries, reports and evidence cannot be recovered; the protocol and the digests remain. Write what it is based on, for example the number of the decision.",
	"deed.ask.agree":   "When you agree, the entries, reports and evidence of the cases listed cannot be recovered; the protocol and the digests remain. Write the number and the date of the decision.",
	"deed.ask.refuse":  "Write why you refuse.",
}

// The protocol of a disposal on paper.
const (
	ProtocolTitle    = "干预司法鉴定活动记录销毁清册"
	ProtocolProposed = "提出"
	ProtocolAgreed   = "同意"
	ProtocolCase     = "第 %d 件"
	ProtocolSays     = "%s　%s　%s"        // name, day, words
	ProtocolKept     = "%s　办结 %s　保管至 %s" // number, closed, until
	ProtocolNote     = "上列案件保管期满，经两人办理，其记录、报告和证据的密钥已销毁，内容不能恢复；签署时的摘要仍在库中，可供核对。本清册永久保存。\n\n提出人签名：________________　　同意人签名：________________　　　　年　　月　　日"
)

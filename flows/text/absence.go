package text

// 缺签说明 (AM-21): why somebody has not signed. Nothing here says what they might have written.
const (
	BtnAbsences     Key = "btn.absences"
	BtnAbsent       Key = "btn.absent"
	BtnAbout        Key = "btn.about"
	MenuAbsences    Key = "menu.absences"
	TodoAbsences    Key = "todo.absences"
	MenuAbsent      Key = "menu.absent"
	TodoAbsent      Key = "todo.absent"
	AbsenceTitle    Key = "absence.title"
	AbsenceAbout    Key = "absence.about"
	AbsenceNotYours Key = "absence.notyours"
	AbsenceOpen     Key = "absence.open"
	AbsenceNoted    Key = "absence.noted"
	AbsenceLacks    Key = "absence.lacks"
	AbsenceNone     Key = "absence.none"
	AbsenceLack     Key = "absence.lack"
	AbsenceLine     Key = "absence.line"
	AbsenceSecond   Key = "absence.second"
	AbsenceWaits    Key = "absence.waits"
	AbsenceWhy      Key = "absence.why"
	AbsenceReason   Key = "absence.reason"
	CaseAbsent      Key = "case.absent"
	FileAbsent      Key = "file.absent"
	IntegrityAbsent Key = "integrity.absent"
)

var absenceZh = map[Key]string{
	BtnAbsences:     "缺签说明",
	BtnAbsent:       "说明：%s · %s",
	BtnAbout:        "%s：%s · %s",
	MenuAbsences:    "◆ %d 份缺签说明待您答复",
	TodoAbsences:    "缺签说明待您答复：%d 份",
	MenuAbsent:      "◇ %d 件案件有缺签说明，您仍可签名",
	TodoAbsent:      "◇ %s：有缺签说明（%s），您仍可签名",
	AbsenceTitle:    "缺签说明",
	AbsenceAbout:    "任何人不得代签。签名人离职、死亡或者长期离岗不能签名的，由机构负责人和档案员共同说明，一人提出，另一人同意；缺签的是负责人本人的，由主管机关代替负责人。说明只写缺签的原因。本人看得到有此说明，随时可以签名；一经签名，说明即失效。",
	AbsenceNotYours: "这里供机构负责人、档案员和主管机关人员使用。",
	AbsenceOpen:     "【待答复】",
	AbsenceNoted:    "【已说明】",
	AbsenceLacks:    "【缺签】",
	AbsenceNone:     "没有可以说明的缺签。",
	AbsenceLack:     "%s\n%s\n未签名：%s\n%s办结",
	AbsenceLine:     "%s\n%s\n未签名：%s\n原因：%s\n%s于%s提出：%s",
	AbsenceSecond:   "%s于%s同意。",
	AbsenceWaits:    "等待另一人答复。",
	AbsenceWhy:      "为什么没有签名？名册上没有登记离任的，不能选离职或者死亡，请先由管理员更正名册。",
	AbsenceReason:   "原因：%s",
	CaseAbsent:      "本案有缺签说明（%s）。您仍可签名，一经签名，说明即失效",
	FileAbsent:      "　◇ 已有缺签说明，仍可填报",
	IntegrityAbsent: "已有缺签说明（%s；%s、%s，%s）",

	"absence.propose":     "提出缺签说明",
	"absence.agree":       "同意",
	"absence.refuse":      "不同意",
	"absence.withdraw":    "撤回",
	"absence.ask.propose": "请写明依据，例如离职手续、死亡证明、请假审批的文号和日期。只写缺签的原因，不写案情，不写有没有干预。",
	"absence.ask.agree":   "请核对后再同意。同意后，不再要求、提醒这一份记录；备注和归档目录载明原因和两位说明人。",
	"absence.ask.refuse":  "请写明不同意的理由。",

	"absence.ask.withdraw": "撤回后，这一份记录重新要求签名。请写明理由。",
	"absence.reason.left":  "离职",
	"absence.reason.dead":  "死亡",
	"absence.reason.away":  "长期离岗",
	"absence.reason.other": "其他",
	"access.note_absence":  "办理缺签说明",
}

var absenceEn = map[Key]string{
	BtnAbsences:     "Missing signatures",
	BtnAbsent:       "Explain: %s · %s",
	BtnAbout:        "%s: %s · %s",
	MenuAbsences:    "◆ Explained missing signatures waiting for your answer: %d",
	TodoAbsences:    "Explained missing signatures waiting for your answer: %d",
	MenuAbsent:      "◇ %d cases without your signature are explained; you can still sign",
	TodoAbsent:      "◇ %s: the missing signature is explained (%s); you can still sign",
	AbsenceTitle:    "Missing signatures",
	AbsenceAbout:    "Nobody signs for another. Where a signer has left, died or is away for long, the head and the archivist of the institution explain it together: one proposes, the other agrees; where the head is the one missing, the authority takes the head's place. Only the reason is stated. The signer sees that there is such an explanation and can sign at any time; once they sign, it lapses.",
	AbsenceNotYours: "This is for heads, archivists and people of the authority.",
	AbsenceOpen:     "[Waiting]",
	AbsenceNoted:    "[Explained]",
	AbsenceLacks:    "[Not signed]",
	AbsenceNone:     "There is no missing signature that can be explained.",
	AbsenceLack:     "%s\n%s\nNot signed: %s\nClosed %s",
	AbsenceLine:     "%s\n%s\nNot signed: %s\nReason: %s\nProposed by %s on %s: %s",
	AbsenceSecond:   "Agreed by %s on %s.",
	AbsenceWaits:    "Waiting for the other person.",
	AbsenceWhy:      "Why has it not been signed? Somebody whom the register does not list as having left has neither left nor died here: have the administrator correct the register first.",
	AbsenceReason:   "Reason: %s",
	CaseAbsent:      "The missing signature is explained (%s). You can still sign; once you do, the explanation lapses",
	FileAbsent:      "　◇ missing signature explained, can still be filed",
	IntegrityAbsent: "The missing signature is explained (%s; %s, %s, %s)",

	"absence.propose":     "Explain a missing signature",
	"absence.agree":       "Agree",
	"absence.refuse":      "Refuse",
	"absence.withdraw":    "Withdraw",
	"absence.ask.propose": "Write what it rests on, for example the number and date of the notice of leaving, of the death certificate or of the leave granted. State only why the signature is missing: nothing of the case, nor whether there was interference.",
	"absence.ask.agree":   "Check before you agree. From then on this entry is no longer demanded, and nobody is reminded of it; the remarks and the index of the file state the reason and the two people.",
	"absence.ask.refuse":  "Write why you refuse.",

	"absence.ask.withdraw": "Once withdrawn, the entry is demanded again. Write why.",
	"absence.reason.left":  "left",
	"absence.reason.dead":  "died",
	"absence.reason.away":  "away for long",
	"absence.reason.other": "other",
	"access.note_absence":  "explain a missing signature",
}

// The words on paper: constant ones, whatever the two have written (R10).
const (
	AbsenceRemark = "缺签说明：%s未签名，原因：%s。由%s于%s共同说明，依据存档备查。" // signer, reason, two people, day of the second
	AbsenceIndex  = "（缺签说明：%s；%s，%s）"                     // reason, two people, day
	AbsenceTwo    = "%s、%s"                               // the first and the second
)

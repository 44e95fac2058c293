// Package flows is the conversation: what a person can do, what they then see, and what must happen because of it.
//
// # Tour
//
// It is pure: standard library only, no clock, no network, no database, no randomness. Start at [Step]: an [Event] (what
// somebody did) meets a [State] (where the dialog stands) and a [Desk] (what the caller may know), and gives the next State
// and the [Effect]s to carry out. [View] draws the [Screen] of a State. Everything that can be lost, doubled or delayed
// happens outside, in bot/turn, storage and bot/post.
//
//   - form: the official sheet as data, edition by edition
//   - law: the articles, who may receive what, deadlines, working days: tables, each row citing its article
//   - record: a signed entry, its canonical bytes and its digest
//   - text: every sentence, in Chinese and English
//
// In this package: step.go dispatches; door.go lets people in by invitation; cases.go chooses a case; sheet.go fills the
// sheet; sign.go signs it; facts.go turns answers into facts of the law; handle.go and letter.go are what is done about a report;
// people.go, keeping.go, absence.go, filings.go, protect.go and integrity.go are rooms of their own; view*.go draw.
//
// # Glossary
//
//	appraiser            鉴定人                       Art. 2, 4
//	staff                鉴定机构其他人员                 Art. 3, 4
//	head                 鉴定机构负责人                  Art. 5 ¶2, 11(2)
//	receiver             报告接收人 (for the institution)  Art. 5 ¶1, 6
//	archivist            档案员                       Art. 4
//	institution          司法鉴定机构                   Art. 5
//	(supervising) authority 主管该机构的司法行政机关           Art. 5, 8
//	officer              机关经办人                     Art. 8
//	deputy               代理人: holds a role for the principal on dated days
//	recuse, exclude      回避, 令其回避: barred from one report for ever
//	hole                 通道缺口: what is missing on the way of reports
//	lead                 机关负责人                     Art. 8
//	confidant            保密员: sees the log of access of their unit, no content  Art. 10
//	log of access        访问日志: who read or tried to read what kind of thing, when and why  Art. 10
//	deed                 归档保管事项: a hold (暂停销毁), a proposal of disposal (提出销毁), its answer  Art. 4
//	absence              缺签说明: head and archivist say together why somebody has not signed   Art. 4
//	list of filings      填报清单: who filed in a quarter, never what, for inspection           Art. 4
//	owner                承办人: took a report up at their unit, or took it over  Arts. 6, 8
//	leak                 泄密线索: written down by a confidant for the organ's lead  Art. 10
//	client               委托人                       Art. 3, 8
//	interferer           干预人                       annex
//	implicated           named as interferer, or leading those named; never a recipient
//	sheet                干预司法鉴定活动记录表             Art. 4, annex
//	entry, record        one signed block of the sheet    Art. 4
//	zero entry           无此类情况                    Art. 4 ¶2
//	report               报告 of an entry to its recipients Art. 5
//	stop                 one level a report goes to       Art. 5, 6
//	direct report        直接向主管司法行政机关报告          Art. 5 ¶2, ¶3
//	receipt              回执: what a signer keeps; the same for zero entry and report
//	supersede            更正: a later entry replaces an earlier one with a reason; both stay
//	supplement           补充记录: a further entry for a case already filed
//	digest (message)     the one daily reminder; (record) SHA-256 of canonical bytes
package flows

package text

// Words that a typed date may use.
const (
	Today     = "今天"
	Yesterday = "昨天"
	DayBefore = "前天"
	DayMarks  = "年月-./、－．／–—" // between the numbers of a date
)

// Words used in lists and formats.
const (
	ListComma  Key = "list.comma"
	Colon      Key = "colon"
	LineFormat Key = "line"
	DateFormat Key = "date"
	InBrackets Key = "brackets"
	NoNumber   Key = "no.number"
	PageOf     Key = "page.of"
)

// The door: binding by invitation.
const (
	DoorStranger Key = "door.stranger"
	DoorInvalid  Key = "door.invalid"
	DoorLicence  Key = "door.licence"
	DoorName     Key = "door.name"
)

// The menu.
const (
	MenuTitle   Key = "menu.title"
	MenuOwed    Key = "menu.owed"
	MenuShelf   Key = "menu.shelf"
	MenuReports Key = "menu.reports"
	MenuOverdue Key = "menu.overdue"
	MenuLost    Key = "menu.lost"
	MenuNothing Key = "menu.nothing"
	BtnFile     Key = "btn.file"
	BtnCases    Key = "btn.cases"
	BtnRecords  Key = "btn.records"
	BtnTodo     Key = "btn.todo"
	BtnHelp     Key = "btn.help"
	BtnHome     Key = "btn.home"
	BtnRule     Key = "btn.rule"
	BtnEarlier  Key = "btn.earlier"
	BtnLater    Key = "btn.later"
)

// Choosing a case.
const (
	FileWhich    Key = "file.which"
	FileNone     Key = "file.none"
	BtnOtherCase Key = "btn.othercase"
	BtnDraft     Key = "btn.draft"
	NumberAsk    Key = "number.ask"
	BtnNoNumber  Key = "btn.nonumber"
	MatterAsk    Key = "matter.ask"
	BtnSkip      Key = "btn.skip"
	CasesTitle   Key = "cases.title"
	CasesNone    Key = "cases.none"
	CaseFiled    Key = "case.filed"
	CaseOwed     Key = "case.owed"
	CaseOpen     Key = "case.open"
	CaseFree     Key = "case.free"
)

// To do.
const (
	TodoTitle     Key = "todo.title"
	TodoNone      Key = "todo.none"
	TodoCase      Key = "todo.case"
	TodoMore      Key = "todo.more"
	TodoReports   Key = "todo.reports"
	BtnReport     Key = "btn.report"
	BtnReportRead Key = "btn.report.read"
	TodoMoved     Key = "todo.moved"
	BtnMoved      Key = "btn.moved"
	TodoOverdue   Key = "todo.overdue"
	BtnOverdue    Key = "btn.overdue"
	TodoLost      Key = "todo.lost"
	BtnLost       Key = "btn.lost"
	BtnSnooze     Key = "btn.snooze"
	OverdueTitle  Key = "overdue.title"
	OverdueLine   Key = "overdue.line"
	LostTitle     Key = "lost.title"
	LostBlocked   Key = "lost.blocked"
	LostUnbound   Key = "lost.unbound"
)

// The sheet.
const (
	SheetUnknown  Key = "sheet.unknown"
	SheetHead     Key = "sheet.head"
	SheetStep     Key = "sheet.step"
	Art3Lead      Key = "art3.lead"
	BtnNext       Key = "btn.next"
	BtnBack       Key = "btn.back"
	BtnLeave      Key = "btn.leave"
	BtnCancel     Key = "btn.cancel"
	BtnSign       Key = "btn.sign"
	BtnEdit       Key = "btn.edit"
	BtnDiscard    Key = "btn.discard"
	BtnKeep       Key = "btn.keep"
	BtnClear      Key = "btn.clear"
	BtnRemoveLast Key = "btn.removelast"
	BtnRemoveFile Key = "btn.removefile"
	BtnToday      Key = "btn.today"
	BtnYesterday  Key = "btn.yesterday"
	BtnDayBefore  Key = "btn.daybefore"
	AskCancel     Key = "ask.cancel"
	AskZero       Key = "ask.zero"
	GivenBeside   Key = "given.beside"
	GivenChoice   Key = "given.choice"
	GivenText     Key = "given.text"
	GivenStory    Key = "given.story"
	EditWhich     Key = "edit.which"
	NoEvidence    Key = "no.evidence"
)

// The summary and the way of a report (Art. 5).
const (
	SummaryTitle  Key = "summary.title"
	SummarySigner Key = "summary.signer"
	LineNumber    Key = "line.number"
	LineMatter    Key = "line.matter"
	LineCorrects  Key = "line.corrects"
	WayZero       Key = "way.zero"
	WayTo         Key = "way.to"
	WayWent       Key = "way.went"
	WayStop       Key = "way.stop"
	WayClimbed    Key = "way.climbed"
	WayNot        Key = "way.not"
	WayNotNamed   Key = "way.not.named"
	WayNotLed     Key = "way.not.led"
	WayNotHouse   Key = "way.not.house"
	WayNotSigners Key = "way.not.signers"
	WayMoved      Key = "way.moved"
	WayHeld       Key = "way.held"
)

// Records and receipts.
const (
	RecordsTitle     Key = "records.title"
	RecordsNone      Key = "records.none"
	RecordReceipt    Key = "record.receipt"
	RecordSuperseded Key = "record.superseded"
	RecordGone       Key = "record.gone"
	RecordPending    Key = "record.pending"
	BtnContent       Key = "btn.content"
	BtnReceipt       Key = "btn.receipt"
	BtnPrint         Key = "btn.print"
	BtnCorrect       Key = "btn.correct"
	BtnAdd           Key = "btn.add"
	BtnEvidence      Key = "btn.evidence"
)

// Reports as recipients read them.
const (
	ReportTitle Key = "report.title"
	ReportEnd   Key = "report.end"
	ReportGone  Key = "report.gone"
)

// Help.
const (
	HelpText  Key = "help.text"
	RuleTitle Key = "rule.title"
)

// Short words beside a press or above the screen. At most 200 characters.
const (
	HintOldButton   Key = "hint.oldbutton"
	HintUseButtons  Key = "hint.usebuttons"
	HintKind        Key = "hint.kind"
	HintEdited      Key = "hint.edited"
	HintTooBig      Key = "hint.toobig"
	HintFetch       Key = "hint.fetch"
	HintNotThere    Key = "hint.notthere"
	HintSnoozed     Key = "hint.snoozed"
	HintWrongProof  Key = "hint.wrongproof"
	HintBound       Key = "hint.bound"
	HintSaved       Key = "hint.saved"
	HintResumed     Key = "hint.resumed"
	HintCancelled   Key = "hint.cancelled"
	HintShelfFull   Key = "hint.shelffull"
	HintSuperseded  Key = "hint.superseded"
	HintTooLong     Key = "hint.toolong"
	HintTooLongBy   Key = "hint.toolongby"
	HintRest        Key = "hint.rest"
	HintReplaced    Key = "hint.replaced"
	HintStoryFull   Key = "hint.storyfull"
	HintWriteBeside Key = "hint.writebeside"
	HintTickOne     Key = "hint.tickone"
	HintWriteFirst  Key = "hint.writefirst"
	HintFilesOnly   Key = "hint.filesonly"
	HintDay         Key = "hint.day"
	HintFuture      Key = "hint.future"
	HintNoSheet     Key = "hint.nosheet"
	HintNoEventYet  Key = "hint.noeventyet"
	HintSameFile    Key = "hint.samefile"
	HintTooMany     Key = "hint.toomany"
	HintKept        Key = "hint.kept"
	HintChanged     Key = "hint.changed"
	HintUnfinished  Key = "hint.unfinished"
	HintNotYours    Key = "hint.notyours"
	HintPrinted     Key = "hint.printed"
	HintFiled       Key = "hint.filed"
)

// Messages that arrive by themselves. Nothing here may name a case, a person, or interference (R10.2, E12).
const (
	NoticeReport Key = "notice.report"
	NoticeDigest Key = "notice.digest"
	NoticeLost   Key = "notice.lost"
	BtnOpen      Key = "btn.open"
)

// What the bot says when it cannot do its work.
const (
	SayGroup Key = "say.group"
	SaySorry Key = "say.sorry"
	SayLater Key = "say.later"
)

// The load command.
const (
	LoadNothing     Key = "load.nothing"
	LoadDone        Key = "load.done"
	LoadInvitations Key = "load.invitations"
)

// The demo.
const (
	DemoReady Key = "demo.ready"
	DemoBot   Key = "demo.bot"
)

package text

// What a reporter adds, and their protection (Arts. 9, 10).
const (
	StatementFile      Key = "statement.file"
	FollowLate         Key = "follow.late"
	HintStatementFiles Key = "hint.statement.files"
)

var protectZh = map[Key]string{
	StatementFile:      "附证据 %s",
	FollowLate:         "。原定%s前的下一步逾期未完成，最迟%s会再告知您进展。您现在可以：%s",
	HintStatementFiles: "一次最多附 %d 件证据。这件没有收下，可以先确定，再补充一次。",
}

var protectEn = map[Key]string{
	StatementFile:      "Evidence %s",
	FollowLate:         ". The step expected by %s is overdue; you will hear again by %s at the latest. You may now: %s",
	HintStatementFiles: "At most %d items at a time. This one was not taken: confirm first, then add once more.",
}

package text

// What a reporter adds, and their protection (Arts. 9, 10).
const (
	StatementFile      Key = "statement.file"
	HintStatementFiles Key = "hint.statement.files"
)

var protectZh = map[Key]string{
	StatementFile:      "附证据 %s",
	HintStatementFiles: "一次最多附 %d 件证据。这件没有收下，可以先确定，再补充一次。",
}

var protectEn = map[Key]string{
	StatementFile:      "Evidence %s",
	HintStatementFiles: "At most %d items at a time. This one was not taken: confirm first, then add once more.",
}

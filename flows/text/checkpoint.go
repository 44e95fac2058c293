package text

// The log's checkpoints, which the authority keeps outside this system (R4.9, T6).
const (
	BtnCheckpoint    Key = "btn.checkpoint"
	BtnGetCheckpoint Key = "btn.checkpoint.get"
	CheckpointAbout  Key = "checkpoint.about"
	CheckpointFile   Key = "checkpoint.file"
	HintCheckpoint   Key = "hint.checkpoint"
	NoticeCheckpoint Key = "notice.checkpoint"
)

var checkpointZh = map[Key]string{
	"access.read_checkpoint": "取日志检查点",

	BtnCheckpoint:    "日志检查点",
	BtnGetCheckpoint: "取检查点",
	CheckpointAbout: "日志检查点\n\n检查点是系统每天签发的一份短文。请把它打印归档，或者存入办公系统、邮箱等本系统以外的地方。" +
		"此后本系统保存的记录如果被改动或者删去，用它就能查出来。\n\n检查点不反映记录的内容和数量，可以公开。谁来取都一样，取几次都一样。",
	CheckpointFile:   "检查点-%s",
	HintCheckpoint:   "检查点已发到对话中。请打印，或者存到本系统以外的地方。",
	NoticeCheckpoint: "今天的日志检查点可以取用了，请打开查看。",
}

var checkpointEn = map[Key]string{
	"access.read_checkpoint": "get the log's checkpoint",

	BtnCheckpoint:    "Log checkpoint",
	BtnGetCheckpoint: "Get the checkpoint",
	CheckpointAbout: "Log checkpoint\n\nA checkpoint is a short text that the system signs each day. Print and file it, or keep it in the office system, a mailbox, anywhere " +
		"outside this system. If the records kept here are altered or removed afterwards, it shows.\n\nIt says nothing of what was filed or how much, and may be public. " +
		"Everybody gets the same, however often.",
	CheckpointFile:   "checkpoint-%s",
	HintCheckpoint:   "The checkpoint has been sent to this chat. Print it, or keep it outside this system.",
	NoticeCheckpoint: "Today's checkpoint of the log is ready. Please open it.",
}

package text

// The words of the printed sheet that are neither a box of the edition nor a line of the catalog. The first group is the
// annex's own wording (R4.7); the sheet is printed in Chinese whatever the reader's locale.
const (
	PaperSituation = "情况记录"
	PaperSignature = "鉴定人或其他人员签名："
	PaperDate      = "%d 年 %d 月 %d 日"
	PaperNoDate    = "      年      月      日"
	PaperRemark    = "备注"

	PaperNoNumber = "未立案"  // AM-18
	PaperAnnex    = "附表%d" // R4.8
	PaperMain     = "主表"
	PaperPage     = "（第 %d 页）"
	PaperFirst    = "第一栏"
	PaperSecond   = "第二栏"

	PaperGoesOn    = "（转续页）"
	PaperSeeMain   = "（全文见主表及其续页）"
	PaperMoreTitle = "%s（续页）" // title
	PaperMore      = "（续）"
	PaperFrom      = "接%s%s"          // sheet and page, the row there
	PaperFromBlock = "接%s%s%s，签名人：%s" // sheet and page, the block, the row, the signer

	PaperSeeBelow = "见具体情况"     // beside a box whose text is too long for its line
	PaperBeside   = "%s——%s：%s" // line, box, text

	PaperSigned     = "%s　电子签名确认　%s" // name, time
	PaperEvidence   = "证据 %d 件："
	PaperFile       = "%d. %s，%d 字节，SHA-256 %s…"
	PaperCorrects   = "%s：更正记录号 %s 的记录，理由：%s" // block, former record, reason
	PaperSuperseded = "%s：已被更正，见记录号 %s。"      // block, later record

	PaperDigest   = "%s　记录号 %s　SHA-256 %s" // block, record, digest
	PaperMissing  = " 表示字库没有的字，依次为 %s"     // after the mark; code points
	PaperEllipsis = "……"

	PaperBoxes = "☐☑☒" // the signs of boxes in an editable document: off, on, and what might pass for one
	PaperGap   = "▢"   // stands for what has no shape
	PaperFont  = "宋体"
)

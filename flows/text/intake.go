package text

import (
	"strconv"
	"strings"
)

// ListCode names what is wrong with, or worth saying about, a list that was handed in.
type ListCode string

// What makes a whole file unreadable.
const (
	ListFileEmpty    ListCode = "file_empty"
	ListFileTooBig   ListCode = "file_too_big"
	ListFileOldExcel ListCode = "file_old_excel"
	ListFileLocked   ListCode = "file_locked"
	ListFileForeign  ListCode = "file_foreign"
	ListFileBroken   ListCode = "file_broken"
	ListFileBomb     ListCode = "file_bomb"
	ListFileEncoding ListCode = "file_encoding"
	ListFileQuote    ListCode = "file_quote"
	ListFileRows     ListCode = "file_rows"
	ListFileColumns  ListCode = "file_columns"
	ListFileNoHeader ListCode = "file_no_header"
)

// What is wrong with a sheet, a row or a cell.
const (
	ListMissingColumns    ListCode = "missing_columns"
	ListDoubleColumn      ListCode = "double_column"
	ListNoRows            ListCode = "no_rows"
	ListRequired          ListCode = "required"
	ListTooLong           ListCode = "too_long"
	ListUncalculated      ListCode = "uncalculated"
	ListCellError         ListCode = "cell_error"
	ListScientific        ListCode = "scientific"
	ListBadDate           ListCode = "bad_date"
	ListAmbiguousDate     ListCode = "ambiguous_date"
	ListFutureDate        ListCode = "future_date"
	ListClosedFirst       ListCode = "closed_first"
	ListClosingUndated    ListCode = "closing_undated"
	ListBadRole           ListCode = "bad_role"
	ListBadAnswer         ListCode = "bad_answer"
	ListBadClosing        ListCode = "bad_closing"
	ListNeedsInstitution  ListCode = "needs_institution"
	ListNoInstitution     ListCode = "no_institution"
	ListLicenceTaken      ListCode = "licence_taken"
	ListNamesake          ListCode = "namesake"
	ListTwoAuthorities    ListCode = "two_authorities"
	ListTwoSuperiors      ListCode = "two_superiors"
	ListAuthorityLoop     ListCode = "authority_loop"
	ListPartyDiffers      ListCode = "party_differs"
	ListCaseDiffers       ListCode = "case_differs"
	ListNumberAlike       ListCode = "number_alike"
	ListNamesUnclear      ListCode = "names_unclear"
	ListTooManyAppraisers ListCode = "too_many_appraisers"
)

// What is only remarked.
const (
	ListSheetHidden  ListCode = "sheet_hidden"
	ListSheetEmpty   ListCode = "sheet_empty"
	ListSheetIgnored ListCode = "sheet_ignored"
	ListExtraColumns ListCode = "extra_columns"
	ListInvisible    ListCode = "invisible"
	ListClientGuess  ListCode = "client_guess"
	ListRowTwice     ListCode = "row_twice"
	ListCaseJoined   ListCode = "case_joined"
	ListFooterRow    ListCode = "footer_row"
)

type sentence struct{ zh, en string }

// {0}, {1} stand for the arguments. Every sentence says what to do.
var listSentences = map[ListCode]sentence{
	ListFileEmpty:    {"文件是空的，请确认导出成功后重新导入。", "the file is empty; export it again and import that."},
	ListFileTooBig:   {"文件超过 {0} MB，请删去图片和无关工作表，或分成几个文件导入。", "the file is larger than {0} MB; remove pictures and unrelated sheets, or split it."},
	ListFileOldExcel: {"这是旧版 Excel 文件（.xls），请用 Excel 或 WPS 另存为 .xlsx 后再导入。", "this is an old Excel file (.xls); save it as .xlsx in Excel or WPS and import that."},
	ListFileLocked:   {"文件设有打开密码，请取消密码后另存为 .xlsx 再导入。", "the file is protected by a password; remove the password, save it as .xlsx and import that."},
	ListFileForeign:  {"这不是 .xlsx 或 CSV 表格，请用 Excel 或 WPS 打开原表，另存为 .xlsx 后再导入。", "this is not an .xlsx or CSV table; open the list in Excel or WPS, save it as .xlsx and import that."},
	ListFileBroken:   {"文件已损坏或不完整，请用 Excel 或 WPS 打开后另存为 .xlsx 再导入。", "the file is damaged or incomplete; open it in Excel or WPS, save it as .xlsx and import that."},
	ListFileBomb:     {"文件解压后过大，请只保留名单所在的工作表，另存为 .xlsx 后再导入。", "the file is too large once unpacked; keep only the sheets with the lists, save it as .xlsx and import that."},
	ListFileEncoding: {"无法识别文件的文字编码，请另存为 .xlsx 或 UTF-8 编码的 CSV 后再导入。", "the encoding of the text is not recognised; save it as .xlsx or as CSV in UTF-8 and import that."},
	ListFileQuote:    {"从这一行起有一个双引号没有成对，请补上另一个双引号后再导入。", "a double quote opened in this row is never closed; add the missing quote and import again."},
	ListFileRows:     {"表格超过 {0} 行，请分成几个文件导入。", "the table has more than {0} rows; split it into several files."},
	ListFileColumns:  {"表格超过 {0} 列，请删去无关的列后再导入。", "the table has more than {0} columns; remove the unrelated ones and import again."},
	ListFileNoHeader: {"前 {0} 行中没有找到表头，请写上“机构、姓名、角色”或“机构、案件编号、鉴定事项、鉴定人”等列名，也可以用模板。", "no header was found in the first {0} rows; name the columns 机构, 姓名, 角色 or 机构, 案件编号, 鉴定事项, 鉴定人, or use the template."},

	ListMissingColumns:    {"缺少“{0}”列，请补上后再导入。", "the column {0} is missing; add it and import again."},
	ListDoubleColumn:      {"有两列都是“{0}”，请只保留一列。", "two columns are both {0}; keep only one."},
	ListNoRows:            {"表头下面没有内容，请填写后再导入。", "there is nothing below the header; fill the table in and import again."},
	ListRequired:          {"没有填写，请补上。", "is empty; fill it in."},
	ListTooLong:           {"超过 {0} 个字，请缩短。", "is longer than {0} characters; shorten it."},
	ListUncalculated:      {"公式没有计算结果，请在 Excel 或 WPS 中打开并保存一次，或直接填写内容。", "the formula has no stored result; open and save the file in Excel or WPS, or type the value."},
	ListCellError:         {"单元格显示错误值“{0}”，请改成正确的内容。", "the cell shows the error “{0}”; replace it by its proper content."},
	ListScientific:        {"“{0}”被当作数字保存，位数可能已丢失，请把这一列设为“文本”格式后重新填写。", "“{0}” was stored as a number and may have lost digits; format the column as text and type it again."},
	ListBadDate:           {"“{0}”不是有效的日期，请写成 2020-07-01 的样子。", "“{0}” is not a date; write it like 2020-07-01."},
	ListAmbiguousDate:     {"“{0}”分不清年、月、日，请把年份写成四位，如 2020-07-01。", "in “{0}” year, month and day cannot be told apart; write it like 2020-07-01."},
	ListFutureDate:        {"“{0}”晚于今天，请核对。", "“{0}” lies in the future; check it."},
	ListClosedFirst:       {"办结日期 {0} 早于受理日期 {1}，请核对。", "the closing date {0} is before the acceptance date {1}; check both."},
	ListClosingUndated:    {"写了办结方式“{0}”，却没有办结日期，请补上日期，或清空办结方式。", "a way of closing, “{0}”, is given without a closing date; add the date, or clear it."},
	ListBadRole:           {"“{0}”不是规定的角色，请从“" + choices(AllListRoles()) + "”中选填。", "“{0}” is not a role; use one of " + choices(AllListRoles()) + "."},
	ListBadAnswer:         {"“{0}”看不懂，请填“是”“否”或“不清楚”。", "“{0}” is not understood; write 是, 否 or 不清楚."},
	ListBadClosing:        {"“{0}”不是规定的办结方式，请从“" + choices(AllListClosingKinds()) + "”中选填。", "“{0}” is not a way of closing; use one of " + choices(AllListClosingKinds()) + "."},
	ListNeedsInstitution:  {"角色“{0}”须有所在机构，请填写机构。", "the role {0} belongs to an institution; fill in 机构."},
	ListNoInstitution:     {"角色“{0}”属于主管机关，请清空这一行的机构，鉴定机构内的身份另起一行。", "the role {0} belongs to the authority; clear 机构 in this row and give roles at an institution a row of their own."},
	ListLicenceTaken:      {"执业证号“{0}”在第 {1} 行已属于另一人，请核对。", "the licence “{0}” belongs to somebody else in row {1}; check both."},
	ListNamesake:          {"与第 {0} 行同一单位、同一姓名，但只有一行写了执业证号；是同一人，请两行都写，不是同一人，请在姓名后加括号区分。", "the same unit and name as row {0}, but only one of the rows has a licence; write it in both if it is one person, add a word in brackets to the name if not."},
	ListTwoAuthorities:    {"机构“{0}”的主管机关与第 {1} 行不一致，请改为同一个。", "the authority of “{0}” differs from row {1}; make them the same."},
	ListTwoSuperiors:      {"主管机关“{0}”的上级机关与第 {1} 行不一致，请改为同一个。", "the superior of “{0}” differs from row {1}; make them the same."},
	ListAuthorityLoop:     {"“{0}”经上级机关又回到自己，请核对上下级关系。", "“{0}” becomes its own superior; check the hierarchy."},
	ListPartyDiffers:      {"与第 {0} 行是同一人，党员一栏却不一致，请核对。", "the same person as row {0}, but the answer on Party membership differs; check both."},
	ListCaseDiffers:       {"与第 {0} 行是同一案件编号，“{1}”却不一致，请核对后只保留一行。", "the same case number as row {0}, but {1} differs; check and keep one row."},
	ListNumberAlike:       {"“{0}”与第 {1} 行的编号只差写法，是同一案件请只保留一行，不是请改正编号。", "“{0}” differs from the number in row {1} only in its spelling; keep one row if it is one case, correct the number if not."},
	ListNamesUnclear:      {"“{0}”分不清是几个人，请用顿号“、”隔开姓名。", "it is not clear how many people “{0}” names; separate the names by 、 or ;."},
	ListTooManyAppraisers: {"超过 {0} 人，请核对。", "there are more than {0} people; check the cell."},

	ListSheetHidden:  {"工作表已隐藏，没有导入。", "the sheet is hidden and was not imported."},
	ListSheetEmpty:   {"工作表是空的，没有导入。", "the sheet is empty and was not imported."},
	ListSheetIgnored: {"工作表不是人员名单或案件清单，没有导入。", "the sheet is neither a people list nor a case list and was not imported."},
	ListExtraColumns: {"没有用到的列：{0}。", "columns that were not used: {0}."},
	ListInvisible:    {"去掉了看不见的字符。", "invisible characters were removed."},
	ListClientGuess:  {"“{0}”不在委托人类型之列，已按“{1}”登记，请核对。", "“{0}” is not a kind of client and was taken as {1}; check it."},
	ListRowTwice:     {"与第 {0} 行重复，只算一次。", "repeats row {0} and counts once."},
	ListCaseJoined:   {"与第 {0} 行是同一案件，鉴定人已合并。", "is the same case as row {0}; the appraisers were joined."},
	ListFooterRow:    {"这一行是合计或说明，没有导入。", "this row is a sum or a remark and was not imported."},
}

// ListPlace says where in the lists something was found; the zero value is the file as a whole. Row is counted as Excel shows it.
type ListPlace struct {
	File, Sheet string
	Row         int
	Column      ListColumn
}

// ListSentence is one sentence in the locale: where, what, and what to do about it.
func ListSentence(locale string, at ListPlace, code ListCode, args ...string) string {
	s := listSentences[code]
	body, where := s.zh, at.zh()
	if locale == En {
		body, where = s.en, at.en()
	}
	if body == "" {
		body = string(code)
	}
	pairs := make([]string, 0, 2*len(args))
	for i, a := range args {
		pairs = append(pairs, "{"+strconv.Itoa(i)+"}", a)
	}
	return where + strings.NewReplacer(pairs...).Replace(body)
}

func (p ListPlace) zh() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.File != "" && (p.Sheet != "" || p.Row > 0) {
		b.WriteString("，")
	}
	if p.Sheet != "" {
		b.WriteString("工作表“" + p.Sheet + "”")
	}
	if p.Row > 0 {
		b.WriteString("第 " + strconv.Itoa(p.Row) + " 行")
	}
	if p.Column != "" {
		b.WriteString("“" + string(p.Column) + "”")
	}
	if b.Len() == 0 {
		return ""
	}
	return b.String() + "："
}

func (p ListPlace) en() string {
	var parts []string
	if p.File != "" {
		parts = append(parts, p.File)
	}
	if p.Sheet != "" {
		parts = append(parts, "sheet “"+p.Sheet+"”")
	}
	if p.Row > 0 {
		parts = append(parts, "row "+strconv.Itoa(p.Row))
	}
	if p.Column != "" {
		parts = append(parts, string(p.Column))
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, ", ") + ": "
}

// ListMore says how many faults were found beyond those listed.
func ListMore(locale string, n int) string {
	if locale == En {
		return "and " + strconv.Itoa(n) + " more faults; correct these first and import again."
	}
	return "另有 " + strconv.Itoa(n) + " 处问题没有列出，请先改正以上各处再导入。"
}

func choices[T ~string](words []T) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return strings.Join(out, ListJoiner)
}

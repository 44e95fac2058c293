package text

import "strings"

// The words of the people list and the case list (design 6): headers, roles, kinds. Lookups expect a cell that has been
// normalised already: NFKC, no spaces, lower case.

// ListColumn is the header of a column as the template prints it.
type ListColumn string

// The columns of both lists.
const (
	ListAuthority   ListColumn = "主管机关"
	ListSuperior    ListColumn = "上级机关"
	ListInstitution ListColumn = "机构"
	ListName        ListColumn = "姓名"
	ListRoles       ListColumn = "角色"
	ListLicence     ListColumn = "执业证号"
	ListParty       ListColumn = "党员"
	ListLeft        ListColumn = "离任日期"  // of the role in the row; who is left without any has left
	ListFormer      ListColumn = "原主管机关" // of an institution that has come under another authority
	ListNumber      ListColumn = "案件编号"
	ListMatter      ListColumn = "鉴定事项"
	ListClient      ListColumn = "委托人"
	ListClientType  ListColumn = "委托人类型"
	ListAppraisers  ListColumn = "鉴定人"
	ListAccepted    ListColumn = "受理日期"
	ListClosed      ListColumn = "办结日期"
	ListClosing     ListColumn = "办结方式"
)

// Names of the template's two sheets.
const (
	PeopleSheet = "人员"
	CaseSheet   = "案件"
)

// PeopleColumns are the columns of the people list in the template's order.
func PeopleColumns() []ListColumn {
	return []ListColumn{ListAuthority, ListSuperior, ListInstitution, ListName, ListRoles, ListLicence, ListParty, ListLeft, ListFormer}
}

// CaseColumns are the columns of the case list in the template's order.
func CaseColumns() []ListColumn {
	return []ListColumn{
		ListInstitution, ListNumber, ListMatter, ListClient, ListClientType, ListAppraisers,
		ListAccepted, ListClosed, ListClosing,
	}
}

var institutionHeaders = []string{"鉴定机构", "司法鉴定机构", "所在机构", "机构名称", "鉴定机构名称", "执业机构", "单位", "单位名称", "所在单位"}

var peopleHeaders = synonyms[ListColumn]{
	ListAuthority:   {"主管司法行政机关", "主管部门", "主管单位", "司法行政机关", "主管司法局"},
	ListSuperior:    {"上级主管机关", "上级司法行政机关", "上级单位", "上级部门"},
	ListInstitution: institutionHeaders,
	ListName:        {"人员姓名", "名字", "鉴定人姓名", "人员"},
	ListRoles:       {"人员角色", "身份", "职责", "岗位", "人员类别"},
	ListLicence:     {"执业证", "执业证编号", "执业证书号", "执业证号码", "鉴定人执业证号", "司法鉴定人执业证号"},
	ListLeft:        {"离任时间", "离职日期", "离职时间", "离岗日期", "卸任日期", "免职日期", "调离日期", "离开日期", "停用日期"},
	ListFormer:      {"原主管司法行政机关", "原主管部门", "原主管单位", "以前的主管机关", "变更前主管机关"},
	ListParty:       {"是否党员", "中共党员", "是否中共党员", "政治面貌"},
}.index()

var caseHeaders = synonyms[ListColumn]{
	ListInstitution: institutionHeaders,
	ListNumber:      {"案号", "案件号", "鉴定编号", "鉴定文书编号", "文书编号", "文书号", "意见书编号", "鉴定意见书编号", "受理编号", "案件文号"},
	ListMatter:      {"委托鉴定事项", "鉴定项目", "委托事项", "鉴定内容"},
	ListClient:      {"委托方", "委托单位", "委托机关", "委托人名称", "委托单位名称", "送检单位"},
	ListClientType:  {"委托方类型", "委托单位类型", "委托人类别", "委托方类别", "委托人性质", "委托单位性质"},
	ListAppraisers:  {"鉴定人员", "司法鉴定人", "鉴定人姓名", "承办鉴定人"},
	ListAccepted:    {"受理时间", "收案日期", "收案时间", "委托受理日期", "受案日期"},
	ListClosed:      {"结案日期", "结案时间", "办结时间", "完成日期", "完成时间", "办理完结日期"},
	ListClosing:     {"结案方式", "办结类型", "结案类型", "办结形式"},
}.index()

// FindPeopleColumn is the column of the people list that a header means.
func FindPeopleColumn(header string) (ListColumn, bool) { return find(peopleHeaders, header) }

// FindCaseColumn is the column of the case list that a header means.
func FindCaseColumn(header string) (ListColumn, bool) { return find(caseHeaders, header) }

// HeaderMarks are signs and remarks around a header that say nothing about which column it is.
func HeaderMarks() []string { return []string{"(必填)", "(选填)", "(可选)", "*", ":"} }

// ListRole is a role as the people list writes it.
type ListRole string

// The roles.
const (
	ListAppraiser   ListRole = "鉴定人"
	ListOtherStaff  ListRole = "其他人员"
	ListHead        ListRole = "负责人"
	ListReceiver    ListRole = "报告接收人"
	ListClerk       ListRole = "档案员"
	ListOfficer     ListRole = "机关经办人"
	ListOfficeHead  ListRole = "机关负责人"
	ListPartyLeader ListRole = "党组织负责人"
	ListConfidant   ListRole = "保密员"
)

// AllListRoles are the roles in the contract's order.
func AllListRoles() []ListRole {
	return []ListRole{ListAppraiser, ListOtherStaff, ListHead, ListReceiver, ListClerk, ListOfficer, ListOfficeHead, ListPartyLeader, ListConfidant}
}

var roles = synonyms[ListRole]{
	ListAppraiser:   {"司法鉴定人", "执业鉴定人"},
	ListOtherStaff:  {"其他工作人员", "其他"},
	ListHead:        {"机构负责人", "鉴定机构负责人"},
	ListReceiver:    {"接收人", "报告受理人"},
	ListClerk:       {"档案管理员", "档案人员"},
	ListOfficer:     {"经办人", "主管机关经办人"},
	ListOfficeHead:  {"主管机关负责人"},
	ListPartyLeader: {"党组织书记", "党支部书记"},
	ListConfidant:   {"保密专员", "保密工作人员"},
}.index()

// FindListRole is the role that a word of a cell means.
func FindListRole(s string) (ListRole, bool) { return find(roles, s) }

// ListClientKind is a kind of client (domain 3.4): Art. 8 depends on it.
type ListClientKind string

// The kinds of client.
const (
	ListJudicial    ListClientKind = "司法机关"
	ListEnforcement ListClientKind = "行政执法机关"
	ListArbitration ListClientKind = "仲裁"
	ListNotary      ListClientKind = "公证"
	ListInsurer     ListClientKind = "保险"
	ListLawFirm     ListClientKind = "律所"
	ListIndividual  ListClientKind = "个人"
	ListOtherClient ListClientKind = "其他"
)

// AllListClientKinds are the kinds of client in the contract's order.
func AllListClientKinds() []ListClientKind {
	return []ListClientKind{ListJudicial, ListEnforcement, ListArbitration, ListNotary, ListInsurer, ListLawFirm, ListIndividual, ListOtherClient}
}

// Whole words only: a word that merely contains one of these may mean something else (法院宿舍, 保险公司法律部).
var clientKinds = synonyms[ListClientKind]{
	ListJudicial:    {"法院", "人民法院", "检察院", "人民检察院", "公安", "公安机关", "公安局", "派出所", "司法", "司法机关(法院)", "司法机关(检察院)", "司法机关(公安)"},
	ListEnforcement: {"行政机关", "行政执法", "执法机关", "行政执法部门", "交警", "交警队", "交警大队", "交警支队", "交通警察", "交管部门", "市场监管局", "生态环境局", "行政部门"},
	ListArbitration: {"仲裁委", "仲裁委员会", "仲裁机构"},
	ListNotary:      {"公证处", "公证机构"},
	ListInsurer:     {"保险公司", "保险机构"},
	ListLawFirm:     {"律师事务所", "律师"},
	ListIndividual:  {"自然人", "公民", "个人委托"},
	ListOtherClient: {"其他单位", "其它"},
}.index()

// FindListClientKind is the kind of client that a cell means; false when it is not one of the known words.
func FindListClientKind(s string) (ListClientKind, bool) { return find(clientKinds, s) }

// ListClosingKind is the way a case ended (domain 3.5).
type ListClosingKind string

// The ways a case ends.
const (
	ListOpinion    ListClosingKind = "出具意见书" // the opinion was issued and sent
	ListTerminated ListClosingKind = "终止鉴定"
	ListWithdrawn  ListClosingKind = "撤回委托" // after acceptance
)

// AllListClosingKinds are the ways a case ends.
func AllListClosingKinds() []ListClosingKind {
	return []ListClosingKind{ListOpinion, ListTerminated, ListWithdrawn}
}

var closingKinds = synonyms[ListClosingKind]{
	ListOpinion:    {"办结", "出具鉴定意见书", "出具意见", "出具鉴定意见", "意见书", "鉴定意见书", "出具报告", "正常办结", "已办结", "结案"},
	ListTerminated: {"终止", "终止办理"},
	ListWithdrawn:  {"撤回", "撤销委托", "委托人撤回", "撤回鉴定", "撤案"},
}.index()

// FindListClosing is the way of ending that a cell means.
func FindListClosing(s string) (ListClosingKind, bool) { return find(closingKinds, s) }

// ListAnswer is the answer in the Party column.
type ListAnswer string

// The answers.
const (
	ListYes     ListAnswer = "是"
	ListNo      ListAnswer = "否"
	ListUnknown ListAnswer = "不清楚"
)

var answers = synonyms[ListAnswer]{
	ListYes:     {"党员", "中共党员", "预备党员", "中共预备党员", "y", "yes", "√", "✓", "true", "1"},
	ListNo:      {"不是", "非党员", "非中共党员", "群众", "团员", "共青团员", "无", "n", "no", "×", "x", "false", "0"},
	ListUnknown: {"不详", "未知", "?", "unknown"},
}.index()

// FindListAnswer is the answer that a cell of the Party column means.
func FindListAnswer(s string) (ListAnswer, bool) { return find(answers, s) }

// Signs of dates, case numbers and lists.
const (
	ListSeparators = "、;,/|\n\r\t" // between several names or roles in a cell, after NFKC
	ListJoiner     = "、"
	DateYear       = "年"
	DateMonth      = "月"
	DateDay        = "日"
	DateDayNumber  = "号"
	FullStop       = "。" // typed for a point by Chinese keyboards
	NumberOrdinal  = "第" // before the serial of a case number
	NumberWord     = "字" // before it: 临鉴字第12号
	NumberEnd      = "号"
	NumberOpen     = "〔"
	NumberClose    = "〕"
	NumberOpeners  = "([{【〔〖" // after NFKC
	NumberClosers  = ")]}】〕〗"
	NameDot        = "·"
	NameDots       = "·•‧・∙⋅" // what keyboards produce for it, after NFKC
	WideOpen       = "（"
	WideClose      = "）"
)

// IsListFooter reports whether a row beginning with this cell closes a table: sums, makers, remarks.
func IsListFooter(cell string) bool {
	for _, p := range []string{"合计", "总计", "共计", "小计", "制表", "填表", "审核:", "审核人", "备注:", "说明:", "注:"} {
		if strings.HasPrefix(cell, p) {
			return true
		}
	}
	return false
}

// ExamplePeople are the template's fictitious rows of the people list.
func ExamplePeople() [][]string {
	return [][]string{
		{"示例市司法局", "示例省司法厅", "示例司法鉴定中心", "张三", "鉴定人、负责人", "000000000001", "是"},
		{"示例市司法局", "示例省司法厅", "示例司法鉴定中心", "王五", "鉴定人", "000000000002", "否"},
		{"示例市司法局", "示例省司法厅", "", "李四", "机关经办人", "", "不清楚"},
	}
}

// ExampleCases are the template's fictitious rows of the case list.
func ExampleCases() [][]string {
	return [][]string{
		{"示例司法鉴定中心", "示例司鉴〔2020〕临鉴字第001号", "人体损伤程度鉴定", "示例市公安局", "司法机关", "张三、王五", "2020-07-01", "2020-07-20", "出具意见书"},
		{"示例司法鉴定中心", "示例司鉴〔2020〕文鉴字第002号", "笔迹鉴定", "示例区人民法院", "司法机关", "张三(0001)、王五", "2020-07-02", "", ""},
	}
}

// synonyms lists the other spellings of each word.
type synonyms[T ~string] map[T][]string

func (s synonyms[T]) index() map[string]T {
	m := make(map[string]T)
	for word, others := range s {
		m[string(word)] = word
		for _, o := range others {
			m[o] = word
		}
	}
	return m
}

func find[T ~string](m map[string]T, s string) (T, bool) {
	w, ok := m[s]
	return w, ok
}

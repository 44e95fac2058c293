package law

import "slices"

// Category is what is done with a report: the five cases of Art. 8, the institution's own handling under Art. 6, and the
// Party's discipline beside it under Art. 7. The system proposes; an officer decides.
type Category uint8

// The categories.
const (
	ByInstitution   Category = iota + 1 // 第六条: the institution handles its own people under its charter
	InternalDirect                      // 第八条（一）
	JudicialOfficer                     // 第八条（二）
	ClientOrgan                         // 第八条（三）
	OtherOrgan                          // 第八条（四）
	Individual                          // 第八条（五）
	PartyDiscipline                     // 第七条第二款: in addition to the others
)

var categoryNames = []string{"", "by_institution", "internal_direct", "judicial_officer", "client_organ", "other_organ", "individual", "party_discipline"}

// String is the category's stable identifier.
func (c Category) String() string { return name(categoryNames, c) }

// categories say in words what is done, by which article, and whether the client is told besides: （一）（二）（四） only (AM-14).
var categories = map[Category]struct {
	does  string
	cite  Cite
	tells bool
}{
	ByInstitution:   {"机构依据章程等规定处理", art(6, 0), false},
	InternalDirect:  {"主管该机构的司法行政机关调查处理", item8(1), true},
	JudicialOfficer: {"其所在的司法行政机关依法处理", item8(2), true},
	ClientOrgan:     {"向委托人的上级机关或者主管单位通报", item8(3), false},
	OtherOrgan:      {"向其主管单位或者上级机关通报", item8(4), true},
	Individual:      {"将有关情况告知委托人", item8(5), false},
	PartyDiscipline: {"依规依纪处理", art(7, 2), false},
}

func item8(n int) Cite { return Cite{Source: Rule, Article: 8, Paragraph: 1, Item: n} }

// Cite is the category's place in the rule.
func (c Category) Cite() Cite { return categories[c].cite }

// TellsClient reports whether the client is informed besides (Art. 8 ¶2: （一）（二）（四）).
func (c Category) TellsClient() bool { return categories[c].tells }

// categoryRow proposes categories; every row that matches counts.
type categoryRow struct {
	when    []condition
	clients []string // kinds of client as the case list writes them; nil: any
	propose []Category
}

var (
	ifClient   = condition{"干预人是委托人", func(f Facts) bool { return f.Client }}
	ifLitigant = condition{"干预人是案件当事人或其代理人", func(f Facts) bool { return f.Litigant }}
	ifOfficer  = condition{"干预人是司法行政机关工作人员", func(f Facts) bool { return f.OfficerImplicated || f.LeadImplicated }}
	ifOther    = condition{"干预人是其他人员", func(f Facts) bool { return f.Other }}
	ifLight    = condition{"报告人未认为造成严重后果", func(f Facts) bool { return f.Serious != Yes }}
	ifParty    = condition{"干预人是党员", func(f Facts) bool { return f.Party == Yes }}

	organs  = []string{"司法机关", "行政执法机关"}
	bodies  = []string{"仲裁", "公证", "保险", "律所"}
	persons = []string{"个人"}
	others  = []string{"其他"}
	unknown = []string{""}
)

// categoryTable follows domain.md 3.2. A head is never left to the institution; of other staff the institution's own handling
// is proposed unless the consequences are serious.
var categoryTable = []categoryRow{
	{[]condition{ifHead}, nil, []Category{InternalDirect}},
	{[]condition{ifInternal, ifSerious}, nil, []Category{InternalDirect}},
	{[]condition{ifInternal, ifLight}, nil, []Category{ByInstitution}},
	{[]condition{ifOfficer}, nil, []Category{JudicialOfficer}},
	{[]condition{ifSuperior}, nil, []Category{OtherOrgan}},
	{[]condition{ifClient}, organs, []Category{ClientOrgan}},
	{[]condition{ifClient}, bodies, []Category{OtherOrgan}},
	{[]condition{ifClient}, persons, []Category{Individual}},
	{[]condition{ifClient}, others, []Category{OtherOrgan, Individual}},
	{[]condition{ifClient}, unknown, []Category{ClientOrgan, OtherOrgan, Individual}},
	{[]condition{ifLitigant}, nil, []Category{Individual}},
	{[]condition{ifOther}, nil, []Category{ClientOrgan, OtherOrgan, Individual}},
	{[]condition{ifParty}, nil, []Category{PartyDiscipline}},
}

func (r categoryRow) matches(f Facts, client string) bool {
	return channelRow{when: r.when}.matches(f) && (r.clients == nil || slices.Contains(r.clients, client))
}

// Categories are what the facts propose, sorted, each once; several may apply together or leave the officer a choice (R8.6,
// AM-13). clientType is the kind of client as the case list writes it (司法机关, 个人 …); any other word counts as not known.
func Categories(f Facts, clientType string) []Category {
	if !slices.Contains(slices.Concat(organs, bodies, persons, others), clientType) {
		clientType = ""
	}
	var out []Category
	for _, r := range categoryTable {
		if r.matches(f, clientType) {
			out = append(out, r.propose...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// ParseCategory is the category with that identifier.
func ParseCategory(s string) (Category, bool) { return parse[Category](categoryNames, s) }

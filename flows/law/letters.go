package law

import (
	"slices"
	"strconv"
	"strings"
)

// Draft is the act of drafting a letter 起草文书. It discharges nothing: the letter is numbered, signed, sealed and sent outside.
const Draft ActKind = "draft"

// Send is the act of noting that a drafted letter was sent which no duty demands: one to a client of which the officer decides, or one of
// Art. 11. Of any other letter Perform says so.
const Send ActKind = "send"

// LetterKind is what a letter is.
type LetterKind string

// The kinds of letters. They are stored for decades: never rename one.
const (
	Circular LetterKind = "circular" // 通报, a 函 to the superior organ or supervising unit of the interferer (Art. 8 (三)(四))
	Notice   LetterKind = "notice"   // 告知, to the client (Art. 8 (五) and ¶2)
	Rectify  LetterKind = "rectify"  // 责令改正通知书 (Art. 11)
)

// Letter is a letter that a unit may draft now, in the rule's own words as far as it has any.
type Letter struct {
	Key      string // of the task it serves or would serve; rectify/unit/item for Art. 11
	Kind     LetterKind
	Duty     Duty     // "" for Art. 11
	Category Category // of Art. 8
	Ground   int      // the item of Art. 11
	Asked    bool     // no duty: the client is no 司法机关 or 行政执法机关, the officer decides (R8.10)
	Cite     Cite
	Quote    string // what the rule says there
	About    string // the category of person
	To       string // to whom, as the rule says it
	Request  string // what the reader is asked to do
}

// letterRow is one row of the table of letters.
type letterRow struct {
	duty   Duty
	of     Category
	ground int
	kind   LetterKind
	cite   Cite
	quote  string
	about  string
	to     string
}

const (
	interferersSuperior = "干预人的主管单位或者上级机关"
	clientsSuperior     = "委托人的上级机关或者主管单位"
	theClient           = "委托人"
	theCorrected        = "被责令改正的机构、人员"
	paragraph2          = "其中，存在第（一）（二）（四）项情况的，应当一并告知司法机关、行政执法机关等委托人"
)

// letterTable follows Art. 8 and Art. 11. （三） is never told to the client: the client is the interferer.
var letterTable = []letterRow{
	{
		duty: Letters, of: ClientOrgan, kind: Circular, cite: item8(3), about: "司法机关、行政执法机关等委托人及其工作人员", to: clientsSuperior,
		quote: "司法机关、行政执法机关等委托人及其工作人员干预司法鉴定活动的，应当向其上级机关或者主管单位进行通报",
	},
	{
		duty: Letters, of: OtherOrgan, kind: Circular, cite: item8(4), about: "其他机关或组织的工作人员", to: interferersSuperior,
		quote: "其他机关或组织的工作人员干预司法鉴定活动的，向其主管单位或者上级机关通报",
	},
	{
		duty: Letters, of: Individual, kind: Notice, cite: item8(5), about: "其他个人", to: theClient,
		quote: "其他个人干预司法鉴定活动的，将有关情况告知司法机关、行政执法机关等委托人",
	},
	{duty: TellClient, of: InternalDirect, kind: Notice, cite: art(8, 2), about: "鉴定机构内部人员", to: theClient, quote: paragraph2},
	{duty: TellClient, of: JudicialOfficer, kind: Notice, cite: art(8, 2), about: "司法行政机关工作人员", to: theClient, quote: paragraph2},
	{duty: TellClient, of: OtherOrgan, kind: Notice, cite: art(8, 2), about: "其他机关或组织的工作人员", to: theClient, quote: paragraph2},
	{ground: 1, kind: Rectify, cite: item11(1), about: "鉴定人", to: theCorrected, quote: "鉴定人未如实记录、报告干预司法鉴定活动情况的"},
	{
		ground: 2, kind: Rectify, cite: item11(2), about: "鉴定机构负责人", to: theCorrected,
		quote: "鉴定机构负责人授意不记录、报告或者不如实记录、报告干预司法鉴定活动情况的",
	},
	{ground: 3, kind: Rectify, cite: item11(3), about: "鉴定机构及其工作人员", to: theCorrected, quote: "其他违反本规定的情形"},
}

var requests = map[LetterKind]string{
	Circular: "请依照职权调查处理，并将结果函告我机关。如实记录和报告干预司法鉴定活动情况的人员受法律和组织保护（第九条），请对本函内容保密，不得查问记录和报告人员。",
	Notice:   "请予知悉，并依法支持鉴定人独立进行鉴定活动。如实记录和报告干预司法鉴定活动情况的人员受法律和组织保护（第九条），请对本函内容保密，不得查问记录和报告人员。",
	Rectify:  "现责令你（单位）于　　　年　　月　　日前改正，并将改正情况书面报告我机关。对上述事实有异议的，可以陈述、申辩。",
}

func item11(n int) Cite { return Cite{Source: Rule, Article: 11, Item: n} }

func (r letterRow) letter(key string, asked bool) Letter {
	return Letter{
		Key: key, Kind: r.kind, Duty: r.duty, Category: r.of, Ground: r.ground, Asked: asked,
		Cite: r.cite, Quote: r.quote, About: r.about, To: r.to, Request: requests[r.kind],
	}
}

// DraftLetters are the letters that a unit may draft now: those its open duties under Art. 8 demand; those to a client of
// which the officer decides whether it is told (R8.10); and the three of Art. 11. Only an organ that has taken the report up and not closed
// it drafts any; none goes to a client that is implicated (R8.7).
func DraftLetters(p Policy, cal Calendar, m Matter, u UnitID) []Letter {
	done := m.by(u)
	if m.Party || !m.organ(u) || !has(done, Accept) || ended(done) {
		return nil
	}
	var out []Letter
	open, asked := Tasks(p, cal, m), MayTell(m, u)
	for _, r := range letterTable {
		key := r.key(u)
		switch {
		case r.ground > 0:
			if has(done, Categorise) {
				out = append(out, r.letter(key, false))
			}
		case slices.ContainsFunc(open, func(t Task) bool { return t.Key == key && t.Open() }):
			out = append(out, r.letter(key, false))
		case r.kind == Notice && slices.Contains(asked, r.of):
			out = append(out, r.letter(key, true))
		}
	}
	return out
}

// key is that of the task the letter serves, made as [Task] makes it.
func (r letterRow) key(u UnitID) string {
	if r.ground > 0 {
		return string(Rectify) + "/" + string(u) + "/" + strconv.Itoa(r.ground)
	}
	return string(r.duty) + "/" + string(u) + "/" + r.of.String()
}

// organ reports whether a unit is an organ that has the report.
func (m Matter) organ(u UnitID) bool {
	return slices.ContainsFunc(m.reached(), func(a Arrival) bool { return a.Unit == u && a.Level.organ() })
}

// LetterOf is the letter of a key, as it was drafted some time ago; ok is false when no row has it.
func LetterOf(key string) (l Letter, ok bool) {
	parts := strings.Split(key, "/")
	if len(parts) != 3 {
		return l, false
	}
	for _, r := range letterTable {
		if r.key(UnitID(parts[1])) == key {
			return r.letter(key, false), true
		}
	}
	return l, false
}

// Unsent are the keys of the letters that a unit has drafted, that no open duty demands, and that are not noted as sent, in the
// order of their drafting.
func Unsent(p Policy, cal Calendar, m Matter, u UnitID) []string {
	done := m.by(u)
	if ended(done) {
		return nil
	}
	var out []string
	for _, s := range done {
		out = slices.DeleteFunc(out, func(key string) bool { return key == s.Task })
		if s.Kind == Draft {
			out = append(out, s.Task)
		}
	}
	open := Tasks(p, cal, m)
	return slices.DeleteFunc(out, func(key string) bool {
		l, _ := LetterOf(key) // whether the client is told is answered by the duty to decide it (R8.10)
		return slices.ContainsFunc(open, func(t Task) bool {
			return t.Key == key && t.Open() || t.Duty == AskClient && t.Unit == u && l.Kind == Notice && t.Category == l.Category
		})
	})
}

// Served is the key of the letter that an act about a task sends: the task's own, and for deciding whether a client is told that of
// the notice to it (R8.10).
func Served(task string) string {
	for _, r := range letterTable {
		parts := strings.Split(task, "/")
		if len(parts) == 3 && parts[0] == string(AskClient) && r.kind == Notice && r.of.String() == parts[2] {
			return r.key(UnitID(parts[1]))
		}
	}
	return task
}

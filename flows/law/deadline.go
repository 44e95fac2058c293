package law

import "slices"

// Duty names a deadline. It is the key of overrides: never rename one.
type Duty string

// The duties (domain.md 3.6).
const (
	EntryDue          Duty = "entry_due"
	ZeroPrompt        Duty = "zero_prompt"
	ZeroRemind1       Duty = "zero_remind_1"
	ZeroRemind2       Duty = "zero_remind_2"
	ZeroDue           Duty = "zero_due"
	ZeroClerk         Duty = "zero_clerk"
	ZeroHead          Duty = "zero_head"
	ZeroAuthority     Duty = "zero_authority"
	ReportInstitution Duty = "report_institution"
	ForwardAuthority  Duty = "forward_authority"
	InstitutionDecide Duty = "institution_decide"
	Acknowledge       Duty = "acknowledge"
	CategoriseDuty    Duty = "categorise"
	Letters           Duty = "letters"
	Handling          Duty = "handling"
	Extension         Duty = "handling_extension"
	PartyDuty         Duty = "party_discipline"
	OverdueHead       Duty = "overdue_head"
	OverdueAuthority  Duty = "overdue_authority"
	OverdueLead       Duty = "overdue_lead"
	OverdueSuperior   Duty = "overdue_superior"
	Filing            Duty = "filing"
	FilingRemind1     Duty = "filing_remind_1"
	FilingRemind2     Duty = "filing_remind_2"
	FilingRemind3     Duty = "filing_remind_3"
	ConfirmRole       Duty = "confirm_role"
	ConfirmGrace      Duty = "confirm_grace"
	QuietFrom         Duty = "quiet_from"
	QuietUntil        Duty = "quiet_until"
	MissingHint       Duty = "missing_hint"
	CorrectionDue     Duty = "correction_due"
	DefenceDue        Duty = "defence_due"
)

// escalations are the duties that must follow one another.
var escalations = [][]Duty{
	{ZeroPrompt, ZeroRemind1, ZeroRemind2, ZeroDue, ZeroClerk, ZeroHead, ZeroAuthority, MissingHint},
	{FilingRemind3, FilingRemind2, FilingRemind1},
	{CheckIn1, CheckIn2, CheckIn3},
	{OverdueHead, OverdueAuthority},
	{OverdueLead, OverdueSuperior},
}

// Moment is the event a deadline runs from.
type Moment string

// The moments.
const (
	CaseClosed         Moment = "case_closed"         // 办结、终止鉴定 or withdrawal after acceptance (domain.md 3.5)
	Interference       Moment = "interference"        // a situation of Art. 3
	InstitutionReached Moment = "institution_reached" // the institution has the report
	AuthorityReached   Moment = "authority_reached"   // the authority has the report
	ReportReached      Moment = "report_reached"      // the institution or an organ has the report
	CategoryDecided    Moment = "category_decided"    // the officer has decided the category of Art. 8
	TrackReached       Moment = "track_reached"       // whoever has the Party's track has it
	HandlingEnds       Moment = "handling_ends"       // the last day of handling
	DutyEnds           Moment = "duty_ends"           // the last day of a duty about a report
	FilingEnds         Moment = "filing_ends"         // the last day of filing
	RoleHeld           Moment = "role_held"           // somebody began to receive reports, or last confirmed that they do
	RoleAsked          Moment = "role_asked"          // they were asked to confirm it
	EachDay            Moment = "each_day"            // a time of day
	OrderMade          Moment = "order_made"          // the authority has ordered a correction (Art. 11)
)

var momentWords = map[Moment]string{
	CaseClosed: "案件办结", Interference: "第三条情形发生", InstitutionReached: "机构收到报告", AuthorityReached: "机关收到报告",
	ReportReached: "机构、机关收到报告", CategoryDecided: "机关确定情形", TrackReached: "党组织（或者代办机关）收到",
	HandlingEnds: "处理期满", DutyEnds: "办理期满", FilingEnds: "归档期满", RoleHeld: "任报告接收职务或者上次确认", RoleAsked: "请其确认", EachDay: "每日",
	NewsMissed: "应有进展之日已过", CheckInAsked: "本人约定询问",
	OrderMade: "责令改正", MatterRipe: "可以决定", EntryMade: "记入诚信档案",
}

// Measure is what a deadline's number counts.
type Measure uint8

// The measures.
const (
	WorkingDays Measure = iota + 1 // after the moment, make-up days included
	CalendarDays
	Months
	DaysBefore // calendar days before the moment
	OClock     // an hour of the day, 0–23
	Years
)

var measureWords = []string{"", "个工作日", "日", "个月", "日前", "时", "年"}

func (m Measure) least() int {
	switch m {
	case CalendarDays, Months:
		return 1
	case Years: // only of retention, which no policy may shorten
		return 30
	default:
		return 0
	}
}

func (m Measure) most() int {
	switch m {
	case OClock:
		return 23
	case Months:
		return 36
	case Years:
		return 100
	default:
		return 366
	}
}

// Deadline is one number of a policy.
type Deadline struct {
	Duty  Duty
	From  Moment
	N     int
	In    Measure
	Basis string // where the number comes from: the rule itself only says 及时
	Cite  Cite   // the duty's article
	says  string
}

const (
	proposed   = "建议值"
	overridden = "本地设定"
)

// deadlines are the proposed numbers (domain.md 3.6).
var deadlines = []Deadline{
	{EntryDue, Interference, 1, WorkingDays, proposed, art(4, 1), "填写记录表并签名存档"},
	{ZeroPrompt, CaseClosed, 0, WorkingDays, proposed, art(4, 2), "提示尚未签署的鉴定人"},
	{ZeroRemind1, CaseClosed, 1, WorkingDays, proposed, art(4, 2), "第一次提醒鉴定人"},
	{ZeroRemind2, CaseClosed, 2, WorkingDays, proposed, art(4, 2), "第二次提醒鉴定人"},
	{ZeroDue, CaseClosed, 3, WorkingDays, proposed, art(4, 2), "零报告到期"},
	{ZeroClerk, CaseClosed, 5, WorkingDays, proposed, art(4, 2), "逾期告知档案员"},
	{ZeroHead, CaseClosed, 7, WorkingDays, proposed, art(7, 1), "逾期告知机构负责人"},
	{ZeroAuthority, CaseClosed, 10, WorkingDays, proposed, art(11, 0), "逾期列入主管机关清单"},
	{ReportInstitution, Interference, 1, WorkingDays, proposed, art(5, 1), "报所在司法鉴定机构"},
	{ForwardAuthority, InstitutionReached, 3, WorkingDays, proposed, art(6, 0), "外部人员干预的，机构报主管机关"},
	{InstitutionDecide, InstitutionReached, 10, WorkingDays, proposed, art(6, 0), "内部人员干预的，机构依章程作出处理决定"},
	{Acknowledge, ReportReached, 3, WorkingDays, proposed + "（参照 ISO 37002）", reading(5, 0, "R5.7"), "机构、机关向报告人确认收到"},
	{CategoriseDuty, AuthorityReached, 7, WorkingDays, proposed, art(8, 1), "机关确定属于哪一项情形"},
	{Letters, CategoryDecided, 10, WorkingDays, proposed, art(8, 0), "机关发出通报、告知"},
	{Handling, AuthorityReached, 60, CalendarDays, proposed, art(8, 1), "机关处理完毕"},
	{Extension, HandlingEnds, 30, CalendarDays, proposed, art(8, 1), "处理期限可以延长一次（写明理由），延长"},
	{PartyDuty, TrackReached, 60, CalendarDays, proposed, art(7, 2), "党员干预的，依规依纪处理"},
	{OverdueHead, DutyEnds, 1, WorkingDays, proposed, art(7, 1), "机构逾期未报、逾期未处理的，送机构负责人"},
	{OverdueAuthority, DutyEnds, 3, WorkingDays, proposed, reading(6, 0, "R6.2"), "机构（党组织）仍未办理的，送主管机关"},
	{OverdueLead, DutyEnds, 1, WorkingDays, proposed, art(8, 0), "机关逾期的，送机关负责人"},
	{OverdueSuperior, DutyEnds, 5, WorkingDays, proposed, reading(8, 0, "R5.5"), "机关仍未办理的，送上一级机关"},
	{Filing, CaseClosed, 3, Months, proposed + "（参照福建省 2007 年归档期限）", art(4, 0), "存入司法鉴定业务档案"},
	{FilingRemind1, FilingEnds, 30, DaysBefore, proposed, art(4, 0), "第一次提醒归档"},
	{FilingRemind2, FilingEnds, 15, DaysBefore, proposed, art(4, 0), "第二次提醒归档"},
	{FilingRemind3, FilingEnds, 5, DaysBefore, proposed, art(4, 0), "第三次提醒归档"},
	{Retention, CaseClosed, 30, Years, proposed + "（参照广东省 2022 年规定第五十一条）", art(4, 0), "保管期限届满（期满不自动销毁）"},
	{ComplaintDecide, AuthorityReached, 30, CalendarDays, proposed, art(9, 0), "机关对反映的打击报复作出处理"},
	{ReporterNote, NewsMissed, 5, WorkingDays, proposed, reading(5, 0, "E10"), "逾期仍无进展的，再次告知报告人"},
	{CheckIn1, CheckInAsked, 30, CalendarDays, proposed, reading(9, 0, "R9.3"), "第一次询问是否受到打击报复"},
	{CheckIn2, CheckInAsked, 90, CalendarDays, proposed, reading(9, 0, "R9.3"), "第二次询问是否受到打击报复"},
	{CheckIn3, CheckInAsked, 180, CalendarDays, proposed, reading(9, 0, "R9.3"), "第三次询问是否受到打击报复"},
	{ConfirmRole, RoleHeld, 3, Months, proposed, reading(5, 1, "R5.5"), "请接收报告的人员确认仍任此职"},
	{ConfirmGrace, RoleAsked, 10, WorkingDays, proposed, reading(5, 1, "R5.5"), "未确认的，告知机构负责人、机关负责人"},
	{MissingHint, CaseClosed, 30, WorkingDays, proposed, art(11, 0), "仍未存档的，提示主管机关核实是否不记录"},
	{CorrectionDue, OrderMade, 10, WorkingDays, proposed, art(11, 0), "改正（机关可以另定日期）"},
	{DefenceDue, OrderMade, 5, WorkingDays, proposed, reading(11, 0, "R11.4"), "本人陈述申辩"},
	{DecideEntry, MatterRipe, 10, WorkingDays, proposed, art(11, 0), "机关决定记入或者不予记入"},
	{AdmonishDue, EntryMade, 10, WorkingDays, proposed, reading(11, 0, "AM-16"), "两次以上的，机关予以训诫、通报批评"},
	{QuietFrom, EachDay, 21, OClock, proposed, Cite{}, "此时起不打扰"},
	{QuietUntil, EachDay, 8, OClock, proposed, Cite{}, "此时起可提醒"},
}

func deadlineRow(d Duty) (Deadline, bool) {
	i := slices.IndexFunc(deadlines, func(r Deadline) bool { return r.Duty == d })
	if i < 0 {
		return Deadline{}, false
	}
	return deadlines[i], true
}

// Deadlines are all the policy's deadlines in the order of the articles' events.
func Deadlines(p Policy) []Deadline {
	out := slices.Clone(deadlines)
	for i := range out {
		out[i] = p.number(out[i])
	}
	return out
}

// Deadline is one of the policy's deadlines; the zero value for an unknown duty.
func (p Policy) Deadline(d Duty) Deadline {
	r, _ := deadlineRow(d)
	return p.number(r)
}

// number is a row with the policy's own number.
func (p Policy) number(r Deadline) Deadline {
	if n, ok := p.Numbers[r.Duty]; ok && n != r.N {
		r.N, r.Basis = n, overridden
	}
	return r
}

// Due is the day the deadline falls on when its moment was on from; known is false when the calendar had to guess.
func (r Deadline) Due(cal Calendar, from Date) (due Date, known bool) {
	switch r.In {
	case WorkingDays:
		return cal.AddWorkdays(from, r.N)
	case CalendarDays:
		return from.AddDays(r.N), true
	case Months:
		return from.AddMonths(r.N), true
	case Years:
		return from.AddMonths(12 * r.N), true
	case DaysBefore:
		return from.AddDays(-r.N), true
	default:
		return from, true
	}
}

// Quiet reports whether nobody is to be disturbed at that hour of the day, 0–23.
func (p Policy) Quiet(hour int) bool {
	from, until := p.Deadline(QuietFrom).N, p.Deadline(QuietUntil).N
	if from <= until {
		return from <= hour && hour < until
	}
	return hour >= from || hour < until
}

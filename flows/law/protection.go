package law

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Complain is the first act about a complaint of retaliation (Art. 9): its reporter says who did what. Acts are stored for
// decades: never rename it.
const Complain ActKind = "complain"

// The duties of Art. 9 and of news to a reporter. They are keys of overrides: never rename one.
const (
	ComplaintDecide Duty = "complaint_decide"
	ReporterNote    Duty = "reporter_note"
	CheckIn1        Duty = "check_in_1"
	CheckIn2        Duty = "check_in_2"
	CheckIn3        Duty = "check_in_3"
)

// The moments that the duties of this file run from.
const (
	NewsMissed   Moment = "news_missed"    // the day passed on which a reporter was to hear of their report
	CheckInAsked Moment = "check_in_asked" // a reporter asked to be asked about retaliation
)

// complaintTable is what an organ owes once a complaint of retaliation has reached it. An institution never has one: whoever
// retaliates may sit in it.
var complaintTable = []dutyRow{
	{duty: Acknowledge, act: Accept, cite: reading(9, 0, "R5.7")},
	{duty: ComplaintDecide, act: Decide, waive: true, cite: art(9, 0)},
	{duty: Handling, act: Close, cite: art(9, 0)},
}

// table is the table of duties that a matter falls under.
func (m Matter) table() []dutyRow {
	if m.Complaint {
		return complaintTable
	}
	return dutyTable
}

// Silence says what a reporter hears when the day passes on which they were to hear of their report: told is the last day up
// to today on which they are to be told that it passed, zero when there is none; next is the day on which they hear at the
// latest, zero once everything is closed (E10: no state is silent past its limit).
func Silence(p Policy, cal Calendar, m Matter, today Date) (told, next Date) {
	_, due := Stands(p, cal, m)
	if due.IsZero() || !due.Before(today) {
		return Date{}, due
	}
	next, _ = cal.AddWorkdays(due, 1)
	for !today.Before(next) {
		told = next
		next, _ = cal.AddWorkdays(told, max(p.Deadline(ReporterNote).N, 1))
	}
	return told, next
}

// CheckIns are the days on which somebody who asked for it is asked whether they suffer retaliation, in order (R9.3).
func CheckIns(p Policy, cal Calendar, asked Date) []Date {
	var out []Date
	for _, d := range []Duty{CheckIn1, CheckIn2, CheckIn3} {
		day, _ := p.Deadline(d).Due(cal, asked)
		out = append(out, day)
	}
	return out
}

func explainProtection(p Policy) string {
	var b strings.Builder
	b.WriteString("八、反映打击报复、对报告人的告知\n\n")
	fmt.Fprintf(&b, "任何签过记录的人，都可以从自己的记录反映打击报复；离开机构以后也可以（%s、%s）。\n", art(9, 0), reading(9, 0, "R9.1"))
	fmt.Fprintf(&b, "接收人：主管该机构的司法行政机关；其人员被指打击报复，或者与原报告有牵连的，报上一级。所在机构的任何人都不接收，原报告排除的人一律排除（%s、%s）。\n",
		art(9, 0), art(10, 0))
	fmt.Fprintf(&b, "办理人可以看到当事人签的那一份记录（%s）。\n", reading(9, 0, "0015"))
	for i, r := range complaintTable {
		fmt.Fprintf(&b, "%d. %s：%s\n   期限：%s\n   完成：%s\n   依据：%s\n", i+1, r.who(), dutyWords[r.duty], p.deadlineOf(r).when(), r.ends(), r.cite)
	}
	var days []string
	for _, d := range []Duty{CheckIn1, CheckIn2, CheckIn3} {
		days = append(days, fmt.Sprint(p.Deadline(d).N))
	}
	fmt.Fprintf(&b, "本人约定的，第 %s 日各询问一次是否受到打击报复，回答“有”或者“不再询问”即止（%s）。\n", strings.Join(days, "、"), reading(9, 0, "R9.3"))
	fmt.Fprintf(&b, "报告预计的日期过去而没有进展的，次一个工作日告知报告人可以怎样做，此后每 %d 个工作日告知一次（%s）。\n",
		max(p.Deadline(ReporterNote).N, 1), reading(5, 0, "E10"))
	fmt.Fprintf(&b, "报告人离任、角色终止登记在册的，以及签记录以后（最近 %d 日）所在机构新受理的案件没有一件分派给报告人、而按此前 %d 日的比例应有两件以上的，只列给司法行政机关的办理人看（%s）。\n",
		ShareSpan, ShareSpan, reading(9, 0, "R9.3"))
	return b.String()
}

// Change is what the register says happened to a reporter after their report: an adverse change is shown to the organ that
// handles it, and to nobody else (R9.3).
type Change struct {
	On   Date
	Role Role // the role that ended; 0: the person left
}

// SortChanges orders changes by day, leaving after roles.
func SortChanges(a, b Change) int {
	return cmp.Or(a.On.Compare(b.On), cmp.Compare(b.Role, a.Role))
}

// ShareSpan is how many days before an entry, and at most how many of late, the reporter's share of new cases is looked at.
const ShareSpan = 90

// Share is how many cases an institution took in before a reporter signed and of late, and how many of them the reporter signs
// for. It is shown to the organ that handles the report, and to nobody else (R9.3).
type Share struct {
	Since             Date // the first of the days of late
	Before, OwnBefore int
	After, OwnAfter   int
}

// ShareDays are the days that a [Share] is about: from the first to the day before on it is the share before, from since on the one of
// late.
func ShareDays(signed, today Date) (from, on, since Date) {
	since = today.AddDays(1 - ShareSpan)
	if since.Before(signed) {
		since = signed
	}
	return signed.AddDays(-ShareSpan), signed, since
}

// Fell reports whether a reporter was given no case of late where their former share would have been two at least.
func (s Share) Fell() bool {
	return s.OwnAfter == 0 && s.OwnBefore > 0 && s.After*s.OwnBefore >= 2*s.Before
}

// Retaliation is what the way of a complaint depends on: who retaliated, and what the reports of the same entry say of whom.
type Retaliation struct {
	Institution UnitID // of the entry
	Reporter    PersonID
	Implicated  []PersonID // named in the complaint, or implicated in a report of the entry
	Barred      []PersonID // excluded from a report of the entry for another reason
	Head, Lead  bool       // the head is or may be implicated; the leader of the authority
}

// RouteComplaint says who receives a complaint of retaliation: the authority, or the lowest organ above it whose people are
// neither implicated nor excluded from a report of the same entry; never the institution (Arts. 9, 10, R9.1).
func RouteComplaint(p Policy, dir Directory, c Retaliation) Routing {
	implicated, barred := NewSet(c.Implicated...), NewSet(c.Barred...)
	members := slices.Clone(dir.Members)
	for i := range members {
		m := &members[i]
		m.Left = m.Left || barred.Has(m.ID) && !implicated.Has(m.ID)
	}
	f := Facts{HeadImplicated: c.Head, LeadImplicated: c.Lead}
	r := Route(p, Directory{Units: dir.Units, Members: members}, c.Institution, f, c.Implicated, c.Reporter, ToAuthority)
	why := map[PersonID]Reason{}
	for id := range barred {
		why[id] = LedByImplicated
	}
	for _, e := range r.Excluded {
		why[e.Person] = e.Reason
	}
	r.Excluded, r.Cites = sorted(why), []Cite{art(9, 0)}
	for i := range r.Stops {
		r.Stops[i].Cite = art(9, 0)
	}
	return r
}

// afterLeaving are the rows of the table of access that somebody keeps who has left: what is their own, and the protection of
// Art. 9 (R9.1).
var afterLeaving = map[Action]Relation{
	OpenDesk: AsOneself, ReadEntry: AsSigner, ReadEvidence: AsSigner, ActOn: AsSigner, ComplainOf: AsSigner, ReadPlaint: AsSigner,
	ListEntries: AsSigner, ListNews: AsSigner,
}

// After reports whether the row still holds for somebody who has left.
func (r AccessRow) After() bool { return afterLeaving[r.Action] == r.By }

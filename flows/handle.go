package flows

import (
	"slices"
	"strings"
	"unicode/utf8"

	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

// wordsLimit is the length of what is written in an act, in characters.
const wordsLimit = 2000

// Drafted is an act being prepared on the report, or on the own entry, that is being read.
type Drafted struct {
	Kind       law.ActKind `json:"kind"`
	Task       string      `json:"task,omitempty"`
	Words      string      `json:"words,omitempty"`
	Categories []string    `json:"categories,omitempty"`
	Statement  *Statement  `json:"statement,omitempty"` // what the reporter adds, answers or complains of
	Whom       string      `json:"whom,omitempty"`      // who is to be excluded
	Facts      []string    `json:"facts,omitempty"`     // of a letter
	Grievance  *Grievance  `json:"grievance,omitempty"` // of retaliation
	To         string      `json:"to,omitempty"`        // ID of the organ of a transfer
	Find       string      `json:"find,omitempty"`      // the name of an organ that is looked for
	Outside    *Outside    `json:"outside,omitempty"`   // a transfer on paper
	Given      []string    `json:"given,omitempty"`     // the answers of a decision, in the order of its questions
	Unfounded  bool        `json:"unfounded,omitempty"` // it finds that the report is unfounded
}

// wordy are the acts that say nothing without words.
var wordy = []law.ActKind{law.Ask, law.Decide, law.Waive, law.Perform, law.Exclude, law.Extend, law.Discipline, law.Send}

// mayNow is what the caller may do about what they read, and the report and unit it concerns.
func (t *step) mayNow() (may []law.ActKind, report, unit string) {
	switch {
	case t.Place == AtReport && t.desk.Report != nil && t.desk.Report.ID == t.Subject:
		return t.desk.Report.may(), t.desk.Report.ID, t.desk.Report.Unit
	case t.Place == AtRecord && t.desk.Follow != nil && t.desk.Entry != nil && t.desk.Entry.ID == t.Subject:
		return t.desk.Follow.May, t.desk.Follow.Report, ""
	case t.Place == AtProtect && t.desk.Protect != nil && t.desk.Protect.Record.ID == t.Subject:
		return []law.ActKind{law.Complain}, "", ""
	case t.Place == AtPlaint && t.desk.Complaint != nil && t.desk.Complaint.Report == t.Subject:
		return t.desk.Complaint.May, t.desk.Complaint.Report, ""
	}
	return nil, "", ""
}

// may is what a handler may do: what the law lets them, recuse themselves, and exclude those it lets them.
func (r *Report) may() []law.ActKind {
	out := append(slices.Clone(r.May), law.Recuse)
	if len(r.Handlers) > 0 {
		out = append(out, law.Exclude)
	}
	if len(r.Unsent) > 0 {
		out = append(out, law.Send)
	}
	return out
}

// begin prepares an act: Arg is its kind, and after a dot what it is about; or it says to which organ the transfer goes that is being
// prepared.
func (t *step) begin(a Tap) {
	if a.Verb == DoOrgan {
		t.organ(a)
		return
	}
	if t.stale(a) {
		return
	}
	arg, about, _ := strings.Cut(a.Arg, ".")
	kind := law.ActKind(arg)
	if kind == law.Draft {
		t.draftLetter()
		return
	}
	may, _, _ := t.mayNow()
	d := &Drafted{Kind: kind}
	if !slices.Contains(may, kind) || !t.aim(d, about) {
		t.alert(text.HintNotNow)
		return
	}
	t.Act = d
	t.Turn++
}

// aim notes what a new act is about. Buttons name it and never its place in a list: a colleague may have shortened the list since the
// button was drawn. It is false when there is no such thing any more.
func (t *step) aim(d *Drafted, about string) bool {
	r := t.desk.Report
	switch d.Kind {
	case law.Reply:
		d.Statement = &Statement{}
	case law.Complain:
		d.Statement, d.Grievance = &Statement{}, &Grievance{}
	case law.Perform, law.Waive:
		for _, x := range openTasks(r, d.Kind) {
			if taskName(x.Key) == about {
				d.Task = x.Key
			}
		}
		return d.Task != ""
	case law.Send:
		for _, key := range r.Unsent {
			if taskName(key) == about {
				d.Task = key
			}
		}
		return d.Task != ""
	case law.Exclude:
		d.Whom = about
		return t.whom(*d) != nil
	case law.Transfer:
		if about == "" { // to be looked for
			t.Page = 0
			return true
		}
		o, ok := organOf(r, about)
		if ok {
			t.to(d, o)
		}
		return ok
	case law.Categorise:
		for _, c := range proposed(r) {
			d.Categories = append(d.Categories, c.String())
		}
	default: // about nothing but the report
	}
	return true
}

// taskName is a task's or a letter's key without the unit, which is the reader's own: short enough for a button.
func taskName(key string) string {
	parts := strings.Split(key, "/")
	if len(parts) < 3 {
		return parts[0]
	}
	return parts[0] + "/" + parts[2]
}

// openTasks are the duties that Perform or Waive can discharge, in the order they are listed.
func openTasks(r *Report, kind law.ActKind) []law.Task {
	var out []law.Task
	for _, x := range r.Tasks {
		if x.Open() && x.Duty != law.Handling && x.Duty != law.Acknowledge && (kind == law.Waive || x.Category != 0) {
			out = append(out, x)
		}
	}
	return out
}

// proposed are the categories of Art. 8 among those proposed.
func proposed(r *Report) []law.Category {
	var out []law.Category
	for _, c := range r.Propose {
		if slices.Contains(article8, c) {
			out = append(out, c)
		}
	}
	return out
}

// article8 are the five cases of Art. 8 in its order.
var article8 = []law.Category{law.InternalDirect, law.JudicialOfficer, law.ClientOrgan, law.OtherOrgan, law.Individual}

// compose takes the words of the act being prepared.
func (t *step) compose(words string) {
	if t.Act.grieving() && t.grieve(words) {
		return
	}
	if t.Act.Statement != nil {
		t.state(words)
		return
	}
	if t.Act.Kind == law.Draft {
		t.composeFact(words)
		return
	}
	if deciding(t.Act, t.desk.Report) {
		t.settleOn(words)
		return
	}
	if n := utf8.RuneCountInString(words); n > wordsLimit {
		t.tooLong(words, text.HintTooLongBy, n, wordsLimit)
		return
	}
	if t.Act.Kind == law.Transfer {
		t.transferring(words)
		return
	}
	t.replace(&t.Act.Words, words)
}

// tick states whether a category applies.
func (t *step) tick(a Tap) {
	if t.Act.grieving() {
		t.name(a)
		return
	}
	if deciding(t.Act, t.desk.Report) {
		t.decideBox(a)
		return
	}
	if t.Act == nil || t.Act.Kind != law.Categorise || !slices.ContainsFunc(article8, func(c law.Category) bool { return c.String() == a.Arg }) {
		t.hint(text.HintOldButton)
		return
	}
	list := slices.DeleteFunc(t.Act.Categories, func(c string) bool { return c == a.Arg })
	if a.On {
		list = append(list, a.Arg)
	}
	slices.Sort(list)
	t.Act.Categories = list
}

// complete reports whether what was prepared can be done, and otherwise says what is missing.
func (t *step) complete(d Drafted, may []law.ActKind) bool {
	switch {
	case !slices.Contains(may, d.Kind), d.Kind == law.Exclude && t.whom(d) == nil:
		t.Act = nil
		t.alert(text.HintNotNow)
	case (d.Kind == law.Complain) != d.grieving() || d.grieving() && d.Grievance.at(d.Statement) != atReview:
		t.hint(text.HintOldButton)
	case d.Statement != nil && d.Statement.empty(), d.Words == "" && t.needsWords(d):
		t.alert(text.HintWriteFirst)
	case d.picking(), d.Outside.lacks() != "":
		t.hint(text.HintUnfinished)
	case d.Kind == law.Categorise && len(d.Categories) == 0:
		t.alert(text.HintTickOne)
	default:
		return true
	}
	return false
}

// carry does what was prepared.
func (t *step) carry(a Tap) {
	if t.Place == AtDeputy && t.Deputy != nil && !t.Deputy.From.IsZero() {
		t.appoint(a)
		return
	}
	if t.Place == AtAbsences && t.Absent != nil {
		t.carryAbsence(a)
		return
	}
	if t.Place == AtKeeping && t.Keep != nil {
		t.carryKeep(a)
		return
	}
	if t.Act == nil || t.stale(a) {
		if t.Act == nil && a.Turn == t.Turn {
			t.hint(text.HintOldButton)
		}
		return
	}
	if t.Act.Kind == law.Draft {
		t.carryLetter()
		return
	}
	d := *t.Act
	if deciding(t.Act, t.desk.Report) {
		d.Words = d.decided(t.desk.Locale)
	}
	may, report, unit := t.mayNow()
	if !t.complete(d, may) {
		return
	}
	act := record.Act{
		Version: record.Version, ID: t.event.Fresh, Report: report, Kind: d.Kind, Unit: unit,
		By: record.Person{ID: t.desk.Me.ID, Name: t.desk.Me.Name}, At: t.event.At,
		Text: d.Words, Categories: d.Categories, Task: d.Task, Whom: t.whom(d),
	}
	if d.Statement != nil {
		act.Text, act.Files = d.Statement.words(), d.Statement.Files
	}
	if d.grieving() {
		t.complain(act, *d.Grievance)
		return
	}
	if d.Kind == law.Transfer && !t.handOver(d, &act) { // somebody else has handed it there meanwhile
		t.Act = nil
		t.alert(text.HintNotNow)
		return
	}
	t.do(Handle{Act: act})
	t.Act = nil
	t.Page = min(t.Page, 1)
	t.Turn++
	t.hint(text.HintDone)
}

// whom is who is excluded by an act, nil for any other act and for somebody who no longer handles the report.
func (t *step) whom(d Drafted) *record.Person {
	if d.Kind != law.Exclude {
		return nil
	}
	i := slices.IndexFunc(t.desk.Report.Handlers, func(h Handler) bool { return h.ID == d.Whom })
	if i < 0 {
		return nil
	}
	return &t.desk.Report.Handlers[i].Person
}

// needsWords: some acts say nothing without words; categories that differ from those proposed need a reason (R8.9).
func (t *step) needsWords(d Drafted) bool {
	if d.Kind != law.Categorise {
		return slices.Contains(wordy, d.Kind)
	}
	var want []string
	for _, c := range proposed(t.desk.Report) {
		want = append(want, c.String())
	}
	return !slices.Equal(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(d.Categories))) || slices.ContainsFunc(t.desk.Report.Acts, func(x record.Act) bool {
		return x.Kind == law.Categorise && x.Unit == t.desk.Report.Unit
	})
}

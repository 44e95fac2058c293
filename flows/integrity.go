package flows

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

// Measured is a measure under Art. 11 being prepared, what is known of it so far.
type Measured struct {
	record.Measure
	Grounds   []string `json:"grounds,omitempty"`   // those that can apply, for an order
	Reachable bool     `json:"reachable,omitempty"` // the person will learn of it through the bot
	Answered  []string `json:"answered,omitempty"`  // the questions answered, in their order
	Plaint    bool     `json:"plaint,omitempty"`    // an order that rests on a complaint of retaliation
}

// The questions of a measure, each a key of the catalog behind "measure.ask.".
const (
	askGround   = "ground"
	askCounts   = "counts"
	askText     = "text"
	askEvidence = "evidence"
	askDue      = "due"
	askNumber   = "number"
	askDate     = "date"
)

// questions are those of a kind of measure, in their order.
func (m Measured) questions() []string {
	switch m.Kind {
	case law.OrderCorrection:
		out := []string{askGround}
		if g, _ := law.ParseGround(m.Ground); g.Marked() && !m.Plaint {
			out = append(out, askCounts)
		}
		return append(out, askText, askEvidence, askDue)
	case law.EnterFile, law.WithdrawEntry, law.Admonish:
		return []string{askText, askNumber, askDate}
	default:
		return []string{askText}
	}
}

// asked is the question that is open, "" when all are answered.
func (m Measured) asked() string {
	for _, q := range m.questions() {
		if !slices.Contains(m.Answered, q) {
			return q
		}
	}
	return ""
}

func (m *Measured) clone() *Measured {
	if m == nil {
		return nil
	}
	out := *m
	out.Grounds, out.Answered = slices.Clone(m.Grounds), slices.Clone(m.Answered)
	return &out
}

// integrityTap is a press in a room of Art. 11; it says whether it was one.
func (t *step) integrityTap(a Tap) bool {
	switch a.Verb {
	case DoProceeding:
		t.show(AtProceeding, a.Arg)
	case DoBasis:
		t.basis()
	case DoAccuse:
		t.accuse(a)
	case DoMeasure:
		t.prepare(a)
	case DoGive:
		if m := t.Measure; m != nil && !t.stale(a) {
			t.give(a.Arg)
		}
	case DoUngive:
		t.ungive(a)
	case DoTake:
		t.takeMeasure(a)
	case DoLedger:
		t.ledger()
	default:
		return false
	}
	return true
}

// officer reports whether the caller is an officer of an authority.
func (m Me) officer() bool {
	return slices.Contains(m.Roles, law.Officer) || slices.Contains(m.Roles, law.OfficerLead)
}

// basis looks for somebody whose conduct a report that is being read tells of.
func (t *step) basis() {
	r := t.desk.Report
	if t.Place != AtReport || r == nil || r.ID != t.Subject || r.Level != law.Authority || !t.desk.Me.officer() {
		t.hint(text.HintOldButton)
		return
	}
	t.show(AtAccuse, "")
	t.Basis, t.Plaint = r.ID, r.Complaint
}

// seek takes the name an officer looks for.
func (t *step) seek(words string) {
	words = oneLine(words)
	if n := utf8.RuneCountInString(words); n > numberLimit {
		t.tooLong(words, text.HintTooLong, numberLimit)
		return
	}
	t.Subject = words
	t.Turn++
}

// accuse begins an order: Arg is a person on the desk, with a slash and a case where that is the matter.
func (t *step) accuse(a Tap) {
	if t.stale(a) {
		return
	}
	c, of, report, ok := t.accusable(a.Arg)
	if !ok || len(c.Grounds) == 0 || t.desk.Dates.Due.IsZero() {
		t.alert(text.HintNotThere)
		return
	}
	m := &Measured{Reachable: c.Reachable, Plaint: t.Plaint, Measure: record.Measure{
		Kind: law.OrderCorrection, Unit: c.Unit, Subject: c.Who, Institution: c.Institution, Case: of, Report: report,
	}}
	t.show(AtAccuse, "")
	for _, g := range c.Grounds {
		if !m.Plaint || g.Retaliates() {
			m.Grounds = append(m.Grounds, g.String())
		}
	}
	t.Measure = m
}

func (t *step) accusable(arg string) (c Candidate, of record.Case, report string, ok bool) {
	person, caseID, _ := strings.Cut(arg, "/")
	in := func(list []Candidate) bool {
		i := slices.IndexFunc(list, func(x Candidate) bool { return x.Who.ID == person && caseID == "" })
		if i >= 0 {
			c = list[i]
		}
		return i >= 0
	}
	switch {
	case t.Place == AtIntegrity && t.desk.Integrity != nil:
		for _, h := range t.desk.Integrity.Hints {
			if h.Who.ID == person && h.Case.ID == caseID {
				return h.Candidate, h.Case, "", true
			}
		}
	case t.Place == AtAccuse:
		return c, of, t.Basis, in(t.desk.Found)
	case t.Place == AtReport && t.desk.Report != nil && t.desk.Report.ID == t.Subject:
		return c, of, t.desk.Report.ID, in(t.desk.Report.Others)
	}
	return c, of, "", false
}

// reading is the proceeding that is open.
func (t *step) reading() *Proceeding {
	if p := t.desk.Acting; t.Place == AtProceeding && p != nil && p.ID == t.Subject {
		return p
	}
	return nil
}

// prepare begins a further measure in the proceeding being read.
func (t *step) prepare(a Tap) {
	if t.stale(a) {
		return
	}
	p := t.reading()
	if p == nil || !slices.Contains(p.May, law.MeasureKind(a.Arg)) {
		t.alert(text.HintNotNow)
		return
	}
	t.Measure = &Measured{Reachable: p.Reachable, Measure: record.Measure{
		Kind: law.MeasureKind(a.Arg), Proceeding: p.ID, Unit: p.Order().Unit, Subject: p.Order().Subject,
	}}
	t.Page = 0
	t.Turn++
}

// give answers the open question, by a button or by words.
func (t *step) give(words string) {
	m, q := t.Measure, t.Measure.asked()
	if n := utf8.RuneCountInString(words); n > wordsLimit {
		t.tooLong(words, text.HintTooLongBy, n, wordsLimit)
		return
	}
	switch q {
	case askGround:
		if !slices.Contains(m.Grounds, words) {
			t.hint(text.HintUseButtons)
			return
		}
		m.Ground = words
	case askCounts:
		if words != argYes && words != argNo {
			t.hint(text.HintUseButtons)
			return
		}
		m.Counts = words == argYes
	case askText:
		m.Text = words
	case askEvidence:
		m.Evidence = words
	case askNumber:
		m.Number = oneLine(words)
	case askDue, askDate:
		if !t.giveDay(q, words) {
			return
		}
	default:
		t.hint(text.HintUseButtons)
		return
	}
	m.Answered = append(m.Answered, q)
	t.Turn++
}

// The arguments of a yes and a no.
const (
	argYes = "yes"
	argNo  = "no"
)

// giveDay takes a day: that of a paper is not in the future, the last day for correcting is.
func (t *step) giveDay(q, words string) bool {
	at, ok := parseDay(words, t.desk.Now)
	if !ok {
		t.hint(text.HintDay)
		return false
	}
	day, today := law.DateOf(at), law.DateOf(t.desk.Now)
	if q == askDate {
		if today.Before(day) {
			t.hint(text.HintFuture)
			return false
		}
		t.Measure.Date = day.String()
		return true
	}
	if nums, _ := numbers(narrow(words)); !today.Before(day) && len(nums) == 2 { // month and day alone: the next such day
		day = law.DateOf(at.AddDate(1, 0, 0))
	}
	if !today.Before(day) || law.DateOf(t.desk.Now.Add(366*24*time.Hour)).Before(day) {
		t.hint(text.HintDueDay)
		return false
	}
	t.Measure.Due = day.String()
	return true
}

// ungive goes back one question, from the first one out of the measure.
func (t *step) ungive(a Tap) {
	m := t.Measure
	if m == nil || t.stale(a) {
		return
	}
	t.Turn++
	n := len(m.Answered)
	if n == 0 {
		t.Measure = nil
		return
	}
	m.Answered = m.Answered[:n-1]
}

// takeMeasure does what was prepared.
func (t *step) takeMeasure(a Tap) {
	m := t.Measure
	switch {
	case m == nil && a.Turn == t.Turn:
		t.hint(text.HintOldButton)
		return
	case m == nil || t.stale(a):
		return
	case m.asked() != "":
		t.hint(text.HintUnfinished)
		return
	}
	x := m.Measure
	x.Version, x.ID, x.At = record.Version, t.event.Fresh, t.event.At
	x.By = record.Person{ID: t.desk.Me.ID, Name: t.desk.Me.Name}
	if x.Kind == law.OrderCorrection {
		if t.Place != AtAccuse || t.desk.Dates.Defence.IsZero() {
			t.alert(text.HintNotNow)
			return
		}
		x.Proceeding, x.Defence = x.ID, t.desk.Dates.Defence.String()
	} else if p := t.reading(); p == nil || p.ID != x.Proceeding || !slices.Contains(p.May, x.Kind) {
		t.Measure = nil
		t.alert(text.HintNotNow)
		return
	}
	if g, _ := law.ParseGround(x.Ground); !g.Marked() {
		x.Counts = false
	}
	t.do(Take{Measure: x})
	t.show(AtProceeding, x.Proceeding)
	t.hint(text.HintDone)
}

// ledger hands the authority's entries as data.
func (t *step) ledger() {
	if t.Place != AtIntegrity || t.desk.Integrity == nil {
		t.hint(text.HintOldButton)
		return
	}
	t.do(Ledger{})
	t.alert(text.HintLedger)
}

package flows

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"liuhen/flows/law"
	"liuhen/flows/text"
)

// A decision of the institution under its charter (Art. 6, R6.1) says four things, asked one by one; a decision that nothing is to be
// dealt with says why.

// Boxes of a decision that is being written.
const (
	TickUnfounded = "unfounded" // 认为不成立
	TickToday     = "today"     // decided today
)

var (
	foundedAsks   = []text.Key{text.DecideMeasure, text.DecideBasis, text.DecideBy, text.DecideOn}
	unfoundedAsks = []text.Key{text.DecideUnfounded}
)

// said are the headings of what was answered, by the question.
var said = map[text.Key]text.Key{
	text.DecideMeasure: text.SaidMeasure, text.DecideBasis: text.SaidBasis, text.DecideBy: text.SaidBy, text.DecideOn: text.SaidOn,
	text.DecideUnfounded: text.SaidUnfounded,
}

// deciding reports whether a decision under the charter is being written, not one about a complaint.
func deciding(d *Drafted, r *Report) bool {
	return d != nil && d.Kind == law.Decide && r != nil && !r.Complaint
}

func (d *Drafted) asks() []text.Key {
	if d.Unfounded {
		return unfoundedAsks
	}
	return foundedAsks
}

// given are the answers so far. What was written in one piece, before there were questions, is the measure.
func (d *Drafted) given() []string {
	if len(d.Given) == 0 && d.Words != "" {
		return []string{d.Words}
	}
	return d.Given
}

// asked is the question that is open, "" when everything is answered.
func (d *Drafted) asked() text.Key {
	if asks, n := d.asks(), len(d.given()); n < len(asks) {
		return asks[n]
	}
	return ""
}

// decision is what was answered, under its headings.
func (d *Drafted) decision(locale string) string {
	var lines []string
	for i, words := range d.given() {
		if asks := d.asks(); i < len(asks) {
			lines = append(lines, text.Say(locale, said[asks[i]])+text.Say(locale, text.Colon)+words)
		}
	}
	return strings.Join(lines, "\n")
}

// decided is the whole decision, "" as long as a question is open.
func (d *Drafted) decided(locale string) string {
	if d.asked() != "" {
		return ""
	}
	return d.decision(locale)
}

// settleOn answers the open question of a decision.
func (t *step) settleOn(words string) {
	d := t.Act
	q := d.asked()
	words = oneLine(words)
	switch n := utf8.RuneCountInString(words); {
	case q == "":
		t.hint(text.HintUseButtons)
		return
	case n > wordsLimit/4:
		t.tooLong(words, text.HintTooLongBy, n, wordsLimit/4)
		return
	case q == text.DecideOn:
		day, ok := parseDay(words, t.desk.Now)
		if !ok {
			t.hint(text.HintDay)
			return
		}
		if day.After(t.desk.Now) {
			t.hint(text.HintFuture)
			return
		}
		words = dayWords(t.desk.Locale, day)
	}
	d.answer(words)
	t.Turn++
}

// answer adds an answer to those given.
func (d *Drafted) answer(words string) { d.Given, d.Words = append(slices.Clone(d.given()), words), "" }

func dayWords(locale string, day time.Time) string {
	return text.Say(locale, text.DateFormat, day.Year(), int(day.Month()), day.Day())
}

// decideBox takes a box of a decision.
func (t *step) decideBox(a Tap) {
	d := t.Act
	switch {
	case a.Arg == TickUnfounded && len(d.given()) == 0 && !d.Unfounded:
		d.Unfounded = true
		t.Turn++
	case a.Arg == TickToday && d.asked() == text.DecideOn:
		d.answer(dayWords(t.desk.Locale, t.desk.Now))
		t.Turn++
	default:
		t.hint(text.HintOldButton)
	}
}

// undecide takes back the last answer of a decision; false when there is none, and the decision is left.
func (t *step) undecide() bool {
	d := t.Act
	if !deciding(d, t.desk.Report) {
		return false
	}
	switch n := len(d.given()); {
	case n > 0:
		d.Given, d.Words = slices.Clone(d.given()[:n-1]), ""
	case d.Unfounded:
		d.Unfounded = false
	default:
		return false
	}
	return true
}

// decisionRows are the buttons of a decision that is being written, above the way back.
func (v view) decisionRows(d *Drafted) (rows [][]Button) {
	box := func(k text.Key, arg string) {
		rows = append(rows, []Button{v.button(k, Tap{Verb: DoTick, Arg: arg, On: true})})
	}
	switch d.asked() {
	case "":
		rows = append(rows, []Button{v.button(text.BtnDo, Tap{Verb: DoCarry, Turn: v.s.Turn})})
	case text.DecideMeasure:
		box(text.BtnUnfounded, TickUnfounded)
	case text.DecideOn:
		box(text.BtnToday, TickToday)
	default: // answered in words
	}
	return rows
}

// deciding draws a decision that is being written.
func (v view) deciding(d *Drafted) Screen {
	s := v.say(actKey(d.Kind))
	if done := d.decision(v.d.Locale); done != "" {
		s += "\n\n" + done
	}
	if q := d.asked(); q != "" {
		s += "\n\n" + v.say(q)
	} else {
		s += "\n\n" + v.say(text.DecideReview)
	}
	rows := append(v.decisionRows(d), []Button{v.button(text.BtnBack, Tap{Verb: DoDrop, Turn: v.s.Turn})})
	return Screen{Text: clip(s, screenLimit), Rows: rows, Protect: true}
}

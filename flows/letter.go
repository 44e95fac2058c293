package flows

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

// factLimit is the length of the one paragraph a letter has about the fact, in characters.
const factLimit = 800

// What of a report can go into a letter, in the order of the letter (domain.md 3.7). Acts hold these names for decades.
const (
	DiscloseNumber = "number" // 案件编号
	DiscloseMatter = "matter" // 鉴定事项
	DiscloseAbout  = "about"  // the category of person
	DiscloseTeam   = "team"   // the names of the case's signers, all of them or none
	DiscloseFact   = "fact"   // the officer's own paragraph
)

var disclosable = []string{DiscloseNumber, DiscloseMatter, DiscloseAbout, DiscloseTeam, DiscloseFact}

var letterTitles = map[law.LetterKind][2]string{ // title, opening
	law.Circular: {text.LetterCircular, text.LetterOpenCircular},
	law.Notice:   {text.LetterNotice, text.LetterOpenNotice},
	law.Rectify:  {text.LetterRectify, text.LetterOpenRectify},
}

// Compose writes a letter word by word from the chosen facts and the officer's paragraph. It takes nothing from the report's
// entry but case number, matter and client; where one of these holds what may not be said it leaves it out (R8.8). Who of the case's
// signers reported makes no difference to it.
func Compose(l law.Letter, r Report, facts []string, fact string) record.Letter {
	words := letterTitles[l.Kind]
	out := record.Letter{Kind: l.Kind, Title: words[0], To: fmt.Sprintf(text.LetterTo, l.To), Lines: []string{words[1]}}
	hidden := r.hidden(facts)
	cover := func(s string) string {
		if names(s, hidden) {
			return text.LetterLeftOut
		}
		return s
	}
	if c := r.Record.Case.Client; l.Kind == law.Notice && c != "" && !names(c, hidden) {
		out.To = c
	}
	for _, f := range disclosable {
		if !slices.Contains(facts, f) {
			continue
		}
		out.Facts = append(out.Facts, f)
		name, value := text.Say(text.ZhHans, text.Key("disclose."+f)), ""
		switch f {
		case DiscloseNumber:
			value = cover(cmp.Or(r.Record.Case.Number, text.Say(text.ZhHans, text.NoNumber)))
		case DiscloseMatter:
			value = cover(r.Record.Case.Matter)
		case DiscloseAbout:
			value = l.About
		case DiscloseTeam:
			name, value = text.LetterTeam, strings.Join(r.Team, text.Say(text.ZhHans, text.ListComma))
		case DiscloseFact:
			value = cmp.Or(cover(fact), text.LetterNoFact)
		}
		if value != "" {
			out.Lines = append(out.Lines, fmt.Sprintf(text.LetterLine, name, value))
		}
	}
	out.Lines = append(out.Lines, fmt.Sprintf(text.LetterBasis, l.Cite, l.Quote), l.Request)
	return out
}

// hidden are the words that may stand nowhere in a letter with these facts.
func (r Report) hidden(facts []string) []string {
	if slices.Contains(facts, DiscloseTeam) {
		return r.Unsaid
	}
	return append(slices.Clone(r.Unsaid), r.Team...)
}

// names reports whether a text holds one of the words, however it is spaced.
func names(s string, words []string) bool {
	bare := func(s string) string {
		return strings.ToLower(strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) || !unicode.IsGraphic(r) {
				return -1
			}
			return r
		}, s))
	}
	s = bare(s)
	return slices.ContainsFunc(words, func(w string) bool { w = bare(w); return utf8.RuneCountInString(w) > 1 && strings.Contains(s, w) })
}

// Unsaid reports whether a letter's paragraph about the fact names the reporter, or the case's signers when these were not chosen.
func Unsaid(r Report, facts []string, fact string) bool { return names(fact, r.hidden(facts)) }

// letter is the letter being drafted, nil while none is chosen or when it may no longer be drafted.
func (r *Report) letter(key string) *law.Letter {
	i := slices.IndexFunc(r.Letters, func(l law.Letter) bool { return l.Key == key })
	if i < 0 {
		return nil
	}
	return &r.Letters[i]
}

// drafting is the report on which a letter is being drafted, nil when none is.
func (t *step) drafting() *Report {
	if t.Act == nil || t.Act.Kind != law.Draft || t.Place != AtReport || t.desk.Report == nil || t.desk.Report.ID != t.Subject {
		return nil
	}
	return t.desk.Report
}

// draftLetter opens the list of letters.
func (t *step) draftLetter() {
	r := t.desk.Report
	if t.Place != AtReport || r == nil || r.ID != t.Subject || len(r.Letters) == 0 {
		t.alert(text.HintNotNow)
		return
	}
	t.Act = &Drafted{Kind: law.Draft}
	t.Turn++
}

// letterTap is a press while a letter is drafted, or on one that was.
func (t *step) letterTap(a Tap) {
	r := t.drafting()
	switch {
	case a.Verb == DoFetch:
		t.fetchLetter(a.Arg)
	case r == nil:
		t.hint(text.HintOldButton)
	case a.Verb == DoLetter:
		t.chooseLetter(a, r)
	default:
		t.tickFact(a, r)
	}
}

func (t *step) chooseLetter(a Tap, r *Report) {
	if t.stale(a) {
		return
	}
	for _, l := range r.Letters {
		if taskName(l.Key) == a.Arg {
			t.Act.Task, t.Act.Facts = l.Key, []string{DiscloseNumber, DiscloseMatter, DiscloseAbout, DiscloseFact}
			t.Turn++
			return
		}
	}
	t.hint(text.HintOldButton)
}

// tickFact states whether a fact goes into the letter.
func (t *step) tickFact(a Tap, r *Report) {
	if !slices.Contains(disclosable, a.Arg) || r.letter(t.Act.Task) == nil || a.Arg == DiscloseTeam && len(r.Team) == 0 {
		t.hint(text.HintOldButton)
		return
	}
	list := slices.DeleteFunc(t.Act.Facts, func(f string) bool { return f == a.Arg })
	if a.On {
		list = append(list, a.Arg)
	}
	t.Act.Facts = list
}

// composeFact takes the paragraph about the fact.
func (t *step) composeFact(words string) {
	r := t.drafting()
	words = oneLine(words)
	switch n := utf8.RuneCountInString(words); {
	case r == nil || r.letter(t.Act.Task) == nil:
		t.hint(text.HintUseButtons)
	case n > factLimit:
		t.tooLong(words, text.HintTooLongBy, n, factLimit)
	case names(words, r.Unsaid):
		t.hint(text.HintUnsaid)
	case names(words, r.hidden(t.Act.Facts)):
		t.hint(text.HintTeam)
	default:
		t.replace(&t.Act.Words, words)
	}
}

// carryLetter notes the draft and hands it out.
func (t *step) carryLetter() {
	r, d := t.drafting(), *t.Act
	var l *law.Letter
	if r != nil {
		l = r.letter(d.Task)
	}
	said := slices.Contains(d.Facts, DiscloseFact)
	switch {
	case l == nil:
		t.Act = nil
		t.alert(text.HintNotNow)
		return
	case len(d.Facts) == 0:
		t.alert(text.HintTickOne)
		return
	case said && d.Words == "":
		t.alert(text.HintWriteFirst)
		return
	case said && names(d.Words, r.hidden(d.Facts)):
		t.alert(text.HintTeam)
		return
	}
	if !said {
		d.Words = ""
	}
	letter := Compose(*l, *r, d.Facts, d.Words)
	t.do(Handle{Act: record.Act{
		Version: record.Version, ID: t.event.Fresh, Report: r.ID, Kind: law.Draft, Unit: r.Unit,
		By: record.Person{ID: t.desk.Me.ID, Name: t.desk.Me.Name}, At: t.event.At,
		Text: d.Words, Task: d.Task, Letter: &letter,
	}})
	t.do(HandLetter{Report: r.ID, Act: t.event.Fresh})
	t.Act = nil
	t.Page = min(t.Page, 1)
	t.Turn++
	t.hint(text.HintDrafted)
}

// fetchLetter hands a drafted letter out again.
func (t *step) fetchLetter(id string) {
	r := t.desk.Report
	if t.Place != AtReport || r == nil || r.ID != t.Subject || !slices.ContainsFunc(r.drafts(), func(a record.Act) bool { return a.ID == id }) {
		t.hint(text.HintOldButton)
		return
	}
	t.do(HandLetter{Report: r.ID, Act: id})
	t.hint(text.HintHanded)
}

// drafts are the letters the reader's unit has drafted, oldest first.
func (r *Report) drafts() []record.Act {
	var out []record.Act
	for _, a := range r.Acts {
		if a.Kind == law.Draft && a.Letter != nil && a.Unit == r.Unit {
			out = append(out, a)
		}
	}
	return out
}

package flows

import (
	"fmt"
	"slices"
	"strings"

	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

// letterRows are the buttons about letters on a report: to draft one, and the latest draft of each again.
func (v view) letterRows(r *Report) [][]Button {
	var rows [][]Button
	if len(r.Letters) > 0 {
		rows = append(rows, []Button{v.button(text.BtnDraftLetter, Tap{Verb: DoAct, Turn: v.s.Turn, Arg: string(law.Draft)})})
	}
	drafts := r.drafts()
	for i, a := range drafts {
		if !slices.ContainsFunc(drafts[i+1:], func(b record.Act) bool { return b.Task == a.Task }) {
			label := v.say(text.BtnLetterAgain, v.letterKey(a.Task))
			rows = append(rows, []Button{{Label: label, Tap: Tap{Verb: DoFetch, Arg: a.ID}}})
		}
	}
	return rows
}

// letterName is a letter in words: what it is, and by which item.
func (v view) letterName(l law.Letter) string {
	item := text.Key("case." + l.Category.String())
	if l.Kind == law.Rectify {
		item = text.Key(fmt.Sprint("ground.", l.Ground))
	}
	return v.say(text.LetterName, v.say(text.Key("document."+string(l.Kind))), v.say(item))
}

func (v view) letterKey(key string) string {
	l, _ := law.LetterOf(key)
	return v.letterName(l)
}

// letter draws the letter being drafted: the boxes of what goes into it, and all of it as it stands.
func (v view) letter() Screen {
	d, r := v.s.Act, v.d.Report
	back := []Button{v.button(text.BtnBack, Tap{Verb: DoDrop, Turn: v.s.Turn})}
	l := r.letter(d.Task)
	if l == nil {
		var rows [][]Button
		for _, l := range r.Letters {
			rows = append(rows, []Button{{Label: v.letterName(l), Tap: Tap{Verb: DoLetter, Turn: v.s.Turn, Arg: taskName(l.Key)}}})
		}
		return Screen{Text: v.say(text.BtnDraftLetter) + "\n\n" + v.say(text.LetterWhich), Rows: append(rows, back), Protect: true}
	}
	parts := []string{v.say(text.BtnDraftLetter) + v.say(text.Colon) + v.letterName(*l), v.say(text.LetterAsk)}
	if l.Asked {
		parts = append(parts, v.say(text.LetterAsked))
	}
	if l.Kind == law.Rectify {
		parts = append(parts, v.say(text.LetterCareful))
	}
	parts = append(parts, v.say(text.LetterPreview)+"\n"+letterText(Compose(*l, *r, d.Facts, d.Words)))
	var boxes []Button
	for _, f := range disclosable {
		if f == DiscloseTeam && len(r.Team) == 0 {
			continue
		}
		on := slices.Contains(d.Facts, f)
		mark := "☐ "
		if on {
			mark = "☑ "
		}
		boxes = append(boxes, Button{Label: mark + v.say(text.Key("disclose."+f)), Tap: Tap{Verb: DoFact, Arg: f, On: !on}})
	}
	rows := append(inPairs(boxes), []Button{v.button(text.BtnDo, Tap{Verb: DoCarry, Turn: v.s.Turn})}, back)
	return Screen{Text: clip(strings.Join(parts, "\n\n"), screenLimit), Rows: rows, Protect: true}
}

func letterText(l record.Letter) string {
	lines := []string{l.Title, l.To + text.LetterEnd}
	for _, s := range l.Lines {
		lines = append(lines, "　　"+s)
	}
	return strings.Join(lines, "\n")
}

// disclosures are what was disclosed to whom, when, and by which letter: derived from the acts of the reader's unit and shown
// to its handlers alone (R8.8).
func (v view) disclosures(r *Report) string {
	var lines []string
	drafts := r.drafts()
	for i, a := range drafts {
		lines = append(lines, v.disclosed(r, a, slices.IndexFunc(drafts[i+1:], func(b record.Act) bool { return b.Task == a.Task }) >= 0))
	}
	for _, a := range r.Acts {
		task := law.Served(a.Task)
		l, ok := law.LetterOf(task)
		if a.Kind != law.Perform || a.Unit != r.Unit || !ok {
			continue
		}
		if !slices.ContainsFunc(drafts, func(b record.Act) bool { return b.Task == task }) {
			lines = append(lines, v.say(text.RegisterBare, v.moment(a.At), a.By.Name, v.letterName(l))+"\n　"+a.Text)
		}
	}
	lines = append(lines, v.handedOn(r)...)
	if len(lines) == 0 {
		return ""
	}
	return v.say(text.RegisterTitle) + "\n" + strings.Join(lines, "\n")
}

// sends reports whether an act says that a letter was sent.
func sends(a record.Act) bool { return a.Kind == law.Perform || a.Kind == law.Send }

// disclosed is one draft in the register.
func (v view) disclosed(r *Report, a record.Act, older bool) string {
	var facts []string
	for _, f := range a.Letter.Facts {
		facts = append(facts, v.say(text.Key("disclose."+f)))
	}
	became := v.say(text.RegisterUnsent)
	if older {
		became = v.say(text.RegisterOlder)
	} else if i := slices.IndexFunc(r.Acts, func(b record.Act) bool {
		return sends(b) && law.Served(b.Task) == a.Task && b.Unit == r.Unit && !b.At.Before(a.At)
	}); i >= 0 {
		became = v.say(text.RegisterSent, v.moment(r.Acts[i].At), r.Acts[i].Text)
	}
	return strings.Join([]string{
		v.say(text.RegisterLine, v.moment(a.At), a.By.Name, v.letterKey(a.Task)),
		v.say(text.RegisterTo, a.Letter.To),
		v.say(text.RegisterWhat, strings.Join(facts, v.say(text.ListComma))),
		became,
	}, "\n　")
}

package flows

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"liuhen/flows/form"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

// summary shows exactly what will be filed, who receives it and who does not (E7). The button that signs stands on its last
// page and carries the digest of all of it, so that a signature is bound to what was shown.
func (v view) summary(ed *form.Edition) Screen {
	if v.s.Ask == AskEdit {
		return v.editMenu(ed)
	}
	whole := summaryText(v.s.Sheet, v.d)
	pages := paginate(whole)
	page, _, _ := v.page(len(pages), 1)
	rows := v.pager(page, len(pages), 1)
	if page == len(pages)-1 {
		rows = append(rows, []Button{{Label: v.say(text.BtnSign), Tap: v.tap(DoSign, "", shown(v.s.Sheet, v.d)[:16])}})
	}
	rows = append(rows,
		[]Button{v.sheetButton(text.BtnEdit, DoEdit, ""), v.sheetButton(text.BtnBack, DoBack, "")},
		[]Button{v.sheetButton(text.BtnLeave, DoLeave, ""), v.sheetButton(text.BtnCancel, DoCancel, "")})
	body := pages[page]
	if len(pages) > 1 {
		body += "\n\n" + v.say(text.PageOf, page+1, len(pages))
	}
	return Screen{Text: body, Rows: rows}
}

// editMenu lists the lines of the summary; each can be opened alone.
func (v view) editMenu(ed *form.Edition) Screen {
	var bs []Button
	for _, it := range ed.Visible(v.s.Sheet.Answers) {
		if it.ID == form.Outcome && v.s.Sheet.Supplements {
			continue
		}
		bs = append(bs, Button{Label: v.say(text.Key("item." + string(it.ID))), Tap: v.tap(DoEdit, it.ID, "")})
	}
	rows := append(inPairs(bs), []Button{v.button(text.BtnBack, Tap{Verb: DoNo, Turn: v.s.Turn})})
	return Screen{Text: v.say(text.EditWhich), Rows: rows}
}

// summaryText is the whole summary of a draft: the entry and its way.
func summaryText(x *Sheet, d Desk) string {
	ed, _ := form.ByID(x.Edition)
	v := view{d: d, s: State{Sheet: x}}
	var b strings.Builder
	b.WriteString(v.say(text.SummaryTitle, ed.Title) + "\n\n")
	b.WriteString(entryText(d, ed, x.Case, final(x, d), x.Supersedes != ""))
	b.WriteString("\n\n" + v.say(text.SummarySigner, d.Me.Name, v.day(d.Now)))
	b.WriteString("\n\n" + wayText(d, x))
	return b.String()
}

// shown is the digest of what the signer sees before signing: the summary's text, bound to the draft.
func shown(x *Sheet, d Desk) string {
	sum := sha256.Sum256([]byte(x.Draft + "\n" + summaryText(x, d)))
	return hex.EncodeToString(sum[:])
}

// entryText is an entry's content line by line, the same for the signer before signing, the signer afterwards, and a recipient.
func entryText(d Desk, ed *form.Edition, c record.Case, a form.Answers, corrects bool) string {
	v := view{d: d, s: State{Sheet: &Sheet{Answers: a, Case: c}}}
	lines := []string{v.line(text.LineNumber, v.caseName(c.Number))}
	if c.Matter != "" {
		lines = append(lines, v.line(text.LineMatter, c.Matter))
	}
	if corrects {
		lines = append(lines, v.line(text.LineCorrects, a[form.Reason].Text))
	}
	if a.One(form.Outcome) == form.None {
		return strings.Join(append(lines, "", "☑ "+label(d.Locale, form.Outcome, noneOption())), "\n")
	}
	for _, it := range ed.Visible(a) {
		answer, given := a[it.ID]
		if !given || it.ID == form.Reason || it.ID == form.Outcome || it.ID == form.Channel {
			continue
		}
		lines = append(lines, v.line(text.Key("item."+string(it.ID)), v.value(it, answer)))
	}
	return strings.Join(lines, "\n")
}

// Words is what a signed entry says, line by line, as its signer read it; without the Party affiliation, which only its own track
// shows (Art. 7 ¶2, R7.3).
func Words(locale string, r record.Record) string {
	ed, known := form.ByID(r.Edition)
	if !known {
		return ""
	}
	answers := r.Answers.Clone()
	delete(answers, form.Party)
	return entryText(Desk{Locale: locale}, ed, r.Case, answers, r.Supersedes != "")
}

func noneOption() form.Option {
	it, _ := form.Edition2020.Item(form.Outcome)
	return it.Options[0]
}

func (v view) line(k text.Key, value string) string { return v.say(text.LineFormat, v.say(k), value) }

// value is an answer in words.
func (v view) value(it form.Item, a form.Answer) string {
	switch it.Kind {
	case form.Choice, form.Boxes:
		return v.ticked(it, a)
	case form.Day:
		if t, err := time.Parse(time.DateOnly, a.Text); err == nil {
			return v.day(t)
		}
		return a.Text
	case form.Story:
		return "\n" + strings.Join(a.Parts, "\n")
	case form.Files:
		if len(a.Files) == 0 {
			return v.say(text.NoEvidence)
		}
		var b strings.Builder
		for i, f := range a.Files {
			b.WriteString("\n" + v.fileLine(i, f) + "\n   SHA-256 " + f.SHA256[:min(16, len(f.SHA256))] + "…")
		}
		return b.String()
	case form.Line:
	}
	return a.Text
}

// ticked lists the ticked boxes with the texts beside them. People are named as the entry names them, for a reader's own
// register may not hold them.
func (v view) ticked(it form.Item, a form.Answer) string {
	var parts []string
	if it.From != form.Fixed {
		for _, o := range a.Boxes {
			parts = append(parts, a.Beside[o])
		}
		slices.Sort(parts)
		return strings.Join(parts, v.say(text.ListComma))
	}
	for _, o := range it.Options {
		if !v.s.Sheet.Answers.Has(it.ID, o.ID) {
			continue
		}
		s := v.label(it, o)
		if it.Kind == form.Boxes {
			s = "☑" + s
		}
		if t := a.Beside[o.ID]; t != "" && o.NeedsText {
			s += v.say(text.Colon) + t
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, " ")
}

// final is what is signed: the confirmed answers of visible items, people named as they are called today, and no text
// beside a box that is not ticked.
func final(x *Sheet, d Desk) form.Answers {
	ed, ok := form.ByID(x.Edition)
	if !ok {
		return form.Answers{}
	}
	out := ed.Pruned(x.Answers)
	for _, it := range ed.Visible(x.Answers) {
		a, ok := out[it.ID]
		if !ok || (it.Kind != form.Boxes && it.Kind != form.Choice) {
			continue
		}
		beside := map[form.OptionID]string{}
		for _, o := range options(x, d, it) {
			switch {
			case !out.Has(it.ID, o.ID):
			case form.NeedsText(it, o.ID):
				beside[o.ID] = a.Beside[o.ID]
			case it.From != form.Fixed:
				beside[o.ID] = o.Label
			}
		}
		if a.Beside = beside; len(beside) == 0 {
			a.Beside = nil
		}
		out[it.ID] = a
	}
	return out
}

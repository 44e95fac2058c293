package flows

import (
	"fmt"
	"strings"

	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/text"
)

// sheet draws the form: a question that was asked, the item on the table, or the summary.
func (v view) sheet() Screen {
	ed, ok := form.ByID(v.s.Sheet.Edition)
	if !ok {
		return Screen{Text: v.say(text.SheetUnknown), Rows: [][]Button{v.home()}}
	}
	switch v.s.Ask {
	case AskCancel:
		return v.ask(text.AskCancel, text.BtnDiscard, text.BtnKeep)
	case AskZero:
		return v.ask(text.AskZero, text.BtnClear, text.BtnKeep)
	}
	it, open := ed.Next(v.s.Sheet.Answers)
	if !open {
		return v.summary(ed)
	}
	return v.item(ed, it)
}

func (v view) ask(question, yes, no text.Key) Screen {
	return Screen{Text: v.say(question), Rows: [][]Button{
		{v.button(yes, Tap{Verb: DoYes, Turn: v.s.Turn})},
		{v.button(no, Tap{Verb: DoNo, Turn: v.s.Turn})},
	}}
}

// item draws one item: where we are, the question, what was answered so far, and the ways on and back.
func (v view) item(ed *form.Edition, it form.Item) Screen {
	var b strings.Builder
	b.WriteString(v.heading(ed, it) + "\n\n")
	if it.ID == form.Outcome || it.ID == form.Article3 {
		b.WriteString(v.say(text.Art3Lead) + "\n" + strings.Join(law.Art3Items(), "\n") + "\n\n")
	}
	b.WriteString(v.question(it))
	b.WriteString(v.given(it))
	rows := v.choices(it)
	if it.Kind != form.Choice || (it.ID != form.Outcome && len(v.s.Sheet.Answers[it.ID].Boxes) > 0) {
		rows = append(rows, []Button{v.sheetButton(text.BtnNext, DoNext, "")})
	}
	rows = append(rows, []Button{v.sheetButton(text.BtnBack, DoBack, ""), v.sheetButton(text.BtnLeave, DoLeave, "")})
	rows = append(rows, []Button{v.sheetButton(text.BtnCancel, DoCancel, "")})
	return Screen{Text: clip(b.String(), screenLimit), Rows: rows}
}

// heading names the sheet, the case, and how far one is.
func (v view) heading(ed *form.Edition, it form.Item) string {
	visible := ed.Visible(v.s.Sheet.Answers)
	at := 0
	for i, x := range visible {
		if x.ID == it.ID {
			at = i + 1
		}
	}
	head := v.say(text.SheetHead, ed.Title, v.caseName(v.s.Sheet.Case.Number))
	if len(visible) > 1 && it.ID != form.Outcome {
		head += v.say(text.SheetStep, at, len(visible))
	}
	return head
}

func (v view) question(it form.Item) string {
	switch it.Kind {
	case form.Story:
		return v.say(text.Key("ask."+string(it.ID)), it.Limit)
	case form.Files:
		return v.say(text.Key("ask."+string(it.ID)), it.Limit, megabytes(v.d.Limits.FileBytes))
	default:
	}
	return v.say(text.Key("ask." + string(it.ID)))
}

// given is what the signer has written to an item so far.
func (v view) given(it form.Item) string {
	a := v.s.Sheet.Answers[it.ID]
	var b strings.Builder
	switch it.Kind {
	case form.Choice:
		if len(a.Boxes) > 0 && it.ID != form.Outcome {
			b.WriteString("\n\n" + v.say(text.GivenChoice, v.ticked(it, a)))
		}
	case form.Boxes:
		for _, o := range options(v.s.Sheet, v.d, it) {
			if t := a.Beside[o.ID]; t != "" && v.s.Sheet.Answers.Has(it.ID, o.ID) {
				b.WriteString("\n\n" + v.say(text.GivenBeside, v.label(it, o), t))
			}
		}
	case form.Day, form.Line:
		if a.Text != "" {
			b.WriteString("\n\n" + v.say(text.GivenText, v.value(it, a)))
		}
	case form.Story:
		if n := a.Length(); n > 0 {
			b.WriteString("\n\n" + v.say(text.GivenStory, len(a.Parts), n, it.Limit-n) + "\n" + tail(strings.Join(a.Parts, "\n"), pageLimit))
		}
	case form.Files:
		for i, f := range a.Files {
			b.WriteString("\n" + v.fileLine(i, f))
		}
	}
	return b.String()
}

// tail is the end of a long text, with a sign when something stands before it.
func tail(s string, n int) string {
	over := Units(s) - n
	if over <= 0 {
		return s
	}
	for i, r := range s {
		if over <= 0 {
			return "…" + s[i:]
		}
		over -= Units(string(r))
	}
	return "…"
}

func (v view) fileLine(i int, f form.File) string {
	name := f.Name
	if name == "" {
		name = f.Caption
	}
	return strings.TrimSpace(fmt.Sprintf("%d. %s %s %s", i+1, v.say(text.Key("file."+f.Kind)), size(f.Size), clip(name, 60)))
}

func size(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%d B", n)
}

// choices are the buttons that answer an item.
func (v view) choices(it form.Item) [][]Button {
	a := v.s.Sheet.Answers[it.ID]
	var rows [][]Button
	switch it.Kind {
	case form.Boxes:
		rows = v.boxes(it)
	case form.Choice:
		for _, o := range options(v.s.Sheet, v.d, it) {
			label := v.label(it, o)
			if it.ID == form.Outcome { // the form's own box
				label = v.mark(it, o.ID) + label
			}
			rows = append(rows, []Button{{Label: label, Tap: v.tap(DoPick, it.ID, string(o.ID))}})
		}
		if it.ID != form.Outcome && it.ID != form.Channel {
			rows = [][]Button{flat(rows)}
		}
	case form.Day:
		rows = [][]Button{{
			{Label: v.say(text.BtnToday), Tap: v.tap(DoPick, it.ID, "0")},
			{Label: v.say(text.BtnYesterday), Tap: v.tap(DoPick, it.ID, "1")},
			{Label: v.say(text.BtnDayBefore), Tap: v.tap(DoPick, it.ID, "2")},
		}}
	case form.Story:
		if len(a.Parts) > 0 {
			rows = [][]Button{{{Label: v.say(text.BtnRemoveLast), Tap: v.tap(DoRemove, it.ID, "")}}}
		}
	case form.Files:
		for i, f := range a.Files {
			rows = append(rows, []Button{{Label: v.say(text.BtnRemoveFile, i+1), Tap: v.tap(DoRemove, it.ID, f.ID)}})
		}
		rows = inPairs(flat(rows))
	case form.Line:
	}
	return rows
}

// boxes are the form's boxes, one a row; a long register of people is paged.
func (v view) boxes(it form.Item) [][]Button {
	opts := options(v.s.Sheet, v.d, it)
	page, from, to := 0, 0, len(opts)
	if it.From != form.Fixed {
		page, from, to = v.page(len(opts), 2*pageSize)
	}
	var rows [][]Button
	for _, o := range opts[from:to] {
		on := v.s.Sheet.Answers.Has(it.ID, o.ID)
		t := v.tap(DoBox, it.ID, string(o.ID))
		t.On, t.Turn = !on, 0
		rows = append(rows, []Button{{Label: v.mark(it, o.ID) + v.label(it, o), Tap: t}})
	}
	if it.ID == form.Means {
		rows = inPairs(flat(rows))
	}
	if it.From != form.Fixed {
		rows = append(rows, v.pager(page, len(opts), 2*pageSize)...)
	}
	return rows
}

// mark is the form's own box, empty or ticked.
func (v view) mark(it form.Item, o form.OptionID) string {
	if v.s.Sheet.Answers.Has(it.ID, o) {
		return "☑ "
	}
	return "☐ "
}

// label is an option's wording: the form's own, a person's name, or the catalog's.
func (v view) label(it form.Item, o form.Option) string {
	return label(v.d.Locale, it.ID, o)
}

func label(locale string, id form.ItemID, o form.Option) string {
	if o.Label != "" && locale != text.En {
		return o.Label
	}
	for _, k := range []text.Key{text.Key("opt." + string(id) + "." + string(o.ID)), text.Key("opt." + string(o.ID))} {
		if s := text.Say(locale, k); s != "" {
			return s
		}
	}
	return o.Label
}

func (v view) tap(verb Verb, item form.ItemID, arg string) Tap {
	return Tap{Verb: verb, Draft: short(v.s.Sheet.Draft), Turn: v.s.Turn, Item: item, Arg: arg}
}

func (v view) sheetButton(k text.Key, verb Verb, item form.ItemID) Button {
	return v.button(k, v.tap(verb, item, ""))
}

func flat(rows [][]Button) []Button {
	var out []Button
	for _, r := range rows {
		out = append(out, r...)
	}
	return out
}

func inPairs(bs []Button) [][]Button {
	var rows [][]Button
	for i := 0; i < len(bs); i += 2 {
		rows = append(rows, bs[i:min(i+2, len(bs))])
	}
	return rows
}

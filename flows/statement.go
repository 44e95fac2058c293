package flows

import (
	"slices"
	"strings"
	"unicode/utf8"

	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

// statementLimit is the length of a statement in all, in characters.
const statementLimit = 10_000

// Statement is what a reporter tells those who handle their report, in as many messages as they like, with evidence.
type Statement struct {
	Parts []string    `json:"parts,omitempty"`
	Files []form.File `json:"files,omitempty"`
}

func (s *Statement) clone() *Statement {
	if s == nil {
		return nil
	}
	return &Statement{Parts: slices.Clone(s.Parts), Files: slices.Clone(s.Files)}
}

func (s Statement) empty() bool { return len(s.Parts)+len(s.Files) == 0 }

func (s Statement) words() string { return strings.Join(s.Parts, "\n") }

// TakesFiles reports whether the dialog stands where evidence can be given: a sheet, or a statement, is open.
func (s State) TakesFiles() bool {
	return s.Place == AtSheet && s.Sheet != nil || s.Act != nil && s.Act.Statement != nil
}

// state takes one more message of the statement.
func (t *step) state(words string) {
	x := t.Act.Statement
	joined := utf8.RuneCountInString(strings.Join(append(slices.Clone(x.Parts), words), "\n"))
	if joined > statementLimit {
		t.tooLong(words, text.HintStoryFull, utf8.RuneCountInString(words), max(0, statementLimit-utf8.RuneCountInString(x.words())-1))
		return
	}
	x.Parts = append(x.Parts, words)
}

// exhibit keeps a piece of evidence with the statement.
func (t *step) exhibit(f form.File) {
	x := t.Act.Statement
	switch {
	case slices.ContainsFunc(x.Files, func(o form.File) bool { return o.SHA256 == f.SHA256 && o.Kind == f.Kind }):
		t.hint(text.HintSameFile)
	case len(x.Files) >= evidenceLimit:
		t.hint(text.HintStatementFiles, evidenceLimit)
	default:
		x.Files = append(x.Files, f)
		t.hint(text.HintKept, len(x.Files))
	}
}

// takeBack removes the last message of the statement, or the piece of evidence Arg.
func (t *step) takeBack(a Tap) {
	if t.stale(a) {
		return
	}
	x := t.Act.Statement
	switch {
	case x == nil:
		t.hint(text.HintOldButton)
		return
	case a.Arg != "":
		x.Files = slices.DeleteFunc(x.Files, func(f form.File) bool { return f.ID == a.Arg })
	case len(x.Parts) > 0:
		x.Parts = x.Parts[:len(x.Parts)-1]
	}
	t.Turn++
}

// exhibits are the pieces of evidence of an entry and then of what was added to its report, in the order they are numbered.
func exhibits(r record.Record, acts []record.Act) []form.File {
	out := slices.Clone(evidenceOf(r.Answers))
	for _, a := range acts {
		out = append(out, a.Files...)
	}
	return out
}

// exhibits are the pieces of evidence that can be had where the caller is, and of what they are.
func (t *step) exhibits() (of string, files []form.File) {
	switch {
	case t.Place == AtPlaint && t.desk.Complaint != nil:
		return t.desk.Complaint.Report, exhibits(record.Record{}, t.desk.Complaint.Acts)
	case t.Place == AtReport && t.desk.Report != nil:
		return t.desk.Report.ID, exhibits(t.desk.Report.Record, t.desk.Report.Acts)
	case t.desk.Entry != nil && t.desk.Follow != nil:
		return t.desk.Entry.ID, exhibits(*t.desk.Entry, t.desk.Follow.Acts)
	case t.desk.Entry != nil:
		return t.desk.Entry.ID, evidenceOf(t.desk.Entry.Answers)
	}
	return "", nil
}

// ownExhibits is how many pieces of evidence the own entry being read came with.
func (v view) ownExhibits() int {
	if v.d.Entry == nil {
		return 0
	}
	return len(evidenceOf(v.d.Entry.Answers))
}

// mayDo names what may be done now.
func (v view) mayDo(may []law.ActKind) string {
	var names []string
	for _, k := range may {
		names = append(names, v.say(actKey(k)))
	}
	return strings.Join(names, v.say(text.ListComma))
}

// stated is what has been given to a statement so far.
func (v view) stated(x Statement) string {
	var b strings.Builder
	if words := x.words(); words != "" {
		n := utf8.RuneCountInString(words)
		b.WriteString("\n\n" + v.say(text.GivenStory, len(x.Parts), n, statementLimit-n) + "\n" + tail(words, pageLimit))
	}
	if len(x.Files) > 0 {
		b.WriteString("\n")
	}
	for i, f := range x.Files {
		b.WriteString("\n" + v.fileLine(i, f))
	}
	return b.String()
}

// takeBacks are the buttons that remove what was given to a statement.
func (v view) takeBacks(x Statement) [][]Button {
	var rows [][]Button
	if len(x.Parts) > 0 {
		rows = append(rows, []Button{v.button(text.BtnRemoveLast, Tap{Verb: DoRemove, Turn: v.s.Turn})})
	}
	var bs []Button
	for i, f := range x.Files {
		bs = append(bs, Button{Label: v.say(text.BtnRemoveFile, i+1), Tap: Tap{Verb: DoRemove, Turn: v.s.Turn, Arg: f.ID}})
	}
	return append(rows, inPairs(bs)...)
}

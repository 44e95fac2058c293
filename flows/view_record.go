package flows

import (
	"fmt"
	"slices"
	"strings"

	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

func (v view) records() Screen {
	n := len(v.d.Records)
	var own [][]Button
	if len(v.d.Own) > 0 {
		own = [][]Button{{v.goTo(text.BtnOwnFile, AtOwnFile)}}
	}
	if n == 0 {
		return Screen{Text: v.say(text.RecordsNone), Rows: append(own, v.home())}
	}
	page, from, to := v.page(n, pageSize)
	var rows [][]Button
	for _, r := range v.d.Records[from:to] {
		label := v.caseTag(r.Number) + " · " + law.DateOf(r.Signed).String()
		rows = append(rows, []Button{{Label: label, Tap: Tap{Verb: DoRecord, Arg: r.ID}}})
	}
	rows = append(append(rows, v.pager(page, n, pageSize)...), own...)
	return Screen{Text: v.say(text.RecordsTitle, n), Rows: append(rows, v.home())}
}

// record shows an own entry: first its receipt, which looks the same whatever was filed, then on request its content.
func (v view) record() Screen {
	r, ok := v.receipt(v.s.Subject)
	if !ok {
		return Screen{Text: v.say(text.RecordGone), Rows: [][]Button{v.home()}}
	}
	if v.s.Act != nil && v.d.Follow != nil {
		return v.drafted()
	}
	if v.s.Page > 0 && v.d.Entry != nil {
		return v.content(*v.d.Entry)
	}
	body := v.say(text.RecordReceipt, v.caseName(r.Number), v.d.Me.Name, v.moment(r.Signed), r.ID, r.Digest)
	rows := [][]Button{{v.button(text.BtnContent, Tap{Verb: DoPage, Arg: "1"}), v.button(text.BtnPrint, Tap{Verb: DoPrint})}}
	var more []Button
	if v.d.Me.Left {
		rows[0] = rows[0][:1]
	}
	if r.Superseded == "" {
		more = append(more, v.button(text.BtnCorrect, Tap{Verb: DoCorrect, Arg: r.ID}))
	} else {
		body += v.say(text.RecordSuperseded, r.Superseded)
	}
	if r.CaseID != "" {
		more = append(more, v.button(text.BtnAdd, Tap{Verb: DoAdd, Arg: r.CaseID}))
	}
	if len(more) > 0 && !v.d.Me.Left {
		rows = append(rows, more)
	}
	rows = append(rows, []Button{v.button(text.BtnProtect, Tap{Verb: DoProtect, Arg: r.ID})})
	return Screen{Text: body, Rows: append(rows, []Button{v.button(text.BtnKeepReceipt, Tap{Verb: DoReceipt}), v.goTo(text.BtnRecords, AtRecords)}, v.home())}
}

// after puts a part of a text behind another one.
func after(part string) string {
	if part == "" {
		return ""
	}
	return "\n\n" + part
}

func (v view) receipt(id string) (Receipt, bool) {
	for _, r := range v.d.Records {
		if r.ID == id {
			return r, true
		}
	}
	return Receipt{}, false
}

// content shows what the signer filed, as it was filed. Page 1 is its first page; page 0 is the receipt.
func (v view) content(r record.Record) Screen {
	pages := paginate(v.whole(r) + "\n\n" + wayOf(v.d, r) + v.movedTo(r) + after(v.follow()))
	page := min(v.s.Page, len(pages))
	var turn []Button
	if page > 1 {
		turn = append(turn, v.button(text.BtnEarlier, Tap{Verb: DoPage, Arg: fmt.Sprint(page - 1)}))
	}
	if page < len(pages) {
		turn = append(turn, v.button(text.BtnLater, Tap{Verb: DoPage, Arg: fmt.Sprint(page + 1)}))
	}
	var rows [][]Button
	if len(turn) > 0 {
		rows = append(rows, turn)
	}
	var acts []record.Act
	if v.d.Follow != nil {
		acts = v.d.Follow.Acts
	}
	rows = append(rows, v.evidenceButtons(r, acts)...)
	if v.d.Follow != nil {
		rows = append(rows, v.actions(v.d.Follow.May, nil)...)
	}
	rows = append(rows, []Button{v.button(text.BtnReceipt, Tap{Verb: DoPage, Arg: "0"})}, v.home())
	return Screen{Text: pages[page-1], Rows: rows, Protect: true}
}

// movedTo tells where a report is now if that is not where it was sent at signing (R5.5).
func (v view) movedTo(r record.Record) string {
	var lines []string
	for _, s := range v.d.Way {
		if r.Report == nil {
			continue
		}
		i := slices.IndexFunc(r.Report.Stops, func(x record.Stop) bool { return x.Unit == s.Unit })
		if i < 0 {
			lines = append(lines, "· "+v.stopLine(s))
			continue
		}
		var also []string
		for _, p := range s.Recipients {
			if !slices.Contains(r.Report.Stops[i].Recipients, p) {
				also = append(also, p.Name)
			}
		}
		if len(also) > 0 {
			lines = append(lines, v.say(text.WayAlso, s.UnitName, strings.Join(also, v.say(text.ListComma))))
		}
	}
	if len(lines) == 0 {
		return ""
	}
	return "\n\n" + v.say(text.WayMoved) + "\n" + strings.Join(lines, "\n")
}

func (v view) whole(r record.Record) string {
	ed, ok := form.ByID(r.Edition)
	if !ok {
		return v.say(text.SheetUnknown)
	}
	return entryText(v.d, ed, r.Case, r.Answers, r.Supersedes != "")
}

func (v view) evidenceButtons(r record.Record, acts []record.Act) [][]Button {
	var bs []Button
	for i, f := range exhibits(r, acts) {
		label := v.say(text.BtnEvidence, i+1, v.say(text.Key("file."+f.Kind)))
		bs = append(bs, Button{Label: label, Tap: Tap{Verb: DoEvidence, Arg: f.ID}})
	}
	return inPairs(bs)
}

func evidenceOf(a form.Answers) []form.File { return a[form.Evidence].Files }

// report shows a report to its recipient. It is on the desk only if the store decided so and wrote it down.
func (v view) report() Screen {
	r := v.d.Report
	back := []Button{v.goTo(text.BtnBack, AtTodo)}
	if r == nil || r.ID != v.s.Subject {
		return Screen{Text: v.say(text.ReportGone), Rows: [][]Button{back}}
	}
	if v.s.Act != nil && v.s.Act.Kind == law.Draft {
		return v.letter()
	}
	if v.s.Act != nil {
		return v.drafted()
	}
	entry, head := r.Record, ""
	if r.Party {
		head = v.say(text.PartyTitle)
		if r.Level != law.PartyOrganisation {
			head += v.say(text.PartyInstead)
		}
	} else {
		entry = withoutParty(entry)
	}
	body := head + v.reportHead(r) + v.whole(entry) + after(v.hands(r)) + after(v.changes(r)) +
		after(v.course(r.Acts, r.Tasks, len(evidenceOf(r.Record.Answers)))) + after(v.disclosures(r)) + after(v.othersText(r)) + v.say(text.ReportEnd)
	pages := paginate(body)
	page, _, _ := v.page(len(pages), 1)
	rows := v.pager(page, len(pages), 1)
	rows = append(rows, v.evidenceButtons(r.Record, r.Acts)...)
	rows = append(rows, v.letterRows(r)...)
	rows = append(rows, v.actions(r.may(), r)...)
	rows = append(rows, v.basisRows(r)...)
	return Screen{Text: pages[page], Rows: append(rows, back), Protect: true}
}

// withoutParty is a record as its handlers read it: Party affiliation is shown on the Party's own track only (R7.3).
func withoutParty(r record.Record) record.Record {
	r.Answers = r.Answers.Clone()
	delete(r.Answers, form.Party)
	return r
}

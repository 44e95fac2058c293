package flows

import (
	"strings"

	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

// transfer draws a transfer being prepared: which organ, what paper, then all of it.
func (v view) transfer(d *Drafted, r *Report) Screen {
	back := []Button{v.button(text.BtnBack, Tap{Verb: DoDrop, Turn: v.s.Turn})}
	if d.picking() {
		return v.pickOrgan(d, r, back)
	}
	var parts []string
	if o := d.Outside; o != nil {
		parts = []string{v.say(text.TransferPaper, o.Name), v.say(text.TransferPaperAsk)}
		switch lacks := o.lacks(); lacks {
		case askNumber:
			return Screen{Text: strings.Join(append(parts, v.say(text.TransferNumber)), "\n\n"), Rows: [][]Button{back}, Protect: true}
		case askDate:
			today := []Button{v.button(text.BtnToday, Tap{Verb: DoOrgan, Turn: v.s.Turn, Arg: argToday})}
			return Screen{Text: strings.Join(append(parts, v.say(text.TransferDate)), "\n\n"), Rows: [][]Button{today, back}, Protect: true}
		}
		day, _ := law.ParseDate(o.Date)
		parts = append(parts, v.line(text.LinePaper, o.Number)+"\n"+v.line(text.LinePaperDate, v.date(day)))
	} else {
		to, _ := organOf(r, d.To)
		parts = []string{v.say(text.BtnTransferTo, to.Name), v.say(v.askKey(d))}
		if to.At != "" {
			parts = append(parts, v.say(text.TransferAt, to.At))
		}
		if len(to.Out) > 0 {
			parts = append(parts, v.say(text.TransferOut, strings.Join(to.Out, v.say(text.ListComma))))
		}
	}
	if d.Words != "" {
		parts = append(parts, v.say(text.GivenText, "\n"+d.Words))
	}
	rows := [][]Button{{v.button(text.BtnDo, Tap{Verb: DoCarry, Turn: v.s.Turn})}, back}
	return Screen{Text: clip(strings.Join(parts, "\n\n"), screenLimit), Rows: rows, Protect: true}
}

// pickOrgan lists the organs, those of the name that was sent if one was.
func (v view) pickOrgan(d *Drafted, r *Report, back []Button) Screen {
	var found []Organ
	for _, o := range r.Organs {
		if strings.Contains(o.Name, d.Find) {
			found = append(found, o)
		}
	}
	body := v.say(text.TransferWhere)
	if d.Find != "" {
		k := text.TransferFound
		if len(found) == 0 {
			k = text.TransferNone
		}
		body += "\n\n" + v.say(k, d.Find)
	}
	var rows [][]Button
	page, from, to := v.page(len(found), pageSize)
	for _, o := range found[from:to] {
		rows = append(rows, []Button{{Label: o.Name, Tap: Tap{Verb: DoOrgan, Turn: v.s.Turn, Arg: o.ID}}})
	}
	rows = append(rows, v.pager(page, len(found), pageSize)...)
	if r.strange(d.Find) {
		rows = append(rows, []Button{{Label: v.say(text.BtnTransferPaper, d.Find), Tap: Tap{Verb: DoOrgan, Turn: v.s.Turn, Arg: argOutside}}})
	}
	return Screen{Text: body, Rows: append(rows, back), Protect: true}
}

// handedTo is where an act handed a report.
func (v view) handedTo(a record.Act) string {
	day, err := law.ParseDate(a.Date)
	switch {
	case a.To == nil:
		return ""
	case a.To.ID != "":
		return v.say(text.Colon) + a.To.Name
	case err != nil: // as its reporter reads it
		return v.say(text.Colon) + a.To.Name + v.say(text.TransferOutside)
	}
	return v.say(text.Colon) + a.To.Name + v.say(text.TransferOnPaper, a.Number, v.date(day))
}

// handedOn are the transfers on paper in the register of disclosures: the report went to people whom this system does not know (R8.8).
func (v view) handedOn(r *Report) (lines []string) {
	for _, a := range r.Acts {
		if a.Kind == law.Transfer && a.Unit == r.Unit && a.To != nil && a.To.ID == "" {
			lines = append(lines, v.say(text.RegisterHanded, v.moment(a.At), a.By.Name, v.handedTo(a)))
		}
	}
	return lines
}

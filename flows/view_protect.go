package flows

import (
	"slices"
	"strings"

	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

// protect shows what protects the signer of an entry, before anything is asked of them (R9.4), and who would receive a complaint.
func (v view) protect() Screen {
	p := v.d.Protect
	if p == nil || p.Record.ID != v.s.Subject {
		return Screen{Text: v.say(text.RecordGone), Rows: [][]Button{v.home()}}
	}
	if v.s.Act.grieving() {
		return v.drafted()
	}
	body := v.say(text.ProtectTitle) + "\n\n" + law.Article(9) + "\n" + v.say(text.ProtectLaws) + "\n\n" +
		v.say(text.ProtectHow) + "\n\n" + v.complaintWay(nil)
	var rows [][]Button
	if p.Watch.Asking {
		body = v.say(text.WatchQuestion) + "\n\n" + body
		rows = append(rows,
			[]Button{v.button(text.BtnNone, Tap{Verb: DoFine, Turn: v.s.Turn})},
			[]Button{v.button(text.BtnSome, Tap{Verb: DoAct, Turn: v.s.Turn, Arg: string(law.Complain)})})
	} else {
		rows = append(rows, []Button{v.button(text.BtnComplain, Tap{Verb: DoAct, Turn: v.s.Turn, Arg: string(law.Complain)})})
	}
	for _, x := range p.Plaints {
		rows = append(rows, []Button{{Label: v.say(text.BtnPlaint, v.moment(x.Made), v.standing(x.Standing)), Tap: Tap{Verb: DoPlaint, Arg: x.ID}}})
	}
	switch {
	case p.Watch.Wanted && !p.Watch.Next.IsZero():
		body += "\n\n" + v.say(text.WatchOn, v.date(p.Watch.Next))
		rows = append(rows, []Button{v.button(text.BtnWatchOff, Tap{Verb: DoAskMe, Turn: v.s.Turn})})
	case p.Watch.Asking:
		rows = append(rows, []Button{v.button(text.BtnWatchOff, Tap{Verb: DoAskMe, Turn: v.s.Turn})})
	default:
		n := [3]int{}
		for i, d := range []law.Duty{law.CheckIn1, law.CheckIn2, law.CheckIn3} {
			n[i] = v.d.Policy.Deadline(d).N
		}
		rows = append(rows, []Button{v.button(text.BtnWatchOn, Tap{Verb: DoAskMe, Turn: v.s.Turn, On: true}, n[0], n[1], n[2])})
	}
	rows = append(rows, []Button{v.button(text.BtnReceipt, Tap{Verb: DoRecord, Arg: p.Record.ID})}, v.home())
	return Screen{Text: clip(body, screenLimit), Rows: rows, Protect: true}
}

// standing is how far a report or a complaint has come.
func (v view) standing(s law.Standing) string { return v.say(text.Key("standing." + s.String())) }

// complaintWay says who will receive a complaint and who will not, as the law has it today, with those named so far.
func (v view) complaintWay(g *Grievance) string {
	p := v.d.Protect
	var named []string
	stranger := false
	if g != nil {
		stranger = slices.Contains(g.Named, unlisted)
		named = slices.DeleteFunc(slices.Clone(g.Named), func(id string) bool { return id == unlisted })
	}
	r := ComplaintWay(v.d.Policy, p.Directory, p.Linked, named, stranger)
	lines := []string{v.say(text.WayTo)}
	if r.Held {
		lines = []string{v.say(text.ComplaintHeld)}
	}
	for _, s := range r.Stops {
		s.Cite.Reading = ""
		u, _ := p.Directory.Unit(s.Unit)
		stop := record.Stop{UnitName: u.Name, Article: s.Cite.String()}
		for _, id := range s.Recipients {
			stop.Recipients = append(stop.Recipients, record.Person{ID: string(id), Name: nameIn(p.Directory, id)})
		}
		slices.SortFunc(stop.Recipients, byName)
		lines = append(lines, "· "+v.stopLine(stop))
		if s.Why != 0 {
			lines = append(lines, v.say(text.WayClimbed))
		}
	}
	lines = append(lines, "", v.say(text.WayNot), v.say(text.ComplaintNotHouse, p.Record.Institution.Name))
	var out []record.Person
	for _, e := range r.Excluded {
		if name := nameIn(p.Directory, e.Person); name != "" && e.Reason != law.Bypassed {
			out = append(out, record.Person{ID: string(e.Person), Name: name})
		}
	}
	slices.SortFunc(out, byName)
	for _, x := range out {
		lines = append(lines, v.say(text.ComplaintNotNamed, x.Name))
	}
	return strings.Join(lines, "\n")
}

func nameIn(d law.Directory, id law.PersonID) string {
	i := slices.IndexFunc(d.Members, func(m law.Member) bool { return m.ID == id })
	if i < 0 {
		return ""
	}
	return d.Members[i].Name
}

// grievance draws the question on the table of a complaint being written.
func (v view) grievance(d *Drafted) Screen {
	g, s := d.Grievance, *d.Statement
	next := v.button(text.BtnNext, Tap{Verb: DoNext, Turn: v.s.Turn})
	back := []Button{v.button(text.BtnBack, Tap{Verb: DoBack, Turn: v.s.Turn})}
	var b strings.Builder
	b.WriteString(v.say(actKey(d.Kind)) + "\n\n")
	var rows [][]Button
	switch g.at(d.Statement) {
	case atWho:
		b.WriteString(v.say(text.GrieveWho))
	case atNamed:
		b.WriteString(v.say(text.GrieveNamed))
		rows = append(v.officialRows(g), []Button{next})
	case atWhen:
		b.WriteString(v.say(text.GrieveWhen))
	case atHow:
		b.WriteString(v.say(text.GrieveHow) + v.stated(s))
		rows = append(v.takeBacks(s), []Button{next})
	case atReview:
		b.WriteString(v.say(text.GrieveReview) + "\n\n" + v.say(text.ComplaintText, g.Who, g.When, clip(s.words(), pageLimit/2)) + "\n")
		for i, f := range s.Files {
			b.WriteString(v.say(text.StatementFile, v.fileLine(i, f)) + "\n")
		}
		b.WriteString("\n" + v.complaintWay(g))
		rows = append(rows, []Button{v.button(text.BtnSubmit, Tap{Verb: DoCarry, Turn: v.s.Turn})})
	}
	return Screen{Text: clip(b.String(), screenLimit), Rows: append(rows, back), Protect: true}
}

func (v view) officialRows(g *Grievance) [][]Button {
	var rows [][]Button
	box := func(id, label string) {
		on := slices.Contains(g.Named, id)
		mark := "☐ "
		if on {
			mark = "☑ "
		}
		rows = append(rows, []Button{{Label: mark + label, Tap: Tap{Verb: DoTick, Arg: id, On: !on}}})
	}
	for _, m := range officials(v.d) {
		u, _ := v.d.Protect.Directory.Unit(m.Unit)
		box(string(m.ID), m.Name+v.say(text.InBrackets, u.Name))
	}
	box(unlisted, v.say(text.GrieveUnlisted))
	return rows
}

// plaint shows an own complaint and what became of it.
func (v view) plaint() Screen {
	c := v.d.Complaint
	if c == nil || c.Report != v.s.Subject || len(c.Acts) == 0 {
		return Screen{Text: v.say(text.RecordGone), Rows: [][]Button{v.home()}}
	}
	if v.s.Act != nil {
		return v.drafted()
	}
	lines := []string{v.say(text.PlaintTitle, v.moment(c.Acts[0].At)), "", v.say(text.WayWent)}
	for _, s := range c.Way {
		lines = append(lines, "· "+v.stopLine(s))
	}
	if len(c.Way) == 0 {
		lines[2] = v.say(text.ComplaintHeld)
	}
	pages := paginate(strings.Join(lines, "\n") + after(v.progress(&c.Follow, 0)))
	page, _, _ := v.page(len(pages), 1)
	rows := append(v.pager(page, len(pages), 1), v.evidenceButtons(record.Record{}, c.Acts)...)
	rows = append(rows, v.actions(c.May, nil)...)
	rows = append(rows, []Button{v.button(text.BtnBack, Tap{Verb: DoProtect, Arg: c.Entry})}, v.home())
	return Screen{Text: pages[page], Rows: rows, Protect: true}
}

// todoProtect are the lines and buttons about the caller's own protection.
func (v view) todoProtect() (lines string, rows [][]Button) {
	for _, id := range v.d.Asked {
		if r, ok := v.receipt(id); ok {
			lines += "\n\n" + v.say(text.TodoAsked, v.caseName(r.Number))
			rows = append(rows, []Button{v.button(text.BtnAsked, Tap{Verb: DoProtect, Arg: id}, v.caseTag(r.Number))})
		}
	}
	for _, id := range v.d.News {
		lines += "\n\n" + v.say(text.TodoPlaint)
		rows = append(rows, []Button{v.button(text.BtnPlaintNews, Tap{Verb: DoPlaint, Arg: id})})
	}
	return lines, rows
}

// reportHead is what stands above a report, or above a complaint with the entry that its reporter had signed.
func (v view) reportHead(r *Report) string {
	k := text.ReportTitle
	if r.Complaint {
		k = text.ComplaintTitle
	}
	return v.say(k, v.moment(r.Arrived), r.Record.Signer.Name, r.Record.Institution.Name, v.moment(r.Record.Signed))
}

// changes are what the register says happened to the reporter since their report, for the organ that handles it (R9.3).
func (v view) changes(r *Report) string {
	if len(r.Changes) == 0 && r.Share == nil {
		return ""
	}
	lines := []string{v.say(text.ChangesTitle)}
	for _, c := range r.Changes {
		if c.Role == 0 {
			lines = append(lines, v.say(text.ChangeLeft, v.date(c.On)))
		} else {
			lines = append(lines, v.say(text.ChangeRole, v.date(c.On), v.say(roleKey(c.Role))))
		}
	}
	if s := r.Share; s != nil {
		lines = append(lines, v.say(text.ChangeShare, v.date(s.Since), s.After, law.ShareSpan, s.Before, s.OwnBefore))
	}
	return strings.Join(lines, "\n")
}

// askKey is what is asked before an act: some are asked otherwise about a complaint.
func (v view) askKey(d *Drafted) text.Key {
	if r := v.d.Report; r != nil {
		if d.Kind == law.Decide && r.Complaint {
			return text.AskDecideComplaint
		}
		if t, ok := taskOf(r.Tasks, d.Task); ok && d.Kind == law.Perform && t.Duty == law.Investigate {
			return text.AskInvestigate
		}
	}
	return text.Key("act.ask." + string(d.Kind))
}

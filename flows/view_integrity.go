package flows

import (
	"slices"
	"strings"

	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

func measureKey(k law.MeasureKind) text.Key { return text.Key("measure." + string(k)) }

func stageKey(s law.Stage) text.Key { return text.Key("stage." + s.String()) }

func (v view) ground(name string) string { return v.say(text.Key("ground." + name)) }

// wantsLook counts the proceedings about the caller that there is something to see in.
func (d Desk) wantsLook() int {
	n := 0
	for _, m := range d.Own {
		if m.Stage == law.Ordered || m.News {
			n++
		}
	}
	return n
}

// integrity is the authority's room for Art. 11: hints first, then proceedings.
func (v view) integrity() Screen {
	x := v.d.Integrity
	if x == nil {
		return Screen{Text: v.say(text.ReportGone), Rows: [][]Button{v.home()}}
	}
	n := len(x.Hints) + len(x.Matters)
	page, from, to := v.page(n, pageSize)
	lines := []string{v.say(text.IntegrityTitle)}
	var rows [][]Button
	for i := from; i < to; i++ {
		if i < len(x.Hints) {
			h := x.Hints[i]
			if i == from {
				lines = append(lines, v.say(text.IntegrityHints))
			}
			line := v.say(text.IntegrityHint, h.Who.Name, h.Institution.Name, h.Case.Number, v.date(h.Closed))
			if e := h.Absent; e != nil {
				line += "\n" + v.say(text.IntegrityAbsent, v.say(reasonKey(e.Reason)), e.By, e.Second, v.date(e.On))
			}
			lines = append(lines, line)
			rows = append(rows, []Button{{Label: v.say(text.BtnHint, h.Who.Name, v.caseTag(h.Case.Number)), Tap: Tap{Verb: DoAccuse, Turn: v.s.Turn, Arg: h.Who.ID + "/" + h.Case.ID}}})
			continue
		}
		m := x.Matters[i-len(x.Hints)]
		if i == max(from, len(x.Hints)) {
			lines = append(lines, v.say(text.IntegrityMatters))
		}
		lines = append(lines, v.say(text.IntegrityMatter, m.Who, m.Institution, v.standing11(m)))
		rows = append(rows, []Button{{Label: m.Who + " · " + v.say(stageKey(m.Stage)), Tap: Tap{Verb: DoProceeding, Arg: m.ID}}})
	}
	if n == 0 {
		lines = append(lines, v.say(text.IntegrityNone))
	}
	rows = append(rows, v.pager(page, n, pageSize)...)
	rows = append(rows, []Button{v.goTo(text.BtnAccuse, AtAccuse)})
	if len(x.Matters) > 0 {
		rows = append(rows, []Button{v.button(text.BtnLedger, Tap{Verb: DoLedger})})
	}
	return Screen{Text: clip(strings.Join(lines, "\n\n"), screenLimit), Rows: append(rows, v.home()), Protect: true}
}

// standing11 is how far a proceeding has come, in one line.
func (v view) standing11(m Matter) string {
	s := v.say(text.StageLine, v.say(stageKey(m.Stage)), v.date(m.On))
	if m.Stage == law.Ordered {
		s += v.say(text.StageDue, v.date(m.Due))
		if !law.DateOf(v.d.Now).Before(m.Ripe) {
			s += v.say(text.StageRipe)
		}
	}
	return s
}

// accuse asks of whom a correction is to be ordered, then draws the order being prepared.
func (v view) accuse() Screen {
	back := []Button{v.goTo(text.BtnBack, AtIntegrity)}
	if v.s.Basis != "" {
		back = []Button{{Label: v.say(text.BtnBack), Tap: Tap{Verb: DoRead, Arg: v.s.Basis}}}
	}
	switch {
	case v.s.Measure != nil:
		return v.measured()
	case !v.d.Me.officer():
		return Screen{Text: v.say(text.ReportGone), Rows: [][]Button{v.home()}}
	}
	body := v.say(text.AccuseAsk)
	if v.s.Basis != "" {
		body += "\n\n" + v.restsOn(v.s.Plaint)
	}
	if v.s.Subject != "" && len(v.d.Found) == 0 {
		body = v.say(text.AccuseNobody, v.s.Subject) + "\n\n" + body
	}
	return Screen{Text: body, Rows: append(v.candidates(v.d.Found), back), Protect: true}
}

// candidates are buttons for people of whom a correction can be ordered.
func (v view) candidates(list []Candidate) [][]Button {
	var rows [][]Button
	for _, c := range list {
		label := v.say(text.BtnOrder, c.Who.Name, c.Institution.Name)
		rows = append(rows, []Button{{Label: label, Tap: Tap{Verb: DoAccuse, Turn: v.s.Turn, Arg: c.Who.ID}}})
	}
	return rows
}

// measured draws a measure being prepared: the open question, or everything before it is done.
func (v view) measured() Screen {
	m := v.s.Measure
	head := v.say(measureKey(m.Kind)) + v.say(text.Colon) + m.Subject.Name
	back := []Button{v.button(text.BtnBack, Tap{Verb: DoUngive, Turn: v.s.Turn})}
	if q := m.asked(); q != "" {
		key := text.Key("measure.ask." + q)
		if q == askText {
			key = text.Key("measure.ask." + string(m.Kind))
		}
		body := head + "\n\n" + v.say(key)
		if q == askText && m.Kind == law.OrderCorrection {
			body += "\n\n" + v.warning()
		}
		return Screen{Text: body, Rows: append(v.gives(q), back), Protect: true}
	}
	lines := []string{head, v.measureText(m.Measure)}
	if m.Subject.ID != v.d.Me.ID {
		lines = append(lines, v.say(text.MeasureTold))
		if !m.Reachable {
			lines = append(lines, v.say(text.MeasureUnreachable, m.Subject.Name))
		}
		if m.Kind == law.OrderCorrection {
			lines = append(lines, v.warning())
		}
	}
	return Screen{Text: clip(strings.Join(lines, "\n\n"), screenLimit), Protect: true, Rows: [][]Button{
		{v.button(text.BtnDo, Tap{Verb: DoTake, Turn: v.s.Turn})}, back,
	}}
}

// warning reminds an officer of Art. 10: the person reads what is written.
func (v view) warning() string {
	if v.s.Measure.Report != "" {
		return v.restsOn(v.s.Measure.Plaint)
	}
	return v.say(text.MeasureWarning)
}

// restsOn tells an officer what they must not give away when something under Art. 11 rests on a report, or on a complaint.
func (v view) restsOn(plaint bool) string {
	if plaint {
		return v.say(text.MeasureOnPlaint)
	}
	return v.say(text.MeasureOnReport)
}

// gives are the buttons with which a question can be answered.
func (v view) gives(q string) [][]Button {
	give := func(label, arg string) []Button {
		return []Button{{Label: label, Tap: Tap{Verb: DoGive, Turn: v.s.Turn, Arg: arg}}}
	}
	switch q {
	case askGround:
		var rows [][]Button
		for _, g := range v.s.Measure.Grounds {
			rows = append(rows, give(v.ground(g), g))
		}
		return rows
	case askCounts:
		return [][]Button{give(v.say(text.BtnCounts), argYes), give(v.say(text.BtnCountsNot), argNo)}
	case askDue:
		return [][]Button{give(v.say(text.BtnDue, v.date(v.d.Dates.Due)), v.d.Dates.Due.String())}
	case askDate:
		return [][]Button{give(v.say(text.BtnToday), law.DateOf(v.d.Now).String())}
	}
	return nil
}

// measureText is what a measure says, line by line; the same for officers and for the person.
func (v view) measureText(m record.Measure) string {
	var lines []string
	put := func(k text.Key, value string) {
		if value != "" {
			lines = append(lines, v.line(k, value))
		}
	}
	day := func(s string) string {
		d, err := law.ParseDate(s)
		if err != nil {
			return ""
		}
		return v.date(d)
	}
	if m.Ground != "" {
		put(text.LineGround, v.ground(m.Ground))
		if m.Counts {
			lines = append(lines, v.say(text.BtnCounts))
		}
	}
	put(text.LineNumber, m.Case.Number)
	put(text.LineFacts, m.Text)
	put(text.LineProof, m.Evidence)
	put(text.LineDue, day(m.Due))
	put(text.LineDefence, day(m.Defence))
	put(text.LinePaper, m.Number)
	put(text.LinePaperDate, day(m.Date))
	return strings.Join(lines, "\n")
}

// proceeding shows one proceeding, to an officer or to the person. It is on the desk only if the store decided so and wrote it
// down.
func (v view) proceeding() Screen {
	p := v.d.Acting
	if p == nil || p.ID != v.s.Subject {
		return Screen{Text: v.say(text.ReportGone), Rows: [][]Button{v.home()}}
	}
	if v.s.Measure != nil {
		return v.measured()
	}
	pages := paginate(v.proceedingText(*p))
	page, _, _ := v.page(len(pages), 1)
	rows := v.pager(page, len(pages), 1)
	for _, k := range p.May {
		rows = append(rows, []Button{{Label: v.say(measureKey(k)), Tap: Tap{Verb: DoMeasure, Turn: v.s.Turn, Arg: string(k)}}})
	}
	if p.Own && p.Order().Case.ID != "" && !p.Filed {
		rows = append(rows, []Button{{Label: v.say(text.BtnFileNow, v.caseTag(p.Order().Case.Number)), Tap: Tap{Verb: DoCase, Arg: p.Order().Case.ID}}})
	}
	back := v.goTo(text.BtnBack, AtIntegrity)
	if p.Own {
		back = v.goTo(text.BtnBack, AtOwnFile)
	}
	return Screen{Text: pages[page], Rows: append(rows, []Button{back}), Protect: true}
}

func (v view) proceedingText(p Proceeding) string {
	o := p.Order()
	parts := []string{v.say(text.ProceedingTitle, o.Subject.Name, o.Institution.Name, p.UnitName, v.say(stageKey(p.State.Stage)))}
	for _, m := range p.Measures {
		who := p.UnitName
		if m.By.Name != "" {
			who = m.By.Name
		}
		parts = append(parts, v.say(text.CourseLine, v.moment(m.At), v.say(measureKey(m.Kind)), "　"+who)+"\n"+v.measureText(m))
	}
	var notes []string
	if o.Case.ID != "" {
		notes = append(notes, v.say(map[bool]text.Key{true: text.CaseNowFiled, false: text.CaseNotFiled}[p.Filed], o.Case.Number))
	}
	if p.State.Stage == law.Ordered {
		k := text.RipeOfficer
		if p.Own {
			k = text.RipeOwn
		}
		notes = append(notes, v.say(k, v.date(p.State.Ripe())))
	}
	if slices.Contains(p.May, law.Admonish) {
		notes = append(notes, v.say(text.SecondEntry, p.Nth))
	}
	if p.OnReport {
		notes = append(notes, v.restsOn(p.OnPlaint))
	}
	if !p.Own && !p.Reachable {
		notes = append(notes, v.say(text.MeasureUnreachable, o.Subject.Name))
	}
	return strings.Join(append(parts, notes...), "\n\n")
}

// ownFile lists the proceedings about the caller (R11.4).
func (v view) ownFile() Screen {
	n := len(v.d.Own)
	if n == 0 {
		return Screen{Text: v.say(text.OwnFileNone), Rows: [][]Button{v.home()}}
	}
	page, from, to := v.page(n, pageSize)
	lines := []string{v.say(text.OwnFileTitle)}
	var rows [][]Button
	for _, m := range v.d.Own[from:to] {
		lines = append(lines, "· "+v.standing11(m))
		rows = append(rows, []Button{{Label: v.date(m.On) + " · " + v.say(stageKey(m.Stage)), Tap: Tap{Verb: DoProceeding, Arg: m.ID}}})
	}
	rows = append(rows, v.pager(page, n, pageSize)...)
	return Screen{Text: strings.Join(lines, "\n"), Rows: append(rows, v.home()), Protect: true}
}

// othersText tells an officer who reads a report which other signers have filed without a report having come here: a hint, and
// never that somebody wrote something else (AM-4).
func (v view) othersText(r *Report) string {
	if len(r.Others) == 0 {
		return ""
	}
	var names []string
	for _, c := range r.Others {
		names = append(names, c.Who.Name)
	}
	return v.say(text.OthersFiled, strings.Join(names, v.say(text.ListComma)))
}

// basisRows lead from a report to Art. 11.
func (v view) basisRows(r *Report) [][]Button {
	if r.Level != law.Authority || !v.d.Me.officer() {
		return nil
	}
	k := text.BtnBasis
	if r.Complaint {
		k = text.BtnBasisPlaint
	}
	return append(v.candidates(r.Others), []Button{v.button(k, Tap{Verb: DoBasis})})
}

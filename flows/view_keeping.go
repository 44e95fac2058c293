package flows

import (
	"strings"

	"liuhen/flows/law"
	"liuhen/flows/text"
)

// keeping is the room of those who keep the files of cases.
func (v view) keeping() Screen {
	d := v.d.Keeping
	switch {
	case d == nil:
		return Screen{Text: v.say(text.KeepingNotYours), Rows: [][]Button{v.home()}}
	case v.s.Keep != nil:
		return v.kept(*v.s.Keep)
	}
	lines := []string{v.say(text.KeepingTitle), "", v.say(text.KeepingAbout, v.d.Policy.Deadline(law.Retention).N), "", v.say(text.KeepingHeld)}
	var rows [][]Button
	for _, h := range d.Held {
		lines = append(lines, v.say(text.KeepingHold, h.Case.Number, h.Unit, h.By, v.date(h.On), h.Words))
		if h.Mine {
			rows = append(rows, []Button{{Label: v.say(text.BtnRelease, v.caseTag(h.Case.Number)), Tap: v.keepTap(law.Release, h.ID)}})
		}
	}
	if len(d.Held) == 0 {
		lines = append(lines, v.say(text.KeepingNone))
	}
	for _, p := range d.Open {
		lines = append(lines, "", v.say(text.KeepingOpen, p.By, v.date(p.On), len(p.Cases), p.Words), v.keptCases(p.Cases))
		if p.Mine {
			lines = append(lines, v.say(text.KeepingWaits))
			continue
		}
		for _, k := range []law.DeedKind{law.Agree, law.Refuse} {
			if v.d.keeps(k) {
				rows = append(rows, []Button{{Label: v.say(deedKey(k)), Tap: v.keepTap(k, p.ID)}})
			}
		}
	}
	for _, p := range d.Done {
		lines = append(lines, "", v.say(text.KeepingDone, v.date(p.AnswerOn), len(p.Cases), p.By, p.Answered, p.Answer))
		rows = append(rows, []Button{{Label: v.say(text.BtnProtocol, v.date(p.AnswerOn), len(p.Cases)), Tap: Tap{Verb: DoProtocol, Arg: p.ID}}})
	}
	if v.d.keeps(law.Propose) && len(d.Due) > 0 {
		lines = append(lines, "", v.say(text.KeepingDue, len(d.Due)))
		rows = append(rows, []Button{{Label: v.say(deedKey(law.Propose)), Tap: v.keepTap(law.Propose, "")}})
	}
	if v.d.keeps(law.Hold) {
		rows = append(rows, []Button{{Label: v.say(deedKey(law.Hold)), Tap: v.keepTap(law.Hold, "")}})
	}
	pages := paginate(strings.Join(lines, "\n"))
	page, _, _ := v.page(len(pages), 1)
	rows = append(v.pager(page, len(pages), 1), rows...)
	return Screen{Text: pages[page], Rows: append(rows, v.home()), Protect: true}
}

func deedKey(k law.DeedKind) text.Key { return text.Key("deed." + string(k)) }

func (v view) keepTap(k law.DeedKind, about string) Tap {
	return Tap{Verb: DoKeep, Turn: v.s.Turn, Arg: string(k) + "." + about}
}

// keptCases lists cases with the days on which their retention ended.
func (v view) keptCases(list []KeptCase) string {
	var lines []string
	for _, c := range list {
		lines = append(lines, v.say(text.KeepingCase, c.Number, v.date(c.Closed), v.date(c.Until)))
	}
	return strings.Join(lines, "\n")
}

// kept draws what is being prepared.
func (v view) kept(k Kept) Screen {
	d := v.d.Keeping
	drop := []Button{v.button(text.BtnBack, Tap{Verb: DoDrop, Turn: v.s.Turn})}
	if k.Kind == law.Hold && k.Case == "" {
		s := Screen{Text: v.say(text.KeepingWhich)}
		switch {
		case d.Searched && len(d.Found) == 0:
			s.Text = v.say(text.KeepingUnknown, v.s.Subject)
		case d.Searched:
			s.Text = v.say(text.KeepingPick)
		}
		for _, c := range d.Found {
			s.Rows = append(s.Rows, []Button{{Label: c.Number + v.say(text.InBrackets, c.Institution), Tap: v.keepTap(law.Hold, c.ID)}})
		}
		s.Rows = append(s.Rows, drop)
		return s
	}
	body := v.say(deedKey(k.Kind)) + "\n\n" + v.say(text.Key("deed.ask."+string(k.Kind)))
	for _, c := range d.Found {
		if c.ID == k.Case {
			body += "\n\n" + v.say(text.KeepingThis, c.Number, c.Institution)
		}
	}
	if k.Kind == law.Propose {
		body += "\n\n" + v.keptCases(d.Due[:min(len(d.Due), disposalBatch)])
	}
	if k.Words != "" {
		body += "\n\n" + v.say(text.GivenText, "\n"+k.Words)
	}
	return Screen{
		Text: clip(body, screenLimit), Protect: true,
		Rows: [][]Button{{v.button(text.BtnDo, Tap{Verb: DoCarry, Turn: v.s.Turn})}, drop},
	}
}

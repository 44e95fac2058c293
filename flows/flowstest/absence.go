package flowstest

import (
	"slices"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/text"
)

// worldAbsence is one thing done about a 缺签说明.
type worldAbsence struct {
	law.AbsenceDeed
	words string
	on    law.Date
}

// noteAbsence takes something about a 缺签说明 down and tells whom it concerns.
func (w *World) noteAbsence(e flows.NoteAbsence) {
	d := e.Deed
	if p := w.proposal(d.About); p != nil {
		d.Case, d.Signer, d.Reason = p.Case, p.Signer, p.Reason
	}
	a, by := w.absentee(d.Case, string(d.Signer)), w.member(string(d.By))
	var to []string
	switch d.Kind {
	case law.ProposeAbsence:
		d.Side = a.Proposes(by)
		for _, m := range w.today().Members {
			if a.Answers(m, d) != "" {
				to = append(to, m.Name)
			}
		}
	case law.AgreeAbsence:
		d.Side = a.Answers(by, w.proposal(d.About).AbsenceDeed)
		if !a.Gone {
			to = append(to, w.byID(string(d.Signer)).me.Name)
		}
	default:
	}
	w.absent = append(w.absent, worldAbsence{d, e.Words, law.DateOf(w.now)})
	for _, name := range to {
		w.heard = append(w.heard, Heard{name, text.Say(w.Locale, text.NoticeWord)})
	}
}

func (w *World) proposal(id string) *worldAbsence {
	i := slices.IndexFunc(w.absent, func(x worldAbsence) bool { return x.ID == id && x.Kind == law.ProposeAbsence })
	if i < 0 {
		return nil
	}
	return &w.absent[i]
}

// member is somebody's place in the register today.
func (w *World) member(id string) law.Member {
	all := w.today().Members
	i := slices.IndexFunc(all, func(m law.Member) bool { return string(m.ID) == id })
	return all[i]
}

// absentee is a signer of a case as the law asks about them.
func (w *World) absentee(caseID, signer string) law.Absentee {
	p := w.byID(signer)
	u, _ := w.dir.Unit(law.UnitID(p.me.Institution))
	a := law.Absentee{
		Person: law.PersonID(signer), Institution: u.ID, Authority: u.Parent, Gone: !p.left.IsZero(), Head: has(p, law.Head) || slices.Contains(p.held, law.Head), Colleagues: w.today().In(u.ID),
	}
	for _, c := range w.cases {
		if c.ID == caseID {
			a.Closed, a.Filed = c.Closed, w.standing(c, signer).Filed
		}
	}
	return a
}

// absence is what was said about a signer of a case.
func (w *World) absence(caseID, signer string) (law.AbsenceDeed, law.AbsenceStage) {
	var deeds []law.AbsenceDeed
	for _, x := range w.absent {
		deeds = append(deeds, x.AbsenceDeed)
	}
	return law.Absent(deeds, caseID, law.PersonID(signer))
}

// absences is the room of those who speak in a 缺签说明; nil for everybody else.
func (w *World) absences(p *player) *flows.Absences {
	if !has(p, law.Head, law.Archivist, law.Officer, law.OfficerLead) {
		return nil
	}
	out, me, inside := &flows.Absences{}, w.member(p.me.ID), p.state.Place == flows.AtAbsences
	for _, x := range w.absent {
		a := w.absentee(x.Case, string(x.Signer))
		d, stage := w.absence(x.Case, string(x.Signer))
		if d.ID == x.ID && w.theirs(p, a) && (inside || stage == law.AbsenceProposed) {
			w.spoken(out, me, a, d, stage)
		}
	}
	for _, l := range w.lacking() {
		a := w.absentee(l.ID, l.signer.me.ID)
		_, stage := w.absence(l.ID, l.signer.me.ID)
		reasons := a.Reasons(law.Policy{}, calendar, w.date())
		if inside && stage == law.AbsenceOver && w.theirs(p, a) && len(reasons) > 0 && a.Proposes(me) != "" {
			out.Lacks = append(out.Lacks, flows.Lack{
				CaseID: l.ID, Number: l.Number, Institution: l.signer.me.UnitName, Signer: l.signer.me.ID, Name: l.signer.me.Name,
				Gone: a.Gone, Closed: l.Closed, Reasons: reasons,
			})
		}
	}
	return out
}

// theirs: an entry that is missing at somebody's institution, or at one below their organ.
func (w *World) theirs(p *player, a law.Absentee) bool {
	return !a.Filed && (p.me.Institution == string(a.Institution) || p.me.Institution == string(a.Authority))
}

// spoken puts what was said about a signer of a case into the room, with what the caller may do about it.
func (w *World) spoken(out *flows.Absences, me law.Member, a law.Absentee, d law.AbsenceDeed, stage law.AbsenceStage) {
	p, signer := w.proposal(d.ID), w.byID(string(a.Person))
	x := flows.Absence{
		ID: d.ID, CaseID: d.Case, Number: w.number(d.Case), Institution: signer.me.UnitName, Signer: signer.me.Name, Reason: p.Reason, Words: p.words,
		By: w.byID(string(p.By)).me.Name, On: p.on,
	}
	if stage == law.AbsenceProposed && a.Answers(me, p.AbsenceDeed) != "" {
		if slices.Contains(a.Reasons(law.Policy{}, calendar, w.date()), p.Reason) {
			x.May = append(x.May, law.AgreeAbsence)
		}
		x.May = append(x.May, law.RefuseAbsence)
	}
	if len(x.May) == 0 && a.Withdraws(me) {
		x.May = append(x.May, law.WithdrawAbsence)
	}
	if stage == law.AbsenceProposed {
		out.Open = append(out.Open, x)
		return
	}
	e := w.explained(d.Case, string(a.Person))
	x.Second, x.SecondOn = e.Second, e.On
	out.Noted = append([]flows.Absence{x}, out.Noted...)
}

// explained is the 缺签说明 that stands about a signer of a case, nil for none.
func (w *World) explained(caseID, signer string) *flows.Explained {
	d, stage := w.absence(caseID, signer)
	if stage != law.AbsenceNoted {
		return nil
	}
	i := slices.IndexFunc(w.absent, func(x worldAbsence) bool { return x.Kind == law.AgreeAbsence && x.About == d.ID })
	return &flows.Explained{
		Person: signer, Signer: w.byID(signer).me.Name, Reason: d.Reason, By: w.byID(string(d.By)).me.Name,
		Second: w.byID(string(w.absent[i].By)).me.Name, On: w.absent[i].on,
	}
}

// number is a case's.
func (w *World) number(id string) string {
	i := slices.IndexFunc(w.cases, func(c worldCase) bool { return c.ID == id })
	return w.cases[i].Number
}

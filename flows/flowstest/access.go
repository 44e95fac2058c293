package flowstest

import (
	"cmp"
	"slices"
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/text"
)

// access is one row of the log of access.
type access struct {
	at       time.Time
	who      *player
	action   law.Action
	by       law.Relation
	unit     string // in whose log it stands
	about    string // the report, or the leak
	allowed  bool
	excluded []string // who must not see the row
}

func (w *World) note(a access) {
	a.at, a.allowed = w.now.Truncate(time.Minute), a.by != 0
	w.seen = append(w.seen, a)
}

// looked notes what a person's dialog lets them see now.
func (w *World) looked(p *player, d flows.Desk) {
	switch {
	case p.state.Place == flows.AtReport && d.Report != nil:
		w.about(p, law.ReadReport, d.Report.ID, d.Report.Unit)
	case p.state.Place == flows.AtLog && d.Log == nil:
		w.note(access{who: p, action: law.ReadLog, unit: p.me.Institution})
	case p.state.Place == flows.AtLeaks && len(d.Leaks) > 0:
		l := w.leakOf(d.Leaks[min(max(p.state.Page, 0), len(d.Leaks)-1)].ID)
		by := law.AsConfidant
		if !slices.Contains(p.me.Roles, law.Confidant) {
			by = law.AsOfficeLead
		}
		w.note(access{who: p, action: law.ReadLeaks, by: by, unit: l.unit, about: l.leak.ID})
	}
}

// about notes what a recipient did with a report.
func (w *World) about(p *player, action law.Action, report, unit string) {
	if f := w.matterOf(report); f != nil {
		a := access{who: p, action: action, by: law.AsRecipient, unit: unit, about: report, excluded: []string{f.record.Signer.ID}}
		for _, e := range f.excluded() {
			a.excluded = append(a.excluded, e.ID)
		}
		w.note(a)
	}
}

// log is a page of the log of access, for a confidant who looks at it.
func (w *World) log(p *player) *flows.Log {
	if !slices.Contains(p.me.Roles, law.Confidant) {
		return nil
	}
	l := &flows.Log{Refused: p.state.Subject == flows.LogRefused, Page: max(p.state.Page, 0)}
	type line struct {
		flows.LogLine
		about string
	}
	var lines []line
	for _, a := range w.seen {
		own := a.action == law.ReadLog && a.who == p && a.allowed
		if a.unit != p.me.Institution || own || l.Refused && a.allowed || slices.Contains(a.excluded, p.me.ID) {
			continue
		}
		x := line{flows.LogLine{At: a.at, Name: a.who.me.Name, Action: a.action, By: a.by, Allowed: a.allowed}, a.about}
		if !slices.Contains(lines, x) {
			lines = append(lines, x)
		}
	}
	slices.SortStableFunc(lines, func(a, b line) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Action, b.Action), cmp.Compare(a.By, b.By))
	})
	from := min(l.Page*flows.LogPageSize, len(lines))
	to := min(from+flows.LogPageSize, len(lines))
	for _, x := range lines[from:to] {
		l.Lines = append(l.Lines, x.LogLine)
	}
	l.More = to < len(lines)
	return l
}

// worldLeak is a leak that was written down.
type worldLeak struct {
	leak flows.Leak
	unit string
	lead string // unit ID of the organ whose lead it is for
}

func (w *World) leakOf(id string) worldLeak {
	return w.leaks[slices.IndexFunc(w.leaks, func(l worldLeak) bool { return l.leak.ID == id })]
}

// noteLeak keeps a leak and tells the organ's lead.
func (w *World) noteLeak(p *player, e flows.NoteLeak) {
	u, _ := w.dir.Unit(law.UnitID(e.Unit))
	organ := u.ID
	if u.Kind == law.InstitutionUnit {
		organ = u.Parent
	}
	w.leaks = append(w.leaks, worldLeak{
		flows.Leak{ID: e.ID, At: w.now, UnitName: u.Name, By: p.me.Name, Words: e.Words}, e.Unit, string(organ),
	})
	w.note(access{who: p, action: law.NoteLeak, by: law.AsConfidant, unit: e.Unit, about: e.ID})
	for _, m := range w.dir.In(organ) {
		if m.Has(law.OfficerLead) {
			w.heard = append(w.heard, Heard{m.Name, text.Say(w.Locale, text.NoticeReport)})
		}
	}
}

// leaked are the leaks that a person may see, newest first, with the words of the open one.
func (w *World) leaked(p *player) (out []flows.Leak) {
	confides, leads := slices.Contains(p.me.Roles, law.Confidant), slices.Contains(p.me.Roles, law.OfficerLead)
	for _, l := range slices.Backward(w.leaks) {
		if confides && l.unit == p.me.Institution || leads && l.lead == p.me.Institution {
			out = append(out, l.leak)
		}
	}
	for i := range out {
		if p.state.Place != flows.AtLeaks || i != min(max(p.state.Page, 0), len(out)-1) {
			out[i].By, out[i].Words = "", ""
		}
	}
	return out
}

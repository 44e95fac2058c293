package flowstest

import (
	"slices"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

// watch is whether the signer of an entry is asked about retaliation.
type watch struct {
	wanted bool
	since  law.Date
	asked  int // how often so far
	open   bool
}

// excluded are those who never see a report, or a complaint.
func (f filed) excluded() []record.Excluded {
	if f.plaint {
		return f.out
	}
	return f.record.Report.Excluded
}

// matterOf is the report, or the complaint, of that ID.
func (w *World) matterOf(report string) *filed {
	for _, list := range [][]filed{w.filed, w.plaints} {
		if i := slices.IndexFunc(list, func(f filed) bool { return f.report == report }); i >= 0 {
			return &list[i]
		}
	}
	return nil
}

// formerDesk is what somebody who has left may know.
func (w *World) formerDesk(d flows.Desk, p *player) flows.Desk {
	d.Directory = law.Directory{}
	for i := len(w.filed) - 1; i >= 0; i-- {
		w.signed(&d, p, w.filed[i])
	}
	w.protection(&d, p)
	return d
}

// protection is what somebody may know about their own protection.
func (w *World) protection(d *flows.Desk, p *player) {
	for _, f := range w.plaints {
		if f.record.Signer.ID != p.me.ID {
			continue
		}
		if p.state.Place == flows.AtPlaint && p.state.Subject == f.report {
			d.Complaint = &flows.Complaint{Follow: *w.follow(f), Entry: f.record.ID, Way: w.way(f)}
		}
		if len(f.told) > 0 || slices.ContainsFunc(f.acts, func(a record.Act) bool { return a.Unit != "" }) {
			d.News = append(d.News, f.report)
		}
	}
	for _, f := range w.filed {
		if f.record.Signer.ID != p.me.ID {
			continue
		}
		if f.watch.open {
			d.Asked = append(d.Asked, f.record.ID)
		}
		if p.state.Place == flows.AtProtect && p.state.Subject == f.record.ID {
			d.Protect = w.protect(f)
		}
	}
}

func (w *World) protect(f filed) *flows.Protect {
	linked := w.linked(f.record)
	out := &flows.Protect{Record: f.record, Linked: linked, Directory: flows.ComplaintDirectory(w.today(), linked)}
	for _, x := range w.plaints {
		if x.record.ID == f.record.ID {
			out.Plaints = append(out.Plaints, flows.Plaint{ID: x.report, Made: w.handedIn(x), Standing: w.follow(x).Standing})
		}
	}
	out.Watch = flows.Watch{Wanted: f.watch.wanted, Asking: f.watch.open}
	if days := law.CheckIns(law.Policy{}, calendar, f.watch.since); f.watch.wanted && f.watch.asked < len(days) {
		out.Watch.Next = days[f.watch.asked]
	}
	return out
}

func (w *World) linked(r record.Record) law.Retaliation {
	var others []record.Record
	for _, f := range w.filed {
		o := f.record
		same := r.Case.ID != "" && o.Case.ID == r.Case.ID || o.Supersedes == r.ID || r.Supersedes == o.ID
		if o.ID != r.ID && o.Signer.ID == r.Signer.ID && same {
			others = append(others, o)
		}
	}
	c := flows.LinkedReports(r, others)
	for _, f := range w.plaints {
		if f.record.ID == r.ID {
			c.Implicated = append(c.Implicated, f.named...)
			c.Lead = c.Lead || f.stranger
		}
	}
	return c
}

// complain makes a complaint and sends it on its way.
func (w *World) complain(e flows.Complain) {
	i := slices.IndexFunc(w.filed, func(f filed) bool { return f.record.ID == e.Record })
	if i < 0 || w.matterOf("c"+e.Act.ID[:12]) != nil {
		return
	}
	f := filed{record: w.filed[i].record, report: "c" + e.Act.ID[:12], plaint: true, opened: map[string]bool{}, told: map[string]bool{}}
	f.digest, f.arrived = w.filed[i].digest, nil
	e.Act.Report, f.stranger = f.report, e.Unlisted
	for _, id := range e.Named {
		f.named = append(f.named, law.PersonID(id))
	}
	f.acts = []record.Act{e.Act}
	way := flows.ComplaintWay(law.Policy{}, w.today(), w.linked(f.record), e.Named, e.Unlisted)
	for _, x := range way.Excluded {
		f.out = append(f.out, record.Excluded{Person: record.Person{ID: string(x.Person)}, Why: x.Reason.String()})
	}
	w.route(&f, way)
	w.plaints = append(w.plaints, f)
}

// checkIn notes what somebody wants to be asked, or answers.
func (w *World) checkIn(e flows.CheckIn) {
	for i := range w.filed {
		f := &w.filed[i]
		switch {
		case f.record.ID != e.Record:
		case e.Fine:
			f.watch.open = false
		case e.Want:
			f.watch = watch{wanted: true, since: law.DateOf(w.now)}
		default:
			f.watch = watch{}
		}
	}
}

// tellReporters is what a working day brings to reporters by itself.
func (w *World) tellReporters() {
	today := law.DateOf(w.now)
	tell := func(f *filed) {
		w.heard = append(w.heard, Heard{f.record.Signer.Name, text.Say(text.ZhHans, text.NoticeWord)})
	}
	for _, list := range [][]filed{w.filed, w.plaints} {
		for i := range list {
			f := &list[i]
			if f.record.Report == nil && !f.plaint {
				continue
			}
			told, _ := law.Silence(law.Policy{}, calendar, w.matter(*f), today)
			if !told.IsZero() && !f.told[told.String()] {
				f.told[told.String()] = true
				tell(f)
			}
		}
	}
	for i := range w.filed {
		f := &w.filed[i]
		if !f.watch.wanted {
			continue
		}
		days, asked := law.CheckIns(law.Policy{}, calendar, f.watch.since), f.watch.asked
		for f.watch.asked < len(days) && !today.Before(days[f.watch.asked]) {
			f.watch.asked++
		}
		if f.watch.asked > asked {
			f.watch.open = true
			tell(f)
		}
	}
}

package flowstest

import (
	"slices"
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

func (w *World) file(r record.Record) {
	if slices.ContainsFunc(w.filed, func(f filed) bool { return f.record.ID == r.ID }) {
		return
	}
	canonical, err := r.Canonical()
	if err != nil {
		panic(err)
	}
	f := filed{record: r, digest: record.Digest(canonical), report: "r" + r.ID[:12], told: map[string]bool{}}
	if r.Report == nil {
		w.filed = append(w.filed, f)
		return
	}
	w.send(f, r.Report.Stops)
	if flows.RecordFacts(r).Party == law.Yes {
		f.report, f.party = "p"+r.ID[:12], true
		w.send(f, r.Report.Party)
	}
}

// send brings a report to its stops.
func (w *World) send(f filed, stops []record.Stop) {
	f.opened, f.arrived, f.came = map[string]bool{}, map[string]time.Time{}, map[string]time.Time{}
	for _, s := range stops {
		w.reach(&f, s)
	}
	w.filed = append(w.filed, f)
}

// reach brings a report to one stop, for those there who have not got it, and tells them.
func (w *World) reach(f *filed, s record.Stop) {
	i := slices.IndexFunc(f.stops, func(x record.Stop) bool { return x.Unit == s.Unit })
	if i < 0 {
		f.stops, i = append(f.stops, record.Stop{Unit: s.Unit, UnitName: s.UnitName, Article: s.Article, Climbed: s.Climbed}), len(f.stops)
		f.arrived[s.Unit] = w.now
	}
	for _, to := range s.Recipients {
		if _, has := f.came[to.ID]; has {
			continue
		}
		f.came[to.ID] = w.now
		f.stops[i].Recipients = append(f.stops[i].Recipients, to)
		w.heard = append(w.heard, Heard{to.Name, text.Say(w.Locale, text.NoticeReport)})
	}
}

package flowstest

import (
	"liuhen/flows/law"
	"liuhen/flows/text"
)

// tellReporters is what a working day brings to reporters by itself.
func (w *World) tellReporters() {
	for _, f := range w.filed {
		if f.record.Report == nil {
			continue
		}
		told, _ := law.Silence(law.Policy{}, calendar, w.matter(f), law.DateOf(w.now))
		if !told.IsZero() && !f.told[told.String()] {
			f.told[told.String()] = true
			w.heard = append(w.heard, Heard{f.record.Signer.Name, text.Say(text.ZhHans, text.NoticeWord)})
		}
	}
}

package flowstest

import (
	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
)

// filings are the institutions of which somebody may have lists of filings printed; nil for those who oversee none.
func (w *World) filings(p *player) *flows.Filings {
	if !has(p, law.Head, law.Archivist, law.Officer, law.OfficerLead) {
		return nil
	}
	out := &flows.Filings{}
	for _, u := range w.dir.Units {
		if u.Kind == law.InstitutionUnit && (string(u.ID) == p.me.Institution || string(u.Parent) == p.me.Institution) {
			out.Institutions = append(out.Institutions, record.Person{ID: string(u.ID), Name: u.Name})
		}
	}
	return out
}

package flows

import (
	"slices"

	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/record"
)

// RecordFacts are the facts of the law that a signed entry states, as they were at signing: what its boxes say, and what
// the register knew of the people named.
func RecordFacts(r record.Record) law.Facts {
	f := stated(r.Answers)
	if r.Report == nil {
		return f
	}
	f.HeadImplicated, f.LeadImplicated = r.Report.Head, r.Report.Lead
	return f
}

// stated are the facts that the boxes of a sheet state, before the register completes them.
func stated(a form.Answers) law.Facts {
	if a.One(form.Outcome) != form.Event {
		return law.Facts{}
	}
	inside, official := a.Has(form.Interferers, form.Insider), a.Has(form.Interferers, form.Official)
	f := law.Facts{
		HeadImplicated:    inside && a.Has(form.Insiders, form.OptionUnlisted) && worse(a.One(form.IsHead)),
		OfficerImplicated: official,
		LeadImplicated:    official && a.Has(form.Officers, form.OptionUnlisted) && worse(a.One(form.IsLead)),
		Client:            a.Has(form.Interferers, form.Client),
		Litigant:          a.Has(form.Interferers, form.Litigant),
		Party:             answer(a, form.Party),
	}
	if inside {
		listed := slices.ContainsFunc(a[form.Insiders].Boxes, func(o form.OptionID) bool { return o != form.OptionUnlisted })
		f.InternalImplicated = listed || a.One(form.IsHead) != form.Yes
		f.Serious = answer(a, form.Serious)
	}
	if a.Has(form.Interferers, form.Other) {
		f.Superior = worse(a.One(form.Superior))
		f.Other = !f.Superior
	}
	return f
}

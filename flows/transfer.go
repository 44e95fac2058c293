package flows

import (
	"slices"
	"unicode/utf8"

	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

// Organ is one to which the report being read may be handed (Art. 8 (二)).
type Organ struct {
	ID      string
	Name    string
	Evident bool     // the report names it, or somebody there
	Empty   bool     // nobody there or above it may have the report: it is handed over outside this system
	At      string   // name of the organ above it where the report would arrive instead, "" for the organ itself
	Out     []string // names of those who get nothing because the report may mean them
}

// Outside is a transfer to an organ that cannot receive here, done on paper and written down.
type Outside struct {
	Name   string `json:"name"`
	Number string `json:"number,omitempty"`
	Date   string `json:"date,omitempty"`
}

// The arguments of [DoOrgan] that are no organ's ID.
const (
	argOutside = "+outside"
	argToday   = "+today"
)

// Unlisted is whom a report names in words alone among those who may be officers (Art. 8 (二)).
func Unlisted(r record.Record) law.Stranger {
	a := r.Answers
	var s law.Stranger
	if a.Has(form.Interferers, form.Official) && a.Has(form.Officers, form.OptionUnlisted) {
		s.Words, s.Lead = a[form.Officers].Beside[form.OptionUnlisted], worse(a.One(form.IsLead))
	}
	if a.Has(form.Interferers, form.Other) {
		s.Words += "\n" + a[form.Interferers].Beside[form.Other]
	}
	return s
}

// picking reports whether it is open to which organ a report is handed.
func (d *Drafted) picking() bool {
	return d.Kind == law.Transfer && d.To == "" && d.Outside == nil
}

// lacks is what is still to be said of a transfer outside this system.
func (o *Outside) lacks() string {
	switch {
	case o == nil:
		return ""
	case o.Number == "":
		return askNumber
	case o.Date == "":
		return askDate
	}
	return ""
}

// organ is where the report is to go, a date, or that it goes outside this system.
func (t *step) organ(a Tap) {
	d := t.Act
	if d == nil || d.Kind != law.Transfer || t.desk.Report == nil {
		t.hint(text.HintOldButton)
		return
	}
	if t.stale(a) {
		return
	}
	switch {
	case a.Arg == argToday && d.Outside.lacks() == askDate:
		d.Outside.Date = law.DateOf(t.desk.Now).String()
	case !d.picking():
		t.hint(text.HintOldButton)
		return
	case a.Arg == argOutside && t.desk.Report.strange(d.Find):
		d.Outside = &Outside{Name: d.Find}
	default:
		o, ok := organOf(t.desk.Report, a.Arg)
		if !ok {
			t.hint(text.HintOldButton)
			return
		}
		t.to(d, o)
	}
	t.Turn++
}

// to is that organ, or the paper that goes to it where nobody receives.
func (t *step) to(d *Drafted, o Organ) {
	if d.To = o.ID; o.Empty {
		d.To, d.Outside = "", &Outside{Name: o.Name}
		t.alert(text.HintOrganEmpty)
	}
}

// strange reports whether an organ of that name can receive here by no means, so that the transfer is one on paper.
func (r *Report) strange(name string) bool {
	return name != "" && !slices.ContainsFunc(r.Organs, func(o Organ) bool { return o.Name == name && !o.Empty })
}

// transferring takes words about a transfer: a name to look for, the number and the day of the paper, or an explanation.
func (t *step) transferring(words string) {
	d := t.Act
	lacks := d.Outside.lacks()
	if d.picking() || lacks != "" {
		words = oneLine(words)
		if utf8.RuneCountInString(words) > numberLimit {
			t.tooLong(words, text.HintTooLong, numberLimit)
			return
		}
	}
	switch {
	case d.picking():
		d.Find, t.Page = words, 0
	case lacks == askNumber:
		d.Outside.Number = words
	case lacks == askDate:
		at, ok := parseDay(words, t.desk.Now)
		switch {
		case !ok:
			t.hint(text.HintDay)
			return
		case law.DateOf(t.desk.Now).Before(law.DateOf(at)):
			t.hint(text.HintFuture)
			return
		}
		d.Outside.Date = law.DateOf(at).String()
	default:
		t.replace(&d.Words, words)
		return
	}
	t.Turn++
}

// handOver puts onto the act where the report goes, if that still holds.
func (t *step) handOver(d Drafted, act *record.Act) bool {
	if d.Outside != nil {
		act.To, act.Number, act.Date = &record.Person{Name: d.Outside.Name}, d.Outside.Number, d.Outside.Date
		return t.desk.Report.strange(d.Outside.Name)
	}
	to, ok := organOf(t.desk.Report, d.To)
	act.To = &record.Person{ID: to.ID, Name: to.Name}
	return ok && !to.Empty
}

// organOf is one of the organs to which the report may be handed.
func organOf(r *Report, id string) (Organ, bool) {
	i := slices.IndexFunc(r.Organs, func(o Organ) bool { return o.ID == id })
	if i < 0 {
		return Organ{}, false
	}
	return r.Organs[i], true
}

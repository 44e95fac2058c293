package flows

import (
	"slices"

	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

// Filings is what somebody may have lists of filings printed of (E20): the institutions whose entries they oversee.
type Filings struct {
	Institutions []record.Person // unit ID and name
}

// FilingList is the proof, for inspection, of who filed for the cases that an institution closed in a quarter. It follows from filed or
// not filed alone: the same whatever anybody filed.
type FilingList struct {
	Institution string // name
	Quarter     law.Quarter
	Made        law.Date
	By          string   // name of who asked for it
	Lines       []Filing // by signer, then by the day of closing
}

// Filing is one signer of one case.
type Filing struct {
	Signer string // name
	Person string // ID: two people may have one name
	Number string
	Closed law.Date
	Filed  law.Date   // of the first entry, zero for none
	Code   string     // the mark of the first entry's receipt, "" for none
	Absent *Explained // the 缺签说明 that stands instead
}

// filings takes a press in the room of lists: an institution first when there are several, then a quarter, which prints.
func (t *step) filings(a Tap) {
	d := t.desk.Filings
	if t.Place != AtFilings || d == nil {
		t.hint(text.HintOldButton)
		return
	}
	if a.Verb == DoInstitution {
		if d.has(a.Arg) {
			t.Subject, t.Page = a.Arg, 0
			t.Turn++
		}
		return
	}
	q, ok := law.ParseQuarter(a.Arg)
	if of := d.chosen(t.Subject); ok && of != "" && slices.Contains(law.Quarters(law.DateOf(t.desk.Now)), q) {
		t.do(HandFilings{Institution: of, Quarter: q})
		t.alert(text.HintFilings)
		return
	}
	t.hint(text.HintOldButton)
}

func (d *Filings) has(id string) bool {
	return slices.ContainsFunc(d.Institutions, func(p record.Person) bool { return p.ID == id })
}

// chosen is the institution whose list is asked for: the only one, or the one that was chosen; "" for none yet.
func (d *Filings) chosen(subject string) string {
	if len(d.Institutions) == 1 {
		return d.Institutions[0].ID
	}
	if d.has(subject) {
		return subject
	}
	return ""
}

// filings draws the room of lists.
func (v view) filings() Screen {
	d := v.d.Filings
	if d == nil || len(d.Institutions) == 0 {
		return Screen{Text: v.say(text.FilingsNotYours), Rows: [][]Button{v.home()}}
	}
	of := d.chosen(v.s.Subject)
	var rows [][]Button
	if of == "" {
		n := len(d.Institutions)
		page, from, to := v.page(n, pageSize)
		for _, p := range d.Institutions[from:to] {
			rows = append(rows, []Button{{Label: p.Name, Tap: Tap{Verb: DoInstitution, Arg: p.ID}}})
		}
		rows = append(rows, v.pager(page, n, pageSize)...)
		return Screen{Text: v.say(text.FilingsAbout) + "\n\n" + v.say(text.FilingsWhich), Rows: append(rows, v.home())}
	}
	name := ""
	for _, p := range d.Institutions {
		if p.ID == of {
			name = p.Name
		}
	}
	all := law.Quarters(law.DateOf(v.d.Now))
	page, from, to := v.page(len(all), pageSize)
	for _, q := range all[from:to] {
		rows = append(rows, []Button{v.button(text.BtnQuarter, Tap{Verb: DoQuarter, Arg: q.String()}, q.Y, q.N)})
	}
	rows = append(rows, v.pager(page, len(all), pageSize)...)
	if len(d.Institutions) > 1 {
		rows = append(rows, []Button{v.goTo(text.BtnBack, AtFilings)})
	}
	return Screen{Text: v.say(text.FilingsAbout) + "\n\n" + v.say(text.FilingsQuarter, name), Rows: append(rows, v.home())}
}

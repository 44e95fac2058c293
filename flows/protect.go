package flows

import (
	"slices"
	"time"
	"unicode/utf8"

	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

// Protect is what the signer of an entry may know and do about their own protection because of it (Art. 9). It is the same
// for 无此类情况 and for a report.
type Protect struct {
	Record    record.Record
	Plaints   []Plaint        // the caller's complaints from this entry, oldest first
	Directory law.Directory   // the organs of the entry's line and the people of the institution: what routing needs, and no more
	Linked    law.Retaliation // what the reports of the entry exclude
	Watch     Watch
}

// Watch says whether the signer of an entry is asked, from time to time, whether they suffer retaliation (R9.3).
type Watch struct {
	Wanted bool
	Next   law.Date // when they are asked next; zero: no more
	Asking bool     // a question waits for its answer
}

// Plaint is an own complaint of retaliation as its list shows it.
type Plaint struct {
	ID       string
	Made     time.Time
	Standing law.Standing
}

// Complaint is an own complaint of retaliation with what became of it.
type Complaint struct {
	Follow
	Entry string        // the own entry
	Way   []record.Stop // where it is
}

// Grievance is a complaint of retaliation being written; its statement says how. Its position is derived, as a sheet's.
type Grievance struct {
	Who   string   `json:"who,omitempty"`
	When  string   `json:"when,omitempty"`
	Named []string `json:"named,omitempty"` // people of organs, sorted; unlisted for one not on the register
	Asked bool     `json:"asked,omitempty"` // whether people of organs are among them is answered
	Told  bool     `json:"told,omitempty"`  // the statement is finished
}

const (
	unlisted    = "unlisted"
	phraseLimit = 200 // characters of who and of when
)

func (g *Grievance) clone() *Grievance {
	if g == nil {
		return nil
	}
	out := *g
	out.Named = slices.Clone(g.Named)
	return &out
}

// grieving reports whether a complaint of retaliation is being written.
func (d *Drafted) grieving() bool { return d != nil && d.Grievance != nil && d.Statement != nil }

// position is where a grievance stands.
type position uint8

const (
	atWho position = iota
	atNamed
	atWhen
	atHow
	atReview
)

func (g *Grievance) at(s *Statement) position {
	switch {
	case g.Who == "":
		return atWho
	case !g.Asked:
		return atNamed
	case g.When == "":
		return atWhen
	case !g.Told || len(s.Parts) == 0:
		return atHow
	}
	return atReview
}

// grieve takes the words for the question on the table; false leaves them to the statement.
func (t *step) grieve(words string) bool {
	g := t.Act.Grievance
	at := g.at(t.Act.Statement)
	if at == atHow {
		return false
	}
	words = oneLine(words)
	if n := utf8.RuneCountInString(words); n > phraseLimit {
		t.tooLong(words, text.HintTooLongBy, n, phraseLimit)
		return true
	}
	switch at {
	case atWho:
		g.Who = words
	case atWhen:
		g.When = words
	default:
		t.hint(text.HintUseButtons)
		return true
	}
	t.Turn++
	return true
}

// name states whether somebody of an organ is among those who retaliated.
func (t *step) name(a Tap) {
	g := t.Act.Grievance
	offered := a.Arg == unlisted || slices.ContainsFunc(officials(t.desk), func(m law.Member) bool { return string(m.ID) == a.Arg })
	if !offered || g.at(t.Act.Statement) != atNamed {
		t.hint(text.HintOldButton)
		return
	}
	list := slices.DeleteFunc(g.Named, func(id string) bool { return id == a.Arg })
	if a.On {
		list = append(list, a.Arg)
	}
	slices.Sort(list)
	g.Named = list
}

// officials are the people of the organs who could be named.
func officials(d Desk) []law.Member {
	if d.Protect == nil {
		return nil
	}
	var out []law.Member
	for _, m := range d.Protect.Directory.Members {
		seen := slices.ContainsFunc(out, func(o law.Member) bool { return o.ID == m.ID })
		if !m.Left && !seen && officer(m) && string(m.ID) != d.Me.ID {
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b law.Member) int {
		return byName(record.Person{ID: string(a.ID), Name: a.Name}, record.Person{ID: string(b.ID), Name: b.Name})
	})
	return out
}

// turnTo goes on to the next question of a grievance, or back to the one before.
func (t *step) turnTo(a Tap) {
	if t.stale(a) {
		return
	}
	if !t.Act.grieving() {
		t.hint(text.HintOldButton)
		return
	}
	g, s := t.Act.Grievance, t.Act.Statement
	switch {
	case a.Verb == DoBack:
		t.backFrom(g.at(s))
	case g.at(s) == atNamed:
		g.Asked = true
	case g.at(s) == atHow && len(s.Parts) == 0:
		t.alert(text.HintWriteFirst)
		return
	case g.at(s) == atHow:
		g.Told = true
	default:
		t.hint(text.HintOldButton)
		return
	}
	t.Turn++
}

func (t *step) backFrom(at position) {
	g := t.Act.Grievance
	switch at {
	case atWho:
		t.Act = nil
	case atNamed:
		g.Who = ""
	case atWhen:
		g.Asked = false
	case atHow:
		g.When = ""
	case atReview:
		g.Told = false
	}
}

// complain hands the finished complaint over.
func (t *step) complain(act record.Act, g Grievance) {
	act.Text = text.Say(t.desk.Locale, text.ComplaintText, g.Who, g.When, act.Text)
	e := Complain{Record: t.Subject, Act: act}
	for _, id := range g.Named {
		if id == unlisted {
			e.Unlisted = true
		} else {
			e.Named = append(e.Named, id)
		}
	}
	t.do(e)
	if t.desk.Protect.Watch.Asking { // the answer is yes: nobody needs to ask again
		t.do(CheckIn{ID: act.ID, Record: t.Subject})
	}
	t.Act, t.Page = nil, 0
	t.Turn++
	t.alert(text.HintComplained)
}

// protect is a button about the protection of a signer.
func (t *step) protect(a Tap) {
	here := t.Place == AtProtect && t.desk.Protect != nil && t.desk.Protect.Record.ID == t.Subject
	switch {
	case a.Verb == DoProtect && slices.ContainsFunc(t.desk.Records, func(r Receipt) bool { return r.ID == a.Arg }):
		t.show(AtProtect, a.Arg)
	case a.Verb == DoPlaint && (here && slices.ContainsFunc(t.desk.Protect.Plaints, func(p Plaint) bool { return p.ID == a.Arg }) ||
		slices.Contains(t.desk.News, a.Arg)):
		t.show(AtPlaint, a.Arg)
	case a.Verb == DoAskMe && here && !t.stale(a):
		t.do(CheckIn{ID: t.event.Fresh, Record: t.Subject, Want: a.On})
		t.Turn++
		t.hint(map[bool]text.Key{true: text.HintWatched, false: text.HintUnwatched}[a.On])
	case a.Verb == DoFine && here && t.desk.Protect.Watch.Asking && !t.stale(a):
		t.do(CheckIn{ID: t.event.Fresh, Record: t.Subject, Want: true, Fine: true})
		t.Turn++
		t.hint(text.HintAnswered)
	case (a.Verb == DoAskMe || a.Verb == DoFine) && here && a.Turn == t.Turn-1: // the second press of a double tap
	default:
		t.hint(text.HintOldButton)
	}
}

// LinkedReports are those whom the reports of an entry exclude: of the entry itself, of what it corrects and what corrects it, and
// of its signer's other entries about the same case.
func LinkedReports(entry record.Record, others []record.Record) law.Retaliation {
	c := law.Retaliation{Institution: law.UnitID(entry.Institution.ID), Reporter: law.PersonID(entry.Signer.ID)}
	for _, r := range append([]record.Record{entry}, others...) {
		if r.Report == nil {
			continue
		}
		c.Head, c.Lead = c.Head || r.Report.Head, c.Lead || r.Report.Lead
		for _, e := range r.Report.Excluded {
			if e.Why == law.LedByImplicated.String() || e.Why == law.Bypassed.String() {
				c.Barred = append(c.Barred, law.PersonID(e.ID))
			} else {
				c.Implicated = append(c.Implicated, law.PersonID(e.ID))
			}
		}
	}
	return c
}

// ComplaintDirectory is the part of the register that the way of a complaint depends on: the organs with their people, and of the
// institution only those who have a place in an organ too or are implicated anyway.
func ComplaintDirectory(dir law.Directory, linked law.Retaliation) law.Directory {
	way := dir.Way(linked.Institution)
	above := func(id law.UnitID) bool {
		return slices.ContainsFunc(way, func(p law.Place) bool { return p.Unit == id && p.Level != law.Institution })
	}
	out := law.Directory{}
	for _, u := range dir.Units {
		if above(u.ID) || u.ID == linked.Institution {
			out.Units = append(out.Units, u)
		}
	}
	for _, m := range dir.Members {
		both := slices.ContainsFunc(dir.Members, func(o law.Member) bool { return o.ID == m.ID && !o.Left && above(o.Unit) })
		if above(m.Unit) || m.Unit == linked.Institution && (both || slices.Contains(linked.Implicated, m.ID)) {
			out.Members = append(out.Members, m)
		}
	}
	return out
}

// ComplaintWay is where a complaint of retaliation goes when these people of organs are named: the caller is told before it is
// made, and the store asks again when it is (Art. 9).
func ComplaintWay(p law.Policy, dir law.Directory, linked law.Retaliation, named []string, unlisted bool) law.Routing {
	c := linked
	c.Implicated = slices.Clone(linked.Implicated)
	for _, id := range named {
		c.Implicated = append(c.Implicated, law.PersonID(id))
	}
	c.Lead = c.Lead || unlisted
	return law.RouteComplaint(p, dir, c)
}

package db

import (
	"slices"
	"time"

	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/ledger"
)

// ask is what a caller wants.
type ask struct {
	action  law.Action
	subject string // the entry, the report or the person
	part    string // the piece of evidence, or the act
	unit    string // the unit for which they want it, "" for themselves
	whose   string // in whose name, "" the caller's own
	event   int64
	at      time.Time
	measure *record.Measure // to be taken
}

// grant is a decision in the caller's favour, and what goes with it. It opens its subject and nothing else.
type grant struct {
	by       law.Relation
	person   string
	unit     string // in whose log of access it stands; "" in none, for what is one's own
	record   record.Record
	digest   string
	sums     ledger.Sums    // as the log and the receipt have them
	file     form.File      // the piece of evidence
	draft    *record.Letter // that is asked for
	plaint   string         // the own complaint of retaliation
	letter   letter         // of the report, if there is one
	delivery *delivery
	about    *proceeding // under Art. 11
	places   []law.Member
	where    Where               // what is open, for a desk
	lists    map[law.Action]bool // what may be on the desk
	ids      map[string]bool     // the entries and reports it opens
}

func (g *grant) opens(id string) bool { return g.ids[id] }

// with lets the grant open what its own decision has found.
func (g *grant) with(ids ...string) *grant {
	if g.ids == nil {
		g.ids = map[string]bool{}
	}
	for _, id := range ids {
		g.ids[id] = true
	}
	return g
}

// notTheirs is all that is said of a refusal: what is another's and what is not there are the same (T4).
const notTheirs = "not theirs, or not there"

// authorize is the one door: it decides by the law's table of access whether the caller may do something, and writes the
// decision down in the same transaction, allowed or not (R10.4). A refusal is a [denial]; whoever must undo their
// transaction because of it lets it be written down once more, by noteDenial.
func (t *tx) authorize(c Caller, a ask) (*grant, error) {
	g, err := t.decide(c, a)
	if err != nil {
		return nil, err
	}
	if g == nil {
		no, err := t.refusal(c.Person, a, notTheirs)
		if err != nil {
			return nil, err
		}
		if err := t.refused(c, a.event, a.at, no); err != nil {
			return nil, err
		}
		return nil, no
	}
	return g, t.allowed(c, a, g)
}

// decide tries the rows of the table one after the other; nil means no. Whoever has left has those rows alone that say so.
func (t *tx) decide(c Caller, a ask) (*grant, error) {
	person := c.Person
	if person == "" || a.whose != "" && a.whose != person {
		return nil, nil
	}
	for _, row := range law.Access(a.action) {
		if c.Former != "" && !row.After() {
			continue
		}
		g, err := t.relate(person, row.By, a)
		if err != nil {
			return nil, err
		}
		if g != nil {
			g.by, g.person = row.By, person
			if c.Former != "" {
				g.leave()
			}
			return g, nil
		}
	}
	return nil, nil
}

// relate finds out whether somebody stands in a relation to the subject, nil when not, and what goes with it.
func (t *tx) relate(person string, by law.Relation, a ask) (*grant, error) {
	switch {
	case by == law.AsOneself && a.action == law.OpenDesk:
		return t.ownDesk(person)
	case by == law.AsOneself:
		return t.atHome(person, a.unit)
	case by == law.AsOverseer:
		return t.asOverseer(person, a)
	case by == law.AsArchivist:
		return t.asArchivist(person, a)
	case by == law.AsSigner && a.action == law.ActOn:
		return t.asReporter(person, a)
	case by == law.AsSigner && a.action == law.ReadPlaint:
		return t.ownPlaint(person, a.subject)
	case by == law.AsSigner:
		g, err := t.own(person, a.subject)
		if err == nil && g == nil && a.action == law.ReadEvidence {
			g, err = t.ownPlaint(person, a.subject)
		}
		if err != nil {
			return nil, err
		}
		return t.withPart(g, a)
	case by == law.AsOfficer || by == law.AsSubject:
		return t.asParty(person, by, a)
	case by == law.AsRecipient:
		g, err := t.asRecipient(person, a)
		if err != nil {
			return nil, err
		}
		return t.withPart(g, a)
	case by == law.AsConfidant, by == law.AsOfficeLead:
		return t.asWatcher(person, by, a)
	}
	return nil, nil
}

// withPart is the grant, with the piece of evidence or the letter that is asked for, if one is: nil when there is none such.
func (t *tx) withPart(g *grant, a ask) (*grant, error) {
	if g != nil && a.action == law.ReadLetter {
		return t.withDraft(g, a)
	}
	if g == nil || a.action != law.ReadEvidence {
		return g, nil
	}
	files, err := t.exhibits(g)
	i := slices.IndexFunc(files, func(f form.File) bool { return f.ID == a.part })
	if err != nil || i < 0 {
		return nil, err
	}
	g.file = files[i]
	return g, nil
}

// ownDesk is somebody's own desk, with the lists that the table gives to their places.
func (t *tx) ownDesk(person string) (*grant, error) {
	places, err := t.places(person)
	if err != nil {
		return nil, err
	}
	g := &grant{places: places, lists: map[law.Action]bool{}}
	for _, list := range law.Lists() {
		for _, row := range law.Access(list) {
			g.lists[list] = g.lists[list] || stands(places, row.By)
		}
	}
	return g, nil
}

// leave takes the lists from a desk that nobody has after leaving.
func (g *grant) leave() {
	for list := range g.lists {
		g.lists[list] = slices.ContainsFunc(law.Access(list), func(r law.AccessRow) bool { return r.After() && g.lists[list] })
	}
}

// stands reports whether somebody with these places can stand in a relation at all: whether to a certain case or report is
// decided for each.
func stands(places []law.Member, by law.Relation) bool {
	has := func(roles ...law.Role) bool {
		return slices.ContainsFunc(places, func(m law.Member) bool { return slices.ContainsFunc(roles, m.Has) })
	}
	switch by {
	case law.AsOneself, law.AsSigner:
		return true
	case law.AsRecipient:
		return has(receiving...)
	case law.AsOverseer:
		return slices.ContainsFunc(watches, func(w watch) bool { return has(w.roles...) })
	case law.AsOfficer:
		return has(law.Officer, law.OfficerLead)
	case law.AsArchivist:
		return has(law.Archivist, law.Head, law.Officer, law.OfficerLead)
	case law.AsKeeper:
		return has(keepers...)
	case law.AsConfidant:
		return has(law.Confidant)
	case law.AsOfficeLead:
		return has(law.OfficerLead)
	default:
		return false
	}
}

// atHome: somebody acts for themselves in their own unit.
func (t *tx) atHome(person, unit string) (*grant, error) {
	home, err := t.home(person)
	if err != nil || home != unit {
		return nil, err
	}
	return &grant{}, nil
}

func (t *tx) home(person string) (unit string, err error) {
	_, err = t.one([]any{&unit}, "SELECT unit FROM persons WHERE id = $1", person)
	return unit, err
}

// asArchivist: somebody keeps the files of the unit they act for.
func (t *tx) asArchivist(person string, a ask) (*grant, error) {
	places, err := t.places(person)
	if err != nil {
		return nil, err
	}
	for _, m := range places {
		if string(m.Unit) == a.unit && len(law.KeepsFiles(m, m.Unit, m.Unit)) > 0 {
			return &grant{unit: a.unit, places: places}, nil
		}
	}
	return nil, nil
}

// asOverseer: somebody oversees the entries of the unit they act for, or of those below it.
func (t *tx) asOverseer(person string, a ask) (*grant, error) {
	places, err := t.places(person)
	if err != nil {
		return nil, err
	}
	o := overseenBy(places)
	if a.action == law.PrintFilings {
		parent := ""
		found, err := t.one([]any{&parent}, "SELECT COALESCE(parent, '') FROM units WHERE id = $1 AND kind = 'institution'", a.subject)
		if err != nil || !found {
			return nil, err
		}
		if a.unit = o.of(a.subject, parent); a.unit == "" {
			return nil, nil
		}
	}
	if !o.at(a.unit) {
		return nil, nil
	}
	return &grant{unit: a.unit, places: places}, nil
}

// asReporter: somebody acts about the report they made themselves.
func (t *tx) asReporter(person string, a ask) (*grant, error) {
	l, found, err := t.letterOf(toDecide, a.subject)
	if err != nil || !found || a.unit != "" || l.Signer != person {
		return nil, err
	}
	return (&grant{letter: l}).with(a.subject, l.Record), nil
}

// asRecipient: the report is in somebody's hands today. For an act that is not enough: it is for one unit.
func (t *tx) asRecipient(person string, a ask) (*grant, error) {
	var x *delivery
	var err error
	switch a.action {
	case law.ActOn:
		x, err = t.inHandAt(person, a.subject, a.unit)
	case law.ReadReport, law.ReadLetter:
		x, err = t.inHand(person, a.subject)
	default:
		var report string
		if report, err = t.reportOf(a.subject); err == nil {
			x, err = t.inHand(person, report)
		}
	}
	if err != nil || x == nil {
		return nil, err
	}
	g := (&grant{unit: x.unit, letter: x.letter, delivery: x}).with(x.report, x.letter.Record)
	if a.action == law.ActOn {
		return g, nil
	}
	return t.withRecord(g, x.letter.Record)
}

// asWatcher: somebody has a role that has to do with a unit's secrecy, or with a leak there.
func (t *tx) asWatcher(person string, by law.Relation, a ask) (*grant, error) {
	unit := a.unit
	switch a.action {
	case law.ReadLog:
		unit = a.subject
	case law.ReadLeaks:
		if _, err := t.one([]any{&unit}, "SELECT unit FROM leaks WHERE id = $1", a.subject); err != nil {
			return nil, err
		}
	default:
	}
	if by == law.AsOfficeLead {
		leads, err := t.leadsOver(unit)
		if err != nil || !slices.Contains(leads, person) {
			return nil, err
		}
		return (&grant{unit: unit}).with(a.subject), nil
	}
	places, err := t.places(person)
	if err != nil || !slices.Contains(holdsAt(places, law.Confidant), unit) {
		return nil, err
	}
	return (&grant{unit: unit}).with(a.subject), nil
}

// asParty: somebody is the person of a proceeding under Art. 11, or an officer who may see and lead it; of a room that is of no
// single one, any officer of an authority.
func (t *tx) asParty(person string, by law.Relation, a ask) (*grant, error) {
	places, err := t.places(person)
	if err != nil {
		return nil, err
	}
	units := organs(places)
	if a.action != law.ReadMeasures && a.action != law.TakeMeasure {
		if len(units) == 0 || by != law.AsOfficer {
			return nil, nil
		}
		return &grant{places: places, unit: units[0]}, nil
	}
	p, err := t.aboutWhich(a)
	if err != nil || p == nil {
		return nil, err
	}
	o := p.order()
	may := o.Subject.ID == person && a.part != o.ID
	if by == law.AsOfficer {
		if may, err = t.oversees(person, places, o); err != nil {
			return nil, err
		}
	}
	if !may {
		return nil, nil
	}
	g := &grant{places: places, about: p}
	if by == law.AsOfficer && o.Report == "" { // who reads of one that rests on a report is in no log that others read
		g.unit = o.Unit
	}
	return g.with(o.ID), nil
}

// own is somebody's own entry, nil when it is not theirs.
func (t *tx) own(person, id string) (*grant, error) {
	var signer string
	if _, err := t.one([]any{&signer}, "SELECT signer FROM records r WHERE id = $1 AND "+notGone, id); err != nil || signer != person {
		return nil, err
	}
	return t.withRecord((&grant{}).with(id, t.d.reportID(id), t.d.partyID(id)).with(t.d.plaintIDs(id)...), id)
}

// ownPlaint is somebody's own complaint of retaliation, with the entry it was made from, nil when it is not theirs.
func (t *tx) ownPlaint(person, id string) (*grant, error) {
	l, found, err := t.letterOf(toDecide, id)
	if err != nil || !found || !l.Complaint || l.Signer != person {
		return nil, err
	}
	return t.withRecord((&grant{letter: l, plaint: id}).with(id, l.Record), l.Record)
}

func (t *tx) withRecord(g *grant, id string) (*grant, error) {
	var body []byte
	found, err := t.one([]any{&body}, "SELECT body FROM records WHERE id = $1", id)
	if err != nil || !found {
		return nil, err
	}
	canonical, err := t.openRecord(g, id, body)
	if err != nil {
		return nil, err
	}
	g.record, err = record.Parse(canonical)
	g.digest, g.sums = record.Digest(canonical), t.d.sums(leafEntry, id, canonical)
	return g, err
}

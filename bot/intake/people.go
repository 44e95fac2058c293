package intake

import (
	"slices"
	"strconv"

	"liuhen/flows/law"
	"liuhen/flows/text"
)

// person reads one row of the people list; a cell of several roles makes several entries.
func (l *line) person() {
	p := Person{
		Row: l.row.num, Sheet: l.sheet,
		Authority:   l.need(text.ListAuthority, CleanUnit, maxUnit),
		Superior:    l.clean(text.ListSuperior, CleanUnit, maxUnit),
		Institution: l.clean(text.ListInstitution, CleanUnit, maxUnit),
		Name:        l.need(text.ListName, CleanName, maxName),
		Licence:     l.clean(text.ListLicence, tight, maxLicence),
		Party:       l.party(),
		Left:        l.date(text.ListLeft),
		Former:      l.clean(text.ListFormer, CleanUnit, maxUnit),
	}
	l.digitsKept(text.ListLicence)
	roles := l.roles()
	for _, role := range roles {
		l.placed(role, p.Institution)
	}
	if p.Superior != "" && p.Superior == p.Authority {
		l.fault(text.ListSuperior, text.ListAuthorityLoop, p.Superior)
	}
	if l.bad() {
		return
	}
	for _, role := range roles {
		p.Role = role
		l.r.batch.People = append(l.r.batch.People, p)
	}
}

func (l *line) roles() []law.Role {
	s := l.need(text.ListRoles, folded, maxCell)
	var roles []law.Role
	for _, part := range splitList(s) {
		found, _ := text.FindListRole(word(part))
		role, ok := roleOf[found]
		switch {
		case !ok:
			l.fault(text.ListRoles, text.ListBadRole, part)
		case !slices.Contains(roles, role):
			roles = append(roles, role)
		}
	}
	if s != "" && len(splitList(s)) == 0 {
		l.fault(text.ListRoles, text.ListRequired)
	}
	return roles
}

// placed checks that roles of the authority are held there and those of an institution in one.
func (l *line) placed(role law.Role, institution string) {
	switch role {
	case law.Officer, law.OfficerLead:
		if institution != "" {
			l.fault(text.ListInstitution, text.ListNoInstitution, written(role))
		}
	case law.PartyLead, law.Confidant: // of either
	case law.Appraiser, law.Staff, law.Head, law.Receiver, law.Archivist:
		if institution == "" {
			l.fault(text.ListInstitution, text.ListNeedsInstitution, written(role))
		}
	}
}

var roleOf = map[text.ListRole]law.Role{
	text.ListAppraiser: law.Appraiser, text.ListOtherStaff: law.Staff, text.ListHead: law.Head, text.ListReceiver: law.Receiver,
	text.ListClerk: law.Archivist, text.ListOfficer: law.Officer, text.ListOfficeHead: law.OfficerLead, text.ListPartyLeader: law.PartyLead,
	text.ListConfidant: law.Confidant,
}

// written is the role's word in the list.
func written(role law.Role) string {
	for word, r := range roleOf {
		if r == role {
			return string(word)
		}
	}
	return ""
}

// party is the answer on Party membership; an empty cell is unknown (Art. 7).
func (l *line) party() text.ListAnswer {
	s := l.clean(text.ListParty, word, maxCell)
	if s == "" {
		return text.ListUnknown
	}
	a, ok := text.FindListAnswer(s)
	if !ok {
		l.fault(text.ListParty, text.ListBadAnswer, s)
	}
	return a
}

// who identifies a person.
type who struct{ unit, licence, name string }

func (p Person) who() who {
	if p.Licence != "" {
		return who{unit: p.Unit(), licence: p.Licence}
	}
	return who{unit: p.Unit(), name: p.Name}
}

// comparePeople finds rows that contradict each other; neither of them is kept.
func (r *reader) comparePeople() {
	c := peopleCheck{
		r: r, licences: map[string]Person{}, names: map[who]Person{}, authorities: map[string]Person{},
		superiors: map[string]Person{}, parties: map[who]Person{}, entries: map[entry]bool{}, told: map[clash]bool{},
	}
	for _, p := range r.batch.People {
		c.person(p)
	}
	c.loops()
	r.batch.People = slices.DeleteFunc(r.batch.People, func(p Person) bool { return r.bad[place{p.Sheet, p.Row}] })
	r.batch.People = slices.DeleteFunc(r.batch.People, c.repeated)
}

type entry struct {
	who  who
	role law.Role
	left bool
}

type clash struct {
	at   place
	code text.ListCode
}

type peopleCheck struct {
	r                      *reader
	licences               map[string]Person // by licence, which is one person's in the whole country
	names                  map[who]Person    // by unit and name
	authorities, superiors map[string]Person // by institution, by authority
	parties                map[who]Person    // who has answered
	entries                map[entry]bool
	told                   map[clash]bool
}

func (c *peopleCheck) person(p Person) {
	if p.Licence != "" {
		first, seen := c.licences[p.Licence]
		if seen && first.Name != p.Name {
			c.contradict(first, p, text.ListLicence, text.ListLicenceTaken, p.Licence, at(first, p))
		}
		remember(c.licences, p.Licence, p)
	}
	named := who{unit: p.Unit(), name: p.Name}
	if first, seen := c.names[named]; seen && (first.Licence == "") != (p.Licence == "") {
		c.contradict(first, p, text.ListName, text.ListNamesake, at(first, p))
	}
	remember(c.names, named, p)
	if first, seen := c.authorities[p.Institution]; seen && p.Institution != "" && first.Authority != p.Authority {
		c.contradict(first, p, text.ListAuthority, text.ListTwoAuthorities, p.Institution, at(first, p))
	}
	remember(c.authorities, p.Institution, p)
	if p.Superior != "" {
		if first, seen := c.superiors[p.Authority]; seen && first.Superior != p.Superior {
			c.contradict(first, p, text.ListSuperior, text.ListTwoSuperiors, p.Authority, at(first, p))
		}
		remember(c.superiors, p.Authority, p)
	}
	if p.Party == text.ListYes || p.Party == text.ListNo {
		if first, seen := c.parties[p.who()]; seen && first.Party != p.Party {
			c.contradict(first, p, text.ListParty, text.ListPartyDiffers, at(first, p))
		}
		remember(c.parties, p.who(), p)
	}
}

func remember[K comparable](m map[K]Person, k K, p Person) {
	if _, seen := m[k]; !seen {
		m[k] = p
	}
}

// contradict reports once per row, which may hold several roles; the earlier row is not kept either.
func (c *peopleCheck) contradict(first, p Person, col text.ListColumn, code text.ListCode, args ...string) {
	c.r.bad[place{first.Sheet, first.Row}] = true
	k := clash{place{p.Sheet, p.Row}, code}
	if c.told[k] {
		return
	}
	c.told[k] = true
	c.r.fault(p.Sheet, p.Row, col, code, args...)
}

// at is the row of the earlier entry, with its sheet when that is another one.
func at(first, p Person) string { return rowName(first.Sheet, first.Row, p.Sheet) }

func rowName(sheet string, row int, here string) string {
	if sheet == here {
		return strconv.Itoa(row)
	}
	return echo(sheet) + "!" + strconv.Itoa(row)
}

// loops finds authorities that are, through others, their own superior. Each authority is walked once.
func (c *peopleCheck) loops() {
	walk := map[string]int{}
	for i, p := range c.r.batch.People {
		a := p.Authority
		for a != "" && walk[a] == 0 {
			walk[a] = i + 1
			a = c.superiors[a].Superior
		}
		if last := c.superiors[a]; a != "" && walk[a] == i+1 && last.Superior != "" {
			c.contradict(last, last, text.ListSuperior, text.ListAuthorityLoop, a)
		}
	}
}

// repeated reports an entry that an earlier one has made already.
func (c *peopleCheck) repeated(p Person) bool {
	e := entry{p.who(), p.Role, !p.Left.IsZero()}
	if c.entries[e] {
		c.r.note(p.Sheet, p.Row, "", text.ListRowTwice, c.firstRow(p))
		return true
	}
	c.entries[e] = true
	return false
}

func (c *peopleCheck) firstRow(p Person) string {
	first := c.names[who{unit: p.Unit(), name: p.Name}]
	return at(first, p)
}

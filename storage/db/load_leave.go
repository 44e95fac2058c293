package db

import (
	"slices"

	"liuhen/flows/law"
)

// institution is the one of that name under an authority, nil when there is none.
func (l *loader) institution(name, authority string) *unit {
	for _, u := range l.units {
		if u.kind == law.InstitutionUnit && u.name == name && u.parent == authority {
			return u
		}
	}
	return nil
}

// formerly is the institution of a row as it is registered under the authority it belonged to before.
func (l *loader) formerly(p Person) *unit {
	if p.Former == "" || p.Former == p.Authority {
		return nil
	}
	for _, u := range l.units {
		if u.kind == law.AuthorityUnit && u.name == p.Former {
			if i := l.institution(p.Institution, u.id); i != nil {
				return i
			}
		}
	}
	return nil
}

// move brings an institution under another authority, people, cases and entries with it. What an authority has already stays with
// it; what is sent from now on goes the new way.
func (l *loader) move(u *unit, authority string) error {
	former := u.parent
	if err := l.setParent(u, authority); err != nil {
		return err
	}
	return l.audit(key("move", u.id, former, authority, number(l.now)), l.d.Clock(), "", "move", u.id, true, former+" "+authority)
}

// leaver ends the role of a row. Who holds no role anywhere any more has left: no access, no messages, from this moment on. Their
// name stays with everything they did (E30).
func (l *loader) leaver(p Person) error {
	home := l.registered(p)
	if home == "" {
		return l.unknown(p)
	}
	who, code := l.known(home, p)
	switch {
	case code != "":
		return l.fault(p.Sheet, p.Row, code, p.Name)
	case who == nil:
		return l.unknown(p)
	case who.left:
		return nil
	}
	h := holding{who.id, home, p.Role.String()}
	if !l.roles[h] {
		var ended bool
		if _, err := l.one([]any{&ended}, "SELECT 1 = 1 FROM roles WHERE person = $1 AND unit = $2 AND role = $3", h.person, h.unit, h.role); err != nil || ended {
			return err
		}
		return l.unknown(p)
	}
	return l.endRole(who, h, p.Role)
}

// known is the person of a row about somebody who has left: by licence wherever they are now, or by unit and name.
func (l *loader) known(home string, p Person) (*people, FaultCode) {
	var named []*people
	for _, x := range l.people {
		if p.Licence != "" && x.licence == p.Licence {
			if x.name != p.Name {
				return nil, LicenceTaken
			}
			return x, ""
		}
		if x.unit == home && x.name == p.Name && (p.Licence == "" || x.licence == "") {
			named = append(named, x)
		}
	}
	staying := slices.DeleteFunc(slices.Clone(named), func(x *people) bool { return x.left })
	switch {
	case len(staying) > 1:
		return nil, Namesake
	case len(staying) == 1:
		return staying[0], ""
	case len(named) > 0:
		return named[0], ""
	}
	return nil, ""
}

func (l *loader) unknown(p Person) error {
	l.out.Unknown = append(l.out.Unknown, Fault{p.Sheet, p.Row, LeaverUnknown, []string{p.Name}})
	return nil
}

// registered is the unit of a row if it is in the register; a row about somebody who has left makes none.
func (l *loader) registered(p Person) string {
	for _, u := range l.units {
		if u.kind != law.AuthorityUnit || u.name != p.Authority {
			continue
		}
		if p.Institution == "" {
			return u.id
		}
		if i := l.institution(p.Institution, u.id); i != nil {
			return i.id
		}
	}
	return ""
}

func (l *loader) endRole(who *people, h holding, role law.Role) error {
	delete(l.roles, h)
	if _, err := l.exec("UPDATE roles SET until_ms = $1 WHERE person = $2 AND unit = $3 AND role = $4 AND until_ms IS NULL",
		l.now, h.person, h.unit, h.role); err != nil {
		return err
	}
	if err := l.audit(key("revoke", h.person, h.unit, h.role, number(l.now)), l.d.Clock(), "", "revoke", h.person, true, h.role); err != nil {
		return err
	}
	gone := true
	for other := range l.roles {
		gone = gone && other.person != who.id
	}
	if i := slices.IndexFunc(l.out.Left, func(e Ended) bool { return e.Name == who.name && e.Role == role }); i < 0 {
		l.out.Left = append(l.out.Left, Ended{who.name, l.unitName(h.unit), role, gone})
	}
	if !gone {
		return nil
	}
	who.left, who.listed = true, false
	return l.leave(who.id, l.now)
}

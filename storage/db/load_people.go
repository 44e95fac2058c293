package db

import (
	"cmp"
	"slices"

	"liuhen/flows/law"
)

// person takes one row of a people list.
func (l *loader) person(p Person) error {
	fault := func(code FaultCode, args ...string) error { return l.fault(p.Sheet, p.Row, code, args...) }
	home, code, err := l.home(p)
	if err != nil {
		return err
	}
	if code != "" {
		return fault(code, p.Authority)
	}
	who, code := l.find(home, p)
	switch {
	case code == LicenceTaken || code == LicenceTwice:
		return fault(code, p.Licence)
	case code != "":
		return fault(code, p.Name)
	}
	if who, err = l.keep(who, home, p); err != nil {
		return err
	}
	who.listed = true
	return l.role(who, p.Role)
}

// home is the unit a row belongs to; units that are not in the register yet are made.
func (l *loader) home(p Person) (string, FaultCode, error) {
	superior := ""
	if p.Superior != "" {
		id, code, err := l.authority(p.Superior, "")
		if err != nil || code != "" {
			return "", code, err
		}
		superior = id
	}
	authority, code, err := l.authority(p.Authority, superior)
	if err != nil || code != "" || p.Institution == "" {
		return authority, code, err
	}
	if i := l.institution(p.Institution, authority); i != nil {
		return i.id, "", nil
	}
	if i := l.formerly(p); i != nil {
		return i.id, "", l.move(i, authority)
	}
	id, err := l.newUnit(law.InstitutionUnit, p.Institution, authority)
	return id, "", err
}

// authority finds an organ by name within the one above it. An organ whose superior was not known so far learns it.
func (l *loader) authority(name, superior string) (string, FaultCode, error) {
	var named []*unit
	for _, u := range l.units {
		if u.kind == law.AuthorityUnit && u.name == name {
			named = append(named, u)
		}
	}
	if superior == "" {
		switch len(named) {
		case 0:
			id, err := l.newUnit(law.AuthorityUnit, name, "")
			return id, "", err
		case 1:
			return named[0].id, "", nil
		}
		return "", AuthorityAmbiguous, nil
	}
	for _, parent := range []string{superior, ""} {
		for _, u := range named {
			if u.parent != parent {
				continue
			}
			if l.above(superior, u.id) {
				return "", AuthorityLoop, nil
			}
			return u.id, "", l.setParent(u, superior)
		}
	}
	id, err := l.newUnit(law.AuthorityUnit, name, superior)
	return id, "", err
}

// above reports whether upper is id or stands above it.
func (l *loader) above(id, upper string) bool {
	for range l.units {
		if id == upper {
			return true
		}
		i := slices.IndexFunc(l.units, func(u *unit) bool { return u.id == id })
		if i < 0 {
			return false
		}
		id = l.units[i].parent
	}
	return false
}

func (l *loader) setParent(u *unit, parent string) error {
	if u.parent == parent {
		return nil
	}
	u.parent = parent
	_, err := l.exec("UPDATE units SET parent = $1 WHERE id = $2", parent, u.id)
	return err
}

func (l *loader) newUnit(kind law.Kind, name, parent string) (string, error) {
	u := &unit{newID(), parent, name, kind}
	l.units = append(l.units, u)
	l.out.NewUnits++
	var above any
	if parent != "" {
		above = parent
	}
	_, err := l.exec("INSERT INTO units (id, parent, kind, name) VALUES ($1, $2, $3, $4)", u.id, above, kind.String(), name)
	return u.id, err
}

// find is the person a row means, nil for somebody new: by licence, which is one person's in the whole country, or by unit
// and name.
func (l *loader) find(home string, p Person) (*people, FaultCode) {
	if p.Licence != "" {
		if at, seen := l.elsewhere[p.Licence]; seen && at != home {
			return nil, LicenceTwice
		}
		l.elsewhere[p.Licence] = home
	}
	var named []*people
	for _, x := range l.people {
		if p.Licence != "" && x.licence == p.Licence {
			switch {
			case x.name != p.Name:
				return nil, LicenceTaken
			case x.left:
				return nil, HasLeft
			}
			return x, ""
		}
		if x.unit == home && x.name == p.Name && (p.Licence == "" || x.licence == "") {
			named = append(named, x)
		}
	}
	staying := slices.DeleteFunc(slices.Clone(named), func(x *people) bool { return x.left })
	switch {
	case len(staying) == 1:
		return staying[0], ""
	case len(staying) > 1:
		return nil, Namesake
	case len(named) > 0 && p.Licence == "":
		return nil, HasLeft
	}
	return nil, ""
}

// keep makes a new person, or notes a licence or a move. Whoever moves to another unit loses the roles of the former one.
func (l *loader) keep(who *people, home string, p Person) (*people, error) {
	if who == nil {
		who = &people{id: newID(), unit: home, name: p.Name, licence: p.Licence}
		l.people = append(l.people, who)
		l.out.NewPeople++
		_, err := l.exec("INSERT INTO persons (id, unit, name, licence) VALUES ($1, $2, $3, $4)", who.id, home, p.Name, p.Licence)
		return who, err
	}
	licence := cmp.Or(p.Licence, who.licence)
	if who.unit == home && who.licence == licence {
		return who, nil
	}
	l.out.ChangedPeople++
	if who.unit != home {
		if err := l.endRoles(who, home); err != nil {
			return nil, err
		}
	}
	who.unit, who.licence = home, licence
	_, err := l.exec("UPDATE persons SET unit = $1, licence = $2 WHERE id = $3", home, licence, who.id)
	return who, err
}

func (l *loader) endRoles(who *people, except string) error {
	for h := range l.roles {
		if h.person == who.id && h.unit != except {
			delete(l.roles, h)
		}
	}
	_, err := l.exec("UPDATE roles SET until_ms = $1 WHERE person = $2 AND unit <> $3 AND until_ms IS NULL", l.now, who.id, except)
	return err
}

func (l *loader) role(who *people, role law.Role) error {
	h := holding{who.id, who.unit, role.String()}
	if l.roles[h] {
		return nil
	}
	l.roles[h] = true
	l.out.NewRoles++
	_, err := l.exec(`INSERT INTO roles (person, unit, role, since_ms) VALUES ($1, $2, $3, $4)
		ON CONFLICT (person, unit, role) DO UPDATE SET since_ms = excluded.since_ms, until_ms = NULL`, h.person, h.unit, h.role, l.now)
	return err
}

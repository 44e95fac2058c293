package db

import (
	"context"
	"errors"
	"time"

	"liuhen/flows/law"
)

// Person is one row of a people list: one person in one role. Institution is "" for people of the authority itself; Superior
// is the authority above, "" if not given. Names and numbers come cleaned.
type Person struct {
	Sheet       string
	Row         int
	Authority   string
	Superior    string
	Institution string
	Name        string
	Role        law.Role
	Licence     string
	Left        law.Date // since when they no longer hold the role, zero if they do
	Former      string   // the authority that the institution belonged to before, "" if not given
}

// Signer is an appraiser as a case list names them; Licence is the licence number or its end, to tell namesakes apart.
type Signer struct{ Name, Licence string }

// Case is one case of a case list. Institution and MatchKey identify it. An empty cell says nothing: it never takes back
// what an earlier list said.
type Case struct {
	Sheet       string
	Row         int
	Institution string
	Number      string // as typed
	MatchKey    string
	Matter      string
	Client      string
	ClientType  string
	Signers     []Signer
	Accepted    law.Date
	Closed      law.Date
	Closing     string
}

// Batch is what lists say. Partial saves the rows without faults even if others have some.
type Batch struct {
	People  []Person
	Cases   []Case
	Partial bool
}

// FaultCode says why a row cannot be taken.
type FaultCode string

// The codes, with their arguments.
const (
	AuthorityAmbiguous   FaultCode = "authority_ambiguous"   // name: several organs of that name; give the one above
	AuthorityLoop        FaultCode = "authority_loop"        // name: it would stand above itself
	LicenceTaken         FaultCode = "licence_taken"         // licence: it is registered for somebody of another name
	LicenceTwice         FaultCode = "licence_twice"         // licence: the list has it in two units
	Namesake             FaultCode = "namesake"              // name: several people in the unit; give the licence
	HasLeft              FaultCode = "has_left"              // name: noted as having left
	LeaverUnknown        FaultCode = "leaver_unknown"        // name: said to have left, but not registered in that role; no fault of a list
	InstitutionUnknown   FaultCode = "institution_unknown"   // name: not in the register; load its people first
	InstitutionAmbiguous FaultCode = "institution_ambiguous" // name: several institutions of that name
	SignerUnknown        FaultCode = "signer_unknown"        // name: nobody of that name in the institution
	SignerAmbiguous      FaultCode = "signer_ambiguous"      // name: several; add the end of the licence
)

// Fault is a row that cannot be taken.
type Fault struct {
	Sheet string
	Row   int
	Code  FaultCode
	Args  []string
}

// Loaded says what a batch changed; the same batch again changes nothing. With faults, and unless the batch was partial,
// nothing was saved.
type Loaded struct {
	NewUnits, NewPeople, NewRoles, NewCases int
	ChangedPeople, ChangedCases             int
	Linked                                  int     // entries filed before their case was on the list
	Left                                    []Ended // whose roles ended
	Unknown                                 []Fault // who is said to have left and was not there; this refuses nothing
	Invitations                             []Invitation
	Faults                                  []Fault
}

// Ended is a role that somebody no longer holds; Gone when they have none left, and with it no access.
type Ended struct {
	Name, UnitName string
	Role           law.Role
	Gone           bool
}

// Invitation lets one person in, once, until it expires. The token is shown here only; what is stored is its hash.
type Invitation struct {
	Person, Name, UnitName string
	Token                  string
	Expires                time.Time
}

var errFaulty = errors.New("the list has faults")

// Load takes people and cases into the register. People without an account and without a valid invitation get one.
func (d *DB) Load(ctx context.Context, b Batch) (Loaded, error) {
	var out Loaded
	err := d.write(ctx, "load lists", func(t *tx) error {
		l := &loader{tx: t, now: d.now(), elsewhere: map[string]string{}, touched: map[string]bool{}}
		if err := l.register(); err != nil {
			return err
		}
		if err := l.load(b); err != nil {
			return err
		}
		out = l.out
		if len(out.Faults) > 0 && !b.Partial {
			out = Loaded{Faults: out.Faults}
			return errFaulty
		}
		return nil
	})
	if errors.Is(err, errFaulty) {
		err = nil
	}
	return out, err
}

// Reinvite gives somebody a new invitation, with which a former account loses access once it is taken up. Earlier
// invitations end at once.
func (d *DB) Reinvite(ctx context.Context, person string) (v Invitation, err error) {
	err = d.write(ctx, "invite again", func(t *tx) error {
		var p people
		found, err := t.one([]any{&p.name, &p.unit}, `SELECT p.name, u.name FROM persons p JOIN units u ON u.id = p.unit
			WHERE p.id = $1 AND p.left_ms IS NULL`, person)
		if err != nil {
			return err
		}
		if !found {
			return errors.New("there is no such person, or they have left")
		}
		now := d.now()
		if _, err := t.exec("UPDATE invitations SET expires_ms = $1 WHERE person = $2 AND used_ms IS NULL AND expires_ms > $1", now, person); err != nil {
			return err
		}
		v, err = t.newInvitation(person, p.name, p.unit)
		return err
	})
	return v, err
}

func (t *tx) newInvitation(person, name, unitName string) (Invitation, error) {
	made := t.d.Clock()
	v := Invitation{Person: person, Name: name, UnitName: unitName, Token: newToken(), Expires: made.Add(invitationLife)}
	_, err := t.exec("INSERT INTO invitations (hash, person, made_ms, expires_ms) VALUES ($1, $2, $3, $4)",
		t.d.HashToken(v.Token), person, made.UnixMilli(), v.Expires.UnixMilli())
	return v, err
}

// loader is one loading under way, with the register in memory.
type loader struct {
	*tx
	now       int64
	units     []*unit
	people    []*people
	roles     map[holding]bool
	elsewhere map[string]string // unit by licence, within the batch
	touched   map[string]bool   // institutions with new cases
	out       Loaded
}

type unit struct {
	id, parent, name string
	kind             law.Kind
}

type people struct {
	id, unit, name, licence string
	left, listed            bool
}

type holding struct{ person, unit, role string }

func (l *loader) register() error {
	units, err := l.tx.units("SELECT id, COALESCE(parent, ''), kind, name FROM units ORDER BY id")
	if err != nil {
		return err
	}
	for _, u := range units {
		l.units = append(l.units, &unit{string(u.ID), string(u.Parent), u.Name, u.Kind})
	}
	found, err := rows(l.tx, func(p *people) []any { return []any{&p.id, &p.unit, &p.name, &p.licence, &p.left} },
		"SELECT id, unit, name, licence, left_ms IS NOT NULL FROM persons ORDER BY id")
	if err != nil {
		return err
	}
	for i := range found {
		l.people = append(l.people, &found[i])
	}
	held, err := rows(l.tx, func(h *holding) []any { return []any{&h.person, &h.unit, &h.role} },
		"SELECT person, unit, role FROM roles WHERE until_ms IS NULL")
	l.roles = map[holding]bool{}
	for _, h := range held {
		l.roles[h] = true
	}
	return err
}

func (l *loader) load(b Batch) error {
	for _, p := range b.People {
		if p.Left.IsZero() {
			if err := l.person(p); err != nil {
				return err
			}
		}
	}
	for _, p := range b.People { // after what is held: who is said to have left holds it no more
		if !p.Left.IsZero() {
			if err := l.leaver(p); err != nil {
				return err
			}
		}
	}
	if err := l.invite(); err != nil {
		return err
	}
	for _, c := range b.Cases {
		if err := l.kase(c); err != nil {
			return err
		}
	}
	return l.linkEarlier()
}

func (l *loader) fault(sheet string, row int, code FaultCode, args ...string) error {
	l.out.Faults = append(l.out.Faults, Fault{sheet, row, code, args})
	return nil
}

// invite gives an invitation to everybody listed who has neither an account nor a valid one.
func (l *loader) invite() error {
	has, err := texts(l.tx, `SELECT person FROM accounts UNION SELECT person FROM invitations WHERE used_ms IS NULL AND expires_ms > $1`, l.now)
	if err != nil {
		return err
	}
	have := map[string]bool{}
	for _, p := range has {
		have[p] = true
	}
	for _, p := range l.people {
		if !p.listed || have[p.id] {
			continue
		}
		v, err := l.newInvitation(p.id, p.name, l.unitName(p.unit))
		if err != nil {
			return err
		}
		l.out.Invitations = append(l.out.Invitations, v)
	}
	return nil
}

func (l *loader) unitName(id string) string {
	for _, u := range l.units {
		if u.id == id {
			return u.name
		}
	}
	return ""
}

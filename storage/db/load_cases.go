package db

import (
	"cmp"
	"slices"
	"strings"

	"liuhen/flows/law"
)

// kase takes one case with its signers.
func (l *loader) kase(c Case) error {
	var at []*unit
	for _, u := range l.units {
		if u.kind == law.InstitutionUnit && u.name == c.Institution {
			at = append(at, u)
		}
	}
	switch len(at) {
	case 0:
		return l.fault(c.Sheet, c.Row, InstitutionUnknown, c.Institution)
	case 1:
	default:
		return l.fault(c.Sheet, c.Row, InstitutionAmbiguous, c.Institution)
	}
	faults := len(l.out.Faults)
	var signers []string
	for _, s := range c.Signers {
		who, code := l.signer(at[0].id, s)
		if code != "" {
			_ = l.fault(c.Sheet, c.Row, code, s.Name) // noting a fault does not fail
			continue
		}
		signers = append(signers, who.id)
	}
	if len(l.out.Faults) > faults { // it might lack a signer
		return nil
	}
	id, changed, err := l.keepCase(at[0].id, c)
	if err != nil {
		return err
	}
	moved, err := l.assign(id, signers)
	if changed || moved {
		l.out.ChangedCases++
	}
	return err
}

// signer finds who is meant: by name within the institution, with the end of the licence where several share it. Appraisers
// come before others of the same name, people who are there before those who have left.
func (l *loader) signer(institution string, s Signer) (*people, FaultCode) {
	var named []*people
	for _, x := range l.people {
		if x.unit == institution && x.name == s.Name && (s.Licence == "" || strings.HasSuffix(x.licence, s.Licence)) {
			named = append(named, x)
		}
	}
	for _, narrower := range []func(*people) bool{
		func(x *people) bool { return !x.left },
		func(x *people) bool { return l.roles[holding{x.id, institution, law.Appraiser.String()}] },
	} {
		if fewer := slices.DeleteFunc(slices.Clone(named), func(x *people) bool { return !narrower(x) }); len(fewer) > 0 {
			named = fewer
		}
	}
	switch len(named) {
	case 0:
		return nil, SignerUnknown
	case 1:
		return named[0], ""
	}
	return nil, SignerAmbiguous
}

// kept is what the register holds of a case beyond its number.
type kept struct{ matter, client, clientType, accepted, closed, closing string }

// keepCase makes a case or brings it up to date. changed is about a case that was there before.
func (l *loader) keepCase(institution string, c Case) (id string, changed bool, err error) {
	said := kept{c.Matter, c.Client, c.ClientType, c.Accepted.String(), c.Closed.String(), c.Closing}
	var was kept
	found, err := l.one([]any{&id, &was.matter, &was.client, &was.clientType, &was.accepted, &was.closed, &was.closing},
		"SELECT id, matter, client, client_type, accepted, closed, closing FROM cases WHERE institution = $1 AND match_key = $2",
		institution, c.MatchKey)
	if err != nil {
		return "", false, err
	}
	if !found {
		l.out.NewCases++
		l.touched[institution] = true
		id = newID()
		_, err := l.exec(`INSERT INTO cases (id, institution, number, match_key, matter, client, client_type, accepted, closed, closing)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, id, institution, c.Number, c.MatchKey,
			said.matter, said.client, said.clientType, said.accepted, said.closed, said.closing)
		return id, false, err
	}
	now := kept{
		cmp.Or(said.matter, was.matter), cmp.Or(said.client, was.client), cmp.Or(said.clientType, was.clientType),
		cmp.Or(said.accepted, was.accepted), cmp.Or(said.closed, was.closed), cmp.Or(said.closing, was.closing),
	}
	if now == was {
		return id, false, nil
	}
	_, err = l.exec(`UPDATE cases SET matter = $1, client = $2, client_type = $3, accepted = $4, closed = $5, closing = $6 WHERE id = $7`,
		now.matter, now.client, now.clientType, now.accepted, now.closed, now.closing, id)
	return id, true, err
}

// assign makes these the signers of a case. Somebody no longer listed owes nothing any more, and that is written down; what they filed
// stays.
func (l *loader) assign(id string, signers []string) (changed bool, err error) {
	was, err := texts(l.tx, "SELECT person FROM signers WHERE case_id = $1", id)
	if err != nil {
		return false, err
	}
	existed := len(was) > 0
	for _, p := range signers {
		if slices.Contains(was, p) {
			continue
		}
		changed = existed
		n, err := l.exec("INSERT INTO signers (case_id, person) VALUES ($1, $2) ON CONFLICT (case_id, person) DO NOTHING", id, p)
		if err != nil {
			return false, err
		}
		if existed && n > 0 {
			if err := l.noteSigner(signerIn, id, p); err != nil {
				return false, err
			}
		}
	}
	for _, p := range was {
		if slices.Contains(signers, p) || len(signers) == 0 {
			continue
		}
		n, err := l.exec("DELETE FROM signers WHERE case_id = $1 AND person = $2 AND filed_ms IS NULL", id, p)
		if err != nil {
			return false, err
		}
		if n == 0 {
			continue
		}
		changed = true
		if err := l.noteSigner(signerOut, id, p); err != nil {
			return false, err
		}
	}
	return changed, l.settle(id)
}

// linkEarlier ties entries that were filed under a typed number before their case was on a list (AM-18).
func (l *loader) linkEarlier() error {
	type loose struct {
		id   string
		head []byte
	}
	for institution := range l.touched {
		found, err := rows(l.tx, func(r *loose) []any { return []any{&r.id, &r.head} },
			`SELECT r.id, r.head FROM records r LEFT JOIN links k ON k.record = r.id WHERE r.institution = $1 AND k.record IS NULL AND `+notGone, institution)
		if err != nil {
			return err
		}
		if err := fetchKeys(l.tx, "records", found, func(r loose) string { return r.id }); err != nil {
			return err
		}
		for _, r := range found {
			if err := l.linkOne(institution, r.id, r.head); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *loader) linkOne(institution, id string, sealed []byte) error {
	var h head
	if err := l.unseal(toLink, sealed, &h, "records", id, "head"); err != nil || h.Number == "" {
		return err
	}
	var caseID string
	found, err := l.one([]any{&caseID}, "SELECT id FROM cases WHERE institution = $1 AND match_key = $2", institution, l.d.MatchKey(h.Number))
	if err != nil || !found {
		return err
	}
	l.out.Linked++
	return l.tie(id, caseID)
}

package db

import (
	"strings"
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
)

const (
	invitationLife = 7 * 24 * time.Hour
	triesEach      = 5  // wrong answers of one account within an hour
	triesInAll     = 50 // wrong answers of everybody within an hour
	proofLength    = 4  // characters of the licence number that are asked for
)

// guess counts a wrong answer to an invitation.
func (w *work) guess() error {
	_, err := w.exec("INSERT INTO tries (event, account, at_ms) VALUES ($1, $2, $3) ON CONFLICT (event) DO NOTHING",
		w.event, w.d.accountMark(w.c.Account), w.at.UnixMilli())
	return err
}

// bind takes up an invitation: it is used up, the account belongs to the person, and a former account of that person's
// belongs to nobody from the same moment.
func (w *work) bind(person string) error {
	bound, err := w.personOf(w.c.Account)
	if err != nil || bound == person && person != "" {
		return err // a repeat
	}
	no := func(why string) error { return &denial{action: "bind", subject: person, why: why} }
	if bound != "" {
		return no("the account belongs to somebody else")
	}
	hash := w.d.HashToken(w.c.Link)
	invited, err := w.invited(w.c.Account, hash, w.at)
	switch {
	case err != nil:
		return err
	case invited == "" || invited != person:
		return no("no valid invitation")
	}
	if err := w.take(person, hash); err != nil {
		return err
	}
	return w.audit(key("bind", hash), w.at, person, "bind", person, true, "")
}

func (w *work) take(person, hash string) error {
	at := w.at.UnixMilli()
	// Another person's old binding can only be that of somebody who has left: it no longer counts.
	if _, err := w.exec("DELETE FROM accounts WHERE account = $1", w.c.Account); err != nil {
		return err
	}
	if _, err := w.exec(`INSERT INTO accounts (person, account, bound_ms) VALUES ($1, $2, $3)
		ON CONFLICT (person) DO UPDATE SET account = excluded.account, bound_ms = excluded.bound_ms, unreachable_ms = NULL`,
		person, w.c.Account, at); err != nil {
		return err
	}
	_, err := w.exec("UPDATE invitations SET used_ms = $1 WHERE hash = $2", at, hash)
	return err
}

// invited is the person whose valid invitation this is, "" for none: unknown, used, expired and too many wrong answers
// cannot be told apart.
func (t *tx) invited(account int64, hash string, at time.Time) (person string, err error) {
	if _, err := t.one([]any{&person}, `SELECT i.person FROM invitations i JOIN persons p ON p.id = i.person
		WHERE i.hash = $1 AND i.used_ms IS NULL AND i.expires_ms > $2 AND p.left_ms IS NULL`, hash, at.UnixMilli()); err != nil {
		return "", err
	}
	var mine, all int
	_, err = t.one([]any{&all, &mine},
		"SELECT COUNT(*), COALESCE(SUM(CASE WHEN account = $1 THEN 1 ELSE 0 END), 0) FROM tries WHERE at_ms > $2",
		t.d.accountMark(account), at.Add(-time.Hour).UnixMilli())
	if mine >= triesEach || all >= triesInAll {
		person = ""
	}
	return person, err
}

// invite is the invitation behind a link as the invited person sees it.
func (t *tx) invite(account int64, link string, at time.Time) (*flows.Invite, error) {
	if link == "" {
		return nil, nil
	}
	person, err := t.invited(account, t.d.HashToken(link), at)
	if err != nil || person == "" {
		return nil, err
	}
	v := flows.Invite{Person: person}
	var licence string
	if _, err := t.one([]any{&v.Name, &licence, &v.UnitName},
		"SELECT p.name, p.licence, u.name FROM persons p JOIN units u ON u.id = p.unit WHERE p.id = $1", person); err != nil {
		return nil, err
	}
	roles, err := texts(t, "SELECT role FROM roles WHERE person = $1 AND until_ms IS NULL ORDER BY since_ms, role", person)
	if err != nil {
		return nil, err
	}
	for _, s := range roles {
		if r, ok := law.ParseRole(s); ok {
			v.RoleNames = append(v.RoleNames, r)
		}
	}
	v.Licensed = licence != ""
	v.Expect = flows.InviteProof(answer(v.Name, licence))
	return &v, nil
}

// answer is what an invited person must type: the end of the licence number, or the name where none is registered.
func answer(name, licence string) string {
	licence = strings.Join(strings.Fields(licence), "")
	if licence == "" {
		return name
	}
	end := []rune(licence)
	return string(end[max(0, len(end)-proofLength):])
}

package db

import "liuhen/flows"

// formerOf is the colleague who has left to whom the account still belongs, "" for none. They keep the way to their own entries
// and to the protection of Art. 9 (R9.1); the account opens nothing else: see the table of access, After.
func (t *tx) formerOf(account int64) (person string, err error) {
	_, err = t.one([]any{&person},
		"SELECT p.id FROM accounts a JOIN persons p ON p.id = a.person WHERE a.account = $1 AND p.left_ms IS NOT NULL", account)
	return person, err
}

// formerMay reports whether somebody who has left may have an effect carried out at all; what it concerns is for authorize.
func formerMay(e flows.Durable) bool {
	switch e := e.(type) {
	case flows.Complain, flows.CheckIn:
		return true
	case flows.Handle:
		return e.Act.Unit == ""
	default:
		return false
	}
}

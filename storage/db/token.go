package db

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"strconv"
	"strings"
)

var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// newID is a random name of 80 bits, 16 characters: it says nothing about when or after what it was made.
func newID() string {
	b := make([]byte, 10)
	rand.Read(b) //nolint:errcheck // never fails: crypto/rand ends the process instead
	return idEncoding.EncodeToString(b)
}

// derivedID is the name that purpose and parts always give: the same on a repeat, and meaningless without the keys.
func (d *DB) derivedID(purpose string, parts ...string) string {
	raw := make([][]byte, len(parts))
	for i, p := range parts {
		raw[i] = []byte(p)
	}
	return idEncoding.EncodeToString(d.Keys.MAC(purpose, raw...)[:10])
}

func (d *DB) reportID(record string) string { return d.derivedID("report", record) }

// partyID is the Party's own track of an entry's report: a report beside it, with its own recipients, acts and end (R7.2).
func (d *DB) partyID(record string) string { return d.derivedID("party", record) }

func (d *DB) evidenceID(record, file string) string { return d.derivedID("evidence", record, file) }

// accountMark stands for an account where the account itself need not be kept.
func (d *DB) accountMark(account int64) string {
	return d.derivedID("account", strconv.FormatInt(account, 10))
}

// newToken is an invitation: 132 random bits in 22 characters that fit into a link.
func newToken() string {
	b := make([]byte, 17)
	rand.Read(b) //nolint:errcheck // never fails: crypto/rand ends the process instead
	return base64.RawURLEncoding.EncodeToString(b)[:22]
}

// HashToken is the form in which an invitation's token is stored.
func (d *DB) HashToken(token string) string {
	return base64.RawURLEncoding.EncodeToString(d.Keys.MAC("invitation", []byte(token)))
}

// key joins the parts of a natural key.
func key(parts ...string) string { return strings.Join(parts, "/") }

func number(n int64) string { return strconv.FormatInt(n, 10) }

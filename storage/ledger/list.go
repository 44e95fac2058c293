package ledger

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"time"

	"golang.org/x/mod/sumdb/note"
)

//go:embed list_1.txt
var listText string

// List seals a list of files as sha256sum writes it, so that whoever has the public key sees that the files are those that were made.
type List struct {
	System string
	At     time.Time
	digest string
}

// SignList makes the signed text that goes with a list of files.
func SignList(list []byte, at time.Time, s note.Signer) ([]byte, error) {
	return sign(parseLayout(listText).fill(s.Name(), at.Format(momentLayout), listName(list)), s)
}

// OpenList reads the signed text of a list, as [OpenReceipt] does; it must be of this list: [ErrForged].
func OpenList(signed, list []byte, keys ...note.Verifier) (List, error) {
	text, err := Open(signed, keys...)
	if err != nil {
		return List{}, err
	}
	v, err := parseLayout(listText).read(text)
	if err != nil {
		return List{}, err
	}
	l := List{System: v[0], digest: v[2]}
	if l.At, err = time.Parse(momentLayout, v[1]); err != nil || !isName(l.digest) {
		return List{}, ErrDamaged
	}
	if l.digest != listName(list) {
		return List{}, ErrForged
	}
	return l, systemOf(l.System, keys)
}

func listName(list []byte) string {
	h := sha256.Sum256(list)
	return nameSHA256 + hex.EncodeToString(h[:])
}

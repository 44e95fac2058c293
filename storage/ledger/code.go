package ledger

import (
	"crypto/sha256"
	"encoding/hex"
)

// codeDigits is how many hexadecimal digits a code has: 128 bits, as many as a record's ID.
const codeDigits = 32

// Code is by what a list of filings and a receipt are found to be of the same entry (E20). It follows from the entry's ID alone, which
// nobody can guess, so that it is the same whatever the entry says: even with every content in the world at hand nobody can try
// one out, which a digest of the entry would allow to whoever has its salt.
func Code(record string) string {
	sum := sha256.Sum256([]byte(record))
	return hex.EncodeToString(sum[:])[:codeDigits]
}

// Code is the receipt's.
func (r Receipt) Code() string { return Code(r.Record) }

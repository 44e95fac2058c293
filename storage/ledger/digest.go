package ledger

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"

	"github.com/emmansun/gmsm/sm3"
	"golang.org/x/mod/sumdb/tlog"

	"liuhen/storage/vault"
)

// SaltSize is the length of salts in bytes.
const SaltSize = 32

// Sums are the two digests of one thing.
type Sums struct{ SHA256, SM3 [32]byte }

// Digest is what a leaf holds of a thing: kind and ID say which it is, content is all of it that was signed or done. Without
// the salt nobody can try out contents.
func Digest(salt []byte, kind, id string, content []byte) Sums {
	var s Sums
	for h, to := range map[hash.Hash]*[32]byte{sha256.New(): &s.SHA256, sm3.New(): &s.SM3} {
		feed(h, "liuhen leaf 1", salt, []byte(kind), []byte(id), content)
		h.Sum(to[:0])
	}
	return s
}

// feed writes parts with their lengths, so that no two lists of parts give the same bytes.
func feed(h hash.Hash, what string, parts ...[]byte) {
	h.Write([]byte(what + "\n"))
	for _, p := range parts {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(p))))
		h.Write(p)
	}
}

// Name is the digest as receipts show it: the algorithm and 64 hexadecimal digits.
func (s Sums) Name(suite vault.Suite) string {
	if suite == vault.Guomi {
		return nameSM3 + hex.EncodeToString(s.SM3[:])
	}
	return nameSHA256 + hex.EncodeToString(s.SHA256[:])
}

// Names of algorithms in what is shown, with the space after them.
const (
	nameSHA256 = "SHA-256 "
	nameSM3    = "SM3 "
)

// Leaf is the hash at the bottom of the tree.
func (s Sums) Leaf() tlog.Hash {
	return tlog.RecordHash([]byte(fmt.Sprintf("liuhen leaf 1\nsha256 %x\nsm3 %x\n", s.SHA256, s.SM3)))
}

// State names the log as it was at a size, by the root of its tree then. Without the salt, which is another one for each
// size, nothing can be told of the size, nor whether two states are near each other.
func State(suite vault.Suite, salt []byte, size int64, root tlog.Hash) string {
	h, name := sha256.New(), nameSHA256
	if suite == vault.Guomi {
		h, name = sm3.New(), nameSM3
	}
	feed(h, "liuhen state 1", salt, binary.BigEndian.AppendUint64(nil, uint64(size)), root[:])
	return name + hex.EncodeToString(h.Sum(nil))
}

// SameState reports whether a state, of whichever suite, is the log's at that size.
func SameState(state string, salt []byte, size int64, root tlog.Hash) bool {
	suite := vault.Standard
	if strings.HasPrefix(state, nameSM3) {
		suite = vault.Guomi
	}
	return state == State(suite, salt, size, root)
}

// isName reports whether a text reads like the name of a digest.
func isName(s string) bool {
	digits, ok := strings.CutPrefix(s, nameSHA256)
	if !ok {
		digits, ok = strings.CutPrefix(s, nameSM3)
	}
	raw, err := hex.DecodeString(digits)
	return ok && err == nil && len(raw) == 32 && digits == strings.ToLower(digits)
}

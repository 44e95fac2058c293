package vault

import (
	"bytes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// ErrCannotOpen says that sealed data do not open: another key, another place than the one they
// were sealed for, or altered, truncated or foreign bytes. Which of these it was cannot be told.
var ErrCannotOpen = errors.New("sealed data cannot be opened (wrong key, wrong place, or altered)")

const (
	formatV1   = 1
	idSize     = 4
	saltSize   = 24 // random, 192 bits: no two messages ever share one
	headerSize = 1 + idSize + saltSize
)

type keyID [idSize]byte

func (id keyID) String() string { return fmt.Sprintf("%x", id[:]) }

type sealKey struct {
	id     keyID
	suite  suite
	secret []byte
}

// Keys are the contents of the key file. They are safe for concurrent use and print as "[keys]".
type Keys struct {
	seal  []sealKey // in the order of the file; the last one seals, all of them open
	macID keyID
	mac   []byte
	sign  []signKey // those the file names, in its order; see signers
}

// Seal encrypts plaintext and binds it to place, the list of names that say where it belongs:
// table, row id, column, version. The list is authenticated with its boundaries ("a","bc" is
// another place than "ab","c") but not stored; Open needs the same one. The result is 45 bytes
// longer than the plaintext and different each time.
func (k *Keys) Seal(plaintext []byte, place ...string) []byte {
	key := k.seal[len(k.seal)-1]
	out := make([]byte, headerSize, headerSize+len(plaintext)+16)
	out[0] = formatV1
	copy(out[1:], key.id[:])
	rand.Read(out[1+idSize : headerSize]) //nolint:errcheck // never fails: crypto/rand ends the process instead
	aead, nonce := key.message(out[1+idSize : headerSize])
	return aead.Seal(out, nonce, plaintext, bind(out[:headerSize], place))
}

// Open returns what Seal was given, or an error wrapping ErrCannotOpen, whatever the bytes.
func (k *Keys) Open(sealed []byte, place ...string) ([]byte, error) {
	if len(sealed) < headerSize || sealed[0] != formatV1 {
		return nil, fmt.Errorf("%w: not in a format known to this version", ErrCannotOpen)
	}
	key, ok := k.byID(keyID(sealed[1 : 1+idSize]))
	if !ok {
		return nil, fmt.Errorf("%w: it names key %x, which the key file does not hold", ErrCannotOpen, sealed[1:1+idSize])
	}
	aead, nonce := key.message(sealed[1+idSize : headerSize])
	plaintext, err := aead.Open(nil, nonce, sealed[headerSize:], bind(sealed[:headerSize], place))
	if err != nil {
		return nil, ErrCannotOpen
	}
	return plaintext, nil
}

// MAC returns the 32-byte HMAC-SHA-256 of parts under a subkey of its own for each purpose, with
// the boundaries of the parts included. The same input gives the same output as long as the key
// file keeps its hmacsha256 line, so it serves for deterministic ids and for storing tokens hashed;
// without the key nobody can try out guesses.
func (k *Keys) MAC(purpose string, parts ...[]byte) []byte {
	sub := derive(k.mac, nil, "liuhen mac v1 "+purpose, sha256.Size)
	h := hmac.New(sha256.New, sub)
	for _, p := range parts {
		_ = binary.Write(h, binary.BigEndian, uint64(len(p))) // a hash accepts every write
		h.Write(p)
	}
	return h.Sum(nil)
}

// Format prints "[keys]" for every verb, so that no log line ever shows a key.
func (k *Keys) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "[keys]") }

// LogValue is "[keys]".
func (k *Keys) LogValue() slog.Value { return slog.StringValue("[keys]") }

// MarshalText is "[keys]".
func (k *Keys) MarshalText() ([]byte, error) { return []byte("[keys]"), nil }

func (k *Keys) byID(id keyID) (sealKey, bool) {
	for _, key := range k.seal {
		if key.id == id {
			return key, true
		}
	}
	return sealKey{}, false
}

// message derives cipher and nonce for one message from its salt. As the derived key serves one
// message only, its nonce cannot repeat.
func (s sealKey) message(salt []byte) (cipher.AEAD, []byte) {
	const nonceSize = 12
	okm := derive(s.secret, salt, "liuhen seal v1 "+s.suite.name, s.suite.keySize+nonceSize)
	return s.suite.mustAEAD(okm[:s.suite.keySize]), okm[s.suite.keySize:]
}

// bind writes header and place so that no two different pairs give the same bytes.
func bind(header []byte, place []string) []byte {
	var b bytes.Buffer
	b.Write(header)
	for _, p := range place {
		_ = binary.Write(&b, binary.BigEndian, uint64(len(p))) // a Buffer accepts every write
		b.WriteString(p)
	}
	return b.Bytes()
}

func derive(secret, salt []byte, info string, size int) []byte {
	out, err := hkdf.Key(sha256.New, secret, salt, info, size)
	if err != nil {
		panic(fmt.Sprintf("vault: deriving %d bytes: %v", size, err)) // only for sizes above 8160
	}
	return out
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) //nolint:errcheck // never fails: crypto/rand ends the process instead
	return b
}

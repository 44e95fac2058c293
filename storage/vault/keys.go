package vault

import (
	"bytes"
	"context"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
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

// Keys are the contents of the key file, and follow it when it changes ([Add], [Remove]). They are safe for concurrent use
// and print as "[keys]".
type Keys struct {
	path string // "": never looked at again

	mu   sync.Mutex
	seen stamp
	ring *ring
}

// ring is one state of a key file.
type ring struct {
	seal     []sealKey // in the order of the file; the last one seals, all of them open
	macID    keyID
	mac      []byte
	macSuite Suite
	sign     []signKey // those the file names, in its order; see signers
}

func (r *ring) byID(id keyID) (sealKey, bool) {
	for _, key := range r.seal {
		if key.id == id {
			return key, true
		}
	}
	return sealKey{}, false
}

func (r *ring) last() sealKey { return r.seal[len(r.seal)-1] }

// Seal encrypts plaintext and binds it to place, the list of names that say where it belongs:
// table, row id, column, version. The list is authenticated with its boundaries ("a","bc" is
// another place than "ab","c") but not stored; Open needs the same one. The result is 45 bytes
// longer than the plaintext and different each time.
func (k *Keys) Seal(plaintext []byte, place ...string) []byte {
	return k.now().last().sealed(plaintext, place)
}

func (key sealKey) sealed(plaintext []byte, place []string) []byte {
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
	key, ok := k.find(keyID(sealed[1 : 1+idSize]))
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

// MAC returns the 32-byte HMAC (by SHA-256 or SM3, as the key file was made) of parts under a subkey of its own for each purpose, with
// the boundaries of the parts included. The same input gives the same output as long as the key
// file keeps its line with the hmac… key, so it serves for deterministic ids and for storing tokens hashed;
// without the key nobody can try out guesses.
func (k *Keys) MAC(purpose string, parts ...[]byte) []byte {
	r := k.ring0()
	sub := derive(r.macSuite, r.mac, nil, "liuhen mac v1 "+purpose, macKeySize)
	h := hmac.New(r.macSuite.Hash, sub)
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

// Path is where the key file lies.
func (k *Keys) Path() string { return k.path }

// Current is the id of the key that wraps now.
func (k *Keys) Current() string { return k.now().last().id.String() }

// CurrentSuite is the suite of the key that wraps now.
func (k *Keys) CurrentSuite() Suite { return k.now().last().suite.of }

// Holds reports whether the key file has the key of that id.
func (k *Keys) Holds(id string) bool {
	for _, key := range k.now().seal {
		if key.id.String() == id {
			return true
		}
	}
	return false
}

// Wrap locks a data key away under the current key and says which that is. Place is authenticated as in [Keys.Seal].
func (k *Keys) Wrap(_ context.Context, secret []byte, place ...string) (by string, wrapped []byte, err error) {
	key := k.now().last()
	return key.id.String(), key.sealed(secret, place), nil
}

// Unwrap gives back what Wrap was given. by is not needed: the wrapped key says it itself, authenticated.
func (k *Keys) Unwrap(_ context.Context, _ string, wrapped []byte, place ...string) ([]byte, error) {
	return k.Open(wrapped, place...)
}

// message derives cipher and nonce for one message from its salt.
func (key sealKey) message(salt []byte) (cipher.AEAD, []byte) {
	return key.suite.message(key.secret, salt, "liuhen seal v1 ")
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

func derive(s Suite, secret, salt []byte, info string, size int) []byte {
	out, err := hkdf.Key(s.Hash, secret, salt, info, size)
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

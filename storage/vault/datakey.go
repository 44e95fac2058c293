package vault

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// formatV2 is a field sealed under a data key: version, code of the suite, salt, ciphertext, tag.
const formatV2 = 2

const (
	dataKeySize    = 32 // bytes
	dataHeaderSize = 2 + saltSize
)

// Overhead is how many bytes a sealed field of a [DataKey] is longer than its text.
const Overhead = dataHeaderSize + 16

// DataKey seals what belongs to one row. It lies in the store only locked away by a key-encryption key ([Keys.Wrap]), so that
// changing that key changes this little, and no sealed row. It prints as "[keys]".
type DataKey struct{ secret []byte }

// NewDataKey is a fresh random key.
func NewDataKey() DataKey { return DataKey{randomBytes(dataKeySize)} }

// DataKeyOf is the key with that secret, as [DataKey.Secret] gave it.
func DataKeyOf(secret []byte) (DataKey, error) {
	if len(secret) != dataKeySize {
		return DataKey{}, errors.New("a data key has another length")
	}
	return DataKey{secret}, nil
}

// Secret is what is to be wrapped.
func (k DataKey) Secret() []byte { return k.secret }

// Seal encrypts plaintext by the suite and binds it to place, as [Keys.Seal] does. The result is [Overhead] bytes longer.
func (k DataKey) Seal(s Suite, plaintext []byte, place ...string) []byte {
	c := s.cipherOf()
	out := make([]byte, 0, dataHeaderSize+len(plaintext)+16)
	out = append(out, formatV2, c.code)
	out = append(out, randomBytes(saltSize)...)
	aead, nonce := c.message(k.secret, out[2:], "liuhen data v2 ")
	return aead.Seal(out, nonce, plaintext, bind(out[:dataHeaderSize], place))
}

// Open returns what Seal was given, whatever the suite it was sealed by, or an error wrapping [ErrCannotOpen].
func (k DataKey) Open(sealed []byte, place ...string) ([]byte, error) {
	if len(sealed) < dataHeaderSize || sealed[0] != formatV2 {
		return nil, fmt.Errorf("%w: not in a format known to this version", ErrCannotOpen)
	}
	c, ok := suiteCoded(sealed[1])
	if !ok {
		return nil, fmt.Errorf("%w: sealed by a suite not known to this version", ErrCannotOpen)
	}
	header := sealed[:dataHeaderSize]
	aead, nonce := c.message(k.secret, header[2:], "liuhen data v2 ")
	plaintext, err := aead.Open(nil, nonce, sealed[dataHeaderSize:], bind(header, place))
	if err != nil {
		return nil, ErrCannotOpen
	}
	return plaintext, nil
}

// Enveloped reports whether sealed bytes need a data key; those of earlier releases open by the key file directly.
func Enveloped(sealed []byte) bool { return len(sealed) > 0 && sealed[0] == formatV2 }

// SealedBy is the id of the key file's key that sealed bytes of an earlier release need, "" when they have a data key.
func SealedBy(sealed []byte) string {
	if len(sealed) < 1+idSize || sealed[0] != formatV1 {
		return ""
	}
	return keyID(sealed[1 : 1+idSize]).String()
}

// Format prints "[keys]" for every verb.
func (k DataKey) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "[keys]") }

// LogValue is "[keys]".
func (k DataKey) LogValue() slog.Value { return slog.StringValue("[keys]") }

// MarshalText is "[keys]".
func (k DataKey) MarshalText() ([]byte, error) { return []byte("[keys]"), nil }

// Box seals under one data key and opens what earlier releases sealed under the key file directly: for stores that do not lie
// in the database.
type Box struct {
	*Keys
	Key   DataKey
	Suite Suite
}

// Seal is [DataKey.Seal].
func (b *Box) Seal(plaintext []byte, place ...string) []byte {
	return b.Key.Seal(b.Suite, plaintext, place...)
}

// Open is [DataKey.Open], or [Keys.Open].
func (b *Box) Open(sealed []byte, place ...string) ([]byte, error) {
	if Enveloped(sealed) {
		return b.Key.Open(sealed, place...)
	}
	return b.Keys.Open(sealed, place...)
}

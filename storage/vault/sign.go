package vault

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strings"

	"github.com/emmansun/gmsm/sm2"
	"golang.org/x/mod/sumdb/note"
)

// Keys to sign with stand in the key file under these names. A file without any, as earlier releases made it, is as good:
// its first key of each kind is derived from its hmacsha256 key, so that nobody's safe copy of the file goes stale.
const (
	signEd25519 = "ed25519"
	signSM2     = "sm2"
)

// Marks of the kinds of public key. Ed25519 has the one that Go's signed notes give it; 0xff is for kinds without one.
const (
	markEd25519 = "\x01"
	markSM2     = "\xffsm2"
)

// signKeySize is the length of a key to sign with, in bytes: a seed, or a number modulo the order of the curve.
const signKeySize = 32

// signKey signs notes as one system.
type signKey struct {
	id     keyID
	kind   string
	secret []byte
	name   string // of the system
	ed     ed25519.PrivateKey
	sm     *sm2.PrivateKey
}

func newSignKey(kind string, secret []byte) (signKey, error) {
	k := signKey{kind: kind, secret: secret}
	if kind == signEd25519 {
		k.ed = ed25519.NewKeyFromSeed(secret)
		return k, nil
	}
	var err error
	k.sm, err = sm2.NewPrivateKeyFromInt(new(big.Int).SetBytes(secret))
	return k, err
}

// System is the name under which this system signs; it tells one system from another and nothing else.
func (k *Keys) System() string { return fmt.Sprintf("liuhen-%x", k.MAC("system")[:4]) }

// signers are all keys of a kind that this key file signs or has signed with; the last one signs.
func (k *Keys) signers(s Suite) []signKey {
	r, kind := k.ring0(), signEd25519
	if s == Guomi {
		kind = signSM2
	}
	first, err := newSignKey(kind, derivedSecret(r.mac, kind))
	if err != nil {
		panic("vault: a derived key is not one: " + err.Error()) // it is reduced to the order of the curve
	}
	out := []signKey{first}
	for _, x := range r.sign {
		if x.kind == kind {
			out = append(out, x)
		}
	}
	for i := range out {
		out[i].name = k.System()
	}
	return out
}

// derivedSecret is 1 to n-2 for SM2, without measurable bias: 40 bytes are reduced to 32.
func derivedSecret(mac []byte, kind string) []byte {
	if kind == signEd25519 {
		return derive(Standard, mac, nil, "liuhen sign v1 "+kind, signKeySize)
	}
	wide := new(big.Int).SetBytes(derive(Standard, mac, nil, "liuhen sign v1 "+kind, signKeySize+8))
	span := new(big.Int).Sub(sm2.P256().Params().N, big.NewInt(2))
	return wide.Mod(wide, span).Add(wide, big.NewInt(1)).FillBytes(make([]byte, signKeySize))
}

// Signer signs notes (golang.org/x/mod/sumdb/note) with the newest key of the suite. The same text always gets the same
// signature, 64 bytes long in either suite.
func (k *Keys) Signer(s Suite) note.Signer {
	all := k.signers(s)
	return &all[len(all)-1]
}

// Verifiers know every signature that this key file can have made, in either suite.
func (k *Keys) Verifiers() []note.Verifier {
	var out []note.Verifier
	for _, s := range []Suite{Standard, Guomi} {
		for _, x := range k.signers(s) {
			out = append(out, x.public())
		}
	}
	return out
}

// PublicKey is what to publish, so that anybody can verify what is signed under the suite now: NAME+HASH+BASE64.
func (k *Keys) PublicKey(s Suite) string {
	all := k.signers(s)
	return all[len(all)-1].public().String()
}

func (k *signKey) public() PublicKey {
	if k.ed != nil {
		return PublicKey{name: k.name, ed: k.ed.Public().(ed25519.PublicKey)}
	}
	return PublicKey{name: k.name, sm: &k.sm.PublicKey}
}

// Name is that of the system.
func (k *signKey) Name() string { return k.name }

// KeyHash tells the keys of one name apart.
func (k *signKey) KeyHash() uint32 { return k.public().KeyHash() }

// Sign signs a message. SM2 signs with the deterministic nonce of RFC 6979 and the standard's default user ID.
func (k *signKey) Sign(msg []byte) ([]byte, error) {
	if k.ed != nil {
		return ed25519.Sign(k.ed, msg), nil
	}
	der, err := sm2.SignDeterministic(k.sm, msg, sm2.DefaultSM2SignerOpts)
	if err != nil {
		return nil, fmt.Errorf("sign with SM2: %w", err)
	}
	return plainSignature(der)
}

// PublicKey verifies what one system signs, offline. It is a [note.Verifier].
type PublicKey struct {
	name string
	ed   ed25519.PublicKey
	sm   *ecdsa.PublicKey
}

// ErrPublicKey says that a text is not a public key of this program.
var ErrPublicKey = errors.New("this is not a public key of Liuhen: it reads NAME+8 hexadecimal digits+base64, on one line, as published by the system that signed")

// ParsePublicKey reads a published key.
func ParsePublicKey(text string) (PublicKey, error) {
	name, rest, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(text, "\ufeff")), "+")
	hash, encoded, _ := strings.Cut(rest, "+")
	raw, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if err != nil || len(name) > 100 || name == "" || strings.ContainsAny(name, " \t\r\n") {
		return PublicKey{}, ErrPublicKey
	}
	p := PublicKey{name: name}
	if key, ok := strings.CutPrefix(string(raw), markEd25519); ok && len(key) == ed25519.PublicKeySize {
		p.ed = ed25519.PublicKey(key)
	} else if key, ok := strings.CutPrefix(string(raw), markSM2); ok {
		p.sm, err = sm2.NewPublicKey([]byte(key))
	}
	if err != nil || p.ed == nil && p.sm == nil || hash != fmt.Sprintf("%08x", p.KeyHash()) {
		return PublicKey{}, ErrPublicKey
	}
	return p, nil
}

func (p PublicKey) bytes() []byte {
	if p.ed != nil {
		return append([]byte(markEd25519), p.ed...)
	}
	point, err := sm2.PublicKeyToECDH(p.sm)
	if err != nil {
		panic("vault: an SM2 key off its curve: " + err.Error()) // it was checked when it came in
	}
	return append([]byte(markSM2), point.Bytes()...)
}

// String is the key as it is published.
func (p PublicKey) String() string {
	return fmt.Sprintf("%s+%08x+%s", p.name, p.KeyHash(), base64.StdEncoding.EncodeToString(p.bytes()))
}

// Name is that of the system.
func (p PublicKey) Name() string { return p.name }

// KeyHash tells the keys of one name apart.
func (p PublicKey) KeyHash() uint32 {
	sum := sha256.Sum256(append([]byte(p.name+"\n"), p.bytes()...))
	return binary.BigEndian.Uint32(sum[:])
}

// Verify reports whether sig is this key's signature of msg.
func (p PublicKey) Verify(msg, sig []byte) bool {
	if p.ed != nil {
		return len(sig) == ed25519.SignatureSize && ed25519.Verify(p.ed, msg, sig)
	}
	if p.sm == nil || len(sig) != 2*signKeySize {
		return false
	}
	r, s := new(big.Int).SetBytes(sig[:signKeySize]), new(big.Int).SetBytes(sig[signKeySize:])
	der, err := asn1.Marshal(pair{r, s})
	return err == nil && sm2.VerifyASN1WithSM2(p.sm, nil, msg, der)
}

// pair is an SM2 signature as the library writes it. Its length varies, so that what we keep is r and s, 32 bytes each.
type pair struct{ R, S *big.Int }

func plainSignature(der []byte) ([]byte, error) {
	var p pair
	if _, err := asn1.Unmarshal(der, &p); err != nil {
		return nil, fmt.Errorf("read an SM2 signature: %w", err)
	}
	sig := make([]byte, 2*signKeySize)
	p.R.FillBytes(sig[:signKeySize])
	p.S.FillBytes(sig[signKeySize:])
	return sig, nil
}

// Format prints "[key]" for every verb, so that no log line ever shows it.
func (k *signKey) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "[key]") }

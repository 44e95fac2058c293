package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"fmt"
	"hash"

	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"
)

// Suite names a set of algorithms. It is chosen by LIUHEN_SUITE for what is written from now on; what was written under
// another one stays readable, because everything written names its own.
type Suite string

const (
	// Standard is AES-256-GCM, SHA-256 and Ed25519.
	Standard Suite = "standard"
	// Guomi are the commercial algorithms of 密码法 and 商用密码管理条例: SM4-GCM (GB/T 32907), SM3 (GB/T 32905), SM2 (GB/T 32918).
	Guomi Suite = "guomi"
)

// ParseSuite knows the names of the suites; "" is [Standard].
func ParseSuite(name string) (Suite, error) {
	switch s := Suite(name); s {
	case "":
		return Standard, nil
	case Standard, Guomi:
		return s, nil
	}
	return "", fmt.Errorf("%q is not a suite: write %s or %s", name, Standard, Guomi)
}

// Hash is the suite's hash function.
func (s Suite) Hash() hash.Hash {
	if s == Guomi {
		return sm3.New()
	}
	return sha256.New()
}

// cipherOf is the suite's encryption.
func (s Suite) cipherOf() suite {
	for _, c := range suites {
		if c.of == s {
			return c
		}
	}
	return suites[0]
}

// suite is one way of authenticated encryption. Another one is one more row in suites.
type suite struct {
	of      Suite
	name    string // as written in the key file
	code    byte   // as written in sealed fields and evidence files; never reused
	keySize int    // bytes
	aead    func(key []byte) (cipher.AEAD, error)
}

// macSuites are the ways of [Keys.MAC]. The MAC key stands apart from the sealing keys, and keeps the way it was made with
// whatever is chosen later, so that every stored hash and deterministic name stays valid.
var macSuites = map[string]Suite{"hmacsha256": Standard, "hmacsm3": Guomi}

func macName(s Suite) string {
	if s == Guomi {
		return "hmacsm3"
	}
	return "hmacsha256"
}

// macKeySize is the length of the MAC key in bytes.
const macKeySize = 32

var suites = []suite{
	{of: Standard, name: "aes256gcm", code: 1, keySize: 32, aead: gcm(aes.NewCipher)},
	{of: Guomi, name: "sm4gcm", code: 2, keySize: sm4.BlockSize, aead: gcm(sm4.NewCipher)},
}

func gcm(block func([]byte) (cipher.Block, error)) func([]byte) (cipher.AEAD, error) {
	return func(key []byte) (cipher.AEAD, error) {
		b, err := block(key)
		if err != nil {
			return nil, err
		}
		return cipher.NewGCM(b)
	}
}

func suiteNamed(name string) (suite, bool) {
	for _, s := range suites {
		if s.name == name {
			return s, true
		}
	}
	return suite{}, false
}

func suiteCoded(code byte) (suite, bool) {
	for _, s := range suites {
		if s.code == code {
			return s, true
		}
	}
	return suite{}, false
}

// mustAEAD is for keys whose length was checked when they came in: failure is a bug here.
func (s suite) mustAEAD(key []byte) cipher.AEAD {
	a, err := s.aead(key)
	if err != nil {
		panic(fmt.Sprintf("vault: suite %s with a checked key: %v", s.name, err))
	}
	return a
}

// message derives cipher and nonce for one message from a secret and the message's salt. As the derived key serves one
// message only, its nonce cannot repeat.
func (s suite) message(secret, salt []byte, label string) (cipher.AEAD, []byte) {
	okm := derive(s.of, secret, salt, label+s.name, s.keySize+nonceSize)
	return s.mustAEAD(okm[:s.keySize]), okm[s.keySize:]
}

package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"fmt"
)

// suite is one way of authenticated encryption. Another suite is one more row in suites.
type suite struct {
	name    string // as written in the key file
	code    byte   // as written in evidence files; never reused
	keySize int    // bytes
	aead    func(key []byte) (cipher.AEAD, error)
}

// macSuite marks the key file's line with the key of [Keys.MAC]. It stands apart from the sealing
// keys so that adding a sealing key leaves every stored hash and deterministic name valid.
const macSuite = "hmacsha256"

// macKeySize is the length of the MAC key in bytes.
const macKeySize = 32

var suites = []suite{
	{name: "aes256gcm", code: 1, keySize: 32, aead: newGCM},
}

func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
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

// Suite is a family of cryptographic algorithms, as an installation chooses one (LIUHEN_SUITE).
type Suite string

// The suites. Whatever was made under one stays readable and verifiable under the other.
const (
	Standard Suite = "standard" // AES-256-GCM, SHA-256, Ed25519
	Guomi    Suite = "guomi"    // SM4-GCM, SM3, SM2: commercial cryptography as Chinese law asks for it
)

// ParseSuite reads the name of a suite; "" is [Standard].
func ParseSuite(name string) (Suite, error) {
	switch s := Suite(name); s {
	case "":
		return Standard, nil
	case Standard, Guomi:
		return s, nil
	}
	return "", fmt.Errorf("%q is not a suite: write %s or %s", name, Standard, Guomi)
}

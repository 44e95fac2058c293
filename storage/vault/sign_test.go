package vault

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emmansun/gmsm/sm2"
	"golang.org/x/mod/sumdb/note"
)

var bothSuites = []Suite{Standard, Guomi}

func TestSignedNotesVerifyWithThePublishedKeyAlone(t *testing.T) {
	k := testKeys(t)
	for _, s := range bothSuites {
		public, err := ParsePublicKey(k.PublicKey(s) + "\n")
		if err != nil || public.String() != k.PublicKey(s) {
			t.Fatalf("%s: %v", s, err)
		}
		msg, err := note.Sign(&note.Note{Text: "话\n"}, k.Signer(s))
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := note.Sign(&note.Note{Text: "话\n"}, k.Signer(s)); !bytes.Equal(msg, again) {
			t.Errorf("%s: two signatures of one text differ", s)
		}
		n, err := note.Open(msg, note.VerifierList(public))
		if err != nil || n.Text != "话\n" {
			t.Errorf("%s: %v", s, err)
		}
		if raw, _ := base64.StdEncoding.DecodeString(n.Sigs[0].Base64); len(raw) != 4+64 {
			t.Errorf("%s: a signature of %d bytes", s, len(raw)-4)
		}
		altered := bytes.Replace(msg, []byte("话"), []byte("语"), 1)
		if _, err := note.Open(altered, note.VerifierList(public)); err == nil {
			t.Errorf("%s: an altered text verifies", s)
		}
		other, _ := ParsePublicKey(testKeys(t).PublicKey(s))
		if _, err := note.Open(msg, note.VerifierList(other)); err == nil {
			t.Errorf("%s: verified with another system's key", s)
		}
		if got := fmt.Sprintf("%v %+v %#v %s", k.Signer(s), k.Signer(s), k.Signer(s), k.Signer(s)); got != "[key] [key] [key] [key]" {
			t.Errorf("a signer prints as %s", got)
		}
		if k.Verifiers()[0].Name() != k.System() || len(k.Verifiers()) != 2 {
			t.Errorf("verifiers %v", k.Verifiers())
		}
	}
	if v, err := note.NewVerifier(k.PublicKey(Standard)); err != nil || v.KeyHash() != k.Signer(Standard).KeyHash() {
		t.Errorf("the standard suite's key is not that of Go's signed notes: %v", err)
	}
}

// Every bit of a signature counts.
func TestNoForeignSignatureVerifies(t *testing.T) {
	k := testKeys(t)
	for _, s := range bothSuites {
		public, _ := ParsePublicKey(k.PublicKey(s))
		sig, err := k.Signer(s).Sign([]byte("m"))
		if err != nil || !public.Verify([]byte("m"), sig) {
			t.Fatalf("%s: %v", s, err)
		}
		for i := range len(sig) * 8 {
			bad := bytes.Clone(sig)
			bad[i/8] ^= 1 << (i % 8)
			if public.Verify([]byte("m"), bad) {
				t.Errorf("%s: bit %d does not count", s, i)
			}
		}
		for _, bad := range [][]byte{nil, sig[:63], append(bytes.Clone(sig), 0), make([]byte, 64)} {
			if public.Verify([]byte("m"), bad) {
				t.Errorf("%s: %x verifies", s, bad)
			}
		}
	}
}

// copyOf is what another process makes of the same file.
func copyOf(k *Keys) *Keys {
	r := *k.ring
	return &Keys{ring: &r}
}

// A key file made before there were keys to sign with signs at once, the same from every copy of it, and a key added to it later
// signs from then on while what was signed before still verifies.
func TestKeysToSignWith(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	k, _, err := Load(path, false)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(text), " "+signEd25519+" ") {
		t.Fatalf("%v\n%s", err, text)
	}
	for _, s := range bothSuites {
		copied := copyOf(k)
		if copied.PublicKey(s) != k.PublicKey(s) {
			t.Errorf("%s: a copy signs otherwise", s)
		}
		kind, secret := signEd25519, bytes.Repeat([]byte{7}, 32)
		if s == Guomi {
			kind = signSM2
		}
		later := copyOf(k)
		if err := later.ring.add("0a0b0c0d", kind, base64.StdEncoding.EncodeToString(secret)); err != nil {
			t.Fatal(err)
		}
		parsed, err := parse(later.ring.text())
		if err != nil {
			t.Fatal(err)
		}
		back := &Keys{ring: parsed}
		if back.PublicKey(s) == k.PublicKey(s) || back.PublicKey(s) != later.PublicKey(s) || back.System() != k.System() {
			t.Errorf("%s: the added key does not sign", s)
		}
		old, _ := note.Sign(&note.Note{Text: "x\n"}, k.Signer(s))
		if _, err := note.Open(old, note.VerifierList(back.Verifiers()...)); err != nil {
			t.Errorf("%s: what was signed before: %v", s, err)
		}
		for _, bad := range [][]byte{nil, secret[:31], append(bytes.Clone(secret), 0)} {
			if later.ring.add("0a0b0c0e", kind, base64.StdEncoding.EncodeToString(bad)) == nil {
				t.Errorf("%s: a key of %d bytes", s, len(bad))
			}
		}
		if later.ring.add("0a0b0c0d", kind, base64.StdEncoding.EncodeToString(secret)) == nil {
			t.Errorf("%s: one ID twice", s)
		}
	}
	tooBig := sm2.P256().Params().N.FillBytes(make([]byte, 32))
	for _, secret := range [][]byte{make([]byte, 32), tooBig} {
		if k.ring.add("0a0b0c0f", signSM2, base64.StdEncoding.EncodeToString(secret)) == nil {
			t.Errorf("%x is taken for an SM2 key", secret)
		}
	}
}

func FuzzParsePublicKey(f *testing.F) {
	k := &Keys{ring: &ring{mac: make([]byte, macKeySize)}}
	for _, s := range bothSuites {
		f.Add(k.PublicKey(s))
	}
	f.Add("a+00000000+AQ==")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParsePublicKey(text)
		switch {
		case err != nil && !errors.Is(err, ErrPublicKey):
			t.Fatal(err)
		case err == nil && p.String() != strings.TrimSpace(strings.TrimPrefix(text, "\ufeff")):
			t.Fatalf("%q reads as %q", text, p)
		}
	})
}

func TestParseSuite(t *testing.T) {
	for name, want := range map[string]Suite{"": Standard, "standard": Standard, "guomi": Guomi} {
		if s, err := ParseSuite(name); err != nil || s != want {
			t.Errorf("%q: %v %v", name, s, err)
		}
	}
	if _, err := ParseSuite("GUOMI"); err == nil {
		t.Error("GUOMI")
	}
}

package vault

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emmansun/gmsm/sm4"
	"pgregory.net/rapid"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The published vectors: McGrew and Viega's test case 16 as in NIST's validation of GCM, and RFC 8998, Appendix A.1.
func TestPublishedVectorsOfTheCiphers(t *testing.T) {
	for _, v := range []struct{ suite, key, nonce, plain, ad, sealed string }{
		{
			"aes256gcm", "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
			"d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
			"feedfacedeadbeeffeedfacedeadbeefabaddad2",
			"522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662" +
				"76fc6ece0f4e1768cddf8853bb2d551b",
		},
		{
			"sm4gcm", "0123456789ABCDEFFEDCBA9876543210", "00001234567800000000ABCD",
			"AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDDEEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA",
			"FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2",
			"17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D" +
				"83DE3541E4C2B58177E065A9BF7B62EC",
		},
	} {
		s, ok := suiteNamed(v.suite)
		if !ok {
			t.Fatal(v.suite)
		}
		got := s.mustAEAD(unhex(t, v.key)).Seal(nil, unhex(t, v.nonce), unhex(t, v.plain), unhex(t, v.ad))
		if !bytes.Equal(got, unhex(t, v.sealed)) {
			t.Errorf("%s: %x", v.suite, got)
		}
	}
}

// GB/T 32907-2016, Appendix A: one block, and the same block encrypted a million times.
func TestPublishedVectorOfSM4(t *testing.T) {
	key := unhex(t, "0123456789ABCDEFFEDCBA9876543210")
	block, err := sm4.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]byte, 16)
	block.Encrypt(out, key)
	if !bytes.Equal(out, unhex(t, "681EDF34D206965E86B3E94F536E4246")) {
		t.Errorf("GB/T 32907 A.1: %x", out)
	}
	block.Decrypt(out, out)
	if !bytes.Equal(out, key) {
		t.Errorf("GB/T 32907 A.1 backwards: %x", out)
	}
	for range 1000000 {
		block.Encrypt(out, out)
	}
	if !bytes.Equal(out, unhex(t, "595298C7C6FD271F0402F804C33D3F66")) {
		t.Errorf("GB/T 32907 A.2: %x", out)
	}
}

// FIPS 180-4 and GB/T 32905-2016, Appendix A.1: "abc".
func TestPublishedVectorsOfTheHashes(t *testing.T) {
	for s, want := range map[Suite]string{
		Standard: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		Guomi:    "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
	} {
		h := s.Hash()
		_, _ = io.WriteString(h, "abc")
		if got := hex.EncodeToString(h.Sum(nil)); got != want {
			t.Errorf("%s: %s", s, got)
		}
	}
}

func TestDataKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom([]Suite{Standard, Guomi}).Draw(t, "suite")
		text := rapid.SliceOf(rapid.Byte()).Draw(t, "text")
		place := rapid.SliceOfN(rapid.String(), 0, 4).Draw(t, "place")
		k := NewDataKey()
		sealed := k.Seal(s, text, place...)
		if len(sealed) != len(text)+Overhead || !Enveloped(sealed) {
			t.Fatalf("%d bytes became %d", len(text), len(sealed))
		}
		same, err := DataKeyOf(k.Secret())
		if err != nil {
			t.Fatal(err)
		}
		if got, err := same.Open(sealed, place...); err != nil || !bytes.Equal(got, text) {
			t.Fatalf("got %x, %v", got, err)
		}
		bad := bytes.Clone(sealed)
		bad[rapid.IntRange(0, len(bad)-1).Draw(t, "byte")] ^= byte(rapid.IntRange(1, 255).Draw(t, "mask"))
		for what, err := range map[string]error{
			"altered":       openError(k.Open(bad, place...)),
			"cut":           openError(k.Open(sealed[:len(sealed)-1], place...)),
			"another place": openError(k.Open(sealed, append(place, "more")...)),
			"another key":   openError(NewDataKey().Open(sealed, place...)),
		} {
			if !errors.Is(err, ErrCannotOpen) {
				t.Fatalf("%s: %v", what, err)
			}
		}
	})
}

func openError(_ []byte, err error) error { return err }

// Whatever key file, head and content were made by, what one suite wrote is read when the other one has been chosen.
func TestSuitesReadEachOther(t *testing.T) {
	for _, first := range bothSuites {
		second := map[Suite]Suite{Standard: Guomi, Guomi: Standard}[first]
		path := filepath.Join(t.TempDir(), "keys")
		k, _, err := Load(path, false, first)
		if err != nil {
			t.Fatal(err)
		}
		if k.CurrentSuite() != first || k.ring0().macSuite != first {
			t.Errorf("a key file made by %s wraps by %s", first, k.CurrentSuite())
		}
		dir := filepath.Join(t.TempDir(), "evidence")
		write := func(s Suite) *Blobs {
			b, err := NewBlobs(dir, Folder(dir), k, Direct{k}, s)
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		field, mac, content := k.Seal([]byte("x"), "p"), k.MAC("m"), noise(2*chunkSize+7)
		blob := put(t, write(first), content)
		if err := k.Add(NewKeyID(), second); err != nil {
			t.Fatal(err)
		}
		again, _, err := Load(path, true, second)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := again.Open(field, "p"); err != nil || string(got) != "x" {
			t.Errorf("%s, then %s: %q, %v", first, second, got, err)
		}
		if !bytes.Equal(again.MAC("m"), mac) {
			t.Errorf("%s, then %s: names changed", first, second)
		}
		if got, err := get(write(second), blob.Name); err != nil || !bytes.Equal(got, content) {
			t.Errorf("%s, then %s: evidence: %v", first, second, err)
		}
		other := put(t, write(second), noise(99))
		if got, err := get(write(first), other.Name); err != nil || !bytes.Equal(got, noise(99)) {
			t.Errorf("%s reads %s: %v", first, second, err)
		}
	}
}

func TestCodesOfCiphersAreUnique(t *testing.T) {
	codes := map[byte]bool{}
	for _, s := range suites {
		if codes[s.code] {
			t.Errorf("code %d occurs twice", s.code)
		}
		codes[s.code] = true
	}
}

// BenchmarkSeal compares the suites on one page of a record and on a chunk of evidence.
func BenchmarkSeal(b *testing.B) {
	for _, s := range bothSuites {
		for name, size := range map[string]int{"record": 4096, "chunk": chunkSize} {
			b.Run(string(s)+"/"+name, func(b *testing.B) {
				k, text := NewDataKey(), make([]byte, size)
				b.SetBytes(int64(size))
				for b.Loop() {
					k.Seal(s, text, "records", "1", "body", "1")
				}
			})
		}
	}
}

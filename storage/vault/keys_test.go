package vault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func testKeys(t testing.TB) *Keys {
	t.Helper()
	k, created, err := Load(filepath.Join(t.TempDir(), "keys"), false)
	if err != nil || !created {
		t.Fatalf("Load: created %v, %v", created, err)
	}
	return k
}

func TestSealOpen(t *testing.T) {
	k := testKeys(t)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOf(rapid.Byte()).Draw(t, "text")
		place := rapid.SliceOfN(rapid.String(), 0, 4).Draw(t, "place")
		sealed := k.Seal(text, place...)
		if len(sealed) != len(text)+45 {
			t.Fatalf("%d bytes became %d", len(text), len(sealed))
		}
		got, err := k.Open(sealed, place...)
		if err != nil || !bytes.Equal(got, text) {
			t.Fatalf("got %x, %v", got, err)
		}
		if bytes.Equal(sealed, k.Seal(text, place...)) {
			t.Fatal("sealing twice gave the same bytes")
		}
	})
}

func TestAlteredSealedDataDoNotOpen(t *testing.T) {
	k := testKeys(t)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "text")
		sealed := k.Seal(text, "records", "7")
		i := rapid.IntRange(0, len(sealed)-1).Draw(t, "byte")
		bad := bytes.Clone(sealed)
		switch rapid.SampledFrom([]string{"flip", "cut", "cutFront", "append"}).Draw(t, "how") {
		case "flip":
			bad[i] ^= byte(rapid.IntRange(1, 255).Draw(t, "mask"))
		case "cut":
			bad = bad[:i]
		case "cutFront":
			bad = bad[i+1:]
		case "append":
			bad = append(bad, byte(i))
		}
		if got, err := k.Open(bad, "records", "7"); !errors.Is(err, ErrCannotOpen) || got != nil {
			t.Fatalf("opened: %x, %v", got, err)
		}
	})
}

func TestOpenNeverPanics(t *testing.T) {
	k := testKeys(t)
	head := k.Seal(nil)[:1+idSize]
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SliceOfN(rapid.Byte(), 0, 80).Draw(t, "bytes")
		if rapid.Bool().Draw(t, "with a true head") {
			b = append(bytes.Clone(head), b...)
		}
		if _, err := k.Open(b, "x"); !errors.Is(err, ErrCannotOpen) {
			t.Fatalf("Open(%x): %v", b, err)
		}
	})
}

func TestSealedDataOpenAtTheirPlaceOnly(t *testing.T) {
	k := testKeys(t)
	sealed := k.Seal([]byte("x"), "ab", "c")
	for _, place := range [][]string{nil, {"ab"}, {"abc"}, {"a", "bc"}, {"ab", "c", ""}, {"", "ab", "c"}, {"c", "ab"}, {"ab", "d"}} {
		if _, err := k.Open(sealed, place...); !errors.Is(err, ErrCannotOpen) {
			t.Errorf("opened at %q: %v", place, err)
		}
	}
	if _, err := testKeys(t).Open(sealed, "ab", "c"); !errors.Is(err, ErrCannotOpen) {
		t.Errorf("opened with another key file: %v", err)
	}
	same := testKeys(t)
	same.seal[0].id = k.seal[0].id
	if _, err := same.Open(sealed, "ab", "c"); !errors.Is(err, ErrCannotOpen) {
		t.Errorf("opened with another key of the same id: %v", err)
	}
}

func TestMAC(t *testing.T) {
	k, other := testKeys(t), testKeys(t)
	seen := map[string]string{}
	note := func(what string, mac []byte) {
		if len(mac) != 32 {
			t.Errorf("%s: %d bytes", what, len(mac))
		}
		if was, ok := seen[string(mac)]; ok {
			t.Errorf("%s and %s have the same hash", was, what)
		}
		seen[string(mac)] = what
	}
	b := func(s string) []byte { return []byte(s) }
	note("nothing", k.MAC("draft"))
	note("empty part", k.MAC("draft", nil))
	note("two empty parts", k.MAC("draft", nil, nil))
	note("ab c", k.MAC("draft", b("ab"), b("c")))
	note("a bc", k.MAC("draft", b("a"), b("bc")))
	note("abc", k.MAC("draft", b("abc")))
	note("another purpose", k.MAC("invitation", b("abc")))
	note("another key file", other.MAC("draft", b("abc")))
	if !bytes.Equal(k.MAC("draft", b("abc")), k.MAC("draft", b("abc"))) {
		t.Error("the same input gave two hashes")
	}
}

func TestAddedKeySealsAndOldOneStillOpens(t *testing.T) {
	k := testKeys(t)
	old, mac := k.Seal([]byte("x"), "p"), k.MAC("draft", []byte("x"))
	path := filepath.Join(t.TempDir(), "keys")
	k.seal = append(k.seal, sealKey{id: newID(), suite: suites[0], secret: randomBytes(32)})
	if err := create(path, k); err != nil {
		t.Fatal(err)
	}
	two, _, err := Load(path, true)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := two.Open(old, "p"); err != nil || string(got) != "x" {
		t.Errorf("the old key's text: %q, %v", got, err)
	}
	if !bytes.Equal(two.MAC("draft", []byte("x")), mac) {
		t.Error("adding a key changed the hashes")
	}
	fresh := two.Seal([]byte("y"))
	if keyID(fresh[1:5]) != k.seal[1].id {
		t.Error("the last key is not the one that seals")
	}
	_, err = (&Keys{seal: k.seal[:1]}).Open(fresh)
	if !errors.Is(err, ErrCannotOpen) || !strings.Contains(err.Error(), k.seal[1].id.String()) {
		t.Errorf("a missing key is not named: %v", err)
	}
}

func TestKeysDoNotPrint(t *testing.T) {
	k := testKeys(t)
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d", "%q"} {
		fmt.Fprintf(&out, verb+"\n", k)
	}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("m", "keys", k)
	slog.New(slog.NewTextHandler(&out, nil)).Info("m", "keys", k)
	if err := json.NewEncoder(&out).Encode(struct{ K *Keys }{k}); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "[keys]"); n != 10 {
		t.Errorf("%d of 10 forms are plain \"[keys]\":\n%s", n, out.String())
	}
	for _, secret := range [][]byte{k.mac, k.seal[0].secret} {
		for _, form := range []string{"%x", "%d", "%v"} {
			if strings.Contains(out.String(), fmt.Sprintf(form, secret[:6])[1:12]) {
				t.Errorf("a key was printed:\n%s", out.String())
			}
		}
	}
}

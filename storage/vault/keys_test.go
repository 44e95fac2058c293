package vault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
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
	same.ring.seal[0].id = k.ring.seal[0].id
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
	two, _, err := Load(k.path, true) // as another process has it
	if err != nil {
		t.Fatal(err)
	}
	old, mac, first := k.Seal([]byte("x"), "p"), k.MAC("draft", []byte("x")), k.Current()
	added := NewKeyID()
	if err := errors.Join(k.Add(added, Guomi), k.Add(added, Standard)); err != nil { // the repeat changes nothing
		t.Fatal(err)
	}
	if k.Current() != added || k.CurrentSuite() != Guomi || !k.Holds(first) {
		t.Errorf("after adding %s: %s of %s", added, k.Current(), k.CurrentSuite())
	}
	if got, err := two.Open(k.Seal([]byte("y")), nil...); err != nil || string(got) != "y" {
		t.Errorf("the other process does not find the new key: %v", err)
	}
	if got, err := two.Open(old, "p"); err != nil || string(got) != "x" {
		t.Errorf("the old key's text: %q, %v", got, err)
	}
	if !bytes.Equal(two.MAC("draft", []byte("x")), mac) {
		t.Error("adding a key changed the hashes")
	}
	if fresh := two.Seal([]byte("y")); fmt.Sprintf("%x", fresh[1:5]) != added {
		t.Error("the last key is not the one that seals")
	}
	if err := k.Remove(first); err != nil {
		t.Fatal(err)
	}
	if _, err := two.Open(old, "p"); err != nil {
		t.Error("a process lost a key it had before it looked at the file")
	}
	_ = two.Seal(nil)
	if _, err := two.Open(old, "p"); !errors.Is(err, ErrCannotOpen) || !strings.Contains(err.Error(), first) {
		t.Errorf("a missing key is not named: %v", err)
	}
	if err := k.Remove(added); err == nil {
		t.Error("the only key was removed")
	}
	if err := k.Remove(first); !errors.Is(err, ErrNoSuchKey) {
		t.Errorf("removed twice: %v", err)
	}
	if left, _ := os.ReadDir(filepath.Dir(k.path)); len(left) != 1 {
		t.Errorf("left beside the key file: %v", left)
	}
}

// A key file that goes away, is damaged or exchanged while the program runs changes nothing of what it can do.
func TestAForeignKeyFileIsNotFollowed(t *testing.T) {
	k, other := testKeys(t), testKeys(t)
	first := k.Current()
	foreign, err := os.ReadFile(other.path)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{string(foreign), "damaged", ""} {
		if err := os.WriteFile(k.path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if k.Current() != first {
			t.Errorf("followed %q", text)
		}
		if err := k.Add(NewKeyID(), Standard); err == nil {
			t.Errorf("added to %q", text)
		}
		if now, _ := os.ReadFile(k.path); string(now) != text {
			t.Errorf("changed %q", text)
		}
	}
	if err := os.Remove(k.path); err != nil || k.Current() != first {
		t.Errorf("without a file: %s, %v", k.Current(), err)
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
	for _, secret := range [][]byte{k.ring.mac, k.ring.seal[0].secret} {
		for _, form := range []string{"%x", "%d", "%v"} {
			if strings.Contains(out.String(), fmt.Sprintf(form, secret[:6])[1:12]) {
				t.Errorf("a key was printed:\n%s", out.String())
			}
		}
	}
}

package ledger_test

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"pgregory.net/rapid"

	"liuhen/storage/ledger"
	"liuhen/storage/vault"
)

var suites = []vault.Suite{vault.Standard, vault.Guomi}

func testKeys(t testing.TB) *vault.Keys {
	t.Helper()
	k, _, err := vault.Load(filepath.Join(t.TempDir(), "keys"), false)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

var signedAt = time.Date(2026, 11, 24, 10, 0, 0, 123_000_000, time.FixedZone("", 8*3600))

func aReceipt(s vault.Suite) ledger.Receipt {
	sums := ledger.Digest(make([]byte, 32), "entry", "r1", []byte("content"))
	return ledger.Receipt{
		Record: "kq3v5c2mzt6e7ayw4hxn2o5b3d", Signer: "张三", Institution: "云州正明司法鉴定所", Case: "正明司鉴所〔2026〕临鉴字第101号",
		Signed: signedAt, Level: ledger.Confirmed, Digest: sums.Name(s), State: ledger.State(s, make([]byte, 32), 7, sums.Leaf()),
	}
}

// refused are all that a bad receipt may be called.
func refused(err error) bool {
	for _, want := range []error{ledger.ErrDamaged, ledger.ErrLayout, ledger.ErrOtherSystem, ledger.ErrForged} {
		if errors.Is(err, want) {
			return true
		}
	}
	return false
}

func TestReceiptsReadBack(t *testing.T) {
	k := testKeys(t)
	for _, s := range suites {
		for level := ledger.Confirmed; level <= ledger.Certificate; level++ {
			want := aReceipt(s)
			want.Level = level
			signed, err := want.Sign(k.Signer(s))
			if err != nil {
				t.Fatal(err)
			}
			want.System = k.System()
			public, _ := vault.ParsePublicKey(k.PublicKey(s))
			for name, text := range map[string][]byte{
				"as it is": signed, "Windows": bytes.ReplaceAll(signed, []byte("\n"), []byte("\r\n")),
				"in a mail": append([]byte("\ufeff\n\n"), append(signed, "\n \n"...)...), "pasted": bytes.TrimSpace(signed),
			} {
				got, err := ledger.OpenReceipt(text, public)
				if err != nil || !got.Signed.Equal(want.Signed) {
					t.Fatalf("%s %s: %+v %v", s, name, got, err)
				}
				got.Signed = want.Signed
				if got != want {
					t.Errorf("%s %s: %+v", s, name, got)
				}
			}
			if _, err := ledger.OpenCheckpoint(signed, public); !errors.Is(err, ledger.ErrDamaged) {
				t.Errorf("a receipt taken for a checkpoint: %v", err)
			}
		}
	}
}

// frozen are texts as the first release wrote them. Never edit: they must verify for decades.
func TestFrozenTexts(t *testing.T) {
	for _, name := range []string{"receipt_1_standard", "receipt_1_guomi", "checkpoint_1_standard", "checkpoint_1_guomi", "checkpoint_2_standard", "checkpoint_2_guomi"} {
		signed, err := os.ReadFile("testdata/" + name + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		keyText, err := os.ReadFile("testdata/" + name + ".key")
		if err != nil {
			t.Fatal(err)
		}
		key, err := vault.ParsePublicKey(string(keyText))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(name, "receipt") {
			r, err := ledger.OpenReceipt(signed, key)
			if err != nil || r.Signer != "张三" || r.Level != ledger.Confirmed || !r.Signed.Equal(signedAt) {
				t.Errorf("%s: %+v %v", name, r, err)
			}
			continue
		}
		c, err := ledger.OpenCheckpoint(signed, key)
		if err != nil || !c.At.Equal(signedAt) || string(c.Size) != "sealed" || (c.Roll == "") != strings.HasPrefix(name, "checkpoint_1") {
			t.Errorf("%s: %+v %v", name, c, err)
		}
		if name != "checkpoint_2_standard" {
			continue
		}
		proof, err := os.ReadFile("testdata/proof_1.json")
		if err != nil {
			t.Fatal(err)
		}
		if e := someEntries(3)[1]; ledger.Check(e.canonical, proof, e.receipt(vault.Standard), c) != nil {
			t.Error("the frozen proof does not verify")
		}
		list, err := os.ReadFile("testdata/list_1.txt")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ledger.OpenList(list, []byte("00  a\n"), key); err != nil {
			t.Errorf("the frozen list: %v", err)
		}
	}
}

// Whatever is changed in a receipt, left out of it or added to it, it is refused, with one of four sentences.
func TestEveryByteOfAReceiptCounts(t *testing.T) {
	k := testKeys(t)
	for _, s := range suites {
		signed, err := aReceipt(s).Sign(k.Signer(s))
		if err != nil {
			t.Fatal(err)
		}
		keys := k.Verifiers()
		for i := range signed {
			for name, bad := range map[string][]byte{
				"changed": append(append(bytes.Clone(signed[:i]), signed[i]^1), signed[i+1:]...),
				"without": append(bytes.Clone(signed[:i]), signed[i+1:]...), "cut off": signed[:i],
			} {
				if bytes.Equal(bytes.TrimSpace(bad), bytes.TrimSpace(signed)) {
					continue // the last line end is forgiven
				}
				if r, err := ledger.OpenReceipt(bad, keys...); err == nil || !refused(err) || r != (ledger.Receipt{}) && !errors.Is(err, ledger.ErrOtherSystem) {
					t.Fatalf("%s: byte %d %s: %+v %v", s, i, name, r, err)
				}
			}
		}
		for name, bad := range map[string]string{
			"doubled": string(signed) + string(signed), "another signature": string(signed) + string(signed[bytes.LastIndex(signed, []byte("—")):]),
			"too long": string(signed) + strings.Repeat("x", 5000), "empty": "", "not a text": "\x00\xff", "a picture": "\x89PNG\r\n\x1a\n",
		} {
			if _, err := ledger.OpenReceipt([]byte(bad), keys...); !refused(err) {
				t.Errorf("%s %s: %v", s, name, err)
			}
		}
		if _, err := ledger.OpenReceipt(signed, testKeys(t).Verifiers()...); !errors.Is(err, ledger.ErrOtherSystem) {
			t.Errorf("another system's: %v", err)
		}
		if _, err := ledger.OpenReceipt(signed); !errors.Is(err, ledger.ErrOtherSystem) {
			t.Errorf("without a key: %v", err)
		}
		later, _ := note.Sign(&note.Note{Text: strings.Replace(string(signed[:bytes.Index(signed, []byte("\n\n"))+1]), "第1版", "第12版", 1)}, k.Signer(s))
		if _, err := ledger.OpenReceipt(later, keys...); !errors.Is(err, ledger.ErrLayout) {
			t.Errorf("of a later layout: %v", err)
		}
	}
}

// Names of any characters make a receipt that reads back; what would break its lines becomes a space.
func TestReceiptsOfAnybody(t *testing.T) {
	k := testKeys(t)
	rapid.Check(t, func(t *rapid.T) {
		r := aReceipt(vault.Standard)
		r.Signer, r.Institution, r.Case = rapid.String().Draw(t, "signer"), rapid.StringN(0, 60, 200).Draw(t, "institution"), rapid.String().Draw(t, "case")
		signed, err := r.Sign(k.Signer(vault.Standard))
		if err != nil {
			t.Fatal(err)
		}
		if len(signed) > 3500 {
			return
		}
		got, err := ledger.OpenReceipt(signed, k.Verifiers()...)
		if err != nil || strings.ContainsAny(got.Signer+got.Institution+got.Case, "\n\r\t") {
			t.Fatalf("%q: %+v %v", signed, got, err)
		}
	})
}

func FuzzOpenReceipt(f *testing.F) {
	k := testKeys(f)
	for _, s := range suites {
		signed, _ := aReceipt(s).Sign(k.Signer(s))
		f.Add(signed)
		c, _ := ledger.Checkpoint{At: signedAt, State: aReceipt(s).State, Roll: aReceipt(s).State, Size: []byte("sealed")}.Sign(k.Signer(s))
		f.Add(c)
	}
	f.Add([]byte("x\n\n— a AAAAAAAA\n"))
	keys := k.Verifiers()
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := ledger.OpenReceipt(b, keys...)
		if err != nil && !refused(err) {
			t.Fatal(err)
		}
		if err == nil { // only what was signed: it signs to itself
			again, err := r.Sign(k.Signer(vault.Standard))
			sm, err2 := r.Sign(k.Signer(vault.Guomi))
			if err != nil || err2 != nil || !bytes.Contains(b, bytes.TrimSpace(again)) && !bytes.Contains(b, bytes.TrimSpace(sm)) &&
				!bytes.Contains(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")), bytes.TrimSpace(again)) {
				t.Fatalf("%q", b)
			}
		}
		if _, err := ledger.OpenCheckpoint(b, keys...); err != nil && !refused(err) {
			t.Fatal(err)
		}
	})
}

// A picture's size depends on nothing but the length of the text.
func TestPicture(t *testing.T) {
	k := testKeys(t)
	size := 0
	for i := range 20 {
		r := aReceipt(vault.Standard)
		r.Record = fmt.Sprintf("%026d", i)
		signed, err := r.Sign(k.Signer(vault.Standard))
		if err != nil {
			t.Fatal(err)
		}
		b, err := ledger.Picture(signed)
		if err != nil {
			t.Fatal(err)
		}
		if size == 0 {
			size = len(b)
		}
		if len(b) != size {
			t.Errorf("%d bytes and %d", size, len(b))
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil || img.Bounds().Dx() < 300 || img.Bounds().Dx() > 900 {
			t.Fatalf("%v %v", img.Bounds(), err)
		}
	}
	if _, err := ledger.Picture(make([]byte, 9000)); err == nil {
		t.Error("a picture of what does not fit")
	}
}

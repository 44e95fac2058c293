package vault

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"testing"

	"pgregory.net/rapid"
)

// TestAlteredEvidence changes a stored file in every way an intruder or a bad disk could.
func TestAlteredEvidence(t *testing.T) {
	b := testBlobs(t)
	content := noise(3*chunkSize + 1000)
	blob := put(t, b, content)
	path := pathOf(b, blob.Name)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	start, sealed := int(b.headSize(suites[0])), chunkSize+16
	chunk := func(i int) []byte { return whole[start+i*sealed : min(start+(i+1)*sealed, len(whole))] }
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	head := whole[:start]
	check := func(t interface{ Errorf(string, ...any) }, what string, bad []byte) {
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Errorf("%v", err)
		}
		got, err := get(b, blob.Name)
		if !errors.Is(err, ErrCannotOpen) {
			t.Errorf("%s: %v", what, err)
		}
		if !bytes.HasPrefix(content, got) || len(got) == len(content) && what != "appended" {
			t.Errorf("%s: gave out %d bytes", what, len(got))
		}
	}
	check(t, "reordered", join(head, chunk(1), chunk(0), chunk(2), chunk(3)))
	for what, bad := range map[string][]byte{"cut": whole[:len(whole)-1], "longer": join(whole, []byte{0})} {
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := b.Open(t.Context(), blob.Name); !errors.Is(err, ErrCannotOpen) {
			t.Errorf("%s: noticed only while reading: %v", what, err)
		}
	}
	check(t, "repeated", join(head, chunk(0), chunk(0), chunk(2), chunk(3)))
	check(t, "chunk missing", join(head, chunk(0), chunk(2), chunk(3)))
	check(t, "last missing", join(head, chunk(0), chunk(1), chunk(2)))
	check(t, "last only", join(head, chunk(3)))
	check(t, "appended", join(whole, []byte{0}))
	check(t, "chunk appended", join(whole, chunk(3)))
	check(t, "empty", nil)
	check(t, "head only", head)
	rapid.Check(t, func(t *rapid.T) {
		i := rapid.OneOf(rapid.IntRange(0, start+20), rapid.IntRange(0, len(whole)-1)).Draw(t, "byte")
		if rapid.Bool().Draw(t, "cut") {
			check(t, fmt.Sprintf("cut at %d", i), whole[:i])
			return
		}
		bad := bytes.Clone(whole)
		bad[i] ^= byte(rapid.IntRange(1, 255).Draw(t, "mask"))
		check(t, fmt.Sprintf("byte %d flipped", i), bad)
	})
}

// TestStreamAlone takes the length check of the head away, which would hide what the stream misses.
func TestStreamAlone(t *testing.T) {
	aead := suites[0].mustAEAD(make([]byte, 32))
	never := func() error { return nil }
	for _, n := range edges {
		content := noise(n)
		var sealed bytes.Buffer
		if size, err := sealStream(&sealed, io.Discard, bytes.NewReader(content), aead, 1<<30, never); err != nil || size != int64(n) {
			t.Fatalf("%d, %v", size, err)
		}
		if int64(sealed.Len()) != sealedSize(int64(n), 16) {
			t.Errorf("%d bytes: sealed %d, sealedSize %d", n, sealed.Len(), sealedSize(int64(n), 16))
		}
		open := func(b []byte, size int) error {
			_, err := io.Copy(io.Discard, newOpenStream(bytes.NewReader(b), aead, int64(size)))
			return err
		}
		if err := open(sealed.Bytes(), n); err != nil {
			t.Errorf("%d bytes: %v", n, err)
		}
		for what, err := range map[string]error{
			"cut by a byte":    open(sealed.Bytes()[:sealed.Len()-1], n),
			"longer by a byte": open(append(sealed.Bytes(), 0), n),
			"announced longer": open(sealed.Bytes(), n+1),
		} {
			if !errors.Is(err, ErrCannotOpen) {
				t.Errorf("%d bytes, %s: %v", n, what, err)
			}
		}
		if n > 2*chunkSize { // ending at a chunk's border: only the "last" byte of the nonce tells
			if err := open(sealed.Bytes()[:2*(chunkSize+16)], 2*chunkSize); !errors.Is(err, ErrCannotOpen) {
				t.Errorf("%d bytes, ended at a border: %v", n, err)
			}
		}
	}
}

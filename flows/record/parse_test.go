package record_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"liuhen/flows/record"
)

type fatal interface {
	Helper()
	Fatal(...any)
}

func canonical(t fatal, r record.Record) []byte {
	t.Helper()
	b, err := r.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestEveryAlteredByteIsSeen changes, drops and doubles each byte: what still reads as a record has another digest (R4.9).
func TestEveryAlteredByteIsSeen(t *testing.T) {
	b := canonical(t, eventRecord())
	digest := record.Digest(b)
	refused := 0
	for i := range b {
		for _, x := range []byte{b[i] ^ 1} {
			if x == b[i] {
				continue
			}
			altered := bytes.Clone(b)
			altered[i] = x
			_, err := record.Parse(altered)
			switch {
			case err != nil:
				refused++
			case record.Digest(altered) == digest:
				t.Fatalf("byte %d altered to %q unseen", i, x)
			}
		}
	}
	if refused < len(b)/2 {
		t.Fatalf("only %d alterations of %d bytes refused", refused, len(b))
	}
	b = canonical(t, zeroRecord())
	digest = record.Digest(b)
	for i := range b { // a byte lost, a byte twice
		for _, altered := range [][]byte{append(bytes.Clone(b[:i]), b[i+1:]...), append(bytes.Clone(b[:i+1]), b[i:]...)} {
			if _, err := record.Parse(altered); err == nil && record.Digest(altered) == digest {
				t.Fatalf("byte %d lost or doubled unseen", i)
			}
		}
	}
}

// swapper alters one place of the text, which must be there.
func swapper(t *testing.T, b string) func(old, new string) string {
	return func(old, new string) string {
		t.Helper()
		if !strings.Contains(b, old) {
			t.Fatalf("%q is not in %s", old, b)
		}
		return strings.Replace(b, old, new, 1)
	}
}

// TestNotCanonicalIsRefused: the same content in other bytes is not the record.
func TestNotCanonicalIsRefused(t *testing.T) {
	b := string(canonical(t, zeroRecord()))
	swap := swapper(t, b)
	for what, altered := range map[string]string{
		"nothing":               "",
		"null":                  "null\n",
		"another kind":          "[]\n",
		"no line feed":          strings.TrimSuffix(b, "\n"),
		"two line feeds":        b + "\n",
		"trailing bytes":        b + "x",
		"two records":           b + b,
		"a byte order mark":     "\ufeff" + b,
		"a space":               swap(`,"id"`, `, "id"`),
		"an unknown field":      swap(`,"id"`, `,"note":"","id"`),
		"an unknown field deep": swap(`"confirmed":true`, `"confirmed":true,"seal":1`),
		"a field twice":         swap(`"edition":"2020"`, `"edition":"2020","edition":"2020"`),
		"a field in capitals":   swap(`"edition"`, `"Edition"`),
		"fields in other order": swap(`"version":1,"id":"`+zeroRecord().ID+`"`, `"id":"`+zeroRecord().ID+`","version":1`),
		"an escaped letter":     swap("张三", `\u5f20三`),
		"another zone":          swap("2026-11-24T02:00:00.123Z", "2026-11-24T10:00:00.123+08:00"),
		"a finer time":          swap("00.123Z", "00.123001Z"),
		"an empty field":        swap(`"shown"`, `"supersedes":"","shown"`),
		"no answers":            swap(`"answers":{"outcome":{"boxes":["none"],"confirmed":true}}`, `"answers":null`),
		"version 0":             swap(`"version":1`, `"version":0`),
		"version -1":            swap(`"version":1`, `"version":-1`),
	} {
		if _, err := record.Parse([]byte(altered)); !errors.Is(err, record.ErrAltered) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestNewerLayoutIsNotCalledAltered: whoever reads a later release's record with an old program must be told so.
func TestNewerLayoutIsNotCalledAltered(t *testing.T) {
	b := string(canonical(t, zeroRecord()))
	for _, newer := range []string{
		strings.Replace(b, `"version":1`, `"version":2`, 1),
		strings.Replace(b, `"version":1`, `"version":2,"seal":"x"`, 1),
	} {
		_, err := record.Parse([]byte(newer))
		if err == nil || errors.Is(err, record.ErrAltered) || !strings.Contains(err.Error(), "layout 2") || !strings.Contains(err.Error(), "newer") {
			t.Errorf("%v", err)
		}
	}
}

// TestParseNeverPanics: bytes from anywhere give an error.
func TestParseNeverPanics(t *testing.T) {
	b := canonical(t, eventRecord())
	rapid.Check(t, func(t *rapid.T) {
		from, to := rapid.IntRange(0, len(b)).Draw(t, "from"), rapid.IntRange(0, len(b)).Draw(t, "to")
		mixed := append(bytes.Clone(b[:from]), rapid.SliceOfN(rapid.Byte(), 0, 8).Draw(t, "bytes")...)
		mixed = append(mixed, b[to:]...)
		if _, err := record.Parse(mixed); err == nil && !bytes.Equal(mixed, b) {
			if again, _ := record.Parse(mixed); record.Digest(canonical(t, again)) == record.Digest(b) {
				t.Fatalf("other bytes, same record: %q", mixed)
			}
		}
	})
}

// TestUnwritableTime: a time JSON cannot hold is an error that names the record, not a panic and not a wrong time.
func TestUnwritableTime(t *testing.T) {
	r := zeroRecord()
	r.Signed = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	if _, err := r.Canonical(); err == nil || !strings.Contains(err.Error(), r.ID) {
		t.Error(err)
	}
}

func TestDigest(t *testing.T) {
	if d := record.Digest(nil); d != "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" {
		t.Error(d)
	}
}

package backup

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"liuhen/storage/db"
)

func pair(t testing.TB) (age.Identity, []age.Recipient) {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	to, err := Recipients(id.Recipient().String())
	if err != nil {
		t.Fatal(err)
	}
	return id, to
}

var units = db.Part{
	Table: "units", Columns: []string{"id", "n", "ok", "body", "none"},
	Rows: [][]any{
		{"甲\n\"乙\"", int64(1<<62 + 1), true, []byte{0, 255, 7}, nil},
		{"", int64(-1), false, []byte{}, nil},
	},
}

// made is a backup of one table and one piece of evidence; change may leave parts of it out.
func made(t testing.TB, to []age.Recipient, change func(*Writer) error) []byte {
	t.Helper()
	var out bytes.Buffer
	b, err := NewWriter(&out, to, Manifest{Schema: 2, Made: time.Unix(0, 0).UTC(), Mark: "mark"})
	if err = errors.Join(err, change(b)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func whole(b *Writer) error {
	err := errors.Join(b.Part(units), b.Part(db.Part{Table: "empty", Columns: []string{"id"}}), b.Evidence("ab", 3, strings.NewReader("abc")))
	_, closed := b.Close()
	return errors.Join(err, closed)
}

// all reads a backup to its end.
func all(r io.Reader, id age.Identity) (parts []db.Part, evidence string, err error) {
	b, err := NewReader(r, []age.Identity{id})
	if err != nil {
		return nil, "", err
	}
	for {
		p, err := b.Part()
		if err != nil {
			return parts, "", err
		}
		if p.Table == "" {
			break
		}
		parts = append(parts, p)
	}
	_, err = b.Evidence(func(name string, _ int64, r io.Reader) error {
		text, err := io.ReadAll(r)
		evidence += name + string(text)
		return err
	})
	return parts, evidence, err
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	id, to := pair(t)
	file := made(t, to, whole)
	parts, evidence, err := all(bytes.NewReader(file), id)
	if err != nil || len(parts) != 2 || evidence != "ababc" || !reflect.DeepEqual(parts[0], units) {
		t.Errorf("%+v, %q, %v", parts, evidence, err)
	}
	for n := 0; n < len(file); n += 7 {
		if _, _, err := all(bytes.NewReader(file[:n]), id); err == nil {
			t.Fatalf("the first %d of %d bytes are taken for a backup", n, len(file))
		}
	}
	other, _ := pair(t)
	if _, _, err := all(bytes.NewReader(file), other); !errors.Is(err, ErrOtherKey) {
		t.Errorf("another key: %v", err)
	}
}

// A file that is sound as an age file and as an archive is no backup without its end, or with less than its end says.
func TestABackupWithoutAllItsPartsIsNone(t *testing.T) {
	id, to := pair(t)
	for what, change := range map[string]func(*Writer) error{
		"no end": func(b *Writer) error { return errors.Join(b.Part(units), b.tar.Close(), b.sealed.Close()) },
		"a part less": func(b *Writer) error {
			b.end.Rows["units"] = 2
			_, err := b.Close()
			return err
		},
		"evidence less": func(b *Writer) error {
			b.end.Evidence = 1
			_, err := b.Close()
			return err
		},
	} {
		if _, _, err := all(bytes.NewReader(made(t, to, change)), id); !errors.Is(err, ErrTruncated) {
			t.Errorf("%s: %v", what, err)
		}
	}
	foreign := made(t, to, func(b *Writer) error {
		err := b.tar.WriteHeader(&tar.Header{Name: "../keys", Size: 0, Mode: 0o600})
		_, closed := b.Close()
		return errors.Join(err, closed)
	})
	if _, _, err := all(bytes.NewReader(foreign), id); !errors.Is(err, ErrForeign) {
		t.Errorf("a foreign file in the archive: %v", err)
	}
}

func TestTextsThatOneEngineCannotHold(t *testing.T) {
	_, to := pair(t)
	for _, bad := range []string{"\xff", "a\x00b"} {
		b, err := NewWriter(io.Discard, to, Manifest{})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Part(db.Part{Table: "units", Columns: []string{"name"}, Rows: [][]any{{bad}}}); err == nil {
			t.Errorf("%q was written", bad)
		}
	}
}

func FuzzRead(f *testing.F) {
	id, to := pair(f)
	f.Add([]byte("x"))
	f.Add(made(f, to, whole))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _, _ = all(bytes.NewReader(b), id)
		_, _ = parsePart("units", b)
	})
}

package backup

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"filippo.io/age"

	"liuhen/storage/db"
)

// format is the version of the form.
const format = 1

// Manifest is the first thing in a backup.
type Manifest struct {
	Format int       `json:"format"`
	Schema int       `json:"schema"`
	Made   time.Time `json:"made"`
	Mark   string    `json:"mark"` // of the keys, see [db.Mark]
}

// End is the last thing in a backup.
type End struct {
	Rows     map[string]int `json:"rows"`
	Evidence int            `json:"evidence"`
}

// Recipients reads public keys of age, one a line.
func Recipients(text string) ([]age.Recipient, error) {
	list, err := age.ParseRecipients(strings.NewReader(strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' }), "\n")))
	if err != nil {
		return nil, errors.New("it is no public key of age (age1…): copy the line that age-keygen prints as public key")
	}
	return list, nil
}

// Writer writes a backup. Everything is encrypted before it reaches the stream beneath.
type Writer struct {
	sealed io.WriteCloser
	tar    *tar.Writer
	parts  int
	end    End
}

// NewWriter begins a backup.
func NewWriter(w io.Writer, to []age.Recipient, m Manifest) (*Writer, error) {
	sealed, err := age.Encrypt(w, to...)
	if err != nil {
		return nil, fmt.Errorf("encrypt the backup: %w", err)
	}
	b := &Writer{sealed: sealed, tar: tar.NewWriter(sealed), end: End{Rows: map[string]int{}}}
	m.Format = format
	return b, b.json("manifest.json", m)
}

func (b *Writer) json(name string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return b.file(name, int64(len(text)), bytes.NewReader(text))
}

func (b *Writer) file(name string, size int64, r io.Reader) error {
	if err := b.tar.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600, Format: tar.FormatPAX}); err != nil {
		return err
	}
	if n, err := io.Copy(b.tar, r); err != nil || n != size {
		return errors.Join(err, when(n != size, fmt.Errorf("%s has %d bytes instead of %d", name, n, size)))
	}
	return nil
}

func when(cond bool, err error) error {
	if cond {
		return err
	}
	return nil
}

// Part adds rows of a table.
func (b *Writer) Part(p db.Part) error {
	var text bytes.Buffer
	lines := json.NewEncoder(&text)
	if err := lines.Encode(p.Columns); err != nil {
		return err
	}
	for _, r := range p.Rows {
		row := make([]any, len(r))
		for i, v := range r {
			if s, ok := v.(string); ok && (!utf8.ValidString(s) || strings.ContainsRune(s, 0)) {
				return fmt.Errorf("table %s: a text in column %s is not valid UTF-8: run verify", p.Table, p.Columns[i])
			}
			if raw, ok := v.([]byte); ok {
				v = map[string][]byte{"b": raw}
			}
			row[i] = v
		}
		if err := lines.Encode(row); err != nil {
			return err
		}
	}
	b.parts++
	b.end.Rows[p.Table] += len(p.Rows)
	return b.file(fmt.Sprintf("tables/%06d-%s.jsonl", b.parts, p.Table), int64(text.Len()), &text)
}

// Evidence adds a stored piece of evidence.
func (b *Writer) Evidence(name string, size int64, r io.Reader) error {
	b.end.Evidence++
	return b.file("evidence/"+name, size, r)
}

// Close ends the backup and says what is in it; without it there is none.
func (b *Writer) Close() (End, error) {
	err := b.json("end.json", b.end)
	return b.end, errors.Join(err, b.tar.Close(), b.sealed.Close())
}

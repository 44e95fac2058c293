package backup

import (
	"archive/tar"
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"

	"filippo.io/age"

	"liuhen/storage/db"
)

// Errors of reading a backup, each with what to do.
var (
	ErrForeign   = errors.New("it is not a backup of Liuhen: name the file that backup wrote")
	ErrOtherKey  = errors.New("it was encrypted to another key: name the identity whose public key LIUHEN_BACKUP_RECIPIENT was")
	ErrTruncated = errors.New("it is damaged or ends early: take another copy, or the backup before it; nothing was restored")
)

// partLimit bounds one part of a table in memory, in bytes.
const partLimit = 64 << 20

// Reader reads a backup.
type Reader struct {
	Manifest Manifest

	tar  *tar.Reader
	head *tar.Header // the next file, looked at but not read
	seen End
	end  *End
}

// NewReader opens a backup with the private keys that it may be encrypted to.
func NewReader(r io.Reader, with []age.Identity) (*Reader, error) {
	src := bufio.NewReader(r)
	if start, _ := src.Peek(len("age-encryption.org/")); string(start) != "age-encryption.org/" {
		return nil, ErrForeign
	}
	plain, err := age.Decrypt(src, with...)
	var none *age.NoIdentityMatchError
	if errors.As(err, &none) {
		return nil, ErrOtherKey
	}
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", ErrTruncated, err)
	}
	b := &Reader{tar: tar.NewReader(plain), seen: End{Rows: map[string]int{}}}
	if err := b.next(); err != nil {
		return nil, err
	}
	if b.head == nil || b.head.Name != "manifest.json" {
		return nil, ErrForeign
	}
	if err := json.NewDecoder(io.LimitReader(b.tar, partLimit)).Decode(&b.Manifest); err != nil {
		return nil, ErrForeign
	}
	if b.Manifest.Format > format {
		return nil, fmt.Errorf("it was made by a later release (form %d, this release knows %d): restore with that one", b.Manifest.Format, format)
	}
	return b, b.next()
}

func (b *Reader) next() error {
	h, err := b.tar.Next()
	if errors.Is(err, io.EOF) { //nolint:errorlint // Is it is
		b.head = nil
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w (%w)", ErrTruncated, err)
	}
	b.head = h
	return nil
}

// Part gives the next part of a table, and one without a table after the last.
func (b *Reader) Part() (db.Part, error) {
	if b.head == nil {
		return db.Part{}, ErrTruncated
	}
	_, table, ok := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(b.head.Name, "tables/"), ".jsonl"), "-")
	if !ok || !strings.HasPrefix(b.head.Name, "tables/") {
		return db.Part{}, nil
	}
	text, err := io.ReadAll(io.LimitReader(b.tar, partLimit+1))
	if err != nil || len(text) > partLimit {
		return db.Part{}, fmt.Errorf("%w (%w)", ErrTruncated, err)
	}
	p, err := parsePart(table, text)
	if err != nil {
		return p, fmt.Errorf("table %s: %w", table, err)
	}
	b.seen.Rows[table] += len(p.Rows)
	return p, b.next()
}

func parsePart(table string, text []byte) (db.Part, error) {
	p := db.Part{Table: table}
	lines := json.NewDecoder(bytes.NewReader(text))
	lines.UseNumber()
	if err := lines.Decode(&p.Columns); err != nil {
		return p, err
	}
	for lines.More() {
		var row []any
		if err := lines.Decode(&row); err != nil {
			return p, err
		}
		for i, v := range row {
			var err error
			if row[i], err = value(v); err != nil {
				return p, err
			}
		}
		p.Rows = append(p.Rows, row)
	}
	return p, nil
}

func value(v any) (any, error) {
	switch v := v.(type) {
	case json.Number:
		return v.Int64()
	case map[string]any:
		text, ok := v["b"].(string)
		if !ok {
			return nil, errors.New("a value of an unknown kind")
		}
		return base64.StdEncoding.DecodeString(text)
	case []any:
		return nil, errors.New("a value of an unknown kind")
	}
	return v, nil
}

// Evidence passes every piece of evidence to keep, and is to be called after the last part: it also finds out whether the
// backup is whole.
func (b *Reader) Evidence(keep func(name string, size int64, r io.Reader) error) (End, error) {
	for b.head != nil {
		name, isEvidence := strings.CutPrefix(b.head.Name, "evidence/")
		switch {
		case isEvidence:
			b.seen.Evidence++
			broken := &watched{r: b.tar}
			if err := keep(name, b.head.Size, broken); err != nil {
				if broken.err != nil {
					return End{}, fmt.Errorf("%w (%w)", ErrTruncated, broken.err)
				}
				return End{}, err
			}
		case b.head.Name == "end.json":
			b.end = &End{}
			if err := json.NewDecoder(io.LimitReader(b.tar, partLimit)).Decode(b.end); err != nil {
				return End{}, fmt.Errorf("%w (%w)", ErrTruncated, err)
			}
		default:
			return End{}, fmt.Errorf("%w: %q does not belong into it", ErrForeign, b.head.Name)
		}
		if err := b.next(); err != nil {
			return End{}, err
		}
	}
	if b.end == nil || b.end.Evidence != b.seen.Evidence || !maps.Equal(b.end.Rows, b.seen.Rows) {
		return End{}, ErrTruncated
	}
	return *b.end, nil
}

// watched remembers whether reading failed, so that a damaged backup is not taken for a full disk.
type watched struct {
	r   io.Reader
	err error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err != nil && err != io.EOF { //nolint:errorlint // a wrapped one means that it ends early
		w.err = err
	}
	return n, err
}

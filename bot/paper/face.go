package paper

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"unicode"

	"github.com/hajimehoshi/chinesegamefonts/scregular"
	"github.com/signintech/gopdf/fontmaker/core"
)

// face is a TrueType font: its bytes, and what the layout needs to know of it.
type face struct {
	data   []byte
	parsed core.TTFParser
}

// builtin is the embedded font: the 8,105 characters of the standard table, Latin and punctuation.
var builtin = sync.OnceValues(func() (*face, error) {
	z, err := gzip.NewReader(bytes.NewReader(scregular.CompressedTTF))
	if err != nil {
		return nil, fmt.Errorf("unpack the embedded font: %w", err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("unpack the embedded font: %w", err)
	}
	return newFace(data)
})

// faces are the embedded font and, when a path is given, the additional one that is asked for what the first lacks.
func faces(path string) ([]*face, error) {
	first, err := builtin()
	if err != nil {
		return nil, err
	}
	if path == "" {
		return []*face{first}, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the additional font: %w", err)
	}
	second, err := newFace(data)
	if err != nil {
		return nil, fmt.Errorf("read the additional font: %w", err)
	}
	return []*face{first, second}, nil
}

func newFace(data []byte) (*face, error) {
	data, err := named(data)
	if err != nil {
		return nil, err
	}
	f := &face{data: data}
	if err := f.parsed.ParseFontData(data); err != nil {
		return nil, fmt.Errorf("parse a font: %w", err)
	}
	return f, nil
}

// nameTable names the font "sheet". The embedded font has an empty table, which the PDF writer refuses; and a subset may
// not carry the reserved name of the original (OFL, see NOTICE).
var nameTable = []byte("\x00\x00\x00\x01\x00\x12" + "\x00\x03\x00\x01\x04\x09\x00\x06\x00\x0a\x00\x00" + "\x00s\x00h\x00e\x00e\x00t")

// named is the font with its name table replaced; the new one stands at the end of the file.
func named(data []byte) ([]byte, error) {
	if len(data) < 12 || !bytes.Equal(data[:4], []byte{0, 1, 0, 0}) {
		return nil, errors.New("not a TrueType font (a .ttc collection must be split first)")
	}
	tables := int(binary.BigEndian.Uint16(data[4:]))
	if len(data) < 12+16*tables {
		return nil, errors.New("the font's table directory is cut off")
	}
	out := bytes.Clone(data)
	for len(out)%4 != 0 {
		out = append(out, 0)
	}
	for i := range tables {
		if entry := out[12+16*i:]; string(entry[:4]) == "name" {
			binary.BigEndian.PutUint32(entry[8:], uint32(len(out)))
			binary.BigEndian.PutUint32(entry[12:], uint32(len(nameTable)))
			return append(out, nameTable...), nil
		}
	}
	return nil, errors.New("the font has no name table")
}

// glyph is the font's drawing of r; ok is false when it has none. Control characters and marks without a shape of their own
// have none, whatever the font's table says: nothing may vanish unseen.
func (f *face) glyph(r rune) (index uint, ok bool) {
	if r < 0 || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Variation_Selector) {
		return 0, false
	}
	if r <= 0xFFFF {
		index = f.parsed.Chars()[int(r)]
		return index, index != 0
	}
	for _, g := range f.parsed.GroupingTables() {
		if c := uint(r); g.StartCharCode <= c && c <= g.EndCharCode {
			return c - g.StartCharCode + g.GlyphID, true
		}
	}
	return 0, false
}

// advance is the width of a glyph as a part of the font's size.
func (f *face) advance(index uint) float64 {
	widths := f.parsed.Widths()
	return float64(widths[min(index, uint(len(widths)-1))]) / float64(f.parsed.UnitsPerEm())
}

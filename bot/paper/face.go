package paper

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"unicode"

	"github.com/hajimehoshi/chinesegamefonts/scregular"
	"github.com/signintech/gopdf/fontmaker/core"
)

// face is a TrueType font: its bytes, and what the layout needs to know of it.
type face struct {
	data   []byte
	glyphs map[rune]glyph // of the characters that it draws
}

// glyph is the drawing of a character: its number in the font, and its width as a part of the font's size.
type glyph struct {
	index uint
	width float64
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

func newFace(data []byte) (*face, error) {
	data, err := named(data)
	if err != nil {
		return nil, err
	}
	var parsed core.TTFParser
	if err := parsed.ParseFontData(data); err != nil {
		return nil, fmt.Errorf("parse a font: %w", err)
	}
	f := &face{data: data, glyphs: map[rune]glyph{}}
	return f, f.look(&parsed)
}

// look notes what the font draws. The PDF writer looks characters up in the same two tables.
func (f *face) look(parsed *core.TTFParser) error {
	em, widths := float64(parsed.UnitsPerEm()), parsed.Widths()
	if em == 0 || len(widths) == 0 {
		return errors.New("parse a font: it has no size")
	}
	note := func(r rune, index uint) {
		if _, twice := f.glyphs[r]; !twice && f.draws(parsed, r, index) {
			f.glyphs[r] = glyph{index, float64(widths[min(index, uint(len(widths)-1))]) / em}
		}
	}
	for r, index := range parsed.Chars() {
		note(rune(r), index)
	}
	for _, g := range parsed.GroupingTables() {
		for c := max(g.StartCharCode, 0x10000); c <= min(g.EndCharCode, unicode.MaxRune); c++ {
			note(rune(c), c-g.StartCharCode+g.GlyphID) //nolint:gosec // at most unicode.MaxRune
		}
	}
	return nil
}

// draws reports whether r is drawn when the font's table leads it to a glyph: nothing may vanish unseen. Control characters and
// marks without a shape of their own are not, whatever the table says; nor what is led to an empty glyph, or to one put together of glyphs
// that are put together themselves, of which the PDF writer embeds the first half.
func (f *face) draws(parsed *core.TTFParser, r rune, index uint) bool {
	if r < 0 || index == 0 || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Variation_Selector) {
		return false
	}
	outline, ok := f.outline(parsed, index)
	switch {
	case !ok:
		return false
	case len(outline) == 0:
		return unicode.IsSpace(r)
	}
	for _, part := range components(outline) {
		if within, ok := f.outline(parsed, part); !ok || len(components(within)) > 0 {
			return false
		}
	}
	return true
}

// outline is the drawing of a glyph; ok is false when the font has no such glyph.
func (f *face) outline(parsed *core.TTFParser, index uint) (outline []byte, ok bool) {
	glyf := parsed.GetTables()["glyf"]
	if index >= parsed.NumGlyphs() || index+1 >= uint(len(parsed.LocaTable)) {
		return nil, false
	}
	from, to := parsed.LocaTable[index], parsed.LocaTable[index+1]
	if from > to || to > glyf.Length || glyf.Offset+to > uint(len(f.data)) {
		return nil, false
	}
	outline = f.data[glyf.Offset+from : glyf.Offset+to]
	return outline, len(outline) == 0 || len(outline) >= 10 // the shortest head of an outline
}

// components are the glyphs that an outline is put together of; none when it is drawn itself.
func components(outline []byte) []uint {
	if len(outline) < 10 || int16(binary.BigEndian.Uint16(outline)) >= 0 { //nolint:gosec // the number is signed
		return nil
	}
	const words, scale, more, two, four = 1, 8, 32, 64, 128
	var out []uint
	for at := 10; at+4 <= len(outline); {
		flags := binary.BigEndian.Uint16(outline[at:])
		out = append(out, uint(binary.BigEndian.Uint16(outline[at+2:])))
		if flags&more == 0 {
			return out
		}
		at += 6
		for flag, size := range map[uint16]int{words: 2, scale: 2, two: 4, four: 8} {
			if flags&flag != 0 {
				at += size
			}
		}
	}
	return append(out, 0xFFFF) // cut off: no font has such a glyph
}

// nameTable names the font "sheet". The embedded font has an empty table, which the PDF writer refuses; and a subset may
// not carry the reserved name of the original (OFL, see NOTICE).
var nameTable = []byte("\x00\x00\x00\x01\x00\x12" + "\x00\x03\x00\x01\x04\x09\x00\x06\x00\x0a\x00\x00" + "\x00s\x00h\x00e\x00e\x00t")

var errCutOff = errors.New("the font is cut off")

// named is the font with its name table replaced; the new one stands at the end of the file.
func named(data []byte) ([]byte, error) {
	if len(data) < 12 || !bytes.Equal(data[:4], []byte{0, 1, 0, 0}) {
		return nil, errors.New("not a TrueType font")
	}
	tables := int(binary.BigEndian.Uint16(data[4:]))
	if len(data) < 12+16*tables {
		return nil, errCutOff
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

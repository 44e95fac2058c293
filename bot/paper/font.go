package paper

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Limits of additional fonts: each stays in memory.
const (
	fontLimit = 64 << 20 // bytes of one
	fontsMost = 8
)

// Font is an additional TrueType font, asked for the characters that the embedded one lacks.
type Font struct {
	Name string // of its file
	Adds int    // how many characters it has that the embedded one lacks
	face *face
}

// Fonts reads the fonts in a folder, by the order of their names. One that cannot be used is left out, with an error that names its file
// and says what to do; files of other kinds, a licence, are passed over. A folder that does not exist has none.
func Fonts(folder string) (fonts []Font, faults []error) {
	files, err := os.ReadDir(folder)
	if err != nil {
		if !errors.Is(err, os.ErrNotExist) {
			faults = append(faults, fmt.Errorf("%s cannot be read (%w): correct its permissions", filepath.Base(folder), err))
		}
		return nil, faults
	}
	for _, f := range files {
		kinds := []string{".ttf", ".otf", ".ttc", ".otc", ".woff", ".woff2"}
		if f.IsDir() || strings.HasPrefix(f.Name(), ".") || !slices.Contains(kinds, strings.ToLower(filepath.Ext(f.Name()))) {
			continue
		}
		font, err := readFont(filepath.Join(folder, f.Name()))
		switch {
		case err != nil:
			faults = append(faults, fmt.Errorf("%s/%s: %w", filepath.Base(folder), f.Name(), err))
		case len(fonts) == fontsMost:
			faults = append(faults, fmt.Errorf("%s/%s: it is one more than the %d fonts that are used: take another one out", filepath.Base(folder), f.Name(), fontsMost))
		default:
			fonts = append(fonts, font)
		}
	}
	return fonts, faults
}

// Lacking are the characters of s, by code point, that neither the embedded font nor one of these has.
func Lacking(s string, fonts []Font) ([]rune, error) {
	w, err := newWriter(fonts)
	if err != nil {
		return nil, err
	}
	for _, r := range s {
		if at, _ := w.find(r); at < 0 && !space(r) {
			w.missing[r] = true
		}
	}
	return w.lacking(), nil
}

func readFont(path string) (Font, error) {
	data, err := readLimited(path)
	if err != nil {
		return Font{}, err
	}
	if err := usable(data); err != nil {
		return Font{}, err
	}
	first, err := builtin()
	if err != nil {
		return Font{}, err
	}
	font := Font{Name: filepath.Base(path)}
	var try rune
	err = guarded(func() error {
		if font.face, err = newFace(data); err != nil {
			return err
		}
		for r := range font.face.glyphs {
			if _, there := first.glyphs[r]; !there {
				font.Adds++
				try = max(try, r)
			}
		}
		return font.face.embeds(try)
	})
	if err != nil {
		return Font{}, fmt.Errorf("it is damaged, or has no table of Unicode characters (%w): get the file again, or another font", err)
	}
	return font, nil
}

func readLimited(path string) ([]byte, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, errors.New("it is not a file: put the font itself there")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("it cannot be read (%w): correct its permissions", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, fontLimit+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("it cannot be read (%w): copy the file again", err)
	case len(data) > fontLimit:
		return nil, fmt.Errorf("it is larger than %d MB: use a font with fewer characters", fontLimit>>20)
	}
	return data, nil
}

// usable reports what stands against embedding a font before it is parsed: its format, or its licence.
func usable(data []byte) error {
	begins := string(data[:min(4, len(data))])
	switch begins {
	case "ttcf":
		return errors.New("it is a collection of several fonts (TTC), none of which can be embedded: take one out of it as .ttf, or use another font")
	case "OTTO":
		return errors.New("its outlines are those of PostScript (OTF), which cannot be embedded: get the font as TrueType (.ttf)")
	case "wOFF", "wOF2":
		return errors.New("it is packed for web pages: get the font as TrueType (.ttf)")
	}
	glyf, err := table(data, "glyf")
	if err != nil || begins != "\x00\x01\x00\x00" || len(glyf) == 0 {
		return errors.New("it is no TrueType font, or damaged: get the file again as .ttf")
	}
	rights, err := table(data, "OS/2")
	if err != nil || len(rights) < 10 {
		return errors.New("it does not say whether it may be embedded (table OS/2): use another font")
	}
	// The bits of fsType: 2 forbids embedding, unless 4 or 8 (for print, for editing) allows it; 0x100 parts of the font; 0x200 outlines.
	switch bits := binary.BigEndian.Uint16(rights[8:]); {
	case bits&0xE == 2, bits&0x300 != 0:
		return fmt.Errorf("its licence forbids embedding a part of it in a document (fsType %#04x): use a font that may be embedded", bits)
	}
	return nil
}

// table is a table of a font's file.
func table(data []byte, tag string) ([]byte, error) {
	if len(data) < 12 || len(data) < 12+16*int(binary.BigEndian.Uint16(data[4:])) {
		return nil, errCutOff
	}
	for i := range int(binary.BigEndian.Uint16(data[4:])) {
		e := data[12+16*i:]
		if string(e[:4]) != tag {
			continue
		}
		from, length := uint64(binary.BigEndian.Uint32(e[8:])), uint64(binary.BigEndian.Uint32(e[12:]))
		if from+length > uint64(len(data)) {
			return nil, errCutOff
		}
		return data[from : from+length], nil
	}
	return nil, nil
}

// embeds makes a page of one character and throws it away: what the PDF writer refuses is to be known before somebody prints.
func (f *face) embeds(r rune) error {
	if r == 0 {
		return nil
	}
	p := &printer{writer: writer{faces: []*face{f}, missing: map[rune]bool{}}}
	p.put(p.page(), 0, formSize, formSize, []rune{r})
	_, err := p.pdf()
	return err
}

// guarded turns a panic of the libraries, which trust the tables of a font, into an error.
func guarded(do func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	return do()
}

// newWriter sets type in the embedded font and, where it lacks a character, in the first of the others that has it.
func newWriter(fonts []Font) (writer, error) {
	first, err := builtin()
	if err != nil {
		return writer{}, err
	}
	w := writer{faces: []*face{first}, missing: map[rune]bool{}}
	for _, f := range fonts {
		w.faces = append(w.faces, f.face)
	}
	return w, nil
}

// printed makes a print. When an additional font turns out to be damaged in the middle, it is made without: what that font
// had is ▢ then, named as what no font has, and FontFault says why.
func (o Options) printed(draw func(writer) (Document, error)) (d Document, err error) {
	w, err := newWriter(o.Fonts)
	if err != nil {
		return d, err
	}
	if len(o.Fonts) == 0 {
		return draw(w)
	}
	if fault := guarded(func() error { d, err = draw(w); return err }); fault != nil {
		w, _ = newWriter(nil)
		d, err = draw(w)
		d.FontFault = fmt.Errorf("an additional font cannot be embedded, printed without: %w", fault)
	}
	return d, err
}

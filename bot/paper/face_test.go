package paper

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

// remapped is the embedded font with other characters on its glyphs: a font of rare names for the test.
func remapped(t *testing.T, glyphs map[rune]rune) string {
	t.Helper()
	f, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	var groups bytes.Buffer
	n := uint32(0)
	for to := rune(0x10000); to <= 0x2FFFF; to++ { // ascending, as the format wants
		from, ok := glyphs[to]
		if !ok {
			continue
		}
		g, ok := f.glyph(from)
		if !ok {
			t.Fatalf("%c is not in the font", from)
		}
		for _, v := range []uint32{uint32(to), uint32(to), uint32(g)} {
			binary.Write(&groups, binary.BigEndian, v)
		}
		n++
	}
	var cmap bytes.Buffer
	words := func(v ...uint16) { binary.Write(&cmap, binary.BigEndian, v) }
	words(0, 2, 3, 1, 0, 20, 3, 10, 0, 52)                                    // two tables: format 4 at 20, format 12 at 52
	words(4, 32, 0, 4, 4, 1, 0, ' ', 0xFFFF, 0, ' ', 0xFFFF, 0xFFE1, 1, 0, 0) // the space alone
	words(12, 0)
	binary.Write(&cmap, binary.BigEndian, []uint32{16 + n*12, 0, n})
	cmap.Write(groups.Bytes())
	data := bytes.Clone(f.data)
	for len(data)%4 != 0 {
		data = append(data, 0)
	}
	for i := range int(binary.BigEndian.Uint16(data[4:])) {
		if e := data[12+16*i:]; string(e[:4]) == "cmap" {
			binary.BigEndian.PutUint32(e[8:], uint32(len(data)))
			binary.BigEndian.PutUint32(e[12:], uint32(cmap.Len()))
		}
	}
	file := filepath.Join(t.TempDir(), "rare.ttf")
	if err := os.WriteFile(file, append(data, cmap.Bytes()...), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestAdditionalFont: a configured font draws what the embedded one lacks, also above U+FFFF, and the text can be copied out.
func TestAdditionalFont(t *testing.T) {
	font := remapped(t, map[rune]rune{'𠮷': '吉', '𠀀': '丁', '😀': '〇'})
	d := printed(t, Options{Font: font}, event(0, "𠮷某与𠀀某，😀①𠮷。"))
	if string(d.Missing) != "①" {
		t.Errorf("missing %q", string(d.Missing))
	}
	if got := extracted(t, d); !strings.Contains(got, "𠮷某与𠀀某，😀") || !strings.Contains(got, "𠮷。") {
		t.Errorf("copied out as\n%s", got)
	}
	again := printed(t, Options{Font: font}, event(0, "𠮷某与𠀀某，😀①𠮷。"))
	if !bytes.Equal(d.PDF, again.PDF) {
		t.Error("the same print has other bytes")
	}
}

func TestFontFaults(t *testing.T) {
	collection := filepath.Join(t.TempDir(), "fonts.ttc")
	if err := os.WriteFile(collection, []byte("ttcf\x00\x01\x00\x00\x00\x00\x00\x02"), 0o600); err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(t.TempDir(), "cut.ttf")
	if err := os.WriteFile(cut, []byte("\x00\x01\x00\x00\x00\x0f\x00\x00\x00\x00\x00\x00name"), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		"no/such.ttf": "read the additional font",
		collection:    "collection must be split",
		cut:           "cut off",
	} {
		if _, err := Composed(zeros(1), Options{Font: file}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", filepath.Base(file), err)
		}
	}
}

// TestControlsAreSeen: the font's table maps control characters to the empty glyph; they must not vanish that way.
func TestControlsAreSeen(t *testing.T) {
	f, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	for r := rune(0); r < 0x20; r++ {
		if _, ok := f.glyph(r); ok {
			t.Errorf("%U passes for a character", r)
		}
	}
	for _, r := range "（《。一Aé〔" {
		if _, ok := f.glyph(r); !ok || unicode.IsSpace(r) {
			t.Errorf("%c is lacking", r)
		}
	}
}

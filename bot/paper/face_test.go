package paper

import (
	"bytes"
	"encoding/binary"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/signintech/gopdf/fontmaker/core"
	"golang.org/x/image/font/gofont/gomono"

	"liuhen/flows/record"
)

// rare is the embedded font with its characters taken away and others put on their glyphs: a font of rare names for the tests.
func rare(t *testing.T, glyphs map[rune]rune) []byte {
	t.Helper()
	f, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	var low, high []uint16 // start, end and delta of format 4; groups of format 12 as pairs
	var deltas []uint16
	for _, to := range slices.Sorted(maps.Keys(glyphs)) { // ascending, as the formats want
		g, ok := f.glyphs[glyphs[to]]
		switch {
		case !ok && glyphs[to] != 0: // 0: the drawing of what a font lacks
			t.Fatalf("%c is not in the font", glyphs[to])
		case to <= 0xFFFF:
			low, deltas = append(low, uint16(to)), append(deltas, uint16(g.index)-uint16(to))
		default:
			for _, v := range []uint32{uint32(to), uint32(to), uint32(g.index)} {
				high = append(high, uint16(v>>16), uint16(v))
			}
		}
	}
	low, deltas = append(low, 0xFFFF), append(deltas, 1)
	n := uint16(len(low))
	format4 := slices.Concat([]uint16{4, 16 + 8*n, 0, 2 * n, 0, 0, 0}, low, []uint16{0}, low, deltas, make([]uint16, n))
	groups := uint16(len(high) / 6)
	format12 := slices.Concat([]uint16{12, 0, 0, 16 + 12*groups, 0, 0, 0, groups}, high)
	words := slices.Concat([]uint16{0, 2, 3, 1, 0, 20, 3, 10, 0, 20 + 2*uint16(len(format4))}, format4, format12)
	var cmap bytes.Buffer
	binary.Write(&cmap, binary.BigEndian, words)
	return replaced(f.data, "cmap", cmap.Bytes())
}

// replaced is a font with another table in place of its own.
func replaced(font []byte, tag string, table []byte) []byte {
	data := bytes.Clone(font)
	for len(data)%4 != 0 {
		data = append(data, 0)
	}
	for i := range int(binary.BigEndian.Uint16(data[4:])) {
		if e := data[12+16*i:]; string(e[:4]) == tag {
			binary.BigEndian.PutUint32(e[8:], uint32(len(data)))
			binary.BigEndian.PutUint32(e[12:], uint32(len(table)))
		}
	}
	return append(data, table...)
}

// endless is a font that says of a table that it goes on behind the end of the file.
func endless(font []byte, tag string) []byte {
	data := bytes.Clone(font)
	for i := range int(binary.BigEndian.Uint16(data[4:])) {
		if e := data[12+16*i:]; string(e[:4]) == tag {
			binary.BigEndian.PutUint32(e[12:], uint32(len(data)))
		}
	}
	return data
}

// licensed is a font with other rights (fsType).
func licensed(t *testing.T, font []byte, bits uint16) []byte {
	t.Helper()
	rights, err := table(font, "OS/2")
	if err != nil {
		t.Fatal(err)
	}
	rights = bytes.Clone(rights)
	binary.BigEndian.PutUint16(rights[8:], bits)
	return replaced(font, "OS/2", rights)
}

// folder is a folder with these files.
func folder(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "fonts")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func fontsOf(t *testing.T, files map[string][]byte) []Font {
	t.Helper()
	fonts, faults := Fonts(folder(t, files))
	for _, err := range faults {
		t.Error(err)
	}
	return fonts
}

// TestAdditionalFonts: they draw what the embedded one lacks, also above U+FFFF, in the order of their names; the text can be copied out; only
// what is used is embedded.
func TestAdditionalFonts(t *testing.T) {
	fonts := fontsOf(t, map[string][]byte{
		"a.ttf": rare(t, map[rune]rune{'𠮷': '吉', '𠀀': '丁', '㐂': '喜', '张': '李'}),
		"b.TTF": rare(t, map[rune]rune{'𠀀': '一', '😀': '〇', '咗': '左'}),
		"c.ttf": gomono.TTF, "licence.txt": []byte("OFL"),
	})
	var found []string
	for _, f := range fonts {
		found = append(found, f.Name)
	}
	if strings.Join(found, " ") != "a.ttf b.TTF c.ttf" || fonts[0].Adds != 3 || fonts[1].Adds != 3 {
		t.Errorf("found %q, with %d and %d more characters", found, fonts[0].Adds, fonts[1].Adds)
	}
	story := "𠮷某㐂与𠀀某，😀咗①𠮷Ж。"
	signer := func(r *record.Record) { r.Signer.Name = "𠮷㐂" }
	o := Options{Fonts: fonts}
	d := printed(t, o, with(event(0, story), signer))
	if string(d.Missing) != "①" || d.FontFault != nil {
		t.Errorf("missing %q, %v", string(d.Missing), d.FontFault)
	}
	got := extracted(t, d)
	for _, want := range []string{"𠮷某㐂与𠀀某，😀咗", "𠮷Ж。", "𠮷㐂 电子签名确认"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not copied out of\n%s", want, got)
		}
	}
	if again := printed(t, o, with(event(0, story), signer)); !bytes.Equal(d.PDF, again.PDF) {
		t.Error("the same print has other bytes")
	}
	if list := tool(t, d.PDF, "pdffonts", "FILE"); strings.Count(list, " Identity-H       yes yes yes ") != 4 {
		t.Errorf("not four fonts are embedded as subsets with a table of characters:\n%s", list)
	}
	plain := event(0, plainStory)
	if !bytes.Equal(printed(t, o, plain).PDF, printed(t, Options{}, plain).PDF) {
		t.Error("a font that is not needed changes the print")
	}
	for what, lacks := range map[string]string{"𠮷㐂咗张 ": "", "①𠮷晧①": "①晧"} {
		if got, err := Lacking(what, fonts); err != nil || string(got) != lacks {
			t.Errorf("%s lacks %q (%v), want %q", what, string(got), err, lacks)
		}
	}
}

// TestFontFaults: each file that cannot be used is named, with what to do, and the others are used.
func TestFontFaults(t *testing.T) {
	good := rare(t, map[rune]rune{'𠮷': '吉'})
	f, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	nameless := append([]byte("\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00glyf\x00\x00\x00\x00\x00\x00\x00\x1c\x00\x00\x00\x04"), "abcd"...)
	wrong := map[string]struct {
		data []byte
		says string
	}{
		"collection.ttc": {[]byte("ttcf\x00\x01\x00\x00\x00\x00\x00\x02"), "it is a collection of several fonts (TTC), none of which can be embedded: take one out"},
		"outlines.otf":   {[]byte("OTTO\x00\x01\x00\x00\x00\x00\x00\x02"), "PostScript (OTF), which cannot be embedded: get the font as TrueType"},
		"packed.woff2":   {[]byte("wOF2"), "packed for web pages: get the font as TrueType"},
		"empty.ttf":      {nil, "no TrueType font, or damaged: get the file again"},
		"text.ttf":       {[]byte("<html>404 not found, sorry</html>"), "no TrueType font, or damaged"},
		"half.ttf":       {good[:len(good)/2], "no TrueType font, or damaged"},
		"short.ttf":      {[]byte("\x00\x01\x00\x00\x00\x0f\x00\x00\x00\x00\x00\x00name"), "no TrueType font, or damaged"},
		"silent.ttf":     {nameless, "does not say whether it may be embedded"},
		"forbidden.ttf":  {licensed(t, good, 2), "its licence forbids embedding a part of it in a document (fsType 0x0002): use a font that may"},
		"whole.ttf":      {licensed(t, good, 0x104), "fsType 0x0104"},
		"bitmap.ttf":     {licensed(t, good, 0x208), "fsType 0x0208"},
		"no-cmap.ttf":    {replaced(f.data, "cmap", make([]byte, 4)), "has no table of Unicode characters (parse a font: No Unicode encoding found): get the file again, or another font"},
		"bad-loca.ttf":   {replaced(good, "loca", make([]byte, 3)), ""},
		"bad-head.ttf":   {replaced(good, "head", make([]byte, 54)), "it is damaged"},
		"bad-fpgm.ttf":   {endless(gomono.TTF, "fpgm"), "it is damaged, or has no table of Unicode characters (runtime error: slice bounds out of range"},
	}
	files := map[string][]byte{"good.ttf": good, "print.ttf": licensed(t, good, 6)}
	for name, x := range wrong {
		files[name] = x.data
	}
	dir := folder(t, files)
	if err := os.Symlink(t.TempDir(), filepath.Join(dir, "link.ttf")); err != nil {
		t.Fatal(err)
	}
	wrong["link.ttf"] = struct {
		data []byte
		says string
	}{says: "it is not a file: put the font itself there"}
	fonts, faults := Fonts(dir)
	said := ""
	for _, err := range faults {
		said += err.Error() + "\n"
	}
	for name, x := range wrong {
		if x.says == "" { // it has no glyph that is whole
			if i := slices.IndexFunc(fonts, func(f Font) bool { return f.Name == name }); i < 0 || fonts[i].Adds != 0 {
				t.Errorf("%s counts", name)
			}
			continue
		}
		_, rest, ok := strings.Cut("\n"+said, "\nfonts/"+name+": ")
		line, _, _ := strings.Cut(rest, "\n")
		if !ok || !strings.Contains(line, x.says) || strings.Contains(line, os.TempDir()) {
			t.Errorf("%s: %q", name, line)
		}
	}
	if !slices.ContainsFunc(fonts, func(f Font) bool { return f.Name == "print.ttf" }) { // 6: the milder of two bits counts
		t.Error("a font that may be embedded for print is not used")
	}
	if d := printed(t, Options{Fonts: fonts}, event(0, "𠮷")); len(d.Missing) > 0 || d.FontFault != nil {
		t.Errorf("missing %q, %v", string(d.Missing), d.FontFault)
	}
	if none, faults := Fonts(filepath.Join(t.TempDir(), "fonts")); len(none)+len(faults) > 0 {
		t.Errorf("without a folder %v, %v", none, faults)
	}
}

// TestFontBreaksInPrint: a font that turns out to be damaged while somebody prints costs its characters and not the print.
func TestFontBreaksInPrint(t *testing.T) {
	fonts := fontsOf(t, map[string][]byte{"a.ttf": rare(t, map[rune]rune{'𠮷': '吉'})})
	whole := fonts[0].face.data
	for name, data := range map[string][]byte{
		"cut off": whole[:len(whole)/2], "gone": nil, "another": rare(t, map[rune]rune{'𠀀': '吉', '㐂': '吉'}),
	} {
		fonts[0].face.data = data
		d := printed(t, Options{Fonts: fonts}, event(0, "𠮷某"))
		if string(d.Missing) != "𠮷" || d.FontFault == nil || !strings.Contains(extracted(t, d), "依次为 U+20BB7") {
			t.Errorf("%s: missing %q, %v", name, string(d.Missing), d.FontFault)
		}
	}
}

// TestNothingVanishes: characters that a font's table leads to an empty glyph, to one it does not have, or to one of parts of parts, are
// lacking.
func TestNothingVanishes(t *testing.T) {
	f, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	for r := range f.glyphs {
		if unicode.IsControl(r) || r == 0xFFA0 {
			t.Errorf("%U passes for a character", r)
		}
	}
	for _, r := range "（《。一Aé〔" {
		if _, ok := f.glyphs[r]; !ok || unicode.IsSpace(r) {
			t.Errorf("%c is lacking", r)
		}
	}
	for outline, want := range map[string][]uint{
		"": nil,
		"\x00\x01" + "\x00\x00\x00\x00\x00\x00\x00\x00":                                                                       nil,
		"\xff\xff" + "\x00\x00\x00\x00\x00\x00\x00\x00" + "\x00\x21\x00\x05\x00\x00\x00\x00" + "\x00\x00\x00\x06\x00\x00":     {5, 6},
		"\xff\xff" + "\x00\x00\x00\x00\x00\x00\x00\x00" + "\x00\xa8\x00\x05\x00\x00" + "12345678" + "12" + "\x00\x00\x00\x06": {5, 6},
		"\xff\xff" + "\x00\x00\x00\x00\x00\x00\x00\x00" + "\x00\x20\x00\x05\x00\x00":                                          {5, 0xFFFF},
	} {
		if got := components([]byte(outline)); !slices.Equal(got, want) {
			t.Errorf("components of %x: %v, want %v", outline, got, want)
		}
	}
	fonts := fontsOf(t, map[string][]byte{"a.ttf": rare(t, map[rune]rune{'㐂': ' ', '㐅': '　', '㐆': '吉', '㐇': 0, '𠀀': 0})})
	if fonts[0].Adds != 1 || fonts[0].face.glyphs['㐆'].width != 1 {
		t.Errorf("of five characters, four of them without a drawing, %d count: %v", fonts[0].Adds, fonts[0].face.glyphs)
	}
}

// TestPartsOfParts: the PDF writer embeds of a glyph only its components, not theirs; it would be drawn in part.
func TestPartsOfParts(t *testing.T) {
	f, err := newFace(gomono.TTF)
	if err != nil {
		t.Fatal(err)
	}
	var parsed core.TTFParser
	if err := parsed.ParseFontData(f.data); err != nil {
		t.Fatal(err)
	}
	if outline, ok := f.outline(&parsed, 0); !ok || len(outline) == 0 || f.draws(&parsed, 'x', 0) {
		t.Error("the drawing of what the font lacks passes for a character")
	}
	made := func(of, part rune) { // in the font's own data
		outline, _ := f.outline(&parsed, f.glyphs[of].index)
		copy(outline, "\xff\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02")
		binary.BigEndian.PutUint16(outline[12:], uint16(f.glyphs[part].index))
	}
	made('è', 'e')
	made('é', 'è')
	f, err = newFace(f.data)
	if err != nil {
		t.Fatal(err)
	}
	_, whole := f.glyphs['è']
	if _, nested := f.glyphs['é']; !whole || nested {
		t.Errorf("è is drawn: %t; é, put together of è: %t", whole, nested)
	}
}

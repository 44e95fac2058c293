package paper

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"liuhen/flows/form"
	"liuhen/flows/record"
)

// alphabets are characters that occur nowhere else on a sheet, other ones for each signer, so that each story can be found
// in the text of the print; common ones ask for care at the ends of lines.
var alphabets = []string{"玄黄宇宙洪荒盈昃宿QWX", "寒来暑往秋收冬藏闰余Zqw", "岁律吕阳腾致雨露结霜xz"}

const common = "日月、，。！？（）《》“”‘’…—\n  "

var plain = strings.Join(alphabets, "")

func keep(s, set string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(set, r) {
			return r
		}
		return -1
	}, s)
}

// TestStoryIsWhole: whatever the length, a reader gets back every character of every story in order, and nothing is drawn
// outside the page's frame or over something else.
func TestStoryIsWhole(outer *testing.T) {
	n := 0
	rapid.Check(outer, func(t *rapid.T) {
		var records []record.Record
		var stories []string
		for i := range rapid.IntRange(1, 3).Draw(t, "signers") {
			n := rapid.SampledFrom([]int{0, 1, 40, 300, 600, 900, 3000}).Draw(t, "length")
			s := string(rapid.SliceOfN(rapid.SampledFrom([]rune(alphabets[i]+common)), n, n+7).Draw(t, "story"))
			records, stories = append(records, event(i, s)), append(stories, s)
		}
		p := laidOut(t, records, Options{})
		for _, pg := range p.pages {
			tidy(t, pg)
		}
		if missing := p.lacking(); len(missing) > 0 || len(p.filled) != (len(records)+1)/2*2 {
			t.Fatalf("%d blocks, missing %q", len(p.filled), missing)
		}
		got := laid(p)
		if n++; n%5 == 0 { // what was laid out is what can be copied out
			got = extracted(outer, printed(outer, Options{}, records...))
		}
		for i, s := range stories {
			if back := keep(got, alphabets[i]); back != keep(s, alphabets[i]) {
				t.Fatalf("signer %d wrote\n%s\nand the print has\n%s", i, keep(s, alphabets[i]), back)
			}
		}
		for i := range records {
			if !strings.Contains(bare(got), signers[i]+"电子签名确认") {
				t.Fatalf("the block of %s is lost", signers[i])
			}
		}
	})
}

// laid is the text of a print in the order in which it was laid out.
func laid(p *printer) string {
	var b strings.Builder
	for _, pg := range p.pages {
		for _, m := range pg.marks {
			b.WriteString(m.text)
		}
	}
	return b.String()
}

// tidy: every mark stands inside the page's frame, and no line of text touches another.
func tidy(t interface{ Fatalf(string, ...any) }, pg *page) {
	var texts []mark
	for _, m := range pg.marks {
		if m.x < tableLeft-1 || m.x2 > tableRight+1 || m.y > pageHeight-30 || m.y < 50 {
			t.Fatalf("outside: %+v", m)
		}
		if m.kind == textMark {
			texts = append(texts, m)
		}
	}
	for i, a := range texts {
		for _, b := range texts[i+1:] {
			if a.y != b.y && a.x == b.x && max(a.y-b.y, b.y-a.y) < 0.9*min(a.size, b.size) {
				t.Fatalf("%q is set over %q", a.text, b.text)
			}
		}
	}
}

// TestExtractedInOrder: a reader of the PDF gets each story back character by character (the extra pages of the first block
// come before those of the second).
func TestExtractedInOrder(t *testing.T) {
	for _, n := range []int{1, 50, 400, 1200, 10_000} {
		story := []rune{}
		set := []rune(plain)
		for i := range n {
			story = append(story, set[(i*i+7*i+i/31)%len(set)])
			if i%17 == 0 {
				story = append(story, '，')
			}
		}
		d := printed(t, Options{}, event(0, string(story)), zero(1))
		if got := keep(extracted(t, d), plain); got != keep(string(story), plain) {
			t.Errorf("%d characters: got %d back:\n%s", n, len([]rune(got)), got)
		}
	}
}

// TestWholeFont: each character that the font claims to have comes back as itself, or as one that is drawn the same way.
func TestWholeFont(t *testing.T) {
	f, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	var all []rune
	seen := map[uint]bool{}
	for c := rune(0x21); c <= 0xFFFF; c++ {
		if g, ok := f.glyphs[c]; ok && !seen[g.index] && !unicode.IsSpace(c) && !unicode.Is(unicode.Mn, c) && strings.ToUpper(string(c)) != "" {
			seen[g.index] = true
			all = append(all, c)
		}
	}
	if len(all) < 8000 {
		t.Fatalf("%d characters", len(all))
	}
	d := printed(t, Options{}, event(0, string(all)))
	if len(d.Missing) > 0 {
		t.Errorf("missing %q", d.Missing)
	}
	got := map[rune]bool{}
	for _, r := range extracted(t, d) {
		got[r] = true
	}
	var lost []rune
	for _, r := range all {
		if !got[r] {
			lost = append(lost, r)
		}
	}
	if len(lost) > 0 {
		t.Errorf("%d characters do not come back: %q", len(lost), string(lost))
	}
}

// TestMissing: what no font has is drawn as ▢, reported, and named at the foot of its page; it neither stops the print nor
// vanishes.
func TestMissing(t *testing.T) {
	d := printed(t, Options{}, event(0, oddStory), with(zero(1), func(r *record.Record) { r.Signer.Name = "𠮷某" }))
	want := []rune("αЖ\u200d\u202e℃①☐☑㐀😀𠮷\U000E0100")
	slices.Sort(want)
	if !slices.Equal(d.Missing, want) {
		t.Errorf("missing %q, want %q", string(d.Missing), string(want))
	}
	p := laidOut(t, []record.Record{event(0, "一😀二①①")}, Options{})
	lines := 0
	for _, m := range p.pages[0].marks {
		if m.kind == lineMark && m.size == hair {
			lines++
		}
	}
	if lines != 8*(3+1) { // and the one in the explanation
		t.Errorf("▢ is drawn with %d lines, want 8 for each of 4", lines)
	}
	got := bare(extracted(t, d))
	for _, s := range []string{"表示字库没有的字，依次为U+20BB7、U+1F600、U+2460、U+2103", "甲乙〇a新行末行"} {
		if !strings.Contains(got, s) {
			t.Errorf("%s is not printed in %s", s, got)
		}
	}
}

// TestHostileText: whatever bytes a record holds, there is a print.
func TestHostileText(t *testing.T) {
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringN(0, 400, -1), rapid.Just("\xff\xfe\x00"), rapid.StringMatching(`[A-Za-z]{300}`)).Draw(t, "text")
		r := full(0)
		r.Case.Number, r.Case.Matter, r.Signer.Name = s, s, s
		r.Answers[form.Particulars] = form.Answer{Parts: []string{s, s}}
		r.Answers[form.Where], r.Answers[form.When] = words(s), words(s)
		r.Answers[form.Interferers] = form.Answer{Boxes: []form.OptionID{form.Other}, Beside: map[form.OptionID]string{form.Other: s}}
		r.Supersedes, r.Answers[form.Reason] = s, words(s)
		p := laidOut(t, []record.Record{r}, Options{Remarks: []string{s}})
		for _, pg := range p.pages {
			tidy(t, pg)
		}
		if n++; n%5 != 0 {
			return
		}
		if _, err := p.pdf(); err != nil {
			t.Fatal(err)
		}
	})
}

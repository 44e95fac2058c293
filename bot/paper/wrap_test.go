package paper

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func setter(t interface{ Fatal(...any) }) *writer {
	w, err := newWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &w
}

func wrapped(w *writer, s string, ems float64) string {
	var out []string
	for _, l := range w.set(s, 10, ems*10+0.01) {
		out = append(out, string(l))
	}
	return strings.Join(out, "|")
}

func TestWrap(t *testing.T) {
	w := setter(t)
	for _, c := range []struct {
		text string
		ems  float64
		want string
	}{
		{"", 4, ""},
		{"一二三四五", 4, "一二三四|五"},
		{"一二三四，五", 4, "一二三|四，五"},
		{"一二三（四五", 4, "一二三|（四五"},
		{"一二三“四”。五", 4, "一二三|“四”。|五"},
		{"一二——三四", 3, "一|二——|三四"},
		{"一二……三四", 3, "一|二……|三四"},
		{"甲 abc 乙", 3, "甲 abc|乙"},
		{"甲 abcdefghijkl", 3, "甲|abcde|fghijkl"},
		{"发生于2026年11月20日", 7, "发生于2026年|11月20日"},
		{"一\n\n二\r\n三\u2028四", 4, "一||二|三|四"},
		{"！！！！！！", 4, "！！！！|！！"},
		{"一二三四 ", 4, "一二三四"},
		{"😀😀😀", 2, "😀😀|😀"},
		{"𠮷某，", 2, "𠮷|某，"},
	} {
		if got := wrapped(w, c.text, c.ems); got != c.want {
			t.Errorf("%q in %v: %s, want %s", c.text, c.ems, got, c.want)
		}
	}
}

// TestKinsoku: no line begins with a closing mark or ends with an opening one, none is too wide, and no character is lost.
func TestKinsoku(t *testing.T) {
	w := setter(t)
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		for range rapid.IntRange(0, 120).Draw(t, "pieces") {
			b.WriteString(rapid.StringMatching(`[“（《]?[一二三四五甲乙ab][一二三四五甲乙ab ]{0,2}[、。，；：）》”！？…]?`).Draw(t, "piece"))
		}
		s := b.String()
		width := rapid.Float64Range(90, 400).Draw(t, "width")
		lines := w.wrap(atoms([]rune(s)), 10, width)
		got := ""
		for i, l := range lines {
			got += string(l)
			if w.width(l, 10) > width+0.01 {
				t.Fatalf("line %q is wider than %v", string(l), width)
			}
			if len(l) == 0 {
				continue
			}
			if i > 0 && strings.ContainsRune("、。，；：）》”！？…", l[0]) {
				t.Fatalf("line begins with %c in %q", l[0], s)
			}
			if i < len(lines)-1 && strings.ContainsRune("“（《", l[len(l)-1]) {
				t.Fatalf("line ends with %c in %q", l[len(l)-1], s)
			}
		}
		if bare(got) != bare(s) {
			t.Fatalf("%q became %q", s, got)
		}
	})
}

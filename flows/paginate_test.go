package flows

import (
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// longText is a long text: lines, one endless line, emoji, bytes that are no character.
func longText() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		for range rapid.IntRange(0, 6).Draw(t, "pieces") {
			p := rapid.SampledFrom([]string{"事", "a", "\n", "😀", "𠮷", "👨‍👩‍👧", "e\u0301", "\xff", "\xf0\x9f", "一行文字。\n", "\u2028", " "}).Draw(t, "piece")
			b.WriteString(strings.Repeat(p, rapid.IntRange(1, 3000).Draw(t, "times")))
		}
		return b.String()
	})
}

// real16 counts a text as the channel does.
func real16(s string) int { return len(utf16.Encode([]rune(s))) }

// TestPages: pages join to the text, none is over the limit or empty, and no character is cut.
func TestPages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkPages(t, longText().Draw(t, "text")) })
	for _, s := range []string{
		"", "\n", strings.Repeat("事", 10_000), strings.Repeat("😀", 10_000), strings.Repeat("\xff", 10_000), strings.Repeat("\n", 10_000),
		strings.Repeat("事", pageLimit), strings.Repeat("事", pageLimit+1), strings.Repeat("😀", pageLimit/2) + "😀",
		"a" + strings.Repeat("😀", pageLimit), strings.Repeat("事", pageLimit-1) + "😀",
		strings.Repeat("事", pageLimit-1) + "\n" + strings.Repeat("事", 10),
	} {
		checkPages(t, s)
	}
	if n := len(paginate(strings.Repeat("事", 10_000))); n != 4 {
		t.Errorf("a line of 10,000 characters has %d pages", n)
	}
	if p := paginate(strings.Repeat(strings.Repeat("事", 99)+"\n", 60)); !strings.HasSuffix(p[0], "\n") {
		t.Error("a page does not end with a line")
	}
}

func checkPages(t interface{ Fatalf(string, ...any) }, s string) {
	pages := paginate(s)
	if strings.Join(pages, "") != s {
		t.Fatalf("the pages are not the text")
	}
	for i, p := range pages {
		if real16(p) > pageLimit || p == "" && len(pages) > 1 {
			t.Fatalf("page %d of %d has %d characters", i+1, len(pages), real16(p))
		}
		if utf8.ValidString(s) && !utf8.ValidString(p) {
			t.Fatalf("page %d cuts a character", i+1)
		}
	}
}

// TestClipAndTail: the beginning, the end, never over the limit, never half a character, with a sign where something is missing.
func TestClipAndTail(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, n := longText().Draw(t, "text"), rapid.IntRange(1, 9000).Draw(t, "limit")
		c, e := clip(s, n), tail(s, n)
		if real16(s) <= n {
			if c != s || e != s {
				t.Fatalf("a text of %d characters is shortened to %d", real16(s), n)
			}
			return
		}
		if real16(c) > n || !strings.HasSuffix(c, "…") || !strings.HasPrefix(s, strings.TrimSuffix(c, "…")) || real16(c) < n-1 {
			t.Fatalf("clipped to %d: %d characters", n, real16(c))
		}
		if real16(e) > n+1 || !strings.HasPrefix(e, "…") || !strings.HasSuffix(s, strings.TrimPrefix(e, "…")) || real16(e) < n {
			t.Fatalf("the last %d: %d characters", n, real16(e))
		}
		if utf8.ValidString(s) && (!utf8.ValidString(c) || !utf8.ValidString(e)) {
			t.Fatalf("a character is cut")
		}
	})
	if got := tail("𠮷", 1); got != "…" {
		t.Errorf("%q", got)
	}
	if got := Units("a事𠮷\xff"); got != 5 {
		t.Errorf("%d units", got)
	}
}

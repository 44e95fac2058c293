package telegram

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"liuhen/flows"
)

// textLimit bounds any text in characters. Telegram's own limit is far lower; this one holds for forged updates.
const textLimit = 100_000

const (
	joiner    = '\u200d' // between the parts of one emoji, and nowhere else
	emojiForm = '\ufe0f'
)

// clean makes typed text safe to store, compare and show: valid UTF-8, line feeds as the only line ends, no control
// characters, and nothing invisible that could make it read otherwise than it is written (Trojan Source).
func clean(s string, limit int) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\r\n", "\n")
	var b strings.Builder
	n, last := 0, rune(0)
	for i, r := range s {
		if n == limit {
			break
		}
		if r == '\r' {
			r = '\n'
		}
		if r == joiner && pictorial(last) && pictorial(following(s[i:])) {
			b.WriteRune(r)
			n++
			continue
		}
		if hidden(r) {
			continue
		}
		b.WriteRune(r)
		last = r
		n++
	}
	return b.String()
}

// line is clean text on one line, for names and captions of one line.
func line(s string, limit int) string {
	return strings.Join(strings.Fields(clean(s, limit)), " ")
}

func following(s string) rune {
	_, size := utf8.DecodeRuneInString(s)
	r, _ := utf8.DecodeRuneInString(s[size:])
	return r
}

// hidden holds for control and format characters, except tab and line feed. Variation selectors are kept: rare names need them.
func hidden(r rune) bool {
	switch r {
	case '\t', '\n':
		return false
	case '\u2028', '\u2029':
		return true
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}

func pictorial(r rune) bool {
	return r == emojiForm || r >= 0x1f000 && r <= 0x1faff || r >= 0x2190 && r <= 0x2bff
}

// cut shortens a text to so many units, as Telegram counts, never inside a character.
func cut(s string, limit int) string { return s[:flows.CutAt(s, limit)] }

package intake

import (
	"strings"
	"unicode/utf8"

	"liuhen/flows/text"
)

// MatchKey is the form in which two spellings of one case number are equal: NFKC, brackets unified, no spaces, no leading
// zeros in the serial, the ordinal word before it and the word after it left out (domain 3.4). It is for comparing only: the number
// as typed is what is kept and printed. It is pure and idempotent; numbers are at most 100 characters long.
func MatchKey(number string) string {
	s := number
	for {
		t := plainSerial(unifyBrackets(tight(s)))
		if t == s {
			return t
		}
		s = t
	}
}

func unifyBrackets(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(text.NumberOpeners, r):
			r, _ = utf8.DecodeRuneInString(text.NumberOpen)
		case strings.ContainsRune(text.NumberClosers, r):
			r, _ = utf8.DecodeRuneInString(text.NumberClose)
		}
		return r
	}, s)
}

// plainSerial rewrites the serial: what follows the last ordinal word, type word or bracket that has digits after it. The ordinal
// word may stand in an institution's name, so the position decides, not the word alone.
func plainSerial(s string) string {
	head, tail := cutSerial(s)
	i := strings.IndexAny(tail, digits)
	if i < 0 {
		return s
	}
	end := i
	for end < len(tail) && isDigit(tail[end]) {
		end++
	}
	serial := strings.TrimLeft(tail[i:end], "0")
	if serial == "" {
		serial = "0"
	}
	rest := strings.Replace(tail[end:], text.NumberEnd, "", 1)
	return strings.TrimSuffix(head, text.NumberOrdinal) + tail[:i] + serial + rest
}

const digits = "0123456789"

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// cutSerial finds where the serial begins. Without any mark it is the last run of digits.
func cutSerial(s string) (head, tail string) {
	cut := -1
	for _, mark := range []string{text.NumberOrdinal, text.NumberWord, text.NumberClose} {
		for end := len(s); end > 0; {
			i := strings.LastIndex(s[:end], mark)
			if i < 0 {
				break
			}
			if after := i + len(mark); strings.ContainsAny(s[after:], digits) {
				cut = max(cut, after)
				break
			}
			end = i
		}
	}
	if cut < 0 {
		cut = strings.LastIndexAny(s, digits)
		for cut > 0 && isDigit(s[cut-1]) {
			cut--
		}
		cut = max(cut, 0)
	}
	return s[:cut], s[cut:]
}

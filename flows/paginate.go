package flows

import "strings"

const (
	screenLimit = 3900 // characters one screen may hold, some way below the channel's 4096
	pageLimit   = 2800 // characters of a long text one page holds
)

// paginate cuts a long text into pages at line ends where it can; joined together the pages are the text again.
func paginate(s string) []string {
	var pages []string
	for Units(s) > pageLimit {
		cut := CutAt(s, pageLimit)
		if nl := strings.LastIndexByte(s[:cut], '\n'); nl > cut/2 {
			cut = nl + 1
		}
		pages = append(pages, s[:cut])
		s = s[cut:]
	}
	return append(pages, s)
}

// clip shortens a text to n units, with a sign that there is more.
func clip(s string, n int) string {
	if Units(s) <= n {
		return s
	}
	return s[:CutAt(s, n-1)] + "…"
}

// Units counts a text as the strictest channel does: UTF-16 code units.
func Units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

// CutAt is the byte at which n [Units] of s end, never inside a character.
func CutAt(s string, n int) int {
	for i, r := range s {
		n--
		if r > 0xffff {
			n--
		}
		if n < 0 {
			return i
		}
	}
	return len(s)
}

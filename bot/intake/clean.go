package intake

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"liuhen/flows/text"
)

// invisible reports characters that show nothing and can hide or reorder text: zero-width, bidirectional, control.
func invisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) || (unicode.IsControl(r) && !unicode.IsSpace(r))
}

func hasInvisible(s string) bool { return strings.IndexFunc(s, invisible) >= 0 }

// visible is s without invisible characters and outer spaces.
func visible(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if invisible(r) {
			return -1
		}
		return r
	}, s))
}

// folded is the form for comparing and looking up: NFKC (full-width letters and digits made plain), nothing invisible.
// Removing characters can let others combine, so it goes on until nothing changes.
func folded(s string) string {
	for {
		t := visible(norm.NFKC.String(s))
		if t == s {
			return t
		}
		s = t
	}
}

// tight is folded without any spaces.
func tight(s string) string {
	for {
		t := folded(noSpaces(s))
		if t == s {
			return t
		}
		s = t
	}
}

// word is tight in lower case: the form in which cells are looked up.
func word(s string) string { return tight(strings.ToLower(tight(s))) }

func noSpaces(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// oneLine makes runs of spaces and line breaks one space.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// CleanName is a person's name in its one spelling: plain letters, no invisible characters, no spaces between Chinese characters
// (two-character names are often spread), one dot in names of minorities. It is idempotent.
func CleanName(s string) string {
	s = oneLine(folded(s))
	if hasHan(s) {
		s = strings.Map(func(r rune) rune {
			if strings.ContainsRune(text.NameDots, r) {
				r, _ = utf8.DecodeRuneInString(text.NameDot)
			}
			return r
		}, tight(s))
		s = dotBetweenHan(s)
	}
	return s
}

// dotBetweenHan replaces a full stop typed between Chinese characters by the name dot.
func dotBetweenHan(s string) string {
	rs := []rune(s)
	for i := 1; i < len(rs)-1; i++ {
		if rs[i] == '.' && unicode.Is(unicode.Han, rs[i-1]) && unicode.Is(unicode.Han, rs[i+1]) {
			rs[i], _ = utf8.DecodeRuneInString(text.NameDot)
		}
	}
	return string(rs)
}

// CleanUnit is the name of an institution or authority in its one spelling, by which lists are joined: plain letters, no spaces
// and wide brackets in Chinese names. It is idempotent.
func CleanUnit(s string) string {
	s = oneLine(folded(s))
	if !hasHan(s) {
		return s
	}
	return strings.NewReplacer("(", text.WideOpen, ")", text.WideClose).Replace(tight(s))
}

func hasHan(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0
}

// cleanText is running text as typed, on one line.
func cleanText(s string) string { return oneLine(visible(s)) }

// echo is what a message may show of a cell.
func echo(s string) string {
	s = cleanText(s)
	if utf8.RuneCountInString(s) <= maxEcho {
		return s
	}
	return string([]rune(s)[:maxEcho-1]) + "…"
}

func echoes(args []string) []string {
	out := make([]string, len(args))
	for i, a := range args {
		out[i] = echo(a)
	}
	return out
}

// SplitAppraiser takes an entry of Case.Appraisers apart: "name(licence)" names the licence or its last characters, which tells
// namesakes apart; licence is "" when none is given.
func SplitAppraiser(s string) (name, licence string) {
	if !strings.HasSuffix(s, ")") {
		return s, ""
	}
	i := strings.LastIndex(s, "(")
	if i <= 0 {
		return s, ""
	}
	inner := s[i+1 : len(s)-1]
	if inner == "" || strings.IndexFunc(inner, func(r rune) bool { return r > unicode.MaxASCII || r == ')' }) >= 0 ||
		!strings.ContainsAny(inner, "0123456789") {
		return s, "" // a remark such as a post, not a licence
	}
	return s[:i], inner
}

// splitNames are the names in a cell; ok is false when spaces leave it unclear how many people are meant. A spread short
// name is one person; names of two and more characters with a space between them are several.
func splitNames(s string) (names []string, ok bool) {
	for _, part := range splitList(s) {
		fields := strings.Fields(part)
		switch {
		case len(fields) == 1, !allHan(fields), shortest(fields) == 1 && runes(fields) <= 3:
			names = append(names, CleanName(part))
		case shortest(fields) >= 2:
			for _, f := range fields {
				names = append(names, CleanName(f))
			}
		default:
			return nil, false
		}
	}
	return names, true
}

// splitList cuts a cell at its separators and drops empty parts.
func splitList(s string) []string {
	var out []string
	for _, p := range strings.FieldsFunc(folded(s), func(r rune) bool { return strings.ContainsRune(text.ListSeparators, r) }) {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

func allHan(fields []string) bool {
	for _, f := range fields {
		name, _ := SplitAppraiser(f)
		for _, r := range name {
			if !unicode.Is(unicode.Han, r) && !strings.ContainsRune(text.NameDots, r) {
				return false
			}
		}
	}
	return true
}

func shortest(fields []string) int {
	n := maxCell
	for _, f := range fields {
		name, _ := SplitAppraiser(f)
		n = min(n, utf8.RuneCountInString(name))
	}
	return n
}

func runes(fields []string) int {
	n := 0
	for _, f := range fields {
		name, _ := SplitAppraiser(f)
		n += utf8.RuneCountInString(name)
	}
	return n
}

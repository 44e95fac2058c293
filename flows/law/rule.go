package law

import (
	_ "embed"
	"slices"
	"strings"
	"time"
)

//go:embed regulation_2020.txt
var regulation string

// Effective is the day the rule came into force (Art. 12).
var Effective = Date{2020, time.July, 1}

var articles = split(regulation)

// split cuts the text before each paragraph that begins with an article's number.
func split(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if next := "第" + numeral(len(out)+1) + "条 "; strings.HasPrefix(line, next) {
			out = append(out, line)
			continue
		}
		out[len(out)-1] += "\n" + line
	}
	return out
}

// Articles are the rule's twelve articles in order and verbatim, paragraphs separated by line feeds.
func Articles() []string { return slices.Clone(articles) }

// Article is the text of article n, verbatim; "" when there is none.
func Article(n int) string {
	if n < 1 || n > len(articles) {
		return ""
	}
	return articles[n-1]
}

// Art3Items are the four items of Art. 3 verbatim, each with its number: what the signer reads before choosing (R3.1).
func Art3Items() []string { return strings.Split(articles[2], "\n")[1:] }

// Owes reports whether a case closed on that day owes entries: those closed before the rule came into force, and those
// still open, owe none (Art. 12, R12.1).
func Owes(closed Date) bool { return !closed.IsZero() && !closed.Before(Effective) }

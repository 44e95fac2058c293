package flows

import (
	"unicode/utf16"

	"liuhen/flows/text"
)

// A channel cuts a long text into messages of at most 4,096 UTF-16 units, at a space when it finds one in the second half. Where the
// first of them is refused, the rest must not be taken for the whole: half a decision would be on record.
const (
	cutLength  = 2048 // UTF-16 units that the first of several messages has at least
	restWithin = 2    // seconds within which the rest follows
)

// tooLong says so of a text, and waits for its rest if it may have been cut.
func (t *step) tooLong(words string, k text.Key, args ...any) {
	if len(utf16.Encode([]rune(words))) >= cutLength {
		t.Cut = t.event.At.Unix()
	}
	t.hint(k, args...)
}

// restOfCut reports whether a text comes so soon after one refused for its length that it must be its rest, and waits for more.
func (t *step) restOfCut() bool {
	now := t.event.At.Unix()
	if t.Cut == 0 || now < t.Cut || now > t.Cut+restWithin {
		return false
	}
	t.Cut = now
	return true
}

// replace takes words in the place of what was written before, and says so: the last message counts.
func (t *step) replace(old *string, words string) {
	if *old != "" && *old != words {
		t.hint(text.HintReplaced)
	}
	*old = words
}

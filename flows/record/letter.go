package record

import (
	"slices"

	"liuhen/flows/law"
)

// Letter is a drafted letter word by word (Arts. 8, 11): what it discloses, and nothing that is added outside: number, issuer,
// seal and date.
type Letter struct {
	Kind  law.LetterKind `json:"kind"`
	Title string         `json:"title"`
	To    string         `json:"to"`    // whom it addresses, a placeholder where that is not known
	Lines []string       `json:"lines"` // the body's paragraphs
	Facts []string       `json:"facts"` // which facts were chosen, in order
}

// Same reports whether two letters are the same word by word.
func (l Letter) Same(o Letter) bool {
	return l.Kind == o.Kind && l.Title == o.Title && l.To == o.To && slices.Equal(l.Lines, o.Lines) && slices.Equal(l.Facts, o.Facts)
}

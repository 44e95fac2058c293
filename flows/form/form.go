// Package form holds the official sheet as data: its editions, its items and boxes in the rule's own wording, the
// answers given to them, and which item comes next. It knows nothing of dialogs, people or channels.
package form

import (
	"slices"
	"time"
	"unicode/utf8"
)

// ItemID names one line of the sheet or one follow-up question of routing. It is stored in records for decades: never rename one.
type ItemID string

// OptionID names one box or choice of an item. It is stored in records for decades: never rename one.
type OptionID string

// Kind says how an item is answered.
type Kind uint8

// The kinds of items.
const (
	Choice Kind = iota + 1 // exactly one option; choosing confirms
	Boxes                  // any number of boxes ☐/☑, confirmed by going on
	Day                    // a civil date, chosen or typed
	Line                   // one short text
	Story                  // a long text in several messages
	Files                  // evidence
)

// Source says where an item's options come from.
type Source uint8

// The sources of options.
const (
	Fixed      Source = iota // Options of the item itself
	Colleagues               // staff of the signer's institution, then OptionUnlisted
	Officials                // staff of the judicial-administrative organs above it, then OptionUnlisted
)

// Option is one box or choice.
type Option struct {
	ID        OptionID
	Label     string // the form's or the rule's own words; empty: the catalog has the wording
	NeedsText bool   // the box counts only with a text beside it (其他____)
}

// Item is one line of the sheet or one follow-up question.
type Item struct {
	ID      ItemID
	Kind    Kind
	Options []Option
	From    Source
	Limit   int                // characters of text at most
	Min     int                // boxes, characters or files at least
	Visible func(Answers) bool // nil: always
}

// Edition is one published version of the sheet. Records name the edition they were signed on.
type Edition struct {
	ID     string
	Title  string
	Footer string // the 注 below the table
	Items  []Item
}

// File is one piece of evidence as it was received (Art. 4: 及时固定相关证据). The original bytes lie in the vault.
type File struct {
	ID       string    `json:"id"`   // unique within the draft
	Kind     string    `json:"kind"` // photo, document, video, voice, video_note, audio, animation, location, forwarded
	Name     string    `json:"name,omitempty"`
	MIME     string    `json:"mime,omitempty"`
	Size     int64     `json:"size"` // bytes
	SHA256   string    `json:"sha256"`
	Blob     string    `json:"blob"` // name in the vault
	Received time.Time `json:"received"`
	Sent     time.Time `json:"sent,omitzero"`     // as the channel states it
	Origin   string    `json:"origin,omitempty"`  // whom a forwarded message came from, as the channel states it
	Caption  string    `json:"caption,omitempty"` // what the signer wrote beside it
}

// Answer is what the signer has given to one item so far. It counts once Confirmed.
type Answer struct {
	Boxes     []OptionID          `json:"boxes,omitempty"` // sorted
	Text      string              `json:"text,omitempty"`
	Beside    map[OptionID]string `json:"beside,omitempty"` // the texts of boxes that need one
	Parts     []string            `json:"parts,omitempty"`  // the story's messages, in order
	Files     []File              `json:"files,omitempty"`
	Confirmed bool                `json:"confirmed,omitempty"`
}

// Answers are the answers of one draft by item.
type Answers map[ItemID]Answer

// Has reports whether box o of item id is ticked.
func (a Answers) Has(id ItemID, o OptionID) bool { return slices.Contains(a[id].Boxes, o) }

// One is the single option chosen for item id, or "".
func (a Answers) One(id ItemID) OptionID {
	if b := a[id].Boxes; len(b) == 1 {
		return b[0]
	}
	return ""
}

// Clone copies the answers so that a step never changes its input.
func (a Answers) Clone() Answers {
	out := make(Answers, len(a))
	for id, v := range a {
		v.Boxes, v.Parts, v.Files = slices.Clone(v.Boxes), slices.Clone(v.Parts), slices.Clone(v.Files)
		if v.Beside != nil {
			beside := make(map[OptionID]string, len(v.Beside))
			for o, t := range v.Beside {
				beside[o] = t
			}
			v.Beside = beside
		}
		out[id] = v
	}
	return out
}

// Item finds an item by its name.
func (e *Edition) Item(id ItemID) (Item, bool) {
	for _, it := range e.Items {
		if it.ID == id {
			return it, true
		}
	}
	return Item{}, false
}

// Visible lists the items that the answers so far ask for, in order.
func (e *Edition) Visible(a Answers) []Item {
	var out []Item
	for _, it := range e.Items {
		if it.Visible == nil || it.Visible(a) {
			out = append(out, it)
		}
	}
	return out
}

// Next is the first visible item without a confirmed answer; ok is false when none is left and the sheet can be signed.
func (e *Edition) Next(a Answers) (it Item, ok bool) {
	for _, it := range e.Visible(a) {
		if !a[it.ID].Confirmed {
			return it, true
		}
	}
	return Item{}, false
}

// Previous is the visible item before id, or, when id is "" (the summary), the last one.
func (e *Edition) Previous(a Answers, id ItemID) (it Item, ok bool) {
	items := e.Visible(a)
	if id == "" && len(items) > 0 {
		return items[len(items)-1], true
	}
	for i := 1; i < len(items); i++ {
		if items[i].ID == id {
			return items[i-1], true
		}
	}
	return Item{}, false
}

// Pruned keeps only the confirmed answers of visible items: exactly what is signed.
func (e *Edition) Pruned(a Answers) Answers {
	out := Answers{}
	for _, it := range e.Visible(a) {
		if v := a[it.ID]; v.Confirmed {
			out[it.ID] = v
		}
	}
	return out.Clone()
}

// Fault says what is still wrong with an answer.
type Fault uint8

// The faults of an answer.
const (
	Fine      Fault = iota
	Empty           // nothing chosen or written
	NoBeside        // a ticked box lacks its text
	TooLong         // the text is over the item's limit
	Malformed       // not a date
)

// Check says whether the answer to it may be confirmed (R3.3, R4.6).
func Check(it Item, v Answer) Fault {
	switch it.Kind {
	case Choice, Boxes:
		if len(v.Boxes) < max(it.Min, 1) {
			return Empty
		}
		return checkBeside(it, v)
	case Day, Line:
		return checkLength(it, utf8.RuneCountInString(v.Text))
	case Story:
		return checkLength(it, v.Length())
	case Files:
		return Fine
	}
	return Empty
}

func checkBeside(it Item, v Answer) Fault {
	for _, o := range v.Boxes {
		if NeedsText(it, o) && v.Beside[o] == "" {
			return NoBeside
		}
	}
	return Fine
}

func checkLength(it Item, n int) Fault {
	switch {
	case n == 0:
		return Empty
	case it.Limit > 0 && n > it.Limit:
		return TooLong
	}
	return Fine
}

// NeedsText reports whether box o of it counts only with a text beside it.
func NeedsText(it Item, o OptionID) bool {
	if o == OptionUnlisted {
		return true
	}
	for _, opt := range it.Options {
		if opt.ID == o {
			return opt.NeedsText
		}
	}
	return false
}

// Length counts the characters of a story, line breaks between its messages included.
func (v Answer) Length() int {
	n := 0
	for i, p := range v.Parts {
		if i > 0 {
			n++
		}
		n += utf8.RuneCountInString(p)
	}
	return n
}

func sortOptions(list []OptionID) { slices.Sort(list) }

// WithBox returns v with box o set to on: a statement of the outcome, never a flip, so that repeating it changes nothing.
func (v Answer) WithBox(o OptionID, on bool) Answer {
	boxes := slices.DeleteFunc(slices.Clone(v.Boxes), func(x OptionID) bool { return x == o })
	if on {
		boxes = append(boxes, o)
	}
	sortOptions(boxes)
	v.Boxes, v.Confirmed = boxes, false
	return v
}

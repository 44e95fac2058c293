package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"liuhen/flows/form"
	"liuhen/flows/law"
)

// Act is one thing done about a report, by a handler or by the reporter. Acts are appended, never changed; what a handler owes,
// and how far a report has come, is derived from them.
type Act struct {
	Version    int         `json:"version"`
	ID         string      `json:"id"`
	Report     string      `json:"report"`
	Kind       law.ActKind `json:"kind"`
	Unit       string      `json:"unit,omitempty"` // of the handler; "" for the reporter
	By         Person      `json:"by"`
	At         time.Time   `json:"at"`
	Text       string      `json:"text,omitempty"`       // question, answer, measure and basis, reason
	Categories []string    `json:"categories,omitempty"` // law.Category, for Categorise
	Task       string      `json:"task,omitempty"`       // law.Task.Key, for Perform and Waive; law.Letter.Key for Draft
	Files      []form.File `json:"files,omitempty"`      // evidence that its reporter adds
	Whom       *Person     `json:"whom,omitempty"`       // who is excluded, for Exclude
	Letter     *Letter     `json:"letter,omitempty"`     // Draft
	To         *Person     `json:"to,omitempty"`         // Transfer: the organ where somebody named in it works, as it was called then; without an ID one outside this system
	Number     string      `json:"number,omitempty"`     // Transfer outside this system: of the paper
	Date       string      `json:"date,omitempty"`       // the same: its day, YYYY-MM-DD
}

// Canonical is the act's one byte form, made as a record's is: what was read back once has one form.
func (a Act) Canonical() ([]byte, error) {
	a.Version = Version
	a.At = a.At.UTC().Truncate(time.Millisecond)
	a.Files = slices.Clone(a.Files)
	plainTimes(a.Files)
	b, err := encodeAct(a)
	if err != nil {
		return nil, err
	}
	var plain Act
	if err := json.Unmarshal(b, &plain); err != nil {
		return nil, fmt.Errorf("read act %s back: %w", a.ID, err)
	}
	return encodeAct(plain)
}

func encodeAct(a Act) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(a); err != nil {
		return nil, fmt.Errorf("encode act %s: %w", a.ID, err)
	}
	return b.Bytes(), nil
}

// ParseAct reads canonical bytes back by the rules of [Parse]: anything else is refused with [ErrAltered], but an act of a
// later release is not called altered.
func ParseAct(canonical []byte) (Act, error) {
	var a Act
	err := json.Unmarshal(canonical, &a)
	switch {
	case a.Version > Version:
		return Act{}, fmt.Errorf("the act is of layout %d, newer than this release reads (%d): update to read it", a.Version, Version)
	case err != nil:
		return Act{}, fmt.Errorf("%w: %w", ErrAltered, err)
	}
	again, err := a.Canonical()
	if err != nil {
		return Act{}, err
	}
	if !bytes.Equal(again, canonical) {
		return Act{}, ErrAltered
	}
	return a, nil
}

package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

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
	Task       string      `json:"task,omitempty"`       // law.Task.Key, for Perform and Waive
}

// Canonical is the act's one byte form, made as a record's is.
func (a Act) Canonical() ([]byte, error) {
	a.Version = Version
	a.At = a.At.UTC().Truncate(time.Millisecond)
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(a); err != nil {
		return nil, fmt.Errorf("encode act %s: %w", a.ID, err)
	}
	return b.Bytes(), nil
}

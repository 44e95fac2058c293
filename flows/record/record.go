// Package record is a signed entry of the sheet: what exactly was signed, its canonical bytes and its digest. A record is
// never edited (R4.9); a later one names the one it supersedes, and both stay.
package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"liuhen/flows/form"
)

// Version is the layout of the canonical bytes. A new layout gets a new number; old ones stay readable for ever.
const Version = 1

// Person is somebody named in a record as they were at signing.
type Person struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Case is the case a record belongs to, as it was at signing. ID is empty when no registered case was chosen (AM-18).
type Case struct {
	ID         string `json:"id,omitempty"`
	Number     string `json:"number"`
	Matter     string `json:"matter,omitempty"`
	Client     string `json:"client,omitempty"`
	ClientType string `json:"client_type,omitempty"`
}

// Stop is one level that a report goes to, with those who receive it there (Arts. 5, 6).
type Stop struct {
	Unit       string   `json:"unit"`
	UnitName   string   `json:"unit_name"`
	Recipients []Person `json:"recipients"`
	Article    string   `json:"article"`
	Climbed    bool     `json:"climbed,omitempty"` // nobody below could receive it (R5.5)
}

// Excluded is somebody who never receives or sees a report, with the reason (law.Reason).
type Excluded struct {
	Person
	Why string `json:"why"`
}

// Report says where an entry goes and who never sees it. The exclusion is signed together with the entry.
type Report struct {
	Policy   string     `json:"policy"`
	Stops    []Stop     `json:"stops,omitempty"`
	Party    []Stop     `json:"party,omitempty"`    // who gets the Party's own track, if there is one (Art. 7 ¶2)
	Excluded []Excluded `json:"excluded,omitempty"` // sorted by name
	Head     bool       `json:"head,omitempty"`     // the head is, or may be, implicated (Art. 5 ¶2)
	Lead     bool       `json:"lead,omitempty"`     // the leader of the authority is, or may be (AM-15)
	Held     bool       `json:"held,omitempty"`     // nobody may receive it; kept and said aloud to the reporter
}

// Record is one signed entry (Art. 4).
type Record struct {
	Version     int          `json:"version"`
	ID          string       `json:"id"`
	Edition     string       `json:"edition"`
	Institution Person       `json:"institution"` // unit ID and name
	Case        Case         `json:"case"`
	Signer      Person       `json:"signer"`
	Signed      time.Time    `json:"signed"`
	Shown       string       `json:"shown"` // digest of the summary the signer saw and signed
	Answers     form.Answers `json:"answers"`
	Supersedes  string       `json:"supersedes,omitempty"` // ID of the entry this one replaces
	Supplements bool         `json:"supplements,omitempty"`
	Report      *Report      `json:"report,omitempty"` // nil for 无此类情况
}

// Zero reports whether the entry says 无此类情况.
func (r Record) Zero() bool { return r.Answers.One(form.Outcome) == form.None }

// Canonical is the record's one byte form: JSON with fields in the order of the type, map keys sorted, UTC times in
// milliseconds, no HTML escaping, one line feed at the end. The digest is taken over it.
func (r Record) Canonical() ([]byte, error) {
	r.Version = Version
	r.Signed = r.Signed.UTC().Truncate(time.Millisecond)
	r.Answers = r.Answers.Clone()
	for id, a := range r.Answers {
		plainTimes(a.Files)
		r.Answers[id] = a
	}
	b, err := encode(r)
	if err != nil {
		return nil, err
	}
	// Bytes that are no character are written as the replacement character's escape, but that character as itself: only
	// what was read back once has one form.
	var plain Record
	if err := json.Unmarshal(b, &plain); err != nil {
		return nil, fmt.Errorf("read record %s back: %w", r.ID, err)
	}
	return encode(plain)
}

// plainTimes brings the times of evidence to UTC and milliseconds, in place.
func plainTimes(files []form.File) {
	for i := range files {
		files[i].Received = files[i].Received.UTC().Truncate(time.Millisecond)
		if !files[i].Sent.IsZero() {
			files[i].Sent = files[i].Sent.UTC().Truncate(time.Millisecond)
		}
	}
}

func encode(r Record) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		return nil, fmt.Errorf("encode record %s: %w", r.ID, err)
	}
	return b.Bytes(), nil
}

// Digest is the SHA-256 of canonical bytes in lower-case hexadecimal.
func Digest(canonical []byte) string {
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:])
}

// ErrAltered says that bytes are not the canonical form of any record: somebody changed them.
var ErrAltered = errors.New("the bytes are not a record's canonical form")

// Parse reads canonical bytes back and refuses anything that is not byte for byte canonical with [ErrAltered]. A record of a
// later release is refused too, but not called altered.
func Parse(canonical []byte) (Record, error) {
	var r Record
	err := json.Unmarshal(canonical, &r)
	switch {
	case r.Version > Version:
		return Record{}, fmt.Errorf("the record is of layout %d, newer than this release reads (%d): update to read it", r.Version, Version)
	case err != nil:
		return Record{}, fmt.Errorf("%w: %w", ErrAltered, err)
	}
	again, err := r.Canonical()
	if err != nil {
		return Record{}, err
	}
	if !bytes.Equal(again, canonical) {
		return Record{}, ErrAltered
	}
	return r, nil
}

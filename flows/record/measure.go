package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"liuhen/flows/law"
)

// Measure is one thing done in a proceeding under Art. 11, by an officer of the supervising authority or by the person whom it
// is about. Measures are appended, never changed; how far a proceeding has come is derived from them ([law.Proceed]). The
// proceeding has the ID of its first measure, the order.
type Measure struct {
	Version    int             `json:"version"`
	ID         string          `json:"id"`
	Proceeding string          `json:"proceeding"`
	Nth        int             `json:"nth"` // its place in the proceeding, from 0; the store gives it
	Kind       law.MeasureKind `json:"kind"`
	Unit       string          `json:"unit"`    // the authority
	Subject    Person          `json:"subject"` // whom it is about
	By         Person          `json:"by"`
	At         time.Time       `json:"at"`
	Text       string          `json:"text,omitempty"` // the facts, the statement, the decision's reasons

	// Of an order.
	Institution Person `json:"institution,omitzero"` // unit ID and name
	Ground      string `json:"ground,omitempty"`     // law.Ground
	Counts      bool   `json:"counts,omitempty"`     // on ground (三): it is one of 不记录或者不如实记录、报告
	Evidence    string `json:"evidence,omitempty"`   // where the evidence is
	Case        Case   `json:"case,omitzero"`        // whose entry is missing, if that is the matter
	Report      string `json:"report,omitempty"`     // the report it rests on; never shown to the person
	Due         string `json:"due,omitempty"`        // law.Date: the last day for correcting
	Defence     string `json:"defence,omitempty"`    // law.Date: the last day for a defence

	// Of a decision on paper: an entry, its withdrawal, 训诫、通报批评.
	Number string `json:"number,omitempty"` // 文号
	Date   string `json:"date,omitempty"`   // law.Date of that paper
}

// Canonical is the measure's one byte form, made as a record's is: what was read back once has one form.
func (m Measure) Canonical() ([]byte, error) {
	m.Version = Version
	m.At = m.At.UTC().Truncate(time.Millisecond)
	b, err := encodeMeasure(m)
	if err != nil {
		return nil, err
	}
	var plain Measure
	if err := json.Unmarshal(b, &plain); err != nil {
		return nil, fmt.Errorf("read measure %s back: %w", m.ID, err)
	}
	return encodeMeasure(plain)
}

func encodeMeasure(m Measure) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(m); err != nil {
		return nil, fmt.Errorf("encode measure %s: %w", m.ID, err)
	}
	return b.Bytes(), nil
}

// ParseMeasure reads canonical bytes back by the rules of [Parse]: anything else is refused with [ErrAltered], but a measure of
// a later release is not called altered.
func ParseMeasure(canonical []byte) (Measure, error) {
	var m Measure
	err := json.Unmarshal(canonical, &m)
	switch {
	case m.Version > Version:
		return Measure{}, fmt.Errorf("the measure is of layout %d, newer than this release reads (%d): update to read it", m.Version, Version)
	case err != nil:
		return Measure{}, fmt.Errorf("%w: %w", ErrAltered, err)
	}
	again, err := m.Canonical()
	if err != nil {
		return Measure{}, err
	}
	if !bytes.Equal(again, canonical) {
		return Measure{}, ErrAltered
	}
	return m, nil
}

// Taken is the measure as far as the law asks; its day is that of At, which must be in the institution's zone.
func (m Measure) Taken() law.Taken {
	due, _ := law.ParseDate(m.Due) // no date: none
	defence, _ := law.ParseDate(m.Defence)
	return law.Taken{Kind: m.Kind, On: law.DateOf(m.At), Due: due, Defence: defence}
}

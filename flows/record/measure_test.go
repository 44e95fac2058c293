package record

import (
	"bytes"
	"errors"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"liuhen/flows/law"
)

// TestMeasureHasOneForm: whatever is in a measure, it reads back to the same bytes, and any other bytes are refused.
func TestMeasureHasOneForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.StringMatching("[\x00-\u00ff一-十]{0,12}")
		m := Measure{
			ID: words.Draw(t, "id"), Proceeding: words.Draw(t, "proceeding"), Kind: law.MeasureKind(words.Draw(t, "kind")), Unit: words.Draw(t, "unit"),
			Subject: Person{words.Draw(t, "s"), words.Draw(t, "name")}, By: Person{words.Draw(t, "b"), ""},
			At:   time.UnixMilli(rapid.Int64Range(0, 1<<42).Draw(t, "at")).In(time.FixedZone("", 3600*rapid.IntRange(-11, 11).Draw(t, "zone"))),
			Text: words.Draw(t, "text"), Evidence: words.Draw(t, "evidence"), Report: words.Draw(t, "report"), Number: words.Draw(t, "number"),
			Counts: rapid.Bool().Draw(t, "counts"), Case: Case{Number: words.Draw(t, "case")},
		}
		b, err := m.Canonical()
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParseMeasure(b)
		if err != nil || !back.At.Equal(m.At.Truncate(time.Millisecond)) {
			t.Fatalf("%q: %v", b, err)
		}
		again, err := back.Canonical()
		if err != nil || !bytes.Equal(again, b) {
			t.Fatalf("%q, then %q: %v", b, again, err)
		}
		i := rapid.IntRange(0, len(b)-1).Draw(t, "where")
		other := bytes.Clone(b)
		other[i] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if x, err := ParseMeasure(other); err == nil && reflect.DeepEqual(x, back) {
			t.Fatalf("other bytes read as the same measure: %q", other)
		}
	})
}

// TestForeignMeasures: later layouts are told from altered bytes.
func TestForeignMeasures(t *testing.T) {
	if _, err := ParseMeasure([]byte(`{"version":2,"id":"x"}`)); err == nil || errors.Is(err, ErrAltered) {
		t.Errorf("a later layout: %v", err)
	}
	for _, s := range []string{"", "{}", `{"version":1}`, "x"} {
		if _, err := ParseMeasure([]byte(s)); !errors.Is(err, ErrAltered) {
			t.Errorf("%q: %v", s, err)
		}
	}
}

// TestTakenIsOfTheInstitutionsDay: a measure late in the evening counts for that day where the institution is.
func TestTakenIsOfTheInstitutionsDay(t *testing.T) {
	zone := time.FixedZone("CST", 8*3600)
	m := Measure{Kind: law.OrderCorrection, At: time.Date(2026, 11, 24, 23, 30, 0, 0, zone), Due: "2026-12-08", Defence: "2026-12-01"}
	want := law.Taken{Kind: law.OrderCorrection, On: law.Date{Y: 2026, M: 11, D: 24}, Due: law.Date{Y: 2026, M: 12, D: 8}, Defence: law.Date{Y: 2026, M: 12, D: 1}}
	if got := m.Taken(); got != want {
		t.Errorf("%+v", got)
	}
}

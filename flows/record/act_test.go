package record_test

import (
	"bytes"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/record"
)

// fullAct uses every field there is.
func fullAct() record.Act {
	return record.Act{
		ID: "00aa11bb22cc33dd44ee55ff66778899", Report: "r0123456789ab", Kind: law.Categorise, Unit: "u2",
		By: record.Person{ID: "p2", Name: "吴十"}, At: time.Date(2026, 11, 25, 9, 30, 0, 987_654_321, china),
		Text: "两项均符合 <b>&\"\\\u2028\n𠮷", Categories: []string{"other_organ", "individual"}, Task: "letters/u2/individual",
	}
}

// plainAct is the reporter's shortest.
func plainAct() record.Act {
	return record.Act{ID: "ff", Report: "r0123456789ab", Kind: law.Urge, By: record.Person{ID: "p5", Name: "张三"}, At: time.Date(2026, 11, 30, 1, 0, 0, 0, time.UTC)}
}

// statedAct is a reporter's, with evidence.
func statedAct() record.Act {
	a := plainAct()
	a.Kind, a.Text = law.Reply, "第一段\n第二段"
	a.Files = []form.File{{
		ID: "f1", Kind: "photo", Name: "照片 <1>.jpg", MIME: "image/jpeg", Size: 4, SHA256: strings.Repeat("ab", 32), Blob: "blob1",
		Received: time.Date(2026, 11, 25, 9, 30, 0, 987_654_321, china), Sent: time.Date(2026, 11, 25, 9, 29, 0, 0, china), Origin: "某人", Caption: "截图",
	}}
	return a
}

func canonicalAct(t fatal, a record.Act) []byte {
	t.Helper()
	b, err := a.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestFrozenActs: acts as the first release wrote them. Never edit: acts of decades are read by these rules.
func TestFrozenActs(t *testing.T) {
	for name, f := range map[string]struct {
		act    record.Act
		digest string
	}{
		"act":   {fullAct(), "e2f1baae8e34987a9727bc7083b6b65a2ccc3507dd711be226d04d68f5a3010f"},
		"reply": {statedAct(), "b67356895b134c806a7b013df4f25b89401832f1a5d3260a5030fabfbfcd31b8"},
		"urge":  {plainAct(), "5a83b0c4b8987e1fed1c5a63d0e141f2761e18a22de8b4c48e96ea6d31ae1913"},
	} {
		want, err := os.ReadFile("testdata/" + name + "_1.json")
		if err != nil {
			t.Fatal(err)
		}
		if got := canonicalAct(t, f.act); !bytes.Equal(got, want) {
			t.Errorf("%s is written as\n%s\nand was\n%s", name, got, want)
		}
		if d := record.Digest(want); d != f.digest {
			t.Errorf("%s has digest %s, had %s", name, d, f.digest)
		}
		back, err := record.ParseAct(want)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		a := f.act
		a.Version, a.At = 1, a.At.UTC().Truncate(time.Millisecond)
		for i := range a.Files {
			f := &a.Files[i]
			f.Received, f.Sent = f.Received.UTC().Truncate(time.Millisecond), f.Sent.UTC()
		}
		if !reflect.DeepEqual(back, a) {
			t.Errorf("%s reads back as\n%+v, was\n%+v", name, back, a)
		}
	}
}

// TestEveryFieldOfAnActIsKept: whatever field of an act is changed, its bytes change.
func TestEveryFieldOfAnActIsKept(t *testing.T) {
	a := fullAct()
	base, n := canonicalAct(t, a), 0
	walk(reflect.ValueOf(&a).Elem(), "act", func(path string) {
		if path == "act.Version" { // stated by the release, not by the caller
			return
		}
		n++
		if bytes.Equal(canonicalAct(t, a), base) {
			t.Errorf("%s can be changed unseen", path)
		}
	})
	if n != 13 || !bytes.Equal(canonicalAct(t, a), base) {
		t.Errorf("%d fields walked", n)
	}
	a, n = statedAct(), 0
	base = canonicalAct(t, a)
	walk(reflect.ValueOf(&a).Elem(), "act", func(path string) {
		if path == "act.Version" {
			return
		}
		n++
		if bytes.Equal(canonicalAct(t, a), base) {
			t.Errorf("%s can be changed unseen", path)
		}
	})
	if n < 18 || !bytes.Equal(canonicalAct(t, a), base) || a.Files[0].Received.Location() != china {
		t.Errorf("%d fields of a statement walked, or it was changed", n)
	}
}

// TestActRoundTrip: whatever an act holds, even bytes that are no characters, its canonical bytes read back and give themselves again,
// and making them leaves the act alone.
func TestActRoundTrip(t *testing.T) {
	text := oddText()
	rapid.Check(t, func(t *rapid.T) {
		say := func(l string) string { return text.Draw(t, l) }
		a := record.Act{
			Version: rapid.IntRange(0, 3).Draw(t, "version"), ID: say("id"), Report: say("report"), Kind: law.ActKind(say("kind")), Unit: say("unit"),
			By: record.Person{ID: say("by"), Name: say("name")}, At: oddTime().Draw(t, "at"), Text: say("text"), Task: say("task"),
		}
		a.Categories = rapid.SampledFrom([][]string{nil, {}, {say("category")}, {"individual", say("another")}}).Draw(t, "categories")
		categories := strings.Join(a.Categories, "|")
		b := canonicalAct(t, a)
		if strings.Join(a.Categories, "|") != categories || !utf8.Valid(b) || bytes.Count(b, []byte("\n")) != 1 || b[len(b)-1] != '\n' {
			t.Fatalf("the act was changed, or is not one line of UTF-8: %q", b)
		}
		back, err := record.ParseAct(b)
		if err != nil {
			t.Fatalf("%v\n%q", err, b)
		}
		if again := canonicalAct(t, back); !bytes.Equal(again, b) {
			t.Fatalf("not a fixpoint:\n%q\n%q", b, again)
		}
		if back.Version != record.Version || back.At.Location() != time.UTC || back.At.Nanosecond()%1e6 != 0 {
			t.Fatalf("version %d at %v", back.Version, back.At)
		}
	})
}

// TestNotCanonicalActIsRefused: the same content in other bytes is not the act.
func TestNotCanonicalActIsRefused(t *testing.T) {
	b := string(canonicalAct(t, fullAct()))
	swap := swapper(t, b)
	for what, altered := range map[string]string{
		"nothing":             "",
		"null":                "null\n",
		"another kind":        "[]\n",
		"no line feed":        strings.TrimSuffix(b, "\n"),
		"two acts":            b + b,
		"a space":             swap(`,"id"`, `, "id"`),
		"an unknown field":    swap(`,"id"`, `,"note":"","id"`),
		"a field twice":       swap(`"kind":"categorise"`, `"kind":"categorise","kind":"categorise"`),
		"a field in capitals": swap(`"kind"`, `"Kind"`),
		"an escaped letter":   swap("吴十", `\u5434十`),
		"another zone":        swap("T01:30:00.987Z", "T09:30:00.987+08:00"),
		"a finer time":        swap("00.987Z", "00.987001Z"),
		"an empty field":      swap(`"at"`, `"task":"","at"`),
		"version 0":           swap(`"version":1`, `"version":0`),
		"a record":            string(canonical(t, zeroRecord())),
	} {
		if _, err := record.ParseAct([]byte(altered)); !errors.Is(err, record.ErrAltered) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := record.Parse([]byte(b)); !errors.Is(err, record.ErrAltered) {
		t.Errorf("an act was read as a record: %v", err)
	}
}

// TestNewerActIsNotCalledAltered: an old program says that it is old.
func TestNewerActIsNotCalledAltered(t *testing.T) {
	b := string(canonicalAct(t, fullAct()))
	for _, newer := range []string{`"version":2`, `"version":2,"seal":"x"`} {
		_, err := record.ParseAct([]byte(strings.Replace(b, `"version":1`, newer, 1)))
		if err == nil || errors.Is(err, record.ErrAltered) || !strings.Contains(err.Error(), "layout 2") {
			t.Errorf("%v", err)
		}
	}
}

// TestUnwritableActTime: a time JSON cannot hold is an error that names the act.
func TestUnwritableActTime(t *testing.T) {
	a := fullAct()
	a.At = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	if _, err := a.Canonical(); err == nil || !strings.Contains(err.Error(), a.ID) {
		t.Error(err)
	}
}

package record_test

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"liuhen/flows/form"
	"liuhen/flows/record"
)

var china = time.FixedZone("CST", 8*3600)

// zeroRecord says 无此类情况.
func zeroRecord() record.Record {
	return record.Record{
		ID: "4f1c8f0a9b2d4e6f8a0b1c2d3e4f5a6b", Edition: "2020",
		Institution: record.Person{ID: "u3", Name: "云州正明司法鉴定所"},
		Case: record.Case{
			ID: "c1", Number: "正明司鉴所〔2026〕临鉴字第101号", Matter: "伤残等级鉴定",
			Client: "云州市中级人民法院", ClientType: "司法机关",
		},
		Signer:  record.Person{ID: "p5", Name: "张三"},
		Signed:  time.Date(2026, 11, 24, 10, 0, 0, 123_456_789, china),
		Shown:   strings.Repeat("0a", 32),
		Answers: form.Answers{form.Outcome: {Boxes: []form.OptionID{form.None}, Confirmed: true}},
	}
}

func boxes(o ...form.OptionID) form.Answer { return form.Answer{Boxes: o, Confirmed: true} }

// eventRecord uses every field there is.
func eventRecord() record.Record {
	r := zeroRecord()
	r.ID, r.Supersedes, r.Supplements = "00112233445566778899aabbccddeeff", zeroRecord().ID, true
	r.Answers = form.Answers{
		form.Reason:      {Text: "勾选有误 <b>&\"\\\u2028", Confirmed: true},
		form.Outcome:     boxes(form.Event),
		form.Article3:    {Boxes: []form.OptionID{form.Art3Favour, form.Art3Other}, Beside: map[form.OptionID]string{form.Art3Other: "反复打听进度"}, Confirmed: true},
		form.Interferers: boxes(form.Insider, form.Official, form.Other),
		form.Insiders:    {Boxes: []form.OptionID{"p8", form.OptionUnlisted}, Beside: map[form.OptionID]string{"p8": "赵六（鉴定机构负责人）", form.OptionUnlisted: "𠮷某"}, Confirmed: true},
		form.Party:       boxes(form.Unsure),
		form.When:        {Text: "2026-11-20", Confirmed: true},
		form.Particulars: {Parts: []string{"第一段\n换行", "第二段 😀"}, Confirmed: true},
		form.Evidence: {Confirmed: true, Files: []form.File{{
			ID: "f1", Kind: "forwarded", Name: "录音.ogg", MIME: "audio/ogg", Size: 1 << 40, SHA256: strings.Repeat("ab", 32), Blob: "b1",
			Received: time.Date(2026, 11, 24, 9, 59, 59, 999_999_999, china), Sent: time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC),
			Origin: "某某", Caption: "当天的电话",
		}, {ID: "f2", Kind: "photo", SHA256: strings.Repeat("cd", 32), Blob: "b2", Received: time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)}}},
		form.Channel: boxes(form.Direct),
	}
	r.Report = &record.Report{
		Policy: "mohj-2020",
		Stops: []record.Stop{{
			Unit: "u2", UnitName: "云州市司法局", Article: "第五条第二款", Climbed: true,
			Recipients: []record.Person{{ID: "p2", Name: "吴十"}, {ID: "p3", Name: "郑一"}},
		}},
		Excluded: []record.Excluded{{Person: record.Person{ID: "p8", Name: "赵六"}, Why: "implicated"}},
		Held:     true,
	}
	return r
}

// frozen are canonical bytes as the first release wrote them. Never edit: records of decades are read by these rules.
var frozen = []struct {
	name   string
	record func() record.Record
	digest string
}{
	{"zero", zeroRecord, "f1963fe171203bf9b1b0b797b7ea973b012249d881967f1e63003b4b5003e269"},
	{"event", eventRecord, "3e4de183bad3208bc9645a3b090fe6d099dd47a49644a404d83bfabe6dcde7f1"},
}

func TestFrozenBytes(t *testing.T) {
	for _, f := range frozen {
		name := "testdata/" + f.name + "_1.json"
		got, err := f.record().Canonical()
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is written as\n%s\nand was\n%s", f.name, got, want)
		}
		if d := record.Digest(want); d != f.digest {
			t.Errorf("%s has digest %s, had %s", f.name, d, f.digest)
		}
		back, err := record.Parse(want)
		if err != nil {
			t.Fatalf("%s: %v", f.name, err)
		}
		if back.Zero() != (f.name == "zero") || back.Signer.Name != "张三" || back.Version != 1 {
			t.Errorf("%s reads back as %+v", f.name, back)
		}
		if !back.Signed.Equal(time.Date(2026, 11, 24, 2, 0, 0, 123_000_000, time.UTC)) {
			t.Errorf("%s was signed at %v", f.name, back.Signed)
		}
	}
}

// TestEveryFieldIsSigned: whatever field of a record is changed, its bytes change. A field added later without a place in
// the bytes fails here.
func TestEveryFieldIsSigned(t *testing.T) {
	r := eventRecord()
	base, _ := r.Canonical()
	n := 0
	walk(reflect.ValueOf(&r).Elem(), "record", func(path string) {
		if path == "record.Version" { // stated by the release, not by the caller
			return
		}
		n++
		if got, err := r.Canonical(); err == nil && bytes.Equal(got, base) {
			t.Errorf("%s can be changed unseen", path)
		}
	})
	if after, _ := r.Canonical(); !bytes.Equal(after, base) || n < 40 {
		t.Fatalf("the walk of %d fields does not restore the record", n)
	}
}

// walk changes every leaf of v in turn, calls look, and restores it.
func walk(v reflect.Value, path string, look func(string)) {
	old := reflect.New(v.Type()).Elem()
	old.Set(v)
	change := func(x any) { v.Set(reflect.ValueOf(x).Convert(v.Type())); look(path); v.Set(old) }
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		change(v.Interface().(time.Time).Add(time.Second))
	case v.Kind() == reflect.String:
		change(v.String() + "x")
	case v.Kind() == reflect.Bool:
		change(!v.Bool())
	case v.CanInt():
		change(v.Int() + 1)
	case v.Kind() == reflect.Pointer && !v.IsNil():
		walk(v.Elem(), path, look)
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			walk(v.Field(i), path+"."+v.Type().Field(i).Name, look)
		}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), fmt.Sprintf("%s[%d]", path, i), look)
		}
	case v.Kind() == reflect.Map:
		for _, k := range v.MapKeys() {
			x := reflect.New(v.Type().Elem()).Elem()
			x.Set(v.MapIndex(k))
			walk(x, fmt.Sprintf("%s[%v]", path, k), func(p string) {
				keep := v.MapIndex(k)
				v.SetMapIndex(k, x)
				look(p)
				v.SetMapIndex(k, keep)
			})
		}
	}
}

// oddText is text as people and channels send it, and some that only broken ones do.
func oddText() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.String(),
		rapid.SampledFrom([]string{"", "\x00", "\xff", "a\xc3", "\ufffd", `\ufffd`, "\ufffd\xff", "\u2028\u2029", "<>&", `"\/`, "\r\n\t", "𠮷😀👨‍👩‍👧", "e\u0301", "\u202e反", "\ufeff"}),
		rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOfN(rapid.Byte(), 0, 12).Draw(t, "bytes")) }),
	)
}

func oddTime() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		zone := time.FixedZone("", rapid.IntRange(-14*3600, 14*3600).Draw(t, "zone"))
		if rapid.IntRange(0, 5).Draw(t, "zero") == 0 {
			return time.Time{}.Add(time.Duration(rapid.IntRange(0, 2_000_000).Draw(t, "ns"))).In(zone)
		}
		return time.Unix(rapid.Int64Range(0, 4_000_000_000).Draw(t, "s"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns")).In(zone)
	})
}

func oddRecord() *rapid.Generator[record.Record] {
	text := oddText()
	return rapid.Custom(func(t *rapid.T) record.Record {
		say := func(l string) string { return text.Draw(t, l) }
		person := func() record.Person { return record.Person{ID: say("id"), Name: say("name")} }
		r := record.Record{
			Version: rapid.IntRange(0, 3).Draw(t, "version"), ID: say("id"), Edition: say("edition"), Institution: person(),
			Case:   record.Case{ID: say("case"), Number: say("number"), Matter: say("matter"), Client: say("client"), ClientType: say("type")},
			Signer: person(), Signed: oddTime().Draw(t, "signed"), Shown: say("shown"), Supersedes: say("supersedes"),
			Supplements: rapid.Bool().Draw(t, "supplements"),
		}
		if rapid.Bool().Draw(t, "answers") {
			r.Answers = form.Answers{}
		}
		for range rapid.IntRange(0, 4).Draw(t, "items") {
			if r.Answers == nil {
				r.Answers = form.Answers{}
			}
			r.Answers[form.ItemID(say("item"))] = oddAnswer(t, say)
		}
		if rapid.Bool().Draw(t, "report") {
			r.Report = &record.Report{Policy: say("policy"), Held: rapid.Bool().Draw(t, "held")}
			for range rapid.IntRange(0, 2).Draw(t, "stops") {
				s := record.Stop{Unit: say("unit"), UnitName: say("unit name"), Article: say("article"), Recipients: []record.Person{person()}}
				r.Report.Stops = append(r.Report.Stops, s)
			}
			r.Report.Excluded = rapid.SampledFrom([][]record.Excluded{nil, {}, {{Person: person(), Why: say("why")}}}).Draw(t, "excluded")
		}
		return r
	})
}

func oddAnswer(t *rapid.T, say func(string) string) form.Answer {
	v := form.Answer{Text: say("text"), Confirmed: rapid.Bool().Draw(t, "confirmed")}
	v.Boxes = rapid.SampledFrom([][]form.OptionID{nil, {}, {form.OptionID(say("box"))}}).Draw(t, "boxes")
	v.Beside = rapid.SampledFrom([]map[form.OptionID]string{nil, {}, {form.OptionID(say("box")): say("beside")}}).Draw(t, "beside")
	v.Parts = rapid.SampledFrom([][]string{nil, {}, {say("part")}}).Draw(t, "parts")
	if rapid.Bool().Draw(t, "file") {
		v.Files = []form.File{{
			ID: say("file"), Name: say("name"), Caption: say("caption"), Size: rapid.Int64().Draw(t, "size"),
			Received: oddTime().Draw(t, "received"), Sent: oddTime().Draw(t, "sent"),
		}}
	}
	return v
}

// TestCanonicalIsAFixpoint: whatever a record holds, its canonical bytes read back and give themselves again, and making
// them leaves the record alone.
func TestCanonicalIsAFixpoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := oddRecord().Draw(t, "record")
		before := fmt.Sprintf("%#v %#v", r, r.Report)
		b, err := r.Canonical()
		if err != nil {
			t.Fatal(err)
		}
		if after := fmt.Sprintf("%#v %#v", r, r.Report); after != before {
			t.Fatalf("the record was changed:\n%s\n%s", before, after)
		}
		if !utf8.Valid(b) || bytes.Count(b, []byte("\n")) != 1 || b[len(b)-1] != '\n' {
			t.Fatalf("not one line of UTF-8: %q", b)
		}
		back, err := record.Parse(b)
		if err != nil {
			t.Fatalf("%v\n%s", err, b)
		}
		again, err := back.Canonical()
		if err != nil || !bytes.Equal(again, b) {
			t.Fatalf("not a fixpoint: %v\n%s\n%s", err, b, again)
		}
		if back.Version != record.Version || back.Signed.Location() != time.UTC || back.Signed.Nanosecond()%1e6 != 0 {
			t.Fatalf("version %d, signed %v", back.Version, back.Signed)
		}
	})
}

// TestNothingAndEmptyAreOne: empty and missing lists and maps have the same bytes, and so has the same moment in two zones.
func TestNothingAndEmptyAreOne(t *testing.T) {
	a, b := zeroRecord(), zeroRecord()
	a.Answers[form.Content] = form.Answer{}
	b.Answers[form.Content] = form.Answer{Boxes: []form.OptionID{}, Beside: map[form.OptionID]string{}, Parts: []string{}, Files: []form.File{}}
	b.Signed = b.Signed.UTC().Truncate(time.Millisecond)
	one, _ := a.Canonical()
	two, _ := b.Canonical()
	if !bytes.Equal(one, two) {
		t.Errorf("two forms of one record:\n%s\n%s", one, two)
	}
	a.Answers, b.Answers = nil, form.Answers{}
	one, _ = a.Canonical()
	two, _ = b.Canonical()
	if !bytes.Equal(one, two) {
		t.Errorf("two forms of one record:\n%s\n%s", one, two)
	}
}

package intake

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"liuhen/flows/text"
)

// FuzzRead: whatever the bytes, there is an answer, it is the same twice, it keeps its limits and says where.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/*.csv")
	must(f, err)
	for _, file := range files {
		data, err := os.ReadFile(file)
		must(f, err)
		f.Add(data)
	}
	var template bytes.Buffer
	must(f, WriteTemplate(&template))
	f.Add(template.Bytes())
	f.Add([]byte("sep=;\n机构;案件编号;鉴定事项;鉴定人\n\"a\"\"b;\n\";='x';=\"00\";张　三"))
	f.Add([]byte("\xFF\xFE\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := Read("f", data, today)
		if err != nil {
			var fault Fault
			if b != nil || !errors.As(err, &fault) {
				t.Fatalf("%v, %v", b, err)
			}
			return
		}
		if again, err := Read("f", data, today); err != nil || !cmp.Equal(b, again) {
			t.Fatal("a second reading differs")
		}
		checkBatch(t, b)
	})
}

func checkBatch(t *testing.T, b *Batch) {
	bad := map[place]bool{}
	for _, f := range b.Faults {
		bad[place{f.Sheet, f.Row}] = true
		for _, a := range f.Args {
			if utf8.RuneCountInString(a) > maxEcho || hasInvisible(a) {
				t.Fatalf("echo %q", a)
			}
		}
		if s := f.Text(text.ZhHans); s == "" || !utf8.ValidString(s) {
			t.Fatalf("%+v: %q", f, s)
		}
	}
	if b.Omitted > 0 {
		bad = nil // not all are known
	}
	for _, p := range b.People {
		if p.Row < 1 || p.Authority == "" || p.Name == "" || CleanName(p.Name) != p.Name || utf8.RuneCountInString(p.Name) > maxName ||
			p.Role == 0 || p.Party == "" || p.Unit() == "" || bad[place{echo(p.Sheet), p.Row}] {
			t.Fatalf("%+v", p)
		}
	}
	seen := map[caseKey]bool{}
	for _, c := range b.Cases {
		k := caseKey{c.Institution, c.MatchKey}
		if c.Row < 1 || c.Institution == "" || c.Number == "" || c.MatchKey != MatchKey(c.Number) || c.Matter == "" ||
			len(c.Appraisers) == 0 || seen[k] || bad[place{echo(c.Sheet), c.Row}] || c.Closed.IsZero() != (c.ClosingKind == "") ||
			!c.Accepted.IsZero() && !c.Closed.IsZero() && c.Closed.Before(c.Accepted) {
			t.Fatalf("%+v", c)
		}
		seen[k] = true
	}
}

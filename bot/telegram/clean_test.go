package telegram

import (
	"strings"
	"testing"
	"unicode/utf8"

	"liuhen/flows"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"你好，世界":                        "你好，世界",
		"a\r\nb\rc\n":                  "a\nb\nc\n",
		"a\x00b\x07c\td":               "abc\td",
		"a\u202eb\u2066c\u200fd\u061c": "abcd",
		"a\u200bb\u2060c\ufeffd\u200c": "abcd",
		"a\xffb":                       "a\ufffdb",
		"👨\u200d👩\u200d👧":              "👨\u200d👩\u200d👧",
		"❤\ufe0f\u200d🔥":               "❤\ufe0f\u200d🔥",
		"甲\u200d乙\u200d":               "甲乙",
		"𠮷\U000e0100":                  "𠮷\U000e0100",
		"a\u2028b":                     "ab",
	} {
		if got := clean(in, 100); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
	if got := clean(strings.Repeat("字", 200_000), textLimit); utf8.RuneCountInString(got) != textLimit {
		t.Errorf("%d characters are left", utf8.RuneCountInString(got))
	}
}

func FuzzClean(f *testing.F) {
	f.Add("👨\u200d👩", 3)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		if limit < 0 || limit > 1000 {
			return
		}
		got := clean(s, limit)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > limit || clean(got, limit) != got {
			t.Fatalf("clean(%q, %d) = %q", s, limit, got)
		}
	})
}

func TestBaseName(t *testing.T) {
	for in, want := range map[string]string{
		"a.pdf": "a.pdf", "../../etc/passwd": "passwd", `C:\x\y.doc`: "y.doc", "..": "", "/": "", "": "",
		"invoice\u202efdp.exe": "invoicefdp.exe", strings.Repeat("长", 300) + ".pdf": strings.Repeat("长", 116) + ".pdf",
	} {
		if got := baseName(in); got != want {
			t.Errorf("baseName(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, s := range []string{"", "abc", "字字字", "😀😀😀", "a😀"} {
		for n := range 8 {
			if got := cut(s, n); flows.Units(got) > n || !strings.HasPrefix(s, got) || !utf8.ValidString(got) {
				t.Errorf("cut(%q, %d) = %q", s, n, got)
			}
		}
	}
}

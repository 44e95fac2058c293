package text

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
)

// englishOnly are the form's own boxes: their Chinese wording is the edition's, letter by letter, and nowhere else.
var englishOnly = strings.Fields(`
	opt.outcome.none
	opt.article3.a31 opt.article3.a32 opt.article3.a33a opt.article3.a33b opt.article3.a33c opt.article3.a34
	opt.interferers.client opt.interferers.litigant opt.interferers.insider opt.interferers.official opt.interferers.other
	opt.content.favour opt.content.procedure opt.content.opinion opt.content.other
	opt.means.express opt.means.implied opt.means.forced`)

// derived are the keys that are made from the names of items, options, roles and kinds; flows tests that each exists.
var derived = regexp.MustCompile(`^(hole|item|ask|opt|file|role|act|duty|category|case|standing|deed|disclose|document|ground|access|relation|measure|stage|absence|tick)\.`)

// constants are the values of all constants of type Key.
func constants(t *testing.T) []Key {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var out []Key
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			v, ok := n.(*ast.ValueSpec)
			if !ok || fmt.Sprint(v.Type) != "Key" || len(v.Values) != 1 {
				return true
			}
			s, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, Key(s))
			return true
		})
	}
	if len(out) < 100 {
		t.Fatalf("only %d constants found", len(out))
	}
	return out
}

func TestCatalogsHaveTheSameKeys(t *testing.T) {
	for k := range zh {
		if _, ok := en[k]; !ok {
			t.Errorf("%s has no English text", k)
		}
	}
	var only []string
	for k := range en {
		if _, ok := zh[k]; !ok {
			only = append(only, string(k))
		}
	}
	slices.Sort(only)
	want := slices.Sorted(slices.Values(englishOnly))
	if !slices.Equal(only, want) {
		t.Errorf("English alone has\n%v\nbut should have\n%v", only, want)
	}
}

func TestEveryKeyIsSaidAndNoTextIsLeftOver(t *testing.T) {
	known := map[Key]bool{}
	for _, k := range constants(t) {
		if known[k] {
			t.Errorf("%s has two names", k)
		}
		known[k] = true
		if zh[k] == "" || en[k] == "" {
			t.Errorf("%s lacks a text", k)
		}
	}
	for k, s := range en {
		if !known[k] && !derived.MatchString(string(k)) {
			t.Errorf("nothing can say %s", k)
		}
		if s == "" || k != "" && zh[k] == "" && !slices.Contains(englishOnly, string(k)) {
			t.Errorf("%s is empty", k)
		}
	}
}

var verb = regexp.MustCompile(`%[-+# 0]*\d*(?:\.\d+)?[a-zA-Z%]?`)

// verbs are the kinds of a text's verbs in order.
func verbs(s string) string {
	var out strings.Builder
	for _, v := range verb.FindAllString(s, -1) {
		out.WriteByte(v[len(v)-1])
	}
	return out.String()
}

func TestVerbsAgree(t *testing.T) {
	for k, s := range zh {
		if verbs(s) != verbs(en[k]) {
			t.Errorf("%s takes %q in Chinese, %q in English", k, verbs(s), verbs(en[k]))
		}
	}
	for k, s := range en {
		if strings.Trim(verbs(s), "sd") != "" {
			t.Errorf("%s takes %q", k, verbs(s))
		}
	}
}

// filled is a text with plausible arguments.
func filled(locale string, k Key) string {
	var args []any
	for _, v := range verbs(Say(locale, k)) {
		if v == 'd' {
			args = append(args, 10000)
		} else {
			args = append(args, "正明司鉴所〔2026〕临鉴字第101号")
		}
	}
	return Say(locale, k, args...)
}

// TestHintsFit: the answer to a press holds 200 characters.
func TestHintsFit(t *testing.T) {
	for _, locale := range []string{ZhHans, En} {
		for k := range zh {
			if !strings.HasPrefix(string(k), "hint.") {
				continue
			}
			if n := len(utf16.Encode([]rune(filled(locale, k)))); n == 0 || n > 200 {
				t.Errorf("%s in %s has %d characters", k, locale, n)
			}
		}
	}
}

// TestNoticesSayNothing: what lights up on a locked screen names no case, nobody, no number, and not what it is about (R10.2, E12).
func TestNoticesSayNothing(t *testing.T) {
	secret := map[string][]string{
		ZhHans: {"干预", "报告", "案件", "记录", "鉴定", "举报", "证据", "签名", "负责人", "姓名", "编号", "逾期"},
		En:     {"interfer", "report", "case", "record", "entry", "entries", "apprais", "evidence", "sign", "head", "name", "overdue"},
	}
	n := 0
	for locale, words := range secret {
		for k := range zh {
			if !strings.HasPrefix(string(k), "notice.") {
				continue
			}
			n++
			s := strings.ToLower(Say(locale, k))
			for _, w := range words {
				if strings.Contains(s, w) {
					t.Errorf("%s in %s says %q", k, locale, w)
				}
			}
			if strings.ContainsFunc(s, unicode.IsDigit) || verbs(s) != "" {
				t.Errorf("%s in %s has a number or a name in it: %q", k, locale, s)
			}
		}
	}
	if n < 6 {
		t.Fatalf("only %d notices", n)
	}
}

// TestUnknownLocaleAndKey: a locale without a catalog reads the default; an unknown key says nothing rather than something odd.
func TestUnknownLocaleAndKey(t *testing.T) {
	for _, l := range []string{"", "zh", "fr", "EN"} {
		if Say(l, BtnFile) != "填报记录" {
			t.Errorf("locale %q says %q", l, Say(l, BtnFile))
		}
	}
	if s := Say(En, "no.such.key"); s != "" {
		t.Errorf("an unknown key says %q", s)
	}
	if got := Say(ZhHans, DateFormat, 2026, 7, 1); got != "2026年7月1日" {
		t.Error(got)
	}
	if got := slices.Collect(maps.Keys(zh)); len(got) < 200 {
		t.Errorf("only %d texts", len(got))
	}
}

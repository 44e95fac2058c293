package law

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestRegulationIsVerbatim(t *testing.T) {
	sum := sha256.Sum256([]byte(regulation))
	if got := hex.EncodeToString(sum[:]); got != "74aa543268f99d72d52afe1a26eca51b752fe327c22796a5c3586ff4365b2750" {
		t.Errorf("the rule's text was changed: %s", got)
	}
}

func TestArticles(t *testing.T) {
	all := Articles()
	if len(all) != 12 {
		t.Fatalf("%d articles, want 12", len(all))
	}
	if strings.Join(all, "\n")+"\n" != regulation {
		t.Error("the articles together are not the rule's text")
	}
	for i, a := range all {
		if Article(i+1) != a || !strings.HasPrefix(a, "第"+numeral(i+1)+"条 ") || !strings.HasSuffix(a, "。") {
			t.Errorf("article %d: %q", i+1, a)
		}
	}
	if Article(0) != "" || Article(13) != "" {
		t.Error("articles that do not exist have text")
	}
	if n := strings.Count(Article(8), "\n"); n != 6 {
		t.Errorf("第八条 has %d further paragraphs and items, want 6", n)
	}
	if all[0] = "changed"; Article(1) == "changed" {
		t.Error("a caller changed the rule")
	}
}

func TestArt3Items(t *testing.T) {
	items := Art3Items()
	if len(items) != 4 {
		t.Fatalf("%d items, want 4", len(items))
	}
	for i, s := range items {
		if !strings.HasPrefix(s, "（"+numeral(i+1)+"）") || !strings.Contains(regulation, s+"\n") {
			t.Errorf("item %d is not verbatim: %q", i+1, s)
		}
	}
}

func TestNumeral(t *testing.T) {
	for n, want := range map[int]string{1: "一", 9: "九", 10: "十", 12: "十二", 20: "二十", 31: "三十一", 99: "九十九"} {
		if got := numeral(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}

func TestOwes(t *testing.T) {
	for s, want := range map[string]bool{"2020-06-30": false, "2020-07-01": true, "2019-12-31": false, "2026-11-24": true} {
		if Owes(date(t, s)) != want {
			t.Errorf("case closed on %s: Owes is not %v (R12.1)", s, want)
		}
	}
	if Owes(Date{}) {
		t.Error("an open case owes an entry")
	}
	if !strings.Contains(Article(12), "2020年7月1日") || Effective != (Date{2020, time.July, 1}) {
		t.Error("the first day is not that of 第十二条")
	}
}

func TestCiteString(t *testing.T) {
	for want, c := range map[string]Cite{
		"第五条第二款":                  art(5, 2),
		"第五条第二款（解读 AM-7）":         reading(5, 2, "AM-7"),
		"第八条第一款第（三）项":             item8(3),
		"《广东省司法鉴定管理条例》第三十一条第（四）项": guangdong31,
		"规定未涉及":                   {},
	} {
		if got := c.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestCitesResolve looks every citation of the rule up in its text: article, paragraph and item must exist there.
func TestCitesResolve(t *testing.T) {
	for _, c := range allCites() {
		if c.Source != Rule {
			continue
		}
		var paragraphs, items int
		for line := range strings.SplitSeq(Article(c.Article), "\n") {
			if strings.HasPrefix(line, "（") {
				items++
			} else if line != "" {
				paragraphs++
			}
		}
		if paragraphs == 0 || c.Paragraph > paragraphs || c.Item > items {
			t.Errorf("%s is not in the rule", c)
		}
	}
}

func allCites() []Cite {
	var out []Cite
	for _, rows := range channelTables {
		for _, r := range rows {
			out = append(append(out, r.cites...), r.direct)
		}
	}
	for _, x := range tiers {
		out = append(out, x.cites...)
	}
	for _, c := range categories {
		out = append(out, c.cite)
	}
	for _, r := range deadlines {
		out = append(out, r.Cite)
	}
	return append(out, slices.Collect(maps.Values(climbCites))...)
}

func date(t testing.TB, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

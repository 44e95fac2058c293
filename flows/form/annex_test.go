package form_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"liuhen/flows/form"
)

// annexSum is of the annex as it was published; the file is never edited.
const annexSum = "d042a6ab4a9e17691c909a286056ed944cac034254ffaba657e563d0b701f992"

// editionSum is of everything of the 2020 edition that is printed: records of decades hang on it.
const editionSum = "60112de38f"

func annex(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("testdata/annex_2020.txt")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(b)
	if hex.EncodeToString(sum[:]) != annexSum {
		t.Fatal("testdata/annex_2020.txt is no longer the published annex")
	}
	return string(b)
}

func labels(t *testing.T, id form.ItemID) []string {
	t.Helper()
	it, ok := form.Edition2020.Item(id)
	if !ok {
		t.Fatalf("no item %s", id)
	}
	var out []string
	for _, o := range it.Options {
		if o.Label != "" {
			out = append(out, o.Label)
		}
	}
	return out
}

// TestAnnexVerbatim compares title, boxes in their order, and the note with the published annex (R4.7). Block 2 of the
// print lacks 委托人 (AM-1): that is the printer's matter, every signer has the same data.
func TestAnnexVerbatim(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(annex(t)), "\n")
	if lines[0] != form.Edition2020.Title {
		t.Errorf("title %q, published %q", form.Edition2020.Title, lines[0])
	}
	if last := lines[len(lines)-1]; last != form.Edition2020.Footer {
		t.Errorf("note %q, published %q", form.Edition2020.Footer, last)
	}
	box := regexp.MustCompile(`<input type="checkbox"/> ([^ _<\n]+)`)
	blocks := strings.Split(annex(t), "情况记录\t")[1:]
	if len(blocks) != 2 {
		t.Fatalf("%d blocks", len(blocks))
	}
	ours := slices.Concat(labels(t, form.Outcome), labels(t, form.Interferers), labels(t, form.Content))
	for i, b := range blocks {
		var published []string
		for _, m := range box.FindAllStringSubmatch(b, -1) {
			published = append(published, m[1])
		}
		want := slices.Clone(ours)
		if i == 1 {
			want = slices.DeleteFunc(want, func(s string) bool { return s == "委托人" })
		}
		if !slices.Equal(published, want) {
			t.Errorf("block %d: published\n%v\nours\n%v", i+1, published, want)
		}
	}
	for _, id := range []form.ItemID{form.Interferers, form.Content} {
		it, _ := form.Edition2020.Item(id)
		for _, o := range it.Options {
			if published := strings.Contains(annex(t), o.Label+"_____"); published != o.NeedsText {
				t.Errorf("%s %s: a line to write on is %v in print, %v here", id, o.Label, published, o.NeedsText)
			}
		}
	}
}

// TestEditionIsFrozen: a published edition never changes; a new wording is a new edition.
func TestEditionIsFrozen(t *testing.T) {
	e := form.Edition2020
	b := strings.Join([]string{e.ID, e.Title, e.Footer}, "\n")
	for _, it := range e.Items {
		b += "\n" + string(it.ID)
		for _, o := range it.Options {
			b += "\n\t" + string(o.ID) + " " + o.Label
		}
	}
	sum := sha256.Sum256([]byte(b))
	if got := hex.EncodeToString(sum[:])[:10]; got != editionSum {
		t.Errorf("edition 2020 has checksum %s, was published with %s:\n%s", got, editionSum, b)
	}
}

// TestArticle3Labels: the short labels of Art. 3 are the article's own words as far as they go.
func TestArticle3Labels(t *testing.T) {
	article := "（一）为当事人请托说情的；（二）邀请鉴定人或者鉴定机构其他人员私下会见司法鉴定委托人、当事人及其代理人、辩护律师、近亲属以及其他与案件有利害关系的人的；" +
		"（三）明示、暗示或强迫鉴定人或者鉴定机构其他人员违规受理案件、出具特定鉴定意见、终止鉴定的；（四）其他影响鉴定人独立进行鉴定的情形。"
	for _, l := range labels(t, form.Article3) {
		at := 0
		for _, r := range l { // the label is what is left of the article when words are left out
			i := strings.IndexRune(article[at:], r)
			if i < 0 {
				t.Errorf("%q is not in the article's words", l)
				break
			}
			at += i + len(string(r))
		}
	}
	if got := labels(t, form.Means); !slices.Equal(got, []string{"明示", "暗示", "强迫"}) {
		t.Errorf("means %v", got)
	}
}

// TestEditions: every edition can be found by its name, names of items and boxes are unique, and every text has a limit.
func TestEditions(t *testing.T) {
	for _, e := range form.Editions() {
		if got, ok := form.ByID(e.ID); !ok || got != e {
			t.Errorf("edition %s is not found", e.ID)
		}
		items := map[form.ItemID]bool{}
		for _, it := range e.Items {
			if items[it.ID] || it.Kind == 0 {
				t.Errorf("item %s", it.ID)
			}
			items[it.ID] = true
			options, texts := map[form.OptionID]bool{}, 0
			for _, o := range it.Options {
				if options[o.ID] || len(o.ID) > 20 {
					t.Errorf("%s option %s", it.ID, o.ID)
				}
				options[o.ID] = true
				if o.NeedsText {
					texts++
				}
			}
			if texts > 1 {
				t.Errorf("%s has %d boxes with a text: a message would not say which it is for", it.ID, texts)
			}
			if it.Kind != form.Choice && it.Limit == 0 {
				t.Errorf("%s has no limit", it.ID)
			}
		}
	}
	for _, id := range []string{"", "2019", "2020 ", "2021"} {
		if _, ok := form.ByID(id); ok {
			t.Errorf("there is no edition %q", id)
		}
	}
	if _, ok := form.Edition2020.Item("nothing"); ok {
		t.Error("an item that does not exist is found")
	}
}

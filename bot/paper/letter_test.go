package paper

import (
	"bytes"
	"image"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

// drafts are letters of every kind, as the core composes them.
func drafts(t testing.TB) map[string]record.Letter {
	t.Helper()
	const fact = "2026年11月20日，贵单位所属一名工作人员到云州正明司法鉴定所，要求将本案伤残等级评高，鉴定机构未予采纳。"
	r := flows.Report{Record: full(0), Team: []string{"张三", "李四"}, Unsaid: []string{"张三", "p0"}}
	compose := func(key, fact string, facts ...string) record.Letter {
		l, ok := law.LetterOf(key)
		if !ok {
			t.Fatalf("no letter %s", key)
		}
		return flows.Compose(l, r, facts, fact)
	}
	usual := []string{"number", "matter", "about", "fact"}
	return map[string]record.Letter{
		"letter_circular3":  compose("letters/u/client_organ", fact, usual...),
		"letter_circular4":  compose("letters/u/other_organ", fact, usual...),
		"letter_notice5":    compose("letters/u/individual", fact, usual...),
		"letter_notice_all": compose("tell_client/u/internal_direct", fact, "number", "matter", "about", "team", "fact"),
		"letter_rectify2":   compose("rectify/u/2", "机构负责人授意鉴定人不记录上述情况。", usual...),
		"letter_long":       compose("letters/u/other_organ", long(800), usual...),
		"letter_short":      compose("tell_client/u/other_organ", "", "number"),
	}
}

// TestLetterGolden keeps the letters' words, page by page, as a reader sees them.
func TestLetterGolden(t *testing.T) {
	for name, l := range drafts(t) {
		t.Run(name, func(t *testing.T) {
			d, err := Letter(l, Options{})
			if err != nil {
				t.Fatal(err)
			}
			got := spaces.ReplaceAllString(tool(t, d.PDF, "pdftotext", "-layout", "FILE", "-"), "  ")
			got = strings.ReplaceAll(got, "\f", "〔换页〕\n")
			file := filepath.Join("testdata", name+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil || got != string(want) {
				t.Errorf("%s differs (%v); got\n%s", file, err, got)
			}
			pdf := bare(regexp.MustCompile(`— \d+ —`).ReplaceAllString(extracted(t, d), ""))
			pdf = strings.ReplaceAll(pdf, bare(text.LetterDraft), "") // at the foot of each page; once at the end of the other
			docx := strings.ReplaceAll(bare(docxText(t, d.DOCX)), bare(text.LetterDraft), "")
			if pdf != docx {
				t.Errorf("PDF\n%s\nDOCX\n%s", pdf, docx)
			}
		})
	}
}

// TestLetterForm: the letter format of GB/T 9704 as far as it is known: where the issuer's name begins, the red lines and their
// length, no number on the first page, one on the others; never a mark of secrecy; signature and date never alone on a page.
func TestLetterForm(t *testing.T) {
	for name, l := range drafts(t) {
		d, err := Letter(l, Options{})
		if err != nil {
			t.Fatal(err)
		}
		pages := strings.Split(strings.TrimSuffix(extracted(t, d), "\f"), "\f")
		if len(pages) != d.Pages {
			t.Fatalf("%s: %d pages, %d reported", name, len(pages), d.Pages)
		}
		for i, p := range pages {
			if has := regexp.MustCompile(`— \d+ —`).MatchString(p); has != (i > 0) {
				t.Errorf("%s: page %d has a number: %v", name, i+1, has)
			}
		}
		if last := pages[len(pages)-1]; strings.Index(bare(last), bare(text.LetterSeal)) < 20 {
			t.Errorf("%s: signature and date stand alone:\n%s", name, last)
		}
		words := bare(strings.Join(pages, ""))
		for _, mark := range []string{"秘密★", "机密", "绝密", "密级"} {
			if strings.Contains(words, mark) {
				t.Errorf("%s is marked %s", name, mark)
			}
		}
		for _, placeholder := range []string{text.LetterIssuer, text.LetterNumber, text.LetterSeal, text.LetterDate} {
			if !strings.Contains(words, bare(placeholder)) {
				t.Errorf("%s: no %s", name, placeholder)
			}
		}
		first := rendered(t, d)[0]
		if top := firstInk(first); top < px(issuerTop)-3 || top > px(issuerTop)+14 {
			t.Errorf("%s: the issuer's name begins %d dots from the edge, want about %d", name, top, px(issuerTop))
		}
		for _, y := range []float64{redUpper, redLower} {
			if n := inkedFrom(first, px(redLeft), px(redRight), px(y)); n < px(redRight-redLeft)*98/100 {
				t.Errorf("%s: the red line at %.0f is %d dots long", name, y, n)
			}
		}
	}
}

// firstInk is the first row with a mark in it.
func firstInk(img *image.Gray) int {
	for y := range img.Bounds().Dy() {
		if inkedFrom(img, 0, img.Bounds().Dx(), y) > 0 {
			return y
		}
	}
	return -1
}

// inkedFrom counts the dots of a row that are not white; red is grey to this eye.
func inkedFrom(img *image.Gray, left, right, y int) (n int) {
	for x := left; x < right; x++ {
		if img.GrayAt(x, y).Y < 200 {
			n++
		}
	}
	return n
}

// TestLetterIsNeutral: the file tells nothing beyond its pages, and the same letter has the same bytes.
func TestLetterIsNeutral(t *testing.T) {
	l := drafts(t)["letter_circular4"]
	a, err := Letter(l, Options{})
	if err != nil {
		t.Fatal(err)
	}
	b, _ := Letter(l, Options{})
	if !bytes.Equal(a.PDF, b.PDF) || !bytes.Equal(a.DOCX, b.DOCX) {
		t.Error("the same letter has other bytes")
	}
	if !regexp.MustCompile(`^draft-[0-9a-f]{12}\.pdf$`).MatchString(a.Name()) || !strings.HasSuffix(a.DOCXName(), ".docx") {
		t.Error(a.Name())
	}
	if info := tool(t, a.PDF, "pdfinfo", "-rawdates", "FILE"); strings.Contains(info, "Creator:") || strings.Contains(info, "CreationDate:") {
		t.Error(info)
	}
	for _, secret := range []string{"张三", "p0", "录音", "走廊"} {
		if strings.Contains(extracted(t, a)+docxText(t, a.DOCX), secret) {
			t.Errorf("%s stands in the letter", secret)
		}
	}
}

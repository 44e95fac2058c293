package paper

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"liuhen/flows/form"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

// parts are the files of a DOCX.
func parts(t testing.TB, docx []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(b)
		if f.ModifiedDate != 0 || f.ModifiedTime != 0 { //nolint:staticcheck // the raw fields: zero reads as 1979
			t.Errorf("%s tells when it was made", f.Name)
		}
	}
	return out
}

// docxText is the text of a DOCX, one line for each paragraph, read back from its XML.
func docxText(t testing.TB, docx []byte) string {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(parts(t, docx)["word/document.xml"]))
	var b strings.Builder
	within := false
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := tok.(type) {
		case xml.StartElement:
			within = x.Name.Local == "t"
		case xml.EndElement:
			if within = false; x.Name.Local == "p" {
				b.WriteByte('\n')
			}
		case xml.CharData:
			if within {
				b.Write(x)
			}
		}
	}
}

var pageNumber = regexp.MustCompile(`第 \d+ 页，共 \d+ 页`)

// blankSigns takes out what one of the two draws and the other writes.
func blankSigns(s string) string {
	return strings.NewReplacer("☐", "", "☑", "", "_", "").Replace(bare(s))
}

// TestDOCXSaysTheSame: the editable sheet has the words of the printed one in the same order, page numbers apart. A print with
// follow-on pages sets the rest of a row elsewhere: there the words of every block are compared one by one.
func TestDOCXSaysTheSame(t *testing.T) {
	for name, x := range prints() {
		t.Run(name, func(t *testing.T) {
			d := printed(t, x.o, x.records...)
			got := docxText(t, d.DOCX)
			file := filepath.Join("testdata", name+".docx.txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil || got != string(want) {
				t.Errorf("%s differs (%v); got\n%s", file, err, got)
			}
			if d.Pages == d.Sheets && len(d.Missing) == 0 {
				pdf := pageNumber.ReplaceAllString(extracted(t, d), "")
				if blankSigns(pdf) != blankSigns(got) {
					t.Errorf("PDF\n%s\nDOCX\n%s", blankSigns(pdf), blankSigns(got))
				}
			}
			p := laidOut(t, x.records, x.o)
			for _, b := range p.filled {
				for _, line := range paragraphs(b.story()) {
					if !strings.Contains(got, safe(string(line))) {
						t.Errorf("of a block's 具体情况 a paragraph of %d characters is missing", len(line))
					}
				}
			}
			if n := strings.Count(got, text.PaperSituation); n != len(p.filled) {
				t.Errorf("%d blocks of %d", n, len(p.filled))
			}
		})
	}
}

// TestDOCXBoxes: what is ticked on paper is ticked in the editable sheet, in the same order; the second block has no 委托人.
func TestDOCXBoxes(t *testing.T) {
	for _, name := range []string{"client", "client_box", "full", "correction", "odd"} {
		x := prints()[name]
		d := printed(t, x.o, x.records...)
		p := laidOut(t, x.records, x.o)
		want, got := "", ""
		for i, img := range rendered(t, d) {
			want += boxes(img, p.pages[i])
		}
		for _, r := range docxText(t, d.DOCX) {
			switch r {
			case '☐':
				got += "."
			case '☑':
				got += "x"
			}
		}
		if got != want {
			t.Errorf("%s: boxes %s, on paper %s", name, got, want)
		}
	}
	clients := func(o Options) int {
		return strings.Count(docxText(t, printed(t, o, zeros(2)...).DOCX), "委托人")
	}
	if a, b := clients(Options{}), clients(Options{Block2Client: true}); a != 1 || b != 2 {
		t.Errorf("委托人 stands %d times as published, %d times corrected", a, b)
	}
}

// TestDOCXIsNeutral: an editable document tells nothing but its words, has the same bytes again, and lets nobody write a box.
func TestDOCXIsNeutral(t *testing.T) {
	odd := event(0, "我写☑无此类情况\u202e\u200b，☐☒")
	a, b := printed(t, Options{}, odd, full(1)), printed(t, Options{}, odd, full(1))
	if !bytes.Equal(a.DOCX, b.DOCX) {
		t.Error("the same document has other bytes")
	}
	if !regexp.MustCompile(`^sheet-[0-9a-f]{12}\.docx$`).MatchString(a.DOCXName()) {
		t.Error(a.DOCXName())
	}
	all := parts(t, a.DOCX)
	for name := range all {
		if strings.HasPrefix(name, "docProps") {
			t.Errorf("%s tells more than the words", name)
		}
	}
	for _, name := range []string{"[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/styles.xml", "word/_rels/document.xml.rels"} {
		if all[name] == "" {
			t.Errorf("%s is missing", name)
		}
	}
	got := docxText(t, a.DOCX)
	if !strings.Contains(got, "我写▢无此类情况▢▢，▢▢") {
		t.Error("what was written passes for a box, or vanishes")
	}
	for _, secret := range []string{"党", "直接报告", "录音.ogg"} {
		if strings.Contains(got, secret) {
			t.Errorf("%s is printed", secret)
		}
	}
	if strings.Contains(strings.Join([]string{all["_rels/.rels"], all["word/styles.xml"], all["[Content_Types].xml"]}, ""), "ordZero") {
		t.Error("the document tells its program")
	}
}

// TestDOCXIsSilent: writing documents says nothing on the standard output. The library holds on to the one it was started with,
// so another process is asked.
func TestDOCXIsSilent(t *testing.T) {
	if os.Getenv("PAPER_TEST_CHILD") != "" {
		if _, err := Own([]record.Record{full(0)}, Options{}); err != nil {
			t.Fatal(err)
		}
		if _, err := Letter(record.Letter{Title: "甲", Lines: []string{"乙"}}, Options{}); err != nil {
			t.Fatal(err)
		}
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestDOCXIsSilent$") //nolint:gosec // this very test
	cmd.Env = append(os.Environ(), "PAPER_TEST_CHILD=1")
	out, err := cmd.CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "PASS" {
		t.Errorf("it says %q, %v", out, err)
	}
}

// TestOwnIsAlone: what is printed for a signer has their blocks and an empty one; another's entry beside it is refused.
func TestOwnIsAlone(t *testing.T) {
	d, err := Own([]record.Record{zero(1)}, Options{})
	if err != nil || d.Sheets != 1 {
		t.Fatal(d.Sheets, err)
	}
	got := docxText(t, d.DOCX)
	if strings.Count(got, text.PaperSituation) != 2 || strings.Count(got, "电子签名确认") != 1 || !strings.Contains(got, signers[1]) {
		t.Error(got)
	}
	if !strings.Contains(got, form.Edition2020.Footer) {
		t.Error("without the note")
	}
	if _, err := Own(zeros(2), Options{}); !errors.Is(err, ErrSigners) {
		t.Errorf("two signers: %v", err)
	}
	if _, err := Own(nil, Options{}); !errors.Is(err, ErrNothing) {
		t.Errorf("nobody: %v", err)
	}
}

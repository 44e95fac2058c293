package paper

import (
	"flag"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"liuhen/flows/form"
	"liuhen/flows/record"
)

var update = flag.Bool("update", false, "write the golden files anew")

func zeros(n int) []record.Record {
	var out []record.Record
	for i := range n {
		out = append(out, zero(i))
	}
	return out
}

func with(r record.Record, change func(*record.Record)) record.Record {
	r.Answers = r.Answers.Clone()
	change(&r)
	return r
}

func namesClient(r *record.Record) { r.Answers[form.Interferers] = ticks(form.Client, form.Litigant) }

// prints are the prints whose text and structure are kept in testdata.
func prints() map[string]struct {
	records []record.Record
	o       Options
} {
	type p = struct {
		records []record.Record
		o       Options
	}
	corrected := with(event(1, plainStory), func(r *record.Record) {
		r.ID, r.Supersedes = strings.Repeat("d", 32), zero(1).ID
		r.Answers[form.Reason] = words("勾选“无此类情况”有误")
	})
	var matter, unregistered []record.Record
	for _, r := range []record.Record{zero(0), event(1, plainStory), zero(2)} {
		matter = append(matter, with(r, func(r *record.Record) { r.Case.Matter = long(500) }))
		unregistered = append(unregistered, with(r, func(r *record.Record) { r.Case = record.Case{} }))
	}
	further := with(event(0, "此前还有一次，当时没有记录。"), func(r *record.Record) {
		r.ID, r.Supplements = strings.Repeat("e", 32), true
		r.Answers[form.When] = words("2026-11-01")
	})
	return map[string]p{
		"one":          {records: zeros(1)},
		"two":          {records: []record.Record{zero(0), event(1, plainStory)}},
		"three":        {records: zeros(3)},
		"five":         {records: zeros(5)},
		"twenty":       {records: zeros(20)},
		"client":       {records: []record.Record{with(event(0, plainStory), namesClient), with(event(1, plainStory), namesClient)}},
		"client_box":   {records: []record.Record{with(event(0, plainStory), namesClient), with(event(1, plainStory), namesClient)}, o: Options{Block2Client: true}},
		"full":         {records: []record.Record{full(0), full(1)}},
		"long":         {records: []record.Record{event(0, long(10_000)), zero(1)}},
		"matter":       {records: matter},
		"odd":          {records: []record.Record{event(0, oddStory)}},
		"events":       {records: []record.Record{event(0, plainStory), zero(1), further}},
		"correction":   {records: []record.Record{zero(0), zero(1), corrected}},
		"superseded":   {records: []record.Record{zero(0), zero(1), corrected}, o: Options{Superseded: true, Remarks: []string{"共 2 名鉴定人。"}}},
		"unregistered": {records: unregistered},
	}
}

const oddStory = "𠮷某😀说：① ℃ 你好\u200d \u202e 葛\U000E0100 é α Ж あ㐀 甲\t乙 〇 ☑☐ \u00a0a\u2028新行\r\n末行"

var spaces = regexp.MustCompile(` {2,}`)

func TestGolden(t *testing.T) {
	for name, x := range prints() {
		t.Run(name, func(t *testing.T) {
			d := printed(t, x.o, x.records...)
			got := spaces.ReplaceAllString(tool(t, d.PDF, "pdftotext", "-layout", "FILE", "-"), "  ")
			got = strings.ReplaceAll(got, "\f", "") + structure(t, d, x.records, x.o)
			file := filepath.Join("testdata", name+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs; got\n%s", file, got)
			}
		})
	}
}

// structure says what a page looks like when it is rendered: the lines across the table, and the boxes in reading order.
func structure(t *testing.T, d Document, records []record.Record, o Options) string {
	t.Helper()
	p := laidOut(t, records, o)
	images := rendered(t, d)
	if len(images) != len(p.pages) || d.Pages != len(p.pages) {
		t.Fatalf("%d pages rendered, %d laid out, %d reported", len(images), len(p.pages), d.Pages)
	}
	var out strings.Builder
	for i, img := range images {
		within(t, img, i+1)
		fmt.Fprintf(&out, "page %d: %d lines across, boxes %s\n", i+1, across(img), boxes(img, p.pages[i]))
	}
	return out.String()
}

const dpi = 144

func px(points float64) int { return int(points*dpi/72 + 0.5) }

// rendered are the pages as a printer would see them, in grey.
func rendered(t testing.TB, d Document) []*image.Gray {
	t.Helper()
	dir := t.TempDir()
	tool(t, d.PDF, "pdftoppm", "-r", fmt.Sprint(dpi), "-gray", "FILE", filepath.Join(dir, "page"))
	files, err := filepath.Glob(filepath.Join(dir, "page-*.pgm"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	var out []*image.Gray
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var w, h int
		if _, err := fmt.Sscanf(string(b[:20]), "P5\n%d %d\n255\n", &w, &h); err != nil || len(b) < w*h {
			t.Fatalf("%s: %v", filepath.Base(name), err)
		}
		out = append(out, &image.Gray{Pix: b[len(b)-w*h:], Stride: w, Rect: image.Rect(0, 0, w, h)})
	}
	return out
}

// inked counts the dark dots.
func inked(img *image.Gray, r image.Rectangle) (n int) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for _, grey := range img.Pix[img.PixOffset(r.Min.X, y) : img.PixOffset(r.Min.X, y)+r.Dx()] {
			if grey < 128 {
				n++
			}
		}
	}
	return n
}

// within: the page is A4, its margins are white, and its table is closed on all four sides.
func within(t *testing.T, img *image.Gray, page int) {
	t.Helper()
	b := img.Bounds()
	if b.Dx() != px(pageWidth) || b.Dy() != px(pageHeight) {
		t.Errorf("page %d is %dx%d", page, b.Dx(), b.Dy())
	}
	for side, r := range map[string]image.Rectangle{
		"left":   image.Rect(0, 0, px(tableLeft-2), b.Dy()),
		"right":  image.Rect(px(tableRight+2), 0, b.Dx(), b.Dy()),
		"top":    image.Rect(0, 0, b.Dx(), px(50)),
		"bottom": image.Rect(0, px(pageHeight-30), b.Dx(), b.Dy()),
	} {
		if n := inked(img, r); n > 0 {
			t.Errorf("page %d has %d dark dots in its %s margin", page, n, side)
		}
	}
	for side, r := range map[string]image.Rectangle{
		"left":   image.Rect(px(tableLeft)-2, px(tableTop), px(tableLeft)+3, px(tableBottom)),
		"middle": image.Rect(px(tableMiddle)-2, px(tableTop), px(tableMiddle)+3, px(tableBottom)),
		"right":  image.Rect(px(tableRight)-2, px(tableTop), px(tableRight)+3, px(tableBottom)),
	} {
		if n := inked(img, r); n < px(tableBottom-tableTop) {
			t.Errorf("page %d: the %s line of the table is broken", page, side)
		}
	}
}

// across counts the lines from the middle to the right edge of the table.
func across(img *image.Gray) int {
	n, before := 0, false
	for y := range img.Bounds().Dy() {
		now := inked(img, image.Rect(px(tableMiddle), y, px(tableRight), y+1)) > px(tableRight-tableMiddle)*95/100
		if now && !before {
			n++
		}
		before = now
	}
	return n
}

// boxes shows each box of a page as it was rendered: x with a tick in it, . without.
func boxes(img *image.Gray, p *page) string {
	var out strings.Builder
	for _, m := range p.marks {
		if m.kind != frameMark || m.x2-m.x > 20 {
			continue
		}
		if inked(img, image.Rect(px(m.x)+2, px(m.y)+2, px(m.x2)-2, px(m.y2)-2)) > 12 {
			out.WriteByte('x')
		} else {
			out.WriteByte('.')
		}
	}
	return out.String()
}

package paper

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"liuhen/flows/form"
	"liuhen/flows/record"
)

// TestAnnexVerbatim: a sheet that nobody wrote on has the annex's words and nothing else, in its order (R4.7).
func TestAnnexVerbatim(t *testing.T) {
	annex, err := os.ReadFile("../../flows/form/testdata/annex_2020.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(string(annex), `<input type="checkbox"/>`, "")
	want = bare(strings.ReplaceAll(want, "_", ""))
	p := &printer{writer: *setter(t), zone: china}
	p.c.Number = "NUMBER"
	p.sheet(0, []block{{edition: form.Edition2020}, {edition: form.Edition2020, second: true}}, "")
	pdf, err := p.pdf()
	if err != nil {
		t.Fatal(err)
	}
	got := strings.ReplaceAll(bare(extracted(t, Document{PDF: pdf})), "NUMBER", "")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	n := strings.Count(string(annex), "checkbox")
	if got := boxes(rendered(t, Document{PDF: pdf})[0], p.pages[0]); got != strings.Repeat(".", n) {
		t.Errorf("boxes %s, want %d empty ones", got, n)
	}
}

// TestSheetCount: N signers need ceil(N/2) sheets; the second and later are marked (R4.8), and every page is numbered.
func TestSheetCount(t *testing.T) {
	for _, n := range []int{1, 2, 3, 4, 5, 20} {
		d := printed(t, Options{}, zeros(n)...)
		if want := (n + 1) / 2; d.Sheets != want || d.Pages != want {
			t.Errorf("%d signers: %d sheets on %d pages, want %d", n, d.Sheets, d.Pages, want)
		}
		words := extracted(t, d)
		for i, page := range strings.Split(strings.TrimSuffix(words, "\f"), "\f") {
			if has := strings.Contains(page, fmt.Sprintf("附表%d\n", i)); has != (i > 0) {
				t.Errorf("%d signers, page %d: marked as 附表%d is %v", n, i+1, i, has)
			}
			if !strings.Contains(page, fmt.Sprintf("第 %d 页，共 %d 页", i+1, d.Pages)) {
				t.Errorf("%d signers: page %d has no number", n, i+1)
			}
		}
		if got := blockNames(words); !slices.Equal(got, signers[:n]) {
			t.Errorf("%d signers: blocks of %v", n, got)
		}
	}
}

var confirmed = regexp.MustCompile(`(\S+)\s+电子签名确认\s+2026年11月24日 10:\d\d:05`)

// blockNames are the typed names of the blocks in order.
func blockNames(words string) []string {
	var out []string
	for _, m := range confirmed.FindAllStringSubmatch(words, -1) {
		out = append(out, m[1])
	}
	return out
}

func order2(t *testing.T, o Options, records ...record.Record) []string {
	t.Helper()
	blocks, err := arrange(records, o)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for i, b := range blocks {
		if b.second != (i%2 == 1) {
			t.Errorf("block %d is on the wrong side", i)
		}
		if b.record == nil {
			out = append(out, "-")
			continue
		}
		out = append(out, b.record.ID)
	}
	return out
}

// TestOrderOfBlocks: further events of a signer follow on 附表 by their date, whenever they were signed (AM-5).
func TestOrderOfBlocks(t *testing.T) {
	at := func(id string, n int, when string) record.Record {
		return with(event(n, "某事"), func(r *record.Record) { r.ID = id; r.Answers[form.When] = words(when) })
	}
	none := func(id string, n int) record.Record { return with(zero(n), func(r *record.Record) { r.ID = id }) }
	replaces := func(r record.Record, id string) record.Record { r.Supersedes = id; return r }
	for _, c := range []struct {
		want    string
		records []record.Record
		all     bool
	}{
		{"a -", []record.Record{none("a", 0)}, false},
		{"a b", []record.Record{none("a", 0), none("b", 1)}, false},
		{"b a", []record.Record{none("b", 1), none("a", 0)}, false},
		{"a - b -", []record.Record{at("b", 0, "2026-11-20"), at("a", 0, "2026-11-02")}, false},
		{"a - b c", []record.Record{at("c", 0, "2026-11-20"), at("a", 0, "2026-11-02"), at("b", 0, "2026-11-03")}, false},
		{"a d b c", []record.Record{at("c", 0, "2026-11-20"), none("d", 1), at("a", 0, "2026-11-02"), at("b", 0, "2026-11-03")}, false},
		{"a c b -", []record.Record{at("b", 0, "2026-11-01"), none("a", 0), none("c", 1)}, false},
		{"b c", []record.Record{none("a", 0), none("c", 1), replaces(at("b", 0, "2026-11-01"), "a")}, false},
		{"a c b -", []record.Record{none("a", 0), none("c", 1), replaces(at("b", 0, "2026-11-01"), "a")}, true},
		{"d -", []record.Record{none("a", 0), replaces(none("b", 0), "a"), replaces(none("d", 0), "b")}, false},
	} {
		if got := strings.Join(order2(t, Options{Superseded: c.all}, c.records...), " "); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

func TestRefusals(t *testing.T) {
	other := with(zero(1), func(r *record.Record) { r.Case.ID = "c2" })
	typed := with(zero(0), func(r *record.Record) { r.Case = record.Case{Number: "甲"} })
	unlike := with(zero(1), func(r *record.Record) { r.Case = record.Case{Number: "乙"} })
	future := with(zero(1), func(r *record.Record) { r.Edition = "2099" })
	circle := []record.Record{with(zero(0), func(r *record.Record) { r.Supersedes = zero(1).ID }), with(zero(1), func(r *record.Record) { r.Supersedes = zero(0).ID })}
	for _, c := range []struct {
		want    error
		records []record.Record
	}{
		{ErrNothing, nil},
		{ErrNothing, circle},
		{ErrCases, []record.Record{zero(0), other}},
		{ErrCases, []record.Record{typed, unlike}},
		{ErrEdition, []record.Record{zero(0), future}},
	} {
		if _, err := Composed(c.records, Options{}); !errors.Is(err, c.want) {
			t.Errorf("got %v, want %v", err, c.want)
		}
	}
	if _, err := Composed(zeros(1), Options{Digest: func(record.Record) (string, error) { return "", os.ErrNotExist }}); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// TestNothingIsLost: all that the signer answered is on paper, but never Party affiliation (R7.3) nor the way of the report.
func TestNothingIsLost(t *testing.T) {
	d := printed(t, Options{}, full(0))
	got := bare(extracted(t, d))
	for _, want := range []string{
		"（一）为当事人请托说情", "（二）邀请私下会见", "（三）违规受理案件", "（三）出具特定鉴定意见", "（三）终止鉴定",
		"（四）其他影响独立鉴定的情形：反复打听鉴定进度", "其他：云州市医院某科主任", "司机钱某、赵某（鉴定机构负责人）", "孙某（机关经办人）",
		"是否造成严重后果：是", "是否机构负责人：否", "其他：邀请私下会见", "2026年11月20日", "本所二楼走廊",
		"方式：明示、暗示、强迫、当面、电话、微信等网络方式、书信、他人转达、其他：饭局", bare(plainStory),
		"证据2件", "语音，1234567字节，SHA-256abababababababab…", "照片，99字节，SHA-256cdcdcdcdcdcdcdcd…",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not printed", want)
		}
	}
	for _, secret := range []string{"党", "直接报告", "录音.ogg"} {
		if strings.Contains(got, secret) {
			t.Errorf("%s is printed", secret)
		}
	}
}

// TestLongBeside: a text that does not fit beside its box stands under 具体情况, whole.
func TestLongBeside(t *testing.T) {
	r := with(full(1), func(r *record.Record) {
		r.Answers[form.Interferers] = form.Answer{Boxes: []form.OptionID{form.Client, form.Other}, Beside: map[form.OptionID]string{form.Other: long(200)}}
		r.Answers[form.Content] = form.Answer{Boxes: []form.OptionID{form.Other}, Beside: map[form.OptionID]string{form.Other: long(41)}}
	})
	got := bare(extracted(t, printed(t, Options{}, zero(0), r)))
	for _, want := range []string{"其他：委托人；见具体情况", "干预人——其他：" + bare(long(200)), "其他：见具体情况", "干预内容——其他：" + bare(long(41))} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not printed", want)
		}
	}
}

// TestNeutral: neither the file's name nor anything in it outside the drawn pages names the case or what is printed, and
// the same print has the same bytes.
func TestNeutral(t *testing.T) {
	d := printed(t, Options{}, full(0), event(1, oddStory))
	again := printed(t, Options{}, full(0), event(1, oddStory))
	if !bytes.Equal(d.PDF, again.PDF) || d.Name() != again.Name() {
		t.Error("the same print has other bytes")
	}
	if !regexp.MustCompile(`^sheet-[0-9a-f]{12}\.pdf$`).MatchString(d.Name()) {
		t.Error(d.Name())
	}
	info := tool(t, d.PDF, "pdfinfo", "-rawdates", "FILE")
	for _, key := range []string{"Title", "Author", "Subject", "Keywords", "Creator", "Producer", "CreationDate", "ModDate"} {
		if strings.Contains(info, key+":") {
			t.Errorf("the file tells its %s:\n%s", key, info)
		}
	}
	for _, s := range []string{"张三", "正明", full(0).ID, "/Info", "/Title", "gopdf", "Source"} {
		if bytes.Contains(d.PDF, []byte(s)) {
			t.Errorf("the file has %q in the clear", s)
		}
	}
}

// TestBlackAndWhite: no dot of a page has a colour (E22).
func TestBlackAndWhite(t *testing.T) {
	page := []byte(tool(t, printed(t, Options{}, full(0), event(1, oddStory)).PDF, "pdftoppm", "-r", "50", "-singlefile", "FILE"))
	var w, h int
	if _, err := fmt.Sscanf(string(page[:20]), "P6\n%d %d\n255\n", &w, &h); err != nil || len(page) < 3*w*h {
		t.Fatalf("%d bytes: %v", len(page), err)
	}
	for dots := page[len(page)-3*w*h:]; len(dots) > 0; dots = dots[3:] {
		if dots[0] != dots[1] || dots[1] != dots[2] {
			t.Fatalf("a dot is %v", dots[:3])
		}
	}
}

// TestSigningDate: the block has the day of signing where the institution is, not the event's nor Greenwich's (AM-6).
func TestSigningDate(t *testing.T) {
	r := with(event(0, "某事"), func(r *record.Record) { r.Signed = time.Date(2026, 12, 31, 16, 30, 0, 0, time.UTC) })
	if got := extracted(t, printed(t, Options{}, r)); !strings.Contains(got, "2027 年 1 月 1 日") || !strings.Contains(got, "2027年1月1日 00:30:00") {
		t.Error(got)
	}
	if got := extracted(t, printed(t, Options{Zone: time.UTC}, r)); !strings.Contains(got, "2026 年 12 月 31 日") {
		t.Error(got)
	}
}

// TestTrace: the foot has each record's number and the digest of its canonical bytes, or the stored one.
func TestTrace(t *testing.T) {
	r := full(0)
	canonical, err := r.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	d := printed(t, Options{}, r)
	got := extracted(t, d)
	if n := strings.Count(got, "记录号 "+r.ID); n != d.Pages || strings.Count(got, record.Digest(canonical)) != d.Pages {
		t.Errorf("traced on %d of %d pages", n, d.Pages)
	}
	stored := strings.Repeat("9", 64)
	got = extracted(t, printed(t, Options{Digest: func(record.Record) (string, error) { return stored, nil }}, r))
	if !strings.Contains(got, stored) {
		t.Error("the stored digest is not printed")
	}
}

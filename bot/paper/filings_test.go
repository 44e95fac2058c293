package paper

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
)

func filed(signer int, number string, closed, on law.Date) flows.Filing {
	return flows.Filing{
		Signer: signers[signer], Person: fmt.Sprint("p", signer), Number: number, Closed: closed, Filed: on,
		Code: strings.Repeat(fmt.Sprintf("%02x", signer+10), 16),
	}
}

func dayOf(m, d int) law.Date { return law.Date{Y: 2026, M: 10, D: 1}.AddMonths(m - 10).AddDays(d - 1) }

// listOf is a list of three signers, one of whom is explained and one missing.
func listOf(more ...flows.Filing) flows.FilingList {
	l := flows.FilingList{Institution: "云州正明司法鉴定所", Quarter: law.Quarter{Y: 2026, N: 4}, Made: dayOf(11, 24), By: "赵六"}
	l.Lines = append([]flows.Filing{
		filed(0, "正明司鉴所〔2026〕临鉴字第101号", dayOf(11, 23), dayOf(11, 24)),
		filed(0, "正明司鉴所〔2026〕临鉴字第104号", dayOf(11, 20), dayOf(11, 20)),
		{Signer: signers[1], Person: "p1", Number: "正明司鉴所〔2026〕临鉴字第101号", Closed: dayOf(11, 23)},
		{Signer: signers[2], Person: "p2", Number: "正明司鉴所〔2026〕物鉴字第103号", Closed: dayOf(11, 20), Absent: &flows.Explained{
			Signer: signers[2], Reason: law.ReasonAway, By: "赵六", Second: "孙八", On: dayOf(11, 24),
		}},
	}, more...)
	return l
}

// TestFilings: the list as it is printed; the same every time, on as many pages as it needs, under a name that tells nothing.
func TestFilings(t *testing.T) {
	d, err := Filings(listOf(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := spaces.ReplaceAllString(strings.ReplaceAll(tool(t, d.PDF, "pdftotext", "-layout", "FILE", "-"), "\f", ""), "  ")
	file := filepath.Join("testdata", "filings.txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || got != string(want) {
		t.Errorf("%s differs (%v); got\n%s", file, err, got)
	}
	if again, err := Filings(listOf(), Options{}); err != nil || !bytes.Equal(again.PDF, d.PDF) || again.Name() != d.Name() {
		t.Errorf("printed again it is another file: %v", err)
	}
	if !regexp.MustCompile(`^list-[0-9a-f]{12}\.pdf$`).MatchString(d.Name()) {
		t.Errorf("the name is %s", d.Name())
	}
	var many []flows.Filing
	for i := range 60 {
		many = append(many, filed(3, fmt.Sprintf("正明司鉴所〔2026〕临鉴字第%d号", 200+i), dayOf(10, 1), dayOf(10, 2)))
	}
	long, err := Filings(listOf(many...), Options{})
	text := extracted(t, long)
	if err != nil || long.Pages < 3 || !strings.Contains(bare(text), "应填报64份：已填报62份，缺签说明1份，未填报1份") {
		t.Errorf("%d pages: %v", long.Pages, err)
	}
	for i := range 60 {
		if !strings.Contains(bare(text), fmt.Sprintf("第%d号", 200+i)) {
			t.Errorf("case %d is not on the list", 200+i)
		}
	}
	empty, err := Filings(flows.FilingList{Institution: "云州正明司法鉴定所", Quarter: law.Quarter{Y: 2026, N: 1}, Made: dayOf(11, 24), By: "赵六"}, Options{})
	if err != nil || !strings.Contains(bare(extracted(t, empty)), "本季度没有办结的案件") {
		t.Errorf("an empty list: %v", err)
	}
}

// TestRemarkOfAMissingSignature: a 缺签说明 stands under 备注 of the main sheet, in constant words (AM-21).
func TestRemarkOfAMissingSignature(t *testing.T) {
	e := flows.Explained{Signer: signers[1], Reason: law.ReasonLeft, By: "赵六", Second: "孙八", On: dayOf(11, 24)}
	d, err := Own([]record.Record{zero(0)}, Options{Remarks: []string{e.Remark() + "\n" + e.Remark()}})
	if err != nil {
		t.Fatal(err)
	}
	text := bare(extracted(t, d))
	if n := strings.Count(text, bare(e.Remark())); n != 2 || d.Pages != 1 {
		t.Errorf("the remark stands there %d times on %d pages: %s", n, d.Pages, text)
	}
	if strings.Contains(bare(extracted(t, printed(t, Options{}, zero(0)))), "缺签") {
		t.Error("a sheet without one has it")
	}
}

// A list of an institution's busiest quarter is printed within a turn.
func BenchmarkFilings(b *testing.B) {
	var many []flows.Filing
	for i := range 4000 {
		many = append(many, filed(3, fmt.Sprintf("正明司鉴所〔2026〕临鉴字第%d号", 200+i), dayOf(10, 1), dayOf(10, 2)))
	}
	for b.Loop() {
		d, err := Filings(listOf(many...), Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(d.PDF))/1e6, "MB")
		b.ReportMetric(float64(d.Pages), "pages")
	}
}

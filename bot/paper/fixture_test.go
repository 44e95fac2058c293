package paper

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"liuhen/flows/form"
	"liuhen/flows/record"
)

var signers = strings.Fields("张三 李四 王五 赵六 孙七 周八 吴九 郑十 冯甲 陈乙 褚丙 卫丁 蒋戊 沈己 韩庚 杨辛 朱壬 秦癸 尤子 许丑")

// zero is signer n's 无此类情况 for case 101.
func zero(n int) record.Record {
	return record.Record{
		Version: record.Version, ID: fmt.Sprintf("%032x", 0xabc0+n), Edition: "2020",
		Institution: record.Person{ID: "u3", Name: "云州正明司法鉴定所"},
		Case: record.Case{
			ID: "c1", Number: "正明司鉴所〔2026〕临鉴字第101号", Matter: "伤残等级鉴定及误工期、护理期、营养期评定",
			Client: "云州市中级人民法院", ClientType: "司法机关",
		},
		Signer: record.Person{ID: fmt.Sprintf("p%d", n), Name: signers[n]},
		Signed: time.Date(2026, 11, 24, 2, n, 5, 0, time.UTC), Shown: strings.Repeat("0a", 32),
		Answers: form.Answers{form.Outcome: ticks(form.None)},
	}
}

func ticks(o ...form.OptionID) form.Answer { return form.Answer{Boxes: o, Confirmed: true} }

func words(s string) form.Answer { return form.Answer{Text: s, Confirmed: true} }

// event is signer n's record of an event.
func event(n int, story string) record.Record {
	r := zero(n)
	r.Answers = form.Answers{
		form.Outcome:     ticks(form.Event),
		form.Article3:    ticks(form.Art3Favour, form.Art3Opinion),
		form.Interferers: ticks(form.Litigant),
		form.Party:       ticks(form.Yes),
		form.Content:     ticks(form.Favour, form.Opinion),
		form.When:        words("2026-11-20"),
		form.Where:       words("本所二楼走廊"),
		form.Means:       ticks("implied", "inperson"),
		form.Particulars: {Parts: []string{story}, Confirmed: true},
		form.Evidence:    {Confirmed: true},
	}
	return r
}

const plainStory = "当事人的代理人刘某在走廊拦住我，说“都是熟人，等级往上靠一靠”（原话），并递来一个信封。我当场拒绝，信封退回，" +
	"告知其可以依法申请重新鉴定。李四在场。\n次日又来电话一次，内容相同；我未作答复，挂断。"

// full has every box ticked, everybody named, evidence, and texts beside the boxes.
func full(n int) record.Record {
	r := event(n, plainStory)
	a := r.Answers
	a[form.Article3] = form.Answer{
		Boxes:  []form.OptionID{form.Art3Favour, form.Art3Meeting, form.Art3Accept, form.Art3Opinion, form.Art3Terminate, form.Art3Other},
		Beside: map[form.OptionID]string{form.Art3Other: "反复打听鉴定进度"}, Confirmed: true,
	}
	a[form.Interferers] = form.Answer{
		Boxes:  []form.OptionID{form.Client, form.Litigant, form.Insider, form.Official, form.Other},
		Beside: map[form.OptionID]string{form.Other: "云州市医院某科主任"}, Confirmed: true,
	}
	a[form.Insiders] = form.Answer{
		Boxes:  []form.OptionID{"p8", form.OptionUnlisted},
		Beside: map[form.OptionID]string{"p8": "赵某（鉴定机构负责人）", form.OptionUnlisted: "司机钱某"}, Confirmed: true,
	}
	a[form.IsHead], a[form.Serious], a[form.Superior] = ticks(form.No), ticks(form.Yes), ticks(form.Unsure)
	a[form.Officers] = form.Answer{Boxes: []form.OptionID{"p9"}, Beside: map[form.OptionID]string{"p9": "孙某（机关经办人）"}, Confirmed: true}
	a[form.Content] = form.Answer{
		Boxes:  []form.OptionID{form.Favour, form.Procedure, form.Opinion, form.Other},
		Beside: map[form.OptionID]string{form.Other: "邀请私下会见"}, Confirmed: true,
	}
	a[form.Means] = form.Answer{
		Boxes:  []form.OptionID{"express", "implied", "forced", "inperson", "phone", "online", "letter", "through", form.Other},
		Beside: map[form.OptionID]string{form.Other: "饭局"}, Confirmed: true,
	}
	a[form.Evidence] = form.Answer{Confirmed: true, Files: []form.File{
		{ID: "f1", Kind: "voice", Name: "录音.ogg", Size: 1234567, SHA256: strings.Repeat("ab", 32)},
		{ID: "f2", Kind: "photo", Size: 99, SHA256: strings.Repeat("cd", 32)},
	}}
	a[form.Channel] = ticks(form.Direct)
	return r
}

// long is a story of n characters, with punctuation that asks for care at the ends of lines.
func long(n int) string {
	const piece = "第〇次来电说：“请多关照（务必）。”我答复：不行！对方又问——“为什么？”……随后挂断，见 https://example.org/a/b-c 与附件12；"
	runes := []rune(strings.Repeat(piece, n/20))
	return string(runes[:n])
}

func printed(t testing.TB, o Options, records ...record.Record) Document {
	t.Helper()
	d, err := Composed(records, o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// laidOut are the pages of a print before they are written.
func laidOut(t interface{ Fatal(...any) }, records []record.Record, o Options) *printer {
	blocks, err := arrange(records, o)
	if err != nil {
		t.Fatal(err)
	}
	return layOut(*setter(t), blocks, latest(records).Case, o)
}

// tool runs one of poppler's programs on a print; a missing one fails the test.
func tool(t testing.TB, pdf []byte, name string, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "print.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		if a == "FILE" {
			args[i] = file
		}
	}
	var out, complaint bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v: %s", name, err, complaint.String())
	}
	if complaint.Len() > 0 {
		t.Errorf("%s complains: %s", name, complaint.String())
	}
	return out.String()
}

func extracted(t testing.TB, d Document) string {
	t.Helper()
	return tool(t, d.PDF, "pdftotext", "-raw", "FILE", "-")
}

// bare is a text without spaces and line breaks.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

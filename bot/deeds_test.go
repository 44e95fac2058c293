package main

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"liuhen/flows"
	"liuhen/flows/form"
)

// secret is what a report says of whom, and where it is to go.
type secret struct {
	insiders []string // labels
	serious  string
	official []string
	party    string // whether an interferer is a member of the Party
	channel  string
	evidence int  // pieces
	told     bool // Art. 11(二): the head told them not to record
}

// file fills in a sheet, from the first question to the signature.
func (s secret) file(l *life, who string) {
	l.tap(who, "☐ 有上述情形")
	if s.told {
		l.tap(who, "☐ （四）其他影响独立鉴定的情形")
		l.do(who, flows.Say{Text: "负责人授意不记录、不报告干预情况"})
	} else {
		l.tap(who, "☐ （三）出具特定鉴定意见")
	}
	l.tap(who, "下一步")
	if len(s.insiders) > 0 {
		l.tap(who, "☐ 鉴定机构内部人员")
	}
	if len(s.official) > 0 {
		l.tap(who, "☐ 司法行政机关工作人员")
	}
	if len(s.insiders)+len(s.official) == 0 {
		l.tap(who, "☐ 案件当事人或其代理人")
	}
	l.tap(who, "下一步")
	s.people(l, who, s.insiders)
	if len(s.insiders) > 0 {
		l.tap(who, s.serious)
	}
	s.people(l, who, s.official)
	l.press(who, s.party, "下一步")
	l.do(who, flows.Say{Text: "昨天"})
	l.do(who, flows.Say{Text: "电话中"})
	l.press(who, "☐ 明示", "下一步")
	l.do(who, flows.Say{Text: "对方要求改变鉴定意见。"})
	l.tap(who, "下一步")
	for n := range s.evidence {
		l.do(who, flows.Attach{File: form.File{
			ID: fmt.Sprint("file", n), Kind: "photo", Size: int64(n + 1), SHA256: strings.Repeat("ab", 32), Blob: strings.Repeat("cd", 32), Received: l.now,
		}})
	}
	l.tap(who, "下一步")
	if it, open := form.Edition2020.Next(l.states[who].Sheet.Answers); open && it.ID == form.Channel {
		l.tap(who, s.channel)
	}
	l.tap(who, "签名存档")
}

func (s secret) people(l *life, who string, labels []string) {
	for _, p := range labels {
		l.tap(who, "☐ "+p)
	}
	if len(labels) > 0 {
		l.tap(who, "下一步")
	}
}

// accused are the names of those the report is about.
func (s secret) accused() (out []string) {
	for _, label := range slices.Concat(s.insiders, s.official) {
		name, _, _ := strings.Cut(label, "（")
		out = append(out, name)
	}
	return out
}

// deed is what is done in one world. On a case the reporter files an entry in any event; without one, there may be nothing.
type deed struct {
	report *secret
	zero   bool   // 无此类情况
	redo   bool   // then corrects 无此类情况 into the report
	extra  *extra // done besides
	than   int    // the world with which this one is compared
}

func (d deed) do(l *life, who string, listed bool) {
	if d.report == nil && !d.zero {
		return
	}
	l.do(who, flows.Command{Name: flows.AtFile})
	if listed {
		l.tap(who, "● 正明司鉴所〔2026〕临鉴字第101号")
	} else {
		l.press(who, "不在名单上 / 尚无编号", "尚无编号")
		l.do(who, flows.Say{Text: "伤残等级鉴定"})
	}
	if d.zero {
		l.press(who, "☐ 无此类情况", "签名存档")
	}
	if d.redo {
		l.tap(who, "更正")
		l.do(who, flows.Say{Text: "签名后想起确有其事"})
	}
	if d.report != nil {
		d.report.file(l, who)
	}
	if listed && !d.redo {
		l.showReceipt(who)
	}
	l.do(who, flows.Command{Name: flows.AtMenu})
}

// How the sheet names the head, and an officer of the province.
const (
	head6 = "赵六（鉴定机构负责人）"
	chen  = "陈大（江南省司法厅）"
)

var drawSecret = rapid.Custom(func(t *rapid.T) *secret {
	s := &secret{
		serious:  rapid.SampledFrom([]string{"是", "否", "不清楚"}).Draw(t, "serious"),
		party:    rapid.SampledFrom([]string{"是", "否", "不清楚"}).Draw(t, "party"),
		channel:  rapid.SampledFrom([]string{"直接报告主管司法行政机关", "报告所在机构", "同时报告所在机构和主管司法行政机关"}).Draw(t, "channel"),
		evidence: rapid.IntRange(0, 2).Draw(t, "evidence"),
	}
	s.insiders = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{head6, "钱七", "王五", "孙八"}), 0, 3, rapid.ID).Draw(t, "insiders")
	s.official = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"吴十（云州市司法局）", "冯二（云州市司法局）", chen, "何三（江南省司法厅）"}), 0, 2, rapid.ID).Draw(t, "official")
	if s.told = rapid.IntRange(0, 5).Draw(t, "told") == 0; s.told && !slices.Contains(s.insiders, head6) {
		s.insiders = append(s.insiders, head6)
	}
	return s
})

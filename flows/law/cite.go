package law

import (
	"strings"
	"time"
)

// Source is a text that rows cite.
type Source uint8

// The sources.
const (
	Rule      Source = iota + 1 // 司办通〔2020〕56号
	Guangdong                   // 《广东省司法鉴定管理条例》 of 2022
)

// The Guangdong ordinance was adopted on 2022-03-29; its text and its first day are known here at second hand only and
// must be checked by whoever chooses that policy.
var sources = map[Source]struct {
	title string
	from  Date
}{
	Rule:      {"", Effective},
	Guangdong: {"《广东省司法鉴定管理条例》", Date{2022, time.July, 1}},
}

// Cite names the place a row comes from. The zero value says that the rule is silent.
type Cite struct {
	Source    Source
	Article   int
	Paragraph int    // 款; 0: the whole article
	Item      int    // 项; 0: none
	Reading   string // the reading of the article that was adopted where its words leave room (AM-…, R…)
}

// InForce reports whether the cited text applied on that day.
func (c Cite) InForce(on Date) bool {
	s, ok := sources[c.Source]
	return ok && !on.Before(s.from)
}

// String is the citation in Chinese, as letters and records print it: 第五条第二款（解读 AM-7）.
func (c Cite) String() string {
	if c.Source == 0 {
		return "规定未涉及"
	}
	var b strings.Builder
	b.WriteString(sources[c.Source].title + "第" + numeral(c.Article) + "条")
	if c.Paragraph > 0 {
		b.WriteString("第" + numeral(c.Paragraph) + "款")
	}
	if c.Item > 0 {
		b.WriteString("第（" + numeral(c.Item) + "）项")
	}
	if c.Reading != "" {
		b.WriteString("（解读 " + c.Reading + "）")
	}
	return b.String()
}

func art(article, paragraph int) Cite {
	return Cite{Source: Rule, Article: article, Paragraph: paragraph}
}

func reading(article, paragraph int, id string) Cite {
	return Cite{Source: Rule, Article: article, Paragraph: paragraph, Reading: id}
}

// numeral is n, 1 to 99, in Chinese.
func numeral(n int) string {
	digits := []string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	switch tens, ones := n/10, n%10; tens {
	case 0:
		return digits[ones]
	case 1:
		return "十" + digits[ones]
	default:
		return digits[tens] + "十" + digits[ones]
	}
}

func join(cites []Cite) string {
	var parts []string
	for _, c := range cites {
		parts = append(parts, c.String())
	}
	return strings.Join(parts, "、")
}

// Package law is the rule as data: its own text, who may receive a report and by which channel, what an interferer's
// position means under Art. 8, which day a duty falls due, and which days are working days. Everything is a table whose
// rows cite the article they come from; [Explain] prints the tables for a lawyer to sign.
//
// The rule is 《司法鉴定机构 鉴定人记录和报告干预司法鉴定活动的有关规定》 (司办通〔2020〕56号). A province that asks for more
// is another table, chosen by [Policy].
//
//   - rule.go: the text, article by article
//   - cite.go: where a row comes from
//   - facts.go, channels.go: what the reporter stated, and the channels it opens (Art. 5)
//   - directory.go, exclude.go, route.go: who receives a report, who never does (Arts. 5, 6, 10)
//   - category.go: what the authority does with it (Arts. 6, 7, 8)
//   - policy.go, deadline.go: the numbers, all of them proposals, for the rule itself only says 及时
//   - date.go, calendar.go: working days, make-up days (调休) included
package law

package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// playedDemo is a demo at the start of its day, with the given script of the days before.
func playedDemo(t *testing.T, script string) *demonstration {
	t.Helper()
	var out, errs lockedBuffer
	start, began := time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC), time.Now()
	p := &program{out: &out, err: &errs, clock: func() time.Time { return start.Add(time.Since(began)) }}
	d, err := p.startDemo(t.Context(), "127.0.0.1:0", script)
	if err != nil {
		t.Fatal(err, errs.String())
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// screens is what somebody sees on the way from home through the steps.
func screens(t *testing.T, d *demonstration, who string, steps ...string) string {
	t.Helper()
	if err := d.act(t.Context(), episode{who: who, steps: steps}); err != nil {
		t.Fatal(err)
	}
	m := screenOf(d.phone(who))
	return m.Text + "\n" + strings.Join(labelsOf(m), "\n")
}

func TestDemoSituations(t *testing.T) {
	d := playedDemo(t, history)
	for _, c := range []struct {
		what, who, steps string
		want             []string
	}{
		{"a and b, at the institution", "钱七", "待办", []string{"转报主管司法行政机关", "作出处理决定"}},
		{"a, in one press", "钱七", "待办|已读…", []string{"案件当事人或其代理人", "\n转报主管司法行政机关"}},
		{"c and d, at the authority", "吴十", "待办", []string{"确定第八条情形", "通报 · 第（三）项"}},
		{"c and f", "吴十", "待办|已读…", []string{"赵六", "还有谁在场"}},
		{"e, the head", "赵六", "待办|查看逾期案件", []string{"204号", "未签名：王五"}},
		{"e, the officer", "吴十", "待办|查看逾期案件", []string{"未签名：王五"}},
		{"b, the Party organisation", "孙八", "待办|✉ 未读…", []string{"依规依纪处理（第七条第二款）", "周九", "是否党员：是"}},
		{"b, not at the institution", "钱七", "待办|已读…|上一步", []string{"作出处理决定"}},
		{"g, to be transferred", "吴十", "待办|已读…|上一步", []string{"一并告知委托人 · 第（二）项"}},
		{"g, who is named", "陈大", "待办", []string{"没有待办事项"}},
		{"h, the reporter", "李四", "我的记录|〔2026〕物鉴字第203号…|反映打击报复", []string{"已反映", "已受理"}},
		{"h, the officer", "吴十", "待办", []string{"对打击报复作出处理"}},
		{"i, the person", "王五", "待办|我的诚信档案", []string{"已责令改正"}},
		{"i, the officer", "吴十", "诚信档案", []string{"王五 · 已责令改正"}},
		{"the log of access of the authority", "卫二", "访问日志", []string{"吴十", "查看报告"}},
		{"the log of access, for whom b names", "周九", "访问日志", []string{"钱七"}},
		{"f, the reporter", "张三", "待办|查看进展：〔2026〕临鉴字第201号", []string{"还有谁在场"}},
	} {
		got := screens(t, d, c.who, strings.Split(c.steps, "|")...)
		for _, w := range c.want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %s does not see %q on\n%s", c.what, c.who, w, got)
			}
		}
	}
}

// The head named in c sees what a head sees in whose institution nothing was reported of that case.
func TestDemoHeadSeesNothing(t *testing.T) {
	before, rest, _ := strings.Cut(history, "## c:")
	_, after, ok := strings.Cut(rest, "## a:")
	if !ok {
		t.Fatal("history.txt has no blocks c and a")
	}
	without := before + "\n-1 10:30 张三: 填报记录 | ● 正明司鉴所〔2026〕临鉴字第201号 | ☐ 无此类情况 | 签名存档\n## a:" + after
	look := func(script string) string {
		d := playedDemo(t, script)
		var b strings.Builder
		for _, m := range d.phone("赵六").Messages() {
			fmt.Fprintln(&b, m.ID, m.Text, labelsOf(m))
		}
		for _, steps := range []string{"待办", "待办|查看逾期案件", "填报记录", "我的案件", "我的记录"} {
			fmt.Fprintln(&b, screens(t, d, "赵六", strings.Split(steps, "|")...))
		}
		return b.String()
	}
	if a, b := look(history), look(without); a != b {
		t.Errorf("with the report of the head, the head sees\n%s\nwithout\n%s", a, b)
	}
}

func TestDemoScriptFaults(t *testing.T) {
	if _, err := readHistory("x\n"); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("a line that cannot be read: %v", err)
	}
	d := playedDemo(t, "")
	err := d.act(t.Context(), episode{who: "张三", steps: []string{"x"}})
	if err == nil || !strings.Contains(err.Error(), `no button "x"`) {
		t.Errorf("a label that is not there: %v", err)
	}
}

package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"liuhen/flows/text"
	"liuhen/storage/db/dbtest"
)

const (
	peopleHead = "主管机关,上级机关,机构,姓名,角色,执业证号,党员\n"
	peopleRows = "示例市司法局,示例省司法厅,示例鉴定所,张三,鉴定人,001,是\n" +
		"示例市司法局,,示例鉴定所,李四,鉴定人,002,\n" +
		"示例市司法局,,示例鉴定所,李四,报告接收人,002,\n" +
		"示例市司法局,,,王五,机关经办人,,\n"
	caseHead = "机构,案件编号,鉴定事项,委托人,委托人类型,鉴定人,受理日期,办结日期,办结方式\n"
	caseRows = "示例鉴定所,示例〔2026〕临鉴字第1号,伤残等级鉴定,示例法院,司法机关,张三、李四,2026.9.1,2026年11月20日,出具意见书\n"
)

// loading is an empty installation and files to load.
type loading struct {
	t       *testing.T
	environ []string
	dir     string
}

func newLoading(t *testing.T, settings ...string) *loading {
	dir := t.TempDir()
	environ := []string{"TELEGRAM_TOKEN=" + goodToken, "TELEGRAM_API_URL=http://" + closedPort(t), "LIUHEN_DATA=" + dir + "/data"}
	return &loading{t, with(environ, settings...), dir}
}

func (l *loading) file(name, content string) string {
	l.t.Helper()
	path := filepath.Join(l.dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		l.t.Fatal(err)
	}
	return path
}

// workbook writes sheets as Excel would, with a title merged over the first row.
func (l *loading) workbook(name string, sheets ...string) string {
	l.t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, content := range sheets {
		sheet := "表" + strconv.Itoa(i+1)
		_, err := f.NewSheet(sheet)
		must(l.t, err)
		must(l.t, f.SetCellStr(sheet, "A1", "示例鉴定所二〇二六年度名单"))
		must(l.t, f.MergeCell(sheet, "A1", "G1"))
		for r, line := range strings.Split(strings.TrimSpace(content), "\n") {
			for c, cell := range strings.Split(line, ",") {
				at, err := excelize.CoordinatesToCellName(c+1, r+2)
				must(l.t, err)
				must(l.t, f.SetCellStr(sheet, at, cell))
			}
		}
	}
	must(l.t, f.DeleteSheet("Sheet1"))
	path := filepath.Join(l.dir, name)
	must(l.t, f.SaveAs(path))
	return path
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (l *loading) load(args ...string) invoked {
	l.t.Helper()
	return invoke(l.t, l.environ, append([]string{"load"}, args...)...)
}

// counts are how many units, people and cases the register has.
func (l *loading) counts() (units, people, cases, signers int) {
	l.t.Helper()
	c, err := readConfig(l.environ)
	must(l.t, err)
	s, err := openRegister(l.t.Context(), c, dbtest.At(dbtest.Start).Now, false)
	must(l.t, err)
	defer s.Close()
	for table, n := range map[string]*int{"units": &units, "persons": &people, "cases": &cases, "signers": &signers} {
		must(l.t, s.db.SQL().QueryRowContext(l.t.Context(), "SELECT COUNT(*) FROM "+table).Scan(n))
	}
	return units, people, cases, signers
}

func (l *loading) has(units, people, cases, signers int) {
	l.t.Helper()
	u, p, c, s := l.counts()
	if u != units || p != people || c != cases || s != signers {
		l.t.Errorf("the register has %d units, %d people, %d cases, %d signers; want %d, %d, %d, %d", u, p, c, s, units, people, cases, signers)
	}
}

func gbk(t *testing.T, s string) string {
	t.Helper()
	out, err := simplifiedchinese.GBK.NewEncoder().String(s)
	must(t, err)
	return out
}

func TestLoadKnowsItsFiles(t *testing.T) {
	for name, files := range map[string]func(l *loading) []string{
		"csv, cases first": func(l *loading) []string {
			return []string{l.file("cases.csv", "案件清单,,,\n"+caseHead+caseRows), l.file("people.csv", "\ufeff名单,,\n"+peopleHead+peopleRows)}
		},
		"gbk": func(l *loading) []string {
			return []string{l.file("a.csv", gbk(l.t, peopleHead+peopleRows)), l.file("b.csv", gbk(l.t, caseHead+caseRows))}
		},
		"workbook": func(l *loading) []string {
			return []string{l.workbook("all.xlsx", caseHead+caseRows, peopleHead+peopleRows)}
		},
		"several of a kind": func(l *loading) []string {
			rows := strings.SplitAfter(peopleRows, "\n")
			return []string{l.file("c.csv", caseHead+caseRows), l.workbook("a.xlsx", peopleHead+rows[0]+rows[3]), l.file("b.csv", peopleHead+rows[1]+rows[2])}
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLoading(t)
			paths := files(l)
			got := l.load(paths...)
			got.says(t, 0, "新增单位 3 个，新增人员 3 人，人员变动 1 处，新增案件 1 件，更新案件 0 件|邀请链接 3 个|示例鉴定所\t张三\t/start |2026-12-01|整段发给它")
			l.has(3, 3, 1, 2)
			again := l.load(paths...)
			again.says(t, 0, "没有新内容：名单所列都已登记。")
			if strings.Contains(again.out, "/start") || strings.Contains(again.out, "邀请") {
				t.Errorf("invites again:\n%s", again.out)
			}
			l.has(3, 3, 1, 2)
			for _, s := range []string{"是", "党员"} { // R7.3
				if strings.Contains(tree(t, l.dir+"/data"), s) {
					t.Errorf("the register keeps %s", s)
				}
			}
		})
	}
}

var linkForm = regexp.MustCompile(`https://t\.me/liuhen_sandbox_bot\?start=[A-Za-z0-9_-]{22}\t`)

func TestLoadPrintsLinks(t *testing.T) {
	_, telegram := emulator(t)
	l := newLoading(t, "TELEGRAM_API_URL="+telegram, "LIUHEN_LOCALE=en")
	path := l.file("people.csv", peopleHead+peopleRows)
	got := l.load(path)
	got.says(t, 0, "3 new units, 3 new people|3 invitations")
	if n := len(linkForm.FindAllString(got.out, -1)); n != 3 || strings.Contains(got.out, "/start") {
		t.Errorf("%d links:\n%s", n, got.out)
	}
	l.load(path).says(t, 0, "Nothing new")
}

func TestLoadNamesBadRows(t *testing.T) {
	bad := map[string]string{
		"people": "示例市司法局,,示例鉴定所,赵六,主任,,\n",
		"cases":  "示例鉴定所,示例〔2026〕临鉴字第2号,笔迹鉴定,某甲,个人,张三、孙八,2026-09-01,,\n",
		"late":   "示例鉴定所,示例〔2026〕临鉴字第3号,笔迹鉴定,某甲,个人,张三,2026-13-01,,\n",
		"where":  "别处鉴定所,示例〔2026〕临鉴字第4号,笔迹鉴定,某甲,个人,张三,2026-09-01,,\n",
	}
	for _, c := range []struct {
		name  string
		files func(l *loading) []string
		want  string
		after [4]int // units, people, cases, signers with --partial
	}{
		{
			"role", func(l *loading) []string { return []string{l.workbook("p.xlsx", peopleHead+peopleRows+bad["people"])} },
			"p.xlsx，工作表“表1”第 7 行“角色”：“主任”不是规定的角色",
			[4]int{3, 3, 0, 0},
		},
		{
			"date", func(l *loading) []string {
				return []string{l.file("c.csv", caseHead+bad["late"]+caseRows), l.file("p.csv", peopleHead+peopleRows)}
			},
			"c.csv，第 2 行“受理日期”：“2026-13-01”不是有效的日期",
			[4]int{3, 3, 1, 2},
		},
		{"unknown signer", func(l *loading) []string {
			return []string{l.workbook("c.xlsx", caseHead+caseRows+bad["cases"]), l.file("p.csv", peopleHead+peopleRows)}
		}, "c.xlsx，工作表“表1”第 4 行：机构里没有登记“孙八”，请核对姓名", [4]int{3, 3, 1, 2}},
		{
			"unknown institution", func(l *loading) []string {
				return []string{l.file("x.csv", caseHead+bad["where"]), l.file("p.csv", peopleHead+peopleRows)}
			},
			"x.csv，第 2 行：没有登记“别处鉴定所”这个机构",
			[4]int{3, 3, 0, 0},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLoading(t)
			files := c.files(l)
			got := l.load(files...)
			got.says(t, 1, c.want+"|没有保存任何内容")
			if strings.Contains(got.out, "/start") {
				t.Error("somebody was invited all the same")
			}
			if _, err := os.Stat(l.dir + "/data/liuhen.db"); err == nil {
				l.has(0, 0, 0, 0)
			}
			l.load(append([]string{"--partial"}, files...)...).says(t, 0, c.want+"|已导入")
			l.has(c.after[0], c.after[1], c.after[2], c.after[3])
		})
	}
}

func TestLoadRefusesFilesThatAreNoLists(t *testing.T) {
	l := newLoading(t)
	good := l.file("p.csv", peopleHead+peopleRows)
	got := l.load("--partial", l.dir+"/none.csv", l.file("x.pdf", "%PDF-1.4"), l.dir, good)
	got.says(t, 1, "none.csv cannot be read (no such file or directory): correct the name|x.pdf：|is a folder: name the files in it|有 3 处错误")
	if _, err := os.Stat(l.dir + "/data"); err == nil {
		t.Error("something was made")
	}
	l.load().says(t, 1, "name at least one .xlsx or .csv file")
	l.load("--all", good).says(t, 1, "flag provided but not defined: -all; usage: load")
}

func TestLoadTemplate(t *testing.T) {
	l := newLoading(t)
	path := l.dir + "/lists.xlsx"
	l.load("--template", path).says(t, 0, "")
	l.load("--template", path).says(t, 1, "lists.xlsx is there already: remove it, or give another name")
	l.load("--template", l.dir+"/none/lists.xlsx").says(t, 1, "the template cannot be written|correct the path")
	l.load("--template", l.dir+"/x.xlsx", path).says(t, 1, "stand alone")
	if _, err := os.Stat(l.dir + "/data"); err == nil {
		t.Error("the template needs no register")
	}
	l.load(path).says(t, 0, "已导入|新增案件 2 件|邀请链接")
}

func TestLoadInvite(t *testing.T) {
	l := newLoading(t)
	l.load("--invite", "张三").says(t, 1, "not created yet")
	if _, err := os.Stat(l.dir + "/data"); err == nil {
		t.Error("--invite made a register")
	}
	first := l.load(l.file("p.csv", peopleHead+peopleRows+
		"示例市司法局,,第二鉴定所,张三,鉴定人,003,\n示例市司法局,,第二鉴定所,周九,鉴定人,1004,\n示例市司法局,,第二鉴定所,周九,鉴定人,1005,\n"))
	first.says(t, 0, "新增人员 6 人")
	l.load("--invite", "张三").says(t, 1, "“张三”不止一人，请写明单位再试：张三@示例鉴定所、张三@第二鉴定所")
	l.load("--invite", "周九").says(t, 1, "周九@1004、周九@1005")
	l.load("--invite", "周九@1005").says(t, 0, "第二鉴定所\t周九\t/start ")
	l.load("--invite", "孙八").says(t, 1, "没有登记“孙八”")
	l.load("--invite", "张三@别处").says(t, 1, "没有登记“张三@别处”")
	got := l.load("--invite", "张三＠第二鉴定所")
	got.says(t, 0, "只显示这一次|第二鉴定所\t张三\t/start |2026-12-01")
	token := regexp.MustCompile(`第二鉴定所\t张三\t/start (\S+)`)
	if a, b := token.FindStringSubmatch(first.out), token.FindStringSubmatch(got.out); len(a) != 2 || len(b) != 2 || a[1] == b[1] {
		t.Errorf("the invitation is not a new one: %v %v", a, b)
	}
}

// TestRegisterSentences: every fault of the register has its sentence, in both languages, with as many arguments.
func TestRegisterSentences(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "../storage/db/load.go", nil, parser.ParseComments)
	must(t, err)
	n := 0
	ast.Inspect(f, func(x ast.Node) bool {
		v, ok := x.(*ast.ValueSpec)
		if !ok || len(v.Values) != 1 {
			return true
		}
		if id, ok := v.Type.(*ast.Ident); !ok || id.Name != "FaultCode" {
			return true
		}
		n++
		code, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
		must(t, err)
		for _, locale := range []string{text.ZhHans, text.En} {
			said := text.RegisterSentence(locale, text.ListPlace{File: "f.csv", Row: 7}, text.RegisterCode(code), "ARG")
			if !strings.Contains(said, "f.csv") || !strings.Contains(said, "7") || !strings.Contains(said, "ARG") || strings.Contains(said, "{") || len(said) < 40 {
				t.Errorf("%s in %s: %q", code, locale, said)
			}
		}
		return true
	})
	if n < 10 {
		t.Errorf("only %d codes found", n)
	}
}

// TestLoadSaysWhoLeft: a role ends with the day in 离任日期, whoever is left without any has left, and the list may be loaded again.
func TestLoadSaysWhoLeft(t *testing.T) {
	l := newLoading(t)
	l.load(l.file("people.csv", peopleHead+peopleRows)).says(t, 0, "邀请链接 3 个")
	head := "主管机关,机构,姓名,角色,执业证号,离职日期\n"
	list := l.file("left.csv", head+"示例市司法局,示例鉴定所,李四,报告接收人,002,2026.11.20\n"+
		"示例市司法局,示例鉴定所,张三,鉴定人,001,2026年11月20日\n示例市司法局,示例鉴定所,赵六,鉴定人,,2026-11-20\n")
	got := l.load(list)
	got.says(t, 0, "李四（示例鉴定所）不再担任报告接收人，其他角色不变|张三（示例鉴定所）已离任，不再担任鉴定人|写明“赵六”已离任，但没有登记")
	l.load(list).says(t, 0, "写明“赵六”已离任")
	l.load(l.file("future.csv", head+"示例市司法局,示例鉴定所,李四,鉴定人,002,2099-01-01\n")).says(t, 1, "离任日期")
	l.load(l.file("again.csv", peopleHead+peopleRows)).says(t, 1, "“张三”已登记为离开")
}

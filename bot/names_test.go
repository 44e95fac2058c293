package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"filippo.io/age"

	"liuhen/bot/sandbox"
	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/storage/db"
)

// made is one thing that the program put out.
type made struct {
	what    string // the kind of thing, and for whom
	name    string // of the file
	content []byte
}

// stranger reports past the institution and signs for no case: nothing at all may show the name.
const stranger = "欧阳鹤鸣"

// allowed are the places in which a reporter's name stands because the rule wants it there, by reporter. Whoever adds one says why.
var allowed = map[string]map[string]string{
	stranger: {
		"own print of " + stranger:   "Art. 4: the signer's own entry, for the signer to sign by hand",
		"own receipt of " + stranger: "E9: what a signer keeps, the same for 无此类情况",
	},
	"张三": {
		"own print of 张三":   "Art. 4: the signer's own entry, for the signer to sign by hand",
		"own receipt of 张三": "E9: what a signer keeps, the same for 无此类情况",
		"list":              "E20: names every signer of every case, the same whatever they filed (TestFilingsOnTheTelephone)",
		"export index":      "AM-12: names every signer of the case, the same whatever they filed (TestExportTellsNothing)",
	},
}

// handed is by which kind of thing each effect that gives something out is tried.
var handed = map[string]string{
	"Print": "own print of 张三", "Attest": "own receipt of 张三", "HandLetter": "letter", "Ledger": "entries under Art. 11",
	"HandProtocol": "protocol of disposal", "HandFilings": "list", "HandCheckpoint": "checkpoint",
	"Hand": "", // evidence as it was received, for whoever reads the report
	"Hint": "", // words on a screen
}

// said is by which kind of thing each command is tried; those that put out nothing of what is stored are said why.
var said = map[string]string{
	"explain": "explain", "check": "check", "verify": "verify", "export": "export", "backup": "backup", "keys": "keys",
	"demo": "", "run": "", // the bot itself: its log is tried
	"load":    "", // takes in; what it prints are invitations of the people in its file
	"restore": "", // takes in
}

// TestNoReporterNamed (R9.2): in a world in which a signer and a stranger have reported, everything that the program prints, drafts,
// exports, lists, counts and logs is searched for their names, IDs and licences. They stand where allowed says, and nowhere else.
func TestNoReporterNamed(t *testing.T) {
	s := newFew(t)
	reporters(t, s)
	var all []made
	all = append(all, s.handedOut()...)
	all = append(all, s.exported()...)
	all = append(all, s.disposed()...)
	all = append(all, s.loggedAndKept()...)
	kinds, used := map[string]bool{}, map[string]bool{}
	ids := s.idsOf(stranger, "张三")
	for _, m := range all {
		kinds[m.what] = true
		if len(m.content) == 0 && !strings.HasSuffix(m.what, " says") {
			t.Errorf("%s %s is empty", m.what, m.name)
		}
		text := readable(t, m)
		for who, marks := range ids {
			found := slices.IndexFunc(marks, func(mark string) bool { return strings.Contains(m.name, mark) || strings.Contains(text, mark) })
			if found >= 0 && allowed[who][m.what] == "" {
				t.Errorf("%s (%s) shows %s of %s", m.what, m.name, marks[found], who)
			}
			used[who+m.what] = used[who+m.what] || found >= 0
		}
	}
	for who, places := range allowed {
		for what := range places {
			if !used[who+what] {
				t.Errorf("%s does not name %s: strike it from what is allowed", what, who)
			}
		}
	}
	for effect, kind := range handed {
		if kind != "" && !kinds[kind] {
			t.Errorf("nothing came of %s", effect)
		}
	}
	if len(all) < 40 {
		t.Errorf("only %d things were searched", len(all))
	}
	t.Logf("%d things of %d kinds searched", len(all), len(kinds))
}

// TestEverythingPutOutIsSearched: a new effect that gives something out, or a new command, is tried above or said why not.
func TestEverythingPutOutIsSearched(t *testing.T) {
	files, err := filepath.Glob("../flows/*.go")
	must(t, err)
	effects, durable := map[string]bool{}, map[string]bool{}
	for _, f := range files {
		src, err := os.ReadFile(f)
		must(t, err)
		for _, m := range regexp.MustCompile(`func \((\w+)\) (effect|durable)\(\)`).FindAllStringSubmatch(string(src), -1) {
			map[string]map[string]bool{"effect": effects, "durable": durable}[m[2]][m[1]] = true
		}
	}
	if len(effects) < 20 {
		t.Fatalf("only %d effects were found", len(effects))
	}
	for e := range effects {
		if _, tried := handed[e]; !tried && !durable[e] {
			t.Errorf("the effect %s gives something out: say by what it is searched for names", e)
		}
	}
	for _, c := range commands() {
		if _, tried := said[c.name]; !tried {
			t.Errorf("the command %s puts something out: say by what it is searched for names", c.name)
		}
	}
}

// reporters lets the stranger report the head past the institution, and 张三 the client to it; both are handled.
func reporters(t *testing.T, s *stage) {
	t.Helper()
	loaded, err := s.app.stores.db.Load(context.Background(), db.Batch{People: []db.Person{{
		Row: 1, Authority: "云州市司法局", Superior: "江南省司法厅", Institution: "云州正明司法鉴定所", Name: stranger, Role: law.Staff,
	}, {Row: 2, Authority: "江南省司法厅", Name: "蒋三", Role: law.Officer}}})
	if err != nil || len(loaded.Invitations) != 2 || loaded.Invitations[0].Name != stranger {
		t.Fatalf("%v %+v", err, loaded)
	}
	s.phones[stranger] = s.box.Phone(1600, stranger)
	s.must(s.act(stranger, func(p *sandbox.Phone) error { p.Start(loaded.Invitations[0].Token); return nil }))
	s.says(stranger, stranger)
	s.must(s.Command(stranger, "file"))
	s.tap(stranger, "不在名单上 / 尚无编号")
	s.says(stranger, "正明司鉴所〔2026〕临鉴字第101号", "伤残等级鉴定")
	s.tap(stranger, "☐ 有上述情形", "☐ （三）出具特定鉴定意见", "下一步", "☐ 鉴定机构内部人员", "下一步", "☐ 赵六（鉴定机构负责人）", "下一步", "否", "否", "下一步")
	s.tellAndSign(stranger)
	s.toMeans("张三")
	s.tap("张三", "☐ 当面", "下一步")
	s.says("张三", story)
	s.sign("张三")
	s.must(s.Command("李四", "file"))
	s.tap("李四", case101, "☐ 无此类情况", "签名存档")
	s.must(s.Open("钱七", ""))
	s.tap("钱七", "待办")
	s.tapWith("钱七", "未读")
	s.tap("钱七", "受理", "确定", "转报主管司法行政机关", "确定")
	for range 2 {
		s.must(s.Open("吴十", ""))
		s.tap("吴十", "待办")
		s.tapWith("吴十", "未读")
		s.tap("吴十", "受理", "确定", "确定第八条情形", "确定")
		s.draftAll("吴十")
	}
}

// tellAndSign answers the last questions of a sheet about an event and signs.
func (s *stage) tellAndSign(who string) {
	s.t.Helper()
	s.says(who, "11月20日", "本所二楼办公室")
	s.tap(who, "☐ 当面", "下一步")
	s.says(who, story)
	s.sign(who)
}

// sign goes on until the sheet can be signed, and signs it.
func (s *stage) sign(who string) {
	s.t.Helper()
	for range 6 {
		for _, row := range s.Screen(who).Rows {
			if slices.Contains(row, "签名存档") {
				s.tap(who, "签名存档")
				return
			}
		}
		s.tap(who, "下一步")
	}
	s.t.Fatalf("%s cannot sign on\n%s", who, s.Screen(who).Text)
}

// draftAll drafts every letter that can be drafted about the report that is open.
func (s *stage) draftAll(who string) {
	s.t.Helper()
	s.tap(who, "起草文书")
	var letters []string
	for _, row := range s.Screen(who).Rows {
		if strings.Contains(row[0], "·") {
			letters = append(letters, row[0])
		}
	}
	if len(letters) < 3 {
		s.t.Fatalf("only %v can be drafted", letters)
	}
	for i, l := range letters {
		if i > 0 {
			s.tap(who, "起草文书")
		}
		s.tap(who, l)
		s.says(who, "该所有人要求改变鉴定意见。")
		s.tap(who, "确定")
	}
}

// handedOut is every file that somebody got in the chat: own prints and receipts, letters, lists, and the entries under Art. 11.
func (s *stage) handedOut() (out []made) {
	s.t.Helper()
	for _, who := range []string{stranger, "张三"} {
		s.must(s.Command(who, "records"))
		s.tapWith(who, " · 2026-11-24")
		s.tap(who, "打印件", "回执")
	}
	for _, who := range []string{"赵六", "孙八", "吴十"} {
		s.must(s.Command(who, "help"))
		s.tap(who, "填报清单", "2026年第4季度")
	}
	s.must(s.Command("吴十", "help"))
	s.tap("吴十", "日志检查点", "取检查点")
	s.must(s.Open("吴十", ""))
	s.tap("吴十", "诚信档案", "按姓名查找…")
	s.says("吴十", "赵六")
	s.tapWith("吴十", "责令改正：赵六")
	s.tapWith("吴十", "（二）")
	s.says("吴十", "负责人授意不记录。", "检查笔录第2页")
	s.tapWith("吴十", "日前")
	s.tap("吴十", "确定")
	s.must(s.Days(30))
	s.must(s.Open("吴十", ""))
	s.tap("吴十", "诚信档案")
	s.tapWith("吴十", "赵六 · ")
	s.tap("吴十", "记入诚信档案")
	s.says("吴十", "事实清楚。", "云司罚〔2026〕1号", "2026年12月24日")
	s.tap("吴十", "确定", "上一步", "导出记入情况（供诚信等级评估）")
	for who := range s.phones {
		for _, m := range s.documents(who) {
			out = append(out, made{whichFile(who, m.File.Name), m.File.Name, s.phones[who].Download(m.File.ID)})
		}
	}
	return out
}

// whichFile is what a file is, by its name and who got it.
func whichFile(who, name string) string {
	switch {
	case strings.HasPrefix(name, "回执"):
		return "own receipt of " + who
	case strings.HasPrefix(name, "检查点"):
		return "checkpoint"
	case strings.HasPrefix(name, "draft-"):
		return "letter"
	case strings.HasPrefix(name, "list-"):
		return "list"
	case name == "integrity.xlsx":
		return "entries under Art. 11"
	case who == stranger || who == "张三":
		return "own print of " + who
	}
	return "protocol of disposal"
}

// exported is what the commands put out: what they say, and the files they write, sealed parts left out, which are opened only with the
// authority's key.
func (s *stage) exported() (out []made) {
	t := s.t.(*testing.T)
	dir, to := s.cfg.Data, t.TempDir()
	environ := []string{"TELEGRAM_TOKEN=" + s.cfg.Token, "TELEGRAM_API_URL=http://127.0.0.1:9", "LIUHEN_DATA=" + dir}
	var keys strings.Builder
	public := func() string {
		k, err := age.GenerateX25519Identity()
		must(t, err)
		return k.Recipient().String()
	}
	for organ, people := range map[string][]string{"云州市司法局": {"吴十", "郑一"}, "江南省司法厅": {"陈大", "蒋三"}} {
		fmt.Fprintf(&keys, "[[organ]]\nname = %q\nkey = %q\nauthorised = [", organ, public())
		for _, p := range people {
			fmt.Fprintf(&keys, "{name = %q, key = %q},", p, public())
		}
		keys.WriteString("]\n")
	}
	must(t, os.WriteFile(filepath.Join(dir, "archive.toml"), []byte(keys.String()), 0o600))
	for _, args := range [][]string{
		{"explain"},
		{"check"},
		{"verify"},
		{"export", "--to", filepath.Join(to, "packages")},
		{"export", "--checkpoint", filepath.Join(to, "checkpoint.txt")},
		{"backup", "--to", public(), filepath.Join(to, "backup")},
		{"keys"},
		{"help"},
	} {
		got := invoke(t, environ, args...)
		out = append(out, made{args[0] + " says", "", []byte(got.out + got.err)})
		if args[0] == "export" && got.code != 0 || args[0] == "verify" && got.code != 0 || args[0] == "backup" && got.code != 0 {
			t.Fatalf("%v: %s%s", args, got.out, got.err)
		}
	}
	packages := 0
	must(t, filepath.WalkDir(to, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || regexp.MustCompile(`^part-\d+\.age$`).MatchString(d.Name()) {
			return err
		}
		b, err := os.ReadFile(path)
		must(t, err)
		kind := "export"
		switch {
		case strings.HasPrefix(d.Name(), "index."):
			kind, packages = "export index", packages+1
		case strings.Contains(path, "backup"):
			kind = "backup"
		}
		if len(b) > 0 {
			out = append(out, made{kind, strings.TrimPrefix(path, to), b})
		}
		return nil
	}))
	if packages != 2 {
		t.Fatalf("%d indexes were exported", packages)
	}
	return out
}

// disposed is the protocol of the disposal of all cases, thirty years later.
func (s *stage) disposed() (out []made) {
	s.t.Helper()
	s.must(s.Days(366 * 31))
	for who, do := range map[string]string{"孙八": "提出销毁", "冯二": ""} {
		if do == "" {
			continue
		}
		s.must(s.Command(who, "help"))
		s.tap(who, "归档保管", do)
		s.says(who, "保管期满，鉴定委员会同意。")
		s.tap(who, "确定")
	}
	s.must(s.Command("冯二", "help"))
	s.tap("冯二", "归档保管", "同意销毁")
	s.says("冯二", "云司〔2057〕9号")
	s.tap("冯二", "确定")
	s.tapWith("冯二", "销毁清册：")
	for _, m := range s.documents("冯二") {
		out = append(out, made{"protocol of disposal", m.File.Name, s.phones["冯二"].Download(m.File.ID)})
	}
	return out
}

// loggedAndKept are the logs of access that confidants read, what the program logged, and the names of the files it keeps.
func (s *stage) loggedAndKept() (out []made) {
	s.t.Helper()
	for _, who := range []string{"周九", "卫二"} {
		for page := range 4 {
			w := db.Where{Place: flows.AtLog, Page: page}
			d := s.desk(who, w)
			if d.Log == nil {
				s.t.Fatalf("%s has no log of access", who)
			}
			out = append(out, made{"log of access", fmt.Sprint(who, page), []byte(fmt.Sprint(flows.View(flows.State{Place: flows.AtLog, Page: page}, d)))})
		}
	}
	out = append(out, made{"log", "", []byte(s.logs.String())})
	s.must(filepath.WalkDir(s.cfg.Data, func(path string, d fs.DirEntry, err error) error {
		out = append(out, made{"file name", path, []byte(path)})
		return err
	}))
	return out
}

// idsOf are the name, the ID and the licence of people.
func (s *stage) idsOf(names ...string) map[string][]string {
	s.t.Helper()
	out := map[string][]string{}
	for _, name := range names {
		found, err := s.app.stores.db.Named(context.Background(), name)
		if err != nil || len(found) != 1 {
			s.t.Fatalf("%s: %+v %v", name, found, err)
		}
		out[name] = []string{name, found[0].Person}
		if found[0].Licence != "" {
			out[name] = append(out[name], found[0].Licence)
		}
	}
	return out
}

// readable is everything that can be read in a file: its bytes, in both widths, and the words inside.
func readable(t testing.TB, m made) string {
	t.Helper()
	out := string(m.content)
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		units := make([]uint16, len(m.content)/2)
		for i := range units {
			units[i] = order.Uint16(m.content[2*i:])
		}
		out += string(utf16.Decode(units))
	}
	switch filepath.Ext(m.name) {
	case ".pdf":
		return out + strings.Join(strings.Fields(printedText(t, m.content)), "")
	case ".docx", ".xlsx":
		z, err := zip.NewReader(bytes.NewReader(m.content), int64(len(m.content)))
		must(t, err)
		for _, f := range z.File {
			r, err := f.Open()
			must(t, err)
			b, err := io.ReadAll(r)
			must(t, err)
			out += f.Name + string(b) + regexp.MustCompile(`<[^>]*>`).ReplaceAllString(string(b), "")
		}
	}
	return out
}

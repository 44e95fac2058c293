package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"liuhen/bot/backup"
	"liuhen/bot/sandbox"
	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
	"liuhen/storage/dialogs/dialogstest"
	"liuhen/storage/vault"
)

// canary is a word that must be found only where it belongs.
type canary struct {
	word  string
	kind  string   // content: sealed wherever it lies; register: in the database only; secret: in no chat either
	chats []string // whose chats with the bot may show it
}

// aviary is a world in which every name and everything typed is a canary.
type aviary struct {
	*stage
	birds  []canary
	redis  *dialogstest.Redis
	mu     sync.Mutex
	urls   []string
	broken bool // the network fails, with errors that quote the address
}

// Do implements telegram.Doer; it writes down every address.
func (a *aviary) Do(r *http.Request) (*http.Response, error) {
	a.mu.Lock()
	a.urls = append(a.urls, r.URL.String()+fmt.Sprint(r.Header))
	broken := a.broken && !strings.HasSuffix(r.URL.Path, "getUpdates")
	a.mu.Unlock()
	if broken {
		return nil, &url.Error{Op: "Post", URL: r.URL.String(), Err: errors.New("dial tcp: no route to " + r.URL.String())}
	}
	return (&http.Client{Transport: a.box.Transport()}).Do(r)
}

func (a *aviary) cut(broken bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.broken = broken
}

// content makes a canary of something typed or sent.
func (a *aviary) content(word string, chats ...string) string {
	a.birds = append(a.birds, canary{word, "content", chats})
	return word
}

const (
	signer, colleague, receiver, head, officer = "甲雀张", "乙雀李", "丙雀钱", "丁雀赵", "戊雀吴"
	nest, organ                                = "雀巢司法鉴定所", "雀林市司法局"
)

// hatch loads a register of canaries and lets everybody bind through the bot.
func hatch(t *testing.T, address string, suite vault.Suite) *aviary {
	t.Helper()
	a := &aviary{redis: dialogstest.StartRedis(t)}
	t.Setenv("TMPDIR", t.TempDir()) // whatever is put down somewhere is put down here
	a.stage = newStage(t, staging{
		seed: t.TempDir(), redis: a.redis.URL, cast: []string{},
		cfg: func(c *Config) {
			c.Token, c.Suite = "7000000001:CANARYtokenAAEtoken", suite
			if address != "" {
				c.DatabaseURL = address
			}
		},
	})
	a.stop()
	a.start(tuning{http: a, step: func(s flows.State, d flows.Desk, e flows.Event) (flows.State, []flows.Effect) {
		if say, ok := e.Do.(flows.Say); ok && strings.Contains(say.Text, "惊雀") {
			panic("the conversation broke on " + say.Text)
		}
		return flows.Step(s, d, e)
	}})
	a.birds = append(a.birds, canary{a.cfg.Token, "secret", nil}, canary{"CANARYtokenAAEtoken", "secret", nil})
	person := func(name string, role law.Role, house bool) db.Person {
		p := db.Person{Authority: organ, Name: name, Role: role}
		if house {
			p.Institution = nest
		}
		a.birds = append(a.birds, canary{name, "register", []string{signer, colleague, receiver, head, officer}})
		return p
	}
	done, err := a.app.stores.db.Load(context.Background(), db.Batch{
		People: []db.Person{
			person(signer, law.Appraiser, true), person(colleague, law.Appraiser, true), person(receiver, law.Receiver, true),
			person(head, law.Head, true), person(officer, law.Officer, false),
		},
		Cases: []db.Case{{
			Institution: nest, Number: "雀号〔2026〕第1号", MatchKey: "雀号(2026)第1号", Matter: "雀羽伤残鉴定", Client: "雀城法院", ClientType: "司法机关",
			Signers: []db.Signer{{Name: signer}, {Name: colleague}}, Accepted: law.Date{Y: 2026, M: 11, D: 2}, Closed: law.Date{Y: 2026, M: 11, D: 20},
		}},
	})
	a.must(err)
	if len(done.Faults) > 0 || len(done.Invitations) != 5 {
		t.Fatalf("%+v", done)
	}
	everybody := []string{signer, colleague, receiver, head, officer}
	for _, w := range []string{"雀号〔2026〕第1号", "雀羽伤残鉴定", nest, organ} {
		a.birds = append(a.birds, canary{w, "register", everybody})
	}
	for i, v := range done.Invitations {
		a.birds = append(a.birds, canary{v.Token, "secret", nil})
		a.phones[v.Name] = a.box.Phone(int64(7001+i), v.Name)
		a.phones[v.Name].Start(v.Token)
		a.idle()
		a.says(v.Name, v.Name)
		a.shows(v.Name, v.Name+"，您好")
	}
	return a
}

// play types a canary into every field there is, with faults of every kind in between.
func (a *aviary) play() {
	told := []string{signer, receiver}
	a.must(a.Command(signer, "file"))
	a.tap(signer, "● 雀号〔2026〕第1号", "☐ 有上述情形", "☐ （四）其他影响独立鉴定的情形")
	a.says(signer, a.content("雀鸣情形四", told...))
	a.tap(signer, "下一步", "☐ 委托人", "☐ 其他")
	a.says(signer, a.content("雀影干预人", told...))
	a.tap(signer, "下一步")
	for _, l := range []string{"否", "不清楚", "下一步"} { // superior, party, content
		if a.labelWith(signer, l) != "" {
			a.tap(signer, l)
		}
	}
	if a.labelWith(signer, "下一步") != "" && strings.Contains(a.Screen(signer).Text, "干预内容") {
		a.tap(signer, "下一步")
	}
	a.tap(signer, "昨天")
	a.says(signer, a.content("雀巷地点", told...))
	a.tap(signer, "☐ 其他")
	a.says(signer, a.content("雀语方式", told...))
	a.tap(signer, "下一步")
	a.redis.Kill()
	a.phones[signer].Say(a.content("雀言经过", told...))
	time.Sleep(300 * time.Millisecond)
	a.redis.Restart()
	a.idle()
	a.says(signer, a.content("惊雀panic", signer))
	a.shows(signer, "刚才这一步没有成功")
	a.must(a.phones[signer].Tap(0, "下一步")) // of the screen above
	a.idle()
	a.first(1, sandbox.Fault{Status: 502, Body: "<html>雀</html>"}, "getFile", "file", "sendMessage", "editMessageText")
	a.phones[signer].Send("document", a.content("雀名文件.txt", told...), "text/plain", []byte(a.content("BIRDbytesOFevidence", told...)), a.content("雀注说明", told...))
	a.idle()
	a.box.Fault(nil)
	a.cut(true)
	a.phones[signer].Forward(a.content("雀传转发", told...), a.content("雀客来源", told...))
	time.Sleep(300 * time.Millisecond)
	a.cut(false)
	a.idle()
	a.first(9, sandbox.Fault{Status: 404, Text: "Not Found"}, "file")
	a.phones[signer].Send("document", a.content("雀失文件.txt", signer), "", []byte(a.content("BIRDlostbytes", signer)), "")
	a.idle()
	a.box.Fault(nil)
	a.tap(signer, "下一步")
	a.tap(signer, "签名存档")
	a.outbox()
	a.must(a.Open(receiver, ""))
	a.tap(receiver, "待办")
	a.tapWith(receiver, "未读")
	a.tapWith(receiver, "证据 1 · ")
	a.tapWith(receiver, "证据 2 · ")
	a.shows(receiver, "雀言经过")
	a.must(a.Command(signer, "records"))
	a.tapWith(signer, "雀号")
	a.tap(signer, "更正")
	a.says(signer, a.content("雀悔理由", signer)) // never signed
	a.must(a.Command(signer, "file"))
	a.tap(signer, "不在名单上 / 尚无编号")
	a.says(signer, a.content("雀稿编号", signer), a.content("雀稿事项", signer)) // a draft
	a.tap(signer, "☐ 有上述情形")
	for _, who := range []string{colleague, head, officer} {
		for _, c := range []string{"menu", "file", "cases", "records", "todo"} {
			a.must(a.Command(who, c))
		}
		a.says(who, a.content("雀乱"+who, who))
	}
	later := a.clock.Now().AddDate(0, 0, 3)
	a.clock.set(time.Date(later.Year(), later.Month(), later.Day(), 9, 0, 1, 0, later.Location()))
	a.must(a.Clock("0s"))
	a.app.keep(context.Background())
	a.outbox()
}

// TestCanaries types words into everything there is and then looks for them wherever they must not be. What must be found is
// looked for in the same way.
func TestCanaries(t *testing.T) {
	t.Run("standard", func(t *testing.T) { canaries(t, "", vault.Standard) })
	dbtest.Each(t, func(t *testing.T, _ dbtest.Open) {
		if address := dbtest.Address(t); !strings.HasPrefix(address, "sqlite:") {
			canaries(t, address, vault.Guomi)
		}
	})
}

func canaries(t *testing.T, address string, suite vault.Suite) {
	a := hatch(t, address, suite)
	a.play()
	a.backup()
	if _, err := a.redis.Do("SET", "control", "雀controlREDIS"); err != nil {
		t.Fatal(err)
	}
	redis := a.redis.Data() // the append-only file
	if _, err := a.redis.Do("SAVE"); err != nil {
		t.Fatal(err)
	}
	redis = append(redis, a.redis.Data()...) // and a dump
	a.stop()
	a.chats()
	logs := a.logs.String()
	for _, b := range a.birds {
		if strings.Contains(logs, b.word) {
			t.Errorf("%s %q is in the logs", b.kind, b.word)
		}
		if bytes.Contains(redis, []byte(b.word)) {
			t.Errorf("%s %q is in Redis", b.kind, b.word)
		}
		for _, u := range a.urls {
			if strings.Contains(u, b.word) && !strings.Contains(a.cfg.Token, b.word) {
				t.Errorf("%s %q is in an address", b.kind, b.word)
			}
		}
	}
	a.files()
	for what, found := range map[string]bool{
		"a panic in the logs":  strings.Contains(logs, "panic"),
		"outages in the logs":  strings.Contains(logs, "tried again"),
		"a word in Redis":      bytes.Contains(redis, []byte("雀controlREDIS")),
		"the token in a URL":   strings.Contains(strings.Join(a.urls, " "), a.cfg.Token),
		"a signature":          strings.Contains(a.Screen(receiver).Text, "雀言经过"),
		"thirty words at work": len(a.birds) >= 30,
	} {
		if !found {
			t.Errorf("the control failed: %s", what)
		}
	}
}

// chats looks through everything the bot sent.
func (a *aviary) chats() {
	a.t.Helper()
	seen := map[string]bool{}
	for _, r := range a.box.Requests() {
		if r.Method == "getUpdates" {
			continue
		}
		sent, err := json.Marshal(r.Params)
		a.must(err)
		for _, p := range r.Params {
			if u, ok := p.(*sandbox.Upload); ok {
				sent = append(append(sent, u.Data...), u.Name...)
			}
		}
		to := ""
		for name, p := range a.phones {
			if p.ID() == r.ChatID() {
				to = name
			}
		}
		for _, b := range a.birds {
			if !bytes.Contains(sent, []byte(b.word)) {
				continue
			}
			if seen[b.word+to] = true; !slices.Contains(b.chats, to) {
				a.t.Errorf("%s %q went out by %s to %q", b.kind, b.word, r.Method, to)
			}
		}
	}
	for _, w := range []string{"雀言经过", "雀影干预人", "雀注说明", "BIRDbytesOFevidence"} {
		if !seen[w+receiver] {
			a.t.Errorf("the control failed: %q did not come to its recipient", w)
		}
	}
	if !seen["雀稿编号"+signer] || seen["雀稿编号"+receiver] {
		a.t.Error("the control failed: the draft is not where it belongs")
	}
}

// backup makes a backup where files looks, and looks through the rows that go into it: those are the database of either engine.
func (a *aviary) backup() {
	a.t.Helper()
	public, _ := keyPair(a.t)
	to, err := backup.Recipients(public)
	a.must(err)
	s := a.app.stores
	end, err := s.backup(context.Background(), filepath.Join(os.TempDir(), "canaries.backup"), to, &program{clock: a.clock.Now})
	a.must(err)
	sealed := map[byte]int{}
	_, err = s.db.Dump(context.Background(), func(p db.Part) error {
		for _, r := range p.Rows {
			for i, v := range r {
				text := fmt.Appendf(nil, "%v", v)
				if raw, ok := v.([]byte); ok {
					text = raw
					if p.Columns[i] != "wrapped" && p.Columns[i] != "hash" && p.Table != "log_hashes" && p.Table != "log" {
						sealed[raw[1]]++
					}
				}
				for _, b := range a.birds {
					if b.kind != "register" && bytes.Contains(text, []byte(b.word)) {
						a.t.Errorf("%s %q is in column %s of %s", b.kind, b.word, p.Columns[i], p.Table)
					}
				}
			}
		}
		return nil
	})
	a.must(err)
	code := map[vault.Suite]byte{vault.Standard: 1, vault.Guomi: 2}[s.cfg.Suite]
	if end.Rows["records"] == 0 || end.Evidence < 2 || sealed[code] < 4 || len(sealed) != 1 {
		a.t.Errorf("the control failed: %+v, columns by suite %v", end, sealed)
	}
}

// files looks through everything on disk.
func (a *aviary) files() {
	a.t.Helper()
	where := map[string]int{}
	for _, root := range []string{os.TempDir(), a.cfg.Data} {
		a.must(filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			database := strings.HasPrefix(d.Name(), "liuhen.db")
			if bytes.Contains(b, []byte(signer)) && database {
				where["names in the database"]++
			}
			if strings.Contains(path, "evidence") {
				where["files of evidence"]++
			}
			for _, w := range a.birds {
				if (bytes.Contains(b, []byte(w.word)) || strings.Contains(path, w.word)) && (w.kind != "register" || !database) {
					a.t.Errorf("%s %q is in %s", w.kind, w.word, d.Name())
				}
			}
			return nil
		}))
	}
	if strings.HasPrefix(a.cfg.DatabaseURL, "sqlite:") && where["names in the database"] == 0 || where["files of evidence"] < 2 {
		a.t.Errorf("the control failed: %v", where)
	}
}

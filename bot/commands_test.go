package main

import (
	"bytes"
	"context"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"liuhen/bot/sandbox"
	"liuhen/flows"
	"liuhen/flows/text"
	"liuhen/storage/db/dbtest"
	"liuhen/storage/dialogs/dialogstest"
)

const goodToken = "7000000001:SECRETtoken"

// lockedBuffer is a stream that is read while the program still writes.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// invoked is what one invocation said.
type invoked struct {
	code     int
	out, err string
}

// invoke runs the program as the command line would, at [dbtest.Start] and for a minute at most. No output ever holds a secret.
func invoke(t testing.TB, environ []string, args ...string) invoked {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	return invokeUntil(t, ctx, environ, args...)
}

func invokeUntil(t testing.TB, ctx context.Context, environ []string, args ...string) invoked {
	t.Helper()
	var out, errs lockedBuffer
	p := &program{environ: environ, out: &out, err: &errs, clock: dbtest.At(dbtest.Start).Now}
	got := invoked{code: p.main(ctx, args), out: out.String(), err: errs.String()}
	for _, s := range secretsOf {
		if strings.Contains(got.out+got.err, s) {
			t.Errorf("%v tells a secret: %s%s", args, got.out, got.err)
		}
	}
	return got
}

// says fails the test unless the invocation ended with code and said all parts, separated by |.
func (i invoked) says(t testing.TB, code int, parts string) {
	t.Helper()
	if i.code != code {
		t.Errorf("exit code %d, want %d\n%s%s", i.code, code, i.out, i.err)
	}
	for part := range strings.SplitSeq(parts, "|") {
		if !strings.Contains(i.out+i.err, part) {
			t.Errorf("does not say %q:\n%s%s", part, i.out, i.err)
		}
	}
}

// emulator is Telegram on a loopback port.
func emulator(t testing.TB) (*sandbox.Server, string) {
	t.Helper()
	box := sandbox.New(sandbox.Options{Token: goodToken})
	srv := httptest.NewServer(box.Handler())
	t.Cleanup(func() {
		box.Close()
		srv.Close()
	})
	return box, srv.URL
}

// closedPort is a loopback address where nobody listens.
func closedPort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// installation is a data folder of its own with the world of dbtest in it, everybody bound.
func installation(t testing.TB, address string) (environ []string, dir string, w *dbtest.World) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "data")
	environ = []string{"TELEGRAM_TOKEN=" + goodToken, "TELEGRAM_API_URL=http://127.0.0.1:9", "LIUHEN_DATA=" + dir}
	if address != "" {
		environ = append(environ, "DATABASE_URL="+address)
	}
	c, err := readConfig(environ)
	if err != nil {
		t.Fatal(err)
	}
	s, err := openRegister(t.Context(), c, dbtest.At(dbtest.Start).Now, true)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	return environ, dir, dbtest.Seed(t, s.db)
}

// with is the environment with other settings.
func with(environ []string, settings ...string) []string {
	out := slices.DeleteFunc(slices.Clone(environ), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.ContainsFunc(settings, func(s string) bool { return strings.HasPrefix(s, name+"=") })
	})
	return append(out, settings...)
}

// tree is every file below a folder with its content, "" for a folder that is not there.
func tree(t testing.TB, dir string) string {
	t.Helper()
	var b strings.Builder
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		content, _ := os.ReadFile(path)
		b.WriteString(strings.TrimPrefix(path, dir) + d.Type().String() + string(content) + "\n")
		return nil
	})
	return b.String()
}

func TestHelp(t *testing.T) {
	invoke(t, nil).says(t, 2, "usage: go run ./bot <command>|demo|run|load|check|explain|verify")
	invoke(t, nil, "--help").says(t, 0, "usage: go run ./bot <command>")
	invoke(t, nil, "start").says(t, 2, `"start" is not a command|usage:`)
	for _, c := range commands() {
		for _, h := range []string{"-h", "--help"} {
			got := invoke(t, nil, c.name, h)
			got.says(t, 0, "usage: go run ./bot "+c.name)
			if got.err != "" {
				t.Errorf("%s %s complains: %s", c.name, h, got.err)
			}
		}
		if c.args == "" {
			invoke(t, nil, c.name, "x").says(t, 2, c.name+" takes nothing after it")
		}
	}
}

func TestExplain(t *testing.T) {
	got := invoke(t, []string{"LIUHEN_DATA=" + t.TempDir()}, "explain")
	const head = `一、报告渠道（规则表 mohj-2020；自上而下，以第一条符合的为准）

1. 情形：鉴定机构负责人有第三条规定情形
   可选渠道：直接报告主管司法行政机关；报告所在机构；同时报告所在机构和主管司法行政机关
   预先选定：直接报告主管司法行政机关
   依据：第五条第二款、第五条第二款（解读 AM-9）
`
	if !strings.HasPrefix(got.out, head) {
		t.Errorf("begins with\n%.600s", got.out)
	}
	got.says(t, 0, "二、接收人|三、处理情形|四、处理义务|五、逾期的阶梯|六、期限|七、工作日历|八、反映打击报复|九、责令改正|2002–2026")
	invoke(t, []string{"LIUHEN_POLICY=guangdong-2022"}, "explain").says(t, 0, "guangdong-2022")
}

// TestRunKeepsTrying: Telegram and Redis that go away are waited for.
func TestRunKeepsTrying(t *testing.T) {
	environ, _, _ := installation(t, "")
	redis := dialogstest.StartRedis(t)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	go func() {
		time.Sleep(time.Second)
		redis.Kill()
	}()
	got := invokeUntil(t, ctx, with(environ, "REDIS_URL="+redis.URL, "TELEGRAM_API_URL=http://"+closedPort(t)), "run")
	got.says(t, 0, "liuhen runs; stop it with|polling failed, trying again")
}

// TestOtherKeys: a database on a server does not show in the data folder, so that a new folder would come with new keys.
func TestOtherKeys(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, _ dbtest.Open) {
		environ, _, w := installation(t, dbtest.Address(t))
		invoke(t, environ, "verify").says(t, 0, "0 faults")
		fresh := filepath.Join(t.TempDir(), "fresh")
		for _, command := range []string{"run", "verify", "check"} {
			invoke(t, with(environ, "LIUHEN_DATA="+fresh), command).says(t, 1, "LIUHEN_KEYS: key file is missing|Put the file back")
		}
		if _, err := os.Stat(filepath.Join(fresh, "keys")); err == nil {
			t.Error("a key file was made for a database that has one")
		}
		_, other, _ := installation(t, "")
		for _, command := range []string{"run", "verify", "check"} {
			got := invoke(t, with(environ, "LIUHEN_KEYS="+other+"/keys"), command)
			got.says(t, 1, "LIUHEN_KEYS: the database was made with another key file: put that file back")
		}
		// A database from before marks is known by its entries.
		c, err := readConfig(environ)
		if err != nil {
			t.Fatal(err)
		}
		s, err := openRegister(t.Context(), c, dbtest.At(dbtest.Start).Now, false)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if _, err := s.db.SQL().ExecContext(t.Context(), "DROP TABLE key_mark"); err != nil {
			t.Fatal(err)
		}
		r := w.Zero(w.Appraisers[0], w.Cases[1])
		if err := s.db.Commit(t.Context(), w.Appraisers[0].Caller(), w.Event(), r.Signed, []flows.Durable{flows.File{Record: r}}); err != nil {
			t.Fatal(err)
		}
		invoke(t, with(environ, "LIUHEN_KEYS="+other+"/keys"), "verify").says(t, 1, "made with another key file")
		invoke(t, environ, "verify").says(t, 0, "1 records")
		invoke(t, with(environ, "LIUHEN_KEYS="+other+"/keys"), "verify").says(t, 1, "made with another key file")
	})
}

func TestDemo(t *testing.T) {
	before := runtime.NumGoroutine()
	var out, errs lockedBuffer
	start := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	began := time.Now()
	p := &program{out: &out, err: &errs, clock: func() time.Time { return start.Add(time.Since(began)) }}
	d, err := p.startDemo(t.Context(), "127.0.0.1:0", history)
	if err != nil {
		t.Fatal(err, errs.String())
	}
	data := d.app.cfg.Data
	resp, err := http.Get(d.address)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("the page answers %s", resp.Status)
	}
	dir, err := d.app.stores.db.Directory(t.Context())
	if err != nil || len(dir.Members) == 0 {
		t.Fatal(err, len(dir.Members))
	}
	for _, m := range dir.Members {
		if !m.Bound {
			t.Errorf("%s has not taken up the invitation", m.Name)
		}
	}
	if now := d.advance(); now.Hour() != 9 || !now.After(start) {
		t.Errorf("advanced to %v", now)
	}
	digest := text.Say(text.ZhHans, text.NoticeDigest)
	heard := func() bool {
		return slices.ContainsFunc(d.box.Phone(firstPhone, "").Messages(), func(m sandbox.Message) bool { return m.Text == digest })
	}
	for end := time.Now().Add(10 * time.Second); !heard(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("nobody was reminded of anything the next morning")
		}
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(data); err == nil {
		t.Error("the demo's folder is still there")
	}
	if _, err := http.Get(d.address); err == nil {
		t.Error("the page still answers")
	}
	for end := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before+5; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d goroutines are left, %d before", runtime.NumGoroutine(), before)
		}
	}
	u, _ := url.Parse(d.address)
	got := invoke(t, nil, "demo", "-listen", "0.0.0.0:"+u.Port())
	got.says(t, 1, "the demo serves this machine only")
}

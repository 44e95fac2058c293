package telegram

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"liuhen/bot/sandbox"
	"liuhen/flows"
	"liuhen/flows/form"
)

const canary = "7000000001:CANARY-token"

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a client and a loopback Telegram.
type rig struct {
	*sandbox.Server
	*Client
	t    *testing.T
	url  string
	logs *lockedBuffer
}

type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, logs: &lockedBuffer{}, Server: sandbox.New(sandbox.Options{Token: canary})}
	web := httptest.NewServer(r.Handler())
	r.url = web.URL
	r.Client = r.connect(canary)
	t.Cleanup(func() {
		r.Server.Close()
		r.Client.Close()
		web.Close()
		for _, v := range r.Violations() {
			t.Errorf("violation: %s", v)
		}
		if strings.Contains(r.logs.String(), "CANARY") {
			t.Errorf("the token is in the log:\n%s", r.logs)
		}
	})
	return r
}

func (r *rig) connect(token string) *Client {
	c, err := New(Options{
		Token: token, URL: r.url + "/", Clock: time.Now, FileLimit: 1 << 20, Group: "再见",
		Log: slog.New(slog.NewTextHandler(r.logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	must(r.t, err)
	return c
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// person is somebody who has written to the bot.
func (r *rig) person(id int64) *sandbox.Phone {
	p := r.Phone(id, "张三")
	p.Start("")
	return p
}

func screen(text string) flows.Screen {
	return flows.Screen{Text: text, Rows: [][]flows.Button{{{Label: "是", Tap: flows.Tap{Verb: flows.DoYes}}}, {}}}
}

func TestScreens(t *testing.T) {
	r := newRig(t)
	p := r.person(5)
	ctx := t.Context()
	s := screen("<b>甲</b> & *乙* http://example.org")
	s.Protect = true
	id, err := r.Send(ctx, 5, s)
	must(t, err)
	m := p.Last()
	if m.Text != s.Text || len(m.Entities) != 0 || !m.Protected || len(m.Keyboard) != 1 || int(m.ID) != id {
		t.Errorf("sent %+v", m)
	}
	must(t, r.Edit(ctx, 5, id, screen("丙")))
	must(t, r.Edit(ctx, 5, id, screen("丙"))) // not modified
	must(t, r.Strip(ctx, 5, id))
	must(t, r.Strip(ctx, 5, id))
	if m := p.Last(); m.Text != "丙" || m.Keyboard != nil {
		t.Errorf("edited %+v", m)
	}
	must(t, r.Delete(ctx, 5, id))
	for what, err := range map[string]error{"edit": r.Edit(ctx, 5, id, s), "delete": r.Delete(ctx, 5, id), "strip": r.Strip(ctx, 5, id)} {
		if class, _ := ClassOf(err); class != Gone {
			t.Errorf("%s of nothing: %v", what, err)
		}
	}
	long, err := r.Send(ctx, 5, flows.Screen{Text: strings.Repeat("😀", 3000)})
	must(t, err)
	if n := flows.Units(p.Last().Text); n > messageLimit || n < messageLimit-2 || long == 0 {
		t.Errorf("%d units", n)
	}
	_, err = r.Send(ctx, 5, flows.Screen{Text: " ", Rows: [][]flows.Button{{{Label: "x", Tap: flows.Tap{Verb: flows.DoGo, Arg: strings.Repeat("x", 70)}}}}})
	must(t, err)
	if p.Last().Keyboard != nil {
		t.Error("a button that does not fit was sent")
	}
}

func TestClasses(t *testing.T) {
	r := newRig(t)
	p := r.person(5)
	ctx := t.Context()
	page := "<html>" + strings.Repeat("Bad Gateway", 1000)
	for _, x := range []struct {
		fault sandbox.Fault
		class Class
		after time.Duration
	}{
		{sandbox.Fault{Status: 429, RetryAfter: 1, Text: "Too Many Requests: retry after 1"}, Retry, time.Second},
		{sandbox.Fault{Status: 500}, Retry, 0},
		{sandbox.Fault{Status: 502, Body: page}, Retry, 0},
		{sandbox.Fault{Status: 200, Body: page}, Retry, 0},
		{sandbox.Fault{Status: 200, Body: "[]"}, Retry, 0},
		{sandbox.Fault{Status: 200, Body: `{"ok":true,"result":"no message"}`}, Retry, 0},
		{sandbox.Fault{Status: 302, Body: page}, Retry, 0},
		{sandbox.Fault{Drop: true}, Retry, 0},
		{sandbox.Fault{Status: 403, Text: "Forbidden: bot was blocked by the user"}, Blocked, 0},
		{sandbox.Fault{Status: 403, Text: "Forbidden: user is deactivated"}, Blocked, 0},
		{sandbox.Fault{Status: 400, Text: "Bad Request: chat not found"}, Blocked, 0},
		{sandbox.Fault{Status: 400, Text: "Bad Request: MESSAGE_TOO_LONG"}, Permanent, 0},
		{sandbox.Fault{Status: 401}, Retry, 0},
		{sandbox.Fault{Status: 400, Text: "Bad Request: message to edit not found"}, Gone, 0},
	} {
		r.Fault(func(string, map[string]any) *sandbox.Fault { f := x.fault; return &f })
		_, err := r.Send(ctx, 5, screen("甲"))
		class, after := ClassOf(err)
		var e *Error
		if class != x.class || after != x.after || !errors.As(err, &e) || e.Method != "sendMessage" || len(err.Error()) > 200 {
			t.Errorf("%+v: class %d after %v: %.300v", x.fault, class, after, err)
		}
		r.Fault(nil)
		if after > 0 {
			if _, err := r.Send(ctx, 5, screen("甲")); err == nil || !strings.Contains(err.Error(), "paused") {
				t.Errorf("a paused chat was written to: %v", err)
			}
			must(t, r.Reachable(ctx, 5)) // other calls go on
			time.Sleep(after + 50*time.Millisecond)
		}
	}
	p.Block()
	if class, _ := ClassOf(r.Reachable(ctx, 5)); class != Blocked {
		t.Error("a block is not noticed")
	}
	if class, _ := ClassOf(r.Reachable(ctx, 999)); class != Blocked {
		t.Error("a stranger is reachable")
	}
}

// everyCall is one call of each kind.
func everyCall(file string) map[string]func(c *Client, ctx context.Context) error {
	return map[string]func(c *Client, ctx context.Context) error{
		"send":   func(c *Client, ctx context.Context) error { _, err := c.Send(ctx, 5, screen("x")); return err },
		"answer": func(c *Client, ctx context.Context) error { return c.Answer(ctx, "1", "x", false) },
		"fetch": func(c *Client, ctx context.Context) error {
			return c.Fetch(ctx, file, func(r io.Reader) error { _, err := io.Copy(io.Discard, r); return err })
		},
		"hand": func(c *Client, ctx context.Context) error {
			return c.Hand(ctx, 5, form.File{Kind: "photo"}, strings.NewReader("x"))
		},
		"me":    func(c *Client, ctx context.Context) error { _, err := c.Me(ctx); return err },
		"poll":  func(c *Client, ctx context.Context) error { _, err := c.getUpdates(ctx, 0, 1, 0); return err },
		"leave": func(c *Client, ctx context.Context) error { return c.Leave(ctx, -5, true) },
	}
}

// TestTokenStaysInside looks for the token in every error there is.
func TestTokenStaysInside(t *testing.T) {
	r := newRig(t)
	p := r.person(5)
	p.Send("document", "a", "", []byte("x"), "")
	file := p.Last().File.ID
	ctx := t.Context()
	calls := everyCall(file)
	gone, cancel := context.WithCancel(ctx)
	cancel()
	nowhere, err := New(Options{Token: canary, URL: "http://127.0.0.1:1", Clock: time.Now, Log: r.log})
	must(t, err)
	redirect := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		http.Redirect(w, q, "http://127.0.0.1:1"+q.URL.Path, http.StatusFound)
	}))
	defer redirect.Close()
	elsewhere, err := New(Options{Token: canary, URL: redirect.URL, Clock: time.Now, Log: r.log})
	must(t, err)
	defer elsewhere.Close()
	for name, call := range calls {
		r.Fault(func(m string, _ map[string]any) *sandbox.Fault {
			if m == "getFile" {
				return nil
			}
			return &sandbox.Fault{Drop: true}
		})
		for where, err := range map[string]error{
			"dropped": call(r.Client, ctx), "cancelled": call(r.Client, gone), "refused": call(nowhere, ctx), "redirected": call(elsewhere, ctx),
		} {
			if err == nil {
				if name != "leave" {
					t.Errorf("%s %s: no error", name, where)
				}
				continue
			}
			for e := err; e != nil; e = errors.Unwrap(e) {
				if s := e.Error(); strings.Contains(s, "CANARY") || strings.Contains(s, "127.0.0.1") {
					t.Errorf("%s %s: %s", name, where, s)
				}
			}
			if where == "cancelled" && !errors.Is(err, context.Canceled) {
				t.Errorf("%s: a cancelled call gives %v", name, err)
			}
		}
	}
	r.Fault(nil)
	for _, bad := range []string{"", "CANARY", "1:CANARY/x", "1:CANARY x", ":CANARY", "x:CANARY"} {
		if _, err := New(Options{Token: bad}); err == nil || strings.Contains(err.Error(), "CANARY") {
			t.Errorf("token %q: %v", bad, err)
		}
	}
}

// TestRedirects: an address with the token goes to the configured server and nowhere else.
func TestRedirects(t *testing.T) {
	called := make(chan string, 10)
	thief := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) { called <- q.URL.Path }))
	defer thief.Close()
	redirect := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		http.Redirect(w, q, thief.URL+q.URL.Path, http.StatusTemporaryRedirect)
	}))
	defer redirect.Close()
	c, err := New(Options{Token: canary, URL: redirect.URL, Clock: time.Now})
	must(t, err)
	defer c.Close()
	if _, err := c.Me(t.Context()); err == nil {
		t.Error("a redirect is an answer")
	}
	if len(called) != 0 {
		t.Errorf("the token went to another server")
	}
}

func TestFetch(t *testing.T) {
	r := newRig(t)
	p := r.person(5)
	p.Send("document", "百分 %2f/../?#.pdf", "", []byte("the bytes"), "")
	file := p.Last().File.ID
	var got []byte
	take := func(body io.Reader) (err error) { got, err = io.ReadAll(body); return err }
	must(t, r.Fetch(t.Context(), file, take))
	if string(got) != "the bytes" {
		t.Errorf("fetched %q", got)
	}
	own := errors.New("disk full")
	if err := r.Fetch(t.Context(), file, func(io.Reader) error { return own }); !errors.Is(err, own) {
		t.Errorf("the taker's error became %v", err)
	}
	if class, _ := ClassOf(r.Fetch(t.Context(), "nonsense", take)); class != Gone {
		t.Error("an unknown file is not gone")
	}
	p.Send("document", "big", "", make([]byte, 20<<20+1), "")
	if err := r.Fetch(t.Context(), p.Last().File.ID, take); !errors.Is(err, ErrTooBig) {
		t.Errorf("20 MB and one byte: %v", err)
	}
	r.Fault(func(m string, _ map[string]any) *sandbox.Fault {
		if m == "file" {
			return &sandbox.Fault{Status: 502, Body: "<html>"}
		}
		return nil
	})
	if class, _ := ClassOf(r.Fetch(t.Context(), file, take)); class != Retry {
		t.Error("a 502 is not worth another try")
	}
}

func TestHand(t *testing.T) {
	r := newRig(t)
	p := r.person(5)
	for _, kind := range []string{"photo", "document", "video", "voice", "video_note", "audio", "animation", "forwarded"} {
		must(t, r.Hand(t.Context(), 5, form.File{Kind: kind, Name: "名.x", Size: 3, Caption: strings.Repeat("说", 2000)}, strings.NewReader("abc")))
		want := kind
		if kind == "forwarded" {
			want = "document"
		}
		if m := p.Last(); m.Kind != want || !m.Protected || string(p.Download(m.File.ID)) != "abc" {
			t.Errorf("%s came as %+v", kind, m)
		}
	}
	must(t, r.Hand(t.Context(), 5, form.File{Kind: "photo", Size: photoLimit + 1}, bytes.NewReader(make([]byte, photoLimit+1))))
	if m := p.Last(); m.Kind != "document" || m.File.Name != "photo.jpg" {
		t.Errorf("a large photo came as %s %q", m.Kind, m.File.Name)
	}
	for _, place := range []string{`{"latitude":39.5,"longitude":116}`, `{"location":{"latitude":39.5,"longitude":116},"title":"x"}`} {
		must(t, r.Hand(t.Context(), 5, form.File{Kind: "location"}, strings.NewReader(place)))
		if m := p.Last(); m.Location == nil || m.Location.Lat != 39.5 || !m.Protected {
			t.Errorf("%s came as %+v", place, m)
		}
	}
	must(t, r.Hand(t.Context(), 5, form.File{Kind: "location"}, strings.NewReader("[]")))
	if m := p.Last(); m.Kind != "document" {
		t.Errorf("no place came as %s", m.Kind)
	}
	n := 0
	r.Fault(func(m string, _ map[string]any) *sandbox.Fault {
		if m == "sendPhoto" {
			n++
			return &sandbox.Fault{Status: 400, Text: "Bad Request: PHOTO_INVALID_DIMENSIONS"}
		}
		return nil
	})
	must(t, r.Hand(t.Context(), 5, form.File{Kind: "photo"}, strings.NewReader("abc")))
	if m := p.Last(); m.Kind != "document" || n != 1 {
		t.Errorf("a refused photo came as %s", m.Kind)
	}
}

func TestAdministration(t *testing.T) {
	r := newRig(t)
	ctx := t.Context()
	if name, err := r.Me(ctx); err != nil || name == "" {
		t.Errorf("me %q %v", name, err)
	}
	must(t, r.SetCommands(ctx, []Command{{"menu", "首页"}, {"todo", "待办"}}))
	must(t, r.DeleteWebhook(ctx))
	wrong := r.connect("7000000001:wrong")
	defer wrong.Close()
	if _, err := wrong.Me(ctx); err == nil {
		t.Error("a wrong token is welcome")
	}
}

package sandbox

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"
)

// ask makes a request to the page's side with the given headers (Host included).
func (r *rig) ask(method, path, body string, headers ...string) (int, string, http.Header) {
	r.t.Helper()
	req, err := http.NewRequest(method, r.http.URL+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			req.Host = headers[i+1]
		}
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return resp.StatusCode, string(raw), resp.Header
}

func TestPageIsForThisMachineOnly(t *testing.T) {
	r := newRig(t, func(o *Options) { o.People = []Person{{ID: 1, Name: "张三"}} })
	own := r.http.URL
	start := `{"user": 1, "do": "start"}`
	for _, c := range []struct {
		name, method, path string
		code               int
		headers            []string
	}{
		{"page", "GET", "/", 200, nil},
		{"page under a foreign name", "GET", "/", 403, []string{"Host", "evil.example"}},
		{"state under a foreign name", "GET", "/sandbox/state?user=1", 403, []string{"Host", "evil.example:80"}},
		{"state from another site", "GET", "/sandbox/state", 403, []string{"Origin", "https://evil.example"}},
		{"state from another port", "GET", "/sandbox/state", 403, []string{"Sec-Fetch-Site", "same-site", "Sec-Fetch-Mode", "cors"}},
		{"a link followed from another site", "GET", "/", 200, []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"}},
		{"action from another site", "POST", "/sandbox/do", 403, []string{"X-Sandbox", "1", "Origin", "https://evil.example"}},
		{"action from a form", "POST", "/sandbox/do", 403, []string{"Origin", own}},
		{"action of the page", "POST", "/sandbox/do", 204, []string{"X-Sandbox", "1", "Origin", own}},
		{"API from another site", "POST", "/bot" + token + "/getMe", 403, []string{"Origin", "null"}},
		{"no way to move the clock", "POST", "/sandbox/advance", 400, []string{"X-Sandbox", "1"}},
	} {
		if code, body, _ := r.ask(c.method, c.path, start, c.headers...); code != c.code {
			t.Errorf("%s: %d %s, want %d", c.name, code, body, c.code)
		}
	}
	if n := len(r.Phone(1, "").Messages()); n != 1 {
		t.Errorf("%d messages, want that of the page alone", n)
	}
}

func TestPageLoadsNothingElse(t *testing.T) {
	r := newRig(t)
	_, body, h := r.ask("GET", "/", "")
	if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "http") {
		t.Errorf("policy %q", csp)
	}
	for _, bad := range []string{"innerHTML", "insertAdjacentHTML", "document.write", "eval(", "src=\"http", "@import"} {
		if strings.Contains(body, bad) {
			t.Errorf("the page holds %s", bad)
		}
	}
	for _, must := range []string{"模拟器", "这不是 Telegram", "nothing leaves this machine"} {
		if !strings.Contains(body, must) {
			t.Errorf("the page does not say %s", must)
		}
	}
}

func TestPageActsForPeople(t *testing.T) {
	var r *rig
	r = newRig(t, func(o *Options) {
		o.People = []Person{{ID: 1, Name: "张三", Role: "鉴定人", Payload: "inv"}}
		o.AdvanceDay = func() time.Time { r.clock.add(24 * time.Hour); return r.clock.Now() }
	})
	do := func(body string, want int) {
		t.Helper()
		if code, text, _ := r.ask("POST", "/sandbox/do", body, "X-Sandbox", "1"); code != want {
			t.Errorf("%s: %d %s", body, code, text)
		}
	}
	do(`{"user": 1, "do": "start", "text": "inv"}`, 204)
	id := r.send(1, "<script>alert(1)</script>", keyboard([]obj{button("按", "a")}))
	do(`{"user": 1, "do": "tap", "message": 2, "label": "a"}`, 204)
	do(`{"user": 1, "do": "tap", "message": 2, "label": "没有"}`, 400)
	do(`{"user": 1, "do": "say", "text": "你好"}`, 204)
	do(`{"user": 1, "do": "location", "lat": 1.5, "lon": 2}`, 204)
	do(`{"user": 9, "do": "say", "text": "谁"}`, 400)
	do(`{"user": 1, "do": "fly"}`, 400)
	if code, _, _ := r.ask("POST", "/sandbox/advance", "", "X-Sandbox", "1"); code != 204 {
		t.Errorf("advance: %d", code)
	}
	_, body, _ := r.ask("GET", "/sandbox/state?user=1", "")
	var st pageState
	if err := json.Unmarshal([]byte(body), &st); err != nil {
		t.Fatal(err)
	}
	if st.Now != "2026-09-02T09:00" || st.Weekday != 3 || !st.Advance || st.People[0].Role != "鉴定人" {
		t.Errorf("state %+v", st)
	}
	c := st.Chats[0]
	if len(c.Messages) != 4 || c.Messages[0].Text != "/start inv" || len(c.Pressed) != 0 || !c.Written { // a day is over 150 s
		t.Errorf("chat %+v", c)
	}
	if r.Phone(1, "").Messages()[1].ID != id || c.Times[1] != "2026-09-01T09:00" {
		t.Errorf("times %v", c.Times)
	}
}

func TestPageAttaches(t *testing.T) {
	r := newRig(t, func(o *Options) { o.People = []Person{{ID: 1, Name: "张三"}} })
	r.Phone(1, "").Start("")
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	_ = w.WriteField("user", "1")
	for _, name := range []string{"甲.html", "乙.html"} {
		f, _ := w.CreateFormFile("file", name)
		_, _ = f.Write([]byte("<script>alert(1)</script>"))
	}
	_ = w.Close()
	if code, text, _ := r.ask("POST", "/sandbox/attach", body.String(), "X-Sandbox", "1", "Content-Type", w.FormDataContentType()); code != 204 {
		t.Fatalf("%d %s", code, text)
	}
	last := r.Phone(1, "").Last()
	if last.File.Name != "乙.html" || last.Album == "" || last.Kind != "document" {
		t.Fatalf("last %+v", last)
	}
	_, _, h := r.ask("GET", "/sandbox/file?id="+last.File.ID, "")
	if h.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") {
		t.Errorf("an attached page would run here: %v", h)
	}
}

func TestPageHearsOfChanges(t *testing.T) {
	r := newRig(t)
	resp, err := http.Get(r.http.URL + "/sandbox/events")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	if !lines.Scan() || !strings.HasPrefix(lines.Text(), "data: ") {
		t.Fatalf("first line %q", lines.Text())
	}
	r.Phone(1, "张三").Say("新")
	lines.Scan() // the empty line
	if !lines.Scan() || !strings.HasPrefix(lines.Text(), "data: ") {
		t.Errorf("no event after a message: %q", lines.Text())
	}
	r.Close() // must end the stream, or the test would hang
	for lines.Scan() {
	}
}

package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock is a clock tests turn by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// rig is an emulator on a loopback port with a client in the bot's place.
type rig struct {
	*Server
	t     *testing.T
	http  *httptest.Server
	clock *clock
}

const token = "7000000001:TEST"

func newRig(t *testing.T, change ...func(*Options)) *rig {
	t.Helper()
	ck := newClock()
	o := Options{Token: token, Clock: ck.Now}
	for _, f := range change {
		f(&o)
	}
	s := New(o)
	h := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		s.Close()
		h.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return &rig{Server: s, t: t, http: h, clock: ck}
}

// answer is Telegram's envelope.
type answer struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int `json:"retry_after"`
	} `json:"parameters"`
}

// try makes a call with a JSON body and returns the error of the connection, if any.
func (r *rig) try(method string, params any) (answer, error) {
	r.t.Helper()
	body, err := json.Marshal(params)
	if err != nil {
		r.t.Fatal(err)
	}
	resp, err := http.Post(r.http.URL+"/bot"+token+"/"+method, "application/json", strings.NewReader(string(body)))
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer{}, err
	}
	var a answer
	if err := json.Unmarshal(raw, &a); err != nil {
		return answer{Code: resp.StatusCode, Description: string(raw)}, nil
	}
	if a.OK && method != "getUpdates" { // those may be injected nonsense
		v, err := parseJSON(a.Result)
		if err != nil {
			r.t.Errorf("%s: result: %v", method, err)
		}
		for _, fault := range r.schema.expr(*r.schema.Methods[method].Returns, v, "result") {
			r.t.Errorf("%s: %s", method, fault)
		}
	}
	if !a.OK && a.Code != resp.StatusCode {
		r.t.Errorf("%s: status %d but error_code %d", method, resp.StatusCode, a.Code)
	}
	return a, nil
}

type obj = map[string]any

func (r *rig) call(method string, params any) answer {
	r.t.Helper()
	a, err := r.try(method, params)
	if err != nil {
		r.t.Fatalf("%s: %v", method, err)
	}
	return a
}

// ok makes a call that must succeed, decoding its result into out.
func (r *rig) ok(method string, params, out any) {
	r.t.Helper()
	a := r.call(method, params)
	if !a.OK {
		r.t.Fatalf("%s %v: %d %s", method, params, a.Code, a.Description)
	}
	if out != nil {
		if err := json.Unmarshal(a.Result, out); err != nil {
			r.t.Fatalf("%s: result %s: %v", method, a.Result, err)
		}
	}
}

// refused makes a call that must fail with the code and a description holding text.
func (r *rig) refused(method string, params any, code int, text string) answer {
	r.t.Helper()
	a := r.call(method, params)
	if a.OK || a.Code != code || !strings.Contains(a.Description, text) {
		r.t.Fatalf("%s %v: got ok=%v %d %q, want %d %q", method, params, a.OK, a.Code, a.Description, code, text)
	}
	return a
}

// send sends a text and returns its message number.
func (r *rig) send(chat int64, text string, more ...obj) int64 {
	r.t.Helper()
	params := obj{"chat_id": chat, "text": text}
	for _, m := range more {
		for k, v := range m {
			params[k] = v
		}
	}
	var m struct {
		ID int64 `json:"message_id"`
	}
	r.ok("sendMessage", params, &m)
	return m.ID
}

func keyboard(rows ...[]obj) obj { return obj{"reply_markup": obj{"inline_keyboard": rows}} }

func button(text, data string) obj { return obj{"text": text, "callback_data": data} }

// updates polls once and confirms nothing.
func (r *rig) updates(offset int64) []obj {
	r.t.Helper()
	var list []obj
	r.ok("getUpdates", obj{"offset": offset}, &list)
	return list
}

// clean fails the test if the bot broke the API's rules.
func (r *rig) clean() {
	r.t.Helper()
	if v := r.Violations(); len(v) > 0 {
		r.t.Errorf("violations: %s", strings.Join(v, "\n"))
	}
}

// pollFor serves updates like a bot that confirms after handling, until the test ends.
func (r *rig) pollFor(handle func(update obj)) {
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Add(1)
	go func() {
		defer done.Done()
		offset := int64(0)
		for ctx.Err() == nil {
			url := fmt.Sprintf("%s/bot%s/getUpdates?timeout=50&offset=%d", r.http.URL, token, offset)
			req, _ := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				continue
			}
			var a struct{ Result []obj }
			_ = json.NewDecoder(resp.Body).Decode(&a)
			_ = resp.Body.Close()
			for _, u := range a.Result {
				handle(u)
				offset = int64(u["update_id"].(float64)) + 1
			}
		}
	}()
	r.t.Cleanup(func() { cancel(); done.Wait() })
}

func (r *rig) idle() {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := r.WaitIdle(ctx); err != nil {
		r.t.Fatal(err)
	}
}

// upload sends a document as multipart and returns its file_id.
func (r *rig) upload(chat int64, name string, data []byte) string {
	r.t.Helper()
	a := r.multipart("sendDocument", obj{"chat_id": fmt.Sprint(chat)}, "document", name, data)
	if !a.OK {
		r.t.Fatalf("sendDocument: %d %s", a.Code, a.Description)
	}
	var m struct {
		Document struct {
			FileID string `json:"file_id"`
		}
	}
	if err := json.Unmarshal(a.Result, &m); err != nil {
		r.t.Fatal(err)
	}
	return m.Document.FileID
}

// multipart makes a call with one uploaded part.
func (r *rig) multipart(method string, fields obj, part, name string, data []byte) answer {
	r.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for k, v := range fields {
		_ = w.WriteField(k, fmt.Sprint(v))
	}
	if part != "" {
		f, _ := w.CreateFormFile(part, name)
		_, _ = f.Write(data)
	}
	_ = w.Close()
	resp, err := http.Post(r.http.URL+"/bot"+token+"/"+method, w.FormDataContentType(), &body)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	var a answer
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
		r.t.Fatal(err)
	}
	return a
}

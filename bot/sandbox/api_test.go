package sandbox

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestToken(t *testing.T) {
	r := newRig(t)
	for path, code := range map[string]int{
		"/bot" + token + "/getMe": 200, "/bot" + token + "/GETME": 200, "/bot7000000001:WRONG/getMe": 401,
		"/bot" + token + "/getNothing": 404, "/bot" + token: 404, "/file/botX/documents/file_1": 401,
	} {
		resp, err := http.Get(r.http.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != code {
			t.Errorf("%s: %d %s, want %d", path, resp.StatusCode, body, code)
		}
	}
	if v := r.Violations(); len(v) != 2 {
		t.Errorf("violations %q", v)
	}
}

func TestBodies(t *testing.T) {
	r := newRig(t)
	r.Phone(1, "张三").Start("")
	form := url.Values{
		"chat_id": {"1"}, "text": {"你好"}, "protect_content": {"true"},
		"reply_markup": {`{"inline_keyboard":[[{"text":"是","callback_data":"y"}]]}`},
	}
	fields := obj{}
	for k := range form {
		fields[k] = form.Get(k)
	}
	resp, err := http.PostForm(r.http.URL+"/bot"+token+"/sendMessage", form)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if a := r.multipart("sendMessage", fields, "", "", nil); !a.OK {
		t.Error(a.Description)
	}
	resp, err = http.Get(r.http.URL + "/bot" + token + "/sendMessage?" + form.Encode())
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	all := r.Phone(1, "").Messages()
	if len(all) != 4 {
		t.Fatalf("%d messages", len(all))
	}
	for _, m := range all[1:] {
		if m.Text != "你好" || !m.Protected || m.Keyboard[0][0].Data != "y" {
			t.Errorf("message %+v", m)
		}
	}
	r.clean()
}

func TestSchemaFindsFaults(t *testing.T) {
	r := newRig(t)
	r.Phone(1, "张三").Start("")
	inline := func(b obj) obj {
		return obj{"chat_id": 1, "text": "x", "reply_markup": obj{"inline_keyboard": [][]obj{{b}}}}
	}
	for _, c := range []struct {
		method string
		params obj
		want   string
	}{
		{"sendMessage", obj{"chat_id": 1}, `"text" is required`},
		{"sendMessage", obj{"chat_id": 1, "text": "x", "txet": "y"}, `unknown parameter "txet"`},
		{"sendMessage", obj{"chat_id": true, "text": "x"}, "chat_id is none of"},
		{"sendMessage", obj{"chat_id": 1, "text": 5}, "text must be a string"},
		{"sendMessage", obj{"chat_id": 1, "text": "x", "protect_content": "yes"}, "protect_content must be a boolean"},
		{"sendMessage", obj{"chat_id": 1, "text": "x", "parse_mode": "html5"}, "parse_mode is none of"},
		{"sendMessage", inline(obj{"callback_data": "y"}), "reply_markup.inline_keyboard[0][0].text\" is required"},
		{"sendMessage", inline(obj{"text": "a"}), "must have exactly one field"},
		{"sendMessage", inline(obj{"text": "a", "callback_data": "y", "url": "https://example.org"}), "must have exactly one field"},
		{"sendMessage", inline(obj{"text": "a", "callback_data": "y", "color": "red"}), "unknown field"},
		{"sendMessage", inline(obj{"text": "a", "callback_data": ""}), "BUTTON_DATA_INVALID"},
		{"deleteMessages", obj{"chat_id": 1, "message_ids": []int{}}, "has 0 elements"},
		{"setMyCommands", obj{"commands": []obj{{"command": strings.Repeat("a", 33), "description": "x"}}}, "33 characters"},
		{"sendMediaGroup", obj{"chat_id": 1, "media": []obj{{"type": "photo"}, {"type": "photo"}}}, `media[0].media" is required`},
		{"sendDice", obj{"chat_id": 1}, "sendDice is not emulated"},
	} {
		before := len(r.Violations())
		r.refused(c.method, c.params, 400, c.want)
		if len(r.Violations()) == before {
			t.Errorf("%s %v: no violation recorded", c.method, c.params)
		}
	}
	if n := len(r.Phone(1, "").Messages()); n != 1 {
		t.Errorf("refused calls left %d messages", n)
	}
}

func TestBrokenBodies(t *testing.T) {
	r := newRig(t)
	for kind, body := range map[string]string{
		"application/json": `{"chat_id":`, "text/plain": "x", "multipart/form-data": "no boundary",
	} {
		resp, err := http.Post(r.http.URL+"/bot"+token+"/sendMessage", kind, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != 400 {
			t.Errorf("%s: %d", kind, resp.StatusCode)
		}
	}
	a := r.multipart("sendMessage", obj{"chat_id": "1", "text": "x"}, "stray", "a.txt", []byte("a"))
	if a.OK || !strings.Contains(a.Description, `"stray" is referred to by no parameter`) {
		t.Errorf("a stray upload: %+v", a)
	}
	if n := len(r.Violations()); n != 4 {
		t.Errorf("%d violations", n)
	}
}

func TestRequestsAreLogged(t *testing.T) {
	r := newRig(t)
	r.Phone(1, "张三").Start("")
	r.send(1, "甲")
	r.refused("sendMessage", obj{"chat_id": 9, "text": "乙"}, 400, "chat not found")
	log := r.Requests()
	if len(log) != 2 || log[0].Params["text"] != "甲" || log[0].ChatID() != 1 || log[0].Status != 200 ||
		log[1].Status != 400 || !log[0].Time.Equal(r.clock.Now()) {
		t.Errorf("log %+v", log)
	}
	r.ResetRequests()
	if len(r.Requests()) != 0 {
		t.Error("log not emptied")
	}
}

func TestFaults(t *testing.T) {
	r := newRig(t)
	p := r.Phone(1, "张三")
	p.Start("")
	with := func(f Fault) {
		r.Fault(func(method string, params map[string]any) *Fault {
			if method == "sendMessage" && params["text"] == "甲" {
				return &f
			}
			return nil
		})
	}
	count := func() int { return len(p.Messages()) }
	msg := obj{"chat_id": 1, "text": "甲"}

	with(Fault{Status: 429, RetryAfter: 7})
	if a := r.refused("sendMessage", msg, 429, "Too Many Requests"); a.Parameters.RetryAfter != 7 {
		t.Errorf("retry_after %d", a.Parameters.RetryAfter)
	}
	with(Fault{Status: 502, Body: "<html>502 Bad Gateway</html>"})
	r.refused("sendMessage", msg, 502, "<html>")
	with(Fault{Drop: true})
	if _, err := r.try("sendMessage", msg); err == nil {
		t.Error("the connection was not cut")
	}
	if count() != 1 {
		t.Fatalf("a fault before the effect left %d messages", count())
	}
	with(Fault{Drop: true, After: true})
	if _, err := r.try("sendMessage", msg); err == nil || count() != 2 {
		t.Errorf("lost answer: error %v, %d messages", err, count())
	}
	with(Fault{Status: 504, After: true})
	r.refused("sendMessage", msg, 504, "Gateway Timeout")
	with(Fault{Delay: 60 * time.Millisecond})
	began := time.Now()
	r.send(1, "甲")
	if d := time.Since(began); d < 60*time.Millisecond || count() != 4 {
		t.Errorf("delayed by %v, %d messages", d, count())
	}
	r.Fault(nil)
	r.send(1, "甲")
	r.clean()
}

func TestPace(t *testing.T) {
	r := newRig(t, func(o *Options) { o.Pace = &Pace{PerChat: 1, Burst: 3, Overall: 5} })
	for id := range int64(3) {
		r.Phone(id+1, "某").Start("")
	}
	var codes []int
	for range 4 {
		codes = append(codes, r.call("sendMessage", obj{"chat_id": 1, "text": "x"}).Code)
	}
	if !slices.Equal(codes, []int{0, 0, 0, 429}) {
		t.Errorf("one chat: %v", codes)
	}
	r.send(2, "x")
	r.send(2, "x")
	a := r.refused("sendMessage", obj{"chat_id": 3, "text": "x"}, 429, "retry after 1")
	if a.Parameters.RetryAfter != 1 {
		t.Errorf("retry_after %d", a.Parameters.RetryAfter)
	}
	r.ok("getMe", obj{}, nil) // not a message
	r.clean()
}

func TestThrottle(t *testing.T) {
	r := newRig(t)
	r.Phone(1, "张三").Start("")
	r.Phone(2, "李四").Start("")
	r.Throttle(1, 150*time.Millisecond)
	r.refused("sendMessage", obj{"chat_id": 1, "text": "x"}, 429, "retry after 1")
	r.send(2, "x")
	time.Sleep(160 * time.Millisecond)
	r.send(1, "x")
}

func TestManyAtOnce(t *testing.T) {
	r := newRig(t)
	r.pollFor(func(u obj) {
		if q, ok := u["callback_query"].(obj); ok {
			r.call("answerCallbackQuery", obj{"callback_query_id": q["id"]})
		}
	})
	var people sync.WaitGroup
	for id := range int64(8) {
		people.Go(func() {
			p := r.Phone(id+1, "某")
			p.Start("")
			r.send(p.ID(), "按", keyboard([]obj{button("甲", "a")}))
			for range 10 {
				if err := p.Tap(0, "甲"); err != nil {
					t.Error(err)
				}
				_ = p.Messages()
			}
		})
	}
	people.Wait()
	r.idle()
	for id := range int64(8) {
		if n := r.Phone(id+1, "").Spinning(); n != 0 {
			t.Errorf("%d presses unanswered", n)
		}
	}
	r.clean()
}

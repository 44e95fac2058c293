package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestInABubble runs a bot, its long polls and WaitIdle on fake time, without a socket.
func TestInABubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(Options{Token: token})
		client := &http.Client{Transport: s.Transport()}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			bubbleBot(ctx, client)
		}()
		time.Sleep(3 * time.Hour) // many empty polls
		p := s.Phone(1, "张三")
		p.Say("你好")
		if err := s.WaitIdle(ctx); err != nil {
			t.Fatal(err)
		}
		if got := p.Last().Text; got != "收到" {
			t.Errorf("last message %q", got)
		}
		s.Fault(func(string, map[string]any) *Fault { return &Fault{Drop: true} })
		if _, err := client.Get("http://api.test/bot" + token + "/getMe"); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("a cut connection: %v", err)
		}
		s.Fault(nil)
		cancel()
		<-done
		s.Close()
	})
}

func bubbleBot(ctx context.Context, client *http.Client) {
	for offset := int64(0); ctx.Err() == nil; {
		url := fmt.Sprintf("http://api.test/bot%s/getUpdates?timeout=50&offset=%d", token, offset)
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		resp, err := client.Do(req)
		if err != nil {
			time.Sleep(time.Second)
			continue
		}
		var a struct{ Result []obj }
		_ = json.NewDecoder(resp.Body).Decode(&a)
		for _, u := range a.Result {
			body := strings.NewReader(`{"chat_id": "1", "text": "收到"}`)
			if resp, err := client.Post("http://api.test/bot"+token+"/sendMessage", "application/json", body); err == nil {
				_ = resp.Body.Close()
			}
			offset = int64(u["update_id"].(float64)) + 1
		}
	}
}

func TestTooLargeARequest(t *testing.T) {
	s := New(Options{Token: token})
	defer s.Close()
	client := &http.Client{Transport: s.Transport()}
	const boundary = "x"
	body := io.MultiReader(
		strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"document\"; filename=\"a\"\r\n\r\n"),
		io.LimitReader(zeros{}, maxBody+1))
	resp, err := client.Post("http://api.test/bot"+token+"/sendDocument", "multipart/form-data; boundary="+boundary, body)
	if err != nil || resp.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("%v, %v", resp, err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

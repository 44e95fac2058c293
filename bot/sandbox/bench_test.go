package sandbox

import (
	"net/http"
	"strings"
	"testing"
)

// BenchmarkSend is what the emulator itself costs a load test.
func BenchmarkSend(b *testing.B) {
	s := New(Options{Token: token})
	defer s.Close()
	s.Phone(1, "某").Start("")
	client := &http.Client{Transport: s.Transport()}
	body := `{"chat_id":1,"text":"<b>甲</b>乙","parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"text":"是","callback_data":"y"},{"text":"否","callback_data":"n"}]]}}`
	for b.Loop() {
		resp, err := client.Post("http://x/bot"+token+"/sendMessage", "application/json", strings.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		_ = resp.Body.Close()
	}
}

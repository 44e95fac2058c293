package sandbox_test

import (
	"fmt"
	"net/http"
	"strings"

	"liuhen/bot/sandbox"
)

// A test lets a person act, waits for the bot with WaitIdle, looks at the phone, and
// ends with: no violations.
func Example() {
	srv := sandbox.New(sandbox.Options{Token: "7000000001:EXAMPLE"})
	defer srv.Close()
	phone := srv.Phone(42, "Zhang San")
	phone.Start("")

	// What follows is the bot's part; a real one would poll.
	client := &http.Client{Transport: srv.Transport()}
	resp, err := client.Post("http://api.telegram.org/bot7000000001:EXAMPLE/sendMessage", "application/json", strings.NewReader(
		`{"chat_id": 42, "text": "Ready?", "reply_markup": {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = resp.Body.Close()

	fmt.Println(phone.Last().Text, phone.Tap(0, "Yes"), phone.Spinning(), len(srv.Violations()))
	// Output: Ready? <nil> 1 0
}

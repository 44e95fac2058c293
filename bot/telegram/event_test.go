package telegram

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"liuhen/flows"
)

func reader(t testing.TB) *Client {
	c, err := New(Options{
		Token: "1:a", Clock: time.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), FileLimit: 1000,
		Labels: map[string]flows.Place{"填报记录": flows.AtFile, "待办": flows.AtTodo},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const from = `"from":{"id":5,"is_bot":false,"first_name":"张三"}`

func message5(fields string) string {
	return `{"update_id":7,"message":{"message_id":3,"date":1700000000,"chat":{"id":5,"type":"private"},` + from + `,` + fields + `}}`
}

func press5(fields string) string {
	return `{"update_id":7,"callback_query":{"id":"99",` + from + `,` + fields + `}}`
}

// what describes an arrival in a line.
func what(in string, a Arrival, ok bool, err error) string {
	switch {
	case err != nil:
		return "error"
	case !ok:
		return "nothing"
	case a.Leave != nil:
		return fmt.Sprintf("leave %d %v", a.Chat, a.Leave.Say)
	case a.Reachable != nil:
		return fmt.Sprintf("reachable %d %v", a.Chat, *a.Reachable)
	case a.Parcel != nil:
		p := a.Parcel
		bytes := "announced"
		if p.Bytes != nil && p.FileID == "" && strings.Contains(in, string(p.Bytes)) {
			bytes = "as received"
		}
		return fmt.Sprintf("%s %s%s %q from %q on %d: %s", p.Kind, p.FileID, bytes, p.Name, p.Origin, p.Sent.Unix(), p.Caption)
	}
	return strings.TrimPrefix(fmt.Sprintf("%T%+v", a.Do, a.Do), "flows.")
}

func TestRead(t *testing.T) {
	c := reader(t)
	photo := `"photo":[{"file_id":"s","width":9,"height":9},{"file_id":"L","width":90,"height":90,"file_size":5},{"file_id":"m","width":30,"height":30}]`
	hidden := `"forward_origin":{"type":"hidden_user","date":1600000000,"sender_user_name":"某\u202e人"}`
	for _, x := range []struct{ in, want string }{
		{message5(`"text":"你\u202e好"`), "Say{Text:你好}"},
		{message5(`"text":"/start"`), "Open{Link:}"},
		{message5(`"text":"/start abc-_1"`), "Open{Link:abc-_1}"},
		{message5(`"text":"/start@some_bot abc"`), "Open{Link:abc}"},
		{message5(`"text":"/start ../x"`), "Open{Link:}"},
		{message5(`"text":"/todo"`), "Command{Name:todo}"},
		{message5(`"text":"/todo now"`), "Say{Text:/todo now}"},
		{message5(`"text":"/nonsense"`), "Say{Text:/nonsense}"},
		{message5(`"text":" 填报记录 "`), "Command{Name:file}"},
		{message5(`"text":"待办的案件中有人来电"`), "Say{Text:待办的案件中有人来电}"},
		{message5(photo + `,"caption":"说明"`), `photo Lannounced "" from "" on 1700000000: 说明`},
		{message5(`"document":{"file_id":"d","file_name":"../x.pdf","file_size":10}`), `document dannounced "x.pdf" from "" on 1700000000: `},
		{message5(`"document":{"file_id":"d","file_size":1001}`), "Odd{Why:2}"},
		{message5(`"animation":{"file_id":"a"},"document":{"file_id":"d"}`), `animation aannounced "" from "" on 1700000000: `},
		{message5(`"video_note":{"file_id":"v"},` + hidden), `video_note vannounced "" from "某人" on 1600000000: `},
		{message5(`"location":{"latitude":1.5,"longitude":2}`), `location as received "" from "" on 1700000000: `},
		{message5(`"text":"转发",` + hidden), `forwarded as received "" from "某人" on 1600000000: `},
		{message5(`"text":"x","forward_origin":{"type":"from the future"}`), `forwarded as received "" from "" on 1700000000: `},
		{message5(`"text":"x","forward_origin":{"type":"user","date":1,"sender_user":{"id":1,"first_name":"李","last_name":"四"}}`), `forwarded as received "" from "李 四" on 1: `},
		{message5(`"text":"x","forward_origin":{"type":"channel","date":1,"chat":{"title":"频道"}}`), `forwarded as received "" from "频道" on 1: `},
		{message5(`"text":"x","via_bot":{"id":9}`), "Odd{Why:1}"},
		{message5(`"sticker":{"file_id":"s"}`), "Odd{Why:1}"},
		{message5(`"contact":{"phone_number":"1"}`), "Odd{Why:1}"},
		{message5(`"dice":{"value":1}`), "Odd{Why:1}"},
		{message5(`"something_new":{}`), "Odd{Why:1}"},
		{message5(`"pinned_message":{}`), "nothing"},
		{message5(`"text":5`), "error"},
		{press5(`"data":"1-go....menu","message":{"message_id":4,"chat":{"id":5,"type":"private"}}`), "Tap{Verb:go Draft: Turn:0 Item: Arg:menu On:false}"},
		{press5(`"data":"forged","message":{"message_id":4,"chat":{"id":5,"type":"private"}}`), "Odd{Why:4}"},
		{press5(`"game_short_name":"g","message":{"message_id":4,"date":0,"chat":{"id":5,"type":"private"}}`), "Odd{Why:4}"},
		{press5(`"data":"1-go....menu","message":{"message_id":4,"chat":{"id":6,"type":"private"}}`), "nothing"},
		{press5(`"data":"1-go....menu","message":{"message_id":4,"chat":{"id":-6,"type":"group"}}`), "nothing"},
		{press5(`"data":"1-go....menu","inline_message_id":"x"`), "nothing"},
		{strings.Replace(message5(`"text":"x"`), `"message"`, `"edited_message"`, 1), "Odd{Why:5}"},
		{strings.Replace(message5(`"location":{}`), `"message"`, `"edited_message"`, 1), "nothing"},
		{`{"update_id":7,"message":{"message_id":1,"date":1,"chat":{"id":-9,"type":"supergroup"},` + from + `,"text":"/start"}}`, "leave -9 false"},
		{`{"update_id":7,"message":{"message_id":1,"date":1,"chat":{"id":6,"type":"private"},` + from + `,"text":"x"}}`, "nothing"},
		{`{"update_id":7,"my_chat_member":{"chat":{"id":-9,"type":"group"},` + from + `,"new_chat_member":{"status":"member"}}}`, "leave -9 true"},
		{`{"update_id":7,"my_chat_member":{"chat":{"id":-9,"type":"channel"},` + from + `,"new_chat_member":{"status":"administrator"}}}`, "leave -9 false"},
		{`{"update_id":7,"my_chat_member":{"chat":{"id":-9,"type":"group"},` + from + `,"new_chat_member":{"status":"left"}}}`, "nothing"},
		{`{"update_id":7,"my_chat_member":{"chat":{"id":5,"type":"private"},` + from + `,"new_chat_member":{"status":"kicked"}}}`, "reachable 5 false"},
		{`{"update_id":7,"my_chat_member":{"chat":{"id":5,"type":"private"},` + from + `,"new_chat_member":{"status":"member"}}}`, "reachable 5 true"},
		{`{"update_id":7,"channel_post":{"text":"x"}}`, "nothing"},
		{`{"update_id":7,"business_message":{"text":"x"}}`, "nothing"},
		{`{"update_id":7,"message":"x"}`, "error"},
		{`[]`, "error"},
	} {
		a, ok, err := c.Read([]byte(x.in))
		if got := what(x.in, a, ok, err); got != x.want {
			t.Errorf("%s\n got %s\nwant %s", x.in, got, x.want)
		}
		if ok && (a.UpdateID != 7 || a.Chat == 0) {
			t.Errorf("%s: update %d of chat %d", x.in, a.UpdateID, a.Chat)
		}
		if err != nil && strings.Contains(err.Error(), "张三") {
			t.Errorf("the error quotes the update: %v", err)
		}
	}
}

// FuzzRead: whatever arrives, nobody but a person in a private chat gets a turn.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		message5(`"text":"x"`), message5(`"photo":[{}]`), message5(`"location":1`), press5(`"data":"x","message":{"message_id":1,"chat":{"id":5,"type":"private"}}`),
		`{"update_id":1,"my_chat_member":{"chat":{"id":-1,"type":"group"}}}`, `{}`, `null`,
	} {
		f.Add([]byte(s))
	}
	c := reader(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, ok, err := c.Read(raw)
		if err != nil && ok {
			t.Fatal("an error and an arrival")
		}
		if !ok {
			return
		}
		n := 0
		for _, is := range []bool{a.Do != nil, a.Parcel != nil, a.Reachable != nil, a.Leave != nil} {
			if is {
				n++
			}
		}
		if n != 1 || a.Chat == 0 || (a.Leave == nil && a.Chat < 0) {
			t.Fatalf("%s: %+v", raw, a)
		}
	})
}

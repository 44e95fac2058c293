package sandbox

import (
	"strings"
	"testing"
	"time"
)

func started(t *testing.T, change ...func(*Options)) (*rig, *Phone) {
	t.Helper()
	r := newRig(t, change...)
	p := r.Phone(1, "张三")
	p.Start("")
	return r, p
}

func TestWhoMayBeWrittenTo(t *testing.T) {
	r := newRig(t)
	p := r.Phone(1, "张三")
	msg := obj{"chat_id": 1, "text": "您好"}
	r.refused("sendMessage", obj{"chat_id": 99, "text": "?"}, 400, "chat not found")
	r.refused("sendMessage", msg, 403, "bot can't initiate conversation with a user")
	p.Say("在吗")
	r.ok("sendMessage", msg, nil)
	p.Block()
	r.refused("editMessageText", obj{"chat_id": 1, "message_id": 2, "text": "x"}, 403, "bot was blocked by the user")
	r.refused("sendMessage", msg, 403, "bot was blocked by the user")
	if p.Say("说不出去") != 0 {
		t.Error("a person wrote to a bot they had blocked")
	}
	p.Start("") // unblocks
	r.ok("sendMessage", msg, nil)
	p.Deactivate()
	r.refused("sendMessage", msg, 403, "user is deactivated")
}

func TestBlockingIsAnnounced(t *testing.T) {
	r, p := started(t)
	p.Block()
	p.Block()
	p.Unblock()
	var kinds []string
	for _, u := range r.updates(0) {
		if m, ok := u["my_chat_member"].(obj); ok {
			kinds = append(kinds, m["new_chat_member"].(obj)["status"].(string))
		}
	}
	if got := strings.Join(kinds, " "); got != "kicked member" {
		t.Errorf("announced %q", got)
	}
}

func TestNumbersIncreasePerChat(t *testing.T) {
	r, p := started(t)
	r.Phone(2, "李四").Start("")
	a, b := r.send(1, "甲"), r.send(1, "乙")
	if a != 2 || b != 3 {
		t.Errorf("numbers %d %d", a, b)
	}
	if other := r.send(2, "丙"); other != 2 {
		t.Errorf("the other chat counts %d", other)
	}
	if last := p.Last(); last.ID != 3 || !last.FromBot {
		t.Errorf("last %+v", last)
	}
}

func TestEditing(t *testing.T) {
	r, p := started(t)
	id := r.send(1, "甲", keyboard([]obj{button("是", "y")}))
	same := obj{"chat_id": 1, "message_id": id, "text": "甲", "reply_markup": obj{"inline_keyboard": [][]obj{{button("是", "y")}}}}
	r.refused("editMessageText", same, 400, "message is not modified: specified new message content")
	if p.Last().Edited {
		t.Error("a refused edit marked the message")
	}
	r.ok("editMessageText", obj{"chat_id": 1, "message_id": id, "text": "甲"}, nil)
	if m := p.Last(); !m.Edited || m.Keyboard != nil {
		t.Errorf("an edit without a keyboard must take it away: %+v", m)
	}
	r.refused("editMessageReplyMarkup", obj{"chat_id": 1, "message_id": id}, 400, "message is not modified")
	r.ok("editMessageReplyMarkup", keyboardFor(id, button("否", "n")), nil)
	r.refused("editMessageText", obj{"chat_id": 1, "message_id": 77, "text": "x"}, 400, "message to edit not found")
	r.refused("editMessageText", obj{"chat_id": 1, "message_id": 1, "text": "x"}, 400, "message can't be edited")
	r.refused("editMessageCaption", obj{"chat_id": 1, "message_id": id, "caption": "x"}, 400, "there is no caption")
	r.clean()
}

func keyboardFor(id int64, b obj) obj {
	k := keyboard([]obj{b})
	k["chat_id"], k["message_id"] = 1, id
	return k
}

func TestDeleting(t *testing.T) {
	r, p := started(t)
	old := r.send(1, "旧")
	r.clock.add(48 * time.Hour)
	fresh := r.send(1, "新")
	r.refused("deleteMessage", obj{"chat_id": 1, "message_id": old}, 400, "message can't be deleted for everyone")
	r.ok("deleteMessage", obj{"chat_id": 1, "message_id": fresh}, nil)
	r.refused("deleteMessage", obj{"chat_id": 1, "message_id": fresh}, 400, "message to delete not found")
	fresh = r.send(1, "又")
	r.ok("deleteMessages", obj{"chat_id": 1, "message_ids": []int64{old, fresh, 500}}, nil)
	if m := p.Last(); m.ID != old {
		t.Errorf("left: %+v", m)
	}
}

func TestLengths(t *testing.T) {
	r, _ := started(t)
	r.send(1, strings.Repeat("字", 4096))
	r.send(1, "<b>"+strings.Repeat("字", 4096)+"</b>", obj{"parse_mode": "HTML"}) // counted after parsing
	r.clean()
	for _, bad := range []string{strings.Repeat("字", 4097), strings.Repeat("😀", 2049)} {
		r.refused("sendMessage", obj{"chat_id": 1, "text": bad}, 400, "message is too long")
	}
	r.refused("sendMessage", obj{"chat_id": 1, "text": " \n "}, 400, "message text is empty")
	p := keyboard([]obj{button("按", strings.Repeat("字", 22))}) // 66 bytes
	p["chat_id"], p["text"] = 1, "x"
	r.refused("sendMessage", p, 400, "BUTTON_DATA_INVALID")
	r.refused("answerCallbackQuery", obj{"callback_query_id": "1", "text": strings.Repeat("字", 201)}, 400, "201 characters")
	if n := len(r.Violations()); n != 5 {
		t.Errorf("%d violations: %q", n, r.Violations())
	}
}

func TestHTML(t *testing.T) {
	good := map[string]string{
		"<b>粗</b><i>斜</i>":                                   "粗斜",
		"a &lt; b &amp; c &quot;d&quot; &#20320;":            `a < b & c "d" 你`,
		"<a href=\"https://example.org/?a=1&amp;b=2\">链</a>": "链",
		"<pre><code class=\"language-go\">x</code></pre>":    "x",
		"<span class=\"tg-spoiler\">s</span> &copy;":         "s &copy;",
		"<blockquote expandable>引</blockquote>":              "引",
	}
	for src, want := range good {
		if got, _, err := parseHTML(src); err != nil || got != want {
			t.Errorf("%s: %q, %v", src, got, err)
		}
	}
	_, entities, _ := parseHTML("😀<b>粗<i>斜</i></b>")
	bold, italic := entities[0].(obj), entities[1].(obj)
	if bold["offset"] != int64(2) || bold["length"] != int64(2) || italic["offset"] != int64(3) {
		t.Errorf("offsets are not in UTF-16 units: %v", entities)
	}
	r, _ := started(t)
	for _, bad := range []string{"<b>开", "<b><i>x</b></i>", "<br>", "x</b>", "<b", "1 < 2", "<span>x</span>"} {
		r.refused("sendMessage", obj{"chat_id": 1, "text": bad, "parse_mode": "HTML"}, 400, "can't parse entities")
	}
	if n := len(r.Violations()); n != 7 {
		t.Errorf("%d violations", n)
	}
}

func TestEntitiesMustFit(t *testing.T) {
	r, _ := started(t)
	e := func(at, n int) obj {
		return obj{"chat_id": 1, "text": "你😀", "entities": []obj{{"type": "bold", "offset": at, "length": n}}}
	}
	r.ok("sendMessage", e(1, 2), nil)
	r.refused("sendMessage", e(1, 3), 400, "outside the text")
}

func TestProtectionAndReply(t *testing.T) {
	r, p := started(t)
	id := r.send(1, "密", obj{"protect_content": true, "reply_parameters": obj{"message_id": 1}})
	if m := p.Last(); !m.Protected || m.ReplyTo != 1 {
		t.Errorf("message %+v", m)
	}
	r.refused("copyMessage", obj{"chat_id": 1, "from_chat_id": 1, "message_id": id}, 400, "message to copy not found")
	r.refused("sendMessage", obj{"chat_id": 1, "text": "x", "reply_parameters": obj{"message_id": 88}}, 400, "message to be replied not found")
}

func TestReplyKeyboard(t *testing.T) {
	r, p := started(t)
	r.send(1, "菜单", obj{"reply_markup": obj{"keyboard": [][]obj{{{"text": "待办"}}}}})
	if err := p.Tap(0, "待办"); err != nil {
		t.Fatal(err)
	}
	if m := p.Last(); m.Text != "待办" || m.FromBot {
		t.Errorf("last %+v", m)
	}
	r.send(1, "收起", obj{"reply_markup": obj{"remove_keyboard": true}})
	if p.Keyboard() != nil {
		t.Error("keyboard still there")
	}
	r.clean()
}

func TestPresses(t *testing.T) {
	r, p := started(t)
	a := r.send(1, "一", keyboard([]obj{button("确认", "old")}))
	r.send(1, "二", keyboard([]obj{button("确认", "new"), {"text": "网页", "url": "https://example.org/"}}))
	if err := p.Tap(0, "没有的"); err == nil {
		t.Error("tapped a button that is not there")
	}
	for _, tap := range []func() error{
		func() error { return p.Tap(0, "确认") }, func() error { return p.Tap(a, "old") }, func() error { return p.Tap(0, "网页") },
	} {
		if err := tap(); err != nil {
			t.Fatal(err)
		}
	}
	p.TapData(a, "forged")
	if len(p.Opened()) != 1 || p.Spinning() != 3 {
		t.Errorf("opened %v, spinning %d", p.Opened(), p.Spinning())
	}
	var queries []obj
	for _, u := range r.updates(0)[1:] {
		queries = append(queries, u["callback_query"].(obj))
	}
	for i, data := range []string{"new", "old", "forged"} {
		if queries[i]["data"] != data {
			t.Errorf("press %d carries %v", i, queries[i]["data"])
		}
	}
	first := obj{"callback_query_id": queries[0]["id"], "text": "好", "show_alert": true}
	r.ok("answerCallbackQuery", first, nil)
	r.refused("answerCallbackQuery", first, 400, "query is too old")
	r.clock.add(151 * time.Second)
	r.refused("answerCallbackQuery", obj{"callback_query_id": queries[1]["id"]}, 400, "query is too old")
	if ts := p.Toasts(); len(ts) != 1 || ts[0] != (Toast{1, "好", true}) || p.Spinning() != 0 {
		t.Errorf("toasts %v, spinning %d", ts, p.Spinning())
	}
	r.clean()
}

func TestPressOnADeletedMessage(t *testing.T) {
	r, p := started(t)
	id := r.send(1, "一")
	p.Delete(id)
	p.TapData(id, "x")
	m := r.updates(0)[1]["callback_query"].(obj)["message"].(obj)
	if m["date"] != 0.0 || m["text"] != nil {
		t.Errorf("message %v, want an inaccessible one", m)
	}
}

func TestLongTextsGoOutInParts(t *testing.T) {
	_, p := started(t)
	p.Say(strings.Repeat("😀", 3000)) // 6000 UTF-16 units
	all := p.Messages()
	if n := len(all); n != 3 || utf16Len(all[1].Text) != 4096 {
		t.Errorf("%d messages", n)
	}
}

func TestCommandsAndProfile(t *testing.T) {
	r, _ := started(t)
	commands := []obj{{"command": "start", "description": "开始"}}
	r.ok("setMyCommands", obj{"commands": commands, "scope": obj{"type": "all_private_chats"}}, nil)
	var got []obj
	r.ok("getMyCommands", obj{"scope": obj{"type": "all_private_chats"}}, &got)
	r.mu.Lock()
	shown := r.commandsFor(1)
	r.mu.Unlock()
	if len(got) != 1 || len(shown) != 1 {
		t.Errorf("commands %v, shown %v", got, shown)
	}
	r.ok("setMyDescription", obj{"description": "说明"}, nil)
	var d struct{ Description string }
	r.ok("getMyDescription", obj{}, &d)
	if d.Description != "说明" {
		t.Errorf("description %q", d.Description)
	}
	r.ok("sendChatAction", obj{"chat_id": 1, "action": "typing"}, nil)
	r.clean()
	r.refused("setMyCommands", obj{"commands": []obj{{"command": "大写", "description": "x"}}}, 400, "BOT_COMMAND_INVALID")
	r.refused("sendChatAction", obj{"chat_id": 1, "action": "dance"}, 400, "wrong parameter action")
}

func TestGroups(t *testing.T) {
	r, p := started(t)
	g := r.Group(-100, "科室群")
	r.refused("sendMessage", obj{"chat_id": -100, "text": "x"}, 403, "not a member")
	g.AddBot(p)
	if !g.Say(p, "/start@liuhen_sandbox_bot") || g.Say(p, "闲聊") || g.Say(p, "/start@another_bot") {
		t.Error("privacy mode shows the bot commands meant for it, and nothing else")
	}
	r.send(-100, "我不在群里工作,再见")
	r.ok("leaveChat", obj{"chat_id": -100}, nil)
	if g.Say(p, "/start") {
		t.Error("the bot hears a group it left")
	}
	r.refused("sendMessage", obj{"chat_id": -100, "text": "x"}, 403, "not a member")
	if g.HasBot() || g.Messages()[len(g.Messages())-2].Text != "我不在群里工作,再见" {
		t.Errorf("group %+v", g.Messages())
	}
	r.refused("leaveChat", obj{"chat_id": 1}, 400, "private chats")
}

func TestStartLinks(t *testing.T) {
	r := newRig(t)
	p := r.Phone(1, "张三")
	for payload, want := range map[string]string{"": "/start", "aZ_9-": "/start aZ_9-", "邀请": "/start", strings.Repeat("a", 65): "/start", "a邀b": "/start"} {
		p.Start(payload)
		if got := p.Last().Text; got != want {
			t.Errorf("payload %q: %q", payload, got)
		}
	}
	if n := len(r.Violations()); n != 3 {
		t.Errorf("violations %q", r.Violations())
	}
}

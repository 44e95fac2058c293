package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// pressLife is how long the bot may answer a press.
const pressLife = 150 * time.Second

// linkLetters are those a start link and a webhook secret may hold.
const linkLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

// Phone is a person's Telegram client with the chat with the bot open.
type Phone struct {
	s      *Server
	id     int64
	name   string
	chat   *chat
	toasts []Toast
	opened []string
	open   []*press // not answered, oldest first
}

// Toast is what an answered press showed.
type Toast struct {
	N     int    `json:"n"` // counts from 1
	Text  string `json:"text"`
	Alert bool   `json:"alert"` // a box to close, not a passing line
}

type press struct {
	phone   *Phone
	message int64
	label   string
	at      time.Time
}

// Phone gives the phone of the person with that ID, making it if there is none. The
// name is the first name Telegram shows; an empty one leaves the name as it is.
func (s *Server) Phone(userID int64, name string) *Phone {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.phones[userID]
	if p == nil {
		p = &Phone{s: s, id: userID, name: name}
		p.chat = &chat{id: userID, person: p}
		s.phones[userID], s.chats[userID] = p, p.chat
	}
	if name != "" {
		p.name = name
	}
	return p
}

// ID is the person's Telegram user ID, and the ID of their chat with the bot.
func (p *Phone) ID() int64 { return p.id }

func (p *Phone) user() map[string]any {
	return map[string]any{"id": p.id, "is_bot": false, "first_name": p.name, "language_code": "zh-hans"}
}

// Start presses the Start button, with the payload of the link that led here ("" for
// none). It unblocks the bot first, as Telegram does. A payload that no Telegram link
// can carry (more than 64 characters, or others than A-Z a-z 0-9 _ -) gets lost, and
// is a violation.
func (p *Phone) Start(payload string) int64 {
	p.Unblock()
	if len(payload) > 64 || strings.Trim(payload, linkLetters) != "" {
		p.s.violate(fmt.Sprintf("start link: a payload of %d bytes, or with letters links cannot carry", len(payload)))
		payload = ""
	}
	return p.Say(strings.TrimSpace("/start " + payload))
}

// Say sends a text and returns its message number, 0 if nothing was sent because the
// person has blocked the bot or the text is empty. A text longer than 4096 characters
// goes out in several messages, as Telegram's clients do.
func (p *Phone) Say(text string) int64 {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.say(text)
}

func (p *Phone) say(text string) (id int64) {
	runes := []rune(strings.TrimSpace(text))
	for len(runes) > 0 {
		part := runes[:min(len(runes), maxText)]
		for utf16Len(string(part)) > maxText {
			part = part[:len(part)-1]
		}
		runes = runes[len(part):]
		body := map[string]any{"text": string(part)}
		if e := commandEntities(string(part)); e != nil {
			body["entities"] = e
		}
		id = p.deliver(body)
	}
	return id
}

// commandEntities marks a command at the start of a text.
func commandEntities(text string) []any {
	if !strings.HasPrefix(text, "/") {
		return nil
	}
	end := strings.IndexFunc(text[1:], func(r rune) bool {
		return r != '_' && r != '@' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	})
	if end < 0 {
		end = len(text) - 1
	}
	if end == 0 {
		return nil
	}
	return []any{map[string]any{"type": "bot_command", "offset": int64(0), "length": int64(end + 1)}}
}

// deliver puts a message of the person into the chat and queues its update.
func (p *Phone) deliver(body map[string]any) int64 {
	if p.chat.blocked || p.chat.gone {
		return 0
	}
	p.chat.written = true
	m := p.s.add(p.chat, p.user(), body)
	p.s.push("message", p.id, m.wire)
	return m.id
}

// Tap presses a button by its exact label or its data: in the given message, or, if
// that is 0, in the latest message that has such a button, or else on the keyboard
// below the input. A button with a link is only noted in Opened.
func (p *Phone) Tap(messageID int64, label string) error {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if p.chat.blocked {
		return fmt.Errorf("tapping %q: the person has blocked the bot", label)
	}
	for _, m := range slices.Backward(p.chat.messages) {
		if m.id <= p.chat.cleared || messageID != 0 && m.id != messageID {
			continue
		}
		if b := findButton(keyboardOf(m.wire), label); b != nil {
			return p.tap(m.id, b)
		}
	}
	if messageID == 0 && findButton(keyboardOf(map[string]any{"reply_markup": p.chat.keyboard}), label) != nil {
		p.say(label)
		return nil
	}
	return fmt.Errorf("tapping %q: no such button (message %d)", label, messageID)
}

func findButton(rows [][]Button, label string) *Button {
	for _, byData := range []bool{false, true} { // a label wins over another button's data
		for _, row := range rows {
			for i := range row {
				if !byData && row[i].Text == label || byData && row[i].Data == label {
					return &row[i]
				}
			}
		}
	}
	return nil
}

func (p *Phone) tap(message int64, b *Button) error {
	switch {
	case b.Disabled:
		return fmt.Errorf("tapping %q: the button is disabled", b.Text)
	case b.Data != "":
		p.press(message, b.Text, b.Data)
	default:
		p.opened = append(p.opened, b.URL)
		p.s.touch()
	}
	return nil
}

// TapData sends a press with any data, as a forger could, whatever buttons there are.
func (p *Phone) TapData(messageID int64, data string) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.press(messageID, "", data)
}

func (p *Phone) press(message int64, label, data string) {
	s := p.s
	id := fmt.Sprintf("%d%09d", p.id, s.nextSerial())
	q := &press{phone: p, message: message, label: label, at: s.opts.Clock()}
	s.presses[id] = q
	p.open = append(p.open, q)
	query := map[string]any{"id": id, "from": p.user(), "chat_instance": fmt.Sprint(-7_000_000_000 - p.id), "data": data}
	if m := p.chat.find(message); m != nil {
		query["message"] = m.wire
	} else {
		query["message"] = map[string]any{"chat": p.chat.wire(), "message_id": message, "date": 0}
	}
	s.push("callback_query", p.id, query)
	s.touch()
}

func answerCallbackQuery(s *Server, c *call) (any, *apiError) {
	id := stringParam(c.params, "callback_query_id")
	q := s.presses[id]
	if q == nil || s.opts.Clock().Sub(q.at) > pressLife {
		return nil, badRequest("query is too old and response timeout expired or query ID is invalid")
	}
	delete(s.presses, id) // a press is answered once
	q.phone.open = slices.DeleteFunc(q.phone.open, func(x *press) bool { return x == q })
	if text := stringParam(c.params, "text"); text != "" {
		q.phone.toasts = append(q.phone.toasts, Toast{N: len(q.phone.toasts) + 1, Text: text, Alert: boolParam(c.params, "show_alert")})
	}
	if u := stringParam(c.params, "url"); u != "" {
		q.phone.opened = append(q.phone.opened, u)
	}
	return true, nil
}

// Spinning is the number of presses the bot has not answered and still could.
func (p *Phone) Spinning() int {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return len(p.waiting())
}

func (p *Phone) waiting() []*press {
	now := p.s.opts.Clock()
	p.open = slices.DeleteFunc(p.open, func(q *press) bool { return now.Sub(q.at) > pressLife })
	return p.open
}

// Toasts lists what the answers to this phone's presses showed, oldest first.
func (p *Phone) Toasts() []Toast {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return slices.Clone(p.toasts)
}

// Opened lists the links the person followed by tapping buttons.
func (p *Phone) Opened() []string {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return slices.Clone(p.opened)
}

// Actions lists the chat actions (typing …) the bot showed.
func (p *Phone) Actions() []string {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return slices.Clone(p.chat.actions)
}

// Clear clears the chat on this phone only, as Telegram's "Clear history" does; the bot is not told.
func (p *Phone) Clear() {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.chat.cleared = p.chat.nextID
	p.s.touch()
}

// Block blocks the bot, which is told by a my_chat_member update.
func (p *Phone) Block() { p.setBlocked(true, "member", "kicked") }

// Unblock undoes Block; it does nothing otherwise.
func (p *Phone) Unblock() { p.setBlocked(false, "kicked", "member") }

func (p *Phone) setBlocked(to bool, from, status string) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if p.chat.blocked == to {
		return
	}
	p.chat.blocked = to
	p.s.membership(p.chat, p.user(), from, status)
	p.s.touch()
}

// Deactivate deletes the person's account: the bot can no longer write to them.
func (p *Phone) Deactivate() {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.chat.gone = true
	p.s.touch()
}

// Messages is the chat as the phone shows it now, oldest first.
func (p *Phone) Messages() []Message {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.chat.view()
}

// Last is the latest message in the chat, the zero Message if there is none.
func (p *Phone) Last() Message {
	all := p.Messages()
	if len(all) == 0 {
		return Message{}
	}
	return all[len(all)-1]
}

// Keyboard is the reply keyboard below the input, nil if there is none.
func (p *Phone) Keyboard() [][]Button {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return keyboardOf(map[string]any{"reply_markup": p.chat.keyboard})
}

// Download gives the bytes of a file that the bot or the person sent, nil if there is
// no such file.
func (p *Phone) Download(fileID string) []byte {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if f := p.s.files.byID[fileID]; f != nil {
		return f.data
	}
	return nil
}

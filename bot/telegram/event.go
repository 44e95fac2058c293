package telegram

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"liuhen/flows"
)

// allowedUpdates are the only kinds Telegram is asked for.
var allowedUpdates = []string{"message", "callback_query", "my_chat_member", "edited_message"}

// The wire types hold only what is read here, so that news in other fields of an update cannot spoil it.
type update struct {
	ID       int64           `json:"update_id"`
	Message  json.RawMessage `json:"message"`
	Edited   json.RawMessage `json:"edited_message"`
	Press    *press          `json:"callback_query"`
	Standing *standing       `json:"my_chat_member"`
}

type chat struct {
	ID   int64  `json:"id"`
	Type string `json:"type"`
}

type user struct {
	ID    int64  `json:"id"`
	IsBot bool   `json:"is_bot"`
	First string `json:"first_name"`
	Last  string `json:"last_name"`
}

type press struct {
	ID      string `json:"id"`
	From    user   `json:"from"`
	Data    string `json:"data"`
	Message *struct {
		ID   int  `json:"message_id"`
		Chat chat `json:"chat"`
	} `json:"message"`
}

type standing struct {
	Chat chat `json:"chat"`
	From user `json:"from"`
	New  struct {
		Status string `json:"status"`
	} `json:"new_chat_member"`
}

// Read turns an update into an arrival. ok is false for one that nothing needs to be done about; an error says that it
// cannot be read, and never quotes it.
func (c *Client) Read(raw []byte) (a Arrival, ok bool, err error) {
	var u update
	if json.Unmarshal(raw, &u) != nil {
		return a, false, fmt.Errorf("update %d cannot be read", updateID(raw))
	}
	a.UpdateID = u.ID
	switch {
	case u.Message != nil:
		ok, err = c.readMessage(&a, u.Message)
	case u.Edited != nil:
		ok, err = readEdited(&a, u.Edited)
	case u.Press != nil:
		ok = readPress(&a, u.Press)
	case u.Standing != nil:
		ok = readStanding(&a, u.Standing)
	}
	if err != nil {
		return a, false, fmt.Errorf("update %d: %w", u.ID, err)
	}
	return a, ok, nil
}

// updateID finds the number of an update whose other fields cannot be read, 0 if it has none.
func updateID(raw []byte) int64 {
	var u struct {
		ID int64 `json:"update_id"`
	}
	if json.Unmarshal(raw, &u) != nil {
		return 0
	}
	return u.ID
}

// private holds for a chat between one person and the bot, and nothing else (threat T20).
func private(c chat, from user) bool {
	return c.Type == "private" && c.ID == from.ID && c.ID > 0 && !from.IsBot
}

func readPress(a *Arrival, p *press) bool {
	if p.Message == nil || !private(p.Message.Chat, p.From) || p.ID == "" {
		return false
	}
	a.Chat, a.Message, a.Press, a.Mark = p.From.ID, p.Message.ID, p.ID, "press "+p.ID
	if t, ok := ParseToken(p.Data); ok {
		a.Do = t
	} else {
		a.Do = flows.Odd{Why: flows.OddButton}
	}
	return true
}

func readStanding(a *Arrival, s *standing) bool {
	in := s.New.Status == "member" || s.New.Status == "administrator" || s.New.Status == "restricted"
	a.Chat = s.Chat.ID
	switch {
	case s.Chat.Type != "private":
		a.Leave = &Leave{Say: s.Chat.Type != "channel"}
		return in
	case private(s.Chat, s.From):
		a.Reachable = &in
		return true
	}
	return false
}

// readEdited: what was received first counts. A place shared live edits itself and needs no words.
func readEdited(a *Arrival, raw json.RawMessage) (bool, error) {
	var m message
	if json.Unmarshal(raw, &m) != nil {
		return false, fmt.Errorf("the edited message cannot be read")
	}
	a.head(m)
	a.Do = flows.Odd{Why: flows.OddEdited}
	return private(m.Chat, m.From) && m.Location == nil, nil
}

func (a *Arrival) head(m message) {
	a.Chat, a.Message, a.Sent = m.Chat.ID, m.ID, time.Unix(m.Date, 0).UTC()
	a.Mark = fmt.Sprintf("message %d %d", m.ID, m.Date)
}

func (c *Client) readMessage(a *Arrival, raw json.RawMessage) (bool, error) {
	var m message
	if json.Unmarshal(raw, &m) != nil {
		return false, fmt.Errorf("the message cannot be read")
	}
	a.head(m)
	if m.Chat.Type != "private" {
		a.Leave = &Leave{}
		return m.Chat.ID != 0, nil
	}
	if !private(m.Chat, m.From) || m.service() {
		return false, nil
	}
	switch parcel := m.parcel(raw); {
	case m.ViaBot != nil:
		a.Do = flows.Odd{Why: flows.OddKind}
	case parcel != nil && c.limit > 0 && parcel.Size > c.limit:
		a.Do = flows.Odd{Why: flows.OddTooBig}
	case parcel != nil:
		a.Parcel = parcel
	case m.Text != "":
		a.Do = c.words(m.Text)
	default:
		a.Do = flows.Odd{Why: flows.OddKind}
	}
	return true, nil
}

// commands are those of the menu of commands; each is a place.
var commands = map[string]flows.Place{
	"menu": flows.AtMenu, "file": flows.AtFile, "cases": flows.AtCases, "records": flows.AtRecords,
	"todo": flows.AtTodo, "help": flows.AtHelp, "rule": flows.AtRule,
}

// words reads a text: a command, a word of the menu alone, or something said.
func (c *Client) words(s string) flows.Action {
	s = clean(s, textLimit)
	alone := strings.TrimSpace(s)
	if p, ok := c.labels[alone]; ok {
		return flows.Command{Name: p}
	}
	if name, rest, ok := command(alone); ok {
		if name == "start" {
			return flows.Open{Link: payload(rest)}
		}
		if p, known := commands[name]; known && rest == "" {
			return flows.Command{Name: p}
		}
	}
	return flows.Say{Text: s}
}

// command splits "/name@bot rest".
func command(s string) (name, rest string, ok bool) {
	if !strings.HasPrefix(s, "/") {
		return "", "", false
	}
	name, rest, _ = strings.Cut(s[1:], " ")
	name, _, _ = strings.Cut(name, "@")
	return name, strings.TrimSpace(rest), true
}

// payload is what a link carries; anything a link cannot carry is no payload.
func payload(s string) string {
	if len(s) > 64 || strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") != "" {
		return ""
	}
	return s
}

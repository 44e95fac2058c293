package sandbox

import (
	"slices"
	"time"
)

// chat is one conversation as Telegram stores it: with a person or of a group.
type chat struct {
	id       int64
	title    string // of a group
	person   *Phone // nil in a group
	nextID   int64
	messages []*message
	keyboard map[string]any // reply keyboard shown below the input, nil if none
	cleared  int64          // the person has cleared the messages up to this number
	written  bool           // the person has written at least once
	blocked  bool
	gone     bool // the person's account was deleted
	member   bool // the bot is in the group
	actions  []string
}

// message holds the wire form as Telegram would send it now.
type message struct {
	id      int64
	fromBot bool
	at      time.Time
	wire    map[string]any
}

func (c *chat) wire() map[string]any {
	if c.person == nil {
		return map[string]any{"id": c.id, "type": "group", "title": c.title}
	}
	return map[string]any{"id": c.id, "type": "private", "first_name": c.person.name}
}

func (c *chat) find(id int64) *message {
	for i := len(c.messages) - 1; i >= 0; i-- {
		if c.messages[i].id == id {
			return c.messages[i]
		}
	}
	return nil
}

// add stores a message with its number, date and sender.
func (s *Server) add(c *chat, from map[string]any, body map[string]any) *message {
	c.nextID++
	now := s.opts.Clock()
	m := &message{id: c.nextID, at: now, wire: body}
	m.fromBot = from["is_bot"] == true
	body["message_id"], body["date"], body["chat"], body["from"] = m.id, now.Unix(), c.wire(), from
	c.messages = append(c.messages, m)
	s.touch()
	return m
}

func (s *Server) botUser() map[string]any {
	return map[string]any{"id": s.botID, "is_bot": true, "first_name": s.opts.BotName, "username": s.opts.BotUsername}
}

// target finds the chat a call is meant for and whether the bot may act in it.
func (s *Server) target(c *call) (*chat, *apiError) {
	to, e := s.lookup(c)
	if e != nil {
		return nil, e
	}
	switch {
	case to.person == nil && !to.member:
		return nil, forbidden("bot is not a member of the group chat")
	case to.gone:
		return nil, forbidden("user is deactivated")
	case to.blocked:
		return nil, forbidden("bot was blocked by the user")
	case to.person != nil && !to.written:
		return nil, forbidden("bot can't initiate conversation with a user")
	}
	return to, nil
}

func (s *Server) lookup(c *call) (*chat, *apiError) {
	to := s.chats[intParam(c.params, "chat_id")]
	if to == nil {
		return nil, badRequest("chat not found")
	}
	return to, nil
}

func getMe(s *Server, _ *call) (any, *apiError) {
	me := s.botUser()
	for _, k := range []string{"can_connect_to_business", "can_read_all_group_messages", "has_main_web_app", "supports_inline_queries"} {
		me[k] = false
	}
	me["can_join_groups"] = true
	return me, nil
}

func getChat(s *Server, c *call) (any, *apiError) {
	to, e := s.lookup(c)
	if e != nil {
		return nil, e
	}
	full := to.wire()
	full["accent_color_id"], full["max_reaction_count"] = 0, 11
	full["accepted_gift_types"] = map[string]any{
		"unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false,
		"premium_subscription": false, "gifts_from_channels": false,
	}
	return full, nil
}

func leaveChat(s *Server, c *call) (any, *apiError) {
	to, e := s.lookup(c)
	switch {
	case e != nil:
		return nil, e
	case to.person != nil:
		return nil, badRequest("chat member status can't be changed in private chats")
	case !to.member:
		return nil, forbidden("bot is not a member of the group chat")
	}
	s.membership(to, s.botUser(), "member", "left")
	to.member = false
	return true, nil
}

var chatActions = []string{
	"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
	"upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}

func sendChatAction(s *Server, c *call) (any, *apiError) {
	to, e := s.target(c)
	if e != nil {
		return nil, e
	}
	action := stringParam(c.params, "action")
	if !slices.Contains(chatActions, action) {
		return nil, violation("wrong parameter action in request")
	}
	to.actions = append(to.actions, action)
	return true, nil
}

// membership queues a my_chat_member update: the bot's own standing changed.
func (s *Server) membership(c *chat, by map[string]any, from, to string) {
	member := func(status string) map[string]any {
		m := map[string]any{"status": status, "user": s.botUser()}
		if status == "kicked" {
			m["until_date"] = 0
		}
		return m
	}
	who, _ := by["id"].(int64)
	s.push("my_chat_member", who, map[string]any{
		"chat": c.wire(), "from": by, "date": s.opts.Clock().Unix(),
		"old_chat_member": member(from), "new_chat_member": member(to),
	})
}

// store keeps a setting of the bot's profile so that its getter returns it.
func store(key string) handler {
	return func(s *Server, c *call) (any, *apiError) {
		s.settings[key+"/"+stringParam(c.params, "language_code")] = stringParam(c.params, key)
		return true, nil
	}
}

func stored(key string) handler {
	return func(s *Server, c *call) (any, *apiError) {
		v, _ := s.settings[key+"/"+stringParam(c.params, "language_code")].(string)
		return map[string]any{key: v}, nil
	}
}

// ignored accepts a call that changes nothing a phone here shows.
func ignored(*Server, *call) (any, *apiError) { return true, nil }

func setMyCommands(s *Server, c *call) (any, *apiError) {
	list, _ := c.params["commands"].([]any)
	if len(list) > 100 {
		return nil, violation("too many commands specified")
	}
	for _, x := range list {
		cmd, _ := x.(map[string]any)
		if name := stringParam(cmd, "command"); !validCommand(name) {
			return nil, violation("BOT_COMMAND_INVALID")
		}
	}
	s.settings[commandsKey(c)] = list
	return true, nil
}

func getMyCommands(s *Server, c *call) (any, *apiError) {
	if list, ok := s.settings[commandsKey(c)].([]any); ok {
		return list, nil
	}
	return []any{}, nil
}

func deleteMyCommands(s *Server, c *call) (any, *apiError) {
	delete(s.settings, commandsKey(c))
	return true, nil
}

func validCommand(name string) bool {
	for _, r := range name {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' {
			return false
		}
	}
	return name != ""
}

// handler carries out a valid call; mu is held.
type handler func(*Server, *call) (any, *apiError)

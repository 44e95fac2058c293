package sandbox

import "strings"

// Group is a group chat, which the bot may be added to.
type Group struct {
	s    *Server
	chat *chat
}

// Group gives the group with that ID (negative, as Telegram's are), making it if there
// is none.
func (s *Server) Group(id int64, title string) *Group {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.groups[id]
	if g == nil {
		g = &Group{s: s, chat: &chat{id: id, title: title}}
		s.groups[id], s.chats[id] = g, g.chat
	}
	return g
}

// AddBot lets a person add the bot: a my_chat_member update and a service message.
func (g *Group) AddBot(by *Phone) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	if g.chat.member {
		return
	}
	g.chat.member = true
	g.s.membership(g.chat, by.user(), "left", "member")
	g.tell(by, map[string]any{"new_chat_members": []any{g.s.botUser()}})
}

// RemoveBot lets a person remove the bot.
func (g *Group) RemoveBot(by *Phone) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	if !g.chat.member {
		return
	}
	g.chat.member = false
	g.s.membership(g.chat, by.user(), "member", "kicked")
	g.s.touch()
}

// Say sends a text to the group. In privacy mode, which bots have by default, the bot
// sees only commands that may be meant for it: the result tells whether it did.
func (g *Group) Say(by *Phone, text string) (seen bool) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	body := map[string]any{"text": text}
	if e := commandEntities(text); e != nil {
		body["entities"] = e
		seen = g.chat.member && g.meant(text)
	}
	if seen {
		g.tell(by, body)
	} else {
		g.s.add(g.chat, by.user(), body)
	}
	return seen
}

// meant tells whether a command may be for this bot: /start and /start@this_bot are.
func (g *Group) meant(text string) bool {
	_, to, named := strings.Cut(strings.Fields(text)[0], "@")
	return !named || strings.EqualFold(to, g.s.opts.BotUsername)
}

// tell puts a message into the group and queues its update.
func (g *Group) tell(by *Phone, body map[string]any) {
	m := g.s.add(g.chat, by.user(), body)
	g.s.push("message", by.id, m.wire)
}

// Messages is what the group shows, oldest first.
func (g *Group) Messages() []Message {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	return g.chat.view()
}

// HasBot tells whether the bot is in the group.
func (g *Group) HasBot() bool {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	return g.chat.member
}

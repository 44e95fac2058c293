package sandbox

import (
	"maps"
	"reflect"
	"strings"
	"time"
)

// deletable is how old a message may be for the bot to delete it.
const deletable = 48 * time.Hour

const (
	maxText    = 4096
	maxCaption = 1024
)

// formatted reads a text or caption with its parse_mode or entities. Its length is
// counted after parsing, in UTF-16 code units.
func formatted(p map[string]any, key, entitiesKey string, limit int) (text string, entities []any, e *apiError) {
	text = stringParam(p, key)
	entities, _ = p[entitiesKey].([]any)
	switch mode := stringParam(p, "parse_mode"); mode {
	case "":
		if e := entitiesFit(text, entities); e != nil {
			return "", nil, e
		}
	case "HTML":
		var err error
		if text, entities, err = parseHTML(text); err != nil {
			return "", nil, violation("can't parse entities: %v", err)
		}
	default:
		return "", nil, violation("parse_mode %s is not emulated", mode)
	}
	text, entities = trimmed(text, entities)
	if n := utf16Len(text); n > limit {
		if limit == maxCaption {
			return "", nil, violation("message caption is too long")
		}
		return "", nil, violation("message is too long")
	}
	return text, entities, nil
}

func entitiesFit(text string, entities []any) *apiError {
	n := int64(utf16Len(text))
	for _, x := range entities {
		o, _ := x.(map[string]any)
		at, length := intParam(o, "offset"), intParam(o, "length")
		if at < 0 || length < 1 || at+length > n {
			return violation("entity at %d of length %d is outside the text", at, length)
		}
	}
	return nil
}

// trimmed drops white space at both ends, as Telegram does, and shifts the entities.
func trimmed(text string, entities []any) (string, []any) {
	out := strings.TrimSpace(text)
	if out == text {
		return text, entities
	}
	lead := int64(utf16Len(text) - utf16Len(strings.TrimLeft(text, " \t\r\n")))
	n := int64(utf16Len(out))
	var kept []any
	for _, x := range entities {
		o := maps.Clone(x.(map[string]any))
		from := max(0, intParam(o, "offset")-lead)
		to := min(n, intParam(o, "offset")+intParam(o, "length")-lead)
		if to > from {
			o["offset"], o["length"] = from, to-from
			kept = append(kept, o)
		}
	}
	return out, kept
}

func setText(body map[string]any, key, entitiesKey, text string, entities []any) {
	delete(body, key)
	delete(body, entitiesKey)
	if text != "" {
		body[key] = text
	}
	if len(entities) > 0 {
		body[entitiesKey] = entities
	}
}

// inlineMarkup is the keyboard under a message; nil if there is none.
func inlineMarkup(p map[string]any) map[string]any {
	m, _ := p["reply_markup"].(map[string]any)
	rows, _ := m["inline_keyboard"].([]any)
	var kept []any
	for _, r := range rows {
		if row, _ := r.([]any); len(row) > 0 {
			kept = append(kept, r)
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return map[string]any{"inline_keyboard": kept}
}

// post stores a message of the bot with what all send methods share.
func (s *Server) post(to *chat, p, body map[string]any) (*message, *apiError) {
	if e := s.reply(to, p, body); e != nil {
		return nil, e
	}
	if boolParam(p, "protect_content") {
		body["has_protected_content"] = true
	}
	markup, _ := p["reply_markup"].(map[string]any)
	if inline := inlineMarkup(p); inline != nil {
		body["reply_markup"] = inline
	} else if markup["keyboard"] != nil {
		to.keyboard = markup
	} else if boolParam(markup, "remove_keyboard") {
		to.keyboard = nil
	}
	return s.add(to, s.botUser(), body), nil
}

func (s *Server) reply(to *chat, p, body map[string]any) *apiError {
	r, ok := p["reply_parameters"].(map[string]any)
	if !ok {
		return nil
	}
	m := to.find(intParam(r, "message_id"))
	if m == nil {
		if boolParam(r, "allow_sending_without_reply") {
			return nil
		}
		return badRequest("message to be replied not found")
	}
	quoted := maps.Clone(m.wire)
	delete(quoted, "reply_to_message") // Telegram nests one level only
	delete(quoted, "reply_markup")
	body["reply_to_message"] = quoted
	return nil
}

func sendMessage(s *Server, c *call) (any, *apiError) {
	to, e := s.target(c)
	if e != nil {
		return nil, e
	}
	text, entities, e := formatted(c.params, "text", "entities", maxText)
	if e != nil {
		return nil, e
	}
	if text == "" {
		return nil, violation("message text is empty")
	}
	body := map[string]any{}
	setText(body, "text", "entities", text, entities)
	if lp, ok := c.params["link_preview_options"]; ok {
		body["link_preview_options"] = lp
	}
	return wireOf(s.post(to, c.params, body))
}

func wireOf(m *message, e *apiError) (any, *apiError) {
	if e != nil {
		return nil, e
	}
	return m.wire, nil
}

func sendLocation(s *Server, c *call) (any, *apiError) {
	to, e := s.target(c)
	if e != nil {
		return nil, e
	}
	loc := map[string]any{"latitude": c.params["latitude"], "longitude": c.params["longitude"]}
	return wireOf(s.post(to, c.params, map[string]any{"location": loc}))
}

func copyMessage(s *Server, c *call) (any, *apiError) {
	to, e := s.target(c)
	if e != nil {
		return nil, e
	}
	from := s.chats[intParam(c.params, "from_chat_id")]
	if from == nil {
		return nil, badRequest("chat not found")
	}
	m := from.find(intParam(c.params, "message_id"))
	if m == nil || m.wire["has_protected_content"] == true {
		return nil, badRequest("message to copy not found")
	}
	body := maps.Clone(m.wire)
	for _, k := range []string{"reply_markup", "reply_to_message", "forward_origin", "edit_date", "media_group_id", "has_protected_content"} {
		delete(body, k)
	}
	if _, ok := c.params["caption"]; ok {
		text, entities, e := formatted(c.params, "caption", "caption_entities", maxCaption)
		if e != nil {
			return nil, e
		}
		setText(body, "caption", "caption_entities", text, entities)
	}
	sent, e := s.post(to, c.params, body)
	if e != nil {
		return nil, e
	}
	return map[string]any{"message_id": sent.id}, nil
}

// editable finds the bot's own message that an edit is about.
func (s *Server) editable(c *call) (*message, *apiError) {
	if _, ok := c.params["inline_message_id"]; ok {
		return nil, violation("inline messages are not emulated")
	}
	if c.params["chat_id"] == nil || c.params["message_id"] == nil {
		return nil, violation("chat_id and message_id are required")
	}
	to, e := s.target(c)
	if e != nil {
		return nil, e
	}
	m := to.find(intParam(c.params, "message_id"))
	if m == nil {
		return nil, badRequest("message to edit not found")
	}
	if !m.fromBot {
		return nil, badRequest("message can't be edited")
	}
	return m, nil
}

// apply replaces the message by its edited form, unless nothing differs.
func (s *Server) apply(m *message, p, edited map[string]any) (any, *apiError) {
	delete(edited, "reply_markup") // an edit without a keyboard takes it away
	if inline := inlineMarkup(p); inline != nil {
		edited["reply_markup"] = inline
	}
	if reflect.DeepEqual(edited, m.wire) {
		return nil, badRequest("message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")
	}
	edited["edit_date"] = s.opts.Clock().Unix()
	m.wire = edited // replaced, not changed: earlier answers and updates share the old map
	return edited, nil
}

func editMessageText(s *Server, c *call) (any, *apiError) {
	m, e := s.editable(c)
	if e != nil {
		return nil, e
	}
	if _, ok := m.wire["text"]; !ok {
		return nil, badRequest("there is no text in the message to edit")
	}
	text, entities, e := formatted(c.params, "text", "entities", maxText)
	if e != nil {
		return nil, e
	}
	if text == "" {
		return nil, violation("message text is empty")
	}
	edited := maps.Clone(m.wire)
	setText(edited, "text", "entities", text, entities)
	delete(edited, "link_preview_options")
	if lp, ok := c.params["link_preview_options"]; ok {
		edited["link_preview_options"] = lp
	}
	return s.apply(m, c.params, edited)
}

func editMessageCaption(s *Server, c *call) (any, *apiError) {
	m, e := s.editable(c)
	if e != nil {
		return nil, e
	}
	if fileIn(m.wire) == nil {
		return nil, badRequest("there is no caption in the message to edit")
	}
	text, entities, e := formatted(c.params, "caption", "caption_entities", maxCaption)
	if e != nil {
		return nil, e
	}
	edited := maps.Clone(m.wire)
	setText(edited, "caption", "caption_entities", text, entities)
	return s.apply(m, c.params, edited)
}

func editMessageReplyMarkup(s *Server, c *call) (any, *apiError) {
	m, e := s.editable(c)
	if e != nil {
		return nil, e
	}
	return s.apply(m, c.params, maps.Clone(m.wire))
}

func deleteMessage(s *Server, c *call) (any, *apiError) {
	to, e := s.lookup(c)
	if e != nil {
		return nil, e
	}
	m := to.find(intParam(c.params, "message_id"))
	if m == nil {
		return nil, badRequest("message to delete not found")
	}
	if s.tooOld(m) {
		return nil, badRequest("message can't be deleted for everyone")
	}
	to.drop(m)
	return true, nil
}

// deleteMessages deletes those it may and skips the rest, as Telegram does.
func deleteMessages(s *Server, c *call) (any, *apiError) {
	to, e := s.lookup(c)
	if e != nil {
		return nil, e
	}
	ids, _ := c.params["message_ids"].([]any)
	for _, id := range ids {
		n, _ := id.(int64)
		if m := to.find(n); m != nil && !s.tooOld(m) {
			to.drop(m)
		}
	}
	return true, nil
}

func (s *Server) tooOld(m *message) bool { return s.opts.Clock().Sub(m.at) >= deletable }

func (c *chat) drop(gone *message) {
	for i, m := range c.messages {
		if m == gone {
			c.messages = append(c.messages[:i:i], c.messages[i+1:]...)
			return
		}
	}
}

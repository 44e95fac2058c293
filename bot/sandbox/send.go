package sandbox

import "fmt"

// Attachment is a file a person sends.
type Attachment struct {
	Kind    string // photo, document, video, voice, video_note, audio, animation
	Name    string
	MIME    string
	Data    []byte
	Caption string
}

// Send sends a file and returns its message number, 0 if the person blocked the bot.
// Telegram keeps no name for photos, voice messages and video notes.
func (p *Phone) Send(kind, filename, mimeType string, data []byte, caption string) int64 {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.deliver(p.attachment(Attachment{kind, filename, mimeType, data, caption}))
}

// SendAlbum sends several files as one album: separate messages that share a number.
func (p *Phone) SendAlbum(files ...Attachment) []int64 {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	album := fmt.Sprint(13_000_000_000_000_000 + p.s.nextSerial())
	var ids []int64
	for _, a := range files {
		body := p.attachment(a)
		body["media_group_id"] = album
		ids = append(ids, p.deliver(body))
	}
	return ids
}

func (p *Phone) attachment(a Attachment) map[string]any {
	body := p.s.mediaFields(p.s.keep(a.Kind, a.Name, mimeOf(a.Name, a.MIME), a.Data))
	setText(body, "caption", "caption_entities", a.Caption, nil)
	return body
}

// Location sends a place, in degrees.
func (p *Phone) Location(lat, lon float64) int64 {
	return p.raw(map[string]any{"location": map[string]any{"latitude": lat, "longitude": lon}})
}

// Forward sends on a text of somebody whose account is hidden.
func (p *Phone) Forward(text, fromName string) int64 {
	return p.raw(map[string]any{"text": text, "forward_origin": map[string]any{
		"type": "hidden_user", "date": p.s.opts.Clock().Unix(), "sender_user_name": fromName,
	}})
}

// Sticker sends a sticker.
func (p *Phone) Sticker() int64 {
	return p.Send("sticker", "", "image/webp", []byte("RIFF....WEBP"), "")
}

// Poll sends a poll.
func (p *Phone) Poll() int64 {
	option := func(id, text string) map[string]any {
		return map[string]any{"persistent_id": id, "text": text, "voter_count": 0}
	}
	return p.raw(map[string]any{"poll": map[string]any{
		"id": "5104312000000000001", "question": "?", "options": []any{option("0", "A"), option("1", "B")},
		"total_voter_count": 0, "is_closed": false, "is_anonymous": true, "type": "regular",
		"allows_multiple_answers": false, "allows_revoting": true, "members_only": false,
	}})
}

// Contact sends the person's own contact card.
func (p *Phone) Contact() int64 {
	return p.raw(map[string]any{"contact": map[string]any{"phone_number": "+8613800000000", "first_name": p.name, "user_id": p.id}})
}

// Edit changes a text the person sent, which the bot is told by edited_message.
func (p *Phone) Edit(messageID int64, text string) error {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	m := p.chat.find(messageID)
	if m == nil || m.fromBot || m.wire["text"] == nil {
		return fmt.Errorf("editing message %d: no text of this person", messageID)
	}
	edited := map[string]any{}
	for k, v := range m.wire {
		edited[k] = v
	}
	setText(edited, "text", "entities", text, commandEntities(text))
	edited["edit_date"] = p.s.opts.Clock().Unix()
	m.wire = edited
	p.s.push("edited_message", p.id, edited)
	return nil
}

// Delete takes a message off both sides of the chat. Telegram tells bots nothing.
func (p *Phone) Delete(messageID int64) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if m := p.chat.find(messageID); m != nil {
		p.chat.drop(m)
		p.s.touch()
	}
}

func (p *Phone) raw(body map[string]any) int64 {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.deliver(body)
}

package sandbox

import "time"

// Message is a message as a phone shows it.
type Message struct {
	ID        int64      `json:"id"`
	FromBot   bool       `json:"from_bot"`
	From      string     `json:"from"` // the sender's name
	Date      time.Time  `json:"date"`
	Edited    bool       `json:"edited"`
	Text      string     `json:"text"` // or the caption
	Entities  []Entity   `json:"entities"`
	Keyboard  [][]Button `json:"keyboard"`
	Protected bool       `json:"protected"` // cannot be forwarded or saved
	File      *File      `json:"file"`
	Location  *Point     `json:"location"`
	Album     string     `json:"album"`     // same for messages sent as one album
	ReplyTo   int64      `json:"reply_to"`  // message number, 0 if no reply
	Forwarded string     `json:"forwarded"` // whom it was forwarded from
	Kind      string     `json:"kind"`      // text, photo … location, contact, poll, service
}

// Entity is a formatted stretch of text; places are in UTF-16 code units.
type Entity struct {
	Type   string `json:"type"`
	Offset int64  `json:"offset"`
	Length int64  `json:"length"`
	URL    string `json:"url,omitempty"`
}

// Button is an inline button, or one of the keyboard below the input.
type Button struct {
	Text     string `json:"text"`
	Data     string `json:"data,omitempty"`
	URL      string `json:"url,omitempty"`
	Copy     string `json:"copy,omitempty"`
	Style    string `json:"style,omitempty"` // danger, success, primary
	Disabled bool   `json:"disabled,omitempty"`
}

// Point is a place on the map, in degrees.
type Point struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

func (c *chat) view() []Message {
	out := make([]Message, 0, len(c.messages))
	for _, m := range c.messages {
		if m.id <= c.cleared {
			continue
		}
		out = append(out, m.view())
	}
	return out
}

func (m *message) view() Message {
	w := m.wire
	v := Message{
		ID: m.id, FromBot: m.fromBot, Date: m.at, Edited: w["edit_date"] != nil, Kind: "service",
		Text: stringParam(w, "text"), Keyboard: keyboardOf(w), Protected: w["has_protected_content"] == true,
		File: fileIn(w), Album: stringParam(w, "media_group_id"),
	}
	from, _ := w["from"].(map[string]any)
	v.From = stringParam(from, "first_name")
	entities, _ := w["entities"].([]any)
	if v.Text == "" {
		v.Text = stringParam(w, "caption")
		entities, _ = w["caption_entities"].([]any)
	}
	for _, x := range entities {
		e, _ := x.(map[string]any)
		v.Entities = append(v.Entities, Entity{stringParam(e, "type"), intParam(e, "offset"), intParam(e, "length"), stringParam(e, "url")})
	}
	for _, kind := range []string{"text", "location", "contact", "poll"} {
		if w[kind] != nil {
			v.Kind = kind
		}
	}
	if v.File != nil {
		v.Kind = v.File.Kind
	}
	if loc, ok := w["location"].(map[string]any); ok {
		v.Location = &Point{number(loc["latitude"]), number(loc["longitude"])}
	}
	if r, ok := w["reply_to_message"].(map[string]any); ok {
		v.ReplyTo = intParam(r, "message_id")
	}
	if f, ok := w["forward_origin"].(map[string]any); ok {
		v.Forwarded = stringParam(f, "sender_user_name")
	}
	return v
}

func number(v any) float64 {
	switch n := v.(type) {
	case int64:
		return float64(n)
	case float64:
		return n
	}
	return 0
}

// keyboardOf reads the keyboard of a message, or a reply keyboard.
func keyboardOf(wire map[string]any) [][]Button {
	markup, _ := wire["reply_markup"].(map[string]any)
	rows, _ := markup["inline_keyboard"].([]any)
	if rows == nil {
		rows, _ = markup["keyboard"].([]any)
	}
	var out [][]Button
	for _, r := range rows {
		row, _ := r.([]any)
		var buttons []Button
		for _, x := range row {
			buttons = append(buttons, buttonOf(x))
		}
		out = append(out, buttons)
	}
	return out
}

func buttonOf(x any) Button {
	o, _ := x.(map[string]any)
	b := Button{Text: stringParam(o, "text"), Data: stringParam(o, "callback_data"), URL: stringParam(o, "url"), Style: stringParam(o, "style")}
	if c, ok := o["copy_text"].(map[string]any); ok {
		b.Copy = stringParam(c, "text")
	}
	if w, ok := o["web_app"].(map[string]any); ok {
		b.URL = stringParam(w, "url")
	}
	_, b.Disabled = o["disabled"]
	return b
}

package telegram

import (
	"encoding/json"
	"path"
	"strings"
	"time"
)

const (
	nameLimit  = 120 // characters of a file's name
	quoteLimit = 4096
)

type message struct {
	ID      int             `json:"message_id"`
	Date    int64           `json:"date"`
	Chat    chat            `json:"chat"`
	From    user            `json:"from"`
	ViaBot  json.RawMessage `json:"via_bot"`
	Origin  json.RawMessage `json:"forward_origin"`
	Text    string          `json:"text"`
	Caption string          `json:"caption"`

	Photo     []media         `json:"photo"`
	Document  *media          `json:"document"`
	Video     *media          `json:"video"`
	Voice     *media          `json:"voice"`
	VideoNote *media          `json:"video_note"`
	Audio     *media          `json:"audio"`
	Animation *media          `json:"animation"`
	Location  json.RawMessage `json:"location"`
	Venue     json.RawMessage `json:"venue"`

	Pinned   json.RawMessage `json:"pinned_message"`
	Timer    json.RawMessage `json:"message_auto_delete_timer_changed"`
	Write    json.RawMessage `json:"write_access_allowed"`
	ThemeSet json.RawMessage `json:"chat_background_set"`
}

type media struct {
	ID     string `json:"file_id"`
	Name   string `json:"file_name"`
	MIME   string `json:"mime_type"`
	Size   int64  `json:"file_size"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

type origin struct {
	Date       int64  `json:"date"`
	User       user   `json:"sender_user"`
	Hidden     string `json:"sender_user_name"`
	SenderChat titled `json:"sender_chat"`
	Chat       titled `json:"chat"`
}

type titled struct {
	Title string `json:"title"`
}

// service holds for what a client writes into a chat by itself.
func (m message) service() bool {
	return m.Pinned != nil || m.Timer != nil || m.Write != nil || m.ThemeSet != nil
}

// parcel is the evidence a message holds, nil if none. Whatever was forwarded is evidence, never a statement (threat T19).
func (m message) parcel(raw json.RawMessage) *Parcel {
	p := &Parcel{Sent: time.Unix(m.Date, 0).UTC(), Caption: strings.TrimSpace(clean(m.Caption, quoteLimit))}
	if kind, f := m.file(); f != nil {
		p.Kind, p.FileID, p.Name, p.MIME, p.Size = kind, f.ID, baseName(f.Name), line(f.MIME, nameLimit), f.Size
	} else if place := m.place(); place != nil {
		p.keep("location", place)
	} else if m.Origin != nil {
		p.keep("forwarded", raw)
	} else {
		return nil
	}
	if m.Origin != nil {
		var o origin
		_ = json.Unmarshal(m.Origin, &o) // an origin of a kind not known yet is kept in the bytes, if at all
		p.Origin = o.name()
		if o.Date > 0 {
			p.Sent = time.Unix(o.Date, 0).UTC()
		}
	}
	return p
}

func (p *Parcel) keep(kind string, raw json.RawMessage) {
	p.Kind, p.Bytes, p.Size, p.MIME = kind, raw, int64(len(raw)), "application/json"
}

func (m message) place() json.RawMessage {
	if m.Venue != nil {
		return m.Venue
	}
	return m.Location
}

// file is the file of a message. A photo comes in several sizes, an animation also as a document.
func (m message) file() (kind string, f *media) {
	for i := range m.Photo {
		if f == nil || m.Photo[i].Width*m.Photo[i].Height >= f.Width*f.Height {
			f = &m.Photo[i]
		}
	}
	if f != nil && f.ID != "" {
		return "photo", f
	}
	for _, x := range []struct {
		kind string
		f    *media
	}{
		{"animation", m.Animation},
		{"video", m.Video},
		{"voice", m.Voice},
		{"video_note", m.VideoNote},
		{"audio", m.Audio},
		{"document", m.Document},
	} {
		if x.f != nil && x.f.ID != "" {
			return x.kind, x.f
		}
	}
	return "", nil
}

// baseName is the last part of a name, without what could lead out of a folder or hide its ending.
func baseName(s string) string {
	s = line(strings.ReplaceAll(s, `\`, "/"), textLimit)
	if s = path.Base(s); s == "." || s == "/" || s == ".." {
		return ""
	}
	if r := []rune(s); len(r) > nameLimit {
		ext := []rune(path.Ext(s))
		if len(ext) > 12 {
			ext = nil
		}
		s = string(r[:nameLimit-len(ext)]) + string(ext)
	}
	return s
}

func (o origin) name() string {
	for _, s := range []string{o.User.First + " " + o.User.Last, o.Hidden, o.SenderChat.Title, o.Chat.Title} {
		if s = line(s, nameLimit); s != "" {
			return s
		}
	}
	return ""
}

package sandbox

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

//go:embed page.html
var pageHTML []byte

// maxAttach is what a person may attach on the page.
const maxAttach = 64 << 20

// pagePolicy lets the page load nothing but itself.
const pagePolicy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self' data:; " +
	"media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func (s *Server) pageRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", guarded(servePage))
	mux.HandleFunc("GET /sandbox/state", guarded(s.serveState))
	mux.HandleFunc("GET /sandbox/events", guarded(s.serveEvents))
	mux.HandleFunc("GET /sandbox/file", guarded(s.serveShown))
	mux.HandleFunc("POST /sandbox/do", guarded(s.serveDo))
	mux.HandleFunc("POST /sandbox/attach", guarded(s.serveAttach))
	mux.HandleFunc("POST /sandbox/advance", guarded(s.serveAdvance))
}

// foreign tells a request that a page of another site made the browser send: by its
// origin, or by a Host that is not this machine (a foreign name made to resolve to
// 127.0.0.1, DNS rebinding).
func foreign(r *http.Request) bool {
	if !isLoopback(r.Host) {
		return true
	}
	if site := r.Header.Get("Sec-Fetch-Site"); site == "cross-site" || site == "same-site" {
		return r.Method != http.MethodGet || r.Header.Get("Sec-Fetch-Mode") != "navigate"
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return false
	}
	u, err := url.Parse(origin)
	return err != nil || u.Host != r.Host
}

// guarded asks of every POST a header that other sites' pages cannot set.
func guarded(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && r.Header.Get("X-Sandbox") == "" {
			http.Error(w, "not from the page", http.StatusForbidden)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next(w, r)
	}
}

func servePage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", pagePolicy)
	w.Header().Set("Referrer-Policy", "no-referrer")
	_, _ = w.Write(pageHTML)
}

// pageState is all the page shows.
type pageState struct {
	Version int64      `json:"version"`
	Now     string     `json:"now"` // local time, 2026-09-01T09:00
	Weekday int        `json:"weekday"`
	Bot     string     `json:"bot"`
	Advance bool       `json:"advance"`
	People  []Person   `json:"people"`
	Chats   []pageChat `json:"chats"` // of the people asked for
}

type pageChat struct {
	User     int64      `json:"user"`
	Messages []Message  `json:"messages"`
	Times    []string   `json:"times"` // of the messages, in the clock's own zone
	Keyboard [][]Button `json:"keyboard"`
	Toasts   []Toast    `json:"toasts"`
	Pressed  []pressed  `json:"pressed"` // not answered yet
	Commands []any      `json:"commands"`
	Written  bool       `json:"written"`
	Blocked  bool       `json:"blocked"`
}

type pressed struct {
	Message int64  `json:"message"`
	Label   string `json:"label"`
}

func (s *Server) serveState(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	now := s.opts.Clock()
	st := pageState{
		Version: s.version, Now: now.Format("2006-01-02T15:04"), Weekday: int(now.Weekday()),
		Bot: s.opts.BotName, Advance: s.opts.AdvanceDay != nil, People: s.people, Chats: []pageChat{},
	}
	for _, id := range r.URL.Query()["user"] {
		n, _ := strconv.ParseInt(id, 10, 64)
		if p := s.phones[n]; p != nil {
			st.Chats = append(st.Chats, p.page(now.Location()))
		}
	}
	raw, err := json.Marshal(st)
	s.mu.Unlock()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(raw)
}

func (p *Phone) page(zone *time.Location) pageChat {
	c := pageChat{
		User: p.id, Messages: p.chat.view(), Toasts: p.toasts, Written: p.chat.written, Blocked: p.chat.blocked,
		Keyboard: keyboardOf(map[string]any{"reply_markup": p.chat.keyboard}), Commands: p.s.commandsFor(p.id),
	}
	for _, m := range c.Messages {
		c.Times = append(c.Times, m.Date.In(zone).Format("2006-01-02T15:04"))
	}
	for _, q := range p.waiting() {
		c.Pressed = append(c.Pressed, pressed{q.message, q.label})
	}
	return c
}

// serveEvents tells the page by server-sent events that there is something new.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request) {
	if !s.begin() {
		return
	}
	defer s.running.Done()
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	alive := time.NewTicker(15 * time.Second)
	defer alive.Stop()
	for {
		s.mu.Lock()
		version, changed := s.version, s.changed
		s.mu.Unlock()
		if _, err := fmt.Fprintf(w, "data: %d\n\n", version); err != nil || out.Flush() != nil {
			return
		}
		select {
		case <-changed:
			(&Fault{Delay: 30 * time.Millisecond}).wait(r.Context()) // many changes, one event
		case <-alive.C:
		case <-r.Context().Done():
			return
		case <-s.ctx.Done():
			return
		}
	}
}

// serveShown gives a file of a chat: pictures and sound to look at, all else to save.
func (s *Server) serveShown(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f := s.files.byID[r.URL.Query().Get("id")]
	s.mu.Unlock()
	if f == nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	switch kind := http.DetectContentType(f.data); kind {
	case "image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4", "video/webm", "audio/mpeg", "audio/wave", "application/ogg":
		w.Header().Set("Content-Type", kind)
	default:
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(f.name))
	}
	_, _ = w.Write(f.data)
}

func (s *Server) serveDo(w http.ResponseWriter, r *http.Request) {
	var do struct {
		User            int64
		Do, Text, Label string
		Message         int64
		Lat, Lon        float64
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&do); err != nil {
		http.Error(w, "reading the action: "+err.Error(), http.StatusBadRequest)
		return
	}
	p, err := s.known(do.User)
	if err == nil {
		switch do.Do {
		case "start":
			p.Start(do.Text)
		case "say":
			p.Say(do.Text)
		case "tap":
			err = p.Tap(do.Message, do.Label)
		case "location":
			p.Location(do.Lat, do.Lon)
		case "block":
			p.Block()
		case "unblock":
			p.Unblock()
		default:
			err = fmt.Errorf("unknown action %q", do.Do)
		}
	}
	finish(w, err)
}

func (s *Server) known(user int64) (*Phone, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.phones[user]; p != nil {
		return p, nil
	}
	return nil, errors.New("no such person")
}

func finish(w http.ResponseWriter, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// serveAttach takes the files of one message, or of one album.
func (s *Server) serveAttach(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxAttach)
	if err := r.ParseMultipartForm(maxAttach); err != nil {
		finish(w, fmt.Errorf("reading the files: %w", err))
		return
	}
	user, _ := strconv.ParseInt(r.FormValue("user"), 10, 64)
	p, err := s.known(user)
	if err != nil {
		finish(w, err)
		return
	}
	var list []Attachment
	for _, h := range r.MultipartForm.File["file"] {
		f, err := h.Open()
		if err != nil {
			finish(w, fmt.Errorf("opening an attached file: %w", err))
			return
		}
		data, err := io.ReadAll(f)
		_ = f.Close()
		if err != nil {
			finish(w, fmt.Errorf("reading an attached file: %w", err))
			return
		}
		a := Attachment{Kind: r.FormValue("kind"), Name: h.Filename, MIME: h.Header.Get("Content-Type"), Data: data}
		if a.Kind == "" {
			a.Kind = guessKind(a.MIME)
		}
		list = append(list, a)
	}
	if len(list) == 1 {
		p.Send(list[0].Kind, list[0].Name, list[0].MIME, list[0].Data, r.FormValue("caption"))
	} else if len(list) > 1 {
		p.SendAlbum(list...)
	}
	finish(w, nil)
}

func guessKind(mimeType string) string {
	switch {
	case mimeType == "image/jpeg" || mimeType == "image/png":
		return "photo"
	case strings.HasPrefix(mimeType, "video/"):
		return "video"
	case strings.HasPrefix(mimeType, "audio/"):
		return "audio"
	}
	return "document"
}

func (s *Server) serveAdvance(w http.ResponseWriter, _ *http.Request) {
	if s.opts.AdvanceDay == nil {
		finish(w, errors.New("the clock is not to be moved"))
		return
	}
	s.opts.AdvanceDay()
	s.mu.Lock()
	s.touch()
	s.mu.Unlock()
	finish(w, nil)
}

package sandbox

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	_ "image/gif" // sizes of pictures
	"image/jpeg"
	_ "image/png" // sizes of pictures
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

const (
	maxDownload = 20 << 20  // what getFile gives
	maxPhoto    = 10 << 20  // what a bot may send as a photo
	maxUpload   = 50 << 20  // what a bot may send otherwise
	linkLife    = time.Hour // how long a file_path works
)

// File is a file in a chat.
type File struct {
	Kind     string `json:"kind"` // photo, document, video, voice, video_note, audio, animation, sticker
	ID       string `json:"id"`
	UniqueID string `json:"unique_id"`
	Name     string `json:"name"` // documents, videos, audio and animations only
	MIME     string `json:"mime"`
	Size     int    `json:"size"` // bytes
}

type storedFile struct {
	id, unique, kind, name, mime string
	data                         []byte
	issued                       time.Time // when getFile last gave its path
}

type fileStore struct {
	byID   map[string]*storedFile
	byPath map[string]*storedFile
}

func (f *fileStore) init() { f.byID, f.byPath = map[string]*storedFile{}, map[string]*storedFile{} }

func (f *storedFile) path() string {
	ext := path.Ext(f.name)
	if ext == "" {
		ext = map[string]string{"photo": ".jpg", "voice": ".oga", "video": ".mp4", "video_note": ".mp4", "audio": ".mp3", "sticker": ".webp"}[f.kind]
	}
	return fmt.Sprintf("%ss/file_%s%s", strings.ReplaceAll(f.kind, "_", ""), strings.TrimPrefix(f.unique, "AQAD"), ext)
}

// keep stores bytes as one more file. The caller holds mu.
func (s *Server) keep(kind, name, mimeType string, data []byte) *storedFile {
	n := s.nextSerial()
	f := &storedFile{
		id: fmt.Sprintf("BQACAgUAAxk%010dSB%06xAAE", n, n*7919%0xffffff), unique: fmt.Sprintf("AQAD%08d", n),
		kind: kind, name: name, mime: mimeType, data: data,
	}
	s.files.byID[f.id] = f
	s.files.byPath[f.path()] = f
	return f
}

func (f *storedFile) wire() map[string]any {
	return map[string]any{"file_id": f.id, "file_unique_id": f.unique, "file_size": len(f.data)}
}

// mediaFields makes the field of a message that holds the file.
func (s *Server) mediaFields(f *storedFile) map[string]any {
	if f.kind == "photo" {
		return map[string]any{"photo": s.photoSizes(f)}
	}
	w := f.wire()
	switch f.kind {
	case "video", "animation":
		w["width"], w["height"], w["duration"] = 640, 360, 5
	case "video_note":
		w["length"], w["duration"] = 240, 5
	case "voice", "audio":
		w["duration"] = 5
	case "sticker":
		w["type"], w["width"], w["height"], w["is_animated"], w["is_video"], w["emoji"] = "regular", 512, 512, false, false, "👍"
	}
	if f.kind == "document" || f.kind == "video" || f.kind == "audio" || f.kind == "animation" {
		w["file_name"] = f.name
	}
	if f.kind != "sticker" && f.kind != "video_note" && f.mime != "" {
		w["mime_type"] = f.mime
	}
	body := map[string]any{f.kind: w}
	if f.kind == "animation" {
		body["document"] = f.document() // "for backward compatibility", says the documentation
	}
	return body
}

func (f *storedFile) document() map[string]any {
	w := f.wire()
	w["file_name"], w["mime_type"] = f.name, f.mime
	return w
}

// photoSizes lists a photo smallest first, as Telegram does. Telegram recompresses
// photos; here the largest size is the very bytes that were sent.
func (s *Server) photoSizes(f *storedFile) []any {
	pic, _, err := image.Decode(bytes.NewReader(f.data))
	width, height := 1280, 960
	if err == nil {
		width, height = pic.Bounds().Dx(), pic.Bounds().Dy()
	}
	var sizes []any
	for _, side := range []int{90, 320, 800} {
		if side >= max(width, height) {
			break
		}
		w, h := max(1, width*side/max(width, height)), max(1, height*side/max(width, height))
		small := f.data[:len(f.data)*side/(2*max(width, height))] // no picture: some bytes will do
		if err == nil {
			small = shrink(pic, w, h)
		}
		size := s.keep("photo", "", "image/jpeg", small).wire()
		size["width"], size["height"] = w, h
		sizes = append(sizes, size)
	}
	full := f.wire()
	full["width"], full["height"] = width, height
	return append(sizes, full)
}

func shrink(pic image.Image, w, h int) []byte {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	b := pic.Bounds()
	for y := range h {
		for x := range w {
			out.Set(x, y, color.RGBAModel.Convert(pic.At(b.Min.X+x*b.Dx()/w, b.Min.Y+y*b.Dy()/h)))
		}
	}
	var buf bytes.Buffer
	_ = jpeg.Encode(&buf, out, nil) // writing to memory does not fail
	return buf.Bytes()
}

var fileKinds = []string{"photo", "animation", "document", "video", "voice", "video_note", "audio", "sticker"}

// fileIn finds the file of a message, nil if it has none.
func fileIn(wire map[string]any) *File {
	for _, kind := range fileKinds {
		v, ok := wire[kind]
		if !ok {
			continue
		}
		if sizes, ok := v.([]any); ok {
			v = sizes[len(sizes)-1]
		}
		o, _ := v.(map[string]any)
		size, _ := o["file_size"].(int)
		return &File{
			Kind: kind, ID: stringParam(o, "file_id"), UniqueID: stringParam(o, "file_unique_id"),
			Name: stringParam(o, "file_name"), MIME: stringParam(o, "mime_type"), Size: size,
		}
	}
	return nil
}

// taken is the file of a send call: new bytes, or one the bot names by file_id.
func (s *Server) taken(kind string, v any) (*storedFile, *apiError) {
	switch v := v.(type) {
	case *Upload:
		if len(v.Data) == 0 {
			return nil, badRequest("file must be non-empty")
		}
		if limit := map[bool]int{true: maxPhoto, false: maxUpload}[kind == "photo"]; len(v.Data) > limit {
			return nil, &apiError{code: http.StatusRequestEntityTooLarge, text: "Request Entity Too Large"}
		}
		return s.keep(kind, v.Name, mimeOf(v.Name, v.MIME), v.Data), nil
	case string:
		if f := s.files.byID[v]; f != nil {
			if f.kind != kind && (f.kind != "photo" || kind != "document") {
				return nil, badRequest("can't use file of type %s as %s", f.kind, kind)
			}
			return f, nil
		}
		if strings.HasPrefix(v, "http://") || strings.HasPrefix(v, "https://") {
			return nil, violation("sending by URL is not emulated: nothing leaves this machine")
		}
		return nil, badRequest("wrong file identifier/HTTP URL specified")
	}
	return nil, violation("%s is no file", kind)
}

// mimeOf trusts the file's name more than the generic type a client sends.
func mimeOf(name, given string) string {
	if given != "" && given != "application/octet-stream" {
		return given
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		t, _, _ = strings.Cut(t, ";")
		return t
	}
	return "application/octet-stream"
}

func sendMedia(kind string) handler {
	return func(s *Server, c *call) (any, *apiError) {
		to, e := s.target(c)
		if e != nil {
			return nil, e
		}
		body, e := s.mediaBody(kind, c.params[kind], c.params)
		if e != nil {
			return nil, e
		}
		return wireOf(s.post(to, c.params, body))
	}
}

func (s *Server) mediaBody(kind string, file any, p map[string]any) (map[string]any, *apiError) {
	caption, entities, e := formatted(p, "caption", "caption_entities", maxCaption)
	if e != nil {
		return nil, e
	}
	f, e := s.taken(kind, file)
	if e != nil {
		return nil, e
	}
	body := s.mediaFields(f)
	setText(body, "caption", "caption_entities", caption, entities)
	return body, nil
}

func sendMediaGroup(s *Server, c *call) (any, *apiError) {
	to, e := s.target(c)
	if e != nil {
		return nil, e
	}
	items, _ := c.params["media"].([]any)
	if len(items) < 2 || len(items) > 10 {
		return nil, violation("media must have 2-10 items, has %d", len(items))
	}
	album := fmt.Sprint(13_000_000_000_000_000 + s.nextSerial())
	var bodies []map[string]any
	for _, x := range items {
		item, _ := x.(map[string]any)
		body, e := s.mediaBody(stringParam(item, "type"), item["media"], item)
		if e != nil {
			return nil, e
		}
		body["media_group_id"] = album
		bodies = append(bodies, body)
	}
	var sent []any
	for _, body := range bodies {
		m, e := s.post(to, c.params, body)
		if e != nil {
			return nil, e
		}
		sent = append(sent, m.wire)
	}
	return sent, nil
}

func getFile(s *Server, c *call) (any, *apiError) {
	f := s.files.byID[stringParam(c.params, "file_id")]
	if f == nil {
		return nil, badRequest("wrong file_id or the file is temporarily unavailable")
	}
	if len(f.data) > maxDownload {
		return nil, badRequest("file is too big")
	}
	f.issued = s.opts.Clock()
	w := f.wire()
	w["file_path"] = f.path()
	return w, nil
}

// serveFile gives the bytes under /file/bot<token>/<path> for an hour after getFile.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	defer s.inFlight()()
	token, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/file/bot"), "/")
	if token != s.opts.Token {
		writeJSON(w, &apiError{code: http.StatusUnauthorized, text: "Unauthorized"})
		return
	}
	c := &call{method: "file", params: map[string]any{"path": name}}
	if f := s.fault(c); f != nil {
		f.wait(r.Context())
		status, raw, drop := f.answer()
		s.record(c, status, nil)
		if drop {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(status)
		_, _ = w.Write(raw)
		return
	}
	s.mu.Lock()
	f := s.files.byPath[name]
	live := f != nil && !f.issued.IsZero() && s.opts.Clock().Sub(f.issued) < linkLife
	s.mu.Unlock()
	if !live {
		s.record(c, http.StatusNotFound, nil)
		writeJSON(w, &apiError{code: http.StatusNotFound, text: "Not Found"})
		return
	}
	s.record(c, http.StatusOK, nil)
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(f.data)
}

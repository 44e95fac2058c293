// Package sandbox is a local emulator of the Telegram Bot API, with a page of
// phones for people and a Go interface for tests.
//
// It checks every request against the published schema, refuses what Telegram
// would refuse, and keeps nothing outside this process. Departures from Telegram:
//
//   - text limits count UTF-16 code units, Telegram's documentation names no unit;
//   - MarkdownV2, inline mode, channels, payments, stickers sent by the bot, sending
//     by URL and every method not in the table emulated are refused;
//   - webhooks go to loopback addresses only, and plain HTTP is accepted;
//   - photos are not recompressed, and media have made-up dimensions and durations;
//   - wrong types and unknown parameters are refused where Telegram is lenient, and
//     counted as violations.
package sandbox

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// wall is the only reading of the machine's clock: the default for Options.Clock,
// and the measure of a request pace, which must not jump with the demo's calendar.
var wall = time.Now //nolint:forbidigo // see above

// Options say what is emulated. The zero value is usable.
type Options struct {
	Token       string           // default "7000000001:SANDBOX"
	BotUsername string           // default "liuhen_sandbox_bot"
	BotName     string           // default: BotUsername
	Clock       func() time.Time // dates, ages of presses and messages; default the real time
	// FirstUpdateID is the number of the first update; by default one that looks
	// random but is the same on every start.
	FirstUpdateID int64
	Pace          *Pace    // nil: no limit on the pace of requests
	People        []Person // offered on the page
	// AdvanceDay moves the clock to the next working day and returns the new time.
	// nil hides the button.
	AdvanceDay func() time.Time
	// WebhookClient delivers webhook updates; by default one that reaches only
	// loopback addresses.
	WebhookClient Doer
}

// Doer is what webhook delivery needs of an HTTP client.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Person can hold a phone on the page.
type Person struct {
	ID      int64  `json:"id"`
	Name    string `json:"name"`
	Role    string `json:"role"`    // label shown beside the name
	Payload string `json:"payload"` // what /start carries, as in an invitation link
}

// Server is the emulator. All its methods may be called from any goroutine.
type Server struct {
	opts    Options
	schema  *schema
	methods map[string]handler
	botID   int64

	mu      sync.Mutex
	changed chan struct{} // closed and replaced at every change
	version int64

	people   []Person
	chats    map[int64]*chat
	phones   map[int64]*Phone
	groups   map[int64]*Group
	presses  map[string]*press
	files    fileStore
	updates  updateQueue
	hook     *webhook
	settings map[string]any // what setMy… calls stored

	busy       int // requests being served, long polls aside
	quiet      time.Duration
	violations []string
	requests   []Request
	faultFn    func(method string, params map[string]any) *Fault
	pace       pacer
	serial     int64 // source of file, press and album numbers

	ctx     context.Context
	stop    context.CancelFunc
	running sync.WaitGroup
}

// New makes an emulator; Close ends it.
func New(o Options) *Server {
	if o.Token == "" {
		o.Token = "7000000001:SANDBOX"
	}
	if o.BotUsername == "" {
		o.BotUsername = "liuhen_sandbox_bot"
	}
	if o.BotName == "" {
		o.BotName = o.BotUsername
	}
	if o.Clock == nil {
		o.Clock = wall
	}
	if o.WebhookClient == nil {
		o.WebhookClient = loopbackClient()
	}
	if o.FirstUpdateID == 0 {
		h := fnv.New32a()
		_, _ = h.Write([]byte(o.Token))
		o.FirstUpdateID = 100_000_000 + int64(h.Sum32())%800_000_000
	}
	s := &Server{
		opts: o, schema: loadSchema(), methods: emulated(), changed: make(chan struct{}), quiet: defaultQuiet,
		chats: map[int64]*chat{}, phones: map[int64]*Phone{}, groups: map[int64]*Group{},
		presses: map[string]*press{}, settings: map[string]any{},
	}
	id, _, _ := strings.Cut(o.Token, ":")
	s.botID, _ = strconv.ParseInt(id, 10, 64)
	s.updates.next = o.FirstUpdateID
	s.files.init()
	s.pace.set(o.Pace)
	s.ctx, s.stop = context.WithCancel(context.Background())
	for _, p := range o.People {
		s.AddPerson(p)
	}
	return s
}

// AddPerson offers one more person on the page, or changes the one with that ID.
func (s *Server) AddPerson(p Person) {
	s.Phone(p.ID, p.Name)
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.touch()
	for i := range s.people {
		if s.people[i].ID == p.ID {
			s.people[i] = p
			return
		}
	}
	s.people = append(s.people, p)
}

// Close ends long polls, event streams and webhook deliveries, and waits for them.
func (s *Server) Close() {
	s.mu.Lock()
	s.stop() // under the lock, so that no long poll or delivery starts after it
	s.mu.Unlock()
	s.running.Wait()
}

// begin counts a goroutine or long answer that Close must wait for; false after Close.
func (s *Server) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() != nil {
		return false
	}
	s.running.Add(1)
	return true
}

// touch tells everyone who waits that something changed. The caller holds mu.
func (s *Server) touch() {
	s.version++
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *Server) nextSerial() int64 { s.serial++; return s.serial }

// Handler serves the Bot API under /bot<token>/ and /file/bot<token>/, and the page
// under /. Bind it to a loopback address only: whoever reaches it can act for anyone.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	s.pageRoutes(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if foreign(r) {
			http.Error(w, "cross-site request refused", http.StatusForbidden)
			return
		}
		switch {
		case strings.HasPrefix(r.URL.Path, "/bot"):
			s.serveAPI(w, r)
		case strings.HasPrefix(r.URL.Path, "/file/bot"):
			s.serveFile(w, r)
		default:
			mux.ServeHTTP(w, r)
		}
	})
}

// apiError is a refusal in Telegram's own form.
type apiError struct {
	code       int
	text       string
	retryAfter int
	violation  bool // the bot broke the API's rules, not merely met a situation
}

func badRequest(format string, args ...any) *apiError {
	return &apiError{code: http.StatusBadRequest, text: "Bad Request: " + fmt.Sprintf(format, args...)}
}

func forbidden(text string) *apiError {
	return &apiError{code: http.StatusForbidden, text: "Forbidden: " + text}
}

func violation(format string, args ...any) *apiError {
	e := badRequest(format, args...)
	e.violation = true
	return e
}

func envelope(result any, e *apiError) (int, json.RawMessage) {
	answer := map[string]any{"ok": true, "result": result}
	code := http.StatusOK
	if e != nil {
		code = e.code
		answer = map[string]any{"ok": false, "error_code": e.code, "description": e.text}
		if e.retryAfter > 0 {
			answer["parameters"] = map[string]any{"retry_after": e.retryAfter}
		}
	}
	raw, err := json.Marshal(answer)
	if err != nil {
		panic("sandbox: an answer does not encode: " + err.Error())
	}
	return code, raw
}

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	if !s.begin() {
		panic(http.ErrAbortHandler)
	}
	defer s.running.Done()
	token, name, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/bot"), "/")
	method := s.schema.byLower[strings.ToLower(name)]
	switch {
	case token != s.opts.Token:
		writeJSON(w, &apiError{code: http.StatusUnauthorized, text: "Unauthorized"})
	case !ok || method == "":
		s.violate("unknown method " + strconv.Quote(name))
		writeJSON(w, &apiError{code: http.StatusNotFound, text: "Not Found: method not found"})
	default:
		s.serveMethod(w, r, method)
	}
}

func (s *Server) serveMethod(w http.ResponseWriter, r *http.Request, method string) {
	if method != "getUpdates" {
		defer s.inFlight()()
	}
	c, err := decode(s.schema, method, r.Header.Get("Content-Type"), r.URL.RawQuery, http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		e := violation("%v", err)
		if tooLarge(err) {
			e = &apiError{code: http.StatusRequestEntityTooLarge, text: "Request Entity Too Large"}
		}
		s.violate(method + ": " + e.text)
		writeJSON(w, e)
		return
	}
	status, raw, drop := s.run(r.Context(), c)
	if drop {
		panic(http.ErrAbortHandler) // net/http cuts the connection without an answer
	}
	w.Header().Set("Content-Type", "application/json")
	if !json.Valid(raw) {
		w.Header().Set("Content-Type", "text/html")
	}
	w.WriteHeader(status)
	_, _ = w.Write(raw)
}

// run checks, executes and records a call; faults may replace its answer.
func (s *Server) run(ctx context.Context, c *call) (status int, raw json.RawMessage, drop bool) {
	e := s.check(c)
	f := s.fault(c)
	f.wait(ctx)
	if f != nil && !f.After && e == nil {
		status, raw, drop = f.answer()
		s.record(c, status, raw)
		return status, raw, drop
	}
	var result any
	if e == nil {
		result, e = s.execute(ctx, c)
	}
	if e != nil && e.violation {
		s.violate(c.method + ": " + e.text)
	}
	status, raw = envelope(result, e)
	if f != nil && f.After {
		status, raw, drop = f.answer()
	}
	s.record(c, status, raw)
	return status, raw, drop
}

func (s *Server) check(c *call) *apiError {
	if text, ok := c.params["chat_id"].(string); ok { // "42" is as good as 42
		if id, err := strconv.ParseInt(text, 10, 64); err == nil {
			c.params["chat_id"] = id
		}
	}
	faults := append(c.faults, s.schema.checkParams(c.method, c.params)...)
	if len(faults) == 0 {
		return nil
	}
	for _, f := range faults[1:] {
		s.violate(c.method + ": " + f)
	}
	if strings.Contains(faults[0], "callback_data has") {
		s.violate(c.method + ": " + faults[0])
		return badRequest("BUTTON_DATA_INVALID")
	}
	return violation("%s", faults[0])
}

func (s *Server) execute(ctx context.Context, c *call) (any, *apiError) {
	if c.method == "getUpdates" {
		return s.getUpdates(ctx, c.params)
	}
	m, ok := s.methods[c.method]
	if !ok {
		return nil, violation("method %s is not emulated", c.method)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.paced(c); e != nil {
		return nil, e
	}
	result, e := m(s, c)
	s.touch()
	return result, e
}

func writeJSON(w http.ResponseWriter, e *apiError) {
	code, raw := envelope(nil, e)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_, _ = w.Write(raw)
}

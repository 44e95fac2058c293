package turn

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"

	"liuhen/bot/telegram"
	"liuhen/flows"
	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/db"
	"liuhen/storage/vault"
)

// Store is what lasts and what the caller may know of it.
type Store interface {
	Caller(ctx context.Context, account int64) (db.Caller, error)
	Desk(ctx context.Context, c db.Caller, w db.Where) (flows.Desk, error)
	Commit(ctx context.Context, c db.Caller, event int64, at time.Time, effects []flows.Durable) error
	Entry(ctx context.Context, c db.Caller, event int64, id string) (record.Record, []flows.Explained, error)
	Evidence(ctx context.Context, c db.Caller, event int64, record, file string) (form.File, error)
	Letter(ctx context.Context, c db.Caller, event int64, report, act string) (record.Letter, error)
}

// Watch notes who can be reached, and tells whether the store itself can.
type Watch interface {
	Reach(ctx context.Context, account int64, reachable bool) error
	Ping(ctx context.Context) error
}

// Dialogs keeps the dialogs; see the package of that name.
type Dialogs interface {
	Load(ctx context.Context, key string) (value []byte, rev uint64, err error)
	Save(ctx context.Context, key string, value []byte, rev uint64, ttl time.Duration) (newRev uint64, err error)
}

// Vault keeps evidence.
type Vault interface {
	Put(ctx context.Context, r io.Reader, limit int64) (vault.Blob, error)
	Open(ctx context.Context, name string) (content io.ReadCloser, size int64, err error)
}

// Keys derive names that nobody can guess.
type Keys interface {
	MAC(purpose string, parts ...[]byte) []byte
}

// Paper is what screens are drawn on.
type Paper interface {
	Send(ctx context.Context, account int64, s flows.Screen) (message int, err error)
	Edit(ctx context.Context, account int64, message int, s flows.Screen) error
	Strip(ctx context.Context, account int64, message int) error
	Delete(ctx context.Context, account int64, message int) error
}

// Channel is the rest of what is said and fetched. [telegram.Client] is a Paper and a Channel.
type Channel interface {
	Answer(ctx context.Context, press, words string, alert bool) error
	Fetch(ctx context.Context, file string, take func(io.Reader) error) error
	Hand(ctx context.Context, account int64, f form.File, content io.Reader) error
	Document(ctx context.Context, account int64, name string, content []byte, protect bool) error
	Leave(ctx context.Context, chat int64, say bool) error
}

// Options are what a Handler needs. All of the first group are required.
type Options struct {
	Store   Store
	Watch   Watch
	Dialogs Dialogs
	Vault   Vault
	Keys    Keys
	Paper   Paper
	Channel Channel
	Clock   func() time.Time
	Log     *slog.Logger

	Locale    string        // of what is said when the desk cannot be loaded
	FileLimit int64         // bytes of one piece of evidence; default 20 MB
	Limit     time.Duration // one turn, downloads included; default 30 s
	Keep      time.Duration // a dialog that nothing happens in; default 90 days
	Chats     int           // turns at a time; default 64
	// Print puts an entry on paper, with the missing signatures of its case under the remarks; Letter a drafted letter; nil: nothing can be printed.
	Print  func(record.Record, []flows.Explained) ([]Copy, error)
	Letter func(record.Letter) ([]Copy, error)
	// Protocol puts a disposal on paper; nil: nothing can be printed.
	Protocol func(flows.Disposal) ([]Copy, error)
	// Filings makes the list of who filed for the cases that an institution closed in a quarter, for a caller who may have it; nil: there is none.
	Filings func(ctx context.Context, c db.Caller, event int64, institution string, q law.Quarter) ([]Copy, error)
	// Ledger makes a workbook of an authority's entries under Art. 11, for a caller who may have it; nil: there is none.
	Ledger func(ctx context.Context, c db.Caller, event int64) (name string, content []byte, err error)
	// Step and View are the conversation; default that of package flows.
	// Checkpoint gives the day's checkpoint of the log, for a caller who may have it; nil: there is none here.
	Checkpoint func(ctx context.Context, c db.Caller, event int64) ([]Copy, error)
	// Receipt makes the files of the receipt of an own entry; nil: there are none here.
	Receipt func(ctx context.Context, c db.Caller, event int64, record string) ([]Copy, error)
	Step    func(flows.State, flows.Desk, flows.Event) (flows.State, []flows.Effect)
	View    func(flows.State, flows.Desk) flows.Screen
	// Point, when set, is asked at each step of a turn; an error breaks the turn off there, as a crash would.
	Point func(name string) error
}

// Copy is a file made for a person.
type Copy struct {
	Name    string
	Content []byte
}

// Handler runs turns. Its method Take is a [telegram.Taker].
type Handler struct {
	Options
	base   context.Context
	cancel context.CancelFunc
	slots  chan struct{}
	runs   sync.WaitGroup

	mu    sync.Mutex
	lanes map[int64]*lane
	known map[int64]*job // by update: those not acknowledged
	drawn map[int64]drawn
	idle  chan struct{} // closed and replaced whenever a lane ends
}

var _ interface {
	Paper
	Channel
} = (*telegram.Client)(nil)

// New makes a handler; Close ends it.
func New(o Options) *Handler {
	if o.FileLimit == 0 {
		o.FileLimit = 20 << 20
	}
	if o.Limit == 0 {
		o.Limit = 30 * time.Second
	}
	if o.Keep == 0 {
		o.Keep = 90 * 24 * time.Hour
	}
	if o.Chats == 0 {
		o.Chats = 64
	}
	if o.Step == nil {
		o.Step = flows.Step
	}
	if o.View == nil {
		o.View = flows.View
	}
	if o.Point == nil {
		o.Point = func(string) error { return nil }
	}
	h := &Handler{
		Options: o, slots: make(chan struct{}, o.Chats), lanes: map[int64]*lane{}, known: map[int64]*job{},
		drawn: map[int64]drawn{}, idle: make(chan struct{}),
	}
	h.base, h.cancel = context.WithCancel(context.Background())
	return h
}

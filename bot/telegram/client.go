package telegram

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"liuhen/flows"
)

const (
	callLimit   = 15 * time.Second // one call without a file
	uploadLimit = 2 * time.Minute
	uploads     = 4 // at a time: the library holds each in memory
)

// Options say how Telegram is reached. Token and Clock are needed.
type Options struct {
	Token string
	URL   string // default Telegram's own; a local Bot API server or the sandbox otherwise
	HTTP  Doer   // default a pooled client
	Clock func() time.Time
	Log   *slog.Logger // default: nothing is written
	// Labels are the words of the menu that count as commands when they are typed alone.
	Labels map[string]flows.Place
	// FileLimit is the largest file taken, in bytes.
	FileLimit int64
	// Group is what is said in a group before leaving it.
	Group string
}

// Client calls the Bot API. All its methods may be called from any goroutine, and all their errors are an [*Error].
type Client struct {
	api    *bot.Bot
	wire   wire
	url    string // of the server
	token  string
	clock  func() time.Time
	log    *slog.Logger
	labels map[string]flows.Place
	limit  int64
	group  string
	slots  chan struct{}

	mu     sync.Mutex
	paused map[int64]time.Time // chats that Telegram asked to leave alone
}

// New makes a client; nothing is called yet. The error never holds the token.
func New(o Options) (*Client, error) {
	if o.URL == "" {
		o.URL = "https://api.telegram.org"
	}
	if o.HTTP == nil {
		o.HTTP = pooled()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	c := &Client{
		wire: wire{o.HTTP}, url: strings.TrimRight(o.URL, "/"), token: strings.TrimSpace(o.Token), clock: o.Clock, log: o.Log,
		labels: o.Labels, limit: o.FileLimit, group: o.Group, slots: make(chan struct{}, uploads), paused: map[int64]time.Time{},
	}
	if !plausible(c.token) {
		return nil, errors.New("TELEGRAM_TOKEN does not look like a token (digits, a colon, letters): copy it again from BotFather")
	}
	api, err := bot.New(c.token, bot.WithSkipGetMe(), bot.WithServerURL(c.url), bot.WithHTTPClient(0, c.wire),
		bot.WithErrorsHandler(func(error) {}))
	if err != nil {
		return nil, errors.New("making the Telegram client failed")
	}
	c.api = api
	return c, nil
}

// plausible keeps what would break an address out of it.
func plausible(token string) bool {
	id, secret, ok := strings.Cut(token, ":")
	return ok && id != "" && secret != "" && strings.Trim(id, "0123456789") == "" && strings.IndexFunc(secret, func(r rune) bool {
		return r != '_' && r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) < 0
}

// Close lets go of idle connections.
func (c *Client) Close() {
	if h, ok := c.wire.http.(interface{ CloseIdleConnections() }); ok {
		h.CloseIdleConnections()
	}
}

// Send sends a screen as a new message and gives its number.
func (c *Client) Send(ctx context.Context, account int64, s flows.Screen) (message int, err error) {
	text, keyboard := c.sheetOf(s)
	err = c.inChat(ctx, "sendMessage", account, func(ctx context.Context) error {
		m, err := c.api.SendMessage(ctx, &bot.SendMessageParams{
			ChatID: account, Text: text, ReplyMarkup: keyboard, ProtectContent: s.Protect, LinkPreviewOptions: noPreview(),
		})
		if err == nil {
			message = m.ID
		}
		return err
	})
	return message, err
}

// Edit makes a message show the screen; that it does already is no error.
func (c *Client) Edit(ctx context.Context, account int64, message int, s flows.Screen) error {
	text, keyboard := c.sheetOf(s)
	return c.inChat(ctx, "editMessageText", account, func(ctx context.Context) error {
		_, err := c.api.EditMessageText(ctx, &bot.EditMessageTextParams{
			ChatID: account, MessageID: message, Text: text, ReplyMarkup: keyboard, LinkPreviewOptions: noPreview(),
		})
		return err
	})
}

// Strip takes the buttons off a message.
func (c *Client) Strip(ctx context.Context, account int64, message int) error {
	return c.inChat(ctx, "editMessageReplyMarkup", account, func(ctx context.Context) error {
		_, err := c.api.EditMessageReplyMarkup(ctx, &bot.EditMessageReplyMarkupParams{ChatID: account, MessageID: message})
		return err
	})
}

// Delete removes a message; Telegram allows it for 48 hours.
func (c *Client) Delete(ctx context.Context, account int64, message int) error {
	return c.call(ctx, "deleteMessage", func(ctx context.Context) error {
		_, err := c.api.DeleteMessage(ctx, &bot.DeleteMessageParams{ChatID: account, MessageID: message})
		return err
	})
}

// Answer ends the waiting of a pressed button, with words beside it or, when alert, in a box to be dismissed.
func (c *Client) Answer(ctx context.Context, press, words string, alert bool) error {
	return c.call(ctx, "answerCallbackQuery", func(ctx context.Context) error {
		_, err := c.api.AnswerCallbackQuery(ctx, &bot.AnswerCallbackQueryParams{
			CallbackQueryID: press, Text: cut(words, pressLimit), ShowAlert: alert && words != "",
		})
		return err
	})
}

// Reachable asks whether the person can be written to, without a message: nil, or an error of class Blocked.
func (c *Client) Reachable(ctx context.Context, account int64) error {
	return c.call(ctx, "sendChatAction", func(ctx context.Context) error {
		_, err := c.api.SendChatAction(ctx, &bot.SendChatActionParams{ChatID: account, Action: models.ChatActionTyping})
		return err
	})
}

// Leave says the one sentence, when say is set, and leaves a group or channel.
func (c *Client) Leave(ctx context.Context, chat int64, say bool) error {
	if say && c.group != "" {
		_, _ = c.Send(ctx, chat, flows.Screen{Text: c.group}) // leaving matters, the sentence is a courtesy
	}
	err := c.call(ctx, "leaveChat", func(ctx context.Context) error {
		_, err := c.api.LeaveChat(ctx, &bot.LeaveChatParams{ChatID: chat})
		return err
	})
	if class, _ := ClassOf(err); class == Blocked || class == Permanent {
		return nil // not in there any more
	}
	return err
}

// Me is the bot's own username: the way to see that the token is right.
func (c *Client) Me(ctx context.Context) (username string, err error) {
	err = c.call(ctx, "getMe", func(ctx context.Context) error {
		u, err := c.api.GetMe(ctx)
		if err == nil {
			username = u.Username
		}
		return err
	})
	return username, err
}

// Command is an entry of the menu of commands.
type Command struct{ Name, About string }

// SetCommands offers the commands in private chats.
func (c *Client) SetCommands(ctx context.Context, list []Command) error {
	p := &bot.SetMyCommandsParams{Scope: &models.BotCommandScopeAllPrivateChats{}}
	for _, x := range list {
		p.Commands = append(p.Commands, models.BotCommand{Command: x.Name, Description: x.About})
	}
	return c.call(ctx, "setMyCommands", func(ctx context.Context) error {
		_, err := c.api.SetMyCommands(ctx, p)
		return err
	})
}

// SetWebhook makes Telegram deliver to the address with the secret; updates that wait are kept.
func (c *Client) SetWebhook(ctx context.Context, address, secret string) error {
	return c.call(ctx, "setWebhook", func(ctx context.Context) error {
		_, err := c.api.SetWebhook(ctx, &bot.SetWebhookParams{URL: address, SecretToken: secret, AllowedUpdates: allowedUpdates})
		return err
	})
}

// DeleteWebhook goes back to polling; updates that wait are kept.
func (c *Client) DeleteWebhook(ctx context.Context) error {
	return c.call(ctx, "deleteWebhook", func(ctx context.Context) error {
		_, err := c.api.DeleteWebhook(ctx, &bot.DeleteWebhookParams{})
		return err
	})
}

func noPreview() *models.LinkPreviewOptions {
	return &models.LinkPreviewOptions{IsDisabled: bot.True()}
}

func (c *Client) call(ctx context.Context, method string, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	return tidy(method, f(ctx))
}

func (c *Client) inChat(ctx context.Context, method string, account int64, f func(context.Context) error) error {
	return c.paced(ctx, method, account, func(ctx context.Context) error { return c.call(ctx, method, f) })
}

// paced is a call that counts towards a chat's pace. Once Telegram has asked for a pause, none is made until it is over:
// each further one would lengthen it.
func (c *Client) paced(ctx context.Context, method string, account int64, f func(context.Context) error) error {
	if wait := c.pause(account); wait > 0 {
		return &Error{Class: Retry, After: wait, Method: method, Code: 429, Text: "the chat is paused"}
	}
	err := f(ctx)
	if _, after := ClassOf(err); after > 0 {
		c.mu.Lock()
		c.paused[account] = c.clock().Add(after)
		c.mu.Unlock()
	}
	return err
}

func (c *Client) pause(account int64) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	until, ok := c.paused[account]
	if !ok {
		return 0
	}
	wait := until.Sub(c.clock())
	if wait <= 0 {
		delete(c.paused, account)
	}
	return wait
}

package turn

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"liuhen/bot/telegram"
	"liuhen/flows"
	"liuhen/flows/form"
	"liuhen/flows/text"
)

const (
	answerTries = 2
	answerLimit = 6 * time.Second
)

// tell says what the step wants said: beside the press if there was one, otherwise in lines above the screen, which it
// gives back.
func (h *Handler) tell(j *job, s scene, effects []flows.Effect) (lines []string) {
	alert := false
	for _, e := range effects {
		if hint, ok := e.(flows.Hint); ok {
			lines = append(lines, text.Say(s.desk.Locale, hint.Say, hint.Args...))
			alert = alert || hint.Alert
		}
	}
	if j.a.Press != "" && j.answered == nil {
		h.answer(j, strings.Join(lines, "\n"), alert)
		lines = nil
	}
	return lines
}

// answer ends the waiting of the pressed button, beside everything else and once only.
func (h *Handler) answer(j *job, words string, alert bool) {
	if j.a.Press == "" || j.answered != nil {
		return
	}
	j.answered = make(chan struct{})
	h.runs.Add(1)
	go func() {
		defer h.runs.Done()
		defer close(j.answered)
		ctx, cancel := context.WithTimeout(h.base, answerLimit)
		defer cancel()
		for n := range answerTries {
			err := h.Channel.Answer(ctx, j.a.Press, words, alert)
			if class, after := telegram.ClassOf(err); class != telegram.Retry || !h.wait(ctx, max(after, shortly(n))) {
				return
			}
		}
	}()
}

// hand gives out at most one thing: evidence, a print, a letter, a workbook, a list, or a receipt. The screen then moves below it, with a word above it if that failed.
func (h *Handler) hand(ctx context.Context, l *lane, j *job, s scene, effects []flows.Effect) {
	give := func() error { return nil }
	i := slices.IndexFunc(effects, func(e flows.Effect) bool {
		switch e := e.(type) {
		case flows.Hand:
			give = func() error { return h.give(ctx, j, e) }
		case flows.Print:
			give = func() error { return h.print(ctx, j, e) }
		case flows.HandLetter:
			give = func() error { return h.letter(ctx, j, e) }
		case flows.Ledger:
			give = func() error { return h.ledger(ctx, j) }
		case flows.Attest:
			give = func() error { return h.attest(ctx, j, e) }
		case flows.HandFilings:
			give = func() error { return h.filings(ctx, j, e) }
		case flows.HandCheckpoint:
			give = func() error { return h.checkpoint(ctx, j) }
		case flows.HandProtocol:
			give = func() error { return h.protocol(ctx, j, e) }
		default:
			return false
		}
		return true
	})
	if i < 0 {
		return
	}
	if err := give(); err != nil {
		h.Log.Error("a file could not be handed over", j.id(), why(err))
		l.canvas.lines = append(l.canvas.lines, text.Say(s.desk.Locale, text.SaySorry))
		return
	}
	l.canvas.bottom = true
}

// give passes evidence on once the store has said that this caller may have it.
func (h *Handler) give(ctx context.Context, j *job, give flows.Hand) error {
	c, err := h.Store.Caller(ctx, j.a.Chat)
	if err != nil {
		return fmt.Errorf("find the caller: %w", err)
	}
	f, err := h.Store.Evidence(ctx, c, j.a.UpdateID, give.Of, give.File.ID)
	if err != nil {
		return fmt.Errorf("authorise: %w", err)
	}
	return h.insist(ctx, func() error { return h.pass(ctx, j.a.Chat, f) })
}

// print sends the caller's own entry on paper.
func (h *Handler) print(ctx context.Context, j *job, p flows.Print) error {
	if h.Print == nil {
		return errors.New("nothing can be printed here")
	}
	c, err := h.Store.Caller(ctx, j.a.Chat)
	if err != nil {
		return fmt.Errorf("find the caller: %w", err)
	}
	r, absent, err := h.Store.Entry(ctx, c, j.a.UpdateID, p.Record.ID)
	if err != nil {
		return fmt.Errorf("authorise: %w", err)
	}
	copies, err := h.Print(r, absent)
	if err != nil {
		return fmt.Errorf("put entry %s on paper: %w", p.Record.ID, err)
	}
	return h.copies(ctx, j, copies, false)
}

// letter sends a drafted letter, protected, once the store has said that this caller may have it.
func (h *Handler) letter(ctx context.Context, j *job, e flows.HandLetter) error {
	if h.Letter == nil {
		return errors.New("no letter can be printed here")
	}
	c, err := h.Store.Caller(ctx, j.a.Chat)
	if err != nil {
		return fmt.Errorf("find the caller: %w", err)
	}
	l, err := h.Store.Letter(ctx, c, j.a.UpdateID, e.Report, e.Act)
	if err != nil {
		return fmt.Errorf("authorise: %w", err)
	}
	copies, err := h.Letter(l)
	if err != nil {
		return fmt.Errorf("put the letter of act %s on paper: %w", e.Act, err)
	}
	return h.copies(ctx, j, copies, true)
}

// protocol sends the protocol of a disposal; what is in it stood on the caller's desk.
func (h *Handler) protocol(ctx context.Context, j *job, e flows.HandProtocol) error {
	if h.Protocol == nil {
		return errors.New("no protocol can be printed here")
	}
	copies, err := h.Protocol(e.Disposal)
	if err != nil {
		return fmt.Errorf("put the protocol of disposal %s on paper: %w", e.Disposal.ID, err)
	}
	return h.copies(ctx, j, copies, false)
}

func (h *Handler) copies(ctx context.Context, j *job, copies []Copy, protect bool) error {
	for _, c := range copies {
		if err := h.insist(ctx, func() error { return h.Channel.Document(ctx, j.a.Chat, c.Name, c.Content, protect) }); err != nil {
			return err
		}
	}
	return nil
}

// ledger sends an officer the authority's entries, once the store has said that this caller may have them.
func (h *Handler) ledger(ctx context.Context, j *job) error {
	if h.Ledger == nil {
		return errors.New("nothing can be exported here")
	}
	c, err := h.Store.Caller(ctx, j.a.Chat)
	if err != nil {
		return fmt.Errorf("find the caller: %w", err)
	}
	name, content, err := h.Ledger(ctx, c, j.a.UpdateID)
	if err != nil {
		return fmt.Errorf("put the entries into a workbook: %w", err)
	}
	return h.insist(ctx, func() error { return h.Channel.Document(ctx, j.a.Chat, name, content, true) })
}

// checkpoint sends an officer the day's checkpoint, once the store has said that this caller may have it.
func (h *Handler) checkpoint(ctx context.Context, j *job) error {
	if h.Checkpoint == nil {
		return errors.New("no checkpoints are made here")
	}
	c, err := h.Store.Caller(ctx, j.a.Chat)
	if err != nil {
		return fmt.Errorf("find the caller: %w", err)
	}
	copies, err := h.Checkpoint(ctx, c, j.a.UpdateID)
	if err != nil {
		return fmt.Errorf("the day's checkpoint: %w", err)
	}
	return h.copies(ctx, j, copies, false)
}

// attest sends the caller the receipt of an own entry.
func (h *Handler) attest(ctx context.Context, j *job, a flows.Attest) error {
	if h.Receipt == nil {
		return errors.New("no receipts are made here")
	}
	c, err := h.Store.Caller(ctx, j.a.Chat)
	if err != nil {
		return fmt.Errorf("find the caller: %w", err)
	}
	copies, err := h.Receipt(ctx, c, j.a.UpdateID, a.Record)
	if err != nil {
		return fmt.Errorf("receipt of entry %s: %w", a.Record, err)
	}
	return h.copies(ctx, j, copies, false)
}

// filings sends a list of filings, once the store has said that this caller may have it.
func (h *Handler) filings(ctx context.Context, j *job, e flows.HandFilings) error {
	if h.Filings == nil {
		return errors.New("no lists of filings are made here")
	}
	c, err := h.Store.Caller(ctx, j.a.Chat)
	if err != nil {
		return fmt.Errorf("find the caller: %w", err)
	}
	copies, err := h.Filings(ctx, c, j.a.UpdateID, e.Institution, e.Quarter)
	if err != nil {
		return fmt.Errorf("list of filings of %s: %w", e.Quarter, err)
	}
	return h.copies(ctx, j, copies, false)
}

// insist tries again while it is the channel that fails.
func (h *Handler) insist(ctx context.Context, send func() error) error {
	for n := 0; ; n++ {
		err := send()
		if class, after := telegram.ClassOf(err); !channelFailed(err) || class != telegram.Retry || n+1 == fetchTries ||
			!h.wait(ctx, max(after, shortly(n))) {
			return err
		}
	}
}

func (h *Handler) pass(ctx context.Context, account int64, f form.File) error {
	content, _, err := h.Vault.Open(ctx, f.Blob)
	if err != nil {
		return err
	}
	return errors.Join(h.Channel.Hand(ctx, account, f, content), content.Close())
}

// speak says something outside the screen: beside the press, or as a message of its own.
func (h *Handler) speak(j *job, k text.Key) {
	if j.a.Do == nil && j.a.Parcel == nil {
		return // nobody did anything
	}
	words := text.Say(h.Locale, k)
	if j.a.Press != "" && j.answered == nil {
		h.answer(j, words, true)
		return
	}
	ctx, cancel := context.WithTimeout(h.base, answerLimit)
	defer cancel()
	if _, err := h.Paper.Send(ctx, j.a.Chat, flows.Screen{Text: words}); err != nil {
		h.Log.Warn("a word could not be said", j.id(), why(err))
	}
}

// news notes that somebody blocked the bot or came back.
func (h *Handler) news(ctx context.Context, account int64, reachable bool) error {
	if err := h.Watch.Reach(ctx, account, reachable); err != nil {
		return fmt.Errorf("note who can be reached: %w", err)
	}
	return nil
}

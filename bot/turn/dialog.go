package turn

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"liuhen/flows"
	"liuhen/storage/dialogs"
	"liuhen/storage/vault"
)

// errUnreadable says that a stored dialog cannot be read: damaged, foreign, or of a later release.
var errUnreadable = errors.New("the stored dialog cannot be read")

// errStore marks failures of the dialog store, which are worth any number of tries.
var errStore = errors.New("the dialog store failed")

// dialog is a stored dialog: the state, and which message shows it. Keeping both in one value means one round trip; a crash
// between sending a message and noting its number costs no more than an old message left standing.
type dialog struct {
	Version int             `json:"v"`
	Message int             `json:"message,omitempty"` // the living message
	Protect bool            `json:"protect,omitempty"` // whether it may be copied
	State   json.RawMessage `json:"state"`

	state flows.State
	rev   uint64
}

const dialogVersion = 1

func dialogKey(account int64) string { return "chat:" + strconv.FormatInt(account, 10) }

// open loads a dialog; one that was never stored is new.
func (h *Handler) open(ctx context.Context, account int64) (dialog, error) {
	b, rev, err := h.Dialogs.Load(ctx, dialogKey(account))
	if errors.Is(err, vault.ErrCannotOpen) {
		return dialog{rev: rev}, fmt.Errorf("%w: %w", errUnreadable, err)
	}
	if err != nil {
		return dialog{}, fmt.Errorf("%w: %w", errStore, err)
	}
	d := dialog{}
	if len(b) > 0 {
		if err := json.Unmarshal(b, &d); err != nil || d.Version != dialogVersion {
			return dialog{rev: rev}, errUnreadable
		}
	}
	d.rev = rev
	if d.state, err = flows.ParseState(d.State); err != nil {
		return dialog{rev: rev}, fmt.Errorf("%w: %w", errUnreadable, err)
	}
	return d, nil
}

// save stores the dialog if nobody else has meanwhile, and notes the new revision.
func (h *Handler) save(ctx context.Context, account int64, d *dialog) error {
	state, err := d.state.Bytes()
	if err != nil {
		return err
	}
	d.Version, d.State = dialogVersion, state
	b, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("encode dialog: %w", err)
	}
	rev, err := h.Dialogs.Save(ctx, dialogKey(account), b, d.rev, h.Keep)
	switch {
	case errors.Is(err, dialogs.ErrConflict):
		return err
	case err != nil:
		return fmt.Errorf("%w: %w", errStore, err)
	}
	d.rev = rev
	return nil
}

// drawn is what a chat's living message shows, as of a revision of the dialog: only as long as nobody else has changed the
// dialog is it known. It is a saving, never a truth, and lives in memory only.
type drawn struct {
	rev    uint64
	digest [sha256.Size]byte
}

// drawnLimit bounds the memory of what was drawn.
const drawnLimit = 20_000

func (h *Handler) note(account int64, rev uint64, s flows.Screen) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.drawn) >= drawnLimit {
		h.drawn = map[int64]drawn{}
	}
	h.drawn[account] = drawn{rev, digest(s)}
}

func (h *Handler) lastDrawn(account int64, rev uint64) (d drawn, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	d, ok = h.drawn[account]
	return d, ok && rev != 0 && d.rev == rev
}

func digest(s flows.Screen) [sha256.Size]byte {
	b, err := json.Marshal(s)
	if err != nil {
		panic("turn: a screen does not encode: " + err.Error()) // strings, numbers and booleans only
	}
	return sha256.Sum256(b)
}

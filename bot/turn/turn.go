package turn

import (
	"context"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"

	"liuhen/flows"
	"liuhen/storage/db"
	"liuhen/storage/dialogs"
)

// tries is how often a turn starts over because somebody else changed the dialog meanwhile.
const tries = 3

// scene is what a turn leads to: the dialog as stored and what its owner may know now, ready to be drawn.
type scene struct {
	dialog
	desk  flows.Desk
	shown drawn // what the living message shows
	known bool  // whether that is known
}

// act is the durable half of a turn: from what was done to what is stored.
func (h *Handler) act(ctx context.Context, j *job) (scene, []flows.Effect, error) {
	for range tries - 1 {
		s, effects, err := h.try(ctx, j)
		if !errors.Is(err, dialogs.ErrConflict) {
			return s, effects, err
		}
	}
	return h.try(ctx, j)
}

func (h *Handler) try(ctx context.Context, j *job) (s scene, effects []flows.Effect, err error) {
	if s, err = h.load(ctx, j); err != nil {
		return s, nil, err
	}
	before := s.state
	caller, err := h.look(ctx, j, &s)
	if err != nil {
		return s, nil, err
	}
	caller.Link = before.Link
	if err := h.Point("loaded"); err != nil {
		return s, nil, err
	}
	e, err := h.event(ctx, j, s)
	if err != nil {
		return s, nil, err
	}
	if s.state, effects, err = h.step(s.state, s.desk, e); err != nil {
		return s, nil, err
	}
	if err := h.Point("stepped"); err != nil {
		return s, nil, err
	}
	durable := lasting(effects)
	if len(durable) > 0 {
		if err := h.Store.Commit(ctx, caller, e.ID, e.At, durable); err != nil {
			return s, nil, fmt.Errorf("carry out what must last: %w", err)
		}
	}
	if err := h.Point("committed"); err != nil {
		return s, nil, err
	}
	if len(durable) > 0 || where(before) != where(s.state) {
		if _, err := h.look(ctx, j, &s); err != nil {
			return s, nil, err
		}
	}
	if !slices.Contains(before.Seen, e.ID) {
		if err := h.save(ctx, j.a.Chat, &s.dialog); err != nil {
			return s, nil, err
		}
	}
	return s, effects, h.Point("saved")
}

// load opens the dialog. One that cannot be read is begun anew only by the person's own /start: until then it stays as it is.
func (h *Handler) load(ctx context.Context, j *job) (s scene, err error) {
	s.dialog, err = h.open(ctx, j.a.Chat)
	if _, start := j.a.Do.(flows.Open); start && errors.Is(err, errUnreadable) {
		h.Log.Error("a dialog that could not be read was begun anew", j.id())
		s.dialog, err = dialog{rev: s.rev}, nil
	}
	if err == nil {
		s.shown, s.known = h.lastDrawn(j.a.Chat, s.rev)
	}
	return s, err
}

// look loads what the caller may know where the dialog now stands: content is loaded, and its reading written down, only
// where it is shown.
func (h *Handler) look(ctx context.Context, j *job, s *scene) (db.Caller, error) {
	c, err := h.Store.Caller(ctx, j.a.Chat)
	if err != nil {
		return c, fmt.Errorf("find the caller: %w", err)
	}
	w := where(s.state)
	w.Event = j.a.UpdateID
	if s.desk, err = h.Store.Desk(ctx, c, w); err != nil {
		return c, fmt.Errorf("load what the caller may know: %w", err)
	}
	return c, nil
}

func where(s flows.State) db.Where {
	w := db.Where{Place: s.Place, Subject: s.Subject, Link: s.Link}
	if s.Place == flows.AtLog || s.Place == flows.AtLeaks {
		w.Page = s.Page
	}
	return w
}

// event is what was done, with evidence already kept.
func (h *Handler) event(ctx context.Context, j *job, s scene) (flows.Event, error) {
	e := flows.Event{ID: j.a.UpdateID, At: j.at, Fresh: h.fresh(j), Do: j.a.Do}
	if j.a.Parcel == nil || slices.Contains(s.state.Seen, e.ID) {
		if e.Do == nil {
			e.Do = flows.Odd{Why: flows.OddKind}
		}
		return e, nil
	}
	do, err := h.evidence(ctx, j, s, e)
	if err != nil {
		return e, err
	}
	e.Do = do
	return e, h.Point("fetched")
}

// lower is base32 without padding, in the letters that file names and buttons like.
var lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// fresh is 130 bits that nobody without the key file can guess, the same whenever the update comes again.
func (h *Handler) fresh(j *job) string {
	id := binary.BigEndian.AppendUint64(nil, uint64(j.a.UpdateID))
	return lower.EncodeToString(h.Keys.MAC("draft", id, []byte(j.a.Mark)))[:26]
}

// panicked says that the conversation itself broke down. The value may hold what somebody wrote: only its type is kept.
type panicked struct {
	kind  string
	stack string
}

func (p *panicked) Error() string { return "panic of type " + p.kind }

func (h *Handler) step(s flows.State, d flows.Desk, e flows.Event) (next flows.State, effects []flows.Effect, err error) {
	defer caught(&err)
	next, effects = h.Step(s, d, e)
	return next, effects, nil
}

func (h *Handler) view(s scene) (screen flows.Screen, err error) {
	defer caught(&err)
	return h.View(s.state, s.desk), nil
}

func caught(err *error) {
	if v := recover(); v != nil {
		*err = &panicked{kind: fmt.Sprintf("%T", v), stack: string(debug.Stack())}
	}
}

func lasting(effects []flows.Effect) []flows.Durable {
	var out []flows.Durable
	for _, e := range effects {
		if d, ok := e.(flows.Durable); ok {
			out = append(out, d)
		}
	}
	return out
}

package turn

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"

	"liuhen/bot/telegram"
	"liuhen/flows"
	"liuhen/storage/dialogs"
)

// canvas is what the next drawing of a chat has to consider, collected over the turns of a burst.
type canvas struct {
	bottom  bool     // the person wrote: the screen moves below it
	pressed []int    // messages whose buttons were pressed
	lines   []string // to be said above the screen
}

func (c *canvas) add(j *job, lines []string) {
	if j.a.Press == "" {
		c.bottom = true
	} else if !slices.Contains(c.pressed, j.a.Message) {
		c.pressed = append(c.pressed, j.a.Message)
	}
	for _, l := range lines {
		if !slices.Contains(c.lines, l) {
			c.lines = append(c.lines, l)
		}
	}
}

// draw makes the chat show the scene: by editing the living message, or anew below what was written. There is one living
// message per chat; buttons of others are taken off when somebody presses them.
func (h *Handler) draw(ctx context.Context, account int64, s *scene, c canvas) error {
	screen, err := h.view(*s)
	if err != nil {
		return err
	}
	if len(c.lines) > 0 {
		screen.Text = strings.Join(c.lines, "\n") + "\n\n" + screen.Text
	}
	for _, m := range c.pressed {
		if m != s.Message {
			c.bottom = true
			_ = h.Paper.Strip(ctx, account, m) // an old keyboard that stays does no harm
		}
	}
	if s.Message == 0 || c.bottom || screen.Protect != s.Protect {
		return h.anew(ctx, account, s, screen)
	}
	if s.known && s.shown.digest == digest(screen) {
		h.note(account, s.rev, screen)
		return nil
	}
	err = h.Paper.Edit(ctx, account, s.Message, screen)
	if class, _ := telegram.ClassOf(err); class == telegram.Gone {
		return h.anew(ctx, account, s, screen)
	}
	if err != nil {
		return err
	}
	h.note(account, s.rev, screen)
	return h.Point("drawn")
}

// anew sends the screen as a new message, notes its number, and only then removes the one before.
func (h *Handler) anew(ctx context.Context, account int64, s *scene, screen flows.Screen) error {
	message, err := h.Paper.Send(ctx, account, screen)
	if err != nil {
		return err
	}
	if err := h.Point("sent"); err != nil {
		return err
	}
	former := s.dialog
	if !h.settle(ctx, account, s, message, screen.Protect) {
		return nil // the former one is still the one on record
	}
	h.note(account, s.rev, screen)
	if err := h.Point("drawn"); err != nil {
		return err
	}
	if former.Message != 0 && former.Message != message {
		h.retire(ctx, account, former)
	}
	return nil
}

// settle notes the living message. If the dialog was changed meanwhile, by another process, only that much is changed.
func (h *Handler) settle(ctx context.Context, account int64, s *scene, message int, protect bool) bool {
	for range tries {
		s.Message, s.Protect = message, protect
		err := h.save(ctx, account, &s.dialog)
		if err == nil {
			return true
		}
		if errors.Is(err, dialogs.ErrConflict) {
			s.dialog, err = h.open(ctx, account)
		}
		if err != nil {
			h.Log.Warn("the number of a message could not be noted: it will be left standing", slog.String("why", err.Error()))
			return false
		}
	}
	return false
}

// retire removes a former screen. Where Telegram no longer lets us, after 48 hours, its buttons go, and a report's content.
func (h *Handler) retire(ctx context.Context, account int64, former dialog) {
	err := h.Paper.Delete(ctx, account, former.Message)
	if class, _ := telegram.ClassOf(err); class == 0 {
		return
	}
	if former.Protect {
		err = h.Paper.Edit(ctx, account, former.Message, flows.Screen{Text: "…"})
	} else {
		err = h.Paper.Strip(ctx, account, former.Message) // left standing it does no harm: old buttons are recognised
	}
	if class, _ := telegram.ClassOf(err); class != 0 && class != telegram.Gone {
		h.Log.Warn("a former screen is left standing", why(err))
	}
}

package turn

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"liuhen/bot/telegram"
	"liuhen/flows"
	"liuhen/flows/form"
	"liuhen/storage/vault"
)

const (
	fetchShare = 2 // of three parts of a turn's time, for its download
	fetchTries = 3
)

// evidence keeps what was sent and says so to the conversation. Nothing is fetched from strangers, nor where neither a sheet nor a statement is open:
// the conversation refuses it there anyway, and disks are finite.
func (h *Handler) evidence(ctx context.Context, j *job, s scene, e flows.Event) (flows.Action, error) {
	if j.kept != nil {
		return j.kept, nil
	}
	p := j.a.Parcel
	f := form.File{
		ID: e.Fresh[:12], Kind: p.Kind, Name: p.Name, MIME: p.MIME, Received: e.At, Sent: p.Sent, Origin: p.Origin, Caption: p.Caption,
	}
	if s.desk.Me.ID == "" {
		return flows.Odd{Why: flows.OddKind}, nil
	}
	if !s.state.TakesFiles() {
		return flows.Attach{File: f}, nil
	}
	blob, err := h.keep(ctx, p)
	switch {
	case errors.Is(err, telegram.ErrTooBig), errors.Is(err, vault.ErrTooBig):
		return flows.Odd{Why: flows.OddTooBig}, nil
	case channelFailed(err) && h.base.Err() == nil:
		h.Log.Warn("evidence could not be fetched", j.id(), why(err))
		return flows.Odd{Why: flows.OddFetch}, nil
	case err != nil:
		return nil, fmt.Errorf("keep evidence: %w", err)
	}
	f.Size, f.SHA256, f.Blob = blob.Size, blob.SHA256, blob.Name
	j.kept = flows.Attach{File: f}
	return j.kept, nil
}

func channelFailed(err error) bool {
	var e *telegram.Error
	return errors.As(err, &e)
}

func (h *Handler) keep(ctx context.Context, p *telegram.Parcel) (blob vault.Blob, err error) {
	if p.FileID == "" {
		return h.Vault.Put(ctx, bytes.NewReader(p.Bytes), h.FileLimit)
	}
	ctx, cancel := context.WithTimeout(ctx, h.Limit*fetchShare/3)
	defer cancel()
	for n := range fetchTries {
		err = h.Channel.Fetch(ctx, p.FileID, func(r io.Reader) (err error) {
			blob, err = h.Vault.Put(ctx, r, h.FileLimit)
			return err
		})
		if class, after := telegram.ClassOf(err); !channelFailed(err) || class != telegram.Retry || !h.wait(ctx, max(after, shortly(n))) {
			return blob, err
		}
	}
	return blob, err
}

func shortly(n int) time.Duration { return 200 * time.Millisecond << n }

package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"liuhen/flows/form"
)

const (
	photoLimit = 10 << 20 // larger pictures go as documents
	sendLimit  = 50 << 20 // what a bot may send at all
)

// Hand sends a piece of evidence under its own kind and name, so that it cannot be forwarded or saved. What Telegram does
// not take under its kind goes as a document.
func (c *Client) Hand(ctx context.Context, account int64, f form.File, content io.Reader) error {
	if f.Size > sendLimit {
		return &Error{Class: Permanent, Method: "sendDocument", Text: "the file is over what a bot may send"}
	}
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return lost("sendDocument", ctx.Err())
	}
	raw, err := io.ReadAll(io.LimitReader(content, sendLimit+1))
	if err != nil {
		return fmt.Errorf("reading evidence to hand over: %w", err)
	}
	if f.Kind == "location" {
		if done, err := c.place(ctx, account, raw); done {
			return err
		}
	}
	kind := f.Kind
	if kind == "photo" && f.Size > photoLimit {
		kind = "document"
	}
	err = c.upload(ctx, account, kind, f, raw)
	if class, _ := ClassOf(err); class == Permanent && kind != "document" {
		err = c.upload(ctx, account, "document", f, raw)
	}
	return err
}

// Document sends a file made for the person. Unless it is protected they may keep and forward it.
func (c *Client) Document(ctx context.Context, account int64, name string, content []byte, protect bool) error {
	ctx, cancel := context.WithTimeout(ctx, uploadLimit)
	defer cancel()
	file := &models.InputFileUpload{Filename: name, Data: bytes.NewReader(content)}
	return c.paced(ctx, "sendDocument", account, func(ctx context.Context) error {
		_, err := c.api.SendDocument(ctx, &bot.SendDocumentParams{ChatID: account, Document: file, ProtectContent: protect})
		return tidy("sendDocument", err)
	})
}

// place sends a location as one; done is false when the content is not a location's.
func (c *Client) place(ctx context.Context, account int64, raw []byte) (done bool, err error) {
	var at struct {
		Latitude, Longitude *float64
		Location            struct{ Latitude, Longitude *float64 }
	}
	if json.Unmarshal(raw, &at) != nil {
		return false, nil
	}
	lat, lon := at.Latitude, at.Longitude
	if lat == nil {
		lat, lon = at.Location.Latitude, at.Location.Longitude // a venue
	}
	if lat == nil || lon == nil {
		return false, nil
	}
	return true, c.inChat(ctx, "sendLocation", account, func(ctx context.Context) error {
		_, err := c.api.SendLocation(ctx, &bot.SendLocationParams{ChatID: account, Latitude: *lat, Longitude: *lon, ProtectContent: true})
		return err
	})
}

func (c *Client) upload(ctx context.Context, account int64, kind string, f form.File, raw []byte) error {
	ctx, cancel := context.WithTimeout(ctx, uploadLimit)
	defer cancel()
	file := &models.InputFileUpload{Filename: fileName(f), Data: bytes.NewReader(raw)}
	caption := cut(f.Caption, captionLimit)
	return c.paced(ctx, "send "+kind, account, func(ctx context.Context) error {
		_, err := c.sendKind(ctx, account, kind, file, caption)
		return tidy("send "+kind, err)
	})
}

func (c *Client) sendKind(ctx context.Context, account int64, kind string, file models.InputFile, caption string) (*models.Message, error) {
	switch kind {
	case "photo":
		return c.api.SendPhoto(ctx, &bot.SendPhotoParams{ChatID: account, Photo: file, Caption: caption, ProtectContent: true})
	case "video":
		return c.api.SendVideo(ctx, &bot.SendVideoParams{ChatID: account, Video: file, Caption: caption, ProtectContent: true})
	case "voice":
		return c.api.SendVoice(ctx, &bot.SendVoiceParams{ChatID: account, Voice: file, Caption: caption, ProtectContent: true})
	case "video_note":
		return c.api.SendVideoNote(ctx, &bot.SendVideoNoteParams{ChatID: account, VideoNote: file, ProtectContent: true})
	case "audio":
		return c.api.SendAudio(ctx, &bot.SendAudioParams{ChatID: account, Audio: file, Caption: caption, ProtectContent: true})
	case "animation":
		return c.api.SendAnimation(ctx, &bot.SendAnimationParams{ChatID: account, Animation: file, Caption: caption, ProtectContent: true})
	}
	return c.api.SendDocument(ctx, &bot.SendDocumentParams{ChatID: account, Document: file, Caption: caption, ProtectContent: true})
}

// fileName is the name it came with, or one that opens with the right program.
func fileName(f form.File) string {
	if f.Name != "" {
		return f.Name
	}
	ext := map[string]string{
		"photo": ".jpg", "video": ".mp4", "video_note": ".mp4", "animation": ".mp4", "voice": ".ogg", "audio": ".mp3",
		"location": ".json", "forwarded": ".json",
	}[f.Kind]
	return f.Kind + ext
}

package sandbox

import (
	"bytes"
	"context"
	"net/http"
	"testing"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// TestLibrary drives the emulator with the library the product uses: what that sends
// must pass the schema, and what it reads must decode.
func TestLibrary(t *testing.T) {
	r := newRig(t)
	client := &http.Client{}
	t.Cleanup(client.CloseIdleConnections)
	b, err := bot.New(token, bot.WithServerURL(r.http.URL), bot.WithHTTPClient(0, client))
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	p := r.Phone(42, "张三")
	p.Start("invite")
	kb := models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{
		{{Text: "是", CallbackData: "y"}, {Text: "否", CallbackData: "n"}},
		{{Text: "规则", URL: "https://example.org/"}},
	}}
	m, err := b.SendMessage(ctx, &bot.SendMessageParams{ChatID: 42, Text: "<b>你好</b>,张三", ParseMode: models.ParseModeHTML, ReplyMarkup: kb, ProtectContent: true})
	if err != nil {
		t.Fatal(err)
	}
	if m.Text != "你好,张三" || len(m.Entities) != 1 || m.Entities[0].Length != 2 || !m.HasProtectedContent {
		t.Errorf("message: %+v", m)
	}
	if err := p.Tap(0, "是"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.EditMessageText(ctx, &bot.EditMessageTextParams{ChatID: 42, MessageID: m.ID, Text: "完", ReplyMarkup: &kb}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.EditMessageReplyMarkup(ctx, &bot.EditMessageReplyMarkupParams{ChatID: 42, MessageID: m.ID}); err != nil {
		t.Fatal(err)
	}
	d, err := b.SendDocument(ctx, &bot.SendDocumentParams{ChatID: 42, Document: pdf(), Caption: "收据"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.SendDocument(ctx, &bot.SendDocumentParams{ChatID: 42, Document: &models.InputFileString{Data: d.Document.FileID}}); err != nil {
		t.Fatal(err)
	}
	for name, send := range sends(ctx, b, m.ID) {
		if err := send(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := p.Download(d.Document.FileID); string(got) != "%PDF-1.7" {
		t.Errorf("document holds %q", got)
	}
	r.clean()
}

func pdf() models.InputFile {
	return &models.InputFileUpload{Filename: "收据.pdf", Data: bytes.NewReader([]byte("%PDF-1.7"))}
}

// sends are the library's other calls, each once.
func sends(ctx context.Context, b *bot.Bot, message int) map[string]func() error {
	return map[string]func() error{
		"photo": func() error { _, err := b.SendPhoto(ctx, &bot.SendPhotoParams{ChatID: 42, Photo: pdf()}); return err },
		"video": func() error { _, err := b.SendVideo(ctx, &bot.SendVideoParams{ChatID: 42, Video: pdf()}); return err },
		"voice": func() error { _, err := b.SendVoice(ctx, &bot.SendVoiceParams{ChatID: 42, Voice: pdf()}); return err },
		"note": func() error {
			_, err := b.SendVideoNote(ctx, &bot.SendVideoNoteParams{ChatID: 42, VideoNote: pdf()})
			return err
		},
		"audio": func() error { _, err := b.SendAudio(ctx, &bot.SendAudioParams{ChatID: 42, Audio: pdf()}); return err },
		"animation": func() error {
			_, err := b.SendAnimation(ctx, &bot.SendAnimationParams{ChatID: 42, Animation: pdf()})
			return err
		},
		"location": func() error {
			_, err := b.SendLocation(ctx, &bot.SendLocationParams{ChatID: 42, Latitude: 39.9, Longitude: 116.4})
			return err
		},
		"album": func() error {
			_, err := b.SendMediaGroup(ctx, &bot.SendMediaGroupParams{ChatID: 42, Media: []models.InputMedia{
				&models.InputMediaDocument{Media: "attach://a.pdf", MediaAttachment: bytes.NewReader([]byte("a")), Caption: "甲"},
				&models.InputMediaDocument{Media: "attach://b.pdf", MediaAttachment: bytes.NewReader([]byte("b"))},
			}})
			return err
		},
		"commands": func() error {
			_, err := b.SetMyCommands(ctx, &bot.SetMyCommandsParams{Commands: []models.BotCommand{{Command: "start", Description: "开始"}}, Scope: &models.BotCommandScopeAllPrivateChats{}})
			return err
		},
		"keyboard": func() error {
			_, err := b.SendMessage(ctx, &bot.SendMessageParams{ChatID: 42, Text: "菜单", ReplyMarkup: &models.ReplyKeyboardMarkup{
				Keyboard: [][]models.KeyboardButton{{{Text: "待办"}, {Text: "帮助"}}}, ResizeKeyboard: true, IsPersistent: true,
			}})
			return err
		},
		"action": func() error {
			_, err := b.SendChatAction(ctx, &bot.SendChatActionParams{ChatID: 42, Action: models.ChatActionTyping})
			return err
		},
		"getChat": func() error { _, err := b.GetChat(ctx, &bot.GetChatParams{ChatID: 42}); return err },
		"description": func() error {
			_, err := b.SetMyDescription(ctx, &bot.SetMyDescriptionParams{Description: "说明"})
			return err
		},
		"webhookInfo": func() error { _, err := b.GetWebhookInfo(ctx); return err },
		"delete": func() error {
			_, err := b.DeleteMessages(ctx, &bot.DeleteMessagesParams{ChatID: 42, MessageIDs: []int{message}})
			return err
		},
	}
}

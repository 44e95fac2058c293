package telegram

import (
	"log/slog"
	"strings"

	"github.com/go-telegram/bot/models"

	"liuhen/flows"
)

const (
	messageLimit = 4096 // units of a message
	captionLimit = 1024 // units of a caption
	pressLimit   = 200  // units of the answer to a press
	labelLimit   = 128  // units of a button's label; longer ones are cut off by phones anyway
)

// sheetOf is a screen in Telegram's form: plain text, so that nothing typed can become markup.
func (c *Client) sheetOf(s flows.Screen) (text string, keyboard *models.InlineKeyboardMarkup) {
	text = s.Text
	if flows.Units(text) > messageLimit {
		c.log.Error("a screen is longer than a message and was cut", slog.Int("units", flows.Units(text)))
		text = cut(text, messageLimit-1) + "…"
	}
	if strings.TrimSpace(text) == "" {
		c.log.Error("a screen has no text")
		text = "…"
	}
	rows := [][]models.InlineKeyboardButton{}
	for _, r := range s.Rows {
		if row := c.row(r); len(row) > 0 {
			rows = append(rows, row)
		}
	}
	return text, &models.InlineKeyboardMarkup{InlineKeyboard: rows}
}

func (c *Client) row(bs []flows.Button) []models.InlineKeyboardButton {
	var row []models.InlineKeyboardButton
	for _, b := range bs {
		data, ok := Token(b.Tap)
		if !ok {
			c.log.Error("a button does not fit into 64 bytes and was left out", slog.String("verb", string(b.Tap.Verb)))
			continue
		}
		row = append(row, models.InlineKeyboardButton{Text: cut(b.Label, labelLimit), CallbackData: data})
	}
	return row
}

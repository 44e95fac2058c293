// Package telegram is the only one that knows Telegram: it fetches updates (poll.go, webhook.go), reads them as what a person
// did (event.go), draws screens (screen.go, token.go) and sends (client.go, hand.go, fetch.go).
//
// Of github.com/go-telegram/bot only methods and models are used, never its intake, which confirms updates before they are
// handled. Every answer of Telegram is judged in one place, errors.go.
//
// Nothing here writes an address: it would hold the bot's token.
package telegram

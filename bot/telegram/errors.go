package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Class says what a failed call means for whoever made it.
type Class uint8

// The classes of failure.
const (
	Retry     Class = iota + 1 // try again, not before Error.After
	Blocked                    // the person cannot be reached: blocked the bot, deleted the account, never wrote
	Gone                       // the message, press or file is no more
	Permanent                  // trying again is no use
)

// Error is a call that Telegram did not carry out, or whose answer was lost. It never holds the token or an address.
type Error struct {
	Class  Class
	After  time.Duration // Retry: as Telegram asks, 0 when it does not
	Method string
	Code   int // as Telegram states it, 0 when there was no answer of its own
	Text   string
	cause  error // of the context, so that errors.Is finds it
}

// Error names the method and what Telegram said.
func (e *Error) Error() string {
	if e.Code == 0 {
		return fmt.Sprintf("telegram %s: %s", e.Method, e.Text)
	}
	return fmt.Sprintf("telegram %s: %d %s", e.Method, e.Code, e.Text)
}

// Unwrap gives the context's error if the call ended because of it.
func (e *Error) Unwrap() error { return e.cause }

// ClassOf classifies any error of this package; what is not known is worth another try. It gives 0 for nil.
func ClassOf(err error) (Class, time.Duration) {
	if err == nil {
		return 0, 0
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Class, e.After
	}
	return Retry, 0
}

const notModified = "message is not modified"

// envelope is the head of every answer of the Bot API.
type envelope struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int `json:"retry_after"`
	} `json:"parameters"`
}

// judge reads an answer: its result, or what the failure means. "message is not modified" is success without a result.
func judge(method string, status int, body []byte) (json.RawMessage, *Error) {
	var a envelope
	if err := json.Unmarshal(body, &a); err != nil || (!a.OK && a.Code == 0) {
		return nil, &Error{Class: Retry, Method: method, Text: fmt.Sprintf("status %d, but not an answer of the Bot API", status)}
	}
	if a.OK {
		return a.Result, nil
	}
	if a.Code == http.StatusBadRequest && strings.Contains(a.Description, notModified) {
		return nil, nil
	}
	return nil, &Error{
		Class: classify(a.Code, strings.ToLower(a.Description)), After: time.Duration(a.Parameters.RetryAfter) * time.Second,
		Method: method, Code: a.Code, Text: a.Description,
	}
}

// unreachable and gone are how Telegram's descriptions of status 400 say so.
var (
	unreachable = []string{"chat not found", "user not found", "peer_id_invalid", "user_is_blocked", "input_user_deactivated"}
	gone        = []string{
		"message to edit not found", "message to delete not found", "message can't be edited", "message can't be deleted",
		"message_id_invalid", "no text in the message to edit", "query is too old", "query id is invalid",
		"wrong file_id", "file is temporarily unavailable",
	}
)

func classify(code int, said string) Class {
	switch {
	case code == http.StatusTooManyRequests, code >= 500:
		return Retry
	case code == http.StatusUnauthorized, code == http.StatusNotFound, code == http.StatusConflict:
		return Retry // the token, not what was said with it: nobody's message may be given up for that
	case code == http.StatusForbidden, code == http.StatusBadRequest && containsAny(said, unreachable):
		return Blocked
	case code == http.StatusBadRequest && containsAny(said, gone):
		return Gone
	}
	return Permanent
}

func containsAny(s string, parts []string) bool {
	for _, p := range parts {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}

// lost is a call without an answer. Of the cause only its kind is kept: errors of net/http quote the address.
func lost(method string, err error) *Error {
	e := &Error{Class: Retry, Method: method, Text: "no answer"}
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	var op *net.OpError
	switch {
	case errors.Is(err, context.Canceled):
		e.Text, e.cause = "cancelled", context.Canceled
	case errors.Is(err, context.DeadlineExceeded):
		e.Text, e.cause = "no answer in time", context.DeadlineExceeded
	case errors.As(err, &op):
		e.Text = "network: " + op.Op + " failed"
	}
	return e
}

// tidy brings errors of the library into the one form. Those that did not come through [wire] are about reading an
// otherwise good answer; the library quotes its whole body, so only the kind is kept.
func tidy(method string, err error) error {
	var e *Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &e):
		return e
	}
	return &Error{Class: Retry, Method: method, Text: "the answer could not be read"}
}

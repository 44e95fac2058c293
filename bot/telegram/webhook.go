package telegram

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"
)

const (
	hookBody = 1 << 20          // bytes of one update
	hookWait = 50 * time.Second // for a turn, before Telegram is asked to come again
)

// Webhook takes the updates that Telegram delivers with the secret. It answers 200 only when the update is done, and 503
// otherwise, so that Telegram delivers it again.
func (c *Client) Webhook(secret string, take Taker) http.Handler {
	want := sha256.Sum256([]byte(secret))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := sha256.Sum256([]byte(r.Header.Get("X-Telegram-Bot-Api-Secret-Token")))
		if secret == "" || subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
			http.Error(w, "", http.StatusForbidden)
			return
		}
		if r.Method != http.MethodPost {
			http.Error(w, "", http.StatusMethodNotAllowed)
			return
		}
		raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, hookBody))
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			http.Error(w, "", http.StatusRequestEntityTooLarge)
			return
		}
		if err != nil {
			http.Error(w, "", http.StatusBadRequest)
			return
		}
		w.WriteHeader(c.delivered(r, raw, take))
	})
}

func (c *Client) delivered(r *http.Request, raw []byte, take Taker) (status int) {
	a, ok, err := c.Read(raw)
	if err != nil {
		c.log.Warn("an update could not be read and was passed over", slog.Int64("update", updateID(raw)))
	}
	if !ok {
		return http.StatusOK
	}
	done := make(chan struct{})
	take(a, func() { close(done) })
	t := time.NewTimer(hookWait)
	defer t.Stop()
	select {
	case <-done:
		return http.StatusOK
	case <-t.C:
	case <-r.Context().Done():
	}
	return http.StatusServiceUnavailable
}

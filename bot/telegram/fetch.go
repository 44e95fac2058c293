package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// ErrTooBig says that a file is larger than the channel hands over or than is taken.
var ErrTooBig = errors.New("the file is over the size limit")

// Fetch hands the bytes of a file somebody sent to take, as they come. What take returns comes back unchanged; the content
// is not bounded here, since Telegram's figure of its size need not be true.
func (c *Client) Fetch(ctx context.Context, fileID string, take func(io.Reader) error) error {
	var f *models.File
	err := c.call(ctx, "getFile", func(ctx context.Context) (err error) {
		f, err = c.api.GetFile(ctx, &bot.GetFileParams{FileID: fileID})
		return err
	})
	if e := (*Error)(nil); errors.As(err, &e) && strings.Contains(e.Text, "file is too big") {
		return ErrTooBig
	}
	if err != nil {
		return err
	}
	body, err := c.download(ctx, f.FilePath)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	return take(body)
}

// download builds the address itself: the library's is wrong for local servers, and its errors quote the token.
func (c *Client) download(ctx context.Context, file string) (io.ReadCloser, error) {
	const method = "file"
	segments := strings.Split(strings.TrimLeft(file, "/"), "/")
	for i, s := range segments {
		if s == "" || s == "." || s == ".." {
			return nil, &Error{Class: Permanent, Method: method, Text: "the server named no file to download"}
		}
		segments[i] = url.PathEscape(s)
	}
	address := fmt.Sprintf("%s/file/bot%s/%s", c.url, c.token, strings.Join(segments, "/"))
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, &Error{Class: Permanent, Method: method, Text: "the file has no usable address"}
	}
	resp, err := c.wire.http.Do(req)
	if err != nil {
		return nil, lost(method, err)
	}
	if resp.StatusCode != http.StatusOK {
		_ = resp.Body.Close()
		e := &Error{Class: Gone, Method: method, Code: resp.StatusCode, Text: "not handed over"}
		if resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode >= 500 {
			e.Class = Retry
		}
		return nil, e
	}
	return scrubbed{resp.Body}, nil
}

// scrubbed is a body whose errors hold no address.
type scrubbed struct{ io.ReadCloser }

func (s scrubbed) Read(p []byte) (int, error) {
	n, err := s.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		return n, lost("file", err)
	}
	return n, err
}

package telegram

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"path"
	"time"
)

// answerLimit bounds an answer of the Bot API: a hundred updates of the largest messages fit.
const answerLimit = 8 << 20

// Doer makes an HTTP call; http.Client is one.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// wire is the one way to Telegram and back: it bounds answers, judges them, and keeps addresses out of errors.
type wire struct{ http Doer }

// pooled keeps connections open: a new one costs two round trips before the first byte. HTTP/1.1 on purpose: with HTTP/2
// one dead connection silences everything.
func pooled() *http.Client {
	var p http.Protocols
	p.SetHTTP1(true)
	dial := net.Dialer{Timeout: 10 * time.Second, KeepAlive: 15 * time.Second}
	return &http.Client{
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, DialContext: dial.DialContext, Protocols: &p,
			MaxIdleConns: 128, MaxIdleConnsPerHost: 128, IdleConnTimeout: 90 * time.Second, TLSHandshakeTimeout: 10 * time.Second,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Do gives the library only answers that are good; every other outcome is an [*Error].
func (w wire) Do(req *http.Request) (*http.Response, error) {
	method := path.Base(req.URL.Path)
	status, body, err := w.roundTrip(method, req)
	if err != nil {
		return nil, err
	}
	result, bad := judge(method, status, body)
	if bad != nil {
		return nil, bad
	}
	if result == nil {
		body = []byte(`{"ok":true,"result":{}}`) // an edit that changed nothing
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{}, Request: req,
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}, nil
}

func (w wire) roundTrip(method string, req *http.Request) (status int, body []byte, err error) {
	resp, err := w.http.Do(req)
	if err != nil {
		return 0, nil, lost(method, err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err = io.ReadAll(io.LimitReader(resp.Body, answerLimit+1))
	if err == nil && len(body) > answerLimit {
		err = errors.New("too long")
	}
	if err != nil {
		return 0, nil, lost(method, err)
	}
	return resp.StatusCode, body, nil
}

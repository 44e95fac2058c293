package sandbox

import (
	"bytes"
	"errors"
	"io"
	"net/http"
)

// Transport carries requests to the emulator without a socket, for tests inside a
// testing/synctest bubble. Any URL's host will do. A call runs on the caller's own
// goroutine; a cut connection is io.ErrUnexpectedEOF.
func (s *Server) Transport() http.RoundTripper { return transport{s.Handler()} }

type transport struct{ handler http.Handler }

// RoundTrip serves the request.
func (t transport) RoundTrip(req *http.Request) (resp *http.Response, err error) {
	served := req.Clone(req.Context())
	if served.Body == nil {
		served.Body = http.NoBody
	}
	defer func() { _ = served.Body.Close() }()
	served.Host, served.RemoteAddr = "127.0.0.1", "127.0.0.1:0"
	defer func() {
		p := recover()
		if cut, ok := p.(error); ok && errors.Is(cut, http.ErrAbortHandler) {
			resp, err = nil, io.ErrUnexpectedEOF
		} else if p != nil {
			panic(p)
		}
	}()
	w := &answerBuffer{header: http.Header{}, status: http.StatusOK}
	t.handler.ServeHTTP(w, served)
	if err := req.Context().Err(); err != nil {
		return nil, err // the client left before the answer came
	}
	return &http.Response{
		Status: http.StatusText(w.status), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.header, Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()), Request: req,
	}, nil
}

// answerBuffer is the ResponseWriter of a request without a connection.
type answerBuffer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *answerBuffer) Header() http.Header         { return w.header }
func (w *answerBuffer) WriteHeader(status int)      { w.status = status }
func (w *answerBuffer) Write(p []byte) (int, error) { return w.body.Write(p) }

package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxBody is what Telegram takes in one request: 50 MB of file and some parameters.
const maxBody = 50<<20 + 1<<20

// Upload is a file as it came in a multipart request.
type Upload struct {
	Name string // file name given by the bot
	MIME string
	Data []byte
}

// MarshalJSON keeps bytes out of logs.
func (u *Upload) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{"name": u.Name, "mime": u.MIME, "size": len(u.Data)})
}

// Request is one call of the bot, as the log keeps it.
type Request struct {
	Method   string
	Params   map[string]any // as decoded: string, bool, int64, float64, []any, map[string]any, *Upload
	Status   int            // HTTP status the bot was given; 0 if the connection was cut
	Response json.RawMessage
	Time     time.Time // by the emulator's clock
}

// ChatID is the chat the call concerned, 0 if none.
func (r Request) ChatID() int64 { return intParam(r.Params, "chat_id") }

// call is a request on its way through the emulator.
type call struct {
	method  string
	params  map[string]any
	uploads map[string]*Upload // by part name, for attach://
	faults  []string           // found while decoding
}

// decode reads the body into parameters. The error says why the body cannot be
// read at all; wrong values are collected in call.faults.
func decode(s *schema, method, contentType, rawQuery string, body io.Reader) (*call, error) {
	c := &call{method: method, params: map[string]any{}, uploads: map[string]*Upload{}}
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return nil, fmt.Errorf("reading the query: %w", err)
	}
	c.form(s, query)
	kind, args, err := mime.ParseMediaType(contentType)
	if contentType == "" {
		return c, nil
	} else if err != nil {
		return nil, fmt.Errorf("reading Content-Type: %w", err)
	}
	switch kind {
	case "application/json":
		err = c.json(body)
	case "application/x-www-form-urlencoded":
		err = c.urlencoded(s, body)
	case "multipart/form-data":
		err = c.multipart(s, multipart.NewReader(body, args["boundary"]))
	default:
		err = fmt.Errorf("unsupported Content-Type %s", kind)
	}
	return c, err
}

func (c *call) json(body io.Reader) error {
	raw, err := io.ReadAll(body)
	if err != nil {
		return fmt.Errorf("reading the body: %w", err)
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil
	}
	v, err := parseJSON(raw)
	if err != nil {
		return fmt.Errorf("can't parse JSON object: %w", err)
	}
	obj, ok := v.(map[string]any)
	if !ok {
		return errors.New("can't parse JSON object: not an object")
	}
	for k, x := range obj {
		c.params[k] = x
	}
	return nil
}

func (c *call) urlencoded(s *schema, body io.Reader) error {
	raw, err := io.ReadAll(body)
	if err != nil {
		return fmt.Errorf("reading the body: %w", err)
	}
	values, err := url.ParseQuery(string(raw))
	if err != nil {
		return fmt.Errorf("reading the form: %w", err)
	}
	c.form(s, values)
	return nil
}

func (c *call) form(s *schema, values url.Values) {
	for _, k := range sortedKeys(values) {
		c.set(s, k, values.Get(k))
	}
}

func (c *call) multipart(s *schema, r *multipart.Reader) error {
	for {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return c.attach(s)
		}
		if err != nil {
			return fmt.Errorf("reading multipart: %w", err)
		}
		data, err := io.ReadAll(p)
		if err != nil {
			return fmt.Errorf("reading part %s: %w", p.FormName(), err)
		}
		if p.FileName() == "" {
			c.set(s, p.FormName(), string(data))
			continue
		}
		c.uploads[p.FormName()] = &Upload{Name: p.FileName(), MIME: p.Header.Get("Content-Type"), Data: data}
	}
}

// attach puts uploaded parts where parameters name them: by the part's own name,
// or as attach://name anywhere in a value.
func (c *call) attach(s *schema) error {
	used := map[string]bool{}
	for k, v := range c.params {
		c.params[k] = c.resolve(v, used)
	}
	for _, name := range sortedKeys(c.uploads) {
		if used[name] {
			continue
		}
		if _, known := s.Methods[c.method].Params[name]; !known {
			c.faults = append(c.faults, fmt.Sprintf("uploaded part %q is referred to by no parameter", name))
			continue
		}
		c.params[name] = c.uploads[name]
	}
	return nil
}

func (c *call) resolve(v any, used map[string]bool) any {
	switch v := v.(type) {
	case string:
		name, ok := strings.CutPrefix(v, "attach://")
		if up := c.uploads[name]; ok && up != nil {
			used[name] = true
			return up
		}
	case []any:
		for i := range v {
			v[i] = c.resolve(v[i], used)
		}
	case map[string]any:
		for k := range v {
			v[k] = c.resolve(v[k], used)
		}
	}
	return v
}

// set stores a form value under the type its parameter has.
func (c *call) set(s *schema, name, value string) {
	m := s.Methods[c.method]
	f := m.Params[name]
	if f == nil {
		c.params[name] = value // reported as unknown by checkParams
		return
	}
	v, err := s.coerce(f.T, value)
	if err != nil {
		c.faults = append(c.faults, fmt.Sprintf("parameter %q: %v", name, err))
		return
	}
	c.params[name] = v
}

// coerce reads a form's text as a value of the type.
func (s *schema) coerce(e expr, text string) (any, error) {
	for e.Ref != "" && s.Types[e.Ref] != nil && s.Types[e.Ref].Alias != nil {
		e = *s.Types[e.Ref].Alias
	}
	switch {
	case e.Name == "number":
		return parseNumber(text)
	case e.Name == "boolean" || e.Lit == true:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return nil, fmt.Errorf("%q is not a boolean", text)
		}
		return b, nil
	case e.Name == "string" || e.Lit != nil || e.File || e.Ref != "" && s.Types[e.Ref] == nil:
		return text, nil
	case e.Union != nil && !allObjects(s, e.Union):
		return s.coerceAny(e.Union, text)
	}
	v, err := parseJSON([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("can't parse JSON: %w", err)
	}
	return v, nil
}

func (s *schema) coerceAny(alts []expr, text string) (any, error) {
	var firstErr error
	for _, a := range alts {
		v, err := s.coerce(a, text)
		if err == nil {
			return v, nil
		}
		if firstErr == nil {
			firstErr = err
		}
	}
	return nil, firstErr
}

func allObjects(s *schema, alts []expr) bool {
	for _, a := range alts {
		if t := s.Types[a.Ref]; t == nil || t.Props == nil {
			return false
		}
	}
	return true
}

func parseNumber(text string) (any, error) {
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		return i, nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil, fmt.Errorf("%q is not a number", text)
	}
	return f, nil
}

// parseJSON decodes with whole numbers as int64 and others as float64.
func parseJSON(raw []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one value")
	}
	return plainNumbers(v)
}

func plainNumbers(v any) (any, error) {
	var err error
	switch x := v.(type) {
	case json.Number:
		return parseNumber(string(x))
	case []any:
		for i := range x {
			if x[i], err = plainNumbers(x[i]); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		for k := range x {
			if x[k], err = plainNumbers(x[k]); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

func intParam(p map[string]any, name string) int64 {
	n, _ := p[name].(int64)
	return n
}

func stringParam(p map[string]any, name string) string {
	s, _ := p[name].(string)
	return s
}

func boolParam(p map[string]any, name string) bool {
	b, _ := p[name].(bool)
	return b
}

func tooLarge(err error) bool {
	var mb *http.MaxBytesError
	return errors.As(err, &mb)
}

package sandbox

import (
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"
)

// tagEntity is the entity each of Telegram's tags makes.
var tagEntity = map[string]string{
	"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
	"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
	"span": "spoiler", "a": "text_link", "tg-emoji": "custom_emoji", "code": "code", "pre": "pre",
	"blockquote": "blockquote", "tg-time": "date_time",
}

type openTag struct {
	name   string
	attrs  map[string]string
	offset int // UTF-16 units of text before it
	at     int // byte offset in the source
}

// htmlParser turns Telegram's HTML into text and entities.
type htmlParser struct {
	src      string
	pos      int
	out      strings.Builder
	n        int // UTF-16 units written
	open     []openTag
	entities []any
}

// parseHTML reads the HTML that parse_mode "HTML" allows. Errors are worded like
// Telegram's, with byte offsets.
func parseHTML(src string) (text string, entities []any, err error) {
	p := &htmlParser{src: src}
	for p.pos < len(src) {
		switch src[p.pos] {
		case '<':
			err = p.tag()
		case '&':
			p.entity()
		default:
			next := strings.IndexAny(src[p.pos:], "<&")
			if next < 0 {
				next = len(src) - p.pos
			}
			p.write(src[p.pos : p.pos+next])
			p.pos += next
		}
		if err != nil {
			return "", nil, err
		}
	}
	if len(p.open) > 0 {
		last := p.open[len(p.open)-1]
		return "", nil, malformed("Can't find end tag corresponding to start tag %q", last.name)
	}
	slices.SortStableFunc(p.entities, func(a, b any) int {
		x, y := a.(map[string]any), b.(map[string]any)
		if d := intParam(x, "offset") - intParam(y, "offset"); d != 0 {
			return int(d)
		}
		return int(intParam(y, "length") - intParam(x, "length"))
	})
	return p.out.String(), p.entities, nil
}

func (p *htmlParser) write(text string) {
	p.out.WriteString(text)
	p.n += utf16Len(text)
}

// entity decodes &lt; &gt; &amp; &quot; and numbers; anything else stays as typed.
func (p *htmlParser) entity() {
	end := strings.IndexByte(p.src[p.pos:], ';')
	if end > 0 && end <= 10 {
		name := p.src[p.pos : p.pos+end+1]
		if slices.Contains([]string{"&lt;", "&gt;", "&amp;", "&quot;"}, name) || strings.HasPrefix(name, "&#") {
			if decoded := html.UnescapeString(name); decoded != name {
				p.write(decoded)
				p.pos += end + 1
				return
			}
		}
	}
	p.write("&")
	p.pos++
}

func (p *htmlParser) tag() error {
	start := p.pos
	end := strings.IndexByte(p.src[start:], '>')
	if end < 0 {
		return malformed("Unclosed start tag at byte offset %d", start)
	}
	inner := p.src[start+1 : start+end]
	p.pos = start + end + 1
	if name, closing := strings.CutPrefix(inner, "/"); closing {
		return p.closeTag(strings.ToLower(strings.TrimSpace(name)), start)
	}
	name, rest, _ := strings.Cut(strings.TrimSpace(inner), " ")
	name = strings.ToLower(name)
	if tagEntity[name] == "" {
		return malformed("Unsupported start tag %q at byte offset %d", name, start)
	}
	attrs, err := attributes(rest, start)
	if err != nil {
		return err
	}
	if name == "span" && attrs["class"] != "tg-spoiler" {
		return malformed("Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", start)
	}
	p.open = append(p.open, openTag{name: name, attrs: attrs, offset: p.n, at: start})
	return nil
}

func (p *htmlParser) closeTag(name string, at int) error {
	if len(p.open) == 0 {
		return malformed("Unexpected end tag at byte offset %d", at)
	}
	t := p.open[len(p.open)-1]
	if name != "" && name != t.name {
		return malformed("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", at, t.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	if p.n == t.offset {
		return nil // an empty entity is no entity
	}
	e := map[string]any{"type": tagEntity[t.name], "offset": int64(t.offset), "length": int64(p.n - t.offset)}
	if !p.detail(t, e) {
		return nil
	}
	p.entities = append(p.entities, e)
	return nil
}

// detail adds what an entity has besides its place; false drops it.
func (p *htmlParser) detail(t openTag, e map[string]any) bool {
	_, expandable := t.attrs["expandable"]
	switch {
	case t.name == "a":
		if t.attrs["href"] == "" {
			return false
		}
		e["url"] = t.attrs["href"]
	case t.name == "tg-emoji":
		e["custom_emoji_id"] = t.attrs["emoji-id"]
	case t.name == "blockquote" && expandable:
		e["type"] = "expandable_blockquote"
	case t.name == "tg-time":
		unix, err := strconv.ParseInt(t.attrs["unix"], 10, 64)
		if err != nil {
			return false
		}
		e["unix_time"] = unix
		if f := t.attrs["format"]; f != "" {
			e["date_time_format"] = f
		}
	case t.name == "code" && len(p.open) > 0 && p.open[len(p.open)-1].name == "pre":
		if lang, ok := strings.CutPrefix(t.attrs["class"], "language-"); ok {
			p.open[len(p.open)-1].attrs["language"] = lang
			return false
		}
	case t.name == "pre" && t.attrs["language"] != "":
		e["language"] = t.attrs["language"]
	}
	return true
}

func attributes(rest string, at int) (map[string]string, error) {
	attrs := map[string]string{}
	for rest = strings.TrimSpace(rest); rest != ""; rest = strings.TrimSpace(rest) {
		i := strings.IndexAny(rest, "= ")
		if i < 0 || rest[i] == ' ' {
			name, after, _ := strings.Cut(rest, " ")
			attrs[strings.ToLower(name)], rest = "", after
			continue
		}
		name := strings.ToLower(rest[:i])
		rest = rest[i+1:]
		if rest == "" {
			return nil, malformed("Expected attribute value at byte offset %d", at)
		}
		var value string
		if q := rest[0]; q == '"' || q == '\'' {
			end := strings.IndexByte(rest[1:], q)
			if end < 0 {
				return nil, malformed("Unclosed attribute value at byte offset %d", at)
			}
			value, rest = rest[1:1+end], rest[end+2:]
		} else {
			value, rest, _ = strings.Cut(rest, " ")
		}
		attrs[name] = html.UnescapeString(value)
	}
	return attrs, nil
}

// malformed words an error as Telegram does, capital letter included.
func malformed(format string, args ...any) error { return fmt.Errorf(format, args...) }

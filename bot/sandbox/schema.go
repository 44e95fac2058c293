package sandbox

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf16"
)

//go:embed botapi-10.3.json
var schemaJSON []byte

// schema is the Bot API as its documentation states it: what each method takes
// and what each object holds. See NOTICE for where the table comes from.
type schema struct {
	Version string              `json:"version"`
	Methods map[string]*objType `json:"methods"`
	Types   map[string]*objType `json:"types"`
	byLower map[string]string   // Telegram compares method names without case
}

// objType is a method, an object with properties, or another name for an expression.
type objType struct {
	Params  map[string]*field `json:"params"`
	Props   map[string]*field `json:"props"`
	Alias   *expr             `json:"alias"`
	Returns *expr             `json:"returns"`
	// Besides lists the properties that do not count where exactly one of the
	// others must be present (the type of a button).
	Besides []string `json:"oneOf"`
}

// field is one parameter or property with its limits, each [least, most].
type field struct {
	T          expr  `json:"t"`
	Required   bool  `json:"req"`
	Characters []int `json:"characters"`
	Bytes      []int `json:"bytes"`
	Count      []int `json:"count"`
}

// expr is a type expression; exactly one of its parts is set.
type expr struct {
	Name   string // string, number, boolean
	Ref    string
	Array  *expr
	Union  []expr
	Lit    any
	Object bool // any object
	File   bool // uploaded bytes
	// Formatted marks a text that may carry formatting. Its length is counted
	// after parsing, so the schema leaves that to the message code.
	Formatted bool
}

// UnmarshalJSON reads "string", {"ref": …}, {"array": …}, {"union": …} and so on.
func (e *expr) UnmarshalJSON(b []byte) error {
	if b[0] == '"' {
		return json.Unmarshal(b, &e.Name)
	}
	var raw struct {
		Ref    string          `json:"ref"`
		Array  *expr           `json:"array"`
		Union  []expr          `json:"union"`
		Lit    any             `json:"lit"`
		File   bool            `json:"file"`
		Object json.RawMessage `json:"object"`
	}
	if err := json.Unmarshal(b, &raw); err != nil {
		return fmt.Errorf("reading type expression %s: %w", b, err)
	}
	e.Ref, e.Array, e.Lit, e.File, e.Object = raw.Ref, raw.Array, raw.Lit, raw.File, raw.Object != nil
	// The declarations list a bare {} beside each object or text that a caller may
	// build with a helper class. It says nothing about the wire.
	e.Union = slices.DeleteFunc(slices.Clone(raw.Union), func(x expr) bool { return x.Object })
	e.Formatted = len(e.Union) == 1 && len(raw.Union) == 2 && e.Union[0].Name == "string"
	return nil
}

var loadSchema = sync.OnceValue(func() *schema {
	s := &schema{byLower: map[string]string{}}
	if err := json.Unmarshal(schemaJSON, s); err != nil {
		panic("sandbox: embedded schema: " + err.Error()) // a broken build, not a run-time condition
	}
	for name := range s.Methods {
		s.byLower[strings.ToLower(name)] = name
	}
	return s
})

// checkParams reports everything wrong with a call; nil means the call is well formed.
func (s *schema) checkParams(method string, params map[string]any) []string {
	return s.fields(s.Methods[method].Params, params, "parameter", "")
}

// checkValue reports everything wrong with value as an object of the named type.
func (s *schema) checkValue(typeName string, value any) []string {
	return s.expr(expr{Ref: typeName}, value, typeName)
}

func (s *schema) fields(want map[string]*field, got map[string]any, noun, path string) []string {
	var faults []string
	for _, name := range sortedKeys(got) {
		f := want[name]
		if f == nil {
			faults = append(faults, fmt.Sprintf("unknown %s %q", noun, path+name))
			continue
		}
		bad := s.expr(f.T, got[name], path+name)
		if bad == nil {
			bad = f.limits(path+name, got[name])
		}
		faults = append(faults, bad...)
	}
	for _, name := range sortedKeys(want) {
		if _, ok := got[name]; want[name].Required && !ok {
			faults = append(faults, fmt.Sprintf("%s %q is required", noun, path+name))
		}
	}
	return faults
}

func (f *field) limits(path string, value any) []string {
	switch v := value.(type) {
	case string:
		if n := utf16Len(v); !f.T.Formatted && outside(f.Characters, n) {
			return []string{fmt.Sprintf("%s has %d characters, must have %d-%d", path, n, f.Characters[0], f.Characters[1])}
		}
		if outside(f.Bytes, len(v)) {
			return []string{fmt.Sprintf("%s has %d bytes, must have %d-%d", path, len(v), f.Bytes[0], f.Bytes[1])}
		}
	case []any:
		if outside(f.Count, len(v)) {
			return []string{fmt.Sprintf("%s has %d elements, must have %d-%d", path, len(v), f.Count[0], f.Count[1])}
		}
	}
	return nil
}

// outside ignores a span like [3166, 1]: the table took "ISO 3166-1" for a limit.
func outside(span []int, n int) bool {
	return len(span) == 2 && span[0] <= span[1] && (n < span[0] || n > span[1])
}

func (s *schema) expr(e expr, v any, path string) []string {
	wrong := func(want string) []string { return []string{fmt.Sprintf("%s must be %s", path, want)} }
	switch {
	case e.Name != "":
		return scalar(e.Name, v, wrong)
	case e.Lit != nil:
		if v != e.Lit {
			return wrong(fmt.Sprintf("%v", e.Lit))
		}
	case e.File:
		if _, ok := v.(*Upload); !ok {
			return wrong("an uploaded file")
		}
	case e.Array != nil:
		list, ok := v.([]any)
		if !ok {
			return wrong("an array")
		}
		var faults []string
		for i, x := range list {
			faults = append(faults, s.expr(*e.Array, x, fmt.Sprintf("%s[%d]", path, i))...)
		}
		return faults
	case e.Union != nil:
		return s.union(e.Union, v, path)
	case e.Ref != "":
		return s.ref(e.Ref, v, path)
	}
	return nil
}

func scalar(name string, v any, wrong func(string) []string) []string {
	ok := false
	switch v.(type) {
	case string:
		ok = name == "string"
	case bool:
		ok = name == "boolean"
	case int64, float64:
		ok = name == "number"
	}
	if !ok {
		return wrong("a " + name)
	}
	return nil
}

func (s *schema) ref(name string, v any, path string) []string {
	t := s.Types[name]
	if t == nil {
		return nil // the table lacks a dozen small enumerations; the methods check theirs
	}
	if t.Alias != nil {
		return s.expr(*t.Alias, v, path)
	}
	obj, ok := v.(map[string]any)
	if !ok {
		return []string{fmt.Sprintf("%s must be an object %s", path, name)}
	}
	faults := s.fields(t.Props, obj, "field", path+".")
	if len(t.Besides) > 0 {
		n := 0
		for k := range obj {
			if !slices.Contains(t.Besides, k) {
				n++
			}
		}
		if n != 1 {
			faults = append(faults, fmt.Sprintf("%s must have exactly one field besides %v, has %d", path, t.Besides, n))
		}
	}
	return faults
}

// union accepts v if one alternative does, and otherwise complains about the
// alternative that v most resembles.
func (s *schema) union(alts []expr, v any, path string) []string {
	var best []string
	bestScore := -1
	for _, a := range alts {
		faults := s.expr(a, v, path)
		if len(faults) == 0 {
			return nil
		}
		if score := s.resemblance(a, v); score > bestScore {
			best, bestScore = faults, score
		}
	}
	if bestScore <= 0 && len(alts) > 1 {
		return []string{fmt.Sprintf("%s is none of the %d types allowed here", path, len(alts))}
	}
	return best
}

func (s *schema) resemblance(e expr, v any) int {
	obj, ok := v.(map[string]any)
	t := s.Types[e.Ref]
	if !ok || t == nil {
		return 0
	}
	score := 0
	for k, f := range t.Props {
		if got, has := obj[k]; has {
			score++
			if f.T.Lit != nil && f.T.Lit == got {
				score += 100 // "type": "photo" names the alternative
			}
		}
	}
	return score
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// utf16Len counts as Telegram counts entity offsets. Telegram does not say in
// which unit its text limits are; this is the strictest reading.
func utf16Len(s string) int { return len(utf16.Encode([]rune(s))) }

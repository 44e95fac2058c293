package telegram

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"liuhen/flows"
	"liuhen/flows/form"
)

// tokenLimit is Telegram's limit of callback_data in bytes.
const tokenLimit = 64

// tokenVersion begins every token. Buttons live for years: a new layout gets a new first byte, and old ones stay readable.
const tokenVersion = '1'

// letters abbreviate the items. Tokens name them for years: never change or reuse a letter.
var letters = map[form.ItemID]string{
	form.Reason: "A", form.Outcome: "B", form.Article3: "C", form.Interferers: "D", form.Insiders: "E", form.IsHead: "F",
	form.Serious: "G", form.Officers: "H", form.IsLead: "I", form.Superior: "J", form.Party: "K", form.Content: "L",
	form.When: "M", form.Where: "N", form.Means: "O", form.Particulars: "P", form.Evidence: "Q", form.Channel: "R",
}

var items = func() map[string]form.ItemID {
	m := make(map[string]form.ItemID, len(letters))
	for id, l := range letters {
		m[l] = id
	}
	return m
}()

// Token is the callback_data of a button: version, + or - for On, verb, then draft, turn, item and argument, with dots
// between them. ok is false when the tap does not fit into 64 bytes or holds what a token cannot carry.
func Token(t flows.Tap) (data string, ok bool) {
	item, known := letters[t.Item]
	if !known {
		item = string(t.Item)
	}
	on := "-"
	if t.On {
		on = "+"
	}
	turn := ""
	if t.Turn != 0 {
		turn = strconv.FormatInt(int64(t.Turn), 36)
	}
	data = string(tokenVersion) + on + strings.Join([]string{string(t.Verb), t.Draft, turn, item, t.Arg}, ".")
	back, ok := parseToken(data)
	return data, ok && back == t
}

// ParseToken reads callback_data. It refuses whatever [Token] would not have written, byte for byte: presses are input.
func ParseToken(data string) (flows.Tap, bool) {
	t, ok := parseToken(data)
	if !ok {
		return flows.Tap{}, false
	}
	if again, fits := Token(t); !fits || again != data {
		return flows.Tap{}, false
	}
	return t, true
}

func parseToken(data string) (t flows.Tap, ok bool) {
	if len(data) < 2 || len(data) > tokenLimit || data[0] != tokenVersion || (data[1] != '+' && data[1] != '-') || !printable(data) {
		return t, false
	}
	f := strings.SplitN(data[2:], ".", 5)
	if len(f) != 5 || len(f[0]) != 2 {
		return t, false
	}
	if f[2] != "" {
		n, err := strconv.ParseInt(f[2], 36, 31)
		if err != nil || n <= 0 {
			return t, false
		}
		t.Turn = int(n)
	}
	id, known := items[f[3]]
	if !known {
		id = form.ItemID(f[3])
	}
	t.Verb, t.Draft, t.Item, t.Arg, t.On = flows.Verb(f[0]), f[1], id, f[4], data[1] == '+'
	return t, true
}

func printable(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsGraphic(r) }) < 0
}

package ledger

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/note"

	"liuhen/storage/vault"
)

// What can be wrong with a receipt or checkpoint. Each says what to do.
var (
	// ErrDamaged says that a text is no receipt or checkpoint as one was issued.
	ErrDamaged = errors.New("this is not a whole receipt or checkpoint: use the file as it was received, or the complete text that the picture gives, first line to last")
	// ErrLayout says that a text is of a later release.
	ErrLayout = errors.New("this receipt or checkpoint is of a later layout: verify it with a later release")
	// ErrOtherSystem says that another system signed than the one whose key was given.
	ErrOtherSystem = errors.New("this was signed by another system, or with another key, than the public key given: take the key that the system named in the text publishes")
	// ErrForged says that the signature is not of these words.
	ErrForged = errors.New("the signature does not belong to this text: it was altered or forged, do not rely on it")
)

// noteLimit is the longest receipt or checkpoint, in bytes.
const noteLimit = 4 << 10

// layout is a text with one field on some of its lines, the same in every detail for ever.
type layout []string

func parseLayout(text string) layout { return strings.Split(strings.TrimSuffix(text, "\n"), "\n") }

// fill puts values into the fields.
func (l layout) fill(values ...string) string {
	var b strings.Builder
	for _, line := range l {
		if before, after, ok := strings.Cut(line, "%s"); ok {
			line = before + oneLine(values[0]) + after
			values = values[1:]
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}

// read gives the values back, of a text that is filled in every detail like this.
func (l layout) read(text string) ([]string, error) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if l.later(lines[0]) {
		return nil, ErrLayout
	}
	var values []string
	for i, line := range l {
		before, after, ok := strings.Cut(line, "%s")
		if ok && i < len(lines) && len(lines[i]) >= len(before)+len(after) {
			values = append(values, lines[i][len(before):len(lines[i])-len(after)])
		}
	}
	if len(values) != strings.Count(strings.Join(l, ""), "%s") || l.fill(values...) != text {
		return nil, ErrDamaged
	}
	return values, nil
}

// later reports whether a first line is this layout's but for a greater number.
func (l layout) later(line string) bool {
	from := strings.IndexAny(l[0], "0123456789")
	to := strings.LastIndexAny(l[0], "0123456789") + 1
	number, ok := strings.CutPrefix(line, l[0][:from])
	number, rest := strings.CutSuffix(number, l[0][to:])
	own := l[0][from:to]
	return ok && rest && strings.Trim(number, "0123456789") == "" && !strings.HasPrefix(number, "0") &&
		(len(number) > len(own) || len(number) == len(own) && number > own)
}

// oneLine is a text as it fits into a field: signed notes have no characters that control a terminal, and fields no line ends.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0x2028 || r == 0x2029 {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	return strings.TrimSpace(s)
}

// sign signs a filled layout.
func sign(text string, s note.Signer) ([]byte, error) {
	b, err := note.Sign(&note.Note{Text: text}, s)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return b, nil
}

// Open gives back the text that one of the keys signed. Windows line ends, a byte order mark and space around the whole are
// forgiven: telephones and mail programs put them there.
func Open(signed []byte, keys ...note.Verifier) (string, error) {
	signed = bytes.TrimPrefix(signed, []byte("\ufeff"))
	signed = bytes.ReplaceAll(signed, []byte("\r\n"), []byte("\n"))
	signed = append(bytes.TrimSpace(signed), '\n')
	if len(signed) > noteLimit || !utf8.Valid(signed) {
		return "", ErrDamaged
	}
	n, err := note.Open(signed, verifiers(keys))
	var unknown *note.UnverifiedNoteError
	var invalid *note.InvalidSignatureError
	switch {
	case errors.As(err, &unknown):
		return "", ErrOtherSystem
	case errors.As(err, &invalid):
		return "", ErrForged
	case err != nil:
		return "", ErrDamaged
	case len(n.Sigs) != 1 || len(n.UnverifiedSigs) != 0 || string(signed) != plain(n):
		return "", ErrDamaged
	}
	return n.Text, nil
}

// plain is a note with its one signature, as it was written: there is no second form of it.
func plain(n *note.Note) string {
	sig := n.Sigs[0].Base64
	if raw, err := base64.StdEncoding.Strict().DecodeString(sig); err != nil || base64.StdEncoding.EncodeToString(raw) != sig {
		return ""
	}
	return n.Text + "\n— " + n.Sigs[0].Name + " " + sig + "\n"
}

// verifiers finds the key for a signature; one key given twice is one.
func verifiers(keys []note.Verifier) note.Verifiers {
	var once []note.Verifier
	for _, k := range keys {
		if !slices.ContainsFunc(once, func(o note.Verifier) bool { return o.Name() == k.Name() && o.KeyHash() == k.KeyHash() }) {
			once = append(once, k)
		}
	}
	return note.VerifierList(once...)
}

// systemOf makes sure that a text names the system that signed it.
func systemOf(named string, keys []note.Verifier) error {
	if !slices.ContainsFunc(keys, func(k note.Verifier) bool { return k.Name() == named }) {
		return ErrOtherSystem
	}
	return nil
}

var _ note.Verifier = vault.PublicKey{}

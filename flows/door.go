package flows

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strings"
	"unicode"

	"liuhen/flows/text"
)

// door is the conversation of somebody who is not bound: nothing but taking up an invitation (R10.3, threat T9).
func (t *step) door() {
	t.Place, t.Sheet, t.Ask, t.Subject = AtDoor, nil, "", ""
	switch a := t.event.Do.(type) {
	case Open:
		if a.Link != "" {
			t.Link = a.Link
		}
	case Say:
		t.prove(a.Text)
	case Odd, Attach:
		if t.desk.Invite != nil {
			t.hint(text.HintKind)
		}
	case Command, Tap: // nothing: the door shows what to do
	}
}

// prove checks what an invited person types: the end of their licence number, or their name where no licence is registered.
func (t *step) prove(words string) {
	if t.desk.Invite == nil {
		return
	}
	got, want := []byte(InviteProof(words)), []byte(t.desk.Invite.Expect)
	if subtle.ConstantTimeCompare(got, want) != 1 {
		t.do(Guess{Person: t.desk.Invite.Person})
		t.hint(text.HintWrongProof)
		return
	}
	t.do(Bind{Person: t.desk.Invite.Person})
	t.Place, t.Link = AtMenu, ""
	t.Turn++
	t.hint(text.HintBound)
}

// InviteProof is the form in which the answer to an invitation is compared: lower-case hexadecimal SHA-256 of the
// upper-cased answer without spaces.
func InviteProof(words string) string {
	words = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, words)
	sum := sha256.Sum256([]byte("liuhen-invite:" + words))
	return hex.EncodeToString(sum[:])
}

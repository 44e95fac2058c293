package ledger

import (
	_ "embed"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

//go:embed receipt_1.txt
var receiptText string

//go:embed levels.txt
var levelsText string

// momentLayout is how receipts and checkpoints state moments: to the millisecond, with the zone.
const momentLayout = "2006-01-02 15:04:05.000 -07:00"

// Level is how an entry was signed (Electronic Signature Law 13, 14).
type Level int

// The levels.
const (
	Confirmed   Level = iota + 1 // confirmed in the chat of a registered account
	WithSecret                   // and a secret word or number was entered
	Certificate                  // by a certificate of a licensed provider
)

// Receipt is what a signer keeps of an entry (E9). It holds nothing of what the entry says, not even whether it says anything.
type Receipt struct {
	System      string // that signed it
	Record      string // ID
	Signer      string // name
	Institution string // name
	Case        string // number as filed; what stands for none is the caller's to say
	Signed      time.Time
	Level       Level
	Digest      string // of the entry: [Sums.Name]
	State       string // of the log right after the entry: [State]
}

// Sign makes the receipt's signed text. The same receipt always has the same text.
func (r Receipt) Sign(s note.Signer) ([]byte, error) {
	r.System = s.Name()
	return sign(parseLayout(receiptText).fill(r.System, r.Record, r.Signer, r.Institution, r.Case,
		r.Signed.Format(momentLayout), r.Level.String(), r.Digest, r.State), s)
}

// OpenReceipt reads a receipt that one of the keys signed: [ErrDamaged], [ErrLayout], [ErrOtherSystem] or [ErrForged] otherwise.
func OpenReceipt(signed []byte, keys ...note.Verifier) (Receipt, error) {
	text, err := Open(signed, keys...)
	if err != nil {
		return Receipt{}, err
	}
	v, err := parseLayout(receiptText).read(text)
	if err != nil {
		return Receipt{}, err
	}
	r := Receipt{System: v[0], Record: v[1], Signer: v[2], Institution: v[3], Case: v[4], Level: levelNamed(v[6]), Digest: v[7], State: v[8]}
	if r.Signed, err = time.Parse(momentLayout, v[5]); err != nil || r.Level == 0 || !isName(r.Digest) || !isName(r.State) {
		return Receipt{}, ErrDamaged
	}
	return r, systemOf(r.System, keys)
}

func levels() []string { return strings.Split(strings.TrimSuffix(levelsText, "\n"), "\n") }

// String is the level in words, as receipts have it.
func (l Level) String() string {
	all := levels()
	if l < 1 || int(l) > len(all) {
		return ""
	}
	return all[l-1]
}

// levelNamed is 0 for no level's name.
func levelNamed(name string) Level {
	for i, n := range levels() {
		if n == name {
			return Level(i + 1)
		}
	}
	return 0
}

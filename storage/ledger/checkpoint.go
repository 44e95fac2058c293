package ledger

import (
	_ "embed"
	"encoding/base64"
	"time"

	"golang.org/x/mod/sumdb/note"
)

//go:embed checkpoint_1.txt
var checkpointText string

// Checkpoint is the log's state at a moment, to be kept where nobody who can reach this system can reach it.
type Checkpoint struct {
	System string
	At     time.Time
	State  string // [State]
	Size   []byte // the number of leaves, sealed
}

// Sign makes the checkpoint's signed text.
func (c Checkpoint) Sign(s note.Signer) ([]byte, error) {
	c.System = s.Name()
	return sign(parseLayout(checkpointText).fill(c.System, c.At.Format(momentLayout), c.State, base64.StdEncoding.EncodeToString(c.Size)), s)
}

// OpenCheckpoint reads a checkpoint that one of the keys signed, as [OpenReceipt] does.
func OpenCheckpoint(signed []byte, keys ...note.Verifier) (Checkpoint, error) {
	text, err := Open(signed, keys...)
	if err != nil {
		return Checkpoint{}, err
	}
	v, err := parseLayout(checkpointText).read(text)
	if err != nil {
		return Checkpoint{}, err
	}
	c := Checkpoint{System: v[0], State: v[2]}
	var sealed, moment error
	c.Size, sealed = base64.StdEncoding.Strict().DecodeString(v[3])
	c.At, moment = time.Parse(momentLayout, v[1])
	if sealed != nil || moment != nil || !isName(c.State) {
		return Checkpoint{}, ErrDamaged
	}
	return c, systemOf(c.System, keys)
}

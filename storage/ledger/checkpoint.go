package ledger

import (
	_ "embed"
	"encoding/base64"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// Layouts of checkpoints. Those of the first have no roll; they stay readable for ever.
var (
	//go:embed checkpoint_1.txt
	checkpointText1 string
	//go:embed checkpoint_2.txt
	checkpointText string
)

// Checkpoint is the log's state at a moment, to be kept where nobody who can reach this system can reach it.
type Checkpoint struct {
	System string
	At     time.Time
	State  string // [State]
	Roll   string // the root of the [Roll] of the entries; "" in the first layout
	Size   []byte // the number of leaves, sealed
}

// Sign makes the checkpoint's signed text.
func (c Checkpoint) Sign(s note.Signer) ([]byte, error) {
	c.System = s.Name()
	return sign(parseLayout(checkpointText).fill(c.System, c.At.Format(momentLayout), c.State, c.Roll, base64.StdEncoding.EncodeToString(c.Size)), s)
}

// OpenCheckpoint reads a checkpoint that one of the keys signed, as [OpenReceipt] does.
func OpenCheckpoint(signed []byte, keys ...note.Verifier) (Checkpoint, error) {
	text, err := Open(signed, keys...)
	if err != nil {
		return Checkpoint{}, err
	}
	v, err := parseLayout(checkpointText).read(text)
	if err != nil {
		if v, _ = parseLayout(checkpointText1).read(text); v == nil {
			return Checkpoint{}, err
		}
		v = append(v[:3:3], "", v[3])
	} else if !isName(v[3]) {
		return Checkpoint{}, ErrDamaged
	}
	c := Checkpoint{System: v[0], State: v[2], Roll: v[3]}
	var sealed, moment error
	c.Size, sealed = base64.StdEncoding.Strict().DecodeString(v[4])
	c.At, moment = time.Parse(momentLayout, v[1])
	if sealed != nil || moment != nil || !isName(c.State) {
		return Checkpoint{}, ErrDamaged
	}
	return c, systemOf(c.System, keys)
}

package ledger

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sort"

	"golang.org/x/mod/sumdb/tlog"
)

// Roll is a tree over the entries that the log held at one checkpoint. A proof from the log's own tree would disclose how many leaves
// there are and which one it is; a proof from here discloses nothing but that the entry is there. Each entry has a place among
// 2^64, by a key that is another one for each checkpoint; whatever is empty below a node has a hash that nobody without the key can
// tell from a full one.
type Roll struct {
	key    []byte
	leaves []rollLeaf
	nodes  map[rollNode]tlog.Hash // those over more than one leaf
}

type rollLeaf struct {
	place uint64
	name  string
	hash  tlog.Hash
}

type rollNode struct {
	depth  int
	prefix uint64
}

// rollDepth is the number of hashes of every proof.
const rollDepth = 64

// ErrUnproved says that a proof does not lead from an entry to a checkpoint.
var ErrUnproved = errors.New("the proof does not lead from this entry to this checkpoint: one of the three was altered, or they do not belong together")

// NewRoll makes the tree of leaves, by their names in the log, under a key that only the system has.
func NewRoll(key []byte, leaves map[string]tlog.Hash) *Roll {
	r := &Roll{key: key, nodes: map[rollNode]tlog.Hash{}}
	for name, h := range leaves {
		r.leaves = append(r.leaves, rollLeaf{binary.BigEndian.Uint64(r.derive("place", name)), name, saltedLeaf(r.derive("salt", name), h)})
	}
	slices.SortFunc(r.leaves, func(a, b rollLeaf) int {
		return cmp.Or(cmp.Compare(a.place, b.place), slices.Compare(a.hash[:], b.hash[:]))
	})
	return r
}

func (r *Roll) derive(what, name string) []byte {
	h := sha256.New()
	feed(h, "liuhen roll 1", r.key, []byte(what), []byte(name))
	return h.Sum(nil)
}

// saltedLeaf differs from checkpoint to checkpoint, so that two proofs of one entry tell nothing of what came between.
func saltedLeaf(salt []byte, leaf tlog.Hash) tlog.Hash {
	return tlog.RecordHash(append(slices.Clone(salt), leaf[:]...))
}

// Root is the hash over all, as checkpoints show it.
func (r *Roll) Root() string { return rollName(r.node(0, 0, 0, len(r.leaves))) }

func rollName(root tlog.Hash) string { return nameSHA256 + hex.EncodeToString(root[:]) }

// node is the hash over the leaves from lo to hi, which share a prefix of depth bits.
func (r *Roll) node(depth int, prefix uint64, lo, hi int) tlog.Hash {
	switch {
	case lo == hi:
		return tlog.Hash(r.derive("blank", string(binary.BigEndian.AppendUint64([]byte{byte(depth)}, prefix))))
	case depth == rollDepth:
		return r.leaves[lo].hash
	}
	at := rollNode{depth, prefix}
	if h, known := r.nodes[at]; known {
		return h
	}
	mid, right := r.split(depth, prefix, lo, hi)
	h := tlog.NodeHash(r.node(depth+1, prefix, lo, mid), r.node(depth+1, right, mid, hi))
	if hi-lo > 1 {
		r.nodes[at] = h
	}
	return h
}

// split is where the right half of a node begins, and its prefix.
func (r *Roll) split(depth int, prefix uint64, lo, hi int) (mid int, right uint64) {
	right = prefix | 1<<(rollDepth-1-depth)
	return lo + sort.Search(hi-lo, func(i int) bool { return r.leaves[lo+i].place >= right }), right
}

// Proof proves to whoever has a checkpoint, an entry and this that the entry was in the log then. It holds nothing of other entries,
// not even how many there are.
type Proof struct {
	Format   string   `json:"format"`
	Record   string   `json:"record"`
	Salt     string   `json:"salt"`      // of the entry's digest
	SM3      string   `json:"sm3"`       // the entry's other digest
	RollSalt string   `json:"roll_salt"` // of its leaf in the tree
	Place    string   `json:"place"`     // its place in the tree
	Siblings []string `json:"siblings"`  // from the leaf up
}

// proofFormat is the layout of proofs. An old one stays readable for ever.
const proofFormat = "liuhen-proof-1"

// Prove is the proof of an entry by its name in the log; false when the roll does not hold it.
func (r *Roll) Prove(name, record string, salt []byte, sums Sums) (Proof, bool) {
	i := slices.IndexFunc(r.leaves, func(l rollLeaf) bool { return l.name == name })
	if i < 0 {
		return Proof{}, false
	}
	place := r.leaves[i].place
	p := Proof{
		Format: proofFormat, Record: record, Salt: hex.EncodeToString(salt), SM3: hex.EncodeToString(sums.SM3[:]),
		RollSalt: hex.EncodeToString(r.derive("salt", name)), Place: fmt.Sprintf("%016x", place),
	}
	prefix, lo, hi := uint64(0), 0, len(r.leaves)
	for depth := range rollDepth {
		mid, right := r.split(depth, prefix, lo, hi)
		var other tlog.Hash
		if place >= right {
			other = r.node(depth+1, prefix, lo, mid)
			prefix, lo = right, mid
		} else {
			other = r.node(depth+1, right, mid, hi)
			hi = mid
		}
		p.Siblings = append(p.Siblings, hex.EncodeToString(other[:]))
	}
	slices.Reverse(p.Siblings)
	return p, lo == i // two entries at one place: not in the life of the sun
}

// Marshal is the proof as it is kept.
func (p Proof) Marshal() []byte {
	b, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		panic("ledger: texts that JSON does not take: " + err.Error()) // it takes all
	}
	return append(b, '\n')
}

// Check makes sure that the entry of these canonical bytes is the one that the receipt was issued for, and that it was in the log at the
// checkpoint, by the proof alone: [ErrUnproved], or [ErrLayout] for a later layout. Receipt and checkpoint have been opened with the
// public key.
func Check(canonical, proof []byte, r Receipt, c Checkpoint) error {
	var p Proof
	if json.Unmarshal(proof, &p) != nil || len(p.Siblings) != rollDepth && p.Format == proofFormat {
		return ErrUnproved
	}
	if p.Format != proofFormat {
		return ErrLayout
	}
	salt, sm3, rollSalt, place := unhex(p.Salt, SaltSize), unhex(p.SM3, 32), unhex(p.RollSalt, 32), unhex(p.Place, 8)
	if salt == nil || sm3 == nil || rollSalt == nil || place == nil || p.Record != r.Record || string(p.Marshal()) != string(proof) {
		return ErrUnproved
	}
	sums := Digest(salt, "entry", p.Record, canonical)
	if r.Digest != nameSHA256+hex.EncodeToString(sums.SHA256[:]) && r.Digest != nameSM3+hex.EncodeToString(sums.SM3[:]) || string(sm3) != string(sums.SM3[:]) {
		return ErrUnproved
	}
	h := saltedLeaf(rollSalt, sums.Leaf())
	bits := binary.BigEndian.Uint64(place)
	for i, s := range p.Siblings {
		other := unhex(s, tlog.HashSize)
		if other == nil {
			return ErrUnproved
		}
		if bits>>i&1 == 1 {
			h = tlog.NodeHash(tlog.Hash(other), h)
		} else {
			h = tlog.NodeHash(h, tlog.Hash(other))
		}
	}
	if c.Roll != rollName(h) {
		return ErrUnproved
	}
	return nil
}

// unhex is nil unless s is n bytes in lower-case hexadecimal digits.
func unhex(s string, n int) []byte {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != n || hex.EncodeToString(b) != s {
		return nil
	}
	return b
}

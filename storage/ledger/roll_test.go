package ledger_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"liuhen/storage/ledger"
	"liuhen/storage/vault"
)

// entryOf is an entry as a log holds it.
type entryOf struct {
	id        string
	canonical []byte
	salt      []byte
}

func (e entryOf) sums() ledger.Sums { return ledger.Digest(e.salt, "entry", e.id, e.canonical) }

func (e entryOf) receipt(s vault.Suite) ledger.Receipt {
	r := aReceipt(s)
	r.Record, r.Digest = e.id, e.sums().Name(s)
	return r
}

func someEntries(n int) (out []entryOf) {
	for i := range n {
		salt := sha256.Sum256(fmt.Append(nil, "salt", i))
		out = append(out, entryOf{fmt.Sprint("r", i), fmt.Append(nil, "content ", i), salt[:]})
	}
	return out
}

func rollOf(key string, all []entryOf) *ledger.Roll {
	leaves := map[string]tlog.Hash{}
	for _, e := range all {
		leaves["name "+e.id] = e.sums().Leaf()
	}
	return ledger.NewRoll([]byte(key), leaves)
}

func prove(t rapid.TB, r *ledger.Roll, e entryOf) ledger.Proof {
	p, there := r.Prove("name "+e.id, e.id, e.salt, e.sums())
	if !there {
		t.Fatalf("%s is not there", e.id)
	}
	return p
}

// Every entry of a checkpoint is proved, with the checkpoint, its receipt and its bytes alone; nothing else is.
func TestProofs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := someEntries(rapid.IntRange(1, 40).Draw(t, "entries"))
		s := rapid.SampledFrom(suites).Draw(t, "suite")
		r := rollOf("k", all)
		c := ledger.Checkpoint{Roll: r.Root()}
		e := rapid.SampledFrom(all).Draw(t, "entry")
		p := prove(t, r, e).Marshal()
		if err := ledger.Check(e.canonical, p, e.receipt(s), c); err != nil {
			t.Fatal(err)
		}
		other := someEntries(len(all) + 1)[len(all)]
		for name, err := range map[string]error{
			"another text":       ledger.Check([]byte("x"), p, e.receipt(s), c),
			"another receipt":    ledger.Check(e.canonical, p, other.receipt(s), c),
			"another digest":     ledger.Check(e.canonical, p, otherDigest(e.receipt(s), other.receipt(s)), c),
			"another checkpoint": ledger.Check(e.canonical, p, e.receipt(s), ledger.Checkpoint{Roll: rollOf("k", append(all, other)).Root()}),
			"one of layout 1":    ledger.Check(e.canonical, p, e.receipt(s), ledger.Checkpoint{}),
			"an entry elsewhere": ledger.Check(other.canonical, prove(t, rollOf("k", []entryOf{other}), other).Marshal(), other.receipt(s), c),
			"no proof":           ledger.Check(e.canonical, nil, e.receipt(s), c),
		} {
			if !errors.Is(err, ledger.ErrUnproved) {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if _, there := r.Prove("name "+other.id, other.id, other.salt, other.sums()); there {
			t.Fatal("what is not there is proved")
		}
	})
}

// otherDigest is a receipt of one entry that names the digest of another one.
func otherDigest(r, of ledger.Receipt) ledger.Receipt {
	r.Digest = of.Digest
	return r
}

// Every byte of a proof counts.
func TestEveryByteOfAProofCounts(t *testing.T) {
	all := someEntries(5)
	r := rollOf("k", all)
	c := ledger.Checkpoint{Roll: r.Root()}
	e := all[2]
	p := prove(t, r, e).Marshal()
	for i := range p {
		bads := map[string][]byte{"changed": append(append(bytes.Clone(p[:i]), p[i]^1), p[i+1:]...)}
		if i%37 == 0 {
			bads["without"], bads["cut off"] = append(bytes.Clone(p[:i]), p[i+1:]...), p[:i]
		}
		for name, bad := range bads {
			if err := ledger.Check(e.canonical, bad, e.receipt(vault.Standard), c); err == nil {
				t.Fatalf("byte %d %s is accepted", i, name)
			}
		}
	}
	later := bytes.Replace(p, []byte("liuhen-proof-1"), []byte("liuhen-proof-2"), 1)
	if err := ledger.Check(e.canonical, later, e.receipt(vault.Standard), c); !errors.Is(err, ledger.ErrLayout) {
		t.Errorf("of a later layout: %v", err)
	}
}

// A proof tells nothing of other entries: its length is one whatever there is; of two checkpoints no hash in it is the same, so
// that what came between is not told either; and a root does not depend on the order in which entries came.
func TestProofsTellNothing(t *testing.T) {
	size := 0
	for _, n := range []int{1, 2, 3, 50, 400} {
		all := someEntries(n)
		p := prove(t, rollOf("k", all), all[0])
		if size == 0 {
			size = len(p.Marshal())
		}
		if len(p.Marshal()) != size {
			t.Errorf("%d entries: %d bytes, not %d", n, len(p.Marshal()), size)
		}
		seen := map[string]bool{}
		for _, s := range p.Siblings {
			if seen[s] {
				t.Errorf("%d entries: a hash stands there twice, which only empty places do", n)
			}
			seen[s] = true
		}
		next := prove(t, rollOf("another checkpoint", all), all[0])
		for i, s := range next.Siblings {
			if seen[s] {
				t.Errorf("%d entries: hash %d is the same at another checkpoint", n, i)
			}
		}
		if next.Place == p.Place || next.RollSalt == p.RollSalt {
			t.Error("place or salt is the same at another checkpoint")
		}
		slices.Reverse(all)
		if rollOf("k", all).Root() != rollOf("k", someEntries(n)).Root() {
			t.Error("the order counts")
		}
	}
	// Whoever knows the entry and its proof cannot tell a full neighbour from an empty one: both are hashes under a key.
	one, two := someEntries(1), someEntries(2)
	var a, b ledger.Proof
	for _, x := range []struct {
		to  *ledger.Proof
		all []entryOf
	}{{&a, one}, {&b, two}} {
		if err := json.Unmarshal(prove(t, rollOf("k", x.all), one[0]).Marshal(), x.to); err != nil {
			t.Fatal(err)
		}
	}
	differ := 0
	for i := range a.Siblings {
		if a.Siblings[i] != b.Siblings[i] {
			differ++
		}
	}
	if differ != 1 {
		t.Errorf("one entry more changes %d hashes, not the one above it", differ)
	}
}

// A signed list is of that list alone.
func TestLists(t *testing.T) {
	k := testKeys(t)
	list := []byte("00  a\n")
	for _, s := range suites {
		signed, err := ledger.SignList(list, signedAt, k.Signer(s))
		if err != nil {
			t.Fatal(err)
		}
		l, err := ledger.OpenList(signed, list, k.Verifiers()...)
		if err != nil || !l.At.Equal(signedAt) || l.System != k.System() {
			t.Errorf("%+v %v", l, err)
		}
		if _, err := ledger.OpenList(signed, []byte("00  b\n"), k.Verifiers()...); !errors.Is(err, ledger.ErrForged) {
			t.Errorf("another list: %v", err)
		}
		if _, err := ledger.OpenReceipt(signed, k.Verifiers()...); !errors.Is(err, ledger.ErrDamaged) {
			t.Errorf("taken for a receipt: %v", err)
		}
		for i := range signed {
			bad := bytes.Clone(signed)
			bad[i] ^= 1
			if _, err := ledger.OpenList(bad, list, k.Verifiers()...); err == nil && i < len(signed)-1 || err != nil && !refused(err) {
				t.Fatalf("byte %d: %v", i, err)
			}
		}
	}
}

package archive

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"filippo.io/age"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"liuhen/flows/form"
	"liuhen/flows/record"
	"liuhen/storage/ledger"
	"liuhen/storage/vault"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// rig is an authority with its key and three authorised people.
type rig struct {
	organ  Organ
	key    *age.X25519Identity
	people []*age.X25519Identity
	system system
}

func newRig(t testing.TB) rig {
	t.Helper()
	r := rig{organ: Organ{Name: "云州市司法局"}, system: newSystem(t)}
	id := func() *age.X25519Identity {
		k, err := age.GenerateX25519Identity()
		must(t, err)
		return k
	}
	r.key = id()
	r.organ.Key = r.key.Recipient()
	for _, name := range []string{"吴十", "郑一", "冯二"} {
		k := id()
		r.people = append(r.people, k)
		r.organ.Authorised = append(r.organ.Authorised, Authorised{name, k.Recipient()})
	}
	return r
}

func entry(id, story string) Entry {
	a := form.Answers{form.Outcome: {Boxes: []form.OptionID{form.None}}}
	if story != "" {
		a = form.Answers{form.Outcome: {Boxes: []form.OptionID{form.Event}}, form.Particulars: {Text: story}}
	}
	r := record.Record{
		ID: id, Edition: form.Edition2020.ID, Institution: record.Person{ID: "u1", Name: "正明司鉴所"},
		Case: record.Case{ID: "c1", Number: "101号"}, Signer: record.Person{ID: "p1", Name: "张三"},
		Signed: time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC), Answers: a,
	}
	return Entry{Record: r, Text: "entry " + story}
}

// system is what signs packages, with the tree of a log that holds the entries of those IDs.
type system struct {
	keys       *vault.Keys
	roll       *ledger.Roll
	checkpoint []byte
}

func newSystem(t testing.TB, entries ...Entry) system {
	t.Helper()
	keys, _, err := vault.Load(filepath.Join(t.TempDir(), "keys"), false)
	must(t, err)
	s := system{keys: keys}
	leaves := map[string]tlog.Hash{}
	for _, e := range entries {
		canonical, err := e.Record.Canonical()
		must(t, err)
		leaves[e.Record.ID] = ledger.Digest(salt(), "entry", e.Record.ID, canonical).Leaf()
	}
	s.roll = ledger.NewRoll([]byte("key"), leaves)
	s.checkpoint, err = ledger.Checkpoint{At: made, State: state, Roll: s.roll.Root(), Size: make([]byte, 53)}.Sign(keys.Signer(vault.Standard))
	must(t, err)
	return s
}

var (
	made  = time.Date(2026, 12, 1, 1, 0, 0, 0, time.UTC)
	state = ledger.State(vault.Standard, salt(), 1, tlog.Hash{})
)

func salt() []byte { return make([]byte, ledger.SaltSize) }

// proved are entries with receipt and proof.
func (s system) proved(t testing.TB, entries ...Entry) []Entry {
	t.Helper()
	for i, e := range entries {
		canonical, err := e.Record.Canonical()
		must(t, err)
		sums := ledger.Digest(salt(), "entry", e.Record.ID, canonical)
		r := ledger.Receipt{
			Record: e.Record.ID, Signer: "张三", Institution: "正明司鉴所", Case: "101号", Signed: e.Record.Signed,
			Level: ledger.Confirmed, Digest: sums.Name(vault.Standard), State: state,
		}
		entries[i].Receipt, err = r.Sign(s.keys.Signer(vault.Standard))
		must(t, err)
		p, there := s.roll.Prove(e.Record.ID, e.Record.ID, salt(), sums)
		if !there {
			t.Fatal("not in the tree")
		}
		entries[i].Proof = p.Marshal()
	}
	return entries
}

// signs has a case's package signed by the system.
func (s system) signs(c Case) Case {
	c.Key, c.Checkpoint, c.Manual = s.keys.Signer(vault.Standard), s.checkpoint, []byte("manual")
	return c
}

func (r rig) sample(parts ...Part) Case {
	c := Case{
		ID: "c1", Number: "正明司鉴所〔2026〕临鉴字第101号", Matter: "伤残等级鉴定", Institution: "正明司鉴所", Closed: "2026-11-20",
		Made: made, Others: Part{Organ: &r.organ},
	}
	for i, p := range parts {
		c.Signers = append(c.Signers, Signer{Name: fmt.Sprintf("鉴定人%d", i+1), Filed: "2026-11-24", Part: p})
	}
	return r.system.signs(c)
}

func plainIndex(Case) ([]byte, error) { return []byte("%PDF index"), nil }

// listing is what somebody without a key can see of a package: the names and sizes of its files, the shape of the keys, and
// the index itself.
func listing(t testing.TB, dir string) string {
	t.Helper()
	var out strings.Builder
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		i, err := d.Info()
		must(t, err)
		fmt.Fprintln(&out, d.Name(), i.Size(), i.Mode())
		return nil
	}))
	b, err := os.ReadFile(filepath.Join(dir, "index.json"))
	must(t, err)
	out.Write(b)
	var keys map[string]wraps
	b, err = os.ReadFile(filepath.Join(dir, "keys.json"))
	must(t, err)
	must(t, json.Unmarshal(b, &keys))
	for n := 1; n <= len(keys); n++ {
		w := keys[partName(n)]
		fmt.Fprint(&out, n, " ", len(w.Organ))
		for _, p := range w.Pairs {
			fmt.Fprint(&out, " ", len(p))
		}
		fmt.Fprintln(&out)
	}
	return out.String()
}

// TestPackagesLookAlike: whatever was filed, however often, by whom, and whoever may open it, a package is the same to those
// who hold it without a key (AM-12).
func TestPackagesLookAlike(t *testing.T) {
	r := newRig(t)
	alone := r.organ
	alone.Authorised = alone.Authorised[:2]
	draw := rapid.Custom(func(t *rapid.T) Part {
		p := Part{Organ: rapid.SampledFrom([]*Organ{&r.organ, &alone, nil}).Draw(t, "organ")}
		for i := range rapid.IntRange(0, 4).Draw(t, "entries") {
			p.Entries = append(p.Entries, entry(fmt.Sprint("e", i), rapid.StringN(0, 300, 3000).Draw(t, "story")))
		}
		p.PDF = rapid.SliceOfN(rapid.Byte(), 0, 5000).Draw(t, "pdf")
		if rapid.Bool().Draw(t, "large") {
			p.PDF = randomBytes(t, partSize)
		}
		p.Without = rapid.SliceOfDistinct(rapid.SampledFrom([]string{"吴十", "郑一", "冯二"}), rapid.ID).Draw(t, "without")
		return p
	})
	want := ""
	rapid.Check(t, func(rt *rapid.T) {
		c := r.sample(draw.Draw(rt, "a"), draw.Draw(rt, "b"))
		c.Others = draw.Draw(rt, "others")
		dir, err := os.MkdirTemp(t.TempDir(), "")
		must(t, err)
		path, err := Write(dir, c, plainIndex)
		must(t, err)
		got := listing(t, path)
		must(t, os.RemoveAll(dir))
		if want == "" {
			want = got
		}
		if got != want {
			rt.Fatalf("one looks like\n%s\nanother like\n%s", want, got)
		}
	})
}

func randomBytes(t *rapid.T, n int) []byte {
	b := make([]byte, n)
	seed := rapid.Uint64().Draw(t, "seed")
	for i := range b {
		seed = seed*6364136223846793005 + 1442695040888963407
		b[i] = byte(seed >> 56)
	}
	return b
}

// TestWhoOpens: the organ's key alone, two authorised people in any order; not one of them, not a stranger, nobody excluded.
func TestWhoOpens(t *testing.T) {
	r := newRig(t)
	other := newRig(t)
	ids := func(x ...*age.X25519Identity) []*age.X25519Identity { return x }
	for _, c := range []struct {
		name    string
		without []string
		keys    []*age.X25519Identity
		opens   bool
	}{
		{"the organ", nil, ids(r.key), true},
		{"two people", nil, ids(r.people[0], r.people[2]), true},
		{"the other way round", nil, ids(r.people[2], r.people[0]), true},
		{"one person", nil, ids(r.people[0]), false},
		{"one person twice", nil, ids(r.people[0], r.people[0]), false},
		{"another organ", nil, ids(other.key, other.people[0], other.people[1]), false},
		{"one person and a stranger", nil, ids(r.people[0], other.people[1]), false},
		{"one of whom is implicated", []string{"冯二"}, ids(r.people[0], r.people[2]), false},
		{"the others", []string{"冯二"}, ids(r.people[0], r.people[1]), true},
		{"the organ in any case", []string{"冯二"}, ids(r.key), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := Part{Entries: []Entry{entry("e1", "说情")}, PDF: []byte("%PDF"), Organ: &r.organ, Without: c.without}
			path, err := Write(t.TempDir(), r.sample(p), plainIndex)
			must(t, err)
			pkg, err := Read(path)
			must(t, err)
			opened, err := pkg.Open(c.keys)
			if !c.opens {
				// the part of other people's entries has no exclusions here: it may open, the signer's may not
				for _, o := range opened {
					if o.Part == "part-1.age" {
						t.Fatal("it opens")
					}
				}
				return
			}
			must(t, err)
			want, err := p.Entries[0].Record.Canonical()
			must(t, err)
			files := opened[0].Files
			if !bytes.Equal(files["entry-1.json"], want) || string(files["entry-1.txt"]) != "entry 说情" || string(files["sheet.pdf"]) != "%PDF" ||
				!bytes.Equal(files[checkpointName], r.system.checkpoint) || len(files) != 8 {
				t.Errorf("it holds %v", files)
			}
		})
	}
}

// TestNobodyMay: a part that no organ may open stays shut for everybody.
func TestNobodyMay(t *testing.T) {
	r := newRig(t)
	c := r.sample(Part{Entries: []Entry{entry("e1", "x")}})
	c.Others = Part{}
	path, err := Write(t.TempDir(), c, plainIndex)
	must(t, err)
	pkg, err := Read(path)
	must(t, err)
	if _, err := pkg.Open(append(r.people, r.key)); !errors.Is(err, ErrKeys) {
		t.Errorf("opened: %v", err)
	}
}

// TestAltered: one changed bit, a missing file, a foreign folder, each is named; nothing of it is opened.
func TestAltered(t *testing.T) {
	r := newRig(t)
	path, err := Write(t.TempDir(), r.sample(Part{Entries: []Entry{entry("e1", "x")}, Organ: &r.organ}), plainIndex)
	must(t, err)
	for _, name := range []string{"part-1.age", "part-2.age", "index.json", "keys.json", "index.pdf", "README.txt"} {
		whole, err := os.ReadFile(filepath.Join(path, name))
		must(t, err)
		broken := bytes.Clone(whole)
		broken[len(broken)/2] ^= 1
		for what, change := range map[string]func() error{
			"a bit": func() error { return os.WriteFile(filepath.Join(path, name), broken, 0o600) },
			"gone":  func() error { return os.Remove(filepath.Join(path, name)) },
			"cut":   func() error { return os.WriteFile(filepath.Join(path, name), whole[:len(whole)/2], 0o600) },
		} {
			must(t, change())
			if _, err := Read(path); !errors.Is(err, ErrAltered) || !strings.Contains(err.Error(), name) {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
		must(t, os.WriteFile(filepath.Join(path, name), whole, 0o600))
	}
	if _, err := Read(path); err != nil {
		t.Error(err)
	}
	if _, err := Read(t.TempDir()); !errors.Is(err, ErrNotAPackage) {
		t.Errorf("an empty folder: %v", err)
	}
}

// TestRewrite: a package is replaced as a whole, and stays as it was when the new one cannot be made.
func TestRewrite(t *testing.T) {
	r := newRig(t)
	dir := t.TempDir()
	c := r.sample(Part{Entries: []Entry{entry("e1", "")}, Organ: &r.organ})
	path, err := Write(dir, c, plainIndex)
	must(t, err)
	before := listing(t, path)
	if _, err := Write(dir, c, func(Case) ([]byte, error) { return nil, errors.New("no font") }); err == nil || !strings.Contains(err.Error(), "no font") {
		t.Errorf("a failing print: %v", err)
	}
	if listing(t, path) != before {
		t.Error("the old package was touched")
	}
	c.Signers[0].Part.Entries = append(c.Signers[0].Part.Entries, entry("e2", "补充"))
	_, err = Write(dir, c, plainIndex)
	must(t, err)
	left, err := os.ReadDir(dir)
	must(t, err)
	if len(left) != 1 || listing(t, path) != before {
		t.Errorf("left over: %v", left)
	}
}

// TestDiskFull: on a full disk there is one clear sentence, and nothing half-written.
func TestDiskFull(t *testing.T) {
	if os.Getuid() != 0 {
		t.Fatal("mounting a small disk takes root: run the tests as root, as CI does")
	}
	r := newRig(t)
	dir := t.TempDir()
	must(t, syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"))
	defer func() { must(t, syscall.Unmount(dir, 0)) }()
	_, err := Write(dir, r.sample(Part{Organ: &r.organ}, Part{Organ: &r.organ}), plainIndex)
	if err == nil || !strings.Contains(err.Error(), "free space") || !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("got %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestOpensWithoutLiuhen: what README.txt says works with sha256sum alone for the sums.
func TestOpensWithoutLiuhen(t *testing.T) {
	r := newRig(t)
	path, err := Write(t.TempDir(), r.sample(Part{Organ: &r.organ}), plainIndex)
	must(t, err)
	cmd := exec.Command("sha256sum", "-c", sumsName)
	cmd.Dir = path
	if out, err := cmd.CombinedOutput(); err != nil || strings.Count(string(out), "OK") != 8 {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestReadOrgans(t *testing.T) {
	r := newRig(t)
	good := fmt.Sprintf("[[organ]]\nname = \"云州市司法局\"\nkey = %q\nauthorised = [{name = \"吴十\", key = %q}, {name = \"郑一\", key = %q}]\n",
		r.key.Recipient(), r.people[0].Recipient(), r.people[1].Recipient())
	got, err := ReadOrgans(strings.NewReader(good))
	must(t, err)
	if len(got) != 1 || got[0].Key.String() != r.key.Recipient().String() || len(got[0].Authorised) != 2 {
		t.Errorf("read %+v", got)
	}
	for name, c := range map[string][3]string{
		"no key":       {r.key.Recipient().String(), "age1nonsense", "云州市司法局: the key is not a public key of age"},
		"one person":   {", {name = \"郑一\", key = \"" + r.people[1].Recipient().String() + "\"}", "", "1 people are authorised"},
		"twice":        {r.people[1].Recipient().String(), r.people[0].Recipient().String(), "郑一: the name or the key stands there twice"},
		"odd word":     {"authorised", "autorised", "autorised"},
		"secret key":   {r.key.Recipient().String(), r.key.String(), "is not a public key"},
		"not TOML":     {"[[organ]]", "[[organ", "it is not TOML"},
		"nothing":      {good, "", "there is no [[organ]]"},
		"without name": {"吴十", "", "an entry has no name"},
	} {
		if _, err := ReadOrgans(strings.NewReader(strings.Replace(good, c[0], c[1], 1))); err == nil || !strings.Contains(err.Error(), c[2]) {
			t.Errorf("%s: %v", name, err)
		} else if strings.Contains(err.Error(), "AGE-SECRET") {
			t.Errorf("%s: a secret key is printed", name)
		}
	}
}

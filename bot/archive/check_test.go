package archive

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
)

// provedRig is a rig with two entries of one signer, proved.
func provedRig(t *testing.T) (rig, Case) {
	t.Helper()
	r := newRig(t)
	both := []Entry{entry("e1", ""), entry("e2", "说情")}
	r.system = newSystem(t, both...)
	return r, r.sample(Part{Entries: r.system.proved(t, both...), PDF: []byte("%PDF"), Organ: &r.organ})
}

// unsealed is the first part of a package as unsealing gives it.
func unsealed(t *testing.T, r rig, path string) map[string][]byte {
	t.Helper()
	pkg, err := Read(path)
	must(t, err)
	parts, err := pkg.Open([]*age.X25519Identity{r.key})
	must(t, err)
	return parts[0].Files
}

// TestCheck: a package and what is unsealed from it verify with the public key alone; one changed byte of any file, a missing one, an
// exchanged entry, another system's key, each is refused with the name of the file.
func TestCheck(t *testing.T) {
	r, c := provedRig(t)
	path, err := Write(t.TempDir(), c, plainIndex)
	must(t, err)
	keys := r.system.keys.Verifiers()
	pkg, err := Read(path)
	must(t, err)
	must(t, pkg.Check(keys...))
	if !pkg.Proved {
		t.Error("a new package counts as one without proofs")
	}
	files := unsealed(t, r, path)
	got, err := Check(files, keys...)
	must(t, err)
	if got.Entries != 2 || got.System != r.system.keys.System() || !got.At.Equal(made) {
		t.Errorf("%+v", got)
	}
	if _, err := Check(files, newSystem(t).keys.Verifiers()...); err == nil || !strings.Contains(err.Error(), sealName) {
		t.Errorf("another system's key: %v", err)
	}
	for name, whole := range files {
		for at := range whole {
			if at%23 != 0 { // that every byte of each text counts, its own package tests
				continue
			}
			bad := maps.Clone(files)
			bad[name] = bytes.Clone(whole)
			bad[name][at] ^= 1
			if _, err := Check(bad, keys...); err == nil && (name != sealName || at != len(whole)-1) {
				t.Fatalf("%s, byte %d: accepted", name, at)
			}
		}
		bad := maps.Clone(files)
		delete(bad, name)
		if _, err := Check(bad, keys...); err == nil {
			t.Errorf("%s is missing, and that is accepted", name)
		}
	}
}

// TestMadeUp: not even whoever can seal a part, with the sums put right and a signature of the system over them, makes it hold an
// entry that was not filed.
func TestMadeUp(t *testing.T) {
	r, c := provedRig(t)
	path, err := Write(t.TempDir(), c, plainIndex)
	must(t, err)
	files := unsealed(t, r, path)
	resign := func(change func(f map[string][]byte)) error {
		f := maps.Clone(files)
		change(f)
		var list []file
		for name, b := range f {
			if name != sumsName && name != sealName {
				list = append(list, file{name, b})
			}
		}
		list, err := c.listed(list)
		must(t, err)
		out := map[string][]byte{}
		for _, x := range list {
			out[x.name] = x.data
		}
		_, err = Check(out, r.system.keys.Verifiers()...)
		return err
	}
	must(t, resign(func(map[string][]byte) {}))
	for name, change := range map[string]func(f map[string][]byte){
		"another story": func(f map[string][]byte) {
			f["entry-2.json"] = bytes.Replace(f["entry-2.json"], []byte("说情"), []byte("送礼"), 1)
		},
		"the other entry": func(f map[string][]byte) { f["entry-2.json"] = f["entry-1.json"] },
		"exchanged receipts": func(f map[string][]byte) {
			f["entry-1.receipt.txt"], f["entry-2.receipt.txt"] = f["entry-2.receipt.txt"], f["entry-1.receipt.txt"]
		},
		"exchanged proofs": func(f map[string][]byte) {
			f["entry-1.proof.json"], f["entry-2.proof.json"] = f["entry-2.proof.json"], f["entry-1.proof.json"]
		},
		"another checkpoint": func(f map[string][]byte) { f[checkpointName] = newSystem(t).checkpoint },
		"no receipt":         func(f map[string][]byte) { delete(f, "entry-1.receipt.txt") },
		"no proof":           func(f map[string][]byte) { delete(f, "entry-1.proof.json") },
	} {
		if err := resign(change); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// TestPutIn: a file that lies beside those on the list is named, and does not pass for one of them.
func TestPutIn(t *testing.T) {
	_, c := provedRig(t)
	path, err := Write(t.TempDir(), c, plainIndex)
	must(t, err)
	for name, fine := range map[string]bool{"part-4.age": false, "entry-9.json": false, "说明.docx": false, padding: true, ".DS_Store": true} {
		must(t, os.WriteFile(filepath.Join(path, name), []byte("x"), 0o600))
		_, err := ReadFolder(path)
		if named := errors.Is(err, ErrAltered) && strings.Contains(err.Error(), name+" is on no list"); named == fine || fine && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		must(t, os.Remove(filepath.Join(path, name)))
	}
}

// TestFirstLayout: packages of the first layout still open; that they prove nothing is not hidden.
func TestFirstLayout(t *testing.T) {
	r, c := provedRig(t)
	path, err := Write(t.TempDir(), c, plainIndex)
	must(t, err)
	var files []file
	for _, name := range []string{"part-1.age", "part-2.age", "index.pdf", "README.txt", "index.json", "keys.json"} {
		b, err := os.ReadFile(filepath.Join(path, name))
		must(t, err)
		if name == "index.json" {
			var x map[string]any
			must(t, json.Unmarshal(b, &x))
			x["format"] = format1
			b, err = json.Marshal(x)
			must(t, err)
		}
		files = append(files, file{name, b})
	}
	old := t.TempDir()
	must(t, writeAll(old, append(files, file{sumsName, sums(files)})))
	pkg, err := Read(old)
	must(t, err)
	if pkg.Proved || pkg.Check(r.system.keys.Verifiers()...) == nil {
		t.Error("a package without a signature counts as proved")
	}
	if _, err := pkg.Open([]*age.X25519Identity{r.key}); err != nil {
		t.Error(err)
	}
}

// TestPut: opened parts are all written or none, and nothing is written over.
func TestPut(t *testing.T) {
	parts := []Opened{{"part-1.age", map[string][]byte{"a": []byte("x")}}, {"part-2.age", map[string][]byte{"b": []byte("y")}}}
	to := filepath.Join(t.TempDir(), "new")
	must(t, Put(to, parts))
	if b, err := os.ReadFile(filepath.Join(to, "part-2", "b")); err != nil || string(b) != "y" {
		t.Error(err)
	}
	if err := Put(to, parts); !errors.Is(err, ErrThere) {
		t.Errorf("written over: %v", err)
	}
	if left, _ := os.ReadDir(to); len(left) != 2 {
		t.Errorf("left: %v", left)
	}
	parts[1].Files["no/such"] = nil
	to = filepath.Join(t.TempDir(), "other")
	if err := Put(to, parts); err == nil {
		t.Error("a file that cannot be written is none")
	}
	if left, _ := os.ReadDir(to); len(left) != 0 {
		t.Errorf("half-written: %v", left)
	}
}

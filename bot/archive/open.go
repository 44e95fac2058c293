package archive

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"filippo.io/age"
	"golang.org/x/mod/sumdb/note"
)

// Reasons why a package does not open.
var (
	ErrNotAPackage = errors.New("this is not a package of Liuhen: name the folder case-… itself")
	ErrAltered     = errors.New("the package is not as it was made")
	ErrKeys        = errors.New("these keys open nothing in it: it takes the key of the authority, or the keys of two authorised people")
)

// fileSize bounds a file of a package, in bytes.
const fileSize = 4 << 20

// ErrThere says that something would be written over.
var ErrThere = errors.New("it is there already, and nothing is written over: choose an empty folder")

// Put writes opened parts to a folder, each into one of its own, all of them or none.
func Put(to string, parts []Opened) error {
	folder := func(o Opened) string { return filepath.Join(to, strings.TrimSuffix(o.Part, ".age")) }
	for _, o := range parts {
		if _, err := os.Lstat(folder(o)); err == nil {
			return fmt.Errorf("%s: %w", folder(o), ErrThere)
		}
	}
	return inDraft(to, func(draft string) error {
		for _, o := range parts {
			dir := filepath.Join(draft, o.Part)
			if err := os.Mkdir(dir, 0o700); err != nil {
				return fmt.Errorf("%s: %w: choose another folder", to, err)
			}
			var files []file
			for name, b := range o.Files {
				files = append(files, file{name, b})
			}
			if err := writeAll(dir, files); err != nil {
				return err
			}
		}
		for _, o := range parts {
			if err := os.Rename(filepath.Join(draft, o.Part), folder(o)); err != nil {
				return fmt.Errorf("%s: %w: choose another folder", to, err)
			}
		}
		return nil
	})
}

// Opened is one part that was opened: its name and the files in it.
type Opened struct {
	Part  string
	Files map[string][]byte
}

// Package is a package that was read and found to be as it was made.
type Package struct {
	Number      string // of the case
	Institution string
	Case        string // ID
	Proved      bool   // it has signatures and proofs: all have but those of the first layout
	files       map[string][]byte
	keys        map[string]wraps
	parts       map[string][]byte
}

// Read reads a package and checks all its sums: [ErrNotAPackage], or [ErrAltered] with the file that differs, is missing, or
// should not be there. Who made it tells [Check].
func Read(dir string) (*Package, error) {
	files, err := ReadFolder(dir)
	if err != nil {
		return nil, err
	}
	p := &Package{Case: strings.TrimPrefix(filepath.Base(filepath.Clean(dir)), "case-"), parts: map[string][]byte{}, files: files}
	var x index
	if json.Unmarshal(files["index.json"], &x) != nil || json.Unmarshal(files["keys.json"], &p.keys) != nil {
		return nil, fmt.Errorf("%w: index.json or keys.json is damaged", ErrAltered)
	}
	if x.Format != Format && x.Format != format1 {
		return nil, fmt.Errorf("%w: it has the layout %q, this release reads up to %s: use a newer release", ErrNotAPackage, x.Format, Format)
	}
	p.Number, p.Institution, p.Proved = x.CaseNumber, x.Institution, x.Format != format1
	for _, name := range append(names(x), x.Others) {
		if p.parts[name] = files[name]; files[name] == nil {
			return nil, fmt.Errorf("%w: %s is missing", ErrAltered, name)
		}
	}
	return p, nil
}

// Check makes sure that this system made the package.
func (p *Package) Check(keys ...note.Verifier) error {
	_, err := Check(p.files, keys...)
	return err
}

// ReadFolder reads the files of a package, or of a part that was unsealed, and compares them with their sums. No other file may lie there.
func ReadFolder(dir string) (map[string][]byte, error) {
	list, err := read(filepath.Join(dir, sumsName))
	if err != nil {
		return nil, ErrNotAPackage
	}
	files := map[string][]byte{}
	for line := range strings.Lines(string(list)) {
		_, name, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if !ok || name != filepath.Base(name) {
			return nil, fmt.Errorf("%w: %s is damaged", ErrAltered, sumsName)
		}
		if files[name], err = read(filepath.Join(dir, name)); err != nil {
			return nil, fmt.Errorf("%w: %s cannot be read", ErrAltered, name)
		}
	}
	if err := compare(list, files); err != nil {
		return nil, err
	}
	if err := strays(dir, files); err != nil {
		return nil, err
	}
	files[sumsName] = list
	if seal, err := read(filepath.Join(dir, sealName)); err == nil {
		files[sealName] = seal
	}
	return files, nil
}

// strays makes sure that nothing lies beside the files on the list, as if it had been verified with them. What a file manager hides does not count.
func strays(dir string, listed map[string][]byte) error {
	found, err := os.ReadDir(dir)
	for _, f := range found {
		name := f.Name()
		_, there := listed[name]
		if !there && name != sumsName && name != sealName && name != padding && !strings.HasPrefix(name, ".") {
			return fmt.Errorf("%w: %s is on no list, it was put in: take it out", ErrAltered, name)
		}
	}
	return err
}

// compare makes sure that every file on the list is there as the list has it.
func compare(list []byte, files map[string][]byte) error {
	for line := range strings.Lines(string(list)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		b, there := files[name]
		if !there {
			return fmt.Errorf("%w: %s is missing", ErrAltered, name)
		}
		if fmt.Sprintf("%x", sha256.Sum256(b)) != sum {
			return fmt.Errorf("%w: %s differs from its sum", ErrAltered, name)
		}
	}
	return nil
}

func names(x index) (out []string) {
	for _, s := range x.Signers {
		out = append(out, s.Part)
	}
	return out
}

func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, fileSize+1))
	if err == nil && len(b) > fileSize {
		err = errors.New("too large")
	}
	return b, err
}

// Open opens all parts that these keys open, in the order of their names; [ErrKeys] when there is none. Parts that other keys
// are needed for are left out: which they are, and whether there are any, is no secret to those who hold the package.
func (p *Package) Open(ids []*age.X25519Identity) ([]Opened, error) {
	var out []Opened
	for _, name := range sortedParts(p.parts) {
		key := p.keys[name].open(ids)
		if key == nil {
			continue
		}
		content, err := decrypt(p.parts[name], key)
		if err != nil {
			return nil, fmt.Errorf("%w: %s does not open with its key", ErrAltered, name)
		}
		files, err := unpack(content)
		if err != nil {
			return nil, fmt.Errorf("%w: %s: %w", ErrAltered, name, err)
		}
		out = append(out, Opened{name, files})
	}
	if len(out) == 0 {
		return nil, ErrKeys
	}
	return out, nil
}

// sortedParts counts part-10 after part-9.
func sortedParts(parts map[string][]byte) []string {
	out := make([]string, 0, len(parts))
	for name := range parts {
		out = append(out, name)
	}
	slices.SortFunc(out, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	return out
}

// open finds the key of a part: with the organ's key, or with those of two people in either order.
func (w wraps) open(ids []*age.X25519Identity) *age.X25519Identity {
	for _, a := range ids {
		if key := parsed(decrypt(w.Organ, a)); key != nil {
			return key
		}
		for _, b := range ids {
			if a == b {
				continue
			}
			for _, outer := range w.Pairs {
				inner, err := decrypt(outer, a)
				if err != nil {
					continue
				}
				if key := parsed(decrypt(inner, b)); key != nil {
					return key
				}
			}
		}
	}
	return nil
}

func parsed(secret []byte, err error) *age.X25519Identity {
	if err != nil {
		return nil
	}
	key, err := age.ParseX25519Identity(string(secret))
	if err != nil {
		return nil
	}
	return key
}

func unpack(content []byte) (map[string][]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for _, f := range z.File {
		if f.Name == padding || f.Name != filepath.Base(f.Name) {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		b, err := io.ReadAll(io.LimitReader(r, fileSize))
		if err := errors.Join(err, r.Close()); err != nil {
			return nil, err
		}
		out[f.Name] = b
	}
	return out, nil
}

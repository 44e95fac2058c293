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
)

// Reasons why a package does not open.
var (
	ErrNotAPackage = errors.New("this is not a package of Liuhen: name the folder case-… itself")
	ErrAltered     = errors.New("the package is not as it was made")
	ErrKeys        = errors.New("these keys open nothing in it: it takes the key of the authority, or the keys of two authorised people")
)

// fileSize bounds a file of a package, in bytes.
const fileSize = 4 << 20

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
	keys        map[string]wraps
	parts       map[string][]byte
}

// Read reads a package and checks all its sums: [ErrNotAPackage], or [ErrAltered] with the file that differs, is missing, or
// should not be there.
func Read(dir string) (*Package, error) {
	list, err := os.ReadFile(filepath.Join(dir, sumsName))
	if err != nil {
		return nil, ErrNotAPackage
	}
	files := map[string][]byte{}
	for line := range strings.Lines(string(list)) {
		sum, name, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if !ok || name != filepath.Base(name) {
			return nil, fmt.Errorf("%w: %s is damaged", ErrAltered, sumsName)
		}
		b, err := read(filepath.Join(dir, name))
		if err != nil {
			return nil, fmt.Errorf("%w: %s cannot be read", ErrAltered, name)
		}
		if fmt.Sprintf("%x", sha256.Sum256(b)) != sum {
			return nil, fmt.Errorf("%w: %s differs from its sum", ErrAltered, name)
		}
		files[name] = b
	}
	p := &Package{Case: strings.TrimPrefix(filepath.Base(filepath.Clean(dir)), "case-"), parts: map[string][]byte{}}
	var x index
	if json.Unmarshal(files["index.json"], &x) != nil || json.Unmarshal(files["keys.json"], &p.keys) != nil {
		return nil, fmt.Errorf("%w: index.json or keys.json is damaged", ErrAltered)
	}
	if x.Format != Format {
		return nil, fmt.Errorf("%w: it has the layout %q, this release reads %s: use a newer release", ErrNotAPackage, x.Format, Format)
	}
	p.Number, p.Institution = x.CaseNumber, x.Institution
	for _, name := range append(names(x), x.Others) {
		if p.parts[name] = files[name]; files[name] == nil {
			return nil, fmt.Errorf("%w: %s is missing", ErrAltered, name)
		}
	}
	return p, nil
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

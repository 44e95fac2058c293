package archive

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"liuhen/flows/text"
	"liuhen/storage/ledger"
)

// Layouts of packages. Packages are kept for decades: an old layout stays readable for ever. The first had no proofs.
const (
	Format  = "liuhen-archive-2"
	format1 = "liuhen-archive-1"
)

// Names of files. What is proved of an entry stands beside it.
const (
	checkpointName = "checkpoint.txt"
	entryName      = "entry-%d"
	receiptEnd     = ".receipt.txt"
	proofEnd       = ".proof.json"
)

// Case is what one package is made of.
type Case struct {
	ID          string // names the folder: no case number stands in a file name (R10.2)
	Number      string
	Matter      string
	Institution string
	Closed      string   // the day, YYYY-MM-DD
	Signers     []Signer // in the order of their names
	Changes     []Change // of the signers by later lists, the latest first
	Others      Part     // entries of people who do not sign for the case; there or not, it looks the same
	Made        time.Time
	Checkpoint  []byte      // the log's, signed, to which all proofs lead
	Key         note.Signer // the system's
	Manual      []byte      // the description of receipts, checkpoints and proofs that goes with the package
}

// Filed is how many of the signers have filed: of the others a 缺签说明 says why not.
func (c Case) Filed() int {
	n := 0
	for _, s := range c.Signers {
		if s.Filed != "" {
			n++
		}
	}
	return n
}

// Signer is one of those who sign for the case.
type Signer struct {
	Name  string
	Filed string // the day of the first entry, YYYY-MM-DD; "" when none
	Note  string // 缺签说明: why they have not signed, in words that disclose nothing; "" for none
	Part  Part
}

// Change is one change of the signers of the case by a later list.
type Change struct {
	Day  string `json:"day"` // YYYY-MM-DD
	Name string `json:"name"`
	What string `json:"what"`
}

// index is the neutral part: that each signer has filed, and when. It is the same whatever anybody filed.
type index struct {
	Format      string        `json:"format"`
	Says        string        `json:"says"`
	CaseNumber  string        `json:"case_number"`
	Matter      string        `json:"matter"`
	Institution string        `json:"institution"`
	Closed      string        `json:"closed"`
	Made        time.Time     `json:"made"`
	Signers     []indexSigner `json:"signers"`
	Changes     []Change      `json:"signer_changes,omitempty"`
	Others      string        `json:"others"` // the part of other people's entries
}

type indexSigner struct {
	Name  string `json:"name"`
	Filed string `json:"filed"`
	Note  string `json:"note,omitempty"`
	Part  string `json:"part"`
}

func partName(n int) string { return fmt.Sprintf("part-%d.age", n) }

// Folder is the name of a case's package.
func Folder(id string) string { return "case-" + id }

// Write makes the package of a case below dir and returns its path. One that is there already is replaced as a whole, or, when
// something fails, left as it was: nothing half-written stays. print draws the index for the paper file.
func Write(dir string, c Case, print func(Case) ([]byte, error)) (path string, err error) {
	files, err := c.files(print)
	if err != nil {
		return "", err
	}
	path = filepath.Join(dir, Folder(c.ID))
	return path, inDraft(dir, func(draft string) error {
		if err := writeAll(draft, files); err != nil {
			return err
		}
		return replace(draft, path)
	})
}

// inDraft has a folder below dir written under another name first; nothing half-written is left.
func inDraft(dir string, f func(draft string) error) (err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("the folder %s cannot be made (%w): choose another one", dir, err)
	}
	draft, err := os.MkdirTemp(dir, ".draft-")
	if err != nil {
		return fmt.Errorf("nothing can be written to %s (%w): choose another folder", dir, err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(draft)) }()
	return f(draft)
}

func writeAll(dir string, files []file) error {
	for _, f := range files {
		if err := write(filepath.Join(dir, f.name), f.data); err != nil {
			return fmt.Errorf("%s could not be written (%w): free space or choose another folder; nothing half-written was left", f.name, err)
		}
	}
	return nil
}

// files are all files of a package; the sums come last.
func (c Case) files(print func(Case) ([]byte, error)) ([]file, error) {
	x := index{
		Format: Format, Says: fmt.Sprintf(text.ArchiveSays, c.Filed()), CaseNumber: c.Number, Matter: c.Matter,
		Institution: c.Institution, Closed: c.Closed, Made: c.Made.UTC().Truncate(time.Second), Changes: c.Changes,
	}
	keys := map[string]wraps{}
	var files []file
	part := func(p Part) (string, error) {
		name := partName(len(keys) + 1)
		sealed, w, err := p.seal(&c)
		if err != nil {
			return "", fmt.Errorf("case %s, %s: %w", c.ID, name, err)
		}
		keys[name] = w
		files = append(files, file{name, sealed})
		return name, nil
	}
	for _, s := range c.Signers {
		name, err := part(s.Part)
		if err != nil {
			return nil, err
		}
		x.Signers = append(x.Signers, indexSigner{s.Name, s.Filed, s.Note, name})
	}
	var err error
	if x.Others, err = part(c.Others); err != nil {
		return nil, err
	}
	pdf, err := print(c)
	if err != nil {
		return nil, fmt.Errorf("print the index of case %s: %w", c.ID, err)
	}
	files = append(files, file{"index.pdf", pdf}, file{"README.txt", []byte(text.ArchiveReadme)},
		file{"FORMAT.md", c.Manual}, file{checkpointName, c.Checkpoint})
	for _, f := range []struct {
		name string
		v    any
	}{{"index.json", x}, {"keys.json", keys}} {
		b, err := json.MarshalIndent(f.v, "", "  ")
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", f.name, err)
		}
		files = append(files, file{f.name, append(b, '\n')})
	}
	return c.listed(files)
}

// sumsName is the file with the SHA-256 sums of the others, as sha256sum -c reads it; sealName the system's signature of it.
const (
	sumsName = "SHA256SUMS"
	sealName = "SIGNATURE.txt"
)

// listed are files with the list of them and its signature.
func (c Case) listed(files []file) ([]file, error) {
	list := sums(files)
	seal, err := ledger.SignList(list, c.Made, c.Key)
	if err != nil {
		return nil, err
	}
	return append(slices.Clone(files), file{sumsName, list}, file{sealName, seal}), nil
}

func sums(files []file) []byte {
	var b strings.Builder
	for _, f := range files {
		fmt.Fprintf(&b, "%x  %s\n", sha256.Sum256(f.data), f.name)
	}
	return []byte(b.String())
}

// write keeps a file so that it is there after a power cut.
func write(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err = f.Write(data); err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// replace puts the draft where the package belongs.
func replace(draft, path string) error {
	old := path + ".old"
	if err := os.RemoveAll(old); err != nil {
		return fmt.Errorf("replace %s: %w", path, err)
	}
	had := os.Rename(path, old) == nil
	if err := os.Rename(draft, path); err != nil {
		if had {
			err = errors.Join(err, os.Rename(old, path))
		}
		return fmt.Errorf("replace %s: %w", path, err)
	}
	return os.RemoveAll(old)
}

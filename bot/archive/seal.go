package archive

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"filippo.io/age"

	"liuhen/flows/record"
)

// partSize is the size of what is inside every sealed part, in bytes: enough for any entry with its print.
const partSize = 512 << 10

// padding is the name of the file that fills a part up.
const padding = "padding.bin"

// Entry is one signed entry of a case with its print.
type Entry struct {
	Record  record.Record
	Text    string // the entry in words
	Receipt []byte // signed by the system
	Proof   []byte // that it was in the log at the case's checkpoint
}

// Part is what one signer filed for a case, in the order of signing, and who may open it.
type Part struct {
	Entries []Entry
	PDF     []byte // all of them on the sheet; left out when it does not fit
	Organ   *Organ // nil: nobody may; then it stays in the register alone
	Without []string
}

// errTooMuch says that a part cannot hold what was filed. It cannot happen within the limits of the sheet.
var errTooMuch = errors.New("the entries of one signer do not fit into a sealed part")

// content is the ZIP of a part, filled up to partSize whatever is in it.
func (p Part) content(in *Case) ([]byte, error) {
	files := []file{{checkpointName, in.Checkpoint}}
	for i, e := range p.Entries {
		canonical, err := e.Record.Canonical()
		if err != nil {
			return nil, err
		}
		name := fmt.Sprintf(entryName, i+1)
		files = append(files, file{name + ".json", canonical}, file{name + ".txt", []byte(e.Text)},
			file{name + receiptEnd, e.Receipt}, file{name + proofEnd, e.Proof})
	}
	for _, all := range [][]file{append(slices.Clone(files), file{"sheet.pdf", p.PDF}), files} {
		if len(p.PDF) == 0 && len(all) > len(files) {
			continue
		}
		all, err := in.listed(all)
		if err != nil {
			return nil, err
		}
		b, err := pack(all)
		if err != nil || len(b) == partSize {
			return b, err
		}
	}
	return nil, errTooMuch
}

type file struct {
	name string
	data []byte
}

// pack makes a ZIP of partSize bytes, or a longer one when the files do not fit.
func pack(files []file) ([]byte, error) {
	bare, err := zipped(files, 0)
	if err != nil || len(bare) >= partSize {
		return bare, err
	}
	return zipped(files, partSize-len(bare))
}

// zipped has no times: when somebody filed is inside the entries alone.
func zipped(files []file, fill int) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		if err := add(w, f, zip.Deflate); err != nil {
			return nil, err
		}
	}
	if err := add(w, file{padding, make([]byte, fill)}, zip.Store); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("pack a sealed part: %w", err)
	}
	return b.Bytes(), nil
}

func add(w *zip.Writer, f file, method uint16) error {
	out, err := w.CreateHeader(&zip.FileHeader{Name: f.name, Method: method, Modified: time.Time{}})
	if err == nil {
		_, err = out.Write(f.data)
	}
	if err != nil {
		return fmt.Errorf("pack %s: %w", f.name, err)
	}
	return nil
}

// wraps are the places in which the key of a part is kept: one for the organ, one for each pair of people. All are of the
// same length; those that open nothing look like the others.
type wraps struct {
	Organ []byte   `json:"organ"`
	Pairs [][]byte `json:"pairs"`
}

// seal encrypts a part to a key of its own and wraps that key.
func (p Part) seal(in *Case) (sealed []byte, w wraps, err error) {
	plain, err := p.content(in)
	if err != nil {
		return nil, w, err
	}
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, w, fmt.Errorf("make the key of a sealed part: %w", err)
	}
	if sealed, err = encrypt(plain, key.Recipient()); err != nil {
		return nil, w, err
	}
	w, err = p.wrap([]byte(key.String()))
	return sealed, w, err
}

func (p Part) wrap(secret []byte) (w wraps, err error) {
	nobody, err := age.GenerateX25519Identity()
	if err != nil {
		return w, fmt.Errorf("wrap the key of a sealed part: %w", err)
	}
	organ := nobody.Recipient()
	var people []*age.X25519Recipient
	if p.Organ != nil {
		organ = p.Organ.Key
		for _, a := range p.Organ.Authorised {
			if !slices.Contains(p.Without, a.Name) {
				people = append(people, a.Key)
			}
		}
	}
	if w.Organ, err = encrypt(secret, organ); err != nil {
		return w, err
	}
	for i, a := range people {
		for _, b := range people[i+1:] {
			if err := w.pair(secret, a, b); err != nil {
				return w, err
			}
		}
	}
	for len(w.Pairs) < pairs {
		if err := w.pair(secret, nobody.Recipient(), nobody.Recipient()); err != nil {
			return w, err
		}
	}
	return w, nil
}

// pair wraps the key so that it takes the keys of both, one after the other.
func (w *wraps) pair(secret []byte, a, b *age.X25519Recipient) error {
	inner, err := encrypt(secret, a)
	if err != nil {
		return err
	}
	outer, err := encrypt(inner, b)
	w.Pairs = append(w.Pairs, outer)
	return err
}

func encrypt(plain []byte, to age.Recipient) ([]byte, error) {
	var b bytes.Buffer
	w, err := age.Encrypt(&b, to)
	if err == nil {
		if _, err = w.Write(plain); err == nil {
			err = w.Close()
		}
	}
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return b.Bytes(), nil
}

func decrypt(sealed []byte, ids ...age.Identity) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(sealed), ids...)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

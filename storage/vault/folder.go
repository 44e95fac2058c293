package vault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Folder is a [Shelf] on the local disk.
type Folder string

// Keep implements [Shelf]. It replaces an equal file that may be there already: should that one have decayed on disk, the
// evidence is whole again.
func (d Folder) Keep(_ context.Context, file, name string) error {
	path := d.path(name)
	shard := filepath.Dir(path)
	if err := os.MkdirAll(shard, 0o700); err != nil {
		return err
	}
	if err := os.Rename(file, path); err != nil {
		return err
	}
	return errors.Join(syncDir(shard), syncDir(string(d)))
}

// Open implements [Shelf].
func (d Folder) Open(_ context.Context, name string) (io.ReadCloser, int64, error) {
	f, err := os.Open(d.path(name))
	if err != nil {
		return nil, 0, err
	}
	st, err := f.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, st.Size(), nil
}

// Remove implements [Shelf].
func (d Folder) Remove(_ context.Context, name string) error { return remove(d.path(name)) }

// Ping implements [Shelf].
func (d Folder) Ping(context.Context) error {
	if st, err := os.Stat(string(d)); err != nil {
		return err
	} else if !st.IsDir() {
		return fmt.Errorf("%s is not a folder", string(d))
	}
	return nil
}

func (d Folder) path(name string) string { return filepath.Join(string(d), name[:2], name) }

// Direct seals heads under the key file itself, as earlier releases did.
type Direct struct{ *Keys }

// SealHead implements [Heads].
func (d Direct) SealHead(_ context.Context, plaintext []byte, name string, place ...string) ([]byte, error) {
	return d.Seal(plaintext, append([]string{"blob", name}, place...)...), nil
}

// OpenHead implements [Heads].
func (d Direct) OpenHead(_ context.Context, sealed []byte, name string, place ...string) ([]byte, error) {
	return d.Open(sealed, append([]string{"blob", name}, place...)...)
}

// Overhead implements [Heads].
func (Direct) Overhead() int { return headerSize + 16 }

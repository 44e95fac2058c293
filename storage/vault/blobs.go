package vault

import (
	"context"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// ErrTooBig says that content went over the limit given to Put; nothing of it was kept.
var ErrTooBig = errors.New("content is over the size limit")

// Blob says where content was stored and what it was.
type Blob struct {
	// SHA256 of the content, 64 hexadecimal digits: what the signed record names as its evidence.
	SHA256 string
	// Size of the content in bytes.
	Size int64
	// Name under which the content is kept, 64 hexadecimal digits: a keyed hash, because from a plain
	// one anybody who holds the same file could tell that it was handed in as evidence.
	Name string
}

// Blobs keeps evidence files (Art. 4: evidence is to be fixed promptly, the bytes unaltered), each
// encrypted, under a name that depends on its content, so that the same content is kept once. It is
// safe for concurrent use, by several processes as well.
//
// Only a complete file ever has its name: a crash leaves at most a temporary file, for Sweep.
type Blobs struct {
	dir, tmp string
	keys     *Keys
}

// NewBlobs keeps the files under dir, which it makes with mode 0700 if missing.
func NewBlobs(dir string, keys *Keys) (*Blobs, error) {
	b := &Blobs{dir: dir, tmp: filepath.Join(dir, "tmp"), keys: keys}
	if err := os.MkdirAll(b.tmp, 0o700); err != nil {
		return nil, fmt.Errorf("making the evidence folder: %w", err)
	}
	if err := errors.Join(syncDir(dir), syncDir(filepath.Dir(dir))); err != nil {
		return nil, fmt.Errorf("making the evidence folder durable: %w", err)
	}
	return b, nil
}

// Put stores what r gives, at most limit bytes, and returns once it is safe on disk: 128 KiB of it
// are in memory at a time, none of it is on disk in the clear. More than limit is ErrTooBig; an
// error of r or the end of ctx (looked at once per 64 KiB) likewise leaves nothing behind.
func (b *Blobs) Put(ctx context.Context, r io.Reader, limit int64) (Blob, error) {
	tmp, err := os.CreateTemp(b.tmp, "put-*") // mode 0600
	if err != nil {
		return Blob{}, fmt.Errorf("storing evidence: %w", err)
	}
	blob, err := b.write(ctx, tmp, r, limit)
	err = errors.Join(err, tmp.Close())
	if err == nil {
		err = b.publish(tmp.Name(), blob.Name)
	}
	if err != nil {
		err = errors.Join(err, remove(tmp.Name()))
		return Blob{}, fmt.Errorf("storing evidence: %w", err)
	}
	return blob, nil
}

// write leaves room for the head and fills it in last, because the head is bound to the name and
// the name is known only when the content has gone by.
func (b *Blobs) write(ctx context.Context, f *os.File, r io.Reader, limit int64) (Blob, error) {
	s := b.keys.seal[len(b.keys.seal)-1].suite
	secret := randomBytes(s.keySize)
	if _, err := f.Seek(headSize(s), io.SeekStart); err != nil {
		return Blob{}, err
	}
	sum := sha256.New()
	size, err := sealStream(f, sum, r, s.mustAEAD(secret), limit, ctx.Err)
	if errors.Is(err, errTooLong) {
		return Blob{}, fmt.Errorf("%w of %d bytes", ErrTooBig, limit)
	}
	if err != nil {
		return Blob{}, err
	}
	blob := Blob{SHA256: hex.EncodeToString(sum.Sum(nil)), Size: size, Name: b.name(sum)}
	if _, err := f.WriteAt(b.head(s, secret, blob), 0); err != nil {
		return Blob{}, err
	}
	return blob, f.Sync()
}

// publish replaces an equal file that may be there already: should that one have decayed on disk,
// the evidence is whole again.
func (b *Blobs) publish(tmp, name string) error {
	path := b.path(name)
	shard := filepath.Dir(path)
	if err := os.MkdirAll(shard, 0o700); err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		return err
	}
	return errors.Join(syncDir(shard), syncDir(b.dir))
}

func remove(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Sweep removes what writes broken off before the given moment left behind and says how many files
// that were. Call it at the start with the time of the start: the files of writes that go on are
// younger. Time is that of the file system.
func (b *Blobs) Sweep(before time.Time) (removed int, err error) {
	entries, err := os.ReadDir(b.tmp)
	if err != nil {
		return 0, fmt.Errorf("sweeping the evidence folder: %w", err)
	}
	for _, e := range entries {
		st, statErr := e.Info()
		if errors.Is(statErr, fs.ErrNotExist) || statErr == nil && !st.ModTime().Before(before) {
			continue
		}
		if statErr == nil {
			statErr = remove(filepath.Join(b.tmp, e.Name()))
		}
		if err = errors.Join(err, statErr); statErr == nil {
			removed++
		}
	}
	if err != nil {
		err = fmt.Errorf("sweeping the evidence folder: %w", err)
	}
	return removed, err
}

// Open gives the content stored under name and its size in bytes. Reading fails before io.EOF with
// an error wrapping ErrCannotOpen if a single byte is not the stored one; no unverified byte is given
// out. Without such content the error wraps fs.ErrNotExist. Once ctx ends, reading ends.
func (b *Blobs) Open(ctx context.Context, name string) (content io.ReadCloser, size int64, err error) {
	if !validName(name) {
		return nil, 0, fmt.Errorf("opening evidence: not a name of stored content: %w", fs.ErrNotExist)
	}
	f, err := os.Open(b.path(name))
	if err != nil {
		return nil, 0, fmt.Errorf("opening evidence: %w", err)
	}
	aead, size, err := b.readHead(f, name)
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("opening evidence %s: %w", name, err), f.Close())
	}
	return &blobReader{ctx: ctx, f: f, stream: newOpenStream(f, aead, size), blobs: b, name: name, sum: sha256.New()}, size, nil
}

// Check reads the content stored under name to its end and returns what Open and reading it would.
func (b *Blobs) Check(ctx context.Context, name string) error {
	r, _, err := b.Open(ctx, name)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, r)
	return errors.Join(err, r.Close())
}

func (b *Blobs) name(sum hash.Hash) string {
	return hex.EncodeToString(b.keys.MAC("blob", sum.Sum(nil)))
}

func (b *Blobs) path(name string) string { return filepath.Join(b.dir, name[:2], name) }

// validName keeps foreign paths out.
func validName(name string) bool {
	raw, err := hex.DecodeString(name)
	return err == nil && len(raw) == sha256.Size
}

// Head of an evidence file: version, suite of the chunks, length of the sealed field, the field:
// 8 bytes size, then the data key.
const headPrefix = 4

func headSize(s suite) int64 { return int64(headPrefix + headerSize + 8 + s.keySize + 16) }

func (b *Blobs) head(s suite, secret []byte, blob Blob) []byte {
	field := append(binary.BigEndian.AppendUint64(nil, uint64(blob.Size)), secret...)
	sealed := b.keys.Seal(field, "blob", blob.Name, s.name)
	head := binary.BigEndian.AppendUint16([]byte{formatV1, s.code}, uint16(len(sealed)))
	return append(head, sealed...)
}

// readHead leaves f at the first chunk.
func (b *Blobs) readHead(f *os.File, name string) (cipher.AEAD, int64, error) {
	prefix := make([]byte, headPrefix)
	if _, err := io.ReadFull(f, prefix); err != nil {
		return nil, 0, fmt.Errorf("%w: reading its head: %w", ErrCannotOpen, err)
	}
	s, ok := suiteCoded(prefix[1])
	if prefix[0] != formatV1 || !ok {
		return nil, 0, fmt.Errorf("%w: not in a format known to this version", ErrCannotOpen)
	}
	sealed := make([]byte, binary.BigEndian.Uint16(prefix[2:]))
	if _, err := io.ReadFull(f, sealed); err != nil {
		return nil, 0, fmt.Errorf("%w: reading its head: %w", ErrCannotOpen, err)
	}
	field, err := b.keys.Open(sealed, "blob", name, s.name)
	if err != nil {
		return nil, 0, err
	}
	if len(field) != 8+s.keySize {
		return nil, 0, fmt.Errorf("%w: its head has another length", ErrCannotOpen)
	}
	aead, size := s.mustAEAD(field[8:]), int64(binary.BigEndian.Uint64(field))
	st, err := f.Stat()
	if err != nil {
		return nil, 0, err
	}
	if want := headPrefix + int64(len(sealed)) + sealedSize(size, aead.Overhead()); st.Size() != want {
		return nil, 0, fmt.Errorf("%w: %d bytes long instead of %d", ErrCannotOpen, st.Size(), want)
	}
	return aead, size, nil
}

type blobReader struct {
	ctx    context.Context
	f      *os.File
	stream *openStream
	blobs  *Blobs
	name   string
	sum    hash.Hash
}

// Read compares the whole content with its name before it says io.EOF.
func (r *blobReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, fmt.Errorf("reading evidence %s: %w", r.name, err)
	}
	n, err := r.stream.Read(p)
	r.sum.Write(p[:n])
	if errors.Is(err, io.EOF) {
		if r.blobs.name(r.sum) != r.name {
			return n, fmt.Errorf("reading evidence %s: %w: it is not what its name says", r.name, ErrCannotOpen)
		}
		return n, io.EOF
	}
	if err != nil {
		return n, fmt.Errorf("reading evidence %s: %w", r.name, err)
	}
	return n, nil
}

func (r *blobReader) Close() error { return r.f.Close() }

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

// Heads seals what stands at the head of an evidence file: its size and the key of its content. *[Keys] are made one by
// [Direct]; the database is one that keeps a data key for each name, so that changing keys leaves the files alone.
type Heads interface {
	// SealHead seals bytes for the content of that name; the result is [Heads.Overhead] bytes longer.
	SealHead(ctx context.Context, plaintext []byte, name string, place ...string) ([]byte, error)
	// OpenHead gives back what SealHead was given, or an error wrapping ErrCannotOpen.
	OpenHead(ctx context.Context, sealed []byte, name string, place ...string) ([]byte, error)
	Overhead() int
}

// Shelf is where finished evidence files stand: a [Folder], or a [Bucket].
type Shelf interface {
	// Keep puts a local file there under name, whole and durable or not at all; an equal one gives way. The file may be gone then.
	Keep(ctx context.Context, file, name string) error
	// Open gives the file of that name and its length; without one the error wraps fs.ErrNotExist.
	Open(ctx context.Context, name string) (io.ReadCloser, int64, error)
	// Remove takes the file of that name away; without one it does nothing.
	Remove(ctx context.Context, name string) error
	// Ping says whether the shelf can be used.
	Ping(ctx context.Context) error
}

// Blobs keeps evidence files (Art. 4: evidence is to be fixed promptly, the bytes unaltered), each
// encrypted, under a name that depends on its content, so that the same content is kept once. It is
// safe for concurrent use, by several processes as well.
//
// Only a complete file ever has its name: a crash leaves at most a temporary file, for Sweep.
type Blobs struct {
	tmp   string
	keys  *Keys
	heads Heads
	shelf Shelf
	suite Suite
}

// NewBlobs keeps the files on shelf. What is being received lies, encrypted, under dir, which is made with mode 0700 if missing;
// dir should be on the same file system as a [Folder].
func NewBlobs(dir string, shelf Shelf, keys *Keys, heads Heads, s Suite) (*Blobs, error) {
	b := &Blobs{tmp: filepath.Join(dir, "tmp"), keys: keys, heads: heads, shelf: shelf, suite: s}
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
		err = b.shelf.Keep(ctx, tmp.Name(), blob.Name)
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
	s := b.suite.cipherOf()
	secret := randomBytes(s.keySize)
	if _, err := f.Seek(b.headSize(s), io.SeekStart); err != nil {
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
	head, err := b.head(ctx, s, secret, blob)
	if err != nil {
		return Blob{}, err
	}
	if _, err := f.WriteAt(head, 0); err != nil {
		return Blob{}, err
	}
	return blob, f.Sync()
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
	f, length, err := b.shelf.Open(ctx, name)
	if err != nil {
		return nil, 0, fmt.Errorf("opening evidence: %w", err)
	}
	aead, size, err := b.readHead(ctx, f, length, name)
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("opening evidence %s: %w", name, err), f.Close())
	}
	return &blobReader{ctx: ctx, f: f, stream: newOpenStream(f, aead, size), blobs: b, name: name, sum: sha256.New()}, size, nil
}

// SealedBy is the id of the key file's key that the head of a piece of evidence needs, "" when it has a data key.
func (b *Blobs) SealedBy(ctx context.Context, name string) (id string, err error) {
	f, _, err := b.shelf.Open(ctx, name)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("looking at evidence: %w", err)
	}
	defer f.Close() //nolint:errcheck // read only
	start := make([]byte, headPrefix+1+idSize)
	if _, err := io.ReadFull(f, start); err != nil {
		return "", nil // one that is damaged needs no key
	}
	return SealedBy(start[headPrefix:]), nil
}

// Ping says whether evidence can be kept.
func (b *Blobs) Ping(ctx context.Context) error { return b.shelf.Ping(ctx) }

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

// validName keeps foreign paths out.
func validName(name string) bool {
	raw, err := hex.DecodeString(name)
	return err == nil && len(raw) == sha256.Size
}

// Head of an evidence file: version, suite of the chunks, length of the sealed field, the field:
// 8 bytes size, then the data key.
const headPrefix = 4

func (b *Blobs) headSize(s suite) int64 {
	return int64(headPrefix + 8 + s.keySize + b.heads.Overhead())
}

func (b *Blobs) head(ctx context.Context, s suite, secret []byte, blob Blob) ([]byte, error) {
	field := append(binary.BigEndian.AppendUint64(nil, uint64(blob.Size)), secret...)
	sealed, err := b.heads.SealHead(ctx, field, blob.Name, s.name)
	if err != nil {
		return nil, err
	}
	head := binary.BigEndian.AppendUint16([]byte{formatV1, s.code}, uint16(len(sealed)))
	if head = append(head, sealed...); int64(len(head)) != b.headSize(s) {
		return nil, fmt.Errorf("the head has %d bytes instead of %d", len(head), b.headSize(s))
	}
	return head, nil
}

// readHead leaves f, a file of that length, at the first chunk.
func (b *Blobs) readHead(ctx context.Context, f io.Reader, length int64, name string) (cipher.AEAD, int64, error) {
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
	field, err := b.heads.OpenHead(ctx, sealed, name, s.name)
	if err != nil {
		return nil, 0, err
	}
	if len(field) != 8+s.keySize {
		return nil, 0, fmt.Errorf("%w: its head has another length", ErrCannotOpen)
	}
	aead, size := s.mustAEAD(field[8:]), int64(binary.BigEndian.Uint64(field))
	if want := headPrefix + int64(len(sealed)) + sealedSize(size, aead.Overhead()); length != want {
		return nil, 0, fmt.Errorf("%w: %d bytes long instead of %d", ErrCannotOpen, length, want)
	}
	return aead, size, nil
}

type blobReader struct {
	ctx    context.Context
	f      io.ReadCloser
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

// Raw gives a stored file as it lies there, encrypted, and its length: for backups.
func (b *Blobs) Raw(ctx context.Context, name string) (io.ReadCloser, int64, error) {
	if !validName(name) {
		return nil, 0, fmt.Errorf("opening evidence: not a name of stored content: %w", fs.ErrNotExist)
	}
	f, size, err := b.shelf.Open(ctx, name)
	if err != nil {
		return nil, 0, fmt.Errorf("opening evidence %s: %w", name, err)
	}
	return f, size, nil
}

// Remove takes content away: for a restore that was broken off. Evidence is never removed otherwise (Art. 4).
func (b *Blobs) Remove(ctx context.Context, name string) error {
	if !validName(name) {
		return nil
	}
	return b.shelf.Remove(ctx, name)
}

// KeepRaw stores what Raw gave under its name. Whether it opens is for [Blobs.Check] to say.
func (b *Blobs) KeepRaw(ctx context.Context, r io.Reader, name string) error {
	if !validName(name) {
		return errors.New("storing evidence: not a name of stored content")
	}
	tmp, err := os.CreateTemp(b.tmp, "put-*") // mode 0600
	if err != nil {
		return fmt.Errorf("storing evidence: %w", err)
	}
	_, err = io.Copy(tmp, r)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err == nil {
		err = b.shelf.Keep(ctx, tmp.Name(), name)
	}
	if err != nil {
		return fmt.Errorf("storing evidence: %w", errors.Join(err, remove(tmp.Name())))
	}
	return nil
}

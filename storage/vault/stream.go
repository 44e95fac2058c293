package vault

import (
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015), as in age: chunks of 64 KiB,
// each sealed under the nonce "counter, is it the last one". A chunk that is altered, moved,
// repeated or missing does not open, and neither does a file that ends early or goes on too long.
//
// filippo.io/age would do the same and is better known, but knows ChaCha20-Poly1305 only: the
// national suite (SM4) has to serve evidence as well, by the one mechanism of this package. The key
// is random for each file, so that counting nonces from zero is safe.
const chunkSize = 64 << 10

const nonceSize = 12 // 3 zero bytes, 8 bytes counter, 1 byte "last"

func chunkNonce(n uint64, last bool) []byte {
	b := binary.BigEndian.AppendUint64(make([]byte, 3, nonceSize), n)
	if last {
		return append(b, 1)
	}
	return append(b, 0)
}

// sealedSize is the length on disk of size bytes of content: one tag for each chunk, and an empty
// content still has one chunk.
func sealedSize(size int64, overhead int) int64 {
	chunks := max(1, (size+chunkSize-1)/chunkSize)
	return size + chunks*int64(overhead)
}

// errTooLong leaves sealStream when more than limit bytes came.
var errTooLong = errors.New("longer than the limit")

// sealStream copies r into w in sealed chunks and every plain byte into plain. It reads one chunk
// ahead to know which is the last, so that it holds two chunks in memory.
func sealStream(w, plain io.Writer, r io.Reader, aead cipher.AEAD, limit int64, goOn func() error) (size int64, err error) {
	chunk, next := make([]byte, chunkSize), make([]byte, chunkSize)
	out := make([]byte, 0, chunkSize+aead.Overhead())
	n, err := fill(r, chunk)
	for i := uint64(0); err == nil; i++ {
		if size += int64(n); size > limit {
			return 0, errTooLong
		}
		ahead := 0
		if n == chunkSize {
			if ahead, err = fill(r, next); err != nil {
				break
			}
		}
		if err = goOn(); err != nil {
			break
		}
		if _, err = plain.Write(chunk[:n]); err != nil {
			break
		}
		if _, err = w.Write(aead.Seal(out, chunkNonce(i, ahead == 0), chunk[:n], nil)); err != nil || ahead == 0 {
			break
		}
		chunk, next, n = next, chunk, ahead
	}
	return size, err
}

// fill reads until buf is full or r ends. Not io.ReadFull: that one calls a short last chunk
// io.ErrUnexpectedEOF, which is also what a broken download says, and half a file would be stored as whole.
func fill(r io.Reader, buf []byte) (n int, err error) {
	for idle := 0; n < len(buf) && err == nil; {
		var m int
		if m, err = r.Read(buf[n:]); m == 0 {
			if idle++; idle > 100 && err == nil {
				return n, io.ErrNoProgress
			}
		}
		n += m
	}
	if err == io.EOF { //nolint:errorlint // a wrapped one means a connection that broke off
		err = nil
	}
	return n, err
}

// openStream reads what sealStream wrote. It gives out no byte of a chunk that was not verified, and
// io.EOF only after the last one.
type openStream struct {
	r     io.Reader
	aead  cipher.AEAD
	left  int64 // plain bytes still sealed in r
	chunk uint64
	buf   []byte // sealed, then plain in place
	plain []byte // the unread rest of buf
	done  bool
}

func newOpenStream(r io.Reader, aead cipher.AEAD, size int64) *openStream {
	return &openStream{r: r, aead: aead, left: size, buf: make([]byte, min(size, chunkSize)+int64(aead.Overhead()))}
}

func (s *openStream) Read(p []byte) (int, error) {
	for len(s.plain) == 0 {
		if s.done {
			return 0, io.EOF
		}
		if err := s.nextChunk(); err != nil {
			return 0, err
		}
	}
	n := copy(p, s.plain)
	s.plain = s.plain[n:]
	return n, nil
}

func (s *openStream) nextChunk() error {
	n := min(s.left, chunkSize)
	last := s.left <= chunkSize
	sealed := s.buf[:n+int64(s.aead.Overhead())]
	if _, err := io.ReadFull(s.r, sealed); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it ends early", ErrCannotOpen)
	} else if err != nil {
		return err
	}
	plain, err := s.aead.Open(sealed[:0], chunkNonce(s.chunk, last), sealed, nil)
	if err != nil {
		return fmt.Errorf("%w: chunk %d", ErrCannotOpen, s.chunk)
	}
	if last {
		if m, err := io.ReadFull(s.r, make([]byte, 1)); m != 0 {
			return fmt.Errorf("%w: it goes on after its end", ErrCannotOpen)
		} else if !errors.Is(err, io.EOF) {
			return err
		}
	}
	s.plain, s.left, s.chunk, s.done = plain, s.left-n, s.chunk+1, last
	return nil
}

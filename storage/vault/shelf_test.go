package vault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// faultyStore is a local stand-in for an S3-compatible store that knows one access key, and can be away or full.
type faultyStore struct {
	http.Handler
	mode atomic.Value // "", "down", "full", "cut"
	puts atomic.Int64
}

func (s *faultyStore) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	refuse := func(status int, code string) {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(status)
		fmt.Fprintf(w, "<Error><Code>%s</Code><Message>no</Message></Error>", code)
	}
	if !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=liuhen/") {
		refuse(http.StatusForbidden, "InvalidAccessKeyId")
		return
	}
	if r.Method == http.MethodPut && r.URL.Path != "/evidence/" {
		s.puts.Add(1)
		switch s.mode.Load() {
		case "full":
			_, _ = io.Copy(io.Discard, r.Body)
			refuse(http.StatusInsufficientStorage, "XMinioStorageFull")
			return
		case "cut":
			_, _ = io.CopyN(io.Discard, r.Body, 10)
			panic(http.ErrAbortHandler)
		}
	}
	s.Handler.ServeHTTP(w, r)
}

func newStore(t testing.TB) (*faultyStore, string) {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("evidence"); err != nil {
		t.Fatal(err)
	}
	s := &faultyStore{Handler: gofakes3.New(backend).Server()}
	s.mode.Store("")
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return s, "s3://liuhen:secret%2Fword@" + strings.TrimPrefix(server.URL, "http://") + "/evidence/house?insecure=1"
}

// eachShelf runs a test on a folder and on a bucket.
func eachShelf(t *testing.T, test func(t *testing.T, b *Blobs)) {
	t.Run("folder", func(t *testing.T) { test(t, testBlobs(t)) })
	t.Run("bucket", func(t *testing.T) {
		_, address := newStore(t)
		test(t, bucketBlobs(t, address))
	})
}

func bucketBlobs(t *testing.T, address string) *Blobs {
	t.Helper()
	shelf, err := OpenBucket(address, http.DefaultTransport)
	if err != nil {
		t.Fatal(err)
	}
	k := testKeys(t)
	b, err := NewBlobs(filepath.Join(t.TempDir(), "evidence"), shelf, k, Direct{k}, Standard)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestShelves is what every shelf must do.
func TestShelves(t *testing.T) {
	eachShelf(t, func(t *testing.T, b *Blobs) {
		ctx := t.Context()
		if err := b.Ping(ctx); err != nil {
			t.Fatal(err)
		}
		for _, n := range edges {
			blob := put(t, b, noise(n))
			if again := put(t, b, noise(n)); again != blob {
				t.Errorf("%d bytes: stored twice as %v and %v", n, blob, again)
			}
			if got, err := get(b, blob.Name); err != nil || !bytes.Equal(got, noise(n)) {
				t.Errorf("%d bytes: got %d, %v", n, len(got), err)
			}
		}
		missing := strings.Repeat("ab", 32)
		if _, _, err := b.Open(ctx, missing); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("missing: %v", err)
		}
		if err := b.Remove(ctx, missing); err != nil {
			t.Errorf("remove what is not there: %v", err)
		}
		if _, err := b.Put(ctx, bytes.NewReader(noise(10)), 9); !errors.Is(err, ErrTooBig) {
			t.Errorf("too big: %v", err)
		}
		broken := errors.New("reset")
		if _, err := b.Put(ctx, io.MultiReader(bytes.NewReader(noise(100_000)), iotest.ErrReader(broken)), 1<<30); !errors.Is(err, broken) {
			t.Errorf("broken: %v", err)
		}
		if left, _ := os.ReadDir(b.tmp); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
		raw(t, b)
		ended, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := b.Put(ended, bytes.NewReader(noise(3)), 9); !errors.Is(err, context.Canceled) {
			t.Errorf("after the end: %v", err)
		}
	})
}

// raw takes content out as it is stored, alters it, and puts it back.
func raw(t *testing.T, b *Blobs) {
	t.Helper()
	ctx := t.Context()
	blob := put(t, b, noise(70_000))
	r, size, err := b.Raw(ctx, blob.Name)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := io.ReadAll(r)
	if err = errors.Join(err, r.Close()); err != nil || int64(len(stored)) != size || bytes.Contains(stored, noise(70_000)[:32]) {
		t.Fatalf("raw: %d of %d bytes, %v", len(stored), size, err)
	}
	for _, at := range []int{0, 30, len(stored) / 2, len(stored) - 1} {
		bad := bytes.Clone(stored)
		bad[at] ^= 1
		if err := b.KeepRaw(ctx, bytes.NewReader(bad), blob.Name); err != nil {
			t.Fatal(err)
		}
		if err := b.Check(ctx, blob.Name); !errors.Is(err, ErrCannotOpen) {
			t.Errorf("altered at %d: %v", at, err)
		}
	}
	if err := b.KeepRaw(ctx, bytes.NewReader(stored), blob.Name); err != nil {
		t.Fatal(err)
	}
	if err := b.Check(ctx, blob.Name); err != nil {
		t.Errorf("put back: %v", err)
	}
	if err := b.Remove(ctx, blob.Name); err != nil {
		t.Fatal(err)
	}
	if err := b.Check(ctx, blob.Name); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("removed: %v", err)
	}
}

// A store that is full, cut off, away or does not know us is said in one sentence; nothing half-written has a name or stays behind.
func TestAFaultyBucket(t *testing.T) {
	s, address := newStore(t)
	b := bucketBlobs(t, address)
	for mode, want := range map[string]string{"full": "XMinioStorageFull", "cut": "does not answer"} {
		s.mode.Store(mode)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		blob, err := b.Put(ctx, bytes.NewReader(noise(200_000)), 1<<30)
		cancel()
		if err == nil || !strings.Contains(err.Error(), want) || blob != (Blob{}) {
			t.Errorf("%s: %+v, %v", mode, blob, err)
		}
		s.mode.Store("")
		if err := b.Check(t.Context(), b.nameOf(noise(200_000))); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s left something under the name: %v", mode, err)
		}
		if left, _ := os.ReadDir(b.tmp); len(left) > 0 {
			t.Errorf("%s left %v", mode, left)
		}
	}
	for what, change := range map[string][2]string{
		"refuses the keys": {"s3://liuhen:", "s3://somebody:"},
		"has no bucket":    {"/evidence/", "/nothing/"},
	} {
		other, err := OpenBucket(strings.Replace(address, change[0], change[1], 1), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range []error{other.Keep(t.Context(), writeFile(t), strings.Repeat("ab", 32)), other.Ping(t.Context())} {
			if err == nil || what == "refuses the keys" && !strings.Contains(err.Error(), "LIUHEN_EVIDENCE") || strings.Contains(err.Error(), "secret") {
				t.Errorf("%s: %v", what, err)
			}
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	away, err := OpenBucket("s3://liuhen:secret@127.0.0.1:1/evidence?insecure=1", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := away.Ping(ctx); err == nil || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("away: %v", err)
	}
}

func writeFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, noise(10), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (b *Blobs) nameOf(content []byte) string {
	h := Standard.Hash()
	h.Write(content)
	return b.name(h)
}

func TestAddressesOfBuckets(t *testing.T) {
	for _, bad := range []string{"", "evidence", "s3://", "s3://host/bucket", "s3://key@host/bucket", "s3://key:secret@host", "s3://key:secret@host/", "http://key:secret@host/bucket", "s3://key:secret@host/bucket?colour=red"} {
		if _, err := OpenBucket(bad, nil); !errors.Is(err, ErrBucketAddress) || strings.Contains(err.Error(), "secret@") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for _, good := range []string{"s3://key:sec%2Fret@minio.example:9000/bucket", "s3://key:secret@oss.example/bucket/a/b?region=cn-north-1&insecure=1"} {
		if _, err := OpenBucket(good, nil); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
}

// TestKilledAnywhere kills a process that stores evidence without end, at any moment: whatever has a name is whole.
func TestKilledAnywhere(t *testing.T) {
	const variable = "VAULT_TEST_KILLED_ANYWHERE"
	if dir := os.Getenv(variable); dir != "" {
		k, _, err := Load(filepath.Join(dir, "keys"), false)
		if err != nil {
			t.Fatal(err)
		}
		b, err := folderBlobs(filepath.Join(dir, "evidence"), k)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println("at work")
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				for {
					n := rand.IntN(400_000)
					if _, err := b.Put(context.Background(), io.LimitReader(rand.NewChaCha8([32]byte{byte(n), byte(n >> 8)}), int64(n)), 1<<30); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		all.Wait()
	}
	dir := t.TempDir()
	named := 0
	for range 12 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKilledAnywhere$")
		cmd.Env = append(os.Environ(), variable+"="+dir)
		out, err := cmd.StdoutPipe()
		if err = errors.Join(err, cmd.Start()); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(out, make([]byte, len("at work"))); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rand.IntN(120)) * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // killed: an error by design
	}
	k, _, err := Load(filepath.Join(dir, "keys"), true)
	if err != nil {
		t.Fatal(err)
	}
	b, err := folderBlobs(filepath.Join(dir, "evidence"), k)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Sweep(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	for _, path := range files(t, b) {
		named++
		if err := b.Check(t.Context(), filepath.Base(path)); err != nil {
			t.Errorf("after the kills: %v", err)
		}
	}
	if named < 5 {
		t.Errorf("only %d pieces of evidence were stored at all", named)
	}
}

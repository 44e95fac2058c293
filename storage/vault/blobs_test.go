package vault

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"
)

func testBlobs(t testing.TB) *Blobs {
	t.Helper()
	b, err := folderBlobs(filepath.Join(t.TempDir(), "evidence"), testKeys(t))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// folderBlobs keeps evidence in a folder, with heads as earlier releases sealed them.
func folderBlobs(dir string, k *Keys) (*Blobs, error) {
	return NewBlobs(dir, Folder(dir), k, Direct{k}, Standard)
}

// pathOf is where a folder keeps the content of that name.
func pathOf(b *Blobs, name string) string { return b.shelf.(Folder).path(name) }

func put(t testing.TB, b *Blobs, content []byte) Blob {
	t.Helper()
	blob, err := b.Put(t.Context(), bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	return blob
}

func get(b *Blobs, name string) ([]byte, error) {
	r, size, err := b.Open(context.Background(), name)
	if err != nil {
		return nil, err
	}
	got, err := io.ReadAll(r)
	if err == nil && int64(len(got)) != size {
		err = fmt.Errorf("%d bytes, announced %d", len(got), size)
	}
	return got, errors.Join(err, r.Close())
}

// files lists every file under the folder of b.
func files(t testing.TB, b *Blobs) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(filepath.Dir(b.tmp), func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			paths = append(paths, p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func noise(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{byte(n)}).Read(b)
	return b
}

// edges are the sizes at which chunking could go wrong.
var edges = []int{0, 1, chunkSize - 1, chunkSize, chunkSize + 1, 2*chunkSize - 1, 2 * chunkSize, 2*chunkSize + 1, 5*chunkSize + 77}

func TestPutOpen(t *testing.T) {
	b := testBlobs(t)
	for _, n := range edges {
		content := noise(n)
		sum := sha256.Sum256(content)
		blob := put(t, b, content)
		if blob.Size != int64(n) || blob.SHA256 != hex.EncodeToString(sum[:]) || blob.Name == blob.SHA256 {
			t.Errorf("%d bytes: %+v", n, blob)
		}
		if got, err := get(b, blob.Name); err != nil || !bytes.Equal(got, content) {
			t.Errorf("%d bytes: got %d, %v", n, len(got), err)
		}
		if err := b.Check(t.Context(), blob.Name); err != nil {
			t.Errorf("%d bytes: Check: %v", n, err)
		}
	}
	for _, p := range files(t, b) {
		if st, err := os.Stat(p); err != nil || st.Mode() != 0o600 {
			t.Errorf("%s: mode %v, %v", p, st.Mode(), err)
		}
	}
}

func TestOddReaders(t *testing.T) {
	b := testBlobs(t)
	content := noise(chunkSize + 100)
	want := put(t, b, content)
	for name, r := range map[string]io.Reader{
		"one byte at a time": iotest.OneByteReader(bytes.NewReader(content)),
		"half":               iotest.HalfReader(bytes.NewReader(content)),
		"data with EOF":      iotest.DataErrReader(bytes.NewReader(content)),
	} {
		if got, err := b.Put(t.Context(), r, 1<<20); err != nil || got != want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	r, _, err := b.Open(t.Context(), want.Name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := iotest.TestReader(r, content); err != nil {
		t.Error(err)
	}
}

func TestBrokenUploadLeavesNothing(t *testing.T) {
	b := testBlobs(t)
	for _, n := range edges {
		for _, broken := range []error{io.ErrUnexpectedEOF, fmt.Errorf("connection: %w", io.EOF), errors.New("reset")} {
			r := io.MultiReader(bytes.NewReader(noise(n)), iotest.ErrReader(broken))
			if blob, err := b.Put(t.Context(), r, 1<<30); !errors.Is(err, broken) || blob != (Blob{}) {
				t.Errorf("broken off after %d bytes by %q: %+v, %v", n, broken, blob, err)
			}
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	r := io.MultiReader(bytes.NewReader(noise(3*chunkSize)), readerFunc(func([]byte) (int, error) { cancel(); return 0, io.EOF }))
	if _, err := b.Put(ctx, r, 1<<30); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := b.Put(t.Context(), readerFunc(func([]byte) (int, error) { return 0, nil }), 9); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("a reader that gives nothing: %v", err)
	}
	if left := files(t, b); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestLimit(t *testing.T) {
	b := testBlobs(t)
	for _, n := range edges[1:] {
		if _, err := b.Put(t.Context(), bytes.NewReader(noise(n)), int64(n-1)); !errors.Is(err, ErrTooBig) {
			t.Errorf("%d bytes, limit %d: %v", n, n-1, err)
		}
	}
	endless := readerFunc(func(p []byte) (int, error) { return len(p), nil })
	if _, err := b.Put(t.Context(), endless, 10<<20); !errors.Is(err, ErrTooBig) {
		t.Errorf("endless: %v", err)
	}
	if left := files(t, b); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestEqualContentIsKeptOnce(t *testing.T) {
	b := testBlobs(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 5 {
				blob, err := b.Put(context.Background(), bytes.NewReader(noise(99_999)), 1<<20)
				if err == nil {
					err = b.Check(context.Background(), blob.Name)
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	put(t, b, noise(5))
	if got := files(t, b); len(got) != 2 {
		t.Errorf("files: %v", got)
	}
}

func TestPutMendsDecayedEvidence(t *testing.T) {
	b := testBlobs(t)
	blob := put(t, b, noise(500))
	if err := os.WriteFile(pathOf(b, blob.Name), []byte("decayed"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := b.Check(t.Context(), blob.Name); !errors.Is(err, ErrCannotOpen) {
		t.Errorf("decayed: %v", err)
	}
	put(t, b, noise(500))
	if err := b.Check(t.Context(), blob.Name); err != nil {
		t.Errorf("stored again: %v", err)
	}
}

func TestExchangedEvidenceDoesNotOpen(t *testing.T) {
	b := testBlobs(t)
	one, two := put(t, b, noise(100)), put(t, b, noise(101))
	if err := os.Rename(pathOf(b, one.Name), pathOf(b, two.Name)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.Open(t.Context(), two.Name); !errors.Is(err, ErrCannotOpen) { // before a byte is read
		t.Errorf("opened under another name: %v", err)
	}
	if _, err := get(b, one.Name); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
	k := testKeys(t)
	other := &Blobs{tmp: b.tmp, shelf: b.shelf, keys: k, heads: Direct{k}}
	if _, err := get(other, two.Name); !errors.Is(err, ErrCannotOpen) {
		t.Errorf("opened with other keys: %v", err)
	}
}

func TestNameHashIsChecked(t *testing.T) {
	b := testBlobs(t)
	blob := put(t, b, noise(10))
	r, _, err := b.Open(t.Context(), blob.Name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	r.(*blobReader).sum.Write([]byte("something else"))
	if _, err := io.ReadAll(r); !errors.Is(err, ErrCannotOpen) {
		t.Errorf("content that is not what its name says: %v", err)
	}
}

func TestForeignNames(t *testing.T) {
	b := testBlobs(t)
	blob := put(t, b, noise(10))
	for _, name := range []string{"", "x", "../keys", "..", strings.ToUpper(blob.Name), blob.Name[1:], blob.Name + "00", "../" + blob.Name, strings.Repeat("/", 64)} {
		if _, _, err := b.Open(t.Context(), name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Open(%q): %v", name, err)
		}
	}
}

func TestReadingEndsWithContext(t *testing.T) {
	b := testBlobs(t)
	blob := put(t, b, noise(200_000))
	ctx, cancel := context.WithCancel(t.Context())
	r, _, err := b.Open(ctx, blob.Name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := r.Read(make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := io.Copy(io.Discard, r); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestNothingInTheClearOnDisk(t *testing.T) {
	b := testBlobs(t)
	canary := []byte("金丝雀 canary 7391")
	content := append(noise(chunkSize-7), bytes.Repeat(canary, 9)...)
	seen := false
	r := io.MultiReader(bytes.NewReader(content), readerFunc(func([]byte) (int, error) {
		seen = len(files(t, b)) == 1 // in the middle of Put
		scan(t, b, canary)
		return 0, io.EOF
	}))
	blob, err := b.Put(t.Context(), r, 1<<20)
	if err != nil || !seen {
		t.Fatalf("looked in the middle: %v, %v", seen, err)
	}
	scan(t, b, canary)
	scan(t, b, []byte(blob.SHA256))
	for _, p := range files(t, b) {
		if strings.Contains(p, blob.SHA256) {
			t.Errorf("the plain hash is in a file name: %s", p)
		}
	}
}

func scan(t *testing.T, b *Blobs, canary []byte) {
	t.Helper()
	for _, p := range files(t, b) {
		if text, err := os.ReadFile(p); err != nil || bytes.Contains(text, canary) {
			t.Errorf("%s holds %q (%v)", p, canary, err)
		}
	}
}

func TestPutStreams(t *testing.T) {
	b := testBlobs(t)
	const size = 200 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	blob, err := b.Put(t.Context(), io.LimitReader(rand.NewChaCha8([32]byte{1}), size), size)
	if err == nil {
		err = b.Check(t.Context(), blob.Name)
	}
	runtime.ReadMemStats(&after)
	if err != nil || blob.Size != size {
		t.Fatalf("%+v, %v", blob, err)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 {
		t.Errorf("storing and checking 200 MiB allocated %d bytes", used)
	}
}

func TestSweep(t *testing.T) {
	b := testBlobs(t)
	blob := put(t, b, noise(10))
	start := time.Now()
	for name, age := range map[string]time.Duration{"put-1": -time.Hour, "put-2": -time.Minute, "put-3": time.Minute} {
		p := filepath.Join(b.tmp, name)
		if err := errors.Join(os.WriteFile(p, nil, 0o600), os.Chtimes(p, time.Time{}, start.Add(age))); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := b.Sweep(start); n != 2 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
	if _, err := os.Stat(filepath.Join(b.tmp, "put-3")); err != nil {
		t.Errorf("a write that goes on was swept: %v", err)
	}
	if err := b.Check(t.Context(), blob.Name); err != nil {
		t.Error(err)
	}
}

// TestKilledWriter kills a process in the middle of Put: this test is the child when the variable is set.
func TestKilledWriter(t *testing.T) {
	const variable = "VAULT_TEST_KILLED_WRITER"
	if dir := os.Getenv(variable); dir != "" {
		k, _, err := Load(filepath.Join(dir, "keys"), false)
		if err != nil {
			t.Fatal(err)
		}
		b, err := folderBlobs(filepath.Join(dir, "evidence"), k)
		if err != nil {
			t.Fatal(err)
		}
		r := io.MultiReader(bytes.NewReader(noise(5*chunkSize)), readerFunc(func([]byte) (int, error) {
			fmt.Println("half way")
			select {} // until killed
		}))
		_, err = b.Put(t.Context(), r, 1<<30)
		t.Fatal("not killed", err)
	}
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilledWriter$")
	cmd.Env = append(os.Environ(), variable+"="+dir)
	out, err := cmd.StdoutPipe()
	if err = errors.Join(err, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, len("half way"))
	_, err = io.ReadFull(out, line)
	if err = errors.Join(err, cmd.Process.Kill()); err != nil || string(line) != "half way" {
		t.Fatalf("child said %q, %v", line, err)
	}
	_ = cmd.Wait() // killed: an error by design
	k, _, err := Load(filepath.Join(dir, "keys"), true)
	if err != nil {
		t.Fatal(err)
	}
	b, err := folderBlobs(filepath.Join(dir, "evidence"), k)
	if err != nil {
		t.Fatal(err)
	}
	if left := files(t, b); len(left) != 1 || filepath.Dir(left[0]) != b.tmp {
		t.Errorf("after the kill: %v", left)
	}
	if n, err := b.Sweep(time.Now()); n != 1 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
	if left := files(t, b); len(left) != 0 {
		t.Errorf("after the sweep: %v", left)
	}
}

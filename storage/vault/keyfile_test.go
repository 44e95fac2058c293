package vault

import (
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// keyFile makes a key file and returns its path and text.
func keyFile(t testing.TB) (path, text string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "keys")
	if _, _, err := Load(path, false); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, string(b)
}

func TestFirstStartMakesTheKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	k, created, err := Load(path, false)
	if err != nil || !created {
		t.Fatalf("created %v, %v", created, err)
	}
	st, err := os.Stat(path)
	if err != nil || st.Mode() != 0o600 {
		t.Fatalf("mode %v, %v", st.Mode(), err)
	}
	text, _ := os.ReadFile(path)
	for _, want := range []string{"丢失本文件", "loses this file", " hmacsha256 ", " aes256gcm ", "\nchecksum "} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the file does not say %q:\n%s", want, text)
		}
	}
	again, created, err := Load(path, true)
	if err != nil || created {
		t.Fatalf("second start: created %v, %v", created, err)
	}
	if got, err := again.Open(k.Seal([]byte("x"), "p"), "p"); err != nil || string(got) != "x" {
		t.Errorf("after a restart: %q, %v", got, err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("left beside the key file: %v", left)
	}
}

func TestLostKeyFileIsSaid(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	k, created, err := Load(path, true)
	if !errors.Is(err, ErrKeysMissing) || created || k != nil {
		t.Fatalf("%v, %v, %v", k, created, err)
	}
	for _, want := range []string{path, "LIUHEN_KEYS", "safe copy"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q: %v", want, err)
		}
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a key file was made all the same")
	}
}

func TestCreateNeverOverwrites(t *testing.T) {
	path, text := keyFile(t)
	if err := create(path, mint(Standard)); !errors.Is(err, fs.ErrExist) {
		t.Errorf("create over a file: %v", err)
	}
	if now, _ := os.ReadFile(path); string(now) != text {
		t.Error("the key file was replaced")
	}
}

func TestFirstStartsAtOnceShareTheKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	macs := make([]string, 16)
	var wg sync.WaitGroup
	for i := range macs {
		wg.Go(func() {
			k, _, err := Load(path, false)
			if err != nil {
				t.Error(err)
				return
			}
			macs[i] = string(k.MAC("x"))
		})
	}
	wg.Wait()
	if slices.Sort(macs); len(slices.Compact(macs)) != 1 {
		t.Error("two starts went on with different keys")
	}
}

func TestReadableKeyFileIsRefused(t *testing.T) {
	path, _ := keyFile(t)
	for _, mode := range []os.FileMode{0o640, 0o604, 0o660, 0o644, 0o610} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		_, _, err := Load(path, false)
		if err == nil || !strings.Contains(err.Error(), "chmod 600 "+path) {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Load(path, false); err != nil {
		t.Errorf("mode 400: %v", err)
	}
}

func TestUnusableKeyFilesAreRefused(t *testing.T) {
	_, text := keyFile(t)
	lines := strings.Split(text, "\n")
	n := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "key ") })
	withSum := func(keys ...string) string {
		all := strings.Join(keys, "\n") + "\n"
		return all + "checksum " + checksum(all) + "\n"
	}
	mac, key := lines[n], lines[n+1]
	id := strings.Fields(key)[1]
	short := "key 00000001 aes256gcm " + base64.StdEncoding.EncodeToString(make([]byte, 31))
	for what, c := range map[string]struct{ text, says string }{
		"empty":               {"", "no checksum"},
		"without checksum":    {strings.Join(lines[:n+2], "\n"), "no checksum"},
		"without a key line":  {strings.Join(slices.Delete(slices.Clone(lines), n, n+1), "\n"), "does not match"},
		"changed key":         {strings.Replace(text, key, key[:30]+flip(key[30:31])+key[31:], 1), "does not match"},
		"no MAC key":          {withSum(key), "no hmacsha256"},
		"no sealing key":      {withSum(mac), "no key to seal"},
		"two MAC keys":        {withSum(mac, strings.Replace(mac, strings.Fields(mac)[1], "00000001", 1), key), "exactly one"},
		"the same id twice":   {withSum(mac, key, key), "twice"},
		"id of the MAC key":   {withSum(mac, strings.Replace(key, id, strings.Fields(mac)[1], 1)), "twice"},
		"short key":           {withSum(mac, short), "31 bytes"},
		"not base64":          {withSum(mac, "key "+id+" aes256gcm !!!"), "not base64"},
		"bad id":              {withSum(mac, strings.Replace(key, id, "xyz", 1)), "key id"},
		"unknown suite":       {withSum(mac, strings.Replace(key, "aes256gcm", "aria256gcm", 1)), "does not know"},
		"foreign line":        {"hello\n" + text, "line 1"},
		"text after the end":  {text + key + "\n", "after the checksum"},
		"another file":        {strings.Repeat("x", maxKeyFile+10), "longer"},
		"binary":              {"\x00\xff\xfe" + text, "line 1"},
		"two checksums":       {text + "checksum 00\n", "after the checksum"},
		"spilled secret line": {strings.Replace(text, key, key+" "+key, 1), "neither"},
	} {
		path := filepath.Join(t.TempDir(), "keys")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		k, created, err := Load(path, false)
		if err == nil || k != nil || created || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want %q", what, err, c.says)
			continue
		}
		for _, l := range []string{mac, key} {
			if strings.Contains(err.Error(), strings.Fields(l)[3][:12]) {
				t.Errorf("%s: the error shows a key", what)
			}
		}
		if now, _ := os.ReadFile(path); string(now) != c.text {
			t.Errorf("%s: the file was changed", what)
		}
	}
}

func flip(s string) string {
	if s == "A" {
		return "B"
	}
	return "A"
}

func TestKeyFileCutAnywhereIsRefused(t *testing.T) {
	path, text := keyFile(t)
	for n := range len(text) - 1 { // the last newline may go
		if err := os.WriteFile(path, []byte(text[:n]), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := Load(path, false); err == nil {
			t.Fatalf("accepted when cut to %d of %d bytes", n, len(text))
		}
	}
}

func TestHarmlessEditsAreAccepted(t *testing.T) {
	path, text := keyFile(t)
	want, _, err := Load(path, true)
	if err != nil {
		t.Fatal(err)
	}
	for what, edited := range map[string]string{
		"CRLF and BOM":  "\ufeff" + strings.ReplaceAll(text, "\n", "\r\n"),
		"own comment":   "# 机构备注\n\n" + text,
		"cut last line": strings.TrimSuffix(text, "\n"),
	} {
		if err := os.WriteFile(path, []byte(edited), 0o600); err != nil {
			t.Fatal(err)
		}
		got, _, err := Load(path, true)
		if err != nil || string(got.MAC("x")) != string(want.MAC("x")) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestParseNeverPanics(t *testing.T) {
	_, text := keyFile(t)
	rapid.Check(t, func(t *rapid.T) {
		b := []byte(text)
		for range rapid.IntRange(1, 4).Draw(t, "edits") {
			i := rapid.IntRange(strings.Index(text, "key "), len(b)-2).Draw(t, "at")
			b[i] ^= byte(rapid.IntRange(1, 255).Draw(t, "mask"))
		}
		if k, err := parse(string(b)); err == nil && k.text() != text && strings.Contains(string(b), "checksum") {
			t.Fatalf("an altered file gives other keys")
		}
	})
}

func TestKeyFileElsewhere(t *testing.T) {
	_, created, err := Load(filepath.Join(t.TempDir(), "no", "such", "folder", "keys"), false)
	if err == nil || created || !strings.Contains(err.Error(), "folder exists") {
		t.Errorf("missing folder: %v", err)
	}
	if _, _, err := Load(t.TempDir(), false); err == nil || !strings.Contains(err.Error(), "regular file") {
		t.Errorf("a folder: %v", err)
	}
}

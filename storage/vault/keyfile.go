package vault

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// ErrKeysMissing says that data exist but their key file does not: Load makes no new keys then,
// because new ones would hide the loss and open nothing.
var ErrKeysMissing = errors.New("key file is missing")

//go:embed keyfile.txt
var keyFileHead string

const maxKeyFile = 64 << 10 // bytes; a real one has about 1,100

// Load reads the key file at path.
//
// If there is none, mustExist decides. Pass true wherever something sealed already exists (the
// database has rows, the evidence folder has files) and in every command that never starts afresh
// (verify, export, restore): Load then answers ErrKeysMissing. With false it makes the file with
// fresh keys, mode 0600, complete on disk or not there at all, and reports created.
//
// New keys are of the suite that is given, "" for [Standard]; a file that is there keeps its own.
//
// It never overwrites a file, and refuses one that others may read, that is damaged or that is of
// a later version; the error says what is wrong and what to do.
func Load(path string, mustExist bool, fresh ...Suite) (keys *Keys, created bool, err error) {
	keys, err = read(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return keys, false, err
	}
	if mustExist {
		return nil, false, fmt.Errorf("%w: %s does not exist, but data sealed with its keys do. "+
			"Put the file back from your safe copy, or correct LIUHEN_KEYS. Without any copy it is lost what entries, reports, acts and evidence say; "+
			"the register, who filed for which case on which day, and the log of access are not: keep the database, see bot/docs/operations.md", ErrKeysMissing, path)
	}
	if err := create(path, mint(append(fresh, Standard)[0])); errors.Is(err, fs.ErrExist) {
		keys, err = read(path) // another process was first: its keys are the keys
		return keys, false, err
	} else if err != nil {
		return nil, false, fmt.Errorf("making the key file %s: %w; check that its folder exists, "+
			"is writable and has space, or set LIUHEN_KEYS to another place", path, err)
	}
	keys, err = read(path) // not the minted ones: what counts is what the next start will find
	return keys, err == nil, err
}

func mint(of Suite) *ring {
	s := of.cipherOf()
	mac, seal := newID(), newID()
	for mac == seal {
		seal = newID()
	}
	return &ring{
		macID: mac, mac: randomBytes(macKeySize), macSuite: s.of,
		seal: []sealKey{{id: seal, suite: s, secret: randomBytes(s.keySize)}},
	}
}

func newID() keyID { return keyID(randomBytes(idSize)) }

// create uses link(2), which unlike rename(2) fails if the name is taken, so that two first starts
// at once cannot replace each other's keys.
func create(path string, r *ring) error { return store(path, r, os.Link) }

// store puts the file in its place by a call that either does so or does nothing, once its content is safe on disk.
func store(path string, r *ring, put func(from, to string) error) error {
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, ".keys-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) //nolint:errcheck // a leftover temp file is the worst that can happen
	_, err = io.WriteString(tmp, r.text())
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := put(tmp.Name(), path); err != nil {
		return err
	}
	return syncDir(dir)
}

func (k *ring) text() string {
	var b strings.Builder
	line := func(id keyID, suite string, secret []byte) {
		fmt.Fprintf(&b, "key %s %s %s\n", id, suite, base64.StdEncoding.EncodeToString(secret))
	}
	line(k.macID, macName(k.macSuite), k.mac)
	for _, s := range k.seal {
		line(s.id, s.suite.name, s.secret)
	}
	for _, s := range k.sign {
		line(s.id, s.kind, s.secret)
	}
	return keyFileHead + b.String() + "checksum " + checksum(b.String()) + "\n"
}

// checksum covers the key lines only, so that comments and line ends may change.
func checksum(keyLines string) string {
	sum := sha256.Sum256([]byte(keyLines))
	return hex.EncodeToString(sum[:8])
}

func read(path string) (*Keys, error) {
	r, seen, err := readRing(path)
	if err != nil {
		return nil, err
	}
	return &Keys{path: path, seen: seen, ring: r}, nil
}

func readRing(path string) (*ring, stamp, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, stamp{}, fmt.Errorf("opening the key file: %w", err)
	}
	defer f.Close() //nolint:errcheck // read only
	st, err := private(f, path)
	if err != nil {
		return nil, stamp{}, err
	}
	text, err := io.ReadAll(io.LimitReader(f, maxKeyFile+1))
	if err != nil {
		return nil, stamp{}, fmt.Errorf("reading the key file %s: %w", path, err)
	}
	r, err := parse(string(text))
	if err != nil {
		return nil, stamp{}, fmt.Errorf("key file %s: %w", path, err)
	}
	return r, stampOf(st), nil
}

func private(f *os.File, path string) (fs.FileInfo, error) {
	st, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("examining the key file: %w", err)
	}
	if !st.Mode().IsRegular() {
		return nil, fmt.Errorf("key file %s is not a regular file: set LIUHEN_KEYS to the file itself", path)
	}
	if perm := st.Mode().Perm(); perm&0o077 != 0 && runtime.GOOS != "windows" { // Windows has no such bits
		return nil, fmt.Errorf("key file %s may be used by others (mode %04o): run chmod 600 %s, "+
			"and change the keys if somebody could have read it", path, perm, path)
	}
	return st, nil
}

// damaged ends every complaint about the text with the way out.
func damaged(format string, args ...any) error {
	return fmt.Errorf(format+"; the file is damaged or was edited: put it back from your safe copy", args...)
}

func parse(text string) (*ring, error) {
	if len(text) > maxKeyFile {
		return nil, damaged("longer than %d bytes", maxKeyFile)
	}
	k := &ring{}
	var lines strings.Builder
	sum := ""
	for n, line := range strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n") {
		f := strings.Fields(line)
		switch {
		case len(f) == 0 || strings.HasPrefix(f[0], "#"):
		case sum != "":
			return nil, damaged("line %d stands after the checksum", n+1)
		case f[0] == "checksum" && len(f) == 2:
			sum = f[1]
		case f[0] == "key" && len(f) == 4:
			if err := k.add(f[1], f[2], f[3]); err != nil {
				return nil, fmt.Errorf("line %d: %w", n+1, err)
			}
			lines.WriteString(strings.Join(f, " ") + "\n")
		default:
			return nil, damaged("line %d is neither a comment nor \"key <id> <suite> <base64>\" nor \"checksum <sum>\"", n+1)
		}
	}
	return k, k.complete(sum, checksum(lines.String()))
}

// add never quotes the secret: a misplaced field could be one.
func (k *ring) add(id, suiteName, secret string) error {
	raw, err := hex.DecodeString(id)
	if err != nil || len(raw) != idSize {
		return damaged("the key id is not %d hexadecimal digits", 2*idSize)
	}
	kid := keyID(raw)
	if k.taken(kid) {
		return damaged("key id %s occurs twice", kid)
	}
	key, err := base64.StdEncoding.Strict().DecodeString(secret)
	if err != nil {
		return damaged("key %s is not base64", kid)
	}
	if of, ok := macSuites[suiteName]; ok {
		if k.mac != nil || len(key) != macKeySize {
			return damaged("there must be exactly one hmac key, of %d bytes", macKeySize)
		}
		k.macID, k.mac, k.macSuite = kid, key, of
		return nil
	}
	if suiteName == signEd25519 || suiteName == signSM2 {
		return k.addSign(kid, suiteName, key)
	}
	s, ok := suiteNamed(suiteName)
	if !ok {
		return fmt.Errorf("key %s has a suite this version does not know: use the version of Liuhen that wrote it, or a later one", kid)
	}
	if len(key) != s.keySize {
		return damaged("key %s has %d bytes instead of %d", kid, len(key), s.keySize)
	}
	k.seal = append(k.seal, sealKey{id: kid, suite: s, secret: key})
	return nil
}

// taken reports whether a key has that ID already.
func (k *ring) taken(id keyID) bool {
	_, seals := k.byID(id)
	return seals || k.mac != nil && k.macID == id || slices.ContainsFunc(k.sign, func(s signKey) bool { return s.id == id })
}

// addSign takes a key to sign with: from here on it is the one of its kind that signs; those before it still verify.
func (k *ring) addSign(id keyID, kind string, secret []byte) error {
	if len(secret) != signKeySize {
		return damaged("key %s has %d bytes instead of %d", id, len(secret), signKeySize)
	}
	key, err := newSignKey(kind, secret)
	if err != nil {
		return damaged("key %s is not a key of kind %s", id, kind)
	}
	key.id = id
	k.sign = append(k.sign, key)
	return nil
}

func (k *ring) complete(want, got string) error {
	switch {
	case want == "":
		return damaged("it has no checksum line at its end")
	case want != got:
		return damaged("the checksum does not match the keys")
	case k.mac == nil:
		return damaged("it has no hmacsha256 or hmacsm3 key")
	case len(k.seal) == 0:
		return damaged("it has no key to seal with")
	}
	return nil
}

// syncDir makes a new name in dir survive a power cut.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" { // folders cannot be opened for that there
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

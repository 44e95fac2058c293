package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"filippo.io/age"

	"liuhen/flows"
	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// opened are the stores of an installation, as a command opens them.
func opened(t testing.TB, environ []string) *stores {
	t.Helper()
	c, err := readConfig(environ)
	must(t, err)
	s, err := openRegister(t.Context(), c, dbtest.At(dbtest.Start).Now, false)
	must(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

// bytesOfEvidence is one piece of evidence, of more than one chunk.
var bytesOfEvidence = bytes.Repeat([]byte("BIRDbytes证据"), 9000)

// furnished is an installation with an entry that says nothing, a report with evidence, and something done about it.
func furnished(t testing.TB, address string) (environ []string, dir string, w *dbtest.World) {
	t.Helper()
	environ, dir, w = installation(t, address)
	s := opened(t, environ)
	blob, err := s.blobs.Put(t.Context(), bytes.NewReader(bytesOfEvidence), fileLimit)
	must(t, err)
	a, b := w.Appraisers[0], w.Appraisers[1]
	r := w.Direct(a, w.Cases[0], "雀言经过")
	f := &r.Answers[form.Evidence].Files[0]
	f.Blob, f.SHA256, f.Size = blob.Name, blob.SHA256, blob.Size
	must(t, s.db.Commit(t.Context(), a.Caller(), w.Event(), r.Signed, []flows.Durable{flows.File{Record: r}}))
	z := w.Zero(b, w.Cases[1])
	must(t, s.db.Commit(t.Context(), b.Caller(), w.Event(), z.Signed, []flows.Durable{flows.File{Record: z}}))
	desk, err := s.db.Desk(t.Context(), w.CityOfficer.Caller(), db.Where{})
	must(t, err)
	must(t, w.Handle(s.db, w.CityOfficer, w.Act(w.CityOfficer, desk.Inbox[0].ID, w.City, law.Accept, dbtest.Start))())
	return environ, dir, w
}

// keyPair makes a key pair of age and gives the public key and the file with the private one.
func keyPair(t testing.TB) (public, file string) {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	must(t, err)
	file = filepath.Join(t.TempDir(), "identity")
	must(t, os.WriteFile(file, []byte("# made by age-keygen\n"+id.String()+"\n"), 0o600))
	return id.Recipient().String(), file
}

// copied is an empty place with a copy of the key file.
func copied(t testing.TB, environ []string, dir string, address string) (other []string, place string) {
	t.Helper()
	place = filepath.Join(t.TempDir(), "data")
	must(t, os.Mkdir(place, 0o700))
	key, err := os.ReadFile(filepath.Join(dir, "keys"))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(place, "keys"), key, 0o600))
	if address == "" {
		address = "sqlite:" + filepath.Join(place, "liuhen.db")
	}
	return with(environ, "LIUHEN_DATA="+place, "DATABASE_URL="+address), place
}

// dumpOf is everything in a database, by table, without what a restore changes by design.
func dumpOf(t testing.TB, s *stores) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	_, err := s.db.Dump(t.Context(), func(p db.Part) error {
		for _, r := range p.Rows {
			line := fmt.Sprint(r)
			if p.Table == "outbox" || p.Table == "invitations" {
				line = fmt.Sprint(r[0])
			}
			if p.Table != "restores" && !strings.Contains(line, "restore/") {
				out[p.Table] = append(out[p.Table], line)
			}
		}
		return nil
	})
	must(t, err)
	for table := range out {
		slices.Sort(out[table])
	}
	return out
}

// TestBackupDrill is the drill of operations.md: a backup of a bot at work, restored on either engine, and everything compared.
func TestBackupDrill(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, _ dbtest.Open) {
		environ, dir, w := furnished(t, dbtest.Address(t))
		public, identity := keyPair(t)
		live := opened(t, environ)
		var stop atomic.Bool
		var filed atomic.Int64
		var all sync.WaitGroup
		all.Go(func() {
			for !stop.Load() && !t.Failed() {
				r := w.Zero(w.Appraisers[2], w.Cases[1])
				if err := live.db.Commit(context.Background(), w.Appraisers[2].Caller(), w.Event(), r.Signed, []flows.Durable{flows.File{Record: r}}); err != nil {
					t.Error(err)
				}
				filed.Add(1)
			}
		})
		to := t.TempDir()
		invoke(t, with(environ, "LIUHEN_BACKUP_RECIPIENT="+public), "backup", to).says(t, 0, "1 pieces of evidence|the key file is not in it")
		stop.Store(true)
		all.Wait()
		last := filepath.Join(to, "last.backup")
		invoke(t, environ, "backup", "--to", public, last).says(t, 0, fmt.Sprintf("%d entries", 2+filed.Load()))
		files, err := filepath.Glob(filepath.Join(to, "*"))
		if must(t, err); len(files) != 2 {
			t.Fatalf("left behind: %v", files)
		}
		for _, f := range files {
			content, err := os.ReadFile(f)
			must(t, err)
			st, err := os.Stat(f)
			if must(t, err); st.Mode() != 0o600 {
				t.Errorf("%s has mode %v", f, st.Mode())
			}
			for _, word := range []string{"雀言经过", "BIRDbytes", "示例", w.Appraisers[0].Name, w.Cases[0].Number, "records"} {
				if bytes.Contains(content, []byte(word)) {
					t.Errorf("%q is in the backup in the clear", word)
				}
			}
		}
		dbtest.Each(t, func(t *testing.T, _ dbtest.Open) {
			for _, f := range files {
				address := dbtest.Fresh(t)
				other, _ := copied(t, environ, dir, address)
				if f != last { // one moment of a bot at work: whole in itself
					invoke(t, other, "restore", "--identity", identity, f).says(t, 0, "0 faults|took |to read in and |to verify|restored")
					continue
				}
				invoke(t, other, "restore", "--identity", identity, f).says(t, 0, "0 faults|1 pieces of evidence|nothing is delivered|officer 吴十|3 messages were due")
				restored := opened(t, other)
				want, got := dumpOf(t, live), dumpOf(t, restored)
				for _, table := range []string{"log", "log_hashes"} { // the restore itself is one leaf more, upon all that were there
					if n := len(got[table]) - len(want[table]); n < 1 || n > 64 || slices.ContainsFunc(want[table], func(s string) bool { return !slices.Contains(got[table], s) }) {
						t.Errorf("%s does not go on from the backup: %d rows more", table, n)
					}
					delete(want, table)
					delete(got, table)
				}
				if !reflect.DeepEqual(want, got) {
					for table := range want {
						if !reflect.DeepEqual(want[table], got[table]) {
							t.Errorf("%s:\n%v\n%v", table, want[table], got[table])
						}
					}
				}
				must(t, restored.db.BlobNames(t.Context(), func(name string) error {
					r, _, err := restored.blobs.Open(t.Context(), name)
					must(t, err)
					got, err := io.ReadAll(r)
					if must(t, err); !bytes.Equal(got, bytesOfEvidence) {
						t.Error("the evidence differs")
					}
					return r.Close()
				}))
				invoke(t, other, "restore", "--identity", identity, f).says(t, 1, "there is a database already|empty place")
				invoke(t, other, "check").says(t, 1, "restored on|restore --release")
				invoke(t, other, "restore", "--release", "甲", "--release", "甲", "--old", "close").says(t, 1, "two people")
				invoke(t, other, "restore", "--release", "甲", "--release", "乙").says(t, 1, "3 messages were due|--old resend")
				invoke(t, other, "restore", "--release", "甲", "--release", "乙", "--old", "resend").says(t, 0, "released")
				invoke(t, other, "restore", "--release", "甲", "--release", "乙", "--old", "resend").says(t, 0, "nothing waits")
				one, _ := copied(t, environ, dir, dbtest.Fresh(t))
				invoke(t, one, "restore", "--identity", identity, "--institution", "没有这家", f).says(t, 1, "no institution of that name")
				invoke(t, one, "restore", "--identity", identity, "--institution", "示例司法鉴定中心", f).says(t, 0, "0 faults|1 pieces of evidence")
			}
		})
	})
}

// TestBackupFaults: one clear sentence for whatever goes wrong, and nothing half-written.
func TestBackupFaults(t *testing.T) {
	environ, dir, _ := furnished(t, "")
	public, identity := keyPair(t)
	_, foreign := keyPair(t)
	to := t.TempDir()
	good := filepath.Join(to, "good")
	invoke(t, environ, "backup", "--to", public, good).says(t, 0, "2 entries")
	whole, err := os.ReadFile(good)
	must(t, err)
	invoke(t, environ, "backup", filepath.Join(to, "x")).says(t, 1, "LIUHEN_BACKUP_RECIPIENT is not set|age-keygen")
	invoke(t, environ, "backup", "--to", "age1wrong", filepath.Join(to, "x")).says(t, 1, "no public key of age")
	invoke(t, with(environ, "LIUHEN_BACKUP_RECIPIENT=me"), "backup", filepath.Join(to, "x")).says(t, 1, "LIUHEN_BACKUP_RECIPIENT|no public key of age")
	invoke(t, environ, "backup", "--to", public, good).says(t, 1, "is there already")
	invoke(t, environ, "backup", "--to", public, filepath.Join(to, "no", "folder")).says(t, 1, "name a folder that exists")
	invoke(t, environ, "backup").says(t, 1, "usage")
	invoke(t, environ, "restore", good).says(t, 1, "usage")
	write := func(name string, content []byte) string {
		path := filepath.Join(t.TempDir(), name)
		must(t, os.WriteFile(path, content, 0o600))
		return path
	}
	other, place := copied(t, environ, dir, "")
	refused := func(parts string, args ...string) {
		t.Helper()
		invoke(t, other, append([]string{"restore"}, args...)...).says(t, 1, parts)
		c, err := readConfig(other)
		must(t, err)
		if s, err := look(t.Context(), c); err != nil || s.Version != 0 {
			t.Errorf("%s left %+v, %v", parts, s, err)
		}
		names, err := filepath.Glob(filepath.Join(place, "evidence", "??", "*"))
		if must(t, err); len(names) > 0 {
			t.Errorf("%s left %v", parts, names)
		}
	}
	refused("cannot be read", "--identity", identity, filepath.Join(to, "missing"))
	refused("--identity", "--identity", good, good)
	refused("encrypted to another key|LIUHEN_BACKUP_RECIPIENT", "--identity", foreign, good)
	refused("not a backup", "--identity", identity, write("text", []byte("something else")))
	refused("not a backup", "--identity", identity, write("empty", nil))
	id, err := age.ParseX25519Recipient(public)
	must(t, err)
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, id)
	must(t, err)
	_, err = w.Write([]byte(strings.Repeat("foreign", 500)))
	must(t, err)
	must(t, w.Close())
	refused("damaged or ends early|nothing was restored", "--identity", identity, write("foreign", sealed.Bytes()))
	for _, n := range []int{100, 300, len(whole) / 4, len(whole) / 2, len(whole) - bytesInTail, len(whole) - 1} {
		refused("damaged or ends early", "--identity", identity, write("cut", whole[:n]))
	}
	for _, at := range []int{len(whole) / 3, len(whole) * 2 / 3, len(whole) - 5} {
		bad := bytes.Clone(whole)
		bad[at] ^= 1
		refused("damaged or ends early", "--identity", identity, write("flipped", bad))
	}
	key := filepath.Join(place, "keys")
	kept, err := os.ReadFile(key)
	must(t, err)
	must(t, os.Remove(key))
	refused("put the key file of this backup there|is lost for good|not lost are", "--identity", identity, good)
	_, dir2, _ := installation(t, "")
	strange, err := os.ReadFile(filepath.Join(dir2, "keys"))
	must(t, err)
	must(t, os.WriteFile(key, strange, 0o600))
	refused("not the key file of this backup|is lost for good", "--identity", identity, good)
	must(t, os.WriteFile(key, kept, 0o600))
	invoke(t, other, "restore", "--identity", identity, good).says(t, 0, "0 faults")
}

// bytesInTail is about as much as the end of a backup takes.
const bytesInTail = 2000

// TestBackupOnAFullDisk needs root for a small file system of its own.
func TestBackupOnAFullDisk(t *testing.T) {
	environ, _, _ := furnished(t, "")
	public, _ := keyPair(t)
	small := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small).CombinedOutput(); err != nil {
		t.Skipf("no file system can be mounted here: %s", out)
	}
	defer func() { must(t, exec.Command("umount", small).Run()) }()
	invoke(t, environ, "backup", "--to", public, small).says(t, 1, "no space left|make room|nothing was left behind")
	if left, err := os.ReadDir(small); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestKeysCommand changes keys as an administrator does, kills included.
func TestKeysCommand(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, _ dbtest.Open) {
		environ, dir, _ := furnished(t, dbtest.Address(t))
		first := opened(t, environ).keys.Current()
		invoke(t, environ, "keys").says(t, 0, first+": |wraps what comes")
		invoke(t, environ, "keys", "retire", first).says(t, 1, "the key is still needed")
		invoke(t, with(environ, "LIUHEN_SUITE=guomi"), "check").says(t, 1, "run keys rotate")
		invoke(t, with(environ, "LIUHEN_SUITE=guomi"), "keys", "rotate").says(t, 0, "(guomi) added|copy the file|0 left|done")
		second := opened(t, environ).keys.Current()
		invoke(t, environ, "keys").says(t, 0, first+": 0 data keys|not needed any more|"+second)
		invoke(t, environ, "verify").says(t, 0, "2 records and 1 pieces of evidence checked, 0 faults")
		invoke(t, environ, "keys", "retire", second).says(t, 1, "the key is still needed")
		invoke(t, environ, "keys", "retire", first).says(t, 0, "no more")
		invoke(t, environ, "verify").says(t, 0, "2 records and 1 pieces of evidence checked, 0 faults")
		invoke(t, environ, "keys", "retire", "00000000").says(t, 1, "no such key")
		invoke(t, environ, "keys", "turn").says(t, 1, "keys rotate")
		text, err := os.ReadFile(filepath.Join(dir, "keys"))
		if must(t, err); strings.Contains(string(text), first) || !strings.Contains(string(text), second) {
			t.Error("the key file does not follow")
		}
	})
}

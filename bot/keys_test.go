package main

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"liuhen/flows"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
	"liuhen/storage/dialogs"
	"liuhen/storage/dialogs/dialogstest"
	"liuhen/storage/vault"
)

// storesOf opens everything of an installation; the caller closes it.
func storesOf(t *testing.T, environ []string) *stores {
	t.Helper()
	c, err := readConfig(environ)
	must(t, err)
	s, err := openStores(t.Context(), c, time.Now)
	must(t, err)
	return s
}

// oldKey is the key that does not wrap what comes, as keys prints it.
func oldKey(t *testing.T, environ []string) string {
	t.Helper()
	for line := range strings.Lines(invoke(t, environ, "keys").out) {
		if !strings.Contains(line, "wraps what comes") {
			id, _, _ := strings.Cut(line, ":")
			return id
		}
	}
	t.Fatal("there is one key only")
	return ""
}

// TestDraftsOutliveTheirKey: a draft stays readable through any change of keys, in the database and in Redis. One that an earlier release
// sealed under the key file keeps that key from being retired until its owner goes on.
func TestDraftsOutliveTheirKey(t *testing.T) {
	for name, settings := range map[string][]string{"table": nil, "redis": {"REDIS_URL=" + dialogstest.StartRedis(t).URL}} {
		t.Run(name, func(t *testing.T) {
			environ, _, _ := installation(t, "")
			environ = append(environ, settings...)
			s := storesOf(t, environ)
			rev, err := s.dialogs.Save(t.Context(), "chat", []byte("draft"), 0, time.Hour)
			must(t, err)
			var beneath dialogs.Store = s.table
			if s.table == nil {
				beneath, err = dialogs.NewRedis(s.cfg.RedisURL, time.Now)
				must(t, err)
				defer beneath.Close()
			}
			before := dialogs.Encrypted(beneath, s.keys) // as the first release sealed
			old, err := before.Save(t.Context(), "earlier", []byte("older draft"), 0, time.Hour)
			must(t, err)
			must(t, s.Close())
			invoke(t, environ, "keys", "rotate").says(t, 0, "done; go run ./bot keys")
			id := oldKey(t, environ)
			invoke(t, environ, "keys", "retire", id).says(t, 1, "it opens 1 drafts of an earlier release|when its owner goes on")
			s = storesOf(t, environ)
			if b, _, err := s.dialogs.Load(t.Context(), "earlier"); err != nil || string(b) != "older draft" {
				t.Errorf("the older draft: %q %v", b, err)
			}
			_, err = s.dialogs.Save(t.Context(), "earlier", []byte("older draft"), old, time.Hour)
			must(t, err)
			must(t, s.Close())
			invoke(t, environ, "keys", "retire", id).says(t, 0, "is in the key file no more")
			s = storesOf(t, environ)
			defer s.Close()
			for key, want := range map[string]string{"chat": "draft", "earlier": "older draft"} {
				if b, _, err := s.dialogs.Load(t.Context(), key); err != nil || string(b) != want {
					t.Errorf("after the key is gone, %s: %q %v", key, b, err)
				}
			}
			if _, err := s.dialogs.Save(t.Context(), "chat", []byte("further"), rev, time.Hour); err != nil {
				t.Errorf("going on: %v", err)
			}
		})
	}
}

// TestKeysRotateKilled kills the real process with signal 9 in the middle of changing keys, as soon as it has added the key and
// again as soon as it has wrapped a part: everything opens at any moment, and the next call goes on with the same key.
func TestKeysRotateKilled(t *testing.T) {
	environ, _, w := installation(t, "")
	s := storesOf(t, environ)
	for _, p := range w.Appraisers[:2] {
		must(t, s.db.Commit(t.Context(), p.Caller(), w.Event(), dbtest.Start, []flows.Durable{flows.File{Record: w.Zero(p, w.Cases[0])}}))
	}
	_, err := s.dialogs.Save(t.Context(), "chat", []byte("draft"), 0, time.Hour)
	must(t, err)
	manyKeys(t, s.db, s.keys, 1200)
	must(t, s.Close())
	binary := filepath.Join(t.TempDir(), "liuhen")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("building the program: %v\n%s", err, out)
	}
	added := ""
	for _, moment := range []string{"added to", " left"} {
		said, whole := rotateUntil(t, binary, environ, moment)
		if whole {
			t.Fatalf("it was done before it could be killed at %q: %s", moment, said)
		}
		if k, _, ok := strings.Cut(strings.TrimPrefix(said, "key "), " ("); ok && added == "" {
			added = k
		}
		if !strings.Contains(said, added) {
			t.Errorf("another key was begun: %s, not %s", said, added)
		}
		s := storesOf(t, environ)
		if b, _, err := s.dialogs.Load(t.Context(), "chat"); err != nil || string(b) != "draft" {
			t.Errorf("killed at %q, the draft: %q %v", moment, b, err)
		}
		must(t, s.Close())
		invoke(t, environ, "verify").says(t, 0, "2 records|0 faults")
	}
	invoke(t, environ, "keys", "rotate").says(t, 0, "going on with key "+added+"|0 left|done")
	invoke(t, environ, "keys", "retire", oldKey(t, environ)).says(t, 0, "is in the key file no more")
	invoke(t, environ, "verify").says(t, 0, "2 records|0 faults")
}

// rotateUntil runs keys rotate as a process and kills it once it has said something. whole: it was done before.
func rotateUntil(t *testing.T, binary string, environ []string, moment string) (said string, whole bool) {
	t.Helper()
	cmd := exec.Command(binary, "keys", "rotate")
	var errs bytes.Buffer
	cmd.Env, cmd.Stderr = append(os.Environ(), environ...), &errs
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		said += lines.Text() + "\n"
		if strings.Contains(lines.Text(), moment) {
			must(t, cmd.Process.Kill())
			break
		}
	}
	_ = cmd.Wait()
	if errs.Len() > 0 {
		t.Errorf("it said %s", errs.String())
	}
	return said, cmd.ProcessState.ExitCode() == 0
}

// manyKeys adds data keys of rows that are not there, so that changing keys takes several transactions.
func manyKeys(t *testing.T, d *db.DB, keys *vault.Keys, n int) {
	t.Helper()
	x, err := d.SQL().BeginTx(t.Context(), nil)
	must(t, err)
	for i := range n {
		row := strings.Repeat("x", 1+i%7) + time.Duration(i).String()
		by, wrapped, err := keys.Wrap(t.Context(), vault.NewDataKey().Secret(), "data_keys", "none", row)
		must(t, err)
		_, err = x.ExecContext(t.Context(), "INSERT INTO data_keys (of_table, of_row, wrapped_by, wrapped) VALUES ('none', $1, $2, $3)", row, by, wrapped)
		must(t, err)
	}
	must(t, x.Commit())
}

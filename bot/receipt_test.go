package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"liuhen/bot/turn"
	"liuhen/flows"
	"liuhen/flows/record"
	"liuhen/flows/text"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
	witness "liuhen/storage/ledger"
	"liuhen/storage/vault"
)

// receipted is an installation in which a zero entry and a report were filed, and what their signers keep of them.
func receipted(t *testing.T, settings ...string) (environ []string, dir string, kept map[string][]turn.Copy) {
	t.Helper()
	environ, dir, w := installation(t, "")
	environ = append(environ, settings...)
	c, err := readConfig(environ)
	must(t, err)
	s, err := openRegister(t.Context(), c, dbtest.At(dbtest.Start).Now, false)
	must(t, err)
	defer s.Close()
	kept = map[string][]turn.Copy{}
	signer := w.Appraisers[0]
	for name, r := range map[string]record.Record{"zero": w.Zero(signer, w.Cases[1]), "event": w.Direct(signer, w.Cases[1], "经过")} {
		must(t, s.db.Commit(t.Context(), signer.Caller(), w.Event(), dbtest.Start, []flows.Durable{flows.File{Record: r}}))
		kept[name], err = s.receipts(text.ZhHans)(t.Context(), signer.Caller(), w.Event(), r.ID)
		must(t, err)
	}
	return environ, dir, kept
}

// A receipt verifies with the public key alone: no settings, no data folder, nothing that could be asked.
func TestReceiptVerifiesOffline(t *testing.T) {
	for _, suite := range []vault.Suite{vault.Standard, vault.Guomi} {
		environ, dir, kept := receipted(t, "LIUHEN_SUITE="+string(suite))
		public := strings.TrimSpace(invoke(t, environ, "verify", "--public-key").out)
		if k, err := vault.ParsePublicKey(public); err != nil || k.String() != public {
			t.Fatalf("public key %q: %v", public, err)
		}
		away := t.TempDir()
		keyFile, file := filepath.Join(away, "key.txt"), filepath.Join(away, "receipt.txt")
		must(t, os.WriteFile(keyFile, []byte(public+"\n"), 0o600))
		before := tree(t, dir)
		for _, docs := range kept {
			must(t, os.WriteFile(file, docs[0].Content, 0o600))
			for _, args := range [][]string{
				{"verify", file, "--key", public}, {"verify", "-key", public, file}, {"verify", file, "-key", keyFile},
			} {
				invoke(t, nil, args...).says(t, 0, "回执真实：系统 liuhen-|张三|示例司法鉴定中心|签名方式：一级（在聊天中确认）|The receipt is genuine")
			}
			for _, args := range [][]string{{"verify", "-", "--key", public}, {"verify", "--key", public}} {
				invokeWith(t, docs[0].Content, args...).says(t, 0, "回执真实")
			}
			invoke(t, environ, "verify", file).says(t, 0, "回执真实") // with the installation's own key
			altered := bytes.Replace(docs[0].Content, []byte("张三"), []byte("李四"), 1)
			must(t, os.WriteFile(file, altered, 0o600))
			invoke(t, nil, "verify", file, "--key", public).says(t, 1, "文字被改动过，或是伪造的|was altered or forged")
			must(t, os.WriteFile(file, docs[0].Content[:300], 0o600))
			invoke(t, nil, "verify", file, "--key", public).says(t, 1, "不是一份完整的回执|not a whole receipt")
			must(t, os.WriteFile(file, docs[1].Content, 0o600)) // the picture
			invoke(t, nil, "verify", file, "--key", public).says(t, 1, "二维码给出的全部文字")
			must(t, os.WriteFile(file, docs[0].Content, 0o600))
			invoke(t, nil, "verify", file, "--key", dbtest.Keys(t).PublicKey(suite)).says(t, 1, "另一个系统或另一把密钥|another system")
		}
		if tree(t, dir) != before {
			t.Error("verifying a receipt changed the data folder")
		}
	}
	file := filepath.Join(t.TempDir(), "x")
	for _, args := range [][]string{{"verify", file, "a", "b"}, {"verify", file, "--public-key"}, {"verify", "--nothing"}, {"verify", file, "--checkpoint", file}} {
		invoke(t, nil, args...).says(t, 1, "usage: verify ")
	}
	invoke(t, nil, "verify", file, "--key", "nothing").says(t, 1, "no such file")
	must(t, os.WriteFile(file, []byte("x"), 0o600))
	invoke(t, nil, "verify", file, "--key", "nothing").says(t, 1, "--key: it is neither a public key nor a file with one")
	invoke(t, nil, "verify", file, "--key", file).says(t, 1, "this is not a public key of Liuhen")
	invoke(t, []string{"LIUHEN_DATA=" + t.TempDir()}, "verify", file).says(t, 1, "give the public key with --key")
	invoke(t, nil, "verify", "--key", dbtest.Keys(t).PublicKey(vault.Standard)).says(t, 1, "there is no receipt")
}

// invokeWith runs the program with something on standard input and nothing in its environment.
func invokeWith(t testing.TB, in []byte, args ...string) invoked {
	t.Helper()
	var out, errs lockedBuffer
	p := &program{in: bytes.NewReader(in), out: &out, err: &errs, clock: dbtest.At(dbtest.Start).Now}
	return invoked{code: p.main(t.Context(), args), out: out.String(), err: errs.String()}
}

// What a signer keeps of 无此类情况 and of a report differs in nothing but what is random: same names, same sizes, same fields.
func TestReceiptFilesLookTheSame(t *testing.T) {
	_, _, kept := receipted(t)
	zero, event := kept["zero"], kept["event"]
	if len(zero) != 2 || len(event) != 2 {
		t.Fatalf("%d and %d files", len(zero), len(event))
	}
	for i := range zero {
		if len(zero[i].Content) != len(event[i].Content) || len(zero[i].Name) != len(event[i].Name) {
			t.Errorf("%s has %d bytes, %s %d", zero[i].Name, len(zero[i].Content), event[i].Name, len(event[i].Content))
		}
	}
	for _, d := range append(zero, event...) {
		if strings.Contains(string(d.Content), "无此类情况") || strings.Contains(string(d.Content), "经过") {
			t.Errorf("%s says what was filed", d.Name)
		}
	}
}

// The day's checkpoint is written once, and whoever shortens the log afterwards is told of by it.
func TestDailyCheckpoint(t *testing.T) {
	environ, dir, w := installation(t, "")
	c, err := readConfig(environ)
	must(t, err)
	s, err := openRegister(t.Context(), c, dbtest.At(dbtest.Start).Now, false)
	must(t, err)
	defer s.Close()
	must(t, s.keepCheckpoint(t.Context(), dbtest.Start))
	path := filepath.Join(dir, "checkpoints", "2026-11-24.txt")
	first, err := os.ReadFile(path)
	must(t, err)
	r := w.Zero(w.Appraisers[0], w.Cases[1])
	must(t, s.db.Commit(t.Context(), w.Appraisers[0].Caller(), w.Event(), dbtest.Start, []flows.Durable{flows.File{Record: r}}))
	must(t, s.keepCheckpoint(t.Context(), dbtest.Start.Add(time.Hour)))
	if again, err := os.ReadFile(path); err != nil || !bytes.Equal(first, again) {
		t.Errorf("the day's checkpoint was written twice: %v", err)
	}
	must(t, s.keepCheckpoint(t.Context(), dbtest.Start.AddDate(0, 0, 1)))
	if left, _ := filepath.Glob(filepath.Join(dir, "checkpoints", "*")); len(left) != 2 {
		t.Errorf("%v", left)
	}
	public := invoke(t, environ, "verify", "--public-key").out
	invoke(t, nil, "verify", path, "--key", strings.TrimSpace(public)).says(t, 0, "检查点真实：系统 liuhen-|2026-11-24 10:00:00")
	invoke(t, environ, "verify").says(t, 0, "1 records|0 faults; 2 checkpoints and receipts compared")
	elsewhere := filepath.Join(t.TempDir(), "receipt.txt")
	signed, err := s.db.Receipt(t.Context(), w.Appraisers[0].Caller(), w.Event(), r.ID)
	must(t, err)
	must(t, os.WriteFile(elsewhere, signed, 0o600))
	invoke(t, environ, "verify", "--checkpoint", elsewhere).says(t, 0, "3 checkpoints and receipts compared")
	shown := invoke(t, environ, "export", "--checkpoint", "-")
	if _, err := witness.OpenCheckpoint([]byte(shown.out), s.keys.Verifiers()...); err != nil || shown.code != 0 {
		t.Errorf("%+v %v", shown, err)
	}
	exported := filepath.Join(t.TempDir(), "now.txt")
	invoke(t, environ, "export", "--checkpoint", exported).says(t, 0, "")
	invoke(t, environ, "export", "--checkpoint", exported+"/x").says(t, 1, "--checkpoint: |choose another place")
	invoke(t, environ, "verify", "--checkpoint", exported).says(t, 0, "0 faults; 3 checkpoints")
	forged := filepath.Join(t.TempDir(), "forged.txt")
	must(t, os.WriteFile(forged, []byte(strings.ReplaceAll(string(signed), r.Signer.Name, "某某")), 0o600))
	strange, _, _ := installation(t, "")
	theirs := filepath.Join(t.TempDir(), "theirs.txt")
	invoke(t, strange, "export", "--checkpoint", theirs).says(t, 0, "")
	got := invoke(t, environ, "verify", "--checkpoint", forged, "--checkpoint", theirs) // says nothing of the store
	got.says(t, 1, "forged.txt: it could not be compared: the signature does not belong to this text|theirs.txt: it could not be compared: another system signed it|"+
		"0 faults; 2 checkpoints and receipts compared|verify: 2 checkpoints or receipts could not be compared: give those that this system signed")
	if strings.Contains(got.err, "keep the database") {
		t.Errorf("a witness of somebody else is called a fault of the database:\n%s", got.err)
	}
	shorten(t, s.db, r.ID)
	got = invoke(t, environ, "verify", "--checkpoint", elsewhere)
	got.says(t, 1, "checkpoint of 2026-11-24 10:00:00 log: the log had |its end was removed|"+r.ID+" receipt: the entry it was issued for is not in the log")
	must(t, os.WriteFile(path, []byte("nothing"), 0o600))
	invoke(t, environ, "verify").says(t, 1, "2026-11-24.txt: it could not be compared: this is not a whole receipt or checkpoint")
}

// Officers of the authority get the day's checkpoint, the same text whoever asks and whatever was filed meanwhile; nobody else does.
func TestOfficersGetTheCheckpoint(t *testing.T) {
	environ, dir, w := installation(t, "")
	c, err := readConfig(environ)
	must(t, err)
	s, err := openRegister(t.Context(), c, dbtest.At(dbtest.Start).Now, false)
	must(t, err)
	defer s.Close()
	get := s.checkpoints(text.ZhHans)
	first, err := get(t.Context(), w.CityOfficer.Caller(), w.Event())
	must(t, err)
	report := w.Direct(w.Appraisers[0], w.Cases[1], "经过")
	must(t, s.db.Commit(t.Context(), w.Appraisers[0].Caller(), w.Event(), dbtest.Start, []flows.Durable{flows.File{Record: report}}))
	for _, p := range []dbtest.Somebody{w.CityOfficer, w.CityLead, w.ProvinceOfficer} {
		again, err := get(t.Context(), p.Caller(), w.Event())
		if err != nil || len(again) != 1 || again[0].Name != "检查点-2026-11-24.txt" || !bytes.Equal(again[0].Content, first[0].Content) {
			t.Errorf("%s: %+v %v", p.Name, again, err)
		}
	}
	if kept, err := os.ReadFile(filepath.Join(dir, "checkpoints", "2026-11-24.txt")); err != nil || !bytes.Equal(kept, first[0].Content) {
		t.Errorf("another one is kept: %v", err)
	}
	for _, p := range []dbtest.Somebody{w.Head, w.Receiver, w.Archivist, w.Appraisers[0]} {
		if got, err := get(t.Context(), p.Caller(), w.Event()); !errors.Is(err, db.ErrDenied) || got != nil {
			t.Errorf("%s gets it: %v", p.Name, err)
		}
	}
	later, err := s.db.Checkpoint(t.Context())
	if err != nil || len(later) != len(first[0].Content) {
		t.Errorf("its length tells that something was filed: %d, %d, %v", len(first[0].Content), len(later), err)
	}
}

// shorten removes the last entry and everything after it, as somebody with all rights on the server could.
func shorten(t *testing.T, d *db.DB, id string) {
	t.Helper()
	d.SQL().SetMaxOpenConns(1)
	for _, q := range []string{
		"PRAGMA foreign_keys = 0", "DROP TRIGGER records_no_delete", "DROP TRIGGER links_no_delete", "DROP TRIGGER audit_no_delete",
		"DROP TRIGGER log_no_delete", "DROP TRIGGER log_hashes_no_delete",
		"CREATE TABLE last AS SELECT MAX(n) AS n FROM log",
		"DELETE FROM records WHERE id = '" + id + "'", "DELETE FROM links WHERE record = '" + id + "'", "DELETE FROM audit WHERE subject = '" + id + "'",
		"UPDATE signers SET filed_ms = NULL", "DELETE FROM log WHERE n > (SELECT n FROM last) - 4",
	} {
		if _, err := d.SQL().ExecContext(context.Background(), q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	var size int64
	must(t, d.SQL().QueryRow("SELECT MAX(n) + 1 FROM log").Scan(&size))
	if _, err := d.SQL().Exec("DELETE FROM log_hashes WHERE i >= $1", ledgerHashes(size)); err != nil {
		t.Fatal(err)
	}
}

// ledgerHashes is how many hashes a log of that size has.
func ledgerHashes(size int64) int64 {
	n := int64(0)
	for ; size > 0; size >>= 1 {
		n += size
	}
	return n
}

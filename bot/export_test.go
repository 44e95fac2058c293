package main

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"

	"liuhen/flows"
	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
	"liuhen/storage/vault"
)

// keyring writes the archive keys of all organs, and gives the names of the secret files by their owners.
func keyring(t *testing.T, environ []string, dir string, w *dbtest.World) map[string]string {
	t.Helper()
	c, err := readConfig(environ)
	must(t, err)
	s, err := openRegister(t.Context(), c, dbtest.At(dbtest.Start).Now, false)
	must(t, err)
	reg, err := s.db.Directory(t.Context())
	must(t, err)
	must(t, s.Close())
	out := map[string]string{}
	public := func(owner string) string {
		k, err := age.GenerateX25519Identity()
		must(t, err)
		out[owner] = filepath.Join(t.TempDir(), "key")
		must(t, os.WriteFile(out[owner], []byte("# made by age-keygen\n"+k.String()+"\n"), 0o600))
		return k.Recipient().String()
	}
	var b strings.Builder
	for _, u := range reg.Units {
		if u.Kind != law.AuthorityUnit {
			continue
		}
		people := []string{w.CityLead.Name, w.CityOfficer.Name, w.OtherOfficer.Name}
		if string(u.ID) == w.Province {
			people = []string{w.ProvinceLead.Name, w.ProvinceOfficer.Name}
		}
		fmt.Fprintf(&b, "[[organ]]\nname = %q\nkey = %q\nauthorised = [", u.Name, public(string(u.ID)))
		for _, p := range people {
			fmt.Fprintf(&b, "{name = %q, key = %q},", p, public(p))
		}
		b.WriteString("]\n")
	}
	must(t, os.WriteFile(filepath.Join(dir, "archive.toml"), []byte(b.String()), 0o600))
	return out
}

// signed files entries as their signers.
func signed(t *testing.T, environ []string, w *dbtest.World, entries ...record.Record) {
	t.Helper()
	c, err := readConfig(environ)
	must(t, err)
	s, err := openRegister(t.Context(), c, dbtest.At(dbtest.Start).Now, false)
	must(t, err)
	defer s.Close()
	for _, r := range entries {
		account := int64(0)
		for _, a := range w.Appraisers {
			if a.ID == r.Signer.ID {
				account = a.Account
			}
		}
		if account == 0 {
			account = w.Archivist.Account
		}
		must(t, s.db.Commit(t.Context(), db.Caller{Account: account, Person: r.Signer.ID}, w.Event(), r.Signed, []flows.Durable{flows.File{Record: r}}))
	}
}

// outside is what can be seen of a folder of packages without a key: names, sizes, and the neutral parts.
func outside(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		i, err := d.Info()
		must(t, err)
		fmt.Fprintln(&b, strings.TrimPrefix(path, dir), i.Size())
		if n := d.Name(); n == "index.json" || n == "index.pdf" || n == "README.txt" || n == "FORMAT.md" {
			content, err := os.ReadFile(path)
			must(t, err)
			b.Write(content)
		}
		return nil
	}))
	return b.String()
}

// TestExportTellsNothing: the packages of worlds in which one signer filed 无此类情况, a report, a direct report on the head or on the
// authority's leader, a correction, or a colleague filed besides, are the same to whoever holds them, and so is what export says.
func TestExportTellsNothing(t *testing.T) {
	first := ""
	for _, name := range []string{"zero", "report", "direct", "lead", "correction", "other", "long"} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, _ dbtest.Open) {
				environ, dir, w := installation(t, dbtest.Address(t))
				c := w.Cases[0]
				a, b := w.Appraisers[0], w.Appraisers[1]
				entries := []record.Record{w.Zero(b, c)}
				lead := w.Direct(a, c, "canary")
				lead.Report.Excluded = append(lead.Report.Excluded, dbtest.Exclude(w.CityLead, law.ImplicatedLead), dbtest.Exclude(w.CityOfficer, law.LedByImplicated))
				lead.Report.Stops = nil
				lead.Report.Held = true
				zero, redo := w.Zero(a, c), w.Report(a, c, "canary")
				redo.Supersedes = zero.ID
				redo.Answers[form.Reason] = form.Answer{Text: "canary"}
				long := w.Report(a, c, strings.Repeat("鉴定意见须独立", 1400))
				entries = append(entries, map[string][]record.Record{
					"zero": {w.Zero(a, c)}, "report": {w.Report(a, c, "canary")}, "direct": {w.Direct(a, c, "canary")}, "lead": {lead},
					"correction": {zero, redo}, "other": {w.Zero(a, c), w.Report(w.Archivist, c, "canary")}, "long": {long},
				}[name]...)
				signed(t, environ, w, entries...)
				keyring(t, environ, dir, w)
				to := filepath.Join(t.TempDir(), "out")
				said := invoke(t, environ, "export", "--to", to)
				said.says(t, 0, "已导出 1 件案件的密存件|件案件有人未签署")
				got := strings.ReplaceAll(said.out+outside(t, to), to, "")
				for _, other := range w.Cases {
					got = strings.ReplaceAll(got, other.ID, "CASE")
				}
				if strings.Contains(got, "canary") {
					t.Errorf("%s: content shows", name)
				}
				if first == "" {
					first = got
				}
				if got != first {
					t.Errorf("%s looks like\n%s\nnot like\n%s", name, got, first)
				}
			})
		})
	}
}

// TestUnseal: the authority's key opens what was filed, the same bytes and print; that of an organ whose leader is implicated
// does not; each time it is written down first.
func TestUnseal(t *testing.T) {
	environ, dir, w := installation(t, "")
	c := w.Cases[0]
	a, b := w.Appraisers[0], w.Appraisers[1]
	report := w.Direct(a, c, "要求修改意见")
	report.Report.Lead = true
	zero := w.Zero(b, c)
	signed(t, environ, w, report, zero)
	keys := keyring(t, environ, dir, w)
	to := filepath.Join(t.TempDir(), "out")
	invoke(t, environ, "export", "--to", to).says(t, 0, "已导出 1 件")
	pkg := filepath.Join(to, "case-"+c.ID)
	open := func(want string, files int, owners ...string) {
		t.Helper()
		out := filepath.Join(t.TempDir(), "opened")
		args := []string{"export", "--unseal", pkg, "--to", out, "--reason", "云司调〔2026〕7号"}
		for _, o := range owners {
			args = append(args, "--identity", keys[o])
		}
		code := 0
		if files == 0 {
			code = 1
		}
		invoke(t, environ, args...).says(t, code, want)
		found, _ := filepath.Glob(filepath.Join(out, "*", "*"))
		if len(found) != files {
			t.Errorf("%v open %v", owners, found)
		}
		for _, f := range found {
			if !strings.HasSuffix(f, "entry-1.json") {
				continue
			}
			got, err := os.ReadFile(f)
			must(t, err)
			r := report
			if !strings.Contains(string(got), r.ID) {
				r = zero
			}
			if want, err := r.Canonical(); err != nil || string(want) != string(got) {
				t.Errorf("%s is not what was signed: %v", f, err)
			}
		}
	}
	open("已拆封 1 份|其中 1 份记录与回执相符", 8, w.Province)
	open("已拆封 2 份|其中 1 份记录与回执相符", 11, w.City) // the other signer's, and the empty part of other people
	open("已拆封 1 份", 8, w.ProvinceLead.Name, w.ProvinceOfficer.Name)
	open("these keys open nothing in it", 0, w.ProvinceLead.Name)
	invoke(t, environ, "export", "--unseal", pkg, "--to", t.TempDir(), "--identity", keys[w.Province]).says(t, 1, "--reason is missing")
	cfg, err := readConfig(environ)
	must(t, err)
	s, err := openRegister(t.Context(), cfg, dbtest.At(dbtest.Start).Now, false)
	must(t, err)
	defer s.Close()
	var n int
	must(t, s.db.SQL().QueryRow("SELECT COUNT(*) FROM audit WHERE action = 'unseal' AND subject = $1 AND why = '云司调〔2026〕7号' AND caller LIKE 'age1%'", c.ID).Scan(&n))
	if n == 0 {
		t.Error("nothing was written down")
	}
}

// TestUnsealedVerifies: what was unsealed verifies in 25 years with the public key alone, by verify and, as FORMAT.md in the package says, by
// openssl and Python; one changed byte of an entry or its proof is refused by both.
func TestUnsealedVerifies(t *testing.T) {
	environ, dir, w := installation(t, "")
	a, b := w.Appraisers[0], w.Appraisers[1]
	signed(t, environ, w, w.Direct(a, w.Cases[0], "要求修改意见"), w.Zero(b, w.Cases[0]), w.Zero(a, w.Cases[1]))
	keys := keyring(t, environ, dir, w)
	to, out := filepath.Join(t.TempDir(), "out"), filepath.Join(t.TempDir(), "opened")
	invoke(t, environ, "export", "--to", to).says(t, 0, "已导出 1 件")
	pkg := filepath.Join(to, "case-"+w.Cases[0].ID)
	public := strings.TrimSpace(invoke(t, environ, "verify", "--public-key").out)
	invoke(t, nil, "verify", pkg, "--key", public).says(t, 0, "文件完整|封存件没有拆封")
	invoke(t, environ, "export", "--unseal", pkg, "--to", out, "--reason", "x", "--identity", keys[w.City]).says(t, 0, "其中 2 份记录与回执相符")
	manual, err := os.ReadFile(filepath.Join(pkg, "FORMAT.md"))
	must(t, err)
	_, program, _ := strings.Cut(string(manual), "```python\n")
	program, _, _ = strings.Cut(program, "```")
	python := func(folder string) (string, error) {
		said, err := exec.Command("python3", "-c", program, folder, public).CombinedOutput()
		return string(said), err
	}
	parts, err := filepath.Glob(filepath.Join(out, "part-*"))
	must(t, err)
	if len(parts) != 3 {
		t.Fatalf("unsealed %v", parts)
	}
	for _, part := range parts {
		invoke(t, nil, "verify", part, "--key", public).says(t, 0, "文件完整|份记录与回执相符|entries in it are those")
		if said, err := python(part); err != nil || !strings.HasSuffix(said, "good\n") {
			t.Errorf("Python: %v\n%s", err, said)
		}
		for _, name := range []string{"entry-1.json", "entry-1.proof.json", "entry-1.receipt.txt", "checkpoint.txt", "SIGNATURE.txt", "sheet.pdf"} {
			path := filepath.Join(part, name)
			whole, err := os.ReadFile(path)
			if os.IsNotExist(err) && strings.HasPrefix(name, "entry-1") || os.IsNotExist(err) && name == "sheet.pdf" {
				continue // the part of other people, who filed nothing
			}
			must(t, err)
			bad := slices.Clone(whole)
			bad[len(bad)/2] ^= 1
			must(t, os.WriteFile(path, bad, 0o600))
			invoke(t, nil, "verify", part, "--key", public).says(t, 1, part)
			if said, err := python(part); err == nil {
				t.Errorf("Python takes an altered %s: %s", name, said)
			}
			must(t, os.WriteFile(path, whole, 0o600))
		}
		stray := filepath.Join(part, "entry-2.txt")
		must(t, os.WriteFile(stray, []byte("x"), 0o600))
		invoke(t, nil, "verify", part, "--key", public).says(t, 1, "entry-2.txt is on no list")
		if said, err := python(part); err == nil || !strings.Contains(said, "entry-2.txt: put in") {
			t.Errorf("Python takes what was put in: %s", said)
		}
		must(t, os.Remove(stray))
	}
	invoke(t, nil, "verify", parts[0], "--key", dbtest.Keys(t).PublicKey(vault.Standard)).says(t, 1, "另一个系统或另一把密钥")
	// A package that others made up: nothing of it is given out.
	must(t, os.WriteFile(filepath.Join(pkg, "SIGNATURE.txt"), []byte("x"), 0o600))
	refused := filepath.Join(t.TempDir(), "refused")
	invoke(t, environ, "export", "--unseal", pkg, "--to", refused, "--reason", "x", "--identity", keys[w.City]).says(t, 1, "SIGNATURE.txt")
	if _, err := os.Stat(refused); err == nil {
		t.Error("something was written")
	}
}

// TestExportFaults: one sentence with the next step for everything that can be wrong, and nothing is written.
func TestExportFaults(t *testing.T) {
	environ, dir, w := installation(t, "")
	signed(t, environ, w, w.Zero(w.Appraisers[0], w.Cases[0]), w.Zero(w.Appraisers[1], w.Cases[0]))
	to := filepath.Join(t.TempDir(), "out")
	export := func(want string, args ...string) {
		t.Helper()
		invoke(t, environ, append([]string{"export"}, args...)...).says(t, 1, want)
		if _, err := os.Stat(to); err == nil {
			t.Errorf("%v wrote something", args)
		}
	}
	export("--to is missing")
	export("usage: export", "--to", to, "surplus")
	export("archive.toml cannot be read", "--to", to)
	keyring(t, environ, dir, w)
	export(`--from "gestern" is not a day`, "--to", to, "--from", "gestern")
	export("this is not a package of Liuhen", "--unseal", t.TempDir(), "--to", to, "--reason", "x", "--identity", keyring(t, environ, dir, w)[w.City])
	export("--identity is missing", "--unseal", t.TempDir(), "--to", to, "--reason", "x")
	export("does not hold one key of age", "--unseal", t.TempDir(), "--to", to, "--reason", "x", "--identity", filepath.Join(dir, "archive.toml"))
	path := filepath.Join(dir, "archive.toml")
	whole, err := os.ReadFile(path)
	must(t, err)
	_, second, _ := strings.Cut(strings.TrimPrefix(string(whole), "[[organ]]"), "[[organ]]")
	must(t, os.WriteFile(path, []byte("[[organ]]"+second), 0o600))
	export("is missing: add its [[organ]]", "--to", to)
	must(t, os.WriteFile(path, []byte(strings.ReplaceAll(string(whole), w.CityOfficer.Name, "无名氏")), 0o600))
	export("无名氏 is nobody of", "--to", to)
	must(t, os.WriteFile(path, whole, 0o600))
	invoke(t, environ, "export", "--to", to, "--from", "2026-12-31").says(t, 0, "这段时间没有办结的案件")
	invoke(t, environ, "export", "--to", to, "--institution", "没有这家").says(t, 0, "这段时间没有办结的案件")
	invoke(t, environ, "export", "--to", to).says(t, 0, "已导出 1 件")
}

// TestImplicatedCannotUnseal: an authorised person whom an entry excludes is of no use for opening it (Art. 10).
func TestImplicatedCannotUnseal(t *testing.T) {
	environ, dir, w := installation(t, "")
	report := w.Direct(w.Appraisers[0], w.Cases[0], "x")
	report.Report.Excluded = append(report.Report.Excluded, dbtest.Exclude(w.CityOfficer, law.Implicated))
	for i := range report.Report.Stops {
		report.Report.Stops[i].Recipients = []record.Person{{ID: w.CityLead.ID, Name: w.CityLead.Name}}
	}
	signed(t, environ, w, report, w.Zero(w.Appraisers[1], w.Cases[0]))
	keys := keyring(t, environ, dir, w)
	to := filepath.Join(t.TempDir(), "out")
	invoke(t, environ, "export", "--to", to).says(t, 0, "已导出 1 件")
	for with, opens := range map[string]bool{w.CityOfficer.Name: false, w.OtherOfficer.Name: true} {
		out := filepath.Join(t.TempDir(), "opened")
		invoke(t, environ, "export", "--unseal", filepath.Join(to, "case-"+w.Cases[0].ID), "--to", out, "--reason", "x",
			"--identity", keys[w.CityLead.Name], "--identity", keys[with]).says(t, 0, "已拆封")
		found, _ := filepath.Glob(filepath.Join(out, "*", "entry-1.json"))
		got := ""
		for _, f := range found {
			b, err := os.ReadFile(f)
			must(t, err)
			got += string(b)
		}
		if strings.Contains(got, report.ID) != opens {
			t.Errorf("%s and %s open %v", w.CityLead.Name, with, found)
		}
	}
}

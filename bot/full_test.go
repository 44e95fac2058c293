package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"filippo.io/age"
)

// fullDisk is a disk on which so many bytes are free.
func fullDisk(t *testing.T, size string) string {
	t.Helper()
	if os.Getuid() != 0 {
		t.Fatal("mounting a small disk takes root: run the tests as root, as CI does")
	}
	dir := t.TempDir()
	must(t, syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size))
	t.Cleanup(func() { must(t, syscall.Unmount(dir, 0)) })
	return dir
}

// TestFullDisk: whatever the operator has written onto a full disk, there is one clear sentence with the next step, and nothing
// half-written; what was there before stays.
func TestFullDisk(t *testing.T) {
	environ, dir, w := installation(t, "")
	signed(t, environ, w, w.Zero(w.Appraisers[0], w.Cases[0]), w.Direct(w.Appraisers[1], w.Cases[0], "x"))
	keys := keyring(t, environ, dir, w)
	packages := filepath.Join(t.TempDir(), "out")
	invoke(t, environ, "export", "--to", packages).says(t, 0, "已导出 1 件")
	identity, err := age.GenerateX25519Identity()
	must(t, err)
	environ = append(environ, "LIUHEN_BACKUP_RECIPIENT="+identity.Recipient().String())
	full := fullDisk(t, "64k")
	must(t, os.WriteFile(filepath.Join(full, "before"), []byte("kept"), 0o600))
	nearly := fullDisk(t, "8k") // room for a folder and a page
	must(t, os.WriteFile(filepath.Join(nearly, "before"), make([]byte, 4000), 0o600))
	unseal := []string{"export", "--unseal", filepath.Join(packages, "case-"+w.Cases[0].ID), "--reason", "x", "--identity", keys[w.City], "--to"}
	for name, c := range map[string]struct {
		on   string
		args []string
		says string
	}{
		"packages":       {full, []string{"export", "--to", full}, "free space or choose another folder|no space left on device"},
		"unsealed parts": {nearly, append(unseal, nearly), "free space or choose another folder|no space left on device"},
		"a checkpoint":   {nearly, []string{"export", "--checkpoint", filepath.Join(nearly, "mark.txt")}, "choose another place|no space left on device"},
		"a template":     {nearly, []string{"load", "--template", filepath.Join(nearly, "t.xlsx")}, "no space left on device|make room there or name another place; nothing was left behind"},
		"a backup":       {nearly, []string{"backup", nearly}, "no space left on device|make room there or name another place; nothing was left behind"},
	} {
		// What is free is taken but for what the test needs to see something begun.
		if c.on == nearly && name != "unsealed parts" {
			fill(t, nearly)
		}
		got := invoke(t, environ, c.args...)
		got.says(t, 1, c.says)
		left, err := os.ReadDir(c.on)
		must(t, err)
		for _, f := range left {
			if f.Name() != "before" && f.Name() != "fill" {
				t.Errorf("%s: %s was left behind", name, f.Name())
			}
		}
		if strings.Contains(got.err, "panic") {
			t.Errorf("%s: %s", name, got.err)
		}
		_ = os.Remove(filepath.Join(nearly, "fill"))
	}
	if b, err := os.ReadFile(filepath.Join(full, "before")); err != nil || string(b) != "kept" {
		t.Errorf("what was there: %q %v", b, err)
	}
}

// fill takes all space that is left.
func fill(t *testing.T, dir string) {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, "fill"))
	must(t, err)
	for {
		if _, err := f.Write(make([]byte, 512)); err != nil {
			break
		}
	}
	_ = f.Close()
}

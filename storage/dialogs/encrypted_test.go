package dialogs_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"liuhen/storage/dialogs"
	"liuhen/storage/dialogs/dialogstest"
	"liuhen/storage/vault"
)

func testKeys(t *testing.T) *vault.Keys {
	t.Helper()
	k, _, err := vault.Load(filepath.Join(t.TempDir(), "keys"), false)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestEncrypted(t *testing.T) {
	keys, c := testKeys(t), newClock()
	table := dialogs.NewTable(openSQLite(t, filepath.Join(t.TempDir(), "db")), c.Now)
	dialogstest.Conformance(t, func(*testing.T) dialogs.Store { return dialogs.Encrypted(table, keys) }, c.advance)
	server := dialogstest.StartRedis(t)
	redis := openRedis(t, server.URL)
	dialogstest.Conformance(t, func(*testing.T) dialogs.Store { return dialogs.Encrypted(redis, keys) }, server.Advance)
}

// TestCanaries looks for what was typed, and for the chat's number, in all that reaches the disk.
func TestCanaries(t *testing.T) {
	server, path, keys := dialogstest.StartRedis(t), filepath.Join(t.TempDir(), "db"), testKeys(t)
	redis := openRedis(t, server.URL)
	table := dialogs.NewTable(openSQLite(t, path), newClock().Now)
	onDisk := func(canary string) bool {
		all := server.Data()
		for _, p := range []string{path, path + "-wal"} {
			text, err := os.ReadFile(p)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, text...)
		}
		return bytes.Contains(all, []byte(canary))
	}
	save := func(s dialogs.Store, key, value string) {
		rev, err := s.Save(t.Context(), key, []byte(value), 0, time.Hour)
		if err == nil {
			rev, err = s.Save(t.Context(), key, []byte(value+value), rev, time.Hour)
		}
		if err == nil {
			_, err = s.Save(t.Context(), key, nil, rev, 0)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	save(dialogs.Encrypted(redis, keys), "chat:710020001", "金丝雀 canary seven")
	save(dialogs.Encrypted(table, keys), "chat:710020002", "金丝雀 canary eight")
	for _, canary := range []string{"710020001", "710020002", "金丝雀", "canary seven", "canary eight"} {
		if onDisk(canary) {
			t.Errorf("%q is readable on disk", canary)
		}
	}
	save(redis, "chat:710020003", "bare three") // proof that the search would find one
	save(table, "chat:710020004", "bare four")
	for _, canary := range []string{"710020003", "710020004", "bare three", "bare four"} {
		if !onDisk(canary) {
			t.Errorf("%q is not found: the search is blind", canary)
		}
	}
}

func TestUnreadableDialogCanBeDeleted(t *testing.T) {
	table := dialogs.NewTable(openSQLite(t, filepath.Join(t.TempDir(), "db")), newClock().Now)
	store := dialogs.Encrypted(table, testKeys(t))
	for _, key := range []string{"a", "b"} {
		if _, err := store.Save(t.Context(), key, []byte(key), 0, time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	exchange(t, store, table)
	value, rev, err := store.Load(t.Context(), "a")
	if !errors.Is(err, vault.ErrCannotOpen) || value != nil || rev == 0 {
		t.Fatalf("b's value under a: %q, %d, %v", value, rev, err)
	}
	if _, err := store.Save(t.Context(), "a", nil, rev, 0); err != nil {
		t.Errorf("deleting it: %v", err)
	}
	if value, _, err := store.Load(t.Context(), "b"); string(value) != "b" || err != nil {
		t.Errorf("b: %q, %v", value, err)
	}
}

// exchange puts b's sealed value under a's key, as somebody with access to the table could.
func exchange(t *testing.T, store *dialogs.Sealed, table *dialogs.Table) {
	name := func(key string) string { return dialogs.Name(store, key) }
	sealed, _, err := table.Load(t.Context(), name("b"))
	if err != nil || sealed == nil {
		t.Fatal(err)
	}
	_, rev, err := table.Load(t.Context(), name("a"))
	if err == nil {
		_, err = table.Save(t.Context(), name("a"), sealed, rev, time.Hour)
	}
	if err != nil {
		t.Fatal(err)
	}
}

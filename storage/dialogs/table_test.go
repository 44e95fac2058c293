package dialogs_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/rubenv/pgtest"
	_ "modernc.org/sqlite"

	"liuhen/storage/dialogs"
	"liuhen/storage/dialogs/dialogstest"
)

// clock stands still but for advance.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func openDB(t *testing.T, driver, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err == nil {
		_, err = db.Exec(dialogs.TableDDL)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func openSQLite(t *testing.T, path string) *sql.DB {
	return openDB(t, "sqlite", "file:"+path+"?_txlock=immediate&_pragma=busy_timeout(10000)"+
		"&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=secure_delete(1)")
}

func openPostgres(t *testing.T) *sql.DB {
	pg, err := pgtest.Start()
	if err != nil {
		t.Fatalf("starting PostgreSQL (Debian: apt install postgresql): %v", err)
	}
	t.Cleanup(func() {
		if err := pg.DB.Close(); err != nil {
			t.Error(err)
		}
		if err := pg.Stop(); err != nil {
			t.Error(err)
		}
	})
	return openDB(t, "pgx", "host="+pg.Host+" dbname="+pg.Name+" user="+pg.User)
}

func TestTableOnSQLite(t *testing.T) {
	testTable(t, openSQLite(t, filepath.Join(t.TempDir(), "db")))
}

func TestTableOnPostgres(t *testing.T) { testTable(t, openPostgres(t)) }

func testTable(t *testing.T, db *sql.DB) {
	db.SetMaxOpenConns(16)
	c := newClock()
	table := dialogs.NewTable(db, c.Now)
	dialogstest.Conformance(t, func(*testing.T) dialogs.Store { return table }, c.advance)
	t.Run("sweep", func(t *testing.T) { testSweep(t, db, c) })
	t.Run("clock set back", func(t *testing.T) {
		rev, err := table.Save(t.Context(), "k", []byte("x"), 0, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		c.advance(-48 * time.Hour)
		if _, got, err := table.Load(t.Context(), "k"); err != nil || got != rev {
			t.Errorf("%d, %v", got, err)
		}
	})
	t.Run("ping without table", func(t *testing.T) {
		if _, err := db.Exec("DROP TABLE dialogs"); err != nil {
			t.Fatal(err)
		}
		if err := table.Ping(t.Context()); err == nil || !strings.Contains(err.Error(), "dialog table") {
			t.Errorf("%v", err)
		}
	})
}

func testSweep(t *testing.T, db *sql.DB, c *clock) {
	if _, err := db.Exec("DELETE FROM dialogs"); err != nil {
		t.Fatal(err)
	}
	table := dialogs.NewTable(db, c.Now)
	for key, ttl := range map[string]time.Duration{"a": time.Minute, "b": time.Hour, "c": 3 * time.Hour} {
		if _, err := table.Save(t.Context(), key, []byte("x"), 0, ttl); err != nil {
			t.Fatal(err)
		}
	}
	c.advance(time.Hour) // b ends at this very millisecond
	if n, err := table.Sweep(t.Context()); n != 2 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
	left := ""
	if err := db.QueryRow("SELECT key FROM dialogs").Scan(&left); err != nil || left != "c" {
		t.Errorf("left %q, %v", left, err)
	}
}

func TestTableKeepsValuesOverRestart(t *testing.T) {
	path, c := filepath.Join(t.TempDir(), "db"), newClock()
	db := openSQLite(t, path)
	rev, err := dialogs.NewTable(db, c.Now).Save(t.Context(), "k", []byte("x"), 0, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close() //nolint:errcheck // read only
	value, got, err := dialogs.NewTable(again, c.Now).Load(context.Background(), "k")
	if err != nil || string(value) != "x" || got != rev {
		t.Errorf("%q, %d, %v", value, got, err)
	}
}

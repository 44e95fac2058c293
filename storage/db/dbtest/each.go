// Package dbtest opens stores for tests, on SQLite and on a real PostgreSQL server, and fills them with a small world.
//
// A package that uses [Each] has this in one test file:
//
//	func TestMain(m *testing.M) { dbtest.Main(m) }
package dbtest

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver with which databases are made
	"github.com/rubenv/pgtest"

	"liuhen/flows/law"
	"liuhen/storage/db"
	"liuhen/storage/vault"
)

var server struct {
	sync.Mutex
	managed   bool
	pg        *pgtest.PG
	databases atomic.Int64
}

// Main runs the tests and then stops the PostgreSQL server that [Each] started.
func Main(m *testing.M) {
	server.managed = true
	code := m.Run()
	if err := stop(); err != nil {
		fmt.Fprintln(os.Stderr, "stop PostgreSQL:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

func stop() error {
	server.Lock()
	defer server.Unlock()
	if server.pg == nil {
		return nil
	}
	return server.pg.Stop()
}

// Open opens the test's database; called again it opens the same one once more, as another process would.
type Open func(change ...func(*db.Options)) *db.DB

// Each runs test on a fresh SQLite file and on a fresh PostgreSQL database. A missing server fails the test.
func Each(t *testing.T, test func(t *testing.T, open Open)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, opener(t, "sqlite:"+filepath.Join(t.TempDir(), "liuhen.db"))) })
	t.Run("postgres", func(t *testing.T) { test(t, opener(t, postgres(t))) })
}

// SQLite opens a store in that file.
func SQLite(t testing.TB, path string) Open { return opener(t, "sqlite:"+path) }

// addresses are those of the databases that tests have opened.
var addresses sync.Map

// Address is where the database of the running test is, for [db.Open].
func Address(t testing.TB) string {
	t.Helper()
	a, ok := addresses.Load(t.Name())
	if !ok {
		t.Fatal("dbtest: this test has no database")
	}
	return a.(string)
}

func opener(t testing.TB, address string) Open {
	o := Options(t)
	addresses.Store(t.Name(), address)
	return func(change ...func(*db.Options)) *db.DB {
		t.Helper()
		return openAt(t, address, o, change...)
	}
}

func openAt(t testing.TB, address string, o db.Options, change ...func(*db.Options)) *db.DB {
	t.Helper()
	for _, c := range change {
		c(&o)
	}
	d, err := db.Open(t.Context(), address, o)
	if err != nil {
		t.Fatalf("open store: %v", err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close store: %v", err)
		}
	})
	return d
}

// postgres makes an empty database on the test binary's server, which it starts if need be.
func postgres(t testing.TB) string {
	t.Helper()
	return database(t, "")
}

func databaseName(address string) string {
	u, _ := url.Parse(address) // made by database
	return strings.TrimPrefix(u.Path, "/")
}

func database(t testing.TB, how string) string {
	t.Helper()
	server.Lock()
	defer server.Unlock()
	if !server.managed {
		t.Fatal("dbtest: the package needs TestMain with dbtest.Main, or the server would outlive the tests")
	}
	if server.pg == nil {
		pg, err := pgtest.Start()
		if err != nil {
			t.Fatalf("start PostgreSQL: %v", err)
		}
		server.pg = pg
	}
	name := fmt.Sprintf("liuhen_%d", server.databases.Add(1))
	if _, err := server.pg.DB.Exec("CREATE DATABASE " + name + how); err != nil {
		t.Fatalf("make database: %v", err)
	}
	q := url.Values{"host": {server.pg.Host}, "user": {server.pg.User}, "sslmode": {"disable"}}
	return "postgres:///" + name + "?" + q.Encode()
}

// Twins seeds one world on each engine; every call of twin opens a fresh copy of it, the same to the last random ID. Two
// copies in which different things are done show what somebody can tell apart.
func Twins(t *testing.T, test func(t *testing.T, w *World, twin Open)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		dir := t.TempDir()
		base, copies := filepath.Join(dir, "base.db"), 0
		twins(t, "sqlite:"+base, test, func() string {
			copies++
			path := filepath.Join(dir, fmt.Sprintf("%d.db", copies))
			content, err := os.ReadFile(base) // closed, so that nothing is left in its log
			if err == nil {
				err = os.WriteFile(path, content, 0o600)
			}
			if err != nil {
				t.Fatalf("copy database: %v", err)
			}
			return "sqlite:" + path
		})
	})
	t.Run("postgres", func(t *testing.T) {
		base := postgres(t)
		twins(t, base, test, func() string { return database(t, " TEMPLATE "+databaseName(base)) })
	})
}

func twins(t *testing.T, base string, test func(*testing.T, *World, Open), another func() string) {
	t.Helper()
	o := Options(t)
	d, err := db.Open(t.Context(), base, o)
	if err != nil {
		t.Fatalf("open store: %v", err)
	}
	w := Seed(t, d)
	if err := d.Close(); err != nil {
		t.Fatalf("close store: %v", err)
	}
	test(t, w, func(change ...func(*db.Options)) *db.DB {
		return openAt(t, another(), o, change...)
	})
}

// Clock is a clock that stands still until it is moved. It is safe for concurrent use.
type Clock struct{ at atomic.Int64 }

// Now is the clock's time.
func (c *Clock) Now() time.Time { return time.UnixMilli(c.at.Load()) }

// Set puts the clock to that time.
func (c *Clock) Set(at time.Time) { c.at.Store(at.UnixMilli()) }

// Move puts the clock on.
func (c *Clock) Move(by time.Duration) { c.at.Add(by.Milliseconds()) }

// Zone is the zone of the tests' institution, eight hours ahead of UTC.
var Zone = time.FixedZone("CST", 8*60*60)

// Start is the moment at which the tests' clocks start: a Tuesday morning.
var Start = time.Date(2026, time.November, 24, 10, 0, 0, 0, Zone)

// Options are those of a store for tests, with keys of their own and a clock that stands at [Start].
func Options(t testing.TB) db.Options {
	t.Helper()
	return db.Options{
		Keys: Keys(t), Clock: At(Start).Now, Zone: Zone, MatchKey: MatchKey, FileLimit: 20 << 20,
		Policy: law.Policy{Name: law.Ministry2020},
	}
}

// At is a clock that stands at that time.
func At(at time.Time) *Clock {
	c := &Clock{}
	c.Set(at)
	return c
}

// WithClock lets a store go by that clock.
func WithClock(c *Clock) func(*db.Options) { return func(o *db.Options) { o.Clock = c.Now } }

// Keys are fresh keys.
func Keys(t testing.TB) *vault.Keys {
	t.Helper()
	k, _, err := vault.Load(filepath.Join(t.TempDir(), "keys"), false)
	if err != nil {
		t.Fatalf("make keys: %v", err)
	}
	return k
}

// MatchKey compares case numbers by letters alone: the tests' stand-in for the list reader's.
func MatchKey(number string) string {
	return strings.Join(strings.FieldsFunc(number, func(r rune) bool { return strings.ContainsRune(" \u3000[]\u3014\u3015", r) }), "")
}

// Fresh is the address of one more empty database, of the engine of the running test's.
func Fresh(t testing.TB) string {
	t.Helper()
	if strings.HasPrefix(Address(t), "sqlite:") {
		return "sqlite:" + filepath.Join(t.TempDir(), "fresh.db")
	}
	return postgres(t)
}

package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"

	"liuhen/flows/law"
	"liuhen/storage/vault"
)

// Errors callers branch on.
var (
	// ErrDenied says that the caller may not do this. The attempt is in the audit table.
	ErrDenied = errors.New("not allowed")
	// ErrNewerSchema says that the database was made by a later release.
	ErrNewerSchema = errors.New("the database was made by a newer release")
)

// Options are what the store needs to know from outside. Keys, Clock, Zone, Calendar, Policy and MatchKey are required.
type Options struct {
	Keys      *vault.Keys
	Clock     func() time.Time
	Zone      *time.Location // of the institution: what a day is
	Calendar  law.Calendar
	Policy    law.Policy
	MatchKey  func(string) string // the form in which two spellings of a case number are equal
	FileLimit int64               // bytes of one piece of evidence, told to signers
	Locale    string              // "" is zh-Hans
	Suite     vault.Suite         // what is sealed and signed from now on is by it; "" is the standard one
	Wrapper   Wrapper             // locks data keys away; nil: the key file does

	// Wrap, when set, stands between the store and its driver: tests break connections with it.
	Wrap func(driver.Connector) driver.Connector
}

// DB is the store. It is safe for concurrent use, by several processes as well.
type DB struct {
	sql     *sql.DB
	engine  engine
	opened  openedKeys
	climbed lastDay         // when the ladder was gone through
	writer  chan struct{}   // SQLite has one writer: waiting in line here is quicker than asking again and again there
	finish  func(*tx) error // what each transaction does last: the log
	Options
}

type engine string

const (
	sqliteEngine   engine = "sqlite"
	postgresEngine engine = "postgres"
)

// Open opens the store at url, "sqlite:PATH" or "postgres://…", and brings its schema up to date.
func Open(ctx context.Context, url string, o Options) (*DB, error) {
	d, err := open(url, o)
	if err != nil {
		return nil, err
	}
	if err := d.migrate(ctx); err != nil {
		return nil, errors.Join(err, d.sql.Close())
	}
	return d, nil
}

// open connects to the store and changes nothing there.
func open(url string, o Options) (*DB, error) {
	if o.Keys == nil || o.Clock == nil || o.Zone == nil || o.MatchKey == nil {
		return nil, errors.New("open database: keys, clock, zone and match key are required")
	}
	if o.Locale == "" {
		o.Locale = "zh-Hans"
	}
	if o.Suite == "" {
		o.Suite = vault.Standard
	}
	e, connector, err := connect(url)
	if err != nil {
		return nil, err
	}
	if o.Wrap != nil {
		connector = o.Wrap(connector)
	}
	d := &DB{sql: sql.OpenDB(connector), engine: e, finish: (*tx).appendLeaves, Options: o}
	if e == sqliteEngine {
		d.writer = make(chan struct{}, 1)
	}
	d.sql.SetMaxOpenConns(16)
	d.sql.SetMaxIdleConns(16)
	return d, nil
}

func connect(address string) (engine, driver.Connector, error) {
	path, isFile := strings.CutPrefix(address, "sqlite:")
	switch {
	case isFile && path != "":
		if err := reserve(path); err != nil {
			return "", nil, err
		}
		c, err := sqlite.NewConnector(sqliteDSN(path))
		if err != nil {
			return "", nil, fmt.Errorf("open SQLite database: %w", err)
		}
		return sqliteEngine, c, nil
	case strings.HasPrefix(address, "postgres://"), strings.HasPrefix(address, "postgresql://"):
		cfg, err := pgx.ParseConfig(address)
		if err != nil {
			return "", nil, errors.New("open PostgreSQL database: the address is not valid") // the error would print the password
		}
		cfg.RuntimeParams["synchronous_commit"] = "on"
		cfg.RuntimeParams["application_name"] = "liuhen"
		return postgresEngine, stdlib.GetConnector(*cfg), nil
	}
	return "", nil, errors.New("open database: the address must be sqlite:PATH or postgres://…")
}

// reserve makes a new database's file readable by its owner alone; SQLite gives its log the same mode.
func reserve(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("open SQLite database: %w", err)
	}
	return f.Close()
}

// sqliteDSN: FULL loses nothing at power failure; immediate transactions never fail half-way for a lock; deleted content
// is overwritten; recursive triggers make REPLACE meet the append-only triggers.
func sqliteDSN(path string) string {
	q := url.Values{"_txlock": {"immediate"}, "_pragma": {
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(1)",
		"recursive_triggers(1)", "trusted_schema(0)",
	}}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String()
}

// SQL is the connection pool, for the stores that keep their own tables in this database.
func (d *DB) SQL() *sql.DB { return d.sql }

// Close ends all connections.
func (d *DB) Close() error { return d.sql.Close() }

// Ping asks the database for a sign of life.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	if err := d.sql.QueryRowContext(ctx, "SELECT 1").Scan(&one); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	return nil
}

func (d *DB) now() int64 { return d.Clock().UnixMilli() }

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"liuhen/storage/db"
)

// databaseFault says of an error of the database what failed and what to do next, in one line. The drivers' own words never hold
// a password; PostgreSQL's hold its address.
func databaseFault(err error) error {
	var pg *pgconn.PgError
	var connect *pgconn.ConnectError
	var lite *sqlite.Error
	var path *fs.PathError
	say := func(next string) error { return fmt.Errorf("DATABASE_URL: %s: %s", oneLine(err), next) }
	switch {
	case errors.Is(err, db.ErrOtherKeys):
		return fmt.Errorf("LIUHEN_KEYS: %w: put that file back, or correct LIUHEN_KEYS or DATABASE_URL", db.ErrOtherKeys)
	case errors.Is(err, db.ErrOldKeys):
		return fmt.Errorf("LIUHEN_KEYS: %w: put the copy back that was made after it", db.ErrOldKeys)
	case errors.Is(err, db.ErrNewerSchema):
		return fmt.Errorf("DATABASE_URL: %w", err)
	case errors.As(err, &pg):
		if next, ok := postgresNext[pg.Code]; ok {
			return fmt.Errorf("DATABASE_URL: PostgreSQL says: %s: %s", pg.Message, next)
		}
		return say("look into PostgreSQL's log")
	case errors.As(err, &connect):
		return fmt.Errorf("DATABASE_URL: PostgreSQL cannot be reached (%s): start it, or correct the address", cause(err))
	case errors.As(err, &lite):
		return say(sqliteNext(lite.Code()))
	case errors.As(err, &path):
		return say("correct the path, or the permissions of its folder")
	}
	return fmt.Errorf("DATABASE_URL: %s", oneLine(err))
}

// postgresNext is the next step by PostgreSQL's code.
var postgresNext = map[string]string{
	"28P01": "correct user and password",
	"28000": "correct the user, or let it in by pg_hba.conf",
	"3D000": "make the database with createdb, or correct its name",
	"42501": "give the user the right to make tables: GRANT CREATE ON SCHEMA public TO that user",
	"53300": "raise max_connections, or end other programs",
}

// sqliteNext is the next step by SQLite's primary code.
func sqliteNext(code int) string {
	const (
		busy, locked, readonly, ioerr, corrupt, full, cantOpen, notADatabase = 5, 6, 8, 10, 11, 13, 14, 26
	)
	switch code & 0xff {
	case busy, locked:
		return "another program holds it: end that one, then try again"
	case readonly, cantOpen:
		return "correct the path, or the permissions of the file and its folder"
	case full:
		return "make room on the disk"
	case corrupt, notADatabase:
		return "the file is damaged or no database: keep a copy, put back the last backup"
	case ioerr:
		return "the disk cannot be read or written: look after it, keep a copy of the file"
	}
	return "keep a copy of the file before anything else"
}

// redisFault says what to do about a Redis that does not answer as it should.
func redisFault(err error) error {
	said := oneLine(err)
	for _, sign := range []string{"WRONGPASS", "NOAUTH", "NOPERM", "invalid password", "without any password"} {
		if strings.Contains(said, sign) {
			return fmt.Errorf("REDIS_URL: Redis refuses the user or password: correct them")
		}
	}
	return fmt.Errorf("REDIS_URL: Redis cannot be used (%s): start it, or correct the address", cause(err))
}

// cause is the last word on a broken connection: whom, and why.
func cause(err error) string {
	var op *net.OpError
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		return "there is no host " + dns.Name
	case errors.As(err, &op):
		return oneLine(op)
	}
	return oneLine(err)
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

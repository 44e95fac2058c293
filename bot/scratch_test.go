package main

import (
	"context"
	"database/sql/driver"
	"errors"
	"os"
	"path/filepath"
	"sync"

	"liuhen/storage/vault"
)

// scratches are copies of a seeded store in which lives are played, one life at a time in each. What a life does to its copy is
// undone afterwards, so that the next one begins as the first: opened anew, over the same connection.
type scratches struct {
	seed string

	mu   sync.Mutex
	idle []*scratch
	all  []*scratch
}

// scratch is one copy. All that a life does there happens within one transaction that is never committed; what the store takes
// for transactions are savepoints in it.
type scratch struct {
	dir  string
	keys *vault.Keys
	conn *keeping
	lent bool
}

// take is a copy for one life; give it back.
func (s *scratches) take(t fataler) *scratch {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.idle); n > 0 {
		x := s.idle[n-1]
		s.idle = s.idle[:n-1]
		return x
	}
	dir, err := os.MkdirTemp("", "liuhen")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{"liuhen.db", "keys"} {
		b, err := os.ReadFile(filepath.Join(s.seed, f))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, f), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	x := &scratch{dir: dir, keys: testKeys(t, dir)}
	s.all = append(s.all, x)
	return x
}

func (s *scratches) give(x *scratch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.idle = append(s.idle, x)
}

// close ends all connections and removes the copies.
func (s *scratches) close() {
	for _, x := range s.all {
		if x.conn != nil {
			x.conn.end()
		}
		_ = os.RemoveAll(x.dir)
	}
}

// wrap lends the copy's one connection to a store.
func (x *scratch) wrap(c driver.Connector) driver.Connector { return lending{c, x} }

type lending struct {
	driver.Connector
	x *scratch
}

// Connect implements driver.Connector.
func (l lending) Connect(ctx context.Context) (driver.Conn, error) {
	if l.x.lent {
		return nil, errors.New("a life has one connection")
	}
	if l.x.conn == nil {
		c, err := l.Connector.Connect(ctx)
		if err != nil {
			return nil, err
		}
		l.x.conn = &keeping{Conn: c, kept: map[string]driver.Stmt{}, x: l.x}
	}
	l.x.lent = true
	return l.x.conn, l.x.conn.run(ctx, "BEGIN IMMEDIATE")
}

// keeping is a connection that keeps its prepared statements, and undoes everything when its store is closed.
type keeping struct {
	driver.Conn
	kept map[string]driver.Stmt
	x    *scratch
}

func (k *keeping) stmt(ctx context.Context, query string) (driver.Stmt, error) {
	if s, ok := k.kept[query]; ok {
		return s, nil
	}
	s, err := k.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, query)
	if err == nil {
		k.kept[query] = s
	}
	return s, err
}

func (k *keeping) run(ctx context.Context, query string) error {
	s, err := k.stmt(ctx, query)
	if err == nil {
		_, err = s.(driver.StmtExecContext).ExecContext(ctx, nil)
	}
	return err
}

// QueryContext implements driver.QueryerContext.
func (k *keeping) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := k.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.(driver.StmtQueryContext).QueryContext(ctx, args)
}

// ExecContext implements driver.ExecerContext.
func (k *keeping) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if len(args) == 0 { // a script, perhaps
		return k.Conn.(driver.ExecerContext).ExecContext(ctx, query, args)
	}
	s, err := k.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.(driver.StmtExecContext).ExecContext(ctx, args)
}

// BeginTx implements driver.ConnBeginTx.
func (k *keeping) BeginTx(ctx context.Context, _ driver.TxOptions) (driver.Tx, error) {
	return savepoint{k}, k.run(ctx, "SAVEPOINT one")
}

// savepoint is what a transaction of the store is here.
type savepoint struct{ k *keeping }

// Commit implements driver.Tx.
func (s savepoint) Commit() error { return s.k.run(context.Background(), "RELEASE one") }

// Rollback implements driver.Tx.
func (s savepoint) Rollback() error {
	return errors.Join(s.k.run(context.Background(), "ROLLBACK TO one"), s.Commit())
}

// Close ends the life, not the connection.
func (k *keeping) Close() error {
	k.x.lent = false
	return k.run(context.Background(), "ROLLBACK")
}

func (k *keeping) end() {
	for _, s := range k.kept {
		_ = s.Close()
	}
	_ = k.Conn.Close()
}

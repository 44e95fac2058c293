package db_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

var errCut = errors.New("the connection is cut")

// cutter breaks a store's connection at the n-th statement, counted from arm; commits count as statements. With late, the
// statement is carried out and only its answer is lost.
type cutter struct {
	left atomic.Int64 // statements until the cut; negative: never
	late atomic.Bool
	cut  atomic.Bool
}

func (c *cutter) arm(n int, late bool) {
	c.cut.Store(false)
	c.late.Store(late)
	c.left.Store(int64(n))
}

// run carries a statement out, or breaks the connection before or after it.
func (c *cutter) run(do func() error) error {
	hit := c.left.Load() >= 0 && c.left.Add(-1) == -1
	if hit {
		c.cut.Store(true)
	}
	if hit && !c.late.Load() {
		return errCut
	}
	if err := do(); err != nil || !hit {
		return err
	}
	return errCut
}

type cutConnector struct {
	driver.Connector
	c *cutter
}

func (k cutConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := k.Connector.Connect(ctx)
	return &cutConn{conn, k.c}, err
}

type cutConn struct {
	driver.Conn
	c *cutter
}

func (x *cutConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	t, err := x.Conn.(driver.ConnBeginTx).BeginTx(ctx, o)
	return &cutTx{t, x.c}, err
}

func (x *cutConn) ExecContext(ctx context.Context, q string, args []driver.NamedValue) (r driver.Result, err error) {
	err = x.c.run(func() error {
		r, err = x.Conn.(driver.ExecerContext).ExecContext(ctx, q, args)
		return err
	})
	return r, err
}

func (x *cutConn) QueryContext(ctx context.Context, q string, args []driver.NamedValue) (r driver.Rows, err error) {
	err = x.c.run(func() error {
		r, err = x.Conn.(driver.QueryerContext).QueryContext(ctx, q, args)
		return err
	})
	if err != nil && r != nil {
		r.Close() //nolint:errcheck // the answer is lost anyway
		r = nil
	}
	return r, err
}

func (x *cutConn) CheckNamedValue(v *driver.NamedValue) error {
	if c, ok := x.Conn.(driver.NamedValueChecker); ok {
		return c.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

func (x *cutConn) ResetSession(ctx context.Context) error {
	if r, ok := x.Conn.(driver.SessionResetter); ok {
		return r.ResetSession(ctx)
	}
	return nil
}

type cutTx struct {
	driver.Tx
	c *cutter
}

func (t *cutTx) Commit() error {
	err := t.c.run(t.Tx.Commit)
	if errors.Is(err, errCut) && !t.c.late.Load() {
		return errors.Join(err, t.Rollback())
	}
	return err
}

// contents is everything in the store that a step may change, as text without what is random.
func contents(t *testing.T, d *db.DB) string {
	t.Helper()
	var b strings.Builder
	for _, q := range []string{
		"SELECT id FROM records ORDER BY id", "SELECT record || case_id FROM links ORDER BY 1", "SELECT id || blob FROM evidence ORDER BY 1",
		"SELECT id FROM reports ORDER BY 1", "SELECT report || unit FROM stops ORDER BY 1",
		"SELECT report || person || CASE WHEN opened_ms IS NULL THEN '' ELSE 'opened' END FROM deliveries ORDER BY 1",
		"SELECT id || state FROM outbox ORDER BY 1", "SELECT id FROM audit ORDER BY 1", "SELECT person || until FROM snoozes ORDER BY 1",
		"SELECT case_id || person || CASE WHEN filed_ms IS NULL THEN '' ELSE 'filed' END FROM signers ORDER BY 1",
		"SELECT person FROM accounts ORDER BY 1", "SELECT hash FROM invitations WHERE used_ms IS NOT NULL ORDER BY 1",
		"SELECT account FROM tries ORDER BY 1", "SELECT id || report FROM acts ORDER BY 1", "SELECT report || unit FROM closings ORDER BY 1",
		"SELECT id || proceeding || nth FROM measures ORDER BY 1",
		"SELECT name FROM log ORDER BY n",
		"SELECT id FROM deeds ORDER BY 1", "SELECT id FROM absences ORDER BY 1", "SELECT deed || case_id FROM deed_cases ORDER BY 1", "SELECT id FROM leaks ORDER BY 1",
		"SELECT id FROM checkins ORDER BY 1", "SELECT id FROM confirmations ORDER BY 1", "SELECT of_table || of_row FROM gone ORDER BY 1", "SELECT id FROM bars ORDER BY 1", "SELECT id FROM substitutes ORDER BY 1", "SELECT id FROM substitute_ends ORDER BY 1",
	} {
		rs, err := d.SQL().QueryContext(t.Context(), q)
		must(t, err)
		for rs.Next() {
			var s string
			must(t, rs.Scan(&s))
			fmt.Fprintln(&b, s)
		}
		must(t, rs.Err())
		must(t, rs.Close())
	}
	return b.String()
}

// steps are events with durable effects, each carried out in a fresh world.
func steps(t *testing.T, d *db.DB, w *dbtest.World) map[string]func(*db.DB) error {
	t.Helper()
	signer := w.Appraisers[0]
	earlier := w.Zero(signer, w.Cases[1])
	file(t, d, w, signer, earlier)
	sent := w.Direct(w.Appraisers[1], w.Cases[0], "经过")
	file(t, d, w, w.Appraisers[1], sent)
	outside := w.External(w.Appraisers[2], w.Cases[1], "经过")
	file(t, d, w, w.Appraisers[2], outside)
	house := desk(t, d, w.Receiver).Inbox[0].ID
	file(t, d, w, w.Appraisers[2], w.External(w.Appraisers[2], w.Cases[2], "经过"))
	aside := desk(t, d, w.Receiver).Inbox[0].ID
	if aside == house {
		aside = desk(t, d, w.Receiver).Inbox[1].ID
	}
	newcomer, err := d.Load(t.Context(), db.Batch{People: []db.Person{{
		Authority: "示例市司法局", Superior: "示例省司法厅",
		Institution: "示例司法鉴定中心", Name: "新人", Role: dbtest.Batch(t).People[8].Role,
	}}})
	must(t, err)
	report := w.Report(signer, w.Cases[0], "经过", []dbtest.Somebody{w.Receiver}, []dbtest.Somebody{w.CityOfficer, w.OtherOfficer})
	report.Supersedes = earlier.ID
	held := w.Report(signer, w.Cases[0], "经过")
	typed := w.Zero(signer, w.Cases[0])
	typed.Case.ID, typed.Case.Number = "", " "+typed.Case.Number
	inbox := desk(t, d, w.CityOfficer).Inbox[0].ID
	must(t, w.Handle(d, w.Receiver, w.Act(w.Receiver, house, w.Institution, law.Accept, dbtest.Start))())
	act := func(by dbtest.Somebody, report, unit string, kind law.ActKind, more ...func(*record.Act)) func(*db.DB) error {
		a, event := w.Act(by, report, unit, kind, dbtest.Start, append(more, dbtest.Words("话"))...), w.Event()
		return func(d *db.DB) error {
			return d.Commit(context.Background(), by.Caller(), event, dbtest.Start, []flows.Durable{flows.Handle{Act: a}})
		}
	}
	stepped := map[string]bool{"Handle": true, "Take": true}
	do := func(c db.Caller, e ...flows.Durable) func(*db.DB) error {
		event := w.Event()
		for _, x := range e {
			stepped[reflect.TypeOf(x).Name()] = true
		}
		return func(d *db.DB) error { return d.Commit(context.Background(), c, event, dbtest.Start, e) }
	}
	invited := newcomer.Invitations[0]
	file(t, d, w, w.Appraisers[2], w.Direct(w.Appraisers[2], w.Cases[1], "经过"))
	taken := desk(t, d, w.OtherOfficer).Inbox[0].ID
	if taken == inbox {
		taken = desk(t, d, w.OtherOfficer).Inbox[1].ID
	}
	for _, change := range []func(*record.Act){
		func(a *record.Act) { a.Kind = law.Accept },
		func(a *record.Act) { a.Kind, a.Text = law.Categorise, "查明"; dbtest.Categories(law.OtherOrgan)(a) },
	} {
		must(t, w.Handle(d, w.OtherOfficer, w.Act(w.OtherOfficer, taken, w.City, "", dbtest.Start, change))())
	}
	draft := w.Act(w.OtherOfficer, taken, w.City, law.Draft, dbtest.Start,
		letter(desk(t, d, w.OtherOfficer, db.Where{Event: w.Event(), Place: flows.AtReport, Subject: taken}).Report, "letters/"+w.City+"/other_organ", "某事。", "fact"))
	order := string(law.Rectify) + "/" + w.City + "/1"
	must(t, w.Handle(d, w.OtherOfficer, w.Act(w.OtherOfficer, taken, w.City, law.Draft, dbtest.Start,
		letter(desk(t, d, w.OtherOfficer, db.Where{Event: w.Event(), Place: flows.AtReport, Subject: taken}).Report, order, "某事。", "fact")))())
	day := law.DateOf(dbtest.Start)
	deputy := law.Substitute{ID: "deputy", Unit: law.UnitID(w.Institution), Principal: law.PersonID(w.Receiver.ID), Deputy: law.PersonID(w.Archivist.ID), From: day, Until: day}
	over := law.Substitute{ID: "over", Unit: law.UnitID(w.City), Principal: law.PersonID(w.OtherOfficer.ID), Deputy: law.PersonID(w.CityLead.ID), From: day, Until: day}
	must(t, do(w.OtherOfficer.Caller(), flows.Appoint{Substitute: over})(d))
	out := map[string]func(*db.DB) error{
		"report":  do(signer.Caller(), flows.File{Record: report}),
		"held":    do(signer.Caller(), flows.File{Record: held}),
		"typed":   do(signer.Caller(), flows.File{Record: typed}, flows.Snooze{}),
		"accept":  act(w.CityOfficer, inbox, w.City, law.Accept),
		"draft":   do(w.OtherOfficer.Caller(), flows.Handle{Act: draft}),
		"pass":    act(w.Receiver, house, w.Institution, law.Pass),
		"recuse":  act(w.OtherOfficer, inbox, w.City, law.Recuse),
		"climb":   act(w.Receiver, aside, w.Institution, law.Recuse),
		"appoint": do(w.Receiver.Caller(), flows.Appoint{Substitute: deputy}),
		"dismiss": do(w.OtherOfficer.Caller(), flows.Dismiss{ID: over.ID}),
		"reply":   act(w.Appraisers[2], house, "", law.Reply, dbtest.Files("added")),
		"read":    do(w.CityOfficer.Caller(), flows.Read{Report: inbox}),
		"bind":    do(db.Caller{Account: 4711, Link: invited.Token}, flows.Bind{Person: invited.Person}),
		"guess":   do(db.Caller{Account: 4712, Link: invited.Token}, flows.Guess{Person: invited.Person}),
	}
	maps.Copy(out, measures(t, d, w))
	for name, x := range map[string]struct {
		by dbtest.Somebody
		e  flows.Durable
	}{
		"note":    {w.Confidant, flows.NoteLeak{ID: "leak000000000001", Unit: w.Institution, Words: "线索"}},
		"hold":    {w.Archivist, deed(w, w.Archivist, law.Hold, "", w.Cases[2].ID)},
		"confirm": {w.Receiver, flows.Confirm{Unit: w.Institution, Still: true}},
		"checkin": {signer, flows.CheckIn{ID: "checkin000000001", Record: earlier.ID, Want: true}},
		"plaint":  {signer, flows.Complain{Record: earlier.ID, Act: w.Act(signer, "", "", law.Complain, dbtest.Start, dbtest.Words("话"))}},
	} {
		out[name] = do(x.by.Caller(), x.e)
	}
	away := absent(w, w.Head, law.ProposeAbsence, "", w.Cases[0].ID, signer.ID)
	out["absence"] = do(w.Head.Caller(), away)
	out["absence of two"] = do(w.Archivist.Caller(), absent(w, w.Archivist, law.AgreeAbsence, away.Deed.ID))
	out["send"] = act(w.OtherOfficer, taken, w.City, law.Send, dbtest.Task(order))
	for _, kind := range declared(t, "../../flows/*.go", `func \((\w+)\) durable\(\)`) {
		if !stepped[kind] {
			t.Fatalf("no step has the effect %s", kind)
		}
	}
	return out
}

// declared is what a pattern finds in the sources: all kinds of something.
func declared(t *testing.T, sources, pattern string) (names []string) {
	t.Helper()
	files, err := filepath.Glob(sources)
	must(t, err)
	for _, f := range files {
		text, err := os.ReadFile(f)
		must(t, err)
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(text), -1) {
			names = append(names, m[1])
		}
	}
	if len(names) < 5 {
		t.Fatalf("%s is found in %s %d times only", pattern, sources, len(names))
	}
	slices.Sort(names)
	return names
}

// measures are steps under Art. 11.
func measures(t *testing.T, d *db.DB, w *dbtest.World) map[string]func(*db.DB) error {
	t.Helper()
	signer := w.Appraisers[0]
	order := w.Order(w.CityOfficer, signer, dbtest.Start)
	must(t, w.Take(d, w.CityOfficer, order)())
	take := func(by dbtest.Somebody, m record.Measure) func(*db.DB) error {
		event := w.Event()
		return func(d *db.DB) error {
			return d.Commit(context.Background(), by.Caller(), event, m.At, []flows.Durable{flows.Take{Measure: m}})
		}
	}
	return map[string]func(*db.DB) error{
		"order":  take(w.OtherOfficer, w.Order(w.OtherOfficer, w.Appraisers[1], dbtest.Start)),
		"defend": take(signer, w.Next(order, signer, law.StateDefence, dbtest.Start)),
		"enter":  take(w.CityOfficer, w.Next(order, w.CityOfficer, law.EnterFile, dbtest.Start.AddDate(0, 0, 30))),
	}
}

// Whatever statement a step breaks off at, all of it has happened or nothing; and doing it again completes it (I4, I5).
func TestACrashLeavesAllOrNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		c := &cutter{}
		c.left.Store(-1)
		broken := open(func(o *db.Options) {
			o.Wrap = func(k driver.Connector) driver.Connector { return cutConnector{k, c} }
		})
		d := open()
		w := dbtest.Seed(t, d)
		all := steps(t, d, w)
		for _, name := range slices.Sorted(maps.Keys(all)) {
			before, cuts := contents(t, d), 0
			for n := 0; ; n++ {
				c.arm(n, false)
				err := all[name](broken)
				c.left.Store(-1)
				if !c.cut.Load() {
					must(t, err)
					break
				}
				cuts++
				if err == nil {
					t.Fatalf("%s: cut at statement %d, and no error", name, n)
				}
				if now := contents(t, d); now != before {
					t.Fatalf("%s: cut at statement %d left something behind", name, n)
				}
			}
			done := contents(t, d)
			if done == before || cuts < 2 {
				t.Fatalf("%s did nothing, or was cut %d times only", name, cuts)
			}
			must(t, all[name](d))
			if again := contents(t, d); again != done {
				t.Fatalf("%s: the repeat changed something:\n%s\n---\n%s", name, done, again)
			}
			c.arm(cuts-1, true) // the answer to the commit is lost
			_ = all[name](broken)
			c.left.Store(-1)
			if again := contents(t, d); again != done {
				t.Fatalf("%s: a lost answer and a repeat changed something", name)
			}
		}
		n, err := d.Verify(t.Context(), func(f db.Finding) { t.Errorf("finding %+v", f) })
		if err != nil || n != 8 {
			t.Fatalf("verified %d records: %v", n, err)
		}
	})
}

// A commit whose answer is lost has happened; the repeat that follows adds nothing.
func TestALostAnswerIsHarmless(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		c := &cutter{}
		c.left.Store(-1)
		broken := open(func(o *db.Options) {
			o.Wrap = func(k driver.Connector) driver.Connector { return cutConnector{k, c} }
		})
		d := open()
		w := dbtest.Seed(t, d)
		all := steps(t, d, w)
		for _, name := range slices.Sorted(maps.Keys(all)) { // one may need another
			step := all[name]
			for n := 0; ; n++ {
				c.arm(n, true)
				err := step(broken)
				c.left.Store(-1)
				if !c.cut.Load() {
					must(t, err)
					break
				}
			}
			before := contents(t, d)
			must(t, step(d))
			if after := contents(t, d); before != after {
				t.Errorf("%s: the repeat changed something", name)
			}
		}
	})
}

func TestTwoProcessesNeverClaimTheSame(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		a, b := open(), open()
		w := dbtest.Seed(t, a)
		for range 20 {
			r := w.Report(w.Appraisers[0], w.Cases[1], "经过", []dbtest.Somebody{w.CityOfficer, w.OtherOfficer})
			file(t, a, w, w.Appraisers[0], r)
		}
		got := make(chan string, 100)
		errs := make(chan error, 4)
		for i := range 4 {
			d := []*db.DB{a, b}[i%2]
			go func() {
				for range 20 {
					ms, err := d.Claim(context.Background(), 3, time.Minute)
					if err != nil {
						errs <- err
						return
					}
					for _, m := range ms {
						got <- m.ID
					}
				}
				errs <- nil
			}()
		}
		for range 4 {
			must(t, <-errs)
		}
		close(got)
		seen := map[string]bool{}
		for id := range got {
			if seen[id] {
				t.Fatalf("%s was claimed twice", id)
			}
			seen[id] = true
		}
		if len(seen) != 40 {
			t.Fatalf("%d of 40 messages were claimed", len(seen))
		}
	})
}

// counting puts a cutter between a store and its driver.
func counting(c *cutter) func(*db.Options) {
	return func(o *db.Options) {
		o.Wrap = func(k driver.Connector) driver.Connector { return cutConnector{k, c} }
	}
}

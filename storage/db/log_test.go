package db_test

import (
	"bytes"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"liuhen/flows"
	"liuhen/flows/record"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
	"liuhen/storage/ledger"
	"liuhen/storage/vault"
)

// told are the findings of a verification.
func told(t testing.TB, d *db.DB) (out []db.Finding) {
	t.Helper()
	_, err := d.Verify(t.Context(), func(f db.Finding) { out = append(out, f) })
	must(t, err)
	return out
}

// against are the contradictions between a store and a receipt or checkpoint.
func against(t testing.TB, d *db.DB, signed []byte) (out []db.Finding) {
	t.Helper()
	must(t, d.Contradicts(t.Context(), signed, func(f db.Finding) { out = append(out, f) }))
	return out
}

func checkpoint(t testing.TB, d *db.DB) []byte {
	t.Helper()
	b, err := d.Checkpoint(t.Context())
	must(t, err)
	return b
}

func receipt(t testing.TB, d *db.DB, p dbtest.Somebody, id string) []byte {
	t.Helper()
	b, err := d.Receipt(t.Context(), p.Caller(), 1<<40, id)
	must(t, err)
	return b
}

// history is a store in which something of every kind was done, and the keys of its append-only tables.
func history(t *testing.T, d *db.DB, w *dbtest.World) {
	t.Helper()
	file(t, d, w, w.Appraisers[1], w.Zero(w.Appraisers[1], w.Cases[0]))
	r := w.Direct(w.Appraisers[0], w.Cases[1], "经过")
	file(t, d, w, w.Appraisers[0], r)
	accept(t, d, w)
	openReport(t, d, w)
	desk(t, d, w.Appraisers[0], db.Where{Event: w.Event(), Place: flows.AtRecord, Subject: r.ID})
	file(t, d, w, w.Appraisers[2], w.Zero(w.Appraisers[2], w.Cases[1]))
}

// keyOf is the column that names a row of an append-only table.
var keyOf = map[string]string{
	"records": "id", "links": "record", "evidence": "id", "reports": "id", "acts": "id", "audit": "id", "log": "n", "log_hashes": "i",
}

// Each single row of each append-only table removed, alone, is found; and for what is a leaf, it is said which.
func TestVerifyNamesEachRowThatIsGone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := dbtest.Seed(t, d)
		history(t, d, w)
		if f := told(t, d); len(f) != 0 {
			t.Fatalf("findings in a store that nobody touched: %v", f)
		}
		for _, table := range []string{"records", "links", "evidence", "reports", "acts", "audit", "log", "log_hashes"} {
			unlock(t, d, table)
			n := 0
			for _, id := range texts(t, d, fmt.Sprintf("SELECT CAST(%s AS TEXT) FROM %s", keyOf[table], table)) {
				where := fmt.Sprintf(" FROM %s WHERE CAST(%s AS TEXT) = '%s'", table, keyOf[table], id)
				exec(t, d, "CREATE TABLE kept AS SELECT *"+where)
				exec(t, d, "DELETE"+where)
				found := told(t, d)
				if len(found) == 0 {
					t.Errorf("%s %s is gone, and nothing was found", table, id)
				}
				named := slices.ContainsFunc(found, func(f db.Finding) bool {
					return f.Row == id && f.What == table && strings.Contains(f.Why, "gone")
				})
				if table != "log" && table != "log_hashes" && table != "evidence" && table != "reports" && !named {
					t.Errorf("%s %s is gone, and what is said is %v", table, id, found)
				}
				exec(t, d, "INSERT INTO "+table+" SELECT * FROM kept")
				exec(t, d, "DROP TABLE kept")
				n++
			}
			if n == 0 {
				t.Errorf("%s has no rows", table)
			}
		}
		if f := told(t, d); len(f) != 0 {
			t.Fatalf("with everything back in its place: %v", f)
		}
	})
}

func texts(t testing.TB, d *db.DB, q string) (out []string) {
	t.Helper()
	rs, err := d.SQL().QueryContext(t.Context(), q)
	must(t, err)
	defer rs.Close()
	for rs.Next() {
		var s string
		must(t, rs.Scan(&s))
		out = append(out, s)
	}
	must(t, rs.Err())
	return out
}

// What is put in, exchanged, or removed together with its traces is found and named.
func TestVerifyNamesWhatWasRearranged(t *testing.T) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		var first, second string
		for name, x := range map[string]struct {
			do   []string
			want db.Finding
		}{
			"a note of reading put in": {
				[]string{"INSERT INTO audit SELECT 'x' || id, at_ms, caller, action, subject, allowed, why FROM audit WHERE action = 'read_entry'"},
				db.Finding{What: "audit", Why: "put in"},
			},
			"an entry put in": {
				[]string{"INSERT INTO records SELECT 'planted', institution, signer, signed_ms, supersedes, head, body FROM records WHERE id = '%[1]s'"},
				db.Finding{Row: "planted", What: "records", Why: "put in"},
			},
			"an entry removed with its note": {
				[]string{"DELETE FROM records WHERE id = '%[1]s'", "DELETE FROM links WHERE record = '%[1]s'", "DELETE FROM audit WHERE subject = '%[1]s'", "UPDATE signers SET filed_ms = NULL"},
				db.Finding{Row: "%[1]s", What: "records", Why: "gone"},
			},
			"an act removed with its note": {
				[]string{"DELETE FROM audit WHERE action = 'act'", "DELETE FROM acts"},
				db.Finding{What: "acts", Why: "gone"},
			},
			"two entries' times exchanged": {
				[]string{"UPDATE records SET signed_ms = (SELECT SUM(signed_ms) FROM records WHERE id IN ('%[1]s', '%[2]s')) - signed_ms WHERE id IN ('%[1]s', '%[2]s')"},
				db.Finding{Row: "%[1]s", What: "signed_ms"},
			},
			"two links exchanged": {
				[]string{"UPDATE links SET case_id = CASE WHEN case_id = (SELECT MIN(case_id) FROM links) THEN (SELECT MAX(case_id) FROM links) ELSE (SELECT MIN(case_id) FROM links) END"},
				db.Finding{Row: "%[1]s", What: "links", Why: "altered"},
			},
			"two leaves exchanged": {
				[]string{"UPDATE log SET n = -1 - n WHERE n IN (2, 3)", "UPDATE log SET n = 6 + n WHERE n < 0"},
				db.Finding{Row: "leaf 2", What: "log", Why: "elsewhere"},
			},
			"two leaves' hashes exchanged": {
				[]string{"UPDATE log_hashes SET i = -1 - i WHERE i IN (3, 4)", "UPDATE log_hashes SET i = 8 + i WHERE i < 0"},
				db.Finding{What: "audit", Why: "altered"},
			},
			"a leaf named otherwise": {
				[]string{"UPDATE log SET name = 'x' WHERE n = 4"},
				db.Finding{Row: "leaf 4", What: "log", Why: "altered"},
			},
			"a leaf put in": {
				[]string{"INSERT INTO log SELECT n + 1, 'x', ref FROM log WHERE n = (SELECT MAX(n) FROM log)"},
				db.Finding{What: "log", Why: "altered"},
			},
			"a hash within the tree": {
				[]string{"UPDATE log_hashes SET hash = (SELECT hash FROM log_hashes WHERE i = 0) WHERE i = 2"},
				db.Finding{Row: "leaf 0", What: "log", Why: "does not follow"},
			},
		} {
			d := twin()
			a, b := w.Zero(w.Appraisers[1], w.Cases[0]), w.Direct(w.Appraisers[0], w.Cases[1], "经过")
			file(t, d, w, w.Appraisers[1], a)
			file(t, d, w, w.Appraisers[0], b)
			accept(t, d, w)
			desk(t, d, w.Appraisers[0], db.Where{Event: w.Event(), Place: flows.AtRecord, Subject: b.ID})
			first, second = a.ID, b.ID
			for _, table := range []string{"records", "links", "acts", "audit", "log", "log_hashes"} {
				unlock(t, d, table)
			}
			for _, q := range x.do {
				if strings.Contains(q, "%") {
					q = fmt.Sprintf(q+"%[3]s", first, second, "")
				}
				exec(t, d, q)
			}
			want := x.want
			want.Row = strings.ReplaceAll(want.Row, "%[1]s", first)
			found := told(t, d)
			if !slices.ContainsFunc(found, func(f db.Finding) bool {
				return (want.Row == "" || f.Row == want.Row) && f.What == want.What && strings.Contains(f.Why, want.Why)
			}) {
				t.Errorf("%s: %v", name, found)
			}
		}
	})
}

// Whoever removes the end of everything, log included, leaves a store without contradictions; a checkpoint kept elsewhere and any
// receipt of what was removed tell.
func TestARemovedEndContradictsCheckpointsAndReceipts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := dbtest.Seed(t, d)
		kept := w.Zero(w.Appraisers[1], w.Cases[0])
		file(t, d, w, w.Appraisers[1], kept)
		early, keptReceipt := checkpoint(t, d), receipt(t, d, w.Appraisers[1], kept.ID)
		size := count(t, d, "SELECT COUNT(*) FROM log")
		r := w.Zero(w.Appraisers[0], w.Cases[1])
		file(t, d, w, w.Appraisers[0], r)
		late, goneReceipt := checkpoint(t, d), receipt(t, d, w.Appraisers[0], r.ID)
		for _, b := range [][]byte{early, late, keptReceipt, goneReceipt} {
			if f := against(t, d, b); len(f) != 0 {
				t.Fatalf("before: %v", f)
			}
		}
		for _, table := range []string{"records", "links", "audit", "log", "log_hashes"} {
			unlock(t, d, table)
		}
		for _, q := range []string{
			"DELETE FROM records WHERE id = '" + r.ID + "'", "DELETE FROM links WHERE record = '" + r.ID + "'",
			"DELETE FROM audit WHERE subject = '" + r.ID + "'", fmt.Sprintf("DELETE FROM log WHERE n >= %d", size),
			fmt.Sprintf("DELETE FROM log_hashes WHERE i >= %d", tlog.StoredHashCount(int64(size))),
			"UPDATE signers SET filed_ms = NULL WHERE person = '" + w.Appraisers[0].ID + "'",
		} {
			exec(t, d, q)
		}
		if f := told(t, d); len(f) != 0 {
			t.Fatalf("the end was removed without a trace, and yet: %v", f)
		}
		if f := against(t, d, late); len(f) != 1 || !strings.Contains(f[0].Why, "its end was removed") {
			t.Errorf("the checkpoint: %v", f)
		}
		if f := against(t, d, goneReceipt); len(f) != 1 || f[0].Row != r.ID || !strings.Contains(f[0].Why, "removed") {
			t.Errorf("the receipt: %v", f)
		}
		for _, b := range [][]byte{early, keptReceipt} {
			if f := against(t, d, b); len(f) != 0 {
				t.Errorf("what came before: %v", f)
			}
		}
	})
}

// Whoever has all keys and makes the whole store anew, with one entry saying something else, is contradicted by every checkpoint
// and receipt from that entry on, and by nothing else.
func TestARewrittenStoreContradictsItsWitnesses(t *testing.T) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		suite := func(s vault.Suite) func(*db.Options) { return func(o *db.Options) { o.Suite = s } }
		for _, s := range []vault.Suite{vault.Standard, vault.Guomi} {
			first, told1 := w.Zero(w.Appraisers[1], w.Cases[0]), w.Direct(w.Appraisers[0], w.Cases[1], "经过")
			last := w.Zero(w.Appraisers[2], w.Cases[1])
			otherwise := w.Zero(w.Appraisers[0], w.Cases[1])
			otherwise.ID, otherwise.Signed = told1.ID, told1.Signed
			honest, rewritten := twin(suite(s)), twin(suite(s))
			events := map[string]int64{}
			play := func(d *db.DB, second record.Record) (out [][]byte) {
				for i, r := range []record.Record{first, second, last} {
					by := []dbtest.Somebody{w.Appraisers[1], w.Appraisers[0], w.Appraisers[2]}[i]
					if events[r.ID] == 0 {
						events[r.ID] = w.Event()
					}
					must(t, d.Commit(t.Context(), by.Caller(), events[r.ID], dbtest.Start, []flows.Durable{flows.File{Record: r}}))
					out = append(out, checkpoint(t, d), receipt(t, d, by, r.ID))
				}
				return out
			}
			witnesses := play(honest, told1)
			play(rewritten, otherwise)
			if f := told(t, rewritten); len(f) != 0 {
				t.Fatalf("a store made with the right keys contradicts itself: %v", f)
			}
			for i, b := range witnesses {
				if f := against(t, rewritten, b); (len(f) > 0) != (i >= 2) {
					t.Errorf("%s: witness %d: %v", s, i, f)
				}
				if f := against(t, honest, b); len(f) > 0 {
					t.Errorf("%s: the honest store, witness %d: %v", s, i, f)
				}
			}
		}
	})
}

// A receipt is the same text whenever it is asked for, under today's suite; nobody gets another's; and the entry in the store
// goes with it.
func TestReceipt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := dbtest.Seed(t, d)
		signer := w.Appraisers[0]
		r := w.Zero(signer, record.Case{})
		file(t, d, w, signer, r)
		before := receipt(t, d, signer, r.ID)
		history(t, d, w)
		if after := receipt(t, d, signer, r.ID); !bytes.Equal(before, after) {
			t.Errorf("a receipt changes:\n%s\n%s", before, after)
		}
		got, err := ledger.OpenReceipt(before, d.Keys.Verifiers()...)
		if err != nil || got.Record != r.ID || got.Signer != signer.Name || got.Institution != r.Institution.Name ||
			got.Case != "（尚无案件编号）" || !got.Signed.Equal(r.Signed) || got.Level != ledger.Confirmed || got.System != d.Keys.System() {
			t.Errorf("%+v %v", got, err)
		}
		sm := open(func(o *db.Options) { o.Suite = vault.Guomi })
		guomi := receipt(t, sm, signer, r.ID)
		if len(guomi) == len(before) && !strings.Contains(string(guomi), "SM3") {
			t.Errorf("under guomi:\n%s", guomi)
		}
		for _, b := range [][]byte{before, guomi, checkpoint(t, d), checkpoint(t, sm)} {
			for _, either := range []*db.DB{d, sm} {
				if f := against(t, either, b); len(f) > 0 {
					t.Errorf("%v", f)
				}
			}
		}
		for _, other := range []db.Caller{w.Head.Caller(), w.Appraisers[1].Caller(), {}, {Account: 99}} {
			if _, err := d.Receipt(t.Context(), other, w.Event(), r.ID); !errors.Is(err, db.ErrDenied) {
				t.Errorf("%+v gets it: %v", other, err)
			}
		}
		if _, err := d.Receipt(t.Context(), signer.Caller(), w.Event(), "nothing"); !errors.Is(err, db.ErrDenied) {
			t.Errorf("of nothing: %v", err)
		}
	})
}

// Whatever an entry says, its receipt has the same fields and the same length, its leaf looks the same, and the log grows by as
// much: from neither can anybody tell 无此类情况 from a report (design 5).
func TestReceiptsAndLeavesLookTheSame(t *testing.T) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		a, b := twin(), twin()
		keys := a.Keys.Verifiers()
		rapid.Check(t, func(rt *rapid.T) {
			signer, c := w.Appraisers[0], w.Cases[rapid.IntRange(0, 1).Draw(rt, "case")]
			if rapid.Bool().Draw(rt, "no case") {
				c = record.Case{}
			}
			zero := w.Zero(signer, c)
			event := w.Report(signer, c, rapid.StringN(1, 300, 3000).Draw(rt, "story"), []dbtest.Somebody{w.CityOfficer})
			event.ID, event.Signed = zero.ID, zero.Signed
			n := w.Event()
			var texts [2]string
			for i, x := range []struct {
				d *db.DB
				r record.Record
			}{{a, zero}, {b, event}} {
				if err := x.d.Commit(context.Background(), signer.Caller(), n, dbtest.Start, []flows.Durable{flows.File{Record: x.r}}); err != nil {
					rt.Fatal(err)
				}
				texts[i] = string(receipt(t, x.d, signer, x.r.ID))
				got, err := ledger.OpenReceipt([]byte(texts[i]), keys...)
				if err != nil {
					rt.Fatal(err)
				}
				for _, random := range []string{got.Digest, got.State, texts[i][strings.LastIndex(texts[i], " "):]} {
					texts[i] = strings.ReplaceAll(texts[i], random, strings.Repeat("x", len(random)))
				}
			}
			if texts[0] != texts[1] {
				rt.Fatalf("receipts differ:\n%s\n%s", texts[0], texts[1])
			}
		})
		shape := "SELECT n || ' ' || LENGTH(name) || ' ' || LENGTH(ref) FROM log ORDER BY n"
		one, two := strings.Join(texts(t, a, shape), "\n"), strings.Join(texts(t, b, shape), "\n")
		if one != two || len(one) == 0 {
			t.Errorf("the logs differ:\n%s\n---\n%s", one, two)
		}
	})
}

// Entries made by the first release come into the log with the upgrade, in the order of time, whatever statement it broke off at.
func TestTheUpgradeBringsEntriesIntoTheLog(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := dbtest.Seed(t, d)
		var ids []string
		for i := range 4 {
			r := w.Zero(w.Appraisers[i%3], record.Case{})
			r.Signed = dbtest.Start.Add(-time.Duration(i) * time.Hour)
			ids = append(ids, r.ID)
			file(t, d, w, w.Appraisers[i%3], r)
		}
		asFirstRelease(t, d)
		dropSecond(t, d)
		c := &cutter{}
		c.left.Store(-1)
		address, o := dbtest.Address(t), dbtest.Options(t)
		o.Keys, o.Wrap = d.Keys, func(k driver.Connector) driver.Connector { return cutConnector{k, c} }
		for n := 0; ; n += 1 + n/8 {
			c.arm(n, false)
			x, err := db.Open(t.Context(), address, o)
			c.left.Store(-1)
			if err == nil {
				must(t, x.Close())
			}
			if !c.cut.Load() {
				must(t, err)
				break
			}
			if v := count(t, d, "SELECT MAX(version) FROM schema_version"); err == nil && v != 2 || err != nil && v != 1 {
				t.Fatalf("cut at %d: version %d, %v", n, v, err)
			}
			if err == nil {
				break
			}
		}
		d = open()
		if f := told(t, d); len(f) != 0 {
			t.Fatalf("after the upgrade: %v", f)
		}
		var states []string
		for i, id := range ids {
			signed := receipt(t, d, w.Appraisers[i%3], id)
			if f := against(t, d, signed); len(f) != 0 {
				t.Errorf("%v", f)
			}
			states = append(states, string(signed))
		}
		order := db.LeavesOf(t.Context(), d, "entry", ids)
		if !slices.IsSortedFunc(order, func(a, b int64) int { return int(b - a) }) || len(order) != 4 {
			t.Errorf("the entries, the latest first, are leaves %v", order)
		}
		file(t, d, w, w.Appraisers[0], w.Zero(w.Appraisers[0], w.Cases[1]))
		if f := told(t, d); len(f) != 0 {
			t.Fatalf("going on from there: %v", f)
		}
		for i, id := range ids {
			if again := string(receipt(t, d, w.Appraisers[i%3], id)); again != states[i] {
				t.Error("a receipt changed")
			}
		}
	})
}

// Many processes that file, read and act at once make one log without gaps.
func TestTheLogUnderManyWriters(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d, other := open(), open()
		w := dbtest.Seed(t, d)
		before := count(t, d, "SELECT COUNT(*) FROM log")
		type job struct {
			by     dbtest.Somebody
			r      record.Record
			events [2]int64
		}
		var jobs []job
		for i := range 24 {
			by := w.Appraisers[i%3]
			jobs = append(jobs, job{by, w.Zero(by, record.Case{}), [2]int64{w.Event(), w.Event()}})
		}
		errs := make(chan error, len(jobs))
		for i, j := range jobs {
			go func() {
				x := []*db.DB{d, other}[i%2]
				err := x.Commit(context.Background(), j.by.Caller(), j.events[0], dbtest.Start, []flows.Durable{flows.File{Record: j.r}})
				if err == nil {
					_, err = x.Desk(context.Background(), j.by.Caller(), db.Where{Event: j.events[1], Place: flows.AtRecord, Subject: j.r.ID})
				}
				errs <- err
			}()
		}
		for range jobs {
			must(t, <-errs)
		}
		if n := count(t, d, "SELECT COUNT(*) FROM log"); n-before != 3*len(jobs) {
			t.Errorf("%d leaves", n-before)
		}
		if f := told(t, d); len(f) != 0 {
			t.Errorf("%v", f)
		}
	})
}

// The receipt of one system is not taken for another's, and nothing that is no receipt is taken for one.
func TestForeignWitnessesAreRefused(t *testing.T) {
	d := dbtest.SQLite(t, t.TempDir()+"/a.db")()
	other := dbtest.SQLite(t, t.TempDir()+"/b.db")()
	for _, x := range []struct {
		signed []byte
		want   error
	}{
		{checkpoint(t, other), ledger.ErrOtherSystem},
		{bytes.Replace(checkpoint(t, d), []byte("2026"), []byte("2025"), 1), ledger.ErrForged},
		{checkpoint(t, d)[:200], ledger.ErrDamaged},
		{nil, ledger.ErrDamaged},
	} {
		if err := d.Contradicts(t.Context(), x.signed, func(f db.Finding) { t.Errorf("%v", f) }); !errors.Is(err, x.want) {
			t.Errorf("%q: %v", x.signed, err)
		}
	}
	foreign, _ := note.Sign(&note.Note{Text: "hello\n"}, d.Keys.Signer(vault.Standard))
	if err := d.Contradicts(t.Context(), foreign, nil); !errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("another note: %v", err)
	}
}

// BenchmarkFile files entries with the log and without it, side by side, and says how much the log costs.
func BenchmarkFile(b *testing.B) {
	d := dbtest.SQLite(b, b.TempDir()+"/a.db")()
	w := dbtest.Seed(b, d)
	spent := map[bool]time.Duration{}
	n := 0
	for b.Loop() {
		for _, with := range []bool{n%2 == 0, n%2 != 0} { // in turns, so that what else the machine does hits both
			db.WithoutLog(d, !with)
			r := w.Zero(w.Appraisers[0], w.Cases[1])
			at := time.Now()
			if err := d.Commit(b.Context(), w.Appraisers[0].Caller(), w.Event(), dbtest.Start, []flows.Durable{flows.File{Record: r}}); err != nil {
				b.Fatal(err)
			}
			spent[with] += time.Since(at)
		}
		n++
	}
	b.ReportMetric(float64(spent[true])/float64(spent[false]), "with/without")
	b.ReportMetric(float64(spent[true].Microseconds())/float64(n), "µs/entry-with")
	b.ReportMetric(float64(spent[false].Microseconds())/float64(n), "µs/entry-without")
}

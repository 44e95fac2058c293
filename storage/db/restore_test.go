package db_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// dumped is a whole dump in memory.
func dumped(t *testing.T, d *db.DB) (version int, parts []db.Part) {
	t.Helper()
	version, err := d.Dump(t.Context(), func(p db.Part) error {
		parts = append(parts, db.Part{Table: p.Table, Columns: p.Columns, Rows: slices.Clone(p.Rows)})
		return nil
	})
	must(t, err)
	return version, parts
}

// source hands parts out one by one.
func source(d *db.DB, version int, parts []db.Part) db.Backup {
	return db.Backup{
		Version: version, Mark: db.Mark(d.Keys), Evidence: func(func(string) bool) error { return nil },
		Next: func() (p db.Part, err error) {
			if len(parts) > 0 {
				p, parts = parts[0], parts[1:]
				p.Rows = slices.Clone(p.Rows)
			}
			return p, nil
		},
	}
}

// rowsOf are the rows of the tables that a restore must bring back as they were.
func rowsOf(parts []db.Part) map[string][]string {
	out := map[string][]string{}
	for _, p := range parts {
		for _, r := range p.Rows {
			for i, c := range p.Columns {
				if p.Table == "outbox" && c == "state" || p.Table == "invitations" && c == "expires_ms" {
					r = slices.Clone(r)
					r[i] = "changed by design"
				}
			}
			out[p.Table] = append(out[p.Table], fmt.Sprintf("%T%[1]v", r))
		}
		slices.Sort(out[p.Table])
	}
	return out
}

func TestABackupOfEitherEngineIsRestoredIntoEither(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := sealedWorld(t, d)
		must(t, d.MarkKeys(t.Context()))
		version, parts := dumped(t, d)
		dbtest.Each(t, func(t *testing.T, into dbtest.Open) {
			keys := func(o *db.Options) { o.Keys = d.Keys }
			o := dbtest.Options(t)
			keys(&o)
			must(t, db.Restore(t.Context(), dbtest.Address(t), o, source(d, version, parts), ""))
			r := into(keys)
			must(t, r.MarkKeys(t.Context()))
			_, again := dumped(t, r)
			want, got := rowsOf(parts), rowsOf(again)
			if all := count(t, d, "SELECT COUNT(*) FROM data_keys"); len(want["records"]) != 2 || len(want["data_keys"]) != all || all < 12 || len(want["audit"]) < 5 || len(want) < 18 {
				t.Fatalf("the dump has only %d tables", len(want))
			}
			delete(got, "restores")
			got["audit"] = slices.DeleteFunc(got["audit"], func(s string) bool { return strings.Contains(s, "restore/") })
			for _, table := range []string{"log", "log_hashes"} { // the restore is logged itself
				if len(got[table]) <= len(want[table]) {
					t.Fatalf("%s: %d rows", table, len(got[table]))
				}
				got[table] = slices.DeleteFunc(got[table], func(s string) bool { return !slices.Contains(want[table], s) })
			}
			for table := range want {
				if !reflect.DeepEqual(want[table], got[table]) {
					t.Errorf("%s:\n%v\n%v", table, want[table], got[table])
				}
			}
			if n := verified(t, r); n != 2 {
				t.Errorf("%d entries verified", n)
			}
			if err := db.Restore(t.Context(), dbtest.Address(t), o, source(d, version, parts), ""); !errors.Is(err, db.ErrNotEmpty) {
				t.Errorf("restored over a database: %v", err)
			}
			for _, q := range []string{"DELETE FROM records", "UPDATE acts SET at_ms = 0", "INSERT INTO links (record, case_id) VALUES ('x', 'y')"} {
				if _, err := r.SQL().ExecContext(t.Context(), q); err == nil {
					t.Errorf("the restored database allows %s", q)
				}
			}
			file(t, r, w, w.Appraisers[2], w.Zero(w.Appraisers[2], w.Cases[1]))
		})
	})
}

// Until a restore is released entries are taken, and nobody is sent or shown anything (T18); then it is, once, with today's roles.
func TestARestoredPastDoesNothingUntilItIsReleased(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		for _, resend := range []bool{false, true} {
			base := dbtest.SQLite(t, t.TempDir()+"/base.db")()
			w := dbtest.Seed(t, base)
			file(t, base, w, w.Appraisers[0], w.Direct(w.Appraisers[0], w.Cases[1], "经过"))
			must(t, base.MarkKeys(t.Context()))
			version, parts := dumped(t, base)
			clock := dbtest.At(monday)
			with := func(o *db.Options) { o.Keys, o.Clock = base.Keys, clock.Now }
			o := dbtest.Options(t)
			with(&o)
			address := dbtest.Fresh(t)
			must(t, db.Restore(t.Context(), address, o, source(base, version, parts), ""))
			d, err := db.Open(t.Context(), address, o)
			must(t, err)
			claim := func() (who []string) {
				all, err := d.Claim(t.Context(), 100, time.Second)
				must(t, err)
				for _, m := range all {
					who = append(who, m.Person)
				}
				slices.Sort(who)
				return slices.Compact(who)
			}
			file(t, d, w, w.Appraisers[1], w.Direct(w.Appraisers[1], w.Cases[0], "后来"))
			moved, err := d.Reroute(t.Context())
			must(t, err)
			since, old, err := d.Quarantine(t.Context())
			must(t, err)
			if who := claim(); len(who) > 0 || moved > 0 || since.IsZero() || old != 2 {
				t.Fatalf("in quarantine since %v with %d old messages: claimed for %v, moved %d", since, old, who, moved)
			}
			if got := desk(t, d, w.CityOfficer); len(got.Inbox)+len(got.Tasks) > 0 {
				t.Fatalf("in quarantine an officer is shown %v", got.Inbox)
			}
			must(t, d.Revoke(t.Context(), w.CityOfficer.ID, w.City, law.Officer)) // in the meantime, as today's list has it
			must(t, d.Release(t.Context(), []string{"甲", "乙"}, resend))
			want := []string{w.OtherOfficer.ID}
			if who := claim(); !slices.Equal(who, want) {
				t.Fatalf("released: claimed for %v, want %v", who, want)
			}
			sent := count(t, d, "SELECT COUNT(*) FROM outbox WHERE kind = 'report' AND lease_ms > 0")
			if want := map[bool]int{false: 1, true: 2}[resend]; sent != want {
				t.Errorf("resend %v: %d reports told, want %d", resend, sent, want)
			}
			if got := desk(t, d, w.OtherOfficer); len(got.Inbox) != 2 {
				t.Errorf("released: %d reports in the inbox", len(got.Inbox))
			}
			moved, err = d.Reroute(t.Context())
			must(t, err)
			if moved != 2 || len(desk(t, d, w.CityLead).Inbox) != 2 {
				t.Errorf("released: %d of what is overdue climbed on the same day", moved)
			}
			must(t, d.Close())
		}
	})
}

// One institution's backup has its own people, cases, entries and reports, and nothing of another's.
func TestOneInstitutionIsRestoredAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := sealedWorld(t, d)
		other, err := d.Load(t.Context(), db.Batch{
			People: []db.Person{{Authority: "示例市司法局", Superior: "示例省司法厅", Institution: "另一司法鉴定所", Name: "外人", Licence: "990099", Role: law.Appraiser}},
			Cases: []db.Case{{
				Institution: "另一司法鉴定所", Number: "外〔2026〕1号", MatchKey: "外20261号", Matter: "外事项", Client: "外法院", ClientType: "司法机关",
				Signers: []db.Signer{{Name: "外人"}}, Accepted: law.Date{Y: 2026, M: 11, D: 2},
			}},
		})
		must(t, err)
		if len(other.Faults) > 0 {
			t.Fatal(other.Faults)
		}
		outsider := db.Caller{Account: 99, Link: other.Invitations[0].Token}
		must(t, d.Commit(t.Context(), outsider, w.Event(), dbtest.Start, []flows.Durable{flows.Bind{Person: other.Invitations[0].Person}}))
		r := w.Zero(w.Appraisers[0], w.Cases[1])
		var unit, caseID string
		must(t, d.SQL().QueryRow("SELECT institution, id FROM cases WHERE number = '外〔2026〕1号'").Scan(&unit, &caseID))
		r.Institution.ID, r.Institution.Name, r.Signer.ID, r.Signer.Name = unit, "另一司法鉴定所", other.Invitations[0].Person, "外人"
		r.Case.ID, r.Case.Number, r.Case.Matter, r.Case.Client = caseID, "外〔2026〕1号", "外事项", "外法院"
		must(t, d.Commit(t.Context(), db.Caller{Account: 99, Person: other.Invitations[0].Person}, w.Event(), r.Signed, []flows.Durable{flows.File{Record: r}}))
		must(t, d.MarkKeys(t.Context()))
		version, parts := dumped(t, d)
		all := count(t, d, "SELECT COUNT(*) FROM data_keys") // one of them of the other institution's entry
		for name, want := range map[string]int{"另一司法鉴定所": 1, "示例司法鉴定中心": 2} {
			o := dbtest.Options(t)
			o.Keys = d.Keys
			address := dbtest.Fresh(t)
			must(t, db.Restore(t.Context(), address, o, source(d, version, parts), name))
			one, err := db.Open(t.Context(), address, o)
			must(t, err)
			must(t, one.MarkKeys(t.Context()))
			if n := verified(t, one); n != want {
				t.Errorf("%s: %d entries, want %d", name, n, want)
			}
			_, kept := dumped(t, one)
			text := fmt.Sprint(rowsOf(kept))
			if strings.Contains(text, "外法院") != (want == 1) || strings.Contains(text, w.Appraisers[0].Name) != (want == 2) {
				t.Errorf("%s has what belongs to the other:\n%s", name, text)
			}
			if n, m := count(t, one, "SELECT COUNT(*) FROM data_keys"), map[int]int{1: 2, 2: all - 1}[want]; n != m {
				t.Errorf("%s: %d data keys, want %d", name, n, m)
			}
			must(t, one.Close())
		}
		o := dbtest.Options(t)
		o.Keys = d.Keys
		address := dbtest.Fresh(t)
		if err := db.Restore(t.Context(), address, o, source(d, version, parts), "不存在"); !errors.Is(err, db.ErrNoSuchUnit) {
			t.Errorf("no such institution: %v", err)
		}
		if s, err := db.Look(t.Context(), address); err != nil || s.Version != 0 {
			t.Errorf("a refused restore left %+v, %v", s, err)
		}
	})
}

// Every table is dumped or left out by decision, and has a rule for one institution alone.
func TestEveryTableHasARuleOfRestoring(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		must(t, d.MarkKeys(t.Context()))
		_, parts := dumped(t, d)
		position := map[string]int{}
		for i, p := range parts {
			position[p.Table] = i + 1
			if !db.HasRestoreRule(p.Table) {
				t.Errorf("%s has no rule in restore_one.go: say whose its rows are", p.Table)
			}
		}
		for _, order := range [][2]string{{"data_keys", "records"}, {"records", "reports"}, {"records", "evidence"}, {"acts", "evidence"}, {"reports", "bars"}, {"persons", "measures"}, {"measures", "audit"}, {"persons", "audit"}} {
			if position[order[0]] == 0 || position[order[0]] > position[order[1]] {
				t.Errorf("%s does not come before %s", order[0], order[1])
			}
		}
	})
}

// Whatever breaks off a restore, the place is as empty as before.
func TestABrokenRestoreLeavesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		sealedWorld(t, d)
		must(t, d.MarkKeys(t.Context()))
		version, parts := dumped(t, d)
		o := dbtest.Options(t)
		o.Keys = d.Keys
		address := dbtest.Fresh(t)
		broken := errors.New("the tape ends")
		refused := func(what string, o db.Options, b db.Backup, want error) {
			err := db.Restore(t.Context(), address, o, b, "")
			if err == nil || want != nil && !errors.Is(err, want) {
				t.Errorf("%s: %v", what, err)
			}
			if s, err := db.Look(t.Context(), address); err != nil || s.Version != 0 {
				t.Errorf("%s left %+v, %v", what, s, err)
			}
		}
		for n := 0; n < len(parts); n += 3 {
			b, left := source(d, version, parts), n
			next := b.Next
			b.Next = func() (db.Part, error) {
				if left--; left < 0 {
					return db.Part{}, broken
				}
				return next()
			}
			refused(fmt.Sprintf("broken off after %d parts", n), o, b, broken)
		}
		b := source(d, version, slices.DeleteFunc(slices.Clone(parts), func(p db.Part) bool { return p.Table == "persons" }))
		refused("without people", o, b, nil)
		b = source(d, version, parts)
		b.Evidence = func(func(string) bool) error { return broken }
		refused("the evidence breaks off", o, b, broken)
		b = source(d, version+1, parts)
		refused("a later schema", o, b, db.ErrNewerSchema)
		foreign := o
		foreign.Keys = dbtest.Keys(t)
		refused("other keys", foreign, source(d, version, parts), db.ErrOtherKeys)
		must(t, db.Restore(t.Context(), address, o, source(d, version, parts), ""))
	})
}

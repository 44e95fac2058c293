package db_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"liuhen/flows/law"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
	"liuhen/storage/dialogs"
)

const (
	city     = "示例市司法局"
	province = "示例省司法厅"
	house    = "示例司法鉴定中心"
)

func load(t *testing.T, d *db.DB, b db.Batch) db.Loaded {
	t.Helper()
	got, err := d.Load(t.Context(), b)
	must(t, err)
	return got
}

func nothing(l db.Loaded) bool {
	return l.NewUnits+l.NewPeople+l.NewRoles+l.NewCases+l.ChangedPeople+l.ChangedCases+l.Linked+len(l.Invitations)+len(l.Faults) == 0
}

func TestLoadingTwiceChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		clock := dbtest.At(dbtest.Start)
		d := open(dbtest.WithClock(clock))
		b := dbtest.Batch(t)
		first := load(t, d, b)
		if first.NewUnits != 3 || first.NewPeople != 13 || first.NewRoles != 13 || first.NewCases != 4 || len(first.Invitations) != 13 || first.ChangedCases != 0 {
			t.Fatalf("first %+v", first)
		}
		if v := first.Invitations[0]; len(v.Token) != 22 || v.UnitName != province || !v.Expires.Equal(dbtest.Start.AddDate(0, 0, 7)) {
			t.Fatalf("invitation %+v", v)
		}
		if second := load(t, d, b); !nothing(second) {
			t.Fatalf("second %+v", second)
		}
		clock.Move(8 * 24 * time.Hour) // the invitations have expired
		if third := load(t, d, b); len(third.Invitations) != 13 {
			t.Fatalf("third %+v", third)
		}
	})
}

func TestFaultyListsAreNotSaved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := dbtest.Seed(t, d)
		must(t, d.Leave(t.Context(), w.Receiver.ID))
		b := db.Batch{People: []db.Person{
			{Row: 2, Authority: city, Institution: house, Name: "新人", Role: law.Staff},
			{Row: 3, Authority: city, Institution: house, Name: "别名", Role: law.Appraiser, Licence: "990000001001"},
			{Row: 4, Authority: city, Institution: house, Name: w.Receiver.Name, Role: law.Receiver},
			{Row: 5, Authority: province, Superior: city, Name: "新人", Role: law.Officer},
			{Row: 6, Authority: city, Institution: house, Name: "甲", Role: law.Appraiser, Licence: "1"},
			{Row: 7, Authority: city, Institution: "另一鉴定中心", Name: "甲", Role: law.Appraiser, Licence: "1"},
			{Row: 8, Authority: city, Institution: house, Name: "李四", Role: law.Appraiser, Licence: "2"},
			{Row: 9, Authority: city, Institution: house, Name: "李四", Role: law.Head},
		}, Cases: []db.Case{
			{Row: 2, Sheet: "案件", Institution: "没有的机构", Number: "1", MatchKey: "1"},
			{Row: 3, Sheet: "案件", Institution: house, Number: "2", MatchKey: "2", Signers: []db.Signer{{Name: "无名"}, {Name: "张三"}}},
			{Row: 4, Sheet: "案件", Institution: house, Number: "3", MatchKey: "3", Signers: []db.Signer{{Name: "李四"}}},
			{Row: 5, Sheet: "案件", Institution: house, Number: "4", MatchKey: "4", Signers: []db.Signer{{Name: "李四", Licence: "1002"}}},
		}}
		want := []struct {
			row  int
			code db.FaultCode
		}{
			{3, db.LicenceTaken},
			{4, db.HasLeft},
			{5, db.AuthorityLoop},
			{7, db.LicenceTwice},
			{9, db.Namesake},
			{2, db.InstitutionUnknown},
			{3, db.SignerUnknown},
			{4, db.SignerAmbiguous},
		}
		before := count(t, d, "SELECT COUNT(*) FROM persons") + count(t, d, "SELECT COUNT(*) FROM units")
		got := load(t, d, b)
		if len(got.Faults) != len(want) {
			t.Fatalf("faults %+v", got.Faults)
		}
		for i, f := range got.Faults {
			if f.Row != want[i].row || f.Code != want[i].code || len(f.Args) != 1 {
				t.Errorf("fault %+v, want %+v", f, want[i])
			}
		}
		if got.NewPeople != 0 || len(got.Invitations) != 0 || count(t, d, "SELECT COUNT(*) FROM persons")+count(t, d, "SELECT COUNT(*) FROM units") != before {
			t.Fatal("something of a faulty list was saved")
		}
		b.Partial = true
		if got := load(t, d, b); got.NewPeople != 3 || got.NewCases != 1 || len(got.Faults) != len(want) || len(got.Invitations) != 3 {
			t.Fatalf("partial: %+v", got)
		}
	})
}

func TestListsBringTheRegisterUpToDate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := dbtest.Seed(t, d)
		closed := law.Date{Y: 2026, M: 11, D: 23}
		c := db.Case{
			Institution: house, Number: w.Cases[2].Number, MatchKey: dbtest.MatchKey(w.Cases[2].Number), Matter: "印文鉴定",
			Signers: []db.Signer{{Name: "李四"}, {Name: "张三"}}, Closed: closed,
		}
		if got := load(t, d, db.Batch{Cases: []db.Case{c}}); got.ChangedCases != 1 || got.NewCases != 0 {
			t.Fatalf("changed case: %+v", got)
		}
		has := func(p dbtest.Somebody) *law.Date {
			for _, x := range desk(t, d, p).Cases {
				if x.ID == w.Cases[2].ID {
					if x.Matter != "印文鉴定" || x.Client == "" {
						t.Errorf("case %+v", x)
					}
					return &x.Closed
				}
			}
			return nil
		}
		if at := has(w.Appraisers[0]); at == nil || *at != closed || has(w.Appraisers[2]) != nil {
			t.Fatal("signers or closing are not those of the list")
		}
		c.Closed, c.Matter, c.Signers = law.Date{}, "", nil
		if got := load(t, d, db.Batch{Cases: []db.Case{c}}); !nothing(got) {
			t.Fatalf("empty cells changed something: %+v", got)
		}
		if at := has(w.Appraisers[0]); at == nil || *at != closed {
			t.Fatal("an empty cell took the closing back")
		}
		got := load(t, d, db.Batch{People: []db.Person{
			{Authority: city, Institution: "另一鉴定中心", Name: "张三", Role: law.Appraiser, Licence: "990000001001"},
			{Authority: city, Institution: house, Name: "王五", Role: law.Appraiser, Licence: "990000001009"},
		}})
		if got.NewPeople != 0 || got.ChangedPeople != 2 || got.NewUnits != 1 || got.NewRoles != 2 || len(got.Invitations) != 0 {
			t.Fatalf("a move and a licence: %+v", got)
		}
		me := desk(t, d, w.Appraisers[0]).Me
		if me.UnitName != "另一鉴定中心" || len(me.Roles) != 1 {
			t.Fatalf("after the move: %+v", me)
		}
		if n := count(t, d, "SELECT COUNT(*) FROM roles WHERE person = $1 AND until_ms IS NULL", w.Appraisers[0].ID); n != 1 {
			t.Fatal("the roles in the former unit go on")
		}
		if head := desk(t, d, w.Head).Me; len(head.Roles) != 2 || head.UnitName != house {
			t.Fatalf("the head: %+v", head)
		}
	})
}

// An entry under a typed number belongs to the case once the case is on a list (AM-18), and settles what was owed.
func TestEntriesFiledBeforeTheirCase(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := dbtest.Seed(t, d)
		r := w.Zero(w.Appraisers[0], w.Cases[0])
		r.Case.ID, r.Case.Number = "", "示鉴中心[2026]临鉴字第9号"
		file(t, d, w, w.Appraisers[0], r)
		number := "示鉴中心〔2026〕临鉴字第9号"
		c := db.Case{
			Institution: house, Number: number, MatchKey: dbtest.MatchKey(number), Closed: law.Date{Y: 2026, M: 11, D: 23},
			Signers: []db.Signer{{Name: "张三"}, {Name: "李四"}},
		}
		if got := load(t, d, db.Batch{Cases: []db.Case{c}}); got.Linked != 1 || got.NewCases != 1 {
			t.Fatalf("loaded %+v", got)
		}
		owing, err := d.Owing(t.Context())
		must(t, err)
		for _, o := range owing {
			if o.Number == number && (len(o.Missing) != 1 || o.Missing[0] != w.Appraisers[1].ID) {
				t.Fatalf("owing %+v", o)
			}
		}
		_, err = d.Verify(t.Context(), func(f db.Finding) { t.Errorf("finding %+v", f) })
		must(t, err)
		typed := w.Zero(w.Appraisers[1], w.Cases[0])
		typed.Case.ID, typed.Case.Number = "", number+" "
		file(t, d, w, w.Appraisers[1], typed)
		if got := desk(t, d, w.Appraisers[1]).Records[0]; got.CaseID == "" {
			t.Fatal("a typed number was not linked to its case")
		}
	})
}

func TestASchemaOfALaterReleaseIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		open() // the same schema again is fine
		exec(t, d, "INSERT INTO schema_version (version, made_ms) VALUES (99, 0)")
		_, err := db.Open(t.Context(), dbtest.Address(t), dbtest.Options(t))
		if !errors.Is(err, db.ErrNewerSchema) || !strings.Contains(err.Error(), "version 99") {
			t.Fatalf("got %v", err)
		}
	})
}

func TestSQLitePathsAndModes(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, path := range []string{"a.db", "./b c.db", "d?e%20f#g.db", "\u6570\u636e.db"} {
		d := dbtest.SQLite(t, path)()
		must(t, d.Ping(t.Context()))
		info, err := os.Stat(path)
		must(t, err)
		if info.Mode().Perm() != 0o600 || info.Size() == 0 {
			t.Errorf("%s: mode %v, %d bytes", path, info.Mode(), info.Size())
		}
		var mode string
		must(t, d.SQL().QueryRowContext(t.Context(), "PRAGMA journal_mode").Scan(&mode))
		if mode != "wal" || count(t, d, "PRAGMA synchronous") != 2 || count(t, d, "PRAGMA secure_delete") != 1 || count(t, d, "PRAGMA foreign_keys") != 1 {
			t.Error("the settings are not those promised")
		}
	}
	for _, address := range []string{"", "sqlite:", "mysql://x", "postgres://%zz:secret@x"} {
		if _, err := db.Open(t.Context(), address, dbtest.Options(t)); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// The store of dialogs finds its table here.
func TestDialogsTable(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		s := dialogs.NewTable(d.SQL(), dbtest.At(dbtest.Start).Now)
		rev, err := s.Save(t.Context(), "k", []byte("v"), 0, time.Hour)
		must(t, err)
		got, again, err := s.Load(t.Context(), "k")
		if err != nil || string(got) != "v" || again != rev {
			t.Fatalf("%q %d %v", got, again, err)
		}
	})
}

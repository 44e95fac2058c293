package db_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// scene is a world with one report that somebody handles.
type scene struct {
	*dbtest.World
	t      *testing.T
	d      *db.DB
	clock  *dbtest.Clock
	record record.Record
	report string
}

// staged files a report and finds its ID in the inbox of one who has it.
func staged(t *testing.T, d *db.DB, w *dbtest.World, clock *dbtest.Clock, r record.Record, reader dbtest.Somebody) *scene {
	t.Helper()
	must(t, d.Commit(t.Context(), w.Appraisers[0].Caller(), w.Event(), clock.Now(), []flows.Durable{flows.File{Record: r}}))
	inbox := desk(t, d, reader).Inbox
	if len(inbox) == 0 {
		t.Fatal("the report did not arrive")
	}
	return &scene{w, t, d, clock, r, inbox[0].ID}
}

func (s *scene) try(by dbtest.Somebody, unit string, kind law.ActKind, change ...func(*record.Act)) error {
	return s.Handle(s.d, by, s.Act(by, s.report, unit, kind, s.clock.Now(), change...))()
}

func (s *scene) do(by dbtest.Somebody, unit string, kind law.ActKind, change ...func(*record.Act)) {
	s.t.Helper()
	s.clock.Move(time.Minute)
	if err := s.try(by, unit, kind, change...); err != nil {
		s.t.Fatalf("%s: %v", kind, err)
	}
}

func (s *scene) reads(p dbtest.Somebody) *flows.Report {
	s.t.Helper()
	return desk(s.t, s.d, p, db.Where{Event: s.Event(), Place: flows.AtReport, Subject: s.report}).Report
}

func (s *scene) follows() *flows.Follow {
	s.t.Helper()
	return desk(s.t, s.d, s.Appraisers[0], db.Where{Event: s.Event(), Place: flows.AtRecord, Subject: s.record.ID}).Follow
}

func (s *scene) told(kind db.Kind) (names []string) {
	s.t.Helper()
	for _, m := range claim(s.t, s.d) {
		if m.Kind == kind {
			names = append(names, m.Person+" "+m.Ref)
		}
		must(s.t, s.d.Sent(s.t.Context(), m.ID))
	}
	slices.Sort(names)
	return names
}

func onStage(t *testing.T, test func(t *testing.T, direct func() *scene, external func() *scene)) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		open := func() (*db.DB, *dbtest.Clock) {
			clock := dbtest.At(dbtest.Start)
			return twin(dbtest.WithClock(clock)), clock
		}
		test(t, func() *scene {
			d, clock := open()
			return staged(t, d, w, clock, w.Direct(w.Appraisers[0], w.Cases[1], "经过"), w.CityOfficer)
		}, func() *scene {
			d, clock := open()
			return staged(t, d, w, clock, w.External(w.Appraisers[0], w.Cases[1], "经过"), w.Receiver)
		})
	})
}

// A report from taking up to closing: what each side sees of it (R8.12).
func TestTheCourseOfAReport(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		s := direct()
		officer, signer := s.CityOfficer, s.Appraisers[0]
		s.told(db.Report)
		r := s.reads(officer)
		if r.Unit != s.City || len(r.Tasks) != 3 || !slices.Equal(r.May, []law.ActKind{law.Accept}) || len(r.Acts) != 0 {
			t.Fatalf("before: %+v", r)
		}
		if open := desk(t, s.d, officer).Tasks; len(open) != 3 || open[0].Duty != law.Acknowledge || open[0].Due.String() != "2026-11-27" || open[0].Late != 0 || open[0].Report != s.report {
			t.Fatalf("duties %+v", open)
		}
		if f := s.follows(); f.Standing != law.Delivered || f.Report != s.report || !slices.Equal(f.May, []law.ActKind{law.Reply}) {
			t.Fatalf("follow %+v", f)
		}
		s.do(officer, s.City, law.Accept)
		if got := s.told(db.Word); !slices.Equal(got, []string{signer.ID + " " + s.record.ID}) {
			t.Fatalf("told of taking up: %v", got)
		}
		if moved := desk(t, s.d, signer).Moved; !slices.Equal(moved, []string{s.record.ID}) {
			t.Fatalf("news %v", moved)
		}
		s.do(officer, s.City, law.Ask, dbtest.Words("何时何地？"))
		if got := s.told(db.Word); len(got) != 1 {
			t.Fatalf("told of the question: %v", got)
		}
		s.do(signer, "", law.Reply, dbtest.Words("在办公室"))
		want := []string{s.CityOfficer.ID + " " + s.report, s.OtherOfficer.ID + " " + s.report}
		slices.Sort(want)
		if got := s.told(db.Word); !slices.Equal(got, want) {
			t.Fatalf("told of the answer: %v", got)
		}
		s.do(s.OtherOfficer, s.City, law.Categorise, dbtest.Categories(law.ClientOrgan, law.Individual))
		s.do(officer, s.City, law.Categorise, dbtest.Categories(law.ClientOrgan), dbtest.Words("证据不足"))
		letters := string(law.Letters) + "/" + s.City + "/" + law.ClientOrgan.String()
		if r := s.reads(officer); len(r.Tasks) != 4 || !slices.Contains(r.May, law.Perform) || slices.Contains(r.May, law.Close) || len(r.Acts) != 5 {
			t.Fatalf("under way: %+v", r)
		}
		s.do(officer, s.City, law.Perform, dbtest.Task(letters), dbtest.Words("已发函"))
		s.told(db.Word)
		s.do(officer, s.City, law.Close, dbtest.Words("已通报"))
		if got := s.told(db.Word); len(got) != 1 {
			t.Fatalf("told of closing: %v", got)
		}
		if r := s.reads(officer); len(r.May) != 0 || len(desk(t, s.d, officer).Tasks) != 0 {
			t.Fatalf("after: %+v", r)
		}
		f := s.follows()
		if f.Standing != law.Closed || !f.Next.IsZero() || len(f.Acts) != 4 {
			t.Fatalf("follow %+v", f)
		}
		for _, a := range f.Acts {
			words := a.Kind == law.Ask || a.Kind == law.Reply || a.Kind == law.Close
			if (a.Text != "") != words || len(a.Categories) > 0 || a.Task != "" || (a.By != record.Person{}) != (a.Unit == "") {
				t.Errorf("the signer sees %+v", a)
			}
		}
		_, err := s.d.Verify(t.Context(), func(f db.Finding) { t.Errorf("finding %+v", f) })
		must(t, err)
	})
}

// Nobody acts but those who may read the report at that unit today, and its signer; every try is written down (I7, R10.4).
func TestOthersCannotAct(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		s := direct()
		s.do(s.CityOfficer, s.City, law.Accept)
		first := s.Act(s.CityOfficer, s.report, s.City, law.Ask, s.clock.Now(), dbtest.Words("问"))
		must(t, s.Handle(s.d, s.CityOfficer, first)())
		for _, p := range []dbtest.Somebody{s.Head, s.Appraisers[0], s.CityLead} { // planted, and still not let in
			exec(t, s.d, "INSERT INTO deliveries (report, unit, person, made_ms) VALUES ($1, $2, $3, $4)", s.report, s.City, p.ID, s.clock.Now().UnixMilli())
		}
		must(t, s.d.Revoke(t.Context(), s.CityLead.ID, s.City, law.OfficerLead))
		refuse := func(name string, by dbtest.Somebody, unit string, kind law.ActKind, change ...func(*record.Act)) {
			t.Helper()
			before := contents(t, s.d)
			no := count(t, s.d, "SELECT COUNT(*) FROM audit WHERE NOT allowed")
			a := s.Act(by, s.report, unit, kind, s.clock.Now(), append(change, dbtest.Words("话"))...)
			err := s.Handle(s.d, by, a)()
			if !errors.Is(err, db.ErrDenied) {
				t.Errorf("%s: %v", name, err)
			}
			if count(t, s.d, "SELECT COUNT(*) FROM audit WHERE NOT allowed") != no+1 {
				t.Errorf("%s: not written down", name)
			}
			exec(t, s.d, deleteNothing)
			if after := contents(t, s.d); strings.Count(after, "\n") != strings.Count(before, "\n")+2 { // the note, and its leaf
				t.Errorf("%s changed something", name)
			}
		}
		refuse("implicated", s.Head, s.City, law.Ask)
		refuse("the reporter as a handler", s.Appraisers[0], s.City, law.Ask)
		refuse("without the role", s.CityLead, s.City, law.Ask)
		refuse("no recipient", s.ProvinceOfficer, s.City, law.Ask)
		refuse("no recipient, own unit", s.ProvinceOfficer, s.Province, law.Accept)
		refuse("a colleague", s.Appraisers[1], s.Institution, law.Accept)
		refuse("a colleague as the reporter", s.Appraisers[1], "", law.Reply)
		refuse("a handler as the reporter", s.CityOfficer, "", law.Reply)
		refuse("for another unit", s.CityOfficer, s.Province, law.Accept)
		refuse("in another's name", s.CityOfficer, s.City, law.Ask, func(a *record.Act) { a.By.ID = s.OtherOfficer.ID })
		refuse("another's act", s.OtherOfficer, s.City, law.Ask, func(a *record.Act) { a.ID = first.ID })
		refuse("no report", s.CityOfficer, s.City, law.Ask, func(a *record.Act) { a.Report = "none" })
		refuse("the reporter before anything is late", s.Appraisers[0], "", law.Urge)
		if n := count(t, s.d, "SELECT COUNT(*) FROM audit WHERE caller = $1 AND subject = $2 AND why LIKE 'not now%'", s.Appraisers[0].ID, s.report); n != 0 {
			t.Error("a refusal ties the signer to the report")
		}
		must(t, s.d.Revoke(t.Context(), s.OtherOfficer.ID, s.City, law.Officer))
		refuse("after the role ended", s.OtherOfficer, s.City, law.Ask)
		must(t, s.d.Leave(t.Context(), s.CityOfficer.ID))
		refuse("after leaving", s.CityOfficer, s.City, law.Ask)
		must(t, s.d.Leave(t.Context(), s.Appraisers[0].ID))
		refuse("the reporter after leaving", s.Appraisers[0], "", law.Reply)
		if n := count(t, s.d, "SELECT COUNT(*) FROM acts"); n != 2 {
			t.Fatalf("%d acts", n)
		}
	})
}

// An act that lacks what belongs to it, or comes at the wrong time, is refused.
func TestActsAreWhole(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		s := direct()
		by := s.CityOfficer
		refuse := func(name string, kind law.ActKind, change ...func(*record.Act)) {
			t.Helper()
			if err := s.try(by, s.City, kind, change...); !errors.Is(err, db.ErrDenied) {
				t.Errorf("%s: %v", name, err)
			}
		}
		letters := string(law.Letters) + "/" + s.City + "/" + law.ClientOrgan.String()
		refuse("asked before it was taken up", law.Ask, dbtest.Words("问"))
		refuse("a kind of the reporter's", law.Reply, dbtest.Words("答"))
		s.do(by, s.City, law.Accept)
		refuse("taken up twice", law.Accept)
		refuse("asked nothing", law.Ask)
		refuse("too long", law.Ask, dbtest.Words(strings.Repeat("长", 4001)))
		refuse("a task besides", law.Ask, dbtest.Words("问"), dbtest.Task(letters))
		refuse("categories besides", law.Ask, dbtest.Words("问"), dbtest.Categories(law.ClientOrgan))
		refuse("no category", law.Categorise)
		refuse("an unknown category", law.Categorise, func(a *record.Act) { a.Categories = []string{"none"} })
		refuse("a category twice", law.Categorise, dbtest.Categories(law.ClientOrgan, law.ClientOrgan))
		refuse("closed with duties open", law.Close, dbtest.Words("完"))
		refuse("handling waived", law.Waive, dbtest.Words("免"), dbtest.Task(string(law.Handling)+"/"+s.City))
		s.do(by, s.City, law.Categorise, dbtest.Categories(law.ClientOrgan))
		refuse("changed without a reason", law.Categorise, dbtest.Categories(law.Individual))
		refuse("performed what there is not", law.Perform, dbtest.Task("letters/none"))
		refuse("performed the handling", law.Perform, dbtest.Task(string(law.Handling)+"/"+s.City))
		refuse("waived without a reason", law.Waive, dbtest.Task(letters))
		s.do(by, s.City, law.Waive, dbtest.Words("不适用"), dbtest.Task(letters))
		refuse("waived twice", law.Waive, dbtest.Words("不适用"), dbtest.Task(letters))
		s.do(by, s.City, law.Ask, dbtest.Words(strings.Repeat("长", 4000)))
		last := s.Act(by, s.report, s.City, law.Close, s.clock.Now())
		must(t, s.Handle(s.d, by, last)())
		must(t, s.Handle(s.d, by, last)()) // a repeat, after which it could not be done any more
		refuse("closed twice", law.Close)
		s.do(s.Appraisers[0], "", law.Reply, dbtest.Words("\xff")) // bytes that are no character can be read back
		s.reads(by)
	})
}

// Of two officers who close at once one does, whatever process they are at.
func TestTwoOfficersCloseAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		clock := dbtest.At(dbtest.Start)
		a, b := open(dbtest.WithClock(clock)), open(dbtest.WithClock(clock))
		w := dbtest.Seed(t, a)
		for i := range 8 {
			s := staged(t, a, w, clock, w.Direct(w.Appraisers[0], w.Cases[1], "经过"), w.CityOfficer)
			s.report = reportOf(t, s)
			s.do(w.CityOfficer, w.City, law.Accept)
			s.do(w.CityOfficer, w.City, law.Categorise, dbtest.Categories(law.InternalDirect))
			for _, k := range s.reads(w.CityOfficer).Tasks {
				if k.Open() && k.Duty != law.Handling {
					s.do(w.CityOfficer, w.City, law.Waive, dbtest.Words("免"), dbtest.Task(k.Key))
				}
			}
			one := w.Handle(a, w.CityOfficer, w.Act(w.CityOfficer, s.report, w.City, law.Close, clock.Now()))
			two := w.Handle(b, w.OtherOfficer, w.Act(w.OtherOfficer, s.report, w.City, law.Close, clock.Now()))
			errs := make(chan error, 2)
			release := holdUp(t, a, s.report)
			go func() { errs <- one() }()
			go func() { errs <- two() }()
			release()
			x, y := <-errs, <-errs
			if (x == nil) == (y == nil) || !errors.Is(errors.Join(x, y), db.ErrDenied) {
				t.Fatalf("both closed, or neither: %v, %v", x, y)
			}
			if n := count(t, a, "SELECT COUNT(*) FROM audit WHERE action = 'act' AND NOT allowed"); n != i+1 {
				t.Fatalf("%d refusals are written down", n)
			}
		}
	})
}

// holdUp keeps acts about a report from being written until both who would write one have looked at it, or wait in line.
func holdUp(t *testing.T, d *db.DB, report string) (release func()) {
	t.Helper()
	if !isPostgres(d) {
		return func() {}
	}
	x, err := d.SQL().BeginTx(t.Context(), nil)
	must(t, err)
	_, err = x.ExecContext(t.Context(), "SELECT id FROM reports WHERE id = $1 FOR UPDATE", report)
	must(t, err)
	return func() {
		for range 500 {
			if count(t, d, "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 2 {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		must(t, x.Rollback())
	}
}

// reportOf is the newest report in the inbox of its reader.
func reportOf(t *testing.T, s *scene) string {
	t.Helper()
	return desk(t, s.d, s.Appraisers[0], db.Where{Event: s.Event(), Place: flows.AtRecord, Subject: s.record.ID}).Follow.Report
}

// A word about a report goes to nobody who may not have it when it is sent.
func TestAWordIsForThoseWhoMayHaveTheReport(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		s := direct()
		s.told(db.Report)
		s.do(s.Appraisers[0], "", law.Reply, dbtest.Words("补充"))
		must(t, s.d.Revoke(t.Context(), s.CityOfficer.ID, s.City, law.Officer))
		if got := s.told(db.Word); !slices.Equal(got, []string{s.OtherOfficer.ID + " " + s.report}) {
			t.Fatalf("told %v", got)
		}
		if n := count(t, s.d, "SELECT COUNT(*) FROM outbox WHERE kind = 'word'"); n != 0 {
			t.Fatalf("%d words are still to be sent", n)
		}
		s.do(s.Appraisers[0], "", law.Reply, dbtest.Words("再补充"))
		if got := db.Tellings(t.Context(), s.d, s.CityOfficer.ID); !slices.Equal(got, []string{"word " + s.report}) {
			t.Fatalf("a word is kept for somebody without the role: %v", got)
		}
	})
}

// A desk asks as much of the database for many open reports as for one.
func TestDutiesCostTheSameForManyReports(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		c := &cutter{}
		c.left.Store(-1)
		counted, d := open(counting(c)), open()
		w := dbtest.Seed(t, d)
		cost := func() int {
			c.arm(1<<20, false)
			if got := len(desk(t, counted, w.CityOfficer).Tasks); got == 0 {
				t.Fatal("no duties")
			}
			return 1<<20 - int(c.left.Load())
		}
		file(t, d, w, w.Appraisers[0], w.Direct(w.Appraisers[0], w.Cases[1], "经过"))
		one := cost()
		for range 40 {
			file(t, d, w, w.Appraisers[0], w.Direct(w.Appraisers[0], w.Cases[1], "经过"))
		}
		if many := cost(); many != one {
			t.Fatalf("%d statements for one report, %d for 41", one, many)
		}
		if n := len(desk(t, d, w.CityOfficer).Tasks); n != 100 {
			t.Fatalf("%d duties on the desk", n)
		}
	})
}

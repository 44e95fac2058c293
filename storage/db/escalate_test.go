package db_test

import (
	"errors"
	"os"
	"regexp"
	"slices"
	"testing"
	"time"

	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// monday is after the last day for passing on, Friday 27 November.
var monday = time.Date(2026, time.November, 30, 10, 0, 0, 0, dbtest.Zone)

func (s *scene) reroute() int {
	s.t.Helper()
	n, err := s.d.Reroute(s.t.Context())
	must(s.t, err)
	return n
}

func (s *scene) waiting() int {
	s.t.Helper()
	n, err := s.d.Waiting(s.t.Context())
	must(s.t, err)
	return n
}

// officers have the report, and have been told.
func (s *scene) arrivedAtTheCity() {
	s.t.Helper()
	want := []string{s.CityOfficer.ID + " " + s.report, s.OtherOfficer.ID + " " + s.report}
	slices.Sort(want)
	if got := s.told(db.Report); !slices.Equal(got, want) {
		s.t.Errorf("told %v, want %v", got, want)
	}
	if r := s.reads(s.CityOfficer); r == nil || r.Unit != s.City || !slices.Equal(r.May, []law.ActKind{law.Accept}) {
		s.t.Errorf("the city reads %+v", r)
	}
	if s.reads(s.Receiver) == nil {
		s.t.Error("the institution has lost it")
	}
	if s.reads(s.CityLead) != nil {
		s.t.Error("others read it")
	}
}

// The institution passes a report on (Art. 6).
func TestPassingOn(t *testing.T) {
	onStage(t, func(t *testing.T, _, external func() *scene) {
		s := external()
		s.told(db.Report)
		if r := s.reads(s.Receiver); len(r.Tasks) != 2 || r.Unit != s.Institution || !slices.Contains(r.Propose, law.ClientOrgan) {
			t.Fatalf("report %+v", r)
		}
		s.do(s.Receiver, s.Institution, law.Accept)
		s.do(s.Receiver, s.Institution, law.Pass)
		s.arrivedAtTheCity()
		if !errors.Is(s.try(s.Receiver, s.City, law.Accept), db.ErrDenied) || !errors.Is(s.try(s.CityOfficer, s.Institution, law.Ask, dbtest.Words("问")), db.ErrDenied) {
			t.Error("somebody acted for the other unit")
		}
		if err := s.try(s.Receiver, s.Institution, law.Pass); err == nil {
			t.Error("passed on twice")
		}
		if way := desk(t, s.d, s.Appraisers[0], db.Where{Event: s.Event(), Place: "record", Subject: s.record.ID}).Way; len(way) != 2 || way[1].Article != "第六条" {
			t.Errorf("way %+v", way)
		}
		s.do(s.Receiver, s.Institution, law.Close)
		if f := s.follows(); f.Standing != law.UnderWay {
			t.Errorf("closed by the institution alone: %+v", f)
		}
		if s.reroute() != 0 {
			t.Error("it was sent on once more")
		}
	})
}

// Where nobody above may have the report, passing on is kept, and the report goes up as soon as somebody may.
func TestPassingOnToNobody(t *testing.T) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		clock := dbtest.At(dbtest.Start)
		d := twin(dbtest.WithClock(clock))
		r := w.External(w.Appraisers[0], w.Cases[1], "经过")
		for _, p := range []dbtest.Somebody{w.CityOfficer, w.OtherOfficer, w.CityLead, w.ProvinceOfficer, w.ProvinceLead} {
			r.Report.Excluded = append(r.Report.Excluded, dbtest.Exclude(p, law.LedByImplicated))
		}
		s := staged(t, d, w, clock, r, w.Receiver)
		s.told(db.Report)
		s.do(w.Receiver, w.Institution, law.Accept)
		if s.waiting() != 0 {
			t.Fatal("it waits before it was passed on")
		}
		s.do(w.Receiver, w.Institution, law.Pass)
		if s.waiting() != 1 || s.reroute() != 0 || len(s.told(db.Report)) != 0 {
			t.Fatalf("%d wait", s.waiting())
		}
		if f := s.follows(); len(f.May) != 1 || f.Standing != law.UnderWay {
			t.Fatalf("follow %+v", f)
		}
		loaded := load(t, d, db.Batch{People: []db.Person{{Authority: city, Superior: province, Name: "新人", Role: law.Officer}}})
		if s.reroute() != 1 || s.reroute() != 0 {
			t.Fatal("the new officer did not get it, or got it twice")
		}
		if n := count(t, d, "SELECT COUNT(*) FROM deliveries WHERE person = $1 AND unit = $2", loaded.Invitations[0].Person, w.City); n != 1 || s.waiting() != 0 && s.waiting() != 1 {
			t.Fatalf("%d deliveries", n)
		}
		if got := s.told(db.Moved); !slices.Equal(got, []string{w.Appraisers[0].ID + " " + r.ID}) {
			t.Fatalf("told %v", got)
		}
	})
}

// The reporter goes to the authority when the institution does not act (R5.8), and reminds.
func TestTheReporterAppeals(t *testing.T) {
	onStage(t, func(t *testing.T, _, external func() *scene) {
		s := external()
		s.told(db.Report)
		signer := s.Appraisers[0]
		if s.try(signer, "", law.Appeal) == nil || s.try(signer, "", law.Urge) == nil {
			t.Fatal("before anything is late")
		}
		s.clock.Set(monday)
		if f := s.follows(); !slices.Equal(f.May, []law.ActKind{law.Reply, law.Urge, law.Appeal}) {
			t.Fatalf("follow %+v", f)
		}
		s.do(signer, "", law.Urge)
		if got := s.told(db.Word); !slices.Equal(got, []string{s.Receiver.ID + " " + s.report}) {
			t.Fatalf("told %v", got)
		}
		if s.try(signer, "", law.Urge) == nil {
			t.Error("reminded twice in a day")
		}
		s.do(signer, "", law.Appeal)
		s.arrivedAtTheCity()
		if s.try(signer, "", law.Appeal) == nil {
			t.Error("appealed twice")
		}
		if s.reads(s.Head) != nil {
			t.Error("the head reads it")
		}
		s.reroute() // the head's rung
		if n := count(t, s.d, "SELECT COUNT(*) FROM audit WHERE action = 'escalate' AND why <> $1", s.Institution); n != 0 || len(s.told(db.Report)) != 1 {
			t.Error("escalated besides")
		}
	})
}

// What the institution does not pass on in time goes to its head, and then to the authority by itself, each once (R6.2).
func TestAReportNotPassedOnEscalates(t *testing.T) {
	onStage(t, func(t *testing.T, _, external func() *scene) {
		s := external()
		s.told(db.Report)
		s.do(s.Receiver, s.Institution, law.Accept)
		s.clock.Set(time.Date(2026, time.November, 27, 23, 0, 0, 0, dbtest.Zone))
		if s.reroute() != 0 {
			t.Fatal("too early")
		}
		escalated := func(to string, want int) {
			t.Helper()
			if s.reroute() != 1 || s.reroute() != 0 {
				t.Fatal("not once")
			}
			if n := count(t, s.d, "SELECT COUNT(*) FROM audit WHERE action = 'escalate' AND allowed AND subject = $1 AND why = $2", s.report, to); n != 1 {
				t.Errorf("%d escalations are written down", n)
			}
			moved := slices.DeleteFunc(db.Tellings(t.Context(), s.d, s.Appraisers[0].ID), func(x string) bool { return x != "moved "+s.record.ID })
			if len(moved) != want {
				t.Errorf("the reporter is told %d times", len(moved))
			}
		}
		s.clock.Set(monday)
		escalated(s.Institution, 1)
		if got := s.told(db.Report); !slices.Equal(got, []string{s.Head.ID + " " + s.report}) {
			t.Fatalf("told %v", got)
		}
		if r := s.reads(s.Head); r == nil || r.Unit != s.Institution || r.Owner == "" || r.Mine || !slices.Contains(r.May, law.Pass) || !slices.Contains(r.May, law.Take) {
			t.Fatalf("the head reads %+v", r)
		}
		if s.reads(s.CityOfficer) != nil {
			t.Fatal("the city has it already")
		}
		s.clock.Set(monday.AddDate(0, 0, 1))
		if s.reroute() != 0 {
			t.Fatal("the authority's rung came early")
		}
		s.clock.Set(monday.AddDate(0, 0, 2))
		escalated(s.City, 2)
		s.arrivedAtTheCity()
		if late := s.reads(s.CityOfficer).Late; len(late) != 1 || late[0].Duty != law.ForwardAuthority {
			t.Errorf("the city reads of the institution's delay: %+v", late)
		}
		s.do(s.Receiver, s.Institution, law.Pass) // late, and still to be done
		if n := count(t, s.d, "SELECT COUNT(*) FROM deliveries"); n != 4 {
			t.Errorf("%d deliveries", n)
		}
	})
}

// Nothing escalates that was passed on, waived, or need not be passed on.
func TestWhatDoesNotEscalate(t *testing.T) {
	onStage(t, func(t *testing.T, _, external func() *scene) {
		forward := func(s *scene) string { return string(law.ForwardAuthority) + "/" + s.Institution }
		for name, done := range map[string]func(s *scene){
			"passed on": func(s *scene) {
				s.do(s.Receiver, s.Institution, law.Pass)
				s.do(s.CityOfficer, s.City, law.Accept)
			},
			"waived": func(s *scene) {
				s.do(s.Receiver, s.Institution, law.Waive, dbtest.Words("免"), dbtest.Task(forward(s)))
			},
		} {
			s := external()
			s.do(s.Receiver, s.Institution, law.Accept)
			done(s)
			s.clock.Set(monday)
			s.told(db.Report)
			if s.reroute() != 0 {
				t.Errorf("%s: escalated", name)
			}
		}
	})
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		clock := dbtest.At(dbtest.Start)
		d := open(dbtest.WithClock(clock))
		w := dbtest.Seed(t, d)
		r := w.Report(w.Appraisers[0], w.Cases[1], "经过", []dbtest.Somebody{w.Receiver})
		r.Answers[form.Interferers] = form.Answer{Boxes: []form.OptionID{form.Insider}, Confirmed: true}
		s := staged(t, d, w, clock, r, w.Receiver)
		s.do(w.Receiver, w.Institution, law.Accept)
		clock.Set(monday.AddDate(0, 0, 8)) // the last day for deciding
		if s.reroute() != 0 {
			t.Error("the institution's own matter was escalated before its day")
		}
		clock.Set(monday.AddDate(0, 0, 9))
		if s.reroute() != 1 || s.reads(w.Head) == nil || s.reads(w.CityOfficer) != nil {
			t.Error("the head did not get what is not decided in time")
		}
		s.do(w.Head, w.Institution, law.Decide, dbtest.Words("依章程"))
		clock.Set(monday.AddDate(0, 0, 40))
		if s.reroute() != 0 || s.reads(w.CityOfficer) != nil {
			t.Error("the institution's own matter was escalated although it was decided")
		}
	})
}

// Whoever has a duty due by the next working day is owed a reminder, and nobody else is for it.
func TestDutiesAreReminded(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		s := direct()
		s.told(db.Report)
		for _, p := range s.Appraisers[:2] { // the officers are to have nothing else to be reminded of
			file(t, s.d, s.World, p, s.Zero(p, s.Cases[0]))
		}
		due, err := s.d.OpenTasks(t.Context())
		must(t, err)
		want := []string{s.CityOfficer.ID, s.OtherOfficer.ID}
		slices.Sort(want)
		if len(due) != 2 || due[0].Person != want[0] || due[1].Person != want[1] || due[0].Due.String() != "2026-11-27" {
			t.Fatalf("open duties %+v", due)
		}
		remind := func(day int) (n int) {
			s.clock.Set(time.Date(2026, time.November, day, 9, 0, 0, 0, dbtest.Zone))
			var ns []db.Nudge
			for _, p := range []dbtest.Somebody{s.CityOfficer, s.OtherOfficer, s.ProvinceOfficer, s.Receiver} {
				ns = append(ns, db.Nudge{Person: p.ID, Day: law.DateOf(s.clock.Now().In(dbtest.Zone)), Kind: db.Digest})
			}
			_, err := s.d.Enqueue(t.Context(), ns)
			must(t, err)
			for _, who := range s.told(db.Digest) {
				if who[:len(want[0])] != want[0] && who[:len(want[0])] != want[1] {
					t.Errorf("%s is reminded", who)
				}
				n++
			}
			return n
		}
		if a, b := remind(25), remind(26); a != 0 || b != 2 {
			t.Fatalf("reminded %d on the 25th, %d on the 26th", a, b)
		}
		must(t, s.d.Revoke(t.Context(), s.OtherOfficer.ID, s.City, law.Officer))
		if n := remind(27); n != 1 {
			t.Fatalf("reminded %d after a role ended", n)
		}
		s.clock.Set(dbtest.Start.AddDate(0, 0, 3))
		s.do(s.CityOfficer, s.City, law.Accept)
		if n := remind(30); n != 0 {
			t.Fatalf("reminded %d of what is done", n)
		}
	})
}

// dropSecond takes away all that the second version added, the last first.
func dropSecond(t *testing.T, d *db.DB) {
	t.Helper()
	var made [][]string
	for _, f := range []string{"0002.sql", "0002.postgres.sql"} {
		b, err := os.ReadFile("migrations/" + f)
		must(t, err)
		made = append(made, regexp.MustCompile(`(?m)^CREATE (TABLE|FUNCTION) (\w+)`).FindAllStringSubmatch(string(b), -1)...)
	}
	for _, kind := range []string{"TABLE", "FUNCTION"} { // what calls the functions goes first
		for _, m := range slices.Backward(made) {
			switch {
			case m[1] != kind:
			case kind == "TABLE":
				exec(t, d, "DROP TABLE "+m[2])
			case isPostgres(d):
				exec(t, d, "DROP FUNCTION "+m[2]+"()")
			}
		}
	}
	exec(t, d, "DROP INDEX audit_signers") // of a table that stays
	exec(t, d, "DELETE FROM schema_version WHERE version > 1")
}

// A database of the first release is brought up to date with what is in it, and goes on from there.
func TestADatabaseOfTheFirstReleaseIsUpgraded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := dbtest.Seed(t, d)
		r := w.Direct(w.Appraisers[0], w.Cases[1], "经过")
		file(t, d, w, w.Appraisers[0], r)
		asFirstRelease(t, d)
		dropSecond(t, d)
		before := dump(t, d, "records", "reports", "deliveries", "audit", "persons")
		d = open()
		if dump(t, d, "records", "reports", "deliveries", "audit", "persons") != before {
			t.Fatal("the upgrade changed what was there")
		}
		if n := count(t, d, "SELECT MAX(version) FROM schema_version"); n != 2 {
			t.Fatalf("version %d", n)
		}
		if got := desk(t, d, w.CityOfficer); len(got.Tasks) != 3 || len(got.Inbox) != 1 {
			t.Fatalf("duties %+v", got.Tasks)
		}
		accept(t, d, w)
		_, err := d.Verify(t.Context(), func(f db.Finding) { t.Errorf("finding %+v", f) })
		must(t, err)
		if _, err := d.SQL().ExecContext(t.Context(), "DELETE FROM acts"); err == nil {
			t.Error("acts can be deleted")
		}
	})
}

// A closing that no act made, or one that is missing, is found; so is an act that is gone.
func TestVerifyComparesActs(t *testing.T) {
	onStage(t, func(t *testing.T, _, external func() *scene) {
		for name, change := range map[string]func(s *scene){
			"planted closing": func(s *scene) {
				exec(t, s.d, "INSERT INTO closings (report, unit) VALUES ($1, $2)", s.report, s.City)
			},
			"closing taken away": func(s *scene) { exec(t, s.d, "DELETE FROM closings") },
			"an act gone": func(s *scene) {
				unlock(t, s.d, "acts")
				exec(t, s.d, "DELETE FROM acts WHERE id = (SELECT MIN(id) FROM acts)")
			},
			"nothing": func(*scene) {},
		} {
			s := external()
			s.do(s.Receiver, s.Institution, law.Accept)
			s.do(s.Receiver, s.Institution, law.Pass)
			s.do(s.Receiver, s.Institution, law.Close)
			change(s)
			n := 0
			_, err := s.d.Verify(t.Context(), func(db.Finding) { n++ })
			must(t, err)
			if (n == 0) != (name == "nothing") {
				t.Errorf("%s: %d findings", name, n)
			}
		}
	})
}

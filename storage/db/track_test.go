package db_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"liuhen/flows"
	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// joins puts somebody on the register and on a telephone.
func joins(t *testing.T, d *db.DB, w *dbtest.World, account int64, p db.Person) dbtest.Somebody {
	t.Helper()
	v := load(t, d, db.Batch{People: []db.Person{p}}).Invitations[0]
	c := db.Caller{Account: account, Link: v.Token}
	must(t, d.Commit(t.Context(), c, w.Event(), dbtest.Start, []flows.Durable{flows.Bind{Person: v.Person}}))
	who := dbtest.Somebody{ID: v.Person, Name: v.Name, Account: account}
	who.Unit = desk(t, d, who).Me.Institution
	return who
}

// about names interferers in a report.
func about(r record.Record, box form.OptionID, people ...dbtest.Somebody) record.Record {
	r.Answers[form.Interferers] = form.Answer{Boxes: []form.OptionID{box}, Confirmed: true}
	for _, p := range people {
		r.Report.Excluded = append(r.Report.Excluded, dbtest.Exclude(p, law.Implicated))
	}
	return r
}

// member is a report about a Party member of the institution, with the Party's own track to its secretary, as two scenes.
func member(t *testing.T, w *dbtest.World, twin dbtest.Open) (report, track *scene, secretary dbtest.Somebody) {
	t.Helper()
	clock := dbtest.At(dbtest.Start)
	d := twin(dbtest.WithClock(clock))
	secretary = joins(t, d, w, 9101, db.Person{Authority: city, Superior: province, Institution: "示例司法鉴定中心", Name: "书记", Role: law.PartyLead})
	r := about(w.Report(w.Appraisers[0], w.Cases[1], "经过", []dbtest.Somebody{w.Receiver}), form.Insider, w.Appraisers[1])
	r.Answers[form.Party] = form.Answer{Boxes: []form.OptionID{form.Yes}, Confirmed: true}
	r.Report.Party = []record.Stop{{Unit: w.Institution, Article: "7", Recipients: []record.Person{{ID: secretary.ID, Name: secretary.Name}}}}
	report = staged(t, d, w, clock, r, w.Receiver)
	track = &scene{w, t, d, clock, r, desk(t, d, secretary).Inbox[0].ID}
	return report, track, secretary
}

func (s *scene) party() *flows.Follow {
	s.t.Helper()
	return desk(s.t, s.d, s.Appraisers[0], db.Where{Event: s.Event(), Place: flows.AtRecord, Subject: s.record.ID}).Track
}

// The Party's own track is opened beside the report, handled by its holder and closed by them; closing either does not close the
// other (R7.2).
func TestThePartysOwnTrack(t *testing.T) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		for _, first := range []string{"track", "report"} {
			s, p, secretary := member(t, w, twin)
			if s.report == p.report || len(desk(t, s.d, w.Receiver).Inbox) != 1 || len(desk(t, s.d, secretary).Inbox) != 1 {
				t.Fatal("there are not two of them, each with one holder")
			}
			closeTrack := func() {
				p.do(secretary, w.Institution, law.Accept)
				if r := p.reads(secretary); !r.Party || !slices.Equal(r.May, []law.ActKind{law.Discipline, law.Waive}) || len(r.Tasks) != 2 {
					t.Errorf("the secretary may %v, owes %v", r.May, r.Tasks)
				}
				for _, k := range []law.ActKind{law.Ask, law.Pass, law.Extend, law.Decide, law.Close} {
					if err := p.try(secretary, w.Institution, k, dbtest.Words("话")); !errors.Is(err, db.ErrDenied) {
						t.Errorf("%s on the track: %v", k, err)
					}
				}
				if err := p.try(secretary, w.Institution, law.Discipline); !errors.Is(err, db.ErrDenied) {
					t.Errorf("dealt with without words: %v", err)
				}
				p.do(secretary, w.Institution, law.Discipline, dbtest.Words("党内警告"))
				p.do(secretary, w.Institution, law.Close)
			}
			closeReport := func() {
				s.do(w.Receiver, w.Institution, law.Accept)
				s.do(w.Receiver, w.Institution, law.Decide, dbtest.Words("依章程"))
				s.do(w.Receiver, w.Institution, law.Close)
			}
			open, other := closeTrack, closeReport
			if first == "report" {
				open, other = closeReport, closeTrack
			}
			open()
			report, track := s.follows().Standing, s.party().Standing
			if (track == law.Closed) != (first == "track") || (report == law.Closed) != (first == "report") {
				t.Errorf("%s closed first: the report stands at %s, the track at %s", first, report, track)
			}
			if n := len(desk(t, s.d, w.Receiver).Tasks) + len(desk(t, s.d, secretary).Tasks); n != 2 {
				t.Errorf("%s closed first: %d duties are open", first, n)
			}
			other()
			if s.follows().Standing != law.Closed || s.party().Standing != law.Closed {
				t.Error("not both are closed in the end")
			}
			_, err := s.d.Verify(t.Context(), func(f db.Finding) { t.Errorf("finding %+v", f) })
			must(t, err)
		}
	})
}

// Affiliation is shown on the Party's own track alone: everybody opens the report and the track at every place, and only the
// secretary, and the signer in their own entry, reads that somebody is a Party member, or that there is a track (R7.3).
func TestAffiliationIsOnTheTrackAlone(t *testing.T) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		s, p, secretary := member(t, w, twin)
		s.do(w.Receiver, w.Institution, law.Accept)
		s.do(w.Receiver, w.Institution, law.Ask, dbtest.Words("问"))
		p.do(secretary, w.Institution, law.Accept)
		s.clock.Set(monday.AddDate(0, 0, 15)) // decided by nobody: the ladder brings the report to the head and to the authority
		s.reroute()
		everybody := append(s.characters(), struct {
			what string
			who  dbtest.Somebody
		}{"secretary", secretary})
		tells := func(d flows.Desk) bool {
			b, err := json.Marshal(d)
			must(t, err)
			answered := func(r record.Record) bool {
				_, ok := r.Answers[form.Party]
				return ok || r.Report != nil && len(r.Report.Party) > 0
			}
			return strings.Contains(string(b), p.report) || d.Track != nil || d.Entry != nil && answered(*d.Entry) ||
				d.Report != nil && (d.Report.Party || answered(d.Report.Record) || slices.Contains(d.Report.Propose, law.PartyDiscipline)) ||
				slices.ContainsFunc(d.Tasks, func(k flows.Task) bool { return slices.Contains(k.Propose, law.PartyDiscipline) })
		}
		holders := 0
		for _, c := range everybody {
			for _, id := range []string{s.report, p.report, s.record.ID, "none"} {
				for _, place := range []flows.Place{flows.AtMenu, flows.AtTodo, flows.AtReport, flows.AtRecord, flows.AtLog, flows.AtLeaks, flows.AtIntegrity} {
					got := tells(s.desk(c.who, place, id))
					own := c.what == "its reporter" && place == flows.AtRecord && id == s.record.ID
					if got != (c.what == "secretary" || own) {
						t.Errorf("%s at %s of %q: affiliation shows: %v", c.what, place, id, got)
					}
				}
			}
			if d := s.desk(c.who, flows.AtReport, s.report); d.Report != nil {
				holders++
			}
			if c.what == "secretary" {
				continue
			}
			for _, k := range []law.ActKind{law.Accept, law.Discipline, law.Close, law.Reply} {
				for _, unit := range []string{c.who.Unit, ""} {
					if s.may(c.who, flows.Handle{Act: s.Act(c.who, p.report, unit, k, s.clock.Now(), dbtest.Words("话"))}) {
						t.Errorf("%s may %s on the track", c.what, k)
					}
				}
			}
			if _, err := s.d.Evidence(t.Context(), c.who.Caller(), s.Event(), p.report, "file1"); !errors.Is(err, db.ErrDenied) {
				t.Errorf("%s has the evidence by the track: %v", c.what, err)
			}
		}
		if holders != 4 { // the receiver and, by the ladder, the head and the authority
			t.Errorf("%d hold the report itself", holders)
		}
	})
}

// handed is a report about an officer of the province that the city hands there (Art. 8 (二)); heir works there too.
func handed(t *testing.T, w *dbtest.World, twin dbtest.Open) (s *scene, heir dbtest.Somebody) {
	t.Helper()
	clock := dbtest.At(dbtest.Start)
	d := twin(dbtest.WithClock(clock))
	heir = joins(t, d, w, 9102, db.Person{Authority: province, Name: "接办", Role: law.Officer})
	r := about(w.Report(w.Appraisers[0], w.Cases[1], "经过", []dbtest.Somebody{w.CityOfficer, w.OtherOfficer}), form.Official, w.ProvinceOfficer)
	s = staged(t, d, w, clock, r, w.CityOfficer)
	s.told(db.Report)
	s.do(w.CityOfficer, w.City, law.Accept)
	return s, heir
}

func to(unit, name string) func(*record.Act) {
	return func(a *record.Act) { a.To = &record.Person{ID: unit, Name: name} }
}

// A report about staff of another organ is handed there: the other organ takes over with the whole course, the one that handed it over
// has done with it and reads the state, whoever is named has nothing of it (R8.2).
func TestHandingOver(t *testing.T) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		s, heir := handed(t, w, twin)
		away := to(w.Province, province)
		if err := s.try(w.CityOfficer, w.City, law.Transfer, away); !errors.Is(err, db.ErrDenied) {
			t.Fatalf("handed over before category (二) was decided: %v", err)
		}
		s.do(w.CityOfficer, w.City, law.Categorise, dbtest.Categories(law.JudicialOfficer))
		for _, unit := range []string{w.City, w.Institution, "none"} {
			if err := s.try(w.CityOfficer, w.City, law.Transfer, to(unit, "某")); !errors.Is(err, db.ErrDenied) {
				t.Errorf("handed to %s: %v", unit, err)
			}
		}
		if r := s.reads(w.CityOfficer); len(r.Organs) != 1 || r.Organs[0].ID != w.Province {
			t.Fatalf("it may go to %v", r.Organs)
		}
		before := s.reads(w.ProvinceOfficer) != nil || s.has(heir)
		s.told(db.Word)
		act := s.Act(w.CityOfficer, s.report, w.City, law.Transfer, s.clock.Now(), away, dbtest.Words("请办"))
		must(t, s.Handle(s.d, w.CityOfficer, act)())
		done := contents(t, s.d)
		must(t, s.Handle(s.d, w.CityOfficer, act)())
		if contents(t, s.d) != done {
			t.Error("the repeat changed something")
		}
		if n := count(t, s.d, "SELECT COUNT(*) FROM outbox WHERE kind = 'moved' AND person = $1 AND ref = $2", w.Appraisers[0].ID, s.record.ID); n != 1 {
			t.Errorf("its reporter is told %d times", n)
		}
		want := []string{heir.ID + " " + s.report}
		if got := s.told(db.Report); before || !slices.Equal(got, want) {
			t.Errorf("told %v, want %v", got, want)
		}
		for _, p := range []dbtest.Somebody{w.ProvinceOfficer, w.ProvinceLead, w.CityLead, w.Receiver, w.Head} {
			if s.has(p) {
				t.Errorf("%s has it", p.Name)
			}
		}
		if r := s.reads(w.CityOfficer); len(r.May) != 0 || len(desk(t, s.d, w.CityOfficer).Tasks) != 0 || slices.ContainsFunc(r.Tasks, law.Task.Open) {
			t.Errorf("the city still owes %v, may %v", r.Tasks, r.May)
		}
		if r := s.reads(heir); r.Unit != w.Province || r.Level != law.SuperiorAuthority || len(desk(t, s.d, heir).Tasks) != 3 || len(r.Acts) != 3 {
			t.Errorf("the other organ reads %+v", r)
		}
		s.do(heir, w.Province, law.Accept)
		s.do(heir, w.Province, law.Categorise, dbtest.Categories(law.JudicialOfficer), dbtest.Words("秘密"))
		kinds, all := kindsRead(s.reads(w.CityOfficer).Acts)
		if strings.Contains(all, heir.Name) || strings.Contains(all, "秘密") || !slices.Equal(kinds[3:], []law.ActKind{law.Accept}) {
			t.Errorf("the city reads %v: %s", kinds, all)
		}
		if r := s.reads(heir); len(r.Organs) != 0 || slices.Contains(r.May, law.Transfer) {
			t.Error("it may be handed on to where it is")
		}
		s.clock.Set(monday.AddDate(0, 6, 0)) // overdue for long: it climbs at the other organ, never to who is named
		if s.reroute() != 1 || !s.has(w.ProvinceLead) || s.has(w.ProvinceOfficer) || s.has(w.CityLead) {
			t.Error("it did not climb at the other organ alone")
		}
		_, err := s.d.Verify(t.Context(), func(f db.Finding) { t.Errorf("finding %+v", f) })
		must(t, err)
	})
}

// What an organ leaves undone goes to its leader, then to the organ above, each once, past whoever is implicated; the period of
// handling is extended once, while it runs, with a reason (Arts. 6, 8).
func TestAnOrgansDelayClimbs(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		s := direct()
		due := func() string {
			i := slices.IndexFunc(s.reads(s.CityOfficer).Tasks, func(k law.Task) bool { return k.Duty == law.Handling })
			return s.reads(s.CityOfficer).Tasks[i].Due.String()
		}
		s.do(s.CityOfficer, s.City, law.Accept)
		s.do(s.CityOfficer, s.City, law.Categorise, dbtest.Categories(law.InternalDirect))
		for _, k := range s.reads(s.CityOfficer).Tasks {
			if k.Open() && k.Duty != law.Handling {
				s.do(s.CityOfficer, s.City, law.Waive, dbtest.Words("免"), dbtest.Task(k.Key))
			}
		}
		if err := s.try(s.CityOfficer, s.City, law.Extend); !errors.Is(err, db.ErrDenied) {
			t.Fatalf("extended without a reason: %v", err)
		}
		last := due()
		s.do(s.CityOfficer, s.City, law.Extend, dbtest.Words("须核实"))
		if got := due(); last != "2027-01-23" || got != "2027-02-22" {
			t.Fatalf("the period ends on %s, extended on %s", last, got)
		}
		if err := s.try(s.CityOfficer, s.City, law.Extend, dbtest.Words("再核实")); !errors.Is(err, db.ErrDenied) {
			t.Fatalf("extended twice: %v", err)
		}
		for _, a := range s.follows().Acts {
			if a.Kind == law.Extend && a.Text != "" {
				t.Error("the reporter reads the reason")
			}
		}
		on := func(day string) {
			d, ok := law.ParseDate(day)
			if ok != nil {
				t.Fatal(ok)
			}
			s.clock.Set(time.Date(d.Y, d.M, d.D, 10, 0, 0, 0, dbtest.Zone))
		}
		on("2027-02-22")
		if s.reroute() != 0 {
			t.Fatal("it climbed on the last day of the extended period")
		}
		on("2027-02-23")
		if s.reroute() != 1 || !s.has(s.CityLead) || s.has(s.ProvinceOfficer) || s.has(s.Head) {
			t.Fatal("it did not go to the leader first")
		}
		s.clock.Move(10 * 24 * time.Hour)
		if s.reroute() != 1 || s.reroute() != 0 || !s.has(s.ProvinceOfficer) || s.has(s.ProvinceLead) || s.has(s.Head) {
			t.Fatal("it did not go to the organ above next, once")
		}
		if late := s.reads(s.ProvinceOfficer).Late; len(late) != 1 || late[0].Duty != law.Handling {
			t.Errorf("the organ above reads of %+v", late)
		}
	})
}

// An organ whose period is over does not extend it; a rung whose people are implicated is left out, and the next comes in its time; the
// Party's track climbs past the head.
func TestRungsAreLeftOut(t *testing.T) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		clock := dbtest.At(dbtest.Start)
		d := twin(dbtest.WithClock(clock))
		r := about(w.Report(w.Appraisers[0], w.Cases[1], "经过", []dbtest.Somebody{w.Receiver}), form.Client, w.Head)
		s := staged(t, d, w, clock, r, w.Receiver)
		s.told(db.Report)
		clock.Set(monday)
		if s.reroute() != 0 || s.has(w.Head) {
			t.Fatal("the rung of the implicated head was taken")
		}
		clock.Set(monday.AddDate(0, 0, 2))
		if s.reroute() != 1 || s.has(w.Head) || !s.has(w.CityOfficer) {
			t.Fatal("the authority did not get it in its time")
		}
		s.do(w.CityOfficer, w.City, law.Accept)
		clock.Set(dbtest.Start.AddDate(0, 4, 0))
		if err := s.try(w.CityOfficer, w.City, law.Extend, dbtest.Words("迟")); !errors.Is(err, db.ErrDenied) {
			t.Errorf("extended when it was over: %v", err)
		}

		_, p, secretary := member(t, w, twin)
		p.told(db.Report)
		p.clock.Set(monday)
		p.reroute() // the report's own rung
		if p.reads(w.Head) != nil {
			t.Fatal("the head got the Party's track")
		}
		p.clock.Set(monday.AddDate(0, 0, 2))
		p.reroute()
		if x := p.reads(w.CityOfficer); x == nil || !x.Party || x.Level != law.Authority || p.reads(w.Head) != nil || p.reads(secretary) == nil {
			t.Fatalf("the track did not climb to the authority: %+v", x)
		}
		p.do(w.CityOfficer, w.City, law.Accept)
		p.do(w.CityOfficer, w.City, law.Discipline, dbtest.Words("依规依纪"))
		p.do(w.CityOfficer, w.City, law.Close)
		if f := p.party(); f.Standing != law.Closed || len(p.reads(secretary).May) != 0 {
			t.Errorf("one of the two dealt with it, and it stands at %s", f.Standing)
		}
		if x := p.follows(); x.Standing == law.Closed {
			t.Error("that closed the report")
		}
	})
}

// Whatever statement the ladder breaks off at, before it or after it, all rungs of the day are taken or none, and going on takes
// each once (I4, I5).
func TestABrokenClimbTakesEachRungOnce(t *testing.T) {
	for _, late := range []bool{false, true} {
		dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
			c, clock := &cutter{}, dbtest.At(dbtest.Start)
			c.left.Store(-1)
			d := open(dbtest.WithClock(clock))
			w := dbtest.Seed(t, d)
			file(t, d, w, w.Appraisers[0], w.External(w.Appraisers[0], w.Cases[1], "甲"))
			file(t, d, w, w.Appraisers[1], w.Direct(w.Appraisers[1], w.Cases[0], "乙"))
			for _, day := range []int{6, 8, 13} { // the head and the lead; the authority; the organ above
				clock.Set(dbtest.Start.AddDate(0, 0, day))
				broken := open(dbtest.WithClock(clock), counting(c)) // a day is gone through once by each process
				before, cuts := contents(t, d), 0
				for c.arm(0, late); ; c.arm(cuts, late) {
					_, err := broken.Reroute(t.Context())
					c.left.Store(-1)
					if contents(t, d) != before { // it was not cut, or at its commit, whose answer was lost
						break
					}
					if cuts++; err == nil {
						t.Fatalf("day %d: cut at statement %d, and no error", day, cuts)
					}
				}
				if cuts < 10 || c.cut.Load() != late {
					t.Fatalf("day %d: cut %d times, the last time at the commit: %v", day, cuts, c.cut.Load())
				}
				done := contents(t, d)
				for _, again := range []*db.DB{broken, d, open(dbtest.WithClock(clock))} {
					if n, err := again.Reroute(t.Context()); n != 0 || err != nil || contents(t, d) != done {
						t.Fatalf("day %d: going on moved %d: %v", day, n, err)
					}
				}
				if n := count(t, d, "SELECT COUNT(*) FROM audit WHERE action = 'escalate'"); n != map[int]int{6: 2, 8: 3, 13: 4}[day] {
					t.Errorf("day %d: %d rungs were taken", day, n)
				}
			}
			_, err := d.Verify(t.Context(), func(f db.Finding) { t.Errorf("finding %+v", f) })
			must(t, err)
		})
	}
}

// A proceeding that rests on a report goes on when all who held the report have left: with the organ's leader, unless they are excluded,
// and otherwise with whoever is an officer there next; until then it is counted for whoever keeps the register (Art. 11, R6.4).
func TestAProceedingDoesNotStall(t *testing.T) {
	inCourt(t, func(t *testing.T, open func() *court) {
		for _, excluded := range []bool{false, true} {
			c := open()
			stalled := func() int {
				n, err := c.d.Stalled(t.Context())
				must(t, err)
				return n
			}
			r := c.Direct(c.Appraisers[0], c.Cases[1], "经过")
			if excluded {
				r.Report.Excluded = append(r.Report.Excluded, dbtest.Exclude(c.CityLead, law.LedByImplicated))
			}
			file(t, c.d, c.World, c.Appraisers[0], r)
			report := desk(t, c.d, c.CityOfficer).Inbox[0].ID
			o := c.order(c.Head, func(m *record.Measure) { m.Ground, m.Report = law.ToldNotTo.String(), report })
			if stalled() != 0 {
				t.Fatal("it stalls while its officers are there")
			}
			for _, p := range []dbtest.Somebody{c.CityOfficer, c.OtherOfficer} {
				must(t, c.d.Leave(t.Context(), p.ID))
			}
			if stalled() != 1 {
				t.Fatal("all who held the report have left, and nobody is told")
			}
			_, err := c.d.Reroute(t.Context())
			must(t, err)
			if (c.acting(c.CityLead, o) != nil) == excluded || (stalled() == 1) != excluded || c.acting(c.ProvinceOfficer, o) != nil {
				t.Errorf("leader excluded %v: %d stalled", excluded, stalled())
			}
			next := c.CityLead
			if excluded {
				next = joins(t, c.d, c.World, 9103, db.Person{Authority: city, Superior: province, Name: "继任", Role: law.Officer})
				_, err = c.d.Reroute(t.Context())
				must(t, err)
			}
			if stalled() != 0 || len(c.room(next).Matters) != 1 {
				t.Fatalf("leader excluded %v: the proceeding is not with their successor", excluded)
			}
			c.take(next, c.next(o, next, law.LiftOrder, func(m *record.Measure) { m.Text = "查明" }))
			if stalled() != 0 || excluded && c.acting(c.CityLead, o) != nil {
				t.Error("it is counted when it has ended, or shown to who is excluded")
			}
		}
	})
}

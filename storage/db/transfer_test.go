package db_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"liuhen/flows"
	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

const far = "临江市司法局"

// stranger is a report about an officer whom its reporter found on no list, taken up by the city as one of category (二). Neighbours are
// people of an organ elsewhere: one called as the report says, another one, and their lead.
func stranger(t *testing.T, w *dbtest.World, d *db.DB, clock *dbtest.Clock, words string, lead form.OptionID) (s *scene, same, other, leads dbtest.Somebody) {
	t.Helper()
	row := func(name string, role law.Role) db.Person {
		return db.Person{Authority: far, Superior: province, Name: name, Role: role}
	}
	same = joins(t, d, w, 9201, row("刘明亮", law.Officer))
	other = joins(t, d, w, 9202, row("接办人", law.Officer))
	leads = joins(t, d, w, 9203, row("临江局长", law.OfficerLead))
	r := w.Report(w.Appraisers[0], w.Cases[1], "经过", []dbtest.Somebody{w.CityOfficer})
	r.Answers[form.Interferers] = form.Answer{Boxes: []form.OptionID{form.Official}, Confirmed: true}
	r.Answers[form.Officers] = form.Answer{Boxes: []form.OptionID{form.OptionUnlisted}, Beside: map[form.OptionID]string{form.OptionUnlisted: words}, Confirmed: true}
	r.Answers[form.IsLead] = form.Answer{Boxes: []form.OptionID{lead}, Confirmed: true}
	s = staged(t, d, w, clock, r, w.CityOfficer)
	s.told(db.Report)
	s.do(w.CityOfficer, w.City, law.Accept)
	s.do(w.CityOfficer, w.City, law.Categorise, dbtest.Categories(law.JudicialOfficer))
	return s, same, other, leads
}

func organCalled(r *flows.Report, name string) (flows.Organ, bool) {
	i := slices.IndexFunc(r.Organs, func(o flows.Organ) bool { return o.Name == name })
	if i < 0 {
		return flows.Organ{}, false
	}
	return r.Organs[i], true
}

func paper(name, number string, day time.Time) func(*record.Act) {
	return func(a *record.Act) {
		a.To, a.Number, a.Date = &record.Person{Name: name}, number, law.DateOf(day.In(dbtest.Zone)).String()
	}
}

// A report is handed to the organ that it names in words; who is called there as it says has nothing of it, neither then nor when it
// climbs, nor whoever of that name comes there later (R8.2, AM-15).
func TestHandingToAnOrganThatNoListHad(t *testing.T) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		clock := dbtest.At(dbtest.Start)
		s, same, other, leads := stranger(t, w, twin(dbtest.WithClock(clock)), clock, "刘明亮，临江市司法局的", form.No)
		r := s.reads(w.CityOfficer)
		if len(r.Organs) != 2 || r.Organs[0].Name != far || !r.Organs[0].Evident || !slices.Equal(r.Organs[0].Out, []string{same.Name}) || r.Organs[1].ID != w.Province || r.Organs[1].Evident {
			t.Fatalf("it may go to %+v", r.Organs)
		}
		if err := s.try(w.CityOfficer, w.City, law.Transfer, paper(far, "某号", clock.Now())); !errors.Is(err, db.ErrDenied) {
			t.Errorf("on paper to an organ that can receive: %v", err)
		}
		s.do(w.CityOfficer, w.City, law.Transfer, to(r.Organs[0].ID, far))
		if got := s.told(db.Report); !slices.Equal(got, []string{other.ID + " " + s.report}) {
			t.Errorf("told %v", got)
		}
		if !s.has(other) || s.has(same) || s.has(leads) || len(desk(t, s.d, w.CityOfficer).Tasks) != 0 {
			t.Error("it is not with the other officer alone")
		}
		today := law.DateOf(clock.Now().In(dbtest.Zone))
		must(t, s.commit(other.Caller(), flows.Appoint{Substitute: law.Substitute{
			ID: "deputy-of-the-other", Unit: law.UnitID(r.Organs[0].ID), Principal: law.PersonID(other.ID), Deputy: law.PersonID(same.ID), From: today, Until: today.AddDays(5),
		}}))
		if s.reroute(); s.has(same) {
			t.Error("who is called as the report says got it as a deputy")
		}
		must(t, s.d.Revoke(t.Context(), other.ID, r.Organs[0].ID, law.Officer))
		if s.reroute(); s.has(same) {
			t.Error("who is called as the report says got it in a colleague's place")
		}
		s.clock.Set(monday.AddDate(0, 6, 0))
		if s.reroute(); s.has(same) {
			t.Error("it climbed to who is called as the report says")
		}
		_, err := s.d.Verify(t.Context(), func(f db.Finding) { t.Errorf("finding %+v", f) })
		must(t, err)
	})
}

// Who comes to that organ after it was handed there, and is called as the report says, does not get it when it climbs.
func TestANamesakeWhoComesLater(t *testing.T) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		clock := dbtest.At(dbtest.Start)
		s, third, other, leads := stranger(t, w, twin(dbtest.WithClock(clock)), clock, "高远山，临江市司法局的", form.No)
		o, _ := organCalled(s.reads(w.CityOfficer), far)
		s.do(w.CityOfficer, w.City, law.Transfer, to(o.ID, far))
		late := joins(t, s.d, w, 9205, db.Person{Authority: far, Superior: province, Name: "高远山", Role: law.OfficerLead})
		clock.Set(monday.AddDate(0, 6, 0))
		if s.reroute(); s.has(late) || !s.has(leads) || !s.has(other) {
			t.Error("the rung of the lead was taken wrongly")
		}
		for _, p := range []dbtest.Somebody{other, third, leads} {
			for _, role := range []law.Role{law.Officer, law.OfficerLead} {
				must(t, s.d.Revoke(t.Context(), p.ID, o.ID, role))
			}
		}
		if s.reroute(); s.has(late) {
			t.Error("it came to them because nobody else was left")
		}
	})
}

// Where the stranger may lead the organ, it goes to the organ above (AM-15).
func TestHandingPastALeadWhoMayBeMeant(t *testing.T) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		clock := dbtest.At(dbtest.Start)
		s, same, other, leads := stranger(t, w, twin(dbtest.WithClock(clock)), clock, "临江市司法局的领导", form.Unsure)
		o, there := organCalled(s.reads(w.CityOfficer), far)
		if !there || o.At != province || !slices.Equal(o.Out, []string{leads.Name}) {
			t.Fatalf("offered %+v", o)
		}
		s.do(w.CityOfficer, w.City, law.Transfer, to(o.ID, far))
		if got := s.told(db.Report); !slices.Equal(got, []string{w.ProvinceOfficer.ID + " " + s.report}) || s.has(same) || s.has(other) || s.has(leads) {
			t.Errorf("told %v", got)
		}
	})
}

// Handed over on paper, it is done with: the duties end, the reporter reads where it went, and the number stays with the organ. What
// the paper lacks is refused (R8.2, R8.8).
func TestHandingOverOnPaper(t *testing.T) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		clock := dbtest.At(dbtest.Start)
		s, _, _, _ := stranger(t, w, twin(dbtest.WithClock(clock)), clock, "远山市司法局某科长", form.No)
		for what, change := range map[string]func(*record.Act){
			"no number":   paper("远山市司法局", "", clock.Now()),
			"no organ":    paper("", "某号", clock.Now()),
			"a later day": paper("远山市司法局", "某号", clock.Now().AddDate(0, 0, 1)),
			"no day":      func(a *record.Act) { a.To, a.Number = &record.Person{Name: "远山市司法局"}, "某号" },
			"a number inside": func(a *record.Act) {
				a.To, a.Number, a.Date = &record.Person{ID: w.Province, Name: province}, "某号", "2026-11-24"
			},
		} {
			if err := s.try(w.CityOfficer, w.City, law.Transfer, change); !errors.Is(err, db.ErrDenied) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if err := s.try(w.CityOfficer, w.City, law.Ask, dbtest.Words("问"), func(a *record.Act) { a.Number = "某号" }); !errors.Is(err, db.ErrDenied) {
			t.Errorf("a question with a number: %v", err)
		}
		s.told(db.Word)
		s.do(w.CityOfficer, w.City, law.Transfer, paper("远山市司法局", "云司移〔2026〕5号", clock.Now()))
		if got := s.told(db.Word); !slices.Equal(got, []string{w.Appraisers[0].ID + " " + s.record.ID}) {
			t.Errorf("told %v", got)
		}
		if x := desk(t, s.d, w.CityOfficer); len(x.Tasks) != 0 || len(s.reads(w.CityOfficer).May) != 0 {
			t.Errorf("the city still owes %+v", x.Tasks)
		}
		f := s.follows()
		last := f.Acts[len(f.Acts)-1]
		if f.Standing != law.Closed || last.To == nil || last.To.Name != "远山市司法局" || last.Number+last.Date+last.Text != "" {
			t.Errorf("the reporter reads %+v", f)
		}
		_, err := s.d.Verify(t.Context(), func(f db.Finding) { t.Errorf("finding %+v", f) })
		must(t, err)
	})
}

// An organ where nobody can receive, nor above it, is offered for what it is, and takes a transfer on paper.
func TestAnOrganWhereNobodyReceives(t *testing.T) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		clock := dbtest.At(dbtest.Start)
		s, _, _, _ := stranger(t, w, twin(dbtest.WithClock(clock)), clock, "空山市司法局某人", form.No)
		load(t, s.d, db.Batch{People: []db.Person{{Authority: "空山市司法局", Name: "档案", Role: law.Confidant}}})
		o, there := organCalled(s.reads(w.CityOfficer), "空山市司法局")
		if !there || !o.Empty || !o.Evident {
			t.Fatalf("offered %+v", o)
		}
		if err := s.try(w.CityOfficer, w.City, law.Transfer, to(o.ID, o.Name)); !errors.Is(err, db.ErrDenied) {
			t.Errorf("handed to nobody: %v", err)
		}
		load(t, s.d, db.Batch{People: []db.Person{{Authority: "小山市司法局", Superior: province, Name: "档案", Role: law.Confidant}}})
		clock.Set(monday.AddDate(0, 3, 0))
		if s.reroute(); !s.has(w.ProvinceOfficer) { // the province has it now, and would get it for an organ below where nobody receives
			t.Fatal("it did not climb")
		}
		small, there := organCalled(s.reads(w.CityOfficer), "小山市司法局")
		if err := s.try(w.CityOfficer, w.City, law.Transfer, to(small.ID, small.Name)); !there || !small.Empty || !errors.Is(err, db.ErrDenied) {
			t.Errorf("handed to those who have it already: %+v, %v", small, err)
		}
		s.do(w.CityOfficer, w.City, law.Transfer, paper(o.Name, "某号", clock.Now()))
	})
}

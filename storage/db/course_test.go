package db_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// kindsRead are the kinds of what somebody reads of a course, and all words, names and files in it.
func kindsRead(acts []record.Act) (kinds []law.ActKind, all string) {
	for _, a := range acts {
		kinds = append(kinds, a.Kind)
		all += a.Text + a.By.Name + a.Task + strings.Join(a.Categories, "")
		for _, f := range a.Files {
			all += f.ID
		}
	}
	return kinds, all
}

// What the authority does about a report that an institution passed on is the authority's: the institution reads that it was taken up
// and closed, and when; it is told of no answer to the authority, and has none of the evidence that came with it (Arts. 6, 10).
func TestAnInstitutionReadsTheState(t *testing.T) {
	onStage(t, func(t *testing.T, _, external func() *scene) {
		s := external()
		signer, organ := s.Appraisers[0], s.CityOfficer
		evidence := func(p dbtest.Somebody, file string) bool {
			_, err := s.d.Evidence(t.Context(), p.Caller(), s.Event(), s.report, file)
			if err != nil && !errors.Is(err, db.ErrDenied) {
				t.Fatal(err)
			}
			return err == nil
		}
		s.do(s.Receiver, s.Institution, law.Accept)
		s.do(s.Receiver, s.Institution, law.Ask, dbtest.Words("问甲"))
		s.do(signer, "", law.Reply, dbtest.Words("答甲"), dbtest.Files("filea"))
		s.do(s.Receiver, s.Institution, law.Pass)
		s.do(organ, s.City, law.Accept)
		s.do(organ, s.City, law.Ask, dbtest.Words("问乙"))
		s.told(db.Word)
		s.do(signer, "", law.Reply, dbtest.Words("答乙"), dbtest.Files("fileb"))
		for _, who := range s.told(db.Word) {
			if strings.HasPrefix(who, s.Receiver.ID) {
				t.Error("the receiver is told of an answer to the authority")
			}
		}
		s.do(organ, s.City, law.Categorise, dbtest.Categories(law.OtherOrgan), dbtest.Words("理由乙"))
		for _, k := range s.reads(organ).Tasks {
			if k.Open() && k.Duty != law.Handling {
				s.do(organ, s.City, law.Waive, dbtest.Words("免乙"), dbtest.Task(k.Key))
			}
		}
		s.do(organ, s.City, law.Extend, dbtest.Words("延乙"))
		s.do(organ, s.City, law.Close, dbtest.Words("结乙"))

		r := s.reads(s.Receiver)
		kinds, all := kindsRead(r.Acts)
		if want := []law.ActKind{law.Accept, law.Ask, law.Reply, law.Pass, law.Accept, law.Close}; !slices.Equal(kinds, want) {
			t.Errorf("the receiver reads %v, want %v", kinds, want)
		}
		if strings.Contains(all, "乙") || strings.Contains(all, organ.Name) || strings.Contains(all, "fileb") || !strings.Contains(all, "答甲") {
			t.Errorf("the receiver reads %s", all)
		}
		if last := r.Acts[len(r.Acts)-1]; last.By.ID != s.City || last.By.Name == "" || last.At.IsZero() {
			t.Errorf("the state is %+v", last)
		}
		kinds, all = kindsRead(s.reads(organ).Acts)
		if len(kinds) < 11 || !strings.Contains(all, s.Receiver.Name) || !strings.Contains(all, "答乙") || !strings.Contains(all, "答甲") {
			t.Errorf("the officer reads %v: %s", kinds, all)
		}
		if !evidence(s.Receiver, "filea") || evidence(s.Receiver, "fileb") || !evidence(organ, "filea") || !evidence(organ, "fileb") {
			t.Error("the evidence is not with those who read of it")
		}
		s.told(db.Word)
		s.do(s.Receiver, s.Institution, law.Ask, dbtest.Words("再问"))
		s.do(signer, "", law.Reply, dbtest.Words("再答"))
		if told := s.told(db.Word); !slices.Contains(told, s.Receiver.ID+" "+s.report) || !slices.Contains(told, organ.ID+" "+s.report) {
			t.Errorf("told %v of an answer to the institution", told)
		}
	})
}

package db_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// letter sets an act's letter: the one of that key with these facts and this paragraph, as the core composes it for its reader.
func letter(r *flows.Report, key, fact string, facts ...string) func(*record.Act) {
	return func(a *record.Act) {
		l, _ := law.LetterOf(key)
		x := flows.Compose(l, *r, facts, fact)
		a.Task, a.Text, a.Letter = key, fact, &x
	}
}

// categorised is a direct report that the city has taken up and put under （四）.
func categorised(direct func() *scene) (s *scene, key string) {
	s = direct()
	s.do(s.CityOfficer, s.City, law.Accept)
	s.do(s.CityOfficer, s.City, law.Categorise, dbtest.Categories(law.OtherOrgan), dbtest.Words("查明"))
	return s, string(law.Letters) + "/" + s.City + "/" + law.OtherOrgan.String()
}

const plainFact = "某单位人员要求改变鉴定意见。"

// A letter is kept word by word, found again by those who handle the report at that unit, and by nobody else (R8.8).
func TestLetterIsKeptForItsHandlers(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		s, key := categorised(direct)
		r := s.reads(s.CityOfficer)
		if len(r.Letters) == 0 || !slices.Equal(r.Team, []string{s.Appraisers[2].Name, s.Appraisers[0].Name}) && !slices.Equal(r.Team, []string{s.Appraisers[0].Name, s.Appraisers[2].Name}) {
			t.Fatalf("letters %v, team %v", r.Letters, r.Team)
		}
		if !slices.Equal(r.Unsaid, []string{s.Appraisers[0].Name, s.Appraisers[0].ID, "990000001001"}) {
			t.Fatalf("unsaid %v", r.Unsaid)
		}
		s.told(db.Word)
		s.do(s.CityOfficer, s.City, law.Draft, letter(r, key, plainFact, "number", "about", "fact"))
		if told := s.told(db.Word); len(told) > 0 {
			t.Fatalf("a draft was told to %v", told)
		}
		acts := s.reads(s.OtherOfficer).Acts
		made := acts[len(acts)-1]
		if made.Kind != law.Draft || made.Letter == nil || !slices.ContainsFunc(made.Letter.Lines, func(l string) bool { return strings.Contains(l, plainFact) }) {
			t.Fatalf("kept %+v", made)
		}
		for _, p := range []dbtest.Somebody{s.CityOfficer, s.OtherOfficer} {
			if got, err := s.d.Letter(t.Context(), p.Caller(), s.Event(), s.report, made.ID); err != nil || !got.Same(*made.Letter) {
				t.Fatalf("%s gets %+v, %v", p.Name, got, err)
			}
		}
		for _, p := range []dbtest.Somebody{s.Appraisers[0], s.Appraisers[1], s.Head, s.Receiver, s.Archivist, s.CityLead, s.ProvinceOfficer, s.ProvinceLead} {
			if got, err := s.d.Letter(t.Context(), p.Caller(), s.Event(), s.report, made.ID); !errors.Is(err, db.ErrDenied) || got.Title != "" {
				t.Fatalf("%s gets %+v, %v", p.Name, got, err)
			}
		}
		if _, err := s.d.Letter(t.Context(), s.CityOfficer.Caller(), s.Event(), s.report, acts[0].ID); !errors.Is(err, db.ErrDenied) {
			t.Fatalf("an act that drafted nothing: %v", err)
		}
		if f := s.follows(); slices.ContainsFunc(f.Acts, func(a record.Act) bool { return a.Kind == law.Draft }) {
			t.Fatal("the reporter sees the draft")
		}
		var asked int
		must(t, s.d.SQL().QueryRowContext(t.Context(), "SELECT COUNT(*) FROM audit WHERE action = 'read_letter'").Scan(&asked))
		if asked != 11 {
			t.Fatalf("%d hand-outs and refusals are written down", asked)
		}
	})
}

// What is drafted at one unit is not read at another, though both have the report (Art. 10).
func TestLettersStayAtTheirUnit(t *testing.T) {
	onStage(t, func(t *testing.T, _, external func() *scene) {
		s := external()
		s.do(s.Receiver, s.Institution, law.Accept)
		s.do(s.Receiver, s.Institution, law.Pass)
		s.do(s.CityOfficer, s.City, law.Accept)
		s.do(s.CityOfficer, s.City, law.Categorise, dbtest.Categories(law.OtherOrgan), dbtest.Words("查明"))
		key := string(law.Letters) + "/" + s.City + "/" + law.OtherOrgan.String()
		s.do(s.CityOfficer, s.City, law.Draft, letter(s.reads(s.CityOfficer), key, plainFact, "fact"))
		order := string(law.Rectify) + "/" + s.City + "/1"
		s.do(s.CityOfficer, s.City, law.Draft, letter(s.reads(s.CityOfficer), order, plainFact, "fact"))
		s.do(s.CityOfficer, s.City, law.Send, dbtest.Task(order), dbtest.Words("某号"))
		r := s.reads(s.Receiver)
		if len(r.Letters)+len(r.Team)+len(r.Unsaid) > 0 || slices.ContainsFunc(r.Acts, func(a record.Act) bool { return a.Kind == law.Draft || a.Kind == law.Send }) {
			t.Fatalf("the institution reads %+v", r)
		}
		acts := s.reads(s.CityOfficer).Acts
		if _, err := s.d.Letter(t.Context(), s.Receiver.Caller(), s.Event(), s.report, acts[len(acts)-2].ID); !errors.Is(err, db.ErrDenied) {
			t.Fatalf("the institution gets the letter: %v", err)
		}
		if err := s.try(s.Receiver, s.Institution, law.Draft, letter(s.reads(s.CityOfficer), key, plainFact, "fact")); !errors.Is(err, db.ErrDenied) {
			t.Fatalf("the institution drafts: %v", err)
		}
	})
}

// A letter is taken only as the tables write it, and only while it may be drafted.
func TestForgedLetters(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		s, key := categorised(direct)
		r := s.reads(s.CityOfficer)
		names := *r
		names.Unsaid, names.Team = nil, nil
		for what, change := range map[string]func(*record.Act){
			"no letter at all":              dbtest.Task(key),
			"no facts":                      letter(r, key, ""),
			"a box without its paragraph":   letter(r, key, "", "fact"),
			"a paragraph without its box":   letter(r, key, plainFact, "number"),
			"the reporter in the paragraph": letter(&names, key, "张三反映此事。", "fact"),
			"the reporter in the words":     letter(r, key, "张三反映此事。", "fact"),
			"a signer in the paragraph":     letter(&names, key, "冯十二在场。", "fact"),
			"the licence in the paragraph":  letter(&names, key, "990000001001", "fact"),
			"another report's letter":       letter(r, "tell_client/"+s.City+"/internal_direct", plainFact, "fact"),
			"another unit's letter":         letter(r, "letters/"+s.Province+"/other_organ", plainFact, "fact"),
			"a line more": func(a *record.Act) {
				letter(r, key, plainFact, "fact")(a)
				a.Letter.Lines = append(a.Letter.Lines, "报告人：张三")
			},
			"another addressee": func(a *record.Act) { letter(r, key, plainFact, "fact")(a); a.Letter.To = "某人" },
			"categories":        func(a *record.Act) { letter(r, key, plainFact, "fact")(a); a.Categories = []string{"individual"} },
		} {
			if err := s.try(s.CityOfficer, s.City, law.Draft, change); !errors.Is(err, db.ErrDenied) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if err := s.try(s.CityOfficer, s.City, law.Ask, dbtest.Words("？"), func(a *record.Act) { a.Letter = &record.Letter{} }); !errors.Is(err, db.ErrDenied) {
			t.Errorf("a question with a letter: %v", err)
		}
		if err := s.try(s.Appraisers[0], "", law.Draft, letter(r, key, plainFact, "fact")); !errors.Is(err, db.ErrDenied) {
			t.Errorf("the reporter drafts: %v", err)
		}
		s.do(s.CityOfficer, s.City, law.Perform, dbtest.Task(key), dbtest.Words("已发函"))
		if err := s.try(s.CityOfficer, s.City, law.Draft, letter(r, key, plainFact, "fact")); !errors.Is(err, db.ErrDenied) {
			t.Errorf("after it was done: %v", err)
		}
		if n := len(s.reads(s.CityOfficer).Acts); n != 3 {
			t.Errorf("%d acts are kept", n)
		}
	})
}

// A letter that no duty demands is noted as sent once, in words; one that a duty demands is not, for the duty is performed.
func TestLetterIsSent(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		s, owed := categorised(direct)
		order := string(law.Rectify) + "/" + s.City + "/2"
		if s.reads(s.CityOfficer).Unsent != nil {
			t.Fatal("there is something to send")
		}
		send := func(key, words string) error {
			return s.try(s.OtherOfficer, s.City, law.Send, dbtest.Task(key), dbtest.Words(words))
		}
		if err := send(order, "某号"); !errors.Is(err, db.ErrDenied) {
			t.Fatalf("sent before it was drafted: %v", err)
		}
		s.do(s.CityOfficer, s.City, law.Draft, letter(s.reads(s.CityOfficer), order, "机构负责人授意不记录。", "fact"))
		s.do(s.CityOfficer, s.City, law.Draft, letter(s.reads(s.CityOfficer), owed, plainFact, "fact"))
		if got := s.reads(s.OtherOfficer).Unsent; !slices.Equal(got, []string{order}) {
			t.Fatalf("to be sent: %v", got)
		}
		for what, err := range map[string]error{
			"without words": send(order, ""), "what is owed": send(owed, "某号"),
			"by the reporter": s.try(s.Appraisers[0], "", law.Send, dbtest.Task(order), dbtest.Words("某号")),
		} {
			if !errors.Is(err, db.ErrDenied) {
				t.Fatalf("%s: %v", what, err)
			}
		}
		s.do(s.OtherOfficer, s.City, law.Send, dbtest.Task(order), dbtest.Words("云司责改〔2026〕3号"))
		if err := send(order, "又一号"); !errors.Is(err, db.ErrDenied) || len(s.reads(s.CityOfficer).Unsent) > 0 {
			t.Fatalf("sent twice: %v", err)
		}
		s.do(s.CityOfficer, s.City, law.Draft, letter(s.reads(s.CityOfficer), order, "再次责令。", "fact"))
		if got := s.reads(s.OtherOfficer).Unsent; !slices.Equal(got, []string{order}) {
			t.Fatalf("a second letter: %v", got)
		}
	})
}

// What a letter says stands in the sealed column alone.
func TestLettersAreSealed(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		s, key := categorised(direct)
		s.do(s.CityOfficer, s.City, law.Draft, letter(s.reads(s.CityOfficer), key, plainFact, "fact", "number"))
		rows, err := s.d.SQL().QueryContext(t.Context(), "SELECT body FROM acts")
		must(t, err)
		defer rows.Close() //nolint:errcheck // read to the end
		sizes := map[int]bool{}
		for rows.Next() {
			var b []byte
			must(t, rows.Scan(&b))
			sizes[len(b)] = true
			if bytes.Contains(b, []byte("通报")) || bytes.Contains(b, []byte("draft")) || bytes.Contains(b, []byte(plainFact)) {
				t.Fatal("a letter stands in the clear")
			}
		}
		must(t, rows.Err())
		if len(sizes) != 1 {
			t.Fatalf("acts differ in size: %v", sizes)
		}
	})
}

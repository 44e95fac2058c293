package db_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// undone is an effect that the store does not know: whatever came before it in the same event is undone.
type undone struct{ flows.Durable }

// actKinds are all kinds of acts.
var actKinds = []law.ActKind{
	law.Accept, law.Take, law.Extend, law.Transfer, law.Discipline, law.Ask, law.Pass, law.Decide, law.Categorise, law.Perform, law.Waive, law.Close, law.Draft, law.Recuse, law.Exclude,
	law.Send, law.Reply, law.Urge, law.Appeal, law.Complain,
}

// trial is one thing that somebody tries, and whether they had it. Nothing of it lasts but what is written down.
type trial struct {
	name string
	try  func(t *testing.T, s *scene, p dbtest.Somebody, id ids) bool
}

// ids are what a trial is about: those of the scene, or such as belong to nothing.
type ids struct{ entry, report, file, unit string }

func (s *scene) ids() ids {
	return ids{entry: s.record.ID, report: s.report, file: "file1", unit: s.City}
}

// nowhere are ids of the same look that belong to nothing.
var nowhere = ids{entry: "record9999999999", report: "aaaaaaaaaaaaaaaa", file: "file1", unit: "bbbbbbbbbbbbbbbb"}

func (s *scene) desk(p dbtest.Somebody, place flows.Place, subject string) flows.Desk {
	return desk(s.t, s.d, p, db.Where{Event: s.Event(), Place: place, Subject: subject})
}

// may reports whether an effect would be carried out, and undoes it.
func (s *scene) may(p dbtest.Somebody, e flows.Durable) bool {
	s.t.Helper()
	err := s.d.Commit(s.t.Context(), p.Caller(), s.Event(), s.clock.Now(), []flows.Durable{e, undone{}})
	if err == nil {
		s.t.Fatal("the effect was not undone")
	}
	return !errors.Is(err, db.ErrDenied)
}

func (s *scene) found(err error) bool {
	s.t.Helper()
	if err != nil && !errors.Is(err, db.ErrDenied) {
		s.t.Fatal(err)
	}
	return err == nil
}

// trials are the columns of the matrix.
func trials() []trial {
	out := []trial{
		{"read_entry", func(_ *testing.T, s *scene, p dbtest.Somebody, id ids) bool {
			return s.desk(p, flows.AtRecord, id.entry).Entry != nil
		}},
		{"follow its report", func(_ *testing.T, s *scene, p dbtest.Somebody, id ids) bool {
			return s.desk(p, flows.AtRecord, id.entry).Follow != nil
		}},
		{"print_entry", func(t *testing.T, s *scene, p dbtest.Somebody, id ids) bool {
			_, _, err := s.d.Entry(t.Context(), p.Caller(), s.Event(), id.entry)
			return s.found(err)
		}},
		{"read_report", func(_ *testing.T, s *scene, p dbtest.Somebody, id ids) bool {
			return s.desk(p, flows.AtReport, id.report).Report != nil
		}},
		{"read_evidence of the entry", func(t *testing.T, s *scene, p dbtest.Somebody, id ids) bool {
			_, err := s.d.Evidence(t.Context(), p.Caller(), s.Event(), id.entry, id.file)
			return s.found(err)
		}},
		{"read_evidence of the report", func(t *testing.T, s *scene, p dbtest.Somebody, id ids) bool {
			_, err := s.d.Evidence(t.Context(), p.Caller(), s.Event(), id.report, id.file)
			return s.found(err)
		}},
		{"read_letter", func(t *testing.T, s *scene, p dbtest.Somebody, id ids) bool {
			_, err := s.d.Letter(t.Context(), p.Caller(), s.Event(), id.report, "none")
			return s.found(err)
		}},
		{"read_log of their unit", func(_ *testing.T, s *scene, p dbtest.Somebody, _ ids) bool {
			return s.desk(p, flows.AtLog, "").Log != nil
		}},
		{"note_leak", func(_ *testing.T, s *scene, p dbtest.Somebody, _ ids) bool {
			return s.may(p, flows.NoteLeak{ID: "leak" + fmt.Sprint(s.Event()), Unit: p.Unit, Words: "话"})
		}},
		{"read_leaks of the institution", func(_ *testing.T, s *scene, p dbtest.Somebody, _ ids) bool {
			leaks := s.desk(p, flows.AtLeaks, "").Leaks
			return len(leaks) > 0 && leaks[0].Words != ""
		}},
		{"list missing signatures", func(_ *testing.T, s *scene, p dbtest.Somebody, _ ids) bool {
			return s.desk(p, flows.AtAbsences, "").Absences != nil
		}},
		{"print_filings of the institution", func(t *testing.T, s *scene, p dbtest.Somebody, _ ids) bool {
			_, err := s.d.Filings(t.Context(), p.Caller(), s.Event(), s.Institution, winter)
			return s.found(err)
		}},
		{"read_checkpoint", func(t *testing.T, s *scene, p dbtest.Somebody, _ ids) bool {
			return s.found(s.d.MayHaveCheckpoint(t.Context(), p.Caller(), s.Event()))
		}},
		{"file over it", func(_ *testing.T, s *scene, p dbtest.Somebody, id ids) bool {
			r := s.Zero(p, s.Cases[1])
			r.Supersedes = id.entry
			return s.may(p, flows.File{Record: r})
		}},
	}
	for _, k := range actKinds {
		act := func(unit func(dbtest.Somebody) string) func(*testing.T, *scene, dbtest.Somebody, ids) bool {
			return func(_ *testing.T, s *scene, p dbtest.Somebody, id ids) bool {
				a := s.Act(p, id.report, unit(p), k, s.clock.Now())
				switch k {
				case law.Ask, law.Decide, law.Reply:
					a.Text = "话"
				case law.Categorise:
					a.Categories, a.Text = []string{law.InternalDirect.String()}, "话"
				case law.Exclude:
					a.Text, a.Whom = "话", &record.Person{ID: s.OtherOfficer.ID, Name: s.OtherOfficer.Name}
				default:
				}
				return s.may(p, flows.Handle{Act: a})
			}
		}
		out = append(out,
			trial{"act: " + string(k) + ", for their unit", act(func(p dbtest.Somebody) string { return p.Unit })},
			trial{"act: " + string(k) + ", as its reporter", act(func(dbtest.Somebody) string { return "" })})
	}
	return out
}

// characters are everybody, by what they are.
func (s *scene) characters() []struct {
	what string
	who  dbtest.Somebody
} {
	return []struct {
		what string
		who  dbtest.Somebody
	}{
		{"its reporter", s.Appraisers[0]},
		{"co-signer of the case", s.Appraisers[2]},
		{"appraiser of another case", s.Appraisers[1]},
		{"head", s.Head},
		{"receiver", s.Receiver},
		{"archivist", s.Archivist},
		{"confidant", s.Confidant},
		{"city officer", s.CityOfficer},
		{"other city officer", s.OtherOfficer},
		{"city lead", s.CityLead},
		{"city confidant", s.CityConfidant},
		{"province officer", s.ProvinceOfficer},
		{"province lead", s.ProvinceLead},
		{"somebody not bound", dbtest.Somebody{Account: 99}},
	}
}

// whoever tries something as everybody and says who had it.
func (s *scene) whoever(try func(dbtest.Somebody) bool) string {
	var had []string
	for _, c := range s.characters() {
		if try(c.who) {
			had = append(had, c.what)
		}
	}
	if len(had) == 0 {
		return "nobody"
	}
	return strings.Join(had, ", ")
}

// matrix tries everything as everybody and says who had what.
func (s *scene) matrix(title string) string {
	s.t.Helper()
	var b strings.Builder
	b.WriteString(title + "\n")
	for _, x := range trials() {
		fmt.Fprintf(&b, "  %-36s %s\n", x.name+":", s.whoever(func(p dbtest.Somebody) bool { return x.try(s.t, s, p, s.ids()) }))
	}
	return b.String()
}

// A kind of act that the law has is tried in the matrix.
func TestTheMatrixHasAllActs(t *testing.T) {
	var tried []string
	for _, k := range actKinds {
		tried = append(tried, string(k))
	}
	slices.Sort(tried)
	if all := declared(t, "../../flows/law/*.go", `ActKind\s+= "(\w+)"`); !slices.Equal(all, tried) {
		t.Errorf("the law has %v, the matrix tries %v", all, tried)
	}
}

// Who may do what with an entry and its report, by what they are to it: everybody tries everything, and a lawyer reads the result.
func TestAccessMatrix(t *testing.T) {
	onStage(t, func(t *testing.T, direct, external func() *scene) {
		var b strings.Builder
		b.WriteString("The table (flows/law/access.go): who may do what, and by which article\n")
		for _, r := range law.AccessTable() {
			fmt.Fprintf(&b, "  %-14s %-12s %s\n", r.Action, r.By, r.Cite)
		}
		s := direct()
		must(t, s.Leak(s.d, s.Confidant, "线索"))
		b.WriteString("\n" + s.matrix("A direct report against the head, just arrived at the city (Art. 5 ¶2)"))
		s.do(s.CityOfficer, s.City, law.Accept)
		b.WriteString("\n" + s.matrix("The same, taken up by the city officer (Art. 8)"))
		s = external()
		must(t, s.Leak(s.d, s.Confidant, "线索"))
		b.WriteString("\n" + s.matrix("A report about the client, just arrived at the institution (Art. 5 ¶1)"))
		s.do(s.Receiver, s.Institution, law.Accept)
		s.do(s.Receiver, s.Institution, law.Pass)
		b.WriteString("\n" + s.matrix("The same, taken up and passed on to the city (Art. 6)"))
		golden(t, "access.txt", b.String())
	})
}

// What is another's and what is not there are the same: the same answer, the same desk, the same row in the audit, logged for the
// same unit (T4).
func TestNotYoursIsNotThere(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		s := direct()
		mark := func() int { return count(t, s.d, "SELECT COUNT(*) FROM audit") }
		compared := 0
		for _, c := range s.characters() {
			for _, x := range trials() {
				rows := func(id ids) (bool, int, string) {
					before := mark()
					had := x.try(t, s, c.who, id)
					return had, mark() - before, s.lastRefusal()
				}
				had, n, row := rows(s.ids())
				if had {
					continue
				}
				none, m, other := rows(nowhere)
				if none || n != m || row != other && !strings.Contains(row, "not now") && !ownTry(x.name, c.what) {
					t.Errorf("%s, %s: %d rows, the last %q; with nothing there %d rows, %q", c.what, x.name, n, row, m, other)
				}
				compared++
			}
		}
		for _, c := range s.characters() {
			for _, place := range []flows.Place{flows.AtRecord, flows.AtReport} {
				for _, id := range []string{s.record.ID, s.report} {
					x := s.desk(c.who, place, id)
					if x.Entry != nil || x.Report != nil {
						continue
					}
					a, _ := json.Marshal(x)
					b, _ := json.Marshal(s.desk(c.who, place, nowhere.entry))
					if string(a) != string(b) {
						t.Errorf("%s at %s sees something else for what is not theirs", c.what, place)
					}
				}
			}
		}
		if compared < 100 {
			t.Fatalf("only %d refusals were compared", compared)
		}
	})
}

// ownTry: whoever holds a report, or made it, knows that it is there.
func ownTry(trial, what string) bool {
	return (strings.HasPrefix(trial, "act: ") || trial == "read_letter") && strings.Contains(what, "city officer")
}

// lastRefusal is the refusal of the latest event, if it was one, without what names its subject.
func (s *scene) lastRefusal() string {
	s.t.Helper()
	var action, why, unit string
	err := s.d.SQL().QueryRowContext(s.t.Context(), `SELECT a.action, a.why, COALESCE(l.unit, '') FROM audit a LEFT JOIN logged l ON l.id = a.id
		WHERE NOT a.allowed AND a.id LIKE $1`, fmt.Sprintf("%%/%d/%%", s.Event()-1)).Scan(&action, &why, &unit)
	if err != nil && !strings.Contains(err.Error(), "no rows") {
		s.t.Fatal(err)
	}
	return action + "|" + why + "|" + unit
}

// Everybody opens everything by every id there is, at every place: content comes only to its signer and its recipients (IDOR).
func TestForeignIDsOpenNothing(t *testing.T) {
	const canary = "金丝雀canary5150"
	onStage(t, func(t *testing.T, direct, external func() *scene) {
		s := direct()
		r := s.External(s.Appraisers[1], s.Cases[0], canary)
		file(t, s.d, s.World, s.Appraisers[1], r)
		var all []string
		for _, q := range []string{
			"SELECT id FROM records", "SELECT id FROM reports", "SELECT id FROM evidence", "SELECT id FROM units", "SELECT id FROM persons",
			"SELECT id FROM cases", "SELECT id FROM audit", "SELECT ref FROM outbox",
		} {
			all = append(all, column(t, s.d, q)...)
		}
		report := desk(t, s.d, s.Receiver).Inbox[0].ID
		slices.Sort(all)
		all = slices.Compact(all)
		tried, hits := 0, 0
		for _, c := range s.characters() {
			for _, id := range all {
				for _, place := range []flows.Place{flows.AtRecord, flows.AtReport, flows.AtLog, flows.AtLeaks} {
					b, err := json.Marshal(s.desk(c.who, place, id))
					must(t, err)
					tried++
					mine := c.who == s.Appraisers[1] && place == flows.AtRecord && id == r.ID || c.who == s.Receiver && place == flows.AtReport && id == report
					if strings.Contains(string(b), canary) {
						if hits++; !mine {
							t.Errorf("%s reads the content at %s by the id of something else", c.what, place)
						}
					}
				}
				_, err := s.d.Evidence(t.Context(), c.who.Caller(), s.Event(), id, "file1")
				if ok := s.found(err); ok && c.who != s.Receiver && c.who != s.Appraisers[1] && c.who != s.Appraisers[0] && c.who != s.CityOfficer && c.who != s.OtherOfficer {
					t.Errorf("%s has the evidence of %s", c.what, id)
				}
			}
		}
		if hits != 2 {
			t.Errorf("the content came %d times in %d tries, want 2", hits, tried)
		}
	})
}

package dbtest

import (
	_ "embed"
	"fmt"
	"strings"
	"testing"
	"time"

	"liuhen/flows"
	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/db"
)

//go:embed world.txt
var peopleList string

//go:embed cases.txt
var caseList string

// Somebody is one person of the world.
type Somebody struct {
	ID      string
	Name    string
	Unit    string // ID
	Account int64
}

// Caller is the person at their telephone.
func (p Somebody) Caller() db.Caller { return db.Caller{Account: p.Account, Person: p.ID} }

// World is a province's department, a city's bureau below it, and one institution with everybody bound to an account.
//
// At [Start], Cases[0] (signers 0 and 1) is overdue for everybody, Cases[1] (signers 0 and 2) is owed, Cases[2] (signers 1
// and 2) is open, Cases[3] (signer 0) was closed before the rule came into force.
type World struct {
	Province, City, Institution             string // unit IDs
	ProvinceLead, ProvinceOfficer           Somebody
	CityLead, CityOfficer, OtherOfficer     Somebody
	Head, Receiver, Archivist               Somebody
	Confidant, CityConfidant                Somebody
	Appraisers                              [3]Somebody
	Cases                                   [4]record.Case
	events                                  int64
	institutionName, cityName, provinceName string
}

// Batch is the lists from which the world is made.
func Batch(t testing.TB) db.Batch {
	t.Helper()
	var b db.Batch
	for i, f := range table(peopleList) {
		role, ok := law.ParseRole(f[4])
		if !ok {
			t.Fatalf("world.txt line %d: role %q", i+1, f[4])
		}
		b.People = append(b.People, db.Person{Row: i + 1, Authority: f[0], Superior: f[1], Institution: f[2], Name: f[3], Role: role, Licence: f[5]})
	}
	for i, f := range table(caseList) {
		c := db.Case{Row: i + 1, Institution: f[0], Number: f[1], MatchKey: MatchKey(f[1]), Matter: f[2], Client: f[3]}
		for name := range strings.SplitSeq(f[4], "\u3001") {
			c.Signers = append(c.Signers, db.Signer{Name: name})
		}
		c.Accepted, _ = law.ParseDate(f[5])
		c.Closed, _ = law.ParseDate(f[6])
		b.Cases = append(b.Cases, c)
	}
	return b
}

func table(s string) [][]string {
	var out [][]string
	for line := range strings.Lines(s) {
		out = append(out, strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
	}
	return out
}

// Seed fills a store with the world and binds everybody by their invitations.
func Seed(t testing.TB, d *db.DB) *World {
	t.Helper()
	loaded, err := d.Load(t.Context(), Batch(t))
	if err != nil || len(loaded.Faults) > 0 {
		t.Fatalf("load the world: %v %v", err, loaded.Faults)
	}
	w := &World{}
	people := []*Somebody{
		&w.ProvinceLead, &w.ProvinceOfficer, &w.CityLead, &w.CityOfficer, &w.OtherOfficer,
		&w.Head, &w.Receiver, &w.Archivist, &w.Appraisers[0], &w.Appraisers[1], &w.Appraisers[2],
		&w.Confidant, &w.CityConfidant,
	}
	for i, v := range loaded.Invitations {
		*people[i] = Somebody{ID: v.Person, Name: v.Name, Account: int64(7001 + i)}
		c := db.Caller{Account: people[i].Account, Link: v.Token}
		if err := d.Commit(t.Context(), c, w.Event(), Start.Add(-time.Hour), []flows.Durable{flows.Bind{Person: v.Person}}); err != nil {
			t.Fatalf("bind: %v", err)
		}
	}
	for _, p := range people {
		desk, err := d.Desk(t.Context(), p.Caller(), db.Where{})
		if err != nil || desk.Me.ID != p.ID {
			t.Fatalf("desk of person %s: %v", p.ID, err)
		}
		p.Unit = desk.Me.Institution
	}
	w.Province, w.City, w.Institution = w.ProvinceLead.Unit, w.CityLead.Unit, w.Head.Unit
	w.name(t, d)
	return w
}

// name fills in what records need to know by name.
func (w *World) name(t testing.TB, d *db.DB) {
	t.Helper()
	dir, err := d.Directory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for id, name := range map[string]*string{w.Province: &w.provinceName, w.City: &w.cityName, w.Institution: &w.institutionName} {
		u, _ := dir.Unit(law.UnitID(id))
		*name = u.Name
	}
	numbers := table(caseList)
	for _, p := range w.Appraisers {
		desk, err := d.Desk(t.Context(), p.Caller(), db.Where{})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range desk.Cases {
			for i := range w.Cases {
				if numbers[i][1] == c.Number {
					w.Cases[i] = record.Case{ID: c.ID, Number: c.Number, Matter: c.Matter, Client: c.Client}
				}
			}
		}
	}
}

// Event is the number of a new event.
func (w *World) Event() int64 {
	w.events++
	return w.events
}

// Zero is an entry of an appraiser that says 无此类情况.
func (w *World) Zero(signer Somebody, c record.Case) record.Record {
	n := w.Event()
	return record.Record{
		Version: record.Version, ID: fmt.Sprintf("record%010d", n), Edition: form.Edition2020.ID,
		Institution: record.Person{ID: w.Institution, Name: w.institutionName}, Case: c,
		Signer: record.Person{ID: signer.ID, Name: signer.Name}, Signed: Start.Add(time.Duration(n)*time.Second - 2*time.Hour),
		Answers: form.Answers{form.Outcome: {Boxes: []form.OptionID{form.None}, Confirmed: true}},
	}
}

// Report is an entry that reports something, with one piece of evidence, to the recipients at each unit.
func (w *World) Report(signer Somebody, c record.Case, story string, to ...[]Somebody) record.Record {
	r := w.Zero(signer, c)
	r.Answers = form.Answers{
		form.Outcome:     {Boxes: []form.OptionID{form.Event}, Confirmed: true},
		form.Particulars: {Parts: []string{story}, Confirmed: true},
		form.Evidence: {Confirmed: true, Files: []form.File{{
			ID: "file1", Kind: "photo", Name: story, Caption: story, Size: 5,
			SHA256: strings.Repeat("ab", 32), Blob: strings.Repeat("cd", 32), Received: r.Signed,
		}}},
	}
	r.Report = &record.Report{Policy: law.Ministry2020, Held: len(to) == 0}
	for _, people := range to {
		s := record.Stop{Unit: people[0].Unit, Article: "5"}
		for _, p := range people {
			s.Recipients = append(s.Recipients, record.Person{ID: p.ID, Name: p.Name})
		}
		r.Report.Stops = append(r.Report.Stops, s)
	}
	return r
}

// Direct is a report past the institution to the city's officers, against the head.
func (w *World) Direct(signer Somebody, c record.Case, story string) record.Record {
	r := w.Report(signer, c, story, []Somebody{w.CityOfficer, w.OtherOfficer})
	r.Report.Excluded = []record.Excluded{Exclude(w.Head, law.ImplicatedHead)}
	return r
}

// Exclude is somebody excluded for that reason.
func Exclude(p Somebody, why law.Reason) record.Excluded {
	return record.Excluded{Person: record.Person{ID: p.ID, Name: p.Name}, Why: why.String()}
}

package dbtest

import (
	"context"
	"fmt"
	"time"

	"liuhen/flows"
	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/db"
)

// External is a report to the institution's receiver about the client, which the institution has to pass on (Art. 6).
func (w *World) External(signer Somebody, c record.Case, story string) record.Record {
	r := w.Report(signer, c, story, []Somebody{w.Receiver})
	r.Answers[form.Interferers] = form.Answer{Boxes: []form.OptionID{form.Client}, Confirmed: true}
	return r
}

// Act is something done about a report at that time: as a handler of that unit, or with unit "" as its reporter. change may set
// its words, categories and task.
func (w *World) Act(by Somebody, report, unit string, kind law.ActKind, at time.Time, change ...func(*record.Act)) record.Act {
	a := record.Act{
		Version: record.Version, ID: fmt.Sprintf("act%013d", w.Event()), Report: report, Kind: kind, Unit: unit,
		By: record.Person{ID: by.ID, Name: by.Name}, At: at,
	}
	for _, c := range change {
		c(&a)
	}
	return a
}

// Words are an act's words.
func Words(s string) func(*record.Act) { return func(a *record.Act) { a.Text = s } }

// Task is the task of an act.
func Task(key string) func(*record.Act) { return func(a *record.Act) { a.Task = key } }

// Categories are those of an act.
func Categories(list ...law.Category) func(*record.Act) {
	return func(a *record.Act) {
		for _, c := range list {
			a.Categories = append(a.Categories, c.String())
		}
	}
}

// Handle lets somebody do something about a report.
func (w *World) Handle(d *db.DB, by Somebody, a record.Act) func() error {
	event := w.Event()
	return func() error {
		return d.Commit(context.Background(), by.Caller(), event, a.At, []flows.Durable{flows.Handle{Act: a}})
	}
}

// Files are the evidence an act brings.
func Files(names ...string) func(*record.Act) {
	return func(a *record.Act) {
		for _, n := range names {
			a.Files = append(a.Files, form.File{
				ID: n, Kind: "photo", Size: 4, SHA256: fmt.Sprintf("%064x", len(n)), Blob: "blob-" + n, Received: a.At,
			})
		}
	}
}

// Leak lets a confidant write a leak down.
func (w *World) Leak(d *db.DB, by Somebody, words string) error {
	n := w.Event()
	e := flows.NoteLeak{ID: fmt.Sprintf("leak%012d", n), Unit: by.Unit, Words: words}
	return d.Commit(context.Background(), by.Caller(), n, Start, []flows.Durable{e})
}

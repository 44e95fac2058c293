package dbtest

import (
	"context"
	"fmt"
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/db"
)

// Order is an order of the city to correct, made at that time, with the dates the law proposes. change may set its ground, case
// or report.
func (w *World) Order(by, of Somebody, at time.Time, change ...func(*record.Measure)) record.Measure {
	id := fmt.Sprintf("measure%09d", w.Event())
	due, defence := law.OrderDates(law.Policy{}, law.Calendar{}, law.DateOf(at.In(Zone)))
	m := record.Measure{
		Version: record.Version, ID: id, Proceeding: id, Kind: law.OrderCorrection, Unit: by.Unit,
		Subject: record.Person{ID: of.ID, Name: of.Name}, By: record.Person{ID: by.ID, Name: by.Name}, At: at,
		Institution: record.Person{ID: w.Institution, Name: w.institutionName}, Ground: law.NotTruthful.String(),
		Text: "facts", Evidence: "file 1", Due: due.String(), Defence: defence.String(),
	}
	for _, c := range change {
		c(&m)
	}
	return m
}

// Next is a further measure in the proceeding of an order.
func (w *World) Next(o record.Measure, by Somebody, kind law.MeasureKind, at time.Time, change ...func(*record.Measure)) record.Measure {
	m := record.Measure{
		Version: record.Version, ID: fmt.Sprintf("measure%09d", w.Event()), Proceeding: o.ID, Kind: kind, Unit: o.Unit,
		Subject: o.Subject, By: record.Person{ID: by.ID, Name: by.Name}, At: at, Text: "words",
	}
	if kind == law.EnterFile || kind == law.WithdrawEntry || kind == law.Admonish {
		m.Number, m.Date = "1", law.DateOf(at.In(Zone)).String()
	}
	for _, c := range change {
		c(&m)
	}
	return m
}

// Take lets somebody take a measure.
func (w *World) Take(d *db.DB, by Somebody, m record.Measure) func() error {
	event := w.Event()
	return func() error {
		return d.Commit(context.Background(), by.Caller(), event, m.At, []flows.Durable{flows.Take{Measure: m}})
	}
}

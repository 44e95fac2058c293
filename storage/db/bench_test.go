package db_test

import (
	"fmt"
	"testing"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// BenchmarkDesk loads the desks of an institution with 2,000 open cases and entries.
func BenchmarkDesk(b *testing.B) {
	d := dbtest.SQLite(b, b.TempDir()+"/a.db")()
	w := dbtest.Seed(b, d)
	var batch db.Batch
	for i := range 2000 {
		n := fmt.Sprint("b", i)
		batch.Cases = append(batch.Cases, db.Case{
			Institution: "示例司法鉴定中心", Number: n, MatchKey: n, Matter: "鉴定",
			Signers: []db.Signer{{Name: "张三"}, {Name: "李四"}}, Closed: law.Date{Y: 2026, M: 11, D: 1 + i%20},
		})
	}
	if _, err := d.Load(b.Context(), batch); err != nil {
		b.Fatal(err)
	}
	for range 200 {
		r := w.Direct(w.Appraisers[0], w.Cases[1], "经过")
		if err := d.Commit(b.Context(), w.Appraisers[0].Caller(), w.Event(), r.Signed, []flows.Durable{flows.File{Record: r}}); err != nil {
			b.Fatal(err)
		}
	}
	for _, p := range []struct {
		name string
		who  dbtest.Somebody
	}{{"appraiser", w.Appraisers[0]}, {"archivist", w.Archivist}, {"officer", w.CityOfficer}} {
		b.Run(p.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := d.Desk(b.Context(), p.who.Caller(), db.Where{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkWriters files entries from 64 people at once: with the line of writers, and with SQLite alone sorting them out.
func BenchmarkWriters(b *testing.B) {
	for _, line := range []bool{true, false} {
		b.Run(fmt.Sprintf("line=%v", line), func(b *testing.B) {
			d := dbtest.SQLite(b, b.TempDir()+"/a.db")()
			w := dbtest.Seed(b, d)
			if !line {
				db.WithoutLine(d)
			}
			b.SetParallelism(32)
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					if err := d.Commit(b.Context(), w.Appraisers[0].Caller(), w.Event(), dbtest.Start, []flows.Durable{flows.Snooze{}}); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

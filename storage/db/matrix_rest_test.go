package db_test

import (
	"slices"
	"testing"
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/db/dbtest"
)

// resting are rooms with two more proceedings about the head: one that rests on the report, one that rests on the complaint. The
// co-signer has filed for the same case.
type resting struct {
	*rooms
	onReport, onPlaint record.Measure
}

func rested(t *testing.T, r *rooms) *resting {
	t.Helper()
	file(t, r.d, r.World, r.Appraisers[2], r.Zero(r.Appraisers[2], r.Cases[1]))
	x := &resting{rooms: r}
	must(t, r.commit(r.CityOfficer.Caller(), flows.Handle{Act: r.Act(r.CityOfficer, r.plaint, r.City, law.Accept, r.clock.Now())}))
	x.onReport = x.orderOn(r.CityOfficer, r.Head, r.report, law.ToldNotTo)
	x.onPlaint = x.orderOn(r.CityOfficer, r.Head, r.plaint, law.OtherBreach)
	for _, m := range []record.Measure{x.onReport, x.onPlaint} {
		must(t, r.Take(r.d, r.CityOfficer, m)())
	}
	return x
}

func (x *resting) orderOn(by, of dbtest.Somebody, report string, ground law.Ground, change ...func(*record.Measure)) record.Measure {
	return x.Order(by, of, x.clock.Now(), append(change, func(m *record.Measure) { m.Report, m.Ground = report, ground.String() })...)
}

// logged reports whether somebody's log of access has more in it after the officer has read a proceeding.
func (x *resting) logged(p dbtest.Somebody, proceeding string) bool {
	lines := func() int {
		if l := x.desk(p, flows.AtLog, "").Log; l != nil {
			return len(slices.DeleteFunc(slices.Clone(l.Lines), func(l flows.LogLine) bool { return l.Action != law.ReadMeasures }))
		}
		return 0
	}
	before := lines()
	x.clock.Move(time.Minute)
	if x.desk(x.CityOfficer, flows.AtProceeding, proceeding).Acting == nil {
		x.t.Fatal("the officer does not read it")
	}
	return lines() > before
}

// restingTrials are what somebody tries of what rests on a report or a complaint. What must be nobody's is tried beside what
// is somebody's, so that an empty row means something.
func (x *resting) trials() []roomTrial {
	var out []roomTrial
	add := func(name string, had func(dbtest.Somebody) bool) {
		out = append(out, roomTrial{name, func(_ *testing.T, _ *rooms, p dbtest.Somebody) bool { return had(p) }})
	}
	for _, m := range []struct {
		on string
		record.Measure
	}{{"on the report", x.onReport}, {"on the complaint", x.onPlaint}} {
		add("read_measures, "+m.on, func(p dbtest.Somebody) bool { return x.desk(p, flows.AtProceeding, m.ID).Acting != nil })
		add("read that it is "+m.on, func(p dbtest.Somebody) bool {
			a := x.desk(p, flows.AtProceeding, m.ID).Acting
			return a != nil && (a.OnReport || a.OnPlaint || slices.ContainsFunc(a.Measures, func(m record.Measure) bool { return m.Report != "" }))
		})
		add("read_integrity, "+m.on, func(p dbtest.Somebody) bool {
			i := x.desk(p, flows.AtIntegrity, "").Integrity
			return i != nil && slices.ContainsFunc(i.Matters, func(y flows.Matter) bool { return y.ID == m.ID })
		})
		for _, k := range []law.MeasureKind{law.StateDefence, law.LiftOrder} {
			add("measure: "+string(k)+", "+m.on, func(p dbtest.Somebody) bool {
				return x.may(p, flows.Take{Measure: x.Next(m.Measure, p, k, x.clock.Now())})
			})
		}
		add("read in the log: "+m.on, func(p dbtest.Somebody) bool { return x.logged(p, m.ID) })
	}
	add("read in the log: on neither", func(p dbtest.Somebody) bool { return x.logged(p, x.proceeding.ID) })
	order := func(name string, of dbtest.Somebody, report string, ground law.Ground, change ...func(*record.Measure)) {
		add("order "+name, func(p dbtest.Somebody) bool {
			return x.may(p, flows.Take{Measure: x.orderOn(p, of, report, ground, change...)})
		})
	}
	other := x.Appraisers[2]
	order("on the report", other, x.report, law.NotTruthful)
	order("on the report, of its reporter", x.Appraisers[0], x.report, law.NotTruthful)
	order("on the complaint, retaliation", other, x.plaint, law.OtherBreach)
	order("on the complaint, that counts", other, x.plaint, law.OtherBreach, func(m *record.Measure) { m.Counts = true })
	order("on the complaint, not Art. 9", other, x.plaint, law.NotTruthful)
	order("on the complaint, of its maker", x.Appraisers[0], x.plaint, law.OtherBreach)
	for _, m := range []struct{ of, id string }{{"the report", x.report}, {"the complaint", x.plaint}} {
		add("who filed beside "+m.of, func(p dbtest.Somebody) bool {
			d := x.desk(p, flows.AtReport, m.id)
			return d.Report != nil && len(d.Report.Others) > 0
		})
		add("act: extend "+m.of, func(p dbtest.Somebody) bool {
			return x.may(p, flows.Handle{Act: x.Act(p, m.id, p.Unit, law.Extend, x.clock.Now(), dbtest.Words("话"))})
		})
		add("read_plaint, of "+m.of, func(p dbtest.Somebody) bool { return x.desk(p, flows.AtPlaint, m.id).Complaint != nil })
		add("evidence added to "+m.of, func(p dbtest.Somebody) bool {
			_, err := x.d.Evidence(x.t.Context(), p.Caller(), x.Event(), m.id, "roster")
			return x.found(err)
		})
	}
	return out
}

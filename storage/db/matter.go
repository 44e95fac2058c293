package db

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
)

// matter is a report under way as the law sees it, with the entry and the acts it is derived from.
type matter struct {
	law.Matter
	record record.Record
	acts   []record.Act
}

// matterBatch is how many reports are opened at a time.
const matterBatch = 100

// matter derives one report's state.
func (t *tx) matter(p pass, report string, l letter) (*matter, error) {
	all, err := t.matters(p, map[string]letter{report: l})
	return all[report], err
}

// matters derive the state of reports from their entries, the units they reached, and what was done: three queries for a
// batch, however many reports are in it.
func (t *tx) matters(p pass, letters map[string]letter) (map[string]*matter, error) {
	out := make(map[string]*matter, len(letters))
	ids := make([]string, 0, len(letters))
	for id := range letters {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for batch := range slices.Chunk(ids, matterBatch) {
		for _, fill := range []func(pass, []string, map[string]letter, map[string]*matter) error{t.recordsOf, t.arrivalsOf, t.actsOf} {
			if err := fill(p, batch, letters, out); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

func (t *tx) recordsOf(p pass, reports []string, letters map[string]letter, out map[string]*matter) error {
	type row struct {
		id   string
		body []byte
	}
	of := map[string][]string{} // an entry may have two reports: its own, and the Party's track
	for _, id := range reports {
		of[letters[id].Record] = append(of[letters[id].Record], id)
	}
	ids := slices.Sorted(maps.Keys(of))
	found, err := rows(t, func(r *row) []any { return []any{&r.id, &r.body} }, "SELECT id, body FROM records WHERE id IN "+list(1, len(ids)), anys(ids)...)
	if err != nil {
		return err
	}
	if err := fetchKeys(t, "records", found, func(r row) string { return r.id }); err != nil {
		return err
	}
	entries := make(map[string]record.Record, len(found))
	for _, r := range found {
		canonical, err := t.openRecord(p, r.id, r.body)
		if err != nil {
			return err
		}
		if entries[r.id], err = record.Parse(canonical); err != nil {
			return fmt.Errorf("record %s: %w", r.id, err)
		}
	}
	for _, id := range reports {
		l := letters[id]
		entry, there := entries[l.Record]
		if !there {
			return errors.New("a report's entry is gone")
		}
		x := &matter{record: entry}
		x.Facts, x.ClientKind, x.Complaint, x.Party = flows.RecordFacts(entry), entry.Case.ClientType, l.Complaint, l.Party
		x.Made = t.d.day(t.d.local(l.Arrived))
		out[id] = x
	}
	return nil
}

// arrivalsOf: a report has reached a unit on the day on which it was first delivered to anybody there.
func (t *tx) arrivalsOf(_ pass, reports []string, _ map[string]letter, out map[string]*matter) error {
	type row struct {
		report, unit, level string
		at                  int64
	}
	found, err := rows(t, func(r *row) []any { return []any{&r.report, &r.unit, &r.level, &r.at} },
		`SELECT s.report, s.unit, s.level, MIN(d.made_ms) FROM stops s JOIN deliveries d ON d.report = s.report AND d.unit = s.unit
		WHERE s.report IN `+list(1, len(reports))+` GROUP BY s.report, s.unit, s.level ORDER BY 4, 2`, anys(reports)...)
	for _, r := range found {
		level, _ := law.ParseLevel(r.level)
		m := out[r.report]
		m.Arrivals = append(m.Arrivals, law.Arrival{Unit: law.UnitID(r.unit), Level: level, On: t.d.day(t.d.local(r.at))})
	}
	return err
}

func (t *tx) actsOf(p pass, reports []string, _ map[string]letter, out map[string]*matter) error {
	type row struct {
		id, report string
		body       []byte
	}
	found, err := rows(t, func(r *row) []any { return []any{&r.id, &r.report, &r.body} },
		"SELECT id, report, body FROM acts WHERE report IN "+list(1, len(reports))+" ORDER BY at_ms, id", anys(reports)...)
	if err != nil {
		return err
	}
	if err := fetchKeys(t, "acts", found, func(r row) string { return r.id }); err != nil {
		return err
	}
	for _, r := range found {
		a, err := t.openAct(p, r.id, r.report, r.body)
		if err != nil {
			return err
		}
		a.At = a.At.In(t.d.Zone)
		m := out[r.report]
		m.acts = append(m.acts, a)
		if !a.Kind.StepsAside() {
			m.Steps = append(m.Steps, t.d.step(a))
		}
	}
	return nil
}

// step is an act as far as the law asks.
func (d *DB) step(a record.Act) law.Step {
	s := law.Step{Kind: a.Kind, Unit: law.UnitID(a.Unit), By: law.PersonID(a.By.ID), On: d.day(a.At), Task: a.Task}
	for _, c := range a.Categories {
		if x, ok := law.ParseCategory(c); ok {
			s.Categories = append(s.Categories, x)
		}
	}
	return s
}

// tasks are the duties of one unit.
func (d *DB) tasks(m *matter, unit string) []law.Task {
	return slices.DeleteFunc(law.Tasks(d.Policy, d.Calendar, m.Matter), func(x law.Task) bool { return string(x.Unit) != unit })
}

// may is what one of the handlers of a unit may do today, and with unit "" the reporter.
func (d *DB) may(m *matter, unit, who string) []law.ActKind {
	if unit == "" {
		return law.MayReporter(d.Policy, d.Calendar, m.Matter, d.today())
	}
	return law.MayNow(d.Policy, d.Calendar, m.Matter, law.UnitID(unit), law.PersonID(who), d.today())
}

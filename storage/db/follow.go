package db

import (
	"context"
	"maps"
	"slices"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
)

// maxTasks is how many duties a desk lists, and how many reports are opened for it.
const maxTasks = 100

// told are the acts that a reporter learns of; with words those that were said to or by them.
var told = map[law.ActKind]bool{
	law.Accept: false, law.Ask: true, law.Reply: true, law.Urge: false, law.Appeal: false, law.Close: true, law.Extend: false, law.Transfer: false,
	law.Complain: true,
}

// follow tells the signer of a report how far it has come (R8.12), and apart from it how far the Party's own track has, without
// saying who did what about whom.
func (t *tx) follow(g *grant, desk *flows.Desk) (err error) {
	if desk.Follow, err = t.course(g, t.d.reportID(desk.Entry.ID)); err != nil {
		return err
	}
	desk.Track, err = t.course(g, t.d.partyID(desk.Entry.ID))
	return err
}

func (t *tx) course(g *grant, report string) (*flows.Follow, error) {
	l, found, err := t.letterOf(g, report)
	if err != nil || !found {
		return nil, err
	}
	return t.followed(g, report, l)
}

// toldOf are the acts that a reporter learns of, without who did them.
func toldOf(acts []record.Act) (out []record.Act) {
	for _, a := range acts {
		words, known := told[a.Kind]
		if !known {
			continue
		}
		bare := record.Act{Version: a.Version, ID: a.ID, Report: a.Report, Kind: a.Kind, Unit: a.Unit, At: a.At}
		if words {
			bare.Text, bare.Files = a.Text, a.Files
		}
		if a.Unit == "" {
			bare.By = a.By
		}
		if a.To != nil && a.To.ID == "" { // it left this system: nothing else says where it is
			bare.To = &record.Person{Name: a.To.Name}
		}
		out = append(out, bare)
	}
	return out
}

// notDone narrows deliveries to reports that their unit has not done with.
const notDone = "AND NOT EXISTS (SELECT 1 FROM closings c WHERE c.report = d.report AND c.unit = d.unit)"

// duties are the open tasks of reports that the caller may read today, the most urgent first.
func (t *tx) duties(g *grant, desk *flows.Desk) error {
	found, err := t.deliveries(g.person, notDone)
	if err != nil || len(found) == 0 {
		return err
	}
	found = slices.DeleteFunc(found, func(x delivery) bool { return !eligible(g.places, x) })
	found = found[max(0, len(found)-maxTasks):] // the newest come first: the oldest are the most urgent
	letters := map[string]letter{}
	for _, x := range found {
		letters[x.report] = x.letter
		g.with(x.report, x.letter.Record)
	}
	all, err := t.matters(g, letters)
	if err != nil {
		return err
	}
	owners, err := t.owners(found, all)
	if err != nil {
		return err
	}
	for _, x := range found {
		for _, k := range t.d.tasks(all[x.report], x.unit) {
			if !k.Open() {
				continue
			}
			late, _ := t.d.Calendar.WorkdaysBetween(k.Due, t.d.today())
			task := flows.Task{Report: x.report, Duty: k.Duty, Category: k.Category, Due: k.Due, Late: max(late, 0)}
			if k.Duty == law.CategoriseDuty {
				task.Propose = proposes(all[x.report])
			}
			if o := owners[x.report+x.unit]; o.ID != desk.Me.ID {
				task.Owner, task.Orphan = o.Name, o.orphan
			}
			desk.Tasks = append(desk.Tasks, task)
		}
	}
	flows.SortTasks(desk.Tasks)
	desk.Tasks = desk.Tasks[:min(len(desk.Tasks), maxTasks)]
	return nil
}

// TaskDue says that somebody has an open duty, and by when the first of them is to be done. It says no more.
type TaskDue struct {
	Person string
	Due    law.Date
	Since  law.Date // the last day on which one arose by the day alone, of which nobody was told by a message of its own; or zero
}

// OpenTasks lists who has open duties, by person: those about reports of their recipients alone, who may still have them, and those
// under Art. 11 of whom they fall on today.
func (d *DB) OpenTasks(ctx context.Context) (out []TaskDue, err error) {
	err = d.snapshot(ctx, "list open duties", func(t *tx) error {
		first, err := t.firstDue()
		out = nil
		for _, p := range slices.Sorted(maps.Keys(first)) {
			out = append(out, first[p])
		}
		return err
	})
	return out, err
}

// firstDue is the first open duty of everybody who has any.
func (t *tx) firstDue() (map[string]TaskDue, error) {
	dir, err := t.directory()
	if err != nil {
		return nil, err
	}
	places := map[string][]law.Member{}
	for _, m := range dir.Members {
		places[string(m.ID)] = append(places[string(m.ID)], m)
	}
	out := map[string]TaskDue{}
	owes := func(person string, due, since law.Date) {
		was, there := out[person]
		if !there || due.Before(was.Due) {
			was.Person, was.Due = person, due
		}
		if was.Since.Before(since) {
			was.Since = since
		}
		out[person] = was
	}
	if err := t.reportsDue(places, owes); err != nil {
		return nil, err
	}
	k := t.docket(toRemind)
	for _, p := range slices.Sorted(maps.Keys(places)) {
		all, err := k.of(p, places[p])
		if err != nil {
			return nil, err
		}
		for _, x := range all {
			owes(p, x.Due, x.since)
		}
	}
	return out, nil
}

// reportsDue says who owes something about a report, and by when.
func (t *tx) reportsDue(places map[string][]law.Member, owes func(person string, due, since law.Date)) error {
	type row struct {
		report, unit, level, person string
		body                        []byte
	}
	found, err := rows(t, func(r *row) []any { return []any{&r.report, &r.unit, &r.level, &r.person, &r.body} },
		`SELECT d.report, d.unit, s.level, d.person, r.body FROM deliveries d JOIN stops s ON s.report = d.report AND s.unit = d.unit
		JOIN reports r ON r.id = d.report WHERE 1 = 1 `+notDone+" ORDER BY d.report, d.unit, d.person")
	if err != nil || len(found) == 0 {
		return err
	}
	if err := fetchKeys(t, "reports", found, func(r row) string { return r.report }); err != nil {
		return err
	}
	letters := map[string]letter{}
	for _, r := range found {
		if _, there := letters[r.report]; there {
			continue
		}
		var l letter
		if err := t.unseal(toRemind, r.body, &l, "reports", r.report, "body"); err != nil {
			return err
		}
		letters[r.report] = l
	}
	all, err := t.matters(toRemind, letters)
	if err != nil {
		return err
	}
	for _, r := range found {
		x := delivery{report: r.report, unit: r.unit, letter: letters[r.report]}
		x.level, _ = law.ParseLevel(r.level)
		if x.barred, err = t.barred(r.report); err != nil {
			return err
		}
		if !eligible(places[r.person], x) {
			continue
		}
		for _, k := range t.d.tasks(all[r.report], r.unit) {
			if k.Open() {
				owes(r.person, k.Due, law.Date{})
			}
		}
	}
	return nil
}

// soon reports whether a duty is to be done by the next working day after that day, or was to be done before.
func (d *DB) soon(due, day law.Date) bool {
	next, _ := d.Calendar.AddWorkdays(day, 1)
	return !next.Before(due)
}

package db

import (
	"context"
	"maps"
	"slices"

	"liuhen/flows"
	"liuhen/flows/law"
)

// said is what somebody said about being asked whether they suffer retaliation (R9.3), sealed: who, about which entry, what.
type said struct {
	Record string   `json:"record"`
	Person string   `json:"person"`
	On     law.Date `json:"on"`
	Want   bool     `json:"want,omitempty"`
	Fine   bool     `json:"fine,omitempty"`
	After  law.Date `json:"after"` // the day of the last question put before; it is answered by whatever is said
}

// watchID stands for the entry somebody wants to be asked about. That there is one does not tell 无此类情况 from a report: both
// can have it.
func (d *DB) watchID(record string) string { return d.derivedID("watch", record) }

// checkIn notes what the signer of an entry wants, or answers. A repeat changes nothing.
func (w *work) checkIn(e flows.CheckIn) error {
	// Noted as reading the entry: the clear must not tell for which entry somebody fears retaliation.
	if _, err := w.authorize(w.c, ask{action: law.ReadEntry, subject: e.Record, event: w.event, at: w.at}); err != nil {
		return err
	}
	if e.ID == "" || e.Fine && !e.Want {
		return &denial{action: "check_in", subject: e.ID, why: "it says nothing", own: true}
	}
	x := said{Record: e.Record, Person: w.c.Person, On: w.d.day(w.at), Want: e.Want, Fine: e.Fine}
	put, err := w.questions(w.c.Person, w.d.watchID(e.Record))
	if err != nil {
		return err
	}
	if n := len(put); n > 0 {
		x.After = put[n-1]
	}
	body, err := w.seal(x, "checkins", e.ID, "body")
	if err != nil {
		return err
	}
	watch := w.d.watchID(e.Record)
	n, err := w.exec("INSERT INTO checkins (id, watch, at_ms, body) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING",
		e.ID, watch, w.at.UnixMilli(), body)
	if err != nil || n == 0 {
		return err
	}
	content, err := w.open(toVerify, e.ID, body, "checkins", e.ID, "body")
	if err != nil {
		return err
	}
	w.witness(leafCheckIn, e.ID, beside(e.ID, w.at.UnixMilli(), watch, content))
	return nil
}

// Watched is an entry whose signer wants to be asked, and since when.
type Watched struct {
	ID     string // of the watch
	Person string
	Since  law.Date
	record string
	wanted bool
	after  law.Date // the day of the last question that has its answer
}

// watches are what became of everything said, by watch.
func (t *tx) watches(where string, args ...any) (map[string]Watched, error) {
	type row struct {
		id, watch string
		body      []byte
	}
	found, err := rows(t, func(r *row) []any { return []any{&r.id, &r.watch, &r.body} },
		"SELECT id, watch, body FROM checkins "+where+" ORDER BY at_ms, id", args...)
	if err != nil {
		return nil, err
	}
	if err := fetchKeys(t, "checkins", found, func(r row) string { return r.id }); err != nil {
		return nil, err
	}
	out := map[string]Watched{}
	for _, r := range found {
		var x said
		if err := t.unseal(toRemind, r.body, &x, "checkins", r.id, "body"); err != nil {
			return nil, err
		}
		w := out[r.watch]
		if x.Want && !w.wanted {
			w.Since = x.On
		}
		w.ID, w.Person, w.record, w.wanted, w.after = r.watch, x.Person, x.Record, x.Want, x.After
		out[r.watch] = w
	}
	return out, err
}

// Watches lists the entries whose signers want to be asked.
func (d *DB) Watches(ctx context.Context) (out []Watched, err error) {
	err = d.snapshot(ctx, "list who wants to be asked", func(t *tx) error {
		all, err := t.watches("")
		out = nil
		for _, id := range slices.Sorted(maps.Keys(all)) {
			if all[id].wanted {
				out = append(out, all[id])
			}
		}
		return err
	})
	return out, err
}

// Asking is a question that is due: the watch, whom it is for, and the day it fell on.
type Asking struct {
	Watch, Person string
	Day           law.Date
}

// Ask queues questions and says how many were new: each day of each watch is asked once.
func (d *DB) Ask(ctx context.Context, list []Asking) (fresh int, err error) {
	if len(list) == 0 {
		return 0, nil
	}
	err = d.write(ctx, "ask about retaliation", func(t *tx) error {
		fresh = 0
		for _, a := range list {
			n, err := t.posted(key(string(CheckIn), a.Watch, a.Day.String()), a.Person, CheckIn, a.Watch, d.now())
			if err != nil {
				return err
			}
			fresh += n
		}
		return nil
	})
	return fresh, err
}

// watchOf says what the signer of an entry wanted, and whether a question waits.
func (t *tx) watchOf(g *grant) (flows.Watch, error) {
	id := t.d.watchID(g.record.ID)
	all, err := t.watches("WHERE watch = $1", id)
	x := all[id]
	if err != nil || !x.wanted {
		return flows.Watch{}, err
	}
	out := flows.Watch{Wanted: true}
	for _, day := range law.CheckIns(t.d.Policy, t.d.Calendar, x.Since) {
		if t.d.today().Before(day) && out.Next.IsZero() {
			out.Next = day
		}
	}
	out.Asking, err = t.asking(x)
	return out, err
}

// questions are the days on which somebody was asked about an entry, in order.
func (t *tx) questions(person, watch string) ([]law.Date, error) {
	all, err := t.tellings(person)
	var out []law.Date
	for _, x := range all {
		if x.Kind == CheckIn && x.Ref == watch {
			out = append(out, date(x.ID[len(key(string(CheckIn), watch, "")):]))
		}
	}
	return out, err
}

// asking reports whether a question was put that has no answer yet.
func (t *tx) asking(x Watched) (bool, error) {
	put, err := t.questions(x.Person, x.ID)
	return x.wanted && slices.ContainsFunc(put, x.after.Before), err
}

// asked lists the caller's own entries about which a question waits.
func (t *tx) asked(g *grant, desk *flows.Desk) error {
	told, err := t.tellings(g.person)
	var refs []string
	for _, x := range told {
		if x.Kind == CheckIn && !slices.Contains(refs, x.Ref) {
			refs = append(refs, x.Ref)
		}
	}
	slices.Sort(refs)
	if err != nil || len(refs) == 0 {
		return err
	}
	all, err := t.watches("WHERE watch IN "+list(1, len(refs)), anys(refs)...)
	if err != nil {
		return err
	}
	for _, ref := range refs {
		waits, err := t.asking(all[ref])
		if err != nil {
			return err
		}
		if waits && all[ref].Person == g.person {
			desk.Asked = append(desk.Asked, all[ref].record)
		}
	}
	return nil
}

// mootQuestion: a question that was answered, or is no longer wanted, is not put.
func (j *judge) mootQuestion(m Message) (string, error) {
	all, err := j.watches("WHERE watch = $1", m.Ref)
	if err != nil {
		return "", err
	}
	waits, err := j.asking(all[m.Ref])
	return when(!waits, "answered"), err
}

package db

import (
	"context"
	"errors"
	"slices"

	"liuhen/flows"
	"liuhen/flows/law"
)

// Limits of the lists on a desk.
const (
	maxCases   = 200
	maxRecords = 100
	maxInbox   = 100
	maxOverdue = 200
	maxLost    = 200
	maxFiles   = 20 // pieces of evidence per entry
)

// Where says what the caller has open: a place, its subject, or the invitation being answered. Event is the key under which
// reading is written down.
type Where struct {
	Event   int64
	Place   flows.Place
	Subject string
	Link    string
	Page    int // of the log of access, or of the leaks
}

// reads reports whether content is open, which is authorised and written down.
func (w Where) reads() bool {
	return w.Subject != "" && slices.Contains([]flows.Place{flows.AtReport, flows.AtRecord, flows.AtProtect, flows.AtPlaint}, w.Place) ||
		w.Place == flows.AtLog || w.Place == flows.AtLeaks || w.integrity()
}

// integrity reports whether it is a room of Art. 11 in which something is read.
func (w Where) integrity() bool {
	return w.Place == flows.AtIntegrity || w.Subject != "" && (w.Place == flows.AtAccuse || w.Place == flows.AtProceeding)
}

// Desk is what the caller may see now, all of it as of one moment. What somebody may not see is not on it.
func (d *DB) Desk(ctx context.Context, c Caller, w Where) (desk flows.Desk, err error) {
	load := func(t *tx) error {
		desk = flows.Desk{
			Now: d.Clock().In(d.Zone), Locale: d.Locale, Policy: d.Policy,
			Limits: flows.Limits{FileBytes: d.FileLimit, Files: maxFiles},
		}
		person, err := t.personOf(c.Account)
		if err != nil {
			return err
		}
		if person == "" {
			desk.Invite, err = t.invite(c.Account, w.Link, desk.Now)
			if err != nil || desk.Invite != nil {
				return err
			}
			if c.Former, err = t.formerOf(c.Account); err != nil || c.Former == "" {
				return err
			}
			c.Person = c.Former
			return t.lay(&desk, c, w)
		}
		c.Person = person
		return t.lay(&desk, c, w)
	}
	if err = errUnnoted; !w.reads() {
		err = d.snapshot(ctx, "load desk", load)
	}
	if errors.Is(err, errUnnoted) {
		err = d.noted(ctx, "load desk", load)
	}
	if err != nil {
		return flows.Desk{}, err
	}
	return desk, nil
}

// lists fill the lists of a desk, each under the one decision about the whole desk.
var lists = map[law.Action]func(*tx, *grant, *flows.Desk) error{
	law.ListCases: (*tx).cases, law.ListEntries: (*tx).receipts, law.ListInbox: (*tx).inbox, law.ListOverdue: (*tx).overdue,
	law.ListLost: (*tx).lost, law.ListTasks: (*tx).duties, law.ListNews: (*tx).news, law.ListPeople: (*tx).people,
	law.ListLeaks:     (*tx).leaks,
	law.ListOwnFile:   (*tx).ownFile,
	law.ListDecisions: (*tx).decisions,
	law.ListKeeping:   (*tx).keeping,
	law.ListAbsences:  (*tx).absences,
	law.ListFilings:   (*tx).filingLists,
	law.ListSigners:   (*tx).turnover,
}

// lay fills the desk of somebody who is bound.
func (t *tx) lay(desk *flows.Desk, c Caller, w Where) error {
	me := &desk.Me
	if _, err := t.one([]any{&me.ID, &me.Name, &me.Institution, &me.UnitName},
		"SELECT p.id, p.name, u.id, u.name FROM persons p JOIN units u ON u.id = p.unit WHERE p.id = $1", c.Person); err != nil {
		return err
	}
	g, err := t.authorize(c, ask{action: law.OpenDesk, subject: c.Person, event: w.Event, at: desk.Now})
	if err != nil {
		return err
	}
	g.where = w
	for _, m := range g.places {
		for _, r := range m.Roles {
			if !slices.Contains(me.Roles, r) {
				me.Roles = append(me.Roles, r)
			}
		}
	}
	if me.Left = c.Former != ""; !me.Left {
		if desk.Directory, err = t.line(me.Institution); err != nil {
			return err
		}
	}
	for _, list := range law.Lists() {
		if !g.lists[list] {
			continue
		}
		if err := lists[list](t, g, desk); err != nil {
			return err
		}
	}
	if len(organs(g.places)) > 0 {
		desk.Dates.Due, desk.Dates.Defence = law.OrderDates(t.d.Policy, t.d.Calendar, t.d.today())
	}
	switch {
	case w.integrity():
		return t.integrityRooms(desk, c, w)
	case w.reads():
		return t.reading(desk, c, w)
	}
	return nil
}

// cases are those the caller signs for: without the caller's entry first, then the newest.
func (t *tx) cases(g *grant, desk *flows.Desk) error {
	type row struct {
		flows.Case
		closed string
	}
	absent, err := t.ownAbsences(g)
	if err != nil {
		return err
	}
	found, err := rows(t, func(r *row) []any {
		return []any{&r.ID, &r.Number, &r.Matter, &r.Client, &r.ClientType, &r.closed, &r.Filed}
	}, `SELECT c.id, c.number, c.matter, c.client, c.client_type, c.closed, s.filed_ms IS NOT NULL
		FROM signers s JOIN cases c ON c.id = s.case_id WHERE s.person = $1
		ORDER BY s.filed_ms IS NOT NULL, c.closed = '', c.closed DESC, c.accepted DESC, c.number DESC LIMIT $2`, g.person, maxCases)
	for _, r := range found {
		r.Closed = date(r.closed)
		r.Absent = absent[r.ID]
		if r.Owed = law.Owes(r.Closed) && !r.Filed && r.Absent == ""; r.Owed {
			r.Due, _ = t.d.due(law.ZeroDue, r.Closed)
		}
		desk.Cases = append(desk.Cases, r.Case)
	}
	flows.SortCases(desk.Cases)
	return err
}

// receipts are the caller's own entries, newest first: nothing of what they say.
func (t *tx) receipts(g *grant, desk *flows.Desk) error {
	type row struct {
		flows.Receipt
		signed int64
		head   []byte
	}
	found, err := rows(t, func(r *row) []any { return []any{&r.ID, &r.CaseID, &r.signed, &r.Supersedes, &r.head} },
		`SELECT r.id, COALESCE(l.case_id, ''), r.signed_ms, r.supersedes, r.head FROM records r LEFT JOIN links l ON l.record = r.id
		WHERE r.signer = $1 AND `+notGone+` ORDER BY r.signed_ms DESC, r.id LIMIT $2`, g.person, maxRecords)
	if err != nil {
		return err
	}
	if err := fetchKeys(t, "records", found, func(r row) string { return r.ID }); err != nil {
		return err
	}
	successor := map[string]string{}
	for _, r := range found {
		var h head
		if err := t.unseal(g.with(r.ID), r.head, &h, "records", r.ID, "head"); err != nil {
			return err
		}
		r.Number, r.Matter, r.Signed = h.Number, h.Matter, t.d.local(r.signed)
		r.Superseded = successor[r.ID]
		if _, there := successor[r.Supersedes]; !there && r.Supersedes != "" {
			successor[r.Supersedes] = r.ID
		}
		desk.Records = append(desk.Records, r.Receipt)
	}
	return nil
}

// inbox are the reports that were delivered to the caller and that the caller may still have.
func (t *tx) inbox(g *grant, desk *flows.Desk) error {
	found, err := t.deliveries(g.person, "")
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, x := range found {
		if seen[x.report] || len(desk.Inbox) == maxInbox || !eligible(g.places, x) {
			continue
		}
		seen[x.report] = true
		desk.Inbox = append(desk.Inbox, flows.Card{ID: x.report, Arrived: t.d.local(x.arrived), Opened: x.opened, Party: x.letter.Party})
	}
	return nil
}

// date reads a stored date; what is stored was a date when it was.
func date(s string) law.Date {
	d, _ := law.ParseDate(s)
	return d
}

func (d *DB) due(duty law.Duty, from law.Date) (law.Date, bool) {
	return d.Policy.Deadline(duty).Due(d.Calendar, from)
}

package db

import (
	"fmt"
	"slices"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
)

// maxPlaints is how many complaints of retaliation one entry can have; more is added to those there are.
const maxPlaints = 9

// plaintID is the name of the n-th complaint of an entry, from 1 on. It tells nothing without the keys: not even that it is none
// of the reports.
func (d *DB) plaintID(record string, n int) string {
	return d.derivedID("complaint", record, number(int64(n)))
}

func (d *DB) plaintIDs(record string) []string {
	out := make([]string, maxPlaints)
	for i := range out {
		out[i] = d.plaintID(record, i+1)
	}
	return out
}

// plaints are the letters of an entry's complaints by ID.
func (t *tx) plaints(p pass, recordID string) (map[string]letter, error) {
	return t.letters(p, "r.id IN "+list(1, maxPlaints), anys(t.d.plaintIDs(recordID))...)
}

// complain makes a complaint of retaliation of an own entry and sends it to whom the law names, never to the institution (Art. 9).
// It is a report like others to whoever handles it, and to everybody else nothing.
func (w *work) complain(e flows.Complain) error {
	a := e.Act
	if done, err := w.doneAlready(a); done || err != nil {
		return err
	}
	what := ask{action: law.ComplainOf, subject: e.Record, part: a.ID, whose: a.By.ID, event: w.event, at: w.at}
	g, err := w.authorize(w.c, what)
	if err != nil {
		return err
	}
	no := func(why string) error {
		no, err := w.refusal(g.person, what, why)
		if err != nil {
			return err
		}
		return no
	}
	if a.Kind != law.Complain || a.Unit != "" || len(a.Categories) > 0 || a.Task != "" || a.Whom != nil {
		return no("it is no complaint")
	}
	if why := textFlaw(a); why != "" {
		return no(why)
	}
	dir, linked, err := w.retaliation(g.record)
	if err != nil {
		return err
	}
	for _, id := range e.Named {
		if !slices.ContainsFunc(dir.Members, func(m law.Member) bool { return string(m.ID) == id }) {
			return no("somebody named is not on the register")
		}
	}
	way := flows.ComplaintWay(w.d.Policy, dir, linked, e.Named, e.Unlisted)
	l := plaintLetter(g.record, w.d.Policy.Name, way, w.at.UnixMilli())
	l.Lead = linked.Lead || e.Unlisted
	id, err := w.newPlaint(l)
	if err != nil {
		return err
	}
	if id == "" {
		return no("too many of one entry")
	}
	a.Report = id
	if err := w.keepAct(a, false); err != nil {
		return fmt.Errorf("complaint %s: %w", a.ID, err)
	}
	return w.dispatch(id, l, haltsOf(way))
}

// textFlaw is what a statement lacks, or has too much of, "" for nothing.
func textFlaw(a record.Act) string {
	switch {
	case a.Text == "":
		return "without words"
	case len([]rune(a.Text)) > statementWords:
		return "too many words"
	case len(a.Files) > maxFiles:
		return "too much evidence"
	}
	return ""
}

// retaliation is what the way of a complaint of an entry depends on: the part of the register it needs, and whom the reports and
// the earlier complaints of the same matter exclude.
func (t *tx) retaliation(entry record.Record) (law.Directory, law.Retaliation, error) {
	others, err := t.kindred(entry)
	if err != nil {
		return law.Directory{}, law.Retaliation{}, err
	}
	linked := flows.LinkedReports(entry, others)
	earlier, err := t.plaints(toDecide, entry.ID)
	if err != nil {
		return law.Directory{}, linked, err
	}
	for _, l := range earlier {
		linked.Lead = linked.Lead || l.Lead
		for _, p := range l.Implicated {
			linked.Implicated = append(linked.Implicated, law.PersonID(p))
		}
	}
	dir, err := t.line(entry.Institution.ID)
	return flows.ComplaintDirectory(dir, linked), linked, err
}

// kindred are the signer's other entries of the same matter: about the same case, or in the same chain of corrections.
func (t *tx) kindred(entry record.Record) ([]record.Record, error) {
	ids, err := texts(t, `SELECT r.id FROM links l JOIN links o ON o.case_id = l.case_id JOIN records r ON r.id = o.record
		WHERE l.record = $1 AND r.signer = $2 ORDER BY r.id`, entry.ID, entry.Signer.ID)
	if err != nil {
		return nil, err
	}
	chain := []string{entry.ID}
	for i := 0; i < len(chain) && len(chain) < maxRecords; i++ {
		next, err := texts(t, `SELECT id FROM records WHERE signer = $1 AND supersedes = $2
			UNION SELECT supersedes FROM records WHERE id = $2 AND supersedes <> '' ORDER BY 1`, entry.Signer.ID, chain[i])
		if err != nil {
			return nil, err
		}
		for _, id := range next {
			if !slices.Contains(chain, id) {
				chain = append(chain, id)
			}
		}
	}
	var out []record.Record
	for _, id := range append(ids, chain...) {
		if id == entry.ID || slices.ContainsFunc(out, func(r record.Record) bool { return r.ID == id }) {
			continue
		}
		r, err := t.entryOf(id)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// entryOf opens an entry to find out whom its report excludes.
func (t *tx) entryOf(id string) (record.Record, error) {
	var body []byte
	if _, err := t.one([]any{&body}, "SELECT body FROM records WHERE id = $1", id); err != nil {
		return record.Record{}, err
	}
	canonical, err := t.openRecord(toDecide, id, body)
	if err != nil {
		return record.Record{}, err
	}
	return record.Parse(canonical)
}

func plaintLetter(entry record.Record, policy string, way law.Routing, arrived int64) letter {
	l := letter{
		Record: entry.ID, Institution: entry.Institution.ID, Signer: entry.Signer.ID, Policy: policy, Arrived: arrived, Bypasses: true, Complaint: true,
	}
	for _, e := range way.Excluded {
		l.Excluded = append(l.Excluded, string(e.Person))
		if e.Reason != law.LedByImplicated && e.Reason != law.Bypassed {
			l.Implicated = append(l.Implicated, string(e.Person))
		}
	}
	return l
}

// newPlaint takes the entry's next free name, "" when there is none left.
func (w *work) newPlaint(l letter) (string, error) {
	arrived := w.d.dayOf(l.Arrived)
	for _, id := range w.d.plaintIDs(l.Record) {
		body, err := w.seal(l, "reports", id, "body")
		if err != nil {
			return "", err
		}
		n, err := w.exec("INSERT INTO reports (id, arrived_ms, body) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING", id, arrived, body)
		if err != nil || n == 1 {
			return id, err
		}
	}
	return "", nil
}

// haltsOf are the stops of a way that the law names, with their people.
func haltsOf(way law.Routing) []halt {
	var out []halt
	for _, s := range way.Stops {
		h := halt{stop: stop{string(s.Unit), s.Level, s.Cite.String(), s.Why != 0}}
		for _, p := range s.Recipients {
			h.people = append(h.people, string(p))
		}
		out = append(out, h)
	}
	return out
}

// protection puts onto the desk what the signer of the entry being read may know and do about their own protection.
func (t *tx) protection(g *grant, desk *flows.Desk) error {
	entry := g.record
	dir, linked, err := t.retaliation(entry)
	if err != nil {
		return err
	}
	p := &flows.Protect{Record: entry, Directory: dir, Linked: linked}
	letters, err := t.plaints(g, entry.ID)
	if err != nil {
		return err
	}
	for _, id := range t.d.plaintIDs(entry.ID) {
		l, there := letters[id]
		if !there {
			continue
		}
		f, err := t.followed(g, id, l)
		if err != nil {
			return err
		}
		p.Plaints = append(p.Plaints, flows.Plaint{ID: id, Made: t.d.local(l.Arrived), Standing: f.Standing})
	}
	desk.Protect = p
	p.Watch, err = t.watchOf(g)
	return err
}

// complaint puts an own complaint onto the desk, with what became of it.
func (t *tx) complaint(g *grant, desk *flows.Desk) error {
	f, err := t.followed(g, g.plaint, g.letter)
	if err != nil {
		return err
	}
	c := &flows.Complaint{Entry: g.record.ID, Follow: *f}
	desk.Complaint = c
	c.Way, err = t.whereabouts(g, g.plaint)
	return err
}

// plaintNews lists the caller's own complaints about which something was done of late.
func (t *tx) plaintNews(g *grant, desk *flows.Desk) error {
	found, err := t.lately(g.person, t.d.now()-movedFor.Milliseconds(), Moved, Word)
	if err != nil {
		return err
	}
	for _, id := range found {
		l, there, err := t.letterOf(toDecide, id)
		if err != nil {
			return err
		}
		if there && l.Complaint && l.Signer == g.person {
			desk.News = append(desk.News, id)
		}
	}
	return nil
}

// newsRef is what a message to the signer of a report is about: their entry, or their complaint.
func (l letter) newsRef(report string) string {
	if l.Complaint {
		return report
	}
	return l.Record
}

package db

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
)

// actWords is the length of an act's text, in characters, as the store takes it.
const actWords = 4000

// wordy are the acts that say nothing without words; an answer may be evidence alone.
var wordy = []law.ActKind{law.Ask, law.Decide, law.Waive, law.Exclude, law.Extend, law.Discipline}

// handle keeps what was done about a report (Arts. 6, 8) and lets those know whom it concerns. An act of that ID that is there
// already stands. Acts of one report are decided one after the other, each upon all before it.
func (w *work) handle(a record.Act) error {
	if err := w.inLine(a.Report); err != nil {
		return err
	}
	if done, err := w.doneAlready(a); done || err != nil {
		return err
	}
	g, err := w.authorize(w.c, ask{
		action: law.ActOn, subject: a.Report, part: a.ID, unit: a.Unit, whose: a.By.ID, event: w.event, at: w.at,
	})
	if err != nil {
		return err
	}
	if a.Kind.StepsAside() {
		return w.stepAside(g, a)
	}
	m, err := w.mayNow(g, a)
	if err != nil {
		return err
	}
	var to target
	if a.Kind == law.Transfer {
		if to, err = w.target(g, a, m); err != nil {
			return err
		}
	}
	m.Steps = append(m.Steps, w.d.step(a))
	if err := w.keepAct(a, a.Unit != "" && law.Ended(m.Matter, law.UnitID(a.Unit))); err != nil {
		return fmt.Errorf("act %s: %w", a.ID, err)
	}
	switch a.Kind {
	case law.Take: // whoever had it learns of it, and so do all of the unit: whose it was stands nowhere in the clear
		return w.tellHandlers(a, []string{a.Unit})
	case law.Transfer:
		return w.handOver(a, g.letter, to)
	default:
		return w.consequences(a, m, g.letter)
	}
}

// inLine makes whoever acts about the same report wait; SQLite has one writer anyway.
func (t *tx) inLine(report string) error {
	if t.d.engine != postgresEngine {
		return nil
	}
	var id string
	_, err := t.one([]any{&id}, "SELECT id FROM reports WHERE id = $1 FOR NO KEY UPDATE", report)
	return err
}

// doneAlready finds the act of that ID; another's is refused.
func (w *work) doneAlready(a record.Act) (bool, error) {
	var report string
	var body []byte
	found, err := w.one([]any{&report, &body}, "SELECT report, body FROM acts WHERE id = $1", a.ID)
	if err != nil || !found {
		return false, err
	}
	was, err := w.openAct(toDecide, a.ID, report, body)
	if err == nil && was.By.ID != w.c.Person {
		err = &denial{action: "act", subject: a.Report, why: notTheirs}
	}
	return true, err
}

// mayNow: whoever may act about a report may do so only as the law lets them at this moment.
func (w *work) mayNow(g *grant, a record.Act) (*matter, error) {
	no := func(why string) (*matter, error) { return nil, w.refuse(g, a, why) }
	m, err := w.matter(g, a.Report, g.letter)
	if err != nil {
		return nil, err
	}
	if a.Kind == law.Draft || a.Kind == law.Send {
		why, err := w.d.sendFlaw(a, m), error(nil)
		if a.Kind == law.Draft {
			why, err = w.draftFlaw(a, m)
		}
		if err == nil && why != "" {
			return no(why)
		}
		return m, err
	}
	if !slices.Contains(w.d.may(m, a.Unit, a.By.ID), a.Kind) {
		return no("not now: " + string(a.Kind))
	}
	if why := w.d.flaw(a, m); why != "" {
		return no(why)
	}
	return m, nil
}

// refuse is a refusal of an act by somebody who may act about the report, but not so.
func (w *work) refuse(g *grant, a record.Act, why string) error {
	no, err := w.refusal(g.person, ask{action: law.ActOn, subject: a.Report, part: a.ID, unit: a.Unit}, why)
	if err != nil {
		return err
	}
	return no
}

// flaw is what an act lacks, or has too much of, "" for nothing.
func (d *DB) flaw(a record.Act, m *matter) string {
	changes := slices.ContainsFunc(m.acts, func(x record.Act) bool { return x.Kind == law.Categorise && x.Unit == a.Unit })
	switch {
	case utf8.RuneCountInString(a.Text) > limitOf(a.Kind):
		return "too many words"
	case a.Kind == law.Reply && a.Text == "" && len(a.Files) == 0:
		return "without words"
	case a.Kind != law.Reply && len(a.Files) > 0, len(a.Files) > maxFiles:
		return "evidence that does not belong to it"
	case a.Letter != nil:
		return "more than belongs to it"
	case d.paperFlaw(a) != "":
		return d.paperFlaw(a)
	case a.Text == "" && (slices.Contains(wordy, a.Kind) || a.Kind == law.Categorise && changes):
		return "without words"
	case a.Kind != law.Categorise && len(a.Categories) > 0, a.Kind != law.Perform && a.Kind != law.Waive && a.Task != "",
		a.Kind != law.Exclude && a.Whom != nil, (a.Kind == law.Transfer) != (a.To != nil):
		return "more than belongs to it"
	case a.Kind == law.Categorise && !categories(a.Categories):
		return "the categories are not those of the rule"
	case (a.Kind == law.Perform || a.Kind == law.Waive) && !d.dischargeable(a, m):
		return "no such open task"
	}
	return ""
}

// categories reports whether there are any, each of the rule and each once.
func categories(names []string) bool {
	for i, c := range names {
		if _, ok := law.ParseCategory(c); !ok || slices.Contains(names[:i], c) {
			return false
		}
	}
	return len(names) > 0
}

// dischargeable reports whether the act's task is open and of the kind that can be performed, or waived: what another act
// discharges cannot be performed, and taking up and closing cannot be waived.
func (d *DB) dischargeable(a record.Act, m *matter) bool {
	return slices.ContainsFunc(d.tasks(m, a.Unit), func(x law.Task) bool {
		waivable := x.Duty != law.Acknowledge && x.Duty != law.Handling
		return x.Key == a.Task && x.Open() && (a.Kind == law.Waive && waivable || a.Kind == law.Perform && x.Category != 0)
	})
}

// keepAct writes the act down, and that its unit has done with the report if it has. Its audit row, which authorize made, names neither its kind nor who did it: that is sealed with it.
func (w *work) keepAct(a record.Act, ended bool) error {
	canonical, err := a.Canonical()
	if err != nil {
		return err
	}
	if _, err := record.ParseAct(canonical); err != nil || a.ID == "" {
		return fmt.Errorf("it would not be readable: %w", err)
	}
	body, err := w.sealBytes(pad(canonical, bodyBlock), "acts", a.ID, "body")
	if err != nil {
		return err
	}
	if _, err := w.exec("INSERT INTO acts (id, report, at_ms, body) VALUES ($1, $2, $3, $4)", a.ID, a.Report, a.At.UnixMilli(), body); err != nil {
		return err
	}
	w.witness(leafAct, a.ID, canonical)
	if err := w.keepExhibits(a); err != nil {
		return err
	}
	if ended {
		if _, err := w.exec("INSERT INTO closings (report, unit) VALUES ($1, $2) ON CONFLICT (report, unit) DO NOTHING", a.Report, a.Unit); err != nil {
			return err
		}
	}
	return nil
}

// consequences: taking up, asking and closing are told to the reporter; answers and reminders to those who handle the report and read them;
// passing on and appealing bring it to the authority (Arts. 5, 6).
func (w *work) consequences(a record.Act, m *matter, l letter) error {
	switch a.Kind {
	case law.Accept, law.Ask, law.Close, law.Extend:
		return w.post(key(string(Word), a.ID, l.Signer), l.Signer, Word, l.newsRef(a.Report), w.at.UnixMilli())
	case law.Reply, law.Urge:
		var units []string
		for _, x := range m.Arrivals {
			if flows.Reads(m.Matter, string(x.Unit), append(m.acts, a)) {
				units = append(units, string(x.Unit))
			}
		}
		return w.tellHandlers(a, units)
	case law.Pass, law.Appeal:
		dir, err := w.directory()
		if err != nil {
			return err
		}
		_, err = w.toAuthority(dir, a.Report, l, w.at.UnixMilli())
		return err
	default:
		return nil
	}
}

// tellHandlers tells all those who may read the report today for one of the units.
func (w *work) tellHandlers(a record.Act, units []string) error {
	if len(units) == 0 {
		return nil
	}
	people, err := texts(w.tx, "SELECT DISTINCT person FROM deliveries WHERE report = $1 AND unit IN "+list(2, len(units))+" ORDER BY person",
		append([]any{a.Report}, anys(units)...)...)
	if err != nil {
		return err
	}
	for _, p := range people {
		x, err := w.inHand(p, a.Report)
		if err != nil {
			return err
		}
		if x == nil {
			continue
		}
		if err := w.post(key(string(Word), a.ID, p), p, Word, a.Report, w.at.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

// toAuthority lets the authority have a report that the institution has, or whoever above it the law names today, and says
// which units are new. With nobody eligible anywhere the report waits at the authority: [DB.Waiting] counts it and
// [DB.Reroute] finds it.
func (t *tx) toAuthority(dir law.Directory, report string, l letter, at int64) (units []string, err error) {
	if dir, err = t.asFor(dir, report, l); err != nil {
		return nil, err
	}
	cite := t.d.Policy.Deadline(law.ForwardAuthority).Cite.String()
	x := delivery{report: report, level: law.Authority, letter: l}
	if x.barred, err = t.barred(report); err != nil {
		return nil, err
	}
	way, err := t.wayToday(dir, x)
	if err != nil {
		return nil, err
	}
	for _, s := range way {
		if !s.Climbed {
			s.Article = cite
		}
		n, err := t.deliver(report, s.stop, s.people, at)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			units = append(units, s.Unit)
		}
	}
	if len(way) > 0 {
		return units, nil
	}
	for _, p := range dir.Way(law.UnitID(l.Institution)) {
		if p.Level == law.Authority {
			_, err := t.deliver(report, stop{string(p.Unit), p.Level, cite, false}, nil, at)
			return nil, err
		}
	}
	return nil, nil
}

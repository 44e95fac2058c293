package db

import (
	"cmp"
	"fmt"
	"slices"
	"unicode/utf8"

	"liuhen/flows"
	"liuhen/flows/law"
)

// Limits of the room of those who keep files.
const (
	maxDue      = 50 // cases of one proposal
	maxDisposed = 10 // disposals that are shown
)

// deedBody is the sealed part of a deed: its words, everything that stands in the clear beside it, and which rows it took the keys of.
type deedBody struct {
	Deed  law.Deed    `json:"deed"`
	At    int64       `json:"at"` // milliseconds
	Words string      `json:"words"`
	Gone  [][2]string `json:"gone,omitempty"` // table and row
}

// deed is one thing done about the keeping of cases, with the names of those concerned.
type deed struct {
	law.Deed
	at       int64
	by, unit string // names
}

// deeds are all deeds about the cases of one institution, or of all those below an organ, in the order in which they were done.
func (t *tx) deeds(unit string) ([]deed, error) {
	found, err := rows(t, func(d *deed) []any {
		return []any{&d.ID, &d.Kind, &d.Deed.Unit, &d.By, &d.About, &d.at, &d.by, &d.unit}
	},
		`SELECT d.id, d.kind, d.unit, d.person, d.about, d.at_ms, p.name, u.name FROM deeds d JOIN persons p ON p.id = d.person
		JOIN units u ON u.id = d.unit WHERE EXISTS (SELECT 1 FROM deed_cases x JOIN cases c ON c.id = x.case_id JOIN units i ON i.id = c.institution
		WHERE x.deed = d.id AND (i.id = $1 OR i.parent = $1)) ORDER BY d.at_ms, d.id`, unit)
	if err != nil {
		return nil, err
	}
	for i := range found {
		if found[i].Cases, err = texts(t, "SELECT case_id FROM deed_cases WHERE deed = $1 ORDER BY case_id", found[i].ID); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func plainDeeds(list []deed) []law.Deed {
	out := make([]law.Deed, len(list))
	for i, d := range list {
		out[i] = d.Deed
	}
	return out
}

// custody is what a member may do about the cases of their unit, or of the institutions below it.
func custody(places []law.Member, unit string) []law.DeedKind {
	var out []law.DeedKind
	for _, m := range places {
		if string(m.Unit) != unit {
			continue
		}
		for _, k := range append(law.KeepsFiles(m, m.Unit, ""), law.KeepsFiles(m, "", m.Unit)...) {
			if !slices.Contains(out, k) {
				out = append(out, k)
			}
		}
	}
	return out
}

// theirs are the deeds that a unit knows of. An institution is shown its own holds alone: that an organ holds one of its cases
// could tell it that somebody reported there (design.md 5).
func theirs(all []deed, unit string) []deed {
	own := map[string]bool{}
	for _, d := range all {
		own[d.ID] = string(d.Deed.Unit) == unit || d.Kind == law.Propose || d.Kind == law.Agree || d.Kind == law.Refuse
	}
	return slices.DeleteFunc(slices.Clone(all), func(d deed) bool { return !own[d.ID] || d.Kind == law.Release && !own[d.About] })
}

// keeping lays the room of those who keep files.
func (t *tx) keeping(g *grant, desk *flows.Desk) error {
	unit := desk.Me.Institution
	may := custody(g.places, unit)
	if len(may) == 0 {
		return nil
	}
	all, err := t.deeds(unit)
	if err != nil {
		return err
	}
	above := slices.Contains(may, law.Agree) || !slices.ContainsFunc(g.places, func(m law.Member) bool { return m.Has(law.Archivist) || m.Has(law.Head) })
	if !above {
		all = theirs(all, unit)
	}
	room := keepingRoom{tx: t, g: g, desk: desk, all: all, plain: plainDeeds(all), unit: unit}
	desk.Keeping = &flows.Keeping{May: may}
	for _, fill := range []func() error{room.holds, room.disposals, room.due, room.search} {
		if err := fill(); err != nil {
			return err
		}
	}
	return nil
}

// keepingRoom is the room under way.
type keepingRoom struct {
	*tx
	g     *grant
	desk  *flows.Desk
	all   []deed
	plain []law.Deed
	unit  string
}

func (r *keepingRoom) holds() error {
	for _, d := range slices.Backward(r.all) {
		if d.Kind != law.Hold || len(law.Held(r.plain, d.Cases[0])) == 0 || !slices.ContainsFunc(law.Held(r.plain, d.Cases[0]), func(h law.Deed) bool { return h.ID == d.ID }) {
			continue
		}
		kept, err := r.keptCases("c.id = $1", d.Cases[0])
		if err != nil {
			return err
		}
		words, err := r.words(d)
		if err != nil {
			return err
		}
		for _, c := range kept {
			r.desk.Keeping.Held = append(r.desk.Keeping.Held, flows.Held{
				ID: d.ID, Case: c, By: d.by, Unit: d.unit, On: r.d.day(r.d.local(d.at)), Words: words, Mine: string(d.Deed.Unit) == r.unit,
			})
		}
	}
	return nil
}

func (r *keepingRoom) disposals() error {
	for _, d := range r.all {
		if d.Kind != law.Propose {
			continue
		}
		x := flows.Disposal{ID: d.ID, By: d.by, On: r.d.day(r.d.local(d.at)), Mine: string(d.By) == r.g.person}
		var err error
		if x.Words, err = r.words(d); err != nil {
			return err
		}
		if x.Cases, err = r.keptCases("EXISTS (SELECT 1 FROM deed_cases x WHERE x.case_id = c.id AND x.deed = $1)", d.ID); err != nil {
			return err
		}
		i := slices.IndexFunc(r.all, func(a deed) bool { return a.About == d.ID })
		if i < 0 {
			r.desk.Keeping.Open = append(r.desk.Keeping.Open, x)
			continue
		}
		a := r.all[i]
		if x.Answered, x.AnswerOn = a.by, r.d.day(r.d.local(a.at)); a.Kind != law.Agree {
			continue
		}
		if x.Answer, err = r.words(a); err != nil {
			return err
		}
		r.desk.Keeping.Done = append([]flows.Disposal{x}, r.desk.Keeping.Done...)
	}
	r.desk.Keeping.Done = r.desk.Keeping.Done[:min(len(r.desk.Keeping.Done), maxDisposed)]
	return nil
}

// due lists the cases whose retention is over, for those who may propose.
func (r *keepingRoom) due() error {
	if !slices.Contains(r.desk.Keeping.May, law.Propose) {
		return nil
	}
	years := r.d.Policy.Deadline(law.Retention).N
	last := r.d.today().AddMonths(-12 * years)
	kept, err := r.keptCases(`c.institution = $1 AND c.closed <> '' AND c.closed <= $2 AND NOT EXISTS (SELECT 1 FROM deed_cases x JOIN deeds d ON d.id = x.deed
		WHERE x.case_id = c.id AND d.kind = 'propose' AND NOT EXISTS (SELECT 1 FROM deeds a WHERE a.about = d.id AND a.kind = 'refuse'))`, r.unit, last.String())
	for _, c := range kept {
		if len(r.desk.Keeping.Due) < maxDue && law.Disposable(r.d.Policy, r.d.Calendar, c.Closed, r.plain, c.ID, r.d.today()) {
			r.desk.Keeping.Due = append(r.desk.Keeping.Due, c)
		}
	}
	return err
}

// search finds the case whose number was written.
func (r *keepingRoom) search() (err error) {
	if r.g.where.Place != flows.AtKeeping || r.g.where.Subject == "" {
		return nil
	}
	r.desk.Keeping.Searched = true
	r.desk.Keeping.Found, err = r.keptCases("c.match_key = $1 AND (u.id = $2 OR u.parent = $2)", r.d.MatchKey(r.g.where.Subject), r.unit)
	return err
}

func (t *tx) keptCases(where string, args ...any) ([]flows.KeptCase, error) {
	type row struct {
		flows.KeptCase
		closed string
	}
	found, err := rows(t, func(r *row) []any { return []any{&r.ID, &r.Number, &r.Institution, &r.closed} },
		"SELECT c.id, c.number, u.name, c.closed FROM cases c JOIN units u ON u.id = c.institution WHERE "+where+" ORDER BY c.closed, c.number, c.id", args...)
	out := make([]flows.KeptCase, 0, len(found))
	for _, r := range found {
		r.Closed = date(r.closed)
		r.Until = law.KeptUntil(t.d.Policy, t.d.Calendar, r.Closed)
		out = append(out, r.KeptCase)
	}
	return out, err
}

func (r *keepingRoom) words(d deed) (string, error) {
	b, err := r.deedBody(r.g.with(d.ID), d.ID)
	return b.Words, err
}

func (t *tx) deedBody(p pass, id string) (b deedBody, err error) {
	var body []byte
	if _, err := t.one([]any{&body}, "SELECT body FROM deeds WHERE id = $1", id); err != nil {
		return b, err
	}
	return b, t.unseal(p, body, &b, "deeds", id, "body")
}

// keepFiles does something about the keeping of cases. A deed of that ID that is there already stands.
func (w *work) keepFiles(e flows.Keep) error {
	d := e.Deed
	no := func(why string) error { return &denial{action: string(law.KeepFiles), subject: d.ID, why: why} }
	var by string
	if there, err := w.one([]any{&by}, "SELECT person FROM deeds WHERE id = $1", d.ID); err != nil || there {
		if err == nil && by != w.c.Person {
			err = no(notTheirs)
		}
		return err
	}
	g, err := w.authorize(w.c, ask{action: law.KeepFiles, subject: d.ID, unit: string(d.Unit), whose: string(d.By), event: w.event, at: w.at})
	if err != nil {
		return err
	}
	if err := w.oneKeeper(); err != nil {
		return err
	}
	if n := utf8.RuneCountInString(e.Words); d.ID == "" || n == 0 || n > actWords || !slices.Contains(custody(g.places, string(d.Unit)), d.Kind) {
		return no("not a deed for them")
	}
	if why, err := w.deedNow(d); err != nil || why != "" {
		return cmp.Or(err, error(no(why)))
	}
	if len(d.Cases) == 0 { // those of what it is about
		if d.Cases, err = texts(w.tx, "SELECT case_id FROM deed_cases WHERE deed = $1 ORDER BY case_id", d.About); err != nil {
			return err
		}
	}
	body := deedBody{Deed: d, At: w.at.UnixMilli(), Words: e.Words}
	if d.Kind == law.Agree {
		if body.Gone, err = w.dispose(d.About); err != nil {
			return fmt.Errorf("dispose of the cases of %s: %w", d.About, err)
		}
	}
	return w.insertDeed(d, body)
}

// oneKeeper makes deeds wait for each other; SQLite has one writer anyway.
func (t *tx) oneKeeper() error {
	if t.d.engine != postgresEngine {
		return nil
	}
	_, err := t.exec("SELECT pg_advisory_xact_lock(7305162)")
	return err
}

// deedNow is why a deed cannot be done as things stand, "" for no reason.
func (w *work) deedNow(d law.Deed) (why string, err error) {
	all, err := w.deeds(string(d.Unit))
	if err != nil {
		return "", err
	}
	plain := plainDeeds(all)
	switch d.Kind {
	case law.Release:
		return when(!law.MayRelease(plain, d.About, d.Unit), "no such hold of theirs"), nil
	case law.Agree, law.Refuse:
		if !law.MayAnswer(plain, d.About, d.By) {
			return "no such proposal for them", nil
		}
		i := slices.IndexFunc(plain, func(x law.Deed) bool { return x.ID == d.About })
		if d.Kind == law.Agree {
			return w.notDisposable(plain, plain[i].Cases, "u.parent = $2", string(d.Unit))
		}
		return "", nil
	case law.Propose:
		if len(d.Cases) == 0 || len(d.Cases) > maxDue {
			return "not a list of cases", nil
		}
		return w.notDisposable(plainDeeds(theirs(all, string(d.Unit))), d.Cases, "u.id = $2", string(d.Unit))
	case law.Hold:
		kept, err := w.keptCases("c.id = $1 AND (u.id = $2 OR u.parent = $2)", first(d.Cases), string(d.Unit))
		return when(len(d.Cases) != 1 || len(kept) != 1, "not a case of theirs"), err
	}
	return "no such kind", nil
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// notDisposable is why not all of these cases may be disposed of today.
func (w *work) notDisposable(deeds []law.Deed, cases []string, where, unit string) (string, error) {
	for _, id := range cases {
		kept, err := w.keptCases("c.id = $1 AND "+where, id, unit)
		if err != nil {
			return "", err
		}
		if len(kept) != 1 || !law.Disposable(w.d.Policy, w.d.Calendar, kept[0].Closed, deeds, id, w.d.today()) {
			return "a case is held, or its retention is not over", nil
		}
	}
	return "", nil
}

func (w *work) insertDeed(d law.Deed, body deedBody) error {
	sealed, err := w.seal(body, "deeds", d.ID, "body")
	if err != nil {
		return err
	}
	if _, err := w.exec("INSERT INTO deeds (id, kind, unit, person, about, at_ms, body) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		d.ID, string(d.Kind), string(d.Unit), string(d.By), d.About, w.at.UnixMilli(), sealed); err != nil {
		return err
	}
	content, err := w.open(toVerify, d.ID, sealed, "deeds", d.ID, "body")
	if err != nil {
		return err
	}
	w.witness(leafDeed, d.ID, content)
	for _, c := range d.Cases {
		if _, err := w.exec("INSERT INTO deed_cases (deed, case_id) VALUES ($1, $2)", d.ID, c); err != nil {
			return err
		}
	}
	return nil
}

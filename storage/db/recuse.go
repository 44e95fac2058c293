package db

import (
	"fmt"
	"slices"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
)

// bar says that somebody may not have a report any more (R6.4). It is sealed as a whole: the row tells only that there is one.
type bar struct {
	Report string `json:"report"`
	Person string `json:"person"`
}

// barred are those who recused themselves from a report or were excluded from it. There are few bars in all: they are read once.
func (t *tx) barred(report string) ([]string, error) {
	if t.bars != nil {
		return t.bars[report], nil
	}
	type row struct {
		id   string
		head []byte
	}
	found, err := rows(t, func(r *row) []any { return []any{&r.id, &r.head} }, "SELECT id, head FROM bars ORDER BY id")
	if err != nil {
		return nil, err
	}
	if err := fetchKeys(t, "bars", found, func(r row) string { return r.id }); err != nil {
		return nil, err
	}
	bars := map[string][]string{}
	for _, r := range found {
		var b bar
		if err := t.unseal(toDecide, r.head, &b, "bars", r.id, "head"); err != nil {
			return nil, err
		}
		bars[b.Report] = append(bars[b.Report], b.Person)
	}
	t.bars = bars
	return bars[report], nil
}

// keepBar bars somebody from a report, from this moment on and for ever.
func (t *tx) keepBar(report, person string) error {
	id := t.d.derivedID("bar", report, person)
	head, err := t.seal(bar{report, person}, "bars", id, "head")
	if err != nil {
		return err
	}
	t.bars = nil
	n, err := t.exec("INSERT INTO bars (id, head) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING", id, head)
	if err != nil || n == 0 {
		return err
	}
	content, err := t.open(toVerify, id, head, "bars", id, "head")
	t.witness(leafBar, id, content)
	return err
}

// stepAside: a handler recuses themselves, or excludes another one. Whoever is barred sees nothing more of it; it goes on to a
// colleague with everything done so far, or climbs (R5.5).
func (w *work) stepAside(g *grant, a record.Act) error {
	no := func(why string) error { return w.refuse(g, a, why) }
	if g.delivery == nil {
		return no("not a recipient at that unit")
	}
	whom := w.c.Person
	if a.Kind == law.Exclude {
		others, err := w.excludable(g)
		if err != nil {
			return err
		}
		if a.Whom == nil || !slices.ContainsFunc(others, func(h flows.Handler) bool { return h.ID == a.Whom.ID }) {
			return no("may not exclude that person")
		}
		whom = a.Whom.ID
	}
	if why := w.d.flaw(a, &matter{}); why != "" {
		return no(why)
	}
	if err := w.keepAct(a, false); err != nil {
		return fmt.Errorf("act %s: %w", a.ID, err)
	}
	if err := w.keepBar(a.Report, whom); err != nil {
		return err
	}
	return w.handOn(a, g.letter)
}

// excludable are those who hold a report besides the caller and whom the caller may exclude from it.
func (t *tx) excludable(g *grant) ([]flows.Handler, error) {
	person, x := g.person, g.delivery
	places, err := t.places(person)
	if err != nil {
		return nil, err
	}
	by := slices.IndexFunc(places, func(m law.Member) bool { return string(m.Unit) == x.unit })
	if by < 0 {
		return nil, nil
	}
	type row struct{ id, name, unit, unitName, level string }
	found, err := rows(t, func(r *row) []any { return []any{&r.id, &r.name, &r.unit, &r.unitName, &r.level} },
		`SELECT p.id, p.name, u.id, u.name, s.level FROM deliveries d JOIN stops s ON s.report = d.report AND s.unit = d.unit
		JOIN persons p ON p.id = d.person JOIN units u ON u.id = d.unit WHERE d.report = $1 AND d.person <> $2
		ORDER BY u.name, u.id, p.name, p.id`, x.report, person)
	var out []flows.Handler
	for _, r := range found {
		level, _ := law.ParseLevel(r.level)
		if !law.MayExclude(places[by], x.level, law.UnitID(r.unit), level) || slices.ContainsFunc(out, func(h flows.Handler) bool { return h.ID == r.id }) {
			continue
		}
		held, err := t.inHandAt(r.id, x.report, r.unit)
		if err != nil {
			return nil, err
		}
		if held != nil {
			out = append(out, flows.Handler{Person: record.Person{ID: r.id, Name: r.name}, Unit: r.unitName})
		}
	}
	return out, err
}

// handOn finds others for every stop that was left without anybody, and brings a report to the organ above when nobody but the
// one who excluded is left: nobody buries a report by excluding everybody. When nobody at all may read it, that is told.
func (w *work) handOn(a record.Act, l letter) error {
	dir, err := w.directory()
	if err != nil {
		return err
	}
	type row struct{ unit, level string }
	stops, err := rows(w.tx, func(r *row) []any { return []any{&r.unit, &r.level} }, "SELECT unit, level FROM stops WHERE report = $1 ORDER BY made_ms, unit", a.Report)
	if err != nil {
		return err
	}
	for _, s := range stops {
		x := delivery{report: a.Report, unit: s.unit, letter: l}
		x.level, _ = law.ParseLevel(s.level)
		if x.barred, err = w.barred(a.Report); err != nil {
			return err
		}
		if err := w.relieve(dir, x, a); err != nil {
			return err
		}
	}
	readable, err := w.readable(dir, a.Report, l)
	if err != nil || readable {
		return err
	}
	return w.hold(a.Report, l, w.d.now())
}

func (w *work) relieve(dir law.Directory, x delivery, a record.Act) error {
	mine, err := w.asFor(dir, x.report, x.letter)
	if err != nil {
		return err
	}
	received, err := w.canReceive(mine, x)
	if err != nil {
		return err
	}
	if received && (a.Kind != law.Exclude || x.unit != a.Unit) {
		return nil
	}
	if received { // is anybody left besides the one who excluded?
		alone := x
		alone.barred = append(slices.Clone(x.barred), a.By.ID)
		others, err := w.canReceive(mine, alone)
		if err != nil || others {
			return err
		}
		for i := range mine.Members {
			mine.Members[i].Barred = mine.Members[i].Barred || string(mine.Members[i].Unit) == x.unit
		}
	}
	_, err = w.redirect(mine, x)
	return err
}

// readable reports whether anybody may read a report today.
func (t *tx) readable(dir law.Directory, report string, l letter) (bool, error) {
	barred, err := t.barred(report)
	if err != nil {
		return false, err
	}
	type row struct{ person, unit, level string }
	found, err := rows(t, func(r *row) []any { return []any{&r.person, &r.unit, &r.level} },
		`SELECT d.person, d.unit, s.level FROM deliveries d JOIN stops s ON s.report = d.report AND s.unit = d.unit WHERE d.report = $1`, report)
	for _, r := range found {
		x := delivery{report: report, unit: r.unit, letter: l, barred: barred}
		x.level, _ = law.ParseLevel(r.level)
		if eligible(placesIn(dir, law.PersonID(r.person)), x) {
			return true, err
		}
	}
	return false, err
}

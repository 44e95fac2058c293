package db

import (
	"context"
	"maps"
	"slices"
	"sync"

	"liuhen/flows"
	"liuhen/flows/law"
)

// recipientRoles are the roles that can receive a report at any level, as stored; [eligible] says which at which.
var recipientRoles = []string{receiving[0].String(), receiving[1].String(), receiving[2].String(), receiving[3].String(), receiving[4].String()}

// receiving are the roles that can receive a report at any level.
var receiving = []law.Role{law.Receiver, law.Head, law.Officer, law.OfficerLead, law.PartyLead}

// pending is a stop that nobody who still has a role there has opened, or a report without any stop.
type pending struct {
	report string
	unit   string
	level  string
	body   []byte
	waits  bool // it was to come here, and nobody could have it
}

// Reroute looks for reports that no one at a level can receive any more, because people left, changed or cannot be reached,
// and passes them to whom the law names today: at the same level, or one level up (R5.5). A report that passed the
// institution by never comes back to it. It says for how many stops somebody new was found; doing it again changes nothing. Once a day it also
// takes the rungs of the ladder that have come for what is overdue (Arts. 6, 7).
func (d *DB) Reroute(ctx context.Context) (moved int, err error) {
	today, held := d.today(), false
	err = d.write(ctx, "reroute reports", func(t *tx) error {
		if held, err = t.quarantined(); err != nil || held {
			return err
		}
		if moved, err = t.reroute(); err != nil || d.climbed.on(today) {
			return err
		}
		if err := t.putAway("1 = 1"); err != nil { // those to people who left, and those of earlier releases
			return err
		}
		n, err := t.escalate()
		moved += n
		return err
	})
	if err == nil && !held { // a restored past that is held back climbs on the day it is released
		d.climbed.note(today)
	}
	return moved, err
}

func (t *tx) reroute() (moved int, err error) {
	if err := t.lendReports(); err != nil {
		return 0, err
	}
	open, err := t.pendingStops()
	if err != nil || len(open) == 0 {
		return 0, err
	}
	dir, err := t.directory()
	if err != nil {
		return 0, err
	}
	if err := fetchKeys(t, "reports", open, func(p pending) string { return p.report }); err != nil {
		return 0, err
	}
	for _, p := range open {
		n, err := t.rerouteStop(dir, p)
		if err != nil {
			return 0, err
		}
		moved += n
	}
	return moved, nil
}

// lastDay is the last day on which this process went through all of something.
type lastDay struct {
	mu  sync.Mutex
	day law.Date
}

func (l *lastDay) on(day law.Date) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.day == day
}

func (l *lastDay) note(day law.Date) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.day = day
}

// sure narrows deliveries d to people who surely may still have what was delivered to them, as far as the tables tell: they hold
// a recipient's role there for themselves, $1 to $5, and belong nowhere else. Whoever is not among them is looked at closely.
const sure = ` JOIN roles o ON o.person = d.person AND o.unit = d.unit AND o.until_ms IS NULL AND o.role IN ($1, $2, $3, $4, $5)
	AND NOT EXISTS (SELECT 1 FROM roles e WHERE e.person = d.person AND e.unit <> d.unit AND e.until_ms IS NULL) `

// pendingStops are the stops that may be left without a reader: those that nobody surely eligible has opened, and those of
// reports from which somebody is barred.
func (t *tx) pendingStops() ([]pending, error) {
	held, args, err := t.withBars("s.report")
	if err != nil {
		return nil, err
	}
	return rows(t, func(p *pending) []any { return []any{&p.report, &p.unit, &p.level, &p.body, &p.waits} },
		`SELECT s.report, s.unit, s.level, r.body, NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.report = s.report AND d.unit = s.unit)
		FROM stops s JOIN reports r ON r.id = s.report WHERE NOT EXISTS (SELECT 1 FROM deliveries d`+sure+`
			WHERE d.report = s.report AND d.unit = s.unit AND d.opened_ms IS NOT NULL)`+held+`
		UNION ALL SELECT r.id, '', '', r.body, 1 = 1 FROM reports r WHERE NOT EXISTS (SELECT 1 FROM stops s WHERE s.report = r.id) AND `+notGoneReport+`
		ORDER BY 1, 2`, args...)
}

// withBars widens a condition to the reports from which somebody is barred; the arguments are those of [sure] and its own.
func (t *tx) withBars(column string) (or string, args []any, err error) {
	if _, err := t.barred(""); err != nil {
		return "", nil, err
	}
	args = anys(recipientRoles)
	if reports := slices.Sorted(maps.Keys(t.bars)); len(reports) > 0 {
		or, args = " OR "+column+" IN "+list(len(args)+1, len(reports)), append(args, anys(reports)...)
	}
	return or, args, nil
}

// rerouteStop finds new recipients for one stop; 1 when it found any.
func (t *tx) rerouteStop(dir law.Directory, p pending) (int, error) {
	var l letter
	if err := t.unseal(toRoute, p.body, &l, "reports", p.report, "body"); err != nil {
		return 0, err
	}
	dir, err := t.asFor(dir, p.report, l)
	if err != nil {
		return 0, err
	}
	x := delivery{report: p.report, unit: p.unit, letter: l}
	x.level, _ = law.ParseLevel(p.level)
	if x.barred, err = t.barred(p.report); err != nil {
		return 0, err
	}
	received, err := t.canReceive(dir, x)
	if err != nil || received {
		return 0, err
	}
	if p.waits { // wherever it goes is news to its signer
		x.unit = ""
	}
	return t.redirect(dir, x)
}

// asFor is the register as it matters for one report: those whom it could not be delivered to cannot be reached, those excluded
// without having interfered have no place, and who is barred lends nothing to a deputy.
func (t *tx) asFor(dir law.Directory, report string, l letter) (law.Directory, error) {
	failed, err := texts(t, "SELECT person FROM outbox WHERE kind = 'report' AND ref = $1 AND state = 'failed'", report)
	if err != nil {
		return dir, err
	}
	barred, err := t.barred(report)
	if err != nil {
		return dir, err
	}
	members := slices.Clone(dir.Members)
	for i := range members {
		m := &members[i]
		id := string(m.ID)
		m.Bound = m.Bound && !slices.Contains(failed, id)
		m.Left = m.Left || slices.Contains(l.Excluded, id) && !slices.Contains(l.Implicated, id)
		m.Barred = slices.Contains(barred, id)
		m.Acting = slices.DeleteFunc(slices.Clone(m.Acting), func(a law.Acting) bool {
			return slices.Contains(barred, string(a.For)) || slices.Contains(l.Excluded, string(a.For))
		})
	}
	return law.Directory{Units: dir.Units, Members: members}, nil
}

// canReceive reports whether somebody the report was delivered to at its stop may still have it, and has opened it or can be
// reached.
func (t *tx) canReceive(dir law.Directory, x delivery) (bool, error) {
	type row struct {
		person string
		opened bool
	}
	people, err := rows(t, func(r *row) []any { return []any{&r.person, &r.opened} },
		"SELECT person, opened_ms IS NOT NULL FROM deliveries WHERE report = $1 AND unit = $2", x.report, x.unit)
	for _, p := range people {
		places := placesIn(dir, law.PersonID(p.person))
		if len(places) > 0 && (places[0].Bound || p.opened) && eligible(places, x) {
			return true, err
		}
	}
	return false, err
}

func placesIn(dir law.Directory, p law.PersonID) []law.Member {
	var out []law.Member
	for _, m := range dir.Members {
		if m.ID == p {
			out = append(out, m)
		}
	}
	return out
}

// halt is a stop with those who receive there today.
type halt struct {
	stop
	people []string
}

// wayToday is where the law sends a report today, from the level of x upwards, for those who may have it (I7).
func (t *tx) wayToday(dir law.Directory, x delivery) (out []halt, err error) {
	channel := law.ToAuthority
	if x.level == law.Institution || x.level == law.PartyOrganisation {
		channel = law.ToInstitution
	}
	policy, institution, signer := law.Policy{Name: x.letter.Policy}, law.UnitID(x.letter.Institution), law.PersonID(x.letter.Signer)
	var stops []law.Stop
	switch {
	case t.elsewhere(dir, x):
		m, err := t.matter(toRoute, x.report, x.letter)
		if err != nil {
			return nil, err
		}
		if to, ok := t.handedTo(dir, x, flows.Unlisted(m.record)); ok {
			out = append(out, to.halt)
		}
		return out, nil
	case x.letter.Party:
		if s, ok := law.RouteParty(policy, dir, institution, law.Facts{}, persons(x.letter.Implicated), signer, channel); ok {
			stops = append(stops, s)
		}
	default:
		stops = law.Route(policy, dir, institution, law.Facts{}, persons(x.letter.Implicated), signer, channel).Stops
	}
	for _, s := range stops {
		s.Cite.Reading = "" // a reading's number means nothing to a reporter
		h := halt{stop: stop{string(s.Unit), s.Level, s.Cite.String(), s.Climbed}}
		for _, p := range s.Recipients {
			at := x
			at.unit, at.level = string(s.Unit), s.Level
			if eligible(placesIn(dir, p), at) {
				h.people = append(h.people, string(p))
			}
		}
		if len(h.people) > 0 {
			out = append(out, h)
		}
	}
	return out, nil
}

// elsewhere reports whether a stop is at an organ that does not supervise the institution: the report was handed there (Art. 8 (二)).
func (t *tx) elsewhere(dir law.Directory, x delivery) bool {
	return x.unit != "" && !slices.ContainsFunc(dir.Way(law.UnitID(x.letter.Institution)), func(p law.Place) bool { return string(p.Unit) == x.unit })
}

// redirect delivers to whom the law names today.
func (t *tx) redirect(dir law.Directory, x delivery) (int, error) {
	fresh := 0
	way, err := t.wayToday(dir, x)
	if err != nil {
		return 0, err
	}
	for _, h := range way {
		n, err := t.deliver(x.report, h.stop, h.people, t.d.now())
		if err != nil {
			return 0, err
		}
		if n > 0 {
			fresh++
			if err := t.noteMove("reroute", x, h.Unit); err != nil {
				return 0, err
			}
		}
	}
	return min(fresh, 1), nil
}

// noteMove writes down where a report went and tells its signer when that is another unit.
func (t *tx) noteMove(action string, x delivery, unit string) error {
	id := key(action, x.report, unit, number(t.d.now()))
	if err := t.audit(id, t.d.Clock(), "", action, x.report, true, unit); err != nil || unit == x.unit {
		return err
	}
	ref := x.letter.newsRef(x.report)
	return t.post(key(string(Moved), ref, unit), x.letter.Signer, Moved, ref, t.d.now())
}

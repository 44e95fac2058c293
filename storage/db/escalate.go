package db

import (
	"maps"
	"slices"

	"liuhen/flows"
	"liuhen/flows/law"
)

// shortest is how many milliseconds pass at least before anything about a report can be overdue: what is younger need not be
// opened to know.
func (d *DB) shortest() int64 {
	const day = 24 * 60 * 60 * 1000
	n := d.Policy.Deadline(law.Acknowledge).N
	for _, duty := range []law.Duty{law.ForwardAuthority, law.InstitutionDecide, law.CategoriseDuty, law.Handling, law.PartyDuty} {
		n = min(n, d.Policy.Deadline(duty).N)
	}
	return int64(n) * day
}

// escalate lets those have overdue reports whom the ladder names besides (Arts. 6, 7), each rung once, and says how many reports
// somebody new got. Rungs come with the day: a day is gone through once.
func (t *tx) escalate() (moved int, err error) {
	open, err := t.openReports(toRoute, t.d.now()-t.d.shortest())
	if err != nil || len(open) == 0 {
		return 0, err
	}
	dir, err := t.directory()
	if err != nil {
		return 0, err
	}
	all, err := t.matters(toRoute, open)
	if err != nil {
		return 0, err
	}
	for _, id := range slices.Sorted(maps.Keys(open)) {
		if len(t.rungs(all[id])) == 0 {
			continue
		}
		n, err := t.climb(dir, id, open[id])
		if err != nil {
			return 0, err
		}
		moved += n
	}
	return moved, nil
}

func (t *tx) rungs(m *matter) []law.Rung {
	return law.Rungs(t.d.Policy, t.d.Calendar, m.Matter, t.d.today())
}

// climb takes the rungs that have come for one report; 1 when somebody new got it. Somebody may have acted meanwhile: what is
// overdue is asked again when nobody else can act.
func (t *tx) climb(dir law.Directory, report string, l letter) (int, error) {
	if err := t.inLine(report); err != nil {
		return 0, err
	}
	m, err := t.matter(toRoute, report, l)
	if err != nil {
		return 0, err
	}
	if dir, err = t.asFor(dir, report, l); err != nil {
		return 0, err
	}
	fresh := 0
	for _, r := range t.rungs(m) {
		s, people, err := t.onRung(dir, report, l, m, r)
		if err != nil {
			return 0, err
		}
		if s.Unit == "" {
			continue
		}
		id, taken := key("escalate", report, string(r.Unit), string(r.Step)), 0
		if _, err := t.one([]any{&taken}, "SELECT COUNT(*) FROM audit WHERE id = $1", id); err != nil {
			return 0, err
		}
		if taken > 0 { // each rung once
			continue
		}
		if err := t.audit(id, t.d.Clock(), "", "escalate", report, true, s.Unit); err != nil {
			return 0, err
		}
		if _, err := t.deliver(report, s, people, t.d.now()); err != nil {
			return 0, err
		}
		if len(people) == 0 {
			continue
		}
		fresh = 1
		if err := t.post(key(string(Moved), l.Record, s.Unit, string(r.Step)), l.Signer, Moved, l.Record, t.d.now()); err != nil {
			return 0, err
		}
	}
	return fresh, nil
}

// onRung is who is to have a report at a rung and has not: people, or, where nobody above an institution may have it, the
// authority without anybody, so that [DB.Waiting] counts it and [DB.Reroute] finds it. Without a unit there is nothing to do.
func (t *tx) onRung(dir law.Directory, report string, l letter, m *matter, r law.Rung) (stop, []string, error) {
	s, ok := law.Raise(dir, law.UnitID(l.Institution), law.Facts{}, persons(l.Implicated), law.PersonID(l.Signer), l.channel(), r)
	if !ok {
		if r.To == law.NextOrgan && r.Level == law.Institution && !l.Bypasses {
			return t.waitingRoom(dir, l, r), nil, nil
		}
		return stop{}, nil, nil
	}
	has := slices.ContainsFunc(m.Arrivals, func(a law.Arrival) bool { return a.Unit == s.Unit })
	if r.To == law.NextOrgan && has {
		return stop{}, nil, nil
	}
	already, err := texts(t, "SELECT person FROM deliveries WHERE report = $1", report)
	if err != nil {
		return stop{}, nil, err
	}
	at := delivery{report: report, unit: string(s.Unit), level: s.Level, letter: l}
	var people []string
	var meant []law.PersonID
	if t.elsewhere(dir, at) { // who came there since may be whom the report means
		meant = law.Namesakes(dir, s.Unit, flows.Unlisted(m.record))
	}
	for _, p := range s.Recipients {
		if eligible(placesIn(dir, p), at) && !slices.Contains(already, string(p)) && !slices.Contains(meant, p) {
			people = append(people, string(p))
		}
	}
	if len(people) == 0 {
		return stop{}, nil, nil
	}
	s.Cite.Reading = "" // a reading's number means nothing to a reporter
	return stop{string(s.Unit), s.Level, s.Cite.String(), s.Climbed}, people, nil
}

// waitingRoom is the authority as a stop where nobody can receive yet.
func (t *tx) waitingRoom(dir law.Directory, l letter, r law.Rung) stop {
	for _, p := range dir.Way(law.UnitID(l.Institution)) {
		if p.Level == law.Authority {
			r.Cite.Reading = ""
			return stop{string(p.Unit), p.Level, r.Cite.String(), false}
		}
	}
	return stop{}
}

// channel is the one a report took, as far as its way up goes.
func (l letter) channel() law.Channel {
	if l.Bypasses {
		return law.ToAuthority
	}
	return law.ToInstitution
}

func persons(ids []string) []law.PersonID {
	out := make([]law.PersonID, len(ids))
	for i, p := range ids {
		out[i] = law.PersonID(p)
	}
	return out
}

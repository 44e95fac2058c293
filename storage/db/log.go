package db

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
)

const (
	logBatch = 500    // rows looked at in one go
	logScan  = 20_000 // rows looked at for one page
)

// holdsAt are the units in which somebody holds a role.
func holdsAt(places []law.Member, role law.Role) (units []string) {
	for _, m := range places {
		if m.Has(role) && !slices.Contains(units, string(m.Unit)) {
			units = append(units, string(m.Unit))
		}
	}
	return units
}

// openLog puts a page of the log of access of the caller's units onto the desk (R10.4).
func (t *tx) openLog(desk *flows.Desk, c Caller, w Where) error {
	places, err := t.places(c.Person)
	if err != nil {
		return err
	}
	asked := holdsAt(places, law.Confidant)
	if len(asked) == 0 {
		asked = []string{desk.Me.Institution} // to be refused, and noted
	}
	l := &logPage{tx: t, refused: w.Subject == flows.LogRefused, letters: map[string]*letter{}, zone: t.d.Zone}
	for _, unit := range asked {
		g, err := t.authorize(c, ask{action: law.ReadLog, subject: unit, event: w.Event, at: desk.Now})
		if errors.Is(err, ErrDenied) {
			continue
		}
		if err != nil {
			return err
		}
		l.grant = g
		l.units = append(l.units, unit)
	}
	if len(l.units) == 0 {
		return nil
	}
	page := min(max(w.Page, 0), 1000)
	lines, err := l.lines((page+1)*flows.LogPageSize + 1)
	if err != nil {
		return err
	}
	from := min(page*flows.LogPageSize, len(lines))
	to := min(from+flows.LogPageSize, len(lines))
	desk.Log = &flows.Log{Lines: lines[from:to], Refused: l.refused, Page: page, More: to < len(lines)}
	return nil
}

// logPage is one reading of the log.
type logPage struct {
	*tx
	grant   *grant
	units   []string
	refused bool // only what was refused
	letters map[string]*letter
	zone    *time.Location
}

// logged is one row of the log before it is decided whether its reader sees it.
type logged struct {
	at                                int64
	id, caller, name, action, subject string
	allowed                           bool
	why                               string
	body                              []byte // of an act
}

const (
	readLines = `SELECT l.at_ms, l.id, a.caller, COALESCE(p.name, ''), a.action, a.subject, a.allowed, a.why, CAST(NULL AS BYTEA)
		FROM logged l JOIN audit a ON a.id = l.id LEFT JOIN persons p ON p.id = a.caller WHERE l.unit IN `
	actLines = ` UNION ALL SELECT x.at_ms, x.id, '', '', 'act', x.report, 1 = 1, '', x.body
		FROM acts x JOIN stops s ON s.report = x.report WHERE s.unit IN `
)

// lines are the first n lines, newest first. What somebody did several times within one minute is one line.
func (l *logPage) lines(n int) (out []flows.LogLine, err error) {
	in := list(1, len(l.units))
	q := readLines + in
	if l.refused {
		q += " AND NOT a.allowed"
	} else {
		q += actLines + in
	}
	var group []flows.LogLine
	seen := map[string]bool{}
	var minute time.Time
	flush := func() {
		slices.SortFunc(group, func(a, b flows.LogLine) int {
			return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Action, b.Action), cmp.Compare(a.By, b.By))
		})
		out, group, seen = append(out, group...), nil, map[string]bool{}
	}
	for offset := 0; offset < logScan && len(out) < n; offset += logBatch {
		found, err := l.batch(q, offset)
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			line, key, err := l.line(r)
			if err != nil {
				return nil, err
			}
			if !line.At.Equal(minute) && line.Name != "" {
				flush()
				minute = line.At
			}
			if line.Name != "" && !seen[key] {
				seen[key] = true
				group = append(group, line)
			}
		}
		if len(found) < logBatch {
			break
		}
	}
	flush()
	return out[:min(n, len(out))], nil
}

func (l *logPage) batch(q string, offset int) ([]logged, error) {
	args := append(anys(l.units), logBatch, offset)
	k := len(l.units)
	return rows(l.tx, func(r *logged) []any {
		return []any{&r.at, &r.id, &r.caller, &r.name, &r.action, &r.subject, &r.allowed, &r.why, &r.body}
	}, q+" ORDER BY 1 DESC, 2 DESC LIMIT "+list(k+1, 1)+" OFFSET "+list(k+2, 1), args...)
}

// line is a row as its reader may see it, with its key within the minute; without a name for one they may not see, and for their
// own looking at the log.
func (l *logPage) line(r logged) (flows.LogLine, string, error) {
	hidden, err := l.hides(r)
	if err != nil || hidden || r.action == string(law.ReadLog) && r.caller == l.grant.person && r.allowed {
		return flows.LogLine{}, "", err
	}
	if r.body != nil {
		a, err := l.openAct(toDecide, r.id, r.subject, r.body)
		if err != nil || !slices.Contains(l.units, a.Unit) {
			return flows.LogLine{}, "", err
		}
		r.caller, r.name, r.why = a.By.ID, a.By.Name, law.AsRecipient.String()
	}
	by, _ := law.ParseRelation(r.why)
	at := time.UnixMilli(r.at).In(l.zone).Truncate(time.Minute)
	return flows.LogLine{At: at, Name: r.name, Action: law.Action(r.action), By: by, Allowed: r.allowed},
		key(r.caller, r.action, r.subject, r.why), nil
}

// hides reports whether the reader of the log must not see a row: it concerns a report from which they are excluded or barred, or their
// own, or one that passes by the institution whose log it is. What somebody tried who never had the report is shown whatever
// it was they tried, so that the log does not tell what is there.
func (l *logPage) hides(r logged) (bool, error) {
	report, _, _ := strings.Cut(r.subject, "/")
	x, known := l.letters[report]
	if !known {
		y, found, err := l.letterOf(toDecide, report)
		if err != nil {
			return false, err
		}
		if found {
			x = &y
		} else if gone, err := l.isGone("reports", report); err != nil || gone {
			return true, err // nobody can tell any more who must not see it
		}
		l.letters[report] = x
	}
	if x == nil {
		return false, nil
	}
	barred, err := l.barred(report)
	if err != nil {
		return false, err
	}
	passes := x.Bypasses && slices.Contains(l.units, x.Institution)
	if !passes && x.Signer != l.grant.person && !slices.Contains(slices.Concat(barred, x.Excluded), l.grant.person) {
		return false, nil
	}
	if r.allowed {
		return true, nil
	}
	had, err := l.everHad(r.caller, report)
	return had, err
}

// everHad reports whether a report was ever delivered to somebody.
func (t *tx) everHad(person, report string) (bool, error) {
	var n int
	_, err := t.one([]any{&n}, "SELECT COUNT(*) FROM deliveries WHERE person = $1 AND report = $2", person, report)
	return n > 0, err
}

package flows

import (
	"slices"
	"strings"
	"time"

	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

// Deputising is an appointment being prepared: first whom, then the days.
type Deputising struct {
	Person string   `json:"person,omitempty"`
	From   law.Date `json:"from,omitzero"`
	Until  law.Date `json:"until,omitzero"`
}

// mayDeputise reports whether the caller may appoint somebody: they hold a role by which reports are received.
func (d Desk) mayDeputise() bool {
	return slices.ContainsFunc(d.Directory.Members, func(m law.Member) bool {
		return string(m.ID) == d.Me.ID && string(m.Unit) == d.Me.Institution && m.Receives()
	})
}

// colleagues are those of the caller's unit who can be reached, by name.
func (d Desk) colleagues() []law.Member {
	var out []law.Member
	for _, m := range d.Directory.In(law.UnitID(d.Me.Institution)) {
		if !m.Left && m.Bound && string(m.ID) != d.Me.ID {
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b law.Member) int { return byName(person(a), person(b)) })
	return out
}

// deputise leads through an appointment: whom, which days, certain? A press in the wrong order changes nothing.
func (t *step) deputise(a Tap) {
	switch {
	case t.Place != AtDeputy || !t.desk.mayDeputise():
		t.hint(text.HintOldButton)
	case a.Verb == DoDeputy && slices.ContainsFunc(t.desk.colleagues(), func(m law.Member) bool { return string(m.ID) == a.Arg }):
		t.Deputy = &Deputising{Person: a.Arg}
		t.Turn++
	case a.Verb == DoDays && t.Deputy != nil:
		today := law.DateOf(t.desk.Now)
		t.span(today, today.AddDays(min(atoi(a.Arg), law.LongestSubstitute)))
	default:
		t.hint(text.HintOldButton)
	}
}

// days takes the days of an appointment as they are written.
func (t *step) days(words string) {
	from, until, ok := parseSpan(words, law.DateOf(t.desk.Now))
	if !ok {
		t.hint(text.HintDeputyDays)
		return
	}
	t.span(from, until)
}

func (t *step) span(from, until law.Date) {
	d := *t.Deputy
	d.From, d.Until = from, until
	if why := law.MayAppoint(t.desk.Directory, t.substitute(d), t.mine(), law.DateOf(t.desk.Now)); why != 0 {
		t.hint(refusalKey(why))
		return
	}
	t.Deputy = &d
	t.Turn++
}

func refusalKey(why law.Refusal) text.Key {
	switch why {
	case law.WrongDays:
		return text.HintDeputyDays
	case law.AppointedTwice:
		return text.HintDeputyTwice
	default:
		return text.HintDeputyNobody
	}
}

func (t *step) substitute(d Deputising) law.Substitute {
	return law.Substitute{
		ID: t.event.Fresh, Unit: law.UnitID(t.desk.Me.Institution), Principal: law.PersonID(t.desk.Me.ID), Deputy: law.PersonID(d.Person),
		From: d.From, Until: d.Until,
	}
}

// mine are the caller's own appointments.
func (t *step) mine() []law.Substitute {
	return slices.DeleteFunc(slices.Clone(t.desk.Substitutes), func(s law.Substitute) bool { return string(s.Principal) != t.desk.Me.ID })
}

// appoint makes the deputy that was prepared.
func (t *step) appoint(a Tap) {
	if t.stale(a) {
		return
	}
	s := t.substitute(*t.Deputy)
	if why := law.MayAppoint(t.desk.Directory, s, t.mine(), law.DateOf(t.desk.Now)); why != 0 {
		t.Deputy = nil
		t.alert(refusalKey(why))
		return
	}
	t.do(Appoint{Substitute: s})
	t.walk(AtPeople)
	t.hint(text.HintDeputyMade)
}

// dismiss ends an appointment of the caller's.
func (t *step) dismiss(id string) {
	if !slices.ContainsFunc(t.mine(), func(s law.Substitute) bool { return s.ID == id }) {
		t.hint(text.HintOldButton)
		return
	}
	t.do(Dismiss{ID: id})
	t.alert(text.HintDeputyEnded)
}

// confirm answers whether the caller still receives reports. A repeated press, and one that nobody asked for, change nothing.
func (t *step) confirm(a Tap) {
	ask := t.desk.Ask
	switch {
	case ask == nil || string(ask.Unit) != a.Arg || ask.Denied && !a.On:
		t.hint(text.HintOldButton)
	case a.On:
		t.do(Confirm{Unit: a.Arg, Still: true})
		t.alert(text.HintStill)
	default:
		t.do(Confirm{Unit: a.Arg})
		t.alert(text.HintNoMore)
	}
}

// parseSpan reads the days of an appointment: two days, or one for "from today until". A day without a year is the next such day.
func parseSpan(words string, today law.Date) (from, until law.Date, ok bool) {
	words = strings.NewReplacer(text.SpanMarks...).Replace(narrow(strings.ToLower(strings.TrimSpace(words))))
	var days []law.Date
	for _, part := range strings.FieldsFunc(words, func(r rune) bool { return r == '|' }) {
		d, ok := comingDay(strings.TrimSpace(part), today)
		if !ok {
			return law.Date{}, law.Date{}, false
		}
		days = append(days, d)
	}
	switch len(days) {
	case 1:
		return today, days[0], true
	case 2:
		return days[0], days[1], true
	}
	return law.Date{}, law.Date{}, false
}

func comingDay(words string, today law.Date) (law.Date, bool) {
	for i, w := range []string{text.Today, text.Tomorrow, text.DayAfter} {
		if words == w {
			return today.AddDays(i), true
		}
	}
	nums, between := numbers(words)
	var d law.Date
	switch {
	case len(nums) == 3 && len(nums[0]) == 4 && dateMark(between[0]) && dateMark(between[1]):
		d = civil(atoi(nums[0]), atoi(nums[1]), atoi(nums[2]))
	case len(nums) == 1 && len(nums[0]) == 8:
		d = civil(atoi(nums[0][:4]), atoi(nums[0][4:6]), atoi(nums[0][6:]))
	case len(nums) == 2 && len(nums[0]) <= 2 && dateMark(between[0]):
		d = civil(today.Y, atoi(nums[0]), atoi(nums[1]))
		if !d.IsZero() && d.Before(today) {
			d = civil(today.Y+1, atoi(nums[0]), atoi(nums[1]))
		}
	}
	return d, !d.IsZero()
}

// civil is that day, zero when there is no such day.
func civil(y, m, d int) law.Date {
	day := law.DateOf(time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC))
	if day.Y != y || int(day.M) != m || day.D != d {
		return law.Date{}
	}
	return day
}

func person(m law.Member) record.Person { return record.Person{ID: string(m.ID), Name: m.Name} }

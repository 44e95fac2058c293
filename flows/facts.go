package flows

import (
	"cmp"
	"slices"
	"strings"

	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

// facts turns the answers of a draft into the facts that Arts. 5 and 6 ask for, completed from the register. What is
// unclear counts as the worse case wherever a person could otherwise receive a report about themselves.
func facts(x *Sheet, d Desk) law.Facts {
	if x.Answers.One(form.Outcome) != form.Event {
		return law.Facts{}
	}
	return law.Complete(d.Directory, law.UnitID(d.Me.Institution), stated(x.Answers), implicated(x))
}

func answer(a form.Answers, id form.ItemID) law.Answer {
	switch a.One(id) {
	case form.Yes:
		return law.Yes
	case form.No:
		return law.No
	case form.Unsure:
		return law.Unsure
	}
	return law.NotAsked
}

// worse reads an answer as the case against which secrecy must hold.
func worse(o form.OptionID) bool { return o == form.Yes || o == form.Unsure }

func isHead(m law.Member, d Desk) bool {
	return string(m.Unit) == d.Me.Institution && m.Has(law.Head)
}

// implicated are the registered people whom the draft names.
func implicated(x *Sheet) []law.PersonID {
	var out []law.PersonID
	for _, from := range []struct {
		box  form.OptionID
		list form.ItemID
	}{{form.Insider, form.Insiders}, {form.Official, form.Officers}} {
		for _, o := range x.Answers[from.list].Boxes {
			if x.Answers.Has(form.Interferers, from.box) && o != form.OptionUnlisted {
				out = append(out, law.PersonID(o))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// offer keeps the question of the channel (Art. 5) in step with the facts: asked only where the reporter has a choice,
// with the direct way chosen beforehand, and asked anew whenever the facts change.
func (t *step) offer(before law.Facts) {
	if t.Sheet == nil {
		return
	}
	now := facts(t.Sheet, t.desk)
	allowed, first, _ := law.Channels(t.desk.Policy, now)
	_, have := t.Sheet.Answers[form.Channel]
	switch {
	case len(allowed) < 2:
		delete(t.Sheet.Answers, form.Channel)
	case !have || now != before:
		t.set(form.Channel, form.Answer{Boxes: []form.OptionID{channelOption(first)}})
	}
}

var channelOptions = map[law.Channel]form.OptionID{
	law.ToAuthority: form.Direct, law.ToInstitution: form.Institution, law.ToBoth: form.Both,
}

func channelOption(c law.Channel) form.OptionID { return channelOptions[c] }

// chosen is the channel of a draft: what the reporter chose, or 0 where there was nothing to choose.
func chosen(x *Sheet) law.Channel {
	for c, o := range channelOptions {
		if x.Answers.One(form.Channel) == o {
			return c
		}
	}
	return 0
}

// routing is the way of a draft's report as the law has it today.
func routing(x *Sheet, d Desk) record.Report {
	f := facts(x, d)
	out := record.Report{Policy: d.Policy.Name, Head: f.HeadImplicated, Lead: f.LeadImplicated}
	r := law.Route(d.Policy, d.Directory, law.UnitID(d.Me.Institution), f, implicated(x), law.PersonID(d.Me.ID), chosen(x))
	for _, s := range r.Stops {
		out.Stops = append(out.Stops, stopOf(d, s))
	}
	if f.Party == law.Yes {
		if s, ok := law.RouteParty(d.Policy, d.Directory, law.UnitID(d.Me.Institution), f, implicated(x), law.PersonID(d.Me.ID), chosen(x)); ok {
			out.Party = append(out.Party, stopOf(d, s))
		}
	}
	for _, e := range r.Excluded {
		who := record.Person{ID: string(e.Person), Name: personName(d, e.Person)}
		out.Excluded = append(out.Excluded, record.Excluded{Person: who, Why: e.Reason.String()})
	}
	slices.SortFunc(out.Excluded, func(a, b record.Excluded) int { return byName(a.Person, b.Person) })
	out.Held = r.Held
	return out
}

func stopOf(d Desk, s law.Stop) record.Stop {
	s.Cite.Reading = "" // a reading's number means nothing to a reporter
	stop := record.Stop{Unit: string(s.Unit), UnitName: unitName(d, s.Unit), Article: s.Cite.String(), Climbed: s.Why != 0}
	for _, p := range s.Recipients {
		stop.Recipients = append(stop.Recipients, record.Person{ID: string(p), Name: personName(d, p)})
	}
	slices.SortFunc(stop.Recipients, byName)
	return stop
}

// byName orders people as they are read, so that a list never shows the order of its making.
func byName(a, b record.Person) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
}

func unitName(d Desk, id law.UnitID) string {
	u, _ := d.Directory.Unit(id)
	return u.Name
}

func personName(d Desk, id law.PersonID) string {
	for _, m := range d.Directory.Members {
		if m.ID == id {
			return m.Name
		}
	}
	return ""
}

// wayText tells the signer where the entry goes and where it does not (E7, E8).
func wayText(d Desk, x *Sheet) string {
	if x.Answers.One(form.Outcome) == form.None {
		return text.Say(d.Locale, text.WayZero)
	}
	way := routing(x, d)
	return wayLines(d, text.WayTo, &way, d.Me.Institution, facts(x, d).Party == law.Yes)
}

// wayOf is the way of an entry already signed.
func wayOf(d Desk, r record.Record) string {
	if r.Report == nil {
		return text.Say(d.Locale, text.WayZero)
	}
	return wayLines(d, text.WayWent, r.Report, r.Institution.ID, len(r.Report.Party) > 0)
}

func wayLines(d Desk, to text.Key, way *record.Report, institution string, party bool) string {
	say := func(k text.Key, args ...any) string { return text.Say(d.Locale, k, args...) }
	var lines []string
	house := false
	if way.Held {
		lines = append(lines, say(text.WayHeld))
	} else {
		lines = append(lines, say(to))
	}
	for _, s := range way.Stops {
		house = house || s.Unit == institution
		lines = append(lines, "· "+view{d: d}.stopLine(s))
		if s.Climbed {
			lines = append(lines, say(text.WayClimbed))
		}
	}
	if party {
		lines = append(lines, view{d: d}.partyWay(way, institution))
	}
	lines = append(lines, "", say(text.WayNot))
	for _, e := range way.Excluded {
		switch e.Why {
		case law.Bypassed.String(): // the institution as a whole stands below
		case law.LedByImplicated.String():
			lines = append(lines, say(text.WayNotLed, e.Name))
		default:
			lines = append(lines, say(text.WayNotNamed, e.Name))
		}
	}
	if !house {
		lines = append(lines, say(text.WayNotHouse))
	}
	return strings.Join(append(lines, say(text.WayNotSigners)), "\n")
}

// stopLine is one level a report goes to: unit, people, article.
func (v view) stopLine(s record.Stop) string {
	var names []string
	for _, p := range s.Recipients {
		names = append(names, p.Name)
	}
	return v.say(text.WayStop, s.UnitName, strings.Join(names, v.say(text.ListComma)), s.Article)
}

// partyWay tells the signer who gets the Party's own track (Art. 7 ¶2).
func (v view) partyWay(way *record.Report, institution string) string {
	if len(way.Party) == 0 {
		return v.say(text.WayPartyHeld)
	}
	s, k := way.Party[0], text.WayParty
	if s.Unit != institution {
		k = text.WayPartyOrgan
	}
	var names []string
	for _, p := range s.Recipients {
		names = append(names, p.Name)
	}
	return v.say(k, s.UnitName, strings.Join(names, v.say(text.ListComma)))
}

// options are the options of an item: its own, or the people of the register.
func options(x *Sheet, d Desk, it form.Item) []form.Option {
	if it.ID == form.Channel {
		return channels(x, d, it)
	}
	if it.From == form.Fixed {
		return it.Options
	}
	members := slices.Clone(d.Directory.Members)
	slices.SortStableFunc(members, func(a, b law.Member) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	var out []form.Option
	for _, m := range members {
		if m.Left || string(m.ID) == d.Me.ID || hasOptionID(out, form.OptionID(m.ID)) {
			continue
		}
		own := string(m.Unit) == d.Me.Institution
		switch {
		case it.From == form.Colleagues && own && isHead(m, d):
			name := m.Name + text.Say(d.Locale, text.InBrackets, text.Say(d.Locale, roleKey(law.Head)))
			out = append([]form.Option{{ID: form.OptionID(m.ID), Label: name}}, out...)
		case it.From == form.Colleagues && own:
			out = append(out, form.Option{ID: form.OptionID(m.ID), Label: m.Name})
		case it.From == form.Officials && !own && officer(m):
			name := m.Name + text.Say(d.Locale, text.InBrackets, unitName(d, m.Unit))
			out = append(out, form.Option{ID: form.OptionID(m.ID), Label: name})
		}
	}
	return append(out, form.Option{ID: form.OptionUnlisted, NeedsText: true})
}

// channels are the channels that the law allows on the draft's facts.
func channels(x *Sheet, d Desk, it form.Item) []form.Option {
	allowed, _, _ := law.Channels(d.Policy, facts(x, d))
	var out []form.Option
	for _, o := range it.Options {
		if slices.ContainsFunc(allowed, func(c law.Channel) bool { return channelOption(c) == o.ID }) {
			out = append(out, o)
		}
	}
	return out
}

func officer(m law.Member) bool {
	return m.Has(law.Officer) || m.Has(law.OfficerLead)
}

func hasOptionID(list []form.Option, id form.OptionID) bool {
	return slices.ContainsFunc(list, func(o form.Option) bool { return o.ID == id })
}

// offered reports whether o is an option of the item today.
func offered(x *Sheet, d Desk, it form.Item, o form.OptionID) bool {
	return hasOptionID(options(x, d, it), o)
}

package db

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"liuhen/flows/law"
	"liuhen/flows/record"
)

// measureWords is the length of any text in a measure, in characters, as the store takes it.
const measureWords = 4000

// measure keeps a measure under Art. 11 and lets those know whom it concerns. A measure of that ID that is there already stands.
// Only two can come here: an officer of the authority, and the person; nobody of an institution as such, and no job (R11.2).
func (w *work) measure(m record.Measure) error {
	if err := w.queue(m); err != nil {
		return err
	}
	if done, err := w.takenAlready(m); done || err != nil {
		return err
	}
	m.At = m.At.In(w.d.Zone)
	a := ask{action: law.TakeMeasure, subject: m.Proceeding, part: m.ID, whose: m.By.ID, measure: &m, event: w.event, at: w.at}
	g, err := w.authorize(w.c, a)
	if err != nil {
		return err
	}
	for _, check := range []func(*grant, record.Measure) (string, error){w.mayTake, w.mayOrder} {
		why, err := check(g, m)
		if err != nil {
			return err
		}
		if why != "" {
			no, err := w.refusal(w.c.Person, a, why)
			if err != nil {
				return err
			}
			return no
		}
	}
	if m.Nth = len(g.about.measures); m.Kind == law.OrderCorrection {
		m.Nth = 0
	}
	if err := w.keepMeasure(m); err != nil {
		return fmt.Errorf("measure %s: %w", m.ID, err)
	}
	return w.tellOf(m, g.about.order())
}

// queue makes whoever acts in the same proceeding, or orders something at the same authority, wait; SQLite has one writer anyway.
func (t *tx) queue(m record.Measure) error {
	if t.d.engine != postgresEngine {
		return nil
	}
	var id string
	q, of := "SELECT id FROM measures WHERE id = $1 FOR NO KEY UPDATE", m.Proceeding
	if m.Kind == law.OrderCorrection {
		q, of = "SELECT id FROM units WHERE id = $1 FOR NO KEY UPDATE", m.Unit
	}
	_, err := t.one([]any{&id}, q, of)
	return err
}

// takenAlready finds the measure of that ID; another's is refused.
func (w *work) takenAlready(m record.Measure) (bool, error) {
	var r measureRow
	found, err := w.one(r.fields(), "SELECT "+measureColumns+" FROM measures WHERE id = $1", m.ID)
	if err != nil || !found {
		return false, err
	}
	was, err := w.openMeasure(toDecide, r)
	if err == nil && was.By.ID != w.c.Person {
		err = &denial{action: string(law.ActOn), subject: m.ID, why: notTheirs, own: true}
	}
	return true, err
}

// mayTake: a party takes only what the law lets it take today, in its own proceeding.
func (w *work) mayTake(g *grant, m record.Measure) (why string, err error) {
	p, by, nth := g.about, law.Organ, 0
	if g.by == law.AsSubject {
		by = law.Subject
	}
	if m.Kind == law.Admonish {
		if nth, err = w.nth(g, p); err != nil {
			return "", err
		}
	}
	switch {
	case p.order().Unit != m.Unit || p.order().Subject != m.Subject:
		return "not of this proceeding", nil
	case m.Kind != law.OrderCorrection && !slices.Contains(p.MayTake(by, law.DateOf(m.At), nth), m.Kind):
		return "not now", nil
	}
	return measureFlaw(m), nil
}

// onPaper are the measures that are decisions with a number and a date of their own (R11.1).
var onPaper = []law.MeasureKind{law.EnterFile, law.WithdrawEntry, law.Admonish}

// measureFlaw is what a measure lacks, or has too much of, "" for nothing.
func measureFlaw(m record.Measure) string {
	paper, order := slices.Contains(onPaper, m.Kind), m.Kind == law.OrderCorrection
	_, badDate := law.ParseDate(m.Date)
	for _, s := range []string{m.Text, m.Evidence, m.Number} {
		if utf8.RuneCountInString(s) > measureWords {
			return "too many words"
		}
	}
	switch {
	case m.Text == "":
		return "without words"
	case paper && (m.Number == "" || badDate != nil):
		return "without number or date"
	case !paper && (m.Number != "" || m.Date != ""):
		return "more than belongs to it"
	case order && (m.Evidence == "" || m.Proceeding != m.ID):
		return "without evidence, or in another proceeding"
	case !order && (m.Ground != "" || m.Counts || m.Evidence != "" || m.Report != "" || m.Due != "" || m.Defence != "" || m.Case != record.Case{} || m.Institution != record.Person{}):
		return "more than belongs to it"
	}
	return ""
}

// mayOrder: of somebody of an institution that the authority supervises, on a ground that can apply to them, with dates; where
// a case or a report is named, it must be theirs, and not the person's own report (Art. 9).
func (w *work) mayOrder(g *grant, m record.Measure) (why string, err error) {
	if m.Kind != law.OrderCorrection {
		return "", nil
	}
	found, err := w.candidates(m.Unit, "p.id = $2 AND u.id = $3", m.Subject.ID, m.Institution.ID)
	if err != nil || len(found) != 1 || found[0].Who != m.Subject || found[0].Institution != m.Institution {
		return "not somebody of an institution of this authority", err
	}
	ground, _ := law.ParseGround(m.Ground)
	due, _ := law.ParseDate(m.Due)
	defence, _ := law.ParseDate(m.Defence)
	switch {
	case !slices.Contains(found[0].Grounds, ground) || m.Counts && !ground.Marked():
		return "the ground cannot apply", nil
	case !law.Sets(w.d.Policy, w.d.Calendar, law.DateOf(m.At), due, defence):
		return "the dates are not those the law sets", nil
	}
	if m.Report != "" {
		l, found, err := w.letterOf(toDecide, m.Report)
		switch {
		case err != nil || !found || l.Signer == m.Subject.ID:
			return "the report is the person's own, or gone", err
		case l.Complaint && (!ground.Retaliates() || m.Counts):
			return "retaliation is another ground", nil
		}
	}
	return w.mayNameCase(g, m)
}

// mayNameCase: the case must be one the person signs for there, and not be the matter of another proceeding that still counts.
func (w *work) mayNameCase(g *grant, m record.Measure) (why string, err error) {
	if m.Case == (record.Case{}) {
		return "", nil
	}
	var number string
	signs, err := w.one([]any{&number}, `SELECT c.number FROM cases c JOIN signers s ON s.case_id = c.id
		WHERE c.id = $1 AND c.institution = $2 AND s.person = $3`, m.Case.ID, m.Institution.ID, m.Subject.ID)
	if err != nil || !signs || number != m.Case.Number {
		return "not a case of the person's", err
	}
	all, err := w.overseen(g, "subject = $1", w.d.mark(m.Subject.ID))
	if err != nil {
		return "", err
	}
	for _, p := range all {
		open := p.Stage == law.Ordered || p.Stage == law.Entered
		if open && p.order().Case.ID == m.Case.ID && p.order().Ground == m.Ground {
			return "there is a proceeding about this already", nil
		}
	}
	return "", nil
}

// keepMeasure writes the measure down. Its audit row, which authorize made, names neither its kind nor who took it: that is sealed with it.
func (w *work) keepMeasure(m record.Measure) error {
	canonical, err := m.Canonical()
	if err != nil {
		return err
	}
	if _, err := record.ParseMeasure(canonical); err != nil || m.ID == "" {
		return fmt.Errorf("it would not be readable: %w", err)
	}
	body, err := w.sealBytes(pad(canonical, bodyBlock), "measures", m.ID, "body")
	if err != nil {
		return err
	}
	if _, err := w.exec("INSERT INTO measures (id, proceeding, unit, nth, subject, at_ms, body) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		m.ID, m.Proceeding, m.Unit, m.Nth, w.d.mark(m.Subject.ID), m.At.UnixMilli(), body); err != nil {
		return err
	}
	w.witness(leafMeasure, m.ID, canonical)
	return nil
}

// tellOf: what the authority does is told to the person, what the person says to the officers who may see it.
func (w *work) tellOf(m, o record.Measure) error {
	people := []string{m.Subject.ID}
	if m.By.ID == m.Subject.ID {
		found, err := texts(w.tx, "SELECT DISTINCT person FROM roles WHERE unit = $1 AND until_ms IS NULL AND role IN ($2, $3) ORDER BY person",
			m.Unit, law.Officer.String(), law.OfficerLead.String())
		if err != nil {
			return err
		}
		people = found
	}
	ref := w.d.noticeRef(m.Proceeding)
	for _, to := range people {
		yes, err := w.concerned(to, o)
		if err != nil {
			return err
		}
		if !yes {
			continue
		}
		if err := w.post(key(string(Word), w.d.noticeRef(m.ID), to), to, Word, ref, w.at.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

// concerned reports whether somebody is the person, or an officer who may see the proceeding today.
func (t *tx) concerned(person string, o record.Measure) (bool, error) {
	if person == o.Subject.ID {
		return true, nil
	}
	places, err := t.places(person)
	if err != nil {
		return false, err
	}
	return t.oversees(person, places, o)
}

// hears reports whether a word with that reference is about a proceeding that concerns somebody today.
func (t *tx) hears(person, ref string) (bool, error) {
	all, err := t.proceedings(toRoute, `subject = $1 OR unit IN (SELECT unit FROM roles WHERE person = $2 AND until_ms IS NULL)`, t.d.mark(person), person)
	if err != nil {
		return false, err
	}
	for _, p := range all {
		if t.d.noticeRef(p.order().ID) == ref {
			return t.concerned(person, p.order())
		}
	}
	return false, nil
}

package db

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"liuhen/flows"
	"liuhen/flows/law"
)

// absenceBody is the sealed part of something done about a 缺签说明: the words, and everything that stands in the clear beside it.
type absenceBody struct {
	Deed  law.AbsenceDeed `json:"deed"`
	At    int64           `json:"at"` // milliseconds
	Words string          `json:"words"`
}

// unexplained leaves out signers about whom a 缺签说明 stands. Whoever has filed is not asked about any more, so that it ends by itself.
const unexplained = ` AND NOT EXISTS (SELECT 1 FROM absences g WHERE g.case_id = s.case_id AND g.signer = s.person AND g.kind = 'agree'
	AND NOT EXISTS (SELECT 1 FROM absences e WHERE e.about = g.about AND e.kind = 'withdraw')) `

// absenceDeeds are those about a signer of a case, in the order in which they were done, without reasons and sides.
func (t *tx) absenceDeeds(caseID, signer string) ([]law.AbsenceDeed, error) {
	return rows(t, func(d *law.AbsenceDeed) []any {
		return []any{&d.ID, &d.Kind, &d.Unit, &d.By, &d.About, &d.Case, &d.Signer}
	}, "SELECT id, kind, unit, person, about, case_id, signer FROM absences WHERE case_id = $1 AND signer = $2 ORDER BY at_ms, id", caseID, signer)
}

func (t *tx) absenceBody(p pass, id string) (b absenceBody, err error) {
	var body []byte
	if _, err := t.one([]any{&body}, "SELECT body FROM absences WHERE id = $1", id); err != nil {
		return b, err
	}
	return b, t.unseal(p, body, &b, "absences", id, "body")
}

// absentee is a signer of a case as the law asks about them, found false when they do not sign for it.
func (t *tx) absentee(caseID, signer string) (a law.Absentee, found bool, err error) {
	var closed string
	a.Person = law.PersonID(signer)
	found, err = t.one([]any{&a.Institution, &a.Authority, &closed, &a.Filed, &a.Gone, &a.Head},
		`SELECT c.institution, COALESCE(u.parent, ''), c.closed, s.filed_ms IS NOT NULL, p.left_ms IS NOT NULL, `+everHead+`
		FROM signers s JOIN cases c ON c.id = s.case_id JOIN units u ON u.id = c.institution JOIN persons p ON p.id = s.person
		WHERE s.case_id = $1 AND s.person = $2`, caseID, signer)
	if err != nil || !found {
		return a, false, err
	}
	a.Closed = date(closed)
	a.Colleagues, err = t.members("WHERE r.unit = $1", string(a.Institution))
	return a, true, err
}

// everHead is true of somebody who is, or was, a head of the institution of a case.
const everHead = "EXISTS (SELECT 1 FROM roles r WHERE r.person = p.id AND r.unit = c.institution AND r.role = 'head')"

// noteAbsence does something about a 缺签说明. A deed of that ID that is there already stands.
func (w *work) noteAbsence(e flows.NoteAbsence) error {
	d := e.Deed
	no := func(why string) error { return &denial{action: string(law.NoteAbsence), subject: d.ID, why: why} }
	var by string
	if there, err := w.one([]any{&by}, "SELECT person FROM absences WHERE id = $1", d.ID); err != nil || there {
		if err == nil && by != w.c.Person {
			err = no(notTheirs)
		}
		return err
	}
	g, err := w.authorize(w.c, ask{action: law.NoteAbsence, subject: d.ID, unit: string(d.Unit), whose: string(d.By), event: w.event, at: w.at})
	if err != nil {
		return err
	}
	if err := w.oneKeeper(); err != nil {
		return err
	}
	if n := utf8.RuneCountInString(e.Words); d.ID == "" || n > actWords || n == 0 && d.Kind != law.AgreeAbsence {
		return no("it is not whole")
	}
	a, open, err := w.aboutAbsence(&d)
	if err != nil {
		return err
	}
	speaks := slices.ContainsFunc(g.places, func(m law.Member) bool {
		return m.Unit == d.Unit && w.speaks(a, m, &d, open)
	})
	if !speaks {
		return no("not now, or not by them")
	}
	if err := w.insertAbsence(d, absenceBody{Deed: d, At: w.at.UnixMilli(), Words: e.Words}); err != nil {
		return err
	}
	return w.tellAbsence(a, d)
}

// aboutAbsence completes a deed by what it is about, and finds the proposal that is open or stands for the same signer of the case.
func (w *work) aboutAbsence(d *law.AbsenceDeed) (a law.Absentee, open absenceNow, err error) {
	if d.Kind != law.ProposeAbsence {
		b, err := w.proposal(d.About)
		if err != nil {
			return a, open, err
		}
		d.Case, d.Signer, d.Reason = b.Case, b.Signer, b.Reason
	}
	a, found, err := w.absentee(d.Case, string(d.Signer))
	if err != nil || !found {
		return a, open, err
	}
	deeds, err := w.absenceDeeds(d.Case, string(d.Signer))
	if err != nil {
		return a, open, err
	}
	open.AbsenceDeed, open.stage = law.Absent(deeds, d.Case, d.Signer)
	if open.stage != law.AbsenceOver {
		open.AbsenceDeed, err = w.proposal(open.ID) // with its side
	}
	return a, open, err
}

// absenceNow is the proposal about a signer that is open or stands.
type absenceNow struct {
	law.AbsenceDeed
	stage law.AbsenceStage
}

// proposal is a proposal with its side and its reason, zero when there is none of that ID.
func (t *tx) proposal(id string) (law.AbsenceDeed, error) {
	var there string
	found, err := t.one([]any{&there}, "SELECT id FROM absences WHERE id = $1 AND kind = 'propose'", id)
	if err != nil || !found {
		return law.AbsenceDeed{}, err
	}
	b, err := t.absenceBody(toDecide, id)
	return b.Deed, err
}

// speaks decides by the law whether a member may do that now, and for which side.
func (w *work) speaks(a law.Absentee, m law.Member, d *law.AbsenceDeed, open absenceNow) bool {
	reasons := a.Reasons(w.d.Policy, w.d.Calendar, w.d.day(w.at))
	switch d.Kind {
	case law.ProposeAbsence:
		d.Side = a.Proposes(m)
		return d.About == "" && open.stage == law.AbsenceOver && slices.Contains(reasons, d.Reason) && d.Side != ""
	case law.AgreeAbsence:
		d.Side = a.Answers(m, open.AbsenceDeed)
		return open.stage == law.AbsenceProposed && open.ID == d.About && slices.Contains(reasons, d.Reason) && d.Side != ""
	case law.RefuseAbsence:
		d.Side = a.Answers(m, open.AbsenceDeed)
		return open.stage == law.AbsenceProposed && open.ID == d.About && d.Side != ""
	case law.WithdrawAbsence:
		d.Side = ""
		return open.stage != law.AbsenceOver && open.ID == d.About && a.Withdraws(m)
	}
	return false
}

func (w *work) insertAbsence(d law.AbsenceDeed, body absenceBody) error {
	sealed, err := w.seal(body, "absences", d.ID, "body")
	if err != nil {
		return err
	}
	if _, err := w.exec("INSERT INTO absences (id, kind, unit, person, about, case_id, signer, at_ms, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		d.ID, string(d.Kind), string(d.Unit), string(d.By), d.About, d.Case, string(d.Signer), w.at.UnixMilli(), sealed); err != nil {
		return err
	}
	content, err := w.open(toVerify, d.ID, sealed, "absences", d.ID, "body")
	if err != nil {
		return fmt.Errorf("read what was just written about a missing signature: %w", err)
	}
	w.witness(leafAbsence, d.ID, content)
	return nil
}

// tellAbsence tells those who can answer a proposal that there is one, and the signer that one stands: constant words, which come
// whatever anybody has filed elsewhere.
func (w *work) tellAbsence(a law.Absentee, d law.AbsenceDeed) error {
	var to []string
	switch d.Kind {
	case law.ProposeAbsence:
		people := a.Colleagues
		if a.Authority != "" {
			above, err := w.members("WHERE r.unit = $1", string(a.Authority))
			if err != nil {
				return err
			}
			people = append(slices.Clone(people), above...)
		}
		for _, m := range people {
			if a.Answers(m, d) != "" && !slices.Contains(to, string(m.ID)) {
				to = append(to, string(m.ID))
			}
		}
	case law.AgreeAbsence:
		to = []string{string(d.Signer)}
	default:
	}
	for _, p := range to {
		ref := d.ID
		if d.About != "" {
			ref = d.About
		}
		if err := w.post(key(string(Absent), d.ID, p), p, Absent, ref, w.at.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

// mootAbsent: a word about a 缺签说明 is for its signer while it stands, and for those who can answer it while it is open.
func (j *judge) mootAbsent(m Message) (string, error) {
	p, err := j.proposal(m.Ref)
	if err != nil {
		return "", err
	}
	a, found, err := j.absentee(p.Case, string(p.Signer))
	if err != nil || !found || a.Filed {
		return when(err == nil, "nothing_owed"), err
	}
	deeds, err := j.absenceDeeds(p.Case, string(p.Signer))
	if err != nil {
		return "", err
	}
	places, err := j.places(m.Person)
	if err != nil {
		return "", err
	}
	stage := law.AbsenceOf(deeds, p.ID)
	mine := stage == law.AbsenceNoted && m.Person == string(p.Signer) || stage == law.AbsenceProposed &&
		slices.ContainsFunc(places, func(m law.Member) bool { return a.Answers(m, p) != "" })
	return when(!mine, "nothing_owed"), nil
}

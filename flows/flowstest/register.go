package flowstest

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/text"
)

// NewWorld reads people.csv and cases.csv of dir.
func NewWorld(dir string) (*World, error) {
	w := &World{now: Start, people: map[string]*player{}, said: map[law.PersonID]law.Tenure{}, Locale: text.ZhHans}
	rows, err := table(filepath.Join(dir, "people.csv"))
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		w.person(r)
	}
	if rows, err = table(filepath.Join(dir, "cases.csv")); err != nil {
		return nil, err
	}
	for _, r := range rows {
		w.kase(r)
	}
	return w, nil
}

func (w *World) kase(r []string) {
	accepted, _ := law.ParseDate(r[6])
	closed, _ := law.ParseDate(r[7])
	for i := range w.cases {
		if c := &w.cases[i]; c.Number == r[1] {
			w.resign(c, strings.Split(r[5], "、"))
			return
		}
	}
	c := flows.Case{ID: "c" + fmt.Sprint(len(w.cases)+1), Number: r[1], Matter: r[2], Client: r[3], ClientType: r[4], Closed: closed}
	w.cases = append(w.cases, worldCase{Case: c, signers: strings.Split(r[5], "、"), accepted: accepted})
}

func table(path string) ([][]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	return rows[1:], nil
}

var roleNames = map[string]law.Role{
	"鉴定人": law.Appraiser, "其他人员": law.Staff, "负责人": law.Head, "报告接收人": law.Receiver, "档案员": law.Archivist,
	"机关经办人": law.Officer, "机关负责人": law.OfficerLead, "党组织负责人": law.PartyLead, "保密员": law.Confidant,
}

func (w *World) person(r []string) {
	unit := func(name string, parent law.UnitID, kind law.Kind) law.UnitID {
		for i, u := range w.dir.Units {
			if u.Name == name {
				if parent != "" {
					w.dir.Units[i].Parent = parent
				}
				return u.ID
			}
		}
		u := law.Unit{ID: law.UnitID("u" + fmt.Sprint(len(w.dir.Units)+1)), Parent: parent, Kind: kind, Name: name}
		w.dir.Units = append(w.dir.Units, u)
		return u.ID
	}
	var up law.UnitID
	if r[1] != "" {
		up = unit(r[1], "", law.AuthorityUnit)
	}
	home, name := unit(r[0], up, law.AuthorityUnit), r[0]
	if r[2] != "" {
		home, name = unit(r[2], home, law.InstitutionUnit), r[2]
	}
	role := roleNames[r[4]]
	if p := w.people[r[3]]; p != nil { // one more role of the same person
		p.me.Roles = append(p.me.Roles, role)
		slices.SortFunc(p.me.Roles, func(a, b law.Role) int { return strings.Compare(a.String(), b.String()) })
		for i, m := range w.dir.Members {
			if string(m.ID) == p.me.ID {
				w.dir.Members[i].Roles = p.me.Roles
			}
		}
		return
	}
	id := "p" + fmt.Sprint(len(w.people)+1)
	w.people[r[3]] = &player{
		me:      flows.Me{ID: id, Name: r[3], Institution: string(home), UnitName: name, Roles: []law.Role{role}},
		licence: r[5], bound: true,
	}
	w.dir.Members = append(w.dir.Members, law.Member{ID: law.PersonID(id), Unit: home, Name: r[3], Roles: []law.Role{role}, Bound: true})
}

// endedRole is a role that a list said is over.
type endedRole struct {
	person string // ID
	role   law.Role
	at     time.Time
}

// Load implements Stage: cases that came since, and roles that people who are there got or lost.
func (w *World) Load(list string) error {
	rows, err := csv.NewReader(strings.NewReader(list)).ReadAll()
	if err != nil {
		return err
	}
	left := slices.Index(rows[0], string(text.ListLeft))
	for _, r := range rows[1:] {
		if left < 0 {
			w.kase(r)
			continue
		}
		switch p := w.people[r[3]]; { // the columns stand as in people.csv
		case p == nil:
			return fmt.Errorf("only people who are there get or lose a role: %v", r)
		case r[left] == "":
			w.person(r)
		default:
			w.endRole(p, roleNames[r[4]])
		}
	}
	return nil
}

// endRole: who is left without any has left.
func (w *World) endRole(p *player, role law.Role) {
	without := func(list []law.Role) []law.Role {
		return slices.DeleteFunc(slices.Clone(list), func(r law.Role) bool { return r == role })
	}
	if len(without(p.me.Roles)) == 0 {
		_ = w.Leave(p.me.Name) // who is there can go
		return
	}
	p.me.Roles = without(p.me.Roles)
	for i := range w.dir.Members {
		if m := &w.dir.Members[i]; string(m.ID) == p.me.ID {
			m.Roles = without(m.Roles)
		}
	}
	w.ended = append(w.ended, endedRole{p.me.ID, role, w.now})
}

// happened fills in what the register says happened to the reporter since, for an organ (R9.3).
func (w *World) happened(r *flows.Report, f filed) {
	signed := f.record.Signed
	for _, e := range w.ended {
		if e.person == f.record.Signer.ID && !e.at.Before(signed) {
			r.Changes = append(r.Changes, law.Change{On: law.DateOf(e.at), Role: e.role})
		}
	}
	if left := w.people[f.record.Signer.Name].left; !left.IsZero() {
		r.Changes = append(r.Changes, law.Change{On: law.DateOf(left)})
	}
	slices.SortStableFunc(r.Changes, law.SortChanges)
	from, on, since := law.ShareDays(law.DateOf(signed), law.DateOf(w.now))
	s := law.Share{Since: since}
	for _, c := range w.cases {
		own := 0
		if slices.Contains(c.signers, f.record.Signer.Name) {
			own = 1
		}
		switch {
		case !c.accepted.Before(since):
			s.After, s.OwnAfter = s.After+1, s.OwnAfter+own
		case !c.accepted.Before(from) && c.accepted.Before(on):
			s.Before, s.OwnBefore = s.Before+1, s.OwnBefore+own
		}
	}
	if at := w.people[f.record.Signer.Name]; s.Fell() && has(at, law.Appraiser) {
		r.Share = &s
	}
}

func (w *World) invite(p *player) *flows.Invite {
	proof := p.me.Name
	if n := len(p.licence); n >= 4 {
		proof = p.licence[n-4:]
	}
	return &flows.Invite{
		Person: p.me.ID, Name: p.me.Name, UnitName: p.me.UnitName, RoleNames: p.me.Roles,
		Licensed: p.licence != "", Expect: flows.InviteProof(proof),
	}
}

func (w *World) standing(c worldCase, id string) flows.Case {
	out := c.Case
	for _, f := range w.filed {
		if f.record.Case.ID == c.ID && f.record.Signer.ID == id {
			out.Filed = true
		}
	}
	if e := w.explained(c.ID, id); e != nil && !out.Filed {
		out.Absent = e.Reason
	} else if !out.Filed && !out.Closed.IsZero() && law.Owes(out.Closed) {
		out.Owed = true
		out.Due, _ = law.NewCalendar(nil).AddWorkdays(out.Closed, law.Policy{}.Deadline(law.ZeroDue).N)
	}
	return out
}

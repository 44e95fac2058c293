package law

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// roster is an institution with a head, an archivist and an appraiser, below an authority with an officer and a lead.
func roster(change ...func(map[string]*Member)) (inside []Member, all map[string]Member) {
	people := map[string]*Member{
		"head": {Unit: "i", Roles: []Role{Head}}, "clerk": {Unit: "i", Roles: []Role{Archivist}}, "signer": {Unit: "i", Roles: []Role{Appraiser}},
		"receiver": {Unit: "i", Roles: []Role{Receiver}}, "officer": {Unit: "city", Roles: []Role{Officer}}, "lead": {Unit: "city", Roles: []Role{OfficerLead}},
		"province": {Unit: "province", Roles: []Role{OfficerLead}}, "elsewhere": {Unit: "j", Roles: []Role{Head, Archivist}},
	}
	for _, c := range change {
		c(people)
	}
	all = map[string]Member{}
	for name, m := range people {
		m.ID = PersonID(name)
		all[name] = *m
		if m.Unit == "i" {
			inside = append(inside, *m)
		}
	}
	return inside, all
}

var rosterNames = []string{"head", "clerk", "signer", "receiver", "officer", "lead", "province", "elsewhere"}

// TestAbsence: who proposes, who answers, who withdraws, and which reasons there are: a lawyer reads the whole of it.
func TestAbsence(t *testing.T) {
	var b strings.Builder
	cal, today := NewCalendar(nil), date(t, "2026-11-24")
	b.WriteString("Reasons on Tuesday 2026-11-24: gone or still there, by the closing of the case\n")
	for _, closed := range []string{"", "2020-06-30", "2026-11-18", "2026-11-19", "2026-11-24", "2026-11-25"} {
		for _, gone := range []bool{false, true} {
			day, _ := ParseDate(closed)
			a := Absentee{Person: "signer", Institution: "i", Authority: "city", Gone: gone, Closed: day}
			fmt.Fprintf(&b, "  closed %-10s gone %-5v %v\n", closed, gone, a.Reasons(Policy{}, cal, today))
			if a.Filed = true; len(a.Reasons(Policy{}, cal, today)) > 0 {
				t.Errorf("an entry that is there can be missing: %+v", a)
			}
		}
	}
	for _, x := range []struct {
		title  string
		who    Absentee
		change func(map[string]*Member)
	}{
		{"An appraiser is missing", Absentee{Person: "signer"}, nil},
		{"The head is missing", Absentee{Person: "head", Head: true}, nil},
		{"The head is missing and has left; there is a new one", Absentee{Person: "former", Head: true, Gone: true}, nil},
		{"The archivist is missing", Absentee{Person: "clerk"}, nil},
		{"An appraiser is missing, the institution has no head", Absentee{Person: "signer"}, func(m map[string]*Member) { m["head"].Left = true }},
		{"An appraiser is missing, the head is the archivist as well", Absentee{Person: "signer"}, func(m map[string]*Member) {
			m["head"].Roles, m["clerk"].Roles = []Role{Head, Archivist}, []Role{Staff}
		}},
		{"An appraiser is missing, the head is away and has a deputy", Absentee{Person: "signer"}, func(m map[string]*Member) {
			m["receiver"].Acting = []Acting{{Head, "head"}}
		}},
		{"The head is missing and has a deputy", Absentee{Person: "head", Head: true}, func(m map[string]*Member) {
			m["receiver"].Acting = []Acting{{Head, "head"}}
		}},
	} {
		if x.change == nil {
			x.change = func(map[string]*Member) {}
		}
		a := x.who
		a.Institution, a.Authority = "i", "city"
		var all map[string]Member
		a.Colleagues, all = roster(x.change)
		b.WriteString("\n" + x.title + "\n")
		for _, name := range rosterNames {
			side := a.Proposes(all[name])
			if side == "" {
				continue
			}
			var second []string
			for _, other := range rosterNames {
				if s := a.Answers(all[other], AbsenceDeed{Side: side, By: PersonID(name)}); s != "" {
					second = append(second, fmt.Sprintf("%s (as %s)", other, s))
				}
			}
			fmt.Fprintf(&b, "  %s proposes (as %s); answers: %s\n", name, side, strings.Join(second, ", "))
		}
		var ends []string
		for _, name := range rosterNames {
			if a.Withdraws(all[name]) {
				ends = append(ends, name)
			}
		}
		fmt.Fprintf(&b, "  withdraw: %s\n", strings.Join(ends, ", "))
	}
	golden(t, "absence.txt", b.String())
	for _, r := range slices.Concat(sideTable, withdrawTable) {
		if !r.cite.InForce(Effective) {
			t.Errorf("%v cites nothing in force", r)
		}
	}
	for _, r := range reasonTable {
		if !r.cite.InForce(Effective) || reasonWords[r.reason] == "" || !r.gone && !r.present {
			t.Errorf("%v is no reason for anybody", r)
		}
	}
}

// TestAbsenceTakesTwo: whoever the people are, no two of whom it takes are one, nobody speaks about themselves, no subordinate of a
// head about the head, and nobody who has left speaks at all.
func TestAbsenceTakesTwo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var people []Member
		for i := range rapid.IntRange(1, 6).Draw(t, "people") {
			m := Member{ID: PersonID(fmt.Sprint("p", i)), Unit: rapid.SampledFrom([]UnitID{"i", "city", "j"}).Draw(t, "unit"), Left: rapid.IntRange(0, 4).Draw(t, "left") == 0}
			m.Roles = rapid.SliceOfN(rapid.SampledFrom([]Role{Appraiser, Head, Archivist, Officer, OfficerLead}), 1, 3).Draw(t, "roles")
			people = append(people, m)
		}
		missing := rapid.SampledFrom(people).Draw(t, "missing")
		a := Absentee{Person: missing.ID, Institution: "i", Authority: "city", Head: missing.Has(Head), Gone: missing.Left}
		for _, m := range people {
			if m.Unit == "i" {
				a.Colleagues = append(a.Colleagues, m)
			}
		}
		for _, m := range people {
			side := a.Proposes(m)
			if side == "" {
				continue
			}
			for _, n := range append(people, m) {
				s := a.Answers(n, AbsenceDeed{Side: side, By: m.ID})
				if s == "" {
					continue
				}
				if n.ID == m.ID || s == side || n.ID == a.Person || m.ID == a.Person || n.Left || m.Left {
					t.Fatalf("%+v as %s and %+v as %s speak about %s", m, side, n, s, a.Person)
				}
				for member, as := range map[*Member]Side{&m: side, &n: s} {
					if member.Unit != "i" && member.Unit != "city" || a.Head && as == HeadSide && member.Unit == "i" {
						t.Fatalf("%+v speaks as %s about %s", member, as, a.Person)
					}
				}
			}
		}
	})
}

// TestAbsenceStages plays random deeds against a model: a proposal is answered once, stands until it is withdrawn, and nothing
// brings it back, whatever the clock said when it was proposed.
func TestAbsenceStages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var deeds []AbsenceDeed
		want := map[string]AbsenceStage{}
		for i := range rapid.IntRange(1, 15).Draw(t, "n") {
			d := AbsenceDeed{ID: fmt.Sprint(i), Case: "c", Signer: "s", Kind: ProposeAbsence}
			if i > 0 && rapid.Bool().Draw(t, "answer") {
				d.Kind = rapid.SampledFrom([]AbsenceKind{AgreeAbsence, RefuseAbsence, WithdrawAbsence}).Draw(t, "kind")
				d.About = fmt.Sprint(rapid.IntRange(0, i-1).Draw(t, "about"))
			}
			deeds = append(deeds, d)
			stage := want[d.About]
			switch {
			case d.Kind == ProposeAbsence:
				want[d.ID] = AbsenceProposed
			case d.Kind == AgreeAbsence && stage == AbsenceProposed:
				want[d.About] = AbsenceNoted
			case d.Kind == RefuseAbsence && stage == AbsenceProposed, d.Kind == WithdrawAbsence && stage != AbsenceOver:
				want[d.About] = AbsenceOver
			}
			back := slices.Clone(deeds) // as a clock tells it that was set back meanwhile
			slices.SortStableFunc(back, func(a, b AbsenceDeed) int { return cmp.Compare(b.About, a.About) })
			for id, stage := range want {
				for _, order := range [][]AbsenceDeed{deeds, back} {
					if got := AbsenceOf(order, id); got != stage {
						t.Fatalf("%s is %v, want %v: %+v", id, got, stage, order)
					}
				}
			}
		}
	})
}

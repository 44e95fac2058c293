package law

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

var article8 = []Category{InternalDirect, JudicialOfficer, ClientOrgan, OtherOrgan, Individual}

// eachSet calls f with every set of categories of Art. 8.
func eachSet(f func([]Category)) {
	for bits := range 1 << len(article8) {
		var set []Category
		for i, c := range article8 {
			if bits&(1<<i) != 0 {
				set = append(set, c)
			}
		}
		f(set)
	}
}

// arrived is a matter that has reached one unit and, if it has categories, is taken up and categorised there.
func arrived(f Facts, kind string, l Level, set []Category) Matter {
	day := Date{2026, 11, 2}
	m := Matter{Facts: f, ClientKind: kind, Arrivals: []Arrival{{"u", l, day}}}
	if len(set) > 0 {
		m.Steps = []Step{{Kind: Accept, Unit: "u", On: day}, {Kind: Categorise, Unit: "u", On: day, Categories: set}}
	}
	return m
}

// owes names the tasks of a matter by duty and category, sorted.
func owes(m Matter) []string {
	var out []string
	for _, t := range Tasks(Policy{}, Calendar{}, m) {
		key := string(t.Duty)
		if t.Category != 0 {
			key += "/" + t.Category.String()
		}
		out = append(out, key)
	}
	slices.Sort(out)
	return out
}

// owesByRule states Art. 6 and Art. 8 a second time, without the table.
func owesByRule(f Facts, kind string, l Level, set []Category) []string {
	if l == Institution {
		out := []string{"acknowledge"}
		own := f.HeadImplicated || f.InternalImplicated
		if own {
			out = append(out, "institution_decide")
		}
		if !own || f.Superior || f.OfficerImplicated || f.LeadImplicated || f.Client || f.Litigant || f.Other {
			out = append(out, "forward_authority")
		}
		slices.Sort(out)
		return out
	}
	out := []string{"acknowledge", "categorise", "handling"}
	for _, c := range set {
		if c == InternalDirect || c == JudicialOfficer {
			out = append(out, "investigate/"+c.String())
		}
	}
	tell := (kind == "司法机关" || kind == "行政执法机关") && !f.Client && !slices.Contains(set, ClientOrgan)
	ask := !tell && !f.Client && !slices.Contains(set, ClientOrgan)
	for _, c := range set {
		switch c {
		case ClientOrgan, OtherOrgan:
			out = append(out, "letters/"+c.String())
		case Individual:
			if tell {
				out = append(out, "letters/"+c.String())
			}
		default:
		}
		if tell && slices.Contains([]Category{InternalDirect, JudicialOfficer, OtherOrgan}, c) {
			out = append(out, "tell_client/"+c.String())
		}
		if ask && c != ClientOrgan {
			out = append(out, "ask_client/"+c.String())
		}
	}
	slices.Sort(out)
	return out
}

// TestDutiesExhaustive goes through all facts at all levels: the duties are those of the rule, each cited and in force, and no
// row is dead.
func TestDutiesExhaustive(t *testing.T) {
	used := map[string]bool{}
	check := func(f Facts, kind string, l Level, set []Category) {
		m := arrived(f, kind, l, set)
		if got, want := owes(m), owesByRule(f, kind, l, set); !slices.Equal(got, want) {
			t.Fatalf("%+v, client %q, %s, %v: owes %v, want %v", f, kind, l, set, got, want)
		}
		for _, x := range Tasks(Policy{}, Calendar{}, m) {
			if x.Cite.Article == 0 || !x.Cite.InForce(Effective) || x.Due.IsZero() || x.Unit != "u" {
				t.Fatalf("%+v: not cited, not in force or without a day", x)
			}
			used[fmt.Sprint(m.Party, l == Institution, x.Duty, x.Category)] = true
		}
	}
	eachFacts(func(f Facts) {
		if f.Party != NotAsked { // checked not to matter below
			return
		}
		check(f, "司法机关", Institution, nil)
		check(f, "", SuperiorAuthority, nil)
	})
	for bits := range 4 {
		f := Facts{Client: bits&1 != 0, Other: bits&2 != 0}
		for _, kind := range clientTypes {
			for _, l := range []Level{Authority, SuperiorAuthority} {
				eachSet(func(set []Category) { check(f, kind, l, set) })
			}
		}
	}
	for _, l := range []Level{PartyOrganisation, Authority, SuperiorAuthority} {
		m := arrived(Facts{InternalImplicated: true, Client: true, Party: Yes}, "司法机关", l, article8)
		m.Party = true
		if got := owes(m); !slices.Equal(got, []string{"acknowledge", "party_discipline"}) {
			t.Errorf("on the Party's track %s owes %v", l, got)
		}
		used[fmt.Sprint(true, false, PartyDuty, Category(0))], used[fmt.Sprint(true, false, Acknowledge, Category(0))] = true, true
	}
	for _, r := range dutyTable {
		if !used[fmt.Sprint(r.party, r.inside, r.duty, r.of)] {
			t.Errorf("the row of %s %v is dead", r.duty, r.of)
		}
	}
}

// TestOnlyTheNamedFactsMatter: of all facts an organ's duties look at the client alone, an institution's at who is meant.
func TestOnlyTheNamedFactsMatter(t *testing.T) {
	inside, organ := map[string]string{}, map[bool]string{}
	eachFacts(func(f Facts) {
		got := fmt.Sprint(owes(arrived(f, "司法机关", Authority, []Category{JudicialOfficer, OtherOrgan, Individual})))
		if old, ok := organ[f.Client]; ok && old != got {
			t.Fatalf("%+v changes the organ's duties", f)
		}
		organ[f.Client] = got
		own := f.HeadImplicated || f.InternalImplicated
		key := fmt.Sprint(own, !own || f.Superior || f.OfficerImplicated || f.LeadImplicated || f.Client || f.Litigant || f.Other)
		got = fmt.Sprint(owes(arrived(f, "", Institution, nil)))
		if old, ok := inside[key]; ok && old != got {
			t.Fatalf("%+v changes the institution's duties", f)
		}
		inside[key] = got
	})
	if len(organ) != 2 || len(inside) != 3 {
		t.Fatalf("%d and %d classes", len(organ), len(inside))
	}
}

// TestDutyRows: the rows agree with the categories and the deadlines, and their articles exist.
func TestDutyRows(t *testing.T) {
	besides := map[Category]bool{}
	for _, r := range dutyTable {
		d := (Policy{}).deadlineOf(r)
		if r.party && d.From != TrackReached && d.From != ReportReached {
			t.Errorf("%s on the Party's track runs from %s", r.duty, d.From)
		}
		if d.N == 0 || dutyWords[r.duty] == "" || actWords[r.act] == "" {
			t.Errorf("%s: no deadline or no words", r.duty)
		}
		if (r.of != 0 && r.duty != Investigate) != (d.From == CategoryDecided) || (d.From == InstitutionReached) && !r.inside || (d.From == AuthorityReached) && r.inside {
			t.Errorf("%s: its deadline runs from %s", r.duty, d.From)
		}
		if r.duty == TellClient {
			besides[r.of] = true
		}
		if r.of != 0 && (r.duty == Letters || r.duty == Investigate) && r.cite != r.of.Cite() {
			t.Errorf("%v cites %s", r.of, r.cite)
		}
		if text := Article(r.cite.Article); text == "" || r.cite.Item > 0 && !strings.Contains(text, "（"+numeral(r.cite.Item)+"）") {
			t.Errorf("%s is not in the rule", r.cite)
		}
	}
	for c := ByInstitution; c <= PartyDiscipline; c++ {
		if besides[c] != c.TellsClient() {
			t.Errorf("%s: telling the client besides is %v in the table of duties (AM-14)", c, besides[c])
		}
	}
	for _, r := range passTable {
		if Article(r.cite.Article) == "" || len(r.when) == 0 {
			t.Errorf("%s is not in the rule, or bound to nothing", r.cite)
		}
	}
}

// TestTheOfficerIsAsked: exactly where a duty to tell falls away because of the kind of client, the officer is asked, and answers
// by telling or by saying why not (R8.10); of a client who is implicated nobody is asked (R8.7).
func TestTheOfficerIsAsked(t *testing.T) {
	for _, kind := range clientTypes {
		for _, named := range []bool{false, true} {
			eachSet(func(set []Category) {
				m := arrived(Facts{Client: named, Litigant: true}, kind, Authority, set)
				var want []Category
				if !named && kind != "司法机关" && kind != "行政执法机关" && !slices.Contains(set, ClientOrgan) {
					want = slices.DeleteFunc(slices.Clone(set), func(c Category) bool { return c == ClientOrgan })
				}
				if got := asked(m); !slices.Equal(got, want) {
					t.Fatalf("client %q, implicated %v, %v: %v, want %v", kind, named, set, got, want)
				}
				for i, c := range want {
					kind := []ActKind{Perform, Waive}[i%2]
					m.Steps = append(m.Steps, Step{Kind: kind, Unit: "u", On: m.Arrivals[0].On, Task: "ask_client/u/" + c.String()})
				}
				if got := asked(m); got != nil {
					t.Fatalf("%v was answered and is asked again", got)
				}
			})
		}
	}
}

// asked are the categories of which the officer is asked whether the client is told.
func asked(m Matter) []Category { return MayTell(m, "u") }

// TestTwoAtOnce: what a second handler does at the moment the first one closes changes nothing, nor does a close by somebody else's unit.
func TestTwoAtOnce(t *testing.T) {
	day := Date{2026, 11, 2}
	m := arrived(Facts{Litigant: true}, "司法机关", Authority, []Category{OtherOrgan})
	for _, duty := range []string{"letters/u/other_organ", "tell_client/u/other_organ"} {
		m.Steps = append(m.Steps, Step{Kind: Perform, Unit: "u", On: day, Task: duty})
	}
	open := len(Tasks(Policy{}, Calendar{}, m))
	m.Steps = append(m.Steps, Step{Kind: Close, Unit: "elsewhere", On: day})
	if s, _ := Stands(Policy{}, Calendar{}, m); s != UnderWay || !slices.Contains(May(Policy{}, Calendar{}, m, "u"), Close) {
		t.Errorf("another unit's closing closed it: %s", s)
	}
	m.Steps = append(m.Steps, Step{Kind: Close, Unit: "u", On: day})
	want := fmt.Sprint(Tasks(Policy{}, Calendar{}, m))
	for _, late := range []Step{{Kind: Categorise, Categories: []Category{Individual}}, {Kind: Categorise}, {Kind: Perform, Task: "letters/u/individual"}} {
		late.Unit, late.On = "u", day
		m.Steps = append(m.Steps, late)
		got := Tasks(Policy{}, Calendar{}, m)
		if s, _ := Stands(Policy{}, Calendar{}, m); s != Closed || fmt.Sprint(got) != want || len(got) != open {
			t.Errorf("%+v after closing: %s, %v", late, s, got)
		}
	}
}

// TestInstitutionMayPass: what it need not report it may, of serious matters (Art. 5 ¶3) and of its head (R6.4), unless an organ
// has the report.
func TestInstitutionMayPass(t *testing.T) {
	eachFacts(func(f Facts) {
		m := arrived(f, "", Institution, nil)
		m.Steps = []Step{{Kind: Accept, Unit: "u", On: m.Arrivals[0].On}}
		owed := slices.Contains(owes(m), "forward_authority")
		right := f.HeadImplicated || f.InternalImplicated && f.Serious == Yes
		may := func() bool { return slices.Contains(May(Policy{}, Calendar{}, m, "u"), Pass) }
		if may() != (owed || right) {
			t.Fatalf("%+v: Pass is offered: %v", f, may())
		}
		m.Arrivals = append(m.Arrivals, Arrival{"organ", Authority, m.Arrivals[0].On})
		if may() != owed {
			t.Fatalf("%+v: Pass is offered although an organ has the report: %v", f, may())
		}
	})
}

// TestDutyGolden is the table of duties, then what each kind of report and each set of categories brings: for a lawyer to sign.
func TestDutyGolden(t *testing.T) {
	var b strings.Builder
	b.WriteString("本文件由测试生成并核对，供法律审核。\n\n" + explainDuties(Policy{}))
	b.WriteString("\n逐一列举（鉴定机构收到报告：内部人员｜外部人员 → 义务）\n\n")
	for _, f := range []Facts{{Litigant: true}, {InternalImplicated: true}, {InternalImplicated: true, Litigant: true}} {
		fmt.Fprintf(&b, "%s｜%s → %s\n", yesNo(f.inside()), yesNo(f.outside()), sayTasks(arrived(f, "", Institution, nil)))
	}
	b.WriteString("\n逐一列举（机关确定的各项｜委托人类型｜委托人被指为干预人 → 确定以后的义务；【由经办人决定】指是否告知委托人）\n\n")
	for _, kind := range []string{"行政执法机关", "律所"} {
		for _, named := range []bool{false, true} {
			eachSet(func(set []Category) {
				if len(set) == 0 {
					return
				}
				items := ""
				for _, c := range set {
					items += "（" + numeral(c.Cite().Item) + "）"
				}
				fmt.Fprintf(&b, "%s｜%s｜%s → %s\n", items, kind, yesNo(named), sayTasks(arrived(Facts{Client: named, Litigant: true}, kind, Authority, set)))
			})
		}
	}
	golden(t, "duties.txt", b.String())
}

// sayTasks are a matter's duties in words, for an organ only those that a category brings.
func sayTasks(m Matter) string {
	says := map[int]string{}
	for _, x := range Tasks(Policy{}, Calendar{}, m) {
		if x.Duty == AskClient {
			continue
		}
		i := slices.IndexFunc(dutyTable, func(r dutyRow) bool {
			return r.party == m.Party && r.inside == (m.Arrivals[0].Level == Institution) && r.duty == x.Duty && r.of == x.Category
		})
		if r := dutyTable[i]; r.inside {
			says[i] = dutyWords[r.duty]
		} else if r.of != 0 {
			says[i] = r.does() + "（" + numeral(r.of.Cite().Item) + "）"
		}
	}
	var out []string
	for _, i := range slices.Sorted(maps.Keys(says)) {
		out = append(out, says[i])
	}
	if asks := asked(m); len(asks) > 0 {
		item := ""
		for _, c := range asks {
			item += "（" + numeral(c.Cite().Item) + "）"
		}
		out = append(out, "【由经办人决定】"+item)
	}
	if len(out) == 0 {
		return "没有另外的义务，调查处理后办结"
	}
	return strings.Join(out, "；")
}

// TestExtendedOnceWhileItRuns: of two who extend a period at once one does, and nobody does when it is over.
func TestExtendedOnceWhileItRuns(t *testing.T) {
	for on, want := range map[Date]Date{{2027, 1, 1}: {2027, 1, 31}, {2027, 1, 2}: {2027, 1, 1}} {
		m := arrived(Facts{Litigant: true}, "", Authority, []Category{Individual})
		m.Steps = append(m.Steps, Step{Kind: Extend, Unit: "u", On: on}, Step{Kind: Extend, Unit: "u", On: on})
		for _, k := range Tasks(Policy{}, Calendar{}, m) {
			if k.Duty == Handling && k.Due != want {
				t.Errorf("extended twice on %s: due %s, want %s", on, k.Due, want)
			}
		}
	}
}

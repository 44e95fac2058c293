package law

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// everyRung is a rung for every row and level of the ladder, as it comes for the unit of that level in the small world.
func everyRung() (out []Rung) {
	unit := map[Level]UnitID{Institution: "所", PartyOrganisation: "所", Authority: "市", SuperiorAuthority: "省"}
	for _, r := range ladder {
		for _, l := range r.levels {
			out = append(out, Rung{Step: r.step, To: r.to, Unit: unit[l], Level: l, Cite: r.cite})
		}
	}
	return out
}

// TestLadderExhaustive: for every standing of six people, every set of implicated ones, every reporter, fact, channel and rung,
// whoever is on a rung may have the report, and is who the table names.
func TestLadderExhaustive(t *testing.T) {
	secretary := Member{ID: "书记", Unit: "所", Name: "书记", Roles: []Role{PartyLead}}
	people := []Member{head, receiver, officer, leader, above, secretary}
	step, reached, skipped := 1, map[Duty]int{}, map[Duty]int{}
	if testing.Short() {
		step = 7
	}
	for combination := 0; combination < 3*3*3*3*3; combination += step {
		dir, rest, stand := Directory{Units: units}, combination, map[PersonID]status{}
		for _, m := range people {
			s := status(rest % 3)
			rest /= 3
			stand[m.ID] = s
			m.Bound, m.Left = s != noPhone, s == gone
			dir.Members = append(dir.Members, m)
		}
		for named := range 1 << 5 { // the secretary is on no rung
			var implicated []PersonID
			for i, m := range people {
				if named&(1<<i) != 0 {
					implicated = append(implicated, m.ID)
				}
			}
			for more := range 2 * 4 {
				reporter := []PersonID{"张三", "接收人"}[more%2]
				f := Facts{HeadImplicated: more&2 != 0, LeadImplicated: more&4 != 0}
				headIn := f.HeadImplicated || slices.Contains(implicated, "所长") && stand["所长"] != gone
				leadIn := f.LeadImplicated || slices.Contains(implicated, "局长") && stand["局长"] != gone
				may := func(id PersonID, need bool) bool {
					ok := stand[id] != gone && !slices.Contains(implicated, id) && id != reporter && (!need || stand[id] == fine)
					return ok && (id != "所长" || !headIn) && (id != "局长" && id != "经办人" || !leadIn)
				}
				for _, c := range []Channel{ToInstitution, ToAuthority, ToBoth} {
					for _, r := range everyRung() {
						s, ok := Raise(dir, "所", f, implicated, reporter, c, r)
						want := wantOnRung(r, c, may)
						if fmt.Sprint(s.Recipients) != fmt.Sprint(want) || ok != (len(want) > 0) {
							t.Fatalf("%v implicated %v, reporter %s, %+v, %s, %s of %s: %v, want %v", stand, implicated, reporter, f, c, r.Step, r.Unit, s.Recipients, want)
						}
						if ok {
							reached[r.Step]++
						} else {
							skipped[r.Step]++
						}
					}
				}
			}
		}
	}
	for _, r := range ladder {
		if reached[r.step] == 0 || skipped[r.step] == 0 {
			t.Errorf("%s: reached %d times, skipped %d times", r.step, reached[r.step], skipped[r.step])
		}
	}
}

// wantOnRung states the ladder a second time: the head, or the leader, if they may have it and can be reached; or those of the
// next organ, the reachable ones of all organs above first.
func wantOnRung(r Rung, c Channel, may func(PersonID, bool) bool) []PersonID {
	if c == ToAuthority && r.Unit == "所" {
		return nil
	}
	one := func(id PersonID, need bool) []PersonID {
		if may(id, need) {
			return []PersonID{id}
		}
		return nil
	}
	switch {
	case r.To == UnitHead:
		return one("所长", true)
	case r.To == UnitLead && r.Unit == "市":
		return one("局长", true)
	case r.To == UnitLead:
		return nil // the department of the small world has no leader
	}
	for _, need := range []bool{true, false} {
		for _, id := range map[UnitID][]PersonID{"所": {"经办人", "局长", "厅经办人"}, "市": {"厅经办人"}}[r.Unit] {
			if may(id, need) {
				return []PersonID{id}
			}
		}
	}
	return nil
}

// TestLadderRows: every row has a deadline from the last day of the duty, words, and an article of the rule; nobody skips a level
// of the same unit.
func TestLadderRows(t *testing.T) {
	for _, r := range ladder {
		d := (Policy{}).Deadline(r.step)
		if d.From != DutyEnds || d.In != WorkingDays || whomWords[r.to] == "" || Article(r.cite.Article) == "" || !r.cite.InForce(Effective) {
			t.Errorf("%s is not complete: %+v", r.step, d)
		}
		for _, l := range r.levels {
			if levelWords[l] == "" || (r.to == UnitHead) && l != Institution || (r.to == UnitLead) && !l.organ() {
				t.Errorf("%s at %s", r.step, l)
			}
		}
	}
	if _, err := (Policy{}).Override(map[string]int{"overdue_head": 4}); err == nil {
		t.Error("the head may come after the authority")
	}
	if p, err := (Policy{}).Override(map[string]int{"overdue_superior": 9}); err != nil || p.Deadline(OverdueSuperior).N != 9 {
		t.Errorf("the number of days cannot be set: %v", err)
	}
}

// TestRungsProperties: rungs come only while something is overdue, in their order, never because of a unit that has done all it
// owes, never to an organ that has the report, and once come they stay as long as the same thing is undone.
func TestRungsProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := genPlay(t)
		today := x.today.AddDays(rapid.IntRange(0, 30).Draw(t, "later"))
		got := Rungs(x.p, Calendar{}, x.m, today)
		late := map[UnitID]bool{}
		for _, k := range x.tasks() {
			late[k.Unit] = late[k.Unit] || k.Open() && k.Due.Before(today)
		}
		steps := map[UnitID][]Duty{}
		for _, r := range got {
			if on, _ := x.p.Deadline(r.Step).Due(Calendar{}, r.Since); !late[r.Unit] || today.Before(on) {
				t.Fatalf("%+v has come on %s, nothing is late so long", r, today)
			}
			if r.To == NextOrgan && !r.Level.organ() && organHas(x.m) {
				t.Fatalf("%+v although an organ has it", r)
			}
			if r.To == UnitHead && x.m.Party {
				t.Fatal("the Party's track goes to the head")
			}
			steps[r.Unit] = append(steps[r.Unit], r.Step)
		}
		if again := Rungs(x.p, Calendar{}, x.m, today.AddDays(1)); len(again) < len(got) {
			t.Fatalf("%v became %v by waiting", got, again)
		}
		for _, a := range x.m.Arrivals {
			last := today.AddDays(60)
			rungs := Rungs(x.p, Calendar{}, x.m, last)
			owes := slices.ContainsFunc(x.tasks(), func(k Task) bool { return k.Unit == a.Unit && k.Open() && k.Due.AddDays(14).Before(last) })
			if owes && !slices.ContainsFunc(rungs, func(r Rung) bool { return r.Unit == a.Unit }) && (!x.m.Party || !organHas(x.m)) {
				t.Fatalf("%s is late for weeks and nobody is told: %v", a.Unit, rungs)
			}
		}
	})
}

// TestLadderGolden is the ladder in words, then whom each rung reaches in a small world, implicated people left out: for a lawyer
// to sign.
func TestLadderGolden(t *testing.T) {
	dir := Directory{Units: units}
	for _, m := range []Member{head, receiver, officer, leader, above, {ID: "书记", Unit: "所", Name: "书记", Roles: []Role{PartyLead}}} {
		m.Bound = true
		dir.Members = append(dir.Members, m)
	}
	var b strings.Builder
	b.WriteString("本文件由测试生成并核对，供法律审核。\n\n" + explainLadder(Policy{}))
	b.WriteString("\n逐一列举（渠道｜被指为干预人的 → 逾期的一级：送谁；“无”指该级无人可送，由下一级按期接收）\n\n")
	for _, c := range []Channel{ToInstitution, ToAuthority} {
		for _, implicated := range [][]PersonID{nil, {"所长"}, {"经办人"}, {"局长"}, {"书记"}, {"所长", "局长"}, {"厅经办人"}} {
			for _, r := range everyRung() {
				s, ok := Raise(dir, "所", Facts{}, implicated, "张三", c, r)
				to := "无"
				if ok {
					to = fmt.Sprint(s.Unit, s.Recipients)
				}
				fmt.Fprintf(&b, "%s｜%v → %s逾期（%s）：%s\n", channelWords[c], implicated, levelWords[r.Level], r.Step, to)
			}
		}
	}
	golden(t, "ladder.txt", b.String())
}

// TestPartyRouteGolden is who gets the Party's own track (Art. 7 ¶2).
func TestPartyRouteGolden(t *testing.T) {
	var b strings.Builder
	b.WriteString("本文件由测试生成并核对，供法律审核。党员干预的，除第六条外依规依纪处理（第七条第二款）：该处理送谁。\n\n")
	for _, secretary := range []bool{true, false} {
		dir := Directory{Units: units}
		for _, m := range []Member{head, receiver, officer, leader, above} {
			m.Bound = true
			dir.Members = append(dir.Members, m)
		}
		if secretary {
			dir.Members = append(dir.Members, Member{ID: "书记", Unit: "所", Name: "书记", Roles: []Role{PartyLead}, Bound: true})
		}
		for _, c := range []Channel{ToInstitution, ToAuthority, ToBoth} {
			for _, implicated := range [][]PersonID{nil, {"书记"}, {"所长"}, {"经办人"}, {"局长"}, {"经办人", "局长", "厅经办人", "书记"}} {
				s, ok := RouteParty(Policy{}, dir, "所", Facts{InternalImplicated: true, Party: Yes}, implicated, "张三", c)
				to := "无人可以接收，暂存"
				if ok {
					to = fmt.Sprintf("%s%v（%s）", s.Unit, s.Recipients, levelWords[s.Level])
				}
				for _, p := range s.Recipients {
					if slices.Contains(implicated, p) || c == ToAuthority && s.Unit == "所" {
						t.Errorf("%s gets the track of a report about them, or past them", p)
					}
				}
				fmt.Fprintf(&b, "机构有党组织负责人：%s｜%s｜被指为干预人的%v → %s\n", yesNo(secretary), channelWords[c], implicated, to)
			}
		}
	}
	golden(t, "party.txt", b.String())
}

// TestTransferGolden is who gets what an organ hands to the one where an officer works (Art. 8 (二)).
func TestTransferGolden(t *testing.T) {
	dir := Directory{Units: append(slices.Clone(units), Unit{ID: "邻市", Parent: "省", Kind: AuthorityUnit, Name: "邻市"})}
	extra := []Member{
		{ID: "邻市局长", Unit: "邻市", Roles: []Role{OfficerLead}}, {ID: "邻市甲", Unit: "邻市", Roles: []Role{Officer}}, {ID: "邻市乙", Unit: "邻市", Roles: []Role{Officer}},
	}
	for _, m := range append([]Member{head, receiver, officer, leader, above}, extra...) {
		m.Bound = true
		dir.Members = append(dir.Members, m)
	}
	var b strings.Builder
	b.WriteString("本文件由测试生成并核对，供法律审核。第八条第一款第（二）项：移送干预人所在的司法行政机关。\n\n")
	for _, implicated := range [][]PersonID{{"邻市甲"}, {"邻市乙"}, {"邻市局长"}, {"邻市甲", "邻市乙"}, {"邻市甲", "邻市乙", "邻市局长"}, {"厅经办人"}, {"经办人"}, {"局长"}} {
		for _, organ := range Workplaces(dir, implicated) {
			s, ok := Transferred(dir, "所", Facts{}, implicated, "张三", ToAuthority, organ)
			fmt.Fprintf(&b, "干预人%v，在%s工作 → %s%v %v\n", implicated, organ, s.Unit, s.Recipients, ok)
			for _, p := range s.Recipients {
				if slices.Contains(implicated, p) {
					t.Errorf("%s gets it", p)
				}
			}
		}
	}
	b.WriteString("\n" + explainOffers() + "\n报告用文字写明的人｜可能是机关负责人 → 市局看到的机关（*明显的；不接收的人）\n\n")
	dir.Units = append(dir.Units, Unit{ID: "远市", Parent: "外省", Kind: AuthorityUnit, Name: "远市司法局"}, Unit{ID: "空市", Kind: AuthorityUnit, Name: "空市司法局"},
		Unit{ID: "外省", Kind: AuthorityUnit, Name: "外省司法厅"})
	dir.Members = append(dir.Members, Member{ID: "远市丙", Name: "周某某", Unit: "远市", Roles: []Role{Officer}, Bound: true},
		Member{ID: "远市丁", Name: "丁一", Unit: "远市", Roles: []Role{Officer}, Bound: true}, Member{ID: "远市长", Name: "戊二", Unit: "远市", Roles: []Role{OfficerLead}, Bound: true},
		Member{ID: "外省甲", Name: "己三", Unit: "外省", Roles: []Role{Officer}, Bound: true}, Member{ID: "旧人", Name: "庚四", Unit: "远市", Roles: []Role{Officer}, Left: true})
	for _, words := range []string{"", "一名工作人员，姓名不详", "远市司法局的工作人员", "周某某", "戊二局长", "庚四", "空市司法局某人"} {
		for _, lead := range []bool{false, true} {
			stranger := Stranger{words, lead}
			fmt.Fprintf(&b, "%s｜%s →", words, yesNo(lead))
			for _, o := range Offers(dir, "所", nil, "张三", ToAuthority, "市", stranger) {
				b.WriteString(" " + map[bool]string{true: "*"}[o.Evident] + string(o.Organ))
				if o.To != o.Organ {
					b.WriteString("⇒" + cmp.Or(string(o.To), "无"))
				}
				if len(o.Out) > 0 {
					fmt.Fprint(&b, o.Out)
				}
				s, out, ok := Handed(dir, "所", nil, "张三", ToAuthority, o.Organ, stranger)
				if ok != (o.To != "") || ok && s.Unit != o.To || slices.ContainsFunc(out, func(p PersonID) bool { return slices.Contains(s.Recipients, p) }) {
					t.Errorf("%s offered as %+v, goes to %+v", o.Organ, o, s)
				}
			}
			b.WriteString("\n")
		}
	}
	golden(t, "transfer.txt", b.String())
}

// TestTellingGolden is the matrix of telling the client: category, kind of client, client implicated or not (R8.3, R8.7, R8.10).
func TestTellingGolden(t *testing.T) {
	var b strings.Builder
	b.WriteString("本文件由测试生成并核对，供法律审核。是否告知委托人（第八条；解读 AM-14、R8.7、R8.10）。\n\n委托人类型｜委托人被指为干预人")
	for _, c := range article8 {
		b.WriteString("｜（" + numeral(c.Cite().Item) + "）")
	}
	b.WriteString("\n")
	for _, kind := range clientTypes {
		for _, named := range []bool{false, true} {
			fmt.Fprintf(&b, "%s｜%s", map[bool]string{true: "不详", false: kind}[kind == ""], yesNo(named))
			for _, c := range article8 {
				b.WriteString("｜" + tells(arrived(Facts{Client: named, Litigant: true}, kind, Authority, []Category{c})))
			}
			b.WriteString("\n")
		}
	}
	golden(t, "telling.txt", b.String())
}

// tells says what one category means for the client.
func tells(m Matter) string {
	for _, x := range Tasks(Policy{}, Calendar{}, m) {
		switch {
		case x.Duty == AskClient:
			return "由经办人决定"
		case x.Duty == TellClient, x.Duty == Letters && x.Category == Individual:
			return "告知"
		}
	}
	return "不告知"
}

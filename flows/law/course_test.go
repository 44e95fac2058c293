package law

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// passedOn is a report that an institution passed to its authority, which handed it to another organ, while the organ above the
// authority has it too.
func passedOn() Matter {
	day := Date{2026, 11, 2}
	return Matter{Arrivals: []Arrival{{"所", Institution, day}, {"市", Authority, day}, {"省", SuperiorAuthority, day}, {"邻市", Authority, day}}}
}

// TestShownGolden: who reads what of one course of a report, act by act: for a lawyer to sign.
func TestShownGolden(t *testing.T) {
	course := []Step{
		{Kind: Accept, Unit: "所"},
		{Kind: Ask, Unit: "所"},
		{Kind: Reply},
		{Kind: Pass, Unit: "所"},
		{Kind: Accept, Unit: "市"},
		{Kind: Take, Unit: "市"},
		{Kind: Ask, Unit: "市"},
		{Kind: Reply},
		{Kind: Exclude, Unit: "市"},
		{Kind: Categorise, Unit: "市"},
		{Kind: Draft, Unit: "市"},
		{Kind: Send, Unit: "市"},
		{Kind: Perform, Unit: "市"},
		{Kind: Waive, Unit: "市"},
		{Kind: Extend, Unit: "市"},
		{Kind: Transfer, Unit: "市"},
		{Kind: Accept, Unit: "邻市"},
		{Kind: Ask, Unit: "邻市"},
		{Kind: Reply},
		{Kind: Perform, Unit: "市"},
		{Kind: Close, Unit: "市"},
		{Kind: Accept, Unit: "省"},
		{Kind: Ask, Unit: "所"},
		{Kind: Reply},
		{Kind: Urge},
		{Kind: Recuse, Unit: "邻市"},
		{Kind: Close, Unit: "邻市"},
		{Kind: Close, Unit: "所"},
	}
	var b strings.Builder
	b.WriteString("本文件由测试生成并核对，供法律审核。\n\n" + explainShown())
	b.WriteString("\n逐一列举（一件报告：机构转报市局，市局移送邻市，省厅也收到 → 各单位的经办人看到什么）\n\n")
	units := []UnitID{"所", "市", "邻市", "省"}
	seen := map[UnitID][]Showing{}
	for _, u := range units {
		seen[u] = Shown(passedOn(), u, course)
	}
	for i, s := range course {
		who := string(s.Unit)
		if who == "" {
			who = "报告人"
		}
		fmt.Fprintf(&b, "%s %s →", who, actWords[s.Kind])
		for _, u := range units {
			fmt.Fprintf(&b, " %s：%s；", u, map[Showing]string{0: "无", ShowState: "只看到进展", ShowWhole: "全部"}[seen[u][i]])
		}
		b.WriteString("\n")
	}
	golden(t, "shown.txt", b.String())
}

// TestWhatAnInstitutionIsShownOfAnOrgan: of every kind of act at an organ an institution, or its Party organisation, is shown at most
// the state, and of no question's answer anything (Art. 10); every unit is shown the whole of its own.
func TestWhatAnInstitutionIsShownOfAnOrgan(t *testing.T) {
	var kinds []ActKind
	for k := range actWords {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	state := []ActKind{Accept, Close, Transfer}
	for _, low := range []Level{Institution, PartyOrganisation} {
		for _, high := range []Level{Authority, SuperiorAuthority} {
			m := Matter{Arrivals: []Arrival{{Unit: "low", Level: low}, {Unit: "high", Level: high}}}
			for _, k := range kinds {
				acts := []Step{{Kind: k, Unit: "high"}, {Kind: Ask, Unit: "high"}, {Kind: Reply}, {Kind: k, Unit: "low"}}
				got := Shown(m, "low", acts)
				want := Showing(0)
				if slices.Contains(state, k) {
					want = ShowState
				}
				if got[0] != want || got[1] != 0 || got[2] != 0 || got[3] != ShowWhole {
					t.Errorf("%s reads of %s: %v", low, k, got)
				}
				whole := ShowWhole
				if k == Draft || k == Send {
					whole = 0
				}
				if up := Shown(m, "high", acts); up[0] != ShowWhole || up[2] != ShowWhole || up[3] != whole {
					t.Errorf("%s reads of %s below: %v", high, k, up)
				}
			}
		}
	}
	if all := Shown(passedOn(), "nobody", []Step{{Kind: Pass, Unit: "所"}, {Kind: Accept, Unit: "所"}}); all[0] != 0 || all[1] != ShowState {
		t.Errorf("a unit that has not got the report reads %v", all)
	}
}

package law

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

var answers = []Answer{NotAsked, Yes, No, Unsure}

// eachFacts calls f with every combination of facts: 2⁸ × 4².
func eachFacts(f func(Facts)) {
	for bits := range 1 << 8 {
		for _, serious := range answers {
			for _, party := range answers {
				f(Facts{
					HeadImplicated: bits&1 != 0, Superior: bits&2 != 0, InternalImplicated: bits&4 != 0, OfficerImplicated: bits&8 != 0,
					LeadImplicated: bits&16 != 0, Client: bits&32 != 0, Litigant: bits&64 != 0, Other: bits&128 != 0,
					Serious: serious, Party: party,
				})
			}
		}
	}
}

// policyFrom is the day each policy must be good for.
var policyFrom = map[string]string{Ministry2020: "2020-07-01", Guangdong2022: "2022-07-01"}

// TestChannelTables goes through all facts: some row matches, it is cited, in force on the policy's first day, the channel
// preselected is one of those allowed, and every row is used by some facts.
func TestChannelTables(t *testing.T) {
	for _, name := range PolicyNames() {
		p, _ := PolicyByName(name)
		used := map[int]int{}
		eachFacts(func(f Facts) {
			_, i := channelRowFor(p, f)
			used[i]++
			allowed, pre, cites := Channels(p, f)
			if !slices.Contains(allowed, pre) || pre == 0 {
				t.Fatalf("%s %+v: preselected %v is not among %v", name, f, pre, allowed)
			}
			if len(cites) == 0 {
				t.Fatalf("%s %+v: no article", name, f)
			}
			for _, c := range cites {
				if c.Article == 0 || !c.InForce(date(t, policyFrom[name])) {
					t.Fatalf("%s %+v: %s is not in force on %s", name, f, c, policyFrom[name])
				}
			}
		})
		for i := range channelTables[name] {
			if used[i] == 0 {
				t.Errorf("%s: row %d is dead", name, i+1)
			}
		}
	}
}

// TestArticle5 states Art. 5 a second time, without the table.
func TestArticle5(t *testing.T) {
	eachFacts(func(f Facts) {
		bypass := f.HeadImplicated || f.Superior || f.InternalImplicated && f.Serious == Yes
		allowed, pre, _ := Channels(Policy{Name: Ministry2020}, f)
		if got := slices.Contains(allowed, ToAuthority); got != bypass {
			t.Fatalf("%+v: direct channel open: %v", f, got)
		}
		if (pre == ToAuthority) != bypass || !slices.Contains(allowed, ToInstitution) {
			t.Fatalf("%+v: preselected %v of %v", f, pre, allowed)
		}
		allowed, pre, _ = Channels(Policy{Name: Guangdong2022}, f)
		if slices.Contains(allowed, ToInstitution) || !slices.Contains(allowed, ToBoth) || (pre == ToAuthority) != bypass {
			t.Fatalf("Guangdong %+v: preselected %v of %v: the authority must always be told (R5.6)", f, pre, allowed)
		}
	})
}

func TestChannelTaken(t *testing.T) {
	ministry, guangdong := Policy{}, Policy{Name: Guangdong2022}
	head, plain := Facts{HeadImplicated: true}, Facts{Client: true}
	for _, c := range []struct {
		name   string
		p      Policy
		f      Facts
		chosen Channel
		want   Channel
	}{
		{"nothing chosen, head", ministry, head, 0, ToAuthority},
		{"nothing chosen, client", ministry, plain, 0, ToInstitution},
		{"institution by choice", ministry, head, ToInstitution, ToInstitution},
		{"both by choice", ministry, head, ToBoth, ToBoth},
		{"a direct report stays direct", ministry, plain, ToAuthority, ToAuthority},
		{"Guangdong adds the authority", guangdong, head, ToInstitution, ToBoth},
		{"Guangdong, nothing chosen", guangdong, plain, 0, ToBoth},
		{"an unknown policy is the rule itself", Policy{Name: "nowhere"}, head, 0, ToAuthority},
		{"an unknown channel counts as none", ministry, head, 77, ToAuthority},
	} {
		if got := channel(c.p, c.f, c.chosen); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestRoutingGolden is the whole table of channels: the rows, then every combination of the facts that matter. That no
// other fact matters is checked, too.
func TestRoutingGolden(t *testing.T) {
	var b strings.Builder
	b.WriteString("本文件由测试生成并核对，供法律审核。表中“是”“否”指报告人的陈述。\n\n")
	for _, name := range PolicyNames() {
		p, _ := PolicyByName(name)
		b.WriteString(explainChannels(p) + "\n逐一列举（负责人｜所属单位领导｜其他内部人员｜严重后果 → 适用第几条：预先选定）\n\n")
		rows := map[Facts]int{}
		eachFacts(func(f Facts) {
			key := Facts{HeadImplicated: f.HeadImplicated, Superior: f.Superior, InternalImplicated: f.InternalImplicated, Serious: f.Serious}
			_, i := channelRowFor(p, f)
			if old, ok := rows[key]; ok && old != i {
				t.Fatalf("%s: a fact that should not matter changes the row for %+v", name, f)
			}
			rows[key] = i
		})
		for bits := range 8 {
			for _, a := range answers {
				f := Facts{HeadImplicated: bits&4 != 0, Superior: bits&2 != 0, InternalImplicated: bits&1 != 0, Serious: a}
				fmt.Fprintf(&b, "%s｜%s｜%s｜%s → 第%d条：%s\n", yesNo(f.HeadImplicated), yesNo(f.Superior), yesNo(f.InternalImplicated),
					[]string{"未问", "是", "否", "不清楚"}[a], rows[f]+1, channelWords[p.channels()[rows[f]].allowed[0]])
			}
		}
		b.WriteString("\n")
	}
	golden(t, "routing.txt", b.String()+explainRecipients())
}

func yesNo(b bool) string {
	if b {
		return "是"
	}
	return "否"
}

func TestNames(t *testing.T) {
	seen := map[string]bool{}
	for r := Appraiser; r <= PartyLead; r++ {
		if got, ok := ParseRole(r.String()); !ok || got != r || seen[r.String()] {
			t.Errorf("role %d is written %q and read back as %v", r, r, got)
		}
		seen[r.String()] = true
	}
	for l := Institution; l <= SuperiorAuthority; l++ {
		if got, ok := ParseLevel(l.String()); !ok || got != l {
			t.Errorf("level %d is written %q", l, l)
		}
	}
	for c := ToInstitution; c <= ToBoth; c++ {
		if got, ok := ParseChannel(c.String()); !ok || got != c {
			t.Errorf("channel %d is written %q", c, c)
		}
	}
	for k := InstitutionUnit; k <= AuthorityUnit; k++ {
		if got, ok := ParseKind(k.String()); !ok || got != k {
			t.Errorf("kind %d is written %q", k, k)
		}
	}
	if _, ok := ParseRole(""); ok || Role(200).String() != "" || NobodyBound.String() == "" || Bypassed.String() == "" {
		t.Error("no role has a name, or a reason has none")
	}
	if Yes.String() != "yes" || PartyDiscipline.String() != "party_discipline" {
		t.Error("stable identifiers changed")
	}
}

package law

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestLettersQuoteTheRule: what a letter says the rule says stands in the rule, in the article it cites.
func TestLettersQuoteTheRule(t *testing.T) {
	for _, r := range letterTable {
		if !strings.Contains(Article(r.cite.Article), r.quote) {
			t.Errorf("%s does not say %s", r.cite, r.quote)
		}
		if item := "（" + numeral(r.cite.Item) + "）"; r.cite.Item > 0 && !strings.Contains(Article(r.cite.Article), item+r.quote) {
			t.Errorf("%s is not the item that says %s", r.cite, r.quote)
		}
		if !r.cite.InForce(Effective) || requests[r.kind] == "" || r.about == "" || r.to == "" {
			t.Errorf("row %+v is not whole", r)
		}
		if r.about != "鉴定机构及其工作人员" && r.ground != 3 && !strings.Contains(strings.Join(Articles(), "\n"), r.about) {
			t.Errorf("the rule has no %s", r.about)
		}
	}
}

// TestLetterGolden writes out which letters may be drafted for each category and kind of client; a lawyer signs it.
func TestLetterGolden(t *testing.T) {
	var b strings.Builder
	for _, kind := range clientTypes {
		for _, named := range []bool{false, true} {
			for _, c := range article8 {
				m := arrived(Facts{Client: named}, kind, Authority, []Category{c})
				m.Steps = append([]Step{{Kind: Accept, Unit: "u", On: Date{2026, 11, 2}}}, m.Steps...)
				fmt.Fprintf(&b, "委托人类型“%s”，委托人被指为干预人：%v，确定为%s：\n", kind, named, c.Cite())
				for _, l := range DraftLetters(Policy{}, Calendar{}, m, "u") {
					if l.Kind == Rectify {
						continue
					}
					fmt.Fprintf(&b, "  %s（%s）致%s，是否由经办人决定：%v\n", l.Kind, l.Cite, l.To, l.Asked)
				}
			}
		}
	}
	b.WriteString("\n")
	for _, r := range letterTable {
		fmt.Fprintf(&b, "%s，%s\n  人员类别：%s\n  致：%s\n  规定：%s\n  请求：%s\n", r.kind, r.cite, r.about, r.to, r.quote, requests[r.kind])
	}
	golden(t, "letters.txt", b.String())
}

// TestLetterProperties: exactly what is owed can be drafted, but what is investigated; nothing is told to an implicated client; nobody drafts who has
// not taken the report up or has closed it; and drafting discharges nothing.
func TestLetterProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := genPlay(t)
		if rapid.Bool().Draw(t, "odd") { // whatever else stands in the store
			x.m.Steps = append(x.m.Steps, oddStep(t), oddStep(t), oddStep(t))
		}
		for u, level := range levels {
			letters := DraftLetters(x.p, Calendar{}, x.m, u)
			done := x.m.by(u)
			ready := level != Institution && has(done, Accept) && !ended(done)
			if len(letters) > 0 && !ready {
				t.Fatalf("%s drafts %v after %+v", u, letters, done)
			}
			want := map[string]bool{}
			for _, k := range x.tasks() {
				if k.Unit == u && k.Open() && k.Category != 0 && k.Duty != AskClient && k.Duty != Investigate && has(done, Accept) && !ended(done) {
					want[k.Key] = true
				}
			}
			_, organ := decided(done)[ClientOrgan]
			asked, drafted := MayTell(x.m, u), 0
			for _, l := range letters {
				if l.Kind == Notice && (x.m.Facts.Client || organ) {
					t.Fatalf("%s tells an implicated client", l.Key)
				}
				if l.Asked != slices.Contains(asked, l.Category) && l.Kind == Notice {
					t.Fatalf("%s: asked %v, the officer decides on %v", l.Key, l.Asked, asked)
				}
				if l.Kind != Rectify && !l.Asked && !want[l.Key] {
					t.Fatalf("%s is not owed", l.Key)
				}
				delete(want, l.Key)
				if l.Asked {
					drafted++
				}
				again, ok := LetterOf(l.Key)
				if again.Asked = l.Asked; !ok || !reflect.DeepEqual(again, l) {
					t.Fatalf("%s is read back as %+v", l.Key, again)
				}
			}
			if ready && (len(want) > 0 || drafted != len(asked)) {
				t.Fatalf("no letter for %v, %d for %v", want, drafted, asked)
			}
		}
		before := x.tasks()
		x.m.Steps = append(x.m.Steps, Step{Kind: Draft, Unit: "city", On: x.today, Task: "letters/city/client_organ"})
		if after := x.tasks(); !reflect.DeepEqual(before, after) {
			t.Fatalf("drafting made %v of %v", after, before)
		}
	})
}

func TestLetterOfStrangers(t *testing.T) {
	for _, key := range []string{"", "letters", "letters/u", "letters/u/internal_direct", "tell_client/u/individual", "rectify/u/0", "rectify/u/4", "rectify/u/1/2", "handling/u"} {
		if l, ok := LetterOf(key); ok {
			t.Errorf("%q is read as %+v", key, l)
		}
	}
}

// TestInstitutionDraftsNothing: the letters are the organ's, whatever else stands in the store.
func TestInstitutionDraftsNothing(t *testing.T) {
	for _, l := range []Level{Institution, Authority, SuperiorAuthority} {
		m := arrived(Facts{Litigant: true}, "司法机关", l, []Category{OtherOrgan})
		m.Steps = append([]Step{{Kind: Accept, Unit: "u", On: Date{2026, 11, 2}}}, m.Steps...)
		if got := DraftLetters(Policy{}, Calendar{}, m, "u"); (len(got) > 0) == (l == Institution) {
			t.Errorf("at the level %s: %v", l, got)
		}
	}
}

// TestUnsent: a drafted letter waits to be noted as sent unless a duty demands it; after it was sent, or the report closed, none does.
func TestUnsent(t *testing.T) {
	steps := func(list ...Step) Matter {
		m := arrived(Facts{Litigant: true}, "司法机关", Authority, []Category{Individual})
		m.Steps = append([]Step{{Kind: Accept, Unit: "u"}}, append(m.Steps, list...)...)
		return m
	}
	draft := func(key string) Step { return Step{Kind: Draft, Unit: "u", Task: key} }
	sent := func(key string) Step { return Step{Kind: Send, Unit: "u", Task: key} }
	const owed, order, other = "letters/u/individual", "rectify/u/1", "rectify/u/2"
	for _, c := range []struct {
		m    Matter
		want []string
	}{
		{steps(), nil},
		{steps(draft(owed)), nil},
		{steps(draft(order)), []string{order}},
		{steps(draft(order), draft(other), draft(order)), []string{other, order}},
		{steps(draft(order), sent(order)), nil},
		{steps(draft(order), sent(order), draft(order)), []string{order}},
		{steps(draft(order), sent(other)), []string{order}},
		{steps(draft(owed), Step{Kind: Perform, Unit: "u", Task: owed}), nil},
		{steps(draft(order), Step{Kind: Close, Unit: "u"}), nil},
		{steps(Step{Kind: Draft, Unit: "v", Task: order}), nil},
	} {
		if got := Unsent(Policy{}, Calendar{}, c.m, "u"); !slices.Equal(got, c.want) {
			t.Errorf("after %+v: %v, want %v", c.m.Steps, got, c.want)
		}
	}
}

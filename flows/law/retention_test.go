package law

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestKeepsFiles: who may do what about keeping, for every role, at the institution, above it and elsewhere.
func TestKeepsFiles(t *testing.T) {
	var got strings.Builder
	for r := range len(roleNames) {
		for _, unit := range []UnitID{"i", "city", "other"} {
			if may := KeepsFiles(Member{ID: "p", Unit: unit, Roles: []Role{Role(r)}}, "i", "city"); len(may) > 0 {
				fmt.Fprintln(&got, Role(r), unit, may)
			}
			if may := KeepsFiles(Member{ID: "p", Unit: unit, Roles: []Role{Role(r)}, Left: true}, "i", "city"); len(may) > 0 {
				t.Errorf("somebody who left may %v", may)
			}
		}
	}
	const want = `head i [hold release]
archivist i [hold release propose]
officer city [hold release]
officer_lead city [hold release agree refuse]
`
	if got.String() != want {
		t.Errorf("got\n%s", got.String())
	}
	if may := KeepsFiles(Member{ID: "p", Roles: []Role{OfficerLead}}, "i", ""); len(may) > 0 {
		t.Errorf("an institution without an authority: %v", may)
	}
	for _, r := range keepTable {
		if r.cite.Article == 0 {
			t.Errorf("%s by %s cites nothing", r.kind, r.role)
		}
	}
}

// TestRetention: thirty years from the closing, to the day; no policy may make it shorter.
func TestRetention(t *testing.T) {
	cal, closed := NewCalendar(nil), date(t, "2026-11-20")
	for today, want := range map[string]bool{"2026-11-21": false, "2056-11-19": false, "2056-11-20": false, "2056-11-21": true} {
		if got := Disposable(Policy{}, cal, closed, nil, "c", date(t, today)); got != want {
			t.Errorf("on %s: %v", today, got)
		}
	}
	if Disposable(Policy{}, cal, Date{}, nil, "c", date(t, "2200-01-01")) {
		t.Error("a case that is not closed may be disposed of")
	}
	if _, err := (Policy{}).Override(map[string]int{"retention": 29}); err == nil {
		t.Error("a policy may shorten the retention")
	}
	long, err := (Policy{}).Override(map[string]int{"retention": 50})
	if err != nil || KeptUntil(long, cal, closed).String() != "2076-11-20" {
		t.Errorf("a longer retention: %v", err)
	}
	if got := KeptUntil(Policy{}, cal, date(t, "2024-02-29")).String(); got != "2054-02-28" {
		t.Errorf("a leap day ends on %s", got)
	}
}

// TestDeeds plays random deeds: a held case is never disposable, a hold is released once and by its own unit, a proposal is
// answered once and never by who made it.
func TestDeeds(t *testing.T) {
	cal := NewCalendar(nil)
	rapid.Check(t, func(t *rapid.T) {
		var deeds []Deed
		open, proposals := map[string]Deed{}, map[string]Deed{}
		closed, today := Date{1990, 1, 1}, Date{2026, 1, 1}
		for i := range rapid.IntRange(0, 20).Draw(t, "n") {
			d := Deed{
				ID: fmt.Sprint(i), Kind: rapid.SampledFrom([]DeedKind{Hold, Release, Propose, Agree, Refuse}).Draw(t, "kind"),
				Unit: rapid.SampledFrom([]UnitID{"i", "city"}).Draw(t, "unit"), By: rapid.SampledFrom([]PersonID{"a", "b"}).Draw(t, "by"),
			}
			if i > 0 {
				d.About = fmt.Sprint(rapid.IntRange(0, i-1).Draw(t, "about"))
			}
			switch d.Kind {
			case Hold, Propose:
				d.About, d.Cases = "", []string{rapid.SampledFrom([]string{"c", "d"}).Draw(t, "case")}
				map[DeedKind]map[string]Deed{Hold: open, Propose: proposals}[d.Kind][d.ID] = d
			case Release:
				h, there := open[d.About]
				if got := MayRelease(deeds, d.About, d.Unit); got != (there && h.Unit == d.Unit) {
					t.Fatalf("release of %v by %s: %v", h, d.Unit, got)
				} else if !got {
					continue
				}
				delete(open, d.About)
			case Agree, Refuse:
				p, there := proposals[d.About]
				if got := MayAnswer(deeds, d.About, d.By); got != (there && p.By != d.By) {
					t.Fatalf("answer to %v by %s: %v", p, d.By, got)
				} else if !got {
					continue
				}
				delete(proposals, d.About)
			}
			deeds = append(deeds, d)
			for _, c := range []string{"c", "d"} {
				held := 0
				for _, h := range open {
					if slices.Contains(h.Cases, c) {
						held++
					}
				}
				if len(Held(deeds, c)) != held || Disposable(Policy{}, cal, closed, deeds, c, today) != (held == 0) {
					t.Fatalf("%s has %d holds: %v", c, held, Held(deeds, c))
				}
			}
			if len(Proposed(deeds)) != len(proposals) {
				t.Fatalf("open proposals %v, want %v", Proposed(deeds), proposals)
			}
		}
	})
}

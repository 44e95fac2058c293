package law

import (
	"fmt"
	"strings"
	"testing"
)

// TestOpener walks through who may open the sealed file of a case: everybody who could be excluded, alone and together.
func TestOpener(t *testing.T) {
	dir := Directory{
		Units: []Unit{{"i", "city", InstitutionUnit, "i"}, {"city", "province", AuthorityUnit, "c"}, {"province", "", AuthorityUnit, "p"}},
		Members: []Member{
			{ID: "head", Unit: "i", Roles: []Role{Head}},
			{ID: "officer", Unit: "city", Roles: []Role{Officer}},
			{ID: "lead", Unit: "city", Roles: []Role{OfficerLead}},
			{ID: "former", Unit: "city", Roles: []Role{OfficerLead}, Left: true},
			{ID: "top", Unit: "province", Roles: []Role{OfficerLead}},
		},
	}
	for _, c := range []struct {
		excluded string
		lead     bool
		want     string
	}{
		{"", false, "city true"},
		{"head", false, "city true"},
		{"officer", false, "city true"},
		{"former", false, "city true"},
		{"", true, "province true"},
		{"lead", false, "province true"},
		{"lead officer", false, "province true"},
		{"top", false, "city true"},
		{"top", true, " false"},
		{"lead top", false, " false"},
	} {
		set := Set{}
		for f := range strings.FieldsSeq(c.excluded) {
			set[PersonID(f)] = struct{}{}
		}
		if organ, found := Opener(dir, "i", set, c.lead); fmt.Sprint(organ, " ", found) != c.want {
			t.Errorf("without %q, lead %v: %s %v, not %s", c.excluded, c.lead, organ, found, c.want)
		}
	}
	if _, found := Opener(Directory{Units: dir.Units[:1]}, "i", nil, false); found {
		t.Error("an institution without an authority has an opener")
	}
}

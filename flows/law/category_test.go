package law

import (
	"slices"
	"strings"
	"testing"
)

var clientTypes = []string{"司法机关", "行政执法机关", "仲裁", "公证", "保险", "律所", "个人", "其他", "", "没听说过"}

// TestCategoryTable goes through all facts: whoever is named is covered, every row is used, every category is reached and cited.
func TestCategoryTable(t *testing.T) {
	used, reached := map[int]bool{}, map[Category]bool{}
	eachFacts(func(f Facts) {
		for _, client := range clientTypes {
			got := Categories(f, client)
			someone := f.HeadImplicated || f.Superior || f.InternalImplicated || f.OfficerImplicated || f.LeadImplicated || f.Client || f.Litigant || f.Other
			if someone != (len(slices.DeleteFunc(slices.Clone(got), func(c Category) bool { return c == PartyDiscipline })) > 0) {
				t.Fatalf("%+v, client %q: %v", f, client, got)
			}
			if slices.Contains(got, PartyDiscipline) != (f.Party == Yes) {
				t.Fatalf("%+v: %v: Party discipline does not follow the answer (R7.2)", f, got)
			}
			if !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(got) {
				t.Fatalf("%v is not sorted, each once", got)
			}
			for _, c := range got {
				reached[c] = true
			}
			for i, r := range categoryTable {
				used[i] = used[i] || r.matches(f, client)
			}
		}
	})
	for i := range categoryTable {
		if !used[i] {
			t.Errorf("row %d is dead", i+1)
		}
	}
	for c := ByInstitution; c <= PartyDiscipline; c++ {
		if !reached[c] || c.Cite().Article == 0 || c.String() == "" {
			t.Errorf("category %d: never proposed, or not cited", c)
		}
	}
}

func TestCategories(t *testing.T) {
	for _, c := range []struct {
		name   string
		f      Facts
		client string
		want   []Category
	}{
		{"head", Facts{HeadImplicated: true}, "", []Category{InternalDirect}},
		{"staff, serious", Facts{InternalImplicated: true, Serious: Yes}, "", []Category{InternalDirect}},
		{"staff, unsure", Facts{InternalImplicated: true, Serious: Unsure}, "", []Category{ByInstitution}},
		{"hospital leader (AM-7)", Facts{Superior: true}, "", []Category{OtherOrgan}},
		{"court as client", Facts{Client: true}, "司法机关", []Category{ClientOrgan}},
		{"private client", Facts{Client: true}, "个人", []Category{Individual}},
		{"other client", Facts{Client: true}, "其他", []Category{OtherOrgan, Individual}},
		{"organ and litigant (R8.6)", Facts{OfficerImplicated: true, Litigant: true}, "", []Category{JudicialOfficer, Individual}},
	} {
		if got := Categories(c.f, c.client); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestTellsClient reads AM-14 off the rule's own words.
func TestTellsClient(t *testing.T) {
	_, last, _ := strings.Cut(Article(8), "其中，存在第")
	listed, _, _ := strings.Cut(last, "项情况")
	for c := InternalDirect; c <= Individual; c++ {
		if want := strings.Contains(listed, "（"+numeral(c.Cite().Item)+"）"); c.TellsClient() != want {
			t.Errorf("%s: telling the client is %v, the rule lists %s", c.Cite(), c.TellsClient(), listed)
		}
	}
	if ByInstitution.TellsClient() || PartyDiscipline.TellsClient() {
		t.Error("the client is told of what is not in 第八条")
	}
}

func TestCategoryGolden(t *testing.T) { golden(t, "categories.txt", explainCategories()) }

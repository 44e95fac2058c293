package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// happens is how many pairs of worlds something was done in: in either of the two, and in one more often than in the other. What is
// done in both alike is what others do beside the secret; the rest follows from it.
type happens struct{ pairs, apart int }

// note counts what was done in a pair.
func (n *tally) note(a, b map[string]int) {
	both := maps.Clone(a)
	maps.Copy(both, b)
	for what := range both {
		h := n.did[what]
		h.pairs++
		if a[what] != b[what] {
			h.apart++
		}
		n.did[what] = h
	}
}

func (n *tally) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-22s %7s %7s\n", "done", "pairs", "apart")
	for _, what := range slices.Sorted(maps.Keys(n.did)) {
		fmt.Fprintf(&b, "%-22s %7d %7d\n", what, n.did[what].pairs, n.did[what].apart)
	}
	return b.String()
}

// secretly is what must happen in a campaign of some length because of what was reported, and alike what others do besides: it is
// there that somebody could tell. TestPairsKnowAllDeeds holds it against what there is.
var secretly, alike = []string{
	"Complain", "CheckIn true false", "CheckIn true true", "Keep hold", "Keep release", "File true", "Read", "Receipt",
	"Take correct", "Take defence", "Take enter", "Take lift", "Take no_entry", "Take order", "Take withdraw",
	"Handle accept", "Handle appeal", "Handle ask", "Handle categorise", "Handle close", "Handle decide", "Handle discipline", "Handle draft",
	"Handle exclude", "Handle extend", "Handle pass", "Handle perform", "Handle recuse", "Handle reply", "Handle send", "Handle take",
	"Handle transfer", "Handle urge", "Handle waive",
}, []string{
	"Appoint", "Dismiss", "Confirm true", "Confirm false", "Leave", "new head", "new receiver", "new authority",
	"NoteLeak", "Snooze", "NoteAbsence propose", "NoteAbsence agree", "NoteAbsence refuse", "NoteAbsence withdraw",
	"File false", "File true", "Hand out", "Package", "Handle accept", "Handle categorise", "Handle transfer", "Handle exclude", "Handle recuse",
}

// all: in a campaign of some length this much happens.
func (n *tally) all(t *testing.T) {
	for _, what := range secretly {
		if n.did[what].apart == 0 {
			t.Errorf("in no pair did it make a difference to %q", what)
		}
	}
	for _, what := range alike {
		if h := n.did[what]; h.pairs == h.apart {
			t.Errorf("in no pair was %q done alike", what)
		}
	}
}

// notInPairs are the deeds of which the pairs know nothing, and why.
var notInPairs = map[string]string{
	"Bind": "everybody is bound before a life begins", "Guess": "the same",
	"Keep propose": "a case is kept for thirty years", "Keep agree": "the same", "Keep refuse": "the same",
	"Take admonish":   "only whoever was entered twice is admonished, which takes longer than these lives",
	"Handle complain": "it is an effect of its own: Complain",
}

// TestPairsKnowAllDeeds: whatever can be done in the product happens in the pairs of worlds, or is named with the reason why not.
func TestPairsKnowAllDeeds(t *testing.T) {
	kinds := map[string]string{"Act": "Handle ", "Absence": "NoteAbsence ", "Deed": "Keep ", "Measure": "Take "}
	var all []string
	for _, f := range slices.Concat(sources(t, "../flows/law"), sources(t, "../flows")) {
		for _, m := range regexp.MustCompile(`\b(Act|Absence|Deed|Measure)Kind\s+= "(\w+)"`).FindAllStringSubmatch(f, -1) {
			all = append(all, kinds[m[1]]+m[2])
		}
		for _, m := range regexp.MustCompile(`func \((\w+)\) durable\(\)`).FindAllStringSubmatch(f, -1) {
			all = append(all, m[1])
		}
	}
	if len(all) < 45 {
		t.Fatalf("only %d deeds were found: %v", len(all), all)
	}
	known := slices.Concat(secretly, alike)
	for _, what := range all {
		said := slices.ContainsFunc(known, func(k string) bool { return k == what || strings.HasPrefix(k, what+" ") })
		if _, left := notInPairs[what]; said == left {
			t.Errorf("%q is in the pairs: %v, left out with a reason: %v", what, said, left)
		}
	}
}

// sources are the texts of a package's files.
func sources(t *testing.T, dir string) (out []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	must(t, err)
	for _, f := range files {
		b, err := os.ReadFile(f)
		must(t, err)
		out = append(out, string(b))
	}
	return out
}

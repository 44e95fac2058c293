package law

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares got with testdata/name, which a lawyer reads and signs.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is out of date; look at the difference, then run go test -update\n%s", path, firstDifference(got, string(want)))
	}
}

func firstDifference(got, want string) string {
	have, had := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(have), len(had)) {
		if have[i] != had[i] {
			return fmt.Sprintf("line %d\n got %s\nwant %s", i+1, have[i], had[i])
		}
	}
	return fmt.Sprintf("%d lines instead of %d", len(have), len(had))
}

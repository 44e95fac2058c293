package flows_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Every numbered rule has a conversation that shows it in its own words or, where none can, a test that is there
// (testdata/rules.txt).
func TestEveryRuleIsShown(t *testing.T) {
	table, err := os.ReadFile("testdata/rules.txt")
	if err != nil {
		t.Fatal(err)
	}
	tests := testsOf(t, "..")
	line := regexp.MustCompile(`^(R\d+\.\d+) \| \S.* \| (对话|测试) (\w+)：(.+)$`)
	seen := map[string]bool{}
	for _, l := range strings.Split(strings.TrimSpace(string(table)), "\n") {
		if l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		m := line.FindStringSubmatch(l)
		switch {
		case m == nil:
			t.Errorf("not a line of the table: %s", l)
		case seen[m[1]]:
			t.Errorf("%s is there twice", m[1])
		case m[2] == "测试" && !tests[m[3]]:
			t.Errorf("%s: there is no test %s", m[1], m[3])
		case m[2] == "对话" && !strings.Contains(spoken(t, m[3]), m[4]):
			t.Errorf("%s: the conversation %s does not say %s", m[1], m[3], m[4])
		}
		if m != nil {
			seen[m[1]] = true
		}
	}
	for article, rules := range map[string]int{"R2": 2, "R3": 3, "R4": 10, "R5": 8, "R6": 4, "R8": 12, "R9": 4, "R10": 6, "R11": 6, "R12": 1} {
		for n := range rules {
			if id := article + "." + strconv.Itoa(n+1); !seen[id] {
				t.Errorf("nothing shows %s", id)
			}
		}
	}
}

// spoken is a conversation without its comments, "" if there is none of that name.
func spoken(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "transcripts", name+".txt"))
	if err != nil {
		t.Error(err)
	}
	return regexp.MustCompile(`(?m)^#.*$`).ReplaceAllString(string(text), "")
}

// testsOf are the names of all tests below a folder.
func testsOf(t *testing.T, root string) map[string]bool {
	t.Helper()
	out, name := map[string]bool{}, regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range name.FindAllStringSubmatch(string(text), -1) {
			out[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

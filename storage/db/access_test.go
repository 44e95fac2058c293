package db_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// secret is every table whose rows tell that something was reported, by whom, to whom, or what was done about it.
var secret = regexp.MustCompile(`(?i)\b(?:FROM|JOIN)\s+(records|evidence|reports|stops|deliveries|acts|measures|closings|bars|checkins|deeds|absences|outbox|audit|logged|leaks|told)\b`)

// sealedColumns are read by nobody who has no authority to open them.
var sealedColumns = regexp.MustCompile(`(?i)\b(?:body|head)\b`)

var purposes = regexp.MustCompile(`^to(Decide|Route|Remind|Verify|Link|Keep|Archive|Dispose)$`)

// reading is what one function of the store reads, and on whose authority.
type reading struct {
	tables map[string]bool
	sealed bool            // reads a sealed column
	by     map[string]bool // the purposes it opens for
	handed bool            // it was handed a grant, or a pass
}

// readings are those of a package, by function.
func readings(t *testing.T, dir string) map[string]*reading {
	t.Helper()
	out := map[string]*reading{}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	must(t, err)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		must(t, err)
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				readsOf(out, funcName(d), d)
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if v, ok := s.(*ast.ValueSpec); ok {
						readsOf(out, v.Names[0].Name, v)
					}
				}
			}
		}
	}
	return out
}

func funcName(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return d.Name.Name
	}
	x := d.Recv.List[0].Type
	if p, ok := x.(*ast.StarExpr); ok {
		x = p.X
	}
	return x.(*ast.Ident).Name + "." + d.Name.Name
}

func readsOf(out map[string]*reading, name string, n ast.Node) {
	r := &reading{tables: map[string]bool{}, by: map[string]bool{}}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			s, err := strconv.Unquote(n.Value)
			if n.Kind != token.STRING || err != nil {
				return true
			}
			for _, m := range secret.FindAllStringSubmatch(s, -1) {
				r.tables[strings.ToLower(m[1])] = true
				r.sealed = r.sealed || strings.Contains(s, "SELECT") && sealedColumns.MatchString(s)
			}
		case *ast.Ident:
			if purposes.MatchString(n.Name) {
				r.by[n.Name] = true
			}
		case *ast.FuncType:
			for _, f := range n.Params.List {
				x := f.Type
				if p, ok := x.(*ast.StarExpr); ok {
					x = p.X
				}
				if id, ok := x.(*ast.Ident); ok && (id.Name == "grant" || id.Name == "pass") {
					r.handed = true
				}
			}
		}
		return true
	})
	if _, function := n.(*ast.FuncDecl); len(r.tables) > 0 || function && len(r.by) > 0 { // or has others read for it
		out[name] = r
	}
}

// Whatever reads what is secret was handed a grant of authorize, or stands in a list that somebody has looked through. A new
// read makes this fail: let it be made with a grant. The list is for what the store does by itself, of which nothing is given
// to anybody.
func TestEverySecretReadIsAccountedFor(t *testing.T) {
	var b strings.Builder
	found, handed := readings(t, "."), 0
	for _, name := range slices.Sorted(maps.Keys(found)) {
		r := found[name]
		if r.handed {
			handed++
			continue
		}
		what := strings.Join(slices.Sorted(maps.Keys(r.tables)), " ")
		if r.sealed {
			what += ", sealed"
		}
		if len(r.by) > 0 {
			what += "; " + strings.Join(slices.Sorted(maps.Keys(r.by)), " ")
		}
		fmt.Fprintf(&b, "%s: %s\n", name, strings.TrimPrefix(what, "; "))
	}
	if len(found) < 20 || handed < 5 {
		t.Fatalf("only %d functions were found to read anything, %d with a grant: the test is blind", len(found), handed)
	}
	golden(t, "reads.txt", b.String())
}

// What is sealed is opened in sealed.go alone, and decisions are made in authorize.go alone.
func TestOneDoor(t *testing.T) {
	files, err := filepath.Glob("*.go")
	must(t, err)
	only := map[string]map[string]bool{ // what, and in which files it may stand
		`Keys\.Open\(`:             {"sealed.go": true},
		`&?grant\{`:                {"authorize.go": true},
		`\.ids\b`:                  {"authorize.go": true},
		`\.relate\(|\.decide\(`:    {"authorize.go": true},
		`INSERT INTO audit\b`:      {"note.go": true},
		`INSERT INTO logged\b`:     {"note.go": true},
		`\bpurpose( =|\()`:         {"sealed.go": true},
		`\.with\(`:                 {"authorize.go": true, "desk.go": true, "follow.go": true, "keeping.go": true, "absence_desk.go": true, "integrity.go": true, "proceeding.go": true}, // lists: what their own query, eligible or oversees decided
		`func \(\w+ \*?DB\) SQL\(`: {"open.go": true},
	}
	seen := map[string]int{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		src, err := os.ReadFile(name)
		must(t, err)
		for what, where := range only {
			n := len(regexp.MustCompile(what).FindAll(src, -1))
			seen[what] += n
			if n > 0 && !where[name] {
				t.Errorf("%s: %s may stand in %v only: go through authorize (see doc.go)", name, what, slices.Sorted(maps.Keys(where)))
			}
		}
	}
	for what := range only {
		if seen[what] == 0 {
			t.Errorf("%s was found nowhere: the test is blind", what)
		}
	}
}

// Nothing outside the store asks the database for what is secret.
func TestNobodyElseReads(t *testing.T) {
	n := 0
	must(t, filepath.WalkDir("../..", func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		rel, err := filepath.Rel("../..", path)
		must(t, err)
		if strings.HasPrefix(rel, filepath.Join("storage", "db")+string(filepath.Separator)) {
			return nil
		}
		n++
		src, err := os.ReadFile(path)
		must(t, err)
		if m := secret.FindAllString(string(src), -1); len(m) > 0 {
			t.Errorf("%s asks for %v: the store must be asked, with the caller", rel, m)
		}
		return nil
	}))
	if n < 50 {
		t.Fatalf("only %d files were looked at", n)
	}
}

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares got with testdata/name, which somebody has read.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		must(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	must(t, err)
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

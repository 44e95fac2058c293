// Package intake reads the lists that institutions and authorities keep in Excel, WPS or CSV: people and cases. It forgives how
// they are written (encoding, titles, column order, dates) and never guesses what they say: what is unclear is a Fault with the
// row Excel shows, a reason and what to do. Nothing is stored here.
package intake

import (
	"bytes"
	"cmp"
	"errors"
	"path"
	"slices"
	"strconv"
	"strings"

	"liuhen/flows/law"
	"liuhen/flows/text"
)

// Limits of a file. They bound time and memory whatever a file claims about itself.
const (
	MaxFileBytes   = 5 << 20  // of the file
	maxUnzipped    = 32 << 20 // of everything in a workbook
	maxPart        = 8 << 20  // of one part of a workbook
	maxRows        = 10_000   // rows with content, all sheets together
	maxColumns     = 50
	maxCell        = 32_767 // characters, Excel's own limit
	maxFaults      = 200
	maxNotes       = 200
	maxEcho        = 40 // characters of a cell shown in a message
	headerRows     = 10
	maxAppraisers  = 50
	maxName        = 60
	maxUnit        = 100
	maxNumber      = 100
	maxLicence     = 40
	maxClient      = 200
	maxMatter      = 1000
	maxPartEntries = 2000 // parts of a workbook
)

// Batch is what a file says. A row with a fault is in Faults and not in People or Cases.
type Batch struct {
	People  []Person
	Cases   []Case
	Faults  []Fault // the first 200; anything here means the file should be corrected
	Omitted int     // faults beyond those listed
	Notes   []Fault // remarks that refuse nothing: sheets and columns left out, characters removed
}

// Person is one person in one role. A person is identified by unit and licence, or by unit and name without a licence; the
// unit is the institution, or the authority where Institution is empty.
type Person struct {
	Row         int // as Excel shows it
	Sheet       string
	Authority   string // supervising organ
	Superior    string // the authority above it, "" if not given
	Institution string // "" for people of the authority itself
	Name        string
	Role        law.Role
	Licence     string // as typed, leading zeros kept
	Party       text.ListAnswer
	Left        law.Date // since when they no longer hold the role, zero if they do
	Former      string   // the authority that the institution belonged to before, "" if not given
}

// Unit is the institution, or the authority of people who belong to none.
func (p Person) Unit() string {
	if p.Institution != "" {
		return p.Institution
	}
	return p.Authority
}

// Case is one case. Institution and MatchKey identify it.
type Case struct {
	Row         int // as Excel shows it
	Sheet       string
	Institution string
	Number      string // as typed
	MatchKey    string
	Matter      string
	Client      string
	ClientType  text.ListClientKind // "" if not given
	Appraisers  []string            // names, or "name(licence or its end)": see SplitAppraiser
	Accepted    law.Date            // zero if not given
	Closed      law.Date            // zero while open
	ClosingKind text.ListClosingKind
}

// Fault is something wrong, or worth remarking, in a file. Row 0 is the sheet as a whole, an empty Sheet the file (CSV has none).
type Fault struct {
	File   string
	Sheet  string
	Row    int
	Column text.ListColumn
	Code   text.ListCode
	Args   []string // at most 40 characters each of what a cell says
}

// Text is the sentence for people, in the locale (zh-Hans by default, or en).
func (f Fault) Text(locale string) string {
	return text.ListSentence(locale, text.ListPlace{File: f.File, Sheet: f.Sheet, Row: f.Row, Column: f.Column}, f.Code, f.Args...)
}

// Error is Text in Chinese: a file that cannot be read at all is reported as an error.
func (f Fault) Error() string { return f.Text(text.ZhHans) }

// FaultTexts are the sentences of all faults, and how many more there are.
func (b *Batch) FaultTexts(locale string) []string {
	var out []string
	for _, f := range b.Faults {
		out = append(out, f.Text(locale))
	}
	if b.Omitted > 0 {
		out = append(out, text.ListMore(locale, b.Omitted))
	}
	return out
}

// Read reads a people list, a case list, or a workbook of both. name is the file's name, for messages; the kind of file is told
// by its content. Dates after the day after today are faults. A file that cannot be read as a table is an error, always a
// Fault; everything found within a table is in the Batch.
func Read(name string, data []byte, today law.Date) (*Batch, error) {
	r := &reader{batch: &Batch{}, today: today, bad: map[place]bool{}, spoilt: map[caseKey]bool{}}
	if name != "" {
		r.file = echo(path.Base(strings.ReplaceAll(name, `\`, "/")))
	}
	grids, err := r.open(data)
	if err != nil {
		return nil, r.asFault(err)
	}
	lists := 0
	for _, g := range grids {
		if r.table(g) {
			lists++
		}
	}
	if lists == 0 {
		return nil, r.asFault(refuse(text.ListFileNoHeader, headerRows))
	}
	r.comparePeople()
	r.compareCases()
	r.arrange()
	return r.batch, nil
}

// place is one row of the file.
type place struct {
	sheet string
	row   int
}

type reader struct {
	file  string
	batch *Batch
	today law.Date
	bad   map[place]bool // rows with a fault

	spoilt map[caseKey]bool // cases with a row at fault
}

func (r *reader) open(data []byte) ([]grid, error) {
	switch {
	case len(data) > MaxFileBytes:
		return nil, refuse(text.ListFileTooBig, MaxFileBytes>>20)
	case len(bytes.TrimSpace(data)) == 0:
		return nil, refuse(text.ListFileEmpty)
	}
	switch sniff(data) {
	case formatOldExcel:
		return nil, refuse(text.ListFileOldExcel)
	case formatLocked:
		return nil, refuse(text.ListFileLocked)
	case formatForeign:
		return nil, refuse(text.ListFileForeign)
	case formatZip:
		return r.openWorkbook(data)
	case formatText:
	}
	s, err := decodeText(data)
	if err != nil {
		return nil, err
	}
	g, err := parseText(s)
	if err != nil {
		return nil, err
	}
	return []grid{g}, nil
}

// openWorkbook reads the sheets that may hold lists and remarks on the others.
func (r *reader) openWorkbook(data []byte) ([]grid, error) {
	wb, err := openBook(data)
	if err != nil {
		return nil, err
	}
	var grids []grid
	rows := 0
	for _, s := range wb.sheets {
		if s.hidden {
			r.note(s.name, 0, "", text.ListSheetHidden)
			continue
		}
		g, err := wb.read(s, maxRows-rows)
		if err != nil {
			return nil, err
		}
		if len(g.rows) == 0 {
			r.note(s.name, 0, "", text.ListSheetEmpty)
			continue
		}
		rows += len(g.rows)
		grids = append(grids, g)
	}
	return grids, nil
}

// arrange puts the faults in the order of the file, sheet by sheet, and keeps those that are listed.
func (r *reader) arrange() {
	sheets := map[string]int{}
	for _, f := range r.batch.Faults {
		if _, ok := sheets[f.Sheet]; !ok {
			sheets[f.Sheet] = len(sheets)
		}
	}
	slices.SortStableFunc(r.batch.Faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(sheets[a.Sheet], sheets[b.Sheet]), cmp.Compare(a.Row, b.Row))
	})
	if n := len(r.batch.Faults); n > maxFaults {
		r.batch.Faults, r.batch.Omitted = slices.Clone(r.batch.Faults[:maxFaults]), n-maxFaults
	}
}

// refuse is the error of a file that cannot be read.
func refuse(code text.ListCode, args ...int) error {
	f := Fault{Code: code}
	for _, a := range args {
		f.Args = append(f.Args, strconv.Itoa(a))
	}
	return f
}

func (r *reader) asFault(err error) Fault {
	var f Fault
	if !errors.As(err, &f) {
		f = Fault{Code: text.ListFileBroken}
	}
	f.File = r.file
	return f
}

func (r *reader) fault(sheet string, row int, col text.ListColumn, code text.ListCode, args ...string) {
	r.bad[place{sheet, row}] = true
	r.batch.Faults = append(r.batch.Faults, Fault{r.file, echo(sheet), row, col, code, echoes(args)})
}

func (r *reader) note(sheet string, row int, col text.ListColumn, code text.ListCode, args ...string) {
	if len(r.batch.Notes) < maxNotes {
		r.batch.Notes = append(r.batch.Notes, Fault{r.file, echo(sheet), row, col, code, args})
	}
}

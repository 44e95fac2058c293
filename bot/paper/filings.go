package paper

import (
	"cmp"
	"fmt"

	"liuhen/flows"
	"liuhen/flows/text"
)

// Filings prints the list of who filed for the cases that an institution closed in a quarter, person by person (E20). It says whether and
// when, never what; in Chinese whatever the reader's locale.
//
// It fails when the embedded font cannot be read.
func Filings(l flows.FilingList, o Options) (Document, error) {
	q := l.Quarter
	lines := []Line{
		{Name: text.FilingsOf, Says: l.Institution},
		{Name: text.FilingsSpan, Says: fmt.Sprintf(text.FilingsSays, q.From(), q.Until(), q.Y, q.N)},
		{Name: text.FilingsSum, Says: counted(l.Lines)},
		{Name: text.FilingsMade, Says: fmt.Sprintf(text.FilingsMadeBy, l.Made, l.By)},
	}
	for from := 0; from < len(l.Lines); {
		to := from
		for to < len(l.Lines) && l.Lines[to].Person == l.Lines[from].Person {
			to++
		}
		of := l.Lines[from:to]
		lines = append(lines, Line{Name: of[0].Signer, Says: counted(of)})
		for i, x := range of {
			lines = append(lines, Line{Name: fmt.Sprint(i + 1), Says: fmt.Sprintf(text.FilingsCase, x.Number, x.Closed) + "\n" + filing(x)})
		}
		from = to
	}
	d, err := Table(text.FilingsTitle, lines, text.FilingsNote, o)
	d.kind = "list"
	return d, err
}

// counted is how many filed, of how many.
func counted(list []flows.Filing) string {
	filed, absent := 0, 0
	for _, x := range list {
		switch {
		case !x.Filed.IsZero():
			filed++
		case x.Absent != nil:
			absent++
		}
	}
	if len(list) == 0 {
		return text.FilingsNone
	}
	return fmt.Sprintf(text.FilingsCounts, len(list), filed, absent, len(list)-filed-absent)
}

func filing(x flows.Filing) string {
	says := ""
	if !x.Filed.IsZero() {
		says = fmt.Sprintf(text.FilingsFiled, x.Filed, x.Code)
	} else if x.Absent != nil {
		says = fmt.Sprintf(text.FilingsAbsent, x.Absent.Index())
	}
	return cmp.Or(says, text.FilingsMissing)
}

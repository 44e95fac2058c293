package intake

import (
	"slices"
	"strconv"
	"unicode/utf8"

	"liuhen/flows/text"
)

// kase reads one row of the case list.
func (l *line) kase() {
	c := Case{
		Row: l.row.num, Sheet: l.sheet,
		Institution: l.need(text.ListInstitution, CleanUnit, maxUnit),
		Number:      l.need(text.ListNumber, cleanText, maxNumber),
		Matter:      l.need(text.ListMatter, cleanText, maxMatter),
		Client:      l.clean(text.ListClient, cleanText, maxClient),
		ClientType:  l.clientType(),
		Appraisers:  l.appraisers(),
		Accepted:    l.date(text.ListAccepted),
		Closed:      l.date(text.ListClosed),
	}
	l.digitsKept(text.ListNumber)
	c.ClosingKind = l.closing(c)
	if !c.Accepted.IsZero() && !c.Closed.IsZero() && c.Closed.Before(c.Accepted) {
		l.fault(text.ListClosed, text.ListClosedFirst, c.Closed.String(), c.Accepted.String())
	}
	if utf8.RuneCountInString(c.Number) <= maxNumber {
		c.MatchKey = MatchKey(c.Number)
	}
	if l.bad() {
		l.r.spoilt[caseKey{c.Institution, c.MatchKey}] = true
		return
	}
	l.r.batch.Cases = append(l.r.batch.Cases, c)
}

// clientType is the kind of client; an unknown word is taken as "other" with a remark, because Art. 8 asks an officer then.
func (l *line) clientType() text.ListClientKind {
	s := l.clean(text.ListClientType, word, maxCell)
	if s == "" {
		return ""
	}
	kind, ok := text.FindListClientKind(s)
	if !ok {
		l.note(text.ListClientType, text.ListClientGuess, echo(s), string(text.ListOtherClient))
		return text.ListOtherClient
	}
	return kind
}

func (l *line) appraisers() []string {
	s := l.need(text.ListAppraisers, folded, maxCell)
	names, ok := splitNames(s)
	switch {
	case !ok:
		l.fault(text.ListAppraisers, text.ListNamesUnclear, s)
		return nil
	case s != "" && len(names) == 0:
		l.fault(text.ListAppraisers, text.ListRequired)
	case len(names) > maxAppraisers:
		l.fault(text.ListAppraisers, text.ListTooManyAppraisers, strconv.Itoa(maxAppraisers))
		return nil
	}
	var out []string
	for _, n := range names {
		if utf8.RuneCountInString(n) > maxName {
			l.fault(text.ListAppraisers, text.ListTooLong, strconv.Itoa(maxName))
		}
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// closing is how the case ended (domain 3.5). A closed case without a word on it ended with an opinion.
func (l *line) closing(c Case) text.ListClosingKind {
	s := l.clean(text.ListClosing, word, maxCell)
	if s == "" {
		if c.Closed.IsZero() {
			return ""
		}
		return text.ListOpinion
	}
	kind, ok := text.FindListClosing(s)
	switch {
	case !ok:
		l.fault(text.ListClosing, text.ListBadClosing, s)
	case c.Closed.IsZero() && l.at(text.ListClosed).blank():
		l.fault(text.ListClosed, text.ListClosingUndated, s)
	}
	return kind
}

type caseKey struct{ institution, number string }

// compareCases joins rows of one case that list its appraisers one by one, and finds rows that contradict each other; neither of
// those is kept, nor a case with another row at fault: it might lack an appraiser.
func (r *reader) compareCases() {
	kept := r.batch.Cases[:0]
	seen := map[caseKey]int{}
	for _, c := range r.batch.Cases {
		k := caseKey{c.Institution, c.MatchKey}
		i, again := seen[k]
		if !again {
			seen[k] = len(kept)
			kept = append(kept, c)
			continue
		}
		r.again(&kept[i], c)
	}
	r.batch.Cases = slices.DeleteFunc(kept, func(c Case) bool {
		return r.bad[place{c.Sheet, c.Row}] || r.spoilt[caseKey{c.Institution, c.MatchKey}]
	})
}

func (r *reader) again(first *Case, c Case) {
	row := rowName(first.Sheet, first.Row, c.Sheet)
	contradicts := func(col text.ListColumn, code text.ListCode, args ...string) {
		r.bad[place{first.Sheet, first.Row}] = true
		r.fault(c.Sheet, c.Row, col, code, args...)
	}
	if tight(first.Number) != tight(c.Number) {
		contradicts(text.ListNumber, text.ListNumberAlike, c.Number, row)
		return
	}
	if col := differs(*first, c); col != "" {
		contradicts(col, text.ListCaseDiffers, row, string(col))
		return
	}
	added := false
	for _, a := range c.Appraisers {
		if !slices.Contains(first.Appraisers, a) {
			first.Appraisers = append(first.Appraisers, a)
			added = true
		}
	}
	code := text.ListRowTwice
	if added {
		code = text.ListCaseJoined
	}
	r.note(c.Sheet, c.Row, "", code, row)
}

// differs is the first column, other than the appraisers, in which two rows of a case contradict each other.
func differs(a, b Case) text.ListColumn {
	switch {
	case a.Matter != b.Matter:
		return text.ListMatter
	case a.Client != b.Client:
		return text.ListClient
	case a.ClientType != b.ClientType:
		return text.ListClientType
	case a.Accepted != b.Accepted:
		return text.ListAccepted
	case a.Closed != b.Closed:
		return text.ListClosed
	case a.ClosingKind != b.ClosingKind:
		return text.ListClosing
	}
	return ""
}

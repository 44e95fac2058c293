package flows

import (
	"strings"
	"time"

	"liuhen/flows/text"
)

// Turnover is what those see who oversee the signers of cases: whom a later list put on a case or took off it (Art. 4).
type Turnover struct {
	Changes []SignerChange // the latest first; asked for in the room alone
}

// SignerChange is one change of the signers of a case by a list. Who is taken off has not filed: whoever has filed stays.
type SignerChange struct {
	Number      string
	Institution string // name
	Name        string
	In          bool // put on it, rather than taken off
	Closed      bool // the case was closed by then
	At          time.Time
}

// Words is what became of the signer, in one word.
func (c SignerChange) Words(locale string) string {
	switch {
	case c.In:
		return text.Say(locale, text.SignerIn)
	case c.Closed:
		return text.Say(locale, text.SignerOutLate)
	}
	return text.Say(locale, text.SignerOut)
}

func (v view) signers() Screen {
	x := v.d.Turnover
	if x == nil {
		return Screen{Text: v.say(text.SignersNotYours), Rows: [][]Button{v.home()}}
	}
	lines := []string{v.say(text.SignersAbout)}
	n := len(x.Changes)
	page, from, to := v.page(n, pageSize)
	for _, c := range x.Changes[from:to] {
		lines = append(lines, v.say(text.SignerLine, v.moment(c.At), c.Number, c.Institution, c.Name, c.Words(v.d.Locale)))
	}
	if n == 0 {
		lines = append(lines, v.say(text.SignersNone))
	}
	return Screen{Text: clip(strings.Join(lines, "\n\n"), screenLimit), Rows: append(v.pager(page, n, pageSize), v.home())}
}

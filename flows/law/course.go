package law

import (
	"fmt"
	"slices"
	"strings"
)

// Showing is how much of an act about a report somebody who handles it is shown.
type Showing uint8

// The showings. The zero value is nothing.
const (
	ShowState Showing = iota + 1 // that it was done, when, and by which unit: not by whom, in which words, about what
	ShowWhole
)

var (
	showingNames = []string{"", "state", "whole"}
	showingWords = []string{"不显示", "只显示办到哪一步、哪一天、哪个单位", "全部"}
)

// String is the showing's stable identifier.
func (s Showing) String() string { return name(showingNames, s) }

// origin is where an act comes from, as its reader stands to it.
type origin uint8

const (
	ownUnit      origin = iota + 1 // the reader's own unit
	fromReporter                   // the reporter, to all who handle it or in answer to a question that the reader's unit may read
	below                          // a unit whose work the reader's unit supervises
	handedOver                     // another organ, up to its handing the report over (Art. 8 (二))
	elsewhere                      // any other unit; an answer to its question
)

var originWords = []string{"", "本单位", "报告人（答复提问的，随提问）", "下级单位", "移送来的机关（移送以前）", "其他单位，对其提问的答复"}

// shownRow is one row of the table of what is shown.
type shownRow struct {
	from  origin
	kinds []ActKind // nil: every kind
	show  Showing
	cite  Cite
}

// shownTable says what the handlers of a unit are shown of what was done about a report. An institution that reported to its authority
// needs to know that it was taken up and that it was dealt with (Art. 6); what the authority asked, decided, wrote, and which of
// its people did so, is the authority's (Art. 10). The first row that matches counts; without one nothing is shown.
var shownTable = []shownRow{
	{ownUnit, nil, ShowWhole, reading(10, 0, "R10.1")},
	{fromReporter, nil, ShowWhole, art(5, 0)},
	{below, []ActKind{Draft, Send}, 0, reading(10, 0, "R8.8")},
	{below, nil, ShowWhole, art(6, 0)},
	{handedOver, []ActKind{Draft, Send}, 0, reading(10, 0, "R8.8")},
	{handedOver, nil, ShowWhole, item8(2)},
	{elsewhere, []ActKind{Accept, Transfer, Close}, ShowState, reading(10, 0, "R8.12")},
}

// Shown says how much of each act about a report the handlers of a unit are shown (Art. 10). The acts are all of them, in their
// order; of each its kind and unit count.
func Shown(m Matter, reader UnitID, acts []Step) []Showing {
	at := map[UnitID]Level{}
	for _, a := range m.Arrivals {
		at[a.Unit] = a.Level
	}
	handed := map[UnitID]int{} // the last act of a unit that handed the report over
	for i, s := range acts {
		if s.Kind == Transfer {
			handed[s.Unit] = i
		}
	}
	out, asked := make([]Showing, len(acts)), ShowWhole
	for i, s := range acts {
		from, over := elsewhere, false
		if last, did := handed[s.Unit]; did {
			over = i <= last
		}
		switch {
		case s.Unit == "" && (s.Kind != Reply || asked == ShowWhole):
			from = fromReporter
		case s.Unit == "":
		case s.Unit == reader:
			from = ownUnit
		case at[reader].Above(at[s.Unit]):
			from = below
		case over && at[reader].organ():
			from = handedOver
		}
		if out[i] = shown(from, s.Kind); s.Kind == Ask {
			asked = out[i]
		}
	}
	return out
}

func shown(from origin, k ActKind) Showing {
	for _, r := range shownTable {
		if r.from == from && (r.kinds == nil || slices.Contains(r.kinds, k)) {
			return r.show
		}
	}
	return 0
}

func explainShown() string {
	var b strings.Builder
	b.WriteString("十、办理经过显示给谁（一个单位收到报告的，其经办人能看到的；自上而下，以第一条符合的为准）\n\n")
	for i, r := range shownTable {
		what := "任何一项"
		if r.kinds != nil {
			var names []string
			for _, k := range r.kinds {
				names = append(names, actWords[k])
			}
			what = strings.Join(names, "、")
		}
		fmt.Fprintf(&b, "%d. %s：%s → %s（%s）\n", i+1, originWords[r.from], what, showingWords[r.show], r.cite)
	}
	b.WriteString("没有符合的，不显示。不显示的，也不通知。\n")
	return b.String()
}

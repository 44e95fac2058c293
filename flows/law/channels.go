package law

import "slices"

// condition is one statement about the facts, in words and as a test.
type condition struct {
	says  string
	holds func(Facts) bool
}

// channelRow is one row of a policy's table of channels: when all conditions hold and no row above it matched, the
// reporter may choose among allowed, the first of which is preselected.
type channelRow struct {
	when    []condition // none: everything else
	allowed []Channel
	cites   []Cite
	direct  Cite // what brings the report to the authority, if it goes there
}

var (
	ifHead = condition{"鉴定机构负责人有第三条规定情形", func(f Facts) bool { return f.HeadImplicated }}

	ifSuperior = condition{"鉴定机构所属单位（医院、高校等）的领导有第三条规定情形", func(f Facts) bool { return f.Superior }}

	ifInternal = condition{"鉴定机构其他人员有第三条规定情形", func(f Facts) bool { return f.InternalImplicated }}

	ifSerious = condition{"报告人认为造成严重后果", func(f Facts) bool { return f.Serious == Yes }}

	mayBypass     = []Channel{ToAuthority, ToInstitution, ToBoth}
	mayBypassAlso = []Channel{ToAuthority, ToBoth}

	guangdong31 = Cite{Source: Guangdong, Article: 31, Item: 4}
)

// channelTables are the tables of channels by policy. 可以 is a right, not a duty: wherever the direct channel is open it is
// preselected, and the institution stays open to the reporter's own choice (AM-9). Guangdong adds the authority to every
// report (R5.6).
var channelTables = map[string][]channelRow{
	Ministry2020: {
		{[]condition{ifHead}, mayBypass, []Cite{art(5, 2), reading(5, 2, "AM-9")}, art(5, 2)},
		{[]condition{ifSuperior}, mayBypass, []Cite{reading(5, 2, "AM-7")}, reading(5, 2, "AM-7")},
		{[]condition{ifInternal, ifSerious}, mayBypass, []Cite{art(5, 3), reading(5, 3, "AM-8")}, art(5, 3)},
		{nil, []Channel{ToInstitution}, []Cite{art(5, 1)}, reading(5, 2, "AM-9")},
	},
	Guangdong2022: {
		{[]condition{ifHead}, mayBypassAlso, []Cite{art(5, 2), guangdong31}, art(5, 2)},
		{[]condition{ifSuperior}, mayBypassAlso, []Cite{reading(5, 2, "AM-7"), guangdong31}, reading(5, 2, "AM-7")},
		{[]condition{ifInternal, ifSerious}, mayBypassAlso, []Cite{art(5, 3), reading(5, 3, "AM-8"), guangdong31}, art(5, 3)},
		{nil, []Channel{ToBoth}, []Cite{art(5, 1), guangdong31}, guangdong31},
	},
}

func (r channelRow) matches(f Facts) bool {
	for _, c := range r.when {
		if !c.holds(f) {
			return false
		}
	}
	return true
}

// channelRowFor is the first row that matches, and its index. The last row of every table has no condition.
func channelRowFor(p Policy, f Facts) (channelRow, int) {
	rows := p.channels()
	i := slices.IndexFunc(rows, func(r channelRow) bool { return r.matches(f) })
	return rows[i], i
}

// Channels are the channels that the facts open, the one to preselect, and the articles this rests on (Art. 5).
func Channels(p Policy, f Facts) (allowed []Channel, preselected Channel, cites []Cite) {
	row, _ := channelRowFor(p, f)
	return slices.Clone(row.allowed), row.allowed[0], slices.Clone(row.cites)
}

// channel is the channel a report takes. What the reporter chose is honoured even where today's facts would no longer offer
// it: a report filed past the institution never falls back to it. A choice of the institution alone becomes both where the
// policy always tells the authority too. Without a choice it is the preselected one.
func channel(p Policy, f Facts, chosen Channel) Channel {
	allowed, preselected, _ := Channels(p, f)
	switch {
	case chosen == 0 || int(chosen) >= len(channelNames):
		return preselected
	case chosen == ToInstitution && !slices.Contains(allowed, ToInstitution):
		return ToBoth
	}
	return chosen
}

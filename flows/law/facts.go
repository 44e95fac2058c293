package law

import "slices"

// Answer is a reporter's answer in their own words; the system never judges it (AM-8).
type Answer uint8

// The answers.
const (
	NotAsked Answer = iota
	Yes             // 是
	No              // 否
	Unsure          // 不清楚
)

var answerNames = []string{"not_asked", "yes", "no", "unsure"}

// String is the answer's stable identifier.
func (a Answer) String() string { return name(answerNames, a) }

// Facts are what a reporter stated about the interferers, as far as the law asks. Positions are about persons: one
// interferer may make several true. Where a reporter is unsure whether a person not on the list is a head or a leader, the
// caller states true, for a wrong exclusion costs a detour and a wrong inclusion the reporter's safety.
type Facts struct {
	HeadImplicated     bool   // 鉴定机构负责人 (Art. 5 ¶2)
	Superior           bool   // a leader of the hospital or university above the institution: excluded and routed like a head (AM-7)
	InternalImplicated bool   // other 鉴定机构内部人员 (Art. 5 ¶3)
	OfficerImplicated  bool   // 司法行政机关工作人员 (Art. 8 (二))
	LeadImplicated     bool   // the leader of the institution's own authority (AM-15)
	Client             bool   // 委托人 or its staff
	Litigant           bool   // 案件当事人或其代理人
	Other              bool   // 其他, Superior apart
	Serious            Answer // 造成严重后果 (Art. 5 ¶3)
	Party              Answer // an interferer is a Party member (Art. 7 ¶2)
}

// Level is how high a stop of a report stands.
type Level uint8

// The levels. The zero value is none: nobody is eligible at it.
const (
	Institution       Level = iota + 1 // 所在司法鉴定机构
	Authority                          // 主管该机构的司法行政机关
	SuperiorAuthority                  // any organ above it
	PartyOrganisation                  // 机构党组织: the Party's own track only (Art. 7 ¶2)
)

var levelNames = []string{"", "institution", "authority", "superior_authority", "party"}

// Above reports whether a level supervises another: organs the institution and its Party organisation, a superior organ the authority.
func (l Level) Above(other Level) bool {
	rank := map[Level]int{Institution: 1, PartyOrganisation: 1, Authority: 2, SuperiorAuthority: 3}
	return rank[l] > rank[other]
}

// organ reports whether the level is that of a 司法行政机关.
func (l Level) organ() bool { return l == Authority || l == SuperiorAuthority }

// String is the level's stable identifier.
func (l Level) String() string { return name(levelNames, l) }

// ParseLevel is the level with that identifier.
func ParseLevel(s string) (Level, bool) { return parse[Level](levelNames, s) }

// Channel is to whom a report is addressed (Art. 5).
type Channel uint8

// The channels. The zero value is "not chosen".
const (
	ToInstitution Channel = iota + 1 // 报告所在机构
	ToAuthority                      // 直接报告主管司法行政机关
	ToBoth                           // both
)

var channelNames = []string{"", "institution", "authority", "both"}

// String is the channel's stable identifier.
func (c Channel) String() string { return name(channelNames, c) }

// ParseChannel is the channel with that identifier.
func ParseChannel(s string) (Channel, bool) { return parse[Channel](channelNames, s) }

func name[T ~uint8](names []string, v T) string {
	if int(v) < len(names) {
		return names[v]
	}
	return ""
}

func parse[T ~uint8](names []string, s string) (T, bool) {
	i := slices.Index(names, s)
	if s == "" || i < 0 {
		return 0, false
	}
	return T(i), true
}

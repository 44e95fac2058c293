package form

// OptionUnlisted is the choice "not on the list" of items whose options come from the register of people.
const OptionUnlisted OptionID = "unlisted"

// The items of the 2020 edition. Names are stored in records for decades.
const (
	Reason      ItemID = "reason"      // why an earlier entry is superseded (R4.9)
	Outcome     ItemID = "outcome"     // 无此类情况, or a situation of Art. 3
	Article3    ItemID = "article3"    // which item of Art. 3 (R3.2)
	Interferers ItemID = "interferers" // 干预人
	Insiders    ItemID = "insiders"    // which colleague
	IsHead      ItemID = "head"        // is the unlisted colleague the head (Art. 5 ¶2)
	Serious     ItemID = "serious"     // 造成严重后果 (Art. 5 ¶3)
	Officers    ItemID = "officers"    // which officer
	IsLead      ItemID = "lead"        // does the unlisted officer lead the organ (AM-15)
	Superior    ItemID = "superior"    // a leader of the unit above the institution (AM-7)
	Party       ItemID = "party"       // Party member (Art. 7)
	Content     ItemID = "content"     // 干预内容
	When        ItemID = "when"        // the day it happened (AM-6)
	Where       ItemID = "where"       // the place
	Means       ItemID = "means"       // 明示、暗示、强迫; in person, by telephone …
	Particulars ItemID = "particulars" // 具体情况
	Evidence    ItemID = "evidence"    // Art. 4: 固定相关证据
	Channel     ItemID = "channel"     // Art. 5: to whom the report goes
)

// The options of the 2020 edition. Names are stored in records for decades.
const (
	None  OptionID = "none"  // 无此类情况
	Event OptionID = "event" // a situation of Art. 3

	Art3Favour    OptionID = "a31"  // 第三条（一）
	Art3Meeting   OptionID = "a32"  // 第三条（二）
	Art3Accept    OptionID = "a33a" // 第三条（三） 违规受理案件
	Art3Opinion   OptionID = "a33b" // 第三条（三） 出具特定鉴定意见
	Art3Terminate OptionID = "a33c" // 第三条（三） 终止鉴定
	Art3Other     OptionID = "a34"  // 第三条（四）

	Client    OptionID = "client"    // 委托人
	Litigant  OptionID = "litigant"  // 案件当事人或其代理人
	Insider   OptionID = "insider"   // 鉴定机构内部人员
	Official  OptionID = "official"  // 司法行政机关工作人员
	Other     OptionID = "other"     // 其他
	Favour    OptionID = "favour"    // 请托说情
	Procedure OptionID = "procedure" // 干预鉴定程序
	Opinion   OptionID = "opinion"   // 干预鉴定意见

	Yes    OptionID = "yes"    // 是
	No     OptionID = "no"     // 否
	Unsure OptionID = "unsure" // 不清楚

	Direct      OptionID = "direct"      // 直接报告主管司法行政机关
	Institution OptionID = "institution" // 报告所在机构
	Both        OptionID = "both"        // both at once (AM-9)
)

// StoryLimit is the length of 具体情况 in characters.
const StoryLimit = 10_000

func event(a Answers) bool { return a.One(Outcome) == Event }

func names(o OptionID) func(Answers) bool {
	return func(a Answers) bool { return event(a) && a.Has(Interferers, o) }
}

func yesNo() []Option { return []Option{{ID: Yes}, {ID: No}, {ID: Unsure}} }

// Edition2020 is the sheet annexed to 司办通〔2020〕56号, with the follow-up questions that Arts. 3, 5 and 7 need.
// Block 2 of the printed sheet lacks 委托人; that is a matter of printing (AM-1): every signer has the same data.
var Edition2020 = &Edition{
	ID:     "2020",
	Title:  "干预司法鉴定活动记录表",
	Footer: "注：多于 2 名鉴定人或其他人员的案件，请自行增加附表。",
	Items: []Item{
		{ID: Reason, Kind: Line, Limit: 500, Visible: func(a Answers) bool { _, asked := a[Reason]; return asked }},
		{ID: Outcome, Kind: Choice, Options: []Option{{ID: None, Label: "无此类情况"}, {ID: Event}}},
		{ID: Article3, Kind: Boxes, Visible: event, Limit: 200, Options: []Option{
			{ID: Art3Favour, Label: "（一）为当事人请托说情"},
			{ID: Art3Meeting, Label: "（二）邀请私下会见"},
			{ID: Art3Accept, Label: "（三）违规受理案件"},
			{ID: Art3Opinion, Label: "（三）出具特定鉴定意见"},
			{ID: Art3Terminate, Label: "（三）终止鉴定"},
			{ID: Art3Other, Label: "（四）其他影响独立鉴定的情形", NeedsText: true},
		}},
		{ID: Interferers, Kind: Boxes, Visible: event, Limit: 200, Options: []Option{
			{ID: Client, Label: "委托人"},
			{ID: Litigant, Label: "案件当事人或其代理人"},
			{ID: Insider, Label: "鉴定机构内部人员"},
			{ID: Official, Label: "司法行政机关工作人员"},
			{ID: Other, Label: "其他", NeedsText: true},
		}},
		{ID: Insiders, Kind: Boxes, From: Colleagues, Limit: 100, Visible: names(Insider)},
		{ID: IsHead, Kind: Choice, Options: yesNo(), Visible: unlisted(Insider, Insiders)},
		{ID: Serious, Kind: Choice, Options: yesNo(), Visible: names(Insider)},
		{ID: Officers, Kind: Boxes, From: Officials, Limit: 100, Visible: names(Official)},
		{ID: IsLead, Kind: Choice, Options: yesNo(), Visible: unlisted(Official, Officers)},
		{ID: Superior, Kind: Choice, Options: yesNo(), Visible: names(Other)},
		{ID: Party, Kind: Choice, Options: yesNo(), Visible: event},
		{ID: Content, Kind: Boxes, Visible: event, Limit: 200, Options: []Option{
			{ID: Favour, Label: "请托说情"},
			{ID: Procedure, Label: "干预鉴定程序"},
			{ID: Opinion, Label: "干预鉴定意见"},
			{ID: Other, Label: "其他", NeedsText: true},
		}},
		{ID: When, Kind: Day, Limit: 40, Visible: event},
		{ID: Where, Kind: Line, Limit: 200, Visible: event},
		{ID: Means, Kind: Boxes, Visible: event, Limit: 200, Options: []Option{
			{ID: "express", Label: "明示"},
			{ID: "implied", Label: "暗示"},
			{ID: "forced", Label: "强迫"},
			{ID: "inperson"},
			{ID: "phone"},
			{ID: "online"},
			{ID: "letter"},
			{ID: "through"},
			{ID: Other, NeedsText: true},
		}},
		{ID: Particulars, Kind: Story, Limit: StoryLimit, Visible: event},
		{ID: Evidence, Kind: Files, Limit: 20, Visible: event},
		{ID: Channel, Kind: Choice, Options: []Option{{ID: Direct}, {ID: Institution}, {ID: Both}}, Visible: func(a Answers) bool {
			_, offered := a[Channel]
			return event(a) && offered
		}},
	},
}

func unlisted(who OptionID, list ItemID) func(Answers) bool {
	shown := names(who)
	return func(a Answers) bool { return shown(a) && a.Has(list, OptionUnlisted) }
}

// Editions lists every edition that records may name.
func Editions() []*Edition { return []*Edition{Edition2020} }

// ByID finds an edition; ok is false for an unknown one, which a reader must refuse.
func ByID(id string) (*Edition, bool) {
	for _, e := range Editions() {
		if e.ID == id {
			return e, true
		}
	}
	return nil, false
}

// Proposed is the 干预内容 that the chosen items of Art. 3 suggest; the signer confirms or changes it (R3.2, domain table 3.2).
func Proposed(a Answers) Answer {
	v := Answer{}
	add := func(o OptionID) {
		if !hasOption(v.Boxes, o) {
			v.Boxes = append(v.Boxes, o)
		}
	}
	for _, row := range []struct{ from, to OptionID }{
		{Art3Favour, Favour}, {Art3Accept, Procedure}, {Art3Terminate, Procedure}, {Art3Opinion, Opinion},
	} {
		if a.Has(Article3, row.from) {
			add(row.to)
		}
	}
	beside := ""
	if a.Has(Article3, Art3Meeting) {
		beside = "邀请私下会见"
	}
	if t := a[Article3].Beside[Art3Other]; a.Has(Article3, Art3Other) && t != "" {
		if beside != "" {
			beside += "；"
		}
		beside += t
	}
	if beside != "" {
		add(Other)
		v.Beside = map[OptionID]string{Other: beside}
	}
	sortOptions(v.Boxes)
	return v
}

func hasOption(list []OptionID, o OptionID) bool {
	for _, x := range list {
		if x == o {
			return true
		}
	}
	return false
}

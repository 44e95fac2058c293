package text

// Words for days to come, and what stands between two days.
const (
	Tomorrow = "明天"
	DayAfter = "后天"
)

// SpanMarks are what people write between the first and the last day, each with the mark that replaces it.
var SpanMarks = []string{"至", "|", "到", "|", "～", "|", "~", "|", "——", "|", "—", "|", " to ", "|", "起", "", "止", "", " ", "|", "　", "|", "，", "|", ",", "|"}

// Deputies and routes.
const (
	BtnPeople        Key = "btn.people"
	PeopleTitle      Key = "people.title"
	PeopleNotYours   Key = "people.notyours"
	DeputyTitle      Key = "deputy.title"
	DeputyNone       Key = "deputy.none"
	DeputyMine       Key = "deputy.mine"
	DeputyFor        Key = "deputy.for"
	DeputyAbout      Key = "deputy.about"
	DeputyWho        Key = "deputy.who"
	DeputyDays       Key = "deputy.days"
	DeputySure       Key = "deputy.sure"
	BtnDeputy        Key = "btn.deputy"
	BtnDismiss       Key = "btn.dismiss"
	BtnDays          Key = "btn.days"
	HintDeputyMade   Key = "hint.deputymade"
	HintDeputyEnded  Key = "hint.deputyended"
	HintDeputyDays   Key = "hint.deputydays"
	HintDeputyTwice  Key = "hint.deputytwice"
	HintDeputyNobody Key = "hint.deputynobody"
	HasLeft          Key = "people.hasleft"
)

var peopleZh = map[Key]string{
	BtnPeople:        "代理与通道",
	PeopleTitle:      "代理与通道",
	PeopleNotYours:   "这里供接收报告的人员使用。",
	DeputyTitle:      "【代理】",
	DeputyNone:       "目前没有代理。",
	DeputyMine:       "· %s 代您办理：%s至%s",
	DeputyFor:        "· 您代 %s 办理：%s至%s",
	DeputyAbout:      "出差、休假时，可以指定本单位一位同事在起止日期内代您接收、办理报告，到期自动结束。按规定不送给您的报告，也不会因代理送给代理人。",
	DeputyWho:        "请选择代理人。只列出本单位能联系上的同事。",
	DeputyDays:       "由 %s 代理。请写起止日期，例如“12月1日至12月5日”；从今天起的，写最后一天即可，也可以点下面的天数。",
	DeputySure:       "由 %s 代您接收、办理报告：%s至%s，首尾两天都算在内。代理人也能看到您手上尚未办结的报告。确定吗？",
	BtnDeputy:        "指定代理人",
	BtnDismiss:       "结束代理：%s",
	BtnDays:          "今天起 %d 天",
	HintDeputyMade:   "已指定代理人。",
	HintDeputyEnded:  "代理已结束。",
	HintDeputyDays:   "日期看不明白，或者不合适：最后一天不能早于第一天和今天，最长半年。请再写一次，例如“12月1日至12月5日”。",
	HintDeputyTwice:  "这些日子里您已有代理人。请先结束原来的代理，或者改写日期。",
	HintDeputyNobody: "不能由此人代理：要选本单位能联系上的同事，您自己也要担任接收报告的职务。",
	HasLeft:          "（已离任）",
	"act.recuse":     "回避",
	"act.ask.recuse": "回避后，您不能再查看此件，由同事接办，已有的办理经过都转给同事；没有同事可以接办的，报上一级。回避不能撤回。可以发送文字写明理由，也可以直接确定。",
	"act.exclude":    "令其回避",
	"act.ask.exclude": "确定后，此人立即不能再查看此件，由其同事接办，已有的办理经过都转给同事；没有同事可以接办，或者只剩您一人的，报上一级。" +
		"令其回避不能撤回。请写明理由。",
}

var peopleEn = map[Key]string{
	BtnPeople:        "Deputies and routes",
	PeopleTitle:      "Deputies and routes",
	PeopleNotYours:   "This is for people who receive reports.",
	DeputyTitle:      "[Deputies]",
	DeputyNone:       "There is no deputy at present.",
	DeputyMine:       "· %s acts for you: %s to %s",
	DeputyFor:        "· you act for %s: %s to %s",
	DeputyAbout:      "When you travel or are on leave, you can appoint a colleague of your unit who receives and handles reports for you from one day to another; it ends by itself. A report that must not come to you does not go to your deputy on your behalf either.",
	DeputyWho:        "Choose your deputy. Only colleagues of your unit who can be reached are listed.",
	DeputyDays:       "%s will act for you. Write the first and the last day, for example 2026-12-01 to 2026-12-05. If it begins today, the last day is enough; or press a number of days.",
	DeputySure:       "%s receives and handles reports for you: %s to %s, both days included. The deputy can also see the reports that you have not closed yet. Are you sure?",
	BtnDeputy:        "Appoint a deputy",
	BtnDismiss:       "End: %s",
	BtnDays:          "%d days from today",
	HintDeputyMade:   "The deputy is appointed.",
	HintDeputyEnded:  "The appointment has ended.",
	HintDeputyDays:   "These days are not clear or cannot be: the last day may not be before the first or before today, and at most half a year. Please write them again, for example 2026-12-01 to 2026-12-05.",
	HintDeputyTwice:  "You have a deputy on some of these days. End that appointment first, or write other days.",
	HintDeputyNobody: "This person cannot act for you: choose a colleague of your unit who can be reached; and you must hold a role that receives reports.",
	HasLeft:          " (has left)",
	"act.recuse":     "Recuse myself",
	"act.ask.recuse": "You will no longer be able to read this report. A colleague takes over with everything done so far; if there is none, it goes a level up. This cannot be undone. You may send your reason, or confirm at once.",
	"act.exclude":    "Exclude",
	"act.ask.exclude": "This person will no longer be able to read this report, from now on. A colleague takes over with everything done so far; if there is none, or only you are left, it goes a level up. " +
		"This cannot be undone. Write the reason.",
}

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
	MenuRoutes       Key = "menu.routes"
	TodoRoutes       Key = "todo.routes"
	RoutesTitle      Key = "routes.title"
	RoutesFine       Key = "routes.fine"
	RoleAsk          Key = "role.ask"
	RoleDenied       Key = "role.denied"
	BtnStill         Key = "btn.still"
	BtnNoMore        Key = "btn.nomore"
	HintStill        Key = "hint.still"
	HintNoMore       Key = "hint.nomore"
	NoticeRoutes     Key = "notice.routes"
	LoadHoles        Key = "load.holes"
)

var peopleZh = map[Key]string{
	BtnPeople:          "代理与通道",
	PeopleTitle:        "代理与通道",
	PeopleNotYours:     "这里供接收报告的人员使用。",
	DeputyTitle:        "【代理】",
	DeputyNone:         "目前没有代理。",
	DeputyMine:         "· %s 代您办理：%s至%s",
	DeputyFor:          "· 您代 %s 办理：%s至%s",
	DeputyAbout:        "出差、休假时，可以指定本单位一位同事在起止日期内代您接收、办理报告，到期自动结束。按规定不送给您的报告，也不会因代理送给代理人。",
	DeputyWho:          "请选择代理人。只列出本单位能联系上的同事。",
	DeputyDays:         "由 %s 代理。请写起止日期，例如“12月1日至12月5日”；从今天起的，写最后一天即可，也可以点下面的天数。",
	DeputySure:         "由 %s 代您接收、办理报告：%s至%s，首尾两天都算在内。代理人也能看到您手上尚未办结的报告。确定吗？",
	BtnDeputy:          "指定代理人",
	BtnDismiss:         "结束代理：%s",
	BtnDays:            "今天起 %d 天",
	HintDeputyMade:     "已指定代理人。",
	HintDeputyEnded:    "代理已结束。",
	HintDeputyDays:     "日期看不明白，或者不合适：最后一天不能早于第一天和今天，最长半年。请再写一次，例如“12月1日至12月5日”。",
	HintDeputyTwice:    "这些日子里您已有代理人。请先结束原来的代理，或者改写日期。",
	HintDeputyNobody:   "不能由此人代理：要选本单位能联系上的同事，您自己也要担任接收报告的职务。",
	HasLeft:            "（已离任）",
	MenuRoutes:         "◇ 报告通道有 %d 项要核对",
	TodoRoutes:         "报告通道有事项要核对",
	RoutesTitle:        "【通道】",
	RoutesFine:         "本单位的报告通道没有发现问题。",
	RoleAsk:            "您仍是 %s 的报告接收、办理人员吗？",
	RoleDenied:         "您已说明不再是 %s 的报告接收、办理人员。本单位更改名单以前，报告仍会送给您。",
	BtnStill:           "是，仍是",
	BtnNoMore:          "不再是",
	HintStill:          "已确认。",
	HintNoMore:         "已记下，将请本单位更改名单。名单更改以前，报告仍会送给您，请继续办理。",
	NoticeRoutes:       "有一项职责或者通道需要核对，请打开查看。",
	LoadHoles:          "报告通道有 %d 处要补齐（本单位的人也会收到提醒）：",
	"hole.authority":   "%s 没有登记主管机关，直接报告没有去处。请在人员名单中填写主管机关。",
	"hole.nobody":      "%s 既没有报告接收人，也没有负责人，报告一律送主管机关。请在人员名单中登记。",
	"hole.receiver":    "%s 没有指定报告接收人，报告由负责人接收；涉及负责人的，直接送主管机关。请指定报告接收人，由管理员登记。",
	"hole.head_only":   "%s 的报告接收人只有负责人本人；涉及负责人的，直接送主管机关。请另指定一人，由管理员登记。",
	"hole.unreachable": "%s 的报告接收、办理人员都联系不上，报告将送上一级。请提醒他们打开本机器人，或者另行指定。",
	"hole.heads":       "%s 登记了几位负责人，涉及负责人的报告对他们都不公开。有人已卸任的，请在人员名单中填写离任日期。",
	"hole.officer":     "%s 没有机关经办人，报告由负责人办理。请指定至少两名经办人，由管理员登记。",
	"hole.one_officer": "%s 只有一人可以接收报告；此人被列为干预人、回避或者不在时，报告将送上一级。请再指定一名经办人，由管理员登记。",
	"hole.lead":        "%s 没有登记机关负责人：没有人督促更正通道，涉及其负责人的报告也无从识别。请在人员名单中登记。",
	"hole.superior":    "%s 之上没有登记上级机关，涉及其负责人的报告没有去处，只能留存待送。请在人员名单中填写上级机关。",
	"hole.unconfirmed": "%s：%s 没有按时确认是否仍接收、办理报告。请当面核对，已变动的请更改名单。",
	"hole.disowned":    "%s：%s 说明不再接收、办理报告，但名单没有变动。请更改名单；有空缺的，请另行指定。",
	"act.recuse":       "回避",
	"act.ask.recuse":   "回避后，您不能再查看此件，由同事接办，已有的办理经过都转给同事；没有同事可以接办的，报上一级。回避不能撤回。可以发送文字写明理由，也可以直接确定。",
	"act.exclude":      "令其回避",
	"act.ask.exclude": "确定后，此人立即不能再查看此件，由其同事接办，已有的办理经过都转给同事；没有同事可以接办，或者只剩您一人的，报上一级。" +
		"令其回避不能撤回。请写明理由。",
}

var peopleEn = map[Key]string{
	BtnPeople:          "Deputies and routes",
	PeopleTitle:        "Deputies and routes",
	PeopleNotYours:     "This is for people who receive reports.",
	DeputyTitle:        "[Deputies]",
	DeputyNone:         "There is no deputy at present.",
	DeputyMine:         "· %s acts for you: %s to %s",
	DeputyFor:          "· you act for %s: %s to %s",
	DeputyAbout:        "When you travel or are on leave, you can appoint a colleague of your unit who receives and handles reports for you from one day to another; it ends by itself. A report that must not come to you does not go to your deputy on your behalf either.",
	DeputyWho:          "Choose your deputy. Only colleagues of your unit who can be reached are listed.",
	DeputyDays:         "%s will act for you. Write the first and the last day, for example 2026-12-01 to 2026-12-05. If it begins today, the last day is enough; or press a number of days.",
	DeputySure:         "%s receives and handles reports for you: %s to %s, both days included. The deputy can also see the reports that you have not closed yet. Are you sure?",
	BtnDeputy:          "Appoint a deputy",
	BtnDismiss:         "End: %s",
	BtnDays:            "%d days from today",
	HintDeputyMade:     "The deputy is appointed.",
	HintDeputyEnded:    "The appointment has ended.",
	HintDeputyDays:     "These days are not clear or cannot be: the last day may not be before the first or before today, and at most half a year. Please write them again, for example 2026-12-01 to 2026-12-05.",
	HintDeputyTwice:    "You have a deputy on some of these days. End that appointment first, or write other days.",
	HintDeputyNobody:   "This person cannot act for you: choose a colleague of your unit who can be reached; and you must hold a role that receives reports.",
	HasLeft:            " (has left)",
	MenuRoutes:         "◇ Matters of the routes to check: %d",
	TodoRoutes:         "There is something to check about the routes of reports",
	RoutesTitle:        "[Routes]",
	RoutesFine:         "Nothing is wrong with the routes of your unit's reports.",
	RoleAsk:            "Do you still receive or handle reports for %s?",
	RoleDenied:         "You said that you no longer receive or handle reports for %s. Until your unit changes the list, reports still come to you.",
	BtnStill:           "Yes, I do",
	BtnNoMore:          "No longer",
	HintStill:          "Thank you.",
	HintNoMore:         "Noted; your unit will be asked to change the list. Until then reports still come to you: please go on handling them.",
	NoticeRoutes:       "There is a role or a route to check. Please open it.",
	LoadHoles:          "Gaps in the routes of reports: %d (those of the unit are told as well):",
	"hole.authority":   "%s has no authority registered: a direct report has nowhere to go. Fill in the authority in the people list.",
	"hole.nobody":      "%s has neither a receiver nor a head: all reports go to the authority. Register them in the people list.",
	"hole.receiver":    "%s has no receiver: the head receives, and what is about the head goes to the authority. Designate a receiver and have them registered.",
	"hole.head_only":   "%s has no other receiver than the head: what is about the head goes to the authority. Designate somebody else as well and have them registered.",
	"hole.unreachable": "%s: none of those who receive or handle reports can be reached, reports go a level up. Ask them to open the bot, or designate others.",
	"hole.heads":       "%s has several heads registered: a report about the head is kept from all of them. If one has left the office, fill in the day in the people list.",
	"hole.officer":     "%s has no officer: the lead handles reports. Designate two at least and have them registered.",
	"hole.one_officer": "%s: one person only can receive reports; when that one is implicated, recused or away, reports go a level up. Designate one more officer and have them registered.",
	"hole.lead":        "%s has no lead registered: nobody sees to its routes, and a report about its lead cannot be told from others. Register them in the people list.",
	"hole.superior":    "%s has no organ above it registered: a report about its lead has nowhere to go and must wait. Fill in the superior organ in the people list.",
	"hole.unconfirmed": "%s: %s has not confirmed in time whether they still receive or handle reports. Ask them, and change the list if need be.",
	"hole.disowned":    "%s: %s no longer receives or handles reports, but the list says so. Change the list, and designate somebody else if there is a gap.",
	"act.recuse":       "Recuse myself",
	"act.ask.recuse":   "You will no longer be able to read this report. A colleague takes over with everything done so far; if there is none, it goes a level up. This cannot be undone. You may send your reason, or confirm at once.",
	"act.exclude":      "Exclude",
	"act.ask.exclude": "This person will no longer be able to read this report, from now on. A colleague takes over with everything done so far; if there is none, or only you are left, it goes a level up. " +
		"This cannot be undone. Write the reason.",
}

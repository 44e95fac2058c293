package text

// The institution's decision under its charter (Art. 6).
const (
	DecideMeasure   Key = "decide.measure"
	DecideBasis     Key = "decide.basis"
	DecideBy        Key = "decide.by"
	DecideOn        Key = "decide.on"
	DecideUnfounded Key = "decide.unfounded"
	DecideReview    Key = "decide.review"
	BtnUnfounded    Key = "btn.unfounded"
	SaidMeasure     Key = "said.measure"
	SaidBasis       Key = "said.basis"
	SaidBy          Key = "said.by"
	SaidOn          Key = "said.on"
	SaidUnfounded   Key = "said.unfounded"
)

var decideZh = map[Key]string{
	DecideMeasure:   "请写明处理措施，例如“内部警告”“调整岗位”。查明不属实的，点“不成立”。",
	DecideBasis:     "依据章程等规定的哪一条（第六条）？例如“本所章程第十二条”。",
	DecideBy:        "由谁决定？例如“所务会”“负责人某某”。",
	DecideOn:        "哪一天决定的？点选，或发送日期。",
	DecideUnfounded: "请写明不成立的理由：查了什么，查明什么，由谁、哪一天认定。",
	DecideReview:    "请核对。确定后记入办理经过，不能修改。",
	BtnUnfounded:    "不成立",
	SaidMeasure:     "处理措施",
	SaidBasis:       "依据",
	SaidBy:          "决定人",
	SaidOn:          "决定日期",
	SaidUnfounded:   "不成立",
}

var decideEn = map[Key]string{
	DecideMeasure:   "Write the measure, for example “warning” or “other duties”. If it turned out to be untrue, press “Unfounded”.",
	DecideBasis:     "Which rule of the charter is it based on (Art. 6)? For example “charter, section 12”.",
	DecideBy:        "Who decided? For example “management meeting”, or the head's name.",
	DecideOn:        "On which day? Press it, or send a date.",
	DecideUnfounded: "Write why it is unfounded: what was looked into, what was found, who found it and when.",
	DecideReview:    "Please check. Once confirmed it stands in the course and cannot be changed.",
	BtnUnfounded:    "Unfounded",
	SaidMeasure:     "Measure",
	SaidBasis:       "Basis",
	SaidBy:          "Decided by",
	SaidOn:          "Decided on",
	SaidUnfounded:   "Unfounded",
}

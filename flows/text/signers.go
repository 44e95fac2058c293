package text

// Changes of the signers of cases (Art. 4).
const (
	BtnSigners      Key = "btn.signers"
	SignersAbout    Key = "signers.about"
	SignersNone     Key = "signers.none"
	SignersNotYours Key = "signers.notyours"
	SignerLine      Key = "signers.line"
	SignerIn        Key = "signers.in"
	SignerOut       Key = "signers.out"
	SignerOutLate   Key = "signers.out.late"
)

var signersZh = map[Key]string{
	BtnSigners:      "鉴定人变动",
	SignersAbout:    "鉴定人变动\n案件名单再次导入时增加、移出的鉴定人，按导入时间列出，不能修改。已经存档记录的人不会被移出；被移出的人以后填报的记录仍由本人查看。",
	SignersNone:     "没有变动。",
	SignersNotYours: "这里供机构负责人、档案员和主管机关人员使用。",
	SignerLine:      "· %s导入：%s（%s）\n　%s：%s",
	SignerIn:        "增加为鉴定人",
	SignerOut:       "移出，当时未存档",
	SignerOutLate:   "办结后移出，当时未存档",
}

var signersEn = map[Key]string{
	BtnSigners:      "Changes of signers",
	SignersAbout:    "Changes of signers\nWhom a later case list added or took off, by the time of loading; nobody can change it. Whoever has filed is not taken off; what somebody files after being taken off stays theirs to read.",
	SignersNone:     "Nothing changed.",
	SignersNotYours: "This is for heads, archivists and people of the authority.",
	SignerLine:      "· loaded %s: %s (%s)\n  %s: %s",
	SignerIn:        "added",
	SignerOut:       "taken off, not filed",
	SignerOutLate:   "taken off after closing, not filed",
}

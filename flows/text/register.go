package text

import (
	"strconv"
	"strings"
)

// RegisterCode names what the register says of a list that reads well by itself, or of the people in it.
type RegisterCode string

// Why the register cannot take a row; storage/db gives these codes with these arguments.
const (
	RegisterAuthorityAmbiguous   RegisterCode = "authority_ambiguous"   // name
	RegisterAuthorityLoop        RegisterCode = "authority_loop"        // name
	RegisterLicenceTaken         RegisterCode = "licence_taken"         // licence
	RegisterLicenceTwice         RegisterCode = "licence_twice"         // licence
	RegisterNamesake             RegisterCode = "namesake"              // name
	RegisterHasLeft              RegisterCode = "has_left"              // name
	RegisterInstitutionUnknown   RegisterCode = "institution_unknown"   // name
	RegisterInstitutionAmbiguous RegisterCode = "institution_ambiguous" // name
	RegisterSignerUnknown        RegisterCode = "signer_unknown"        // name
	RegisterSignerAmbiguous      RegisterCode = "signer_ambiguous"      // name
)

// What the load command says besides.
const (
	RegisterNothingNew      RegisterCode = "nothing_new"
	RegisterSendCommand     RegisterCode = "send_command"
	RegisterInviteNobody    RegisterCode = "invite_nobody"    // what was typed
	RegisterInviteAmbiguous RegisterCode = "invite_ambiguous" // what was typed, the ways to say it
	RegisterInvited         RegisterCode = "invited"
	RegisterRoleEnded       RegisterCode = "role_ended"     // name, unit, role
	RegisterGone            RegisterCode = "gone"           // name, unit, role
	RegisterLeaverUnknown   RegisterCode = "leaver_unknown" // name
)

// {0}, {1} stand for the arguments. Every sentence says what to do.
var registerSentences = map[RegisterCode]sentence{
	RegisterAuthorityAmbiguous:   {"有几个机关都叫“{0}”，请在“上级机关”一列写明是哪一个的下级。", "several authorities are called “{0}”; fill in the column 上级机关 to say which."},
	RegisterAuthorityLoop:        {"按已登记的上下级关系，“{0}”会成为自己的上级，请核对“上级机关”。", "with what the register holds, “{0}” would become its own superior; check the column 上级机关."},
	RegisterLicenceTaken:         {"执业证号“{0}”已登记在另一姓名下，请核对证号和姓名。", "the licence “{0}” is registered under another name; check the number and the name."},
	RegisterLicenceTwice:         {"执业证号“{0}”在名单里属于两个单位，请只保留现在的单位。", "the lists have the licence “{0}” in two units; keep the present one only."},
	RegisterNamesake:             {"这个单位有几位“{0}”，请写上执业证号；没有证号的，请在姓名后加括号区分。", "several people of this unit are called “{0}”; add the licence, or a word in brackets to the name."},
	RegisterHasLeft:              {"“{0}”已登记为离开，请删去这一行；是同名的另一人，请写上其执业证号。", "“{0}” is noted as having left; remove the row, or add the licence if it is somebody else of that name."},
	RegisterInstitutionUnknown:   {"没有登记“{0}”这个机构，请核对名称，或者连同它的人员名单一起导入。", "the institution “{0}” is not in the register; check its name, or load its people list as well."},
	RegisterInstitutionAmbiguous: {"登记的机构有几个叫“{0}”，请在人员名单和案件清单里用全称区分。", "several institutions are called “{0}”; give them different full names in both lists."},
	RegisterSignerUnknown:        {"机构里没有登记“{0}”，请核对姓名，或者先把此人加进人员名单。", "“{0}” is not registered in the institution; check the name, or add the person to the people list."},
	RegisterSignerAmbiguous:      {"机构里有几位“{0}”，请在姓名后用括号写上执业证号或其末几位。", "several people of the institution are called “{0}”; add the licence or its last digits in brackets after the name."},

	RegisterNothingNew:      {"没有新内容：名单所列都已登记。", "Nothing new: everything in the lists is registered already."},
	RegisterSendCommand:     {"暂时无法向 Telegram 查询机器人的名称，所以没有链接：请本人在 Telegram 里打开机器人，把自己那一行的“/start …”整段发给它。", "Telegram could not be asked for the bot's name, so these are not links: each person opens the bot in Telegram and sends it the whole “/start …” of their row."},
	RegisterInviteNobody:    {"没有登记“{0}”，或此人已离开：请核对姓名，同名的写成 姓名@单位。", "“{0}” is not registered, or has left: check the name, or write NAME@UNIT."},
	RegisterInviteAmbiguous: {"“{0}”不止一人，请写明单位再试：{1}。", "“{0}” is more than one person; say which: {1}."},
	RegisterRoleEnded:       {"{0}（{1}）不再担任{2}，其他角色不变。", "{0} ({1}) is no longer {2}; other roles stay."},
	RegisterGone:            {"{0}（{1}）已离任，不再担任{2}，即时起不能再使用；手上的事项由本单位其他人员接办。", "{0} ({1}) has left as {2} and has no access from now on; others of the unit take over."},
	RegisterLeaverUnknown:   {"写明“{0}”已离任，但没有登记此人担任这一角色，请核对姓名、单位和角色。", "“{0}” is said to have left, but is not registered in this role; check name, unit and role."},
	RegisterInvited:         {"新的邀请链接，只显示这一次，请交给本人；此前的邀请已经作废，对方接受后，原来的账号不能再用（单位、姓名、链接、有效期至）：", "A new invitation, shown this once. Hand it to the person; earlier ones are void, and once it is taken up the former account loses access (unit, name, link, valid until):"},
}

// RegisterSentence is one sentence in the locale: where, what, and what to do about it.
func RegisterSentence(locale string, at ListPlace, code RegisterCode, args ...string) string {
	s := registerSentences[code]
	body, where := s.zh, at.zh()
	if locale == En {
		body, where = s.en, at.en()
	}
	pairs := make([]string, 0, 2*len(args))
	for i, a := range args {
		pairs = append(pairs, "{"+strconv.Itoa(i)+"}", a)
	}
	return where + strings.NewReplacer(pairs...).Replace(body)
}

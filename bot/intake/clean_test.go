package intake

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"liuhen/flows/law"
	"liuhen/flows/text"
)

func TestMatchKey(t *testing.T) {
	// Each line is one case number in several spellings; no two lines may meet.
	table := [][]string{
		{"开元[2015]伤鉴字第12号", "开元〔2015〕伤鉴字第012号", "开元【2015】伤鉴字12", "开元（2015）伤鉴字 第１２ 号", "开元［2015］伤鉴字第0012号"},
		{"赣(景)[2019]物鉴字第5号", "赣（景）〔2019〕物鉴字第005号", "赣〔景〕【2019】物鉴字5号"},
		{"冀眼法医鉴中心[2019]临检字第7号", "冀眼法医鉴中心〔2019〕临检字第07号"},
		{"[2014]法临鉴字第111号", "〔2014〕法临鉴字111"},
		{"子渊司鉴所[2018]物鉴字第1号", "子渊司鉴所[2018]物鉴字第01号"},
		{"陕宝中园司鉴所2016临鉴字第229号", "陕宝中园司鉴所2016临鉴字第0229号", "陕宝中园司鉴所 2016 临鉴字 229"},
		{"苏广司鉴所（2013）司鉴字第413号", "苏广司鉴所(2013)司鉴字第413号"},
		{"司鉴中心（2013）技鉴字第1106号", "司鉴中心〔2013〕技鉴字1106号"},
		{"网神洞鉴[2022]数鉴字第100号", "网神洞鉴[2022]数鉴字第0100"},
		{"豫新乡医学院司鉴中心〔2020〕12号", "豫新乡医学院司鉴中心[2020]012"},
		{"××司法鉴定中心〔2020〕临鉴字第12号", "××司法鉴定中心（２０２０）临鉴字第０１２号"},
		{"第二医院司鉴〔2020〕12号", "第二医院司鉴[2020]第012号"},
		{"示例〔2020〕临鉴字第A-12号", "示例〔2020〕临鉴字第A-0012号"},
		{"示例〔2020〕临鉴字第12-1号", "示例〔2020〕临鉴字第012-1号"},
		{"示例〔2020〕临鉴字第12号〔补〕", "示例〔2020〕临鉴字第012〔补〕"},
		{"示例〔2020〕临鉴字第120号"},
		{"SJ-2020-12", "SJ-2020-012"},
		{"20200012"},
		{"7", "007", "第7号"},
		{"示例〔2020〕临鉴字第0号", "示例〔2020〕临鉴字第000号"},
	}
	owner := map[string]int{}
	for i, spellings := range table {
		want := MatchKey(spellings[0])
		for _, s := range spellings {
			got := MatchKey(s)
			if got != want {
				t.Errorf("%s → %s, %s → %s", spellings[0], want, s, got)
			}
			if j, ok := owner[got]; ok && j != i {
				t.Errorf("%s and %s meet in %s", s, table[j][0], got)
			}
			owner[got] = i
		}
	}
}

var chars = rapid.SampledFrom([]rune("第字号第字号〔〕[]()（）【】００1230 　\u200b\u202e.·•张三李四2020临鉴ée\u0301ＡAﬁ、;-\n\t\u00ad"))

// cellText makes strings in which everything that cleaning looks at is frequent.
func cellText(limit int) *rapid.Generator[string] {
	return rapid.OneOf(rapid.StringOfN(chars, 0, limit, -1), rapid.StringN(0, limit, -1))
}

func TestCleaningTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := cellText(40).Draw(t, "cell")
		for name, clean := range map[string]func(string) string{
			"MatchKey": MatchKey, "CleanName": CleanName, "CleanUnit": CleanUnit,
			"cleanText": cleanText, "tight": tight, "word": word, "folded": folded,
		} {
			once := clean(s)
			if twice := clean(once); twice != once {
				t.Fatalf("%s(%q) = %q, again %q", name, s, once, twice)
			}
			if hasInvisible(once) {
				t.Fatalf("%s(%q) = %q keeps invisible characters", name, s, once)
			}
		}
	})
}

// TestMatchKeySpellings: bracket, spaces, ordinal, word and zeros never tell two numbers apart; the digits of the serial do.
func TestMatchKeySpellings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		head := rapid.StringOfN(rapid.SampledFrom([]rune("示例司鉴所中心赣景第二")), 1, 8, -1).Draw(t, "head")
		kind := rapid.SampledFrom([]string{"临鉴字", "法病鉴", ""}).Draw(t, "kind")
		serial := rapid.StringMatching(`[1-9][0-9]{0,5}`).Draw(t, "serial")
		other := rapid.StringMatching(`[1-9][0-9]{0,5}`).Draw(t, "other")
		spell := func(serial, label string) string {
			b := rapid.SampledFrom([][2]string{{"〔", "〕"}, {"[", "]"}, {"（", "）"}, {"【", "】"}, {"(", ")"}, {"［", "］"}}).Draw(t, label)
			return head + b[0] + "2020" + b[1] + kind + rapid.SampledFrom([]string{"", "第", " 第 "}).Draw(t, label) +
				rapid.SampledFrom([]string{"", "0", "000", "０"}).Draw(t, label) + serial + rapid.SampledFrom([]string{"", "号", " 号"}).Draw(t, label)
		}
		a, b := spell(serial, "a"), spell(serial, "b")
		if MatchKey(a) != MatchKey(b) {
			t.Fatalf("%q → %q, %q → %q", a, MatchKey(a), b, MatchKey(b))
		}
		if c := spell(other, "c"); serial != other && MatchKey(a) == MatchKey(c) {
			t.Fatalf("%q and %q meet in %q", a, c, MatchKey(a))
		}
	})
}

func TestCleanName(t *testing.T) {
	for in, want := range map[string]string{
		"张 三": "张三", "张　三": "张三", " 欧阳\u200b修 ": "欧阳修", "买买提•艾力": "买买提·艾力", "买买提.艾力": "买买提·艾力",
		"John  Smith": "John Smith", "ＺＨＡＮＧ": "ZHANG", "张三（司机）": "张三(司机)", "𠮷田": "𠮷田", "\u202e三张": "三张", "": "",
	} {
		if got := CleanName(in); got != want {
			t.Errorf("CleanName(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"示例司法鉴定中心(有限合伙)": "示例司法鉴定中心（有限合伙）", " 示例 市司法局\n": "示例市司法局", "Example  Centre (A)": "Example Centre (A)",
	} {
		if got := CleanUnit(in); got != want {
			t.Errorf("CleanUnit(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSplitNames(t *testing.T) {
	for in, want := range map[string]string{
		"张三、李四": "张三|李四", "张三;李四；王五": "张三|李四|王五", "张三,李四，王五": "张三|李四|王五", "张三/李四／王五": "张三|李四|王五",
		"张三\n李四\r\n": "张三|李四", "张三　李四": "张三|李四", "张三 李四": "张三|李四", "张　三、李　四": "张三|李四", "欧阳 修": "欧阳修", "王 小 二": "王小二",
		"张 三 李 四": "?", "张三 李": "张三李", "张三 李四 王": "?", "张三（1234）": "张三(1234)", "张三 (1234)、李四": "张三(1234)|李四",
		"张三(1) 张三(2)": "张三(1)|张三(2)", "John Smith; 李四": "John Smith|李四", "买买提·艾力 李四": "买买提·艾力|李四", "": "", "、;": "",
	} {
		names, ok := splitNames(in)
		got := strings.Join(names, "|")
		if !ok {
			got = "?"
		}
		if got != want {
			t.Errorf("splitNames(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string][2]string{
		"张三": {"张三", ""}, "张三(1234)": {"张三", "1234"}, "张三(A-12)": {"张三", "A-12"}, "张三(主检)": {"张三(主检)", ""}, "(12)": {"(12)", ""},
		"张三(司机)(12)": {"张三(司机)", "12"}, "张三()": {"张三()", ""},
	} {
		if name, licence := SplitAppraiser(in); name != want[0] || licence != want[1] {
			t.Errorf("SplitAppraiser(%q) = %q, %q", in, name, licence)
		}
	}
}

func TestParseDate(t *testing.T) {
	const bad, ambiguous = text.ListBadDate, text.ListAmbiguousDate
	for _, c := range []struct {
		in, want string
		code     text.ListCode
	}{
		{in: "2020.7.1", want: "2020-07-01"},
		{in: "2020-07-01", want: "2020-07-01"},
		{in: "2020/7/1", want: "2020-07-01"},
		{in: "2020年7月1日", want: "2020-07-01"},
		{in: "2020 年 7 月 1 日", want: "2020-07-01"},
		{in: "2020年7月1号", want: "2020-07-01"},
		{in: "2020年7月1", want: "2020-07-01"},
		{in: "20200701", want: "2020-07-01"},
		{in: "２０２０．０７．０１", want: "2020-07-01"},
		{in: "2020。7。1", want: "2020-07-01"},
		{in: "2020.7.1.", want: "2020-07-01"},
		{in: " 2020-7-1 ", want: "2020-07-01"},
		{in: "44013", want: "2020-07-01"},
		{in: "44013.75", want: "2020-07-01"},
		{in: "2020-07-01 23:59", want: "2020-07-01"},
		{in: "2020-07-01T00:00:00", want: "2020-07-01"},
		{in: "2020年7月1日14:30", want: "2020-07-01"},
		{in: "2020/7/1 0:00:00.000", want: "2020-07-01"},
		{in: "2020-02-29", want: "2020-02-29"},
		{in: "2021-02-29", code: bad},
		{in: "2020.13.1", code: bad},
		{in: "2020-00-10", code: bad},
		{in: "2020-06-31", code: bad},
		{in: "20201301", code: bad},
		{in: "2020年7月", code: bad},
		{in: "2020.7", code: bad},
		{in: "2020", code: bad},
		{in: "1/7/20", code: ambiguous},
		{in: "07/01/2020", code: ambiguous},
		{in: "20.7.1", code: ambiguous},
		{in: "20年7月1日", code: ambiguous},
		{in: "7.1", code: ambiguous},
		{in: "7月1日", code: ambiguous},
		{in: "明天", code: bad},
		{in: "0.5", code: ambiguous},
		{in: "99999", code: bad},
		{in: "00001", code: bad},
		{in: "2020-07-01Z", code: bad},
		{in: "2020-07-01 上午", code: bad},
		{in: "1899-01-01", code: bad},
		{in: "-44013", code: bad},
		{in: "2020-07-01；2020-07-02", code: bad},
	} {
		d, code := parseDate(c.in, false)
		if d.String() != c.want || code != c.code {
			t.Errorf("parseDate(%q) = %q, %q", c.in, d, code)
		}
	}
}

// TestSerialDates walks through all days Excel could mean, by its own count and by the count from 1904.
func TestSerialDates(t *testing.T) {
	day := law.Date{Y: 2000, M: 1, D: 1}
	for serial := 36526; serial < 73000; serial++ {
		for epoch1904, n := range map[bool]int{false: serial, true: serial - 1462} {
			if got, code := parseDate(itoa(n), epoch1904); code != "" || got != day {
				t.Fatalf("%d (1904: %v) = %v %s, want %v", n, epoch1904, got, code, day)
			}
		}
		day = day.AddDays(1)
	}
}

func TestHeaders(t *testing.T) {
	for _, people := range []bool{true, false} {
		columns, find := text.CaseColumns(), text.FindCaseColumn
		if people {
			columns, find = text.PeopleColumns(), text.FindPeopleColumn
		}
		for _, c := range columns {
			for _, h := range []string{string(c), " " + string(c) + "\n", strings.Join(strings.Split(string(c), ""), "　"), string(c) + "（必填）", "*" + string(c) + "："} {
				if got, ok := find(headerWord(h)); !ok || got != c {
					t.Errorf("header %q is read as %q", h, got)
				}
			}
		}
	}
	if c, ok := text.FindCaseColumn("案号"); !ok || c != text.ListNumber {
		t.Error("a common other name is not known")
	}
	// The column's own name wins over another name for it; two of one kind are a fault.
	h := readHeader(row{cells: []cell{{text: "文书编号"}, {text: "案件编号"}, {text: "受理编号"}, {text: "委托方"}, {text: "委托单位"}}}, false)
	if h.cols[text.ListNumber] != 1 || !slices.Equal(h.extra, []string{"文书编号", "受理编号"}) || !slices.Equal(h.double, []text.ListColumn{text.ListClient}) {
		t.Errorf("%+v", h)
	}
}

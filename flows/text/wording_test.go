package text

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestContractLabels: users, training notes and tests rely on these labels (design 6).
func TestContractLabels(t *testing.T) {
	for k, want := range map[Key]string{
		BtnFile: "填报记录", BtnCases: "我的案件", BtnRecords: "我的记录", BtnTodo: "待办", BtnHelp: "帮助",
		BtnBack: "上一步", BtnNext: "下一步", BtnLeave: "保存退出", BtnSign: "签名存档",
		"opt.direct": "直接报告主管司法行政机关", "opt.institution": "报告所在机构",
		"opt.yes": "是", "opt.no": "否", "opt.unsure": "不清楚",
	} {
		if zh[k] != want {
			t.Errorf("%s is %q, must be %q", k, zh[k], want)
		}
	}
}

// officialese are words of programs and of offices that no appraiser should have to read.
var officialese = regexp.MustCompile(`(?i)提交(失败|成功)|非法|参数|异常|失败|操作成功|无权限|鉴权|校验|缓存|超时|回调|接口|服务器|数据库|令牌|用户名|客户端|登录|` +
	`请知悉|予以|兹|务必|callback|token|null|nil|error|invalid|json|http|api|id\b|uuid|timeout|cache|server|database|exception`)

// latin is what of another script a Chinese sentence may hold.
var latin = regexp.MustCompile(`Telegram|SHA-256|MB|%[sd]`)

// operators read these at a terminal, where commands have names.
var operators = regexp.MustCompile(`^(load|demo|check|run|verify|export|backup|restore)\.`)

func TestChineseIsPlain(t *testing.T) {
	letters := regexp.MustCompile(`[A-Za-z]`)
	halfWidth := regexp.MustCompile(`\p{Han}[,;:?!()]|[,;:?!()]\p{Han}`)
	for k, s := range zh {
		if operators.MatchString(string(k)) {
			continue
		}
		if w := officialese.FindString(s); w != "" {
			t.Errorf("%s says %q", k, w)
		}
		if rest := latin.ReplaceAllString(s, ""); letters.MatchString(rest) {
			t.Errorf("%s has foreign words: %q", k, rest)
		}
		if w := halfWidth.FindString(s); w != "" {
			t.Errorf("%s has half-width punctuation: %q", k, w)
		}
		if strings.Count(s, "（") != strings.Count(s, "）") || strings.Count(s, "“") != strings.Count(s, "”") {
			t.Errorf("%s has an open bracket or quotation mark", k)
		}
	}
}

func TestEnglishIsPlain(t *testing.T) {
	jargon := regexp.MustCompile(`(?i)callback|token|null|\bnil\b|\berror\b|json|http|\bapi\b|\bid\b|uuid|timeout|cache|database|exception|submit|invalid input|please note`)
	han := regexp.MustCompile(`\p{Han}[\p{Han}〔〕0-9]*`)
	official := []string{
		"无此类情况", "委托人", "案件当事人或其代理人", "鉴定机构内部人员", "司法行政机关工作人员", "其他",
		"请托说情", "干预鉴定程序", "干预鉴定意见", "司办通〔2020〕56号",
	}
	for k, s := range en {
		if w := jargon.FindString(s); w != "" {
			t.Errorf("%s says %q", k, w)
		}
		for _, w := range han.FindAllString(s, -1) {
			if !slices.Contains(official, w) {
				t.Errorf("%s has the Chinese %q", k, w)
			}
		}
	}
}

// TestTermsOfTheRule: the rule's own terms, not what sounds like them.
func TestTermsOfTheRule(t *testing.T) {
	var all strings.Builder
	for _, s := range zh {
		all.WriteString(s + "\n")
	}
	for _, term := range []string{
		"干预人", "无此类情况", "主管司法行政机关", "鉴定机构负责人", "鉴定机构其他人员", "司法鉴定业务档案",
		"干预司法鉴定活动", "造成严重后果", "第三条", "具体情况", "干预内容", "案件编号", "鉴定事项", "签名", "存档", "打击报复",
		"《司法鉴定机构 鉴定人记录和报告干预司法鉴定活动的有关规定》", "司办通〔2020〕56号", "2020年7月1日",
	} {
		if !strings.Contains(all.String(), term) {
			t.Errorf("nothing says %s", term)
		}
	}
	near := regexp.MustCompile(`干扰|干涉|举报|检举|匿名|无此情况|无该类情况|司法主管|主管司法局|司法部门|鉴定中心|鉴定员|鉴定师|鉴定专家|登记表|备案|归档到|机构领导|单位负责人|上报|被举报`)
	for k, s := range zh {
		if w := near.FindString(s); w != "" {
			t.Errorf("%s says %s, which is not the rule's word", k, w)
		}
	}
}

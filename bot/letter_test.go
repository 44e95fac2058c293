package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"liuhen/bot/sandbox"
)

// documents are the documents the bot sent to somebody.
func (s *stage) documents(who string) []sandbox.Message {
	return slices.DeleteFunc(s.phones[who].Messages(), func(m sandbox.Message) bool { return !m.FromBot || m.Kind != "document" })
}

// TestLettersArriveProtected: a drafted letter comes as two protected files under names that tell nothing; asked for again it
// is the same; and what is printed for oneself may be kept.
func TestLettersArriveProtected(t *testing.T) {
	s := newFew(t)
	s.must(s.Command("张三", "file"))
	s.tap("张三", case101, "☐ 有上述情形", "☐ （三）出具特定鉴定意见", "下一步", "☐ 鉴定机构内部人员", "下一步", "☐ 赵六（鉴定机构负责人）", "下一步", "否", "否", "下一步")
	s.says("张三", "11月20日", "本所二楼办公室")
	s.tap("张三", "☐ 当面", "下一步")
	s.says("张三", story)
	s.tap("张三", "下一步", "下一步", "下一步", "签名存档", "打印件")
	own := s.documents("张三")
	if len(own) != 2 || own[0].Protected || own[1].Protected {
		t.Fatalf("own prints %+v", own)
	}
	s.must(s.Open("吴十", ""))
	s.tap("吴十", "待办")
	s.tapWith("吴十", "未读")
	s.tap("吴十", "受理", "确定", "确定第八条情形", "确定", "起草文书", "告知 · 第（一）项")
	s.says("吴十", "该所负责人要求改变鉴定意见。")
	s.tap("吴十", "确定", "再取文书草稿：告知 · 第（一）项")
	got := s.documents("吴十")
	if len(got) != 4 {
		t.Fatalf("%d files", len(got))
	}
	name := regexp.MustCompile(`^draft-[0-9a-f]{12}\.(pdf|docx)$`)
	for i, m := range got {
		if !m.Protected || !name.MatchString(m.File.Name) || m.Text != "" {
			t.Errorf("file %d: protected %v, name %q, words %q", i, m.Protected, m.File.Name, m.Text)
		}
	}
	if got[0].File.Name != got[2].File.Name || got[1].File.Name != got[3].File.Name || strings.TrimSuffix(got[0].File.Name, ".pdf") != strings.TrimSuffix(got[1].File.Name, ".docx") {
		t.Errorf("names %q %q %q %q", got[0].File.Name, got[1].File.Name, got[2].File.Name, got[3].File.Name)
	}
	if strings.Contains(s.logs.String(), "该所负责人") {
		t.Error("the log holds the letter")
	}
}
